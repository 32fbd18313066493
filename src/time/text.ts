import { addSeconds, createEpoch, DAY_S, type TimeEpoch, type TimeScale } from "./epoch.ts";
import { convertEpoch } from "./scales.ts";

const SCALES = new Set<string>(["TT", "TAI", "UTC", "TDB", "UT1"]);
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d*)?))?)?)?(Z|\+00:?00)?$/i;

/** Days from 1858-11-17 (MJD 0) to a civil date of the Gregorian calendar. */
function mjdOfDate(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86400000 + 40587;
}

/**
 * Reads an instant as it is written by hand: ISO 8601 (UTC), a Modified Julian Date (TT), with or
 * without `MJD` before it, or a Julian Date behind `JD` (TT); each with a scale behind it where it is
 * in another (`"MJD 53343.9 UTC"`, `"jd:2453344.4"`, `"2004-12-04T22:10:00 TT"`); or seconds after
 * the start (`"300s"`) where `start` is given. Days and their fraction are read apart, so that no
 * digit is lost.
 *
 * @param text What was written.
 * @param options `start`: the instant from which `"…s"` counts.
 * @returns A frozen record in the scale that was written (or that of `start`).
 * @throws SyntaxError if the text is none of these forms.
 * @example
 * ```ts
 * import { parseTime } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(parseTime("2004-12-04T12:00:00"), { mjdDay: 53343, dayS: 43200, scale: "UTC" });
 * deepStrictEqual(parseTime("53343.5"), { mjdDay: 53343, dayS: 43200, scale: "TT" });
 * deepStrictEqual(parseTime("JD 2453344"), parseTime("mjd:53343.5"));
 * ```
 */
export function parseTime(
  text: string,
  options: { readonly start?: TimeEpoch<"TT" | "TDB"> } = {},
): TimeEpoch {
  const trimmed = text.trim();
  const seconds = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*s$/i.exec(trimmed);
  if (seconds !== null) {
    if (options.start === undefined) {
      throw new SyntaxError(`Cannot read time "${text}": there is no start to count seconds from`);
    }
    return addSeconds(options.start, Number(seconds[1]));
  }
  const suffix = /^(.*?)\s*\(?([A-Za-z]{2,3}|UT1)\)?$/i.exec(trimmed);
  const named = suffix?.[2]?.toUpperCase();
  if (named !== undefined && !SCALES.has(named)) {
    throw new SyntaxError(
      `Cannot read time "${text}": unknown scale "${
        suffix![2]
      }", expected TT, TAI, UTC, TDB or UT1`,
    );
  }
  const body = named === undefined ? trimmed : suffix![1]!;
  const scale = named as TimeScale | undefined;
  const iso = ISO.exec(body);
  if (iso !== null) return fromIso(iso, scale, text);
  const date = /^(?:(M?JD)[\s:]*)?(\d+)(\.\d*)?$/i.exec(body);
  if (date !== null) {
    const whole = Number(date[2]), fraction = Number(date[3] ?? 0) || 0;
    const isJulian = date[1]?.toUpperCase() === "JD";
    return createEpoch(
      isJulian ? [whole - 2400001, fraction + 0.5] : [whole, fraction],
      scale ?? "TT",
    );
  }
  throw new SyntaxError(
    `Cannot read time "${text}": expected ISO 8601 (2004-12-04T22:10:00, UTC), a Modified Julian ` +
      `Date (53343.92, TT), JD 2453344.42 (TT), with a scale behind it where it is in another, or ` +
      `seconds after the start (300s)`,
  );
}

function fromIso(iso: RegExpExecArray, scale: TimeScale | undefined, text: string): TimeEpoch {
  const [year, month, day] = [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  const [hour, minute, second] = [Number(iso[4] ?? 0), Number(iso[5] ?? 0), Number(iso[6] ?? 0)];
  const mjd = mjdOfDate(year, month, day);
  const back = new Date((mjd - 40587) * 86400000);
  if (back.getUTCMonth() + 1 !== month || back.getUTCDate() !== day) {
    throw new SyntaxError(`Cannot read time "${text}": there is no such day`);
  }
  const leap = hour === 23 && minute === 59 ? 61 : 60;
  if (hour > 23 || minute > 59 || second >= leap) {
    throw new SyntaxError(`Cannot read time "${text}": there is no such time of day`);
  }
  if (iso[7] !== undefined && scale !== undefined && scale !== "UTC") {
    throw new SyntaxError(
      `Cannot read time "${text}": ${iso[7]} says UTC, the suffix says ${scale}`,
    );
  }
  const dayS = hour * 3600 + minute * 60 + second;
  return Object.freeze({ mjdDay: mjd, dayS, scale: scale ?? "UTC" });
}

/**
 * Writes an instant as ISO 8601, in UTC unless another scale is asked for.
 *
 * @param epoch Any instant.
 * @param options `scale` (UTC) and `digits` of the seconds (3); the digits are rounded half up.
 * @returns For example `2013-10-04T04:20:49.435`; no scale is appended.
 * @example
 * ```ts
 * import { createEpoch, formatIso } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(formatIso(createEpoch([57754, 0], "UTC")), "2017-01-01T00:00:00.000");
 * ```
 */
export function formatIso(
  epoch: TimeEpoch,
  options: { readonly scale?: TimeScale; readonly digits?: number } = {},
): string {
  const { scale = "UTC", digits = 3 } = options;
  const converted = convertEpoch(epoch, scale);
  const unit = 10 ** digits;
  let ticks = Math.round(converted.dayS * unit), day = converted.mjdDay;
  const isLeapSecond = scale === "UTC" && converted.dayS >= DAY_S;
  if (!isLeapSecond && ticks >= DAY_S * unit) {
    ticks -= DAY_S * unit;
    day += 1;
  }
  const seconds = Math.floor(ticks / unit), fraction = ticks - seconds * unit;
  const minutes = isLeapSecond ? 23 * 60 + 59 : Math.floor(seconds / 60);
  const date = new Date((day - 40587) * 86400000).toISOString().slice(0, 10);
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${
    two(seconds - minutes * 60)
  }`;
  return `${date}T${clock}${digits > 0 ? "." + String(fraction).padStart(digits, "0") : ""}`;
}

/**
 * Writes an instant as a Modified Julian Date with its fraction in full: one double would end at
 * about half a microsecond.
 *
 * @param epoch Any instant; in UTC not within a leap second.
 * @param options `scale` (that of the instant) and `digits` of the fraction (14: 0.9 ns), at most 15.
 * @returns For example `58849.50000000000000`; `parseTime` reads it, with the scale behind it.
 * @throws RangeError for digits that are not 0 to 15, or within a leap second, which no day has.
 * @example
 * ```ts
 * import { createEpoch, formatMjd } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(formatMjd(createEpoch([58849, 0.5], "TT"), { digits: 6 }), "58849.500000");
 * ```
 */
export function formatMjd(
  epoch: TimeEpoch,
  options: { readonly scale?: TimeScale; readonly digits?: number } = {},
): string {
  const { scale = epoch.scale, digits = 14 } = options;
  if (!(Number.isInteger(digits) && digits >= 0 && digits <= 15)) {
    throw new RangeError(`Digits of a day's fraction must be 0 to 15, found ${digits}`);
  }
  const { mjdDay, dayS } = convertEpoch(epoch, scale), unit = 10 ** digits;
  if (dayS >= DAY_S) {
    throw new RangeError(
      `No Modified Julian Date in UTC names a leap second: write MJD ${mjdDay} in TT`,
    );
  }
  const ticks = Math.round(dayS / DAY_S * unit), over = ticks >= unit;
  const fraction = String(over ? 0 : ticks).padStart(digits, "0");
  return `${mjdDay + (over ? 1 : 0)}${digits > 0 ? "." + fraction : ""}`;
}
