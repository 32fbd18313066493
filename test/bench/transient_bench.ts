/**
 * Transient search: nanoseconds a photon.
 *
 *     deno bench -q -P=test test/bench/transient_bench.ts
 *
 * Best of 7 after a warm-up, with the figures a photon:
 *
 *     deno run -q -P=test test/bench/transient_bench.ts --best
 */
import { createObsStart } from "../../src/data/mod.ts";
import { createEventBatch, type EventBatch } from "../../src/events/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import {
  fold,
  transientSearch,
  type TransientSearchOptions,
} from "../../streams/accumulators/mod.ts";

const N = 1 << 20, BATCH = 4096, RATE = 1000;

/** Steady photons of the whole sky, or of a field of 2.5 deg. */
function steady(isSky: boolean): EventBatch[] {
  const rng = createRng(1), batches: EventBatch[] = [];
  for (let from = 0, t = 0; from < N; from += BATCH) {
    const timeS = new Float64Array(BATCH), raDeg = new Float64Array(BATCH);
    const decDeg = new Float64Array(BATCH), energyTeV = new Float64Array(BATCH);
    for (let i = 0; i < BATCH; i++) {
      timeS[i] = t -= Math.log1p(-rng.uniform()) / RATE;
      raDeg[i] = isSky ? 360 * rng.uniform() : 80 + 5 * rng.uniform();
      decDeg[i] = isSky ? Math.asin(2 * rng.uniform() - 1) * 180 / Math.PI : 20 + 5 * rng.uniform();
      energyTeV[i] = 1 / (1 - rng.uniform());
    }
    batches.push(createEventBatch({ timeS, raDeg, decDeg, energyTeV }));
  }
  return batches;
}

const start = createObsStart({
  obsId: "1",
  epoch: createEpoch([60000, 0], "TT"),
  pointing: { raDeg: 82.5, decDeg: 22.5 },
});
const sky = steady(true), field = steady(false);
const running = { method: "running", windowS: 400, guardS: 30 } as const;

const CASES: readonly {
  readonly name: string;
  readonly batches: readonly EventBatch[];
  readonly options: TransientSearchOptions;
}[] = [
  {
    name: "one cell, known background",
    batches: sky,
    options: {
      cells: { kind: "whole" },
      background: { method: "known", ratePerS: RATE },
      falseAlarmsPerYear: 1,
    },
  },
  {
    name: "49,152 cells of HEALPix, known background",
    batches: sky,
    options: {
      cells: { kind: "healpix", nside: 64 },
      background: { method: "known", ratePerS: RATE / 49152 },
      falseAlarmsPerYear: 1,
    },
  },
  {
    name: "49,152 cells of HEALPix, running background",
    batches: sky,
    options: { cells: { kind: "healpix", nside: 64 }, background: running, falseAlarmsPerYear: 1 },
  },
  {
    name: "field of 0.1 deg circles (3 a photon), two bands, running background",
    batches: field,
    options: {
      cells: { kind: "field", stepDeg: 0.1, radiusDeg: 0.1, maxOffsetDeg: 2.5 },
      bands: [{ name: "all" }, { name: "hard", energyTeV: [2, 1000] }],
      background: running,
      falseAlarmsPerYear: 1,
    },
  },
];

const runs = CASES.map(({ name, batches, options }) => {
  const search = transientSearch(options);
  return { name, run: () => search.result(fold(search, [start, ...batches])) };
});

if (Deno.args.includes("--best")) {
  for (const { name, run } of runs) {
    run();
    let best = Infinity, alerts = 0;
    for (let k = 0; k < 7; k++) {
      const t0 = performance.now();
      alerts = run().nextSeq;
      best = Math.min(best, performance.now() - t0);
    }
    console.log(`${name}: ${(best * 1e6 / N).toFixed(1)} ns a photon, ${alerts} messages`);
  }
} else for (const { name, run } of runs) Deno.bench(name, () => void run());
