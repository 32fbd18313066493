import {
  createObsEnd,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import {
  type EventList,
  openEventList,
  type OpenEventListOptions,
  rebaseGti,
} from "../../src/events/mod.ts";
import { FitsFormatError, growingFileSource, openFits } from "../../src/fits/mod.ts";
import { startOf } from "./observations_source.ts";
import type { SourceOptions, StreamSource } from "./source.ts";

/** How a growing file is followed. */
export interface FollowOptions extends SourceOptions, OpenEventListOptions {
  /** Seconds between looks at the file, > 0; 0.2. */
  readonly pollS?: number;
  /**
   * Seconds without a new byte after which the file is taken for finished, or for broken where it
   * cannot be read; ∞: it is waited for as long as it takes.
   */
  readonly idleS?: number;
  /** Ends the stream between two looks. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A source over one event list that another program is writing. Rows are given out as they become
 * whole. The observation ends when all rows that its header announces and its good time intervals
 * are there; where the intervals stand behind the events, exposure comes with the end.
 *
 * @param path The file; it may be empty yet, or not be there.
 * @param options Columns, size of batches, how long to wait.
 * @returns The source; the file was waited for until its header could be read.
 * @throws FitsFormatError for a file that cannot be read and does not grow any more.
 * @example
 * ```ts
 * import { followFile } from "@gammarx/gammarx/sources";
 * import { rejects } from "node:assert/strict";
 * await rejects(followFile("no-such-file.fits", { pollS: 0.01, idleS: 0 }));
 * ```
 */
export async function followFile(path: string, options: FollowOptions = {}): Promise<StreamSource> {
  const { batchRows = 65536, signal } = options;
  const patience = waiting(path, options);
  const opened = async (): Promise<EventList> => {
    for (;;) {
      let fits;
      try {
        fits = await openFits(growingFileSource(path));
        return await openEventList(fits, { ...options, growing: true });
      } catch (error) {
        fits?.close();
        const mayStillCome = error instanceof FitsFormatError ||
          error instanceof Deno.errors.NotFound;
        if (!mayStillCome || !(await patience.wait())) throw error;
      }
    }
  };
  let first: EventList | undefined = await opened();
  const { epoch, startS, pointing, columns: known } = first;
  const reading = (options: FollowOptions): StreamSource =>
    Object.freeze({
      name: path,
      epoch,
      startS,
      pointing,
      columns: known,
      withColumns: (columns: readonly string[]) => reading({ ...options, columns }),
      async *items(from: SourcePosition = SOURCE_START): AsyncGenerator<StreamItem> {
        let list = first ?? await opened();
        first = undefined;
        try {
          const resume = from.begun ? from.row : undefined;
          const start = startOf(list, { epoch, index: 0, resume, options });
          const hadGti = list.gti !== undefined;
          if (resume === undefined) {
            for (const text of list.warnings) options.onWarning?.(`${path}: ${text}`);
          }
          yield start;
          const columns = options.columns?.filter((name) => list.columns.includes(name));
          for (let row = resume ?? 0;;) {
            while (row < list.nRows) {
              const stop = Math.min(row + batchRows, list.nRows);
              yield await list.read(row, stop, { epoch, columns, onBadRow: options.onBadRow });
              row = stop;
            }
            const isWhole = row >= list.nRowsAnnounced && list.gti !== undefined;
            if (isWhole || signal?.aborted || !(await patience.wait())) break;
            list.close();
            list = await opened();
          }
          yield createObsEnd(
            list.obsId,
            hadGti || list.gti === undefined ? undefined : {
              gti: rebaseGti(list.gti, epoch),
              deadTimeFraction: list.deadTimeFraction,
            },
          );
        } finally {
          list.close();
        }
      },
    });
  return reading(options);
}

/** Waits a look's time; false where the file has not grown for too long, or the signal came. */
function waiting(path: string, options: FollowOptions): { wait(): Promise<boolean> } {
  const { pollS = 0.2, idleS = Infinity, signal } = options;
  if (!(pollS > 0)) {
    throw new RangeError(`followFile: looks are more than 0 s apart, found ${pollS}`);
  }
  let size = -1, sinceMs = performance.now();
  return {
    async wait() {
      if (signal?.aborted) return false;
      const now = await sizeOf(path);
      if (now !== size) {
        size = now;
        sinceMs = performance.now();
      } else if (performance.now() - sinceMs >= idleS * 1000) return false;
      await new Promise((wake) => setTimeout(wake, pollS * 1000));
      return !signal?.aborted;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch {
    return 0;
  }
}
