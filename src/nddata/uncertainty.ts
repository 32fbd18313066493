// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { flatten } from "../numeric/mod.ts";
import { combineUnits, unitFactor } from "../units/mod.ts";

/** An uncertainty of a kind; what an array keeps is the variance. */
export interface Uncertainty {
  /** What the numbers are: σ, σ² or 1/σ². */
  readonly kind: "std" | "variance" | "inverse-variance";
  /** The numbers: in unit, unit² or 1/unit². */
  readonly values: NdArray<Float64Array>;
  /** Their unit where it is not that of the values (to the power of the kind). */
  readonly unit?: string | undefined;
}

const POWERS: Readonly<Record<Uncertainty["kind"], number>> = Object.freeze({
  std: 1,
  variance: 2,
  "inverse-variance": -2,
});

const TO_VARIANCE: Readonly<Record<Uncertainty["kind"], (x: number) => number>> = Object.freeze({
  std: (x: number) => x * x,
  variance: (x: number) => x,
  "inverse-variance": (x: number) => 1 / x,
});

const FROM_VARIANCE: Readonly<Record<Uncertainty["kind"], (v: number) => number>> = Object.freeze({
  std: Math.sqrt,
  variance: (v: number) => v,
  "inverse-variance": (v: number) => 1 / v,
});

/** Variances in the squared unit of the values. */
export function varianceFrom(given: Uncertainty, unit: string | undefined): NdArray<Float64Array> {
  const to = TO_VARIANCE[given.kind];
  if (to === undefined) {
    throw new TypeError(
      `Uncertainty: found "${given.kind}", expected one of ${Object.keys(POWERS).join(", ")}`,
    );
  }
  const factor = given.unit === undefined
    ? 1
    : unitFactor(given.unit, combineUnits([[unit ?? "", POWERS[given.kind]!]]));
  if (given.kind === "variance" && factor === 1) return given.values;
  const { data, offset, length } = flatten(given.values), out = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = data[offset + i]! * factor;
    if (value < 0) {
      throw new RangeError(`An uncertainty (${given.kind}) is 0 or more, found ${value} at ${i}`);
    }
    out[i] = to(value);
  }
  return ndarray(out, [...given.values.shape]);
}

/**
 * The uncertainty of an array as a kind.
 *
 * @param arr Any array with a variance, and its unit.
 * @param kind "std" (σ), "variance" or "inverse-variance" (∞ where the variance is 0).
 * @returns Numbers in a new array, with their unit.
 * @throws TypeError where the array has no variance.
 * @example
 * ```ts
 * import { createNDArr, uncertaintyOf } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const counts = createNDArr(ndarray(Float64Array.of(4), [1]), { variance: 4, unit: "TeV" });
 * strictEqual(uncertaintyOf(counts, "std").values.get(0), 2);
 * ```
 */
export function uncertaintyOf(
  arr: { readonly variance: NdArray<Float64Array> | undefined; readonly unit: string | undefined },
  kind: Uncertainty["kind"],
): Uncertainty {
  if (arr.variance === undefined) throw new TypeError("The array has no variance");
  const { data, offset, length } = flatten(arr.variance), from = FROM_VARIANCE[kind];
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) out[i] = from(data[offset + i]!);
  return Object.freeze({
    kind,
    values: ndarray(out, [...arr.variance.shape]),
    unit: arr.unit === undefined ? undefined : combineUnits([[arr.unit, POWERS[kind]]]),
  });
}
