import { type BintableHdu, type FitsFile, type Header, optionalColumn } from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import { PHASE_RULES, SKY_RULES } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import { gadfFaults, type GadfVersion } from "./gadf_faults_fits.ts";
import { headerText, pointingOf } from "./header_fits.ts";
import { planOf } from "./plan_fits.ts";

/*
 * The open data format of ground-based gamma-ray astronomy, DL3, as H.E.S.S., MAGIC, VERITAS,
 * FACT, HAWC and CTA write it. Versions 0.2 and 0.3 differ for a reader in the meaning of
 * OBS_MODE = DRIFT alone: there the pointing is given in altitude and azimuth.
 */

/** Does the table look like GADF events, whatever its version? */
function isGadf(table: BintableHdu): boolean {
  const { header } = table;
  const isEvents = headerText(header, "HDUCLAS1").toUpperCase() === "EVENTS";
  if (isEvents && headerText(header, "HDUCLASS").toUpperCase() === "GADF") return true;
  return (isEvents || table.name.toUpperCase() === "EVENTS") &&
    ["TIME", "ENERGY", "RA", "DEC"].every((name) => optionalColumn(table, name) !== undefined);
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
  const frame = headerText(header, "RADECSYS") || headerText(header, "RADESYS");
  if (frame.toUpperCase().startsWith("FK4")) {
    warn(`RADECSYS is ${frame}: directions are taken as they stand, not precessed to J2000`);
  }
  const common = await planOf(fits, table, options, {
    format: "gadf",
    rules: [...SKY_RULES, ...PHASE_RULES],
    warnings,
  });
  const isDrift = headerText(header, "OBS_MODE").toUpperCase() === "DRIFT";
  const pointing = isDrift && version !== "0.2" ? undefined : pointingOf(header);
  return { ...common, version, pointing };
}

function versionOf(header: Header): GadfVersion {
  return headerText(header, "HDUVERS") === "0.3" ? "0.3" : "0.2";
}

const SHARED = { kind: "events", format: "gadf", plan } as const;

/** GADF DL3 0.3. */
export const GADF_03: EventFormat = Object.freeze({
  ...SHARED,
  version: "0.3",
  recognises: (table: BintableHdu) => isGadf(table) && versionOf(table.header) === "0.3",
  faults: (table: BintableHdu) => gadfFaults(table, "0.3"),
});

/** GADF DL3 0.2, and files of no or an odd version, which are read by its rules. */
export const GADF_02: EventFormat = Object.freeze({
  ...SHARED,
  version: "0.2",
  recognises: (table: BintableHdu) => isGadf(table) && versionOf(table.header) === "0.2",
  faults: (table: BintableHdu) => gadfFaults(table, "0.2"),
});
