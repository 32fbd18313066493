/** A monitor that is killed at any moment gives the alerts of one that never was. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { alertKey, alertLine } from "../../../src/alerts/mod.ts";
import { createObsEnd, createObsStart, type StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { transientSearch } from "../../../streams/accumulators/mod.ts";
import {
  type AlertJournal,
  type MonitorConfig,
  type MonitorEnd,
  runMonitor,
} from "../../../streams/monitor/mod.ts";
import {
  type AlertMessage,
  alertOutbox,
  type AlertSink,
  type Checkpoint,
  type CheckpointFolder,
  decodeSnapshot,
  encodeSnapshot,
} from "../../../streams/sinks/mod.ts";
import { assignPhase } from "../../../streams/operators/mod.ts";
import { memoryItems, mergeSources, type StreamSource } from "../../../streams/sources/mod.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

const epoch = createEpoch([60000, 0], "TT");

/** A noisy stream of 40 minutes with bursts, its events out of order by up to a second. */
function noisy(seed: number, batchRows: number): StreamSource {
  const rng = createRng(seed), times: number[] = [];
  for (let t = 0; t < 2400; t += -Math.log(1 - rng.uniform()) * 0.5) times.push(t);
  for (const [onsetS, n] of [[500, 60], [1300, 80], [2000, 70]] as const) {
    for (let i = 0; i < n; i++) times.push(onsetS + 8 * rng.uniform());
  }
  times.sort((a, b) => a - b);
  const shuffled = times.map((t) => ({ t, key: t + rng.uniform() }))
    .sort((a, b) => a.key - b.key).map(({ t }) => t);
  const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(2400));
  const items: StreamItem[] = [createObsStart({ obsId: `${seed}`, epoch, gti })];
  for (let at = 0; at < shuffled.length; at += batchRows) {
    const timeS = Float64Array.from(shuffled.slice(at, at + batchRows));
    items.push(createEventBatch({ timeS, energyTeV: timeS.map((t) => 0.5 + t % 1) }, {
      obsId: `${seed}`,
      rowStart: at,
    }));
  }
  return memoryItems([...items, createObsEnd(`${seed}`)], `stream ${seed}`);
}

const bands = [{ name: "low", energyTeV: [0.5, 1] as const }, {
  name: "high",
  energyTeV: [1, 2] as const,
}];
const search = (ratePerS: number) =>
  transientSearch({
    cells: { kind: "whole" },
    bands,
    background: { method: "known", ratePerS },
    falseAlarmsPerYear: 10,
    observatory: "SIM",
  });

/** Counts moments, and throws at one of them. */
interface Fate {
  moment: number;
  readonly crashAt: number;
}

function pass(fate: Fate): void {
  if (fate.moment++ === fate.crashAt) throw new Error("killed");
}

function mortal(source: StreamSource, fate: Fate): StreamSource {
  return {
    ...source,
    async *items(from) {
      for await (const item of source.items(from)) {
        pass(fate);
        yield item;
      }
    },
  };
}

/** A disk that survives the process. */
interface Disk {
  bytes: Uint8Array | undefined;
  readonly lines: string[];
  journal?: readonly AlertMessage[];
}

function journalOn(disk: Disk, fate: Fate): AlertJournal {
  return {
    read: () => Promise.resolve([...disk.journal ?? []]),
    append(messages) {
      pass(fate);
      disk.journal = [...disk.journal ?? [], ...structuredClone(messages)];
      pass(fate);
      return Promise.resolve();
    },
    clear() {
      disk.journal = [];
      return Promise.resolve();
    },
  };
}

function folderOn(disk: Disk, fate: Fate): CheckpointFolder {
  return {
    save({ run, position, snapshot }: Checkpoint) {
      pass(fate);
      disk.bytes = encodeSnapshot({ run, ...position }, snapshot);
      pass(fate);
      return Promise.resolve();
    },
    load(run) {
      if (disk.bytes === undefined) return Promise.resolve(undefined);
      const { label, snapshot } = decodeSnapshot(disk.bytes, "disk");
      strictEqual(label.run, run);
      return Promise.resolve({ run, snapshot, position: label as never });
    },
  };
}

function sinkOn(disk: Disk, fate: Fate): AlertSink {
  return {
    name: "disk",
    async send(messages) {
      for (const { alert } of messages) {
        pass(fate);
        await Promise.resolve();
        disk.lines.push(alertLine(alert));
        pass(fate);
      }
    },
    close: () => Promise.resolve(),
  };
}

function configOf(disk: Disk, fate: Fate, batchRows = 97): MonitorConfig {
  return {
    source: mergeSources([
      { source: mortal(noisy(1, batchRows), fate) },
      { source: mortal(noisy(2, batchRows + 40), fate) },
    ]),
    detectors: { sensitive: search(2.2), strict: search(2.6) },
    order: { latenessS: 2, policy: "count" },
    curve: { bands, widthS: 10, nBins: 100 },
    outbox: alertOutbox([sinkOn(disk, fate)]),
    checkpoints: folderOn(disk, fate),
    everySteps: 7,
    drainS: 0,
  };
}

const IMMORTAL: Fate = { moment: 0, crashAt: -1 };

/** The lines without those that were sent before. */
const once = (lines: readonly string[]) => [...new Set(lines)];

async function neverKilled(): Promise<{ lines: string[]; end: MonitorEnd; moments: number }> {
  const disk: Disk = { bytes: undefined, lines: [] }, fate = { ...IMMORTAL };
  const end = await runMonitor(configOf(disk, fate));
  return { lines: disk.lines, end, moments: fate.moment };
}

for (const withJournal of [true, false]) {
  const how = withJournal ? "a journal" : "states alone";
  Deno.test(`runMonitor() with ${how} gives byte-identical alerts when killed at 240 moments`, () =>
    killsAt240Moments(withJournal));
}

async function killsAt240Moments(withJournal: boolean): Promise<void> {
  const configured = (disk: Disk, fate: Fate): MonitorConfig => ({
    ...configOf(disk, fate),
    ...(withJournal ? { journal: journalOn(disk, fate), everySteps: 40 } : {}),
  });
  const whole: Disk = { bytes: undefined, lines: [] }, count = { ...IMMORTAL };
  const end = await runMonitor(configured(whole, count));
  const { lines } = whole, moments = count.moment;
  ok(lines.length >= 6, `found ${lines.length} messages`);
  strictEqual(once(lines).length, lines.length, "each once where nothing happens");
  const expected = end.machine.snapshot(end.state).data;
  const random = mulberry32(3);
  for (let k = 0; k < 240; k++) {
    const disk: Disk = { bytes: undefined, lines: [] };
    let crashAt = k < 120 ? Math.floor(k * moments / 120) : Math.floor(random() * moments);
    let last: MonitorEnd | undefined, nCrashes = 0;
    while (last === undefined || disk.lines.length === 0 || last.metrics().unsent > 0) {
      const fate = { moment: 0, crashAt };
      try {
        last = await runMonitor(configured(disk, fate));
      } catch (error) {
        strictEqual((error as Error).message, "killed");
        nCrashes++;
      }
      // Killed again and again in some of the runs.
      crashAt = k % 3 === 0 && nCrashes < 4 ? Math.floor(random() * moments / 2) : -1;
    }
    deepStrictEqual(once(disk.lines), lines, `killed at ${crashAt} of ${moments}`);
    const { sums, watermarkS } = last.machine.snapshot(last.state).data;
    deepStrictEqual(watermarkS, expected.watermarkS);
    deepStrictEqual(sums, expected.sums, "the same state");
    deepStrictEqual(last.state.known.size, 0, "all was found again");
  }
}

Deno.test("runMonitor() gives the same alerts however streams are cut", async () => {
  const { lines } = await neverKilled();
  for (const batchRows of [1000, 13, 100000]) {
    const disk: Disk = { bytes: undefined, lines: [] };
    await runMonitor(configOf(disk, IMMORTAL, batchRows));
    deepStrictEqual(disk.lines.toSorted(), lines.toSorted(), `${batchRows} rows a batch`);
  }
});

Deno.test("runMonitor() keeps its state before an alert goes out", async () => {
  const disk: Disk = { bytes: undefined, lines: [] };
  const config = configOf(disk, IMMORTAL);
  const known: number[] = [];
  const outbox = alertOutbox([{
    name: "looks at the disk",
    send(messages: readonly AlertMessage[]) {
      const { nMessages } = decodeSnapshot(disk.bytes!, "disk").snapshot.data;
      for (const { seq } of messages) ok(seq < (nMessages as number), `message ${seq} is not safe`);
      known.push(...messages.map(({ seq }) => seq));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  }]);
  const { state } = await runMonitor({ ...config, everySteps: 1e9, everyS: 1e9, outbox });
  deepStrictEqual(known, Array.from({ length: state.nMessages }, (_, i) => i));
});

Deno.test("runMonitor() stopped by its signal goes on where it was", async () => {
  const { lines } = await neverKilled();
  const disk: Disk = { bytes: undefined, lines: [] };
  for (let run = 0, ended = false; !ended; run++) {
    ok(run < 100, "it makes progress");
    const stop = new AbortController();
    let steps = 0;
    await runMonitor({ ...configOf(disk, IMMORTAL), signal: stop.signal }, {
      onStep: () => ++steps === 9 && stop.abort(),
    });
    ended = !stop.signal.aborted;
  }
  deepStrictEqual(once(disk.lines), lines);
});

Deno.test("runMonitor() goes on while a sink fails, tells of it, and sends everything later", async () => {
  const { lines } = await neverKilled();
  const disk: Disk = { bytes: undefined, lines: [] }, troubles: string[] = [];
  const good = sinkOn(disk, IMMORTAL);
  let failures = 0;
  const outbox = alertOutbox([{
    ...good,
    name: "webhook",
    send: (messages) =>
      ++failures <= 2 ? Promise.reject(new Error("no route to host")) : good.send(messages),
  }]);
  const { metrics } = await runMonitor({ ...configOf(disk, IMMORTAL), outbox, drainS: 10 }, {
    onTrouble: (text) => troubles.push(text),
  });
  strictEqual(metrics().unsent, 0);
  deepStrictEqual(disk.lines, lines);
  deepStrictEqual(troubles, ["webhook: no route to host", "webhook: no route to host"]);
});

Deno.test("runMonitor() ends though a sink never answers, and sends again when it goes on", async () => {
  const { lines } = await neverKilled();
  const disk: Disk = { bytes: undefined, lines: [] };
  const silent: AlertSink = {
    name: "silent",
    send: () => new Promise(() => {}),
    close: () => Promise.resolve(),
  };
  const config = configOf(disk, IMMORTAL);
  const { metrics } = await runMonitor({ ...config, outbox: alertOutbox([silent]), drainS: 0.05 });
  strictEqual(metrics().unsent, lines.length);
  const next = await runMonitor(configOf(disk, IMMORTAL));
  strictEqual(next.resumed, true);
  ok(next.metrics().unsent === 0 || next.metrics().unsent === lines.length);
  await runMonitor({ ...configOf(disk, IMMORTAL), drainS: 5 });
  deepStrictEqual(once(disk.lines), lines);
});

Deno.test("runMonitor() folds phases into a phasogram", async () => {
  const pipeline = assignPhase({ f0Hz: 0.1, f1HzPerS: 0, f2HzPerS2: 0, epoch });
  const { machine, state } = await runMonitor({
    source: mergeSources([{ source: noisy(1, 97), pipeline }]),
    detectors: {},
    order: { latenessS: 2, policy: "count" },
    curve: { bands, widthS: 10 },
    phaseBins: 8,
  });
  const { phasogram, account } = machine.result(state);
  strictEqual(phasogram!.counts.reduce((a, b) => a + b, 0), account.used);
});

Deno.test("runMonitor() refuses the state of another monitor and passes errors on", async () => {
  const disk: Disk = { bytes: undefined, lines: [] };
  const config = configOf(disk, IMMORTAL);
  await runMonitor(config);
  const folder = folderOn(disk, IMMORTAL);
  const checkpoints: CheckpointFolder = {
    ...folder,
    load: () => folder.load(decodeSnapshot(disk.bytes!, "disk").label.run as string),
  };
  const other = { ...configOf(disk, IMMORTAL), checkpoints, detectors: { strict: search(3) } };
  await rejects(runMonitor(other), { name: "IncompatibleStateError" });
  const killed = configOf({ bytes: undefined, lines: [] }, { moment: 0, crashAt: 3 });
  await rejects(runMonitor(killed), /killed/);
});

Deno.test("runMonitor() measures how long decisions and deliveries take", async () => {
  const { end } = await neverKilled();
  const { decision, delivery, nSteps, nRows } = end.metrics();
  strictEqual(decision.n, nSteps);
  strictEqual(delivery.n, end.state.nMessages);
  ok(decision.p99Ms < 250 && delivery.p99Ms < 500, JSON.stringify({ decision, delivery }));
  strictEqual(nRows, end.machine.result(end.state).account.read);
  const keys = end.state.messages.map(({ alert }) => alertKey(alert));
  strictEqual(new Set(keys).size, keys.length);
});
