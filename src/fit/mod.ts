/**
 * Fits: parameters with bounds and priors, a minimiser with covariance, asymmetric errors, profiles and
 * contours. A fit sees parameters and a statistic, never where they come from.
 *
 * @module
 */
export {
  changeParameter,
  createParameter,
  gaussianPrior,
  type Parameter,
  type ParameterOptions,
  type Prior,
  uniformPrior,
} from "./parameter.ts";
export type { Objective } from "./objective.ts";
export { fit, type FitOptions, type FitResult } from "./fit.ts";
export {
  type AsymmetricError,
  asymmetricError,
  type AsymmetricErrorOptions,
  type StatContour,
  statContour,
  type StatProfile,
  statProfile,
} from "./errors.ts";
