import { asBintable, type BintableHdu, type FitsFile } from "../../fits/mod.ts";
import { createEpoch } from "../../time/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import { type ColumnRule, PHASE_RULES, planColumns, SKY_RULES } from "./columns_fits.ts";
import type { EventFormat, OpenEventListOptions } from "./event_format_fits.ts";
import {
  deadTimeFractionOf,
  findGti,
  findTable,
  headerText,
  instrumentOf,
  pointingOf,
  readGti,
  readTimeReference,
  spanOf,
  type TimeReference,
} from "./header_fits.ts";

/** Columns by the names of batches: the user says which column of the table each is. */
const KNOWN: readonly ColumnRule[] = [
  ...SKY_RULES,
  ...PHASE_RULES,
  { name: "piChannel", from: [], as: "int32" as const },
].map((rule) => ({ ...rule, from: [] }));

/** The table that the user named, or the first one. */
export async function columnarTable(
  fits: FitsFile,
  options: OpenEventListOptions,
): Promise<BintableHdu | undefined> {
  const named = options.columnar?.hdu;
  return named === undefined
    ? await findTable(fits, () => true)
    : asBintable(await fits.hdu(named));
}

/** The reference time of the header, or MJD 51544.0 TT where it has none, as the user is told. */
function referenceOf(table: BintableHdu, warn: (text: string) => void): TimeReference {
  const { header } = table;
  const has = ["MJDREFI", "MJDREF"].some((key) => headerText(header, key) !== "");
  if (has) return readTimeReference(header, { warn });
  warn("The table has no reference time: seconds are counted from 2000-01-01 (MJD 51544, TT)");
  return { epoch: createEpoch([51544, 0], "TT"), scale: "TT", unitS: 1, zeroS: 0 };
}

async function plan(
  fits: FitsFile,
  table: BintableHdu,
  options: OpenEventListOptions,
): Promise<EventListPlan> {
  const names = { ...options.columnar?.columns, ...options.rename };
  if (names["timeS"] === undefined) {
    throw new TypeError(
      `${fits.name}: a plain table needs the names of its columns, at least that of timeS`,
    );
  }
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const time = referenceOf(table, warn);
  const gtiTable = await findGti(fits, table, options.growing);
  return {
    format: "columnar",
    version: "",
    obsId: headerText(table.header, "OBS_ID"),
    instrument: instrumentOf(table.header),
    object: headerText(table.header, "OBJECT"),
    ...spanOf(table.header, time),
    gti: gtiTable && await readGti(gtiTable, { events: time, warn }),
    deadTimeFraction: deadTimeFractionOf(table.header, warn),
    pointing: pointingOf(table.header),
    warnings,
    table,
    time,
    plans: planColumns(table, KNOWN, { reference: time, rename: names }),
  };
}

/** A plain table whose columns the user names. It is never taken by itself. */
export const COLUMNAR: EventFormat = Object.freeze({
  kind: "events",
  format: "columnar",
  version: "",
  recognises: () => false,
  plan,
  faults: () => [],
});
