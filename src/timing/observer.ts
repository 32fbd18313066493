/**
 * Who saw the photons, and where he was.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | X, Y, s | place of the celestial intermediate pole and of the origin of right ascension |
 * | θ | Earth rotation angle |
 * | x_p, y_p | place of the pole on the Earth |
 *
 * A place on the Earth goes from ITRF to GCRS axes by r = Q(X, Y, s) R₃(−θ) W(x_p, y_p) r₀ with X, Y
 * from precession and nutation (IAU 2006/2000B) to 20 mas, which is 0.6 m or 2 ns.
 *
 * Source: IERS Conventions 2010, chapter 5, eq. 5.1 to 5.16.
 */
import type { Site } from "../sky/mod.ts";
import {
  convertEpoch,
  DAY_S,
  type EarthOrientation,
  earthOrientationAt,
  earthRotationAngleDeg,
  nutation,
  type TimeEpoch,
} from "../time/mod.ts";
import { C_M_S, J2000_MJD } from "./_physics.ts";
import type { Orbit } from "./orbit.ts";

const ARCSEC = Math.PI / 648000, DEG = Math.PI / 180;

/** A place on the Earth, along the axes of the ITRF. */
export interface GroundSite {
  /** Its name. */
  readonly name: string;
  /** To longitude 0 on the equator, m. */
  readonly xM: number;
  /** To longitude 90° east on the equator, m. */
  readonly yM: number;
  /** To the north pole, m. */
  readonly zM: number;
}

/**
 * Who saw the photons: nobody (times are of the barycentre already), an observer at the Earth's
 * centre (times were brought there), a place on the Earth, or a spacecraft.
 */
export type Observer =
  | { readonly kind: "barycentre" }
  | { readonly kind: "geocentre" }
  | {
    readonly kind: "site";
    readonly site: GroundSite;
    readonly earth?: EarthOrientation | undefined;
  }
  | { readonly kind: "orbit"; readonly orbit: Orbit };

/** Times are of the barycentre of the solar system already. */
export const BARYCENTRE: Observer = Object.freeze({ kind: "barycentre" });

/** Times are those of the Earth's centre. */
export const GEOCENTRE: Observer = Object.freeze({ kind: "geocentre" });

/**
 * An observer at a place on the Earth.
 *
 * @param site Longitude, latitude and height (WGS 84) as of `src/sky`, or x, y, z of the ITRF.
 * @param options `earth`: a table of Earth orientation; the shipped one where left out.
 * @returns A frozen record.
 * @throws RangeError for numbers that are not finite.
 * @example
 * ```ts
 * import { observatory } from "@gammarx/gammarx/sky";
 * import { siteObserver } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const hess = siteObserver(observatory("hess"));
 * ok(hess.kind === "site" && Math.abs(hess.site.zM + 2.5e6) < 2e4);
 * ```
 * @see NIMA TR8350.2 (WGS 84)
 */
export function siteObserver(
  site: Site | GroundSite,
  options: { readonly earth?: EarthOrientation | undefined } = {},
): Observer {
  const ground = "xM" in site ? site : groundSite(site);
  if (!Number.isFinite(ground.xM + ground.yM + ground.zM)) {
    throw new RangeError(`Site "${site.name}": x, y, z ${ground.xM}, ${ground.yM}, ${ground.zM} m`);
  }
  return Object.freeze({ kind: "site", site: ground, earth: options.earth });
}

/** x, y, z of a place on the ellipsoid of WGS 84. */
function groundSite({ name, lonDeg, latDeg, heightM }: Site): GroundSite {
  const a = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f);
  const lat = latDeg * DEG, lon = lonDeg * DEG, sin = Math.sin(lat), cos = Math.cos(lat);
  const n = a / Math.sqrt(1 - e2 * sin * sin);
  return Object.freeze({
    name,
    xM: (n + heightM) * cos * Math.cos(lon),
    yM: (n + heightM) * cos * Math.sin(lon),
    zM: (n * (1 - e2) + heightM) * sin,
  });
}

/**
 * An observer in orbit.
 *
 * @param orbit A spacecraft's way, as of `createOrbit`, `openOrbit` or `readOrbit`.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { createOrbit, orbitObserver } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * const orbit = createOrbit({
 *   name: "made",
 *   epoch: createEpoch([55000, 0], "TT"),
 *   timeS: Float64Array.of(0, 30),
 *   positionM: Float64Array.of(7e6, 0, 0, 7e6, 2e5, 0),
 * });
 * strictEqual(orbitObserver(orbit).kind, "orbit");
 * ```
 */
export function orbitObserver(orbit: Orbit): Observer {
  return Object.freeze({ kind: "orbit", orbit });
}

/**
 * Where a place on the Earth is in space.
 *
 * @param site The place.
 * @param epoch An instant from 1972 on, in any scale.
 * @param out Six elements that take x, y, z from the Earth's centre along GCRS axes, light-seconds,
 *   and their rates (the Earth's turn), light-seconds a second.
 * @param earth A table of Earth orientation; the shipped one where left out.
 * @returns Nothing.
 * @throws RangeError before 1972.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { sitePositionInto } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const out = new Float64Array(6);
 * const pole = { name: "north pole", xM: 0, yM: 0, zM: 6356752 };
 * sitePositionInto(pole, createEpoch([51544, 0.5], "TT"), out);
 * ok(Math.abs(out[2]! * 299792458 - 6356752) < 100);
 * ```
 * @see IERS Conventions 2010, chapter 5
 */
export function sitePositionInto(
  site: GroundSite,
  epoch: TimeEpoch,
  out: Float64Array,
  earth?: EarthOrientation,
): void {
  const tt = convertEpoch(epoch, "TT"), utc = convertEpoch(epoch, "UTC");
  const mjdTt = tt.mjdDay + tt.dayS / DAY_S;
  const pole = earthOrientationAt(utc.mjdDay + Math.min(utc.dayS / DAY_S, 1), earth);
  const xp = pole.poleXArcsec * ARCSEC, yp = pole.poleYArcsec * ARCSEC;
  const { xM, yM, zM } = site;
  // W: the Earth's axes to those of its rotation
  const wx = (xM - xp * zM) / C_M_S, wy = (yM + yp * zM) / C_M_S;
  const wz = (zM + xp * xM - yp * yM) / C_M_S;
  const theta = earthRotationAngleDeg(epoch, { earth }) * DEG;
  const cos = Math.cos(theta), sin = Math.sin(theta);
  const x = cos * wx - sin * wy, y = sin * wx + cos * wy;
  const q = poleMatrix(mjdTt);
  turnInto(q, [x, y, wz], out, 0);
  const turn = 2 * Math.PI * 1.00273781191135448 / DAY_S;
  turnInto(q, [-turn * y, turn * x, 0], out, 3);
}

/** Q(X, Y, s): from the celestial intermediate frame to the GCRS, by rows. */
function poleMatrix(mjdTt: number): readonly number[] {
  const t = (mjdTt - J2000_MJD) / 36525, { dPsiRad, dEpsRad, obliquityRad } = nutation(mjdTt);
  const x = (-0.016617 + t * (2004.191898 + t * (-0.4297829 - 0.19861834 * t))) * ARCSEC +
    dPsiRad * Math.sin(obliquityRad);
  const y = (-0.006951 + t * (-0.025896 + t * (-22.4072747 + 0.00190059 * t))) * ARCSEC + dEpsRad;
  const a = 1 / (1 + Math.sqrt(1 - x * x - y * y)), s = -x * y / 2;
  const cos = Math.cos(s), sin = Math.sin(s);
  const rows = [[1 - a * x * x, -a * x * y, x], [-a * x * y, 1 - a * y * y, y], [
    -x,
    -y,
    1 - a * (x * x + y * y),
  ]] as const;
  return rows.flatMap(([u, v, w]) => [cos * u - sin * v, sin * u + cos * v, w]);
}

function turnInto(
  m: readonly number[],
  [x, y, z]: readonly [number, number, number],
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < 3; i++) out[at + i] = m[3 * i]! * x + m[3 * i + 1]! * y + m[3 * i + 2]! * z;
}
