/*
 * The standard normal distribution: Φ(z) and its tails through erfc, quantiles by Newton's method
 * on ln of the tail probability (concave, so that it converges from any start).
 */
import { erf, erfc, erfcx, logErfc } from "./erf.ts";
import { log1mexp } from "./log1pmx.ts";

/**
 * Upper tail of the standard normal distribution, P(Z > z) = ½ erfc(z/√2).
 *
 * @param z any number
 * @returns probability in [0, 1]
 * @example
 * ```ts
 * import { normalSf } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(normalSf(5) / 2.866515718791939e-7 - 1) < 1e-13);
 * ```
 * Agrees with scipy.stats.norm.sf.
 */
export function normalSf(z: number): number {
  return 0.5 * erfc(z * Math.SQRT1_2);
}

/**
 * ln P(Z > z) of the standard normal distribution, for any depth of tail.
 *
 * @param z any number
 * @returns ln p ≤ 0
 * @example
 * ```ts
 * import { logNormalSf } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(logNormalSf(400) + 80006.91) < 0.01);
 * ```
 * Agrees with scipy.stats.norm.logsf.
 */
export function logNormalSf(z: number): number {
  const x = z * Math.SQRT1_2;
  if (x < 0.5) return Math.log1p(-0.5 * erfc(-x));
  return x > 5 ? Math.log(0.5 * erfcx(x)) - 0.5 * z * z : logErfc(x) - Math.LN2;
}

/** z > 0 with ln P(Z > z) = logP, for logP ≤ ln 0.1. */
function upperQuantile(logP: number): number {
  const t = -2 * logP;
  let z = Math.sqrt(Math.max(t - Math.log(2 * Math.PI * Math.max(t - 1.8, 1)), 1));
  for (let i = 0; i < 20; i++) {
    const hazard = Math.sqrt(2 / Math.PI) / erfcx(z * Math.SQRT1_2);
    const step = (logNormalSf(z) - logP) / hazard;
    z += step;
    if (Math.abs(step) < 1e-9 * z) break;
  }
  // one more, so that the last step was below the square root of the precision
  return z + (logNormalSf(z) - logP) * erfcx(z * Math.SQRT1_2) * Math.sqrt(Math.PI / 2);
}

/** z with P(0 < Z < z) = q, |q| ≤ 0.4. */
function centralQuantile(q: number): number {
  let z = q * 2.5066282746310002;
  for (let i = 0; i < 20; i++) {
    const density = 0.3989422804014327 * Math.exp(-0.5 * z * z);
    const miss = (q - 0.5 * erf(z * Math.SQRT1_2)) / density;
    const step = miss / (1 - 0.5 * miss * z);
    z += step;
    if (Math.abs(step) <= 1e-16 * Math.abs(z)) break;
  }
  return z;
}

/**
 * Quantile of the standard normal distribution: z with P(Z < z) = p.
 *
 * @param p in [0, 1]
 * @returns z; -Infinity at 0, Infinity at 1; relative error ≤ 1e-14 (given p)
 * @throws RangeError outside [0, 1]
 * @example
 * ```ts
 * import { normalQuantile } from "@gammarx/gammarx/numeric";
 * import { equal, ok } from "node:assert/strict";
 * equal(normalQuantile(0.5), 0);
 * ok(Math.abs(normalQuantile(2.866515718791939e-7) + 5) < 1e-13);
 * ```
 * Agrees with scipy.special.ndtri.
 */
export function normalQuantile(p: number): number {
  if (p < 0 || p > 1) throw new RangeError(`normalQuantile(${p}): needs 0 <= p <= 1`);
  if (p < 0.1) return p === 0 ? -Infinity : -upperQuantile(Math.log(p));
  if (p > 0.9) return p === 1 ? Infinity : upperQuantile(Math.log1p(-p));
  return centralQuantile(p - 0.5);
}

/**
 * Quantile of the standard normal distribution from ln p, however small p: z with P(Z < z) = e^logP.
 *
 * @param logP at most 0
 * @returns z; -Infinity at -Infinity, Infinity at 0
 * @throws RangeError above 0
 * @example
 * ```ts
 * import { normalQuantileFromLog } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(normalQuantileFromLog(-1e5) + 447.197) < 1e-3);
 * ```
 * Agrees with scipy.special.ndtri_exp.
 */
export function normalQuantileFromLog(logP: number): number {
  if (logP > 0) throw new RangeError(`normalQuantileFromLog(${logP}): needs ln p <= 0`);
  if (logP === -Infinity) return -Infinity;
  if (logP < -2.302585093) return -upperQuantile(logP);
  if (logP > -0.105360516) return logP === 0 ? Infinity : upperQuantile(log1mexp(logP));
  return centralQuantile(0.5 * Math.expm1(logP + Math.LN2));
}
