/**
 * Multi-order maps: HEALPix cells of different sizes that do not overlap, and the cell of a position.
 *
 * A cell of order k is the range [pix · 4^(m-k), (pix + 1) · 4^(m-k)) of nested pixels of the largest
 * order m; with m <= 24 these numbers are below 2⁵², and exact.
 */
import { angToNest } from "./_healpix_kernel.ts";
import { fromUniq } from "./healpix_uniq.ts";
import { createHealpixGrid } from "./healpix_grid.ts";
import { pixToAngInto } from "./healpix_position.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";

/** Disjoint HEALPix cells, with an index by position. */
export interface HealpixCells {
  /** NUNIQ numbers in the order of the list they were made from: the rows. */
  readonly uniq: Float64Array;
  /** The largest order of a cell. */
  readonly maxOrder: number;
  /** First nested pixel of each cell at `maxOrder`, ascending. */
  readonly starts: Float64Array;
  /** Nested pixel behind the last of each cell, as `starts`. */
  readonly ends: Float64Array;
  /** Row of each cell, as `starts`. */
  readonly rows: Int32Array;
}

/**
 * The index of a list of cells, as the UNIQ column of a multi-order map.
 *
 * @param uniq NUNIQ numbers of disjoint cells up to order 24, in any order; they need not cover the sky
 * @returns a frozen record; it keeps a copy
 * @throws RangeError for what is no NUNIQ number up to order 24, or cells that overlap
 * @example
 * ```ts
 * import { createHealpixCells, healpixCellOf, uniqOf } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const cells = createHealpixCells([uniqOf({ order: 3, pix: 70 }), uniqOf({ order: 0, pix: 0 })]);
 * assert.equal(healpixCellOf(cells, { lonDeg: 45, latDeg: 41 }), 1);
 * assert.equal(healpixCellOf(cells, { lonDeg: 45, latDeg: -41 }), -1);
 * ```
 *
 * Source: NUNIQ of IVOA MOC 2.0, section 4.3.1.1; the search is that of Singer & Price 2016, LIGO
 * T1600116, for multi-order sky maps.
 */
export function createHealpixCells(uniq: ArrayLike<number>): HealpixCells {
  const n = uniq.length, given = Float64Array.from(uniq), orders = new Uint8Array(n);
  let maxOrder = 0;
  for (let row = 0; row < n; row++) {
    const { order } = fromUniq(given[row]!);
    orders[row] = order;
    if (order > maxOrder) maxOrder = order;
  }
  const first = new Float64Array(n), rows = new Int32Array(n);
  let isSorted = true;
  for (let row = 0; row < n; row++) {
    const order = orders[row]!;
    first[row] = (given[row]! - 4 ** (order + 1)) * 4 ** (maxOrder - order);
    rows[row] = row;
    if (row > 0 && first[row]! < first[row - 1]!) isSorted = false;
  }
  if (!isSorted) rows.sort((a, b) => first[a]! - first[b]! || a - b);
  const starts = new Float64Array(n), ends = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    starts[i] = first[row]!;
    ends[i] = starts[i]! + 4 ** (maxOrder - orders[row]!);
    if (i === 0 || starts[i]! >= ends[i - 1]!) continue;
    const other = rows[i - 1]!;
    throw new RangeError(
      `Cells ${given[other]} (row ${other}) and ${given[row]} (row ${row}) overlap: expected ` +
        `disjoint ones`,
    );
  }
  return Object.freeze({ uniq: given, maxOrder, starts, ends, rows });
}

/** Row of the cell that holds a nested pixel of the largest order; -1 for none. */
function rowOf(cells: HealpixCells, pix: number): number {
  const { starts, ends, rows } = cells;
  let low = 0, high = starts.length; // the last start <= pix is in [low - 1, high)
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= pix) low = middle + 1;
    else high = middle;
  }
  return low > 0 && pix < ends[low - 1]! ? rows[low - 1]! : -1;
}

/**
 * The row of the cell that holds a position, in O(log n).
 *
 * @param cells the cells
 * @param position longitude and latitude in the frame of the cells, deg
 * @returns the row; -1 where there is no cell, or the position is not on the sphere
 * @example
 * ```ts
 * import { createHealpixCells, healpixCellOf } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const cells = createHealpixCells([4, 5]);
 * assert.equal(healpixCellOf(cells, { lonDeg: 135, latDeg: 41 }), 1);
 * ```
 */
export function healpixCellOf(cells: HealpixCells, position: SkyPosition): number {
  const { maxOrder } = cells;
  return rowOf(cells, angToNest(2 ** maxOrder, maxOrder, position.lonDeg, position.latDeg));
}

/**
 * The rows of the cells that hold a column of positions; see {@linkcode healpixCellOf}.
 *
 * @param cells the cells
 * @param positions longitudes and latitudes in the frame of the cells, deg
 * @param out takes a row, or -1, for each longitude
 * @returns `out`
 * @throws TypeError where a column or `out` is too short
 * @example
 * ```ts
 * import { createHealpixCells, healpixCellOfInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(45, 135), latDeg: Float64Array.of(41, 41) };
 * assert.deepEqual([...healpixCellOfInto(createHealpixCells([5]), sky, new Int32Array(2))], [-1, 0]);
 * ```
 */
export function healpixCellOfInto(
  cells: HealpixCells,
  positions: SkyColumns,
  out: Int32Array,
): Int32Array {
  const { lonDeg, latDeg } = positions, n = lonDeg.length, { maxOrder } = cells;
  if (latDeg.length < n || out.length < n) {
    throw new TypeError(
      `Found ${n} longitudes, ${latDeg.length} latitudes and room for ${out.length} rows: expected ` +
        `one length`,
    );
  }
  const nside = 2 ** maxOrder;
  for (let i = 0; i < n; i++) {
    out[i] = rowOf(cells, angToNest(nside, maxOrder, lonDeg[i]!, latDeg[i]!));
  }
  return out;
}

/**
 * The centres of all cells, row by row.
 *
 * @param cells the cells
 * @returns new columns of longitudes in [0, 360) and latitudes, deg
 * @example
 * ```ts
 * import { createHealpixCells, healpixCellCenters } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.deepEqual([...healpixCellCenters(createHealpixCells([8, 4])).lonDeg], [0, 45]);
 * ```
 */
export function healpixCellCenters(cells: HealpixCells): SkyColumns {
  const n = cells.uniq.length, lonDeg = new Float64Array(n), latDeg = new Float64Array(n);
  const one = { lonDeg: new Float64Array(1), latDeg: new Float64Array(1) };
  cells.uniq.forEach((uniq, row) => {
    const { order, pix } = fromUniq(uniq);
    pixToAngInto(
      createHealpixGrid({ nside: 2 ** order, order: "nested" }),
      Float64Array.of(pix),
      one,
    );
    lonDeg[row] = one.lonDeg[0]!;
    latDeg[row] = one.latDeg[0]!;
  });
  return { lonDeg, latDeg };
}

/**
 * The solid angles of all cells, row by row.
 *
 * @param cells the cells
 * @returns a new array, sr
 * @example
 * ```ts
 * import { createHealpixCells, healpixCellSolidAnglesSr } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(healpixCellSolidAnglesSr(createHealpixCells([4]))[0], Math.PI / 3);
 * ```
 */
export function healpixCellSolidAnglesSr(cells: HealpixCells): Float64Array {
  return cells.uniq.map((uniq) => Math.PI / (3 * 4 ** fromUniq(uniq).order));
}
