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
import { DEG, wrapLonDeg } from "./_degrees.ts";
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

/** Pointings as columns with a stride: 0 where there is one for all. */
function pointings(
  options: FovOptions,
  from: SkyColumns,
): { lonDeg: Float64Array; latDeg: Float64Array; stride: 0 | 1 } {
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
  return columns;
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
  const at = pointings(options, from), { lonDeg, latDeg } = from, n = lonDeg.length;
  const lonOut = into.lonDeg, latOut = into.latDeg, { stride } = at;
  for (let i = 0, j = 0; i < n; i++, j += stride) {
    const lat0 = at.latDeg[j]!, lat = latDeg[i]!, turn = lonDeg[i]! - at.lonDeg[j]!;
    const delta = (turn - 360 * Math.floor(turn / 360 + 0.5)) * DEG, half = Math.sin(delta / 2);
    const cos = Math.cos(lat * DEG), h = 2 * half * half * cos, difference = (lat - lat0) * DEG;
    const x = Math.cos(difference) - h * Math.cos(lat0 * DEG), y = cos * Math.sin(delta);
    const z = Math.sin(difference) + h * Math.sin(lat0 * DEG);
    lonOut[i] = sign * Math.atan2(y, x) / DEG;
    latOut[i] = Math.atan2(z, Math.sqrt(x * x + y * y)) / DEG;
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
  const at = pointings(options, from), { lonDeg, latDeg } = from, n = lonDeg.length;
  const lonOut = into.lonDeg, latOut = into.latDeg, { stride } = at;
  for (let i = 0, j = 0; i < n; i++, j += stride) {
    const lon = sign * lonDeg[i]! * DEG, lat = latDeg[i]! * DEG, cos = Math.cos(lat);
    const lon0 = at.lonDeg[j]!, lat0 = at.latDeg[j]! * DEG;
    const sin0 = Math.sin(lat0), cos0 = Math.cos(lat0);
    const x = cos * Math.cos(lon), y = cos * Math.sin(lon), z = Math.sin(lat);
    const u = x * cos0 - z * sin0;
    lonOut[i] = wrapLonDeg(lon0 + Math.atan2(y, u) / DEG);
    latOut[i] = Math.atan2(x * sin0 + z * cos0, Math.sqrt(u * u + y * y)) / DEG;
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
