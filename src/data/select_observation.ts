import {
  compact,
  type Gti,
  gtiSumS,
  intersectGti,
  rebaseGti,
  requireColumn,
  timeSelector,
} from "../events/mod.ts";
import type { IrfTables } from "../irf/mod.ts";
import type { Observation } from "./observation_fits.ts";

/** What of an observation is wanted. */
export interface ObservationSelection {
  /** Times: events from a start on, before a stop; good time is cut to them. */
  readonly intervals?: Gti | undefined;
  /** Kinds of events: those that share a bit with the mask. */
  readonly eventType?: number | undefined;
  /** Responses of the events that are kept; those of the observation where absent. */
  readonly irfs?: IrfTables | undefined;
}

/**
 * A part of an observation: times, kinds of events with their own responses. A dataset for each kind of
 * events is made of such parts.
 *
 * @param observation The observation.
 * @param selection Times, kinds of events, responses.
 * @returns A new record; live time keeps its part of the on time.
 * @throws TypeError for kinds of events where events do not tell theirs; RangeError for a mask without bits.
 * @example
 * ```ts
 * import { type Observation, selectObservation } from "@gammarx/gammarx/data";
 * import { createEventBatch, createGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const during = (start: number, stop: number) =>
 *   createGti(epoch, Float64Array.of(start), Float64Array.of(stop));
 * const observation = {
 *   epoch,
 *   events: createEventBatch({ timeS: Float64Array.of(5, 15, 25) }),
 *   gti: during(0, 30),
 *   ontimeS: 30,
 *   livetimeS: 27,
 * } as Observation;
 * const { events, livetimeS } = selectObservation(observation, { intervals: during(10, 20) });
 * deepStrictEqual([...events.columns.timeS, livetimeS], [15, 9]);
 * ```
 * @see gammapy.data.Observation.select_time
 */
export function selectObservation(
  observation: Observation,
  selection: ObservationSelection,
): Observation {
  const { events, epoch, gti, ontimeS, livetimeS } = observation,
    { intervals, eventType } = selection;
  const good = intervals === undefined ? gti : intersectGti(gti, intervals);
  const kept = new Uint32Array(events.length);
  const isIn = intervals === undefined ? () => true : timeSelector(rebaseGti(good, epoch));
  const types = eventType === undefined
    ? undefined
    : requireColumn(events, "eventType", "selectObservation");
  if (eventType !== undefined && !(Number.isInteger(eventType) && eventType > 0)) {
    throw new RangeError(`A mask of event types has bits, found ${eventType}`);
  }
  let n = 0;
  for (let i = 0; i < events.length; i++) {
    if (types !== undefined && (Number(types[i]) & eventType!) === 0) continue;
    if (isIn(events.columns.timeS[i]!)) kept[n++] = i;
  }
  const goodS = intervals === undefined ? ontimeS : gtiSumS(good);
  return Object.freeze({
    ...observation,
    events: n === events.length ? events : compact(events, kept, n),
    gti: good,
    ontimeS: goodS,
    livetimeS: ontimeS > 0 ? livetimeS * (goodS / ontimeS) : 0,
    irfs: selection.irfs ?? observation.irfs,
  });
}

/** A kind of events, or several taken together. */
export interface EventTypeGroup {
  /** Bits of the column `eventType`: an event that has any of them is in the group. */
  readonly bits: number;
  /** Responses of the group; those of the observation where absent. */
  readonly irfs?: IrfTables | undefined;
}

/**
 * An observation cut into kinds of events, each with its own responses: from each comes a dataset, to be
 * fitted together or stacked.
 *
 * @param observation The observation; its events tell their kind (`eventType`).
 * @param groups Kinds of events by their label. An event that is in none is in no part, one that is in two
 *   groups would be counted twice and is refused.
 * @returns Parts by label, in the order of the groups; each is labelled (`eventType`).
 * @throws TypeError where events do not tell their kind; RangeError for groups that share a bit, or have none.
 * @example
 * ```ts
 * import { type Observation, splitEventTypes } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const events = createEventBatch({ timeS: Float64Array.of(1, 2, 3), eventType: Uint32Array.of(4, 8, 4) });
 * const parts = splitEventTypes({ events } as Observation, { PSF0: { bits: 4 }, PSF1: { bits: 8 } });
 * deepStrictEqual([...parts.values()].map((one) => one.events.length), [2, 1]);
 * ```
 */
export function splitEventTypes(
  observation: Observation,
  groups: Readonly<Record<string, EventTypeGroup>>,
): ReadonlyMap<string, Observation> {
  let taken = 0;
  const parts = new Map<string, Observation>();
  for (const [label, { bits, irfs }] of Object.entries(groups)) {
    if ((taken & bits) !== 0) {
      throw new RangeError(
        `Group "${label}" has bits ${bits}, of which another group has ${
          taken & bits
        }: its events ` +
          `would count twice`,
      );
    }
    taken |= bits;
    const part = selectObservation(observation, { eventType: bits, irfs });
    parts.set(label, Object.freeze({ ...part, eventType: label }));
  }
  return parts;
}
