import { addSeconds, secondsBetween, type TimeEpoch } from "./epoch.ts";
import { convertEpoch } from "./scales.ts";

/**
 * The instant at a mission elapsed time: SI seconds after a reference, as FITS files count them from
 * MJDREF. A reference in UTC is an instant like any other; seconds from it are not seconds of UTC.
 *
 * @param timeS Seconds after the reference, any sign.
 * @param reference Where they count from, in any scale but UT1.
 * @returns A frozen record, in TDB for a reference in TDB, else in TT.
 * @throws RangeError for a reference in UTC before 1972.
 * @example
 * ```ts
 * import { createEpoch, formatIso, missionEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const fermi = createEpoch([51910, 0.000742870370370370], "TT");
 * strictEqual(formatIso(missionEpoch(239557417.494, fermi), { digits: 1 }), "2008-08-04T15:43:36.5");
 * ```
 * @see FITS 4.0, section 9.2.2
 */
export function missionEpoch(
  timeS: number,
  reference: TimeEpoch<"TT" | "TAI" | "UTC" | "TDB">,
): TimeEpoch<"TT" | "TDB"> {
  return addSeconds(uniform(reference), timeS);
}

/**
 * Mission elapsed time of an instant: SI seconds after a reference, in the scale of
 * {@link missionEpoch}.
 *
 * @param epoch Any instant from 1972 on (before, only in TT, TAI or TDB).
 * @param reference Where seconds count from, in any scale but UT1.
 * @returns Seconds.
 * @throws RangeError for UTC before 1972.
 * @example
 * ```ts
 * import { createEpoch, missionTimeS, parseTime } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const magic = createEpoch([52706, 0], "UTC");
 * ok(Math.abs(missionTimeS(parseTime("2003-03-09T00:00:10"), magic) - 86410) < 1e-6);
 * ```
 */
export function missionTimeS(
  epoch: TimeEpoch,
  reference: TimeEpoch<"TT" | "TAI" | "UTC" | "TDB">,
): number {
  const from = uniform(reference);
  return secondsBetween<"TT" | "TDB">(from, convertEpoch(epoch, from.scale));
}

function uniform(reference: TimeEpoch): TimeEpoch<"TT" | "TDB"> {
  return convertEpoch(reference, reference.scale === "TDB" ? "TDB" : "TT") as TimeEpoch<
    "TT" | "TDB"
  >;
}
