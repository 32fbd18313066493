import { Observable, type OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { follow } from "./_follow.ts";
import type { Accumulator } from "../accumulators/mod.ts";

/** How a stream is folded. */
export interface AccumulateOptions<State> {
  /** A state to go on from; it is taken over. A new one where left out. */
  readonly state?: State | undefined;
  /** Sees the state after each item, for a live view: read it, do not keep it. */
  readonly observe?: ((state: Readonly<State>, item: StreamItem) => void) | undefined;
}

/**
 * Folds a stream into an accumulator and gives its state when the stream ends. (`result` makes the
 * answer of it; `snapshot` keeps it.)
 *
 * @param accumulator The reduction.
 * @param options Where to go on from.
 * @returns An operator that emits one state, at the end.
 * @example
 * ```ts
 * import { accumulate } from "@gammarx/gammarx/operators";
 * import { account } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(3) });
 * of<StreamItem>(batch).pipe(accumulate(account())).subscribe((state) => strictEqual(state.used, 3));
 * ```
 */
export function accumulate<State, Out>(
  accumulator: Accumulator<StreamItem, State, Out>,
  options: AccumulateOptions<State> = {},
): OperatorFunction<StreamItem, State> {
  return (source) =>
    new Observable<State>((subscriber) => {
      const state = options.state ?? accumulator.create();
      follow(source, subscriber, {
        next(item) {
          accumulator.add(state, item);
          options.observe?.(state, item);
        },
        complete: () => subscriber.next(state),
      });
    });
}
