import { readTimeReference } from "../events/mod.ts";
import {
  type BintableHdu,
  findColumn,
  type FitsFile,
  type Header,
  headerError,
  optionalColumn,
  optionalHeaderNumber,
  optionalHeaderString,
  readNumbers,
} from "../fits/mod.ts";
import { type Site, siteFromHeader } from "../sky/mod.ts";
import { unitFactor } from "../units/mod.ts";
import {
  createPointingTable,
  driftPointing,
  fixedPointing,
  type ObservationPointing,
  type PointingTable,
} from "./pointing.ts";

/**
 * The pointing that the header of an event list names. OBS_MODE = DRIFT is a direction over the
 * ground, ALT_PNT and AZ_PNT; every other mode, and none (files of GADF 0.2 say "WOBBLE", or what
 * they like), is RA_PNT and DEC_PNT. A drift of GADF 0.2 may have RA_PNT and DEC_PNT alone, and is
 * read as that place.
 *
 * @param header Header of an EVENTS table.
 * @returns A pointing, or undefined where the header names none.
 * @throws FitsFormatError for keywords that are no numbers or no direction.
 * @example
 * ```ts
 * import { pointingFromHeader } from "@gammarx/gammarx/data";
 * import { card, headerFromCards } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const header = headerFromCards([
 *   card("OBS_MODE", "DRIFT"), card("ALT_PNT", 70), card("AZ_PNT", 180),
 * ]);
 * strictEqual(pointingFromHeader(header)?.kind, "drift");
 * ```
 * @see GADF 0.2 and 0.3, section EVENTS; Gammapy's PointingMode
 */
export function pointingFromHeader(header: Header): ObservationPointing | undefined {
  const [raDeg, decDeg, altDeg, azDeg] = ["RA_PNT", "DEC_PNT", "ALT_PNT", "AZ_PNT"]
    .map((keyword) => optionalHeaderNumber(header, keyword));
  const mode = optionalHeaderString(header, "OBS_MODE")?.trim().toUpperCase() ?? "";
  const isPlace = raDeg !== undefined && decDeg !== undefined;
  if (mode === "DRIFT" && !(isPlace && altDeg === undefined)) {
    if (altDeg === undefined || azDeg === undefined) {
      throw headerError(header, "ALT_PNT", "OBS_MODE is DRIFT: expected ALT_PNT and AZ_PNT");
    }
    return inHeader(header, "ALT_PNT", () => driftPointing({ azDeg, altDeg }));
  }
  return isPlace ? inHeader(header, "DEC_PNT", () => fixedPointing({ raDeg, decDeg })) : undefined;
}

/**
 * The place on the Earth that a header names: GEOLON, GEOLAT, and ALTITUDE or GEOALT.
 *
 * @param header Header of an EVENTS or POINTING table.
 * @returns The place, or undefined where the header has none of the keywords.
 * @throws FitsFormatError where one is missing or no number.
 * @example
 * ```ts
 * import { siteFromFits } from "@gammarx/gammarx/data";
 * import { card, headerFromCards } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const header = headerFromCards([
 *   card("GEOLON", 16.5), card("GEOLAT", -23.27), card("ALTITUDE", 1835), card("TELESCOP", "HESS"),
 * ]);
 * strictEqual(siteFromFits(header)?.heightM, 1835);
 * ```
 * @see GADF 0.3, section EVENTS
 */
export function siteFromFits(header: Header): Site | undefined {
  const numbers = ["GEOLON", "GEOLAT", "ALTITUDE", "GEOALT"]
    .map((keyword) => [keyword, optionalHeaderNumber(header, keyword)] as const);
  const cards = {
    ...Object.fromEntries(numbers),
    TELESCOP: optionalHeaderString(header, "TELESCOP"),
  };
  return inHeader(header, "GEOLON", () => siteFromHeader(cards));
}

/**
 * Reads a table of pointings: TIME, RA_PNT, DEC_PNT, and ALT_PNT and AZ_PNT where both are there.
 *
 * @param hdu A binary table POINTING.
 * @returns A pointing by a table.
 * @throws FitsFormatError for a missing column or reference time, or rows that are no pointings.
 * @example
 * ```ts
 * import { readPointingTable } from "@gammarx/gammarx/data";
 * import { asBintable, memorySource, card, encodeFits, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const column = (name: string, unit: string, ...data: number[]) =>
 *   ({ name, unit, values: Float64Array.from(data) });
 * const bytes = encodeFits([{
 *   kind: "bintable", name: "POINTING",
 *   header: [card("MJDREFI", 51910), card("MJDREFF", 0), card("TIMESYS", "TT")],
 *   columns: [column("TIME", "s", 0, 9), column("RA_PNT", "deg", 1, 2), column("DEC_PNT", "deg", 3, 4)],
 * }]);
 * using fits = await openFits(memorySource(bytes));
 * strictEqual((await readPointingTable(asBintable(await fits.hdu(1)))).raDeg[1], 2);
 * ```
 * @see GADF 0.3, section POINTING
 */
export async function readPointingTable(hdu: BintableHdu): Promise<PointingTable> {
  const { header } = hdu, { epoch, unitS } = readTimeReference(header);
  const column = async (name: string, unit: string, absent = 1) => {
    const found = findColumn(hdu, name), given = found.unit?.trim();
    const values = await readNumbers(hdu, found);
    const factor = given
      ? inHeader(header, `column ${name}`, () => unitFactor(given, unit))
      : absent;
    return factor === 1 ? values : values.map((x) => x * factor);
  };
  const hasHorizontal = ["ALT_PNT", "AZ_PNT"].every((name) => optionalColumn(hdu, name));
  const fields = {
    epoch,
    timeS: await column("TIME", "s", unitS),
    raDeg: await column("RA_PNT", "deg"),
    decDeg: await column("DEC_PNT", "deg"),
    azDeg: hasHorizontal ? await column("AZ_PNT", "deg") : undefined,
    altDeg: hasHorizontal ? await column("ALT_PNT", "deg") : undefined,
  };
  return inHeader(header, "POINTING", () => createPointingTable(fields));
}

/**
 * Finds the table of pointings of a file: the one named POINTING, or of the class POINTING.
 *
 * @param fits An open file.
 * @returns Its table, or undefined where the file has none.
 * @throws FitsFormatError for a file that is no FITS.
 * @example
 * ```ts
 * import { findPointingTable } from "@gammarx/gammarx/data";
 * import { memorySource, encodeFits, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * using fits = await openFits(memorySource(encodeFits([])));
 * strictEqual(await findPointingTable(fits), undefined);
 * ```
 */
export async function findPointingTable(fits: FitsFile): Promise<BintableHdu | undefined> {
  for (const hdu of await fits.hdus()) {
    if (hdu.kind !== "bintable") continue;
    const kind = optionalHeaderString(hdu.header, "HDUCLAS1")?.trim().toUpperCase();
    if (hdu.name.toUpperCase() === "POINTING" || kind === "POINTING") return hdu;
  }
  return undefined;
}

/** Runs what checks values, and says in which header they stand. */
function inHeader<T>(header: Header, keyword: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof RangeError) && !(cause instanceof TypeError)) throw cause;
    throw headerError(header, keyword, cause.message);
  }
}
