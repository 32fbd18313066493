/** World to pixel and back. */
import { compileWcs, toPixels, toWorld } from "./_wcs_kernel.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";
import type { Wcs } from "./wcs.ts";

/** A position in an image: 0-based, pixel centres at integers. */
export interface PixelPosition {
  /** Along the first axis of the image. */
  readonly x: number;
  /** Along the second axis. */
  readonly y: number;
}

/** Pixel positions as two columns of one length. */
export interface PixelColumns {
  /** Along the first axis of the image, 0-based, pixel centres at integers. */
  readonly x: Float64Array;
  /** Along the second axis. */
  readonly y: Float64Array;
}

function checkLength(n: number, columns: Readonly<Record<string, Float64Array>>): void {
  for (const [name, column] of Object.entries(columns)) {
    if (column.length < n) {
      throw new TypeError(`${name} has ${column.length} elements, expected at least ${n}`);
    }
  }
}

/**
 * Pixel position of a sky position.
 *
 * @param wcs the coordinate system
 * @param position longitude and latitude in the frame of `wcs`, deg
 * @returns 0-based pixel position; NaN outside the projection (behind the plane of TAN, at the poles
 * of MER) or where a coordinate is not finite
 * @example
 * ```ts
 * import { createWcs, worldToPixel } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "TAN", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * const { x, y } = worldToPixel(wcs, { lonDeg: 45, latDeg: 0 });
 * assert.ok(Math.abs(x + 180 / Math.PI) < 1e-9 && Math.abs(y) < 1e-9);
 * assert.ok(Number.isNaN(worldToPixel(wcs, { lonDeg: 180, latDeg: 0 }).x));
 * ```
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077; agrees with wcslib.
 */
export function worldToPixel(wcs: Wcs, position: SkyPosition): PixelPosition {
  const x = Float64Array.of(position.lonDeg), y = Float64Array.of(position.latDeg);
  toPixels(compileWcs(wcs), x, y, x, y, 1);
  return Object.freeze({ x: x[0]!, y: y[0]! });
}

/**
 * Sky position of a pixel position.
 *
 * @param wcs the coordinate system
 * @param pixel 0-based pixel position
 * @returns longitude in [0, 360) and latitude in the frame of `wcs`, deg; NaN where the pixel is
 * outside the projection (beyond the ellipse of AIT, beyond ±180° of CAR)
 * @example
 * ```ts
 * import { createWcs, pixelToWorld } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "CAR", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * const { lonDeg, latDeg } = pixelToWorld(wcs, { x: 10, y: 20 });
 * assert.ok(Math.abs(lonDeg - 350) < 1e-9 && Math.abs(latDeg - 20) < 1e-9);
 * ```
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077; agrees with wcslib.
 */
export function pixelToWorld(wcs: Wcs, pixel: PixelPosition): SkyPosition {
  const lonDeg = Float64Array.of(pixel.x), latDeg = Float64Array.of(pixel.y);
  toWorld(compileWcs(wcs), lonDeg, latDeg, lonDeg, latDeg, 1);
  return Object.freeze({ lonDeg: lonDeg[0]!, latDeg: latDeg[0]! });
}

/**
 * Pixel positions of sky positions, equal bit for bit to {@linkcode worldToPixel} of each.
 *
 * @param wcs the coordinate system
 * @param sky longitudes and latitudes in the frame of `wcs`, deg
 * @param into columns of at least that length that take the result; may be those of `sky`
 * @returns `into`
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { createWcs, worldToPixel, worldToPixelInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "ZEA", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * const sky = { lonDeg: Float64Array.of(1, 2), latDeg: Float64Array.of(3, 4) };
 * const into = { x: new Float64Array(2), y: new Float64Array(2) };
 * worldToPixelInto(wcs, sky, into);
 * assert.equal(into.x[1], worldToPixel(wcs, { lonDeg: 2, latDeg: 4 }).x);
 * ```
 */
export function worldToPixelInto(wcs: Wcs, sky: SkyColumns, into: PixelColumns): PixelColumns {
  const n = sky.lonDeg.length;
  checkLength(n, { latDeg: sky.latDeg, "into.x": into.x, "into.y": into.y });
  toPixels(compileWcs(wcs), sky.lonDeg, sky.latDeg, into.x, into.y, n);
  return into;
}

/**
 * Sky positions of pixel positions, equal bit for bit to {@linkcode pixelToWorld} of each.
 *
 * @param wcs the coordinate system
 * @param pixels 0-based pixel positions
 * @param into columns of at least that length that take the result, deg; may be those of `pixels`
 * @returns `into`
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { createWcs, pixelToWorld, pixelToWorldInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "ARC", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * const pixels = { x: Float64Array.of(1, 2), y: Float64Array.of(3, 4) };
 * const into = { lonDeg: new Float64Array(2), latDeg: new Float64Array(2) };
 * pixelToWorldInto(wcs, pixels, into);
 * assert.equal(into.latDeg[1], pixelToWorld(wcs, { x: 2, y: 4 }).latDeg);
 * ```
 */
export function pixelToWorldInto(wcs: Wcs, pixels: PixelColumns, into: SkyColumns): SkyColumns {
  const n = pixels.x.length;
  checkLength(n, { y: pixels.y, "into.lonDeg": into.lonDeg, "into.latDeg": into.latDeg });
  toWorld(compileWcs(wcs), pixels.x, pixels.y, into.lonDeg, into.latDeg, n);
  return into;
}
