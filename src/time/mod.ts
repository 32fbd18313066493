/**
 * Instants in two parts and the time scales TT, TAI, UTC and TDB (geocentric).
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
export { convertEpoch, taiMinusUtcS, tdbMinusTtS, TT_MINUS_TAI_S } from "./scales.ts";
export { formatIso, parseTime } from "./text.ts";
