/*
 * Phase dispersion minimisation. N values x in n bins of phase:
 *   SSW = Σ_bins Σ (x − x̄_bin)²,  SST = Σ (x − x̄)²
 *   Θ = [SSW/(N − n)]/[SST/(N − 1)];  SSW/SST follows the beta distribution ((N − n)/2, (n − 1)/2) for
 *   Gaussian noise, and is small where there is a period.
 */
import { betaInc, findRoot, lgamma } from "../numeric/mod.ts";
import type { TestResult } from "./event_statistics.ts";
import { logPPerTrial } from "./search_trials.ts";

/** What phase dispersion found. */
export interface PhaseDispersion extends TestResult {
  /** Stellingwerf's Θ: about 1 without a period, small with one. */
  readonly theta: number;
  /** Bins with values. */
  readonly nBins: number;
  /** Values used. */
  readonly n: number;
}

/** ln I_x(a, b) at any depth of the lower tail. */
function logBetaInc(x: number, a: number, b: number): number {
  const direct = betaInc(a, b, x);
  if (direct > 1e-290 || x <= 0) return Math.log(direct);
  let term = 1, sum = 1;
  for (let k = 0; k < 1e6 && term > 1e-17 * sum; k++) {
    term *= x * (a + b + k) / (a + 1 + k);
    sum += term;
  }
  return a * Math.log(x) + b * Math.log1p(-x) - Math.log(a) + Math.log(sum) +
    lgamma(a + b) - lgamma(a) - lgamma(b);
}

function shapeOf(nValues: number, nBins: number): [number, number] {
  if (!(Number.isInteger(nBins) && nBins >= 2 && nValues > nBins)) {
    throw new RangeError(
      `Phase dispersion of ${nValues} values in ${nBins} bins: needs 2 bins and more values than bins`,
    );
  }
  return [(nValues - nBins) / 2, (nBins - 1) / 2];
}

/**
 * Phase dispersion of values (rates, magnitudes) at given phases.
 *
 * @param phase Phases in cycles, any finite numbers.
 * @param values The values, as many.
 * @param nBins Equal bins of phase, at least 2; 16. Bins without values do not count.
 * @returns `value` = SSW/SST, its chance to be so small without a period (Gaussian noise), Θ.
 * @throws TypeError for another number of values; RangeError for fewer values than bins.
 * @example
 * ```ts
 * import { phaseDispersion } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const phase = Float64Array.from({ length: 200 }, (_, i) => i * 0.318 % 1);
 * const values = phase.map((x) => 10 + Math.cos(2 * Math.PI * x));
 * ok(phaseDispersion(phase, values).theta < 0.03);
 * ```
 * Source: Stellingwerf 1978, ApJ 224, 953; the distribution: Schwarzenberg-Czerny 1997, ApJ 489, 941.
 */
export function phaseDispersion(
  phase: Float64Array,
  values: Float64Array,
  nBins = 16,
): PhaseDispersion {
  const n = phase.length;
  if (values.length !== n) {
    throw new TypeError(`phaseDispersion: ${values.length} values, ${n} phases`);
  }
  shapeOf(n, nBins);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  const counts = new Float64Array(nBins), sums = new Float64Array(nBins);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const x = phase[i]!, d = values[i]! - mean;
    const bin = Math.min(Math.floor((x - Math.floor(x)) * nBins), nBins - 1);
    counts[bin] = counts[bin]! + 1;
    sums[bin] = sums[bin]! + d;
    total += d * d;
  }
  let between = 0, filled = 0;
  for (let j = 0; j < nBins; j++) {
    if (counts[j] === 0) continue;
    filled++;
    between += sums[j]! ** 2 / counts[j]!;
  }
  const value = Math.max(0, total - between) / total;
  const theta = value * (n - 1) / (n - filled);
  if (filled < 2 || Number.isNaN(value)) {
    return { value, theta, nBins: filled, n, p: NaN, logP: NaN };
  }
  const logP = logPOfDispersion(value, { n, nBins: filled });
  return { value, theta, nBins: filled, n, p: Math.exp(logP), logP };
}

/**
 * ln of the chance of an SSW/SST at most so large without a period.
 *
 * @param ratio SSW/SST in [0, 1].
 * @param shape Number of values and of bins.
 * @returns ln p ≤ 0.
 * @throws RangeError for fewer values than bins.
 * @example
 * ```ts
 * import { dispersionLevel, logPOfDispersion } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const level = dispersionLevel({ n: 1000, nBins: 16 }, { falseAlarm: 0.01 });
 * ok(Math.abs(Math.exp(logPOfDispersion(level, { n: 1000, nBins: 16 })) - 0.01) < 1e-10);
 * ```
 */
export function logPOfDispersion(
  ratio: number,
  shape: { readonly n: number; readonly nBins: number },
): number {
  const [a, b] = shapeOf(shape.n, shape.nBins);
  return ratio >= 1 ? 0 : Math.min(0, logBetaInc(ratio, a, b));
}

/**
 * The SSW/SST that noise falls below in a given fraction of searches.
 *
 * @param shape Number of values and of bins.
 * @param options Chance of a false alarm in the whole search, 0.01; independent trials, 1.
 * @returns The level.
 * @throws RangeError for a chance outside (0, 1) or fewer values than bins.
 * @example
 * ```ts
 * import { dispersionLevel } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(dispersionLevel({ n: 10000, nBins: 32 }) < 1);
 * ```
 * Agrees with stingray's phase_dispersion_detection_level.
 */
export function dispersionLevel(
  shape: { readonly n: number; readonly nBins: number },
  options: { readonly falseAlarm?: number; readonly trials?: number } = {},
): number {
  const target = logPPerTrial(Math.log(options.falseAlarm ?? 0.01), options.trials ?? 1);
  return findRoot((ratio) => logPOfDispersion(ratio, shape) - target, 1e-12, 1);
}
