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
export { pixelToPixelInto } from "./pixel_to_pixel.ts";
export { type TanMatrix, tanMatrix } from "./tan_matrix.ts";
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
export {
  createHealpixGrid,
  type HealpixGrid,
  healpixNpix,
  healpixResolutionDeg,
  healpixSolidAngleSr,
} from "./healpix_grid.ts";
export {
  angToPix,
  angToPixInto,
  type PixelNumbers,
  pixToAng,
  pixToAngInto,
} from "./healpix_position.ts";
export { nestToRing, nestToRingInto, ringToNest, ringToNestInto } from "./healpix_order.ts";
export { healpixChildren, healpixParent, healpixParentInto } from "./healpix_tree.ts";
export { fromUniq, type NestedCell, uniqOf } from "./healpix_uniq.ts";
export {
  createHealpixCells,
  healpixCellCenters,
  healpixCellOf,
  healpixCellOfInto,
  type HealpixCells,
  healpixCellSolidAnglesSr,
} from "./healpix_cells.ts";
export { healpixNeighbours, healpixNeighboursInto } from "./healpix_neighbours.ts";
export {
  type InterpolationWeights,
  interpolationWeights,
  interpolationWeightsInto,
} from "./healpix_interpolation.ts";
export { pixelBoundary } from "./healpix_boundary.ts";
export { type DiscQuery, queryDisc, queryRegion } from "./healpix_query.ts";
export { createSite, OBSERVATORIES, observatory, type Site, siteFromHeader } from "./site.ts";
export type { Matrix3, Vector3 } from "./_matrix.ts";
export { createHorizontalFrame, type HorizontalFrame } from "./horizontal_frame.ts";
export {
  airmass,
  altAzToIcrs,
  altAzToIcrsInto,
  icrsToAltAz,
  icrsToAltAzInto,
  parallacticAngleDeg,
  zenithIcrs,
} from "./altaz.ts";
export { altAzToIcrsTimesInto, type HorizontalTimes, icrsToAltAzTimesInto } from "./altaz_times.ts";
export {
  type FovAlignment,
  type FovOptions,
  fovToSky,
  fovToSkyInto,
  skyToFov,
  skyToFovInto,
} from "./fov_frame.ts";
