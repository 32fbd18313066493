import { type BintableHdu, type FitsFile, optionalColumn } from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import type { Fault } from "../fault.ts";
import { type ColumnRule, PHASE_RULES, planColumns } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import {
  checkColumns,
  checkKeywords,
  type ColumnSpec,
  faultList,
  type KeywordRule,
} from "./faults_fits.ts";
import {
  deadTimeFractionOf,
  findGti,
  headerText,
  instrumentOf,
  readGti,
  spanOf,
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
  const gtiTable = await findGti(fits, table, options.growing);
  const hasPi = optionalColumn(table, "PI") !== undefined;
  if (!hasPi && optionalColumn(table, "PHA") !== undefined) {
    warn("There is no column PI: piChannel is the uncorrected channel PHA");
  }
  return {
    format: "ogip",
    version: headerText(header, "HDUVERS"),
    obsId: headerText(header, "OBS_ID"),
    instrument: instrumentOf(header),
    object: headerText(header, "OBJECT"),
    ...spanOf(header, time),
    gti: gtiTable && await readGti(gtiTable, time, warn),
    deadTimeFraction: deadTimeFractionOf(header, warn),
    pointing: undefined,
    warnings,
    table,
    time,
    plans: planColumns(table, RULES, { reference: time, rename: options.rename }),
  };
}

const COLUMNS: readonly ColumnSpec[] = [
  { name: "TIME", types: "D", usable: "JK", unit: "s", missing: "error" },
];

const KEYWORDS: readonly KeywordRule[] = [
  { keyword: "TELESCOP", type: "text", missing: "warning" },
  { keyword: "INSTRUME", type: "text", missing: "warning" },
  { keyword: "TSTART", type: "number", missing: "error" },
  { keyword: "TSTOP", type: "number", missing: "error" },
  { keyword: "TIMESYS", type: "text", missing: "error" },
  { keyword: "TIMEREF", type: "text", missing: "warning" },
  { keyword: "TIMEUNIT", type: "text", missing: "warning" },
];

function faults(table: BintableHdu): Fault[] {
  const found = faultList(table);
  checkColumns(table, COLUMNS, found);
  checkKeywords(table, KEYWORDS, found);
  return found.list;
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
