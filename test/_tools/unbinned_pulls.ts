/** Pulls of the unbinned amplitude over simulations of a source on a background. */
import { pointSourceView, simulateEvents } from "../../src/data/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { createObsStart } from "../../src/data/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { unbinnedFlux } from "../../streams/accumulators/mod.ts";
import { simulationOf, sourceOf } from "./simulations.ts";

/** Mean and standard deviation of the pulls. */
export interface Pulls {
  readonly n: number;
  readonly mean: number;
  readonly width: number;
}

/** A source of 0.5 photons a second off the axis, 5 background events a second, for 1000 s. */
export function unbinnedPulls(n: number, seed: string): Pulls {
  const source = sourceOf(0.5, { decDeg: 22.4 });
  const simulation = simulationOf([source], 5), observation = simulation.observations[0]!;
  const [low, high] = [0.2, 50], radiusDeg = 0.4;
  const view = pointSourceView({
    raDeg: source.raDeg,
    decDeg: source.decDeg,
    spectrum: source.spectrum,
    irfs: simulation.eventTypes[0]!.irfs,
    radiusDeg,
    rangeTeV: [low, high],
    trueRangeTeV: simulation.trueRangeTeV,
  }, observation.pointing);
  const flux = unbinnedFlux({ name: "pulls", ratesOf: () => view });
  let sum = 0, sum2 = 0;
  for (let k = 0; k < n; k++) {
    const state = flux.create();
    const { obsId, gti } = observation;
    flux.add(state, createObsStart({ obsId, epoch: simulation.epoch, gti }));
    for (const batch of simulateEvents(simulation, observation, createRng(`${seed} ${k}`))) {
      const { energyTeV, raDeg, decDeg } = batch.columns;
      const sourceRatio = Float64Array.from(
        { length: batch.length },
        (_, i) => view.ratio(energyTeV![i]!, raDeg![i]!, decDeg![i]!),
      );
      flux.add(state, createEventBatch({ timeS: batch.columns.timeS, sourceRatio }));
    }
    const { amplitude, error } = flux.result(state), pull = (amplitude - 1) / error;
    sum += pull;
    sum2 += pull * pull;
  }
  const mean = sum / n;
  return { n, mean, width: Math.sqrt((sum2 - n * mean * mean) / (n - 1)) };
}
