import type { StreamItem } from "../../src/data/mod.ts";
import {
  addRejected,
  type Column,
  COLUMN_ARRAYS,
  compact,
  concatBatches,
  createEventBatch,
  type EventBatch,
  type EventColumns,
} from "../../src/events/mod.ts";
import type { SnapshotValue } from "../accumulators/mod.ts";
import type { Emit } from "../operators/mod.ts";

/** What becomes of an event that comes later than the lateness allows. */
export type LatePolicy = "update" | "count" | "refuse";

/** How late an event may be, and what becomes of later ones. */
export interface TimeOrderOptions {
  /** Seconds that an event may come after a later one, ≥ 0. */
  readonly latenessS: number;
  /**
   * "update": it goes on out of order, to what can still add it; "count": it is left out and counted
   * as late; "refuse": the run ends with an error.
   */
  readonly policy: LatePolicy;
}

/** What is held back: the state of {@link timeOrder}, which a checkpoint keeps. */
export interface TimeOrderState {
  /** Events that are not out yet, in the order in which they came. */
  pending: EventBatch | undefined;
  /** The latest time of an event, s. */
  latestS: number;
  /** No later event is earlier, by heartbeats, s. */
  promisedS: number;
  /** Observations that have begun and not ended. */
  open: number;
}

/** Sorts events by time within a bounded lateness, with a state that can be kept. */
export interface TimeOrder {
  /** A state that has seen nothing. */
  readonly create: () => TimeOrderState;
  /** Takes an item and emits what is in order, and late events where they are to be added anyway. */
  readonly push: (state: TimeOrderState, item: StreamItem, emit: Emit) => void;
  /** Emits what is held, at the end of the stream. */
  readonly flush: (state: TimeOrderState, emit: Emit) => void;
  /** The state as plain data, copied. */
  readonly snapshot: (state: Readonly<TimeOrderState>) => SnapshotValue;
  /** A state from what `snapshot` gave. */
  readonly restore: (data: SnapshotValue) => TimeOrderState;
}

/**
 * Sorts events by time within a bounded lateness. An event is late where one before it in the stream
 * is more than `latenessS` later, or a heartbeat is later; whether it is does not depend on the cut
 * into batches. What is held back belongs to the state, so that nothing is lost at a checkpoint. When
 * the last open observation ends, all is let out. Without lateness nothing is held.
 *
 * @param options Lateness and what becomes of late events.
 * @returns A frozen record of functions.
 * @throws RangeError for a lateness that is negative or no number; while pushing, for a late event
 *   where the policy is to refuse.
 * @example
 * ```ts
 * import { timeOrder } from "@gammarx/gammarx/monitor";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const order = timeOrder({ latenessS: 5, policy: "count" }), times: number[] = [];
 * const state = order.create();
 * const batch = createEventBatch({ timeS: Float64Array.of(3, 1, 9, 2) });
 * order.push(order.restore(order.snapshot(state)), batch, (item) => {
 *   if (item.kind === "batch") times.push(...item.columns.timeS);
 * });
 * deepStrictEqual(times, [1, 3]);
 * ```
 */
export function timeOrder(options: TimeOrderOptions): TimeOrder {
  const { latenessS, policy } = options;
  if (!(latenessS >= 0)) throw new RangeError(`Lateness is 0 s or more, found ${latenessS}`);
  /** Adds events to those that are held; those that are late go their own way. */
  function add(state: TimeOrderState, batch: EventBatch, emit: Emit): void {
    const { timeS } = batch.columns;
    const inTime = new Uint32Array(batch.length), late = new Uint32Array(batch.length);
    let nInTime = 0, nLate = 0;
    for (let i = 0; i < timeS.length; i++) {
      const t = timeS[i]!;
      if (!Number.isFinite(t)) continue;
      if (t < state.latestS - latenessS || t < state.promisedS) late[nLate++] = i;
      else inTime[nInTime++] = i;
      if (t > state.latestS) state.latestS = t;
    }
    let kept = batch;
    if (nInTime < batch.length) {
      const tooLate = withAccount(compact(batch, late, nLate), { rejected: {}, late: 0 });
      if (nLate > 0 && policy === "refuse") {
        throw new RangeError(
          `An event of observation "${batch.obsId}" at ${
            tooLate.columns.timeS[0]
          } s came more than ` +
            `${latenessS} s after one of ${state.latestS} s: raise the lateness, or choose what ` +
            `becomes of late events (update, count)`,
        );
      }
      const updates = policy === "update";
      kept = withAccount(compact(batch, inTime, nInTime), {
        late: batch.late + (updates ? 0 : nLate),
        rejected: addRejected(batch.rejected, "bad:nan-time", batch.length - nInTime - nLate),
      });
      if (nLate > 0 && updates) emit(tooLate);
    }
    if (state.pending === undefined) state.pending = kept;
    else if (sameColumns(state.pending, kept)) {
      state.pending = concatBatches([state.pending, { ...kept, obsId: state.pending.obsId }]);
    } else {
      letOut(state, Infinity, emit);
      state.pending = kept;
    }
  }
  /** Emits what is earlier than a time, sorted, and keeps the rest. */
  function letOut(state: TimeOrderState, beforeS: number, emit: Emit): void {
    const { pending } = state;
    if (pending === undefined) return;
    const { timeS } = pending.columns, early = new Uint32Array(timeS.length);
    const rest = new Uint32Array(timeS.length);
    let nEarly = 0, nRest = 0, lastS = -Infinity, isSorted = true;
    for (let i = 0; i < timeS.length; i++) {
      const t = timeS[i]!;
      if (!(t < beforeS)) rest[nRest++] = i;
      else {
        early[nEarly++] = i;
        isSorted &&= t >= lastS;
        lastS = t;
      }
    }
    if (nRest === 0 && isSorted) emit(pending);
    else {
      const chosen = early.subarray(0, nEarly);
      if (!isSorted) chosen.sort((a, b) => timeS[a]! - timeS[b]! || a - b);
      emit(compact(pending, chosen, nEarly));
    }
    state.pending = nRest === 0 ? undefined : withAccount(
      nEarly === 0 ? pending : compact(pending, rest, nRest),
      { rejected: {}, late: 0 },
    );
  }
  const reachedS = (state: TimeOrderState) =>
    latenessS === 0 ? Infinity : Math.max(state.promisedS, state.latestS - latenessS);
  const flush = (state: TimeOrderState, emit: Emit) => {
    letOut(state, Infinity, emit);
    state.latestS = state.promisedS = -Infinity;
  };
  return Object.freeze({
    create: () => ({ pending: undefined, latestS: -Infinity, promisedS: -Infinity, open: 0 }),
    push(state: TimeOrderState, item: StreamItem, emit: Emit): void {
      switch (item.kind) {
        case "batch":
          add(state, item, emit);
          return letOut(state, reachedS(state), emit);
        case "heartbeat":
          state.promisedS = Math.max(state.promisedS, item.timeS);
          letOut(state, reachedS(state), emit);
          break;
        case "obs-start":
          if (!item.resumed) state.open++;
          break;
        case "obs-end":
          state.open--;
          if (state.open <= 0) flush(state, emit);
      }
      emit(item);
    },
    flush,
    snapshot: ({ pending, latestS, promisedS, open }: Readonly<TimeOrderState>): SnapshotValue => ({
      latestS,
      promisedS,
      open,
      pending: pending === undefined ? [] : [packBatch(pending)],
    }),
    restore(data: SnapshotValue): TimeOrderState {
      const { pending: [packed], ...rest } = data as unknown as
        & { readonly pending: readonly PackedBatch[] }
        & Omit<TimeOrderState, "pending">;
      return { ...rest, pending: packed && unpackBatch(packed) };
    },
  });
}

function withAccount(
  batch: EventBatch,
  { rejected, late }: Pick<EventBatch, "rejected" | "late">,
): EventBatch {
  return createEventBatch(batch.columns, { ...batch, rejected, late });
}

function sameColumns(a: EventBatch, b: EventBatch): boolean {
  const names = Object.keys(a.columns);
  return names.length === Object.keys(b.columns).length &&
    names.every((name) => a.columns[name]!.constructor === b.columns[name]?.constructor);
}

/** A batch as a snapshot holds it: the bits of its columns. */
type PackedBatch = {
  readonly names: readonly string[];
  readonly types: readonly (keyof typeof COLUMN_ARRAYS)[];
  readonly words: readonly Uint32Array[];
  readonly length: number;
  readonly fields: { readonly obsId: string; readonly rowStart: number; readonly rowStop: number };
};

function packBatch({ columns, length, obsId, rowStart, rowStop }: EventBatch): PackedBatch {
  const names = Object.keys(columns);
  return {
    names,
    types: names.map((name) => columns[name]![Symbol.toStringTag]),
    words: names.map((name) => {
      const { buffer, byteOffset, byteLength } = columns[name]!;
      const words = new Uint32Array(Math.ceil(byteLength / 4));
      new Uint8Array(words.buffer).set(new Uint8Array(buffer, byteOffset, byteLength));
      return words;
    }),
    length,
    fields: { obsId, rowStart, rowStop },
  };
}

function unpackBatch({ names, types, words, length, fields }: PackedBatch): EventBatch {
  const columns: Record<string, Column> = {};
  names.forEach((name, k) => {
    columns[name] = new COLUMN_ARRAYS[types[k]!]!(words[k]!.slice().buffer, 0, length);
  });
  return createEventBatch(columns as unknown as EventColumns, fields);
}
