import { columnNumbers, type EventBatch, requireColumn } from "../../src/events/mod.ts";
import { pixelIndexer, type WcsGeom } from "../../src/maps/mod.ts";
import { binIndices, type MapAxis } from "../../src/nddata/mod.ts";
import { BLOCK, sparseBlock, type SparseSums } from "./sparse_sums.ts";

/** Events that are taken at once, so that what is made of them stays in the nearest cache. */
const EVENTS = 512;

/** Which column goes into which bins. */
interface CellAxis {
  readonly column: string;
  readonly axis: MapAxis;
}

/** Takes the cells of some events of a batch, −1 outside: `cells[i]` for event `from + i`, i < n. */
type TakeCells = (cells: Int32Array, from: number, n: number) => void;

/**
 * A function that gives the cell of each event and counts the outside: the sky first, then axis by
 * axis from the fastest, below and above.
 */
export function cellIndexer(
  geom: WcsGeom,
  axes: readonly CellAxis[],
): (batch: EventBatch, outside: Float64Array, take: TakeCells) => void {
  const pixelOf = pixelIndexer(geom), nPixels = geom.npix[0] * geom.npix[1];
  const cells = new Int32Array(EVENTS), bins = new Int32Array(EVENTS);
  return (batch, outside, take) => {
    const raDeg = requireColumn(batch, "raDeg", "countsMap");
    const decDeg = requireColumn(batch, "decDeg", "countsMap");
    const values = axes.map((one) => columnNumbers(requireColumn(batch, one.column, "countsMap")));
    for (let from = 0; from < batch.length; from += EVENTS) {
      const to = Math.min(from + EVENTS, batch.length), n = to - from;
      pixelOf(raDeg.subarray(from, to), decDeg.subarray(from, to), n, cells);
      outside[0]! += countNegative(cells, n);
      let stride = nPixels;
      for (let a = axes.length - 1; a >= 0; a--) {
        const { axis } = axes[a]!;
        binIndices(axis, values[a]!.subarray(from, to), n, bins);
        const missed = addStride(cells, bins, { n, nBins: axis.nBins, stride });
        outside[1 + 2 * a]! += missed.under;
        outside[2 + 2 * a]! += missed.over;
        stride *= axis.nBins;
      }
      take(cells, from, n);
    }
  };
}

function countNegative(cells: Int32Array, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) count += +(cells[i]! < 0);
  return count;
}

function addStride(
  cells: Int32Array,
  bins: Int32Array,
  { n, nBins, stride }: { n: number; nBins: number; stride: number },
): { under: number; over: number } {
  let under = 0, over = 0;
  for (let i = 0; i < n; i++) {
    const cell = cells[i]!, bin = bins[i]!;
    if (cell < 0) continue;
    if (bin >= 0 && bin < nBins) cells[i] = cell + bin * stride;
    else {
      cells[i] = -1;
      if (bin < 0) under++;
      else over++;
    }
  }
  return { under, over };
}

/** Adds 1, or what is given for each event, to the cells of n events. */
export function addCells(
  sums: Float64Array | SparseSums,
  cells: Int32Array,
  n: number,
  amount?: Float64Array,
): void {
  if (!(sums instanceof Float64Array)) return addToBlocks(sums, cells, n, amount);
  if (sums.length > CACHED) touched.sum = touch(sums, cells, n); // kept: else it would be left out
  if (amount === undefined) countInto(sums, cells, n);
  else addInto(sums, cells, n, amount);
}

/** Cells that surely stay in the cache. */
const CACHED = 1 << 16;
const touched = { sum: 0 };

/**
 * Reads the cells that are about to be changed. A large map is not in the cache, and loads that wait
 * for no store before them overlap: in all a third of the time is saved.
 */
function touch(sums: Float64Array, cells: Int32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const cell = cells[i]!;
    if (cell >= 0) sum += sums[cell]!;
  }
  return sum;
}

function countInto(sums: Float64Array, cells: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const cell = cells[i]!;
    if (cell >= 0) sums[cell] = sums[cell]! + 1;
  }
}

function addInto(sums: Float64Array, cells: Int32Array, n: number, amount: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const cell = cells[i]!;
    if (cell >= 0) sums[cell] = sums[cell]! + amount[i]!;
  }
}

function addToBlocks(sums: SparseSums, cells: Int32Array, n: number, amount?: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const cell = cells[i]!;
    if (cell < 0) continue;
    const number = Math.floor(cell / BLOCK), block = sparseBlock(sums, number);
    const at = cell - number * BLOCK;
    block[at] = block[at]! + (amount === undefined ? 1 : amount[i]!);
  }
}
