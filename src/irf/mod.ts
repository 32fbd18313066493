/**
 * Instrument response functions by formulas: effective area, point spread function, energy
 * dispersion, background.
 *
 * @module
 */
export {
  type EffectiveArea,
  effectiveArea,
  type EffectiveAreaOptions,
  type EnergyDispersion,
  gaussPsf,
  type IrfSet,
  kingPsf,
  logNormalDispersion,
  photonRatePerS,
  type Psf,
  type PsfWidth,
  type RadialBackground,
  radialBackground,
  type RadialBackgroundOptions,
} from "./parametric.ts";
export { type IrfGrid, irfHdus } from "./irf_fits.ts";
