import type { StreamItem } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import {
  checkFactors,
  photonChain,
  type PhotonChainOptions,
  type PhotonChainState,
} from "./_photon_chain.ts";
import type { Accumulator } from "./accumulator.ts";

/*
 * Shiryaev–Roberts, photon by photon in acceptance time: R ← (R + 1) μ e^{−(μ − 1) ΔΛ}, the sum over all
 * starts of the likelihood ratios of a window that is brighter by μ. Under noise R − n is a martingale over
 * photons n, so that the mean number of photons up to R ≥ A is at least A; that holds for a mean of R over
 * factors too. A part of a stream maps R to a R + c. All in ln, so that no flare is too bright.
 * In `sums`, per factor: ln c.
 */

/** What is expected, and how much brighter windows may be. */
export interface ShiryaevRobertsOptions extends PhotonChainOptions {
  /** Factors by which a window is brighter than expected, above 1; 1.25, 1.5, 2, 3, 5, 10. */
  readonly factors?: readonly number[];
  /** Weights of the factors, ≥ 0, of any sum above 0; equal. */
  readonly weights?: readonly number[];
}

/** Where the sum stands after the last photon. */
export interface ShiryaevRobertsResult {
  /** ln R of the weighted mean over factors; −∞ before the second photon. */
  readonly logR: number;
  /** ln R of each factor. */
  readonly logRs: Float64Array;
  /** Photons seen. */
  readonly total: number;
  /** Events that were left out: out of order, or without a finite time. */
  readonly late: number;
}

/** ln(1 + e^x). */
function log1pExp(x: number): number {
  return x > 40 ? x : Math.log1p(Math.exp(x));
}

/** ln(e^x + e^y). */
function logAddExp(x: number, y: number): number {
  const most = Math.max(x, y);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(x, y) - most));
}

/** The detector itself: photon by photon, with an alarm at once. */
export interface ShiryaevRobertsDetector {
  /**
   * Counts a photon that comes `expected` counts after the last one, ≥ 0, and gives ln R. An alarm at
   * ln R ≥ ln A comes on average after A photons of noise or more.
   */
  readonly step: (expected: number) => number;
  /** Begins anew. */
  readonly reset: () => void;
  /** ln R of each factor: a copy. */
  readonly logRs: () => Float64Array;
}

interface Rule {
  readonly factors: readonly number[];
  readonly weights: readonly number[];
  readonly step: (logRs: Float64Array, expected: number) => void;
  readonly mean: (logRs: ArrayLike<number>) => number;
  readonly logLr: (j: number, x: number, b: number) => number;
}

function ruleOf(options: Pick<ShiryaevRobertsOptions, "factors" | "weights">): Rule {
  const { factors = [1.25, 1.5, 2, 3, 5, 10], weights: given = factors.map(() => 1) } = options;
  checkFactors(factors);
  const whole = given.reduce((a, b) => a + b, 0);
  if (given.length !== factors.length || !(whole > 0) || !given.every((w) => w >= 0 && w < 1e300)) {
    throw new RangeError(
      `Weights are numbers of at least 0, one a factor (${factors.length}), found ${
        given.join(", ")
      }`,
    );
  }
  const weights = given.map((w) => w / whole), size = factors.length;
  const log = factors.map(Math.log), logW = weights.map(Math.log);
  const logLr = (j: number, x: number, b: number) => log[j]! * x - (factors[j]! - 1) * b;
  return {
    factors,
    weights,
    logLr,
    step(logRs, expected): void {
      for (let j = 0; j < size; j++) logRs[j] = log1pExp(logRs[j]!) + logLr(j, 1, expected);
    },
    mean(logRs): number {
      let sum = -Infinity;
      for (let j = 0; j < size; j++) sum = logAddExp(sum, logRs[j]! + logW[j]!);
      return sum;
    },
  };
}

/**
 * Shiryaev–Roberts as a detector with a proven bound on its false alarms: over a known background an alarm
 * at ln R ≥ ln A comes after A photons of noise or more on average, whatever the factors and weights.
 *
 * @param options Factors and weights.
 * @returns A detector at R = 0; it has one owner.
 * @throws RangeError for factors that are not above 1 or weights that do not fit.
 * @example
 * ```ts
 * import { createShiryaevRoberts } from "@gammarx/gammarx/accumulators";
 * import { ok } from "node:assert/strict";
 * const detector = createShiryaevRoberts({ factors: [2] });
 * ok(Math.abs(detector.step(0) - Math.log(2)) < 1e-15);
 * ok(Math.abs(detector.step(1) - Math.log(3 * 2 / Math.E)) < 1e-15);
 * ```
 * @see Roberts 1966, Technometrics 8, 411; Pollak 1987, Ann. Stat. 15, 749
 */
export function createShiryaevRoberts(
  options: Pick<ShiryaevRobertsOptions, "factors" | "weights"> = {},
): ShiryaevRobertsDetector {
  const rule = ruleOf(options), logRs = new Float64Array(rule.factors.length).fill(-Infinity);
  return Object.freeze({
    step(expected: number): number {
      rule.step(logRs, expected);
      return rule.mean(logRs);
    },
    reset(): void {
      logRs.fill(-Infinity);
    },
    logRs: () => logRs.slice(),
  });
}

/**
 * The Shiryaev–Roberts sum of a stream after its last photon; it begins with R = 0 at the first photon.
 * Merging gives that of the whole. For alarms photon by photon use {@link createShiryaevRoberts}.
 *
 * @param options Expected rate, clock, factors and weights.
 * @returns An accumulator over events in order of time; events before the last one are counted late.
 * @throws RangeError for a rate that is not positive, factors that are not above 1, weights that do not fit.
 * @example
 * ```ts
 * import { fold, shiryaevRoberts, steadyClock } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { ok } from "node:assert/strict";
 * const acc = shiryaevRoberts({ backgroundPerS: 1, clock: steadyClock(), factors: [2] });
 * const { logR } = acc.result(fold(acc, [createEventBatch({ timeS: Float64Array.of(0, 1) })]));
 * ok(Math.abs(logR - Math.log(2 / Math.E)) < 1e-15);
 * ```
 * @see Roberts 1966, Technometrics 8, 411; Pollak 1987, Ann. Stat. 15, 749
 */
export function shiryaevRoberts(
  options: ShiryaevRobertsOptions,
): Accumulator<StreamItem, PhotonChainState, ShiryaevRobertsResult> {
  const { backgroundPerS, clock } = options, rule = ruleOf(options);
  const { factors, weights, logLr } = rule;
  return photonChain({
    kind: "shiryaev-roberts",
    version: 1,
    key: fingerprint({
      backgroundPerS,
      clock: clock.key,
      factors: [...factors],
      weights: [...weights],
    }),
    exactness: { kind: "rounding", rtol: 1e-10 },
    create: () => new Float64Array(factors.length).fill(-Infinity),
    step({ n, lastB, sums }, b): void {
      if (n > 0) rule.step(sums, b - lastB);
    },
    join(into, from): void {
      rule.step(into.sums, from.firstB - into.lastB);
      const x = from.n - 1, b = from.lastB - from.firstB;
      for (let j = 0; j < factors.length; j++) {
        into.sums[j] = logAddExp(into.sums[j]! + logLr(j, x, b), from.sums[j]!);
      }
    },
    result: ({ n, late, sums }) => ({
      logR: rule.mean(sums),
      logRs: sums.slice(),
      total: n,
      late,
    }),
  }, options);
}
