import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type FovAlignment,
  fovToSky,
  fovToSkyInto,
  separationDeg,
  type SkyColumns,
  skyToFov,
  skyToFovInto,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";

interface GoldenFov {
  readonly tolerance: { readonly deg: number };
  readonly cases: readonly {
    readonly pointing: { readonly lonDeg: number; readonly latDeg: number };
    readonly lon: readonly number[];
    readonly lat: readonly number[];
    readonly radec: { readonly lon: readonly number[]; readonly lat: readonly number[] };
    readonly altaz: { readonly lon: readonly number[]; readonly lat: readonly number[] };
  }[];
}

const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/fov_frame.json", import.meta.url)),
) as GoldenFov;

const columns = (lon: ArrayLike<number>, lat: ArrayLike<number>): SkyColumns => ({
  lonDeg: Float64Array.from(lon),
  latDeg: Float64Array.from(lat),
});

function close(found: SkyColumns, expected: { lon: readonly number[]; lat: readonly number[] }) {
  expected.lon.forEach((lon, i) => {
    // near the poles of the field of view a longitude is worth its cosine
    const turn = (found.lonDeg[i]! - lon) * Math.cos(expected.lat[i]! * Math.PI / 180);
    assert.ok(Math.abs(turn) < golden.tolerance.deg, `row ${i}: ${found.lonDeg[i]} and ${lon}`);
    assert.ok(Math.abs(found.latDeg[i]! - expected.lat[i]!) < golden.tolerance.deg, `row ${i}`);
  });
}

Deno.test("skyToFovInto() agrees with astropy for RADEC, with Gammapy for ALTAZ", () => {
  for (const { pointing, lon, lat, radec, altaz } of golden.cases) {
    const sky = columns(lon, lat), into = columns(lon, lat);
    close(skyToFovInto(sky, { pointing, into }), radec);
    close(skyToFovInto(sky, { pointing, alignment: "ALTAZ", into }), altaz);
    const reversed = { lon: radec.lon.map((x) => -x), lat: radec.lat };
    close(skyToFovInto(sky, { pointing, alignment: "REVERSE_LON_RADEC", into }), reversed);
  }
});

Deno.test("skyToFov() counts longitude with right ascension, against azimuth, latitude up", () => {
  const pointing = { lonDeg: 100, latDeg: 40 };
  const east = { lonDeg: 101, latDeg: 40 }, north = { lonDeg: 100, latDeg: 41 };
  assert.ok(skyToFov(east, { pointing }).lonDeg > 0.7);
  assert.ok(skyToFov(east, { pointing, alignment: "REVERSE_LON_RADEC" }).lonDeg < -0.7);
  assert.ok(skyToFov(east, { pointing, alignment: "ALTAZ" }).lonDeg < -0.7);
  for (const alignment of ["RADEC", "REVERSE_LON_RADEC", "ALTAZ"] as const) {
    const fov = skyToFov(north, { pointing, alignment });
    assert.ok(Math.abs(fov.lonDeg) < 1e-14 && Math.abs(fov.latDeg - 1) < 1e-13);
  }
});

Deno.test("skyToFov() keeps the digits of tiny offsets, also at a pole", () => {
  for (const s of [1e-12, 1e-9, 1e-6]) {
    for (const latDeg of [0, 45, 89]) {
      const pointing = { lonDeg: 0, latDeg }, cos = Math.cos(latDeg * Math.PI / 180);
      const { lonDeg } = skyToFov({ lonDeg: s, latDeg }, { pointing });
      assert.ok(Math.abs(lonDeg / (s * cos) - 1) < 1e-12, `${s} at ${latDeg}: ${lonDeg}`);
    }
    const up = skyToFov({ lonDeg: 0, latDeg: s }, { pointing: { lonDeg: 0, latDeg: 0 } });
    assert.equal(up.latDeg, s);
    const atPole = skyToFov({ lonDeg: 5, latDeg: 90 - s }, {
      pointing: { lonDeg: 95, latDeg: 90 },
    });
    assert.ok(Math.abs(atPole.lonDeg + (90 - (90 - s))) < 1e-13);
  }
});

Deno.test("fovToSky() undoes skyToFov(), and offsets are separations", () => {
  const anyAlignment = fc.constantFrom<FovAlignment>("RADEC", "REVERSE_LON_RADEC", "ALTAZ");
  fc.assert(
    fc.property(anyPosition, anyPosition, anyAlignment, (position, pointing, alignment) => {
      const fov = skyToFov(position, { pointing, alignment });
      const back = fovToSky(fov, { pointing, alignment });
      assert.ok(separationDeg(back, position) < 1e-12);
      const offset = separationDeg(fov, { lonDeg: 0, latDeg: 0 });
      assert.ok(Math.abs(offset - separationDeg(position, pointing)) < 1e-12);
    }),
  );
  fc.assert(
    fc.property(between(-5, 5), between(-5, 5), anyPosition, (lonDeg, latDeg, pointing) => {
      const back = skyToFov(fovToSky({ lonDeg, latDeg }, { pointing }), { pointing });
      assert.ok(Math.abs(back.lonDeg - lonDeg) < 1e-11 && Math.abs(back.latDeg - latDeg) < 1e-11);
    }),
    { examples: [] },
  );
});

Deno.test("skyToFovInto() takes one pointing for each position", () => {
  const sky = columns([10, 20, 30], [1, 2, 3]), pointing = columns([11, 20, 29], [1, 3, 5]);
  const into = skyToFovInto(sky, {
    pointing,
    alignment: "ALTAZ",
    into: columns(sky.lonDeg, sky.latDeg),
  });
  for (let i = 0; i < 3; i++) {
    const at = { lonDeg: pointing.lonDeg[i]!, latDeg: pointing.latDeg[i]! };
    const one = skyToFov({ lonDeg: sky.lonDeg[i]!, latDeg: sky.latDeg[i]! }, {
      pointing: at,
      alignment: "ALTAZ",
    });
    assert.deepEqual([into.lonDeg[i], into.latDeg[i]], [one.lonDeg, one.latDeg]);
  }
  fovToSkyInto(into, { pointing, alignment: "ALTAZ", into });
  for (let i = 0; i < 3; i++) assert.ok(Math.abs(into.lonDeg[i]! - sky.lonDeg[i]!) < 1e-12);
  const short = columns([1], [1]);
  assert.throws(() => skyToFovInto(sky, { pointing: short, into }), /one length/);
  assert.throws(() => fovToSkyInto(sky, { pointing, into: short }), TypeError);
  const alignment = "UP" as FovAlignment;
  assert.throws(() => skyToFovInto(sky, { pointing, alignment, into }), /expected one of RADEC/);
  assert.ok(
    Number.isNaN(
      skyToFov({ lonDeg: NaN, latDeg: 0 }, { pointing: { lonDeg: 0, latDeg: 0 } }).lonDeg,
    ),
  );
});
