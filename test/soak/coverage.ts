/**
 * Intervals of 68 % of a fitted power law hold the truth as often as those of the likelihood ratio do.
 * Usage: deno run -A test/soak/coverage.ts [experiments=500]
 */
import {
  createSpectrumDataset,
  fakeSpectrum,
  type SpectrumDataset,
  spectrumObjective,
} from "../../src/datasets/mod.ts";
import { asymmetricError, changeParameter, fit } from "../../src/fit/mod.ts";
import { powerLaw } from "../../src/models/mod.ts";
import { energyAxis } from "../../src/nddata/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";

const N_BINS = 8;
const TRUTH = powerLaw({ amplitude: 1e-12, index: 2.3 });

/** Expected: about 127 counts of the source on 41 of the background, which 5 regions measure. */
export const BACKGROUND: Float64Array = Float64Array.from(
  { length: N_BINS },
  (_, j) => 15 * 0.65 ** j,
);

/** Without counts: exposure that grows with energy, five times as much off as on. */
export function coverageDataset(): SpectrumDataset {
  const energyTrue = energyAxis({ low: 0.7, high: 30, nBins: 2 * N_BINS, name: "energy_true" });
  return createSpectrumDataset({
    name: "coverage",
    energy: energyAxis({ low: 0.7, high: 30, nBins: N_BINS }),
    energyTrue,
    counts: new Float64Array(N_BINS),
    exposureCm2S: energyTrue.centers.map((e) => 8e13 * Math.sqrt(e)),
    off: {
      counts: new Float64Array(N_BINS),
      acceptance: new Float64Array(N_BINS).fill(1),
      acceptanceOff: new Float64Array(N_BINS).fill(5),
    },
  });
}

/** How many experiments' intervals of a parameter hold the truth. */
export interface Coverage {
  readonly name: string;
  readonly n: number;
  /** stat(truth, others profiled) − stat(best) ≤ 1. */
  readonly exact: number;
  /** |value − truth| ≤ error. */
  readonly hesse: number;
  /** value − low ≤ truth ≤ value + high. */
  readonly minos: number;
  /** Experiments in which the asymmetric and the exact interval do not say the same. */
  readonly minosDiffers: number;
  /** Experiments without a fit or without asymmetric errors. */
  readonly failed: number;
}

/** Fits n experiments and counts. */
export function coverage(n: number, seed: string): readonly Coverage[] {
  const empty = coverageDataset(), rng = createRng(seed);
  const tallies = ["index", "amplitude"].map((name) => ({
    name,
    n,
    exact: 0,
    hesse: 0,
    minos: 0,
    minosDiffers: 0,
    failed: 0,
  }));
  const { rule, parameters } = TRUTH, places = parameters.map((_, k) => k);
  for (let k = 0; k < n; k++) {
    const dataset = fakeSpectrum(empty, TRUTH, { rng, background: BACKGROUND });
    const objective = spectrumObjective([dataset], [{ rule, places }], parameters);
    const best = fit(objective, parameters);
    for (const tally of tallies) {
      const truth = parameters.find((one) => one.name === tally.name)!.value;
      const { value, error } = best.parameters.find((one) => one.name === tally.name)!;
      const { low, high, reason } = asymmetricError(objective, best, tally.name);
      const held = best.parameters.map((one) =>
        one.name === tally.name ? changeParameter(one, { value: truth, frozen: true }) : one
      );
      const profiled = fit(objective, held);
      if (!best.converged || !profiled.converged || reason !== "") tally.failed++;
      const exact = profiled.stat - best.stat <= 1;
      const minos = value - low <= truth && truth <= value + high;
      tally.exact += +exact;
      tally.hesse += +(Math.abs(value - truth) <= error);
      tally.minos += +minos;
      tally.minosDiffers += +(exact !== minos);
    }
  }
  return tallies;
}

/** Standard deviations of the binomial number of exact intervals. */
export function deviation({ n, exact }: Coverage, found: number): number {
  return (found - exact) / Math.sqrt(exact * (1 - exact / n));
}

/** Whether the intervals hold as often as the exact ones, and asymmetric ones in the same experiments. */
export function isCovered(one: Coverage): boolean {
  return one.failed === 0 && Math.abs(deviation(one, one.hesse)) < 3 &&
    Math.abs(deviation(one, one.minos)) < 3 && one.minosDiffers <= 2 + one.n / 200;
}

if (import.meta.main) {
  const found = coverage(Number(Deno.args[0] ?? 500), "soak coverage");
  for (const one of found) {
    const percent = (count: number) => `${(100 * count / one.n).toFixed(1)} %`;
    const sigma = (count: number) => `${deviation(one, count).toFixed(2)} sigma`;
    console.log(
      `${one.name}, ${one.n} experiments: likelihood ratio ${percent(one.exact)}, ` +
        `HESSE ${percent(one.hesse)} (${sigma(one.hesse)}), ` +
        `asymmetric ${percent(one.minos)} (${sigma(one.minos)}; ${one.minosDiffers} differ), ` +
        `${one.failed} failed`,
    );
  }
  Deno.exitCode = found.every(isCovered) ? 0 : 1;
}
