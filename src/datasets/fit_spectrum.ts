import { fit, type FitOptions, type FitResult } from "../fit/mod.ts";
import { type SpectralModel, withParameters } from "../models/mod.ts";
import type { SpectrumDataset } from "./spectrum_dataset.ts";
import { spectrumObjective } from "./spectrum_objective.ts";

/** A fitted spectrum. */
export interface SpectrumFit {
  /** What the fit says of itself. */
  readonly result: FitResult;
  /** The model with the values found. */
  readonly model: SpectralModel;
}

/**
 * Fits one source's spectrum to datasets together.
 *
 * @param datasets The datasets.
 * @param model The spectrum with its first values.
 * @param options As for `fit`.
 * @returns The result and the model at its minimum.
 * @example
 * ```ts
 * import { createSpectrumDataset, fitSpectrum } from "@gammarx/gammarx/datasets";
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
 * const { model } = fitSpectrum([dataset], powerLaw({ amplitude: 5e-13, index: 2.5 }));
 * ok(Math.abs(model.dnde(1) / 1e-12 - 1) < 1e-3);
 * ```
 */
export function fitSpectrum(
  datasets: readonly SpectrumDataset[],
  model: SpectralModel,
  options: FitOptions = {},
): SpectrumFit {
  const { rule, parameters } = model, places = parameters.map((_, k) => k);
  const result = fit(
    spectrumObjective(datasets, [{ rule, places }], parameters),
    parameters,
    options,
  );
  return Object.freeze({ result, model: withParameters(model, result.parameters) });
}
