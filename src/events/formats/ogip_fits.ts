import {
  type BintableHdu,
  findColumn,
  type FitsFile,
  headerValue,
  optionalColumn,
} from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import type { Fault } from "../fault.ts";
import { type ColumnRule, PHASE_RULES, planColumns } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import {
  findTable,
  headerNumberOrNone,
  headerText,
  isGti,
  readGti,
  timeReference,
} from "./header_fits.ts";

/** A pulse-height channel stands for the energy; there is no direction. */
const RULES: readonly ColumnRule[] = [
  { name: "piChannel", from: ["PI", "PHA"], as: "int32" },
  ...PHASE_RULES,
];

async function plan(
  fits: FitsFile,
  table: BintableHdu,
  options: OpenEventListOptions,
): Promise<EventListPlan> {
  const { header } = table, warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const time = timeReference(header, warn);
  const gtiTable = await findTable(fits, isGti, {
    from: table.index + 1,
    growing: options.growing,
  });
  const hasPi = optionalColumn(table, "PI") !== undefined;
  if (!hasPi && optionalColumn(table, "PHA") !== undefined) {
    warn("There is no column PI: piChannel is the uncorrected channel PHA");
  }
  return {
    format: "ogip",
    version: headerText(header, "HDUVERS"),
    obsId: headerText(header, "OBS_ID"),
    instrument: [headerText(header, "TELESCOP"), headerText(header, "INSTRUME")].join(" ").trim(),
    object: headerText(header, "OBJECT"),
    startS: (headerNumberOrNone(header, "TSTART") ?? -Infinity) * time.unitS,
    stopS: (headerNumberOrNone(header, "TSTOP") ?? Infinity) * time.unitS,
    gti: gtiTable && await readGti(gtiTable, time, warn),
    deadTimeFraction: deadTime(header, warn),
    pointing: undefined,
    warnings,
    table,
    time,
    plans: planColumns(table, RULES, { column: findColumn(table, "TIME"), reference: time }),
  };
}

/** 1 − DEADC; without it all good time is live, and the user is told. */
function deadTime(header: BintableHdu["header"], warn: (text: string) => void): number {
  const deadc = headerNumberOrNone(header, "DEADC");
  if (deadc !== undefined && deadc > 0 && deadc <= 1) return 1 - deadc;
  warn("DEADC is missing: live time is taken as all of the good time");
  return 0;
}

function faults(table: BintableHdu): Fault[] {
  const missing = ["TSTART", "TSTOP", "TIMESYS", "TELESCOP", "INSTRUME"]
    .filter((keyword) => headerValue(table.header, keyword) === undefined);
  const { header } = table;
  return missing.map((keyword) => ({
    level: "error",
    source: header.file,
    hdu: table.index,
    keyword,
    problem: "the keyword is missing",
  }));
}

/**
 * Event files after the OGIP conventions, as NICER and RXTE write them: times and channels.
 *
 * @see OGIP memo OGIP/93-003, HEASARC
 */
export const OGIP_EVENTS: EventFormat = Object.freeze({
  kind: "events",
  format: "ogip",
  version: "",
  recognises: (table: BintableHdu) =>
    headerText(table.header, "HDUCLASS").toUpperCase() === "OGIP" &&
    headerText(table.header, "HDUCLAS1").toUpperCase().startsWith("EVENT") &&
    optionalColumn(table, "TIME") !== undefined,
  plan,
  faults,
});
