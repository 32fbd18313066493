import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import {
  addPeriodogramEvents,
  createPeriodogramPlan,
  createPeriodogramSums,
  type Periodogram,
  type PeriodogramOptions,
  type PeriodogramPlan,
  type PeriodogramSums,
  readPeriodogram,
} from "../../src/stats/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** The grid of a streaming periodogram. */
export interface PeriodogramAccumulatorOptions extends PeriodogramOptions {
  /** Weigh events by the column `weight`; false. */
  readonly weighted?: boolean | undefined;
}

/** An accumulator that says what it takes before it begins. */
export interface PeriodogramAccumulator
  extends Accumulator<StreamItem, Keyed<PeriodogramSums>, Periodogram> {
  /** The checked grid with its memory and error. */
  readonly plan: PeriodogramPlan;
}

/**
 * Z²_n and H of a stream over a grid of frequencies and derivatives, at any time, in memory that does not
 * depend on the number of events (`plan.memoryBytes`). Times are taken as they are: barycentred, or without
 * need of it.
 *
 * An event is spread over a few points of a ring for each harmonic and derivative, about 60 ns each; states are
 * sums, so parts of a stream merge to what the whole would give. Where a grid needs more than `maxBytes`,
 * `tilePeriodogram` cuts it into parts. The step is fixed: a stream that grows longer than 1/(2 step) has
 * peaks between the trials (compare `spanS` of the result), and wants a new grid.
 *
 * @param options Centre, step or span, trials, harmonics, derivatives, reference, weights.
 * @returns An accumulator that needs `timeS`, and `weight` where weighted. Its result states in `boundDz` by
 *   how much Z² may be wrong.
 * @throws As `createPeriodogramPlan`.
 * @example
 * ```ts
 * import { fold, periodogram } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { findPeaks } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const acc = periodogram({ f0CentreHz: 2, spanS: 100, nTrials: 51 });
 * const timeS = Float64Array.from({ length: 200 }, (_, i) => i / 2 + 0.1);
 * const found = acc.result(fold(acc, [createEventBatch({ timeS })]));
 * strictEqual(findPeaks(found)[0]!.f0Hz, 2);
 * ```
 * @see Dutt & Rokhlin 1993; Buccheri et al. 1983; Kerr 2011 (weights)
 */
export function periodogram(options: PeriodogramAccumulatorOptions): PeriodogramAccumulator {
  const plan = createPeriodogramPlan(options), { weighted = false } = options;
  const { f0CentreHz, stepHz, nTrials, maxHarmonic, f1HzPerS, referenceS, pointsPerSide, tile } =
    plan;
  const sums = sumAccumulator({
    kind: "periodogram",
    version: 1,
    key: fingerprint({
      f0CentreHz,
      stepHz,
      nTrials,
      maxHarmonic,
      f1HzPerS,
      referenceS,
      pointsPerSide,
      weighted,
      tile: [tile.index, tile.count],
    }),
    exactness: { kind: "rounding", rtol: 1e-11 },
    create: (): PeriodogramSums => createPeriodogramSums(plan),
    add(state: PeriodogramSums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      addPeriodogramEvents(plan, state, {
        timeS: item.columns.timeS,
        weights: weighted ? requireColumn(item, "weight", "periodogram") : undefined,
        n: item.length,
      });
    },
    result: (state: PeriodogramSums): Periodogram => readPeriodogram(plan, state),
  });
  return Object.freeze({ ...sums, plan });
}
