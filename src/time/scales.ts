import { createEpoch, DAY_S, type TimeEpoch, type TimeScale } from "./epoch.ts";
import { type EarthOrientation, earthOrientationAt, mjdUtcOfTai } from "./earth_orientation.ts";
import { taiMinusUtcS } from "./leap_seconds.ts";
import { tdbMinusTtS } from "./tdb.ts";

/** TT − TAI in seconds, by definition (IAU 1991 Resolution A4). */
export const TT_MINUS_TAI_S: number = 32.184;

/** Length of a UTC day in seconds: 86401 where a leap second ends it. */
function utcDayLengthS(mjdDay: number): number {
  return DAY_S + taiMinusUtcS(mjdDay + 1) - taiMinusUtcS(mjdDay);
}

/** Moves an instant of a uniform scale by a small offset into another uniform scale. */
function shifted<S extends TimeScale>(epoch: TimeEpoch, seconds: number, scale: S): TimeEpoch<S> {
  const moved = createEpoch([epoch.mjdDay, 0], scale);
  return withSeconds(moved, epoch.dayS + seconds);
}

function withSeconds<S extends TimeScale>(day: TimeEpoch<S>, seconds: number): TimeEpoch<S> {
  if (seconds >= 0 && seconds < DAY_S) return Object.freeze({ ...day, dayS: seconds });
  const days = Math.floor(seconds / DAY_S);
  return Object.freeze({
    mjdDay: day.mjdDay + days,
    dayS: seconds - days * DAY_S,
    scale: day.scale,
  });
}

function toTai(epoch: TimeEpoch, earth: EarthOrientation | undefined): TimeEpoch<"TAI"> {
  switch (epoch.scale) {
    case "TAI":
      return epoch as TimeEpoch<"TAI">;
    case "TT":
      return shifted(epoch, -TT_MINUS_TAI_S, "TAI");
    case "UTC":
      return shifted(epoch, taiMinusUtcS(epoch.mjdDay), "TAI");
    case "TDB": {
      // TDB − TT changes by less than 4e-13 s over the 2 ms between the two scales.
      const mjd = epoch.mjdDay + epoch.dayS / DAY_S;
      return shifted(epoch, -tdbMinusTtS(mjd) - TT_MINUS_TAI_S, "TAI");
    }
    case "UT1": {
      // UT1 − TAI changes by less than 5e-8 of the time: the second step is below a picosecond.
      let tai = shifted(epoch, 37, "TAI");
      for (let step = 0; step < 3; step++) tai = shifted(epoch, -ut1MinusTaiS(tai, earth), "TAI");
      return tai;
    }
  }
}

function ut1MinusTaiS(tai: TimeEpoch<"TAI">, earth: EarthOrientation | undefined): number {
  return earthOrientationAt(mjdUtcOfTai(tai.mjdDay, tai.dayS), earth).ut1MinusTaiS;
}

/** The last day of the year 9999: beyond, dates are not written, and days are not counted one by one. */
const LAST_DAY = 2973483;

function taiToUtc(tai: TimeEpoch<"TAI">): TimeEpoch<"UTC"> {
  if (!(tai.mjdDay <= LAST_DAY)) {
    throw new RangeError(`UTC is not known on MJD ${tai.mjdDay}, expected a day before year 10000`);
  }
  // The offset is found on the UTC day itself: a first guess is at most one day late.
  let day = tai.mjdDay;
  let seconds = tai.dayS - taiMinusUtcS(day);
  while (seconds < 0) {
    day -= 1;
    seconds = tai.dayS + (tai.mjdDay - day) * DAY_S - taiMinusUtcS(day);
  }
  if (seconds >= utcDayLengthS(day)) {
    seconds -= utcDayLengthS(day);
    day += 1;
  }
  return Object.freeze({ mjdDay: day, dayS: seconds, scale: "UTC" as const });
}

/**
 * The same instant in another scale. TDB is that of the geocentre, by `tdbMinusTtS`; UT1 is
 * that of a table of Earth orientation, with its error.
 *
 * @param epoch Any instant from 1972 on (before, only among TT, TAI and TDB).
 * @param scale The scale wanted.
 * @param options `earth`: the table for UT1; the shipped one where left out.
 * @returns A frozen record; TT ↔ UTC ↔ TAI are exact to the rounding of seconds of day.
 * @throws RangeError for UTC and UT1 before 1972 or after the year 9999.
 * @example
 * ```ts
 * import { convertEpoch, createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const tt = convertEpoch(createEpoch([57754, 0], "UTC"), "TT");
 * ok(Math.abs(tt.dayS - 69.184) < 1e-9);
 * ```
 * @see SOFA, Time scale and calendar tools (2021), section 2
 */
export function convertEpoch<S extends TimeScale>(
  epoch: TimeEpoch,
  scale: S,
  options: { readonly earth?: EarthOrientation | undefined } = {},
): TimeEpoch<S> {
  if (epoch.scale === (scale as TimeScale)) return epoch as TimeEpoch<S>;
  const tai = toTai(epoch, options.earth);
  const target: TimeScale = scale;
  switch (target) {
    case "TAI":
      return tai as TimeEpoch<TimeScale> as TimeEpoch<S>;
    case "TT":
      return shifted(tai, TT_MINUS_TAI_S, scale);
    case "UTC":
      return taiToUtc(tai) as TimeEpoch<TimeScale> as TimeEpoch<S>;
    case "TDB": {
      const tt = shifted(tai, TT_MINUS_TAI_S, "TT");
      return shifted(tt, tdbMinusTtS(tt.mjdDay + tt.dayS / DAY_S), scale);
    }
    case "UT1":
      return shifted(tai, ut1MinusTaiS(tai, options.earth), scale);
  }
}
