/**
 * The turning Earth: rotation angle and sidereal times, as angles.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | D | UT1 days since 2000-01-01 12 h UT1 | |
 * | θ | Earth rotation angle, 2π (0.7790572732640 + 1.00273781191135448 D) | [0, 360) deg |
 * | t | Julian centuries TT since J2000 | |
 */
import type { EarthOrientation } from "./earth_orientation.ts";
import { DAY_S, type TimeEpoch } from "./epoch.ts";
import { nutation } from "./nutation.ts";
import { convertEpoch } from "./scales.ts";

const ARCSEC = Math.PI / 648000;

/** How sidereal times are computed. */
export interface SiderealOptions {
  /** The table for UT1; the shipped one where left out. */
  readonly earth?: EarthOrientation | undefined;
}

function wrapDeg(deg: number): number {
  const wrapped = deg - 360 * Math.floor(deg / 360);
  return wrapped >= 360 ? 0 : wrapped;
}

/**
 * Earth rotation angle, 360° (0.7790572732640 + 1.00273781191135448 D), D = UT1 days since J2000.
 *
 * @param epoch An instant from 1972 on, in any scale.
 * @param options The table for UT1.
 * @returns Degrees in [0, 360).
 * @throws RangeError before 1972.
 * @example
 * ```ts
 * import { createEpoch, earthRotationAngleDeg } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const angle = earthRotationAngleDeg(createEpoch([51544, 0.5], "UT1"));
 * ok(Math.abs(angle - 280.46061837504) < 1e-9);
 * ```
 * @see IAU 2000 Resolution B1.8; IERS Conventions 2010, eq. 5.15
 */
export function earthRotationAngleDeg(epoch: TimeEpoch, options: SiderealOptions = {}): number {
  const { mjdDay, dayS } = convertEpoch(epoch, "UT1", options);
  const day = mjdDay - 51544, fraction = dayS / DAY_S - 0.5;
  // whole days turn whole turns: only their excess counts, so that no digit is lost
  return wrapDeg(
    360 * (0.7790572732640 + fraction + 0.00273781191135448 * (day + fraction)),
  );
}

/** GMST − θ, the precession in right ascension since J2000, in arcseconds. */
function precessionArcsec(mjdTt: number): number {
  const t = (mjdTt - 51544.5) / 36525;
  return 0.014506 + t * (4612.156534 + t * (1.3915817 + t * (-4.4e-7 + t * (-2.9956e-5 -
                    3.68e-8 * t))));
}

function mjdTtOf(epoch: TimeEpoch, options: SiderealOptions): number {
  const { mjdDay, dayS } = convertEpoch(epoch, "TT", options);
  return mjdDay + dayS / DAY_S;
}

/**
 * GAST − θ: precession and nutation in right ascension, Δψ cos ε + 0.00264″ sin Ω + 0.00006″ sin 2Ω.
 *
 * @param mjdTt Modified Julian Date in TT, days.
 * @returns Degrees; it grows by 4612″ a century.
 * @example
 * ```ts
 * import { siderealMinusRotationDeg } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(siderealMinusRotationDeg(51544.5) * 3600 + 12.78) < 0.02);
 * ```
 * @see Capitaine, Wallace & Chapront 2003, A&A 412, 567, eq. 42; USNO Circular 179, eq. 2.14
 */
export function siderealMinusRotationDeg(mjdTt: number): number {
  const { dPsiRad, obliquityRad, nodeRad } = nutation(mjdTt);
  const equinoxes = dPsiRad * Math.cos(obliquityRad) / ARCSEC +
    0.00264096 * Math.sin(nodeRad) + 0.00006352 * Math.sin(2 * nodeRad);
  return (precessionArcsec(mjdTt) + equinoxes) / 3600;
}

/**
 * Greenwich mean sidereal time, IAU 2006: θ + 0.014506″ + 4612.156534″ t + …
 *
 * @param epoch An instant from 1972 on, in any scale.
 * @param options The table for UT1.
 * @returns Degrees in [0, 360).
 * @throws RangeError before 1972.
 * @example
 * ```ts
 * import { createEpoch, gmstDeg } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const gmst = gmstDeg(createEpoch([51544, 0.5], "UT1"));
 * ok(Math.abs(gmst - 280.46062) < 1e-5);
 * ```
 * @see Capitaine, Wallace & Chapront 2003, A&A 412, 567, eq. 42
 */
export function gmstDeg(epoch: TimeEpoch, options: SiderealOptions = {}): number {
  const mjdTt = mjdTtOf(epoch, options);
  return wrapDeg(earthRotationAngleDeg(epoch, options) + precessionArcsec(mjdTt) / 3600);
}

/**
 * Greenwich apparent sidereal time: mean sidereal time and the equation of the equinoxes, with the
 * nutation of IAU 2000B; within 1 mas of IAU 2006/2000A.
 *
 * @param epoch An instant from 1972 on, in any scale.
 * @param options The table for UT1.
 * @returns Degrees in [0, 360).
 * @throws RangeError before 1972.
 * @example
 * ```ts
 * import { createEpoch, gastDeg, gmstDeg } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const epoch = createEpoch([58849, 0], "UTC");
 * ok(Math.abs(gastDeg(epoch) - gmstDeg(epoch)) * 3600 < 20);
 * ```
 * @see USNO Circular 179, eq. 2.13
 */
export function gastDeg(epoch: TimeEpoch, options: SiderealOptions = {}): number {
  const mjdTt = mjdTtOf(epoch, options);
  return wrapDeg(earthRotationAngleDeg(epoch, options) + siderealMinusRotationDeg(mjdTt));
}

/**
 * Local apparent sidereal time: the right ascension (of date) that is on the meridian.
 *
 * @param epoch An instant from 1972 on, in any scale.
 * @param options `lonDeg`: longitude of the place, deg, east positive; and the table for UT1.
 * @returns Degrees in [0, 360).
 * @throws RangeError before 1972.
 * @example
 * ```ts
 * import { createEpoch, gastDeg, localSiderealTimeDeg } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const epoch = createEpoch([58849, 0], "UTC");
 * const local = localSiderealTimeDeg(epoch, { lonDeg: 16.5 });
 * ok(Math.abs(local - gastDeg(epoch) - 16.5) < 1e-9);
 * ```
 */
export function localSiderealTimeDeg(
  epoch: TimeEpoch,
  options: SiderealOptions & { readonly lonDeg: number },
): number {
  return wrapDeg(gastDeg(epoch, options) + options.lonDeg);
}
