/*
 * Poisson counts over a background measured by Poisson counts, which is fitted in each bin (profiled).
 *   n, n_off  counts on and off ≥ 0     α  exposure on over exposure off > 0
 *   μ_s       expected signal, which may be negative as long as μ_s + α μ_b is not
 *   μ_b       expected background in the off region ≥ 0
 * W = 2 [d(n, μ_s + α μ_b) + d(n_off, μ_b)], d(n, μ) = μ - n + n ln(n/μ): convex in μ_s, slope 2 (1 - n/(μ_s + α μ_b)).
 */
import { halfDeviance } from "../numeric/mod.ts";
import { type FitStatistic, floored } from "./_fit_statistic.ts";

/**
 * Expected background of the off region that makes the likelihood of a bin greatest:
 * μ_b = (C + √(C² + 4 α (1 + α) n_off μ_s)) / 2 α (1 + α), C = α (n_on + n_off) − (1 + α) μ_s.
 *
 * @param n Counts of the on region.
 * @param mu Expected signal μ_s.
 * @param nOff Counts of the off region.
 * @param alpha Exposure on over exposure off.
 * @returns μ_b ≥ 0, and so that μ_s + α μ_b ≥ 0.
 * @example
 * ```ts
 * import { wstatBackground } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(wstatBackground(10, 0, 20, 0.5), 20);
 * ```
 * @see XSPEC manual, appendix B, "Poisson data with Poisson background"
 */
export function wstatBackground(n: number, mu: number, nOff: number, alpha: number): number {
  if (n === 0) return Math.max(nOff / (1 + alpha), -mu / alpha);
  const c = alpha * (n + nOff) - (1 + alpha) * mu, product = 4 * alpha * (1 + alpha) * nOff * mu;
  const root = Math.sqrt(c * c + product);
  // For c < 0 the sum would cancel.
  if (c >= 0) return (c + root) / (2 * alpha * (1 + alpha));
  return product === 0 ? 0 : 2 * nOff * mu / (root - c);
}

/**
 * What W-stat has beside the likelihood ratio, so that it is 0 for a perfect model: 2 [n (ln n − 1) + n_off (ln n_off − 1)].
 * Tools that leave it out have W − this.
 *
 * @param n Counts of the on region.
 * @param nOff Counts of the off region.
 * @returns The term, 0 where there are no counts.
 * @example
 * ```ts
 * import { wstatGof } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(wstatGof(1, 1), -4);
 * ```
 */
export function wstatGof(n: number, nOff: number): number {
  const on = n === 0 ? 0 : n * (Math.log(n) - 1);
  return 2 * (on + (nOff === 0 ? 0 : nOff * (Math.log(nOff) - 1)));
}

/** Whether, without counts, a negative signal is made up for by background, of which no more comes than must. */
function isHeld(mu: number, nOff: number, alpha: number): boolean {
  return -mu / alpha > nOff / (1 + alpha);
}

/** μ_s + α μ_b, which for a negative signal would cancel: the root of its own quadratic equation. */
function totalOf(
  n: number,
  mu: number,
  nOff: number,
  alpha: number,
  background: number,
): number {
  if (!(mu < 0)) return mu + alpha * background;
  const b = (1 + alpha) * mu + alpha * (n + nOff), product = -alpha * n * mu;
  const root = Math.sqrt(b * b + 4 * (1 + alpha) * product);
  return b > 0 ? (b + root) / (2 * (1 + alpha)) : 2 * product / (root - b);
}

/** W with a background that is known to be the best. */
export function wstatWith(
  n: number,
  mu: number,
  nOff: number,
  alpha: number,
  background: number,
): number {
  if (n === 0 && mu >= 0) return 2 * (mu + nOff * Math.log1p(alpha));
  const off = nOff === 0 ? background : halfDeviance(nOff, background);
  if (n === 0) return 2 * ((isHeld(mu, nOff, alpha) ? 0 : mu + alpha * background) + off);
  return 2 * (halfDeviance(n, floored(totalOf(n, mu, nOff, alpha, background))) + off);
}

/** Its derivative by μ_s. */
export function wstatSlopeWith(
  n: number,
  mu: number,
  nOff: number,
  alpha: number,
  background: number,
): number {
  if (n !== 0) return 2 * (1 - n / floored(totalOf(n, mu, nOff, alpha, background)));
  return isHeld(mu, nOff, alpha) ? -2 * (1 - nOff / floored(background)) / alpha : 2;
}

export const WSTAT: FitStatistic = {
  kind: "fit-statistic",
  format: "wstat",
  version: "",
  columns: ["countsOff", "alpha"],
  bin: (n, mu, nOff, alpha) => wstatWith(n, mu, nOff, alpha, wstatBackground(n, mu, nOff, alpha)),
  slope: (n, mu, nOff, alpha) =>
    wstatSlopeWith(n, mu, nOff, alpha, wstatBackground(n, mu, nOff, alpha)),
  evaluate({ counts, countsOff, alpha, valid }, npred, slopes) {
    let sum = 0, lost = 0;
    for (let i = 0; i < counts.length; i++) {
      if (valid !== undefined && valid[i] === 0) {
        if (slopes !== undefined) slopes[i] = 0;
        continue;
      }
      const n = counts[i]!, mu = npred[i]!, nOff = countsOff![i]!, a = alpha![i]!;
      const background = wstatBackground(n, mu, nOff, a);
      const value = wstatWith(n, mu, nOff, a, background);
      if (slopes !== undefined) slopes[i] = wstatSlopeWith(n, mu, nOff, a, background);
      const next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
      sum = next;
    }
    const total = sum + lost;
    return Number.isNaN(total) ? sum : total;
  },
};
