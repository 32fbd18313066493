/*
 * How many trials a search has: the way from the best of many to its chance.
 *   p_n = 1 − (1 − p)^n;  back: p = 1 − (1 − p_n)^{1/n}
 * Without simulations, for Z²_n over a band of frequency B and of derivative B₁, the chance is the expected
 * Euler characteristic of what lies above u (ν = 2 n, T the span, K² = (n + 1)(2n + 1)/6):
 *   p(u) ≈ ρ₀ + (ℓ + ℓ₁) ρ₁ + ℓ ℓ₁ ρ₂,  ℓ = K B π T/√3,  ℓ₁ = K B₁ π T²/√180 (reference in the middle)
 *   ρ₀ = Q(ν/2, u/2),  ρ₁ = u^{(ν−1)/2} e^{−u/2}/(√(2π) 2^{(ν−2)/2} Γ(ν/2))
 *   ρ₂ = u^{(ν−2)/2} e^{−u/2} (u − ν + 1)/(2π 2^{(ν−2)/2} Γ(ν/2))
 * K² is the mean of k², an upper bound of what the harmonics of one Z² do together.
 */
import { lgamma, log1mexp } from "../numeric/mod.ts";
import { logZ2nSf } from "./survival.ts";

/**
 * ln p of one trial from ln of the chance of the best of n: the inverse of `logPAfterTrials`.
 *
 * @param logP ln of the chance of the whole search, below 0.
 * @param trials Independent trials n, above 0; it need not be whole.
 * @returns ln p ≤ 0 of one trial.
 * @throws RangeError for ln p not below 0 or n not above 0.
 * @example
 * ```ts
 * import { logPAfterTrials, logPPerTrial } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(logPAfterTrials(logPPerTrial(-3, 1e6), 1e6) + 3) < 1e-12);
 * ```
 */
export function logPPerTrial(logP: number, trials: number): number {
  if (!(logP < 0 && trials > 0)) {
    throw new RangeError(`logPPerTrial(${logP}, ${trials}): needs ln p < 0 and trials > 0`);
  }
  // u = -ln(1 - p_n)/n, p = 1 - e^{-u}
  const p = Math.exp(logP);
  const logU = (p < 1e-5 ? logP + p / 2 + 5 * p * p / 24 : Math.log(-log1mexp(logP))) -
    Math.log(trials);
  if (logU < -15) return logU - Math.exp(logU) / 2;
  return log1mexp(-Math.exp(logU));
}

/** The bounds of a search. */
export interface SearchVolume {
  /** Harmonics n of the statistic Z²_n. */
  readonly n: number;
  /** Width of the band of frequency, Hz. */
  readonly bandHz: number;
  /** Length of the observation, seconds: √12 times the standard deviation of its times. */
  readonly spanS: number;
  /** Width of the band of frequency derivatives, Hz/s; 0. */
  readonly f1BandHzPerS?: number | undefined;
  /** Trials of the grid: chances are not greater than for so many independent ones. */
  readonly nGrid?: number | undefined;
}

/**
 * ln of the chance that noise gives at least Z²_n = z2 somewhere in a search, without simulations.
 *
 * @param z2 The largest Z²_n.
 * @param volume Bounds of the search.
 * @returns ln p ≤ 0; good in the tail (p < 0.1), an upper bound elsewhere and for n > 1.
 * @throws RangeError for bounds below 0 or n below 1.
 * @example
 * ```ts
 * import { logSearchP, logZ2nSf } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const volume = { n: 1, bandHz: 10, spanS: 1e4 };
 * const trials = Math.exp(logSearchP(60, volume) - logZ2nSf(60, 1));
 * ok(trials > 5e5 && trials < 6e5); // 1e5 Fourier bins
 * ```
 * Source: Worsley 1994, Adv. Appl. Prob. 26, 13 (χ² fields); in one dimension Baluev 2008, MNRAS 385, 1279.
 */
export function logSearchP(z2: number, volume: SearchVolume): number {
  const { n, bandHz, spanS, f1BandHzPerS = 0, nGrid = Infinity } = volume;
  if (!(Number.isInteger(n) && n >= 1 && bandHz >= 0 && spanS >= 0 && f1BandHzPerS >= 0)) {
    throw new RangeError(
      `Search of Z²_${n} over ${bandHz} Hz, ${f1BandHzPerS} Hz/s and ${spanS} s: needs n >= 1, others >= 0`,
    );
  }
  if (!(z2 > 0)) return Number.isNaN(z2) ? NaN : 0;
  const nu = 2 * n, k = Math.sqrt((n + 1) * (2 * n + 1) / 6);
  const edge = k * bandHz * Math.PI * spanS / Math.sqrt(3);
  const edge1 = k * f1BandHzPerS * Math.PI * spanS * spanS / Math.sqrt(180);
  const common = -z2 / 2 - (nu - 2) / 2 * Math.LN2 - lgamma(nu / 2);
  const log0 = logZ2nSf(z2, n);
  const line = (edge + edge1) / Math.sqrt(2 * Math.PI) * Math.sqrt(z2);
  const area = edge * edge1 / (2 * Math.PI) * Math.max(0, z2 - nu + 1);
  const logMore = common + (nu - 2) / 2 * Math.log(z2) + Math.log(line + area);
  const most = Math.max(log0, logMore), least = Math.min(log0, logMore);
  const logMean = Math.min(
    most + Math.log1p(Math.exp(least - most)),
    log0 + Math.log(Math.max(1, nGrid)),
  );
  return logMean < -15 ? logMean - Math.exp(logMean) / 2 : log1mexp(-Math.exp(logMean));
}

/** A number of independent trials that simulations gave. */
export interface CalibratedTrials {
  /** Effective number of independent trials. */
  readonly trials: number;
  /** Its standard deviation. */
  readonly error: number;
  /** Simulations used. */
  readonly n: number;
}

/**
 * The effective number of independent trials of a search from its best candidates in noise: the likeliest n
 * of densities n (1 − p)^{n−1}, n = M/Σ(−ln(1 − p_i)).
 *
 * @param logPs ln p, of one trial, of the best candidate of each of M searches of noise with the same grid,
 *   exposure and number of events.
 * @returns n and its error n/√M. Do not judge the same simulations by it.
 * @throws RangeError for no searches, or ln p that are not below 0.
 * @example
 * ```ts
 * import { calibrateTrials } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const quantiles = Array.from({ length: 400 }, (_, i) => (i + 0.5) / 400);
 * const logPs = quantiles.map((q) => Math.log(1 - (1 - q) ** (1 / 250)));
 * const { trials, error } = calibrateTrials(logPs);
 * ok(Math.abs(trials - 250) < error);
 * ```
 */
export function calibrateTrials(logPs: ArrayLike<number>): CalibratedTrials {
  const n = logPs.length;
  if (n === 0) throw new RangeError("calibrateTrials: needs at least one simulated search");
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const logP = logPs[i]!;
    if (!(logP < 0)) {
      throw new RangeError(`calibrateTrials: ln p[${i}] is ${logP}, needs less than 0`);
    }
    sum -= logP < -30 ? -Math.exp(logP) : Math.log1p(-Math.exp(logP));
  }
  const trials = n / sum;
  return { trials, error: trials / Math.sqrt(n), n };
}
