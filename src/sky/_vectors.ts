/**
 * Columns of positions as unit vectors and back, block by block: loops that are short enough for the
 * compiler to put sines and arctangents into them, which one long loop is not.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { atan2Deg } from "./_atan2.ts";
import { wrapLonDeg } from "./_degrees.ts";
import type { SkyColumns } from "./sky_frame.ts";

/** Positions in a block. */
export const BLOCK = 512;

/** Room for a block of vectors. */
export interface Vectors {
  /** First components. */
  readonly x: Float64Array;
  /** Second components. */
  readonly y: Float64Array;
  /** Third components. */
  readonly z: Float64Array;
}

/** Room for a block of some positions. */
export function createVectors(size: number): Vectors {
  return { x: new Float64Array(size), y: new Float64Array(size), z: new Float64Array(size) };
}

/** Cosines and sines of `n` angles in degrees from `start` on. */
function sinCosInto(
  deg: Float64Array,
  start: number,
  n: number,
  cos: Float64Array,
  sin: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const cycles = deg[start + i]! / 360, c = cos2pi(cycles), s = sin2pi(cycles);
    cos[i] = c;
    sin[i] = s;
  }
}

const cosLat = new Float64Array(BLOCK);

/** Unit vectors of `n` positions from `start` on. */
export function vectorsInto(from: SkyColumns, start: number, n: number, into: Vectors): void {
  const { x, y, z } = into;
  sinCosInto(from.latDeg, start, n, cosLat, z);
  sinCosInto(from.lonDeg, start, n, x, y);
  for (let i = 0; i < n; i++) {
    const c = cosLat[i]!;
    x[i] = c * x[i]!;
    y[i] = c * y[i]!;
  }
}

/** Longitudes in [0, 360) and latitudes of `n` vectors of any length, from `start` on. */
export function anglesInto(from: Vectors, n: number, into: SkyColumns, start: number): void {
  const { lonDeg, latDeg } = into, { x, y, z } = from;
  for (let i = 0; i < n; i++) {
    const u = x[i]!, v = y[i]!;
    latDeg[start + i] = atan2Deg(z[i]!, Math.sqrt(u * u + v * v));
  }
  for (let i = 0; i < n; i++) lonDeg[start + i] = wrapLonDeg(atan2Deg(y[i]!, x[i]!));
}

/** Runs a kernel over all positions: vectors in, vectors out, in place. */
export function byBlocks(
  from: SkyColumns,
  into: SkyColumns,
  kernel: (vectors: Vectors, n: number, start: number) => void,
): SkyColumns {
  const total = from.lonDeg.length, vectors = createVectors(Math.min(BLOCK, total));
  for (let start = 0; start < total; start += BLOCK) {
    const n = Math.min(BLOCK, total - start);
    vectorsInto(from, start, n, vectors);
    kernel(vectors, n, start);
    anglesInto(vectors, n, into, start);
  }
  return into;
}
