/**
 * A search by one and by two workers: harmonic k of a grid (f, δf) is harmonic 1 of (k f, k δf), so a worker
 * for each harmonic shares nothing but the times, and Z²_n is the sum of what they give.
 * `deno run -P=test test/bench/search_workers.ts`
 */
import { createRng } from "../../src/numeric/mod.ts";
import { eventPeriodogram, type PeriodogramOptions } from "../../src/stats/mod.ts";
import type { SearchTask } from "./_search_worker.ts";

const N = 1_000_000, SPAN_S = 1e5, HARMONICS = 2, RUNS = 7;
const shared = (n: number) => new Float64Array(new SharedArrayBuffer(8 * n));
const timeS = shared(N);
createRng(1).fillUniform(timeS);
for (let i = 0; i < N; i++) timeS[i]! *= SPAN_S;
timeS.sort();
const f0CentreHz = 10, stepHz = 0.2 / SPAN_S;
const parts = Array.from({ length: HARMONICS }, (_, j): PeriodogramOptions => ({
  f0CentreHz: (j + 1) * f0CentreHz,
  stepHz: (j + 1) * stepHz,
  nTrials: N,
  maxHarmonic: 1,
  referenceS: SPAN_S / 2,
}));
const outs = parts.map(() => shared(N)), z2 = new Float64Array(N);

function createWorker(): Worker {
  return new Worker(new URL("./_search_worker.ts", import.meta.url), { type: "module" });
}

function run(worker: Worker, task: SearchTask): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (error) => reject(error);
    worker.postMessage(task);
  });
}

async function search(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map(async (worker, w) => {
    for (let part = w; part < parts.length; part += workers.length) {
      await run(worker, { timeS, grid: parts[part]!, out: outs[part]! });
    }
  }));
  z2.set(outs[0]!);
  for (const out of outs.slice(1)) for (let i = 0; i < N; i++) z2[i]! += out[i]!;
}

async function best(workers: readonly Worker[]): Promise<number> {
  let least = Infinity;
  for (let i = -2; i < RUNS; i++) {
    const begin = performance.now();
    await search(workers);
    if (i >= 0) least = Math.min(least, performance.now() - begin);
  }
  return least;
}

const pair = [createWorker(), createWorker()];
const one = await best(pair.slice(0, 1)), two = await best(pair);
for (const worker of pair) worker.terminate();
const whole = eventPeriodogram({ timeS }, {
  ...parts[0]!,
  maxHarmonic: HARMONICS,
  maxBytes: 2 ** 31,
});
const apart = z2.reduce((most, z, i) => Math.max(most, Math.abs(z - whole.z2[1]![i]!)), 0);
console.log(
  `one worker ${one.toFixed(0)} ms, two ${two.toFixed(0)} ms: ${(one / two).toFixed(2)} times`,
);
console.log(`largest difference from the search in one piece: ${apart.toExponential(1)}`);
if (!(apart <= 2 * whole.boundDz)) {
  throw new Error(`The parts differ from the whole by ${apart}, more than twice ${whole.boundDz}`);
}
