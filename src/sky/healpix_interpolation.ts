/**
 * Interpolation between HEALPix pixels: linear in longitude along the rings north and south of a
 * position, linear in latitude between them.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | jr | the ring north of the position; 0 between the pole and the first ring |
 * | a | position along a ring in pixels, from the first centre |
 * | f | fraction of the way from the northern ring (or pole) to the southern one, in latitude |
 *
 * The value of a pole is the mean of the four pixels around it.
 */
import {
  PLACE,
  ringAbove,
  ringLatDeg,
  ringLength,
  ringShift,
  ringStart,
  ringToXyf,
  xyfToNest,
} from "./_healpix_kernel.ts";
import { wrapLonDeg } from "./_degrees.ts";
import type { HealpixGrid } from "./healpix_grid.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";

/** Pixels to interpolate between, and their weights: four for each position, one after the other. */
export interface InterpolationWeights {
  /** Pixels; -1 where the position is not on the sphere. */
  readonly pix: Float64Array;
  /** Weights, in [0, 1], whose sum is 1 for each position; NaN where it is not on the sphere. */
  readonly weights: Float64Array;
}

/** Writes the two pixels of a ring on either side of a longitude, and their weights. */
function writeRing(
  n: number,
  jr: number,
  lonDeg: number,
  into: InterpolationWeights,
  at: number,
): void {
  const length = ringLength(n, jr), a = lonDeg * length / 360 - ringShift(n, jr);
  const low = Math.floor(a), start = ringStart(n, jr);
  const i = low < 0 ? low + length : low >= length ? low - length : low;
  into.pix[at] = start + i;
  into.pix[at + 1] = start + (i + 1 === length ? 0 : i + 1);
  into.weights[at] = 1 - (a - low);
  into.weights[at + 1] = a - low;
}

/** Writes what a pole adds: a quarter of its weight to each of the four pixels around it. */
function writePole(
  into: InterpolationWeights,
  options: {
    readonly first: number;
    readonly ring: number;
    readonly pole: number;
    readonly weight: number;
  },
): void {
  const { first, ring, pole, weight } = options, { pix, weights } = into;
  for (let k = 0; k < 2; k++) {
    pix[pole + k] = first + ((pix[ring + k]! - first + 2) & 3);
    weights[pole + k] = weight / 4;
    weights[ring + k] = weights[ring + k]! * (1 - weight) + weight / 4;
  }
}

/** Writes four RING pixels and weights. */
function writeWeights(
  n: number,
  lonDeg: number,
  latDeg: number,
  into: InterpolationWeights,
  at: number,
): void {
  const lon = wrapLonDeg(lonDeg), jr = ringAbove(n, latDeg), { weights } = into;
  if (jr < 1) {
    writeRing(n, 1, lon, into, at + 2);
    const weight = 1 - (90 - latDeg) / (90 - ringLatDeg(n, 1));
    writePole(into, { first: 0, ring: at + 2, pole: at, weight: Math.max(weight, 0) });
    return;
  }
  writeRing(n, jr, lon, into, at);
  const north = ringLatDeg(n, jr);
  if (jr >= 4 * n - 1) {
    const weight = (north - latDeg) / (north + 90), first = 12 * n * n - 4;
    writePole(into, { first, ring: at, pole: at + 2, weight: Math.max(weight, 0) });
    return;
  }
  writeRing(n, jr + 1, lon, into, at + 2);
  // rounding may put a position on a ring a hair outside
  const f = Math.min(Math.max((north - latDeg) / (north - ringLatDeg(n, jr + 1)), 0), 1);
  weights[at] = weights[at]! * (1 - f);
  weights[at + 1] = weights[at + 1]! * (1 - f);
  weights[at + 2] = weights[at + 2]! * f;
  weights[at + 3] = weights[at + 3]! * f;
}

/**
 * Four pixels and weights that interpolate a map at a position: Σ weight · value.
 *
 * @param grid the grid
 * @param position longitude and latitude in the frame of the grid, deg
 * @returns new arrays of four: two pixels of the northern ring, two of the southern
 * @example
 * ```ts
 * import { createHealpixGrid, interpolationWeights, pixToAng } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const grid = createHealpixGrid({ nside: 4 });
 * const { pix, weights } = interpolationWeights(grid, pixToAng(grid, 90));
 * assert.ok(Math.abs(weights[pix.indexOf(90)]! - 1) < 1e-12);
 * ```
 *
 * Source: the scheme of, and in agreement with, healpy.get_interp_weights(lonlat=True).
 */
export function interpolationWeights(
  grid: HealpixGrid,
  position: SkyPosition,
): InterpolationWeights {
  const into = { pix: new Float64Array(4), weights: new Float64Array(4) };
  const { lonDeg, latDeg } = position;
  interpolationWeightsInto(
    grid,
    { lonDeg: Float64Array.of(lonDeg), latDeg: Float64Array.of(latDeg) },
    into,
  );
  return Object.freeze(into);
}

/**
 * Pixels and weights that interpolate a map at a column of positions; see
 * {@linkcode interpolationWeights}.
 *
 * @param grid the grid
 * @param positions longitudes and latitudes in the frame of the grid, deg
 * @param into arrays of at least four times that length that take the result
 * @returns `into`
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { createHealpixGrid, interpolationWeightsInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(0, NaN), latDeg: Float64Array.of(90, 0) };
 * const into = { pix: new Float64Array(8), weights: new Float64Array(8) };
 * interpolationWeightsInto(createHealpixGrid({ nside: 2 }), sky, into);
 * assert.deepEqual([...into.weights], [0.25, 0.25, 0.25, 0.25, NaN, NaN, NaN, NaN]);
 * ```
 *
 * Source: agrees with healpy.get_interp_weights(lonlat=True).
 */
export function interpolationWeightsInto(
  grid: HealpixGrid,
  positions: SkyColumns,
  into: InterpolationWeights,
): InterpolationWeights {
  const { lonDeg, latDeg } = positions, n = lonDeg.length, { nside } = grid;
  const { pix, weights } = into;
  if (latDeg.length < n || pix.length < 4 * n || weights.length < 4 * n) {
    throw new TypeError(
      `Found ${n} longitudes, ${latDeg.length} latitudes and room for ${pix.length} pixels and ` +
        `${weights.length} weights: expected ${n}, ${n}, ${4 * n} and ${4 * n}`,
    );
  }
  for (let i = 0; i < n; i++) {
    const lon = lonDeg[i]!, lat = latDeg[i]!;
    if (Math.abs(lat) <= 90 && Number.isFinite(lon)) writeWeights(nside, lon, lat, into, 4 * i);
    else {
      pix.fill(-1, 4 * i, 4 * i + 4);
      weights.fill(NaN, 4 * i, 4 * i + 4);
    }
  }
  if (grid.order === "ring") return into;
  for (let k = 0; k < 4 * n; k++) {
    if (pix[k]! < 0) continue;
    ringToXyf(nside, pix[k]!);
    pix[k] = xyfToNest(nside, PLACE[0]!, PLACE[1]!, PLACE[2]!);
  }
  return into;
}
