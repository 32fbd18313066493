import { type FitsFile, FitsFormatError, type Hdu } from "../fits/mod.ts";
import { createRegistry, type Registry } from "../registry/mod.ts";
import type { EventList } from "./event_list.ts";
import { eventListOf } from "./event_list_fits.ts";
import { COLUMNAR, columnarTable } from "./formats/columnar_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./formats/event_format_fits.ts";
import { FERMI_FT1 } from "./formats/fermi_ft1_fits.ts";
import { GADF_02, GADF_03 } from "./formats/gadf_fits.ts";
import { findTable } from "./formats/header_fits.ts";
import { OGIP_EVENTS } from "./formats/ogip_fits.ts";

/**
 * The formats of event lists. A format is found by asking each in turn, so that the particular
 * come before the general; `register` adds one's own.
 */
export const eventFormats: Registry<EventFormat> = createRegistry<EventFormat>("event format");
for (const format of [FERMI_FT1, GADF_03, GADF_02, OGIP_EVENTS, COLUMNAR]) {
  eventFormats.register(format);
}

/**
 * Opens the event list of a FITS file: finds its format, reads its good time intervals and what
 * the header says, and no event yet.
 *
 * @param fits An open file; the event list owns it from now on.
 * @param options Format and columns where they are to be given.
 * @returns The open event list.
 * @throws FitsFormatError where no table is an event list of a known format, naming the tables
 *   there are; RangeError for an unknown format.
 * @example
 * ```ts
 * import { openEventList } from "@gammarx/gammarx/events";
 * import { card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const bytes = encodeFits([{
 *   kind: "bintable",
 *   name: "PHOTONS",
 *   header: [card("MJDREFI", 51910), card("MJDREFF", 0.5), card("TIMESYS", "TT")],
 *   columns: [{ name: "T", values: Float64Array.of(1, 2) }],
 * }]);
 * const list = await openEventList(await openFits(memorySource(bytes)), {
 *   format: "columnar",
 *   columnar: { columns: { timeS: "T" } },
 * });
 * strictEqual((await list.read(0, list.nRows)).columns.timeS[1], 2);
 * list.close();
 * ```
 */
export async function openEventList(
  fits: FitsFile,
  options: OpenEventListOptions = {},
): Promise<EventList> {
  const { format = options.columnar === undefined ? undefined : "columnar" } = options;
  if (format === "columnar") {
    const table = await columnarTable(fits, options);
    if (table !== undefined) {
      return await eventListOf(fits, await COLUMNAR.plan(fits, table, options), options.growing);
    }
  }
  const candidates = format === undefined
    ? eventFormats.entries("events")
    : eventFormats.entries("events").filter((one) => one.format === format);
  if (candidates.length === 0) eventFormats.lookup("events", format!);
  let found: EventFormat | undefined;
  const table = await findTable(fits, (one) => {
    found = candidates.find((candidate) => candidate.recognises(one));
    return found !== undefined;
  });
  if (table === undefined || found === undefined) throw await noEvents(fits, format);
  return await eventListOf(fits, await found.plan(fits, table, options), options.growing);
}

async function noEvents(fits: FitsFile, format: string | undefined): Promise<FitsFormatError> {
  const list = (await fits.hdus()).map((hdu: Hdu) => hdu.name || `HDU ${hdu.index}`).join(", ");
  return new FitsFormatError(
    `found no event list${format === undefined ? "" : ` of format ${format}`} among ${list}; for ` +
      `a plain table name its columns`,
    { file: fits.name },
  );
}
