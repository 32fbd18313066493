/*
 * Trigonometric sums of a folded profile, and of a profile that also keeps where in its bins events lie.
 *   C_k + i S_k = Σ_j P_j e^{2πi k (j + ½)/n}
 *   An even spread within a bin takes sinc(k/n) = sin(πk/n)/(πk/n) from each sum, sinc² from each power.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { createPhaseSums, type PhaseSums } from "./phase_sums.ts";

/** How a profile is read. */
export interface ProfileSumsOptions {
  /** Harmonics K, at most half of the bins; 20 or half of the bins. */
  readonly maxHarmonic?: number | undefined;
  /** Σw² in each bin where the profile is weighted; the profile itself without. */
  readonly sumW2?: ArrayLike<number> | undefined;
  /** Number of events where the profile is weighted; Σ of the profile without. */
  readonly n?: number | undefined;
  /** Divide each sum by sinc(k/n): Z² of a pulse as if it had not been binned. False by default, since
   * that enlarges noise by as much, and chances hold without it. */
  readonly correctBinning?: boolean | undefined;
}

/** What binning leaves of a sum: sin(πx)/(πx). */
export function sinc(x: number): number {
  return x === 0 ? 1 : sin2pi(x / 2) / (Math.PI * x);
}

/**
 * The trigonometric sums of a folded profile, for `z2n`, `hTest`, `rayleighTest` and `cosineTest`.
 *
 * @param profile Counts or Σw in n equal bins of phase from 0 to 1, at least 2 bins.
 * @param options Harmonics, Σw² of the bins, correction.
 * @returns Sums, owned by the caller.
 * @throws TypeError for fewer than 2 bins or another number of variances; RangeError for more harmonics than
 *   half of the bins.
 * @example
 * ```ts
 * import { profileSums, z2n } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const sums = profileSums([30, 10, 10, 10], { maxHarmonic: 1 });
 * ok(Math.abs(z2n(sums)[0]! - 2 / 60 * 20 ** 2) < 1e-12);
 * ```
 * Source: Bachetti et al. 2021, ApJ 909, 33, eq. 5 (Z² of binned phases); Vaughan et al. 1994 (sinc).
 */
export function profileSums(
  profile: ArrayLike<number>,
  options: ProfileSumsOptions = {},
): PhaseSums {
  const bins = profile.length, { sumW2, correctBinning = false } = options;
  if (bins < 2) throw new TypeError(`profileSums: ${bins} bins, needs at least 2`);
  if (sumW2 !== undefined && sumW2.length !== bins) {
    throw new TypeError(`profileSums: ${sumW2.length} variances for ${bins} bins`);
  }
  const maxHarmonic = options.maxHarmonic ?? Math.min(20, Math.floor(bins / 2));
  const sums = createPhaseSums(maxHarmonic);
  if (2 * maxHarmonic > bins) {
    throw new RangeError(
      `profileSums: ${maxHarmonic} harmonics of ${bins} bins: at most half of them`,
    );
  }
  for (let j = 0; j < bins; j++) {
    sums.sumW += profile[j]!;
    sums.sumW2 += sumW2 === undefined ? profile[j]! : sumW2[j]!;
  }
  sums.n = options.n ?? sums.sumW;
  for (let k = 1; k <= maxHarmonic; k++) {
    let c = 0, s = 0;
    for (let j = 0; j < bins; j++) {
      const x = k * (2 * j + 1) / (2 * bins);
      c += profile[j]! * cos2pi(x);
      s += profile[j]! * sin2pi(x);
    }
    const scale = correctBinning ? 1 / sinc(k / bins) : 1;
    sums.cos[k - 1] = c * scale;
    sums.sin[k - 1] = s * scale;
  }
  return sums;
}

/**
 * Bins of phase with Σw, Σwδ and Σwδ², δ the distance from the middle of the bin in bins; one bin more takes
 * the phases that round to a whole cycle.
 */
export interface PhaseMoments {
  /** Events. */
  n: number;
  /** Σw². */
  sumW2: number;
  /** [Σw, Σwδ, Σwδ²] of each bin, one after the other. */
  readonly bins: Float64Array;
}

/**
 * Moments of no events.
 *
 * @param nBins Number of bins, 64 to 65536; 1024.
 * @returns Zeros, owned by the caller.
 * @throws RangeError for another number.
 * @example
 * ```ts
 * import { createPhaseMoments } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createPhaseMoments().bins.length, 3 * 1025);
 * ```
 */
export function createPhaseMoments(nBins = 1024): PhaseMoments {
  if (!(Number.isInteger(nBins) && nBins >= 64 && nBins <= 65536)) {
    throw new RangeError(`createPhaseMoments: ${nBins} bins, needs an integer in 64..65536`);
  }
  return { n: 0, sumW2: 0, bins: new Float64Array(3 * (nBins + 1)) };
}

/**
 * Adds phases to moments: a tenth of the cost of 20 exact harmonics.
 *
 * @param into Moments; changed and returned.
 * @param phase Phases in cycles, any finite numbers.
 * @param weights Weights; 1 without.
 * @returns `into`.
 * @throws TypeError for fewer weights than phases.
 * @example
 * ```ts
 * import { addPhaseMoments, createPhaseMoments } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(addPhaseMoments(createPhaseMoments(), Float64Array.of(0.1, 0.2)).n, 2);
 * ```
 */
export function addPhaseMoments(
  into: PhaseMoments,
  phase: Float64Array,
  weights?: Float64Array,
): PhaseMoments {
  const { bins } = into, nBins = bins.length / 3 - 1, n = phase.length;
  if (weights !== undefined && weights.length < n) {
    throw new TypeError(`addPhaseMoments: ${weights.length} weights for ${n} phases`);
  }
  let sumW2 = into.sumW2;
  if (weights === undefined) {
    for (let i = 0; i < n; i++) {
      const x = phase[i]!, u = (x - Math.floor(x)) * nBins, bin = u | 0;
      const delta = u - bin - 0.5, at = 3 * bin;
      bins[at] = bins[at]! + 1;
      bins[at + 1] = bins[at + 1]! + delta;
      bins[at + 2] = bins[at + 2]! + delta * delta;
    }
    sumW2 += n;
  } else {
    for (let i = 0; i < n; i++) {
      const x = phase[i]!, u = (x - Math.floor(x)) * nBins, bin = u | 0;
      const delta = u - bin - 0.5, at = 3 * bin, w = weights[i]!;
      bins[at] = bins[at]! + w;
      bins[at + 1] = bins[at + 1]! + w * delta;
      bins[at + 2] = bins[at + 2]! + w * delta * delta;
      sumW2 += w * w;
    }
  }
  into.n += n;
  into.sumW2 = sumW2;
  return into;
}

/**
 * The trigonometric sums of events whose moments are kept, by a series of second order about the middles of
 * the bins.
 *
 * @param moments Moments.
 * @param maxHarmonic Harmonics K; 20.
 * @returns Sums, owned by the caller; harmonic k of an event is wrong by at most (πk/n)³/6: 4e-5 for
 *   k = 20 and 1024 bins.
 * @example
 * ```ts
 * import { addPhaseMoments, createPhaseMoments, hTest, momentSums, phaseSums } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const phase = Float64Array.from({ length: 100 }, (_, i) => (i * 0.618) ** 2 % 1);
 * const found = hTest(momentSums(addPhaseMoments(createPhaseMoments(), phase))).h;
 * ok(Math.abs(found - hTest(phaseSums(phase)).h) < 1e-3);
 * ```
 */
export function momentSums(moments: Readonly<PhaseMoments>, maxHarmonic = 20): PhaseSums {
  const sums = createPhaseSums(maxHarmonic), { bins } = moments, nBins = bins.length / 3 - 1;
  for (let j = 0; j <= nBins; j++) sums.sumW += bins[3 * j]!;
  for (let k = 1; k <= maxHarmonic; k++) {
    const turn = 2 * Math.PI * k / nBins;
    let c = 0, s = 0;
    for (let j = 0; j <= nBins; j++) {
      const x = k * (2 * j + 1) / (2 * nBins), cos = cos2pi(x), sin = sin2pi(x);
      const even = bins[3 * j]! - turn * turn / 2 * bins[3 * j + 2]!, odd = turn * bins[3 * j + 1]!;
      c += even * cos - odd * sin;
      s += even * sin + odd * cos;
    }
    sums.cos[k - 1] = c;
    sums.sin[k - 1] = s;
  }
  sums.n = moments.n;
  sums.sumW2 = moments.sumW2;
  return sums;
}
