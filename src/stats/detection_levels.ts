/*
 * Levels that noise reaches in a given fraction of searches, and limits of the power and amplitude of a
 * signal.
 *   A pulse adds a non-centrality λ to Z²_n; rate ∝ 1 + A cos 2πφ: λ = N A²/2, N = (Σw)²/Σw²
 */
import { findRoot } from "../numeric/mod.ts";
import { type HTestSfOptions, logHTestSf } from "./h_test_sf.ts";
import { logPPerTrial } from "./search_trials.ts";
import { logChi2Sf } from "./survival.ts";
import { nonCentralChi2Sf } from "./test_statistic.ts";

/** The chance of a false alarm. */
export interface LevelOptions {
  /** Chance that noise reaches the level anywhere in the search; 0.01. */
  readonly falseAlarm?: number | undefined;
  /** Independent trials; 1. */
  readonly trials?: number | undefined;
}

/** ln of the chance that one trial may have. Throws for a chance outside (0, 1). */
function targetOf({ falseAlarm = 0.01, trials = 1 }: LevelOptions): number {
  if (!(falseAlarm > 0 && falseAlarm < 1)) {
    throw new RangeError(
      `Chance of a false alarm: found ${falseAlarm}, expected more than 0, less than 1`,
    );
  }
  return logPPerTrial(Math.log(falseAlarm), trials);
}

/** Where a falling ln p reaches its target. */
function levelOf(logSf: (x: number) => number, target: number): number {
  let high = 1;
  while (logSf(high) > target) high *= 2;
  return findRoot((x) => logSf(x) - target, 0, high);
}

/**
 * The epoch-folding χ² that noise reaches with a given chance.
 *
 * @param nBins Bins of the profile, at least 2.
 * @param options Chance and trials.
 * @returns The level.
 * @throws RangeError for a chance outside (0, 1), trials not above 0, or fewer than 2 bins.
 * @example
 * ```ts
 * import { chi2Sf, foldingLevel } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(chi2Sf(foldingLevel(16), 15) - 0.01) < 1e-12);
 * ```
 * Source: Leahy et al. 1983, ApJ 266, 160.
 */
export function foldingLevel(nBins: number, options: LevelOptions = {}): number {
  if (!(nBins >= 2)) throw new RangeError(`foldingLevel: ${nBins} bins, needs at least 2`);
  return levelOf((x) => logChi2Sf(x, nBins - 1), targetOf(options));
}

/**
 * The Z²_n that noise reaches with a given chance.
 *
 * @param n Harmonics.
 * @param options Chance and trials.
 * @returns The level.
 * @throws RangeError for a chance outside (0, 1), trials not above 0, or n not above 0.
 * @example
 * ```ts
 * import { z2nLevel, z2nSf } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(1e6 * z2nSf(z2nLevel(2, { trials: 1e6 }), 2) / 0.01 - 1) < 0.01);
 * ```
 * Source: Buccheri et al. 1983, A&A 128, 245.
 */
export function z2nLevel(n: number, options: LevelOptions = {}): number {
  return levelOf((x) => logChi2Sf(x, 2 * n), targetOf(options));
}

/**
 * The H that noise reaches with a given chance.
 *
 * @param options Chance and trials; harmonics and c as for `hTestSf`.
 * @returns The level.
 * @throws RangeError for a chance outside (0, 1) or trials not above 0.
 * @example
 * ```ts
 * import { hTestLevel, hTestSf } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(hTestSf(hTestLevel({ falseAlarm: 1e-6 })) / 1e-6 - 1) < 1e-10);
 * ```
 */
export function hTestLevel(options: LevelOptions & HTestSfOptions = {}): number {
  return levelOf((x) => logHTestSf(x, options), targetOf(options));
}

/** A measured power and how sure a limit should be. */
export interface PowerLimitOptions {
  /** Harmonics n of Z²_n; 1. */
  readonly n?: number | undefined;
  /** Confidence of the limit; 0.95. */
  readonly confidence?: number | undefined;
}

/**
 * Upper limit of the power of a signal: the non-centrality λ for which a Z²_n at most as large as found has
 * the chance 1 − confidence. With the largest Z² of a search the limit holds for every trial.
 *
 * @param z2 Z²_n as found (for n = 1 this is Leahy's power).
 * @param options Harmonics; confidence.
 * @returns λ; 0 where noise alone is so small with that chance.
 * @throws RangeError for a negative power, n not above 0, or a confidence outside (0, 1).
 * @example
 * ```ts
 * import { nonCentralChi2Sf, powerUpperLimit } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const nonCentrality = powerUpperLimit(40, { confidence: 0.99 });
 * ok(Math.abs(nonCentralChi2Sf(40, { dof: 2, nonCentrality }) - 0.99) < 1e-12);
 * ```
 * Source: Groth 1975, ApJS 29, 285; Vaughan et al. 1994, ApJ 435, 362.
 */
export function powerUpperLimit(z2: number, options: PowerLimitOptions = {}): number {
  const { n = 1, confidence = 0.95 } = options;
  if (!(z2 >= 0 && n > 0 && confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `powerUpperLimit(${z2}): n = ${n}, confidence = ${confidence}: needs power >= 0, n > 0, and a ` +
        `confidence in (0, 1)`,
    );
  }
  const miss = (nonCentrality: number) =>
    nonCentralChi2Sf(z2, { dof: 2 * n, nonCentrality }) - confidence;
  if (miss(0) >= 0) return 0;
  let high = z2 + 10;
  while (miss(high) < 0) high *= 2;
  return findRoot(miss, 0, high);
}

/**
 * The power of a signal that reaches a level with a given chance: what a search can find.
 *
 * @param level Level of Z²_n, for example of `z2nLevel`.
 * @param options Harmonics; `confidence` is the chance to reach the level.
 * @returns λ.
 * @throws As `powerUpperLimit`.
 * @example
 * ```ts
 * import { detectablePower, z2nLevel } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(detectablePower(z2nLevel(1, { trials: 1e6 }), { confidence: 0.5 }) > 30);
 * ```
 * Source: Vaughan et al. 1994, ApJ 435, 362, section 3.
 */
export function detectablePower(level: number, options: PowerLimitOptions = {}): number {
  return powerUpperLimit(level, options);
}

/** The events of which a power was found. */
export interface AmplitudeOptions {
  /** Σw: events where there are no weights. */
  readonly sumW: number;
  /** Σw²; `sumW` without weights. */
  readonly sumW2?: number | undefined;
  /** Bins of the folded profile where there were bins: the amplitude is greater by 1/sinc(1/nBins). */
  readonly nBins?: number | undefined;
}

/**
 * The amplitude A of a rate 1 + A cos 2πφ (the pulsed fraction (max − min)/(max + min)) of a power λ.
 *
 * @param power Non-centrality λ of Z²_1: Z²_1 − 2 as an estimate, or a limit of it.
 * @param options Sums of weights; bins.
 * @returns A = √(2 λ Σw²)/Σw; above 1 a sinusoid cannot do it.
 * @throws RangeError for a negative power or no events.
 * @example
 * ```ts
 * import { amplitudeOfPower } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(amplitudeOfPower(50, { sumW: 10000 }), 0.1);
 * ```
 * Source: Leahy et al. 1983, ApJ 272, 256; Vaughan et al. 1994, ApJ 435, 362.
 */
export function amplitudeOfPower(power: number, options: AmplitudeOptions): number {
  const { sumW, sumW2 = sumW, nBins } = options;
  if (!(power >= 0 && sumW > 0 && sumW2 > 0)) {
    throw new RangeError(
      `amplitudeOfPower(${power}): Σw = ${sumW}, Σw² = ${sumW2}: needs positive numbers`,
    );
  }
  const x = nBins === undefined ? 0 : Math.PI / nBins;
  return Math.sqrt(2 * power * sumW2) / sumW * (x === 0 ? 1 : x / Math.sin(x));
}

/**
 * Upper limit of the pulsed fraction (amplitude of a sinusoid) where Z²_1 was found.
 *
 * @param z2 Z²_1, or the largest of a search.
 * @param options Sums of weights; bins; confidence.
 * @returns A; above 1 there is no limit.
 * @throws As `powerUpperLimit` and `amplitudeOfPower`.
 * @example
 * ```ts
 * import { pulsedFractionLimit } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(pulsedFractionLimit(25, { sumW: 1e6 }) < 0.01);
 * ```
 * Source: Vaughan et al. 1994, ApJ 435, 362.
 */
export function pulsedFractionLimit(
  z2: number,
  options: AmplitudeOptions & Pick<PowerLimitOptions, "confidence">,
): number {
  return amplitudeOfPower(powerUpperLimit(z2, { confidence: options.confidence }), options);
}
