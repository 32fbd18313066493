/** Detection and simulation. The calibration loop tells how fast the machine is. */
import { simulateEvents, type Simulation } from "../../src/data/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { flare, pulseProfile } from "../../src/models/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { unbinnedLikelihood } from "../../src/stats/mod.ts";
import {
  createFocusBank,
  cusum,
  expTest,
  focusBinned,
  focusUnbinned,
  fold,
  shiryaevRoberts,
  steadyClock,
  windowGrid,
} from "../../streams/accumulators/mod.ts";
import { simulationOf, sourceOf } from "../_tools/simulations.ts";

const N = 1_000_000, rng = createRng("bench");
const timeS = new Float64Array(N);
for (let i = 1, t = 0; i < N; i++) timeS[i] = t += rng.exponential(1);
const batch = createEventBatch({ timeS });
const options = { backgroundPerS: 1, clock: steadyClock(), muMin: 1.1 };

let sink = 0;
Deno.bench("calibration: 1e6 logarithms", () => {
  for (let i = 1; i <= N; i++) sink += Math.log(i);
});

const unbinned = focusUnbinned(options), binned = focusBinned({ ...options, binS: 1 });
Deno.bench("focusUnbinned(): 1e6 photons", () => {
  sink += unbinned.result(fold(unbinned, [batch])).significance;
});
Deno.bench("focusBinned(): 1e6 photons in 1e6 bins (0.63e6 with a photon)", () => {
  sink += binned.result(fold(binned, [batch])).significance;
});

for (const ignoreBelow of [0, 3]) {
  Deno.bench(`createFocusBank(): 1e6 photons, one channel, below ${ignoreBelow} σ ignored`, () => {
    const bank = createFocusBank({ ignoreBelow });
    for (let i = 0; i < N; i++) sink += bank.step(0, timeS[i]!, timeS[i]!);
  });
}
const CHANNELS = 49_152, channel = Int32Array.from({ length: N }, () => rng.integer(CHANNELS));
const banks = [0, 3].map((ignoreBelow) => createFocusBank({ ignoreBelow }));
let turn = 0;
banks.forEach((bank, k) => {
  Deno.bench(`createFocusBank(): 1e6 photons, 49152 channels, below ${3 * k} σ ignored`, () => {
    // One long stream: stacks stay as they are in a running search.
    const from = 1.1 * N * turn++;
    for (let i = 0; i < N; i++) {
      const t = from + timeS[i]!;
      sink += bank.step(channel[i]!, t / CHANNELS, t);
    }
  });
});
const sums = cusum(options), ratios = shiryaevRoberts(options), spacings = expTest(options);
Deno.bench("cusum(): 1e6 photons, 4 factors", () => {
  sink += fold(sums, [batch]).n;
});
Deno.bench("shiryaevRoberts(): 1e6 photons, 6 factors", () => {
  sink += fold(ratios, [batch]).n;
});
Deno.bench("expTest(): 1e6 photons", () => {
  sink += fold(spacings, [batch]).n;
});
const grid = windowGrid();
Deno.bench("windowGrid(): 1e5 panes", () => {
  const state = grid.create();
  for (let index = 0; index < 100_000; index++) {
    grid.add(state, { index, counts: index & 7, liveS: 0.016 });
  }
  sink += grid.result(state).panes;
});

const densities = Array.from({ length: 5 }, () => rng.fillUniform(new Float64Array(N)));
const table = { n: N, densities, expected: [1, 1, 1, 1, 1] };
Deno.bench("unbinnedLikelihood(): 5 amplitudes, 1e6 events", () => {
  sink += unbinnedLikelihood(table, [1, 1, 1, 1, 1]).logLikelihood;
});

/** About 1e6 events: two parts of background and one of a source. */
function simulate(simulation: Simulation): void {
  for (const { length } of simulateEvents(simulation, simulation.observations[0]!, createRng(1))) {
    sink += length;
  }
}
const profile = pulseProfile([{ phase: 0.3, sigma: 0.05, fraction: 0.5 }]);
const temporal = flare({ shape: "exponential", onsetS: 300, durationS: 50, amplitude: 10 });
const kinds = {
  "steady point": sourceOf(333),
  extended: sourceOf(333, { extensionDeg: 0.3 }),
  pulsed: sourceOf(333, { pulse: { profile, f0Hz: 30 } }),
  flaring: sourceOf(333, { temporal }),
};
for (const [kind, source] of Object.entries(kinds)) {
  const simulation = simulationOf([source], 667);
  Deno.bench(`simulateEvents(): 1e6 events, ${kind} source`, () => simulate(simulation));
}
addEventListener("unload", () => {
  if (sink === Infinity) console.log(sink);
});
