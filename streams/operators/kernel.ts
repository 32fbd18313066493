import { Observable, type OperatorFunction } from "rxjs";
import type { Heartbeat, ObsEnd, ObsStart, StreamItem } from "../../src/data/mod.ts";
import type { EventBatch } from "../../src/events/mod.ts";
import { follow } from "./_follow.ts";

/** Takes what a kernel puts out. */
export type Emit = (item: StreamItem) => void;

/** One run of a kernel over one stream: it owns its state. */
export interface KernelRun {
  /** Takes an item and emits none, one or several. */
  readonly push: (item: StreamItem, emit: Emit) => void;
  /** Emits what is still held when the stream ends. */
  readonly flush: (emit: Emit) => void;
}

/** A synchronous transformation of a stream, tested without RxJS; {@link lift} makes it an operator. */
export interface StreamKernel {
  /** Begins a run with a state of its own. */
  readonly start: () => KernelRun;
}

/**
 * What a kernel does to each kind of item, with the observation that it belongs to (undefined before
 * any has begun); what is left out passes.
 */
export interface ItemMap {
  /** For a batch. */
  readonly batch?: (batch: EventBatch, observation: ObsStart | undefined) => EventBatch;
  /** For the start of an observation: a cut in time also cuts the exposure. */
  readonly obsStart?: (start: ObsStart) => ObsStart;
  /** For a heartbeat: a cut in time may leave several pieces of its live time. */
  readonly heartbeat?: (
    beat: Heartbeat,
    observation: ObsStart | undefined,
  ) => readonly Heartbeat[];
  /** For the end of an observation. */
  readonly obsEnd?: (end: ObsEnd) => ObsEnd;
}

/**
 * Makes a kernel that turns each item into one item (a heartbeat into one or several).
 *
 * @param map What happens to each kind of item.
 * @returns A kernel; its only state is the observation that is going on.
 * @example
 * ```ts
 * import { mapKernel } from "@gammarx/gammarx/operators";
 * import { createHeartbeat } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * let n = 0;
 * mapKernel({}).start().push(createHeartbeat({ timeS: 1 }), () => n++);
 * strictEqual(n, 1);
 * ```
 */
export function mapKernel(map: ItemMap): StreamKernel {
  return Object.freeze({
    start(): KernelRun {
      let observation: ObsStart | undefined;
      const push = (item: StreamItem, emit: Emit): void => {
        switch (item.kind) {
          case "batch":
            return emit(map.batch === undefined ? item : map.batch(item, observation));
          case "obs-start":
            // Later kernels see what this one made of it, this one what came.
            observation = item;
            return emit(map.obsStart === undefined ? item : map.obsStart(item));
          case "heartbeat":
            if (map.heartbeat === undefined) return emit(item);
            return map.heartbeat(item, observation).forEach(emit);
          case "obs-end":
            return emit(map.obsEnd === undefined ? item : map.obsEnd(item));
        }
      };
      return { push, flush: () => {} };
    },
  });
}

/**
 * Makes an RxJS operator of a kernel. Each subscription has a run of its own.
 *
 * @param kernel The transformation.
 * @returns An operator over the items of a stream; it never buffers beyond what the kernel holds.
 * @example
 * ```ts
 * import { lift, mapKernel } from "@gammarx/gammarx/operators";
 * import { createHeartbeat, type StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * let n = 0;
 * of<StreamItem>(createHeartbeat({ timeS: 1 })).pipe(lift(mapKernel({}))).subscribe(() => n++);
 * strictEqual(n, 1);
 * ```
 */
export function lift(kernel: StreamKernel): OperatorFunction<StreamItem, StreamItem> {
  return (source) =>
    new Observable<StreamItem>((subscriber) => {
      const run = kernel.start();
      const emit = (item: StreamItem) => subscriber.next(item);
      follow(source, subscriber, {
        next: (item) => run.push(item, emit),
        complete: () => run.flush(emit),
      });
    });
}
