import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { identity, map, type OperatorFunction, take, throwError } from "rxjs";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  SOURCE_START,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { encodeSnapshot } from "../../../streams/sinks/mod.ts";
import { type CheckpointFolder, checkpointFolder } from "../../../streams/sinks/mod.ts";
import { account, exposureSum, zip } from "../../../streams/accumulators/mod.ts";
import { drain, runResumable } from "../../../streams/engines/mod.ts";
import { accumulate } from "../../../streams/operators/mod.ts";
import {
  memoryItems,
  openSource,
  replay,
  type StreamSource,
} from "../../../streams/sources/mod.ts";
import {
  EPOCH,
  productsOf,
  sameBytes,
  sameProducts,
  simulatedFits,
  streamed,
  withFolder,
} from "../../src/cli/_observations.ts";
import { FLAGS } from "../../src/cli/_observations.ts";
import { streamConfig } from "../../../src/cli/stream_options.ts";
import { accumulatorOf, columnsOf, pipelineOf } from "../../../src/cli/stream_pipeline.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

class Killed extends Error {}

/** How a run is stopped at an item: by an error in the pipeline, in the source, or by its signal. */
type Kill = "pipeline" | "source" | "signal" | "save";

function killedPipeline(at: number): OperatorFunction<StreamItem, StreamItem> {
  let n = 0;
  return map((item) => {
    if (n++ === at) throw new Killed();
    return item;
  });
}

function killedSource(source: StreamSource, at: number): StreamSource {
  return {
    ...source,
    async *items(from) {
      let n = 0;
      for await (const item of source.items(from)) {
        if (n++ === at) throw new Killed();
        yield item;
      }
    },
  };
}

/** A folder whose `at`-th save is killed half way: as a file beside that was not moved yet. */
function killedFolder(folder: string, at: number): CheckpointFolder {
  const inner = checkpointFolder(folder);
  let n = 0;
  return {
    load: inner.load,
    async save(checkpoint) {
      if (n++ === at) {
        const half = encodeSnapshot({ run: "" }, checkpoint.snapshot).subarray(0, 100);
        await Deno.mkdir(folder, { recursive: true });
        await Deno.writeFile(`${folder}/checkpoint.bin.0badf00d.part`, half);
        throw new Killed();
      }
      await inner.save(checkpoint);
    },
  };
}

async function resumesAnywhere(open: () => Promise<StreamSource>, nPoints: number): Promise<void> {
  const first = await open();
  const config = streamConfig(FLAGS, first), accumulator = accumulatorOf(config);
  const expected = await streamed(first);
  let nItems = 0;
  for await (const _ of (await open()).items()) nItems++;
  const whole = await wholeState(await open());
  const random = mulberry32(20), kills: Kill[] = ["pipeline", "source", "signal", "save"];
  let taken = 0;
  for (let point = 0; point < nPoints; point++) {
    await withFolder(async (folder) => {
      const at = Math.floor(random() * nItems), kill = kills[point % kills.length]!;
      const everyRows = 1 + Math.floor(random() * 200), stop = new AbortController();
      const source = (await open()).withColumns(columnsOf(config));
      let n = 0;
      const run = runResumable(
        kill === "source" ? killedSource(source, at) : source,
        (items) =>
          pipelineOf(config)(items.pipe(kill === "pipeline" ? killedPipeline(at) : identity)),
        accumulator,
        {
          checkpoints: kill === "save" ? killedFolder(folder, at % 10) : checkpointFolder(folder),
          everyRows,
          name: "test",
          signal: stop.signal,
          observe: () => {
            if (kill === "signal" && n++ === at) stop.abort();
          },
        },
      );
      await run.then(() => {}, (error) => ok(error instanceof Killed, String(error)));
      source.close();
      const again = (await open()).withColumns(columnsOf(config));
      const { state, resumedFrom } = await runResumable(again, pipelineOf(config), accumulator, {
        checkpoints: checkpointFolder(folder),
        resume: true,
        everyRows,
        name: "test",
      });
      again.close();
      taken += +(resumedFrom !== undefined);
      const where = `${kill} at item ${at} of ${nItems}, kept every ${everyRows} rows`;
      const bytes = encodeSnapshot({}, accumulator.snapshot(state));
      ok(sameBytes(bytes, whole), where);
      deepStrictEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["checkpoint.bin"]);
      if (point % 10 === 0) {
        sameProducts(await productsOf(accumulator.result(state), again), expected, where);
      }
    });
  }
  ok(taken > nPoints / 2, `${taken} of ${nPoints} runs were taken up`);

  async function wholeState(source: StreamSource): Promise<Uint8Array> {
    const chosen = source.withColumns(columnsOf(config));
    const { state } = await runResumable(chosen, pipelineOf(config), accumulator);
    return encodeSnapshot({}, accumulator.snapshot(state));
  }
}

async function withObservations(test: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    for (const [i, startS] of [0, 2000, 90_000].entries()) {
      const bytes = simulatedFits({ seed: i, nEvents: 300 + 10 * i, startS, bad: [5, 17] });
      await Deno.writeFile(`${folder}/run${i}.fits`, bytes);
    }
    await test(folder);
  });
}

Deno.test("runResumable() comes to the same state from 100 random kill points", async () => {
  await withObservations((folder) =>
    resumesAnywhere(() => openSource([folder], { batchRows: 13 }), 100)
  );
});

Deno.test("runResumable() comes to the same state from kill points in a replayed stream", async () => {
  await withObservations((folder) =>
    resumesAnywhere(
      async () =>
        replay(await openSource([folder], { batchRows: 101 }), { speed: 1e9, tickS: 2e-8 }),
      30,
    )
  );
});

const RUNS = ["023523", "023526"].map((id) =>
  `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_${id}.fits.gz`
);

dataTest(
  "runResumable() comes to the same state from 20 kill points in two real runs",
  RUNS,
  async () => {
    await resumesAnywhere(() => openSource(RUNS.map(dataFile), { batchRows: 501 }), 20);
  },
);

function liveItems(): StreamItem[] {
  const gti = createGti(EPOCH, Float64Array.of(50), Float64Array.of(60));
  const beat = (timeS: number) =>
    createHeartbeat({ timeS, fromS: timeS - 10, livetimeS: 1 + timeS / 1024 });
  return [
    createObsStart({ obsId: "1", epoch: EPOCH }),
    beat(10),
    createEventBatch({ timeS: Float64Array.of(11, 12) }, { rowStart: 0 }),
    beat(20),
    beat(30),
    createEventBatch({ timeS: Float64Array.of(31) }, {
      rowStart: 2,
      rowStop: 4,
      rejected: { "bad:json": 1 },
    }),
    createObsEnd("1", { gti, deadTimeFraction: 0.25 }),
    createObsStart({ obsId: "2", epoch: EPOCH, gti }),
    createEventBatch({ timeS: Float64Array.of(51) }, { rowStart: 0 }),
    beat(60),
    createObsEnd("2"),
  ];
}

Deno.test("runResumable() counts heartbeats and exposures once, wherever it stopped", async () => {
  const both = () => zip({ account: account(), exposure: exposureSum() });
  const items = liveItems(), expected = await drain(memoryItems(items).items(), accumulate(both()));
  for (let at = 0; at < items.length; at++) {
    await withFolder(async (folder) => {
      const stop = new AbortController();
      let n = 0;
      const checkpoints = checkpointFolder(folder);
      const part = await runResumable(memoryItems(items), identity, both(), {
        checkpoints,
        signal: stop.signal,
        observe: () => void (n++ === at && stop.abort()),
      });
      const rest = await runResumable(memoryItems(items), identity, both(), {
        checkpoints,
        resume: true,
      });
      deepStrictEqual(rest.state, expected, `stopped after item ${at}`);
      deepStrictEqual(rest.resumedFrom, part.position);
    });
  }
});

Deno.test("runResumable() after completion gives the same state again", async () => {
  await withFolder(async (folder) => {
    const options = { checkpoints: checkpointFolder(folder), resume: true };
    const first = await runResumable(memoryItems(liveItems()), identity, account(), options);
    strictEqual(first.resumedFrom, undefined);
    const again = await runResumable(memoryItems(liveItems()), identity, account(), options);
    deepStrictEqual(again.state, first.state);
    deepStrictEqual(again.resumedFrom, { ...SOURCE_START, index: 2 });
  });
});

Deno.test("runResumable() refuses the state of another run", async () => {
  await withFolder(async (folder) => {
    const run = (name: string, resume: boolean) =>
      runResumable(memoryItems(liveItems()), identity, account(), {
        checkpoints: checkpointFolder(folder),
        name,
        resume,
      });
    await run("one", false);
    await rejects(run("other", true), /belongs to another source or configuration/);
    await rejects(
      runResumable(memoryItems(liveItems()), identity, exposureSum(), {
        checkpoints: checkpointFolder(folder),
        name: "one",
        resume: true,
      }),
      { name: "IncompatibleStateError" },
    );
    strictEqual((await run("other", false)).resumedFrom, undefined); // it may be written over
  });
});

Deno.test("drain() ends when the pipeline has enough, and closes the source", async () => {
  let closed = false, given = 0;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (;;) {
        yield given++;
        await Promise.resolve();
      }
    } finally {
      closed = true;
    }
  }
  strictEqual(await drain(endless(), take(3)), 2);
  deepStrictEqual([given, closed], [3, true]);
});

Deno.test("drain() passes on what the source, an operator or afterItem throws", async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    await Promise.resolve();
    throw new RangeError("source");
  }
  const some = () => ReadableStream.from([1, 2]);
  let torn = false;
  await rejects(
    drain(failing(), (items) => {
      items.subscribe({ error: () => torn = true });
      return items;
    }),
    /source/,
  );
  ok(torn, "operators hear of the end of a source that fails");
  await rejects(drain(some(), () => throwError(() => new RangeError("operator"))), /operator/);
  await rejects(
    drain(some(), map((n) => n), {
      afterItem: () => {
        throw new RangeError("after");
      },
    }),
    /after/,
  );
});

Deno.test("drain() pulls the next item only when afterItem is done", async () => {
  const order: string[] = [];
  async function* items(): AsyncGenerator<number> {
    for (let i = 0; i < 3; i++) {
      order.push(`pull ${i}`);
      yield i;
      await Promise.resolve();
    }
  }
  await drain(items(), map((n) => n), {
    async afterItem(n) {
      await new Promise((wake) => setTimeout(wake, 1));
      order.push(`done ${n}`);
    },
  });
  deepStrictEqual(order, ["pull 0", "done 0", "pull 1", "done 1", "pull 2", "done 2"]);
});

Deno.test("drain() with a signal that came before pulls nothing", async () => {
  let pulled = false;
  async function* items(): AsyncGenerator<StreamItem> {
    pulled = true;
    await Promise.resolve();
    yield createHeartbeat({ timeS: 1 });
  }
  const state = await drain(items(), accumulate(account()), { signal: AbortSignal.abort() });
  deepStrictEqual([state.used, pulled], [0, false]);
});
