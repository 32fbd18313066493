import type { BintableHdu, FitsFile } from "../../fits/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import { type ColumnRule, planColumns } from "./columns_fits.ts";
import type { OpenEventListOptions } from "./event_format_fits.ts";
import {
  deadTimeFractionOf,
  findGti,
  headerText,
  instrumentOf,
  readGti,
  readTimeReference,
  spanOf,
} from "./header_fits.ts";

/** What a format has to say about its files. */
export interface FormatFacts {
  /** Name of the format. */
  readonly format: string;
  /** Columns that it knows. */
  readonly rules: readonly ColumnRule[];
  /** What is odd about the file so far; more is added. */
  readonly warnings: string[];
  /** Fraction of dead time where the format has no keyword for it. */
  readonly deadTimeFraction?: number;
}

/**
 * Reads what the headers of all formats share: time reference, good time intervals, observation, dead
 * time, columns. A format puts what it knows better over it.
 */
export async function planOf(
  fits: FitsFile,
  table: BintableHdu,
  options: OpenEventListOptions,
  facts: FormatFacts,
): Promise<EventListPlan> {
  const { header } = table, { format, rules, warnings } = facts;
  const warn = (text: string) => void warnings.push(text);
  const time = readTimeReference(header, { warn });
  const gtiTable = await findGti(fits, table, options.growing);
  if (gtiTable === undefined && !options.growing) {
    warn("There is no table of good time intervals");
  }
  return {
    format,
    version: headerText(header, "HDUVERS"),
    obsId: headerText(header, "OBS_ID"),
    instrument: instrumentOf(header),
    object: headerText(header, "OBJECT"),
    ...spanOf(header, time),
    gti: gtiTable && await readGti(gtiTable, { events: time, warn }),
    deadTimeFraction: facts.deadTimeFraction ?? deadTimeFractionOf(header, warn),
    pointing: undefined,
    warnings,
    table,
    time,
    plans: planColumns(table, rules, { reference: time, rename: options.rename }),
  };
}
