/**
 * Maps: images and cubes of the sky on a geometry.
 *
 * @module
 */
export {
  createWcsGeom,
  type GeomPixel,
  geomPixel,
  type WcsGeom,
  wcsGeomOf,
  type WcsGeomOptions,
} from "./wcs_geom.ts";
export {
  createRegionGeom,
  type RegionGeom,
  regionOfBin,
  type RegionsAlong,
} from "./region_geom.ts";
export { NO_SKY, type NoSkyGeom } from "./no_sky_geom.ts";
export {
  createHpxGeom,
  hpxCenters,
  type HpxGeom,
  type HpxGeomOptions,
  hpxIndex,
  hpxIndexInto,
  type HpxPart,
  hpxPixelIndexer,
  hpxSolidAngles,
} from "./hpx_geom.ts";
export { hpxInterpolation, hpxInterpolationInto } from "./hpx_interpolation.ts";
export { hpxPixels, hpxToGlobal, hpxToLocal } from "./hpx_pixels.ts";
export {
  formatHpxRegion,
  type HpxDisk,
  type HpxInclusiveDisk,
  type HpxPixel,
  type HpxRegion,
  hpxRegionPixels,
  parseHpxRegion,
} from "./hpx_region.ts";
export {
  type HpxCutout,
  hpxCutout,
  hpxDowngrade,
  type HpxResized,
  hpxUpgrade,
} from "./hpx_resize.ts";
export {
  type GeomCenters,
  geomCenters,
  geomEquals,
  geomIndexInto,
  geomPixels,
  type PixelGeom,
  pixelIndexer,
  type SkyGeom,
  solidAngleSr,
} from "./sky_geom.ts";
export { createSkyMap, mapOf, type SkyMap, type SkyMapOptions, sliceMap } from "./sky_map.ts";
export { mapHdus, type MapHdusOptions } from "./map_fits.ts";
export { mapFormats } from "./map_formats_fits.ts";
export type {
  MapFormat,
  MapHdu,
  ReadMapOptions,
  WriteMapOptions,
} from "./formats/map_format_fits.ts";
export { type FitsMapOptions, readFitsMap, readFitsMaps } from "./read_map_fits.ts";
export {
  openMaps,
  readMap,
  type ReadMapFileOptions,
  writeMap,
  type WriteMapFileOptions,
} from "./map_io.ts";
export {
  ndDataHdus,
  type NDDataHdusOptions,
  readNDArr,
  readNDData,
  type ReadNDDataOptions,
} from "./nddata_fits.ts";
export { createImage, type Image, type ImageOptions } from "./image.ts";
export type { MapCoords } from "./map_coords.ts";
export { valuesAt } from "./map_values.ts";
export {
  interpolateMap,
  type InterpolateMapOptions,
  type MapInterpolator,
  mapInterpolator,
} from "./map_interpolator.ts";
export {
  cumsumMap,
  normalizeMap,
  type OverAxesOptions,
  type ReduceMethod,
  type ReduceOptions,
  reduceOverAxes,
  sumOverAxes,
  toImage,
} from "./map_reduce.ts";
export { dotMap } from "./map_dot.ts";
export { integrateMap, type IntegrateMapOptions } from "./map_integrate.ts";
export { regionValid, regionWeights, type RegionWeightsOptions } from "./region_weights.ts";
export { broadcastMap, reorderAxes, toCube } from "./map_axes.ts";
export {
  cropMap,
  cutoutMap,
  type CutoutMapOptions,
  geomCutout,
  type MarginOptions,
  padMap,
  type PadMapOptions,
} from "./map_cutout.ts";
export type { PartOfSky } from "./_wcs_parts.ts";
export type { PadMode } from "./_resample.ts";
export {
  downsampleMap,
  type DownsampleMapOptions,
  rebinMap,
  type RebinMapOptions,
  upsampleMap,
  type UpsampleMapOptions,
} from "./map_resample.ts";
export { stackMaps, type StackMapsOptions, type StackPart } from "./map_stack.ts";
export {
  convolveMap,
  type ImageKernel,
  imageKernel,
  type ImageKernelOptions,
  smoothMap,
  type SmoothMapOptions,
} from "./map_filter.ts";
export { applyMask, maskAnd, maskNot, maskOr, maskXor } from "./mask_algebra.ts";
export {
  energyMask,
  type EnergyMaskOptions,
  regionMask,
  type RegionMaskOptions,
  regionWeightsMap,
} from "./map_masks.ts";
export {
  boundaryMask,
  type BoundaryMaskOptions,
  dilateMask,
  erodeMask,
  type MaskRadiusOptions,
} from "./mask_shapes.ts";
export { reprojectMap, type ReprojectMapOptions } from "./map_reproject.ts";
export { interpolateToGeom, type InterpolateToGeomOptions } from "./map_to_geom.ts";
export { toRegionMap, type ToRegionMapOptions } from "./region_map.ts";
export {
  createPlaneMaps,
  mapPlanes,
  type PlaneMaps,
  planesOf,
  planeTotals,
  reprojectPlanes,
} from "./plane_maps.ts";
