/**
 * A time scale: terrestrial time, atomic time, civil time, barycentric dynamical time, and the
 * angle of the Earth as a time.
 */
export type TimeScale = "TT" | "TAI" | "UTC" | "TDB" | "UT1";

/**
 * An instant in two parts, so that sub-microsecond precision survives decades.
 *
 * The scale is part of the type: a UTC instant given where TT is wanted does not compile.
 */
export interface TimeEpoch<S extends TimeScale = TimeScale> {
  /** Whole Modified Julian Day in this scale. */
  readonly mjdDay: number;
  /** Seconds of that day, in [0, 86400), or below 86401 on a UTC day that ends in a leap second. */
  readonly dayS: number;
  /** The time scale of both parts. */
  readonly scale: S;
}

/** Seconds of a day without leap second. */
export const DAY_S: number = 86400;

/**
 * Makes an instant from a Modified Julian Date in two parts (both in days), as in the FITS
 * keywords MJDREFI and MJDREFF; the parts may carry any sign and any fraction. A fraction counts
 * days of 86400 s, also on a UTC day with a leap second.
 *
 * @param mjd Modified Julian Date, days: whole part first, the rest second.
 * @param scale Its time scale.
 * @returns A frozen record.
 * @throws RangeError if a part is not finite.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0.5], "TT");
 * strictEqual(epoch.dayS, 43200);
 * ```
 * @see FITS 4.0, section 9.2.2
 */
export function createEpoch<S extends TimeScale>(
  mjd: readonly [whole: number, fraction: number],
  scale: S,
): TimeEpoch<S> {
  const [whole, fraction] = mjd;
  if (!Number.isFinite(whole) || !Number.isFinite(fraction)) {
    throw new RangeError(`MJD must be finite, found [${whole}, ${fraction}]`);
  }
  const day = Math.floor(whole);
  return normalized(day, (whole - day) * DAY_S + fraction * DAY_S, scale);
}

/** Brings seconds into [0, 86400) by whole days (in UTC a leap second is not represented here). */
function normalized<S extends TimeScale>(mjdDay: number, dayS: number, scale: S): TimeEpoch<S> {
  const days = Math.floor(dayS / DAY_S);
  let seconds = dayS - days * DAY_S;
  let day = mjdDay + days;
  if (seconds >= DAY_S) {
    seconds = 0;
    day += 1;
  }
  return Object.freeze({ mjdDay: day, dayS: seconds, scale });
}

/**
 * The instant `seconds` seconds later, in the same scale. UTC is refused, since its days differ in
 * length: convert to TT or TAI first. Seconds of UT1 are 1/86400 of its day, those of the others
 * are SI seconds.
 *
 * @param epoch An instant in a uniform scale.
 * @param seconds Seconds to add, any sign.
 * @returns A frozen record.
 * @throws TypeError for an instant in UTC.
 * @example
 * ```ts
 * import { addSeconds, createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const later = addSeconds(createEpoch([51910, 0], "TT"), 86400.25);
 * deepStrictEqual([later.mjdDay, later.dayS], [51911, 0.25]);
 * ```
 */
export function addSeconds<S extends Exclude<TimeScale, "UTC">>(
  epoch: TimeEpoch<S>,
  seconds: number,
): TimeEpoch<S> {
  refuseUtc(epoch, "add seconds to");
  const days = Math.floor(seconds / DAY_S);
  return normalized(epoch.mjdDay + days, epoch.dayS + (seconds - days * DAY_S), epoch.scale);
}

/**
 * Seconds from `from` to `to`, both in the same uniform scale, in two-part arithmetic.
 *
 * @returns Seconds of the scale; exact to the rounding of the difference.
 * @throws TypeError for different scales or UTC.
 * @example
 * ```ts
 * import { createEpoch, secondsBetween } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(secondsBetween(createEpoch([51910, 0], "TT"), createEpoch([51911, 0.5], "TT")), 129600);
 * ```
 */
export function secondsBetween<S extends Exclude<TimeScale, "UTC">>(
  from: TimeEpoch<S>,
  to: TimeEpoch<S>,
): number {
  refuseUtc(from, "take a difference from");
  if (from.scale !== to.scale) {
    throw new TypeError(
      `Cannot subtract an instant in ${from.scale} from one in ${to.scale}: convert one of them`,
    );
  }
  return (to.mjdDay - from.mjdDay) * DAY_S + (to.dayS - from.dayS);
}

/**
 * The instant as one number of days. One double resolves about 0.6 µs: for display and for
 * headers, never for timing.
 *
 * @returns Modified Julian Date in the instant's own scale, days.
 * @example
 * ```ts
 * import { createEpoch, epochMjd } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(epochMjd(createEpoch([51910, 0.25], "TT")), 51910.25);
 * ```
 */
export function epochMjd(epoch: TimeEpoch): number {
  return epoch.mjdDay + epoch.dayS / DAY_S;
}

/**
 * Are two instants the same to the last bit, in the same scale?
 *
 * @returns True where day, seconds and scale agree.
 * @example
 * ```ts
 * import { createEpoch, sameEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * ok(!sameEpoch(createEpoch([51910, 0], "TT"), createEpoch([51910, 0], "TAI")));
 * ```
 */
export function sameEpoch(a: TimeEpoch, b: TimeEpoch): boolean {
  return a.mjdDay === b.mjdDay && a.dayS === b.dayS && a.scale === b.scale;
}

function refuseUtc(epoch: TimeEpoch, what: string): void {
  if (epoch.scale === "UTC") {
    throw new TypeError(
      `Cannot ${what} an instant in UTC, whose days differ in length: convert it to TT first`,
    );
  }
}
