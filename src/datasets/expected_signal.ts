import type { SpectralModel } from "../models/mod.ts";
import type { SpectrumDataset } from "./spectrum_dataset.ts";
import { spectrumPredictor } from "./spectrum_objective.ts";

/**
 * Counts that spectra add to each bin of reconstructed energy of a dataset.
 *
 * @param dataset Exposure and energy dispersion; its counts do not matter.
 * @param sources The spectrum of the source, or those of all sources, which add.
 * @returns A new array, a value a bin.
 * @example
 * ```ts
 * import { createSpectrumDataset, expectedSignal } from "@gammarx/gammarx/datasets";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: new Float64Array(1),
 *   exposureCm2S: Float64Array.of(1e13),
 * });
 * ok(Math.abs(expectedSignal(dataset, powerLaw({ amplitude: 1e-12, index: 2 }))[0]! - 9) < 1e-9);
 * ```
 * @see gammapy.datasets.SpectrumDataset.npred_signal
 */
export function expectedSignal(
  dataset: SpectrumDataset,
  sources: SpectralModel | readonly SpectralModel[],
): Float64Array {
  const values: number[] = [];
  const fitted = ("rule" in sources ? [sources] : sources).map(({ rule, parameters }) => ({
    rule,
    places: parameters.map((one) => values.push(one.value) - 1),
  }));
  const signal = new Float64Array(dataset.energy.nBins);
  spectrumPredictor(dataset, fitted, values.length).signalInto(values, signal);
  return signal;
}
