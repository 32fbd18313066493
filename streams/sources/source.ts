import type { SourcePosition, StreamItem } from "../../src/data/mod.ts";
import type { BadRow, EventEpoch, Pointing } from "../../src/events/mod.ts";

/** Where a stream comes from. It is pulled: nothing is read before it is asked for. */
export interface StreamSource {
  /** What it is called in messages. */
  readonly name: string;
  /** The stream's epoch: all times of all items count from it. */
  readonly epoch: EventEpoch;
  /** Start of the first observation, seconds after the epoch; −∞ where it is not known. */
  readonly startS: number;
  /** Pointing of the first observation; undefined where there is none. */
  readonly pointing: Pointing | undefined;
  /** Columns of the events that can be expected; undefined where the source cannot tell. */
  readonly columns: readonly string[] | undefined;
  /** The same source reading only these columns (and `timeS`), where it can leave others out. */
  readonly withColumns: (columns: readonly string[]) => StreamSource;
  /** The items, from the beginning or from a position that an earlier run had reached. */
  readonly items: (from?: SourcePosition) => AsyncIterable<StreamItem>;
  /**
   * Frees what was opened to learn the epoch and was not streamed; closing twice is harmless. A
   * source whose items were pulled to their end has nothing left to free.
   */
  readonly close: () => void;
}

/** What every source of files may be told. */
export interface SourceOptions {
  /** Columns to read beside `timeS`; all where left out. */
  readonly columns?: readonly string[] | undefined;
  /** Events a batch, 1 or more; 65536. */
  readonly batchRows?: number | undefined;
  /** Takes a sentence about what is odd in a file. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Takes each row that could not be used; they are counted in any case. */
  readonly onBadRow?: ((row: BadRow) => void) | undefined;
}

/** Events a batch where nothing else is asked for. */
export const BATCH_ROWS = 65536;

/** Events a batch as asked for; throws RangeError for less than one. */
export function batchRowsOf(options: Pick<SourceOptions, "batchRows">): number {
  const { batchRows = BATCH_ROWS } = options;
  if (Number.isSafeInteger(batchRows) && batchRows > 0) return batchRows;
  throw new RangeError(`A batch has 1 event or more, found batchRows = ${batchRows}`);
}

/** Columns that a source gives out of those that it has. */
export function columnsGiven(
  there: readonly string[],
  asked: readonly string[] | undefined,
): readonly string[] {
  if (asked === undefined) return there;
  return there.filter((column) => column === "timeS" || asked.includes(column));
}
