import {
  createObsEnd,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import type { EventEpoch, EventList } from "../../src/events/mod.ts";
import { batchRowsOf, columnsGiven, type SourceOptions, type StreamSource } from "./source.ts";
import { startOf } from "./_start_of.ts";

/** Opens one observation. */
export type OpenObservation = () => Promise<EventList>;

/**
 * A source over event lists, one after the other: each is opened when its turn comes, and the next
 * meanwhile. The epoch of the stream is that of the first.
 *
 * @param openers One a list, in order; each may be called again to go on from a position.
 * @param options Columns, size of batches, who hears of oddities.
 * @returns The source; the first list was opened to learn the epoch.
 * @throws RangeError for no lists or batches of no rows; what opening the first list throws.
 * @example
 * ```ts
 * import { observationsSource } from "@gammarx/gammarx/sources";
 * import { rejects } from "node:assert/strict";
 * await rejects(observationsSource([]), /no event list/);
 * ```
 */
export async function observationsSource(
  openers: readonly OpenObservation[],
  options: SourceOptions = {},
): Promise<StreamSource> {
  if (openers.length === 0) throw new RangeError("There is no event list to stream");
  batchRowsOf(options);
  let first: EventList | undefined = await openers[0]!();
  const { source: name, epoch, startS, columns, pointing } = first;
  const openAt = async (index: number): Promise<EventList> => {
    if (index > 0 || first === undefined) return await openers[index]!();
    const list = first;
    first = undefined;
    return list;
  };
  const close = () => {
    first?.close();
    first = undefined;
  };
  const reading = (options: SourceOptions): StreamSource =>
    Object.freeze({
      name: openers.length === 1 ? name : `${name} and ${openers.length - 1} more`,
      epoch,
      startS,
      pointing,
      columns: columnsGiven(columns, options.columns),
      withColumns: (names: readonly string[]) => reading({ ...options, columns: names }),
      close,
      async *items(from: SourcePosition = SOURCE_START): AsyncGenerator<StreamItem> {
        let next: Promise<EventList> | undefined;
        try {
          for (let index = from.index; index < openers.length; index++) {
            const list = await (next ?? openAt(index));
            next = index + 1 < openers.length ? openAt(index + 1) : undefined;
            next?.catch(() => {}); // thrown when its turn comes
            try {
              const resume = index === from.index && from.begun ? from.row : undefined;
              yield* observationItems(list, { epoch, index, resume, options });
            } finally {
              list.close();
            }
          }
        } finally {
          next?.then((list) => list.close(), () => {});
          close();
        }
      },
    });
  return reading(options);
}

async function* observationItems(
  list: EventList,
  run: {
    readonly epoch: EventEpoch;
    readonly index: number;
    /** Row to go on from, where the start was seen before. */
    readonly resume: number | undefined;
    readonly options: SourceOptions;
  },
): AsyncGenerator<StreamItem> {
  const { epoch, index, options } = run, { onBadRow } = options, batchRows = batchRowsOf(options);
  const resumed = run.resume !== undefined;
  if (!resumed) {
    for (const text of list.warnings) options.onWarning?.(`${list.source}: ${text}`);
  }
  yield startOf(list, { epoch, index, resumed, gti: list.gti });
  const columns = columnsGiven(list.columns, options.columns);
  for (let row = run.resume ?? 0; row < list.nRowsAnnounced; row += batchRows) {
    const stop = Math.min(row + batchRows, list.nRowsAnnounced);
    yield await list.read(row, stop, { epoch, columns, onBadRow });
  }
  yield createObsEnd(list.obsId);
}
