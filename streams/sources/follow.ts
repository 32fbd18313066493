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
import { batchRowsOf, columnsGiven, type SourceOptions, type StreamSource } from "./source.ts";
import { startOf } from "./_start_of.ts";

/** How a growing file is followed. */
export interface FollowOptions extends SourceOptions, OpenEventListOptions {
  /** Seconds between looks at the file, > 0; 0.2. */
  readonly pollS?: number | undefined;
  /**
   * Seconds without a new byte, 0 or more, after which the file is no longer waited for, whole or
   * not; ∞: it is waited for as long as it takes.
   */
  readonly idleS?: number | undefined;
  /** Ends the stream between two looks. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A source over one event list that another program is writing. Rows are given out as they become
 * whole. The observation ends when all rows that its header announces and its good time intervals
 * are there. Exposure always comes with the end, wherever the intervals stand in the file, so that
 * a stream that is taken up again meanwhile counts it once. A stream that is given up before (by
 * `idleS` or `signal`) has no end of the observation, and can be taken up where it stood.
 *
 * @param path The file; it may be empty yet, or not be there.
 * @param options Columns, size of batches, how long to wait.
 * @returns The source; the file was waited for until its header could be read.
 * @throws FitsFormatError for a file that cannot be read and does not grow any more; the signal's
 *   reason where it came before the header; RangeError for a pause or batch that is not positive.
 * @example
 * ```ts
 * import { followFile } from "@gammarx/gammarx/sources";
 * import { rejects } from "node:assert/strict";
 * await rejects(followFile("no-such-file.fits", { pollS: 0.01, idleS: 0 }));
 * ```
 */
export async function followFile(path: string, options: FollowOptions = {}): Promise<StreamSource> {
  const { signal } = options, batchRows = batchRowsOf(options);
  const patience = patienceWith(path, options);
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
        if (!mayStillCome || !(await patience.wait())) {
          throw signal?.aborted ? signal.reason : error;
        }
      }
    }
  };
  let first: EventList | undefined = await opened();
  const { epoch, startS, pointing, columns } = first;
  const close = () => {
    first?.close();
    first = undefined;
  };
  const reading = (options: FollowOptions): StreamSource =>
    Object.freeze({
      name: path,
      epoch,
      startS,
      pointing,
      columns: columnsGiven(columns, options.columns),
      withColumns: (names: readonly string[]) => reading({ ...options, columns: names }),
      close,
      async *items(from: SourcePosition = SOURCE_START): AsyncGenerator<StreamItem> {
        if (from.index > 0) return; // it ended in an earlier run
        let list = first ?? await opened();
        first = undefined;
        try {
          if (!from.begun) {
            for (const text of list.warnings) options.onWarning?.(`${path}: ${text}`);
          }
          yield startOf(list, { epoch, index: 0, resumed: from.begun, gti: undefined });
          const columns = columnsGiven(list.columns, options.columns);
          for (let row = from.row;;) {
            while (row < list.nRows) {
              const stop = Math.min(row + batchRows, list.nRows);
              yield await list.read(row, stop, { epoch, columns, onBadRow: options.onBadRow });
              row = stop;
            }
            if (isWhole(list)) break;
            if (!(await patience.wait())) {
              if (!signal?.aborted) options.onWarning?.(givenUp(list));
              return;
            }
            list.close();
            try {
              list = await opened();
            } catch (error) {
              if (signal?.aborted) return;
              throw error;
            }
            if (list.nRows < row) {
              throw new FitsFormatError(
                `found ${list.nRows} rows where ${row} were read before: the file was replaced`,
                { file: path },
              );
            }
          }
          const { obsId, gti, deadTimeFraction } = list;
          yield createObsEnd(obsId, { gti: rebaseGti(gti!, epoch), deadTimeFraction });
        } finally {
          list.close();
        }
      },
    });
  return reading(options);
}

function isWhole(list: EventList): boolean {
  return list.nRows >= list.nRowsAnnounced && list.gti !== undefined;
}

function givenUp({ source, nRows, nRowsAnnounced, gti }: EventList): string {
  const missing = gti === undefined ? ", no good time intervals" : "";
  return `${source}: no longer waited for: ${nRows} of ${nRowsAnnounced} rows${missing}`;
}

/** Waits a look's time; false where the file has not grown for too long, or the signal came. */
function patienceWith(path: string, options: FollowOptions): { wait(): Promise<boolean> } {
  const { pollS = 0.2, idleS = Infinity, signal } = options;
  if (!(pollS > 0)) {
    throw new RangeError(`followFile: looks are more than 0 s apart, found pollS = ${pollS}`);
  }
  if (!(idleS >= 0)) {
    throw new RangeError(`followFile: waits 0 s or more for a new byte, found idleS = ${idleS}`);
  }
  let size = -1, sinceMs = performance.now();
  return {
    async wait() {
      if (signal?.aborted) return false;
      const now = sizeOf(path);
      if (now !== size) {
        size = now;
        sinceMs = performance.now();
      } else if (performance.now() - sinceMs >= idleS * 1000) return false;
      await pause(pollS * 1000, signal);
      return !signal?.aborted;
    },
  };
}

/** Waits, or until the signal comes. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((wake) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      wake();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}
