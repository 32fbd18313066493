import type { EventBatch } from "./event_batch.ts";
import type { EventEpoch, Gti } from "./gti.ts";

/** Where an observation looked. */
export interface Pointing {
  /** Right ascension ICRS of the pointing, deg. */
  readonly raDeg: number;
  /** Declination ICRS of the pointing, deg. */
  readonly decDeg: number;
}

/** A row that could not be used, and why. */
export interface BadRow {
  /** File or address. */
  readonly source: string;
  /** Row of the event table, from 0. */
  readonly row: number;
  /** The reason as it stands in the account: `bad:nan-time`. */
  readonly reason: string;
}

/** How events are read. */
export interface ReadEventsOptions {
  /** Times count from this instant; from the list's own epoch where left out. */
  readonly epoch?: EventEpoch | undefined;
  /** Columns to read beside `timeS`; all that the format knows where left out. */
  readonly columns?: readonly string[] | undefined;
  /** Takes the rows that could not be used; they are counted in any case. */
  readonly onBadRow?: ((row: BadRow) => void) | undefined;
}

/** An event list that is open: what its file says of itself, and its rows on request. */
export interface EventList {
  /** File or address. */
  readonly source: string;
  /** Place of the table of events in the file. */
  readonly hdu: number;
  /** Format that it was found to be: "gadf", "fermi-ft1", "ogip", "columnar". */
  readonly format: string;
  /** Version of the format; "" where it has none. */
  readonly version: string;
  /** Name of the observation; "" where the file has none. */
  readonly obsId: string;
  /** Telescope and instrument. */
  readonly instrument: string;
  /** Observed object; "" where the file names none. */
  readonly object: string;
  /** Instant from which the file's times count, with its clock offset. */
  readonly epoch: EventEpoch;
  /** Nominal start, seconds after the epoch; −∞ where the file does not say. */
  readonly startS: number;
  /** Nominal stop, seconds after the epoch; +∞ where the file does not say. */
  readonly stopS: number;
  /** Good time intervals; undefined where the file has none (yet). */
  readonly gti: Gti | undefined;
  /** Fraction of dead time, [0, 1). */
  readonly deadTimeFraction: number;
  /** Pointing; undefined where there is none. */
  readonly pointing: Pointing | undefined;
  /** Number of events that can be read now. */
  readonly nRows: number;
  /** Number of events that the file will have. */
  readonly nRowsAnnounced: number;
  /** Names under which columns can be read, `timeS` first. */
  readonly columns: readonly string[];
  /** What is odd about the file, in sentences. */
  readonly warnings: readonly string[];
  /**
   * Reads rows [rowStart, rowStop). Rows without a time are counted as `bad:nan-time`.
   * Throws RangeError for rows that are not there, TypeError for an unknown column.
   */
  readonly read: (
    rowStart: number,
    rowStop: number,
    options?: ReadEventsOptions,
  ) => Promise<EventBatch>;
  /** Closes the file. */
  readonly close: () => void;
}
