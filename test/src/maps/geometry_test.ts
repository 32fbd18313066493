import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  geomEquals,
  wcsGeomOf,
} from "../../../src/maps/mod.ts";
import { createMapAxis, linearEdges } from "../../../src/nddata/mod.ts";
import { createWcs } from "../../../src/sky/mod.ts";
import { growthBytes } from "../../soak/geometry_memory.ts";
import { GEOMS } from "./_maps.ts";

Deno.test("geometries that are built and dropped leave no cached coordinates behind", async () => {
  // 30 of them hold 240 MB while they are in use
  ok(await growthBytes(30) < 20e6);
});

Deno.test("geomEquals() is about pixels on the sky: kind, frame, number and places", () => {
  const all = Object.values(GEOMS);
  all.forEach((a, i) => all.forEach((b, j) => strictEqual(geomEquals(a, b), i === j)));
  const shift = fc.double({ min: -7, max: 0, noNaN: true });
  fc.assert(fc.property(shift, fc.constantFrom("TAN", "CAR", "AIT"), (exponent, proj) => {
    const dDeg = 10 ** exponent,
      at = (latDeg: number) =>
        createWcsGeom({ skydir: { lonDeg: 359.99, latDeg }, proj, binszDeg: 0.5, npix: 4 });
    fc.pre(Math.abs(dDeg - 1e-6) > 1e-8);
    strictEqual(geomEquals(at(10), at(10 + dDeg)), dDeg < 1e-6);
    ok(geomEquals(at(10), at(10 + dDeg), { atolDeg: 2 * dDeg }));
  }));
  // one grid said in two ways
  const wcs = (crpix: readonly [number, number], lon: number) =>
    wcsGeomOf(
      createWcs({ projection: "CAR", crvalDeg: [lon, 0], crpix, cdeltDeg: [-1, 1] }),
      { npix: [5, 5] },
    );
  ok(geomEquals(wcs([3, 3], 10), wcs([4, 3], 9)));
  ok(!geomEquals(wcs([3, 3], 10), wcs([3, 3], 9)));
  ok(!geomEquals(createHpxGeom({ nside: 2 }), createHpxGeom({ nside: 2, order: "nested" })));
  const circle = { kind: "circle", frame: "icrs", lonDeg: 1, latDeg: 2, radiusDeg: 3 } as const;
  ok(geomEquals(createRegionGeom(circle), createRegionGeom({ ...circle })));
});

Deno.test("maps that are too large to be meant are refused with the way out", () => {
  const axis = createMapAxis("energy", linearEdges({ low: 1, high: 2, nBins: 2000 }));
  const geom = createWcsGeom({ npix: 1000, binszDeg: 0.01 });
  throws(
    () => createSkyMap(geom, { axes: [axis] }),
    /2000 x 1000 x 1000 = 2000000000 values.*set maxCells/,
  );
  throws(() => createSkyMap(GEOMS["wcs"]!, { maxCells: 23 }), /= 24 values, more than 23/);
  strictEqual(createSkyMap(GEOMS["wcs"]!, { maxCells: 24 }).values.size, 24);
});
