import {
  type BintableHdu,
  findColumn,
  type FitsFile,
  type Header,
  headerValue,
  optionalColumn,
} from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import type { Fault } from "../fault.ts";
import { PHASE_RULES, planColumns, SKY_RULES } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import {
  findTable,
  headerNumberOrNone,
  headerText,
  isGti,
  pointingOf,
  readGti,
  timeReference,
} from "./header_fits.ts";

/*
 * The open data format of ground-based gamma-ray astronomy, DL3, as H.E.S.S., MAGIC, VERITAS,
 * FACT, HAWC and CTA write it. Versions 0.2 and 0.3 differ for a reader in the meaning of
 * OBS_MODE = DRIFT alone: there the pointing is given in altitude and azimuth.
 */

const COLUMNS = ["EVENT_ID", "TIME", "RA", "DEC", "ENERGY"];
const TIME_KEYWORDS = ["MJDREFI", "MJDREFF", "TIMEUNIT", "TIMESYS", "TIMEREF"];
const KEYWORDS = [
  "HDUCLASS",
  "HDUDOC",
  "HDUVERS",
  "HDUCLAS1",
  "OBS_ID",
  "TSTART",
  "TSTOP",
  "ONTIME",
  "LIVETIME",
  "DEADC",
  "OBS_MODE",
  "EQUINOX",
  "RADECSYS",
  "ORIGIN",
  "TELESCOP",
  "INSTRUME",
  "CREATOR",
  ...TIME_KEYWORDS,
];

/** Does the table look like GADF events, whatever its version? */
function isGadf(table: BintableHdu): boolean {
  const named = table.name.toUpperCase() === "EVENTS" ||
    headerText(table.header, "HDUCLAS1").toUpperCase() === "EVENTS";
  const has = (name: string) => optionalColumn(table, name) !== undefined;
  return named && ["TIME", "ENERGY"].every(has) && has("RA") && has("DEC");
}

function isDrift(header: Header): boolean {
  return headerText(header, "OBS_MODE").toUpperCase() === "DRIFT";
}

/** Live time per good time: DEADC, or LIVETIME / ONTIME where it is missing. */
function liveFraction(header: Header, warn: (text: string) => void): number {
  const deadc = headerNumberOrNone(header, "DEADC");
  if (deadc !== undefined && deadc > 0 && deadc <= 1) return deadc;
  const livetime = headerNumberOrNone(header, "LIVETIME");
  const ontime = headerNumberOrNone(header, "ONTIME");
  const ratio = livetime !== undefined && ontime !== undefined ? livetime / ontime : NaN;
  const found = deadc === undefined ? "is missing" : `is ${deadc}, not in (0, 1]`;
  if (ratio > 0 && ratio <= 1) {
    warn(`DEADC ${found}: live time is taken as LIVETIME / ONTIME = ${ratio} of good time`);
    return ratio;
  }
  warn(`DEADC ${found}: live time is taken as all of the good time`);
  return 1;
}

async function plan(
  fits: FitsFile,
  table: BintableHdu,
  options: OpenEventListOptions,
): Promise<EventListPlan> {
  const { header } = table, warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const found = headerText(header, "HDUVERS"), version = versionOf(header);
  if (found !== version) {
    warn(`HDUVERS is ${found === "" ? "missing" : `"${found}"`}: read by the rules of ${version}`);
  }
  const time = timeReference(header, warn);
  const gtiTable = await findTable(fits, isGti, {
    from: table.index + 1,
    growing: options.growing,
  });
  let gti = gtiTable && await readGti(gtiTable, time, warn);
  const startS = (headerNumberOrNone(header, "TSTART") ?? -Infinity) * time.unitS;
  const stopS = (headerNumberOrNone(header, "TSTOP") ?? Infinity) * time.unitS;
  if (gti === undefined && !options.growing) {
    warn("There is no table of good time intervals");
    gti = undefined;
  }
  const pointing = isDrift(header) && version !== "0.2" ? undefined : pointingOf(header);
  return {
    format: "gadf",
    version,
    obsId: headerText(header, "OBS_ID"),
    instrument: [headerText(header, "TELESCOP"), headerText(header, "INSTRUME")]
      .filter((text, i, all) => text !== "" && all.indexOf(text) === i).join(" "),
    object: headerText(header, "OBJECT"),
    startS,
    stopS,
    gti,
    deadTimeFraction: 1 - liveFraction(header, warn),
    pointing,
    warnings,
    table,
    time,
    plans: planColumns(table, [...SKY_RULES, ...PHASE_RULES], {
      column: findColumn(table, "TIME"),
      reference: time,
    }),
  };
}

function versionOf(header: Header): "0.2" | "0.3" {
  return headerText(header, "HDUVERS") === "0.3" ? "0.3" : "0.2";
}

function faults(table: BintableHdu): Fault[] {
  const { header } = table, list: Fault[] = [];
  const add = (level: Fault["level"], keyword: string, problem: string) =>
    list.push({ level, source: header.file, hdu: table.index, keyword, problem });
  for (const name of COLUMNS) {
    const column = optionalColumn(table, name);
    if (column === undefined) add("error", name, "the column is missing");
    else if (!["EVENT_ID"].includes(name) && (column.unit ?? "") === "") {
      add("warning", name, "the column has no unit");
    }
  }
  const pointing = isDrift(header) ? ["ALT_PNT", "AZ_PNT"] : ["RA_PNT", "DEC_PNT"];
  for (const keyword of [...KEYWORDS, ...pointing]) {
    if (headerValue(header, keyword) === undefined) {
      add("error", keyword, "the keyword is missing");
    }
  }
  const version = headerText(header, "HDUVERS");
  if (version !== "" && version !== "0.2" && version !== "0.3") {
    add("warning", "HDUVERS", `found "${version}", expected 0.2 or 0.3`);
  }
  const hduclass = headerText(header, "HDUCLASS");
  if (hduclass !== "" && hduclass !== "GADF") {
    add("warning", "HDUCLASS", `found "${hduclass}", expected GADF`);
  }
  const deadc = headerNumberOrNone(header, "DEADC");
  if (deadc !== undefined && !(deadc >= 0 && deadc <= 1)) {
    add("error", "DEADC", `found ${deadc}, expected 0 to 1`);
  }
  return list;
}

const SHARED = { kind: "events", format: "gadf", plan, faults } as const;

/** GADF DL3 0.3. */
export const GADF_03: EventFormat = Object.freeze({
  ...SHARED,
  version: "0.3",
  recognises: (table: BintableHdu) => isGadf(table) && versionOf(table.header) === "0.3",
});

/** GADF DL3 0.2, and files of no or an odd version, which are read by its rules. */
export const GADF_02: EventFormat = Object.freeze({
  ...SHARED,
  version: "0.2",
  recognises: (table: BintableHdu) => isGadf(table) && versionOf(table.header) === "0.2",
});
