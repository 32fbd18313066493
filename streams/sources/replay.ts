import type { SourcePosition, StreamItem } from "../../src/data/mod.ts";
import { sliceBatch } from "../../src/events/mod.ts";
import type { StreamSource } from "./source.ts";

/** How a stream is replayed. */
export interface ReplayOptions {
  /** Seconds of the stream a second of the clock; 1. ∞ does not wait. */
  readonly speed?: number;
  /** Seconds of the clock between batches, > 0; 0.1. */
  readonly tickS?: number;
  /** Time since any moment, seconds; the performance clock. */
  readonly clockS?: () => number;
  /** Waits for seconds of the clock. */
  readonly sleep?: (seconds: number) => Promise<void>;
}

/**
 * The same stream at the pace at which it was taken, or faster: the events of a tick are given out
 * together, when the first of them is due. Gaps between observations take no time. A batch that lacks
 * some of its rows is not cut, since no place inside it could be gone on from: it is given out when
 * the time of its last event has come.
 *
 * @param source The stream to replay; its events in order of time.
 * @param options Speed and tick.
 * @returns A source of the same items, with batches cut to ticks.
 * @throws RangeError for a speed or tick that is not positive.
 * @example
 * ```ts
 * import { memoryItems, replay } from "@gammarx/gammarx/sources";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const start = createObsStart({ obsId: "", epoch: createEpoch([51910, 0], "TT") });
 * const events = createEventBatch({ timeS: Float64Array.of(0, 0.01, 0.5) });
 * let batches = 0;
 * for await (const item of replay(memoryItems([start, events]), { speed: 100, tickS: 0.001 }).items()) {
 *   if (item.kind === "batch") batches++;
 * }
 * strictEqual(batches, 2);
 * ```
 */
export function replay(source: StreamSource, options: ReplayOptions = {}): StreamSource {
  const { speed = 1, tickS = 0.1, clockS = () => performance.now() / 1000 } = options;
  const sleep = options.sleep ??
    ((seconds: number) => new Promise<void>((wake) => setTimeout(wake, seconds * 1000)));
  if (!(speed > 0)) throw new RangeError(`replay: speed is above 0, found ${speed}`);
  if (!(tickS > 0)) throw new RangeError(`replay: a tick is longer than 0 s, found ${tickS}`);
  return Object.freeze({
    ...source,
    withColumns: (columns: readonly string[]) => replay(source.withColumns(columns), options),
    async *items(from?: SourcePosition): AsyncGenerator<StreamItem> {
      let clock0 = NaN, stream0 = NaN;
      for await (const item of source.items(from)) {
        if (item.kind === "obs-start") clock0 = NaN;
        if (item.kind !== "batch" || speed === Infinity || item.length === 0) {
          yield item;
          continue;
        }
        const { timeS } = item.columns, isWhole = item.rowStop - item.rowStart === item.length;
        for (let at = 0; at < item.length;) {
          if (Number.isNaN(clock0)) {
            clock0 = clockS();
            stream0 = timeS[at]!;
          }
          const to = isWhole ? endOfTick(timeS, { at, stream0, tick: tickS * speed }) : item.length;
          const dueS = timeS[isWhole ? at : to - 1]!;
          const waitS = (dueS - stream0) / speed - (clockS() - clock0);
          if (waitS > 0) await sleep(waitS);
          yield to - at === item.length ? item : sliceBatch(item, at, to);
          at = to;
        }
      }
    },
  });
}

/** The event after the last one in the same tick of the stream as event `at`, or earlier. */
function endOfTick(
  timeS: Float64Array,
  from: { readonly at: number; readonly stream0: number; readonly tick: number },
): number {
  const { at, stream0, tick } = from;
  const untilS = stream0 + tick * (Math.floor((timeS[at]! - stream0) / tick) + 1);
  let to = at + 1;
  while (to < timeS.length && timeS[to]! < untilS) to++;
  return to;
}
