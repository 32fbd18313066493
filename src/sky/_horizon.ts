/**
 * From ICRS to the horizon, in parts: the slow ones (precession, nutation, the Earth's way), the
 * Earth's turn, and the place.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | p | unit vector to the source, ICRS |
 * | v, e, d | Earth's velocity / c, direction Sun → Earth, distance in au |
 * | B | bias, precession, nutation: ICRS to the true equator and equinox of date |
 * | A | GAST: angle of the prime meridian from the true equinox |
 * | S | from the turned Earth to north, east, up; with the pole's place |
 */
import { nutation } from "../time/mod.ts";
import { DEG } from "./_degrees.ts";
import { type Matrix3, multiply, turnX, turnZ } from "./_matrix.ts";
import type { Site } from "./site.ts";

/** Radians in an arcsecond. */
export const ARCSEC: number = Math.PI / 648000;

/** Schwarzschild radius of the Sun, 2 G M / c², au. */
export const SUN_BENDING_AU: number = 1.97412574336e-8;

/** Below this 1 + p · e (5 arcmin from the Sun's centre) bending stays as it is there. */
export const SUN_LIMIT: number = 1e-6;

/**
 * Bias, precession IAU 2006 and nutation IAU 2000B by the four angles of Fukushima and Williams.
 *
 * @see Hilton et al. 2006, Celest. Mech. Dyn. Astron. 94, 351; IERS Conventions 2010, eq. 5.40
 */
export function equatorOfDate(mjdTt: number): Matrix3 {
  const t = (mjdTt - 51544.5) / 36525, { dPsiRad, dEpsRad, obliquityRad } = nutation(mjdTt);
  const gamma = -0.052928 + t * (10.556378 + t * (0.4932044 + t * (-0.00031238 + t * (-2.788e-6 +
                    t * 2.6e-8))));
  const phi = 84381.412819 + t * (-46.811016 + t * (0.0511268 + t * (0.00053289 + t * (-4.4e-7 -
                    t * 1.76e-8))));
  const psi = -0.041775 + t * (5038.481484 + t * (1.5584175 + t * (-0.00018522 + t * (-2.6452e-5 -
                    t * 1.48e-8))));
  const toEcliptic = multiply(turnX(phi * ARCSEC), turnZ(gamma * ARCSEC));
  const toEquinox = multiply(turnZ(-psi * ARCSEC - dPsiRad), toEcliptic);
  return multiply(turnX(-obliquityRad - dEpsRad), toEquinox);
}

/** From the turned Earth (its x axis on the prime meridian) to north, east, up at a place. */
export function siteMatrix(
  site: Site,
  pole: { readonly poleXArcsec: number; readonly poleYArcsec: number },
): Matrix3 {
  const lon = site.lonDeg * DEG, lat = site.latDeg * DEG;
  const cosLon = Math.cos(lon),
    sinLon = Math.sin(lon),
    cosLat = Math.cos(lat),
    sinLat = Math.sin(lat);
  const horizon: Matrix3 = [
    -sinLat * cosLon,
    -sinLat * sinLon,
    cosLat,
    -sinLon,
    cosLon,
    0,
    cosLat * cosLon,
    cosLat * sinLon,
    sinLat,
  ];
  const x = pole.poleXArcsec * ARCSEC, y = pole.poleYArcsec * ARCSEC;
  return multiply(horizon, [1, 0, x, 0, 1, -y, -x, y, 1]);
}

/** Eastward velocity of a place by the Earth's turn, in units of the speed of light. */
export function eastwardVelocity(site: Site): number {
  const lat = site.latDeg * DEG, flattening = 1 / 298.257223563;
  const e2 = flattening * (2 - flattening), sin = Math.sin(lat);
  const radius = 6378137 / Math.sqrt(1 - e2 * sin * sin) + site.heightM;
  return 7.292115e-5 * radius * Math.cos(lat) / 299792458;
}
