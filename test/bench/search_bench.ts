/**
 * Benches of period searches. `deno bench test/bench/search_bench.ts`, or, for ns an event as the best of 5
 * beside a calibration loop, `deno run test/bench/search_bench.ts --best`.
 */
import { createRng } from "../../src/numeric/mod.ts";
import {
  accelerationSearch,
  addPeriodogramEvents,
  addPhaseMoments,
  addTemplateEvents,
  createPeriodogramPlan,
  createPeriodogramSums,
  createPhaseMoments,
  createTemplateSums,
  eventPeriodogram,
  exactPeriodogram,
  foldedPeriodogram,
  hTest,
  momentSums,
  phaseSums,
  phaseTemplate,
  readPeriodogram,
} from "../../src/stats/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { fold, timeDifferences } from "../../streams/accumulators/mod.ts";

const N = 1_000_000, T = 1e5;
const timeS = Float64Array.from(createRng(1).fillUniform(new Float64Array(N)), (u) => T * u);
const sorted = timeS.slice().sort(), phase = createRng(2).fillUniform(new Float64Array(N));
const grid = { f0CentreHz: 10, spanS: T, nTrials: 1_000_000, referenceS: T / 2 };
const plan = createPeriodogramPlan(grid), sums = createPeriodogramSums(plan);
addPeriodogramEvents(plan, sums, { timeS: sorted });
const few = { ...grid, nTrials: 512 }, part = sorted.subarray(0, 20_000);
const drifts = createPeriodogramPlan({
  ...grid,
  nTrials: 100_000,
  f1HzPerS: Array.from({ length: 16 }, (_, j) => 1e-10 * j),
});
const driftSums = createPeriodogramSums(drifts);
const pulse = phaseTemplate((x) => 1 + Math.cos(2 * Math.PI * x)),
  pulseSums = createTemplateSums(pulse);
const differences = timeDifferences({ maxFrequencyHz: 64, windowS: 16 });
const batch = createEventBatch({ timeS: sorted.slice(0, 100_000) });
const counts = new Float64Array(1 << 18).fill(1);

const CASES: {
  readonly name: string;
  /** What one run does so many times. */
  readonly per: number;
  readonly goalNs?: number;
  readonly run: () => unknown;
}[] = [
  {
    name: "periodogram, 1e6 ordered events x 1e6 frequencies x 2 harmonics, whole, a run",
    per: 1,
    goalNs: 0.9e9,
    run: () => eventPeriodogram({ timeS: sorted }, grid),
  },
  {
    name: "periodogram, the same of events in no order, a run",
    per: 1,
    goalNs: 0.9e9,
    run: () => eventPeriodogram({ timeS }, grid),
  },
  {
    name: "  spreading of ordered events, 2 harmonics, an event",
    per: N,
    run: () => addPeriodogramEvents(plan, sums, { timeS: sorted }),
  },
  {
    name: "  spreading of events in no order, 2 harmonics, an event",
    per: N,
    run: () => addPeriodogramEvents(plan, sums, { timeS }),
  },
  { name: "  readout of 1e6 frequencies, a run", per: 1, run: () => readPeriodogram(plan, sums) },
  {
    name: "  spreading, 16 derivatives, 1e5 frequencies, an event and derivative",
    per: 16 * 20_000,
    run: () => addPeriodogramEvents(drifts, driftSums, { timeS: part }),
  },
  {
    name: "exact, an event, trial and harmonic",
    per: 20_000 * 512 * 2,
    run: () => exactPeriodogram({ timeS: part }, few),
  },
  {
    name: "folded in 128 bins, an event and trial",
    per: 20_000 * 512,
    run: () => foldedPeriodogram({ timeS: part }, few),
  },
  {
    name: "H of 20 harmonics, exact, an event",
    per: N,
    goalNs: 60,
    run: () => hTest(phaseSums(phase)),
  },
  {
    name: "H of 20 harmonics, 1024 bins with moments, an event",
    per: N,
    goalNs: 6,
    run: () => hTest(momentSums(addPhaseMoments(createPhaseMoments(), phase))),
  },
  {
    name: "likelihood of 64 shifts of a template, an event and shift",
    per: 64 * 100_000,
    run: () => addTemplateEvents(pulse, pulseSums, { phase: phase.subarray(0, 100_000) }),
  },
  {
    name: "time differences, 160 a photon, a pair",
    per: 100_000 * 160,
    run: () => fold(differences, [batch]),
  },
  {
    name: "acceleration search, 2^18 bins, 51 drifts, a run",
    per: 1,
    run: () => accelerationSearch({ counts, binS: 1 / 64 }),
  },
];

/** Best of 5 after 2 for warm-up, ns. */
function bestNs(run: () => unknown): number {
  let best = Infinity;
  for (let k = 0; k < 7; k++) {
    const before = performance.now();
    run();
    if (k > 1) best = Math.min(best, performance.now() - before);
  }
  return best * 1e6;
}

if (Deno.args.includes("--best")) {
  const x = new Float64Array(1e7).fill(1.5), y = new Float64Array(1e7).fill(0.5);
  const calibration = () => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]! + 1;
    return sum;
  };
  console.log(`calibration, x y + 1 summed: ${(bestNs(calibration) / 1e7).toFixed(2)} ns`);
  console.log(`bound of dZ, 1e6 x 1e6: ${readPeriodogram(plan, sums).boundDz}`);
  for (const { name, per, goalNs, run } of CASES) {
    const ns = bestNs(run) / per, goal = goalNs === undefined ? "" : ` (goal ${goalNs})`;
    console.log(`${name}: ${ns.toFixed(ns > 1000 ? 0 : 2)} ns${goal}`);
  }
} else {
  for (const { name, run } of CASES) Deno.bench(name, () => void run());
}
