import type { StreamItem } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { photonChain, type PhotonChainOptions, type PhotonChainState } from "./_photon_chain.ts";
import type { Accumulator } from "./accumulator.ts";

/*
 * In acceptance time spacings Δ of photons are exponential with mean 1. With m = (1 − Δ) for Δ < 1, else 0:
 *   E[m] = 1/e, Var m = 1 − 2/e − 1/e², Cov(m, Δ) = 2/e − 1
 * so m + (1 − 2/e)(Δ − 1) does not go with the mean spacing, and has the variance Var m − Cov².
 */
const MEAN = Math.exp(-1), SLOPE = 1 - 2 / Math.E;
const VARIANCE = SLOPE - MEAN * MEAN, SHAPE_VARIANCE = VARIANCE - SLOPE * SLOPE;

/** Whether photons come in bursts. */
export interface ExpTest {
  /** Mean of 1 − Δ over all spacings, 0 for those above 1; NaN for none. */
  readonly mean: number;
  /** Its standard deviations from 1/e: above 0 for bursts, and for a rate above the expected one. */
  readonly significance: number;
  /** The same free of the mean rate, to first order: above 0 for bursts only. */
  readonly shapeSignificance: number;
  /** Spacings: photons less one. */
  readonly n: number;
  /** Events that were left out: out of order, or without a finite time. */
  readonly late: number;
}

/**
 * Exp-test: do photons come in bursts? Mean of 1 − Δ over the spacings Δ < 1, in acceptance time,
 * where a varying acceptance makes no bursts. Sensitive to many weak ones. For many photons both
 * significances are normal without bursts.
 *
 * @param options Expected rate and clock.
 * @returns An accumulator over events in order of time; events before the last one are counted late.
 * @throws RangeError for a rate that is not positive.
 * @example
 * ```ts
 * import { expTest, fold, steadyClock } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const acc = expTest({ backgroundPerS: 1, clock: steadyClock() });
 * const batch = createEventBatch({ timeS: Float64Array.of(0, 0.5, 3) });
 * strictEqual(acc.result(fold(acc, [batch])).mean, 0.25);
 * ```
 * @see Prahl 1999, arXiv:astro-ph/9909399, who takes the scale from the sample, which
 * `shapeSignificance` does to first order: 0.2431 here, 0.2427 there for the width
 */
export function expTest(
  options: PhotonChainOptions,
): Accumulator<StreamItem, PhotonChainState, ExpTest> {
  const { backgroundPerS, clock } = options;
  return photonChain({
    kind: "exp-test",
    version: 1,
    key: fingerprint({ backgroundPerS, clock: clock.key }),
    exactness: { kind: "rounding", rtol: 1e-10 },
    create: () => new Float64Array(1),
    step({ n, lastB, sums }, b): void {
      if (n > 0) sums[0] = sums[0]! + Math.max(0, 1 - (b - lastB));
    },
    join(into, from): void {
      into.sums[0] = into.sums[0]! + Math.max(0, 1 - (from.firstB - into.lastB)) + from.sums[0]!;
    },
    result({ n: photons, firstB, lastB, late, sums }): ExpTest {
      const n = Math.max(0, photons - 1), mean = sums[0]! / n, spacing = (lastB - firstB) / n;
      return {
        mean,
        significance: (mean - MEAN) / Math.sqrt(VARIANCE / n),
        shapeSignificance: (mean - MEAN + SLOPE * (spacing - 1)) / Math.sqrt(SHAPE_VARIANCE / n),
        n,
        late,
      };
    },
  }, options);
}
