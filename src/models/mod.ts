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
  spectralModels,
} from "./spectral_model.ts";
export {
  type BinnedSpectrum,
  binnedSpectrum,
  createSpectralModel,
  type ParameterRule,
  type SpectralModel,
  type SpectralRule,
  withParameters,
} from "./spectral_rule.ts";
export {
  constantInTime,
  flare,
  type FlareOptions,
  type PulsePeak,
  type PulseProfile,
  pulseProfile,
  type TemporalModel,
} from "./temporal_model.ts";
