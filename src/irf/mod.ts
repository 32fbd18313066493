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
export { exposureMap, type ExposureMapOptions, type FieldOptions } from "./project.ts";
export { backgroundMap, type BackgroundMapOptions } from "./background_map.ts";
export {
  backgroundTo2d,
  type BackgroundTo2dOptions,
  backgroundTo3d,
  fillBackgroundGaps,
  padBackground,
} from "./background.ts";
export {
  createReducedIrf,
  normalizeReduced,
  type ReducedIrf,
  type ReducedKind,
} from "./reduced.ts";
export {
  diagonalEdispKernelMap,
  gaussEdispMap,
  gaussPsfMap,
  type GaussPsfMapOptions,
  makeEdispKernelMap,
  makeEdispMap,
  makePsfMap,
  type MakeReducedOptions,
} from "./make_reduced.ts";
export {
  containmentRadiusMap,
  edispKernelOn,
  type PlacedPosition,
  reducedAt,
  type ReducedAtOptions,
  type TableOf,
} from "./reduced_at.ts";
export { type AperturePhotometry, excessFlux } from "./excess_flux.ts";
export { type LatWeightColumns, latWeights } from "./lat_weights.ts";
export { psfKernel, type PsfKernelOptions } from "./psf_kernel.ts";
export { readRmf, rmfHdus, type RmfOptions } from "./edisp_kernel_fits.ts";
export { gtpsfHdus, readGtpsf } from "./gtpsf_fits.ts";
export {
  cutoutReduced,
  reducedImage,
  regionReduced,
  type RegionReducedOptions,
  stackReduced,
  type StackReducedOptions,
} from "./reduced_operations.ts";
export { sampleEdisp, type SamplePhotons, samplePsf } from "./sample_reduced.ts";
export {
  createIrfCollection,
  type IrfCollection,
  irfsOf,
  readIrfCollection,
  safeRangesTeV,
  safeRangeTeV,
} from "./irf_collection.ts";
export {
  createSystematic,
  inverseSystematic,
  type IrfSystematic,
  irfSystematics,
  type SystematicDefinition,
  systematicMap,
  type SystematicMapContext,
  type SystematicParameter,
  type SystematicParameters,
  systematicReduced,
  systematicTables,
} from "./systematics.ts";
export {
  readReduced,
  readReducedFile,
  type ReadReducedOptions,
  reducedHdus,
} from "./reduced_fits.ts";
