import { lgamma, logGammaQ } from "../numeric/mod.ts";
import type { KnownBackgroundCounts } from "./counts_significance.ts";

/** Options of a CLs limit. */
export interface ClsOptions {
  /** Confidence level, in (0, 1); default 0.95. */
  readonly confidence?: number | undefined;
}

/**
 * Upper limit of a signal over a known background by CLs: P(N ≤ n; s + b) = (1 − CL) P(N ≤ n; b). It never
 * excludes a signal to which the measurement is not sensitive, covers at least as often as CL, and is the
 * Bayesian limit for a flat prior.
 *
 * @param counts nOn and background.
 * @param options Confidence level.
 * @returns The limit in signal counts, above 0; without counts −ln(1 − CL) whatever the background.
 * @throws RangeError for negative numbers or a level not in (0, 1).
 * @example
 * ```ts
 * import { clsUpperLimit } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(clsUpperLimit({ nOn: 0, background: 7 }) + Math.log(0.05)) < 1e-14);
 * ```
 * @see Read 2002, J. Phys. G 28, 2693; Helene 1983, NIM 212, 319, eq. 2
 */
export function clsUpperLimit(counts: KnownBackgroundCounts, options: ClsOptions = {}): number {
  const { nOn: n, background: b } = counts, confidence = options.confidence ?? 0.95;
  if (!(n >= 0 && b >= 0 && confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `nOn = ${n}, background = ${b}, confidence = ${confidence}: needs counts >= 0, a level in (0, 1)`,
    );
  }
  const miss = Math.log1p(-confidence);
  if (n === 0) return -miss;
  const target = logGammaQ(n + 1, b) + miss;
  // ln Q is concave: Newton's steps from below the root pass it, from above they come down to it.
  let x = Math.max(n + 1 + 3 * Math.sqrt(n + 1), b - miss);
  while (logGammaQ(n + 1, x) > target) x *= 1.5;
  for (let round = 0; round < 60; round++) {
    const logQ = logGammaQ(n + 1, x);
    // −Q/Q' is the mean of what lies above: h = e^{-x} x^n / (n! Q)
    const logHazard = n * Math.log(x) - x - lgamma(n + 1) - logQ;
    const step = (target - logQ) / Math.exp(logHazard);
    x -= step;
    if (Math.abs(step) <= 1e-14 * x) break;
  }
  return x - b;
}
