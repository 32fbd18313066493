import {
  type BintableHdu,
  type FitsFile,
  FitsFormatError,
  type Hdu,
  openFitsFile,
  verifyChecksum,
} from "../fits/mod.ts";
import type { Fault } from "./fault.ts";
import type { Gti } from "./gti.ts";
import type { EventFormat } from "./formats/event_format_fits.ts";
import { faultList, guarded } from "./formats/faults_fits.ts";
import { gadfGtiFaults } from "./formats/gadf_faults_fits.ts";
import { GADF_02 } from "./formats/gadf_fits.ts";
import { headerNumberOrNone, isGti, readTimeReference } from "./formats/header_fits.ts";
import { eventFormats } from "./open_event_list_fits.ts";
import { checkGti } from "./_check_gti_fits.ts";
import { checkRows } from "./_check_rows_fits.ts";

/**
 * Checks an event file: is it FITS, is it whole, are its checksums right, does it have what the
 * specification of its format demands, and do its good time intervals and events make sense? Data
 * are read block by block, so that a file of any size can be checked.
 *
 * @param pathOrUrl Path, or address with http or https.
 * @returns All that is wrong or odd, in the order of the checks; [] for a file without fault.
 * @throws The system's error for a file that cannot be read; never for what is in it.
 * @example
 * ```ts
 * import { checkEventFile } from "@gammarx/gammarx/events";
 * import { match } from "node:assert/strict";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "no FITS");
 * const [fault] = await checkEventFile(path);
 * match(fault!.problem, /expected "SIMPLE/);
 * await Deno.remove(path);
 * ```
 * @see FITS 4.0; GADF 0.2 and 0.3, sections EVENTS and GTI
 */
export async function checkEventFile(pathOrUrl: string | URL): Promise<Fault[]> {
  const list: Fault[] = [], source = String(pathOrUrl);
  const fits = await guarded(list, source, () => openFitsFile(pathOrUrl));
  if (fits === undefined) return list;
  try {
    await checkFile(fits, list);
  } finally {
    fits.close();
  }
  return list;
}

async function checkFile(fits: FitsFile, list: Fault[]): Promise<void> {
  const hdus = await scanned(fits, list);
  const bytes = new Map<Hdu, number>();
  for (const hdu of hdus) bytes.set(hdu, await checkStorage(hdu, list));
  await checkEnd(hdus, list);
  const tables = hdus.filter((hdu) => hdu.kind === "bintable");
  const found = await eventTable(tables, list);
  if (found === undefined) {
    const names = hdus.map((hdu) => hdu.name || `HDU ${hdu.index}`).join(", ");
    faultsOf(hdus[0]!, list, "error", "", `found no event list among ${names}`);
    return;
  }
  const { table, format } = found;
  list.push(...format.faults(table));
  const time = await guarded(list, fits.name, () => readTimeReference(table.header));
  const gtiTables = tables.filter(isGti);
  const gtiTable = gtiTables.find((one) => one.index > table.index) ?? gtiTables[0];
  const checked = gtiTable && await checkGti(gtiTable, time, list);
  if (gtiTable === undefined) {
    faultsOf(table, list, "error", "GTI", "there is no table of good time intervals");
  } else if (format.format === "gadf") list.push(...gadfGtiFaults(gtiTable));
  for (const other of gtiTables) {
    if (other === gtiTable) continue;
    faultsOf(
      other,
      list,
      "warning",
      "",
      `only the good time intervals of HDU ${gtiTable!.index} are used`,
    );
  }
  checkSpan(table, list, time && checked && { unitS: time.unitS, gti: checked.gti });
  checkExposure(table, list, checked?.sumS);
  const whole = table.rowBytes === 0 ? table.nRows : Math.floor(bytes.get(table)! / table.rowBytes);
  await checkRows(table, {
    nRows: Math.min(table.nRows, whole),
    time,
    gti: checked?.gti,
    uniqueIds: format.format === "gadf",
  }, list);
}

function faultsOf(
  hdu: Hdu,
  list: Fault[],
  level: Fault["level"],
  keyword: string,
  problem: string,
): void {
  const faults = faultList(hdu);
  faults.add(level, keyword, problem);
  list.push(...faults.list);
}

/** All HDUs whose headers can be read. */
async function scanned(fits: FitsFile, list: Fault[]): Promise<Hdu[]> {
  const hdus: Hdu[] = [];
  await guarded(list, fits.name, async () => {
    for (let index = 0;; index++) {
      const hdu = await fits.find(index);
      if (hdu === undefined) return;
      hdus.push(hdu);
    }
  });
  return hdus;
}

/** Are all bytes of an HDU there, and do they agree with its checksums? Gives how many there are. */
async function checkStorage(hdu: Hdu, list: Fault[]): Promise<number> {
  const there = await bytesThere(hdu);
  if (there < hdu.dataBytes) {
    const isTable = hdu.kind === "bintable" && hdu.rowBytes > 0;
    const rows = isTable
      ? `: ${Math.min(hdu.nRows, Math.floor(there / hdu.rowBytes))} of ${hdu.nRows} rows are whole`
      : `: ${there} of ${hdu.dataBytes} bytes are there`;
    faultsOf(hdu, list, "error", "", `the file ends within this HDU${rows}`);
    return there;
  }
  const sums = await guarded(list, hdu.source.name, () => verifyChecksum(hdu));
  if (sums?.datasum === "wrong") {
    faultsOf(hdu, list, "error", "DATASUM", "the data are not those of which the sum was made");
  } else if (sums?.checksum === "wrong") {
    faultsOf(hdu, list, "error", "CHECKSUM", "header or data were changed after the sum was made");
  }
  return there;
}

async function bytesThere({ source, dataOffset, dataBytes }: Hdu): Promise<number> {
  if (dataBytes === 0) return 0;
  try {
    if ((await source.read(dataOffset + dataBytes - 1, 1)).length === 1) return dataBytes;
    return Math.max(0, (await source.size() ?? dataOffset) - dataOffset);
  } catch (error) {
    // Compressed data that are cut: the offset is where decompression came to an end.
    if (!(error instanceof FitsFormatError) || error.byteOffset === undefined) throw error;
    return Math.max(0, error.byteOffset - dataOffset);
  }
}

/** Bytes behind the last HDU are odd: a header may announce fewer rows than there are. */
async function checkEnd(hdus: readonly Hdu[], list: Fault[]): Promise<void> {
  const last = hdus[hdus.length - 1]!,
    end = last.dataOffset + Math.ceil(last.dataBytes / 2880) * 2880;
  if (list.some((fault) => fault.level === "error")) return;
  if ((await last.source.read(end, 1)).length === 0) return;
  const problem = "behind this HDU come bytes that are no HDU: is its size in the header right?";
  faultsOf(last, list, "error", "NAXIS2", problem);
}

/** The first table that a format recognises, or that is called EVENTS and so should be GADF. */
async function eventTable(
  tables: readonly BintableHdu[],
  list: Fault[],
): Promise<{ readonly table: BintableHdu; readonly format: EventFormat } | undefined> {
  const formats = eventFormats.entries("events");
  for (const table of tables) {
    const format = await guarded(
      list,
      table.source.name,
      () => formats.find((one) => one.recognises(table)),
    );
    if (format !== undefined) return { table, format };
  }
  const table = tables.find((one) => one.name.toUpperCase() === "EVENTS");
  return table && { table, format: GADF_02 };
}

/** Is TSTART before TSTOP, and does the good time lie between them? */
function checkSpan(
  table: BintableHdu,
  list: Fault[],
  good: { readonly unitS: number; readonly gti: Gti } | undefined,
): void {
  const start = headerNumberOrNone(table.header, "TSTART");
  const stop = headerNumberOrNone(table.header, "TSTOP");
  if (start === undefined || stop === undefined) return;
  if (!(start <= stop)) {
    return faultsOf(table, list, "error", "TSTOP", `found ${stop}, before TSTART ${start}`);
  }
  const firstS = good?.gti.startS[0], lastS = good?.gti.stopS.at(-1);
  if (firstS === undefined || lastS === undefined) return;
  const [startS, stopS] = [start * good!.unitS, stop * good!.unitS];
  if (firstS >= startS - ROUNDED_S && lastS <= stopS + ROUNDED_S) return;
  const problem =
    `the good time is ${firstS} s to ${lastS} s, beyond TSTART ${startS} s to TSTOP ${stopS} s`;
  faultsOf(table, list, "warning", firstS < startS - ROUNDED_S ? "TSTART" : "TSTOP", problem);
}

/** Times of headers and tables may be rounded by this much, seconds. */
const ROUNDED_S = 1e-3;

/** Numbers that are rounded differ by less; a difference beyond the second makes wrong fluxes. */
const ROUNDING = 1e-5, HARMFUL = 1e-3;

/** Do ONTIME, LIVETIME, DEADC and the good time intervals agree? */
function checkExposure(table: BintableHdu, list: Fault[], gtiSumS: number | undefined): void {
  const number = (keyword: string) => headerNumberOrNone(table.header, keyword);
  const ontime = number("ONTIME"), livetime = number("LIVETIME"), deadc = number("DEADC");
  const compare = (keyword: string, found: number, expected: number, what: string) => {
    const difference = Math.abs(found - expected) / Math.max(Math.abs(expected), 1e-3);
    if (difference <= ROUNDING) return;
    const level = difference > HARMFUL ? "error" : "warning";
    faultsOf(table, list, level, keyword, `found ${found} s, expected ${what} = ${expected} s`);
  };
  for (const [keyword, value] of [["ONTIME", ontime], ["LIVETIME", livetime]] as const) {
    if (value !== undefined && !(value >= 0)) {
      faultsOf(table, list, "error", keyword, `found ${value} s, expected 0 or more`);
    }
  }
  if (deadc !== undefined && !(deadc >= 0 && deadc <= 1)) {
    faultsOf(table, list, "error", "DEADC", `found ${deadc}, expected 0 to 1`);
  } else if (ontime !== undefined && livetime !== undefined && deadc !== undefined) {
    compare("LIVETIME", livetime, ontime * deadc, "ONTIME * DEADC");
  }
  if (ontime !== undefined && gtiSumS !== undefined) {
    compare("ONTIME", ontime, gtiSumS, "the sum of the good time intervals");
  }
}
