import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  simulateEvents,
  type Simulation,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { restOfBatch } from "./_rest_of_batch.ts";
import type { StreamSource } from "./source.ts";

/**
 * A source of simulated observations. The events of an observation depend on the seed and its name
 * alone, so that observations can be made in any order or on several machines.
 *
 * @param simulation Sources, responses, observations.
 * @param options `seed` of the random numbers.
 * @returns The source; it can be streamed any number of times and gives the same events.
 * @throws RangeError for a simulation without observations, or with two of one name.
 * @example
 * ```ts
 * import { simulatedSource } from "@gammarx/gammarx/sources";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { throws } from "node:assert/strict";
 * const nothing = {
 *   epoch: createEpoch([60310, 0], "TT"), telescope: "SIM", eventTypes: [], sources: [],
 *   observations: [], trueRangeTeV: [0.1, 100] as const,
 * };
 * throws(() => simulatedSource(nothing, { seed: 1 }), RangeError);
 * ```
 */
export function simulatedSource(
  simulation: Simulation,
  options: { readonly seed: number | string },
): StreamSource {
  const { epoch, telescope, observations } = simulation;
  const first = observations[0];
  if (first === undefined) throw new RangeError("A simulation has at least one observation");
  const names = new Set(observations.map(({ obsId }) => obsId));
  if (names.size < observations.length) {
    throw new RangeError("Two observations have one name: their events would be the same");
  }
  const seeded = createRng(options.seed);
  const source: StreamSource = Object.freeze({
    name: "simulation",
    epoch,
    startS: first.gti.startS[0] ?? -Infinity,
    pointing: first.pointing,
    columns: ["timeS", "energyTeV", "raDeg", "decDeg", "eventId", "eventType", "mcId"],
    withColumns: () => source,
    close: () => {},
    async *items(from: SourcePosition = SOURCE_START): AsyncGenerator<StreamItem> {
      for (let index = from.index; index < observations.length; index++) {
        const observation = observations[index]!, { obsId, gti } = observation;
        const goesOn = index === from.index && from.begun;
        yield createObsStart({
          obsId,
          index,
          source: "simulation",
          instrument: telescope,
          epoch,
          gti,
          deadTimeFraction: observation.deadTimeFraction,
          pointing: observation.pointing,
          resumed: goesOn,
        });
        for (const batch of simulateEvents(simulation, observation, seeded.split(obsId))) {
          const rest = goesOn ? restOfBatch(batch, from.row) : batch;
          if (rest === undefined) continue;
          yield rest;
          yield createHeartbeat({ timeS: batch.watermarkS });
        }
        yield createObsEnd(obsId);
      }
    },
  });
  return source;
}
