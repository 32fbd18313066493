/**
 * Datasets: measured counts with all that predicts them, and the statistic of a model for them.
 *
 * @module
 */
export {
  alphaOf,
  changeSpectrumDataset,
  countingBins,
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
  statisticOf,
} from "./spectrum_objective.ts";
export { expectedSignal } from "./expected_signal.ts";
export { stackSpectra } from "./stack.ts";
export {
  asimovSpectrum,
  type AsimovSpectrumOptions,
  fakeSpectrum,
  type FakeSpectrumOptions,
} from "./fake_spectrum.ts";
export { fitSpectrum, type SpectrumFit } from "./fit_spectrum.ts";
export { type OgipFile, ogipFiles, type OgipOptions } from "./ogip_fits.ts";
export {
  type OgipNeeds,
  ogipNeeds,
  type OgipSources,
  readOgipFits,
  type ReadOgipOptions,
} from "./read_ogip_fits.ts";
export { readOgip, writeOgip } from "./ogip_io.ts";
export {
  type DatasetsFile,
  readDatasets,
  type ReadDatasetsOptions,
  writeDatasets,
  type WriteDatasetsOptions,
  type WrittenDatasets,
} from "./datasets_yaml_io.ts";
export {
  createFluxPointsDataset,
  type FluxPointsDataset,
  type FluxPointsDatasetOptions,
  fluxPointsObjective,
} from "./flux_points_dataset.ts";
export { type MetaQuery, selectDatasets } from "./select_datasets.ts";
