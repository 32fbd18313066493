import {
  type BintableHdu,
  findColumn,
  type FitsFile,
  headerValue,
  optionalColumn,
} from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import type { Fault } from "../fault.ts";
import { type ColumnRule, PHASE_RULES, planColumns, SKY_RULES } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import {
  findTable,
  headerNumberOrNone,
  headerText,
  isGti,
  readGti,
  timeReference,
} from "./header_fits.ts";

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
  const { header } = table;
  const warnings = ["An FT1 file tells no dead time: live time is taken as all of the good time"];
  const warn = (text: string) => void warnings.push(text);
  const time = timeReference(header, warn);
  const gtiTable = await findTable(fits, isGti, {
    from: table.index + 1,
    growing: options.growing,
  });
  return {
    format: "fermi-ft1",
    version: headerText(header, "PASS_VER"),
    obsId: headerText(header, "OBS_ID"),
    instrument: "Fermi LAT",
    object: headerText(header, "OBJECT"),
    startS: (headerNumberOrNone(header, "TSTART") ?? -Infinity) * time.unitS,
    stopS: (headerNumberOrNone(header, "TSTOP") ?? Infinity) * time.unitS,
    gti: gtiTable && await readGti(gtiTable, time, warn),
    deadTimeFraction: 0,
    pointing: undefined,
    warnings,
    table,
    time,
    plans: planColumns(table, RULES, { column: findColumn(table, "TIME"), reference: time }),
  };
}

function faults(table: BintableHdu): Fault[] {
  const missing = (keyword: string, what: string): Fault => ({
    level: "error",
    source: table.header.file,
    hdu: table.index,
    keyword,
    problem: `the ${what} is missing`,
  });
  return [
    ...["TIME", "ENERGY", "RA", "DEC", "EVENT_CLASS", "CONVERSION_TYPE"]
      .filter((name) => optionalColumn(table, name) === undefined)
      .map((name) => missing(name, "column")),
    ...["TSTART", "TSTOP", "MJDREFI", "MJDREFF", "TIMESYS", "TIMEREF"]
      .filter((keyword) => headerValue(table.header, keyword) === undefined)
      .map((keyword) => missing(keyword, "keyword")),
  ];
}

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
  faults,
});
