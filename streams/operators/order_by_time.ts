import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import {
  addRejected,
  compact,
  concatBatches,
  createEventBatch,
  type EventBatch,
} from "../../src/events/mod.ts";
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
 * stream is more than `latenessS` later, or a heartbeat is later. Whether it is depends on the order
 * of events alone, not on the cut into batches. Equal times keep their order; an event without a time
 * is counted as `bad:nan-time`. Each observation is sorted for itself. The batches carry as their
 * watermark the greatest time so far less `latenessS`, which is what windows close by.
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
      // What is held, in the order in which it came.
      let pending: EventBatch | undefined, latestS = -Infinity, promisedS = -Infinity;

      /** Emits what is earlier than a time, sorted, and keeps the rest. */
      const letOut = (beforeS: number, watermarkS: number, emit: Emit) => {
        if (pending === undefined) return;
        const { timeS } = pending.columns, all = new Uint32Array(pending.length);
        let nEarly = 0, nRest = 0, lastS = -Infinity, isSorted = true;
        for (let i = 0; i < all.length; i++) {
          const t = timeS[i]!;
          if (!(t < beforeS)) continue;
          all[nEarly++] = i;
          isSorted &&= t >= lastS;
          lastS = t;
        }
        const early = all.slice(0, nEarly);
        if (!isSorted) early.sort((a, b) => timeS[a]! - timeS[b]! || a - b);
        for (let i = 0; i < all.length; i++) if (!(timeS[i]! < beforeS)) all[nRest++] = i;
        emit(withAccount(compact(pending, early, nEarly), { ...pending, watermarkS }));
        if (nRest === 0) pending = undefined;
        else if (nEarly > 0) pending = accountless(compact(pending, all, nRest));
        else pending = accountless(pending);
      };
      const add = (batch: EventBatch) => {
        const { timeS } = batch.columns;
        const inTime = new Uint32Array(batch.length), late = new Uint32Array(batch.length);
        let nInTime = 0, nLate = 0;
        for (let i = 0; i < timeS.length; i++) {
          const t = timeS[i]!;
          if (!Number.isFinite(t)) continue;
          if (t < latestS - latenessS || t < promisedS) late[nLate++] = i;
          else inTime[nInTime++] = i;
          if (t > latestS) latestS = t;
        }
        let kept = batch;
        if (nInTime < batch.length) {
          if (nLate > 0) onLate?.(accountless(compact(batch, late, nLate)));
          kept = withAccount(compact(batch, inTime, nInTime), {
            watermarkS: batch.watermarkS,
            late: batch.late + nLate,
            rejected: addRejected(batch.rejected, "bad:nan-time", batch.length - nInTime - nLate),
          });
        }
        pending = pending === undefined ? kept : concatBatches([pending, kept]);
      };
      const letOutAll = (emit: Emit) => {
        const watermarkS = Math.max(pending?.watermarkS ?? -Infinity, latestS - latenessS);
        letOut(Infinity, watermarkS, emit);
        latestS = promisedS = -Infinity;
      };
      return {
        push(item, emit) {
          if (item.kind === "batch") {
            if (pending !== undefined && pending.obsId !== item.obsId) letOutAll(emit);
            add(item);
            const beforeS = Math.max(promisedS, latestS - latenessS);
            return letOut(beforeS, beforeS, emit);
          }
          if (item.kind === "heartbeat") {
            promisedS = Math.max(promisedS, item.timeS);
            const beforeS = Math.max(promisedS, latestS - latenessS);
            letOut(beforeS, beforeS, emit);
          } else letOutAll(emit);
          emit(item);
        },
        flush: letOutAll,
      };
    },
  });
}

/** The same events with another watermark and account. */
function withAccount(
  batch: EventBatch,
  fields: Pick<EventBatch, "watermarkS" | "rejected" | "late">,
): EventBatch {
  const { watermarkS, rejected, late } = fields;
  return createEventBatch(batch.columns, { ...batch, watermarkS, rejected, late });
}

/** The same events without the account, which has gone on already. */
function accountless(batch: EventBatch): EventBatch {
  return withAccount(batch, { watermarkS: batch.watermarkS, rejected: {}, late: 0 });
}
