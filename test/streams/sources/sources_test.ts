import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type ObsEnd,
  type SourcePosition,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, openEventFile } from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import {
  eventPaths,
  followFile,
  type FollowOptions,
  memoryItems,
  observationsSource,
  openSource,
  replay,
  type StreamSource,
} from "../../../streams/sources/mod.ts";
import { EPOCH, simulatedFits, withFolder } from "../../src/cli/_observations.ts";

async function itemsOf(source: StreamSource, from?: SourcePosition): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  for await (const item of source.items(from)) items.push(item);
  return items;
}

const kindsOf = (items: readonly StreamItem[]) => items.map((item) => item.kind).join(" ");
const nEvents = (items: readonly StreamItem[]) =>
  items.reduce((n, item) => n + (item.kind === "batch" ? item.length : 0), 0);
const nRows = (items: readonly StreamItem[]) =>
  items.reduce((n, item) => n + (item.kind === "batch" ? item.rowStop - item.rowStart : 0), 0);
const at = (fields: Partial<SourcePosition>): SourcePosition => ({
  index: 0,
  row: 0,
  begun: true,
  heartbeats: 0,
  ...fields,
});

async function withFile(
  test: (path: string, bytes: Uint8Array, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const bytes = simulatedFits({ seed: 1, nEvents: 300, bad: [10] }), path = `${folder}/run.fits`;
    await Deno.writeFile(path, bytes);
    await test(path, bytes, folder);
  });
}

Deno.test("openSource() streams files and folders, each observation from start to end", async () => {
  await withFile(async (path, bytes, folder) => {
    await Deno.mkdir(`${folder}/more`);
    await Deno.writeFile(`${folder}/more/b.fits`, bytes);
    await Deno.writeFile(
      `${folder}/more/a.fits`,
      simulatedFits({ seed: 2, nEvents: 10, startS: 50 }),
    );
    deepStrictEqual(await eventPaths([path, `${folder}/more`]), [
      path,
      `${folder}/more/a.fits`,
      `${folder}/more/b.fits`,
    ]);
    const source = await openSource([path, `${folder}/more`], { batchRows: 200 });
    const items = await itemsOf(source);
    strictEqual(
      kindsOf(items),
      "obs-start batch batch obs-end obs-start batch obs-end obs-start batch batch obs-end",
    );
    deepStrictEqual([nEvents(items), nRows(items)], [608, 610]);
    deepStrictEqual(kindsOf(await itemsOf(source)), kindsOf(items)); // and once more
    await rejects(openSource([]), /no event list/);
    await rejects(openSource([path], { batchRows: 0 }), /batchRows = 0/);
    const empty = `${folder}/empty`;
    await Deno.mkdir(empty);
    await rejects(openSource([empty]), /no event list in this folder/);
  });
});

Deno.test("openSource() reads only the columns that are asked for", async () => {
  await withFile(async (path) => {
    const source = (await openSource([path])).withColumns(["energyTeV", "nope"]);
    deepStrictEqual(source.columns, ["timeS", "energyTeV"]);
    const [, batch] = await itemsOf(source);
    ok(batch?.kind === "batch");
    deepStrictEqual(Object.keys(batch.columns), ["timeS", "energyTeV"]);
  });
});

Deno.test("openSource() goes on from any position", async () => {
  await withFile(async (path) => {
    const source = await openSource([path, path], { batchRows: 100 });
    strictEqual(nRows(await itemsOf(source, at({ row: 130 }))), 170 + 300);
    const [start] = await itemsOf(source, at({ row: 130 }));
    ok(start?.kind === "obs-start" && start.resumed);
    const [second] = await itemsOf(source, at({ index: 1, begun: false }));
    ok(second?.kind === "obs-start" && !second.resumed && second.index === 1);
    strictEqual(kindsOf(await itemsOf(source, at({ index: 2, begun: false }))), "");
    strictEqual(kindsOf(await itemsOf(source, at({ row: 300 }))).split(" ")[1], "obs-end");
  });
});

Deno.test("observationsSource() closes every list, whether all is streamed or not", async () => {
  await withFile(async (path) => {
    let open = 0;
    const opener = async () => {
      const list = await openEventFile(path);
      open++;
      return { ...list, close: () => (open--, list.close()) };
    };
    const source = await observationsSource([opener, opener, opener], { batchRows: 100 });
    strictEqual(open, 1);
    await itemsOf(source);
    strictEqual(open, 0);
    for await (const item of source.items()) if (item.kind === "batch") break;
    await new Promise((wake) => setTimeout(wake, 20)); // the next list was being opened
    strictEqual(open, 0);
    const unused = await observationsSource([opener]);
    unused.withColumns([]).close();
    unused.close();
    strictEqual(open, 0);
    const beyond = await observationsSource([opener, opener]);
    await itemsOf(beyond, at({ index: 1, begun: false }));
    strictEqual(open, 0);
  });
});

Deno.test("observationsSource() throws for a list that cannot be opened when its turn comes", async () => {
  await withFile(async (path) => {
    const source = await observationsSource(
      [path, "no-such-file.fits"].map((one) => () => openEventFile(one)),
    );
    let n = 0;
    await rejects(async () => {
      for await (const _ of source.items()) n++;
    }, Deno.errors.NotFound);
    strictEqual(n, 3);
  });
});

Deno.test("observationsSource() puts all times on the epoch of the first observation", async () => {
  await withFolder(async (folder) => {
    const day = 86400, later = createEpoch([53344, 64.184 / 86400], "TT");
    await Deno.writeFile(`${folder}/a.fits`, simulatedFits({ seed: 1, nEvents: 5 }));
    await Deno.writeFile(`${folder}/b.fits`, simulatedFits({ seed: 1, nEvents: 5, epoch: later }));
    const items = await itemsOf(await openSource([folder]));
    const [a, b] = items.filter((item) => item.kind === "batch");
    const shift = b!.columns.timeS.map((t, i) => t - a!.columns.timeS[i]!);
    for (const s of shift) ok(Math.abs(s - day) < 1e-9, String(s));
    const [, second] = items.filter((item) => item.kind === "obs-start");
    ok(Math.abs(second!.gti!.startS[0]! - day) < 1e-9);
    const tdb = createEpoch([53344, 0], "TDB");
    await Deno.writeFile(`${folder}/c.fits`, simulatedFits({ seed: 1, nEvents: 5, epoch: tdb }));
    await rejects(async () => await itemsOf(await openSource([folder])), /TDB.*TT.*apart/);
  });
});

function live(): StreamItem[] {
  return [
    createObsStart({ obsId: "1", epoch: EPOCH }),
    createEventBatch({ timeS: Float64Array.of(0, 1, 2, 3) }, { obsId: "1" }),
    createHeartbeat({ timeS: 5 }),
    createHeartbeat({ timeS: 6 }),
    createObsEnd("1"),
    createObsStart({ obsId: "2", epoch: EPOCH }),
    createObsEnd("2"),
  ];
}

Deno.test("memoryItems() goes on from any position", async () => {
  const source = memoryItems(live());
  const from = async (fields: Partial<SourcePosition>) =>
    kindsOf(await itemsOf(source, at(fields)));
  const second = "obs-start obs-end";
  strictEqual(
    await from({ begun: false }),
    `obs-start batch heartbeat heartbeat obs-end ${second}`,
  );
  strictEqual(await from({ row: 2 }), `obs-start batch heartbeat heartbeat obs-end ${second}`);
  strictEqual(nEvents(await itemsOf(source, at({ row: 3 }))), 1);
  strictEqual(await from({ row: 4 }), `obs-start heartbeat heartbeat obs-end ${second}`);
  strictEqual(await from({ row: 4, heartbeats: 1 }), `obs-start heartbeat obs-end ${second}`);
  strictEqual(await from({ row: 4, heartbeats: 2 }), `obs-start obs-end ${second}`);
  strictEqual(await from({ index: 1, begun: false }), second);
  strictEqual(await from({ index: 1 }), second);
  strictEqual(await from({ index: 2, begun: false }), "");
  throws(() => memoryItems([]), TypeError);
  throws(() => memoryItems(live().slice(1)), TypeError);
});

Deno.test("memoryItems() does not go on inside a batch that lacks rows", async () => {
  const [start] = live();
  const batch = createEventBatch({ timeS: Float64Array.of(0, 1) }, {
    rowStop: 3,
    rejected: { a: 1 },
  });
  const source = memoryItems([start!, batch]);
  await rejects(itemsOf(source, at({ row: 1 })), RangeError);
  strictEqual(nEvents(await itemsOf(source, at({ row: 3 }))), 0);
});

/** A clock that only sleep moves. */
function fakeClock() {
  let nowS = 100;
  const sleeps: number[] = [];
  return {
    sleeps,
    clockS: () => nowS,
    sleep: (seconds: number) => {
      sleeps.push(seconds);
      nowS += seconds;
      return Promise.resolve();
    },
  };
}

Deno.test("replay() gives out each event when its time has come, tick by tick", async () => {
  const [start] = live(), clock = fakeClock();
  const batch = createEventBatch({ timeS: Float64Array.of(10, 10.5, 12, 12.9, 20) }, {
    obsId: "1",
  });
  const source = replay(memoryItems([start!, batch]), { speed: 2, tickS: 0.5, ...clock });
  const given: [number, number][] = [];
  for await (const item of source.items()) {
    if (item.kind === "batch") given.push([clock.clockS() - 100, item.length]);
  }
  deepStrictEqual(given, [[0, 2], [1, 2], [5, 1]]);
});

Deno.test("replay() does not cut a batch that lacks rows", async () => {
  const [start] = live(), clock = fakeClock();
  const batch = createEventBatch({ timeS: Float64Array.of(0, 4) }, {
    rowStop: 3,
    rejected: { a: 1 },
  });
  const items = await itemsOf(replay(memoryItems([start!, batch]), { ...clock }));
  strictEqual(items[1], batch);
  deepStrictEqual(clock.sleeps, [4]);
  throws(() => replay(memoryItems([start!]), { speed: 0 }), RangeError);
  throws(() => replay(memoryItems([start!]), { tickS: NaN }), RangeError);
});

const quick: FollowOptions = { pollS: 0.002 };

Deno.test("followFile() brings exposure with the end, and an observation that is cut has none", async () => {
  await withFile(async (path, bytes, folder) => {
    const items = await itemsOf(await followFile(path, quick));
    strictEqual(kindsOf(items), "obs-start batch obs-end");
    const [start] = items, end = items[2] as ObsEnd;
    ok(start?.kind === "obs-start" && start.gti === undefined);
    deepStrictEqual([...end.gti!.stopS], [550, 1000]);
    strictEqual(end.deadTimeFraction, 0.0625);
    const part = `${folder}/part.fits`, warnings: string[] = [];
    await Deno.writeFile(part, bytes.subarray(0, 14_000));
    const cut = await itemsOf(
      await followFile(part, { ...quick, idleS: 0.01, onWarning: (text) => warnings.push(text) }),
    );
    strictEqual(kindsOf(cut), "obs-start batch");
    ok(warnings.some((text) => /no longer waited for: \d+ of 300 rows, no good time/.test(text)));
  });
});

Deno.test("followFile() goes on from any position, and not behind the end", async () => {
  await withFile(async (path) => {
    const source = await followFile(path, quick);
    const rest = await itemsOf(source, at({ row: 200 }));
    strictEqual(nRows(rest), 100);
    ok(rest[0]?.kind === "obs-start" && rest[0].resumed);
    ok((rest.at(-1) as ObsEnd).gti !== undefined);
    strictEqual(kindsOf(await itemsOf(source, at({ index: 1, begun: false }))), "");
  });
});

Deno.test("followFile() ends at its signal without an end of the observation", async () => {
  await withFile(async (_, bytes, folder) => {
    const part = `${folder}/part.fits`, stop = new AbortController();
    await Deno.writeFile(part, bytes.subarray(0, 14_000));
    const source = await followFile(part, { ...quick, signal: stop.signal });
    setTimeout(() => stop.abort(), 30);
    strictEqual(kindsOf(await itemsOf(source)), "obs-start batch");
    await rejects(
      followFile(`${folder}/none.fits`, { pollS: 10, signal: AbortSignal.timeout(30) }),
      { name: "TimeoutError" },
    );
  });
});

Deno.test("followFile() waits for a file that is not there yet, and refuses one that is replaced", async () => {
  await withFile(async (_, bytes, folder) => {
    const path = `${folder}/late.fits`;
    setTimeout(() => Deno.writeFileSync(path, bytes.subarray(0, 16_000)), 20);
    const source = await followFile(path, quick);
    await rejects(async () => {
      for await (const item of source.items()) {
        if (item.kind === "batch") Deno.writeFileSync(path, bytes.subarray(0, 12_000));
      }
    }, /found \d+ rows where \d+ were read before/);
    await rejects(
      followFile(`${folder}/none.fits`, { pollS: 0.002, idleS: 0 }),
      Deno.errors.NotFound,
    );
    await rejects(followFile(path, { pollS: 0 }), RangeError);
    await rejects(followFile(path, { idleS: -1 }), RangeError);
    await rejects(followFile(path, { batchRows: 0 }), RangeError);
  });
});
