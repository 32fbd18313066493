/** Maps with fewer bins along their axes: sums, means, extremes; running sums; shares of a whole. */
import { type Axis, axisIndex, createMapAxis, squashAxis } from "../nddata/mod.ts";
import {
  above,
  asNumbers,
  type AxisRun,
  axisRun,
  mapOfRuns,
  type Runs,
  runsOf,
  weighed,
} from "./_map_arrays.ts";
import { createRegionGeom, regionsOf, unionOf } from "./region_geom.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** How the values of several bins become one. */
export type ReduceMethod = "sum" | "mean" | "max" | "min" | "product";

/** Which axes go. */
export interface OverAxesOptions {
  /** Names of the axes that go; all where absent. */
  readonly axes?: readonly string[];
  /** Whether they stay as axes of one bin; false where absent. */
  readonly keepAxes?: boolean;
}

/** What {@linkcode reduceOverAxes} takes. */
export interface ReduceOptions extends OverAxesOptions {
  /** What is made of the values. */
  readonly method: ReduceMethod;
}

/** A fold over bins: where it begins and what one more value does. */
interface Fold {
  readonly first: number;
  readonly next: (sum: number, value: number) => number;
  readonly hasVariance: boolean;
}

const plus: Fold = { first: 0, next: (a, b) => a + b, hasVariance: true };
const FOLDS: Readonly<Record<ReduceMethod, Fold>> = Object.freeze({
  sum: plus,
  mean: plus,
  max: { first: -Infinity, next: Math.max, hasVariance: false },
  min: { first: Infinity, next: Math.min, hasVariance: false },
  product: { first: 1, next: (a, b) => a * b, hasVariance: false },
});

/** Sums on their way: how many valid values each is made of, where some were not. */
interface Folding {
  readonly values: Float64Array;
  readonly variance: Float64Array | undefined;
  readonly count: Float64Array | undefined;
}

/**
 * One value made of those of several bins. Invalid values are left out: what is made of none but those is
 * invalid, 0 as a sum, 1 as a product, NaN else.
 *
 * The variance of a sum is Σ Var, that of a mean of n values Σ Var/n²; that of others is not known.
 *
 * @param map The map.
 * @param options Which axes, what is made of their values, whether they stay as axes of one bin.
 * @returns A new map of doubles. A region that changes along an axis that goes becomes the union of its
 *   regions.
 * @throws RangeError for an axis that is not there.
 * @example
 * ```ts
 * import { createSkyMap, NO_SKY, reduceOverAxes } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 3 })];
 * const map = createSkyMap(NO_SKY, { axes, data: Float64Array.of(1, 5, 3) });
 * strictEqual(reduceOverAxes(map, { method: "max" }).values.get(), 5);
 * ```
 * @see gammapy.maps.Map.reduce_over_axes
 */
export function reduceOverAxes<G extends SkyGeom>(
  map: SkyMap<G>,
  options: ReduceOptions,
): SkyMap<G> {
  const { method, keepAxes = false } = options, names = options.axes ?? map.axes.map(nameOf);
  const gone = names.map((name) => axisIndex(map.axes, name)), fold = FOLDS[method];
  const runs = runsOf(map);
  let state: Folding = {
    values: runs.values,
    variance: fold.hasVariance ? runs.variance : undefined,
    count: runs.valid && asNumbers(runs.valid),
  };
  let width = runs.values.length;
  const shape = map.axes.map((axis) => axis.nBins);
  for (let a = 0, outer = 1; a < shape.length; a++) {
    width /= shape[a]!;
    if (gone.includes(a)) state = folded(state, { outer, n: shape[a]!, width }, fold);
    else outer *= shape[a]!;
  }
  const nBins = gone.reduce((n, a) => n * shape[a]!, 1);
  const geom = reducedGeom(map.geom, names) as G, { unit, meta } = map;
  const axes = map.axes.flatMap((axis, a): Axis[] =>
    !gone.includes(a) ? [axis] : keepAxes ? [squashAxis(axis)] : []
  );
  return mapOfRuns({ geom, axes, unit, meta }, finished(state, method, nBins));
}

const nameOf = (axis: Axis): string => axis.name;

function folded(state: Folding, run: AxisRun, fold: Fold): Folding {
  const { outer, n, width } = run, size = outer * width, { values, variance, count } = state;
  const out = new Float64Array(size).fill(fold.first);
  const squares = variance && new Float64Array(size), seen = count && new Float64Array(size);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < n; i++) {
      const from = (o * n + i) * width, to = o * width;
      const used = count?.subarray(from, from + width);
      if (fold === plus) addInto(out.subarray(to, to + width), values, from, used);
      else foldInto(out.subarray(to, to + width), values, from, { used, next: fold.next });
      if (squares !== undefined) addInto(squares.subarray(to, to + width), variance!, from, used);
      if (seen !== undefined) addInto(seen.subarray(to, to + width), used!, 0, used);
    }
  }
  return { values: out, variance: squares, count: seen };
}

/** Adds values from a place on, those that are made of nothing valid left out. */
function addInto(
  out: Float64Array,
  values: Float64Array,
  from: number,
  used: Float64Array | undefined,
): void {
  if (used === undefined) {
    for (let w = 0; w < out.length; w++) out[w] = out[w]! + values[from + w]!;
  } else {
    for (let w = 0; w < out.length; w++) if (used[w] !== 0) out[w] = out[w]! + values[from + w]!;
  }
}

function foldInto(
  out: Float64Array,
  values: Float64Array,
  from: number,
  how: { readonly used: Float64Array | undefined; readonly next: Fold["next"] },
): void {
  const { used, next } = how;
  for (let w = 0; w < out.length; w++) {
    if (used === undefined || used[w] !== 0) out[w] = next(out[w]!, values[from + w]!);
  }
}

function finished(state: Folding, method: ReduceMethod, nBins: number): Runs {
  const { values, variance, count } = state, n = values.length;
  const valid = count && above(count, 0);
  if (method === "sum" || method === "product") return { values, variance, valid };
  const out = new Float64Array(n), squares = variance && new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const number = count === undefined ? nBins : count[i]!;
    const share = method === "mean" ? number : 1;
    out[i] = number > 0 ? values[i]! / share : NaN;
    if (squares !== undefined) squares[i] = variance![i]! / (share * share);
  }
  return { values: out, variance: squares, valid };
}

/** The union of the regions where the axis along which they change goes. */
function reducedGeom(geom: SkyGeom, names: readonly string[]): SkyGeom {
  if (geom.kind !== "region-geom" || geom.along === undefined) return geom;
  return names.includes(geom.along.axis.name) ? createRegionGeom(unionOf(regionsOf(geom))) : geom;
}

/**
 * Sums over axes: {@linkcode reduceOverAxes} with "sum".
 *
 * @param map The map.
 * @param options Which axes, and whether they stay as axes of one bin.
 * @returns A new map.
 * @throws RangeError for an axis that is not there.
 * @example
 * ```ts
 * import { createSkyMap, NO_SKY, sumOverAxes } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 3 })];
 * const map = createSkyMap(NO_SKY, { axes, data: Float64Array.of(1, 5, 3) });
 * deepStrictEqual(sumOverAxes(map, { keepAxes: true }).values.shape, [1]);
 * ```
 * @see gammapy.maps.Map.sum_over_axes
 */
export function sumOverAxes<G extends SkyGeom>(
  map: SkyMap<G>,
  options: OverAxesOptions = {},
): SkyMap<G> {
  return reduceOverAxes(map, { ...options, method: "sum" });
}

/**
 * The image of a map: the sum over all its axes.
 *
 * @param map The map.
 * @returns A new map without axes.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, toImage } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 3 })];
 * const cube = createSkyMap(createWcsGeom({ npix: [5, 4] }), { axes });
 * deepStrictEqual(toImage(cube).values.shape, [4, 5]);
 * ```
 */
export function toImage<G extends SkyGeom>(map: SkyMap<G>): SkyMap<G> {
  return sumOverAxes(map);
}

/**
 * Running sums along an axis: of the first bin, of the first two, … They stand at the upper edges of
 * the bins, which become the centres of the new axis. Invalid values are left out; a sum of none but
 * those is invalid.
 *
 * @param map The map.
 * @param options `axis`: name of an axis of numbers.
 * @returns A new map; its variances are the sums of those of the bins.
 * @throws RangeError for an axis that is not there; TypeError for one of times or labels.
 * @example
 * ```ts
 * import { createSkyMap, cumsumMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("rad", [0, 1, 2, 3])];
 * const map = createSkyMap(NO_SKY, { axes, data: Float64Array.of(1, 5, 3) });
 * deepStrictEqual([...cumsumMap(map, { axis: "rad" }).values.data as Float64Array], [1, 6, 9]);
 * ```
 * @see gammapy.maps.Map.cumsum
 */
export function cumsumMap<G extends SkyGeom>(
  map: SkyMap<G>,
  options: { readonly axis: string },
): SkyMap<G> {
  const index = axisIndex(map.axes, options.axis), axis = map.axes[index]!;
  if (axis.kind !== "map-axis") {
    throw new TypeError(`Found the ${axis.kind} "${axis.name}", expected an axis of numbers`);
  }
  const { unit, interp } = axis, run = axisRun(map, index), runs = runsOf(map);
  const ends = createMapAxis(axis.name, axis.edges.subarray(1), {
    unit,
    interp,
    nodes: "centers",
  });
  const own = (values: Float64Array): Float64Array =>
    runs.valid === undefined ? values.slice() : weighed(values, runs.valid);
  const count = runs.valid && running(asNumbers(runs.valid), run);
  return mapOfRuns({ ...map, axes: map.axes.with(index, ends) }, {
    values: running(own(runs.values), run),
    variance: runs.variance && running(own(runs.variance), run),
    valid: count && above(count, 0),
  });
}

/** Running sums, in place. */
function running(values: Float64Array, { outer, n, width }: AxisRun): Float64Array {
  for (let o = 0; o < outer; o++) {
    for (let at = (o * n + 1) * width, end = (o + 1) * n * width; at < end; at++) {
      values[at] = values[at]! + values[at - width]!;
    }
  }
  return values;
}

/**
 * A map divided by its own sum, along one axis or over everything, so that what is valid adds up to 1.
 *
 * @param map The map.
 * @param options `axis`: name of the axis along which values add up to 1; over the whole map where
 *   absent.
 * @returns A new map of pure numbers; NaN where the sum is 0. Variances are divided by the square of the
 *   sum, which is taken for exact.
 * @throws RangeError for an axis that is not there.
 * @example
 * ```ts
 * import { createSkyMap, NO_SKY, normalizeMap } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("rad", [0, 1, 2])];
 * const map = createSkyMap(NO_SKY, { axes, data: Float64Array.of(1, 3), unit: "s" });
 * strictEqual(normalizeMap(map, { axis: "rad" }).values.get(1), 0.75);
 * ```
 * @see gammapy.maps.Map.normalize
 */
export function normalizeMap<G extends SkyGeom>(
  map: SkyMap<G>,
  options: { readonly axis?: string } = {},
): SkyMap<G> {
  const { values, variance, valid } = runsOf(map);
  const run = options.axis === undefined
    ? { outer: 1, n: values.length, width: 1 }
    : axisRun(map, axisIndex(map.axes, options.axis));
  const count = valid && asNumbers(valid);
  const sums = folded({ values, variance: undefined, count }, run, plus).values;
  const { n, width } = run, block = n * width;
  const over = (value: number, i: number, power: 1 | 2) =>
    value / sums[Math.floor(i / block) * width + i % width]! ** power;
  return mapOfRuns({ ...map, unit: "" }, {
    values: values.map((value, i) => over(value, i, 1)),
    variance: variance?.map((value, i) => over(value, i, 2)),
    valid,
  });
}
