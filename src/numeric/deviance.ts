import { log1pmx } from "./log1pmx.ts";

/**
 * n ln(n/μ) - (n - μ), half the Poisson deviance of n observed where μ is expected; never negative, and
 * free of cancellation where both are close and where they are far apart.
 *
 * @param n observed, at least 0, not necessarily whole; 0 gives μ
 * @param mu expected, at least 0; 0 gives Infinity unless n is 0
 * @param difference μ - n, where it is known better than from the two
 * @returns half the deviance; NaN for negative arguments
 * @example
 * ```ts
 * import { halfDeviance } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(halfDeviance(0, 3), 3);
 * equal(halfDeviance(5, 5), 0);
 * ```
 */
export function halfDeviance(n: number, mu: number, difference: number = mu - n): number {
  if (n === 0) return mu < 0 ? NaN : mu;
  if (Math.abs(difference) < 0.4 * n) return -n * log1pmx(difference / n);
  return difference - n * Math.log(mu / n);
}
