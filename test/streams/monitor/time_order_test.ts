/** The buffer that sorts: like the operator that does the same, and with a state that can be kept. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { of } from "rxjs";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch } from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { timeOrder, type TimeOrderOptions } from "../../../streams/monitor/mod.ts";
import { orderByTime } from "../../../streams/operators/mod.ts";
import { decodeSnapshot, encodeSnapshot } from "../../../streams/sinks/mod.ts";

const epoch = createEpoch([60000, 0], "TT");

const anyItem: fc.Arbitrary<StreamItem> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(NaN)), {
      maxLength: 8,
    }).map((times): StreamItem => {
      const timeS = Float64Array.from(times);
      return createEventBatch({
        timeS,
        eventId: BigInt64Array.from(times, (t) => BigInt(t || 0) << 40n),
        eventType: Uint32Array.from(times, (t) => t),
        kind: Int16Array.from(times, (t) => -t),
      });
    }),
  },
  fc.integer({ min: 0, max: 60 }).map((timeS): StreamItem => createHeartbeat({ timeS })),
);

interface Seen {
  readonly times: readonly number[];
  readonly columns: readonly string[];
  readonly late: number;
  readonly bad: number;
}

function seenIn(items: readonly StreamItem[]): Seen {
  const batches = items.filter((item) => item.kind === "batch");
  return {
    times: batches.flatMap(({ columns }) => [...columns.timeS]),
    columns: batches.flatMap(({ columns }) =>
      [...columns.timeS].map((_, i) =>
        `${columns.eventId![i]} ${columns.eventType![i]} ${columns.kind![i]}`
      )
    ),
    late: batches.reduce((sum, { late }) => sum + late, 0),
    bad: batches.reduce((sum, { rejected }) => sum + (rejected["bad:nan-time"] ?? 0), 0),
  };
}

/** Pushes items, keeping and restoring the state before each that is asked for. */
function ordered(
  items: readonly StreamItem[],
  options: TimeOrderOptions,
  isKept: (i: number) => boolean = () => false,
): Seen {
  const order = timeOrder(options), out: StreamItem[] = [];
  let state = order.create();
  items.forEach((item, i) => {
    if (isKept(i)) {
      const data = { state: order.snapshot(state) };
      const bytes = encodeSnapshot({}, { kind: "order", version: 1, key: "", data });
      state = order.restore(decodeSnapshot(bytes, "test").snapshot.data.state!);
    }
    order.push(state, item, (one) => out.push(one));
  });
  order.flush(state, (one) => out.push(one));
  return seenIn(out);
}

Deno.test("timeOrder() sorts as the operator does, also when it is kept and taken up again", () => {
  fc.assert(
    fc.property(
      fc.array(anyItem, { maxLength: 20 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
      (items, latenessS, kept) => {
        const expected: StreamItem[] = [];
        of(...items).pipe(orderByTime({ latenessS })).subscribe((item) => expected.push(item));
        const options = { latenessS, policy: "count" as const };
        deepStrictEqual(ordered(items, options), seenIn(expected));
        deepStrictEqual(ordered(items, options, (i) => kept[i]!), seenIn(expected));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("timeOrder() without lateness holds nothing back and lets no event go back in time", () => {
  const order = timeOrder({ latenessS: 0, policy: "count" }), state = order.create();
  const out: StreamItem[] = [];
  order.push(
    state,
    createEventBatch({ timeS: Float64Array.of(1, 2, 2, 1.5, 3) }),
    (one) => out.push(one),
  );
  strictEqual(state.pending, undefined);
  const batch = out[0];
  ok(batch?.kind === "batch" && batch.late === 1);
  deepStrictEqual([...batch.columns.timeS], [1, 2, 2, 3]);
});

Deno.test("timeOrder() gives late events on, counts them, or ends the run, as it is told", () => {
  const items = [createEventBatch({ timeS: Float64Array.of(10, 1, 11) }, { obsId: "7" })];
  const update = (policy: "update" | "count") => {
    const order = timeOrder({ latenessS: 5, policy }), state = order.create();
    const times: number[][] = [];
    let late = 0;
    for (const item of items) {
      order.push(state, item, (one) => {
        if (one.kind !== "batch") return;
        times.push([...one.columns.timeS]);
        late += one.late;
      });
    }
    return { times: times.filter((list) => list.length > 0), late };
  };
  deepStrictEqual(update("update"), { times: [[1]], late: 0 });
  deepStrictEqual(update("count"), { times: [], late: 1 });
  const refusing = timeOrder({ latenessS: 5, policy: "refuse" });
  throws(() => refusing.push(refusing.create(), items[0]!, () => {}), /observation "7" at 1 s/);
  throws(() => timeOrder({ latenessS: NaN, policy: "count" }), RangeError);
});

Deno.test("timeOrder() lets all out when the last of the open observations ends", () => {
  const order = timeOrder({ latenessS: 100, policy: "count" }), state = order.create();
  const times: number[] = [];
  const push = (item: StreamItem) =>
    order.push(state, item, (one) => {
      if (one.kind === "batch") times.push(...one.columns.timeS);
    });
  push(createObsStart({ obsId: "a", epoch }));
  push(createObsStart({ obsId: "b", epoch }));
  push(createEventBatch({ timeS: Float64Array.of(5, 3) }, { obsId: "a" }));
  push(createEventBatch({ timeS: Float64Array.of(4) }, { obsId: "b" }));
  push(createObsEnd("a"));
  deepStrictEqual(times, []);
  push(createObsStart({ obsId: "b", epoch, resumed: true }));
  push(createObsEnd("b"));
  deepStrictEqual(times, [3, 4, 5]);
  push(createEventBatch({ timeS: Float64Array.of(1) }));
  push(createObsEnd("c"));
  deepStrictEqual(times, [3, 4, 5, 1]);
});
