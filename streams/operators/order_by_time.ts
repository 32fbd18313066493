import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { compact, concatBatches, createEventBatch, type EventBatch } from "../../src/events/mod.ts";
import { type Emit, type KernelRun, lift } from "./kernel.ts";

/** How late an event may be. */
export interface OrderByTimeOptions {
  /** Seconds that an event may come after a later one, ≥ 0. */
  readonly latenessS: number;
  /** Takes the events that came later than that; they are counted as `late` in any case. */
  readonly onLate?: (events: EventBatch) => void;
}

/**
 * Sorts events by time within a bounded lateness: an event is late where an event before it in the
 * stream is more than `latenessS` later. Whether it is depends on the order of events alone, not on
 * the cut into batches. Equal times keep their order. Each observation is sorted for itself.
 *
 * @param options The lateness, and what takes late events.
 * @returns An operator that holds the events of the last `latenessS` seconds.
 * @throws RangeError for a lateness that is negative or no number.
 * @example
 * ```ts
 * import { orderByTime } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { deepStrictEqual } from "node:assert/strict";
 * const times: number[] = [];
 * const batch = createEventBatch({ timeS: Float64Array.of(3, 1, 9, 2) });
 * let late = 0;
 * of<StreamItem>(batch).pipe(orderByTime({ latenessS: 5 })).subscribe((item) => {
 *   if (item.kind !== "batch") return;
 *   times.push(...item.columns.timeS);
 *   late += item.late;
 * });
 * deepStrictEqual([times, late], [[1, 3, 9], 1]);
 * ```
 */
export function orderByTime(options: OrderByTimeOptions): OperatorFunction<StreamItem, StreamItem> {
  const { latenessS, onLate } = options;
  if (!(latenessS >= 0)) {
    throw new RangeError(`orderByTime: lateness is 0 s or more, found ${latenessS}`);
  }
  return lift({
    start(): KernelRun {
      let pending: EventBatch | undefined, latestS = -Infinity;
      /** Emits what is earlier than a time, sorted, and keeps the rest. */
      const letOut = (beforeS: number, emit: Emit) => {
        if (pending === undefined) return;
        const { timeS } = pending.columns, all = Uint32Array.from(timeS.keys());
        const early = all.filter((i) => timeS[i]! < beforeS);
        const rest = all.filter((i) => !(timeS[i]! < beforeS));
        early.sort((a, b) => timeS[a]! - timeS[b]! || a - b);
        const out = compact(pending, early, early.length);
        emit(createEventBatch(out.columns, { ...out, watermarkS: beforeS }));
        pending = rest.length === 0 ? undefined : accountless(compact(pending, rest, rest.length));
      };
      const add = (batch: EventBatch) => {
        const { timeS } = batch.columns, inTime: number[] = [], late: number[] = [];
        for (let i = 0; i < timeS.length; i++) {
          const t = timeS[i]!;
          (t < latestS - latenessS ? late : inTime).push(i);
          if (t > latestS) latestS = t;
        }
        let kept = batch;
        if (late.length > 0) {
          onLate?.(accountless(compact(batch, Uint32Array.from(late), late.length)));
          const some = compact(batch, Uint32Array.from(inTime), inTime.length);
          kept = createEventBatch(some.columns, { ...some, late: batch.late + late.length });
        }
        pending = pending === undefined ? kept : concatBatches([pending, kept]);
      };
      const letOutAll = (emit: Emit) => {
        letOut(Infinity, emit);
        latestS = -Infinity;
      };
      return {
        push(item, emit) {
          if (item.kind === "batch") {
            if (pending !== undefined && pending.obsId !== item.obsId) letOutAll(emit);
            add(item);
            return letOut(latestS - latenessS, emit);
          }
          if (item.kind === "heartbeat") letOut(Math.max(item.timeS, latestS - latenessS), emit);
          else letOutAll(emit);
          emit(item);
        },
        flush: letOutAll,
      };
    },
  });
}

/** The same events without the account, which has gone on already. */
function accountless(batch: EventBatch): EventBatch {
  return createEventBatch(batch.columns, { ...batch, rejected: {}, late: 0 });
}
