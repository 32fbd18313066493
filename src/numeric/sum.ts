/**
 * Neumaier's compensated sum of an array: as if summed in twice the precision, then rounded once.
 *
 * @param values numbers; not changed
 * @param start first index, default 0
 * @param end index after the last, default `values.length`
 * @returns Σ values[i]; relative error ≤ 2⁻⁵³ + n² 2⁻¹⁰⁶ Σ|v|/|Σv|; NaN and ±Infinity as in a plain sum
 * @example
 * ```ts
 * import { compensatedSum } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(compensatedSum([1, 1e100, 1, -1e100]), 2);
 * ```
 * Source: Neumaier 1974, ZAMM 54, 39, algorithm IV.
 */
export function compensatedSum(
  values: ArrayLike<number>,
  start = 0,
  end: number = values.length,
): number {
  let sum = 0, correction = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!, next = sum + value;
    correction += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  const total = sum + correction;
  return Number.isNaN(total) ? sum : total;
}
