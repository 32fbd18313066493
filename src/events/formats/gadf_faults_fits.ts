import type { BintableHdu, Header } from "../../fits/mod.ts";
import type { Fault } from "../fault.ts";
import {
  checkColumns,
  checkKeywords,
  type ColumnSpec,
  faultList,
  type KeywordRule,
} from "./faults_fits.ts";
import { headerNumberOrNone, headerText } from "./header_fits.ts";

/** Versions that have rules of their own. */
export type GadfVersion = "0.2" | "0.3";

const COLUMNS: readonly ColumnSpec[] = [
  { name: "EVENT_ID", types: "BIJK", usable: "ED", missing: "warning" },
  { name: "TIME", types: "D", usable: "JK", unit: "s", missing: "error" },
  { name: "RA", types: "ED", usable: "IJK", unit: "deg", missing: "error" },
  { name: "DEC", types: "ED", usable: "IJK", unit: "deg", missing: "error" },
  { name: "ENERGY", types: "ED", usable: "IJK", unit: "TeV", missing: "error" },
];

const OF_FORMAT: readonly KeywordRule[] = [
  { keyword: "HDUCLASS", type: "text", missing: "warning", allowed: ["GADF"] },
  { keyword: "HDUDOC", type: "text", missing: "warning" },
  { keyword: "HDUVERS", type: "text", missing: "warning", allowed: ["0.2", "0.3"] },
];

const OF_TIME: readonly KeywordRule[] = [
  { keyword: "MJDREFI", type: "number", missing: "error" },
  { keyword: "MJDREFF", type: "number", missing: "error" },
  { keyword: "TIMESYS", type: "text", missing: "error" },
  { keyword: "TIMEUNIT", type: "text", missing: "warning" },
  { keyword: "TIMEREF", type: "text", missing: "warning" },
];

const OF_OBSERVATION: readonly KeywordRule[] = [
  { keyword: "HDUCLAS1", type: "text", missing: "warning", allowed: ["EVENTS"] },
  { keyword: "OBS_ID", type: "number or text", missing: "warning" },
  { keyword: "TSTART", type: "number", missing: "error" },
  { keyword: "TSTOP", type: "number", missing: "error" },
  { keyword: "ONTIME", type: "number", missing: "warning" },
  { keyword: "LIVETIME", type: "number", missing: "warning" },
  { keyword: "DEADC", type: "number", missing: "error" },
  { keyword: "EQUINOX", type: "number", missing: "warning" },
  { keyword: "RADECSYS", type: "text", missing: "warning", allowed: ["ICRS", "FK5"] },
  { keyword: "ORIGIN", type: "text", missing: "warning" },
  { keyword: "TELESCOP", type: "text", missing: "warning" },
  { keyword: "INSTRUME", type: "text", missing: "warning" },
  { keyword: "CREATOR", type: "text", missing: "warning" },
  { keyword: "GEOLON", type: "number", missing: "warning" },
  { keyword: "GEOLAT", type: "number", missing: "warning" },
  { keyword: "ALTITUDE", type: "number", missing: "warning" },
];

const POINTED: readonly KeywordRule[] = [
  { keyword: "RA_PNT", type: "number", missing: "error" },
  { keyword: "DEC_PNT", type: "number", missing: "error" },
];

/** New in 0.3: the mode is mandatory, and in a drift scan the pointing is horizontal. */
const OBS_MODE: KeywordRule = {
  keyword: "OBS_MODE",
  type: "text",
  missing: "warning",
  allowed: ["POINTING", "RASTER", "SLEW", "SCAN", "DRIFT"],
};
const DRIFTING: readonly KeywordRule[] = [
  { keyword: "ALT_PNT", type: "number", missing: "warning" },
  { keyword: "AZ_PNT", type: "number", missing: "warning" },
];

/**
 * What an EVENTS table lacks of what its version demands. An error is what events cannot be used
 * without; what only describes them is a warning.
 *
 * @see GADF 0.2 and 0.3, section EVENTS, mandatory columns and mandatory header keywords
 */
export function gadfFaults(table: BintableHdu, version: GadfVersion): Fault[] {
  const { header } = table, faults = faultList(table);
  checkColumns(table, COLUMNS, faults);
  checkKeywords(table, [...OF_FORMAT, ...timeRules(header), ...OF_OBSERVATION], faults);
  if (version === "0.3") checkKeywords(table, [OBS_MODE], faults);
  const isDrift = headerText(header, "OBS_MODE").toUpperCase() === "DRIFT";
  checkKeywords(table, isDrift ? (version === "0.3" ? DRIFTING : []) : POINTED, faults);
  const decDeg = headerNumberOrNone(header, "DEC_PNT");
  if (decDeg !== undefined && !(Math.abs(decDeg) <= 90)) {
    faults.add("error", "DEC_PNT", `found ${decDeg}, expected -90 to 90 deg`);
  }
  const equinox = headerNumberOrNone(header, "EQUINOX");
  if (equinox !== undefined && equinox !== 2000) {
    faults.add("error", "EQUINOX", `found ${equinox}, expected 2000`);
  }
  return faults.list;
}

/** Times can be used as well where MJDREF stands in place of its two parts. */
function timeRules(header: Header): readonly KeywordRule[] {
  if (headerNumberOrNone(header, "MJDREF") === undefined) return OF_TIME;
  return OF_TIME.map((rule) =>
    rule.keyword.startsWith("MJDREF") ? { ...rule, missing: "warning" } : rule
  );
}

/**
 * What a GTI table lacks of what GADF demands; its times are those of the events where it has no
 * reference of its own.
 *
 * @see GADF 0.2 and 0.3, section GTI
 */
export function gadfGtiFaults(table: BintableHdu): Fault[] {
  const faults = faultList(table);
  checkKeywords(table, OF_TIME.map((rule) => ({ ...rule, missing: "warning" })), faults);
  return faults.list;
}
