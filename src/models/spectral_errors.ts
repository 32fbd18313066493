/** Errors of what is read off a spectrum, from the covariance of its parameters. */
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import type { Rng } from "../numeric/mod.ts";
import { integrateSmooth } from "./_smooth_parts.ts";
import {
  breaksOf,
  checkRange,
  integralOf,
  type SpectralModel,
  type SpectralRule,
} from "./spectral_rule.ts";

/** A number with its errors. */
export interface Estimate {
  /** At the model's own values. */
  readonly value: number;
  /** One standard deviation downwards. */
  readonly errn: number;
  /** One standard deviation upwards. */
  readonly errp: number;
}

/** Numbers of a spectrum with their errors. */
export interface SpectralErrors {
  /** dN/dE at an energy in TeV, cm⁻² s⁻¹ TeV⁻¹. */
  readonly dnde: (energyTeV: number) => Estimate;
  /** Flux between two energies in TeV, cm⁻² s⁻¹. */
  readonly flux: (lowTeV: number, highTeV: number) => Estimate;
  /** Energy flux between two energies in TeV, TeV cm⁻² s⁻¹. */
  readonly eflux: (lowTeV: number, highTeV: number) => Estimate;
  /** Local index at an energy in TeV. */
  readonly index: (energyTeV: number) => Estimate;
}

/** Covariance as rows, checked. */
function rowsOf(
  { parameters, kind }: SpectralModel,
  covariance: NdArray<Float64Array>,
): number[][] {
  const n = parameters.length, { shape } = covariance;
  if (shape.length !== 2 || shape[0] !== n || shape[1] !== n) {
    throw new TypeError(
      `Model ${kind} has ${n} parameters, found a covariance of the shape [${shape}]`,
    );
  }
  return parameters.map((_, i) => parameters.map((_, j) => covariance.get(i, j)));
}

/** √(gᵀ C g). */
function spread(g: ArrayLike<number>, rows: readonly (readonly number[])[]): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    // What does not vary does not add, even where its derivative has none.
    for (let j = 0; j < rows.length; j++) {
      const c = rows[i]![j]!;
      if (c !== 0) sum += g[i]! * c * g[j]!;
    }
  }
  return Math.sqrt(Math.max(0, sum));
}

const STEP = 1e-4;

function indexOf(rule: SpectralRule, p: ArrayLike<number>, e: number): number {
  const above = rule.dnde(e * Math.exp(STEP), p), below = rule.dnde(e * Math.exp(-STEP), p);
  return Math.log(below / above) / (2 * STEP);
}

/**
 * Errors by linear propagation: √(gᵀ C g) with the derivatives g by the parameters.
 *
 * @param model The spectrum with its best values; compounds and norms too.
 * @param covariance Covariance of its parameters in their order, [n, n]; 0 for frozen ones.
 * @returns Functions that give a number with its error, the same up and down.
 * @throws TypeError for a covariance of another shape.
 * @example
 * ```ts
 * import { linearErrors, powerLaw } from "@gammarx/gammarx/models";
 * import ndarray from "ndarray";
 * import { ok } from "node:assert/strict";
 * const model = powerLaw({ amplitude: 2, index: 2 });
 * const errors = linearErrors(model, ndarray(Float64Array.of(0.01, 0, 0, 0, 0.04, 0, 0, 0, 0), [3, 3]));
 * ok(Math.abs(errors.dnde(1).errp - 0.2) < 1e-14);
 * ```
 */
export function linearErrors(
  model: SpectralModel,
  covariance: NdArray<Float64Array>,
): SpectralErrors {
  const rows = rowsOf(model, covariance), { rule, parameters } = model, n = parameters.length;
  const p = Float64Array.from(parameters, (one) => one.value), g = new Float64Array(n);
  const estimate = (value: number, slopes: ArrayLike<number>): Estimate => {
    const error = spread(slopes, rows);
    return Object.freeze({ value, errn: error, errp: error });
  };
  const integral = (low: number, high: number, moment: 0 | 1): Estimate => {
    checkRange(low, high);
    const slopes = new Float64Array(n), breaks = breaksOf(rule, p);
    if (moment === 0 && rule.fluxGradient !== undefined) rule.fluxGradient(low, high, p, slopes);
    else {
      for (let k = 0; k < n; k++) {
        if (rows[k]!.every((c) => c === 0)) continue;
        const slope = (e: number) => {
          rule.gradient(e, p, g);
          return moment === 0 ? g[k]! : g[k]! * e;
        };
        slopes[k] = integrateSmooth(slope, { low, high, breaks });
      }
    }
    return estimate(integralOf(rule, p, { low, high, moment }), slopes);
  };
  return Object.freeze({
    dnde(e: number): Estimate {
      rule.gradient(e, p, g);
      return estimate(rule.dnde(e, p), g);
    },
    flux: (low: number, high: number) => integral(low, high, 0),
    eflux: (low: number, high: number) => integral(low, high, 1),
    index(e: number): Estimate {
      const high = e * Math.exp(STEP), low = e * Math.exp(-STEP), slopes = new Float64Array(n);
      rule.gradient(low, p, g);
      for (let k = 0; k < n; k++) slopes[k] = g[k]! / rule.dnde(low, p);
      rule.gradient(high, p, g);
      for (let k = 0; k < n; k++) {
        slopes[k] = (slopes[k]! - g[k]! / rule.dnde(high, p)) / (2 * STEP);
      }
      return estimate(indexOf(rule, p, e), slopes);
    },
  });
}

/**
 * Errors from parameters that are drawn from their covariance: the quantiles of one standard deviation, for
 * errors that are too large for the linear ones.
 *
 * @param model The spectrum with its best values.
 * @param covariance Covariance of its parameters in their order, [n, n]; 0 for frozen ones.
 * @param options Random numbers, and how many sets of parameters are drawn (10000).
 * @returns Functions that give a number with its errors; NaN errors where a drawn set gives no number.
 * @throws TypeError for a covariance of another shape; RangeError for one that is not positive.
 * @example
 * ```ts
 * import { powerLaw, sampledErrors } from "@gammarx/gammarx/models";
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import ndarray from "ndarray";
 * import { ok } from "node:assert/strict";
 * const covariance = ndarray(Float64Array.of(0, 0, 0, 0, 0.04, 0, 0, 0, 0), [3, 3]);
 * const model = powerLaw({ amplitude: 2, index: 2 });
 * const errors = sampledErrors(model, covariance, { rng: createRng(1) });
 * ok(Math.abs(errors.dnde(1).errp - 0.2) < 0.02);
 * ```
 */
export function sampledErrors(
  model: SpectralModel,
  covariance: NdArray<Float64Array>,
  options: { readonly rng: Rng; readonly nSamples?: number },
): SpectralErrors {
  const rows = rowsOf(model, covariance), { rule, parameters } = model, n = parameters.length;
  const { rng, nSamples = 10000 } = options, root = rootOf(rows);
  const best = Float64Array.from(parameters, (one) => one.value);
  const samples = Array.from({ length: nSamples }, () => {
    const z = rng.fillNormal(new Float64Array(n)), p = best.slice();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) p[i] = p[i]! + root[i]![k]! * z[k]!;
    }
    return p;
  });
  const estimate = (f: (p: Float64Array) => number): Estimate => {
    const value = f(best), all = Float64Array.from(samples, f);
    if (all.some(Number.isNaN)) return Object.freeze({ value, errn: NaN, errp: NaN });
    all.sort();
    return Object.freeze({
      value,
      errn: value - quantile(all, 0.15865525393145707),
      errp: quantile(all, 0.8413447460685429) - value,
    });
  };
  return Object.freeze({
    dnde: (e: number) => estimate((p) => rule.dnde(e, p)),
    flux: (low: number, high: number) =>
      estimate((p) => integralOf(rule, p, { low, high, moment: 0 })),
    eflux: (low: number, high: number) =>
      estimate((p) => integralOf(rule, p, { low, high, moment: 1 })),
    index: (e: number) => estimate((p) => indexOf(rule, p, e)),
  });
}

/** The lower triangle L of C = L Lᵀ; 0 for parameters that do not vary. */
function rootOf(rows: readonly (readonly number[])[]): number[][] {
  const n = rows.length, root = rows.map((row) => row.map(() => 0));
  for (let j = 0; j < n; j++) {
    let rest = rows[j]![j]!;
    for (let k = 0; k < j; k++) rest -= root[j]![k]! ** 2;
    if (!(rest > -1e-9 * Math.abs(rows[j]![j]!) - Number.MIN_VALUE)) {
      throw new RangeError(`A covariance is positive: found ${rest} left of the variance ${j}`);
    }
    const isFixed = rest <= 1e-12 * rows[j]![j]!;
    root[j]![j] = isFixed ? 0 : Math.sqrt(rest);
    for (let i = j + 1; i < n && !isFixed; i++) {
      let sum = rows[i]![j]!;
      for (let k = 0; k < j; k++) sum -= root[i]![k]! * root[j]![k]!;
      root[i]![j] = sum / root[j]![j]!;
    }
  }
  return root;
}

function quantile(sorted: Float64Array, part: number): number {
  const at = part * (sorted.length - 1), i = Math.floor(at);
  const low = sorted[i]!, high = sorted[Math.min(i + 1, sorted.length - 1)]!;
  return low + (at - i) * (high - low);
}

/**
 * The energy at which the relative error of dN/dE is least: where the parameters of a power law are not
 * correlated (decorrelation energy).
 *
 * @param model The spectrum with its best values.
 * @param covariance Covariance of its parameters in their order, [n, n]; 0 for frozen ones.
 * @param options Energies between which it is looked for, TeV; [1e-3, 1e3] where absent.
 * @returns Energy, TeV.
 * @throws TypeError for a covariance of another shape.
 * @example
 * ```ts
 * import { pivotEnergy, powerLaw } from "@gammarx/gammarx/models";
 * import ndarray from "ndarray";
 * import { ok } from "node:assert/strict";
 * const covariance = ndarray(Float64Array.of(0.01, 0.01, 0, 0.01, 0.04, 0, 0, 0, 0), [3, 3]);
 * const energy = pivotEnergy(powerLaw({ amplitude: 1, index: 2 }), covariance);
 * ok(Math.abs(Math.log(energy) - 1) < 1e-6);
 * ```
 */
export function pivotEnergy(
  model: SpectralModel,
  covariance: NdArray<Float64Array>,
  options: { readonly rangeTeV?: readonly [low: number, high: number] } = {},
): number {
  const { rangeTeV: [low, high] = [1e-3, 1e3] } = options,
    { dnde } = linearErrors(model, covariance);
  checkRange(low, high);
  const relative = (logE: number): number => {
    const { value, errp } = dnde(Math.exp(logE));
    return (errp / value) ** 2;
  };
  const a = Math.log(low), width = Math.log(high / low) / 400;
  let best = 0, least = Infinity;
  for (let k = 0; k <= 400; k++) {
    const here = relative(a + k * width);
    if (here < least) [best, least] = [k, here];
  }
  // The square of the error is a parabola about its least value for a power law, and nearly so for others.
  let x = a + best * width;
  if (best === 0 || best === 400) return Math.exp(x);
  for (let step = width; step > 1e-4; step /= 4) {
    const [below, here, above] = [relative(x - step), relative(x), relative(x + step)];
    const bend = below + above - 2 * here;
    if (bend > 0) x += Math.max(-1, Math.min(1, (below - above) / (2 * bend))) * step;
  }
  return Math.exp(x);
}
