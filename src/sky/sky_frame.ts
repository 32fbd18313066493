/**
 * Celestial frames: ICRS and Galactic, and the rotation between them.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | lonDeg | longitude: right ascension or Galactic longitude | [0, 360) on return, any on entry |
 * | latDeg | latitude: declination or Galactic latitude | [-90, 90] |
 */

import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { atan2Deg } from "./_atan2.ts";
import { wrapLonDeg } from "./_degrees.ts";
import { type Matrix3, transposed } from "./_matrix.ts";

/** Cycles in a degree. */
const CYCLE = 1 / 360;

/** A celestial frame that this package knows. */
export type SkyFrame = "icrs" | "galactic";

/** A position on the sky, in whatever frame the context names. */
export interface SkyPosition {
  /** Longitude, deg. */
  readonly lonDeg: number;
  /** Latitude, deg, in [-90, 90]. */
  readonly latDeg: number;
}

/** Positions on the sky as two columns of one length. */
export interface SkyColumns {
  /** Longitudes, deg. */
  readonly lonDeg: Float64Array;
  /** Latitudes, deg. */
  readonly latDeg: Float64Array;
}

/**
 * Rotation from ICRS to Galactic unit vectors, rows first:
 * Rz(180° - 122.9319185680026°) Ry(90° - 27.12825118085622°) Rz(192.8594812065348°) B,
 * with B the frame bias from ICRS to FK5 J2000 (-19.9, 9.1, -22.9 mas).
 *
 * Source: the IAU 1958 definition carried to FK5 J2000, as astropy 5 has it; frame bias from
 * USNO Circular 179, section 3.5.
 */
export const ICRS_TO_GALACTIC: Matrix3 = Object.freeze<Matrix3>([
  -0.05487565771259173,
  -0.8734370519556163,
  -0.48383507361671557,
  0.4941094371927273,
  -0.44482972122329534,
  0.7469821839866675,
  -0.8676661375596588,
  -0.19807633727300053,
  0.4559838136873016,
]);

const GALACTIC_TO_ICRS = transposed(ICRS_TO_GALACTIC);

/** A pair of equal length, or TypeError. */
function checkColumns(columns: SkyColumns, what: string, n: number): void {
  if (columns.lonDeg.length < n || columns.latDeg.length < n) {
    throw new TypeError(
      `${what} holds ${columns.lonDeg.length} longitudes and ${columns.latDeg.length} latitudes, ` +
        `expected at least ${n} of each`,
    );
  }
}

function rotateInto(m: Matrix3, from: SkyColumns, into: SkyColumns): SkyColumns {
  const n = from.lonDeg.length;
  checkColumns(from, "The input", n);
  checkColumns(into, "The output", n);
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = m;
  const { lonDeg, latDeg } = from, lonOut = into.lonDeg, latOut = into.latDeg;
  for (let i = 0; i < n; i++) {
    const lon = lonDeg[i]! * CYCLE, lat = latDeg[i]! * CYCLE, c = cos2pi(lat);
    const x = c * cos2pi(lon), y = c * sin2pi(lon), z = sin2pi(lat);
    const u = m0 * x + m1 * y + m2 * z, v = m3 * x + m4 * y + m5 * z;
    const w = m6 * x + m7 * y + m8 * z;
    lonOut[i] = wrapLonDeg(atan2Deg(v, u));
    latOut[i] = atan2Deg(w, Math.sqrt(u * u + v * v));
  }
  return into;
}

function rotate(m: Matrix3, position: SkyPosition): SkyPosition {
  const one = {
    lonDeg: Float64Array.of(position.lonDeg),
    latDeg: Float64Array.of(position.latDeg),
  };
  rotateInto(m, one, one);
  return Object.freeze({ lonDeg: one.lonDeg[0]!, latDeg: one.latDeg[0]! });
}

/**
 * Galactic coordinates of an ICRS position.
 *
 * @param position right ascension and declination, deg
 * @returns Galactic longitude in [0, 360) and latitude, deg; NaN where the input is not finite
 * @example
 * ```ts
 * import { icrsToGalactic } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const { lonDeg, latDeg } = icrsToGalactic({ lonDeg: 266.4049882865447, latDeg: -28.93617776179147 });
 * assert.ok(Math.abs(lonDeg - 360 * Math.round(lonDeg / 360)) < 1e-9 && Math.abs(latDeg) < 1e-9);
 * ```
 *
 * Source: {@linkcode ICRS_TO_GALACTIC}; agrees with astropy.coordinates.
 */
export function icrsToGalactic(position: SkyPosition): SkyPosition {
  return rotate(ICRS_TO_GALACTIC, position);
}

/**
 * ICRS coordinates of a Galactic position.
 *
 * @param position Galactic longitude and latitude, deg
 * @returns right ascension in [0, 360) and declination, deg; NaN where the input is not finite
 * @example
 * ```ts
 * import { galacticToIcrs } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const { lonDeg, latDeg } = galacticToIcrs({ lonDeg: 0, latDeg: 0 });
 * assert.ok(Math.abs(lonDeg - 266.4049882865447) < 1e-9);
 * assert.ok(Math.abs(latDeg + 28.93617776179147) < 1e-9);
 * ```
 *
 * Source: the transpose of {@linkcode ICRS_TO_GALACTIC}; agrees with astropy.coordinates.
 */
export function galacticToIcrs(position: SkyPosition): SkyPosition {
  return rotate(GALACTIC_TO_ICRS, position);
}

/**
 * Galactic coordinates of ICRS positions.
 *
 * @param from right ascensions and declinations, deg
 * @param into columns of at least that length that take the result; may be `from` itself
 * @returns `into`
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { icrsToGalactic, icrsToGalacticInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(83.633), latDeg: Float64Array.of(22.014) };
 * icrsToGalacticInto(sky, sky);
 * assert.equal(sky.lonDeg[0], icrsToGalactic({ lonDeg: 83.633, latDeg: 22.014 }).lonDeg);
 * ```
 */
export function icrsToGalacticInto(from: SkyColumns, into: SkyColumns): SkyColumns {
  return rotateInto(ICRS_TO_GALACTIC, from, into);
}

/**
 * ICRS coordinates of Galactic positions.
 *
 * @param from Galactic longitudes and latitudes, deg
 * @param into columns of at least that length that take the result; may be `from` itself
 * @returns `into`
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { galacticToIcrs, galacticToIcrsInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(184.5), latDeg: Float64Array.of(-5.8) };
 * galacticToIcrsInto(sky, sky);
 * assert.equal(sky.latDeg[0], galacticToIcrs({ lonDeg: 184.5, latDeg: -5.8 }).latDeg);
 * ```
 */
export function galacticToIcrsInto(from: SkyColumns, into: SkyColumns): SkyColumns {
  return rotateInto(GALACTIC_TO_ICRS, from, into);
}

/**
 * A position carried from one frame to another; the same numbers where the frames are equal.
 *
 * @param position longitude and latitude in `frames.from`, deg
 * @param frames where from, and where to
 * @returns longitude and latitude in `frames.to`, deg
 * @throws RangeError for a frame that is neither "icrs" nor "galactic"
 * @example
 * ```ts
 * import { convertFrame } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const pole = convertFrame({ lonDeg: 0, latDeg: 90 }, { from: "galactic", to: "icrs" });
 * assert.ok(Math.abs(pole.latDeg - 27.128) < 1e-3);
 * ```
 */
export function convertFrame(
  position: SkyPosition,
  frames: { readonly from: SkyFrame; readonly to: SkyFrame },
): SkyPosition {
  checkFrame(frames.from);
  checkFrame(frames.to);
  if (frames.from === frames.to) return position;
  return frames.to === "galactic" ? icrsToGalactic(position) : galacticToIcrs(position);
}

/**
 * The frame itself, checked.
 *
 * @param frame a name
 * @returns the name, as a frame
 * @throws RangeError for a frame that is neither "icrs" nor "galactic"
 * @example
 * ```ts
 * import { checkFrame } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(checkFrame("icrs"), "icrs");
 * assert.throws(() => checkFrame("ecliptic"), /expected "icrs" or "galactic"/);
 * ```
 */
export function checkFrame(frame: string): SkyFrame {
  if (frame !== "icrs" && frame !== "galactic") {
    throw new RangeError(`Unknown frame "${frame}": expected "icrs" or "galactic"`);
  }
  return frame;
}
