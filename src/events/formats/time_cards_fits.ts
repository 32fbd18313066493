import { type Card, card } from "../../fits/mod.ts";
import { epochMjd } from "../../time/mod.ts";
import type { EventEpoch } from "../gti.ts";

/**
 * The keywords of times in seconds after an instant: what `readTimeReference` reads.
 *
 * @param epoch Instant from which the times count.
 * @returns MJDREFI, MJDREFF, TIMEUNIT and TIMESYS.
 * @example
 * ```ts
 * import { readTimeReference, timeCards } from "@gammarx/gammarx/events";
 * import { headerFromCards } from "@gammarx/gammarx/fits";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0.25], "TT");
 * deepStrictEqual(readTimeReference(headerFromCards(timeCards(epoch))).epoch, epoch);
 * ```
 * @see FITS 4.0, section 9.2
 */
export function timeCards(epoch: EventEpoch): Card[] {
  return [
    card("MJDREFI", epoch.mjdDay, "[d] reference time, whole part"),
    card("MJDREFF", epochMjd({ ...epoch, mjdDay: 0 }), "[d] reference time, fraction"),
    card("TIMEUNIT", "s"),
    card("TIMESYS", epoch.scale),
  ];
}
