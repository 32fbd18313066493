/**
 * Maps: images and cubes of the sky on a geometry.
 *
 * @module
 */
export {
  createWcsGeom,
  geomCenters,
  type GeomPixel,
  geomPixel,
  solidAngleSr,
  type WcsGeom,
  wcsGeomOf,
  type WcsGeomOptions,
} from "./wcs_geom.ts";
export { pixelIndexer } from "./pixel_indexer.ts";
export { mapHdus, type MapToWrite } from "./map_fits.ts";
