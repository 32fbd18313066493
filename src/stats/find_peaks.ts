/*
 * Candidates of a search: local maxima of a statistic over the grid, in ln p, the best of each cluster.
 */
import { logHTestSf } from "./h_test_sf.ts";
import type { Periodogram } from "./periodogram.ts";
import { logSearchP } from "./search_trials.ts";
import { logChi2Sf, logPAfterTrials, logZ2nSf } from "./survival.ts";

/** A candidate of a search. */
export interface Candidate {
  /** Frequency at the reference, Hz. */
  readonly f0Hz: number;
  /** Its derivative, Hz/s. */
  readonly f1HzPerS: number;
  /** Value of the statistic. */
  readonly value: number;
  /** Harmonics of it: n of Z²_n, the m at which H stands; 0 for χ². */
  readonly harmonic: number;
  /** ln p of one trial. */
  readonly logP: number;
  /** Trials it was corrected for: p after trials over p of one. */
  readonly trials: number;
  /** ln p after trials. */
  readonly logPAfterTrials: number;
  /** Place in the grid: frequency. */
  readonly i: number;
  /** Place in the grid: derivative. */
  readonly j: number;
}

/** What is a candidate. */
export interface FindPeaksOptions {
  /** "h", "chi2", or the n of Z²_n; all harmonics of the periodogram. */
  readonly statistic?: "h" | "chi2" | number | undefined;
  /** Greatest ln p after trials; ln 0.01. */
  readonly maxLogP?: number | undefined;
  /** Independent trials of the whole search, from `calibrateTrials`. Without: `logSearchP` for Z²_n, the
   * number of grid points, an upper bound, for H and χ². */
  readonly trials?: number | undefined;
  /** Of a search in parts: trials of all parts over those of this one; `tile.count`. */
  readonly parts?: number | undefined;
  /** Peaks closer than this in frequency, and than 4/T² in derivative, belong to the best of them, Hz;
   * 2.5/spanS: beyond it the side lobes of an even observation are below 2 %. */
  readonly separationHz?: number | undefined;
  /** Most candidates; 100. */
  readonly maxPeaks?: number | undefined;
}

interface Statistic {
  readonly values: Float64Array;
  readonly logSf: (value: number) => number;
  readonly harmonicAt: (at: number) => number;
  readonly z2n: number;
}

function statisticOf(of: Periodogram, name: "h" | "chi2" | number): Statistic {
  if (name === "h") {
    const options = { maxHarmonic: of.maxHarmonic };
    return {
      values: of.h,
      logSf: (h) => logHTestSf(h, options),
      harmonicAt: (at) => of.hHarmonic[at]!,
      z2n: 0,
    };
  }
  if (name === "chi2") {
    if (of.chi2 === undefined) throw new TypeError(`A periodogram by "${of.method}" has no chi2`);
    return {
      values: of.chi2,
      logSf: (x) => logChi2Sf(x, of.chi2Dof!),
      harmonicAt: () => 0,
      z2n: 0,
    };
  }
  const values = of.z2[name - 1];
  if (values === undefined) {
    throw new RangeError(`Z²_${name} of a periodogram with ${of.maxHarmonic} harmonics`);
  }
  return { values, logSf: (z2) => logZ2nSf(z2, name), harmonicAt: () => name, z2n: name };
}

/** Places whose value no neighbour exceeds (of equal ones the first), at least `least`. */
function localMaxima(values: Float64Array, M: number, nF1: number, least: number): number[] {
  const found: number[] = [];
  for (let j = 0; j < nF1; j++) {
    for (let i = 0; i < M; i++) {
      const at = j * M + i, value = values[at]!;
      if (!(value >= least)) continue;
      let isPeak = true;
      for (let b = Math.max(0, j - 1); b <= Math.min(nF1 - 1, j + 1) && isPeak; b++) {
        for (let a = Math.max(0, i - 1); a <= Math.min(M - 1, i + 1); a++) {
          const other = values[b * M + a]!, place = b * M + a;
          if (other > value || (other === value && place < at)) isPeak = false;
        }
      }
      if (isPeak) found.push(at);
    }
  }
  return found;
}

/**
 * The candidates of a periodogram, the most significant first.
 *
 * @param of A periodogram.
 * @param options Statistic, threshold, trials, separation.
 * @returns Candidates, owned by the caller; empty where nothing is significant.
 * @throws RangeError for harmonics that the periodogram does not have; TypeError for χ² without profiles.
 * @example
 * ```ts
 * import { eventPeriodogram, findPeaks } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const timeS = Float64Array.from({ length: 200 }, (_, i) => i / 2 + 0.1);
 * const found = findPeaks(eventPeriodogram({ timeS }, { f0CentreHz: 2, spanS: 100, nTrials: 51 }));
 * strictEqual(found.length, 1);
 * strictEqual(found[0]!.f0Hz, 2);
 * ```
 */
export function findPeaks(of: Periodogram, options: FindPeaksOptions = {}): Candidate[] {
  const { maxLogP = Math.log(0.01), maxPeaks = 100, parts = of.tile.count } = options;
  const M = of.f0Hz.length, nF1 = of.f1HzPerS.length, nGrid = M * nF1 * parts;
  const one = statisticOf(of, options.statistic ?? of.maxHarmonic), { values, logSf } = one;
  const f1BandHzPerS = Math.max(...of.f1HzPerS) - Math.min(...of.f1HzPerS);
  const volume = {
    n: one.z2n,
    bandHz: M * of.stepHz * parts,
    spanS: of.spanS,
    f1BandHzPerS,
    nGrid,
  };
  const corrected = (value: number, logP: number): number => {
    if (options.trials !== undefined) return logPAfterTrials(logP, options.trials);
    return one.z2n > 0 ? logSearchP(value, volume) : logPAfterTrials(logP, nGrid);
  };
  // One trial is never less likely than the search: a first cut without a special function an element.
  let least = 0, high = 1;
  while (logSf(high) > maxLogP) high *= 2;
  for (let k = 0; k < 30; k++) {
    const middle = (least + high) / 2;
    if (logSf(middle) > maxLogP) least = middle;
    else high = middle;
  }
  const peaks: Candidate[] = [];
  for (const at of localMaxima(values, M, nF1, least)) {
    const value = values[at]!, logP = logSf(value), after = corrected(value, logP);
    if (!(after <= maxLogP)) continue;
    const i = at % M, j = Math.floor(at / M);
    peaks.push({
      f0Hz: of.f0Hz[i]!,
      f1HzPerS: of.f1HzPerS[j]!,
      value,
      harmonic: one.harmonicAt(at),
      logP,
      trials: options.trials ?? Math.exp(after - logP),
      logPAfterTrials: after,
      i,
      j,
    });
  }
  peaks.sort((a, b) => a.logP - b.logP);
  const separationHz = options.separationHz ?? (of.spanS > 0 ? 2.5 / of.spanS : 0);
  const separationF1 = of.spanS > 0 ? 4 / of.spanS ** 2 : 0, kept: Candidate[] = [];
  for (const peak of peaks) {
    if (kept.length >= maxPeaks) break;
    const isNear = kept.some((other) =>
      Math.abs(other.f0Hz - peak.f0Hz) <= separationHz &&
      Math.abs(other.f1HzPerS - peak.f1HzPerS) <= separationF1
    );
    if (!isNear) kept.push(peak);
  }
  return kept;
}

/** A range of frequency derivatives. */
export interface F1StepsOptions {
  /** Least derivative, Hz/s. */
  readonly fromHzPerS: number;
  /** Greatest, Hz/s. */
  readonly toHzPerS: number;
  /** Length of the observation T, seconds. */
  readonly spanS: number;
  /** Highest harmonic that matters k; 1: the step is divided by it. */
  readonly harmonic?: number | undefined;
  /** Steps in 1/T²; 1. Half a step leaves 1/16 cycle between the middle and the ends. */
  readonly oversampling?: number | undefined;
}

/**
 * Frequency derivatives for a search, at most 1/(oversampling k T²) apart, both ends included.
 *
 * @param options Range, length, harmonic.
 * @returns Derivatives ascending, Hz/s; one, the middle, where the range is within one step.
 * @throws RangeError for a range that does not ascend, or a length not above 0, or more than 2²⁰ steps.
 * @example
 * ```ts
 * import { f1Steps } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...f1Steps({ fromHzPerS: -2e-8, toHzPerS: 0, spanS: 1e4 })], [-2e-8, -1e-8, 0]);
 * ```
 */
export function f1Steps(options: F1StepsOptions): Float64Array {
  const { fromHzPerS, toHzPerS, spanS, harmonic = 1, oversampling = 1 } = options;
  if (!(toHzPerS >= fromHzPerS && spanS > 0 && harmonic > 0 && oversampling > 0)) {
    throw new RangeError(
      `f1Steps from ${fromHzPerS} to ${toHzPerS} Hz/s over ${spanS} s: needs an ascending range and a ` +
        `length above 0`,
    );
  }
  const width = toHzPerS - fromHzPerS, steps = width * spanS * spanS * harmonic * oversampling;
  const n = steps < 1e-9 ? 0 : Math.max(1, Math.ceil(steps - 1e-9));
  if (n > 2 ** 20) {
    throw new RangeError(`f1Steps: ${n} steps, more than 2^20: search parts of the range`);
  }
  if (n === 0) return Float64Array.of(fromHzPerS + width / 2);
  return Float64Array.from(
    { length: n + 1 },
    (_, i) => i === n ? toHzPerS : fromHzPerS + width * i / n,
  );
}
