/**
 * Estimators: fluxes, limits and significances from datasets.
 *
 * @module
 */
export {
  estimateFluxPoints,
  type FluxColumns,
  fluxColumns,
  type FluxEstimate,
  type FluxPoints,
  type FluxPointsOptions,
} from "./flux_points.ts";
export { estimateLightCurve, type LightCurve, type LightCurveOptions } from "./light_curve.ts";
export {
  estimateSensitivity,
  type Sensitivity,
  type SensitivityCriterion,
  type SensitivityOptions,
} from "./sensitivity.ts";
export {
  type FluxPointsFormat,
  fluxPointsHdu,
  readFluxPoints,
  type ReadFluxPointsOptions,
  type SedType,
} from "./flux_points_fits.ts";
export { lightCurveHdu, readLightCurve } from "./light_curve_fits.ts";
export {
  formatFluxPoints,
  formatLightCurve,
  parseFluxPoints,
  type ParseFluxPointsOptions,
  parseLightCurve,
} from "./flux_points_text.ts";
export { type ParameterScan, type ParameterScanOptions, scanParameter } from "./parameter_scan.ts";
