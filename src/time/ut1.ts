import {
  type EarthOrientation,
  earthOrientationAt,
  mjdUtcOfTai,
  shippedEarthOrientation,
} from "./earth_orientation.ts";
import type { TimeEpoch } from "./epoch.ts";
import { taiMinusUtcS } from "./leap_seconds.ts";
import { convertEpoch } from "./scales.ts";

/** UT1 − UTC with what is known of its error. */
export interface Ut1Offset {
  /** UT1 − UTC, seconds; within ±0.9 where leap seconds keep it there. */
  readonly valueS: number;
  /** Error of it, seconds: 1σ, but 95 % beyond the last day of the table. */
  readonly errorS: number;
  /** Measured in the shipped table, measured in a table of the user, or predicted by either. */
  readonly source: "table" | "file" | "prediction";
}

/**
 * UT1 − UTC at an instant, with its error.
 *
 * @param epoch Any instant from 1972 on.
 * @param earth A table of Earth orientation; the shipped one where left out.
 * @returns A frozen record.
 * @throws RangeError before the table.
 * @example
 * ```ts
 * import { parseTime, ut1MinusUtcS } from "@gammarx/gammarx/time";
 * import { ok, strictEqual } from "node:assert/strict";
 * const { valueS, source } = ut1MinusUtcS(parseTime("2020-01-01"));
 * ok(Math.abs(valueS + 0.1772) < 1e-3);
 * strictEqual(source, "table");
 * ```
 * @see IERS Conventions 2010, chapter 5; {@link shippedEarthOrientation}
 */
export function ut1MinusUtcS(epoch: TimeEpoch, earth?: EarthOrientation): Ut1Offset {
  const table = earth ?? shippedEarthOrientation(),
    tai = convertEpoch(epoch, "TAI", { earth: table });
  const value = earthOrientationAt(mjdUtcOfTai(tai.mjdDay, tai.dayS), table);
  const measured = table === shippedEarthOrientation() ? "table" : "file";
  return Object.freeze({
    valueS: value.ut1MinusTaiS + taiMinusUtcS(convertEpoch(tai, "UTC").mjdDay),
    errorS: value.errorS,
    source: value.measured ? measured : "prediction",
  });
}
