/*
 * Variability of a light curve.
 *   x_i, σ_i  values and their errors     x̄  mean     N  number of values that are no NaN
 *   S²  = Σ(x_i − x̄)²/(N − 1)             σ̄² = Σσ_i²/N
 *   excess variance S² − σ̄², normalised σ²_NXS = (S² − σ̄²)/x̄², F_var = √σ²_NXS
 * Values that are NaN are left out, and with them their errors.
 */
import { findRoot } from "../numeric/mod.ts";
import { logChi2Sf } from "./survival.ts";

/** Values with errors. */
export interface MeasuredValues {
  /** Values; NaN where there is none. */
  readonly value: ArrayLike<number>;
  /** One standard deviation each, above 0. */
  readonly error: ArrayLike<number>;
}

/** Values with errors to both sides. */
export interface AsymmetricValues {
  /** Values; NaN where there is none. */
  readonly value: ArrayLike<number>;
  /** Errors downwards, above 0. */
  readonly errn: ArrayLike<number>;
  /** Errors upwards, above 0. */
  readonly errp: ArrayLike<number>;
}

/** How a fractional variability is taken. */
export interface VariabilityOptions {
  /**
   * Take the size of the excess variance where it is negative, as the field's usual tool does, which makes
   * variability out of errors that are too large; default false: NaN, and an upper limit.
   */
  readonly absolute?: boolean | undefined;
  /** Standard deviations of the upper limit; default 2. */
  readonly nSigma?: number | undefined;
}

/** A fractional variability. */
export interface FractionalVariability {
  /** F: √ of the normalised excess variance; NaN where that is negative. */
  readonly fraction: number;
  /** One standard deviation of F; NaN with it. */
  readonly fractionError: number;
  /** Upper limit of F: √(max(0, σ²_NXS) + n_σ err). */
  readonly upperLimit: number;
  /** σ²_NXS, negative where the errors are larger than the scatter. */
  readonly normalizedExcessVariance: number;
  /** One standard deviation of it. */
  readonly normalizedExcessVarianceError: number;
  /** S² − σ̄², in the square of the values' unit. */
  readonly excessVariance: number;
  /** Mean value. */
  readonly mean: number;
  /** Number of values used. */
  readonly n: number;
}

function checkPair(value: ArrayLike<number>, ...others: ArrayLike<number>[]): void {
  for (const other of others) {
    if (other.length !== value.length) {
      throw new TypeError(`${value.length} values with ${other.length} errors: they go in pairs`);
    }
  }
}

/** Values without NaN. */
function finite({ value, error }: MeasuredValues): { x: Float64Array; sigma: Float64Array } {
  checkPair(value, error);
  const keep: number[] = [];
  for (let i = 0; i < value.length; i++) if (!Number.isNaN(value[i]!)) keep.push(i);
  return {
    x: Float64Array.from(keep, (i) => value[i]!),
    sigma: Float64Array.from(keep, (i) => error[i]!),
  };
}

function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}

/** F from a scatter S². */
function fractionOf(
  scatter: number,
  sigma: Float64Array,
  mean: number,
  { absolute = false, nSigma = 2 }: VariabilityOptions,
): FractionalVariability {
  const n = sigma.length, noise = meanOf(sigma.map((s) => s * s)) / (mean * mean);
  const excessVariance = scatter - noise * mean * mean, nxs = scatter / (mean * mean) - noise;
  const square = absolute ? Math.abs(nxs) : nxs, known = Math.sqrt(Math.max(0, square));
  // Vaughan et al. 2003, eq. 11
  const error = Math.hypot(Math.sqrt(2 / n) * noise, Math.sqrt(noise / n) * 2 * known);
  return Object.freeze({
    fraction: square < 0 ? NaN : Math.sqrt(square) * Math.sign(mean),
    fractionError: square < 0 ? NaN : error / (2 * known),
    upperLimit: Math.sqrt(Math.max(0, nxs) + nSigma * error),
    normalizedExcessVariance: nxs,
    normalizedExcessVarianceError: error,
    excessVariance,
    mean,
    n,
  });
}

/**
 * Fractional variability F_var = √(S² − σ̄²)/x̄, with the error of Vaughan et al.:
 * err(σ²_NXS) = √[(√(2/N) σ̄²/x̄²)² + (√(σ̄²/N) 2F/x̄)²], err(F) = err(σ²_NXS)/2F.
 *
 * @param values Values with errors, at least two that are no NaN.
 * @param options What is done with a negative excess variance; confidence of the limit.
 * @returns F, its error and limit, and the excess variance.
 * @throws TypeError for columns of different length; RangeError for fewer than two values.
 * @example
 * ```ts
 * import { fractionalVariability } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * const value = [1, 3, 1], error = [0.1, 0.3, 0.1];
 * ok(Math.abs(fractionalVariability({ value, error }).fraction - 0.683228) < 1e-6);
 * strictEqual(fractionalVariability({ value, error: [2, 2, 2] }).fraction, NaN);
 * ```
 * @see Vaughan et al. 2003, MNRAS 345, 1271, eqs. 8, 10, 11, B2
 */
export function fractionalVariability(
  values: MeasuredValues,
  options: VariabilityOptions = {},
): FractionalVariability {
  const { x, sigma } = finite(values), n = x.length;
  if (n < 2) throw new RangeError(`fractional variability: ${n} values, needs at least 2`);
  const mean = meanOf(x);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (x[i]! - mean) ** 2;
  return fractionOf(sum / (n - 1), sigma, mean, options);
}

/** How a point-to-point variability is taken. */
export interface PointToPointOptions extends VariabilityOptions {
  /**
   * Take the mean square of the differences itself, not half of it, as the field's usual tool does: then
   * white noise has √2 times its F_var; default false.
   */
  readonly whole?: boolean | undefined;
}

/**
 * Point-to-point fractional variability F_pp = √[Σ(x_{i+1} − x_i)²/2(N − 1) − σ̄²]/x̄: what varies on the
 * scale of the sampling. White noise has F_pp = F_var, slow changes have less. Differences are taken between
 * values that follow each other once NaN is left out. The error is that of F_var.
 *
 * @param values Values with errors in the order of time, at least two that are no NaN.
 * @param options Halved or whole differences; what is done with a negative excess variance.
 * @returns F and its error and limit.
 * @throws TypeError for columns of different length; RangeError for fewer than two values.
 * @example
 * ```ts
 * import { pointToPointVariability } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const values = { value: [1, 3, 1], error: [0.1, 0.3, 0.1] };
 * ok(Math.abs(pointToPointVariability(values, { whole: true }).fraction - 1.194487) < 1e-6);
 * ```
 * @see Edelson et al. 2002, ApJ 568, 610, section 3.3
 */
export function pointToPointVariability(
  values: MeasuredValues,
  options: PointToPointOptions = {},
): FractionalVariability {
  const { x, sigma } = finite(values), n = x.length;
  if (n < 2) throw new RangeError(`point-to-point variability: ${n} values, needs at least 2`);
  let sum = 0;
  for (let i = 1; i < n; i++) sum += (x[i]! - x[i - 1]!) ** 2;
  const half = options.whole === true ? 1 : 2;
  return fractionOf(sum / (half * (n - 1)), sigma, meanOf(x), options);
}

/** The constant that fits values best. */
export interface ConstantFit {
  /** The constant. */
  readonly value: number;
  /** One standard deviation of it. */
  readonly error: number;
  /** χ² of the values about it. */
  readonly chi2: number;
  /** Number of values used less one. */
  readonly dof: number;
  /** Chance of a χ² at least as large if nothing varies; 0 where it underflows. */
  readonly pValue: number;
  /** ln of it, for any depth. */
  readonly logPValue: number;
}

/**
 * Fits a constant to values with errors: its χ² tells whether they vary. With errors to both sides the one
 * towards the constant counts: upwards for a value below it.
 *
 * @param values Values with symmetric or asymmetric errors; NaN are left out.
 * @returns The constant, χ² and its chance probability.
 * @throws TypeError for columns of different length; RangeError for no value or an error not above 0.
 * @example
 * ```ts
 * import { fitConstant } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const { value, chi2, dof } = fitConstant({ value: [1, 3], error: [1, 1] });
 * strictEqual(value, 2);
 * strictEqual(chi2, 2);
 * strictEqual(dof, 1);
 * ```
 */
export function fitConstant(values: MeasuredValues | AsymmetricValues): ConstantFit {
  const isPlain = "error" in values, { value } = values;
  const down = isPlain ? values.error : values.errn, up = isPlain ? values.error : values.errp;
  checkPair(value, down, up);
  let least = Infinity, most = -Infinity, n = 0;
  for (let i = 0; i < value.length; i++) {
    const x = value[i]!;
    if (Number.isNaN(x)) continue;
    if (!(down[i]! > 0 && up[i]! > 0)) {
      throw new RangeError(`value ${i} has the errors ${down[i]} and ${up[i]}: needs > 0`);
    }
    n++;
    least = Math.min(least, x);
    most = Math.max(most, x);
  }
  if (n === 0) throw new RangeError("a constant needs at least one value that is no NaN");
  // Half the slope of χ², its curvature, and χ² itself.
  const sums = (c: number) => {
    let slope = 0, weight = 0, chi2 = 0, mean = 0;
    for (let i = 0; i < value.length; i++) {
      const x = value[i]!;
      if (Number.isNaN(x)) continue;
      const w = 1 / (c >= x ? up[i]! : down[i]!) ** 2;
      slope += w * (c - x);
      weight += w;
      mean += w * (x - least);
      chi2 += w * (c - x) ** 2;
    }
    return { slope, weight, chi2, mean: least + mean / weight };
  };
  const best = isPlain
    ? sums(least).mean
    : least === most
    ? least
    : findRoot((c) => sums(c).slope / sums(c).weight, least, most);
  const { weight, chi2 } = sums(best),
    dof = n - 1,
    logPValue = dof === 0 ? 0 : logChi2Sf(chi2, dof);
  return Object.freeze({
    value: best,
    error: 1 / Math.sqrt(weight),
    chi2,
    dof,
    pValue: Math.exp(logPValue),
    logPValue,
  });
}
