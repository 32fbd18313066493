/**
 * Field-of-view coordinates: longitude and latitude about the pointing, as responses use them.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | α₀, δ₀ | pointing: right ascension and declination, or azimuth and altitude |
 * | Δα, Δδ | differences of the position from the pointing |
 * | h | 2 sin²(Δα/2), so that nothing is lost near the pointing |
 * | X, Y, Z | cos Δδ − h cos δ₀ cos δ, cos δ sin Δα, sin Δδ + h sin δ₀ cos δ |
 * | lon, lat | ± atan2(Y, X), atan2(Z, √(X² + Y²)) |
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { atan2Deg } from "./_atan2.ts";
import { wrapLonDeg } from "./_degrees.ts";
import { BLOCK, createVectors, type Vectors, vectorsInto } from "./_vectors.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";

/**
 * Which way longitude grows: latitude grows to the north, or up.
 *
 * - `RADEC`: with right ascension;
 * - `REVERSE_LON_RADEC`: against right ascension;
 * - `ALTAZ`: against the azimuth (positions are azimuth and altitude).
 *
 * These are GADF's FOVALIGN and the axes of H.E.S.S. and of Gammapy 1. Gammapy 2 counts the
 * longitude of RADEC the other way, and calls REVERSE_LON_RADEC what is RADEC here (to which it sets
 * the backgrounds of H.E.S.S. DL3 DR1).
 */
export type FovAlignment = "RADEC" | "REVERSE_LON_RADEC" | "ALTAZ";

const SIGNS: Readonly<Record<FovAlignment, 1 | -1>> = {
  RADEC: 1,
  REVERSE_LON_RADEC: -1,
  ALTAZ: -1,
};

function signOf(alignment: FovAlignment): 1 | -1 {
  if (!Object.hasOwn(SIGNS, alignment)) {
    throw new RangeError(
      `Unknown alignment "${alignment}": expected one of ${Object.keys(SIGNS).join(", ")}`,
    );
  }
  return SIGNS[alignment];
}

/** How columns become field-of-view coordinates, or come from them. */
export interface FovOptions {
  /** The pointing, in the frame of the positions: one, or one for each position. */
  readonly pointing: SkyPosition | SkyColumns;
  /** Which way longitude grows; `RADEC` where left out. */
  readonly alignment?: FovAlignment;
  /** Columns that take the result; may be the input itself. */
  readonly into: SkyColumns;
}

/** Pointings as columns with a stride, 0 where there is one for all; cos and sin of the latitudes. */
interface Pointings extends SkyColumns {
  readonly stride: 0 | 1;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** Room for a block: components, and h. */
interface Work extends Vectors {
  readonly h: Float64Array;
}

/** The part of the columns that is at work. */
interface Part {
  readonly start: number;
  readonly n: number;
}

function createWork(total: number): Work {
  const size = Math.min(BLOCK, total);
  return { ...createVectors(size), h: new Float64Array(size) };
}

// The loops are short, so that the compiler puts the sines into them.

/** Y = sin Δα and h = 2 sin²(Δα/2). */
function turnsInto(lonDeg: Float64Array, at: Pointings, { start, n }: Part, work: Work): void {
  const { y, h } = work, { stride } = at, lon0 = at.lonDeg;
  for (let i = 0; i < n; i++) {
    const turn = lonDeg[start + i]! - lon0[(start + i) * stride]!;
    const cycles = (turn - 360 * Math.floor(turn / 360 + 0.5)) / 360, half = sin2pi(cycles / 2);
    y[i] = sin2pi(cycles);
    h[i] = 2 * half * half;
  }
}

/** Both times cos δ. */
function cosinesInto(latDeg: Float64Array, { start, n }: Part, { y, h }: Work): void {
  for (let i = 0; i < n; i++) {
    const c = cos2pi(latDeg[start + i]! / 360);
    y[i] = c * y[i]!;
    h[i] = c * h[i]!;
  }
}

/** X and Z. */
function offsetsInto(latDeg: Float64Array, at: Pointings, { start, n }: Part, work: Work): void {
  const { x, z, h } = work, { stride, cos, sin } = at, lat0 = at.latDeg;
  for (let i = 0; i < n; i++) {
    const j = (start + i) * stride, cycles = (latDeg[start + i]! - lat0[j]!) / 360;
    x[i] = cos2pi(cycles) - h[i]! * cos[j]!;
    z[i] = sin2pi(cycles) + h[i]! * sin[j]!;
  }
}

function pointings(
  options: FovOptions,
  from: SkyColumns,
): Pointings {
  const { pointing, into } = options, n = from.lonDeg.length;
  const { lonDeg, latDeg } = pointing;
  const one = typeof lonDeg === "number" && typeof latDeg === "number";
  const columns = one
    ? { lonDeg: Float64Array.of(lonDeg), latDeg: Float64Array.of(latDeg), stride: 0 as const }
    : { ...pointing as SkyColumns, stride: 1 as const };
  const lengths = [from.latDeg.length, into.lonDeg.length, into.latDeg.length];
  if (!one) lengths.push(columns.lonDeg.length, columns.latDeg.length);
  if (lengths.some((length) => length < n)) {
    throw new TypeError(
      `Found ${n} longitudes, and ${lengths.join(", ")} elements in the columns of latitudes, ` +
        `results${one ? "" : " and pointings"}: expected one length`,
    );
  }
  const cos = columns.latDeg.map((lat) => cos2pi(lat / 360));
  return { ...columns, cos, sin: columns.latDeg.map((lat) => sin2pi(lat / 360)) };
}

/**
 * Field-of-view coordinates of positions.
 *
 * @param from positions in the frame of the pointing, deg: right ascension and declination, or for
 *   `ALTAZ` azimuth and altitude
 * @param options `pointing`, `alignment` and `into`, which takes longitudes in [-180, 180] and
 *   latitudes, deg
 * @returns `options.into`; NaN where the input is not finite
 * @throws TypeError where a column is too short; RangeError for an unknown alignment
 * @example
 * ```ts
 * import { skyToFovInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(84.633, 83.633), latDeg: Float64Array.of(0, 1) };
 * skyToFovInto(sky, { pointing: { lonDeg: 83.633, latDeg: 0 }, into: sky });
 * assert.ok(Math.abs(sky.lonDeg[0]! - 1) < 1e-12 && Math.abs(sky.latDeg[1]! - 1) < 1e-12);
 * ```
 *
 * Source: GADF 0.3, section Field of view; agrees with astropy's SkyOffsetFrame.
 */
export function skyToFovInto(from: SkyColumns, options: FovOptions): SkyColumns {
  const { into, alignment = "RADEC" } = options, sign = signOf(alignment);
  const at = pointings(options, from), total = from.lonDeg.length, work = createWork(total);
  for (let start = 0; start < total; start += BLOCK) {
    const n = Math.min(BLOCK, total - start);
    turnsInto(from.lonDeg, at, { start, n }, work);
    cosinesInto(from.latDeg, { start, n }, work);
    offsetsInto(from.latDeg, at, { start, n }, work);
    const { x, y, z } = work, lonOut = into.lonDeg, latOut = into.latDeg;
    for (let i = 0; i < n; i++) {
      const u = x[i]!, v = y[i]!;
      lonOut[start + i] = sign * atan2Deg(v, u);
      latOut[start + i] = atan2Deg(z[i]!, Math.sqrt(u * u + v * v));
    }
  }
  return into;
}

/**
 * Positions of field-of-view coordinates: the inverse of {@linkcode skyToFovInto}.
 *
 * @param from field-of-view longitudes and latitudes, deg
 * @param options `pointing`, `alignment` and `into`, which takes longitudes in [0, 360) and
 *   latitudes, deg, in the frame of the pointing
 * @returns `options.into`; NaN where the input is not finite
 * @throws TypeError where a column is too short; RangeError for an unknown alignment
 * @example
 * ```ts
 * import { fovToSkyInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(1), latDeg: Float64Array.of(0) };
 * fovToSkyInto(sky, { pointing: { lonDeg: 10, latDeg: 0 }, alignment: "ALTAZ", into: sky });
 * assert.ok(Math.abs(sky.lonDeg[0]! - 9) < 1e-12);
 * ```
 */
export function fovToSkyInto(from: SkyColumns, options: FovOptions): SkyColumns {
  const { into, alignment = "RADEC" } = options, sign = signOf(alignment);
  const at = pointings(options, from), total = from.lonDeg.length, work = createWork(total);
  const { stride, cos, sin } = at, lonOut = into.lonDeg, latOut = into.latDeg, { x, y, z } = work;
  for (let start = 0; start < total; start += BLOCK) {
    const n = Math.min(BLOCK, total - start);
    vectorsInto(from, start, n, work);
    for (let i = 0; i < n; i++) {
      const j = (start + i) * stride, u = x[i]! * cos[j]! - z[i]! * sin[j]!, v = sign * y[i]!;
      const w = x[i]! * sin[j]! + z[i]! * cos[j]!, lon0 = at.lonDeg[j]!;
      lonOut[start + i] = wrapLonDeg(lon0 + atan2Deg(v, u));
      latOut[start + i] = atan2Deg(w, Math.sqrt(u * u + v * v));
    }
  }
  return into;
}

function one(
  position: SkyPosition,
  options: { readonly pointing: SkyPosition; readonly alignment?: FovAlignment },
  kernel: typeof skyToFovInto,
): SkyPosition {
  const into = {
    lonDeg: Float64Array.of(position.lonDeg),
    latDeg: Float64Array.of(position.latDeg),
  };
  kernel(into, { ...options, into });
  return Object.freeze({ lonDeg: into.lonDeg[0]!, latDeg: into.latDeg[0]! });
}

/**
 * Field-of-view coordinates of a position.
 *
 * @param position right ascension and declination, or for `ALTAZ` azimuth and altitude, deg
 * @param options `pointing` in the same frame, and `alignment` (`RADEC`)
 * @returns longitude in [-180, 180] and latitude about the pointing, deg
 * @throws RangeError for an unknown alignment
 * @example
 * ```ts
 * import { separationDeg, skyToFov } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const crab = { lonDeg: 83.633, latDeg: 22.014 }, pointing = { lonDeg: 83.633, latDeg: 22.514 };
 * const fov = skyToFov(crab, { pointing });
 * assert.ok(Math.abs(fov.lonDeg) < 1e-12 && Math.abs(fov.latDeg + 0.5) < 1e-12);
 * assert.ok(Math.abs(separationDeg(crab, pointing) - 0.5) < 1e-12);
 * ```
 */
export function skyToFov(
  position: SkyPosition,
  options: { readonly pointing: SkyPosition; readonly alignment?: FovAlignment },
): SkyPosition {
  return one(position, options, skyToFovInto);
}

/**
 * Position of field-of-view coordinates: the inverse of {@linkcode skyToFov}.
 *
 * @param fov field-of-view longitude and latitude, deg
 * @param options `pointing`, and `alignment` (`RADEC`)
 * @returns longitude in [0, 360) and latitude, deg, in the frame of the pointing
 * @throws RangeError for an unknown alignment
 * @example
 * ```ts
 * import { fovToSky, skyToFov } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const pointing = { lonDeg: 83.633, latDeg: 89.9 };
 * const back = skyToFov(fovToSky({ lonDeg: 0.3, latDeg: 0.4 }, { pointing }), { pointing });
 * assert.ok(Math.abs(back.lonDeg - 0.3) < 1e-10 && Math.abs(back.latDeg - 0.4) < 1e-10);
 * ```
 */
export function fovToSky(
  fov: SkyPosition,
  options: { readonly pointing: SkyPosition; readonly alignment?: FovAlignment },
): SkyPosition {
  return one(fov, options, fovToSkyInto);
}
