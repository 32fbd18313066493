/** Which pixel of a map every event falls into. */
import { type PixelIndexer, wcsPixelIndexer } from "../sky/mod.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/**
 * A function that finds the pixel of every event: `(raDeg, decDeg, n, out)` writes iy nx + ix for each
 * of the first n ICRS events, or -1 where one is outside the map.
 *
 * TAN maps have a fast path; it gives the pixels of the general one, event for event.
 *
 * @param geom the geometry, in any frame
 * @returns the function; it may be used any number of times, and keeps nothing of its input
 * @throws RangeError for a map of 2³¹ pixels or more
 * @example
 * ```ts
 * import { createWcsGeom, pixelIndexer } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const index = pixelIndexer(createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 }));
 * const out = new Int32Array(2);
 * index(Float64Array.of(0, 50), Float64Array.of(0.9, 0), 2, out);
 * assert.deepEqual([...out], [7, -1]);
 * ```
 */
export function pixelIndexer(geom: WcsGeom): PixelIndexer {
  return wcsPixelIndexer(geom.wcs, geom.npix);
}
