import { LEAP_SECONDS } from "./tables/leap_seconds.ts";

/**
 * TAI − UTC on a UTC day.
 *
 * @param mjdUtc Modified Julian Date in UTC, days, from 41317 (1972-01-01) on.
 * @returns Whole seconds.
 * @throws RangeError before 1972, when UTC had no whole-second offset.
 * @example
 * ```ts
 * import { taiMinusUtcS } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(taiMinusUtcS(57754), 37);
 * ```
 * @see IERS Bulletin C
 */
export function taiMinusUtcS(mjdUtc: number): number {
  for (let i = LEAP_SECONDS.length - 1; i >= 0; i--) {
    const [start, seconds] = LEAP_SECONDS[i]!;
    if (mjdUtc >= start) return seconds;
  }
  throw new RangeError(`UTC is defined from MJD 41317 (1972-01-01) on, found MJD ${mjdUtc}`);
}
