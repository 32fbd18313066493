/*
 * From one search by differences of times to the next: which γ = ḟ/f to try, and the coherent grids about a
 * candidate. T the length, T_w the window: γ in steps of 1/(f_max T T_w); f within 1/T_w.
 */
import type { Candidate } from "./find_peaks.ts";
import type { PeriodogramOptions } from "./periodogram_plan.ts";
import type { DifferencePlan } from "./time_differences.ts";

/** A range of γ = ḟ/f. */
export interface GammaStepsOptions {
  /** Least γ, 1/s. */
  readonly fromPerS: number;
  /** Greatest, 1/s. */
  readonly toPerS: number;
  /** Greatest frequency, Hz. */
  readonly maxFrequencyHz: number;
  /** Length of the observation, seconds. */
  readonly spanS: number;
  /** Window T_w, seconds. */
  readonly windowS: number;
}

/**
 * Values of γ = ḟ/f for a search by differences: at most 1/(f_max T T_w) apart, so that half a step moves the
 * frequency by no more than 1/(4 T_w) from the middle to an end.
 *
 * @param options Range, frequency, length, window.
 * @returns γ ascending, 1/s, both ends included.
 * @throws RangeError for a range that does not ascend, or more than 2²⁰ steps.
 * @example
 * ```ts
 * import { gammaSteps } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const options = { maxFrequencyHz: 10, spanS: 1e6, windowS: 1e3 };
 * strictEqual(gammaSteps({ fromPerS: -1e-9, toPerS: 0, ...options }).length, 11);
 * ```
 */
export function gammaSteps(options: GammaStepsOptions): Float64Array {
  const { fromPerS, toPerS, maxFrequencyHz, spanS, windowS } = options;
  const n = Math.ceil((toPerS - fromPerS) * maxFrequencyHz * spanS * windowS - 1e-9);
  if (!(n >= 0 && n <= 2 ** 20)) {
    throw new RangeError(
      `gammaSteps from ${fromPerS} to ${toPerS} 1/s: ${n} steps, expected 0 to 2^20`,
    );
  }
  return Float64Array.from(
    { length: n + 1 },
    (_, i) => i === n ? toPerS : fromPerS + (toPerS - fromPerS) * i / n,
  );
}

/** The coherent search about a candidate. */
export interface FollowUpOptions {
  /** Length of the observation, seconds. */
  readonly spanS: number;
  /** Harmonics; 2. */
  readonly maxHarmonic?: number | undefined;
  /** Width to each side of the frequency in steps of 1/T_w; 1. */
  readonly windowsAside?: number | undefined;
  /** Width to each side of the derivative in steps of f/(f_max T T_w); 1. */
  readonly gammasAside?: number | undefined;
}

/**
 * The grids of a coherent search over what a candidate by differences leaves open.
 *
 * @param candidate Of `differencePeaks`.
 * @param plan The search that it comes from.
 * @param options Length, harmonics, width.
 * @returns Periodogram options, each of at most 64 derivatives; together they cover the candidate.
 * @throws RangeError for a length not above 0.
 * @example
 * ```ts
 * import { createDifferencePlan, followUpTiles } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const plan = createDifferencePlan({ maxFrequencyHz: 64, windowS: 1024 });
 * const tiles = followUpTiles({ f0Hz: 7.3, f1HzPerS: 0 }, plan, { spanS: 1e6 });
 * ok(tiles.every((tile) => tile.f0CentreHz === 7.3));
 * ```
 */
export function followUpTiles(
  candidate: Pick<Candidate, "f0Hz" | "f1HzPerS">,
  plan: DifferencePlan,
  options: FollowUpOptions,
): PeriodogramOptions[] {
  const { spanS, maxHarmonic = 2, windowsAside = 1, gammasAside = 1 } = options;
  if (!(spanS > 0)) {
    throw new RangeError(`followUpTiles: a length of ${spanS} s, needs more than 0`);
  }
  const { windowS, maxFrequencyHz, referenceS } = plan, oversampling = 5;
  const nTrials = 2 * Math.ceil(windowsAside * oversampling * spanS / windowS) + 1;
  const aside = gammasAside * candidate.f0Hz / (maxFrequencyHz * spanS * windowS);
  const each = 1 / (maxHarmonic * spanS * spanS), n = Math.ceil(aside / each);
  const f1 = Array.from({ length: 2 * n + 1 }, (_, i) => candidate.f1HzPerS + (i - n) * aside / n);
  const parts = Math.ceil(f1.length / 64);
  return Array.from({ length: parts }, (_, index) => ({
    f0CentreHz: candidate.f0Hz,
    nTrials,
    spanS,
    oversampling,
    maxHarmonic,
    referenceS,
    f1HzPerS: f1.slice(64 * index, 64 * (index + 1)),
    tile: { index, count: parts },
  }));
}
