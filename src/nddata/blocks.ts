// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import { flatten } from "../numeric/mod.ts";
import { validOf } from "./arithmetic.ts";
import type { Axis } from "./axis.ts";
import { createNDArr, type NDArr } from "./nd_arr.ts";
import { createNDData, type NDData, type WorldCoordinates } from "./nd_data.ts";
import { downsampleAxis, upsampleAxis } from "./rebin_axis.ts";

/**
 * Sums or means of blocks of values. Invalid values are left out: a block of none but those is invalid.
 *
 * The variance of a sum is Σ Var, that of a mean of n values Σ Var/n². Bit planes become one validity.
 *
 * @param data Any data.
 * @param factors Values a block along each dimension; each length is a multiple of it.
 * @param options `method`: "sum" or "mean"; "sum" where absent.
 * @returns A new record, its own parent; its axes and world coordinates are those of the blocks.
 * @throws RangeError for a length that is no multiple; TypeError for a factor above 1 along an axis of
 *   labels or times.
 * @example
 * ```ts
 * import { blockReduce, createNDArr, createNDData } from "@gammarx/gammarx/nddata";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("x", [0, 1, 2, 3, 4])];
 * const data = createNDData(createNDArr(ndarray(Float64Array.of(1, 2, 3, 4), [4])), { axes });
 * strictEqual(blockReduce(data, [2]).values.get(1), 7);
 * ```
 * @see astropy.nddata.block_reduce
 */
export function blockReduce(
  data: NDData,
  factors: readonly number[],
  options: { readonly method?: "sum" | "mean" } = {},
): NDData {
  const { shape } = data.values, mean = (options.method ?? "sum") === "mean";
  checkFactors(shape, factors, true);
  const small = shape.map((n, d) => n / factors[d]!), size = small.reduce((a, b) => a * b, 1);
  const sums = new Float64Array(size), counts = new Float64Array(size);
  const squares = data.variance === undefined ? undefined : new Float64Array(size);
  const values = flatten(data.values), valid = flatOrUndefined(validOf(data));
  const variance = flatOrUndefined(data.variance);
  eachBlock(shape, factors, (from, to) => {
    if (valid !== undefined && valid.data[valid.offset + from]! === 0) return;
    sums[to] = sums[to]! + values.data[values.offset + from]!;
    counts[to] = counts[to]! + 1;
    if (squares !== undefined) {
      squares[to] = squares[to]! + variance!.data[variance!.offset + from]!;
    }
  });
  if (mean) {
    for (let i = 0; i < size; i++) {
      sums[i] = sums[i]! / counts[i]!;
      if (squares !== undefined) squares[i] = squares[i]! / counts[i]! ** 2;
    }
  }
  const isValid = valid === undefined ? undefined : Uint8Array.from(counts, (n) => +(n > 0));
  const arr = createNDArr(ndarray(sums, small), {
    unit: data.unit,
    variance: squares && ndarray(squares, small),
    valid: isValid && ndarray(isValid, small),
  });
  return createNDData(arr, {
    axes: data.axes.map((axis, a) => factors[a] === 1 ? axis : joined(axis, factors[a]!)),
    wcs: scaledWcs(data, factors, (f) => f),
    meta: data.meta,
  });
}

/**
 * Every value repeated over a block.
 *
 * @param data Any data.
 * @param factors Values a block along each dimension.
 * @param options `conserveSum`: whether values are divided by the size of the block (variances by its
 *   square), so that the sum stays; true where absent.
 * @returns A new record, its own parent; its axes and world coordinates are those of the parts.
 * @throws TypeError for a factor above 1 along an axis of labels or times.
 * @example
 * ```ts
 * import { blockReplicate, createMapAxis, createNDArr, createNDData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("x", [0, 1])];
 * const data = createNDData(createNDArr(ndarray(Float64Array.of(4), [1])), { axes });
 * strictEqual(blockReplicate(data, [2]).values.get(1), 2);
 * ```
 * @see astropy.nddata.block_replicate
 */
export function blockReplicate(
  data: NDData,
  factors: readonly number[],
  options: { readonly conserveSum?: boolean } = {},
): NDData {
  const { shape } = data.values, large = shape.map((n, d) => n * factors[d]!);
  checkFactors(shape, factors, false);
  const size = large.reduce((a, b) => a * b, 1);
  const share = (options.conserveSum ?? true) ? factors.reduce((a, b) => a * b, 1) : 1;
  const spread = <A extends Float64Array | Uint8Array>(
    from: { readonly data: ArrayLike<number>; readonly offset: number },
    out: A,
    divisor: number,
  ): A => {
    eachBlock(large, factors, (to, at) => out[to] = from.data[from.offset + at]! / divisor);
    return out;
  };
  const valid = flatOrUndefined(validOf(data)), variance = flatOrUndefined(data.variance);
  const arr: NDArr = createNDArr(
    ndarray(spread(flatten(data.values), new Float64Array(size), share), large),
    {
      unit: data.unit,
      variance: variance && ndarray(spread(variance, new Float64Array(size), share * share), large),
      valid: valid && ndarray(spread(valid, new Uint8Array(size), 1), large),
    },
  );
  return createNDData(arr, {
    axes: data.axes.map((axis, a) => factors[a] === 1 ? axis : split(axis, factors[a]!)),
    wcs: scaledWcs(data, factors, (f) => 1 / f),
    meta: data.meta,
  });
}

function flatOrUndefined<A extends Float64Array | Uint8Array>(
  array: import("ndarray").NdArray<A> | undefined,
): { readonly data: A; readonly offset: number } | undefined {
  return array === undefined ? undefined : flatten(array);
}

function checkFactors(
  shape: readonly number[],
  factors: readonly number[],
  divides: boolean,
): void {
  if (factors.length !== shape.length) {
    throw new TypeError(`Found ${factors.length} factors for ${shape.length} dimensions`);
  }
  factors.forEach((factor, d) => {
    if (!Number.isInteger(factor) || factor < 1) {
      throw new RangeError(
        `Dimension ${d}: found factor ${factor}, expected a whole number above 0`,
      );
    }
    if (divides && shape[d]! % factor !== 0) {
      throw new RangeError(`Dimension ${d}: ${shape[d]} values are no multiple of ${factor}`);
    }
  });
}

/** Calls with the place of each value of a large array and that of its block, both in C order. */
function eachBlock(
  shape: readonly number[],
  factors: readonly number[],
  take: (from: number, block: number) => void,
): void {
  const small = shape.map((n, d) => n / factors[d]!), index = new Int32Array(shape.length);
  const strides = small.map((_, d) => small.slice(d + 1).reduce((a, b) => a * b, 1));
  const n = shape.reduce((a, b) => a * b, 1);
  for (let i = 0; i < n; i++) {
    let block = 0;
    for (let d = 0; d < shape.length; d++) {
      block += Math.floor(index[d]! / factors[d]!) * strides[d]!;
    }
    take(i, block);
    for (let d = shape.length - 1; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
}

function mapAxisOnly(axis: Axis): Extract<Axis, { kind: "map-axis" }> {
  if (axis.kind === "map-axis") return axis;
  throw new TypeError(
    `The bins of the ${axis.kind} "${axis.name}" cannot be joined or split by a factor`,
  );
}

const joined = (axis: Axis, factor: number): Axis => downsampleAxis(mapAxisOnly(axis), factor).axis;
const split = (axis: Axis, factor: number): Axis => upsampleAxis(mapAxisOnly(axis), factor);

/** World coordinates of pixels that are `scale(factor)` of the old ones wide, from the data's own origin. */
function scaledWcs(
  data: NDData,
  factors: readonly number[],
  scale: (factor: number) => number,
): WorldCoordinates | undefined {
  const { wcs, place } = data;
  if (wcs === undefined) return undefined;
  const nAxes = data.axes.length, widths = factors.slice(nAxes).map(scale);
  const start = place.axes.slice(place.axes.length - wcs.nPixelAxes).map((a) => place.start[a]!);
  if (widths.every((w) => w === 1) && start.every((s) => s === 0)) return wcs;
  return Object.freeze({
    nPixelAxes: wcs.nPixelAxes,
    key: `${wcs.key};blocks=${widths};start=${start}`,
    pixelToWorld: (pixel: readonly number[]) =>
      wcs.pixelToWorld(pixel.map((p, d) => (p + 0.5) * widths[d]! - 0.5 + start[d]!)),
    worldToPixel: (world: readonly number[]) =>
      wcs.worldToPixel(world).map((p, d) => (p - start[d]! + 0.5) / widths[d]! - 0.5),
  });
}
