import type { EventBatch, EventEpoch, Gti, Pointing } from "../events/mod.ts";

/** An observation begins. All its times are seconds after `epoch`, the stream's own epoch. */
export interface ObsStart {
  /** Tells this item from the others of a stream. */
  readonly kind: "obs-start";
  /** Name of the observation. */
  readonly obsId: string;
  /** Place of the observation in its source, from 0. */
  readonly index: number;
  /** File or address it comes from. */
  readonly source: string;
  /** Telescope and instrument as the file names them; "" where it does not. */
  readonly instrument: string;
  /** The stream's epoch: the same in every item of a stream. */
  readonly epoch: EventEpoch;
  /** Nominal start, seconds after the epoch. */
  readonly startS: number;
  /** Nominal stop, seconds after the epoch; +∞ while it is not known. */
  readonly stopS: number;
  /** Good time intervals; undefined in a live stream, where exposure comes later. */
  readonly gti: Gti | undefined;
  /** Fraction of the time in which the instrument was dead, [0, 1). */
  readonly deadTimeFraction: number;
  /** Pointing; undefined where there is none (drift scans, all-sky instruments, X-ray lists). */
  readonly pointing: Pointing | undefined;
  /** True where the stream was taken up again inside this observation: its exposure is counted. */
  readonly resumed: boolean;
}

/** "No photons" is not "no data": time passed, and so much of it was live. */
export interface Heartbeat {
  /** Tells this item from the others of a stream. */
  readonly kind: "heartbeat";
  /** No later event is earlier than this, seconds after the epoch. */
  readonly timeS: number;
  /** Start of the time that `livetimeS` speaks of, seconds after the epoch. */
  readonly fromS: number;
  /** Live time in [fromS, timeS], seconds; 0 where the observation brings its own GTI. */
  readonly livetimeS: number;
}

/** An observation ends. */
export interface ObsEnd {
  /** Tells this item from the others of a stream. */
  readonly kind: "obs-end";
  /** Name of the observation. */
  readonly obsId: string;
  /** Its good time intervals where `ObsStart` could not bring them yet. */
  readonly gti: Gti | undefined;
  /** Fraction of dead time that goes with `gti`. */
  readonly deadTimeFraction: number;
}

/** What flows: observations with their batches, and heartbeats where a stream is live. */
export type StreamItem = ObsStart | EventBatch | Heartbeat | ObsEnd;

/** A place in a source from which it can go on. */
export interface SourcePosition {
  /** Observation, from 0. */
  readonly index: number;
  /** Row of the next event in it. */
  readonly row: number;
  /** Has its start been seen, and with it its exposure? */
  readonly begun: boolean;
  /** Heartbeats seen since that row: their exposure enters once, too. */
  readonly heartbeats: number;
}

/** The beginning of every source. */
export const SOURCE_START: SourcePosition = Object.freeze({
  index: 0,
  row: 0,
  begun: false,
  heartbeats: 0,
});

/**
 * Where a source stands after it gave an item: from there it gives what comes next.
 *
 * @param before Where it stood.
 * @param item What it gave, as the source gave it.
 * @returns The new place.
 * @example
 * ```ts
 * import { createObsEnd, positionAfter, SOURCE_START } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(positionAfter(SOURCE_START, createObsEnd("1")).index, 1);
 * ```
 */
export function positionAfter(before: SourcePosition, item: StreamItem): SourcePosition {
  switch (item.kind) {
    case "obs-start":
      return item.resumed ? before : { index: item.index, row: 0, begun: true, heartbeats: 0 };
    case "batch":
      return { ...before, row: item.rowStop, heartbeats: 0 };
    case "obs-end":
      return { index: before.index + 1, row: 0, begun: false, heartbeats: 0 };
    case "heartbeat":
      return { ...before, heartbeats: before.heartbeats + 1 };
  }
}

/** Good time intervals with the fraction of them that was dead. */
export interface Exposure {
  /** The intervals on the stream's epoch. */
  readonly gti: Gti;
  /** Fraction of dead time. */
  readonly deadTimeFraction: number;
}

/**
 * The exposure that an item brings into a reduction. An observation brings it exactly once: with
 * its start, or with its end where the start could not know it.
 *
 * @param item Any item of a stream.
 * @returns Its exposure, or undefined where the item brings none.
 * @example
 * ```ts
 * import { createObsStart, exposureOf } from "@gammarx/gammarx/data";
 * import { createGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(60));
 * strictEqual(exposureOf(createObsStart({ obsId: "1", epoch, gti }))?.gti, gti);
 * ```
 */
export function exposureOf(item: StreamItem): Exposure | undefined {
  if (item.kind === "obs-start") {
    if (item.resumed || item.gti === undefined) return undefined;
    return { gti: item.gti, deadTimeFraction: item.deadTimeFraction };
  }
  if (item.kind === "obs-end" && item.gti !== undefined) {
    return { gti: item.gti, deadTimeFraction: item.deadTimeFraction };
  }
  return undefined;
}

/**
 * Makes the start of an observation; what is left out has its plain value.
 *
 * @param fields At least the name and the epoch.
 * @returns A frozen record.
 * @throws RangeError for a dead-time fraction outside [0, 1).
 * @example
 * ```ts
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createObsStart({ obsId: "1", epoch: createEpoch([51910, 0], "TT") }).index, 0);
 * ```
 */
export function createObsStart(
  fields: { readonly obsId: string; readonly epoch: EventEpoch } & Partial<ObsStart>,
): ObsStart {
  const { gti, deadTimeFraction = 0 } = fields;
  if (!(deadTimeFraction >= 0 && deadTimeFraction < 1)) {
    throw new RangeError(
      `Observation "${fields.obsId}": fraction of dead time ${deadTimeFraction} is not in [0, 1)`,
    );
  }
  const known = gti !== undefined && gti.startS.length > 0;
  return Object.freeze({
    index: 0,
    source: "",
    instrument: "",
    startS: known ? extreme(gti.startS, Math.min) : -Infinity,
    stopS: known ? extreme(gti.stopS, Math.max) : Infinity,
    gti,
    pointing: undefined,
    resumed: false,
    ...fields,
    deadTimeFraction,
    kind: "obs-start" as const,
  });
}

function extreme(times: Float64Array, pick: (a: number, b: number) => number): number {
  return times.reduce((a, b) => pick(a, b));
}

/**
 * Makes the end of an observation.
 *
 * @param obsId Name of the observation.
 * @param late Its exposure where the start could not bring it.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { createObsEnd } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createObsEnd("1").kind, "obs-end");
 * ```
 */
export function createObsEnd(obsId: string, late?: Exposure): ObsEnd {
  return Object.freeze({
    kind: "obs-end" as const,
    obsId,
    gti: late?.gti,
    deadTimeFraction: late?.deadTimeFraction ?? 0,
  });
}

/**
 * Makes a heartbeat.
 *
 * @param fields `timeS` alone is a watermark; with `fromS` and `livetimeS` it brings exposure.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { createHeartbeat } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createHeartbeat({ timeS: 60, fromS: 0, livetimeS: 55 }).livetimeS, 55);
 * ```
 */
export function createHeartbeat(
  fields: { readonly timeS: number; readonly fromS?: number; readonly livetimeS?: number },
): Heartbeat {
  const { timeS, fromS = timeS, livetimeS = 0 } = fields;
  return Object.freeze({ kind: "heartbeat" as const, timeS, fromS, livetimeS });
}
