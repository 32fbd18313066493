import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { from } from "rxjs";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, type EventBatch } from "../../../src/events/mod.ts";
import { orderByTime, type OrderByTimeOptions } from "../../../streams/operators/mod.ts";
import {
  anyStream,
  anyTime,
  batchesOf,
  countEvents,
  EPOCH,
  recutItems,
} from "../../_tools/event_arbitraries.ts";

function ordered(items: readonly StreamItem[], options: OrderByTimeOptions): StreamItem[] {
  const outs: StreamItem[] = [];
  from(items).pipe(orderByTime(options)).subscribe((item) => outs.push(item));
  return outs;
}

/** Events with their number in the stream, to see what became of each. */
function numbered(times: readonly number[], obsId = "1", from = 0): EventBatch {
  const eventId = BigInt64Array.from(times, (_, i) => BigInt(from + i));
  return createEventBatch({ timeS: Float64Array.from(times), eventId }, { obsId });
}

const lateness = fc.constantFrom(0, 1, 50, 300, 1e9);
const someTimes = fc.array(fc.oneof(anyTime(false), fc.constantFrom(5, 7)), { maxLength: 60 });

Deno.test("orderByTime() is a stable sort of what is not late, and late is what a plain loop says", () => {
  fc.assert(fc.property(someTimes, lateness, fc.nat(), (times, latenessS, seed) => {
    const lateIds: number[] = [], inTime: number[] = [];
    let latest = -Infinity;
    times.forEach((t, i) => {
      if (Number.isNaN(t)) return;
      (t < latest - latenessS ? lateIds : inTime).push(i);
      latest = Math.max(latest, t);
    });
    const seen: number[] = [];
    const onLate = (batch: EventBatch) => seen.push(...[...batch.columns.eventId!].map(Number));
    const items = recutItems([numbered(times)], seed);
    const outs = batchesOf(ordered(items, { latenessS, onLate }));
    inTime.sort((a, b) => times[a]! - times[b]! || a - b);
    deepStrictEqual(outs.flatMap((one) => [...one.columns.eventId!].map(Number)), inTime);
    deepStrictEqual(seen, lateIds);
    strictEqual(outs.reduce((n, one) => n + one.late, 0), lateIds.length);
    const nNaN = outs.reduce((n, one) => n + (one.rejected["bad:nan-time"] ?? 0), 0);
    strictEqual(nNaN, times.filter(Number.isNaN).length);
  }));
});

Deno.test("orderByTime() never breaks the promise of its watermarks within an observation", () => {
  fc.assert(fc.property(anyStream({ orphans: false }), lateness, (items, latenessS) => {
    let promised = -Infinity, last = -Infinity;
    for (const item of ordered(items, { latenessS })) {
      if (item.kind === "heartbeat") promised = Math.max(promised, item.timeS);
      else if (item.kind === "batch") {
        for (const t of item.columns.timeS) {
          ok(t >= promised && t >= last, `${t} after ${promised} ${last}`);
          last = t;
        }
        promised = Math.max(promised, item.watermarkS);
      } else promised = last = -Infinity;
    }
  }));
});

Deno.test("orderByTime() promises no more after an observation than its lateness allows", () => {
  const items = [
    createObsStart({ obsId: "1", epoch: EPOCH }),
    numbered([100, 90, 120], "1"),
    createObsEnd("1"),
    createObsStart({ obsId: "2", epoch: EPOCH }),
    numbered([115, 130], "2"),
    createObsEnd("2"),
  ];
  const outs = ordered(items, { latenessS: 10 });
  const marks = batchesOf(outs).map(({ watermarkS }) => watermarkS);
  deepStrictEqual(marks, [110, 110, 120, 120]);
  strictEqual(countEvents(outs), 5);
});

Deno.test("orderByTime() lets out what a heartbeat promises, and counts what comes against it as late", () => {
  const items = [numbered([5, 3, 40]), createHeartbeat({ timeS: 30 }), numbered([29, 31, 35])];
  const outs = ordered(items, { latenessS: 100 });
  deepStrictEqual(
    outs.map((item) => item.kind === "batch" ? [...item.columns.timeS] : item.kind),
    [[], [3, 5], "heartbeat", [], [31, 35, 40]],
  );
  strictEqual(batchesOf(outs).reduce((n, one) => n + one.late, 0), 1);
});

Deno.test("orderByTime() sorts observations for themselves, also where no start divides them", () => {
  const items = [numbered([10, 5], "1"), numbered([3, 1], "2")];
  const outs = batchesOf(ordered(items, { latenessS: 100 })).filter(({ length }) => length > 0);
  deepStrictEqual(outs.map(({ obsId, columns }) => [obsId, ...columns.timeS]), [
    ["1", 5, 10],
    ["2", 1, 3],
  ]);
});

Deno.test("orderByTime() holds only the events of the last latenessS seconds", () => {
  let nOut = 0, nIn = 0, most = 0;
  const batches = Array.from({ length: 200 }, (_, k) => numbered([k, k - 0.5, k - 2]));
  from(batches).pipe(
    (source) => source,
    orderByTime({ latenessS: 3 }),
  ).subscribe((item) => {
    nIn += 3;
    if (item.kind === "batch") nOut += item.length;
    most = Math.max(most, nIn - nOut);
  });
  ok(most <= 3 * 5, `${most}`);
});

Deno.test("orderByTime() refuses a lateness that is none", () => {
  for (const latenessS of [-1, NaN]) throws(() => orderByTime({ latenessS }), RangeError);
});
