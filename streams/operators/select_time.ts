import type { OperatorFunction } from "rxjs";
import { createHeartbeat, type Heartbeat, type StreamItem } from "../../src/data/mod.ts";
import {
  compact,
  type EventBatch,
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

/** The part of a heartbeat's live time that lies in an interval. */
function cutHeartbeat(beat: Heartbeat, startS: number, stopS: number): Heartbeat {
  const span = beat.timeS - beat.fromS;
  if (!(beat.livetimeS > 0 && span > 0)) return beat;
  const fromS = Math.max(beat.fromS, startS), toS = Math.min(beat.timeS, stopS);
  const livetimeS = toS > fromS ? beat.livetimeS * (toS - fromS) / span : 0;
  if (livetimeS === 0) return createHeartbeat({ timeS: beat.timeS });
  return createHeartbeat({ timeS: beat.timeS, fromS, livetimeS });
}

/**
 * Keeps events with startS <= t < stopS, and cuts the good time intervals to match. The other
 * events are counted as `cut:time`.
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
    obsStart: (start) => ({ ...start, gti: cut(start.gti) }),
    obsEnd: (end) => ({ ...end, gti: cut(end.gti) }),
    heartbeat: (beat) => cutHeartbeat(beat, startS, stopS),
  }));
}

/**
 * Keeps events inside good time intervals, start <= t < stop: those given, or each observation's
 * own. Given intervals also cut the observation's. The other events are counted as `cut:gti`.
 *
 * @param gti Intervals on any epoch of the stream's time scale; each observation's own if left out.
 * @returns An operator over the items of a stream.
 * @throws TypeError, on the stream, where an observation has no intervals of its own and none are
 *   given, or the time scales differ.
 * @example
 * ```ts
 * import { selectGti } from "@gammarx/gammarx/operators";
 * import { createGti, createEventBatch } from "@gammarx/gammarx/events";
 * import { createObsStart, type StreamItem } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(6));
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 5, 9) });
 * of<StreamItem>(createObsStart({ obsId: "", epoch, gti }), batch).pipe(selectGti()).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.length, 2);
 * });
 * ```
 */
export function selectGti(gti?: Gti): OperatorFunction<StreamItem, StreamItem> {
  const within = (own: Gti | undefined): Gti | undefined => {
    if (own === undefined) return undefined;
    return gti === undefined ? unionGti(own) : intersectGti(own, rebaseGti(gti, own.epoch));
  };
  let cached: { readonly own: Gti; readonly sorted: Gti } | undefined;
  const sortedOf = (own: Gti): Gti => {
    if (cached?.own !== own) cached = { own, sorted: within(own)! };
    return cached.sorted;
  };
  return lift(mapKernel({
    obsStart: (start) => ({ ...start, gti: within(start.gti) }),
    obsEnd: (end) => ({ ...end, gti: within(end.gti) }),
    heartbeat: (beat) => beat,
    batch(batch, observation) {
      const own = observation?.gti ?? gti;
      if (own === undefined) {
        throw new TypeError(
          `selectGti: observation "${batch.obsId}" brings no good time intervals with its start: ` +
            `give intervals, or read it when it is complete`,
        );
      }
      const onEpoch = observation === undefined ? own : rebaseGti(own, observation.epoch);
      return batchInGti(batch, sortedOf(onEpoch));
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
