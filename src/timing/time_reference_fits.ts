import type { EventEpoch } from "../events/mod.ts";
import {
  type Header,
  headerError,
  headerNumber,
  optionalHeaderNumber,
  optionalHeaderString,
} from "../fits/mod.ts";
import { addSeconds, convertEpoch, createEpoch, type TimeScale } from "../time/mod.ts";
import { unitFactor } from "../units/mod.ts";

/** Where the clock of a table's times stands, and how its seconds count. */
export interface HeaderTimeReference {
  /**
   * Where times were taken, or brought to: at the observer (`local`), at the Earth's centre, or at
   * the barycentre of the solar system.
   */
  readonly place: "local" | "geocentre" | "barycentre";
  /** Instant of second 0 (TIMEZERO is part of it), in TT, or in TDB where times are. */
  readonly epoch: EventEpoch;
  /** Time scale as the header names it. */
  readonly scale: TimeScale;
  /** Seconds a unit of the time column. */
  readonly unitS: number;
  /** Which ephemeris brought times there (PLEPHEM): "DE405". */
  readonly ephemeris?: string | undefined;
  /** Right ascension that they were brought there for, deg. */
  readonly raDeg?: number | undefined;
  /** Declination that they were brought there for, deg. */
  readonly decDeg?: number | undefined;
}

const SCALES: Readonly<Record<string, TimeScale>> = {
  TT: "TT",
  TDT: "TT",
  ET: "TT",
  TAI: "TAI",
  IAT: "TAI",
  UTC: "UTC",
  TDB: "TDB",
};

const PLACES: Readonly<Record<string, HeaderTimeReference["place"]>> = {
  LOCAL: "local",
  TOPOCENT: "local",
  TOPOCENTER: "local",
  SATELLITE: "local",
  GEOCENTRIC: "geocentre",
  GEOCENTE: "geocentre",
  GEOCENTER: "geocentre",
  SOLARSYSTEM: "barycentre",
  BARYCENT: "barycentre",
  BARYCENTER: "barycentre",
};

/**
 * Reads what a header says of its times: TIMEREF (OGIP) or TREFPOS (FITS 4.0) for the place, TIMESYS,
 * MJDREF, TIMEZERO and TIMEUNIT for the clock, and for times that were brought elsewhere PLEPHEM and
 * the direction (the keywords that TREFDIR names, or RA_NOM and DEC_NOM).
 *
 * | header | place |
 * | --- | --- |
 * | TIMEREF LOCAL, or neither keyword | `local`: the observer's way is needed |
 * | TIMEREF GEOCENTRIC, TREFPOS GEOCENTER | `geocentre` |
 * | TIMEREF SOLARSYSTEM, TREFPOS BARYCENTER | `barycentre`: must be in TDB; not to be brought there again |
 *
 * @param header Header of a table with times.
 * @returns A frozen record.
 * @throws FitsFormatError for no MJDREF, a scale or place that is not known, TIMEREF and TREFPOS that
 *   say different things, and for times of the barycentre that are not in TDB.
 * @example
 * ```ts
 * import { card, headerFromCards } from "@gammarx/gammarx/fits";
 * import { timeReference } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * const header = headerFromCards([
 *   card("MJDREFI", 51910), card("MJDREFF", 0.000742870370370370), card("TIMESYS", "TDB"),
 *   card("TIMEREF", "SOLARSYSTEM"), card("PLEPHEM", "JPL-DE405"),
 * ]);
 * strictEqual(timeReference(header).place, "barycentre");
 * strictEqual(timeReference(header).ephemeris, "DE405");
 * ```
 * @see FITS 4.0, section 9; OGIP/93-003
 */
export function timeReference(header: Header): HeaderTimeReference {
  const text = optionalHeaderString(header, "TIMESYS")?.trim().toUpperCase() || "TT";
  const scale = SCALES[text.replace(/\(.*\)$/, "")];
  if (scale === undefined) {
    throw headerError(header, "TIMESYS", `found "${text}", expected TT, TAI, UTC or TDB`);
  }
  const place = placeOf(header);
  if (place === "barycentre" && scale !== "TDB") {
    throw headerError(
      header,
      "TIMESYS",
      `found ${scale} for times of the barycentre, expected TDB: were they brought there?`,
    );
  }
  const unit = optionalHeaderString(header, "TIMEUNIT")?.trim() || "s";
  const unitS = secondsOf(header, unit);
  const whole = optionalHeaderNumber(header, "MJDREFI");
  const given = whole === undefined
    ? createEpoch([headerNumber(header, "MJDREF"), 0], scale)
    : createEpoch([whole, optionalHeaderNumber(header, "MJDREFF") ?? 0], scale);
  const reference = convertEpoch(given, scale === "TDB" ? "TDB" : "TT") as EventEpoch;
  const zero = optionalHeaderNumber(header, "TIMEZERO") ??
    optionalHeaderNumber(header, "TIMEOFFS") ?? 0;
  return Object.freeze({
    place,
    epoch: addSeconds<"TT" | "TDB">(reference, zero * unitS) as EventEpoch,
    scale,
    unitS,
    ...(place === "local" ? {} : broughtWith(header)),
  });
}

function secondsOf(header: Header, unit: string): number {
  try {
    return unitFactor(unit, "s");
  } catch (cause) {
    throw headerError(header, "TIMEUNIT", (cause as Error).message);
  }
}

function placeOf(header: Header): HeaderTimeReference["place"] {
  const found = ["TIMEREF", "TREFPOS"].map((keyword) => {
    const text = optionalHeaderString(header, keyword)?.trim().toUpperCase() ?? "";
    if (text === "") return undefined;
    const place = PLACES[text];
    if (place !== undefined) return place;
    throw headerError(
      header,
      keyword,
      `found "${text}", expected LOCAL, GEOCENTRIC or SOLARSYSTEM (TREFPOS: TOPOCENTER, GEOCENTER ` +
        `or BARYCENTER)`,
    );
  });
  const [ogip, fits] = found;
  if (ogip !== undefined && fits !== undefined && ogip !== fits) {
    throw headerError(header, "TREFPOS", `says ${fits}, but TIMEREF says ${ogip}`);
  }
  return ogip ?? fits ?? "local";
}

/** Ephemeris and direction of times that were brought elsewhere. */
function broughtWith(
  header: Header,
): Pick<HeaderTimeReference, "ephemeris" | "raDeg" | "decDeg"> {
  const ephemeris = optionalHeaderString(header, "PLEPHEM")?.trim().replace(/^JPL-/i, "");
  const named = optionalHeaderString(header, "TREFDIR")?.split(",").map((one) => one.trim()) ?? [];
  const [ra, dec] = named.length === 2 && optionalHeaderNumber(header, named[0]!) !== undefined
    ? named as [string, string]
    : ["RA_NOM", "DEC_NOM"];
  return {
    ephemeris: ephemeris || undefined,
    raDeg: optionalHeaderNumber(header, ra!),
    decDeg: optionalHeaderNumber(header, dec!),
  };
}
