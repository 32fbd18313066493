/*
 * Chance probabilities of χ² and Z², the way between p and σ, and trials: all also as ln p, since
 * pulsars reach p = 1e-1000.
 */
import { gammaQ, log1mexp, logGammaQ, logNormalSf, normalQuantileFromLog } from "../numeric/mod.ts";

/** How many tails of the normal distribution a significance counts. */
export interface Sides {
  /** 1: p = P(Z > σ). 2: p = P(|Z| > σ). */
  readonly sides: 1 | 2;
}

function checkDof(name: string, dof: number): void {
  if (!(dof > 0)) throw new RangeError(`${name}: dof is ${dof}, needs more than 0`);
}

/**
 * P(χ² ≥ x) with `dof` degrees of freedom.
 *
 * @param x value of χ²; below 0 gives 1
 * @param dof degrees of freedom, above 0
 * @returns probability; 0 where it underflows
 * @throws RangeError for dof ≤ 0
 * @example
 * ```ts
 * import { chi2Sf } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(chi2Sf(10, 2) / Math.exp(-5) - 1) < 1e-13);
 * ```
 * Agrees with scipy.stats.chi2.sf.
 */
export function chi2Sf(x: number, dof: number): number {
  checkDof("chi2Sf", dof);
  return x <= 0 ? 1 : gammaQ(dof / 2, x / 2);
}

/**
 * ln P(χ² ≥ x) with `dof` degrees of freedom, for any depth of tail.
 *
 * @param x value of χ²; below 0 gives 0
 * @param dof degrees of freedom, above 0
 * @returns ln p ≤ 0
 * @throws RangeError for dof ≤ 0
 * @example
 * ```ts
 * import { logChi2Sf } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(logChi2Sf(1e5, 2), -5e4);
 * ```
 * Agrees with scipy.stats.chi2.logsf where that is finite.
 */
export function logChi2Sf(x: number, dof: number): number {
  checkDof("logChi2Sf", dof);
  return x <= 0 ? 0 : logGammaQ(dof / 2, x / 2);
}

/**
 * Chance probability of Z²_n: P(χ²_{2n} ≥ z2).
 *
 * @param z2 value of Z²_n
 * @param n number of harmonics summed
 * @returns probability; 0 where it underflows
 * @throws RangeError for n ≤ 0
 * @example
 * ```ts
 * import { z2nSf } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(z2nSf(20, 1) - Math.exp(-10)) < 1e-17);
 * ```
 * Source: Buccheri et al. 1983, A&A 128, 245.
 */
export function z2nSf(z2: number, n: number): number {
  return chi2Sf(z2, 2 * n);
}

/**
 * ln of the chance probability of Z²_n.
 *
 * @param z2 value of Z²_n
 * @param n number of harmonics summed
 * @returns ln p ≤ 0
 * @throws RangeError for n ≤ 0
 * @example
 * ```ts
 * import { logZ2nSf } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(logZ2nSf(8000, 1), -4000);
 * ```
 */
export function logZ2nSf(z2: number, n: number): number {
  return logChi2Sf(z2, 2 * n);
}

/**
 * Significance in Gaussian standard deviations of ln p. One-sided: p = P(Z > σ), negative for
 * p > ½; two-sided: p = P(|Z| > σ).
 *
 * @param logP ln p ≤ 0, of any size: -1e5 gives 447.2 σ
 * @param options one or two sides; there is no default, since tools differ
 * @returns σ; Infinity for p = 0
 * @throws RangeError for ln p above 0
 * @example
 * ```ts
 * import { sigmaOfLogP } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(sigmaOfLogP(Math.log(2.866515718791939e-7), { sides: 1 }) - 5) < 1e-13);
 * ```
 */
export function sigmaOfLogP(logP: number, options: Sides): number {
  const sigma = -normalQuantileFromLog(options.sides === 2 ? logP - Math.LN2 : logP);
  return sigma === 0 ? 0 : sigma;
}

/**
 * ln p of a significance in Gaussian standard deviations.
 *
 * @param sigma standard deviations; for two sides its size counts
 * @param options one or two sides
 * @returns ln p ≤ 0
 * @example
 * ```ts
 * import { logPOfSigma, sigmaOfLogP } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(sigmaOfLogP(logPOfSigma(100, { sides: 2 }), { sides: 2 }) - 100) < 1e-10);
 * ```
 */
export function logPOfSigma(sigma: number, options: Sides): number {
  if (options.sides === 1) return logNormalSf(sigma);
  return Math.min(logNormalSf(Math.abs(sigma)) + Math.LN2, 0);
}

/**
 * ln of the chance that the best of n independent trials is at least as rare as p:
 * p_n = 1 - (1 - p)^n = -expm1(n log1p(-p)).
 *
 * @param logP ln p of one trial, at most 0
 * @param trials number of independent trials n ≥ 0; it need not be whole
 * @returns ln p_n ≤ 0
 * @throws RangeError for ln p above 0 or n below 0
 * @example
 * ```ts
 * import { logPAfterTrials } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(logPAfterTrials(-2000, 1e6) - (Math.log(1e6) - 2000)) < 1e-12);
 * ok(Math.abs(Math.exp(logPAfterTrials(Math.log(0.5), 2)) - 0.75) < 1e-15);
 * ```
 */
export function logPAfterTrials(logP: number, trials: number): number {
  if (logP > 0 || trials < 0) {
    throw new RangeError(`logPAfterTrials(${logP}, ${trials}): needs ln p <= 0 and trials >= 0`);
  }
  if (trials === 0 || logP === -Infinity) return -Infinity;
  const p = Math.exp(logP);
  // ln of -ln(1 - p), then of n times that: u = -n ln(1 - p), p_n = 1 - e^{-u}
  const logU = Math.log(trials) +
    (p < 1e-5 ? logP + p / 2 + 5 * p * p / 24 : Math.log(-Math.log1p(-p)));
  if (logU < -15) return logU - Math.exp(logU) / 2;
  return log1mexp(-Math.exp(logU));
}
