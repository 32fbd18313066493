/**
 * HEALPix pixels as a base pixel and a place in it, and both numberings of them.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | n | nside | [1, 2²⁴] |
 * | face | base pixel: 0–3 north, 4–7 equator, 8–11 south | |
 * | x, y | column towards north-east, row towards north-west, in a face | [0, n) |
 * | jr | ring, from the north | [1, 4n) |
 * | nr | pixels of a ring in a quarter turn: min(jr, n, 4n - jr) | [1, n] |
 * | ip | place along a ring | [0, 4 nr) |
 * | s | 1 where the first pixel of a ring begins at longitude 0, 0 where its centre is there | |
 * | t | longitude / 90° | [0, 4) |
 * | z | sine of the latitude | |
 *
 * In the equatorial belt, |z| <= 2/3, pixel edges are the lines on which n (t + 1/2 ∓ 3z/4) is an
 * integer; in the polar caps those on which σ times the fraction of t, or of 1 - t, is one, with
 * σ = n √(3(1 - |z|)) = n √6 sin(colatitude/2). Pixel centres lie at longitude 45° (b nr + x - y)/nr.
 *
 * Source: Górski et al. 2005, ApJ 622, 759, sections 4 and 5.
 */
import { DEG } from "./_degrees.ts";
import type { HealpixGrid } from "./healpix_grid.ts";

/** Latitude of |z| = 2/3, where belt and caps meet, deg. */
const BELT_DEG = 41.810314895778596;
/**
 * A position on the equator counts as just north of it, as in healpy, where z = cos(π/2 - δ) with π/2
 * rounded down by so much, rad. Beside any but tiny latitudes it vanishes.
 */
const NORTH = 6.123233995736766e-17;
/** √6 */
export const SQRT6: number = Math.sqrt(6);

/** Ring of a face's southern corner in units of n. */
export const FACE_RING: Uint8Array = Uint8Array.of(2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4);
/** Longitude of a face's centre, b, in units of 45°. */
export const FACE_LON: Uint8Array = Uint8Array.of(1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7);

/** sin x for |x| <= 0.7306 by a polynomial of a relative error below 3e-18 before rounding (Remez). */
function sinBelt(x: number): number {
  const u = x * x;
  return x + x * u * (-0.16666666666666657 + u * (0.00833333333332864 +
            u * (-0.0001984126983503076 +
                u * (2.7557315612278334e-06 +
                    u * (-2.5051079219105334e-08 + u * 1.5916778183085793e-10)))));
}

/** The bits of x and y (below 2¹⁶ each) in turn, those of x first. */
function interleave16(x: number, y: number): number {
  let v = x | (y << 16), t = (v ^ (v >>> 8)) & 0xff00;
  v ^= t ^ (t << 8);
  t = (v ^ (v >>> 4)) & 0xf000f0;
  v ^= t ^ (t << 4);
  t = (v ^ (v >>> 2)) & 0xc0c0c0c;
  v ^= t ^ (t << 2);
  t = (v ^ (v >>> 1)) & 0x22222222;
  return (v ^ t ^ (t << 1)) >>> 0;
}

/** Even bits of v in the lower half of the result, odd bits in the upper. */
function separate16(v: number): number {
  let t = (v ^ (v >>> 1)) & 0x22222222;
  v ^= t ^ (t << 1);
  t = (v ^ (v >>> 2)) & 0xc0c0c0c;
  v ^= t ^ (t << 2);
  t = (v ^ (v >>> 4)) & 0xf000f0;
  v ^= t ^ (t << 4);
  t = (v ^ (v >>> 8)) & 0xff00;
  return v ^ t ^ (t << 8);
}

/** Nested pixel of a place; n a power of two. */
export function xyfToNest(n: number, x: number, y: number, face: number): number {
  if (n <= 32768) return face * (n * n) + interleave16(x, y);
  return face * (n * n) + interleave16(x >>> 12, y >>> 12) * 16777216 +
    interleave16(x & 4095, y & 4095);
}

/** RING pixel of ring and place along it. */
function ringPixel(n: number, jr: number, ip: number): number {
  if (jr < n) return 2 * jr * (jr - 1) + ip;
  if (jr <= 3 * n) return 2 * n * (n - 1) + (jr - n) * (4 * n) + ip;
  const south = 4 * n - jr;
  return 12 * n * n - 2 * south * (south + 1) + ip;
}

/** RING pixel of a place. */
export function xyfToRing(n: number, x: number, y: number, face: number): number {
  const jr = FACE_RING[face]! * n - x - y - 1;
  const nr = jr < n ? jr : jr > 3 * n ? 4 * n - jr : n;
  const s = jr < n || jr > 3 * n ? 1 : 1 - ((jr - n) & 1);
  let ip = (FACE_LON[face]! * nr + x - y - s) >> 1;
  if (ip < 0) ip += 4 * nr;
  return ringPixel(n, jr, ip);
}

/** x, y and face of the last pixel that {@linkcode nestToXyf} or {@linkcode ringToXyf} took apart. */
export const PLACE: Int32Array = new Int32Array(3);

/** Takes a nested pixel apart into PLACE; n a power of two. */
export function nestToXyf(n: number, pix: number): void {
  const face = Math.floor(pix / (n * n)), rest = pix - face * (n * n);
  PLACE[2] = face;
  if (n <= 32768) {
    const v = separate16(rest);
    PLACE[0] = v & 0xffff;
    PLACE[1] = v >>> 16;
    return;
  }
  const high = Math.floor(rest / 16777216);
  const u = separate16(high), v = separate16(rest - high * 16777216);
  PLACE[0] = ((u & 0xffff) << 12) | (v & 0xffff);
  PLACE[1] = ((u >>> 16) << 12) | (v >>> 16);
}

/** Ring of a RING pixel. The roots are of integers below 2⁵², for which no rounding crosses one. */
export function ringOfPixel(n: number, pix: number): number {
  const cap = 2 * n * (n - 1), npix = 12 * n * n;
  if (pix < cap) return Math.floor((1 + Math.sqrt(1 + 2 * pix)) / 2);
  if (pix < npix - cap) return n + Math.floor((pix - cap) / (4 * n));
  return 4 * n - Math.floor((1 + Math.sqrt(2 * (npix - pix) - 1)) / 2);
}

/** First RING pixel of a ring. */
export function ringStart(n: number, jr: number): number {
  return ringPixel(n, jr, 0);
}

/** Takes a RING pixel apart into PLACE. */
export function ringToXyf(n: number, pix: number): void {
  const jr = ringOfPixel(n, pix), ip = pix - ringPixel(n, jr, 0);
  let face: number, twice: number; // b nr + x - y, twice the place along the ring
  if (jr >= n && jr <= 3 * n) {
    twice = 2 * ip + 1 - ((jr - n) & 1);
    const p = Math.floor((twice + jr - n) / (2 * n)),
      m = Math.floor((twice + 3 * n - jr) / (2 * n));
    face = p === m ? (p & 3) | 4 : p < m ? p : m + 8;
    if (face === 4 && twice >= 4 * n) twice -= 8 * n;
    twice -= FACE_LON[face]! * n;
  } else {
    const nr = jr < n ? jr : 4 * n - jr, quarter = Math.floor(ip / nr);
    face = jr < n ? quarter : quarter + 8;
    twice = 2 * ip + 1 - FACE_LON[face]! * nr;
  }
  const sum = FACE_RING[face]! * n - jr - 1;
  PLACE[0] = (sum + twice) >> 1;
  PLACE[1] = (sum - twice) >> 1;
  PLACE[2] = face;
}

/** RING pixel of a position; -1 where it is not on the sphere. */
export function angToRing(n: number, lonDeg: number, latDeg: number): number {
  const far = Math.abs(latDeg);
  let t = lonDeg / 90;
  t -= 4 * Math.floor(t * 0.25);
  if (!(far <= 90 && t > -1)) return -1;
  if (t < 0 || t >= 4) t = 0; // a hair west of longitude 0
  if (far <= BELT_DEG) {
    const a = n * (t + 0.5), b = n * (sinBelt(latDeg * DEG + NORTH) * 0.75), p = (a - b) | 0;
    // rounding at |z| = 2/3 must not leave the belt
    const m = Math.min(Math.max((a + b) | 0, p - n), p + n), row = n + p - m;
    let ip = (p + m - n + (row & 1)) >> 1;
    if (ip >= 4 * n) ip -= 4 * n;
    return 2 * n * (n - 1) + row * (4 * n) + ip;
  }
  const quarter = t | 0, rest = t - quarter, sigma = n * SQRT6 * sinBelt((90 - far) * (DEG / 2));
  const p = Math.min((rest * sigma) | 0, n - 1), m = Math.min(((1 - rest) * sigma) | 0, n - 1 - p);
  const nr = p + m + 1, ip = quarter * nr + p;
  return latDeg > 0 ? 2 * nr * (nr - 1) + ip : 12 * n * n - 2 * nr * (nr + 1) + ip;
}

/** Nested pixel of a position; -1 where it is not on the sphere; n = 2^k. */
export function angToNest(n: number, k: number, lonDeg: number, latDeg: number): number {
  const far = Math.abs(latDeg);
  let t = lonDeg / 90;
  t -= 4 * Math.floor(t * 0.25);
  if (!(far <= 90 && t > -1)) return -1;
  if (t < 0 || t >= 4) t = 0; // a hair west of longitude 0
  if (far <= BELT_DEG) {
    const a = n * (t + 0.5), b = n * (sinBelt(latDeg * DEG + NORTH) * 0.75), p = (a - b) | 0;
    const m = Math.min(Math.max((a + b) | 0, p - n), p + n), fp = p >> k, fm = m >> k;
    const face = fp === fm ? (fp & 3) | 4 : fp < fm ? fp & 3 : (fm & 3) + 8;
    return xyfToNest(n, m & (n - 1), n - 1 - (p & (n - 1)), face);
  }
  const quarter = t | 0, rest = t - quarter, sigma = n * SQRT6 * sinBelt((90 - far) * (DEG / 2));
  const p = Math.min((rest * sigma) | 0, n - 1), m = Math.min(((1 - rest) * sigma) | 0, n - 1 - p);
  return latDeg > 0 ? xyfToNest(n, n - 1 - m, n - 1 - p, quarter) : xyfToNest(n, p, m, quarter + 8);
}

/** Latitude of a ring's centres, deg. */
export function ringLatDeg(n: number, jr: number): number {
  if (jr < n) return 90 - 2 * Math.asin(jr / (n * SQRT6)) / DEG;
  if (jr > 3 * n) return 2 * Math.asin((4 * n - jr) / (n * SQRT6)) / DEG - 90;
  return Math.asin((2 * n - jr) * 2 / (3 * n)) / DEG;
}

/** Pixels of a ring. */
export function ringLength(n: number, jr: number): number {
  return 4 * (jr < n ? jr : jr > 3 * n ? 4 * n - jr : n);
}

/** By how many pixels the first centre of a ring is east of longitude 0: 1/2 or 0. */
export function ringShift(n: number, jr: number): number {
  return jr < n || jr > 3 * n || ((jr - n) & 1) === 0 ? 0.5 : 0;
}

/** Takes a pixel of a grid apart into PLACE. */
export function takeApart(grid: HealpixGrid, pix: number): void {
  if (grid.order === "ring") ringToXyf(grid.nside, pix);
  else nestToXyf(grid.nside, pix);
}

/** Pixel of a grid at a place. */
export function numberOf(grid: HealpixGrid, x: number, y: number, face: number): number {
  return grid.order === "ring"
    ? xyfToRing(grid.nside, x, y, face)
    : xyfToNest(grid.nside, x, y, face);
}

/** The last ring whose centres are not south of a latitude; 0 north of all. */
export function ringAbove(n: number, latDeg: number): number {
  const far = Math.abs(latDeg);
  if (far <= BELT_DEG) return Math.floor(n * (2 - 1.5 * sinBelt(latDeg * DEG)));
  const nr = Math.floor(n * SQRT6 * sinBelt((90 - far) * (DEG / 2)));
  return latDeg > 0 ? nr : 4 * n - nr - 1;
}
