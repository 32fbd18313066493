import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  createObsEnd,
  createObsStart,
  openDataStore,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { irfHdus } from "../../../src/irf/mod.ts";
import { account, exposureSum, zip } from "../../../streams/accumulators/mod.ts";
import { drain } from "../../../streams/engines/mod.ts";
import { accumulate } from "../../../streams/operators/mod.ts";
import { writeDataStore } from "../../../streams/sinks/mod.ts";
import { openSource, simulatedSource } from "../../../streams/sources/mod.ts";
import { columnOf } from "../../_tools/event_arbitraries.ts";
import { SIM_EPOCH, simulationOf, sourceOf } from "../../_tools/simulations.ts";

async function inFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const observationOf = (obsId: string, from: number) => ({
  obsId,
  gti: createGti(
    SIM_EPOCH,
    Float64Array.of(from, from + 60),
    Float64Array.of(from + 50, from + 100),
  ),
  deadTimeFraction: 0.1,
  pointing: { raDeg: 83.6, decDeg: 22.3 },
});
const simulation = simulationOf([sourceOf(2)], 5, {
  observations: [observationOf("17", 0), observationOf("23", 200)],
});
const batch = (n: number) =>
  createEventBatch({
    timeS: new Float64Array(n).fill(5),
    energyTeV: new Float64Array(n).fill(1),
    raDeg: new Float64Array(n),
    decDeg: new Float64Array(n),
    eventId: new BigInt64Array(n),
  });
const startOf = (obsId: string) =>
  createObsStart({ ...observationOf(obsId, 0), epoch: SIM_EPOCH, startS: 0, stopS: 100 });

Deno.test("writeDataStore(): what is written opens and streams with the same events", async () => {
  await inFolder(async (folder) => {
    const source = simulatedSource(simulation, { seed: 4 });
    const irfs = irfHdus(simulation.eventTypes[0]!.irfs, {
      trueRangeTeV: simulation.trueRangeTeV,
      maxOffsetDeg: 3,
    });
    const files = await writeDataStore(source.items(), { folder, telescope: "SIM", irfs });
    deepStrictEqual(files, [
      "data/obs_000017.fits.gz",
      "data/obs_000023.fits.gz",
      "hdu-index.fits.gz",
      "obs-index.fits.gz",
    ]);
    const store = await openDataStore(folder);
    strictEqual(store.entries.length, 2);
    const wanted = zip({ account: account(), exposure: exposureSum() });
    const read = await openSource([folder]);
    const [there, made] = [
      wanted.result(await drain(read.items(), accumulate(wanted))),
      wanted.result(await drain(source.items(), accumulate(wanted))),
    ];
    strictEqual(there.account.used, made.account.used);
    ok(Math.abs(there.exposure.livetimeS - made.exposure.livetimeS) < 1e-6);
    const [again, first] = [
      await Array.fromAsync((await openSource([folder])).items()),
      await Array.fromAsync(source.items()),
    ];
    deepStrictEqual(columnOf(again, "eventId"), columnOf(first, "eventId"));
    const [timeS, wantedS] = [columnOf(again, "timeS"), columnOf(first, "timeS")] as number[][];
    const shiftS = timeS![0]! - wantedS![0]!;
    ok(timeS!.every((t, i) => Math.abs(t - wantedS![i]! - shiftS) < 1e-6));
  });
});

Deno.test("writeDataStore(): observations without an end, without events, without a number", async () => {
  await inFolder(async (folder) => {
    const items: StreamItem[] = [
      startOf("first"),
      batch(3),
      startOf("7"),
      createObsEnd("7"),
      startOf("last"),
      batch(2),
    ];
    const files = await writeDataStore(ReadableStream.from(items), { folder, telescope: "SIM" });
    deepStrictEqual(files.slice(0, 3), [
      "data/obs_000001.fits.gz",
      "data/obs_000007.fits.gz",
      "data/obs_000003.fits.gz",
    ]);
    const state = await drain((await openSource([folder])).items(), accumulate(account()));
    strictEqual(account().result(state).used, 5);
  });
});

Deno.test("writeDataStore() refuses what would be lost or written over", async () => {
  const cases: [StreamItem[], RegExp][] = [
    [[batch(1)], /start of an observation/],
    [[createObsStart({ obsId: "1", epoch: SIM_EPOCH }), createObsEnd("1")], /no good time/],
    [[startOf("2"), createObsEnd("2"), startOf("x"), createObsEnd("x")], /both be number 2/],
    [[startOf("2"), createObsEnd("2"), startOf("2"), createObsEnd("2")], /both be number 2/],
  ];
  for (const [items, message] of cases) {
    await inFolder(async (folder) => {
      const written = writeDataStore(ReadableStream.from(items), { folder, telescope: "SIM" });
      await rejects(written, message);
    });
  }
});
