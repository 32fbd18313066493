/*
 * Periodogram of a light curve that need not be evenly sampled, with errors and a mean of its own.
 *   w_i  weights 1/σ_i², of sum 1      P(f) = 1 − χ²(mean and sinusoid)/χ²(mean), in [0, 1]
 * Chance of a peak of noise: (1 − P)^((N − 3)/2) at one frequency; over 0 … f_max Baluev's bound
 *   1 − (1 − p₁) e^{−τ},  τ = γ W (1 − P)^((N − 4)/2) √(N_H P/2),  W = f_max √(4π Var t),  N_H = N − 1
 */
import { lgamma } from "../numeric/mod.ts";
import type { LightCurveColumns } from "./doubling_times.ts";

/** Which frequencies. */
export interface LombScargleOptions {
  /** Frequencies, Hz, > 0. */
  readonly frequencyHz: ArrayLike<number>;
}

/** Powers of a light curve. */
export interface LombScargle {
  /** Frequencies, Hz: a copy. */
  readonly frequencyHz: Float64Array;
  /** Powers from 0 to 1. */
  readonly power: Float64Array;
  /** Index of the greatest. */
  readonly best: number;
  /**
   * ln of the chance that noise has a power as great anywhere up to the greatest frequency: an upper bound,
   * near the truth where it is small.
   */
  readonly logPValue: number;
  /** ln of that chance for a power at one frequency chosen before. */
  readonly logPOfPower: (power: number) => number;
}

/** ln Γ(n/2)/Γ((n−1)/2) √(2/n), Baluev's γ. */
function logGammaRatio(n: number): number {
  return 0.5 * Math.log(2 / n) + lgamma(n / 2) - lgamma((n - 1) / 2);
}

/**
 * Generalised Lomb–Scargle periodogram (errors as weights, floating mean) with the false-alarm probability of
 * its greatest power.
 *
 * @param curve Light curve; NaN are left out.
 * @param options Frequencies.
 * @returns Powers, the greatest, and its chance.
 * @throws TypeError for columns of different length; RangeError for fewer than 5 values, errors or
 * frequencies that are not above 0.
 * @example
 * ```ts
 * import { lombScargle } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const timeS = Array.from({ length: 60 }, (_, i) => i + 0.3 * Math.sin(7 * i));
 * const value = timeS.map((t, i) => 5 + Math.cos(2 * Math.PI * 0.13 * t) + 0.3 * Math.sin(12.9 * i * i));
 * const frequencyHz = Array.from({ length: 400 }, (_, i) => 0.001 * (i + 1));
 * const { best, logPValue } = lombScargle({ timeS, value, error: value.map(() => 0.2) }, { frequencyHz });
 * ok(Math.abs(frequencyHz[best]! - 0.13) < 0.002 && logPValue < -20);
 * ```
 * @see Zechmeister & Kürster 2009, A&A 496, 577; Baluev 2008, MNRAS 385, 1279
 */
export function lombScargle(curve: LightCurveColumns, options: LombScargleOptions): LombScargle {
  const { timeS, value, error } = curve, frequencyHz = Float64Array.from(options.frequencyHz);
  if (value.length !== timeS.length || error.length !== timeS.length) {
    throw new TypeError(
      `${timeS.length} times, ${value.length} values, ${error.length} errors: needs as many of each`,
    );
  }
  const used: number[] = [];
  for (let i = 0; i < value.length; i++) {
    if (Number.isNaN(value[i]!)) continue;
    if (!(error[i]! > 0 && Number.isFinite(timeS[i]!))) {
      throw new RangeError(`value ${i} has the error ${error[i]} at ${timeS[i]}: needs errors > 0`);
    }
    used.push(i);
  }
  const n = used.length, size = frequencyHz.length;
  if (n < 5 || size === 0 || !frequencyHz.every((f) => f > 0 && f < Infinity)) {
    throw new RangeError(
      `${n} values and ${size} frequencies: needs 5 values or more, and frequencies above 0`,
    );
  }
  const w = Float64Array.from(used, (i) => error[i]! ** -2), sum = w.reduce((a, b) => a + b, 0);
  for (let i = 0; i < n; i++) w[i] = w[i]! / sum;
  const weighted = (of: (i: number) => number) => used.reduce((s, at, k) => s + w[k]! * of(at), 0);
  const meanT = weighted((i) => timeS[i]!), meanX = weighted((i) => value[i]!);
  const t = Float64Array.from(used, (i) => timeS[i]! - meanT);
  const x = Float64Array.from(used, (i) => value[i]! - meanX);
  let whole = 0, spread = 0;
  for (let i = 0; i < n; i++) {
    whole += w[i]! * x[i]! * x[i]!;
    spread += w[i]! * t[i]! * t[i]!;
  }
  const power = new Float64Array(size);
  let best = 0, highest = 0;
  for (let k = 0; k < size; k++) {
    const omega = 2 * Math.PI * frequencyHz[k]!;
    let c = 0, s = 0, cc = 0, cs = 0, xc = 0, xs = 0;
    for (let i = 0; i < n; i++) {
      const phase = omega * t[i]!, cos = Math.cos(phase), sin = Math.sin(phase), wi = w[i]!;
      c += wi * cos;
      s += wi * sin;
      cc += wi * cos * cos;
      cs += wi * cos * sin;
      xc += wi * x[i]! * cos;
      xs += wi * x[i]! * sin;
    }
    // x̄ is 0, so that only the products of cos and sin are about their means.
    const ss = 1 - cc - s * s, cc0 = cc - c * c, cs0 = cs - c * s, det = cc0 * ss - cs0 * cs0;
    power[k] = det > 0 && whole > 0
      ? Math.min(1, (ss * xc * xc + cc0 * xs * xs - 2 * cs0 * xc * xs) / (det * whole))
      : 0;
    if (power[k]! > power[best]!) best = k;
    highest = Math.max(highest, frequencyHz[k]!);
  }
  const logPOfPower = (p: number) => 0.5 * (n - 3) * Math.log1p(-p);
  const p = power[best]!, width = highest * Math.sqrt(4 * Math.PI * spread);
  const logTau = logGammaRatio(n - 1) + Math.log(width) + 0.5 * (n - 4) * Math.log1p(-p) +
    0.5 * Math.log(0.5 * (n - 1) * p);
  const tau = Math.exp(logTau), one = Math.exp(logPOfPower(p));
  // 1 − (1 − p₁) e^{−τ} without cancellation; in the far tail p₁ + τ.
  const isFar = tau + one < 1e-12, far = Math.max(logTau, logPOfPower(p));
  const logPValue = isFar
    ? far + Math.log(Math.exp(logTau - far) + Math.exp(logPOfPower(p) - far))
    : Math.log(-Math.expm1(-tau) + one * Math.exp(-tau));
  return Object.freeze({
    frequencyHz,
    power,
    best,
    logPValue: Math.min(0, logPValue),
    logPOfPower,
  });
}
