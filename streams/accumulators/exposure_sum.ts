import { exposureOf, type StreamItem } from "../../src/data/mod.ts";
import { gtiSumS } from "../../src/events/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** How long was looked. */
export interface ExposureSum {
  /** Observations begun. */
  nObservations: number;
  /** Σ of good time intervals, seconds; of heartbeats, their live time. */
  ontimeS: number;
  /** Good time without dead time, seconds. */
  livetimeS: number;
}

/**
 * Sums good time and live time; it enters once an observation, or by heartbeats.
 *
 * @returns An accumulator over the items of a stream.
 * @example
 * ```ts
 * import { exposureSum, fold } from "@gammarx/gammarx/accumulators";
 * import { createHeartbeat } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * const beat = createHeartbeat({ timeS: 60, fromS: 0, livetimeS: 55 });
 * strictEqual(exposureSum().result(fold(exposureSum(), [beat])).livetimeS, 55);
 * ```
 */
export function exposureSum(): Accumulator<StreamItem, Keyed<ExposureSum>, ExposureSum> {
  return sumAccumulator({
    kind: "exposure-sum",
    version: 1,
    key: "exposure-sum",
    exactness: { kind: "rounding", rtol: 1e-13 },
    create: (): ExposureSum => ({ nObservations: 0, ontimeS: 0, livetimeS: 0 }),
    add(state: ExposureSum, item: StreamItem): void {
      if (item.kind === "obs-start" && !item.resumed) state.nObservations += 1;
      if (item.kind === "heartbeat") {
        state.ontimeS += item.livetimeS;
        state.livetimeS += item.livetimeS;
      }
      const exposure = exposureOf(item);
      if (exposure === undefined) return;
      const ontimeS = gtiSumS(exposure.gti);
      state.ontimeS += ontimeS;
      state.livetimeS += ontimeS * (1 - exposure.deadTimeFraction);
    },
    result: ({ nObservations, ontimeS, livetimeS }: ExposureSum): ExposureSum => ({
      nObservations,
      ontimeS,
      livetimeS,
    }),
  });
}
