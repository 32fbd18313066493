/**
 * Datasets: measured counts with all that predicts them, and the statistic of a model for them.
 *
 * @module
 */
export {
  alphaOf,
  changeSpectrumDataset,
  createSpectrumDataset,
  type OffCounts,
  type SpectrumDataset,
  type SpectrumDatasetOptions,
  validBins,
} from "./spectrum_dataset.ts";
export {
  type FittedSpectrum,
  spectrumObjective,
  type SpectrumPredictor,
  spectrumPredictor,
} from "./spectrum_objective.ts";
