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
  pixelIndexer,
  type SkyGeom,
  solidAngleSr,
} from "./sky_geom.ts";
export { createSkyMap, mapOf, type SkyMap, type SkyMapOptions, sliceMap } from "./sky_map.ts";
export { mapHdus, type MapToWrite } from "./map_fits.ts";
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
