/*
 * Significance of counts over background.
 *   nOn counts in the source region, nOff in the background region, alpha ratio of exposures on/off
 * Both likelihood ratios are written as deviances n (λ - 1 - ln λ) ≥ 0, λ = expected/observed, whose sum
 * is free of cancellation also where the excess is small.
 */
import { halfDeviance } from "../numeric/mod.ts";

/** Counts of an on/off measurement. */
export interface OnOffCounts {
  /** Counts in the source region, at least 0. */
  readonly nOn: number;
  /** Counts in the background region, at least 0. */
  readonly nOff: number;
  /** Exposure of the source region over that of the background region, above 0. */
  readonly alpha: number;
}

/** Counts over a known background. */
export interface KnownBackgroundCounts {
  /** Counts in the source region, at least 0. */
  readonly nOn: number;
  /** Expected background counts there, at least 0. */
  readonly background: number;
}

/** Excess counts with one standard deviation. */
export interface Excess {
  /** Counts above the background. */
  readonly excess: number;
  /** One standard deviation. */
  readonly excessError: number;
}

/**
 * Half of Li and Ma's S² of plain numbers, for loops; they are not checked.
 *
 * @param nOn Counts in the source region, >= 0; need not be whole.
 * @param nOff Counts in the background region, >= 0.
 * @param alpha Exposure of the source region over that of the background region, > 0.
 * @returns S²/2, >= 0, for an excess and a deficit alike.
 * @example
 * ```ts
 * import { halfLiMa } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(halfLiMa(10, 0, 0.5) - 10 * Math.log(3)) < 1e-13);
 * ```
 * Source: Li & Ma 1983, ApJ 272, 317, eq. 17.
 */
export function halfLiMa(nOn: number, nOff: number, alpha: number): number {
  const muOff = (nOn + nOff) / (1 + alpha), deficit = (alpha * nOff - nOn) / (1 + alpha);
  return halfDeviance(nOn, alpha * muOff, deficit) + halfDeviance(nOff, muOff, -deficit);
}

function checkOnOff({ nOn, nOff, alpha }: OnOffCounts): void {
  if (nOn < 0 || nOff < 0 || !(alpha > 0)) {
    throw new RangeError(
      `nOn = ${nOn}, nOff = ${nOff}, alpha = ${alpha}: needs counts >= 0 and alpha > 0`,
    );
  }
}

/**
 * Significance of an on/off measurement, positive for an excess and negative for a deficit:
 * S = √2 {nOn ln[(1+α)/α · nOn/(nOn+nOff)] + nOff ln[(1+α) nOff/(nOn+nOff)]}^½.
 * Limits: nOff = 0 gives √(2 nOn ln((1+α)/α)), nOn = 0 gives -√(2 nOff ln(1+α)), none of both 0.
 *
 * @param counts nOn, nOff and alpha; counts need not be whole
 * @returns significance in standard deviations
 * @throws RangeError for negative counts or alpha not above 0
 * @example
 * ```ts
 * import { liMaSignificance } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const s = liMaSignificance({ nOn: 10, nOff: 0, alpha: 0.5 });
 * ok(Math.abs(s - Math.sqrt(20 * Math.log(3))) < 1e-14);
 * ```
 * Source: Li & Ma 1983, ApJ 272, 317, eq. 17.
 */
export function liMaSignificance(counts: OnOffCounts): number {
  checkOnOff(counts);
  const { nOn, nOff, alpha } = counts;
  return Math.sign(nOn - alpha * nOff) * Math.sqrt(2 * halfLiMa(nOn, nOff, alpha));
}

/**
 * Significance over a known background, positive for an excess and negative for a deficit:
 * S = {2 [n ln(n/b) - (n - b)]}^½.
 *
 * @param counts nOn and background
 * @returns significance in standard deviations; Infinity where b = 0 and n > 0
 * @throws RangeError for negative numbers
 * @example
 * ```ts
 * import { cashSignificance } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(cashSignificance({ nOn: 0, background: 8 }), -4);
 * ```
 * Source: Cash 1979, ApJ 228, 939.
 */
export function cashSignificance(counts: KnownBackgroundCounts): number {
  const { nOn, background } = counts;
  if (nOn < 0 || background < 0) {
    throw new RangeError(`nOn = ${nOn}, background = ${background}: needs numbers >= 0`);
  }
  return Math.sign(nOn - background) * Math.sqrt(2 * halfDeviance(nOn, background));
}

/**
 * Excess of an on/off measurement: nOn - α nOff with √(nOn + α² nOff).
 *
 * @param counts nOn, nOff and alpha
 * @returns excess and its standard deviation
 * @throws RangeError for negative counts or alpha not above 0
 * @example
 * ```ts
 * import { onOffExcess } from "@gammarx/gammarx/stats";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(onOffExcess({ nOn: 20, nOff: 20, alpha: 0.5 }), { excess: 10, excessError: 5 });
 * ```
 * Source: Li & Ma 1983, ApJ 272, 317, eq. 4.
 */
export function onOffExcess(counts: OnOffCounts): Excess {
  checkOnOff(counts);
  const { nOn, nOff, alpha } = counts;
  return { excess: nOn - alpha * nOff, excessError: Math.sqrt(nOn + alpha * alpha * nOff) };
}

/**
 * Excess over a known background: n - b with √n.
 *
 * @param counts nOn and background
 * @returns excess and its standard deviation
 * @throws RangeError for negative numbers
 * @example
 * ```ts
 * import { cashExcess } from "@gammarx/gammarx/stats";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(cashExcess({ nOn: 16, background: 10 }), { excess: 6, excessError: 4 });
 * ```
 */
export function cashExcess(counts: KnownBackgroundCounts): Excess {
  const { nOn, background } = counts;
  if (nOn < 0 || background < 0) {
    throw new RangeError(`nOn = ${nOn}, background = ${background}: needs numbers >= 0`);
  }
  return { excess: nOn - background, excessError: Math.sqrt(nOn) };
}
