import type { Objective, Parameter } from "../fit/mod.ts";
import { diagonalEdispKernel } from "../irf/mod.ts";
import { binnedSpectrum, type SpectralRule } from "../models/mod.ts";
import {
  type BinnedCounts,
  type FitStatistic,
  fitStatistics,
  statSlopes,
  statSum,
} from "../stats/mod.ts";
import { alphaOf, countingBins, type SpectrumDataset } from "./spectrum_dataset.ts";

/** A source of a dataset: its spectrum, and which of the fit's parameters are its own. */
export interface FittedSpectrum {
  /** The kind of spectrum. */
  readonly rule: SpectralRule;
  /** For each parameter of the kind its place among those of the fit. */
  readonly places: readonly number[];
  /** Names of the datasets that see it; all where absent. */
  readonly datasets?: readonly string[] | undefined;
}

/** What predicts the counts of a dataset, made ready: calls make nothing new. */
export interface SpectrumPredictor {
  /** Expected signal in each bin of reconstructed energy, at the values of the fit's parameters. */
  readonly signalInto: (values: ArrayLike<number>, out: Float64Array) => void;
  /** Its derivatives, a row of bins a parameter of the fit, in C order. */
  readonly gradientInto: (values: ArrayLike<number>, out: Float64Array) => void;
}

/** Response of a dataset: row i gives what a flux of 1 in the true bin i adds to each reconstructed bin. */
function responseOf({ energyTrue, energy, exposureCm2S, edisp }: SpectrumDataset): Float64Array {
  const { values } = edisp ?? diagonalEdispKernel({ energyTrue, energy }), n = energy.nBins;
  const response = new Float64Array(energyTrue.nBins * n);
  for (let k = 0; k < response.length; k++) {
    const i = Math.floor(k / n);
    response[k] = exposureCm2S[i]! * values.get(i, k - i * n);
  }
  return response;
}

/**
 * Makes a dataset's prediction ready for many calls.
 *
 * @param dataset The dataset.
 * @param sources The spectra that it sees.
 * @param nParameters Number of parameters of the fit.
 * @returns Functions of the parameters' values.
 * @example
 * ```ts
 * import { createSpectrumDataset, spectrumPredictor } from "@gammarx/gammarx/datasets";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: Float64Array.of(9),
 *   exposureCm2S: Float64Array.of(1e13),
 * });
 * const { rule } = powerLaw({ amplitude: 1e-12, index: 2 }), signal = new Float64Array(1);
 * spectrumPredictor(dataset, [{ rule, places: [0, 1, 2] }], 3).signalInto([2, 1e-12, 1], signal);
 * ok(Math.abs(signal[0]! - 9) < 1e-9);
 * ```
 */
export function spectrumPredictor(
  dataset: SpectrumDataset,
  sources: readonly FittedSpectrum[],
  nParameters: number,
): SpectrumPredictor {
  const response = responseOf(dataset), nTrue = dataset.energyTrue.nBins, n = dataset.energy.nBins;
  const own = sources.filter((one) => one.datasets?.includes(dataset.name) ?? true).map((one) => ({
    places: one.places,
    binned: binnedSpectrum(one.rule, dataset.energyTrue.edges),
    values: new Float64Array(one.places.length),
    slopes: new Float64Array(one.places.length * nTrue),
  }));
  const flux = new Float64Array(nTrue), total = new Float64Array(nTrue), row = new Float64Array(n);
  const fill = (
    one: { places: readonly number[]; values: Float64Array },
    from: ArrayLike<number>,
  ) => {
    for (let k = 0; k < one.places.length; k++) one.values[k] = from[one.places[k]!]!;
  };
  return Object.freeze({
    signalInto(values: ArrayLike<number>, out: Float64Array): void {
      total.fill(0);
      for (const one of own) {
        fill(one, values);
        one.binned.fluxInto(one.values, flux);
        for (let i = 0; i < nTrue; i++) total[i] = total[i]! + flux[i]!;
      }
      fold(response, { from: total, at: 0 }, out, n);
    },
    gradientInto(values: ArrayLike<number>, out: Float64Array): void {
      out.fill(0, 0, nParameters * n);
      for (const one of own) {
        fill(one, values);
        one.binned.gradientInto(one.values, one.slopes);
        for (let k = 0; k < one.places.length; k++) {
          fold(response, { from: one.slopes, at: k * nTrue }, row, n);
          const at = one.places[k]! * n;
          for (let j = 0; j < n; j++) out[at + j] = out[at + j]! + row[j]!;
        }
      }
    },
  });
}

/** Σ_i from[at + i] response[i, j] for all j. */
function fold(
  response: Float64Array,
  { from, at }: { readonly from: Float64Array; readonly at: number },
  out: Float64Array,
  n: number,
): void {
  out.fill(0, 0, n);
  for (let i = 0, row = 0; row < response.length; i++, row += n) {
    const value = from[at + i]!;
    if (value === 0) continue;
    for (let j = 0; j < n; j++) out[j] = out[j]! + value * response[row + j]!;
  }
}

/** A dataset as a statistic sees it. */
interface Part {
  readonly statistic: FitStatistic;
  readonly measured: BinnedCounts;
  readonly predictor: SpectrumPredictor;
  /** What is added to the signal before it is compared: a known background. */
  readonly known: Float64Array | undefined;
  readonly npred: Float64Array;
  readonly slopes: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * The statistic of spectrum datasets together: W-stat where the background is measured, Cash where it is
 * known, summed over the bins that count.
 *
 * @param datasets The datasets.
 * @param sources The spectra that they see.
 * @param parameters The fit's parameters; only their number matters here.
 * @returns Statistic and gradient for `fit`.
 * @example
 * ```ts
 * import { createSpectrumDataset, spectrumObjective } from "@gammarx/gammarx/datasets";
 * import { createParameter, fit } from "@gammarx/gammarx/fit";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(90, 9),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 *   background: Float64Array.of(0, 0),
 * });
 * const { rule, parameters } = powerLaw({ amplitude: 5e-13, index: 2.5 });
 * const objective = spectrumObjective([dataset], [{ rule, places: [0, 1, 2] }], parameters);
 * const { parameters: [index] } = fit(objective, parameters);
 * ok(Math.abs(index!.value - 2) < 1e-3);
 * ```
 */
export function spectrumObjective(
  datasets: readonly SpectrumDataset[],
  sources: readonly FittedSpectrum[],
  parameters: readonly Parameter[],
): Objective {
  const nParameters = parameters.length;
  const parts = datasets.map((dataset): Part => {
    const { counts, off, background, energy } = dataset, n = energy.nBins;
    return {
      statistic: statisticOf(dataset),
      measured: {
        counts,
        countsOff: off?.counts,
        alpha: off === undefined ? undefined : alphaOf(off),
        valid: countingBins(dataset),
      },
      predictor: spectrumPredictor(dataset, sources, nParameters),
      known: background,
      npred: new Float64Array(n),
      slopes: new Float64Array(n),
      gradient: new Float64Array(nParameters * n),
    };
  });
  const predict = ({ predictor, npred, known }: Part, values: ArrayLike<number>): void => {
    predictor.signalInto(values, npred);
    if (known !== undefined) {
      for (let j = 0; j < npred.length; j++) npred[j] = npred[j]! + known[j]!;
    }
  };
  return Object.freeze({
    value(values: Float64Array): number {
      let sum = 0;
      for (const part of parts) {
        predict(part, values);
        sum += statSum(part.statistic, part.measured, part.npred);
      }
      return sum;
    },
    gradient(values: Float64Array, out: Float64Array): void {
      out.fill(0, 0, nParameters);
      for (const part of parts) {
        predict(part, values);
        statSlopes(part.statistic, part.measured, part.npred, part.slopes);
        part.predictor.gradientInto(values, part.gradient);
        const n = part.npred.length;
        for (let k = 0; k < nParameters; k++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += part.slopes[j]! * part.gradient[k * n + j]!;
          out[k] = out[k]! + sum;
        }
      }
    },
  });
}

/**
 * How the counts of a dataset are compared: W-stat where its background is measured, Cash where it is known.
 *
 * @param dataset The dataset.
 * @returns The registered statistic.
 * @example
 * ```ts
 * import { createSpectrumDataset, statisticOf } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: Float64Array.of(5),
 *   exposureCm2S: Float64Array.of(1e13),
 * });
 * strictEqual(statisticOf(dataset).format, "cash");
 * ```
 */
export function statisticOf({ off }: SpectrumDataset): FitStatistic {
  return fitStatistics.lookup("fit-statistic", off === undefined ? "cash" : "wstat");
}
