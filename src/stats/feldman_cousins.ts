/*
 * Feldman and Cousins' intervals, without a scan.
 *   n  counts ≥ 0, whole     b  known background ≥ 0     μ  signal ≥ 0     λ = μ + b     CL  confidence level
 *   R(n; μ) = P(n; λ)/P(n; μ_n + b), μ_n = max(0, n − b): outcomes enter the acceptance region in its order.
 * Between n and m R is equal at one λ in closed form; between such points the outcomes that come before n
 * are n + 1..m (above n) or m..n − 1 (below), so that their probability is a difference of two incomplete
 * gamma functions. μ belongs to the interval of n where it is less than CL.
 */
import { findRoot, gammaQ, normalSf } from "../numeric/mod.ts";

/** A confidence interval. */
export interface ConfidenceInterval {
  /** Lower end, ≥ 0. */
  readonly lower: number;
  /** Upper end. */
  readonly upper: number;
}

/** Options of a confidence interval. */
export interface ConfidenceOptions {
  /** Confidence level, in (0, 1); default 0.9. */
  readonly confidence?: number | undefined;
}

function checkConfidence(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence = ${confidence}: needs a number between 0 and 1`);
  }
  return confidence;
}

/** λ where n and m come in one place of the order; b where it is all one below b. */
function tie(n: number, m: number, b: number): number {
  const first = Math.max(n, b), second = Math.max(m, b);
  // ln R(n) = n ln(λ/λ_n) − λ + λ_n, λ_n = max(n, b)
  const log = (x: number, y: number) => x === 0 ? 0 : x * Math.log(y);
  return Math.exp((log(m, second) - log(n, first) + first - second) / (m - n));
}

/** P(from ≤ N ≤ to) for a Poisson mean. */
function between(from: number, to: number, mean: number): number {
  if (to < from) return 0;
  return gammaQ(to + 1, mean) - (from === 0 ? 0 : gammaQ(from, mean));
}

/** Greatest λ of the interval of n. */
function upperEnd(n: number, b: number, confidence: number): number {
  let best = NaN, left = Math.max(n, b), m = n;
  while (tie(n, m + 1, b) <= left) m++;
  for (;; m++) {
    const right = tie(n, m + 1, b), chance = (mean: number) => between(n + 1, m, mean) - confidence;
    if (chance(right) < 0) best = right;
    else if (chance(left) < 0) best = findRoot(chance, left, right);
    else if (gammaQ(n + 1, right) < 1e-3 * (1 - confidence)) return Number.isNaN(best) ? b : best;
    left = right;
  }
}

/** Least λ of the interval of n. */
function lowerEnd(n: number, b: number, confidence: number): number {
  if (n <= b) return b;
  let best = n, right = n;
  for (let m = n; right > b && m >= 0; m--) {
    const left = m === 0 ? b : Math.max(b, tie(n, m - 1, b));
    const chance = (mean: number) => between(m, n - 1, mean) - confidence;
    if (chance(left) < 0) best = left;
    else if (chance(right) < 0) best = findRoot(chance, left, right);
    right = left;
  }
  return best;
}

/**
 * Feldman and Cousins' interval of a signal over a known background: unified, never empty beside 0, with at
 * least the confidence asked for at any signal. Where the accepted signals have gaps, its ends are the
 * outermost ones. The correction that lets no upper end grow with less background is not made: it differs
 * from the published tables where they have it (n = 0, b = 3, 90 %: 0.95, in the tables 1.08).
 *
 * @param n Counts, whole, at least 0.
 * @param background Expected background counts, at least 0.
 * @param options Confidence level.
 * @returns Both ends, in signal counts.
 * @throws RangeError for counts that are not whole, a background below 0 or a level not in (0, 1).
 * @example
 * ```ts
 * import { feldmanCousins } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const { lower, upper } = feldmanCousins(8, 3);
 * ok(Math.abs(lower - 1.51) < 0.01 && Math.abs(upper - 10.99) < 0.01);
 * ```
 * @see Feldman & Cousins 1998, Phys. Rev. D 57, 3873, section IV
 */
export function feldmanCousins(
  n: number,
  background: number,
  options: ConfidenceOptions = {},
): ConfidenceInterval {
  const confidence = checkConfidence(options.confidence ?? 0.9);
  if (!Number.isInteger(n) || n < 0 || !(background >= 0) || background === Infinity) {
    throw new RangeError(`n = ${n}, background = ${background}: needs whole counts and both >= 0`);
  }
  return Object.freeze({
    lower: Math.max(0, lowerEnd(n, background, confidence) - background),
    upper: Math.max(0, upperEnd(n, background, confidence) - background),
  });
}

/**
 * Feldman and Cousins' interval of a mean that cannot be below 0, measured with a Gaussian of known width.
 *
 * @param x Measured value in standard deviations.
 * @param options Confidence level.
 * @returns Both ends in standard deviations; the lower one 0 up to x of the one-sided level.
 * @throws RangeError for an x that is not finite, or a level not in (0, 1).
 * @example
 * ```ts
 * import { feldmanCousinsGaussian } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * const { lower, upper } = feldmanCousinsGaussian(0);
 * strictEqual(lower, 0);
 * ok(Math.abs(upper - 1.64) < 0.01);
 * ```
 * @see Feldman & Cousins 1998, Phys. Rev. D 57, 3873, section IV B and table X
 */
export function feldmanCousinsGaussian(
  x: number,
  options: ConfidenceOptions = {},
): ConfidenceInterval {
  const confidence = checkConfidence(options.confidence ?? 0.9);
  if (!Number.isFinite(x)) throw new RangeError(`x = ${x}: needs a finite number`);
  // Chance of what comes before x: from x to the value with the same ratio, above or below.
  const above = (mu: number) => {
    const other = x >= 0 ? 2 * mu - x : mu + Math.sqrt(mu * mu - 2 * x * mu);
    return normalSf(x - mu) - normalSf(other - mu) - confidence;
  };
  const below = (mu: number) => {
    const other = 2 * mu >= x ? 2 * mu - x : x - x * x / (2 * mu);
    return normalSf(other - mu) - normalSf(x - mu) - confidence;
  };
  let high = Math.max(x, 0) + 1;
  while (above(high) < 0) high *= 2;
  const upper = findRoot(above, Math.max(x, 0), high);
  const isAtZero = x <= 0 || normalSf(-x) <= confidence;
  return Object.freeze({ lower: isAtZero ? 0 : findRoot(below, 1e-12 * x, x), upper });
}
