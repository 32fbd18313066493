import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createHealpixGrid,
  healpixNeighbours,
  healpixNeighboursInto,
  healpixResolutionDeg,
  pixToAng,
  separationDeg,
} from "../../../src/sky/mod.ts";
import { gridAndPixel } from "./_healpix_arbitrary.ts";
import { goldenGrids } from "./_healpix_golden_io.ts";

for (const [grid, golden, name] of goldenGrids()) {
  Deno.test(`healpixNeighboursInto() agrees with healpy: ${name}`, () => {
    const out = new Float64Array(8 * golden.pix.length);
    healpixNeighboursInto(grid, Float64Array.from(golden.pix), out);
    golden.neighbours.forEach((expected, i) => {
      assert.deepEqual([...out.subarray(8 * i, 8 * i + 8)], expected, `pixel ${golden.pix[i]}`);
    });
    assert.deepEqual([...healpixNeighbours(grid, golden.pix[3]!)], golden.neighbours[3]);
  });
}

Deno.test("healpixNeighbours() are mutual, distinct and near", () => {
  fc.assert(fc.property(gridAndPixel(), ([grid, pix]) => {
    fc.pre(grid.nside >= 2);
    const around = [...healpixNeighbours(grid, pix)].filter((one) => one >= 0);
    assert.ok(around.length >= 6 && new Set([...around, pix]).size === around.length + 1);
    for (const one of around) {
      assert.ok(healpixNeighbours(grid, one).includes(pix));
      const away = separationDeg(pixToAng(grid, pix), pixToAng(grid, one));
      assert.ok(away < 2.6 * healpixResolutionDeg(grid), `${pix} ${one}: ${away}`);
    }
  }));
});

Deno.test("healpixNeighbours() miss one at the eight corners where three faces meet", () => {
  for (const nside of [2, 3, 8, 32]) {
    const grid = createHealpixGrid({ nside });
    let missing = 0;
    for (let p = 0; p < 12 * nside * nside; p++) {
      missing += healpixNeighbours(grid, p).filter((one) => one < 0).length;
    }
    assert.equal(missing, 24);
  }
});

Deno.test("healpixNeighbours() refuses what is no pixel; the column form gives -1", () => {
  const grid = createHealpixGrid({ nside: 2 });
  assert.throws(() => healpixNeighbours(grid, 48), /Pixel 48/);
  const out = healpixNeighboursInto(grid, Int32Array.of(-1), new Int32Array(8));
  assert.deepEqual([...out], Array(8).fill(-1));
  assert.throws(
    () => healpixNeighboursInto(grid, Int32Array.of(1), new Int32Array(7)),
    /room for 7/,
  );
});
