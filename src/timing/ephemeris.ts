import type { TimeEpoch } from "../time/mod.ts";

/**
 * Where the Earth and the Sun are: a frozen record with functions, made by `embeddedEphemeris`,
 * `analyticEphemeris`, `ephemerisOfSpk` or `readEphemeris`.
 */
export interface Ephemeris {
  /** Which ephemeris: "DE405", "DE440", "epv00". */
  readonly name: string;
  /** Where its numbers come from: the shipped table, a kernel of the user, or the shipped series. */
  readonly source: "embedded" | "spk" | "analytic";
  /** What it is, with its origin, in a sentence for people. */
  readonly description: string;
  /** Largest error of the Earth's place against what `name` stands for, seconds of light. */
  readonly errorS: number;
  /** First instant that it covers. */
  readonly first: TimeEpoch<"TDB">;
  /** Last instant that it covers. */
  readonly last: TimeEpoch<"TDB">;
  /**
   * The Earth's centre about the barycentre of the solar system, along ICRS axes.
   *
   * @param mjdDay Whole Modified Julian Day, TDB.
   * @param dayS Seconds of that day, any number.
   * @param out Six elements that take x, y, z in light-seconds and their rates in light-seconds a second.
   * @throws RangeError outside `first` … `last`.
   */
  earthAt(mjdDay: number, dayS: number, out: Float64Array): void;
  /**
   * The Sun's centre about the barycentre of the solar system, as of `earthAt`.
   *
   * @param mjdDay Whole Modified Julian Day, TDB.
   * @param dayS Seconds of that day, any number.
   * @param out Six elements that take x, y, z in light-seconds and their rates in light-seconds a second.
   * @throws RangeError outside `first` … `last`.
   */
  sunAt(mjdDay: number, dayS: number, out: Float64Array): void;
}

/** What results say of the ephemeris that they were made with. */
export interface EphemerisDescription {
  /** Which ephemeris: "DE405", "epv00". */
  readonly name: string;
  /** Where its numbers come from. */
  readonly source: "embedded" | "spk" | "analytic";
  /** Largest error of the Earth's place against what `name` stands for, seconds. */
  readonly errorS: number;
  /** All of it in a sentence. */
  readonly text: string;
}

/**
 * Says which ephemeris it is, for results, headers and logs.
 *
 * @param ephemeris Any.
 * @returns A frozen record of plain data.
 * @example
 * ```ts
 * import { analyticEphemeris, describeEphemeris } from "@gammarx/gammarx/timing";
 * import { match, strictEqual } from "node:assert/strict";
 * const { name, text } = describeEphemeris(analyticEphemeris());
 * strictEqual(name, "epv00");
 * match(text, /within 45 µs/);
 * ```
 */
export function describeEphemeris(ephemeris: Ephemeris): EphemerisDescription {
  const { name, source, errorS, description, first, last } = ephemeris;
  const error = errorS === 0 ? "exact" : `within ${Number((errorS * 1e6).toPrecision(2))} µs`;
  return Object.freeze({
    name,
    source,
    errorS,
    text: `${name}: ${description}, MJD ${first.mjdDay} to ${last.mjdDay} (TDB), ${error}`,
  });
}
