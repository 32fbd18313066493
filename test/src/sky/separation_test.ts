import assert from "node:assert/strict";
import fc from "fast-check";
import {
  offsetBy,
  positionAngleDeg,
  positionAngleDegInto,
  separationDeg,
  separationDegInto,
  type SkyPosition,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";
import { goldenSky } from "./_golden_io.ts";

const at = (lonDeg: number, latDeg: number): SkyPosition => ({ lonDeg, latDeg });

Deno.test("separationDeg() is right for simple arcs", () => {
  assert.ok(Math.abs(separationDeg(at(0, 0), at(90, 0)) - 90) < 1e-13);
  assert.ok(Math.abs(separationDeg(at(10, 90), at(200, 80)) - 10) < 1e-13);
  assert.ok(Math.abs(separationDeg(at(359.5, 0), at(0.5, 0)) - 1) < 1e-13);
  assert.equal(separationDeg(at(12, 34), at(12, 34)), 0);
  assert.equal(separationDeg(at(12, 34), at(372, 34)), 0);
});

Deno.test("separationDeg() keeps its digits for tiny and for antipodal separations", () => {
  for (const s of [1e-13, 1e-10, 1e-6, 1e-3]) {
    const found = separationDeg(at(0, 0), at(s, 0));
    assert.ok(Math.abs(found / s - 1) < 1e-14, `${s}: ${found}`);
    // near the antipode of (0, 0): the separation is 180 - s
    const far = separationDeg(at(0, 0), at(180 - s, 0));
    assert.ok(Math.abs(180 - far - (180 - (180 - s))) < 1e-13, `${s}: ${far}`);
  }
  assert.equal(separationDeg(at(10, 20), at(190, -20)), 180);
});

Deno.test("separationDeg() is NaN where a coordinate is not finite", () => {
  assert.ok(Number.isNaN(separationDeg(at(NaN, 0), at(0, 0))));
  assert.ok(Number.isNaN(separationDeg(at(0, 0), at(Infinity, 0))));
});

Deno.test("separationDeg() is symmetric, in [0, 180], and keeps the triangle inequality", () => {
  fc.assert(fc.property(anyPosition, anyPosition, anyPosition, (a, b, c) => {
    const ab = separationDeg(a, b), bc = separationDeg(b, c), ac = separationDeg(a, c);
    assert.ok(ab >= 0 && ab <= 180);
    assert.ok(Math.abs(ab - separationDeg(b, a)) <= 1e-13);
    assert.ok(ac <= ab + bc + 1e-12);
  }));
});

Deno.test("separationDeg(), positionAngleDeg() and offsetBy() agree with astropy", () => {
  const { frames } = goldenSky(), n = frames.lon.length;
  frames.lon.forEach((lonDeg, i) => {
    const here = at(lonDeg, frames.lat[i]!), j = (i + n - 1) % n;
    const other = at(frames.lon[j]!, frames.lat[j]!);
    assert.ok(Math.abs(separationDeg(here, other) - frames.separation[i]!) < 1e-12);
    const turn = positionAngleDeg(here, other) - frames.position_angle[i]!;
    const apart = Math.abs(turn - 360 * Math.round(turn / 360));
    // an antipode has every direction
    assert.ok(frames.separation[i]! > 179.999 || apart < 1e-10, `position angle ${i}`);
    const moved = offsetBy(here, { separationDeg: 3.5, positionAngleDeg: 37 });
    const expected = at(frames.offset_ra[i]!, frames.offset_dec[i]!);
    // astropy takes the cosine of the angle at a pole for one, and its arc cosine loses digits there
    assert.ok(separationDeg(moved, expected) < 1e-9, `offset ${i}`);
  });
});

Deno.test("offsetBy() goes as far as it says, in the direction it says", () => {
  const latitudes = between(-89, 89), separations = between(0.001, 179);
  fc.assert(
    fc.property(between(0, 360), latitudes, separations, between(0, 359.9), (lon, lat, s, psi) => {
      const here = at(lon, lat),
        there = offsetBy(here, { separationDeg: s, positionAngleDeg: psi });
      assert.ok(there.lonDeg >= 0 && there.lonDeg < 360);
      assert.ok(Math.abs(separationDeg(here, there) - s) < 1e-12);
      const turn = positionAngleDeg(here, there) - psi;
      // longitudes near 360 are rounded to 6e-14 deg, seen from the distance s
      const limit = 1e-10 + 1e-11 / Math.min(s, 180 - s);
      assert.ok(Math.abs(turn - 360 * Math.round(turn / 360)) < limit);
    }),
  );
});

Deno.test("positionAngleDeg() points east of north", () => {
  assert.equal(positionAngleDeg(at(0, 0), at(0, 1)), 0);
  assert.equal(positionAngleDeg(at(0, 0), at(1, 0)), 90);
  assert.equal(positionAngleDeg(at(0, 0), at(359, 0)), 270);
  assert.equal(positionAngleDeg(at(5, 6), at(5, 6)), 0);
});

Deno.test("the columns give the bits of the single positions", () => {
  const from = at(83, 22),
    sky = { lonDeg: Float64Array.of(0, 443, NaN), latDeg: Float64Array.of(1, 22, 3) };
  const separations = separationDegInto(sky, { from, out: new Float64Array(3) });
  const angles = positionAngleDegInto(sky, { from, out: new Float64Array(3) });
  sky.lonDeg.forEach((lonDeg, i) => {
    assert.ok(Object.is(separations[i], separationDeg(from, at(lonDeg, sky.latDeg[i]!))));
    assert.ok(Object.is(angles[i], positionAngleDeg(from, at(lonDeg, sky.latDeg[i]!))));
  });
  const short = { from, out: new Float64Array(2) };
  assert.throws(() => separationDegInto(sky, short), TypeError);
  assert.throws(() => positionAngleDegInto(sky, short), TypeError);
});
