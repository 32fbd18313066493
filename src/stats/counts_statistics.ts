/*
 * Excess of counts over a known (Cash) or measured (W-stat) background: significance, errors, limits.
 *   s = n − b − μ     excess beyond an expected signal μ (on/off only; 0 where absent)
 *   TS = stat(0) − stat(best) = stat(0), √TS with the sign of s
 *   errors: Δstat = k² on each side of the best s; limits as those errors from the best s
 * The best s may be negative: so do the field's tools, and it has the right coverage of an interval. With
 * `bounded` the best s is taken not below 0, so that a deficit cannot give a limit below 0.
 */
import { halfDeviance } from "../numeric/mod.ts";
import type { KnownBackgroundCounts, OnOffCounts } from "./counts_significance.ts";
import { cashExcessAt, cashRise, wstatExcessAt, wstatRise } from "./_excess_roots.ts";
import { logPOfSigma } from "./survival.ts";
import { wstatBackground, wstatWith } from "./wstat.ts";

/** Counts of an on/off measurement with a signal that is expected anyway. */
export interface OnOffExcessCounts extends OnOffCounts {
  /** Expected signal counts, beyond which an excess is looked for; 0 where absent. */
  readonly expectedSignal?: number | undefined;
}

/** Counts over a known or a measured background. */
export type ExcessCounts = KnownBackgroundCounts | OnOffExcessCounts;

/** What is found of an excess. */
export interface ExcessStatistics {
  /** s: counts beyond the background and the expected signal. */
  readonly excess: number;
  /** One standard deviation, √n or √(n + α² n_off). */
  readonly error: number;
  /** Likelihood ratio of no excess, ≥ 0. */
  readonly ts: number;
  /** √TS with the sign of the excess: standard deviations. */
  readonly sqrtTs: number;
  /** Chance of a fluctuation as large in its own direction (one-sided, at most ½). */
  readonly pValue: number;
  /** ln of it, for any depth. */
  readonly logPValue: number;
}

/** Errors of an excess to both sides. */
export interface ExcessErrors {
  /** Downwards, ≥ 0. */
  readonly errn: number;
  /** Upwards, ≥ 0. */
  readonly errp: number;
}

/** How far from the best excess. */
export interface ExcessErrorOptions {
  /** Standard deviations; default 1. */
  readonly nSigma?: number | undefined;
}

/** How a limit is set. */
export interface ExcessLimitOptions {
  /** Standard deviations, one side of two: 2 is 97.7 %; default 3. */
  readonly nSigma?: number | undefined;
  /** Take the best excess not below 0, so that a limit is above 0; default false. */
  readonly bounded?: boolean | undefined;
}

/** The background that an excess stands over. */
export type BackgroundLevel =
  | Pick<KnownBackgroundCounts, "background">
  | Pick<OnOffCounts, "nOff" | "alpha">;

/** Numbers of a measurement: `off` is n_off, or the background where `alpha` is 0. */
type Core = (n: number, off: number, alpha: number, signal: number) => number;

function halfStat(n: number, off: number, alpha: number, signal: number): number {
  if (alpha === 0) return halfDeviance(n, off);
  return wstatWith(n, signal, off, alpha, wstatBackground(n, signal, off, alpha)) / 2;
}

/** Total excess where Δstat from the reference is k²; NaN for what cannot be. */
export function riseOf(
  n: number,
  off: number,
  alpha: number,
  signal: number,
  k: number,
  sign: 1 | -1,
  bounded: boolean,
): number {
  const isKnown = alpha === 0, b = isKnown ? off : alpha * off;
  const base = bounded && n - b - signal < 0 ? halfStat(n, off, alpha, signal) : 0;
  const c = base + k * k / 2;
  return isKnown ? cashRise(n, c, sign) - b : wstatRise(n, off, alpha, 2 * c, sign) - signal;
}

export const excessOf: Core = (n, off, alpha, signal) =>
  n - (alpha === 0 ? off : alpha * off) - signal;

export const excessErrorOf: Core = (n, off, alpha) => Math.sqrt(n + alpha * alpha * off);

export const tsOf: Core = (n, off, alpha, signal) => 2 * halfStat(n, off, alpha, signal);

/** Throws for what is no measurement. */
export function checkNumbers(n: number, off: number, alpha: number, isKnown: boolean): void {
  if (n < 0 || off < 0 || (!isKnown && !(alpha > 0))) {
    throw new RangeError(
      isKnown
        ? `nOn = ${n}, background = ${off}: needs numbers >= 0`
        : `nOn = ${n}, nOff = ${off}, alpha = ${alpha}: needs counts >= 0 and alpha > 0`,
    );
  }
}

export function checkSigma(nSigma: number): number {
  if (!(nSigma >= 0)) throw new RangeError(`nSigma = ${nSigma}: needs a number >= 0`);
  return nSigma;
}

function numbersOf(counts: ExcessCounts): readonly [number, number, number, number] {
  const isKnown = "background" in counts;
  const alpha = isKnown ? 0 : counts.alpha, off = isKnown ? counts.background : counts.nOff;
  checkNumbers(counts.nOn, off, alpha, isKnown);
  return [counts.nOn, off, alpha, isKnown ? 0 : counts.expectedSignal ?? 0];
}

/**
 * An excess with its significance: TS = 2 [b − n + n ln(n/b)] over a known background b, W(μ) over a measured
 * one, which without an expected signal is Li and Ma's S².
 *
 * @param counts nOn and background, or nOn, nOff, alpha and perhaps the expected signal.
 * @returns Excess, error, TS, √TS and the one-sided chance.
 * @throws RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessStatistics } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const { excess, sqrtTs } = excessStatistics({ nOn: 0, background: 8 });
 * strictEqual(excess, -8);
 * strictEqual(sqrtTs, -4);
 * ```
 * @see Cash 1979, ApJ 228, 939; Li & Ma 1983, ApJ 272, 317, eq. 17
 */
export function excessStatistics(counts: ExcessCounts): ExcessStatistics {
  const [n, off, alpha, signal] = numbersOf(counts), excess = excessOf(n, off, alpha, signal);
  const ts = tsOf(n, off, alpha, signal), size = Math.sqrt(ts);
  const logPValue = logPOfSigma(size, { sides: 1 });
  return Object.freeze({
    excess,
    error: excessErrorOf(n, off, alpha, signal),
    ts,
    sqrtTs: excess < 0 ? -size : excess === 0 ? 0 : size,
    pValue: Math.exp(logPValue),
    logPValue,
  });
}

/**
 * Errors of an excess to both sides: where the statistic has risen by n². Over a known background they are
 * those of n, in closed form: n (1 + δ), δ − ln(1 + δ) = n_σ²/2n (Lambert's W). Without counts there is none
 * downwards over a known background, and n_σ²/2 upwards.
 *
 * @param counts nOn and background, or nOn, nOff and alpha.
 * @param options How many standard deviations.
 * @returns Both errors.
 * @throws RangeError for negative counts, alpha not above 0 or nSigma below 0.
 * @example
 * ```ts
 * import { excessErrors } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const { errn, errp } = excessErrors({ nOn: 100, background: 20 });
 * ok(Math.abs(errn - 9.67) < 0.01 && Math.abs(errp - 10.34) < 0.01);
 * ```
 */
export function excessErrors(counts: ExcessCounts, options: ExcessErrorOptions = {}): ExcessErrors {
  const k = checkSigma(options.nSigma ?? 1), [n, off, alpha, signal] = numbersOf(counts);
  const excess = excessOf(n, off, alpha, signal);
  return Object.freeze({
    errn: excess - riseOf(n, off, alpha, signal, k, -1, false),
    errp: riseOf(n, off, alpha, signal, k, 1, false) - excess,
  });
}

/**
 * Upper limit of an excess: where the statistic has risen by n_σ² above its least.
 *
 * @param counts nOn and background, or nOn, nOff and alpha.
 * @param options How many standard deviations, and whether a deficit may give a limit below 0.
 * @returns The limit in counts.
 * @throws RangeError for negative counts, alpha not above 0 or nSigma below 0.
 * @example
 * ```ts
 * import { excessUpperLimit } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const counts = { nOn: 0, background: 3.5 };
 * strictEqual(excessUpperLimit(counts, { nSigma: 2, bounded: true }), 2);
 * strictEqual(excessUpperLimit(counts, { nSigma: 2 }), -1.5);
 * ```
 */
export function excessUpperLimit(counts: ExcessCounts, options: ExcessLimitOptions = {}): number {
  const k = checkSigma(options.nSigma ?? 3), [n, off, alpha, signal] = numbersOf(counts);
  return riseOf(n, off, alpha, signal, k, 1, options.bounded ?? false);
}

/**
 * Lower limit of an excess: where the statistic has risen by n_σ² above its least.
 *
 * @param counts nOn and background, or nOn, nOff and alpha.
 * @param options How many standard deviations, and whether the limit is held at 0.
 * @returns The limit in counts; with `bounded` at least 0.
 * @throws RangeError for negative counts, alpha not above 0 or nSigma below 0.
 * @example
 * ```ts
 * import { excessLowerLimit } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * ok(excessLowerLimit({ nOn: 30, nOff: 10, alpha: 0.5 }) > 0);
 * strictEqual(excessLowerLimit({ nOn: 4, nOff: 10, alpha: 0.5 }, { bounded: true }), 0);
 * ```
 */
export function excessLowerLimit(counts: ExcessCounts, options: ExcessLimitOptions = {}): number {
  const k = checkSigma(options.nSigma ?? 3), [n, off, alpha, signal] = numbersOf(counts);
  const limit = riseOf(n, off, alpha, signal, k, -1, false);
  return options.bounded === true ? Math.max(0, limit) : limit;
}

/** Excess of a significance over a background of plain numbers. */
export function excessAt(off: number, alpha: number, sqrtTs: number): number {
  const c = sqrtTs * sqrtTs / 2, sign = sqrtTs < 0 ? -1 : 1;
  if (Number.isNaN(c)) return NaN;
  // So small that its square loses digits: linear.
  if (c < 1e-200 && off > 0) {
    return sqrtTs * Math.sqrt(alpha === 0 ? off : alpha * (1 + alpha) * off);
  }
  return alpha === 0 ? cashExcessAt(off, c, sign) : wstatExcessAt(off, alpha, c, sign);
}

/**
 * The excess that has a significance: the inverse of √TS.
 *
 * @param background The known background, or nOff and alpha.
 * @param sqrtTs Standard deviations; below 0 a deficit.
 * @returns Excess counts, not necessarily whole; NaN for a deficit that no counts would not reach; 0 over a
 * background known to be 0, where any count is significant.
 * @throws RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessForSignificance, excessStatistics } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const excess = excessForSignificance({ nOff: 20, alpha: 0.25 }, 5);
 * const { sqrtTs } = excessStatistics({ nOn: 5 + excess, nOff: 20, alpha: 0.25 });
 * ok(Math.abs(sqrtTs - 5) < 1e-12);
 * ```
 */
export function excessForSignificance(background: BackgroundLevel, sqrtTs: number): number {
  const [, off, alpha] = numbersOf({ nOn: 0, ...background });
  return excessAt(off, alpha, sqrtTs);
}
