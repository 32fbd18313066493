import { Observable, type OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { createEventBatch, type EventBatch, sliceBatch } from "../../src/events/mod.ts";
import { follow } from "./_follow.ts";
import {
  type Accumulator,
  windowed,
  type WindowOptions,
  type WindowResult,
} from "../accumulators/mod.ts";

/** A window that is over. */
export interface ClosedWindow<Out> extends WindowResult<Out> {
  /** Events that have come too late for any window, since the window before was emitted. */
  readonly late: number;
}

/** Windows of event time that close. */
export interface ClosingOptions extends WindowOptions {
  /** A window closes when the watermark has passed its end by this much, seconds; 0. */
  readonly latenessS?: number;
  /** Takes the number of events that have come too late for any window, after each item with some. */
  readonly onLate?: ((n: number) => void) | undefined;
}

/** The time that has surely come after an item, seconds after the epoch. */
function watermarkOf(item: StreamItem): number {
  if (item.kind === "heartbeat") return item.timeS;
  return item.kind === "batch" ? item.watermarkS : -Infinity;
}

/**
 * Reduces a stream in sliding windows of event time, each emitted when it is over. Windows with
 * neither event nor exposure are left out.
 *
 * @param accumulator What runs in each window.
 * @param options Width, step, origin, lateness.
 * @returns An operator that holds the windows that are not over.
 * @throws RangeError for a width that is not a whole number of steps, or a negative lateness.
 * @example
 * ```ts
 * import { sliding } from "@gammarx/gammarx/operators";
 * import { account } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { deepStrictEqual } from "node:assert/strict";
 * const counts: number[] = [];
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 6, 11) });
 * of<StreamItem>(batch).pipe(sliding(account(), { widthS: 10, stepS: 5 }))
 *   .subscribe((window) => counts.push(window.result.used));
 * deepStrictEqual(counts, [1, 2, 2, 1]);
 * ```
 */
export function sliding<State, Out>(
  accumulator: Accumulator<StreamItem, State, Out>,
  options: ClosingOptions,
): OperatorFunction<StreamItem, ClosedWindow<Out>> {
  const { latenessS = 0, onLate } = options;
  if (!(latenessS >= 0)) {
    throw new RangeError(`A window closes 0 s or more after its end, found ${latenessS}`);
  }
  const windows = windowed(accumulator, options);
  return (source) =>
    new Observable<ClosedWindow<Out>>((subscriber) => {
      const state = windows.create();
      const closeBefore = (timeS: number) => {
        for (const window of windows.close(state, timeS)) {
          subscriber.next({ ...window, late: state.late });
          state.late = 0;
        }
      };
      follow(source, subscriber, {
        next(item) {
          const lateBefore = state.late;
          windows.add(state, item);
          if (state.late > lateBefore) onLate?.(state.late - lateBefore);
          closeBefore(watermarkOf(item) - latenessS);
        },
        complete: () => closeBefore(Infinity),
      });
    });
}

/**
 * Reduces a stream in windows of event time that follow one another: {@link sliding} with a step
 * of the whole width.
 *
 * @param accumulator What runs in each window.
 * @param options Width, origin, lateness.
 * @returns An operator that emits each window when it is over.
 * @throws RangeError for a width that is not positive.
 * @example
 * ```ts
 * import { tumbling } from "@gammarx/gammarx/operators";
 * import { account } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { deepStrictEqual } from "node:assert/strict";
 * const counts: number[] = [];
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 6, 11) });
 * of<StreamItem>(batch).pipe(tumbling(account(), { widthS: 10 }))
 *   .subscribe((window) => counts.push(window.result.used));
 * deepStrictEqual(counts, [2, 1]);
 * ```
 */
export function tumbling<State, Out>(
  accumulator: Accumulator<StreamItem, State, Out>,
  options: Omit<ClosingOptions, "stepS">,
): OperatorFunction<StreamItem, ClosedWindow<Out>> {
  return sliding(accumulator, { ...options, stepS: options.widthS });
}

/**
 * Reduces each burst of events: a session ends where no event follows for `gapS`. The events must
 * come in order of time (see orderByTime); exposure does not enter.
 *
 * @param accumulator What runs in each session.
 * @param options `gapS`: seconds without an event that end a session, > 0.
 * @returns An operator that emits each session when it is over: from its first event to its last.
 * @throws RangeError for a gap that is not positive, and, on the stream, for events out of order or
 *   without a time.
 * @example
 * ```ts
 * import { session } from "@gammarx/gammarx/operators";
 * import { account } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { deepStrictEqual } from "node:assert/strict";
 * const counts: number[] = [];
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2, 30) });
 * of<StreamItem>(batch).pipe(session(account(), { gapS: 10 }))
 *   .subscribe((window) => counts.push(window.result.used));
 * deepStrictEqual(counts, [2, 1]);
 * ```
 */
export function session<State, Out>(
  accumulator: Accumulator<StreamItem, State, Out>,
  options: { readonly gapS: number },
): OperatorFunction<StreamItem, WindowResult<Out>> {
  const { gapS } = options;
  if (!(gapS > 0)) throw new RangeError(`session: a gap is longer than 0 s, found ${gapS}`);
  return (source) =>
    new Observable<WindowResult<Out>>((subscriber) => {
      let open: { startS: number; stopS: number; state: State } | undefined;
      const end = () => {
        if (open === undefined) return;
        const { startS, stopS, state } = open;
        open = undefined;
        subscriber.next({ startS, stopS, result: accumulator.result(state) });
      };
      const add = (batch: EventBatch) => {
        const { timeS } = batch.columns;
        for (let from = 0; from < batch.length;) {
          const t = timeS[from]!;
          if (!Number.isFinite(t)) {
            throw new RangeError(`session: an event has no time, found ${t}: leave it out first`);
          }
          if (open !== undefined && t - open.stopS > gapS) end();
          open ??= { startS: t, stopS: t, state: accumulator.create() };
          let to = from;
          for (; to < batch.length && timeS[to]! - open.stopS <= gapS; to++) {
            if (timeS[to]! < open.stopS) {
              throw new RangeError(
                `session: an event at ${
                  timeS[to]
                } s follows one at ${open.stopS} s: order them first`,
              );
            }
            open.stopS = timeS[to]!;
          }
          accumulator.add(open.state, withoutAccount(sliceBatch(batch, from, to)));
          from = to;
        }
      };
      follow(source, subscriber, {
        next(item) {
          if (item.kind === "batch") add(item);
          if (open !== undefined && watermarkOf(item) - open.stopS > gapS) end();
        },
        complete: end,
      });
    });
}

/** The account belongs to the stream, not to a burst in it. */
function withoutAccount(batch: EventBatch): EventBatch {
  return createEventBatch(batch.columns, { ...batch, rejected: {}, late: 0 });
}
