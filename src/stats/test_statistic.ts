/*
 * Test statistics (likelihood ratios, TS = Δ(−2 ln L)), standard deviations and information criteria.
 *   k  degrees of freedom: parameters that the null hypothesis does not have
 *   Under the null hypothesis TS follows χ²_k (Wilks), with a parameter at its boundary half of the time
 *   χ²_{k−1} (Chernoff). For an Asimov data set, where the counts are what is predicted, TS follows the
 *   non-central χ² with the non-centrality TS_A (Wald).
 */
import {
  findRoot,
  gammaQ,
  lgamma,
  logGammaP,
  logGammaQ,
  logNormalSf,
  normalSf,
} from "../numeric/mod.ts";
import { logChi2Sf, logPOfSigma, sigmaOfLogP } from "./survival.ts";

/** A non-central χ². */
export interface NonCentralOptions {
  /** Degrees of freedom, above 0. */
  readonly dof: number;
  /** Sum of the squared means, at least 0. */
  readonly nonCentrality: number;
}

/** How a test statistic is read. */
export interface TestStatisticOptions {
  /** Degrees of freedom, above 0; default 1. */
  readonly dof?: number | undefined;
  /** TS of the Asimov data set, for sensitivities; default 0. */
  readonly tsAsimov?: number | undefined;
}

/** How a likelihood ratio is tested. */
export interface RatioOptions {
  /** Degrees of freedom, a whole number of at least 1; default 1. */
  readonly dof?: number | undefined;
  /** One parameter of the null hypothesis lies at its boundary (a norm at 0); default false. */
  readonly boundary?: boolean | undefined;
}

/**
 * ln of a Poisson mixture of central tails, ln Σ_j Poisson(j; λ/2) T(k/2 + j, x/2): from its greatest term
 * outwards, since the terms are log-concave in j.
 */
function logMixture(
  x: number,
  dof: number,
  nc: number,
  logTail: (a: number, x: number) => number,
): number {
  const half = nc / 2, logHalf = Math.log(half);
  const term = (j: number) => j * logHalf - half - lgamma(j + 1) + logTail(dof / 2 + j, x / 2);
  let top = Math.floor(half), most = term(top);
  for (const step of [1, -1]) {
    for (let next; top + step >= 0 && (next = term(top + step)) > most; top += step) most = next;
  }
  let sum = 1;
  for (const step of [1, -1]) {
    for (let j = top + step; j >= 0; j += step) {
      const part = Math.exp(term(j) - most);
      sum += part;
      if (part < 1e-17) break;
    }
  }
  return most + Math.log(sum);
}

/**
 * P(χ² ≥ x) of the non-central χ²: Σ_j Poisson(j; λ/2) Q(k/2 + j, x/2); for one degree of freedom
 * Φ(√λ − √x) + Φ(−√λ − √x).
 *
 * @param x Value; below 0 gives 1.
 * @param options Degrees of freedom and non-centrality λ.
 * @returns Probability, to about 1e-12 of itself; 0 where it underflows.
 * @throws RangeError for dof not above 0 or λ below 0.
 * @example
 * ```ts
 * import { chi2Sf, nonCentralChi2Sf } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * strictEqual(nonCentralChi2Sf(3, { dof: 2, nonCentrality: 0 }), chi2Sf(3, 2));
 * ok(nonCentralChi2Sf(3, { dof: 2, nonCentrality: 4 }) > chi2Sf(3, 2));
 * ```
 * Agrees with scipy.stats.ncx2.sf.
 */
export function nonCentralChi2Sf(x: number, { dof, nonCentrality }: NonCentralOptions): number {
  if (!(dof > 0 && nonCentrality >= 0)) {
    throw new RangeError(
      `dof = ${dof}, nonCentrality = ${nonCentrality}: needs dof > 0, the other >= 0`,
    );
  }
  if (x <= 0) return 1;
  if (nonCentrality === 0) return gammaQ(dof / 2, x / 2);
  if (dof === 1) {
    const a = Math.sqrt(x), b = Math.sqrt(nonCentrality);
    return normalSf(a - b) + normalSf(a + b);
  }
  return Math.min(1, Math.exp(logMixture(x, dof, nonCentrality, logGammaQ)));
}

/** ln of the chance to lie above x, or below. */
function logTail(side: "above" | "below", x: number, dof: number, nc: number): number {
  const isAbove = side === "above";
  if (nc === 0) return isAbove ? logGammaQ(dof / 2, x / 2) : logGammaP(dof / 2, x / 2);
  if (dof !== 1) return logMixture(x, dof, nc, isAbove ? logGammaQ : logGammaP);
  const a = Math.sqrt(x), b = Math.sqrt(nc);
  if (!isAbove) return Math.log(normalSf(b - a) - normalSf(a + b));
  const near = logNormalSf(a - b);
  return near + Math.log1p(Math.exp(logNormalSf(a + b) - near));
}

/** The value of another distribution with the same tail; the lesser tail is the one that is compared. */
function sameTail(x: number, fromDof: number, toDof: number, nc: number): number {
  if (x <= 0) return 0;
  if (fromDof === toDof) return x;
  const above = logTail("above", x, fromDof, nc), below = logTail("below", x, fromDof, nc);
  const side = above < below ? "above" : "below", target = Math.min(above, below);
  const miss = (y: number) => logTail(side, y, toDof, nc) - target;
  let high = x + toDof + nc + 1;
  while (side === "above" ? miss(high) > 0 : miss(high) < 0) high *= 2;
  return findRoot(miss, 1e-300, high);
}

function readOptions({ dof = 1, tsAsimov = 0 }: TestStatisticOptions): readonly [number, number] {
  if (!(dof > 0 && tsAsimov >= 0)) {
    throw new RangeError(`dof = ${dof}, tsAsimov = ${tsAsimov}: needs dof > 0 and tsAsimov >= 0`);
  }
  return [dof, tsAsimov];
}

/**
 * TS of so many standard deviations (two-sided: 1 σ is 68.3 %): σ² for one degree of freedom, 2.30 for 1 σ
 * of two.
 *
 * @param sigma Standard deviations, at least 0.
 * @param options Degrees of freedom; TS of the Asimov data set.
 * @returns TS with the same chance to be exceeded.
 * @throws RangeError for sigma below 0, dof not above 0 or tsAsimov below 0.
 * @example
 * ```ts
 * import { tsOfSigma } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * strictEqual(tsOfSigma(5), 25);
 * ok(Math.abs(tsOfSigma(1, { dof: 2 }) - 2.2957) < 1e-4);
 * ```
 * @see Wilks 1938; Cowan et al. 2011, Eur. Phys. J. C 71, 1554, section 3
 */
export function tsOfSigma(sigma: number, options: TestStatisticOptions = {}): number {
  const [dof, tsAsimov] = readOptions(options);
  if (!(sigma >= 0)) throw new RangeError(`sigma = ${sigma}: needs a number >= 0`);
  return sameTail(sigma * sigma, 1, dof, tsAsimov);
}

/**
 * Standard deviations (two-sided) of a TS: √TS for one degree of freedom.
 *
 * @param ts Likelihood ratio; below 0 gives 0.
 * @param options Degrees of freedom; TS of the Asimov data set.
 * @returns Standard deviations, at least 0.
 * @throws RangeError for dof not above 0 or tsAsimov below 0.
 * @example
 * ```ts
 * import { sigmaOfTs } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * strictEqual(sigmaOfTs(25), 5);
 * ok(Math.abs(sigmaOfTs(2.295748928898636, { dof: 2 }) - 1) < 1e-12);
 * ```
 * @see Wilks 1938; Cowan et al. 2011, Eur. Phys. J. C 71, 1554, section 3
 */
export function sigmaOfTs(ts: number, options: TestStatisticOptions = {}): number {
  const [dof, tsAsimov] = readOptions(options);
  return Math.sqrt(sameTail(ts, dof, 1, tsAsimov));
}

/**
 * ln of the chance that a likelihood ratio is at least as large without what it tests.
 *
 * @param ts stat(null) − stat(alternative), nested; below 0 gives 0.
 * @param options Degrees of freedom; whether one parameter lies at its boundary.
 * @returns ln p: of χ²_k, at a boundary of (χ²_{k−1} + χ²_k)/2.
 * @throws RangeError for dof that is not a whole number of at least 1.
 * @example
 * ```ts
 * import { logPOfTs, sigmaOfLogP } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const logP = logPOfTs(25, { boundary: true });
 * ok(Math.abs(sigmaOfLogP(logP, { sides: 1 }) - 5) < 1e-12);
 * ```
 * @see Wilks 1938; Chernoff 1954; Self & Liang 1987
 */
export function logPOfTs(ts: number, options: RatioOptions = {}): number {
  const dof = options.dof ?? 1;
  if (!Number.isInteger(dof) || dof < 1) {
    throw new RangeError(`dof = ${dof}: needs a whole number of at least 1`);
  }
  if (!(ts > 0)) return Number.isNaN(ts) ? NaN : 0;
  const full = dof === 1 ? logPOfSigma(Math.sqrt(ts), { sides: 2 }) : logChi2Sf(ts, dof);
  if (options.boundary !== true) return full;
  if (dof === 1) return full - Math.LN2;
  const less = logChi2Sf(ts, dof - 1);
  return full + Math.log1p(Math.exp(less - full)) - Math.LN2;
}

/**
 * One-sided significance of a likelihood ratio in standard deviations, for any depth.
 *
 * @param ts stat(null) − stat(alternative), nested.
 * @param options Degrees of freedom; whether one parameter lies at its boundary.
 * @returns Standard deviations; with a norm at its boundary √TS.
 * @throws RangeError for dof that is not a whole number of at least 1.
 * @example
 * ```ts
 * import { ratioSignificance } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(ratioSignificance(100, { boundary: true }) - 10) < 1e-12);
 * ```
 */
export function ratioSignificance(ts: number, options: RatioOptions = {}): number {
  return sigmaOfLogP(logPOfTs(ts, options), { sides: 1 });
}

/** A fit whose model is to be compared with others. */
export interface ComparedFit {
  /** −2 ln L at its least. */
  readonly stat: number;
  /** Number of free parameters. */
  readonly nParameters: number;
  /** Number of data: bins, or events of an unbinned fit. */
  readonly nData: number;
}

/** Information criteria: the model with the least is to be preferred. */
export interface InformationCriteria {
  /** Akaike's, −2 ln L + 2 k. */
  readonly aic: number;
  /** The same corrected for few data; NaN where nData ≤ k + 1. */
  readonly aicc: number;
  /** Schwarz's, −2 ln L + k ln n. */
  readonly bic: number;
}

/**
 * Information criteria of a fit. Only their differences between models of the same data mean something.
 *
 * @param fit −2 ln L, numbers of parameters and of data.
 * @returns AIC, its correction for few data, and BIC.
 * @throws RangeError for negative numbers of parameters or data.
 * @example
 * ```ts
 * import { informationCriteria } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual({ ...informationCriteria({ stat: 10, nParameters: 2, nData: 1 }) }, {
 *   aic: 14,
 *   aicc: NaN,
 *   bic: 10,
 * });
 * ```
 * @see Akaike 1974; Hurvich & Tsai 1989; Schwarz 1978
 */
export function informationCriteria(fit: ComparedFit): InformationCriteria {
  const { stat, nParameters: k, nData: n } = fit;
  if (!(k >= 0 && n >= 0)) {
    throw new RangeError(`nParameters = ${k}, nData = ${n}: needs numbers >= 0`);
  }
  const aic = stat + 2 * k;
  return Object.freeze({
    aic,
    aicc: n > k + 1 ? aic + 2 * k * (k + 1) / (n - k - 1) : NaN,
    bic: stat + k * Math.log(n),
  });
}
