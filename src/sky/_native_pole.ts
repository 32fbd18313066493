/**
 * Celestial coordinates of the native pole of a map.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | φ₀, θ₀ | native coordinates of the reference point |
 * | α₀, δ₀ | its celestial coordinates (CRVAL) |
 * | φp | native longitude of the celestial pole (LONPOLE) |
 * | θp | its native latitude (LATPOLE), which chooses between two solutions |
 * | αp, δp | celestial coordinates of the native pole |
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077, section 2.4, equations (8) to (10).
 */

import { cosDeg, DEG, sinDeg } from "./_degrees.ts";

/** Tolerance on sines and cosines that should be 0 or 1 exactly. */
const TOLERANCE = 1e-10;

/** What determines the pole, all in degrees. */
export interface PoleInput {
  readonly crvalDeg: readonly [number, number];
  readonly referenceDeg: readonly [number, number];
  readonly lonpoleDeg: number;
  readonly latpoleDeg: number;
}

/** (αp, δp) in degrees; RangeError where CRVAL and LONPOLE admit none. */
export function nativePoleDeg(input: PoleInput): readonly [number, number] {
  const { crvalDeg: [lon0, lat0], referenceDeg: [phi0, theta0], lonpoleDeg, latpoleDeg } = input;
  if (theta0 === 90) return [lon0, lat0];
  const phi = lonpoleDeg - phi0;
  const sinTheta = sinDeg(theta0), cosTheta = cosDeg(theta0), cosPhi = cosDeg(phi);
  const latPole = poleLatitude(sinDeg(lat0), sinTheta, cosTheta * cosPhi, latpoleDeg);
  if (latPole === undefined) {
    throw new RangeError(
      `No native pole: CRVAL latitude ${lat0} deg with LONPOLE ${lonpoleDeg} deg and a reference ` +
        `point at native latitude ${theta0} deg; expected |sin CRVAL| <= the distance ` +
        `${Math.hypot(sinTheta, cosTheta * cosPhi)} that LONPOLE leaves. Change LONPOLE`,
    );
  }
  const cosLat = cosDeg(lat0), z = cosDeg(latPole) * cosLat;
  if (Math.abs(cosLat) < TOLERANCE) return [lon0, latPole];
  if (Math.abs(z) < TOLERANCE) {
    return latPole > 0 ? [lon0 + phi - 180, latPole] : [lon0 - phi, latPole];
  }
  const x = (sinTheta - sinDeg(latPole) * sinDeg(lat0)) / z;
  const y = sinDeg(phi) * cosTheta / cosLat;
  return [lon0 - Math.atan2(y, x) / DEG, latPole];
}

/** Equation (8): the solution in [-90, 90] that is nearest to LATPOLE. */
function poleLatitude(
  sinLat: number,
  sinTheta: number,
  cosThetaCosPhi: number,
  latpoleDeg: number,
): number | undefined {
  const z = Math.hypot(sinTheta, cosThetaCosPhi);
  if (z < TOLERANCE) {
    return Math.abs(sinLat) < TOLERANCE ? Math.max(-90, Math.min(90, latpoleDeg)) : undefined;
  }
  const ratio = sinLat / z;
  if (!(Math.abs(ratio) <= 1 + TOLERANCE)) return undefined;
  const u = Math.atan2(sinTheta, cosThetaCosPhi) / DEG;
  const v = Math.acos(Math.max(-1, Math.min(1, ratio))) / DEG;
  const solutions = [u + v, u - v].map((a) => a > 180 ? a - 360 : a < -180 ? a + 360 : a)
    .filter((a) => Math.abs(a) <= 90 + TOLERANCE)
    .map((a) => Math.max(-90, Math.min(90, a)));
  const [first, second] = solutions;
  if (first === undefined || second === undefined) return first;
  return Math.abs(latpoleDeg - first) < Math.abs(latpoleDeg - second) ? first : second;
}
