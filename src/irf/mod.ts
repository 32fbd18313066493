/**
 * Instrument response functions, by tables and by formulas: effective area, point spread function, energy
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
export {
  createIrf,
  evaluateIrf,
  evaluateIrfGrid,
  type EvaluateIrfOptions,
  type Irf,
  irfAxis,
  type IrfCoords,
  type IrfKind,
  type IrfOptions,
} from "./irf.ts";
export {
  containmentRadiusDeg,
  createParametricPsf,
  type ParametricPsf,
  psfContainment,
  psfDensity,
  type PsfFamily,
  type PsfIrf,
  psfTable,
} from "./psf.ts";
export { type IrfGrid, type TabulatedIrfs, tabulateIrfs } from "./tabulate.ts";
export {
  type IrfTables,
  isIrfTable,
  readIrf,
  readIrfFile,
  readIrfHdu,
  type ReadIrfOptions,
  readIrfTables,
} from "./read_irf_fits.ts";
export { irfHdu, irfHdus } from "./write_irf_fits.ts";
export {
  biasEnergy,
  createEdispKernel,
  diagonalEdispKernel,
  type EdispAxes,
  type EdispKernel,
  edispKernelAt,
  type EdispMoments,
  edispMoments,
  type GaussEdispOptions,
  gaussEdispTable,
} from "./edisp_kernel.ts";
