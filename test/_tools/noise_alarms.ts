/** Alarms of a transient search in simulated noise: how many there were where so many were asked for. */
import { createObsEnd, createObsStart } from "../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../src/events/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { fold, runTotals, transientSearch } from "../../streams/accumulators/mod.ts";

const epoch = createEpoch([60000, 0], "TT"), YEAR_S = 365.25 * 86400;

/** How noise is searched. */
export interface NoiseSearch {
  /** Photons a second. */
  readonly ratePerS: number;
  /** Photons in all. */
  readonly photons: number;
  /** Alarms asked for. */
  readonly wanted: number;
  /** Where what is expected comes from. */
  readonly background: "known" | "running" | "smoothed" | "run";
  /** Runs, for a background of the run; 100. */
  readonly runs?: number;
}

/** Alarms found; the seed decides. */
export function noiseAlarms(search: NoiseSearch, seed: number): number {
  const { ratePerS, photons, wanted, background, runs = 100 } = search,
    lengthS = photons / ratePerS;
  const common = {
    cells: { kind: "whole" },
    falseAlarmsPerYear: wanted / lengthS * YEAR_S,
    keepPhotons: 64,
  } as const;
  const start = (stopS: number) =>
    createObsStart({
      obsId: "1",
      epoch,
      gti: createGti(epoch, Float64Array.of(0), Float64Array.of(stopS)),
    });
  if (background === "run") {
    let n = 0;
    for (let k = 0; k < runs; k++) {
      const timeS = Float64Array.from(noise(seed + k, ratePerS, lengthS / runs));
      const items = [start(lengthS / runs), createEventBatch({ timeS }), createObsEnd("1")];
      const totals = runTotals(common);
      const one = transientSearch({
        ...common,
        background: { method: "run", totals: totals.result(fold(totals, items)) },
      });
      n += transients(one.result(fold(one, items)).alerts);
    }
    return n;
  }
  const one = transientSearch({
    ...common,
    background: background === "known"
      ? { method: "known", ratePerS }
      : { method: background, windowS: Math.max(400, 100 / ratePerS), guardS: 30 },
  });
  const state = fold(one, [start(lengthS)]), batch = new Float64Array(4096);
  let n = 0;
  for (const t of noise(seed, ratePerS, lengthS)) {
    batch[n++] = t;
    if (n < batch.length) continue;
    one.add(state, createEventBatch({ timeS: batch.slice() }));
    n = 0;
  }
  return transients(one.result(state).alerts);
}

function transients(alerts: readonly { readonly alert: { readonly id: string } }[]): number {
  return new Set(alerts.map(({ alert }) => alert.id)).size;
}

function* noise(seed: number, ratePerS: number, lengthS: number): Generator<number> {
  const rng = createRng(seed);
  for (let t = 0;;) {
    t -= Math.log1p(-rng.uniform()) / ratePerS;
    if (t > lengthS) return;
    yield t;
  }
}
