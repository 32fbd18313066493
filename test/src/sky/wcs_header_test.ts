import assert from "node:assert/strict";
import {
  createWcs,
  type HeaderCards,
  pixelToWorld,
  separationDeg,
  wcsFromHeader,
  wcsToHeader,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { goldenSky } from "./_golden_io.ts";

const tan: HeaderCards = {
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CRPIX1: 10,
  CRPIX2: 20,
  CRVAL1: 83.633,
  CRVAL2: 22.014,
  CDELT1: -0.02,
  CDELT2: 0.03,
};

Deno.test("wcsFromHeader() reads back what wcsToHeader() wrote", () => {
  for (const { header } of goldenSky().cases) {
    const wcs = wcsFromHeader(header), again = wcsFromHeader(wcsToHeader(wcs));
    const { poleDeg: _a, latpoleDeg: _b, ...fixed } = wcs,
      { poleDeg: _c, latpoleDeg: _d, ...copy } = again;
    assert.deepEqual(copy, fixed);
    const pole = { lonDeg: wcs.poleDeg[0], latDeg: wcs.poleDeg[1] };
    assert.ok(separationDeg(pole, { lonDeg: again.poleDeg[0], latDeg: again.poleDeg[1] }) < 1e-12);
  }
});

Deno.test("wcsFromHeader() reads CD, PC with CDELT, and CDELT with CROTA as one system", () => {
  const angle = 0.3, c = Math.cos(angle), s = Math.sin(angle);
  const { CDELT1: _1, CDELT2: _2, ...bare } = tan;
  const rotated = wcsFromHeader({ ...tan, CROTA2: angle * 180 / Math.PI });
  const pc = wcsFromHeader({ ...tan, PC1_1: c, PC1_2: 1.5 * s, PC2_1: -s / 1.5, PC2_2: c });
  const cd = wcsFromHeader({
    ...bare,
    CD1_1: -0.02 * c,
    CD1_2: -0.03 * s,
    CD2_1: -0.02 * s,
    CD2_2: 0.03 * c,
  });
  for (const wcs of [pc, cd]) {
    const a = pixelToWorld(rotated, { x: 100, y: -50 }), b = pixelToWorld(wcs, { x: 100, y: -50 });
    assert.ok(separationDeg(a, b) < 1e-12);
  }
});

Deno.test("wcsFromHeader() knows frames by CTYPE and RADESYS", () => {
  assert.equal(wcsFromHeader(tan).frame, "icrs");
  for (const RADESYS of ["ICRS", "FK5", "fk5 "]) {
    assert.equal(wcsFromHeader({ ...tan, RADESYS }).frame, "icrs");
  }
  assert.equal(wcsFromHeader({ ...tan, RADECSYS: "FK5", EQUINOX: 2000 }).frame, "icrs");
  assert.equal(wcsFromHeader({ ...tan, CTYPE1: "GLON-TAN", CTYPE2: "GLAT-TAN" }).frame, "galactic");
});

Deno.test("wcsFromHeader() takes swapped axes and axes beyond the second", () => {
  const swapped = wcsFromHeader({
    CTYPE1: "DEC--TAN",
    CTYPE2: "RA---TAN",
    CRPIX1: 20,
    CRPIX2: 10,
    CRVAL1: 22.014,
    CRVAL2: 83.633,
    CDELT1: 0.03,
    CDELT2: -0.02,
  });
  const position = { lonDeg: 84, latDeg: 21 };
  const plain = worldToPixel(wcsFromHeader(tan), position),
    turned = worldToPixel(swapped, position);
  assert.ok(Math.abs(plain.x - turned.y) < 1e-9 && Math.abs(plain.y - turned.x) < 1e-9);
  const cube: Record<string, number | string> = { CTYPE1: "ENERGY" };
  for (const [key, value] of Object.entries(tan)) {
    cube[key.replace(/\d$/, (axis) => String(Number(axis) + 1))] = value!;
  }
  assert.deepEqual(wcsFromHeader(cube), wcsFromHeader(tan));
});

Deno.test("wcsFromHeader() takes LONPOLE and LATPOLE, and PVi_3 and PVi_4 above them", () => {
  const car = { ...tan, CTYPE1: "RA---CAR", CTYPE2: "DEC--CAR", LONPOLE: 10, LATPOLE: 90 };
  assert.equal(wcsFromHeader(car).lonpoleDeg, 10);
  const over = wcsFromHeader({ ...car, PV1_3: 30, PV1_4: -90 });
  assert.equal(over.lonpoleDeg, 30);
  assert.ok(over.latpoleDeg < 0);
});

Deno.test("wcsFromHeader() names what it does not understand", () => {
  const refused: readonly [HeaderCards, RegExp][] = [
    [{}, /found no CTYPE, expected a pair such as/],
    [{ ...tan, CTYPE1: "ELON-TAN", CTYPE2: "ELAT-TAN" }, /CTYPE1 = 'ELON-TAN'/],
    [{ ...tan, CTYPE2: "DEC--SIN" }, /different frames or projections/],
    [{ ...tan, CTYPE2: "GLAT-TAN" }, /different frames or projections/],
    [{ ...tan, CTYPE2: "RA---TAN" }, /Two axes of one kind/],
    [{ ...tan, CTYPE1: "RA---HPX", CTYPE2: "DEC--HPX" }, /"HPX".*TAN, SIN/],
    [{ ...tan, CTYPE1: "RA---TAN-SIP", CTYPE2: "DEC--TAN-SIP" }, /distortions/],
    [{ ...tan, RADESYS: "FK4" }, /RADESYS: found "FK4", expected ICRS or FK5/],
    [{ ...tan, EQUINOX: 1950 }, /EQUINOX: found 1950/],
    [{ ...tan, CUNIT1: "rad" }, /CUNIT1: found "RAD", expected deg/],
    [{ ...tan, CRVAL1: "north" }, /CRVAL1: found "north"/],
  ];
  for (const [cards, message] of refused) {
    assert.throws(() => wcsFromHeader(cards), { name: "RangeError", message });
  }
});

Deno.test("wcsToHeader() writes RADESYS for ICRS alone, and the parameters", () => {
  const options = { crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] } as const;
  const cea = wcsToHeader(createWcs({
    ...options,
    projection: "CEA",
    frame: "galactic",
    pv: { PV2_1: 0.5 },
  }));
  assert.equal(cea.CTYPE1, "GLON-CEA");
  assert.equal(cea.PV2_1, 0.5);
  assert.equal(cea.RADESYS, undefined);
  assert.equal(wcsToHeader(createWcs({ ...options, projection: "TAN" })).RADESYS, "ICRS");
});
