import {
  type BinaryColumn,
  type BintableHdu,
  findColumn,
  type FitsFile,
  FitsFormatError,
  type Hdu,
  type Header,
  headerError,
  type HeaderValue,
  optionalHeaderNumber,
  optionalHeaderString,
  readNumbers,
} from "../../fits/mod.ts";
import {
  addSeconds,
  convertEpoch,
  createEpoch,
  type TimeEpoch,
  type TimeScale,
} from "../../time/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import { createGti, type EventEpoch, type Gti, rebaseGti } from "../gti.ts";
import type { Pointing } from "../event_list.ts";

const SCALES = new Set<string>(["TT", "TAI", "UTC", "TDB"]);

/** The time reference of a header: where its seconds count from. */
export interface TimeReference {
  /** Instant of second 0 with the clock's offset, in TT, or in TDB for barycentred times. */
  readonly epoch: EventEpoch;
  /** Time scale as the header names it, before a UTC or TAI reference was brought to TT. */
  readonly scale: TimeScale;
  /** Seconds a unit of the time column. */
  readonly unitS: number;
  /** TIMEZERO, seconds: part of the epoch already. */
  readonly zeroS: number;
}

/** What a header of times is read with. */
export interface TimeReferenceOptions {
  /** Of the events to which the table belongs: what its header leaves out is theirs. */
  readonly events?: TimeReference | undefined;
  /** Is told where a time scale is missing, and TT is taken. */
  readonly warn?: ((text: string) => void) | undefined;
}

/**
 * Reads MJDREFI and MJDREFF (or MJDREF), TIMESYS, TIMEUNIT and TIMEZERO (or TIMEOFFS). References in
 * UTC and TAI are brought to TT: the columns count SI seconds from there.
 *
 * @param header Header of a table with times.
 * @param options What stands for keywords that are missing.
 * @returns A record.
 * @throws FitsFormatError for no reference time, a scale or unit that is not known, and a reference in
 *   UTC before 1972.
 * @example
 * ```ts
 * import { readTimeReference } from "@gammarx/gammarx/events";
 * import { card, headerFromCards } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const cards = [card("MJDREFI", 51910), card("TIMESYS", "TT(TAI)"), card("TIMEZERO", 60)];
 * strictEqual(readTimeReference(headerFromCards(cards)).epoch.dayS, 60);
 * ```
 * @see FITS 4.0, section 9
 */
export function readTimeReference(
  header: Header,
  options: TimeReferenceOptions = {},
): TimeReference {
  const { events } = options;
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
  const scale = scaleOf(header, options);
  const given = createEpoch(whole === undefined ? [both!, 0] : [whole, fraction], scale);
  const reference = inEventScale(header, given);
  const unit = optionalHeaderString(header, "TIMEUNIT")?.trim();
  const unitS = unit ? headerUnit(header, "TIMEUNIT", unit) : events?.unitS ?? 1;
  const zero = optionalHeaderNumber(header, "TIMEZERO") ?? optionalHeaderNumber(header, "TIMEOFFS");
  const zeroS = zero === undefined ? events?.zeroS ?? 0 : zero * unitS;
  const epoch = zeroS === 0 ? reference : addSeconds<"TT" | "TDB">(reference, zeroS) as EventEpoch;
  return { epoch, scale, unitS, zeroS };
}

function inEventScale(header: Header, given: TimeEpoch): EventEpoch {
  try {
    return convertEpoch(given, given.scale === "TDB" ? "TDB" : "TT") as EventEpoch;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw headerError(
      header,
      "TIMESYS",
      `the reference time cannot be brought to TT: ${cause.message}`,
    );
  }
}

function scaleOf(header: Header, { events, warn }: TimeReferenceOptions): TimeScale {
  const text = optionalHeaderString(header, "TIMESYS")?.trim().toUpperCase() ?? "";
  if (text === "") {
    if (events !== undefined) return events.scale;
    warn?.("TIMESYS is missing: times are taken as TT");
    return "TT";
  }
  const named = text.replace(/\(.*\)$/, ""); // TT(TAI): a realisation of TT
  if (named === "TDT" || named === "ET") return "TT";
  if (named === "IAT") return "TAI";
  if (SCALES.has(named)) return named as TimeScale;
  throw headerError(header, "TIMESYS", `found "${text}", expected TT, TAI, UTC or TDB`);
}

/** Seconds in a unit of time that a keyword names. */
function headerUnit(header: Header, keyword: string, unit: string): number {
  try {
    return unitFactor(unit, "s");
  } catch (cause) {
    throw headerError(header, keyword, (cause as Error).message);
  }
}

/**
 * What a value of a column is multiplied with to be in a unit.
 *
 * @throws FitsFormatError for a unit that is none, or of another kind.
 */
export function columnFactor(hdu: BintableHdu, column: BinaryColumn, unit: string): number {
  const found = column.unit?.trim();
  if (!found) return 1;
  try {
    return unitFactor(found, unit);
  } catch (cause) {
    throw headerError(hdu.header, `column ${column.name}`, (cause as Error).message);
  }
}

/** The table of good time intervals that goes with a table of events: behind it, else before it. */
export async function findGti(
  fits: FitsFile,
  events: BintableHdu,
  growing: boolean | undefined,
): Promise<BintableHdu | undefined> {
  return await findTable(fits, isGti, { from: events.index + 1, growing }) ??
    await findTable(fits, isGti, { from: 1, to: events.index });
}

/**
 * Reads a table of good time intervals.
 *
 * @param hdu A table with START and STOP.
 * @param options `events`: the time reference of the events to which the intervals belong; what the
 *   header leaves out (reference time, time scale, unit, clock offset) is that of the events.
 * @returns Good time intervals on the epoch of the events, or that of the header where there are none.
 * @throws FitsFormatError as {@linkcode readTimeReference}, for intervals that are none, and a scale
 *   that is not that of the events.
 * @example
 * ```ts
 * import { readGti } from "@gammarx/gammarx/events";
 * import { asBintable, card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * using fits = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   name: "GTI",
 *   header: [card("MJDREFI", 51910), card("MJDREFF", 0.5), card("TIMESYS", "TT")],
 *   columns: [
 *     { name: "START", unit: "s", values: Float64Array.of(5) },
 *     { name: "STOP", unit: "s", values: Float64Array.of(9) },
 *   ],
 * }])));
 * strictEqual((await readGti(asBintable(await fits.hdu(1)))).epoch.dayS, 43200);
 * ```
 * @see GADF 0.3, section GTI
 */
export async function readGti(
  hdu: BintableHdu,
  options: TimeReferenceOptions = {},
): Promise<Gti> {
  const reference = readTimeReference(hdu.header, options), { events = reference } = options;
  if (reference.epoch.scale !== events.epoch.scale) {
    throw headerError(
      hdu.header,
      "TIMESYS",
      `found ${reference.scale}, but the events are in ${events.scale}`,
    );
  }
  const times = async (name: string) => {
    const column = findColumn(hdu, name);
    const unitS = column.unit?.trim() ? columnFactor(hdu, column, "s") : reference.unitS;
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

/** Nominal start and stop, seconds after the epoch; ∓∞ where the header has none. */
export function spanOf(
  header: Header,
  { unitS }: TimeReference,
): { readonly startS: number; readonly stopS: number } {
  return {
    startS: (headerNumberOrNone(header, "TSTART") ?? -Infinity) * unitS,
    stopS: (headerNumberOrNone(header, "TSTOP") ?? Infinity) * unitS,
  };
}

/** Dead time per good time: 1 − DEADC, or 1 − LIVETIME / ONTIME where it is missing. */
export function deadTimeFractionOf(header: Header, warn: (text: string) => void): number {
  const deadc = headerNumberOrNone(header, "DEADC");
  if (deadc !== undefined && deadc > 0 && deadc <= 1) return 1 - deadc;
  const livetime = headerNumberOrNone(header, "LIVETIME");
  const ontime = headerNumberOrNone(header, "ONTIME");
  const ratio = livetime !== undefined && ontime !== undefined ? livetime / ontime : NaN;
  const text = headerText(header, "DEADC");
  const found = text === "" ? "is missing" : `is ${text}, not in (0, 1]`;
  if (ratio > 0 && ratio <= 1) {
    warn(`DEADC ${found}: live time is taken as LIVETIME / ONTIME = ${ratio} of good time`);
    return 1 - ratio;
  }
  warn(`DEADC ${found}: live time is taken as all of the good time`);
  return 0;
}

/** Telescope and instrument, each once. */
export function instrumentOf(header: Header): string {
  return [headerText(header, "TELESCOP"), headerText(header, "INSTRUME")]
    .filter((text, i, all) => text !== "" && all.indexOf(text) === i).join(" ");
}

/** Pointing from RA_PNT and DEC_PNT; undefined without them. */
export function pointingOf(header: Header): Pointing | undefined {
  const raDeg = optionalHeaderNumber(header, "RA_PNT");
  const decDeg = optionalHeaderNumber(header, "DEC_PNT");
  return raDeg === undefined || decDeg === undefined ? undefined : Object.freeze({ raDeg, decDeg });
}

/** A value of any type, even a faulty one, as trimmed text; "" where it is absent. */
export function headerText(header: Header, keyword: string): string {
  const value = cardValue(header, keyword);
  return value === undefined ? "" : String(value).trim();
}

/** A number where the header has one; undefined where it is absent or something else. */
export function headerNumberOrNone(header: Header, keyword: string): number | undefined {
  const value = cardValue(header, keyword);
  return typeof value === "number" ? value : undefined;
}

function cardValue(header: Header, keyword: string): HeaderValue {
  const at = header.index.get(keyword);
  return at === undefined ? undefined : header.cards[at]!.value;
}

/**
 * The first binary table that a test accepts; HDUs are looked at in order, and no further. In a
 * file that is still `growing`, an HDU that is not whole yet is the end.
 */
export async function findTable(
  fits: FitsFile,
  accepts: (hdu: BintableHdu) => boolean,
  range: {
    readonly from?: number;
    readonly to?: number;
    readonly growing?: boolean | undefined;
  } = {},
): Promise<BintableHdu | undefined> {
  const { from = 0, to = Infinity, growing = false } = range;
  for (let index = from; index < to; index++) {
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
  return undefined;
}

/** Is this a table of good time intervals? */
export function isGti(hdu: BintableHdu): boolean {
  const name = hdu.name.toUpperCase();
  return name === "GTI" || name === "STDGTI" ||
    headerText(hdu.header, "HDUCLAS1").toUpperCase() === "GTI";
}
