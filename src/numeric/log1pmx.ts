/**
 * ln(1 + x) - x without cancellation: what deviances and saddle points are made of.
 * With λ = 1 + x, λ - 1 - ln λ = -log1pmx(x).
 *
 * @param x above -1; -1 gives -Infinity, below it NaN
 * @returns ln(1 + x) - x ≤ 0, relative error ≤ 1e-15
 * @example
 * ```ts
 * import { log1pmx } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(log1pmx(1e-10) / -4.9999999996666667e-21 - 1) < 1e-15);
 * ```
 * With s = x/(2+x): ln(1+x) = 2 atanh s and x - 2s = xs, so the result is -xs + 2(s³/3 + s⁵/5 + …).
 */
export function log1pmx(x: number): number {
  if (x < -0.45 || x > 0.8) return Math.log1p(x) - x;
  const s = x / (2 + x), z = s * s;
  let power = s * z, sum = 0;
  for (let k = 3; k < 60; k += 2) {
    const next = sum + power / k;
    if (next === sum) break;
    sum = next;
    power *= z;
  }
  return 2 * sum - x * s;
}

/**
 * ln(1 - e^x) for x ≤ 0, without cancellation at either end.
 *
 * @param x logarithm of a probability, at most 0
 * @returns ln(1 - e^x); -Infinity at 0, NaN above
 * @example
 * ```ts
 * import { log1mexp } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(log1mexp(-50), -Math.exp(-50));
 * ```
 * Source: Mächler 2012, «Accurately computing log(1 - exp(-|a|))», eq. 7.
 */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}
