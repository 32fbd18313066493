import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type StreamItem,
} from "../../../src/data/mod.ts";
import {
  type BadRow,
  createEventBatch,
  createGti,
  type EventBatch,
  type EventEpoch,
} from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import {
  itemsOfLines,
  type JsonLinesOptions,
  linesOf,
  linesSource,
} from "../../../streams/sources/mod.ts";

const EPOCH: EventEpoch = createEpoch([53343, 64.184 / 86400], "TT");

async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % Math.max(1, sizes.length)] ?? text.length;
    yield text.slice(at, at + size);
    at += size;
    await Promise.resolve();
  }
}

async function read(
  text: string,
  options: JsonLinesOptions & { readonly sizes?: readonly number[] } = {},
): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  for await (const item of itemsOfLines(cut(text, options.sizes ?? []), options)) items.push(item);
  return items;
}

const batches = (items: readonly StreamItem[]) =>
  items.filter((item): item is EventBatch => item.kind === "batch");

/** All values of a column over the batches. */
function column(items: readonly StreamItem[], name: string): (number | bigint)[] {
  return batches(items).flatMap((batch) => [...batch.columns[name]!]);
}

const rejectedOf = (items: readonly StreamItem[], reason: string) =>
  batches(items).reduce((n, batch) => n + (batch.rejected[reason] ?? 0), 0);

const start = (fields: object = {}) =>
  linesOf(createObsStart({ obsId: "1", epoch: EPOCH, ...fields }));

Deno.test("itemsOfLines() reads back what linesOf() wrote, bit for bit, cut anywhere", async () => {
  const any = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 5e-324));
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const event = fc.record({
    timeS: finite,
    energyTeV: any,
    user: any,
    piChannel: fc.integer(),
    eventType: fc.nat(0xffffffff),
    eventId: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  });
  await fc.assert(fc.asyncProperty(
    fc.array(event, { minLength: 1, maxLength: 20 }),
    fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 8 }),
    async (events, sizes) => {
      const numbers = (name: "timeS" | "energyTeV" | "user") =>
        Float64Array.from(events, (one) => one[name]);
      const batch = createEventBatch({
        timeS: numbers("timeS"),
        energyTeV: numbers("energyTeV"),
        user: numbers("user"),
        piChannel: Int32Array.from(events, (one) => one.piChannel),
        eventType: Uint32Array.from(events, (one) => one.eventType),
        eventId: BigInt64Array.from(events, (one) => one.eventId),
        big: BigInt64Array.from(events, (one) => one.big),
      }, { obsId: "1" });
      const gti = createGti(EPOCH, Float64Array.of(-5.5, 1 / 3), Float64Array.of(0, 1e6));
      const pointing = { raDeg: 83.63, decDeg: -22.01 };
      const items: StreamItem[] = [
        createObsStart({
          obsId: "1",
          epoch: EPOCH,
          source: "x",
          gti,
          pointing,
          deadTimeFraction: 0.1,
        }),
        batch,
        createHeartbeat({ timeS: 60, fromS: 0.1, livetimeS: 55 }),
        createObsEnd("1", { gti, deadTimeFraction: 0.05 }),
      ];
      const back = await read(items.map(linesOf).join(""), { sizes, name: "x" });
      deepStrictEqual(back[0], items[0]);
      deepStrictEqual(back.slice(-2), items.slice(2));
      for (const name in batch.columns) {
        deepStrictEqual(column(back, name), [...batch.columns[name]!], name);
        strictEqual(batches(back)[0]!.columns[name]!.constructor, batch.columns[name]!.constructor);
      }
      let row = 0;
      for (const one of batches(back)) {
        strictEqual(one.rowStart, row);
        row = one.rowStop;
      }
      strictEqual(row, events.length);
    },
  ));
});

Deno.test("itemsOfLines() counts lines that it cannot use, and goes on", async () => {
  const bad: BadRow[] = [];
  const text = [
    start().trim(),
    '{"timeS":1,"energyTeV":2,"eventId":"7","piChannel":3}',
    "",
    "nonsense",
    "[1]",
    "5",
    "null",
    '{"timeS":1,"energyTeV":"2","eventId":"7","piChannel":3}',
    '{"timeS":1,"energyTeV":{},"eventId":"7","piChannel":3}',
    '{"timeS":1,"energyTeV":true,"eventId":"7","piChannel":3}',
    '{"timeS":1,"energyTeV":2,"eventId":"x","piChannel":3}',
    '{"timeS":1,"energyTeV":2,"eventId":"99999999999999999999","piChannel":3}',
    '{"timeS":1,"energyTeV":2,"eventId":1.5,"piChannel":3}',
    '{"timeS":1,"energyTeV":2,"eventId":"7","piChannel":null}',
    '{"timeS":1,"energyTeV":2,"eventId":"7","piChannel":3.5}',
    '{"timeS":1,"energyTeV":2,"eventId":"7"}',
    '{"timeS":1,"eventType":-1,"eventId":"7","piChannel":3}',
    '{"kind":"event","timeS":1}',
    '{"kind":"heartbeat","timeS":"soon"}',
    '{"energyTeV":2}',
    '{"timeS":null,"energyTeV":2}',
    '{"timeS":"1","energyTeV":2}',
    '{"timeS":1e999,"energyTeV":2}',
    '{"timeS":2,"eventId":8,"piChannel":4}',
    '{"timeS":3,',
  ].join("\n");
  for (const sizes of [[], [1], [7, 31]]) {
    const items = await read(text, { sizes, onBadRow: (row) => bad.push(row) });
    deepStrictEqual(column(items, "timeS"), [1, 2]);
    deepStrictEqual(column(items, "energyTeV"), [2, NaN]);
    deepStrictEqual(column(items, "eventId"), [7n, 8n]);
    strictEqual(rejectedOf(items, "bad:json"), 17);
    strictEqual(rejectedOf(items, "bad:nan-time"), 4);
    deepStrictEqual(bad.slice(0, 2).map((one) => one.row), [3, 4]);
    strictEqual(bad.length, 21);
    bad.length = 0;
  }
});

Deno.test("itemsOfLines() keeps lines before the first observation for its account", async () => {
  const items = await read(`nonsense\n${start()}{"timeS":1}\n`, { sizes: [9] });
  deepStrictEqual(items.map((item) => item.kind).slice(0, 2), ["obs-start", "batch"]);
  strictEqual(rejectedOf(items, "bad:json"), 1);
  const none = await read("nonsense\n");
  deepStrictEqual(none.map((item) => item.kind), ["batch"]);
  strictEqual(rejectedOf(none, "bad:json"), 1);
});

Deno.test("itemsOfLines() gives batches the columns of their first event, cut anywhere", async () => {
  const text = start() +
    '{"timeS":1}\n{"timeS":2,"energyTeV":5}\n{"timeS":3}\n{"energyTeV":7,"timeS":4}\n';
  for (const sizes of [[], [1], [13]]) {
    const items = await read(text, { sizes });
    const first = batches(items)[0]!;
    deepStrictEqual([first.length, Object.keys(first.columns)], [1, ["timeS"]]);
    deepStrictEqual(column(items.filter((item) => item !== first), "energyTeV"), [5, NaN, 7]);
  }
});

Deno.test("itemsOfLines() brings later observations to the epoch of the first", async () => {
  const later = createEpoch([53344, 64.184 / 86400], "TT") as EventEpoch;
  const gti = createGti(later, Float64Array.of(1), Float64Array.of(2));
  const text = start() + '{"timeS":1}\n' + linesOf(createObsEnd("1")) +
    linesOf(createObsStart({ obsId: "2", epoch: later, gti, startS: 1, stopS: 9 })) +
    '{"timeS":1}\n' + linesOf(createHeartbeat({ timeS: 3, fromS: 2, livetimeS: 1 })) +
    linesOf(createObsEnd("2", { gti, deadTimeFraction: 0 }));
  const items = await read(text);
  deepStrictEqual(column(items, "timeS"), [1, 86401]);
  const starts = items.filter((item) => item.kind === "obs-start");
  deepStrictEqual(starts.map((item) => item.epoch), [EPOCH, EPOCH]);
  deepStrictEqual(starts.map((item) => item.index), [0, 1]);
  deepStrictEqual([...starts[1]!.gti!.startS, starts[1]!.startS, starts[1]!.stopS], [
    86401,
    86401,
    86409,
  ]);
  const beat = items.find((item) => item.kind === "heartbeat")!;
  deepStrictEqual([beat.timeS, beat.fromS, beat.livetimeS], [86403, 86402, 1]);
  deepStrictEqual([...(items.at(-1) as { gti: { stopS: Float64Array } }).gti.stopS], [86402]);
});

Deno.test("itemsOfLines() names the line of an observation that it cannot read", async () => {
  const tdb = createEpoch([53343, 0], "TDB") as EventEpoch;
  const wrong: readonly (readonly [text: string, says: RegExp])[] = [
    ['{"timeS":1}\n', /line 1: found no observation/],
    ['{"kind":"obs-start","epoch":5}\n', /line 1: found epoch 5/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1.5}}\n', /line 1: found epoch/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1,"scale":"UTC"}}\n', /scale TT or TDB/],
    [start() + linesOf(createObsStart({ obsId: "2", epoch: tdb })), /line 2: found times in TDB/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1},"startS":"x"}\n', /startS "x"/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1},"deadTimeFraction":2}\n', /line 1: .*dead time 2/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1},"pointing":[1,2]}\n', /pointing/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1},"gti":{"startS":[1]}}\n', /gti/],
    ['{"kind":"obs-start","epoch":{"mjdDay":1},"gti":{"startS":[2],"stopS":[1]}}\n', /line 1: GTI/],
    [start() + '{"kind":"obs-end","deadTimeFraction":-1}\n', /line 2: .*deadTimeFraction/],
  ];
  for (const [text, says] of wrong) {
    await rejects(read(text, { name: "pipe" }), (error: Error) => {
      ok(error instanceof SyntaxError && says.test(error.message), `${text}${error.message}`);
      return error.message.startsWith("pipe, ");
    });
  }
});

Deno.test("itemsOfLines() drops a line without end, and keeps the next", async () => {
  async function* chunks(): AsyncGenerator<string> {
    yield start();
    const piece = "x".repeat(1 << 20);
    for (let i = 0; i < 40; i++) {
      yield piece;
      await Promise.resolve();
    }
    yield 'x\n{"timeS":1}\n';
  }
  const items: StreamItem[] = [];
  for await (const item of itemsOfLines(chunks())) items.push(item);
  strictEqual(rejectedOf(items, "bad:json"), 1);
  deepStrictEqual(column(items, "timeS"), [1]);
});

Deno.test("itemsOfLines() lets events out at the end of a piece of text and when a batch is full", async () => {
  const text = start() + '{"timeS":1}\n{"timeS":2}\n{"timeS":3}\n';
  const lengths = (items: StreamItem[]) => batches(items).map((batch) => batch.length);
  deepStrictEqual(lengths(await read(text)), [3]);
  deepStrictEqual(lengths(await read(text, { batchRows: 2 })), [2, 1]);
  deepStrictEqual(lengths(await read(text, { sizes: [1] })), [1, 1, 1]);
  await rejects(read(text, { batchRows: 0 }), /batchRows = 0/);
});

Deno.test("linesSource() can be streamed once, from its beginning", async () => {
  const bytes = () => new Blob([start() + '{"timeS":1}\n']).stream();
  const source = await linesSource(bytes());
  for await (const _ of source.items());
  await rejects(async () => {
    for await (const _ of source.items());
  }, /only once/);
  const other = await linesSource(bytes());
  await rejects(async () => {
    for await (const _ of other.items({ index: 1, row: 0, begun: false, heartbeats: 0 }));
  }, /only once/);
  other.close();
  await rejects(linesSource(new Blob([]).stream()), /found no event and no observation/);
});

Deno.test("linesSource() ends at its signal while it waits", async () => {
  const stop = new AbortController();
  const never = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(start() + '{"timeS":1}\n')),
  });
  const source = await linesSource(never, { signal: stop.signal });
  const kinds: string[] = [];
  setTimeout(() => stop.abort(), 20);
  for await (const item of source.items()) kinds.push(item.kind);
  deepStrictEqual(kinds, ["obs-start", "batch", "obs-end"]);
  const silent = new ReadableStream<Uint8Array>();
  const early = AbortSignal.timeout(20);
  await rejects(linesSource(silent, { signal: early }), { name: "TimeoutError" });
});
