// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import type { BitPlanes } from "./bit_planes.ts";
import type { NDArr, Place } from "./nd_arr.ts";

/**
 * What to take along an axis: one index (the axis is gone then), a range [start, stop), or all of it.
 */
export type Cut = number | readonly [start: number, stop: number] | undefined;

/** A cut brought to its range, and whether the axis stays. */
interface Range {
  readonly start: number;
  readonly stop: number;
  readonly keep: boolean;
}

/**
 * A part of an array, over the same memory; it keeps its parent and its place there.
 *
 * @param arr Any array.
 * @param cuts One for each axis; those left out take all.
 * @returns A new record; its values, variance, validity and planes are views.
 * @throws RangeError for a range that is empty or outside, TypeError for more cuts than axes.
 * @example
 * ```ts
 * import { createNDArr, sliceArray } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { deepStrictEqual } from "node:assert/strict";
 * const all = createNDArr(ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]));
 * const row = sliceArray(all, [1]);
 * deepStrictEqual([row.values.shape, row.place.start], [[2], [1, 0]]);
 * ```
 * @see astropy APE on NDData: slicing
 */
export function sliceArray(arr: NDArr, cuts: readonly Cut[]): NDArr {
  const ranges = rangesOf(arr.values.shape, cuts);
  const cut = <A extends NdArray>(array: A | undefined) =>
    array === undefined ? undefined : cutView(array, ranges);
  return Object.freeze({
    ...bareArray(arr),
    values: cutView(arr.values, ranges),
    variance: cut(arr.variance),
    valid: cut(arr.valid),
    planes: arr.planes === undefined ? undefined : cutPlanes(arr.planes, ranges),
    place: cutPlace(arr.place, ranges),
  });
}

/** The fields of a plain array, without what a record has beside. */
export function bareArray(arr: NDArr): NDArr {
  const { values, unit, variance, valid, planes, place } = arr;
  return { values, unit, variance, valid, planes, place };
}

/** Cuts brought to ranges, checked against a shape. */
export function rangesOf(shape: readonly number[], cuts: readonly Cut[]): readonly Range[] {
  if (cuts.length > shape.length) {
    throw new TypeError(`Found ${cuts.length} cuts of an array of ${shape.length} axes`);
  }
  return shape.map((n, a) => {
    const cut = cuts[a];
    if (cut === undefined) return { start: 0, stop: n, keep: true };
    const [start, stop] = typeof cut === "number" ? [cut, cut + 1] : cut;
    if (
      !(Number.isInteger(start) && Number.isInteger(stop) && 0 <= start && start < stop &&
        stop <= n)
    ) {
      throw new RangeError(
        `Axis ${a}: found ${typeof cut === "number" ? `index ${cut}` : `${start} to ${stop}`}, ` +
          `expected a part of 0 to ${n}`,
      );
    }
    return { start, stop, keep: typeof cut !== "number" };
  });
}

function cutView<A extends NdArray>(array: A, ranges: readonly Range[]): A {
  const low = array.lo(...ranges.map((range) => range.start));
  const box = low.hi(...ranges.map((range) => range.stop - range.start));
  return box.pick(...ranges.map((range) => range.keep ? null : 0) as number[]) as A;
}

function cutPlanes(planes: BitPlanes, ranges: readonly Range[]): BitPlanes {
  return Object.freeze({
    ...planes,
    low: cutView(planes.low, ranges),
    high: planes.high === undefined ? undefined : cutView(planes.high, ranges),
  });
}

function cutPlace(place: Place, ranges: readonly Range[]): Place {
  const start = [...place.start], stop = [...place.stop], axes: number[] = [];
  ranges.forEach((range, a) => {
    const axis = place.axes[a]!, from = place.start[axis]!;
    start[axis] = from + range.start;
    stop[axis] = from + range.stop;
    if (range.keep) axes.push(axis);
  });
  return Object.freeze({
    parent: place.parent,
    start: Object.freeze(start),
    stop: Object.freeze(stop),
    axes: Object.freeze(axes),
  });
}

/**
 * A part of an array by the indices of its parent: the same values wherever the array was cut.
 *
 * @param arr Any array.
 * @param cuts One for each axis that the array has, in indices of the parent along it.
 * @returns As {@linkcode sliceArray}.
 * @throws RangeError where the array does not reach there.
 * @example
 * ```ts
 * import { createNDArr, sliceArray, sliceInParent } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const all = createNDArr(ndarray(Float64Array.of(1, 2, 3, 4), [4]));
 * const part = sliceArray(all, [[2, 4]]);
 * strictEqual(sliceInParent(part, [[3, 4]]).values.get(0), 4);
 * ```
 */
export function sliceInParent(arr: NDArr, cuts: readonly Cut[]): NDArr {
  const { axes, start, stop } = arr.place;
  return sliceArray(
    arr,
    cuts.map((cut, a) => {
      if (cut === undefined) return undefined;
      const axis = axes[a] ?? -1, from = start[axis] ?? 0, to = stop[axis] ?? 0;
      const [low, high] = typeof cut === "number" ? [cut, cut + 1] : cut;
      if (low < from || high > to) {
        throw new RangeError(
          `Axis ${axis} of the parent: found ${low} to ${high}, this part reaches from ${from} to ${to}`,
        );
      }
      return typeof cut === "number" ? cut - from : [low - from, high - from] as const;
    }),
  );
}
