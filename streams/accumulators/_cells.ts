import { type EventBatch, requireColumn } from "../../src/events/mod.ts";
import { geomPixels, pixelIndexer, type SkyGeom } from "../../src/maps/mod.ts";
import { axisBins, axisNumbers, type CountsMapAxis, missesOf } from "./_axis_bins.ts";
import { binIndices, type MapAxis } from "../../src/nddata/mod.ts";
import { BLOCK, sparseBlock, type SparseSums } from "./sparse_sums.ts";

/** Events that are taken at once, so that what is made of them stays in the nearest cache. */
const EVENTS = 512;

/** Takes the cells of some events of a batch, −1 outside: `cells[i]` for event `from + i`, i < n. */
type TakeCells = (cells: Int32Array, from: number, n: number) => void;

/** Gives the cell of each event of a batch, and counts the outside by reason. */
export type CellIndexer = (batch: EventBatch, outside: Float64Array, take: TakeCells) => void;

/** Why events are in no cell, in the order in which they are counted: the sky, then axis by axis. */
export function outsideNames(axes: readonly CountsMapAxis[]): readonly string[] {
  return ["sky", ...axes.flatMap(({ axis }) => missesOf(axis).map((why) => `${axis.name}:${why}`))];
}

/** Place of the first count of each axis among those of the outside. */
function missPlaces(axes: readonly CountsMapAxis[]): readonly number[] {
  let next = 1;
  return axes.map(({ axis }) => {
    const place = next;
    next += missesOf(axis).length;
    return place;
  });
}

/** Positions of a batch; none are needed where there is no sky. */
function positionsOf(
  batch: EventBatch,
  hasSky: boolean,
): { readonly raDeg: Float64Array; readonly decDeg: Float64Array } {
  if (!hasSky) return { raDeg: batch.columns.timeS, decDeg: batch.columns.timeS };
  const raDeg = requireColumn(batch, "raDeg", "countsMap");
  return { raDeg, decDeg: requireColumn(batch, "decDeg", "countsMap") };
}

/**
 * Cells of a map on one geometry, shape [...axes, ...pixels]. An event outside is counted once: the sky
 * first, then axis by axis from the fastest; where there are axes of times or labels, the first axis before
 * the sky.
 */
export function cellIndexer(geom: SkyGeom, axes: readonly CountsMapAxis[]): CellIndexer {
  const numbers = axes.flatMap(({ axis }) => axis.kind === "map-axis" ? [axis] : []);
  if (numbers.length === axes.length) return plainIndexer(geom, axes, numbers);
  const geoms = Array.from({ length: axes[0]!.axis.nBins }, () => geom);
  return varyingCellIndexer(axes, { own: 0, geoms, first: geoms.map(() => 0) });
}

/** The common case, where every axis is of numbers. */
function plainIndexer(
  geom: SkyGeom,
  columns: readonly CountsMapAxis[],
  axes: readonly MapAxis[],
): CellIndexer {
  const pixelOf = pixelIndexer(geom), nPixels = geomPixels(geom);
  const cells = new Int32Array(EVENTS), bins = new Int32Array(EVENTS);
  return (batch, outside, take) => {
    const { raDeg, decDeg } = positionsOf(batch, geom.kind !== "no-sky");
    const values = columns.map((one) => axisNumbers(one, batch));
    for (let from = 0; from < batch.length; from += EVENTS) {
      const to = Math.min(from + EVENTS, batch.length), n = to - from;
      pixelOf(raDeg.subarray(from, to), decDeg.subarray(from, to), n, cells);
      outside[0]! += countNegative(cells, n);
      let stride = nPixels;
      for (let a = axes.length - 1; a >= 0; a--) {
        const axis = axes[a]!;
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

/** A sky that is another one in each bin of an axis. */
export interface VaryingSky {
  /** Number of the axis along which it changes. */
  readonly own: number;
  /** The geometry of each bin. */
  readonly geoms: readonly SkyGeom[];
  /** First cell of each bin: cell = first + (place among the bins of all axes) pixels + pixel. */
  readonly first: readonly number[];
}

/**
 * Cells of maps whose sky changes along an axis: an event counts in a bin only if the sky of that bin holds
 * it. An event outside is counted once: that axis first, then the sky, then the others from the fastest.
 */
export function varyingCellIndexer(
  axes: readonly CountsMapAxis[],
  { own, geoms, first }: VaryingSky,
): CellIndexer {
  const places = missPlaces(axes),
    pixelsOf = gatheringIndexer(geoms),
    nPixels = geoms.map(geomPixels);
  const strides = axes.map((_, a) => axes.slice(a + 1).reduce((n, one) => n * one.axis.nBins, 1));
  const ownBins = new Int32Array(EVENTS), bins = new Int32Array(EVENTS);
  const pixels = new Int32Array(EVENTS), cells = new Int32Array(EVENTS);
  const hasSky = geoms.some((geom) => geom.kind !== "no-sky");
  return (batch, outside, take) => {
    const { raDeg, decDeg } = positionsOf(batch, hasSky);
    const values = axes.map((one) => axisNumbers(one, batch));
    for (let from = 0; from < batch.length; from += EVENTS) {
      const to = Math.min(from + EVENTS, batch.length), n = to - from;
      axisBins(axes[own]!, values[own]!.subarray(from, to), n, ownBins);
      cells.fill(0, 0, n);
      const how = (a: number) => ({ n, nBins: axes[a]!.axis.nBins, stride: strides[a]! });
      addBins(cells, ownBins, how(own), { outside, at: places[own]! });
      pixelsOf(
        raDeg.subarray(from, to),
        decDeg.subarray(from, to),
        { n, cells, bins: ownBins },
        pixels,
      );
      for (let i = 0; i < n; i++) {
        if (cells[i]! < 0 || pixels[i]! >= 0) continue;
        cells[i] = -1;
        outside[0]! += 1;
      }
      for (let a = axes.length - 1; a >= 0; a--) {
        if (a === own) continue;
        axisBins(axes[a]!, values[a]!.subarray(from, to), n, bins);
        addBins(cells, bins, how(a), { outside, at: places[a]! });
      }
      for (let i = 0; i < n; i++) {
        if (cells[i]! < 0) continue;
        const bin = ownBins[i]!;
        cells[i] = first[bin]! + cells[i]! * nPixels[bin]! + pixels[i]!;
      }
      take(cells, from, n);
    }
  };
}

/** Finds the pixels of events, each in the geometry of its bin: events of one bin are taken together. */
function gatheringIndexer(geoms: readonly SkyGeom[]): (
  raDeg: Float64Array,
  decDeg: Float64Array,
  which: { readonly n: number; readonly cells: Int32Array; readonly bins: Int32Array },
  out: Int32Array,
) => void {
  const [only] = geoms;
  if (geoms.every((geom) => geom === only)) {
    const index = pixelIndexer(only!);
    return (raDeg, decDeg, { n }, out) => index(raDeg, decDeg, n, out);
  }
  const indexers = geoms.map(pixelIndexer), ra = new Float64Array(EVENTS), dec = ra.slice();
  const rows = new Int32Array(EVENTS), found = new Int32Array(EVENTS);
  return (raDeg, decDeg, { n, cells, bins }, out) => {
    for (let bin = 0; bin < indexers.length; bin++) {
      let count = 0;
      for (let i = 0; i < n; i++) {
        if (bins[i] !== bin || cells[i]! < 0) continue;
        ra[count] = raDeg[i]!;
        dec[count] = decDeg[i]!;
        rows[count++] = i;
      }
      if (count === 0) continue;
      indexers[bin]!(ra, dec, count, found);
      for (let k = 0; k < count; k++) out[rows[k]!] = found[k]!;
    }
  };
}

function countNegative(cells: Int32Array, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) count += +(cells[i]! < 0);
  return count;
}

/** Adds the bins of an axis of numbers to cells; how many are below and above it. */
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

/** Adds the bins of any axis to cells, and counts what is in none from `outside[at]` on. */
function addBins(
  cells: Int32Array,
  bins: Int32Array,
  how: { readonly n: number; readonly nBins: number; readonly stride: number },
  { outside, at }: { readonly outside: Float64Array; readonly at: number },
): void {
  const { n, nBins, stride } = how;
  for (let i = 0; i < n; i++) {
    const cell = cells[i]!, bin = bins[i]!;
    if (cell < 0) continue;
    if (bin >= 0 && bin < nBins) cells[i] = cell + bin * stride;
    else {
      cells[i] = -1;
      outside[bin < 0 ? at : at + 1 + bin - nBins]! += 1;
    }
  }
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
