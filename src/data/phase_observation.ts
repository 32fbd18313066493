import { withColumns } from "../events/mod.ts";
import { createPhasePredictor, type PulsarTiming } from "../timing/mod.ts";
import type { Observation } from "./observation_fits.ts";

/**
 * An observation whose events have the phase of a pulsar: column `phase`, [0, 1), in place of the one that
 * the file may have. Spectra at phases and with a background from other phases are made of it.
 *
 * @param observation The observation.
 * @param timing A timing model joined with the events (`createPulsarTiming`).
 * @returns A new record.
 * @throws RangeError for times outside the ephemeris or the orbit; TypeError for times that need to be brought
 *   to the barycentre and have no way there.
 * @example
 * ```ts
 * import { type Observation, withPulsePhases } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { createPulsarTiming, createTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { deepStrictEqual } from "node:assert/strict";
 * const events = createEventBatch({ timeS: Float64Array.of(0, 0.125) });
 * const observation = { events, epoch: createEpoch([55000, 0], "TDB") } as Observation;
 * const model = createTimingModel(parsePar("F0 2\nPEPOCH 55000"));
 * const timing = createPulsarTiming(model, { times: { place: "barycentre" } });
 * deepStrictEqual([...withPulsePhases(observation, timing).events.columns.phase!], [0, 0.25]);
 * ```
 */
export function withPulsePhases(observation: Observation, timing: PulsarTiming): Observation {
  const { events, epoch } = observation, { timeS } = events.columns, n = events.length;
  const { model, barycentring, reference } = timing, phase = new Float64Array(n);
  const correctionS = barycentring && new Float64Array(n);
  barycentring?.correctionS(epoch, timeS, n, correctionS!);
  createPhasePredictor(model, { epoch, reference }).phase(timeS, correctionS, n, { phase });
  return Object.freeze({
    ...observation,
    events: withColumns(events, { ...events.columns, phase }),
  });
}
