/** The tree of coarser and finer HEALPix grids. */
import { numberOf, PLACE, takeApart } from "./_healpix_kernel.ts";
import {
  checkPixel,
  createHealpixGrid,
  type HealpixGrid,
  healpixNpix,
  isPixel,
} from "./healpix_grid.ts";
import { checkPixelNumbers, type PixelNumbers } from "./healpix_position.ts";

/** How many times finer `fine` is, or RangeError. */
function ratioOf(coarse: number, fine: number): number {
  const ratio = fine / coarse;
  if (Number.isInteger(ratio) && ratio >= 1) return ratio;
  throw new RangeError(
    `nside: found ${fine} over ${coarse}, expected the finer one to be a multiple of the coarser`,
  );
}

/**
 * The pixel of a coarser grid of the same order that holds a pixel.
 *
 * @param grid the finer grid
 * @param pix a pixel of it
 * @param options `nside` of the coarser grid, a divisor of that of `grid`
 * @returns the pixel of the coarser grid
 * @throws RangeError where nside does not divide, or there is no such pixel
 * @example
 * ```ts
 * import { createHealpixGrid, healpixParent } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 4, order: "nested" });
 * assert.equal(healpixParent(grid, 21, { nside: 2 }), 5);
 * ```
 *
 * Source: Górski et al. 2005, section 4 (the quadtree); agrees with gammapy's get_superpixels.
 */
export function healpixParent(
  grid: HealpixGrid,
  pix: number,
  options: { readonly nside: number },
): number {
  const ratio = ratioOf(options.nside, grid.nside);
  const coarse = createHealpixGrid({ nside: options.nside, order: grid.order });
  checkPixel(grid, pix);
  takeApart(grid, pix);
  return numberOf(
    coarse,
    Math.floor(PLACE[0]! / ratio),
    Math.floor(PLACE[1]! / ratio),
    PLACE[2]!,
  );
}

/**
 * The pixels of a coarser grid that hold a column of pixels; see {@linkcode healpixParent}.
 *
 * @param grid the finer grid
 * @param pix pixels of it; what is none, as -1, gives -1
 * @param options `nside` of the coarser grid, a divisor of that of `grid`; `out` takes the result and may
 * be `pix` itself
 * @returns `out`
 * @throws RangeError where nside does not divide; TypeError where `out` is too short or narrow
 * @example
 * ```ts
 * import { createHealpixGrid, healpixParentInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 4, order: "nested" });
 * const out = new Int32Array(2);
 * assert.deepEqual([...healpixParentInto(grid, Int32Array.of(21, -1), { nside: 2, out })], [5, -1]);
 * ```
 *
 * Source: agrees with gammapy's get_superpixels.
 */
export function healpixParentInto<T extends PixelNumbers>(
  grid: HealpixGrid,
  pix: PixelNumbers,
  options: { readonly nside: number; readonly out: T },
): T {
  const { nside, out } = options, ratio = ratioOf(nside, grid.nside), npix = healpixNpix(grid);
  const coarse = createHealpixGrid({ nside, order: grid.order });
  checkPixelNumbers(coarse, out, pix.length);
  for (let i = 0; i < pix.length; i++) {
    const p = pix[i]!;
    if (!isPixel(p, npix)) {
      out[i] = -1;
      continue;
    }
    takeApart(grid, p);
    out[i] = numberOf(
      coarse,
      Math.floor(PLACE[0]! / ratio),
      Math.floor(PLACE[1]! / ratio),
      PLACE[2]!,
    );
  }
  return out;
}

/**
 * The pixels of a finer grid of the same order that make up a pixel.
 *
 * @param grid the coarser grid
 * @param pix a pixel of it
 * @param options `nside` of the finer grid, a multiple of that of `grid`
 * @returns (nside of the finer / nside of the coarser)² pixels, a new array in ascending order
 * @throws RangeError where nside is no multiple, or there is no such pixel
 * @example
 * ```ts
 * import { createHealpixGrid, healpixChildren } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 2, order: "nested" });
 * assert.deepEqual([...healpixChildren(grid, 5, { nside: 4 })], [20, 21, 22, 23]);
 * ```
 *
 * Source: Górski et al. 2005, section 4 (the quadtree); agrees with gammapy's get_subpixels.
 */
export function healpixChildren(
  grid: HealpixGrid,
  pix: number,
  options: { readonly nside: number },
): Float64Array {
  const ratio = ratioOf(grid.nside, options.nside);
  const fine = createHealpixGrid({ nside: options.nside, order: grid.order });
  checkPixel(grid, pix);
  takeApart(grid, pix);
  const x0 = PLACE[0]! * ratio, y0 = PLACE[1]! * ratio, face = PLACE[2]!;
  const out = new Float64Array(ratio * ratio);
  for (let i = 0; i < out.length; i++) {
    out[i] = numberOf(fine, x0 + i % ratio, y0 + Math.floor(i / ratio), face);
  }
  return out.sort();
}
