import { type BintableHdu, type FitsFile, optionalColumn } from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import { type ColumnRule, PHASE_RULES } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import { type ColumnSpec, type KeywordRule, tableFaults, TIME_KEYWORDS } from "./faults_fits.ts";
import { headerText } from "./header_fits.ts";
import { planOf } from "./plan_fits.ts";

/** A pulse-height channel stands for the energy; there is no direction. */
const RULES: readonly ColumnRule[] = [
  { name: "piChannel", from: ["PI", "PHA"], as: "int32" },
  ...PHASE_RULES,
];

function plan(
  fits: FitsFile,
  table: BintableHdu,
  options: OpenEventListOptions,
): Promise<EventListPlan> {
  const has = (name: string) => optionalColumn(table, name) !== undefined;
  const warnings = !has("PI") && has("PHA")
    ? ["There is no column PI: piChannel is the uncorrected channel PHA"]
    : [];
  return planOf(fits, table, options, { format: "ogip", rules: RULES, warnings });
}

const COLUMNS: readonly ColumnSpec[] = [
  { name: "TIME", types: "D", usable: "JK", unit: "s", missing: "error" },
];

const KEYWORDS: readonly KeywordRule[] = [
  { keyword: "TELESCOP", type: "text", missing: "warning" },
  { keyword: "INSTRUME", type: "text", missing: "warning" },
  ...TIME_KEYWORDS,
];

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
  faults: (table: BintableHdu) => tableFaults(table, COLUMNS, KEYWORDS),
});
