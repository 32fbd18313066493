/** Interpolation in HEALPix maps. */
import {
  type InterpolationWeights,
  interpolationWeights,
  interpolationWeightsInto,
  type SkyColumns,
  type SkyPosition,
} from "../sky/mod.ts";
import { placesInto } from "./_hpx_lookup.ts";
import type { HpxGeom } from "./hpx_geom.ts";

function checkRegular(geom: HpxGeom): void {
  if (geom.cells === undefined) return;
  throw new TypeError(
    "Found a multi-order geometry, expected one of a single nside to interpolate in: look up the " +
      "value of the cell, or bring the map to one nside",
  );
}

/** From numbers in the grid to local indices; the weight of what is outside is NaN. */
function toLocal(geom: HpxGeom, found: InterpolationWeights, count: number): void {
  if (geom.pixels === undefined) return;
  const pix = found.pix.subarray(0, count);
  placesInto(geom.pixels, pix, pix);
  for (let k = 0; k < count; k++) if (pix[k]! < 0) found.weights[k] = NaN;
}

/**
 * Four local indices and weights that interpolate a map at a position: Σ weight · value.
 *
 * A pixel that the geometry does not have has index -1 and weight NaN, so that a value next to the edge
 * of a partial sky is NaN, and not made from fewer pixels.
 *
 * @param geom the geometry, of one nside
 * @param position longitude and latitude in the frame of `geom`, deg
 * @returns new arrays of four, whose `pix` are local indices
 * @throws TypeError for a multi-order geometry
 * @example
 * ```ts
 * import { createHpxGeom, hpxInterpolation } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const geom = createHpxGeom({ nside: 2, pixels: [0, 1, 2] });
 * const { pix, weights } = hpxInterpolation(geom, { lonDeg: 0, latDeg: 90 });
 * assert.deepEqual([...pix].sort(), [-1, 0, 1, 2]);
 * assert.ok(Number.isNaN(weights[pix.indexOf(-1)]));
 * ```
 *
 * Source: healpy.get_interp_weights; Gammapy takes the value of the pixel that holds the position for a
 * missing one instead.
 */
export function hpxInterpolation(geom: HpxGeom, position: SkyPosition): InterpolationWeights {
  checkRegular(geom);
  const found = interpolationWeights(geom.grid, position);
  toLocal(geom, found, 4);
  return found;
}

/**
 * Local indices and weights that interpolate a map at a column of positions; see
 * {@linkcode hpxInterpolation}.
 *
 * @param geom the geometry, of one nside
 * @param sky longitudes and latitudes in the frame of `geom`, deg
 * @param into arrays of at least four times that length that take the result
 * @returns `into`
 * @throws TypeError for a multi-order geometry, or where a column is too short
 * @example
 * ```ts
 * import { createHpxGeom, hpxInterpolationInto } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(45), latDeg: Float64Array.of(90) };
 * const into = { pix: new Float64Array(4), weights: new Float64Array(4) };
 * hpxInterpolationInto(createHpxGeom({ nside: 2 }), sky, into);
 * assert.deepEqual([...into.weights], [0.25, 0.25, 0.25, 0.25]);
 * ```
 *
 * Source: see {@linkcode hpxInterpolation}.
 */
export function hpxInterpolationInto(
  geom: HpxGeom,
  sky: SkyColumns,
  into: InterpolationWeights,
): InterpolationWeights {
  checkRegular(geom);
  interpolationWeightsInto(geom.grid, sky, into);
  toLocal(geom, into, 4 * sky.lonDeg.length);
  return into;
}
