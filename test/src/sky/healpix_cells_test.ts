import assert from "node:assert/strict";
import fc from "fast-check";
import {
  angToPix,
  createHealpixCells,
  createHealpixGrid,
  fromUniq,
  healpixCellCenters,
  healpixCellOf,
  healpixCellOfInto,
  healpixCellSolidAnglesSr,
  type SkyPosition,
  uniqOf,
} from "../../../src/sky/mod.ts";
import { anyPosition, uniforms } from "./_arbitraries.ts";

/** Cells that cover the sky: the base pixels, split at random. */
function randomCells(seed: number, maxOrder: number): number[] {
  const random = uniforms(seed);
  let cells = Array.from({ length: 12 }, (_, pix) => ({ order: 0, pix }));
  for (let round = 0; round < 60; round++) {
    const { order, pix } = cells[Math.floor(random() * cells.length)]!;
    if (order === maxOrder) continue;
    cells = cells.filter((one) => one.order !== order || one.pix !== pix);
    for (let k = 0; k < 4; k++) cells.push({ order: order + 1, pix: 4 * pix + k });
  }
  return cells.sort(() => random() - 0.5).map(uniqOf);
}

/** The row that holds a position, by asking every cell. */
function plainRow(uniq: readonly number[], position: SkyPosition): number {
  return uniq.findIndex((one) => {
    const { order, pix } = fromUniq(one);
    return angToPix(createHealpixGrid({ nside: 2 ** order, order: "nested" }), position) === pix;
  });
}

Deno.test("healpixCellOf() finds the one cell that holds a position, or none", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(3, 8, 24),
      fc.array(anyPosition, { minLength: 5 }),
      (seed, maxOrder, positions) => {
        const all = randomCells(seed, maxOrder), some = all.slice(0, all.length / 2);
        for (const uniq of [all, some]) {
          const cells = createHealpixCells(uniq);
          const rows = healpixCellOfInto(cells, {
            lonDeg: Float64Array.from(positions, (one) => one.lonDeg),
            latDeg: Float64Array.from(positions, (one) => one.latDeg),
          }, new Int32Array(positions.length));
          positions.forEach((position, i) => {
            assert.equal(rows[i], plainRow(uniq, position));
            assert.equal(healpixCellOf(cells, position), rows[i]);
          });
        }
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("healpixCellOf() is exact at order 24: a cell and the ones beside it", () => {
  const nside = 2 ** 24, grid = createHealpixGrid({ nside, order: "nested" });
  const position = { lonDeg: 83.63308, latDeg: 22.0145 }, pix = angToPix(grid, position);
  assert.equal(healpixCellOf(createHealpixCells([uniqOf({ order: 24, pix })]), position), 0);
  for (const other of [pix - 1, pix + 1]) {
    assert.equal(
      healpixCellOf(createHealpixCells([uniqOf({ order: 24, pix: other })]), position),
      -1,
    );
  }
  const last = createHealpixCells([2 ** 52 - 1]);
  assert.equal(last.ends[0], 12 * 4 ** 24);
});

Deno.test("createHealpixCells() refuses overlap and what is no cell; no cells hold nothing", () => {
  const outer = uniqOf({ order: 2, pix: 9 }), inner = uniqOf({ order: 5, pix: 9 * 64 + 13 });
  assert.throws(() => createHealpixCells([inner, outer]), /\(row 1\) and .*\(row 0\) overlap/);
  assert.throws(() => createHealpixCells([outer, outer]), /row 0.*row 1.*overlap/);
  assert.throws(() => createHealpixCells([2]), /Found NUNIQ 2/);
  assert.equal(healpixCellOf(createHealpixCells([]), { lonDeg: 0, latDeg: 0 }), -1);
  assert.equal(healpixCellOf(createHealpixCells([4]), { lonDeg: NaN, latDeg: 0 }), -1);
  const short = { lonDeg: new Float64Array(2), latDeg: new Float64Array(1) };
  assert.throws(
    () => healpixCellOfInto(createHealpixCells([4]), short, new Int32Array(2)),
    TypeError,
  );
});

Deno.test("healpixCellCenters() lie in their cells, and the solid angles of a whole sky are 4π", () => {
  const uniq = randomCells(7, 10), cells = createHealpixCells(uniq);
  const rows = healpixCellOfInto(cells, healpixCellCenters(cells), new Int32Array(uniq.length));
  assert.deepEqual([...rows], uniq.map((_, i) => i));
  const sum = healpixCellSolidAnglesSr(cells).reduce((a, b) => a + b);
  assert.ok(Math.abs(sum - 4 * Math.PI) < 1e-13);
});
