import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import {
  concatBatches,
  createEventBatch,
  type EventBatch,
  sliceBatch,
  sumRejected,
} from "../../src/events/mod.ts";
import { type Emit, type KernelRun, lift } from "./kernel.ts";

/**
 * Cuts the events anew into batches of `size`, within each observation; whatever else comes by
 * first lets out the events before it, so that the order of items stays.
 *
 * @param size Events a batch, 1 or more.
 * @returns An operator that holds at most `size` events and one batch.
 * @throws RangeError for a size that is not whole and positive.
 * @example
 * ```ts
 * import { rebatch } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { deepStrictEqual } from "node:assert/strict";
 * const sizes: number[] = [];
 * of<StreamItem>(createEventBatch({ timeS: new Float64Array(5) })).pipe(rebatch(2)).subscribe((item) => {
 *   if (item.kind === "batch") sizes.push(item.length);
 * });
 * deepStrictEqual(sizes, [2, 2, 1]);
 * ```
 */
export function rebatch(size: number): OperatorFunction<StreamItem, StreamItem> {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`rebatch: a batch has 1 event or more, found ${size}`);
  }
  return lift({
    start(): KernelRun {
      let held: EventBatch[] = [], nHeld = 0;
      const letOut = (emit: Emit) => {
        if (held.length > 0) emit(concatBatches(held));
        held = [];
        nHeld = 0;
      };
      return {
        push(item, emit) {
          if (item.kind !== "batch") {
            letOut(emit);
            return emit(item);
          }
          if (held.length > 0 && held[0]!.obsId !== item.obsId) letOut(emit);
          const last = held.at(-1);
          // Any number of empty batches must not pile up.
          if (last !== undefined && item.length === 0) held[held.length - 1] = joined(last, item);
          else held.push(item);
          nHeld += item.length;
          if (nHeld < size) return;
          const all = concatBatches(held);
          let at = 0;
          for (; at + size <= all.length; at += size) emit(sliceBatch(all, at, at + size));
          held = at < all.length ? [sliceBatch(all, at, all.length)] : [];
          nHeld = all.length - at;
        },
        flush: letOut,
      };
    },
  });
}

/** A batch with the account and rows of an empty one that follows. */
function joined(batch: EventBatch, empty: EventBatch): EventBatch {
  return createEventBatch(batch.columns, {
    obsId: batch.obsId,
    rowStart: Math.min(batch.rowStart, empty.rowStart),
    rowStop: Math.max(batch.rowStop, empty.rowStop),
    watermarkS: Math.max(batch.watermarkS, empty.watermarkS),
    rejected: sumRejected(batch.rejected, empty.rejected),
    late: batch.late + empty.late,
  });
}
