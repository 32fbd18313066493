import {
  convertEpoch,
  DAY_S,
  type EarthOrientation,
  earthOrientationAt,
  earthRotationAngleDeg,
  shippedEarthOrientation,
  siderealMinusRotationDeg,
  type TimeEpoch,
} from "../time/mod.ts";
import { DEG } from "./_degrees.ts";
import { earthState } from "./_earth.ts";
import { eastwardVelocity, equatorOfDate, siteMatrix } from "./_horizon.ts";
import { type Matrix3, multiply, turnZ, type Vector3 } from "./_matrix.ts";
import type { Site } from "./site.ts";

/** The horizon of a place at an instant: all that does not depend on a position on the sky. */
export interface HorizontalFrame {
  /** The place. */
  readonly site: Site;
  /** The instant. */
  readonly time: TimeEpoch;
  /** From ICRS directions, after aberration, to north, east and up: 9 numbers, rows first. */
  readonly matrix: Matrix3;
  /** Velocity of the Earth's centre about the solar system's barycentre, units of c, ICRS axes. */
  readonly velocity: Vector3;
  /** Eastward velocity of the place by the Earth's turn, units of c. */
  readonly eastward: number;
  /** Direction from the Sun to the Earth, unit vector, ICRS axes. */
  readonly fromSun: Vector3;
  /** Distance from the Sun, au. */
  readonly sunDistanceAu: number;
}

/**
 * Makes the horizon of a place at an instant, for any number of positions.
 *
 * Precession IAU 2006, nutation IAU 2000B, the Earth's rotation by UT1, the pole's place, annual and
 * diurnal aberration, the bending of light by the Sun; no refraction, no deflection of the vertical.
 * Errors: nutation 1 mas, velocity of the Earth 1.6 mas, pole 20 mas, UT1 15 arcsec a second of its
 * error (5 mas from 1984 on), measured time; see `EarthOrientation` for times beyond its table.
 *
 * @param options `site`; `time`, from 1972 on, in any scale; `earth`: the table for UT1 and the pole,
 *   the shipped one where left out.
 * @returns A frozen record.
 * @throws RangeError before 1972.
 * @example
 * ```ts
 * import { createHorizontalFrame, icrsToAltAz, observatory } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const time = parseTime("2004-12-04T22:30:00");
 * const frame = createHorizontalFrame({ site: observatory("hess"), time });
 * const { lonDeg: azDeg, latDeg: altDeg } = icrsToAltAz({ lonDeg: 83.633, latDeg: 22.014 }, frame);
 * assert.ok(azDeg > 0 && azDeg < 45 && altDeg > 40);
 * ```
 * @see USNO Circular 179; IERS Conventions 2010, chapter 5; agrees with astropy's AltAz
 */
export function createHorizontalFrame(
  options: {
    readonly site: Site;
    readonly time: TimeEpoch;
    readonly earth?: EarthOrientation | undefined;
  },
): HorizontalFrame {
  const { site, time, earth = shippedEarthOrientation() } = options;
  const tt = convertEpoch(time, "TT", { earth }), mjdTt = tt.mjdDay + tt.dayS / DAY_S;
  const utc = convertEpoch(tt, "UTC"), mjdUtc = utc.mjdDay + Math.min(utc.dayS, DAY_S) / DAY_S;
  const gastDeg = earthRotationAngleDeg(tt, { earth }) + siderealMinusRotationDeg(mjdTt);
  const turned = multiply(turnZ(gastDeg * DEG), equatorOfDate(mjdTt));
  const { velocity, fromSun, distanceAu } = earthState(mjdTt);
  return Object.freeze({
    site,
    time,
    matrix: multiply(siteMatrix(site, earthOrientationAt(mjdUtc, earth)), turned),
    velocity,
    eastward: eastwardVelocity(site),
    fromSun,
    sunDistanceAu: distanceAu,
  });
}
