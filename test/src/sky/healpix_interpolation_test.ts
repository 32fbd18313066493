import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createHealpixGrid,
  interpolationWeights,
  interpolationWeightsInto,
  nestToRing,
  pixToAng,
} from "../../../src/sky/mod.ts";
import { anyPosition } from "./_arbitraries.ts";
import { anyGrid, gridAndPixel } from "./_healpix_arbitrary.ts";
import { goldenGrids, goldenHealpix } from "./_healpix_golden_io.ts";

/** Weight of each pixel; those of one pixel added up. */
function byPixel(pix: Iterable<number>, weights: ArrayLike<number>): Map<number, number> {
  const sums = new Map<number, number>();
  let k = 0;
  for (const one of pix) sums.set(one, (sums.get(one) ?? 0) + weights[k++]!);
  return sums;
}

for (const [grid, golden, name] of goldenGrids()) {
  Deno.test(`interpolationWeightsInto() agrees with healpy: ${name}`, () => {
    const { lon, lat, pix, weights } = golden.interpolation, n = lon.length;
    const into = { pix: new Float64Array(4 * n), weights: new Float64Array(4 * n) };
    const sky = { lonDeg: Float64Array.from(lon), latDeg: Float64Array.from(lat) };
    interpolationWeightsInto(grid, sky, into);
    const limit = goldenHealpix().tolerance.weight * grid.nside;
    for (let i = 0; i < n; i++) {
      const part = [4 * i, 4 * i + 4] as const, found = into.pix.subarray(...part);
      const ours = byPixel(found, into.weights.subarray(...part));
      const theirs = byPixel(pix[i]!, weights[i]!);
      // between two pixels the choice of a third with weight 0 is free
      for (const one of new Set([...ours.keys(), ...theirs.keys()])) {
        const away = Math.abs((ours.get(one) ?? 0) - (theirs.get(one) ?? 0));
        assert.ok(away <= limit, `(${lon[i]}, ${lat[i]}) pixel ${one}: ${away} > ${limit}`);
      }
    }
  });
}

Deno.test("interpolationWeights() are in [0, 1] with the sum 1, of pixels of the grid", () => {
  fc.assert(fc.property(anyGrid(), anyPosition, (grid, position) => {
    const { pix, weights } = interpolationWeights(grid, position);
    assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-15);
    assert.ok(weights.every((one) => one >= 0 && one <= 1));
    assert.ok(pix.every((one) => Number.isInteger(one) && one >= 0 && one < 12 * grid.nside ** 2));
  }));
});

Deno.test("interpolationWeights() are 1 at a pixel's centre", () => {
  fc.assert(fc.property(gridAndPixel(20), ([grid, pix]) => {
    const found = interpolationWeights(grid, pixToAng(grid, pix));
    const weight = byPixel(found.pix, found.weights).get(pix) ?? 0;
    assert.ok(Math.abs(weight - 1) < 2e-15 * grid.nside, `${weight}`);
  }));
});

Deno.test("interpolationWeights() are the same in both orders", () => {
  fc.assert(fc.property(anyPosition, fc.integer({ min: 0, max: 24 }), (position, order) => {
    const nside = 2 ** order, ring = interpolationWeights(createHealpixGrid({ nside }), position);
    const nested = interpolationWeights(createHealpixGrid({ nside, order: "nested" }), position);
    assert.deepEqual(nested.weights, ring.weights);
    assert.deepEqual(nested.pix.map((one) => nestToRing(nside, one)), ring.pix);
  }));
});

Deno.test("interpolationWeights() reproduce a function that is linear in latitude", () => {
  const grid = createHealpixGrid({ nside: 16 });
  for (let latDeg = -86; latDeg <= 86; latDeg += 1.7) {
    const { pix, weights } = interpolationWeights(grid, { lonDeg: 3.7 * latDeg, latDeg });
    const value = pix.reduce((sum, p, k) => sum + weights[k]! * pixToAng(grid, p).latDeg, 0);
    assert.ok(Math.abs(value - latDeg) < 1e-12, `${latDeg}: ${value}`);
  }
});

Deno.test("interpolationWeightsInto() marks what is not on the sphere, and needs room", () => {
  const grid = createHealpixGrid({ nside: 4, order: "nested" });
  const none = interpolationWeights(grid, { lonDeg: 1, latDeg: 90.5 });
  assert.deepEqual([...none.pix, ...none.weights], [-1, -1, -1, -1, NaN, NaN, NaN, NaN]);
  const one = Float64Array.of(0), into = { pix: new Float64Array(4), weights: new Float64Array(3) };
  const sky = { lonDeg: one, latDeg: one };
  assert.throws(() => interpolationWeightsInto(grid, sky, into), /room for 4 pixels and 3 weights/);
});
