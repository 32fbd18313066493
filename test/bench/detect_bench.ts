/** Detection and simulation. The calibration loop tells how fast the machine is. */
import { simulateEvents, type Simulation } from "../../src/data/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { flare, pulseProfile } from "../../src/models/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { unbinnedLikelihood } from "../../src/stats/mod.ts";
import { focusBinned, focusUnbinned, fold, steadyClock } from "../../streams/accumulators/mod.ts";
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
