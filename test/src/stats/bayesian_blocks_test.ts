import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { readEvents } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { galacticToIcrs, separationDeg } from "../../../src/sky/mod.ts";
import { binnedBlocks, type Blocks, eventBlocks, pointBlocks } from "../../../src/stats/mod.ts";
import { agrees, dataFile, referenceTest } from "../../_tools/data_io.ts";

/** All ways to cut n cells, by brute force: the first cells of the best, and its fitness. */
function bruteForce(n: number, ncp: number, fitness: (from: number, to: number) => number) {
  let best = -Infinity, first: number[] = [];
  for (let cuts = 0; cuts < 2 ** (n - 1); cuts++) {
    const starts = [0];
    for (let i = 1; i < n; i++) if (cuts & (1 << (i - 1))) starts.push(i);
    const sum = starts.reduce(
      (total, from, k) => total + fitness(from, starts[k + 1] ?? n) - ncp,
      0,
    );
    if (sum > best + 1e-11) {
      best = sum;
      first = starts;
    }
  }
  return { first, best };
}

function holds({ first, fitness }: Blocks, expected: { first: number[]; best: number }) {
  ok(Math.abs(fitness - expected.best) < 1e-9 * (1 + Math.abs(expected.best)), `${fitness}`);
  deepStrictEqual([...first], expected.first);
}

const seeds = fc.integer({ min: 0, max: 1e6 }), sizes = fc.integer({ min: 1, max: 11 });
const prices = fc.constantFrom(0.3, 1, 2.5);

Deno.test("binnedBlocks() are the best of all partitions", () => {
  fc.assert(fc.property(seeds, sizes, prices, (seed, n, ncpPrior) => {
    const rng = createRng(seed), edgesS = [5];
    for (let i = 0; i < n; i++) edgesS.push(edgesS[i]! + 0.2 + rng.uniform());
    const exposureS = edgesS.slice(1).map((x, i) => (x - edgesS[i]!) * (0.3 + rng.uniform()));
    const counts = exposureS.map(() => rng.poisson(rng.uniform() < 0.4 ? 12 : 1));
    const sum = (of: number[], from: number, to: number) =>
      of.slice(from, to).reduce((a, b) => a + b, 0);
    const expected = bruteForce(n, ncpPrior, (from, to) => {
      const N = sum(counts, from, to);
      return N === 0 ? 0 : N * Math.log(N / sum(exposureS, from, to));
    });
    const found = binnedBlocks({ edgesS, counts, exposureS }, { ncpPrior });
    holds(found, expected);
    found.level.forEach((level, k) => {
      const from = found.first[k]!, to = found.first[k + 1] ?? n, N = sum(counts, from, to);
      ok(Math.abs(level - N / sum(exposureS, from, to)) <= 1e-12 * (1 + level));
      strictEqual(found.edgesS[k], edgesS[from]);
    });
    strictEqual(found.edgesS[found.first.length], edgesS[n]);
  }));
});

Deno.test("pointBlocks() are the best of all partitions, whatever is added to the values", () => {
  fc.assert(fc.property(seeds, sizes, prices, (seed, n, ncpPrior) => {
    const rng = createRng(seed),
      timeS = Array.from({ length: n }, (_, i) => i + 0.5 * rng.uniform());
    const error = timeS.map(() => 0.3 + rng.uniform());
    const value = error.map((s, i) => (i % 5 < 2 ? 3 : 0) + s * rng.normal());
    const expected = bruteForce(n, ncpPrior, (from, to) => {
      let a = 0, b = 0;
      for (let i = from; i < to; i++) {
        a += error[i]! ** -2;
        b += value[i]! * error[i]! ** -2;
      }
      return b * b / (2 * a);
    });
    const found = pointBlocks({ timeS, value, error }, { ncpPrior });
    holds(found, expected);
    const moved = pointBlocks({ timeS, value: value.map((x) => x + 1e6), error }, { ncpPrior });
    deepStrictEqual(moved.first, found.first);
    ok(Math.abs(moved.level[0]! - 1e6 - found.level[0]!) < 1e-8);
  }));
});

Deno.test("eventBlocks() are binnedBlocks() of the events' cells, in any order and place", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 2, max: 60 }), (seed, n) => {
    const rng = createRng(seed), times = Array.from({ length: n }, () => rng.integer(40) + 0.5);
    const timeS = [...times, 60], distinct = [...new Set(timeS)].sort((a, b) => a - b);
    const edgesS = [0, ...distinct.slice(1).map((t, i) => (t + distinct[i]!) / 2), 70];
    const counts = distinct.map((t) => timeS.filter((x) => x === t).length);
    const options = { startS: 0, stopS: 70, ncpPrior: 2 };
    const found = eventBlocks(timeS, options), binned = binnedBlocks({ edgesS, counts }, options);
    deepStrictEqual(found, binned);
    const shift = 2 ** 27;
    const moved = eventBlocks(timeS.map((t) => t + shift).reverse(), {
      startS: shift,
      stopS: shift + 70,
      ncpPrior: 2,
    });
    deepStrictEqual([...moved.edgesS], [...found.edgesS].map((t) => t + shift));
  }));
});

Deno.test("eventBlocks(): a steady rate is cut about as rarely as p0 says, a step is found", () => {
  const rng = createRng("blocks"), trials = 300;
  let cut = 0;
  for (let trial = 0; trial < trials; trial++) {
    const timeS = Array.from({ length: 200 }, () => rng.uniform());
    if (eventBlocks(timeS, { p0: 0.05, startS: 0, stopS: 1 }).first.length > 1) cut++;
  }
  // The calibration of the prior is good to a factor of about two.
  ok(cut / trials < 0.1, `${cut / trials}`);
  const step = [
    ...Array.from({ length: 100 }, () => rng.uniform()),
    ...Array.from({ length: 400 }, () => 1 + rng.uniform()),
  ];
  const { edgesS, level, levelError } = eventBlocks(step, { startS: 0, stopS: 2 });
  strictEqual(edgesS.length, 3);
  ok(Math.abs(edgesS[1]! - 1) < 0.05);
  ok(
    Math.abs(level[0]! - 100) < 4 * levelError[0]! &&
      Math.abs(level[1]! - 400) < 4 * levelError[1]!,
  );
});

Deno.test("blocks refuse what has no duration, order or errors", () => {
  throws(() => eventBlocks([1]), RangeError);
  throws(() => eventBlocks([1, NaN, 2]), RangeError);
  throws(() => eventBlocks([1, 5], { startS: 2, stopS: 9 }), RangeError);
  throws(() => eventBlocks([1, 5], { p0: 0 }), RangeError);
  deepStrictEqual([...eventBlocks([], { startS: 0, stopS: 9 }).level], [0]);
  throws(() => binnedBlocks({ edgesS: [0, 1], counts: [1, 2] }), TypeError);
  throws(() => binnedBlocks({ edgesS: [0, 1, 2], counts: [1, 2], exposureS: [1, 0] }), RangeError);
  deepStrictEqual(
    [...binnedBlocks({ edgesS: [0, 1, 2], counts: [1, 0], exposureS: [1, 0] }).edgesS],
    [0, 2],
  );
  throws(() => pointBlocks({ timeS: [0, 0], value: [1, 2], error: [1, 1] }), RangeError);
  throws(() => pointBlocks({ timeS: [0, 1], value: [1, 2], error: [1, 0] }), RangeError);
});

const RUNS = ["023523", "023526"].map((id) =>
  `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_${id}.fits.gz`
);

/** Times of the events about a position. */
async function timesAt(
  path: string,
  at: { lonDeg: number; latDeg: number },
  { radiusDeg, leastTeV }: { radiusDeg: number; leastTeV: number },
): Promise<number[]> {
  const { events } = await readEvents(dataFile(path));
  const { timeS, raDeg, decDeg, energyTeV } = events.columns, times: number[] = [];
  for (let i = 0; i < events.length; i++) {
    const position = { lonDeg: raDeg![i]!, latDeg: decDeg![i]! };
    if (energyTeV![i]! > leastTeV && separationDeg(position, at) < radiusDeg) times.push(timeS[i]!);
  }
  return times;
}

const relative = (found: Blocks) => found.edgesS.map((t) => t - found.edgesS[0]!);

referenceTest(
  "gammapy.json",
  "variability.bayesian_blocks.events.crab",
  RUNS,
  async (reference) => {
    const { expected, tol } = reference,
      crab = { lonDeg: 83.633, latDeg: 22.014 },
      times: number[] = [];
    for (const run of RUNS) {
      times.push(
        ...await timesAt(run, crab, { radiusDeg: 0.11, leastTeV: 0.5 }),
      );
    }
    agrees(times.length, expected.n, tol.n!, "n");
    agrees(Math.min(...times), expected.t_first_s, tol.t_first_s!, "first");
    agrees(Math.max(...times), expected.t_last_s, tol.t_last_s!, "last");
    for (const p0 of ["0.05", "0.01"]) {
      const name = `edges_rel_s_p0_${p0}`;
      agrees(relative(eventBlocks(times, { p0: Number(p0) })), expected[name], tol[name]!, name);
    }
  },
);

const FERMI = "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz";

referenceTest(
  "gammapy.json",
  "variability.bayesian_blocks.events.fermi_gc",
  [FERMI],
  async ({ expected, tol }) => {
    const centre = galacticToIcrs({ lonDeg: 0, latDeg: 0 });
    const times = await timesAt(FERMI, centre, { radiusDeg: 0.3, leastTeV: 0 });
    agrees(times.length, expected.n, tol.n!, "n");
    agrees(relative(eventBlocks(times)), expected.edges_rel_s, tol.edges_rel_s!, "edges");
  },
);
