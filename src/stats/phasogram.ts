/*
 * Statistics of a folded profile: P_j = Σw in phase bin j of n equal bins.
 */
import type { TestResult } from "./event_statistics.ts";
import { logChi2Sf } from "./survival.ts";

/** A folding test: χ², its degrees of freedom and chance. */
export interface FoldingTestResult extends TestResult {
  /** Degrees of freedom: bins less one. */
  readonly dof: number;
}

/** Sums over the weights of all events. */
export interface WeightSums {
  /** Σw. */
  readonly sumW: number;
  /** Σw². */
  readonly sumW2: number;
}

/**
 * Epoch-folding χ² of a profile of equal exposure: Σ (P_j - P̄)²/V, V the mean variance of a bin (P̄
 * itself for counts, Σw²/n for weights).
 *
 * @param profile counts or sums of weights in each phase bin, at least 2 bins
 * @param sumW2 Σw² in each bin where the profile is weighted
 * @returns χ², degrees of freedom n - 1, p and ln p; NaN for an empty profile
 * @throws TypeError for fewer than 2 bins or another number of variances
 * @example
 * ```ts
 * import { foldingTest } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * const { value, dof } = foldingTest([10, 30]);
 * equal(value, 10);
 * equal(dof, 1);
 * ```
 * Source: Leahy et al. 1983, ApJ 266, 160.
 */
export function foldingTest(
  profile: ArrayLike<number>,
  sumW2?: ArrayLike<number>,
): FoldingTestResult {
  const n = profile.length;
  if (n < 2) throw new TypeError(`foldingTest: ${n} bins, needs at least 2`);
  if (sumW2 !== undefined && sumW2.length !== n) {
    throw new TypeError(`foldingTest: ${sumW2.length} variances for ${n} bins`);
  }
  let sum = 0, variance = 0;
  for (let j = 0; j < n; j++) {
    sum += profile[j]!;
    variance += sumW2 === undefined ? profile[j]! : sumW2[j]!;
  }
  const mean = sum / n;
  let squares = 0;
  for (let j = 0; j < n; j++) squares += (profile[j]! - mean) ** 2;
  const value = squares / (variance / n), dof = n - 1;
  const logP = Number.isNaN(value) ? NaN : logChi2Sf(value, dof);
  return { value, dof, p: Math.exp(logP), logP };
}

/**
 * Errors of a weighted phasogram: √Σw² of each bin.
 *
 * @param sumW2 Σw² in each phase bin (the counts, where there are no weights)
 * @returns one standard deviation of each bin, owned by the caller
 * @example
 * ```ts
 * import { phasogramErrors } from "@gammarx/gammarx/stats";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual([...phasogramErrors([4, 9])], [2, 3]);
 * ```
 * Source: Abdo et al. 2013, ApJS 208, 17 (2PC), section 5.1.
 */
export function phasogramErrors(sumW2: ArrayLike<number>): Float64Array {
  const out = new Float64Array(sumW2.length);
  for (let j = 0; j < out.length; j++) out[j] = Math.sqrt(sumW2[j]!);
  return out;
}

/**
 * Background level of a phasogram whose weights are probabilities to come from the pulsar:
 * Σ w(1 - w)/n = (Σw - Σw²)/n a bin.
 *
 * @param sums Σw and Σw² over all events
 * @param nBins number of phase bins
 * @returns level in units of the weighted profile
 * @throws RangeError for a number of bins that is no integer above 0
 * @example
 * ```ts
 * import { phasogramBackground } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(phasogramBackground({ sumW: 100, sumW2: 60 }, 10), 4);
 * ```
 * Source: Abdo et al. 2013, ApJS 208, 17 (2PC), section 5.1.
 */
export function phasogramBackground(sums: WeightSums, nBins: number): number {
  if (!(Number.isInteger(nBins) && nBins >= 1)) {
    throw new RangeError(`phasogramBackground: ${nBins} bins, needs an integer above 0`);
  }
  return (sums.sumW - sums.sumW2) / nBins;
}
