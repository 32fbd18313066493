/**
 * What brings a time to the barycentre of the solar system, at a node of the grid.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | n | unit vector to the source | |
 * | r, v | the Earth's centre (or a place on the Earth) about the barycentre, and its rate | ls, ls/s |
 * | s | the same from the Sun | ls |
 * | d | distance of the source | ls |
 * | T | G M☉ / c³ | s |
 *
 * correction = (TDB − TT) + v·ρ [Einstein, ρ the observer from the geocentre] + n·r [Roemer]
 *            + 2 T ln((|s| + n·s) / au) [minus the Shapiro delay] − (r² − (n·r)²) / 2d [parallax]
 *
 * Sources: Edwards, Hobbs & Manchester 2006, MNRAS 372, 1549, eq. 12, 17, 24; Backer & Hellings 1986,
 * ARA&A 24, 537; Fairhead & Bretagnon 1990.
 */
import { DAY_S, tdbMinusTtS, type TimeEpoch } from "../time/mod.ts";
import { AU_LS, SUN_RADIUS_LS, SUN_S } from "./_physics.ts";
import { type Astrometry, sourceDirectionInto } from "./astrometry.ts";
import type { Ephemeris } from "./ephemeris.ts";
import { type Observer, sitePositionInto } from "./observer.ts";

/** What a node is computed from. */
export interface TermsOptions {
  readonly ephemeris: Ephemeris | undefined;
  readonly observer: Observer;
  readonly astrometry: Astrometry;
  readonly shapiro: "distance" | "angle" | "none";
  /** Does the clock run in TDB already? */
  readonly isTdb: boolean;
}

/** Numbers a node: correction, its rate, and the vector by which an orbit counts. */
export const NODE_SIZE = 5;

const RADIANS_PER_MAS = Math.PI / 648000000;
/** Half the span of the difference that gives the rate of TDB − TT, seconds. */
const RATE_S = 600;

const earth = new Float64Array(6), sun = new Float64Array(6), direction = new Float64Array(3);
const place = new Float64Array(6);

/**
 * Fills a node: correction (s), its rate, and n + v, by which an orbit's place is multiplied.
 *
 * @param mjdDay,dayS The instant by the clock of the times, TT or TDB.
 */
export function nodeInto(
  options: TermsOptions,
  mjdDay: number,
  dayS: number,
  out: Float64Array,
): void {
  const { ephemeris, observer, astrometry, isTdb } = options;
  const mjd = mjdDay + dayS / DAY_S;
  const tdb = tdbMinusTtS(mjd), einstein = isTdb ? 0 : tdb;
  const rate = isTdb
    ? 0
    : (tdbMinusTtS(mjd + RATE_S / DAY_S) - tdbMinusTtS(mjd - RATE_S / DAY_S)) / (2 * RATE_S);
  if (observer.kind === "barycentre" || ephemeris === undefined) {
    out[0] = einstein;
    out[1] = rate;
    out.fill(0, 2, NODE_SIZE);
    return;
  }
  ephemeris.earthAt(mjdDay, dayS + einstein, earth);
  sourceDirectionInto(astrometry, mjd, direction);
  const nx = direction[0]!, ny = direction[1]!, nz = direction[2]!;
  const ex = earth[3]!, ey = earth[4]!, ez = earth[5]!;
  let correction = einstein, slope = rate;
  if (observer.kind === "site") {
    const epoch: TimeEpoch = { mjdDay, dayS, scale: isTdb ? "TDB" : "TT" };
    sitePositionInto(observer.site, epoch, place, observer.earth);
    if (!isTdb) {
      correction += ex * place[0]! + ey * place[1]! + ez * place[2]!;
      slope += ex * place[3]! + ey * place[4]! + ez * place[5]!;
    }
    for (let i = 0; i < 6; i++) earth[i]! += place[i]!;
  }
  const x = earth[0]!, y = earth[1]!, z = earth[2]!;
  const vx = earth[3]!, vy = earth[4]!, vz = earth[5]!;
  const along = nx * x + ny * y + nz * z, alongRate = nx * vx + ny * vy + nz * vz;
  correction += along;
  slope += alongRate;
  if (options.shapiro !== "none") {
    ephemeris.sunAt(mjdDay, dayS + einstein, sun);
    const sx = x - sun[0]!, sy = y - sun[1]!, sz = z - sun[2]!;
    const ux = vx - sun[3]!, uy = vy - sun[4]!, uz = vz - sun[5]!;
    const distance = Math.sqrt(sx * sx + sy * sy + sz * sz);
    const distanceRate = (sx * ux + sy * uy + sz * uz) / distance;
    const path = distance + nx * sx + ny * sy + nz * sz;
    // behind the Sun's disk the delay stays what it is at the limb
    const limb = SUN_RADIUS_LS * SUN_RADIUS_LS / (2 * distance), isHidden = path < limb;
    const unit = options.shapiro === "distance" ? AU_LS : distance;
    correction += 2 * SUN_S * Math.log((isHidden ? limb : path) / unit);
    const pathRate = distanceRate + nx * ux + ny * uy + nz * uz;
    slope += 2 * SUN_S * (isHidden ? -distanceRate / distance : pathRate / path);
    if (options.shapiro === "angle") slope -= 2 * SUN_S * distanceRate / distance;
  }
  if (astrometry.parallaxMas > 0) {
    const curvature = astrometry.parallaxMas * RADIANS_PER_MAS / AU_LS;
    correction -= 0.5 * curvature * (x * x + y * y + z * z - along * along);
    slope -= curvature * (x * vx + y * vy + z * vz - along * alongRate);
  }
  out[0] = correction;
  out[1] = slope + pmRate(astrometry, x, y, z);
  out[2] = nx + (isTdb ? 0 : ex);
  out[3] = ny + (isTdb ? 0 : ey);
  out[4] = nz + (isTdb ? 0 : ez);
}

const YEAR_S = 365.25 * DAY_S;

/** Rate of n·r by the proper motion: at most 1e-9 for 10 arcsec/yr, and so part of the rate. */
function pmRate(
  { raDeg, decDeg, pmRaMasPerYr, pmDecMasPerYr }: Astrometry,
  x: number,
  y: number,
  z: number,
): number {
  if (pmRaMasPerYr === 0 && pmDecMasPerYr === 0) return 0;
  const ra = raDeg * Math.PI / 180, dec = decDeg * Math.PI / 180;
  const cosRa = Math.cos(ra), sinRa = Math.sin(ra), cosDec = Math.cos(dec), sinDec = Math.sin(dec);
  const east = pmRaMasPerYr * RADIANS_PER_MAS / YEAR_S;
  const north = pmDecMasPerYr * RADIANS_PER_MAS / YEAR_S;
  return east * (cosRa * y - sinRa * x) +
    north * (cosDec * z - sinDec * (cosRa * x + sinRa * y));
}
