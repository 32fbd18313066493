/** Merged streams: one order, whoever answers first, however they are cut, wherever they are resumed. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type SourcePosition,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { addSeconds, createEpoch } from "../../../src/time/mod.ts";
import { selectOffset } from "../../../streams/operators/mod.ts";
import {
  memoryItems,
  type MergePosition,
  mergeSources,
  type MergeStep,
  type StreamSource,
} from "../../../streams/sources/mod.ts";

const epoch = createEpoch([60000, 0], "TT");

interface StreamPlan {
  readonly times: readonly number[];
  /** Where batches end, and whether some of their rows are missing. */
  readonly cuts: readonly boolean[];
  readonly lacks: boolean;
}

/** A stream of one observation; events carry the number of their stream and their own. */
function streamOf(plan: StreamPlan, number: number): StreamSource {
  const items: StreamItem[] = [
    createObsStart({ obsId: `${number}`, epoch, startS: Math.min(0, ...plan.times) }),
  ];
  let from = 0, row = 0;
  plan.times.forEach((_, i) => {
    if (!plan.cuts[i] && i + 1 < plan.times.length) return;
    const timeS = Float64Array.from(plan.times.slice(from, i + 1)), { length } = timeS;
    const columns = {
      timeS,
      stream: new Uint8Array(length).fill(number),
      eventId: BigInt64Array.from({ length }, (_, k) => BigInt(from + k)),
    };
    const nRows = length + (plan.lacks ? 2 : 0);
    items.push(createEventBatch(columns, {
      obsId: `${number}`,
      rowStart: row,
      rowStop: row + nRows,
      rejected: plan.lacks ? { "bad:json": 2 } : {},
    }));
    row += nRows;
    from = i + 1;
  });
  return memoryItems([...items, createObsEnd(`${number}`)], `stream ${number}`);
}

/** The same, answering late. */
function slow(source: StreamSource, delays: () => number): StreamSource {
  return {
    ...source,
    async *items(from?: SourcePosition) {
      for await (const item of source.items(from)) {
        for (let n = delays(); n > 0; n--) await Promise.resolve();
        if (delays() > 6) await new Promise<void>((wake) => setTimeout(wake));
        yield item;
      }
    },
  };
}

const plan: fc.Arbitrary<StreamPlan> = fc.record({
  times: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 25 }).map((list) =>
    list.sort((a, b) => a - b)
  ),
  cuts: fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
  lacks: fc.boolean(),
});

function eventsOf(steps: readonly MergeStep[]): string[] {
  return steps.flatMap(({ items }) =>
    items.flatMap((item) =>
      item.kind !== "batch"
        ? []
        : [...item.columns.timeS].map((t, i) =>
          `${t} ${item.columns.stream![i]}:${item.columns.eventId![i]}`
        )
    )
  );
}

const rejectedIn = (steps: readonly MergeStep[]) =>
  steps.flatMap(({ items }) => items).reduce(
    (sum, item) => sum + (item.kind === "batch" ? item.rejected["bad:json"] ?? 0 : 0),
    0,
  );

/** What the order must be: by time, then number of the stream, then place in it. */
function expectedOf(plans: readonly StreamPlan[]): string[] {
  return plans.flatMap(({ times }, stream) => times.map((t, i) => ({ t, stream, i })))
    .sort((a, b) => a.t - b.t || a.stream - b.stream || a.i - b.i)
    .map(({ t, stream, i }) => `${t} ${stream}:${i}`);
}

async function all(steps: AsyncIterable<MergeStep>, most = Infinity): Promise<MergeStep[]> {
  const list: MergeStep[] = [];
  for await (const step of steps) {
    list.push(step);
    if (list.length >= most) break;
  }
  return list;
}

Deno.test("mergeSources() gives one order whatever the interleaving and the cuts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat({ max: 8 })),
      async (plans, delays) => {
        const late = () => delays.next().value;
        const merged = mergeSources(
          plans.map((one, k) => ({ source: slow(streamOf(one, k), late) })),
        );
        const steps = await all(merged.steps());
        deepStrictEqual(eventsOf(steps), expectedOf(plans));
        const watermarks = steps.map(({ watermarkS }) => watermarkS);
        deepStrictEqual(watermarks, watermarks.toSorted((a, b) => a - b));
        const nBatches = plans.map((one) =>
          one.lacks
            ? one.times.filter((_, i) => one.cuts[i] || i + 1 === one.times.length).length
            : 0
        ).reduce((a, b) => a + b, 0);
        strictEqual(rejectedIn(steps), 2 * nBatches);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("mergeSources() goes on from the positions of any step, with nothing lost or twice", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      async (plans, at) => {
        const merged = mergeSources(plans.map((one, k) => ({ source: streamOf(one, k) })));
        const whole = await all(merged.steps());
        const before = await all(merged.steps(), at % whole.length + 1);
        const kept = structuredClone(before.at(-1)!.positions) as MergePosition[];
        const after = await all(merged.steps(kept));
        deepStrictEqual([...eventsOf(before), ...eventsOf(after)], expectedOf(plans));
        strictEqual(rejectedIn(before) + rejectedIn(after), rejectedIn(whole));
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("mergeSources() keeps the order of each stream where its times are out of order", async () => {
  const steps = await all(
    mergeSources([
      { source: streamOf({ times: [1, 9, 2, 12], cuts: [false, true], lacks: false }, 0) },
      { source: streamOf({ times: [3, 8, 10, 20], cuts: [], lacks: false }, 1) },
    ]).steps(),
  );
  deepStrictEqual(
    eventsOf(steps).map((one) => Number(one.split(" ")[0])),
    [1, 3, 8, 9, 2, 10, 12, 20],
  );
});

Deno.test("mergeSources() brings the times of all streams to the epoch of the first", async () => {
  const later = memoryItems([
    createObsStart({
      obsId: "b",
      epoch: addSeconds(epoch, 100),
      gti: createGti(addSeconds(epoch, 100), Float64Array.of(0), Float64Array.of(5)),
    }),
    createEventBatch({ timeS: Float64Array.of(1) }),
    createHeartbeat({ timeS: 2, fromS: 1, livetimeS: 0.5 }),
  ]);
  const steps = await all(
    mergeSources([{ source: streamOf({ times: [5], cuts: [], lacks: false }, 0) }, {
      source: later,
    }]).steps(),
  );
  const items = steps.flatMap(({ items }) => items);
  const start = items.find((item) => item.kind === "obs-start" && item.obsId === "b");
  ok(start?.kind === "obs-start" && start.epoch === epoch && start.startS === 100);
  deepStrictEqual([...start.gti!.startS], [100]);
  const beat = items.find((item) => item.kind === "heartbeat");
  ok(beat?.kind === "heartbeat" && beat.timeS === 102 && beat.fromS === 101);
  const last = items.findLast((item) => item.kind === "batch");
  ok(last?.kind === "batch" && last.columns.timeS[0] === 101);
});

Deno.test("mergeSources() gives each stream operators of its own", async () => {
  const at = (raDeg: number, number: number): StreamSource =>
    memoryItems([
      createObsStart({ obsId: `${number}`, epoch, pointing: { raDeg, decDeg: 0 } }),
      createEventBatch({
        timeS: Float64Array.of(1 + number, 3 + number),
        raDeg: Float64Array.of(10, 50),
        decDeg: Float64Array.of(0, 0),
      }),
    ]);
  const pipeline = selectOffset({ minDeg: 0, maxDeg: 1 });
  const steps = await all(
    mergeSources([{ source: at(10, 0), pipeline }, { source: at(50, 1), pipeline }]).steps(),
  );
  const kept = steps.flatMap(({ items }) =>
    items.flatMap((item) => item.kind === "batch" ? [...item.columns.raDeg!] : [])
  );
  deepStrictEqual(kept, [10, 50]); // each its own
});

/** Gives items when it is told to. */
function driven(): StreamSource & { give(item: StreamItem): void; end(): void } {
  const queue: StreamItem[] = [];
  let wake = () => {}, ended = false;
  const first = createObsStart({ obsId: "driven", epoch });
  return {
    ...memoryItems([first]),
    give(item) {
      queue.push(item);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *items() {
      yield first;
      for (;;) {
        while (queue.length > 0) yield queue.shift()!;
        if (ended) return;
        await new Promise<void>((done) => wake = done);
      }
    },
  };
}

Deno.test("mergeSources() waits for a silent stream, unless it beats or is idle for too long", async () => {
  const silent = driven();
  const other = () => streamOf({ times: [1, 2, 3], cuts: [true, true, true], lacks: false }, 0);
  const seen: string[] = [];
  const run = async (idleS: number) => {
    for await (
      const step of mergeSources([{ source: other() }, { source: silent }], { idleS }).steps()
    ) seen.push(...eventsOf([step]));
  };
  const waiting = run(Infinity);
  await new Promise((wake) => setTimeout(wake, 30));
  strictEqual(seen.length, 0);
  silent.give(createHeartbeat({ timeS: 2 }));
  await new Promise((wake) => setTimeout(wake, 30));
  deepStrictEqual(seen, ["1 0:0", "2 0:1"]);
  silent.end();
  await waiting;
  strictEqual(seen.length, 3);

  const idle = driven(), late: string[] = [], idles: (readonly number[])[] = [];
  setTimeout(() => {
    idle.give(createEventBatch({
      timeS: Float64Array.of(1.5),
      stream: Uint8Array.of(1),
      eventId: BigInt64Array.of(0n),
    }));
    idle.end();
  }, 200);
  for await (
    const step of mergeSources([{ source: other() }, { source: idle }], { idleS: 0.05 }).steps()
  ) {
    late.push(...eventsOf([step]));
    idles.push(step.idle);
  }
  ok(idles.some((one) => one[0] === 1), "it was idle");
  deepStrictEqual(late, ["1 0:0", "2 0:1", "3 0:2", "1.5 1:0"]);
});

Deno.test("mergeSources() ends on its signal while it waits, and passes errors on", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  const source = driven();
  await all(mergeSources([{ source }], { signal: stop.signal }).steps());
  source.end();
  const broken: StreamSource = {
    ...streamOf({ times: [1], cuts: [], lacks: false }, 0),
    // deno-lint-ignore require-yield
    async *items() {
      await Promise.resolve();
      throw new Error("disk on fire");
    },
  };
  await rejects(all(mergeSources([{ source: broken }]).steps()), /disk on fire/);
  throws(() => mergeSources([]), RangeError);
  throws(() => mergeSources([{ source: broken }], { idleS: -1 }), RangeError);
});
