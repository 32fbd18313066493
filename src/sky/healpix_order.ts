/** The two numberings of HEALPix pixels, and the tree of coarser and finer grids. */
import {
  nestToXyf,
  numberOf,
  PLACE,
  ringToXyf,
  takeApart,
  xyfToNest,
  xyfToRing,
} from "./_healpix_kernel.ts";
import { checkPixel, createHealpixGrid, type HealpixGrid, healpixNpix } from "./healpix_grid.ts";
import { checkPixelNumbers, type PixelNumbers } from "./healpix_position.ts";

function isPixel(pix: number, npix: number): boolean {
  return pix >= 0 && pix < npix && pix === Math.floor(pix);
}

/**
 * The nested number of a RING pixel.
 *
 * @param nside nside of the grid, a power of two
 * @param pix the RING number
 * @returns the nested number
 * @throws RangeError where nside is no power of two, or there is no such pixel
 * @example
 * ```ts
 * import { ringToNest } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(ringToNest(2, 0), 3);
 * ```
 *
 * Source: Górski et al. 2005, section 4; agrees with healpy.ring2nest.
 */
export function ringToNest(nside: number, pix: number): number {
  const grid = createHealpixGrid({ nside, order: "nested" });
  checkPixel(grid, pix);
  ringToXyf(nside, pix);
  return xyfToNest(nside, PLACE[0]!, PLACE[1]!, PLACE[2]!);
}

/**
 * The RING number of a nested pixel.
 *
 * @param nside nside of the grid, a power of two
 * @param pix the nested number
 * @returns the RING number
 * @throws RangeError where nside is no power of two, or there is no such pixel
 * @example
 * ```ts
 * import { nestToRing } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(nestToRing(2, 3), 0);
 * ```
 *
 * Source: Górski et al. 2005, section 4; agrees with healpy.nest2ring.
 */
export function nestToRing(nside: number, pix: number): number {
  const grid = createHealpixGrid({ nside, order: "nested" });
  checkPixel(grid, pix);
  nestToXyf(nside, pix);
  return xyfToRing(nside, PLACE[0]!, PLACE[1]!, PLACE[2]!);
}

/**
 * The nested numbers of a column of RING pixels.
 *
 * @param nside nside of the grid, a power of two
 * @param pix the RING numbers; what is none, as -1, gives -1
 * @param out takes the nested numbers; may be `pix` itself
 * @returns `out`
 * @throws RangeError where nside is no power of two; TypeError where `out` is too short or narrow
 * @example
 * ```ts
 * import { ringToNestInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.deepEqual([...ringToNestInto(1, Int32Array.of(7, -1), new Int32Array(2))], [7, -1]);
 * ```
 *
 * Source: Górski et al. 2005, section 4; agrees with healpy.ring2nest.
 */
export function ringToNestInto<T extends PixelNumbers>(
  nside: number,
  pix: PixelNumbers,
  out: T,
): T {
  const grid = createHealpixGrid({ nside, order: "nested" }), npix = 12 * nside * nside;
  checkPixelNumbers(grid, out, pix.length);
  for (let i = 0; i < pix.length; i++) {
    const p = pix[i]!;
    if (!isPixel(p, npix)) {
      out[i] = -1;
      continue;
    }
    ringToXyf(nside, p);
    out[i] = xyfToNest(nside, PLACE[0]!, PLACE[1]!, PLACE[2]!);
  }
  return out;
}

/**
 * The RING numbers of a column of nested pixels.
 *
 * @param nside nside of the grid, a power of two
 * @param pix the nested numbers; what is none, as -1, gives -1
 * @param out takes the RING numbers; may be `pix` itself
 * @returns `out`
 * @throws RangeError where nside is no power of two; TypeError where `out` is too short or narrow
 * @example
 * ```ts
 * import { nestToRingInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.deepEqual([...nestToRingInto(2, Int32Array.of(3, 7), new Int32Array(2))], [0, 1]);
 * ```
 *
 * Source: Górski et al. 2005, section 4; agrees with healpy.nest2ring.
 */
export function nestToRingInto<T extends PixelNumbers>(
  nside: number,
  pix: PixelNumbers,
  out: T,
): T {
  const grid = createHealpixGrid({ nside, order: "nested" }), npix = 12 * nside * nside;
  checkPixelNumbers(grid, out, pix.length);
  for (let i = 0; i < pix.length; i++) {
    const p = pix[i]!;
    if (!isPixel(p, npix)) {
      out[i] = -1;
      continue;
    }
    nestToXyf(nside, p);
    out[i] = xyfToRing(nside, PLACE[0]!, PLACE[1]!, PLACE[2]!);
  }
  return out;
}

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

/** A pixel of a nested grid with its order: nside = 2^order. */
export interface NestedCell {
  /** Order, 0 to 24. */
  readonly order: number;
  /** Nested pixel, 0 to 12 · 4^order - 1. */
  readonly pix: number;
}

/**
 * The NUNIQ number of a nested pixel, 4 · 4^order + pix.
 *
 * @param cell order and nested pixel
 * @returns the number, below 2⁵²
 * @throws RangeError for an order that is no integer from 0 to 24, or a pixel that is not there
 * @example
 * ```ts
 * import { uniqOf } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(uniqOf({ order: 1, pix: 5 }), 21);
 * ```
 *
 * Source: IVOA MOC 2.0, section 4.3.1.1.
 */
export function uniqOf(cell: NestedCell): number {
  const { order, pix } = cell;
  if (!(Number.isInteger(order) && order >= 0 && order <= 24)) {
    throw new RangeError(`order: found ${order}, expected an integer from 0 to 24`);
  }
  checkPixel(createHealpixGrid({ nside: 2 ** order, order: "nested" }), pix);
  return 4 ** (order + 1) + pix;
}

/**
 * Order and nested pixel of a NUNIQ number.
 *
 * @param uniq the number: those up to order 24 are below 2⁵², and exact
 * @returns order and pixel
 * @throws RangeError for what is no NUNIQ number up to order 24
 * @example
 * ```ts
 * import { fromUniq } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.deepEqual({ ...fromUniq(21) }, { order: 1, pix: 5 });
 * ```
 *
 * Source: IVOA MOC 2.0, section 4.3.1.1.
 */
export function fromUniq(uniq: number): NestedCell {
  if (!(Number.isInteger(uniq) && uniq >= 4 && uniq < 2 ** 52)) {
    throw new RangeError(
      `Found NUNIQ ${uniq}, expected an integer from 4 to 2^52 - 1. Cells finer than order 24 are ` +
        `not exact as numbers: degrade them to it`,
    );
  }
  let order = 0;
  while (4 ** (order + 2) <= uniq) order++;
  return Object.freeze({ order, pix: uniq - 4 ** (order + 1) });
}
