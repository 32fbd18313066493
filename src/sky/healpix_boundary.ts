/** Outlines of HEALPix pixels. */
import { PLACE, takeApart } from "./_healpix_kernel.ts";
import { placeToAng } from "./_healpix_edges.ts";
import { checkPixel, type HealpixGrid } from "./healpix_grid.ts";
import type { SkyColumns } from "./sky_frame.ts";

/**
 * Points on the outline of a pixel: its corners N, W, S, E, each followed by those on the side to the
 * next.
 *
 * @param grid the grid
 * @param pix the pixel
 * @param options `stepsPerSide`: pieces that each side is cut into, 1 (corners only) where absent
 * @returns new columns of 4 stepsPerSide positions, longitude in [0, 360) and latitude, deg; longitude
 * 0 at a pole
 * @throws RangeError where there is no such pixel, or stepsPerSide is no positive integer
 * @example
 * ```ts
 * import { createHealpixGrid, pixelBoundary } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const { lonDeg, latDeg } = pixelBoundary(createHealpixGrid({ nside: 1 }), 0);
 * assert.deepEqual([...lonDeg], [0, 0, 45, 90]);
 * assert.deepEqual([latDeg[0], latDeg[2]], [90, 0]);
 * ```
 *
 * Source: Górski et al. 2005, section 5; agrees with healpy.boundaries.
 */
export function pixelBoundary(
  grid: HealpixGrid,
  pix: number,
  options: { readonly stepsPerSide?: number } = {},
): SkyColumns {
  const steps = options.stepsPerSide ?? 1;
  if (!(Number.isInteger(steps) && steps > 0)) {
    throw new RangeError(`stepsPerSide: found ${steps}, expected a positive integer`);
  }
  checkPixel(grid, pix);
  takeApart(grid, pix);
  const x = PLACE[0]!, y = PLACE[1]!, face = PLACE[2]!;
  const lonDeg = new Float64Array(4 * steps), latDeg = new Float64Array(4 * steps);
  const put = (i: number, u: number, v: number): void => {
    [lonDeg[i], latDeg[i]] = placeToAng(grid.nside, u, v, face);
  };
  for (let i = 0; i < steps; i++) {
    const part = i / steps;
    put(i, x + 1 - part, y + 1);
    put(i + steps, x, y + 1 - part);
    put(i + 2 * steps, x + part, y);
    put(i + 3 * steps, x + 1, y + part);
  }
  return Object.freeze({ lonDeg, latDeg });
}
