import {
  createObsEnd,
  createObsStart,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import { type EventEpoch, type EventList, rebaseGti } from "../../src/events/mod.ts";
import { secondsBetween } from "../../src/time/mod.ts";
import type { SourceOptions, StreamSource } from "./source.ts";

/** Opens one observation. */
export type OpenObservation = () => Promise<EventList>;

const BATCH_ROWS = 65536;

/**
 * A source over event lists, one after the other: each is opened when its turn comes, and the next
 * meanwhile. The epoch of the stream is that of the first.
 *
 * @param openers One a list, in order; each may be called again to go on from a position.
 * @param options Columns, size of batches, who hears of oddities.
 * @returns The source; the first list was opened to learn the epoch.
 * @throws RangeError for no lists; what opening the first list throws.
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
  let first: EventList | undefined = await openers[0]!();
  const { source: name, epoch, startS, columns, pointing } = first;
  const openAt = async (index: number): Promise<EventList> => {
    if (index > 0 || first === undefined) return await openers[index]!();
    const list = first;
    first = undefined;
    return list;
  };
  const reading = (options: SourceOptions): StreamSource =>
    Object.freeze({
      name: openers.length === 1 ? name : `${name} and ${openers.length - 1} more`,
      epoch,
      startS,
      pointing,
      columns: options.columns === undefined
        ? columns
        : columns.filter((column) => column === "timeS" || options.columns!.includes(column)),
      withColumns: (names: readonly string[]) => reading({ ...options, columns: names }),
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
        }
      },
    });
  return reading(options);
}

/** What must be known to stream one observation. */
export interface ObservationRun {
  /** The stream's epoch. */
  readonly epoch: EventEpoch;
  /** Place of the observation in the source. */
  readonly index: number;
  /** Row to go on from, where its start was seen before. */
  readonly resume: number | undefined;
  /** Options of the source. */
  readonly options: SourceOptions;
}

/** The start of an observation as its file tells it. */
export function startOf(list: EventList, run: ObservationRun): StreamItem {
  if (list.epoch.scale !== run.epoch.scale) {
    throw new TypeError(
      `${list.source} has times in ${list.epoch.scale}, the stream in ${run.epoch.scale}: stream ` +
        `barycentred and local times apart`,
    );
  }
  const shiftS = secondsBetween<"TT" | "TDB">(run.epoch, list.epoch);
  return createObsStart({
    obsId: list.obsId,
    index: run.index,
    source: list.source,
    instrument: list.instrument,
    epoch: run.epoch,
    startS: list.startS + shiftS,
    stopS: list.stopS + shiftS,
    gti: list.gti && rebaseGti(list.gti, run.epoch),
    deadTimeFraction: list.deadTimeFraction,
    pointing: list.pointing,
    resumed: run.resume !== undefined,
  });
}

async function* observationItems(
  list: EventList,
  run: ObservationRun,
): AsyncGenerator<StreamItem> {
  const { epoch, options } = run, { batchRows = BATCH_ROWS, onBadRow } = options;
  if (run.resume === undefined) {
    for (const text of list.warnings) options.onWarning?.(`${list.source}: ${text}`);
  }
  yield startOf(list, run);
  const columns = options.columns?.filter((name) => list.columns.includes(name));
  for (let row = run.resume ?? 0; row < list.nRowsAnnounced; row += batchRows) {
    const stop = Math.min(row + batchRows, list.nRowsAnnounced);
    yield await list.read(row, stop, { epoch, columns, onBadRow });
  }
  yield createObsEnd(list.obsId);
}
