// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import { flatten } from "../numeric/mod.ts";
import { combineUnits, parseUnit, unitFactor } from "../units/mod.ts";
import type { NDArr } from "./nd_arr.ts";

/** A function of a pure number with its derivative. */
interface PureFunction {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

const PURE: Readonly<Record<PureFunctionName, PureFunction>> = Object.freeze({
  exp: { value: Math.exp, slope: Math.exp },
  log: { value: Math.log, slope: (x: number) => 1 / x },
  log10: { value: Math.log10, slope: (x: number) => 1 / (x * Math.LN10) },
  log1p: { value: Math.log1p, slope: (x: number) => 1 / (1 + x) },
  expm1: { value: Math.expm1, slope: Math.exp },
  sin: { value: Math.sin, slope: Math.cos },
  cos: { value: Math.cos, slope: (x: number) => -Math.sin(x) },
  tan: { value: Math.tan, slope: (x: number) => 1 / Math.cos(x) ** 2 },
  tanh: { value: Math.tanh, slope: (x: number) => 1 - Math.tanh(x) ** 2 },
});

/** The functions of pure numbers that {@linkcode applyFunction} knows. */
export type PureFunctionName =
  | "exp"
  | "log"
  | "log10"
  | "log1p"
  | "expm1"
  | "sin"
  | "cos"
  | "tan"
  | "tanh";

/**
 * A function of every value; the variance becomes f′(x)² Var x. The place in the parent is kept.
 *
 * @param arr An array of pure numbers, or any record that extends one; "GeV/TeV" and the like are brought
 *   to a number first.
 * @param name Which function.
 * @returns A new record without dimension.
 * @throws TypeError where the array has a dimension.
 * @example
 * ```ts
 * import { applyFunction, createNDArr } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual, throws } from "node:assert/strict";
 * const x = createNDArr(ndarray(Float64Array.of(0), [1]), { unit: "" });
 * strictEqual(applyFunction(x, "exp").values.get(0), 1);
 * throws(() => applyFunction({ ...x, unit: "TeV" }, "log"), TypeError);
 * ```
 */
export function applyFunction<T extends NDArr>(arr: T, name: PureFunctionName): T {
  const { value, slope } = PURE[name];
  const factor = arr.unit === undefined ? 1 : unitFactor(arr.unit, "");
  return mapped(arr, {
    value: (x) => value(x * factor),
    slope: (x) => slope(x * factor) * factor,
    unit: arr.unit === undefined ? undefined : "",
  });
}

/**
 * A power of every value, with the unit to that power; the variance becomes (p x^(p−1))² Var x.
 *
 * @param arr Any array, or any record that extends one.
 * @param exponent A whole number or half of one for arrays with a unit, any number for pure numbers.
 * @returns A new record; NaN where a negative value has no such power.
 * @throws TypeError for another exponent of an array with a unit.
 * @example
 * ```ts
 * import { createNDArr, power } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const area = createNDArr(ndarray(Float64Array.of(4), [1]), { unit: "m2" });
 * strictEqual(power(area, 0.5).unit, "m");
 * ```
 */
export function power<T extends NDArr>(arr: T, exponent: number): T {
  const { unit } = arr, hasUnit = unit !== undefined && parseUnit(unit).factors.length > 0;
  if (hasUnit && !Number.isInteger(2 * exponent)) {
    throw new TypeError(
      `Cannot raise an array in "${unit}" to the power ${exponent}: whole and half powers have a unit`,
    );
  }
  return mapped(arr, {
    value: exponent === 0.5 ? Math.sqrt : (x) => x ** exponent,
    slope: (x) => exponent * x ** (exponent - 1),
    unit: hasUnit ? combineUnits([[unit, exponent]]) : unit,
  });
}

/**
 * The square root of every value, with that of its unit.
 *
 * @param arr Any array, or any record that extends one.
 * @returns A new record; NaN where a value is negative.
 * @example
 * ```ts
 * import { createNDArr, sqrt } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const ts = createNDArr(ndarray(Float64Array.of(25), [1]));
 * strictEqual(sqrt(ts).values.get(0), 5);
 * ```
 */
export function sqrt<T extends NDArr>(arr: T): T {
  return power(arr, 0.5);
}

/**
 * The array in another unit.
 *
 * @param arr An array with a unit, or any record that extends one.
 * @param unit The unit wanted.
 * @returns A new record; the same where the unit is that already.
 * @throws TypeError where the array has no unit or one of another dimension.
 * @example
 * ```ts
 * import { convertUnit, createNDArr } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const area = createNDArr(ndarray(Float64Array.of(1), [1]), { unit: "m2" });
 * strictEqual(convertUnit(area, "cm2").values.get(0), 1e4);
 * ```
 */
export function convertUnit<T extends NDArr>(arr: T, unit: string): T {
  if (arr.unit === undefined) {
    throw new TypeError(`Cannot convert an array without unit to "${unit}": give it one first`);
  }
  if (arr.unit === unit) return arr;
  const factor = unitFactor(arr.unit, unit);
  return mapped(arr, { value: (x) => x * factor, slope: () => factor, unit });
}

function mapped<T extends NDArr>(
  arr: T,
  f: {
    readonly value: (x: number) => number;
    readonly slope: (x: number) => number;
    readonly unit: string | undefined;
  },
): T {
  const { data, offset, length } = flatten(arr.values), shape = [...arr.values.shape];
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) out[i] = f.value(data[offset + i]!);
  let variance: Float64Array | undefined;
  if (arr.variance !== undefined) {
    const from = flatten(arr.variance);
    variance = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const given = from.data[from.offset + i]!;
      variance[i] = given === 0 ? 0 : f.slope(data[offset + i]!) ** 2 * given;
    }
  }
  return Object.freeze({
    ...arr,
    values: ndarray(out, shape),
    unit: f.unit,
    variance: variance === undefined ? undefined : ndarray(variance, shape),
  });
}
