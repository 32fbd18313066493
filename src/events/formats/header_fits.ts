import {
  type BintableHdu,
  findColumn,
  type FitsFile,
  FitsFormatError,
  type Hdu,
  type Header,
  headerError,
  headerValue,
  optionalHeaderNumber,
  optionalHeaderString,
  readNumbers,
} from "../../fits/mod.ts";
import { addSeconds, convertEpoch, createEpoch, type TimeScale } from "../../time/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import { createGti, type EventEpoch, type Gti, rebaseGti } from "../gti.ts";
import type { Pointing } from "../event_list.ts";

const SCALES = new Set<string>(["TT", "TAI", "UTC", "TDB"]);

/** The time reference of a header: where its seconds count from. */
export interface TimeReference {
  /** Instant of second 0 with the clock's offset, in TT, or in TDB for barycentred times. */
  readonly epoch: EventEpoch;
  /** Seconds a unit of the time column. */
  readonly unitS: number;
  /** TIMEZERO, seconds: part of the epoch already. */
  readonly zeroS: number;
}

/**
 * Reads MJDREF, TIMESYS, TIMEUNIT and TIMEZERO. UTC and TAI references are brought to TT: the
 * columns count SI seconds from there.
 *
 * @see FITS 4.0, section 9
 */
export function timeReference(
  header: Header,
  warn: (text: string) => void,
  events?: TimeReference,
): TimeReference {
  const whole = optionalHeaderNumber(header, "MJDREFI");
  const both = optionalHeaderNumber(header, "MJDREF");
  if (whole === undefined && both === undefined) {
    if (events !== undefined) return events;
    throw headerError(
      header,
      "MJDREFI",
      "no reference time: expected MJDREFI and MJDREFF, or MJDREF",
    );
  }
  const fraction = optionalHeaderNumber(header, "MJDREFF") ?? 0;
  const scale = scaleOf(header, warn);
  const given = createEpoch(whole === undefined ? [both!, 0] : [whole, fraction], scale);
  const reference = convertEpoch(given, scale === "TDB" ? "TDB" : "TT") as EventEpoch;
  const unitS = timeUnit(optionalHeaderString(header, "TIMEUNIT"));
  const zero = optionalHeaderNumber(header, "TIMEZERO");
  const zeroS = zero === undefined ? events?.zeroS ?? 0 : zero * unitS;
  const epoch = zeroS === 0 ? reference : addSeconds<"TT" | "TDB">(reference, zeroS) as EventEpoch;
  return { epoch, unitS, zeroS };
}

function scaleOf(header: Header, warn: (text: string) => void): TimeScale {
  const named = optionalHeaderString(header, "TIMESYS")?.trim().toUpperCase();
  if (named === undefined || named === "") {
    warn("TIMESYS is missing: times are taken as TT");
    return "TT";
  }
  if (named === "TDT" || named === "ET") return "TT";
  if (named === "IAT") return "TAI";
  if (SCALES.has(named)) return named as TimeScale;
  throw headerError(header, "TIMESYS", `found "${named}", expected TT, TAI, UTC or TDB`);
}

/** Seconds in a unit of time; 1 where none is written. */
export function timeUnit(unit: string | undefined): number {
  return unit === undefined || unit.trim() === "" ? 1 : unitFactor(unit.trim(), "s");
}

/**
 * The good time intervals of an HDU, on the epoch of the events. What its header leaves out
 * (reference time, clock offset) is that of the events.
 */
export async function readGti(
  hdu: BintableHdu,
  events: TimeReference,
  warn: (text: string) => void,
): Promise<Gti> {
  const reference = timeReference(hdu.header, warn, events);
  const times = async (name: string) => {
    const column = findColumn(hdu, name);
    const unitS = column.unit ? timeUnit(column.unit) : reference.unitS;
    const values = await readNumbers(hdu, column);
    return unitS === 1 ? values : values.map((t) => t * unitS);
  };
  const [startS, stopS] = [await times("START"), await times("STOP")];
  try {
    return rebaseGti(createGti(reference.epoch, startS, stopS), events.epoch);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FitsFormatError(cause.message, { file: hdu.source.name, hdu: hdu.index, cause });
  }
}

/** Pointing from RA_PNT and DEC_PNT; undefined without them. */
export function pointingOf(header: Header): Pointing | undefined {
  const raDeg = optionalHeaderNumber(header, "RA_PNT");
  const decDeg = optionalHeaderNumber(header, "DEC_PNT");
  return raDeg === undefined || decDeg === undefined ? undefined : Object.freeze({ raDeg, decDeg });
}

/** A value of any type as trimmed text; "" where it is absent. */
export function headerText(header: Header, keyword: string): string {
  const value = headerValue(header, keyword);
  return value === undefined ? "" : String(value).trim();
}

/** A number where the header has one; undefined where it is absent or something else. */
export function headerNumberOrNone(header: Header, keyword: string): number | undefined {
  const value = headerValue(header, keyword);
  return typeof value === "number" ? value : undefined;
}

/**
 * The first binary table that a test accepts; HDUs are looked at in order, and no further. In a
 * file that is still `growing`, an HDU that is not whole yet is the end.
 */
export async function findTable(
  fits: FitsFile,
  accepts: (hdu: BintableHdu) => boolean,
  { from = 0, growing = false }: { readonly from?: number; readonly growing?: boolean } = {},
): Promise<BintableHdu | undefined> {
  for (let index = from;; index++) {
    let hdu: Hdu | undefined;
    try {
      hdu = await fits.find(index);
    } catch (error) {
      if (growing && error instanceof FitsFormatError) return undefined;
      throw error;
    }
    if (hdu === undefined) return undefined;
    if (hdu.kind === "bintable" && accepts(hdu)) return hdu;
  }
}

/** Is this a table of good time intervals? */
export function isGti(hdu: BintableHdu): boolean {
  const name = hdu.name.toUpperCase();
  return name === "GTI" || name === "STDGTI" || headerText(hdu.header, "HDUCLAS1") === "GTI";
}
