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
export { createRegionGeom, type RegionGeom, regionOfBin, type RegionsAlong } from "./region_geom.ts";
export { NO_SKY, type NoSkyGeom } from "./no_sky_geom.ts";
export { createHpxGeom, type HpxGeom, type HpxGeomOptions, type HpxPart } from "./hpx_geom.ts";
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
