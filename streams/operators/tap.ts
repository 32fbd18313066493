import { Observable, type OperatorFunction, Subject } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { follow } from "./_follow.ts";
import { type KernelRun, lift } from "./kernel.ts";

/** How far a stream has come. */
export interface Progress {
  /** Observations begun. */
  readonly observations: number;
  /** Events that came by. */
  readonly events: number;
  /** Greatest time that came by, seconds after the epoch; −∞ before any. */
  readonly timeS: number;
}

/**
 * Tells how far the stream has come, after each item; the items pass unchanged. It keeps no clock:
 * whoever listens decides how often to look.
 *
 * @param report Takes the counts so far.
 * @returns An operator over the items of a stream.
 * @example
 * ```ts
 * import { progress } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * let events = 0;
 * const batch = createEventBatch({ timeS: Float64Array.of(3, 5) });
 * of<StreamItem>(batch).pipe(progress((so) => events = so.events)).subscribe();
 * strictEqual(events, 2);
 * ```
 */
export function progress(
  report: (so: Progress) => void,
): OperatorFunction<StreamItem, StreamItem> {
  return lift({
    start(): KernelRun {
      let observations = 0, events = 0, timeS = -Infinity;
      return {
        push(item, emit) {
          if (item.kind === "obs-start") observations++;
          if (item.kind === "batch") {
            events += item.length;
            for (const t of item.columns.timeS) if (t > timeS) timeS = t;
          }
          if (item.kind === "heartbeat") timeS = Math.max(timeS, item.timeS);
          emit(item);
          report({ observations, events, timeS });
        },
        flush: () => {},
      };
    },
  });
}

/**
 * Sends the same stream through a branch as well; its items pass unchanged. The branch runs in
 * step with the stream and must be synchronous; an error in it, or thrown by `observe`, ends the
 * stream. When the stream fails, the branch ends without a word.
 *
 * @param branch The operators beside, ending in whatever they do.
 * @param observe Takes what the branch emits; nobody where left out.
 * @returns An operator over the items of a stream.
 * @example
 * ```ts
 * import { selectEnergy, tee } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { deepStrictEqual } from "node:assert/strict";
 * const lengths: number[] = [];
 * const batch = createEventBatch({ timeS: new Float64Array(2), energyTeV: Float64Array.of(0.5, 2) });
 * const length = (item: StreamItem) => item.kind === "batch" && lengths.push(item.length);
 * of<StreamItem>(batch).pipe(tee(selectEnergy({ lowTeV: 1 }), length)).subscribe(length);
 * deepStrictEqual(lengths, [1, 2]);
 * ```
 */
export function tee<Out>(
  branch: OperatorFunction<StreamItem, Out>,
  observe: (value: Out) => unknown = () => {},
): OperatorFunction<StreamItem, StreamItem> {
  return (source) =>
    new Observable<StreamItem>((subscriber) => {
      const side = new Subject<StreamItem>();
      const beside = new Observable<void>((end) =>
        follow(side.pipe(branch), end, { next: (value) => void observe(value) })
      );
      subscriber.add(beside.subscribe({ error: (error) => subscriber.error(error) }));
      follow(source, subscriber, {
        next(item) {
          side.next(item);
          subscriber.next(item);
        },
        complete: () => side.complete(),
      });
    });
}
