import { type BintableHdu, type FitsFile, optionalColumn } from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import { type ColumnRule, PHASE_RULES, SKY_RULES } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import { type ColumnSpec, tableFaults, TIME_KEYWORDS } from "./faults_fits.ts";
import { headerText } from "./header_fits.ts";
import { planOf } from "./plan_fits.ts";

/** LAT energies are in MeV where the file does not say. */
const RULES: readonly ColumnRule[] = [
  ...SKY_RULES.map((rule) => rule.name === "energyTeV" ? { ...rule, defaultUnit: "MeV" } : rule),
  ...PHASE_RULES,
];

async function plan(
  fits: FitsFile,
  table: BintableHdu,
  options: OpenEventListOptions,
): Promise<EventListPlan> {
  const common = await planOf(fits, table, options, {
    format: "fermi-ft1",
    rules: RULES,
    warnings: ["An FT1 file tells no dead time: live time is taken as all of the good time"],
    deadTimeFraction: 0,
  });
  return { ...common, version: headerText(table.header, "PASS_VER"), instrument: "Fermi LAT" };
}

/** Without energies or directions a file still serves for timing. */
const COLUMNS: readonly ColumnSpec[] = [
  { name: "TIME", types: "D", usable: "JK", unit: "s", missing: "error" },
  { name: "ENERGY", types: "ED", usable: "", unit: "MeV", missing: "warning" },
  { name: "RA", types: "ED", usable: "", unit: "deg", missing: "warning" },
  { name: "DEC", types: "ED", usable: "", unit: "deg", missing: "warning" },
];

/**
 * Fermi-LAT photon files (FT1), as they come or geo- and barycentred.
 *
 * @see https://fermi.gsfc.nasa.gov/ssc/data/analysis/documentation/Cicerone/Cicerone_Data/LAT_Data_Columns.html
 */
export const FERMI_FT1: EventFormat = Object.freeze({
  kind: "events",
  format: "fermi-ft1",
  version: "",
  recognises: (table: BintableHdu) =>
    headerText(table.header, "TELESCOP").toUpperCase() === "GLAST" &&
    table.name.toUpperCase() === "EVENTS" && optionalColumn(table, "TIME") !== undefined,
  plan,
  faults: (table: BintableHdu) => tableFaults(table, COLUMNS, TIME_KEYWORDS),
});
