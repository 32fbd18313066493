/**
 * Arrays that keep their unit, variance, validity and place in their parent together.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | values | numbers in C order, an `ndarray` over a typed array |
 * | variance | variance of each value, in unit²; absent where it is not known, one 0 for all where exact |
 * | valid | 1 = use it, 0 = do not |
 * | planes | named flags of each value, a bit each, 1 = flagged |
 * | place | which array this was cut from, and where |
 */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { parseUnit } from "../units/mod.ts";
import type { BitPlanes } from "./bit_planes.ts";
import { type Uncertainty, varianceFrom } from "./uncertainty.ts";

/** The typed arrays that values may stand in. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** The array from which others were cut: a token, so that a cut does not keep its values alive. */
export interface ParentGrid {
  /** Shape of the parent. */
  readonly shape: readonly number[];
}

/** Where an array is in its parent. */
export interface Place {
  /** The parent; an array that was not cut is its own. */
  readonly parent: ParentGrid;
  /** First index of the box along each axis of the parent. */
  readonly start: readonly number[];
  /** Index after the last of the box along each axis of the parent. */
  readonly stop: readonly number[];
  /** The axes of the parent that this array still has; the others were cut at one index. */
  readonly axes: readonly number[];
}

/** An array with its unit, variance, validity and place. */
export interface NDArr {
  /** The numbers; not written. */
  readonly values: NdArray<NumericArray>;
  /** Unit of the values; undefined where none was given, "" for pure numbers. */
  readonly unit: string | undefined;
  /** Variances in unit²; undefined where they are not known. */
  readonly variance: NdArray<Float64Array> | undefined;
  /** 1 where a value is to be used; undefined where all are, or where `planes` tell. */
  readonly valid: NdArray<Uint8Array> | undefined;
  /** Named flags; undefined where there are none. */
  readonly planes: BitPlanes | undefined;
  /** Where the array is in its parent. */
  readonly place: Place;
}

/** What {@link createNDArr} takes beside the values. */
export interface NDArrOptions {
  /** Unit of the values. */
  readonly unit?: string | undefined;
  /** Variances in unit², or one number for all: 0 for values known exactly. */
  readonly variance?: NdArray<Float64Array> | number | undefined;
  /** 1 where a value is to be used. */
  readonly valid?: NdArray<Uint8Array> | undefined;
  /** Named flags. */
  readonly planes?: BitPlanes | undefined;
  /** Standard deviation, variance or inverse variance; instead of `variance`. */
  readonly uncertainty?: Uncertainty | undefined;
}

/**
 * Makes an array. The arrays given are kept, not copied, and are not to be written any more.
 *
 * @param values The numbers.
 * @param options Unit, variance or uncertainty, validity or planes.
 * @returns A frozen record, its own parent.
 * @throws TypeError for parts of another shape, both `valid` and `planes`, both `variance` and
 *   `uncertainty`; RangeError for a negative variance; SyntaxError for what is no unit.
 * @example
 * ```ts
 * import { createNDArr } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const counts = createNDArr(ndarray(Float64Array.of(1, 4), [2]), { unit: "", variance: 0 });
 * strictEqual(counts.variance?.get(1), 0);
 * ```
 * @see astropy APE on NDData: arrays, variance, planes
 */
export function createNDArr(values: NdArray<NumericArray>, options: NDArrOptions = {}): NDArr {
  const { unit, valid, planes } = options;
  if (unit !== undefined) parseUnit(unit);
  if (valid !== undefined && planes !== undefined) {
    throw new TypeError("Found both valid and planes, expected one of them: planes make a valid");
  }
  if (valid !== undefined) sameShape("valid", valid.shape, values.shape);
  if (planes !== undefined) sameShape("planes", planes.low.shape, values.shape);
  const shape = Object.freeze([...values.shape]);
  return Object.freeze({
    values,
    unit,
    variance: varianceOf(values.shape, options),
    valid,
    planes,
    place: rootPlace(shape),
  });
}

/** The place of an array that was not cut. */
export function rootPlace(shape: readonly number[]): Place {
  return Object.freeze({
    parent: Object.freeze({ shape }),
    start: Object.freeze(shape.map(() => 0)),
    stop: shape,
    axes: Object.freeze(shape.map((_, a) => a)),
  });
}

/** Throws TypeError unless a part has the shape of the values. */
export function sameShape(
  what: string,
  found: readonly number[],
  expected: readonly number[],
): void {
  if (found.length === expected.length && found.every((n, a) => n === expected[a])) return;
  throw new TypeError(
    `${what} has the shape [${found}], expected that of the values, [${expected}]`,
  );
}

/** One number at every place of a shape, without memory for each. */
export function constantArray(value: number, shape: readonly number[]): NdArray<Float64Array> {
  return ndarray(Float64Array.of(value), [...shape], shape.map(() => 0));
}

function varianceOf(
  shape: readonly number[],
  { variance, uncertainty, unit }: NDArrOptions,
): NdArray<Float64Array> | undefined {
  if (variance !== undefined && uncertainty !== undefined) {
    throw new TypeError("Found both variance and uncertainty, expected one of them");
  }
  if (uncertainty !== undefined) {
    sameShape("uncertainty", uncertainty.values.shape, shape);
    const found = varianceFrom(uncertainty, unit);
    checkVariance(found.data);
    return found;
  }
  if (variance === undefined) return undefined;
  if (typeof variance === "number") {
    checkVariance(Float64Array.of(variance));
    return constantArray(variance, shape);
  }
  sameShape("variance", variance.shape, shape);
  checkVariance(variance.data);
  return variance;
}

function checkVariance(variances: Float64Array): void {
  for (let i = 0; i < variances.length; i++) {
    if (variances[i]! < 0) {
      throw new RangeError(`A variance is 0 or more, found ${variances[i]} at ${i}`);
    }
  }
}
