/**
 * HEALPix grids: 12 nside² pixels of one area, numbered along rings of latitude or as a quadtree.
 *
 * Source: Górski et al. 2005, ApJ 622, 759.
 */
import { DEG } from "./_degrees.ts";

/** A HEALPix pixelisation of the sphere. It has no frame: positions are in that of the caller. */
export interface HealpixGrid {
  /** Pixels along the side of each of the twelve base pixels, 1 to 2²⁴. */
  readonly nside: number;
  /** Numbering: "ring" from the north pole along rings, "nested" as a quadtree (nside a power of two). */
  readonly order: "ring" | "nested";
}

/** The largest nside: NUNIQ numbers of its pixels, below 2⁵², are still exact as plain numbers. */
export const MAX_NSIDE: number = 2 ** 24;

/** Whether a number is a power of two from 1 to 2²⁴. */
function isPowerOfTwo(nside: number): boolean {
  return nside >= 1 && nside <= MAX_NSIDE && 2 ** Math.round(Math.log2(nside)) === nside;
}

/**
 * A HEALPix grid.
 *
 * @param options `nside`: an integer from 1 to 2²⁴, a power of two where `order` is "nested"; `order`:
 * "ring" where absent
 * @returns a frozen record
 * @throws RangeError for another nside or order
 * @example
 * ```ts
 * import { createHealpixGrid } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(createHealpixGrid({ nside: 3 }).order, "ring");
 * assert.throws(() => createHealpixGrid({ nside: 3, order: "nested" }), /power of two/);
 * ```
 *
 * Source: Górski et al. 2005, section 4.
 */
export function createHealpixGrid(
  options: { readonly nside: number; readonly order?: HealpixGrid["order"] },
): HealpixGrid {
  const { nside, order = "ring" } = options;
  if (order !== "ring" && order !== "nested") {
    throw new RangeError(`order: found "${order}", expected "ring" or "nested"`);
  }
  if (!(Number.isInteger(nside) && nside >= 1 && nside <= MAX_NSIDE)) {
    throw new RangeError(`nside: found ${nside}, expected an integer from 1 to 2^24`);
  }
  if (order === "nested" && !isPowerOfTwo(nside)) {
    throw new RangeError(
      `nside: found ${nside}, expected a power of two for the nested order. Take one, or order "ring"`,
    );
  }
  return Object.freeze({ nside, order });
}

/**
 * Number of pixels of a grid, 12 nside².
 *
 * @param grid the grid
 * @returns the number, below 2⁵²
 * @example
 * ```ts
 * import { createHealpixGrid, healpixNpix } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(healpixNpix(createHealpixGrid({ nside: 64 })), 49152);
 * ```
 *
 * Source: Górski et al. 2005, section 3.
 */
export function healpixNpix(grid: HealpixGrid): number {
  return 12 * grid.nside * grid.nside;
}

/**
 * Solid angle of a pixel, π / (3 nside²).
 *
 * @param grid the grid
 * @returns the solid angle, sr; the same for all pixels
 * @example
 * ```ts
 * import { createHealpixGrid, healpixNpix, healpixSolidAngleSr } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 8 });
 * assert.ok(Math.abs(healpixNpix(grid) * healpixSolidAngleSr(grid) - 4 * Math.PI) < 1e-14);
 * ```
 *
 * Source: Górski et al. 2005, section 3; agrees with healpy.nside2pixarea.
 */
export function healpixSolidAngleSr(grid: HealpixGrid): number {
  return Math.PI / (3 * grid.nside * grid.nside);
}

/**
 * Size of a pixel: the side of a square of its solid angle.
 *
 * @param grid the grid
 * @returns the size, deg
 * @example
 * ```ts
 * import { createHealpixGrid, healpixResolutionDeg } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const size = healpixResolutionDeg(createHealpixGrid({ nside: 64 }));
 * assert.ok(Math.abs(size - 0.916) < 1e-3);
 * ```
 *
 * Source: agrees with healpy.nside2resol.
 */
export function healpixResolutionDeg(grid: HealpixGrid): number {
  return Math.sqrt(healpixSolidAngleSr(grid)) / DEG;
}

/** Whether a number is one of npix pixels. */
export function isPixel(pix: number, npix: number): boolean {
  return pix >= 0 && pix < npix && pix === Math.floor(pix);
}

/** Throws RangeError unless `pix` is a pixel of the grid. */
export function checkPixel(grid: HealpixGrid, pix: number): void {
  const npix = healpixNpix(grid);
  if (!isPixel(pix, npix)) {
    throw new RangeError(
      `Pixel ${pix} is not one of the grid with nside ${grid.nside}: expected an integer from 0 to ${
        npix - 1
      }`,
    );
  }
}
