/**
 * The pixels around a HEALPix pixel.
 *
 * Beyond the sides of its face a pixel's neighbour lies in another face, whose columns and rows run the
 * same way (belt and poleward sides) or are turned by a right angle (between two polar faces).
 */
import { numberOf, PLACE, takeApart } from "./_healpix_kernel.ts";
import { checkPixel, type HealpixGrid, healpixNpix, isPixel } from "./healpix_grid.ts";
import { checkPixelNumbers, type PixelNumbers } from "./healpix_position.ts";

/** Steps in x and y to SW, W, NW, N, NE, E, SE, S. */
const STEP_X = Int8Array.of(-1, -1, 0, 1, 1, 1, 0, -1);
const STEP_Y = Int8Array.of(0, 1, 1, 1, 0, -1, -1, -1);

/** The pixel at (x, y) of a face, where one or both of them are one step outside [0, n); -1 for none. */
function across(grid: HealpixGrid, x: number, y: number, face: number): number {
  const n = grid.nside, last = n - 1, k = face & 3, next = (k + 1) & 3, previous = (k + 3) & 3;
  const right = x > last, left = x < 0, up = y > last, down = y < 0;
  if (face < 4) {
    if (right) {
      if (up) return numberOf(grid, last, last, (k + 2) & 3);
      return down ? -1 : numberOf(grid, y, last, next);
    }
    if (up) return left ? -1 : numberOf(grid, last, x, previous);
    if (left) {
      return down ? numberOf(grid, last, last, k + 8) : numberOf(grid, last, y, k + 4);
    }
    return numberOf(grid, x, last, next + 4);
  }
  if (face < 8) {
    if (right) {
      if (up) return -1;
      return down ? numberOf(grid, 0, last, next + 4) : numberOf(grid, 0, y, k);
    }
    if (up) return left ? numberOf(grid, last, 0, previous + 4) : numberOf(grid, x, 0, previous);
    if (left) return down ? -1 : numberOf(grid, last, y, previous + 8);
    return numberOf(grid, x, last, k + 8);
  }
  if (left) {
    if (down) return numberOf(grid, 0, 0, ((k + 2) & 3) + 8);
    return up ? -1 : numberOf(grid, y, 0, previous + 8);
  }
  if (down) return right ? -1 : numberOf(grid, 0, x, next + 8);
  if (right) return up ? numberOf(grid, 0, 0, k) : numberOf(grid, 0, y, next + 4);
  return numberOf(grid, x, 0, k + 4);
}

/** Writes the eight neighbours of a pixel. */
function writeNeighbours(
  grid: HealpixGrid,
  pix: number,
  out: PixelNumbers,
  at: number,
): void {
  takeApart(grid, pix);
  const x = PLACE[0]!, y = PLACE[1]!, face = PLACE[2]!, last = grid.nside - 1;
  const isInner = x > 0 && y > 0 && x < last && y < last;
  for (let i = 0; i < 8; i++) {
    const u = x + STEP_X[i]!, v = y + STEP_Y[i]!;
    out[at + i] = isInner || (u >= 0 && v >= 0 && u <= last && v <= last)
      ? numberOf(grid, u, v, face)
      : across(grid, u, v, face);
  }
}

/**
 * The eight pixels around a pixel, in the order SW, W, NW, N, NE, E, SE, S.
 *
 * Where three faces meet, a pixel has no neighbour to one side: -1 there.
 *
 * @param grid the grid
 * @param pix the pixel
 * @returns eight pixels or -1, a new array
 * @throws RangeError where there is no such pixel
 * @example
 * ```ts
 * import { createHealpixGrid, healpixNeighbours } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 1 });
 * assert.deepEqual([...healpixNeighbours(grid, 0)], [4, -1, 3, 2, 1, -1, 5, 8]);
 * ```
 *
 * Source: Górski et al. 2005, section 4 (the layout of faces); agrees with healpy.get_all_neighbours.
 */
export function healpixNeighbours(grid: HealpixGrid, pix: number): Float64Array {
  checkPixel(grid, pix);
  const out = new Float64Array(8);
  writeNeighbours(grid, pix, out, 0);
  return out;
}

/**
 * The neighbours of a column of pixels; see {@linkcode healpixNeighbours}.
 *
 * @param grid the grid
 * @param pix the pixels; what is none, as -1, has eight times -1
 * @param out takes eight pixels or -1 for each pixel, one pixel after the other
 * @returns `out`
 * @throws TypeError where `out` is too short, or an Int32Array cannot hold the numbers
 * @example
 * ```ts
 * import { createHealpixGrid, healpixNeighboursInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 4, order: "nested" });
 * const out = healpixNeighboursInto(grid, Int32Array.of(3, 6), new Int32Array(16));
 * assert.deepEqual([...out.subarray(0, 8)], [2, 8, 9, 12, 6, 4, 1, 0]);
 * ```
 *
 * Source: agrees with healpy.get_all_neighbours.
 */
export function healpixNeighboursInto<T extends PixelNumbers>(
  grid: HealpixGrid,
  pix: PixelNumbers,
  out: T,
): T {
  checkPixelNumbers(grid, out, 8 * pix.length);
  const npix = healpixNpix(grid);
  for (let i = 0; i < pix.length; i++) {
    const p = pix[i]!;
    if (isPixel(p, npix)) writeNeighbours(grid, p, out, 8 * i);
    else out.fill(-1, 8 * i, 8 * i + 8);
  }
  return out;
}
