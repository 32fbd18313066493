import ndarray from "ndarray";
import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import {
  createRegionGeom,
  createSkyMap,
  geomPixels,
  type RegionGeom,
  type SkyGeom,
  type SkyMap,
} from "../../src/maps/mod.ts";
import { axisEquals, axisIndex, axisKey, createNDArr } from "../../src/nddata/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { checkBits, type CountsMapAxis } from "./_axis_bins.ts";
import {
  addCells,
  type CellIndexer,
  cellIndexer,
  outsideNames,
  varyingCellIndexer,
} from "./_cells.ts";
import type { Accumulator } from "./accumulator.ts";
import { createSparseSums, sparseEntries, type SparseSums } from "./sparse_sums.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

export type { CountsMapAxis };

/** What to count, and where. */
export interface CountsMapOptions<G extends SkyGeom = SkyGeom> {
  /** The sky: pixels, a region (which may change along one of the axes), or none. */
  readonly geom: G;
  /** Further axes, slowest first; none. */
  readonly axes?: readonly CountsMapAxis[];
  /** Sum the column `weight` in place of counting; false. */
  readonly weighted?: boolean;
  /** Keep only the blocks of cells that saw an event; false. */
  readonly sparse?: boolean;
}

/**
 * A map of events: values are counts or sums of weights, of which the variance is Σ w²; that of counts is not
 * set.
 */
export interface CountsMap<G extends SkyGeom = SkyGeom> extends SkyMap<G> {
  /**
   * Events (not weights) that are in no cell: by `sky`, then by axis, `energy:under`, `energy:over`; of
   * times `time:gap` too, of labels `event_type:other`.
   */
  readonly outside: Readonly<Record<string, number>>;
}

/** Sums of {@link countsMap}. */
export interface CountsMapSums {
  /** Counts or Σ w by cell. */
  readonly cells: Float64Array | SparseSums;
  /** Σ w² by cell; empty where the map is not weighted. */
  readonly squares: Float64Array | SparseSums;
  /** Events outside: the sky, then below and above each axis. */
  readonly outside: Float64Array;
}

/**
 * Counts events on the sky and in the bins of any further axes, in one pass. Where a region changes along
 * an axis, an event counts in a bin only if the region of that bin holds it.
 *
 * @param options Geometry, axes, whether weighted, whether sparse.
 * @returns An accumulator that needs the columns of the axes and, but for a map without sky, `raDeg` and
 *   `decDeg`.
 * @throws TypeError for two axes of one name, labels without their bits, or a region that changes along
 *   an axis that is not there; RangeError for 2³¹ cells or more.
 * @example
 * ```ts
 * import { countsMap, fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({
 *   skydir: { lonDeg: 83, latDeg: 22 }, frame: "icrs", proj: "TAN", binszDeg: 0.5, npix: [3, 3],
 * });
 * const map = countsMap({ geom });
 * const batch = createEventBatch({
 *   timeS: new Float64Array(1), raDeg: Float64Array.of(83), decDeg: Float64Array.of(22.5),
 * });
 * strictEqual(map.result(fold(map, [batch])).values.get(2, 1), 1);
 * ```
 */
export function countsMap<G extends SkyGeom>(
  options: CountsMapOptions<G>,
): Accumulator<StreamItem, Keyed<CountsMapSums>, CountsMap<G>> {
  const { geom, axes = [], weighted = false, sparse = false } = options;
  checkAxes(axes);
  const index = indexerOf(geom, axes);
  const shape = [...axes.map((one) => one.axis.nBins), ...geom.shape];
  const nCells = axes.reduce((n, one) => n * one.axis.nBins, geomPixels(geom));
  checkSize(shape.join(" x "), nCells);
  const empty = emptyMap(geom, axes);
  return sumAccumulator({
    kind: "counts-map",
    version: 1,
    key: fingerprint({ geom: geom.key, axes: axes.map(keyOfAxis), weighted, sparse }),
    exactness: weighted ? { kind: "rounding", rtol: 1e-12 } : { kind: "exact" },
    create: () => createSums(nCells, axes, { weighted, sparse }),
    add: (state: CountsMapSums, item: StreamItem) => addItem(state, item, index, weighted),
    result(state: CountsMapSums): CountsMap<G> {
      const squares = weighted ? denseCells(state.squares, nCells) : undefined;
      const map = filledMap(empty, denseCells(state.cells, nCells), squares);
      return Object.freeze({ ...map, outside: namedOutside(state.outside, axes) });
    },
  });
}

/** The indexer of a geometry; of a region that changes along an axis one for each bin. */
function indexerOf(geom: SkyGeom, axes: readonly CountsMapAxis[]): CellIndexer {
  if (geom.kind !== "region-geom" || geom.along === undefined) return cellIndexer(geom, axes);
  const { axis, regions } = geom.along, own = axisIndex(axes.map((one) => one.axis), axis.name);
  if (!axisEquals(axes[own]!.axis, axis)) {
    throw new TypeError(
      `The region changes along other bins of "${axis.name}" than those counted in`,
    );
  }
  const geoms: readonly RegionGeom[] = regions.map((region) => createRegionGeom(region));
  return varyingCellIndexer(axes, { own, geoms, first: geoms.map(() => 0) });
}

/** Throws TypeError for two axes of one name, or labels without bits. */
export function checkAxes(axes: readonly CountsMapAxis[]): void {
  const names = axes.map((one) => one.axis.name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new TypeError(`A map has one axis named "${twice}", found two`);
  axes.forEach(checkBits);
}

/** Throws RangeError for more cells than can be numbered. */
export function checkSize(what: string, nCells: number): void {
  if (nCells < 2 ** 31) return;
  throw new RangeError(`A map of ${what} cells is too large, expected less than 2^31`);
}

/** A map of zeros that takes no memory: what does not change from result to result. */
export function emptyMap<G extends SkyGeom>(geom: G, axes: readonly CountsMapAxis[]): SkyMap<G> {
  const shape = [...axes.map((one) => one.axis.nBins), ...geom.shape];
  const data = ndarray(Float64Array.of(0), shape, shape.map(() => 0));
  return createSkyMap(geom, { axes: axes.map((one) => one.axis), data, maxCells: 2 ** 31 });
}

/** A map like another with values and variances of its own. */
export function filledMap<G extends SkyGeom>(
  empty: SkyMap<G>,
  values: Float64Array,
  variance: Float64Array | undefined,
): SkyMap<G> {
  const { shape } = empty.values;
  const arr = createNDArr(ndarray(values, shape), {
    unit: "",
    variance: variance && ndarray(variance, shape),
  });
  return Object.freeze({ ...empty, ...arr });
}

/** What of an axis belongs to the key of an accumulator. */
export function keyOfAxis(
  { column, axis, bits = [] }: CountsMapAxis,
): { readonly column: string; readonly axis: string; readonly bits: number[] } {
  return { column, axis: axisKey(axis), bits: [...bits] };
}

/** Sums at zero. */
export function createSums(
  nCells: number,
  axes: readonly CountsMapAxis[],
  { weighted, sparse }: { readonly weighted: boolean; readonly sparse: boolean },
): CountsMapSums {
  const empty = (n: number) => sparse && n > 0 ? createSparseSums() : new Float64Array(n);
  return {
    cells: empty(nCells),
    squares: empty(weighted ? nCells : 0),
    outside: new Float64Array(outsideNames(axes).length),
  };
}

/** Adds the events of a batch. */
export function addItem(
  state: CountsMapSums,
  item: StreamItem,
  index: CellIndexer,
  weighted: boolean,
): void {
  if (item.kind !== "batch") return;
  const weight = weighted ? requireColumn(item, "weight", "countsMap") : undefined;
  index(item, state.outside, (cells, from, n) => {
    if (weight === undefined) return addCells(state.cells, cells, n);
    const w = weight.subarray(from, from + n);
    addCells(state.cells, cells, n, w);
    addCells(state.squares, cells, n, w.map((one) => one * one));
  });
}

/** The cells of sums as an array of its own. */
export function denseCells(sums: Float64Array | SparseSums, nCells: number): Float64Array {
  if (sums instanceof Float64Array) return sums.slice();
  const dense = new Float64Array(nCells);
  for (const [cell, sum] of sparseEntries(sums)) dense[cell] = sum;
  return dense;
}

/** The counts of the outside by their names. */
export function namedOutside(
  outside: Float64Array,
  axes: readonly CountsMapAxis[],
): Record<string, number> {
  return Object.fromEntries(outsideNames(axes).map((name, i) => [name, outside[i]!]));
}
