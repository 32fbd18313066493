import type { OperatorFunction } from "rxjs";
import {
  createHeartbeat,
  type Heartbeat,
  type ObsStart,
  type StreamItem,
} from "../../src/data/mod.ts";
import {
  compact,
  type EventBatch,
  type EventEpoch,
  type Gti,
  intersectGti,
  rebaseGti,
  selectGtiTime,
  unionGti,
} from "../../src/events/mod.ts";
import { scratchIndices } from "./_scratch.ts";
import { lift, mapKernel } from "./kernel.ts";
import { batchInRange, refuseEmpty } from "./select_range.ts";

/** An interval of time, seconds after the stream's epoch; an end left out cuts nothing. */
export interface TimeRange {
  /** Start, included. */
  readonly startS?: number;
  /** Stop, excluded. */
  readonly stopS?: number;
}

/**
 * The live time of a heartbeat in sorted intervals, a heartbeat a piece, spread evenly as it came;
 * the last one has the time of the whole.
 */
function cutHeartbeat(
  beat: Heartbeat,
  { startS, stopS }: { readonly startS: ArrayLike<number>; readonly stopS: ArrayLike<number> },
): Heartbeat[] {
  const span = beat.timeS - beat.fromS, pieces: Heartbeat[] = [];
  if (!(beat.livetimeS > 0 && span > 0)) return [beat];
  for (let k = 0; k < startS.length; k++) {
    const fromS = Math.max(beat.fromS, startS[k]!), timeS = Math.min(beat.timeS, stopS[k]!);
    if (!(fromS < timeS)) continue;
    const livetimeS = beat.livetimeS * ((timeS - fromS) / span);
    pieces.push(createHeartbeat({ timeS, fromS, livetimeS }));
  }
  if (pieces.at(-1)?.timeS !== beat.timeS) pieces.push(createHeartbeat({ timeS: beat.timeS }));
  return pieces;
}

/**
 * Keeps events with startS <= t < stopS, and cuts the good time intervals and the live time of
 * heartbeats to match. The other events are counted as `cut:time`.
 *
 * @param range The interval.
 * @returns An operator over the items of a stream.
 * @throws RangeError for an interval that is empty.
 * @example
 * ```ts
 * import { selectTime } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 5, 9) });
 * of<StreamItem>(batch).pipe(selectTime({ startS: 2, stopS: 9 })).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.columns.timeS[0], 5);
 * });
 * ```
 */
export function selectTime(range: TimeRange): OperatorFunction<StreamItem, StreamItem> {
  const { startS = -Infinity, stopS = Infinity } = range;
  refuseEmpty(startS, stopS, "selectTime");
  const cut = (gti: Gti | undefined) =>
    gti === undefined ? undefined : selectGtiTime(gti, { startS, stopS });
  return lift(mapKernel({
    batch: (batch) =>
      batchInRange(batch, batch.columns.timeS, { low: startS, high: stopS, reason: "cut:time" }),
    obsStart: (start) => Object.freeze({ ...start, gti: cut(start.gti) }),
    obsEnd: (end) => Object.freeze({ ...end, gti: cut(end.gti) }),
    heartbeat: (beat) => cutHeartbeat(beat, { startS: [startS], stopS: [stopS] }),
  }));
}

/**
 * Keeps events inside good time intervals, start <= t < stop: those given, or each observation's
 * own, or the common part of both. The observation's intervals and the live time of heartbeats are
 * cut to match. The other events are counted as `cut:gti`.
 *
 * @param gti Intervals on any epoch of the stream's time scale; each observation's own if left out.
 * @returns An operator over the items of a stream.
 * @throws TypeError, on the stream, where an observation has no intervals of its own and none are
 *   given, where events come before any observation, or the time scales differ.
 * @example
 * ```ts
 * import { selectGti } from "@gammarx/gammarx/operators";
 * import { createGti, createEventBatch } from "@gammarx/gammarx/events";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(6));
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 5, 9) });
 * of(createObsStart({ obsId: "", epoch, gti }), batch).pipe(selectGti()).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.length, 2);
 * });
 * ```
 */
export function selectGti(gti?: Gti): OperatorFunction<StreamItem, StreamItem> {
  const within = (own: Gti | undefined, epoch: EventEpoch): Gti | undefined => {
    if (own === undefined) return gti && unionGti(rebaseGti(gti, epoch));
    const rebased = rebaseGti(own, epoch);
    return gti === undefined ? unionGti(rebased) : intersectGti(rebased, gti);
  };
  // Of the last observation that was asked for.
  let known: { readonly observation: ObsStart; readonly gti: Gti | undefined } | undefined;
  const intervalsOf = (observation: ObsStart | undefined): Gti | undefined => {
    if (observation === undefined) {
      throw new TypeError(
        "selectGti needs the start of an observation before its events: it tells the epoch",
      );
    }
    if (known?.observation !== observation) {
      known = { observation, gti: within(observation.gti, observation.epoch) };
    }
    return known.gti;
  };
  return lift(mapKernel({
    obsStart: (start) =>
      start.gti === undefined
        ? start
        : Object.freeze({ ...start, gti: within(start.gti, start.epoch) }),
    obsEnd: (end) =>
      end.gti === undefined ? end : Object.freeze({ ...end, gti: within(end.gti, end.gti.epoch) }),
    heartbeat(beat, observation) {
      if (!(beat.livetimeS > 0)) return [beat];
      const intervals = intervalsOf(observation);
      return intervals === undefined ? [beat] : cutHeartbeat(beat, intervals);
    },
    batch(batch, observation) {
      const intervals = intervalsOf(observation);
      if (intervals === undefined) {
        throw new TypeError(
          `selectGti: observation "${batch.obsId}" brings no good time intervals with its start: ` +
            `give intervals, or read it when it is complete`,
        );
      }
      return batchInGti(batch, intervals);
    },
  }));
}

/** Events of a batch in sorted intervals without overlaps. */
function batchInGti(batch: EventBatch, { startS, stopS }: Gti): EventBatch {
  const { timeS } = batch.columns, nIntervals = startS.length;
  const chosen = scratchIndices(batch.length);
  let n = 0, low = Infinity, high = -Infinity;
  for (let i = 0; i < timeS.length; i++) {
    const t = timeS[i]!;
    if (!(t >= low && t < high)) {
      const at = lastNotAfter(startS, nIntervals, t);
      // Between two intervals, [low, high) is the interval before: t is not in it.
      low = at < 0 ? Infinity : startS[at]!;
      high = at < 0 ? -Infinity : stopS[at]!;
    }
    chosen[n] = i;
    n += +(t >= low) & +(t < high);
  }
  return compact(batch, chosen, n, "cut:gti");
}

/** Index of the last start that is not after t; −1 where all are. */
function lastNotAfter(startS: Float64Array, n: number, t: number): number {
  let low = -1, high = n;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (startS[middle]! <= t) low = middle;
    else high = middle;
  }
  return low;
}
