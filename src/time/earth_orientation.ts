/**
 * How the Earth is turned: UT1 − TAI and the pole, day by day, and what lies beyond the last day.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | UT1 − TAI | seconds, without leap seconds | −10 (1972) to −37 (2026) |
 * | x, y | place of the rotation pole on the Earth | within 0.6 arcsec |
 */
import { unpackIntegers } from "../numeric/mod.ts";
import { DAY_S } from "./epoch.ts";
import { taiMinusUtcS } from "./leap_seconds.ts";
import {
  FIRST_DAY,
  MEASURED_UNTIL,
  POLE_STEP_DAYS,
  POLE_X,
  POLE_Y,
  UT1_MINUS_TAI,
} from "./tables/ut1_minus_tai.ts";

/** Earth orientation by days. Tables are made by {@link createEarthOrientation} or `parseIers`. */
export interface EarthOrientation {
  /** Where the numbers are from: a file, or "shipped". */
  readonly source: string;
  /** Days, MJD UTC at 0 h, increasing. */
  readonly mjdUtc: Float64Array;
  /** UT1 − TAI on these days, seconds. */
  readonly ut1MinusTaiS: Float64Array;
  /** Error of UT1 on these days, seconds: 1σ. */
  readonly errorS: Float64Array;
  /** Pole x on these days, arcsec. */
  readonly poleXArcsec: Float64Array;
  /** Pole y on these days, arcsec. */
  readonly poleYArcsec: Float64Array;
  /** Last day that is measured, MJD UTC; later ones are predictions. */
  readonly measuredUntilMjd: number;
}

/** What {@link createEarthOrientation} is given. */
export interface EarthOrientationFields {
  /** Where the numbers are from. */
  readonly source: string;
  /** Days, MJD UTC at 0 h, increasing. */
  readonly mjdUtc: Float64Array;
  /** UT1 − UTC on these days, seconds. */
  readonly ut1MinusUtcS: Float64Array;
  /** Error of UT1 on these days, seconds; 0 where left out. */
  readonly errorS?: Float64Array;
  /** Pole x on these days, arcsec; 0 where left out. */
  readonly poleXArcsec?: Float64Array;
  /** Pole y on these days, arcsec; 0 where left out. */
  readonly poleYArcsec?: Float64Array;
  /** Last day that is measured, MJD UTC; the last of all where left out. */
  readonly measuredUntilMjd?: number;
}

/** How the Earth is turned at an instant. */
export interface EarthOrientationValue {
  /** UT1 − TAI, seconds. */
  readonly ut1MinusTaiS: number;
  /** Error of it, seconds: 1σ, but 95 % beyond the last day. */
  readonly errorS: number;
  /** Pole x, arcsec. */
  readonly poleXArcsec: number;
  /** Pole y, arcsec. */
  readonly poleYArcsec: number;
  /** Was the day measured, or predicted? */
  readonly measured: boolean;
}

/**
 * Makes a table of Earth orientation. Leap seconds are taken out of UT1 − UTC, so that it can be
 * interpolated across them.
 *
 * @param fields Columns of one length; they are copied only where that takes leap seconds out.
 * @returns A frozen record.
 * @throws TypeError for columns of different lengths; RangeError for an empty table, for days that do
 *   not increase or lie before 1972, or numbers that are not finite.
 * @example
 * ```ts
 * import { createEarthOrientation, createEpoch, ut1MinusUtcS } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const table = createEarthOrientation({
 *   source: "by hand", mjdUtc: Float64Array.of(58849, 58850), ut1MinusUtcS: Float64Array.of(-0.2, -0.1),
 * });
 * ok(Math.abs(ut1MinusUtcS(createEpoch([58849, 0.5], "UTC"), table).valueS + 0.15) < 1e-12);
 * ```
 */
export function createEarthOrientation(fields: EarthOrientationFields): EarthOrientation {
  const { source, mjdUtc, ut1MinusUtcS } = fields, n = mjdUtc.length;
  if (n === 0) throw new RangeError(`Earth orientation of ${source}: the table is empty`);
  const zeros = () => new Float64Array(n);
  const { errorS = zeros(), poleXArcsec = zeros(), poleYArcsec = zeros() } = fields;
  for (const column of [ut1MinusUtcS, errorS, poleXArcsec, poleYArcsec]) {
    if (column.length !== n) {
      throw new TypeError(
        `Earth orientation of ${source}: a column has ${column.length} rows, expected ${n}`,
      );
    }
  }
  for (let i = 0; i < n; i++) {
    if (i > 0 && !(mjdUtc[i]! > mjdUtc[i - 1]!)) {
      throw new RangeError(
        `Earth orientation of ${source}: MJD ${mjdUtc[i]} in row ${i + 1} is not after ` +
          `${mjdUtc[i - 1]} before it`,
      );
    }
    if (!Number.isFinite(ut1MinusUtcS[i]! + errorS[i]! + poleXArcsec[i]! + poleYArcsec[i]!)) {
      throw new RangeError(`Earth orientation of ${source}: row ${i + 1} is not finite`);
    }
  }
  return Object.freeze({
    source,
    mjdUtc,
    ut1MinusTaiS: ut1MinusUtcS.map((value, i) => value - taiMinusUtcS(mjdUtc[i]!)),
    errorS,
    poleXArcsec,
    poleYArcsec,
    measuredUntilMjd: fields.measuredUntilMjd ?? mjdUtc[n - 1]!,
  });
}

let shipped: EarthOrientation | undefined;

/**
 * The shipped table, decoded on first use: daily values of IERS EOP 20 C04 from 1972 on, then of
 * Bulletin A with its predictions of a year. Interpolated linearly UT1 is within its error of the
 * measurement: 2 ms before 1980, 0.6 ms before 1984, then 0.3 ms; the pole is within 20 mas.
 *
 * @returns The same frozen record at every call.
 * @example
 * ```ts
 * import { shippedEarthOrientation } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * ok(shippedEarthOrientation().measuredUntilMjd > 61000);
 * ```
 * @see IERS EOP 20 C04; IERS Bulletin A
 */
export function shippedEarthOrientation(): EarthOrientation {
  shipped ??= decodeShipped();
  return shipped;
}

function decodeShipped(): EarthOrientation {
  const ut1MinusTaiS = scaled(sums(sums(unpackIntegers(UT1_MINUS_TAI))), 1e5);
  const n = ut1MinusTaiS.length, pole = (text: string) => scaled(sums(unpackIntegers(text)), 1e3);
  const mjdUtc = ut1MinusTaiS.map((_, i) => FIRST_DAY + i);
  return Object.freeze({
    source: "shipped",
    mjdUtc,
    ut1MinusTaiS,
    errorS: mjdUtc.map(shippedErrorS),
    poleXArcsec: everyDay(pole(POLE_X), n),
    poleYArcsec: everyDay(pole(POLE_Y), n),
    measuredUntilMjd: MEASURED_UNTIL,
  });
}

/** Largest formal error of C04 in its eras with 0.24 ms of linear interpolation; Bulletin A beyond. */
function shippedErrorS(mjdUtc: number): number {
  if (mjdUtc < 44239) return 0.002;
  if (mjdUtc < 45700) return 0.0006;
  return 0.0003 + 0.00025 * Math.max(0, mjdUtc - MEASURED_UNTIL) ** 0.75;
}

/** What numbers are the differences of. */
function sums(differences: readonly number[]): number[] {
  let sum = 0;
  return differences.map((one) => sum += one);
}

function scaled(numbers: readonly number[], per: number): Float64Array {
  return Float64Array.from(numbers, (one) => one / per);
}

/** Linear interpolation of a column with one value in POLE_STEP_DAYS to one a day. */
function everyDay(column: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n), last = column.length - 1;
  for (let i = 0; i < n; i++) {
    const j = Math.min(Math.floor(i / POLE_STEP_DAYS), last), f = i / POLE_STEP_DAYS - j;
    out[i] = column[j]! + f * (column[Math.min(j + 1, last)]! - column[j]!);
  }
  return out;
}

/**
 * Error of UT1 some days behind the last measurement where it goes on at the mean rate of the last
 * year: in the years 1976 to 2026, 95 % of such predictions lie within it.
 */
function driftErrorS(days: number): number {
  return 0.1 + 0.174 * (days / 365) ** 1.4;
}

/**
 * Earth orientation at an instant: linear between days. Beyond the last day UT1 − TAI goes on at its
 * mean rate of the last year, with an error (95 %) of 0.1 s + 0.174 s (years)^1.4, and the pole stays.
 *
 * @param mjdUtc Modified Julian Date in UTC, days.
 * @param table A table; the shipped one where left out.
 * @returns A new record; NaN for a time that is NaN.
 * @throws RangeError before the first day of the table.
 * @example
 * ```ts
 * import { earthOrientationAt } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const { ut1MinusTaiS, measured } = earthOrientationAt(57754);
 * ok(measured && Math.abs(ut1MinusTaiS + 36.409) < 1e-3);
 * ```
 */
export function earthOrientationAt(
  mjdUtc: number,
  table: EarthOrientation = shippedEarthOrientation(),
): EarthOrientationValue {
  const { mjdUtc: days, ut1MinusTaiS, errorS, poleXArcsec, poleYArcsec } = table;
  const last = days.length - 1, measured = mjdUtc <= table.measuredUntilMjd;
  if (mjdUtc < days[0]!) {
    throw new RangeError(
      `Earth orientation of ${table.source} begins at MJD ${days[0]} UTC, found MJD ${mjdUtc}`,
    );
  }
  if (mjdUtc > days[last]!) {
    const from = rowBefore(days, days[last]! - 365), spanDays = days[last]! - days[from]!;
    const rate = spanDays > 0 ? (ut1MinusTaiS[last]! - ut1MinusTaiS[from]!) / spanDays : -0.0005;
    return {
      ut1MinusTaiS: ut1MinusTaiS[last]! + rate * (mjdUtc - days[last]!),
      errorS: driftErrorS(mjdUtc - table.measuredUntilMjd),
      poleXArcsec: poleXArcsec[last]!,
      poleYArcsec: poleYArcsec[last]!,
      measured: false,
    };
  }
  const i = Math.max(0, Math.min(rowBefore(days, mjdUtc), last - 1)), j = Math.min(i + 1, last);
  const f = j === i ? 0 : (mjdUtc - days[i]!) / (days[j]! - days[i]!);
  const between = (column: Float64Array) => column[i]! + f * (column[j]! - column[i]!);
  return {
    ut1MinusTaiS: between(ut1MinusTaiS),
    errorS: Math.max(errorS[i]!, errorS[j]!),
    poleXArcsec: between(poleXArcsec),
    poleYArcsec: between(poleYArcsec),
    measured,
  };
}

/** The last row at or before a day; the first one where there is none. */
function rowBefore(days: Float64Array, day: number): number {
  let low = 0, high = days.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (days[middle]! <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** UTC as a Modified Julian Date of an instant in TAI, days; near a leap second within one second. */
export function mjdUtcOfTai(mjdDay: number, dayS: number): number {
  const mjdTai = mjdDay + dayS / DAY_S;
  return mjdTai - taiMinusUtcS(mjdTai) / DAY_S;
}
