import ndarray, { type NdArray } from "ndarray";
import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import type { WcsGeom } from "../../src/maps/mod.ts";
import type { MapAxis } from "../../src/nddata/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { addCells, cellIndexer } from "./_cells.ts";
import type { Accumulator } from "./accumulator.ts";
import { createSparseSums, sparseEntries, type SparseSums } from "./sparse_sums.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** An axis of a map beside the sky: which column goes into which bins. */
export interface CountsMapAxis {
  /** Column that is binned: `energyTeV`, `phase`, `timeS`, any other of numbers. */
  readonly column: string;
  /** Its bins, in the column's unit. */
  readonly axis: MapAxis;
}

/** What to count, and where. */
export interface CountsMapOptions {
  /** The sky pixels. */
  readonly geom: WcsGeom;
  /** Further axes, slowest first; none. */
  readonly axes?: readonly CountsMapAxis[];
  /** Sum the column `weight` in place of counting; false. */
  readonly weighted?: boolean;
  /** Keep only the blocks of cells that saw an event; false. */
  readonly sparse?: boolean;
}

/** Events per cell of the sky and the further axes. */
export interface CountsMap {
  /** The sky pixels. */
  readonly geom: WcsGeom;
  /** The further axes, slowest first. */
  readonly axes: readonly CountsMapAxis[];
  /** Counts or sums of weights, shape [...axes, ny, nx]. */
  readonly data: NdArray<Float64Array>;
  /** Σ w² of the same shape where the map is weighted. */
  readonly variance: NdArray<Float64Array> | undefined;
  /** Events (not weights) that are in no cell: by `sky`, then by axis, `energy:under`, `energy:over`. */
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
 * Counts events in the pixels of a sky map and the bins of any further axes, in one pass.
 *
 * @param options Geometry, axes, whether weighted, whether sparse.
 * @returns An accumulator that needs `raDeg`, `decDeg` and the columns of the axes.
 * @throws TypeError for two axes of one name; RangeError for 2³¹ cells or more.
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
 * strictEqual(map.result(fold(map, [batch])).data.get(2, 1), 1);
 * ```
 */
export function countsMap(
  options: CountsMapOptions,
): Accumulator<StreamItem, Keyed<CountsMapSums>, CountsMap> {
  const { geom, axes = [], weighted = false, sparse = false } = options;
  refuseSameNames(axes);
  const index = cellIndexer(geom, axes);
  const [nx, ny] = geom.npix;
  const shape = [...axes.map((one) => one.axis.nBins), ny, nx];
  const nCells = shape.reduce((a, b) => a * b, 1);
  if (nCells >= 2 ** 31) {
    throw new RangeError(
      `A map of ${shape.join(" x ")} cells is too large, expected less than 2^31`,
    );
  }
  const empty = (n: number) => sparse && n > 0 ? createSparseSums() : new Float64Array(n);
  return sumAccumulator({
    kind: "counts-map",
    version: 1,
    key: fingerprint({
      geom: geom.key,
      axes: axes.map(({ column, axis }) => ({ column, name: axis.name, edges: axis.edges })),
      weighted,
      sparse,
    }),
    exactness: weighted ? { kind: "rounding", rtol: 1e-12 } : { kind: "exact" },
    create: (): CountsMapSums => ({
      cells: empty(nCells),
      squares: empty(weighted ? nCells : 0),
      outside: new Float64Array(1 + 2 * axes.length),
    }),
    add(state: CountsMapSums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const weight = weighted ? requireColumn(item, "weight", "countsMap") : undefined;
      index(item, state.outside, (cells, from, n) => {
        if (weight === undefined) return addCells(state.cells, cells, n);
        const w = weight.subarray(from, from + n);
        addCells(state.cells, cells, n, w);
        addCells(state.squares, cells, n, w.map((one) => one * one));
      });
    },
    result: (state: CountsMapSums): CountsMap => ({
      geom,
      axes,
      data: ndarray(denseCells(state.cells, nCells), shape),
      variance: weighted ? ndarray(denseCells(state.squares, nCells), shape) : undefined,
      outside: namedOutside(state.outside, axes),
    }),
  });
}

function refuseSameNames(axes: readonly CountsMapAxis[]): void {
  const names = axes.map((one) => one.axis.name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new TypeError(`A map has one axis named "${twice}", found two`);
}

function denseCells(sums: Float64Array | SparseSums, nCells: number): Float64Array {
  if (sums instanceof Float64Array) return sums.slice();
  const dense = new Float64Array(nCells);
  for (const [cell, sum] of sparseEntries(sums)) dense[cell] = sum;
  return dense;
}

function namedOutside(
  outside: Float64Array,
  axes: readonly CountsMapAxis[],
): Record<string, number> {
  const named: Record<string, number> = { sky: outside[0]! };
  axes.forEach(({ axis }, a) => {
    named[`${axis.name}:under`] = outside[1 + 2 * a]!;
    named[`${axis.name}:over`] = outside[2 + 2 * a]!;
  });
  return named;
}
