/** HEALPix pixels in a disc or a region. */
import { DEG, wrapLonDeg } from "./_degrees.ts";
import {
  PLACE,
  ringAbove,
  ringLatDeg,
  ringLength,
  ringShift,
  ringStart,
  takeApart,
} from "./_healpix_kernel.ts";
import { outlineComesNear } from "./_healpix_edges.ts";
import { unitVector } from "./_region_icrs.ts";
import { boundingCircle } from "./bounding_circle.ts";
import { createHealpixGrid, type HealpixGrid, healpixNpix } from "./healpix_grid.ts";
import { ringToNestInto } from "./healpix_order.ts";
import { angToPix, pixToAngInto } from "./healpix_position.ts";
import type { Region } from "./region.ts";
import { regionSelector } from "./region_contains.ts";
import { separationDeg } from "./separation.ts";
import { convertFrame, galacticToIcrsInto, type SkyFrame, type SkyPosition } from "./sky_frame.ts";

/** A disc on the sky, and which pixels of it. */
export interface DiscQuery {
  /** Centre in the frame of the grid, deg. */
  readonly center: SkyPosition;
  /** Radius, deg, in [0, 180]. */
  readonly radiusDeg: number;
  /** false: pixels whose centre is inside; true: pixels that overlap the disc. false where absent. */
  readonly inclusive?: boolean;
}

/** No corner of a pixel is farther from its centre than this over nside, rad; tested. */
export const PIXEL_RADIUS = 1.2;

/** First and last place along a ring whose centres are inside a circle; undefined for none. */
function insideRing(
  n: number,
  jr: number,
  center: SkyPosition,
  radiusDeg: number,
): readonly [number, number] | undefined {
  const length = ringLength(n, jr), shift = ringShift(n, jr), latDeg = ringLatDeg(n, jr);
  const isInside = (ip: number): boolean =>
    separationDeg(center, { lonDeg: (ip + shift) * 360 / length, latDeg }) < radiusDeg;
  const sinRadius = Math.sin(radiusDeg * DEG / 2),
    sinLat = Math.sin((latDeg - center.latDeg) * DEG / 2);
  const h = (sinRadius * sinRadius - sinLat * sinLat) /
    (Math.cos(latDeg * DEG) * Math.cos(center.latDeg * DEG));
  const half = 2 * Math.asin(Math.sqrt(Math.min(Math.max(h, 0), 1))) / DEG;
  const at = (lonDeg: number): number => lonDeg * length / 360 - shift;
  let low = Math.ceil(at(center.lonDeg - half)), high = Math.floor(at(center.lonDeg + half));
  high = Math.min(high, low + length - 1);
  if (low > high) low = high = Math.round(at(center.lonDeg));
  // the formula may be off by rounding: the separation decides
  while (low <= high && !isInside(low)) low++;
  if (low > high) return undefined;
  while (!isInside(high)) high--;
  while (high - low + 1 < length && isInside(low - 1)) low--;
  while (high - low + 1 < length && isInside(high + 1)) high++;
  return [low, high];
}

/** RING pixels whose centres are inside a circle, ascending. */
function ringDisc(n: number, center: SkyPosition, radiusDeg: number): Float64Array {
  const north = center.latDeg + radiusDeg, south = center.latDeg - radiusDeg;
  const top = north >= 90 ? 1 : Math.max(1, ringAbove(n, north));
  const bottom = south <= -90 ? 4 * n - 1 : Math.min(4 * n - 1, ringAbove(n, south) + 1);
  const ranges: number[] = [];
  let count = 0;
  for (let jr = top; jr <= bottom; jr++) {
    const found = insideRing(n, jr, center, radiusDeg);
    if (found === undefined) continue;
    const length = ringLength(n, jr), start = ringStart(n, jr), size = found[1] - found[0] + 1;
    const low = ((found[0] % length) + length) % length, over = low + size - length;
    if (over > 0) ranges.push(start, over);
    ranges.push(start + low, over > 0 ? size - over : size);
    count += size;
  }
  const out = new Float64Array(count);
  let at = 0;
  for (let k = 0; k < ranges.length; k += 2) {
    for (let i = 0; i < ranges[k + 1]!; i++) out[at++] = ranges[k]! + i;
  }
  return out;
}

/**
 * The pixels of a disc: those whose centre is nearer than the radius, or with `inclusive` those that
 * have any point in common with it.
 *
 * @param grid the grid
 * @param query see {@linkcode DiscQuery}
 * @returns pixels in ascending order, a new array
 * @throws RangeError for a centre that is not on the sphere, or a radius outside [0, 180] deg
 * @example
 * ```ts
 * import { createHealpixGrid, queryDisc } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 1 }), center = { lonDeg: 45, latDeg: 41 };
 * assert.deepEqual([...queryDisc(grid, { center, radiusDeg: 10 })], [0]);
 * assert.deepEqual([...queryDisc(grid, { center, radiusDeg: 0, inclusive: true })], [0]);
 * ```
 *
 * Source: strict queries agree with healpy.query_disc. healpy's inclusive ones list some pixels more
 * that do not overlap; here none is listed that is farther away than 1e-7 of its size.
 */
export function queryDisc(grid: HealpixGrid, query: DiscQuery): Float64Array {
  const { center: { lonDeg, latDeg }, radiusDeg, inclusive = false } = query, { nside } = grid;
  if (!(Number.isFinite(lonDeg) && Math.abs(latDeg) <= 90)) {
    throw new RangeError(
      `center: found (${lonDeg}, ${latDeg}) deg, expected a place on the sphere`,
    );
  }
  if (!(radiusDeg >= 0 && radiusDeg <= 180)) {
    throw new RangeError(`radiusDeg: found ${radiusDeg}, expected a number in [0, 180]`);
  }
  const center = { lonDeg: wrapLonDeg(lonDeg), latDeg };
  const pix = inclusive
    ? overlapping(nside, center, radiusDeg)
    : ringDisc(nside, center, radiusDeg);
  return grid.order === "ring" ? pix : ringToNestInto(nside, pix, pix).sort();
}

function allPixels(grid: HealpixGrid): Float64Array {
  return new Float64Array(healpixNpix(grid)).map((_, i) => i);
}

/** RING pixels that overlap a disc, ascending. */
function overlapping(nside: number, center: SkyPosition, radiusDeg: number): Float64Array {
  const grid = createHealpixGrid({ nside }), n = nside, holder = angToPix(grid, center);
  const wide = radiusDeg + PIXEL_RADIUS / n / DEG;
  const candidates = wide >= 180 ? allPixels(grid) : ringDisc(n, center, wide);
  const sky = {
    lonDeg: new Float64Array(candidates.length),
    latDeg: new Float64Array(candidates.length),
  };
  pixToAngInto(grid, candidates, sky);
  const vector = unitVector(center),
    reach = 2 * Math.sin(radiusDeg * DEG / 2) * (1 + 1e-15) + 1e-15;
  let count = 0;
  for (let i = 0; i < candidates.length; i++) {
    const p = candidates[i]!, position = { lonDeg: sky.lonDeg[i]!, latDeg: sky.latDeg[i]! };
    candidates[count] = p;
    if (p === holder || separationDeg(center, position) < radiusDeg) {
      count++;
      continue;
    }
    takeApart(grid, p);
    const place = { n, x: PLACE[0]!, y: PLACE[1]!, face: PLACE[2]! };
    count += +outlineComesNear(place, vector, reach);
  }
  return candidates.slice(0, count);
}

/**
 * The pixels whose centre is in a region.
 *
 * @param grid the grid
 * @param region the region, in any frame
 * @param options `frame` of the grid, "icrs" where absent
 * @returns pixels in ascending order, a new array
 * @throws RangeError for a polygon that does not fit into a hemisphere
 * @example
 * ```ts
 * import { createHealpixGrid, createRegion, queryRegion } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const region = createRegion({
 *   kind: "circle",
 *   frame: "galactic",
 *   lonDeg: 45,
 *   latDeg: 41,
 *   radiusDeg: 10,
 * });
 * const grid = createHealpixGrid({ nside: 1 });
 * assert.deepEqual([...queryRegion(grid, region, { frame: "galactic" })], [0]);
 * ```
 *
 * Source: regionContains of this module decides for every pixel; circles agree with healpy.query_disc.
 */
export function queryRegion(
  grid: HealpixGrid,
  region: Region,
  options: { readonly frame?: SkyFrame } = {},
): Float64Array {
  const { frame = "icrs" } = options, bound = boundingCircle(region);
  // wider than exact, so that rounding of the bound loses nothing
  const radiusDeg = bound.radiusDeg * (1 + 1e-9) + 1e-9;
  const center = convertFrame(bound, { from: "icrs", to: frame });
  const candidates = radiusDeg < 180 ? queryDisc(grid, { center, radiusDeg }) : allPixels(grid);
  const n = candidates.length, lonDeg = new Float64Array(n), latDeg = new Float64Array(n);
  const sky = pixToAngInto(grid, candidates, { lonDeg, latDeg });
  if (frame === "galactic") galacticToIcrsInto(sky, sky);
  const inside = new Uint32Array(n), count = regionSelector(region)(lonDeg, latDeg, n, inside);
  return Float64Array.from(inside.subarray(0, count), (i) => candidates[i]!);
}
