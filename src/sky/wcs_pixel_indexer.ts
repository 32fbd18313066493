/**
 * Which pixel every event falls into.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | v | ICRS unit vector of an event, by polynomials |
 * | A, B, C | vectors with x + 1/2 = A·v / C·v and y + 1/2 = B·v / C·v (the TAN projection) |
 * | guard | bound of the error of that, in pixels |
 */
import { DEG } from "./_degrees.ts";
import { cosShort, SHORT_ERROR, sinShort } from "./_sincos.ts";
import { type CompiledWcs, compileWcs, nativeRows, toPixels } from "./_wcs_kernel.ts";
import { icrsToGalacticInto } from "./sky_frame.ts";
import type { Wcs } from "./wcs.ts";

/**
 * Writes iy nx + ix of the pixel that holds each event into `out`, or -1 where it is outside the image.
 * `raDeg` and `decDeg` are ICRS, deg; the first `n` are looked at; `out` has room for `n`.
 */
export type PixelIndexer = (
  raDeg: Float64Array,
  decDeg: Float64Array,
  n: number,
  out: Int32Array,
) => void;

/** Events a block of the general path takes at once. */
const BLOCK = 2048;
/** Widest guard, in pixels, for which the fast path is worth it. */
const WIDEST_GUARD = 0.01;

/**
 * The nearest integer, halves to the even one, as numpy's rint.
 *
 * @param x any number
 * @returns the integer; NaN and infinities as they are
 * @example
 * ```ts
 * import { roundHalfEven } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.deepEqual([0.5, 1.5, 2.5, -0.2].map(roundHalfEven), [0, 2, 2, 0]);
 * ```
 */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x), rest = x - low;
  if (rest > 0.5) return low + 1;
  if (rest < 0.5) return low;
  return rest === 0.5 ? 2 * Math.floor((low + 1) / 2) : x;
}

/** Transforms to pixels, then rounds; the definition that the fast path is held to. */
function generalIndexer(wcs: Wcs, npix: readonly [number, number]): PixelIndexer {
  const compiled = compileWcs(wcs), [nx, ny] = npix, isGalactic = wcs.frame === "galactic";
  const x = new Float64Array(BLOCK), y = new Float64Array(BLOCK);
  return (raDeg, decDeg, n, out) => {
    for (let start = 0; start < n; start += BLOCK) {
      const size = Math.min(BLOCK, n - start);
      let lonDeg = raDeg.subarray(start, start + size),
        latDeg = decDeg.subarray(start, start + size);
      if (isGalactic) {
        icrsToGalacticInto({ lonDeg, latDeg }, { lonDeg: x, latDeg: y });
        lonDeg = x;
        latDeg = y;
      }
      toPixels(compiled, lonDeg, latDeg, x, y, size);
      for (let i = 0; i < size; i++) {
        const ix = roundHalfEven(x[i]!), iy = roundHalfEven(y[i]!);
        out[start + i] = ix >= 0 && ix < nx && iy >= 0 && iy < ny ? iy * nx + ix : -1;
      }
    }
  };
}

/** The homography of a TAN image: A, B, C, the least C·v inside, and the guard in pixels. */
interface Homography {
  readonly rows: readonly number[];
  readonly least: number;
  readonly guard: number;
}

/** Least cosine of the distance of an image's edge from the plane's centre. */
function leastDepth(w: CompiledWcs, npix: readonly [number, number]): number {
  const [nx, ny] = npix, [a, b, c, d] = w.toPlane;
  let largest = 0;
  for (const px of [-0.5, nx - 0.5]) {
    for (const py of [-0.5, ny - 0.5]) {
      const dx = px - w.px0, dy = py - w.py0;
      largest = Math.max(largest, Math.hypot(a * dx + b * dy, c * dx + d * dy));
    }
  }
  return 1 / Math.hypot(1, largest);
}

function homography(wcs: Wcs, npix: readonly [number, number]): Homography | undefined {
  const w = compileWcs(wcs);
  if (wcs.projection !== "TAN" || w.x0 !== 0 || w.y0 !== 0) return undefined;
  const [l, m, depth] = nativeRows(wcs);
  const [m11, m12, m21, m22] = w.toPixel, hx = w.px0 + 0.5, hy = w.py0 + 0.5;
  const row = (p: number, q: number, h: number) =>
    l.map((one, k) => p * one + q * m[k]! + h * depth[k]!);
  const x = row(m11, m12, hx), y = row(m21, m22, hy), least = leastDepth(w, npix);
  // an error of each component of v, in the numerator and (times the quotient) in the denominator
  const size = (v: readonly number[]): number =>
    Math.abs(v[0]!) + Math.abs(v[1]!) + Math.abs(v[2]!);
  const guard = 4 * SHORT_ERROR *
    Math.max(size(x) + npix[0] * size(depth), size(y) + npix[1] * size(depth)) / least;
  return { rows: [...x, ...y, ...depth], least: least * (1 - 1e-6) - 1e-8, guard };
}

/** TAN by one rotation and one division; events near a pixel's edge are settled by `general`. */
function tanIndexer(
  map: Homography,
  npix: readonly [number, number],
  general: PixelIndexer,
): PixelIndexer {
  const rows = Float64Array.from(map.rows),
    oneRa = new Float64Array(1),
    oneDec = new Float64Array(1);
  const one = new Int32Array(1);
  const settle = (ra: number, dec: number): number => {
    oneRa[0] = ra;
    oneDec[0] = dec;
    general(oneRa, oneDec, 1, one);
    return one[0]!;
  };
  return (raDeg, decDeg, n, out) => {
    const [nx, ny] = npix, { least, guard } = map, top = 1 - guard;
    const a0 = rows[0]!, a1 = rows[1]!, a2 = rows[2]!, b0 = rows[3]!, b1 = rows[4]!, b2 = rows[5]!;
    const c0 = rows[6]!, c1 = rows[7]!, c2 = rows[8]!;
    for (let i = 0; i < n; i++) {
      const ra = raDeg[i]!, dec = decDeg[i]!, lat = dec * DEG;
      const half = (ra - 360 * Math.floor(ra * (1 / 360) + 0.5)) * (DEG / 2);
      const sh = sinShort(half), ch = cosShort(half), c = cosShort(lat), vz = sinShort(lat);
      const vx = c * (1 - 2 * sh * sh), vy = c * (2 * sh * ch);
      const depth = c0 * vx + c1 * vy + c2 * vz;
      // polynomials hold for latitudes on the sphere only
      if (!(depth > least) || !(Math.abs(dec) <= 90)) {
        out[i] = Math.abs(dec) > 90 ? settle(ra, dec) : -1;
        continue;
      }
      const scale = 1 / depth;
      const x = (a0 * vx + a1 * vy + a2 * vz) * scale, y = (b0 * vx + b1 * vy + b2 * vz) * scale;
      const ix = Math.floor(x), iy = Math.floor(y), fx = x - ix, fy = y - iy;
      if (fx < guard || fx > top || fy < guard || fy > top) out[i] = settle(ra, dec);
      else out[i] = ix >= 0 && ix < nx && iy >= 0 && iy < ny ? iy * nx + ix : -1;
    }
  };
}

/**
 * A function that finds the pixel of every event: nearest pixel centre, halves to the even one.
 *
 * TAN images whose pixels are not much finer than 1e-7 deg go through polynomials and one rotation, any
 * other through worldToPixel; both give the same pixels, event for event.
 *
 * @param wcs the coordinate system, in any frame
 * @param npix pixels along x and y
 * @returns see {@linkcode PixelIndexer}; NaN, and what is outside the projection or the image, gives -1
 * @throws RangeError where npix are not positive integers or the image has 2³¹ pixels or more
 * @example
 * ```ts
 * import { createWcs, wcsPixelIndexer } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({
 *   projection: "TAN",
 *   crvalDeg: [0, 0],
 *   crpix: [2, 2],
 *   cdeltDeg: [-1, 1],
 * });
 * const index = wcsPixelIndexer(wcs, [3, 3]), out = new Int32Array(3);
 * index(Float64Array.of(0, 359, 90), Float64Array.of(0, 0, 0), 3, out);
 * assert.deepEqual([...out], [4, 5, -1]);
 * ```
 */
export function wcsPixelIndexer(wcs: Wcs, npix: readonly [number, number]): PixelIndexer {
  const [nx, ny] = npix;
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx > 0 && ny > 0 && nx * ny < 2 ** 31)) {
    throw new RangeError(
      `npix: found ${nx} x ${ny}, expected positive integers, product below 2^31`,
    );
  }
  const general = generalIndexer(wcs, npix), map = homography(wcs, npix);
  return map === undefined || map.guard > WIDEST_GUARD ? general : tanIndexer(map, npix, general);
}
