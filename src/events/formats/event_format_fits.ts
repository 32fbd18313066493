import type { BintableHdu, FitsFile } from "../../fits/mod.ts";
import type { RegistryEntry } from "../../registry/mod.ts";
import type { EventListPlan } from "../event_list_fits.ts";
import type { Fault } from "../fault.ts";

/** What the user says about a table whose format says nothing. */
export interface ColumnarOptions {
  /** Name or index of the HDU of the table; the first binary table where left out. */
  readonly hdu?: string | number;
  /** Name in the batch → name in the file; `timeS` must be among them. */
  readonly columns: Readonly<Record<string, string>>;
}

/** How an event list is opened. */
export interface OpenEventListOptions {
  /** Format to take it for; found from the file where left out. */
  readonly format?: string | undefined;
  /** Columns of a plain table ("columnar"). */
  readonly columnar?: ColumnarOptions | undefined;
  /**
   * Name in the batch → name in the file, for columns that the format does not know or takes for
   * something else: `{ weight: "PSRJ0030+0451" }`.
   */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** True for a file that is still being written: what is missing at its end is no fault. */
  readonly growing?: boolean | undefined;
}

/** A format of event lists: an entry of the registry that answers for itself. */
export interface EventFormat extends RegistryEntry {
  /** Always "events". */
  readonly kind: "events";
  /** Is this table an event list of this format and version? */
  readonly recognises: (table: BintableHdu) => boolean;
  /** Reads what the file says of itself. */
  readonly plan: (
    fits: FitsFile,
    table: BintableHdu,
    options: OpenEventListOptions,
  ) => Promise<EventListPlan>;
  /** What the table lacks of what the specification demands. */
  readonly faults: (table: BintableHdu) => Fault[];
}
