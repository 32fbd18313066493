/**
 * Instants in two parts, the time scales TT, TAI, UTC, TDB (geocentric) and UT1, what is written for
 * them, and the turning Earth: UT1 − UTC, sidereal time, nutation.
 *
 * @module
 */
export {
  addSeconds,
  createEpoch,
  DAY_S,
  epochMjd,
  sameEpoch,
  secondsBetween,
  type TimeEpoch,
  type TimeScale,
} from "./epoch.ts";
export { taiMinusUtcS } from "./leap_seconds.ts";
export { convertEpoch, TT_MINUS_TAI_S } from "./scales.ts";
export { tdbMinusTtS } from "./tdb.ts";
export { formatIso, formatMjd, parseTime } from "./text.ts";
export { missionEpoch, missionTimeS } from "./mission_time.ts";
export {
  createEarthOrientation,
  type EarthOrientation,
  earthOrientationAt,
  type EarthOrientationFields,
  type EarthOrientationValue,
  shippedEarthOrientation,
} from "./earth_orientation.ts";
export { ut1MinusUtcS, type Ut1Offset } from "./ut1.ts";
export { parseIers } from "./iers.ts";
export { readIers } from "./read_iers_io.ts";
export { type Nutation, nutation } from "./nutation.ts";
export {
  earthRotationAngleDeg,
  gastDeg,
  gmstDeg,
  localSiderealTimeDeg,
  siderealMinusRotationDeg,
  type SiderealOptions,
} from "./sidereal.ts";
