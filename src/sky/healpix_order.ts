/** The two numberings of HEALPix pixels. */
import { nestToXyf, PLACE, ringToXyf, xyfToNest, xyfToRing } from "./_healpix_kernel.ts";
import { checkPixel, createHealpixGrid, isPixel } from "./healpix_grid.ts";
import { checkPixelNumbers, type PixelNumbers } from "./healpix_position.ts";

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
