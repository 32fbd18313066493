/**
 * The sky: frames, angles between positions, world coordinate systems of images, and regions.
 *
 * @module
 */
export {
  checkFrame,
  convertFrame,
  galacticToIcrs,
  galacticToIcrsInto,
  ICRS_TO_GALACTIC,
  icrsToGalactic,
  icrsToGalacticInto,
  type SkyColumns,
  type SkyFrame,
  type SkyPosition,
} from "./sky_frame.ts";
export {
  offsetBy,
  positionAngleDeg,
  positionAngleDegInto,
  separationDeg,
  separationDegInto,
} from "./separation.ts";
export {
  createWcs,
  type Matrix2,
  PROJECTION_CODES,
  type ProjectionCode,
  type Wcs,
  type WcsOptions,
} from "./wcs.ts";
export {
  type PixelColumns,
  type PixelPosition,
  pixelToWorld,
  pixelToWorldInto,
  worldToPixel,
  worldToPixelInto,
} from "./wcs_transform.ts";
export { type HeaderCards, wcsFromHeader, wcsToHeader } from "./wcs_header.ts";
export { pixelSolidAnglesInto, pixelSolidAngleSr } from "./pixel_solid_angle.ts";
export { type PixelIndexer, roundHalfEven, wcsPixelIndexer } from "./wcs_pixel_indexer.ts";
export {
  type AnnulusRegion,
  type CircleRegion,
  type CompoundRegion,
  createRegion,
  type EllipseRegion,
  type PointRegion,
  type PolygonRegion,
  type RectangleRegion,
  type Region,
  type RegionOf,
  type SimpleRegion,
} from "./region.ts";
export { regionContains, type RegionSelector, regionSelector } from "./region_contains.ts";
export { type BoundingCircle, boundingCircle } from "./bounding_circle.ts";
export { formatRegions, parseRegions } from "./ds9_regions.ts";
export { regionSolidAngleSr } from "./region_solid_angle.ts";
