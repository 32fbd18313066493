import {
  positionAfter,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import { restOfBatch } from "./_rest_of_batch.ts";
import type { StreamSource } from "./source.ts";

/**
 * A source over items in memory. The first item must start an observation: it tells the epoch.
 * Observations are numbered in their order, whatever `index` they came with.
 *
 * @param items The items, in order; kept, not copied.
 * @param name What messages call it.
 * @returns The source; it can be streamed any number of times.
 * @throws TypeError where the first item does not start an observation; RangeError, while
 *   streaming, for a position inside a batch that lacks some of its rows.
 * @example
 * ```ts
 * import { memoryItems } from "@gammarx/gammarx/sources";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const source = memoryItems([createObsStart({ obsId: "1", epoch: createEpoch([51910, 0], "TT") })]);
 * for await (const item of source.items()) strictEqual(item.kind, "obs-start");
 * ```
 */
export function memoryItems(items: readonly StreamItem[], name = "memory"): StreamSource {
  const first = items[0];
  if (first?.kind !== "obs-start") {
    throw new TypeError("A stream in memory begins with the start of an observation");
  }
  const batch = items.find((item) => item.kind === "batch");
  let nStarts = 0;
  const numbered = items.map((item) =>
    item.kind === "obs-start" ? { ...item, index: nStarts++ } : item
  );
  const source: StreamSource = Object.freeze({
    name,
    epoch: first.epoch,
    startS: first.startS,
    pointing: first.pointing,
    columns: batch && Object.keys(batch.columns),
    withColumns: () => source,
    close: () => {},
    async *items(from: SourcePosition = SOURCE_START): AsyncGenerator<StreamItem> {
      let at = SOURCE_START;
      for (const item of numbered) {
        const before = at;
        at = positionAfter(at, item);
        if (before.index < from.index) continue;
        const goesOn = before.index === from.index && from.begun;
        const rest = goesOn ? restOf(item, before, from) : item;
        if (rest !== undefined) yield rest;
      }
    },
  });
  return source;
}

/** What is left of an item of the observation in which the stream is taken up again. */
function restOf(
  item: StreamItem,
  before: SourcePosition,
  from: SourcePosition,
): StreamItem | undefined {
  switch (item.kind) {
    case "obs-start":
      return { ...item, resumed: true };
    case "batch":
      return restOfBatch(item, from.row);
    case "heartbeat": {
      const seen = before.row < from.row ||
        (before.row === from.row && before.heartbeats < from.heartbeats);
      return seen ? undefined : item;
    }
    case "obs-end":
      return item;
  }
}
