/**
 * Models of sources: spectra, and how they change with time and phase.
 *
 * @module
 */
export {
  type CutoffOptions,
  cutoffPowerLaw,
  logParabola,
  type LogParabolaOptions,
  powerLaw,
  type PowerLawOptions,
} from "./spectral_model.ts";
export { spectralModels } from "./spectral_models.ts";
export {
  createSpectralModel,
  dndeInto,
  type ParameterRule,
  type SpectralModel,
  type SpectralOperator,
  type SpectralParts,
  type SpectralRule,
  withParameters,
  withValues,
} from "./spectral_rule.ts";
export { type BinnedSpectrum, binnedSpectrum } from "./binned_spectrum.ts";
export { compoundSpectrum } from "./compound_spectrum.ts";
export { type SpectrumTable, templateNdSpectrum, templateSpectrum } from "./template_spectrum.ts";
export { type PiecewiseInterp, piecewiseNorm } from "./piecewise_norm.ts";
export { eblNorm, type EblTable } from "./ebl_norm.ts";
export { type CrabReference, crabSpectrum } from "./crab.ts";
export {
  type EnergySearch,
  inverse,
  inverseAll,
  peakEnergy,
  type ReferenceFluxes,
  referenceFluxes,
  spectralIndex,
} from "./spectral_shape.ts";
export {
  type Estimate,
  linearErrors,
  pivotEnergy,
  sampledErrors,
  type SpectralErrors,
} from "./spectral_errors.ts";
export {
  constantInTime,
  flare,
  type FlareOptions,
  type PulsePeak,
  type PulseProfile,
  pulseProfile,
  type TemporalModel,
} from "./temporal_model.ts";
export {
  createTemporalProfile,
  sampleTimes,
  temporalFactor,
  temporalIntegralsS,
  type TemporalProfile,
  type TemporalRule,
  withTemporalValues,
} from "./temporal_rule.ts";
export { temporalModels } from "./temporal_models.ts";
export {
  lightCurveProfile,
  type LightCurveTable,
  phaseCurveProfile,
  type PhaseCurveTable,
} from "./temporal_table.ts";
export {
  type LightCurveFile,
  readEblTable,
  readLightCurveTable,
  readPhaseCurveTable,
} from "./model_tables_fits.ts";
export { type ApplyIrf, createSkyModel, type SkyModel, type SkyModelOptions } from "./sky_model.ts";
export {
  changeParameters,
  covarianceOf,
  createModelSet,
  type FittedModel,
  fittedModels,
  freezeParameters,
  type ModelSet,
  selectModels,
  unfreezeParameters,
  withFitResult,
  withSetParameters,
} from "./model_set.ts";
export {
  type ModelFile,
  type ModelTables,
  type ReadModelsOptions,
  readModelsYaml,
} from "./read_models_yaml.ts";
export { writeModelsYaml } from "./write_models_yaml.ts";
export { readCovarianceTable, writeCovarianceTable } from "./covariance_table.ts";
