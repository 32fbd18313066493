/** Positions to HEALPix pixels, and pixels to the positions of their centres. */
import {
  angToNest,
  angToRing,
  FACE_LON,
  FACE_RING,
  nestToXyf,
  PLACE,
  ringLatDeg,
  ringLength,
  ringOfPixel,
  ringShift,
  ringStart,
} from "./_healpix_kernel.ts";
import { type HealpixGrid, healpixNpix, isPixel } from "./healpix_grid.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";

/** Pixel numbers: Int32Array for grids below 2³¹ pixels (nside <= 13377), Float64Array for any. */
export type PixelNumbers = Float64Array | Int32Array;

/** Throws where `out` has no room for n pixel numbers of the grid. */
export function checkPixelNumbers(grid: HealpixGrid, out: PixelNumbers, n: number): void {
  if (out.length < n) throw new TypeError(`out: found room for ${out.length}, expected ${n}`);
  if (out instanceof Int32Array && healpixNpix(grid) > 2 ** 31) {
    throw new TypeError(
      `out: found an Int32Array for ${healpixNpix(grid)} pixels, expected a Float64Array`,
    );
  }
}

/**
 * The pixel that holds a position.
 *
 * @param grid the grid
 * @param position longitude (any turn) and latitude in the frame of the grid, deg
 * @returns the pixel; -1 where a coordinate is not finite or the latitude beyond ±90°
 * @example
 * ```ts
 * import { angToPix, createHealpixGrid } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 8 });
 * assert.equal(angToPix(grid, { lonDeg: 83.63, latDeg: 22.01 }), 247);
 * assert.equal(angToPix(grid, { lonDeg: 0, latDeg: 91 }), -1);
 * ```
 *
 * Source: Górski et al. 2005, section 5; agrees with healpy.ang2pix(lonlat=True).
 */
export function angToPix(grid: HealpixGrid, position: SkyPosition): number {
  const { nside, order } = grid;
  return order === "ring"
    ? angToRing(nside, position.lonDeg, position.latDeg)
    : angToNest(nside, 31 - Math.clz32(nside), position.lonDeg, position.latDeg);
}

/**
 * The pixels that hold a column of positions; see {@linkcode angToPix}.
 *
 * @param grid the grid
 * @param positions longitudes and latitudes in the frame of the grid, deg
 * @param out takes a pixel, or -1, for each longitude; an Int32Array below 2³¹ pixels only
 * @returns `out`
 * @throws TypeError where a column or `out` is too short, or an Int32Array cannot hold the numbers
 * @example
 * ```ts
 * import { angToPixInto, createHealpixGrid } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(83.63, NaN), latDeg: Float64Array.of(22.01, 0) };
 * const grid = createHealpixGrid({ nside: 32, order: "nested" });
 * assert.deepEqual([...angToPixInto(grid, sky, new Int32Array(2))], [6046, -1]);
 * ```
 *
 * Source: Górski et al. 2005, section 5; agrees with healpy.ang2pix(lonlat=True).
 */
export function angToPixInto<T extends PixelNumbers>(
  grid: HealpixGrid,
  positions: SkyColumns,
  out: T,
): T {
  const { lonDeg, latDeg } = positions, n = lonDeg.length, { nside } = grid;
  if (latDeg.length < n) {
    throw new TypeError(
      `Found ${n} longitudes and ${latDeg.length} latitudes: expected one length`,
    );
  }
  checkPixelNumbers(grid, out, n);
  const into: PixelNumbers = out;
  if (grid.order === "ring") {
    for (let i = 0; i < n; i++) into[i] = angToRing(nside, lonDeg[i]!, latDeg[i]!);
  } else {
    const k = 31 - Math.clz32(nside);
    for (let i = 0; i < n; i++) into[i] = angToNest(nside, k, lonDeg[i]!, latDeg[i]!);
  }
  return out;
}

/**
 * The centre of a pixel.
 *
 * @param grid the grid
 * @param pix the pixel
 * @returns longitude in [0, 360) and latitude, deg; NaN where there is no such pixel
 * @example
 * ```ts
 * import { createHealpixGrid, pixToAng } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const { lonDeg, latDeg } = pixToAng(createHealpixGrid({ nside: 1 }), 4);
 * assert.deepEqual([lonDeg, latDeg], [0, 0]);
 * ```
 *
 * Source: Górski et al. 2005, section 5; agrees with healpy.pix2ang(lonlat=True).
 */
export function pixToAng(grid: HealpixGrid, pix: number): SkyPosition {
  const one = { lonDeg: new Float64Array(1), latDeg: new Float64Array(1) };
  pixToAngInto(grid, Float64Array.of(pix), one);
  return Object.freeze({ lonDeg: one.lonDeg[0]!, latDeg: one.latDeg[0]! });
}

/**
 * The centres of a column of pixels; see {@linkcode pixToAng}.
 *
 * @param grid the grid
 * @param pix the pixels; what is none, as -1, gives NaN
 * @param into columns of at least that length that take the result
 * @returns `into`
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { createHealpixGrid, pixToAngInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const into = { lonDeg: new Float64Array(2), latDeg: new Float64Array(2) };
 * pixToAngInto(createHealpixGrid({ nside: 1 }), Int32Array.of(4, -1), into);
 * assert.deepEqual([...into.lonDeg], [0, NaN]);
 * ```
 *
 * Source: Górski et al. 2005, section 5; agrees with healpy.pix2ang(lonlat=True).
 */
export function pixToAngInto(grid: HealpixGrid, pix: PixelNumbers, into: SkyColumns): SkyColumns {
  const n = pix.length;
  if (into.lonDeg.length < n || into.latDeg.length < n) {
    throw new TypeError(
      `into: found room for ${into.lonDeg.length} longitudes and ${into.latDeg.length} latitudes, ` +
        `expected ${n}`,
    );
  }
  if (grid.order === "ring") ringCenters(grid, pix, into);
  else nestedCenters(grid, pix, into);
  return into;
}

function ringCenters(grid: HealpixGrid, pix: PixelNumbers, into: SkyColumns): void {
  const { nside } = grid, { lonDeg, latDeg } = into, npix = healpixNpix(grid);
  // neighbours in a list mostly share a ring
  let start = 0, end = 0, shift = 0, step = 0, lat = 0;
  for (let i = 0; i < pix.length; i++) {
    const p = pix[i]!;
    if (!isPixel(p, npix)) {
      lonDeg[i] = latDeg[i] = NaN;
      continue;
    }
    if (p < start || p >= end) {
      const jr = ringOfPixel(nside, p), length = ringLength(nside, jr);
      start = ringStart(nside, jr);
      end = start + length;
      shift = ringShift(nside, jr);
      step = length / 4;
      lat = ringLatDeg(nside, jr);
    }
    lonDeg[i] = (p - start + shift) * 90 / step;
    latDeg[i] = lat;
  }
}

function nestedCenters(grid: HealpixGrid, pix: PixelNumbers, into: SkyColumns): void {
  const { nside } = grid, { lonDeg, latDeg } = into, npix = healpixNpix(grid);
  for (let i = 0; i < pix.length; i++) {
    const p = pix[i]!;
    if (!isPixel(p, npix)) {
      lonDeg[i] = latDeg[i] = NaN;
      continue;
    }
    nestToXyf(nside, p);
    const x = PLACE[0]!, y = PLACE[1]!, face = PLACE[2]!;
    const jr = FACE_RING[face]! * nside - x - y - 1, nr = ringLength(nside, jr) / 4;
    let twice = FACE_LON[face]! * nr + x - y;
    if (twice < 0) twice += 8 * nr;
    lonDeg[i] = twice * 45 / nr;
    latDeg[i] = ringLatDeg(nside, jr);
  }
}
