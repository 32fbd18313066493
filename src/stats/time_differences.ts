/*
 * Semi-coherent blind search by differences of times. For γ = ḟ/f a stretched time t' = τ + ½ γ τ² has a
 * steady frequency; differences of at most a window T_w then add up to
 *   P(f) = Σ_{pairs} w_i w_j cos 2πf (t'_i − t'_j),  variance ½ Σ (w_i w_j)² without a signal
 * from one transform of their histogram. Its bins are half a period of f_max wide; steps of f are 1/(2 T_w).
 */
import {
  cos2pi,
  createFftPlan,
  fftInPlace,
  goodFftSize,
  logNormalSf,
  sin2pi,
} from "../numeric/mod.ts";
import { findLargest } from "./_find_largest.ts";
import type { Candidate } from "./find_peaks.ts";
import { logPAfterTrials } from "./survival.ts";

/** What a search by differences looks at. */
export interface DifferenceOptions {
  /** Greatest frequency f_max, Hz. */
  readonly maxFrequencyHz: number;
  /** Longest difference T_w, seconds. */
  readonly windowS: number;
  /** γ = ḟ/f to try, 1/s; [0]. See `gammaSteps`. */
  readonly gammaPerS?: readonly number[] | Float64Array | undefined;
  /** Time to which frequencies belong; 0. */
  readonly referenceS?: number | undefined;
  /** Most events within a window; 2²⁰. */
  readonly maxEventsInWindow?: number | undefined;
  /** Memory that may be used, bytes; 2³⁰. */
  readonly maxBytes?: number | undefined;
}

/** A checked search with its cost. */
export interface DifferencePlan {
  /** Greatest frequency, Hz. */
  readonly maxFrequencyHz: number;
  /** Longest difference, seconds. */
  readonly windowS: number;
  /** γ to try, 1/s. */
  readonly gammaPerS: readonly number[];
  /** Time to which frequencies belong. */
  readonly referenceS: number;
  /** Bins of the histogram of each γ. */
  readonly nBins: number;
  /** Their width, seconds. */
  readonly binS: number;
  /** Most events within a window. */
  readonly maxEventsInWindow: number;
  /** Of the histograms. */
  readonly stateBytes: number;
  /** Of the histograms and a copy, of events kept at most (16 bytes each, at both ends), and of a readout. */
  readonly memoryBytes: number;
}

/**
 * Checks a search by differences and says what it costs.
 *
 * @param options Greatest frequency, window, γ.
 * @returns A frozen record.
 * @throws RangeError for numbers out of range, and where more memory is needed than `maxBytes`.
 * @example
 * ```ts
 * import { createDifferencePlan } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createDifferencePlan({ maxFrequencyHz: 64, windowS: 1024 }).nBins, 131072);
 * ```
 */
export function createDifferencePlan(options: DifferenceOptions): DifferencePlan {
  const { maxFrequencyHz, windowS, gammaPerS = [0], referenceS = 0 } = options;
  const { maxEventsInWindow = 2 ** 20, maxBytes = 2 ** 30 } = options;
  const gamma = Array.from(gammaPerS), wanted = 2 * maxFrequencyHz * windowS;
  if (
    !(maxFrequencyHz > 0 && windowS > 0 && wanted >= 16 && wanted <= 2 ** 29) ||
    ![referenceS, ...gamma].every(Number.isFinite) || gamma.length === 0 ||
    !(maxEventsInWindow >= 1 && maxEventsInWindow <= 2 ** 27)
  ) {
    throw new RangeError(
      `Differences up to ${windowS} s at up to ${maxFrequencyHz} Hz for ${gamma.length} γ: needs 16 to ` +
        `2^29 bins of half a period, and finite γ`,
    );
  }
  const nBins = goodFftSize(wanted), stateBytes = 8 * nBins * gamma.length;
  // a result is a copy; four arrays of a transform, its twiddles, powers
  const memoryBytes = 2 * stateBytes + 56 * nBins + 32 * maxEventsInWindow;
  if (memoryBytes > maxBytes) {
    throw new RangeError(
      `${nBins} bins for each of ${gamma.length} γ need ${memoryBytes} bytes, more than maxBytes = ` +
        `${maxBytes}: try fewer γ at a time, a shorter window, or raise it`,
    );
  }
  return Object.freeze({
    maxFrequencyHz,
    windowS,
    gammaPerS: Object.freeze(gamma),
    referenceS,
    nBins,
    binS: windowS / nBins,
    maxEventsInWindow,
    stateBytes,
    memoryBytes,
  });
}

/** Events of a window, ascending: times about the reference and weights. */
export interface WindowEvents {
  /** Times less the reference, seconds. */
  readonly tauS: Float64Array;
  /** Weights. */
  readonly weight: Float64Array;
  /** First that counts. */
  from: number;
  /** One after the last. */
  to: number;
}

/**
 * Adds the differences of one event to those before it.
 *
 * @param plan The search.
 * @param histograms Histograms of all γ, one after the other; changed.
 * @param before Earlier events; those further than the window do not count.
 * @param event Time less the reference, and weight.
 * @returns Number of pairs, and Σ (w_i w_j)².
 * @example
 * ```ts
 * import { addDifferences, createDifferencePlan } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const plan = createDifferencePlan({ maxFrequencyHz: 1, windowS: 16 });
 * const before = { tauS: Float64Array.of(0, 1), weight: Float64Array.of(1, 1), from: 0, to: 2 };
 * const histograms = new Float64Array(plan.nBins);
 * strictEqual(addDifferences(plan, histograms, before, { tauS: 3, weight: 1 }).pairs, 2);
 * strictEqual(histograms[6], 1);
 * ```
 */
export function addDifferences(
  plan: DifferencePlan,
  histograms: Float64Array,
  before: Readonly<WindowEvents>,
  event: { readonly tauS: number; readonly weight: number },
): { readonly pairs: number; readonly squares: number } {
  const { windowS, nBins, binS, gammaPerS } = plan, { tauS, weight, to } = before;
  const t = event.tauS, w = event.weight, perBin = 1 / binS;
  let from = to, squares = 0;
  while (from > before.from && t - tauS[from - 1]! < windowS) from--;
  for (let i = from; i < to; i++) squares += (w * weight[i]!) ** 2;
  for (let g = 0; g < gammaPerS.length; g++) {
    const half = gammaPerS[g]! / 2, offset = g * nBins;
    for (let i = from; i < to; i++) {
      // t' difference = (t − s)(1 + γ (t + s)/2): no cancellation
      const s = tauS[i]!, bin = ((t - s) * (1 + half * (t + s)) * perBin) | 0;
      if (bin < nBins && bin >= 0) {
        histograms[offset + bin] = histograms[offset + bin]! + w * weight[i]!;
      }
    }
  }
  return { pairs: to - from, squares };
}

/** Sums of a search by differences. */
export interface DifferenceSums {
  /** Histograms of all γ, one after the other. */
  readonly histograms: Float64Array;
  /** Σ (w_i w_j)² of all pairs. */
  readonly squares: number;
}

/** What is a candidate by differences. */
export interface DifferencePeaksOptions {
  /** Least significance P/σ; 5. */
  readonly minSigma?: number | undefined;
  /** Most candidates of each γ; 20. */
  readonly maxPeaks?: number | undefined;
  /** Least frequency, Hz; 10/T_w. */
  readonly fromHz?: number | undefined;
}

/**
 * The candidates of a search by differences.
 *
 * @param plan The search.
 * @param sums Histograms.
 * @param options Threshold and number.
 * @returns Candidates, the most significant first: `value` is P/σ, `f1HzPerS` = γ f, `j` the place of γ. The
 *   frequency is good to 1/T_w, the derivative to the step of γ: follow up with `followUpTiles`.
 * @example
 * ```ts
 * import { createDifferencePlan, differencePeaks } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const plan = createDifferencePlan({ maxFrequencyHz: 4, windowS: 16 });
 * // events every half second: differences at every fourth bin
 * const histograms = Float64Array.from({ length: plan.nBins }, (_, i) => i % 4 === 0 ? 50 : 0);
 * const [best] = differencePeaks(plan, { histograms, squares: 1600 }, { fromHz: 1 });
 * strictEqual(best!.f0Hz, 2);
 * ```
 * Source: Atwood et al. 2006, ApJ 652, L49; Ziegler et al. 2008, ApJ 680, 620.
 */
export function differencePeaks(
  plan: DifferencePlan,
  sums: DifferenceSums,
  options: DifferencePeaksOptions = {},
): Candidate[] {
  const { nBins: n, windowS, gammaPerS } = plan, { minSigma = 5, maxPeaks = 20 } = options;
  const sigma = Math.sqrt(sums.squares / 2), fft = createFftPlan(n), out: Candidate[] = [];
  const re = new Float64Array(n), im = new Float64Array(n), half = Math.floor(n / 2);
  const power = new Float64Array(2 * half);
  const first = Math.max(1, Math.ceil((options.fromHz ?? 10 / windowS) * 2 * windowS));
  const last = Math.min(2 * half - 1, Math.floor(plan.maxFrequencyHz * 2 * windowS));
  const trials = Math.max(1, last - first + 1) * gammaPerS.length;
  gammaPerS.forEach((gamma, j) => {
    const histogram = sums.histograms.subarray(j * n, (j + 1) * n);
    let mean = 0;
    for (let d = 0; d < n; d++) mean += histogram[d]! / n;
    for (const shift of [0, 1]) {
      // frequencies (m + shift/2)/T_w; differences stand for the middle of their bin
      for (let d = 0; d < n; d++) {
        const cycles = shift * d / (2 * n), value = histogram[d]! - mean;
        re[d] = value * cos2pi(cycles);
        im[d] = -value * sin2pi(cycles);
      }
      fftInPlace(fft, { re, im });
      for (let m = 0; m < half; m++) {
        const cycles = (m + shift / 2) / (2 * n);
        power[2 * m + shift] = (re[m]! * cos2pi(cycles) + im[m]! * sin2pi(cycles)) / sigma;
      }
    }
    for (const m of findLargest(power, { first, last, least: minSigma, most: maxPeaks })) {
      const f0Hz = m / (2 * windowS), value = power[m]!, logP = logNormalSf(value);
      out.push({
        f0Hz,
        f1HzPerS: f0Hz * gamma,
        value,
        harmonic: 0,
        logP,
        trials,
        logPAfterTrials: logPAfterTrials(logP, trials),
        i: m,
        j,
      });
    }
  });
  return out.sort((a, b) => b.value - a.value);
}
