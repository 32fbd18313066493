/**
 * The one N-dimensional model under maps, instrument responses and light curves: axes, arrays with
 * validity, variance and units, and interpolation.
 *
 * @module
 */
export { binIndex, binIndices, type Bins } from "./bin_lookup.ts";
export { linearEdges, logEdges } from "./edges.ts";
export {
  type AxisInterp,
  binWidths,
  coordToPix,
  createMapAxis,
  energyAxis,
  type EnergyAxisOptions,
  type MapAxis,
  type MapAxisOptions,
  pixToCoord,
} from "./map_axis.ts";
export {
  type AxisEpoch,
  createTimeAxis,
  type TimeAxis,
  type TimeAxisOptions,
  timeIndex,
} from "./time_axis.ts";
export { createLabelAxis, type LabelAxis, labelIndex } from "./label_axis.ts";
export { type Axis, axisEquals, axisIndex, axisKey, sliceAxis, squashAxis } from "./axis.ts";
export {
  type AxisGroups,
  binsInside,
  concatAxes,
  downsampleAxis,
  snapEdges,
  upsampleAxis,
} from "./rebin_axis.ts";
export {
  createGridInterpolator,
  type GridInterpolator,
  type GridInterpolatorOptions,
  type GridNodes,
  gridNodes,
  type ValuesScale,
} from "./grid_interpolator.ts";
export { type BitPlanes, createBitPlanes, planeFlags, selectPlanes } from "./bit_planes.ts";
export {
  createNDArr,
  type NDArr,
  type NDArrOptions,
  type NumericArray,
  type ParentGrid,
  type Place,
} from "./nd_arr.ts";
export { type Uncertainty, uncertaintyOf } from "./uncertainty.ts";
export {
  add,
  type ArithmeticOptions,
  divide,
  multiply,
  type Operand,
  type Quantity,
  subtract,
  validOf,
} from "./arithmetic.ts";
export { applyFunction, convertUnit, power, type PureFunctionName, sqrt } from "./functions.ts";
export { type Cut, sliceArray, sliceInParent } from "./slice.ts";
export {
  createNDData,
  dataPixelToWorld,
  dataWorldToPixel,
  type NDData,
  type NDDataOptions,
  sliceData,
  type WorldCoordinates,
} from "./nd_data.ts";
export {
  combineMeta,
  createMeta,
  type Creation,
  EMPTY_META,
  type Json,
  type Meta,
  type ObservationMeta,
  type ProvenanceStep,
  type TargetMeta,
} from "./meta.ts";
export { cutout, type CutoutOptions } from "./cutout.ts";
export { blockReduce, blockReplicate } from "./blocks.ts";
