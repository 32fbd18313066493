import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { type EventBatch, sliceBatch } from "../../src/events/mod.ts";
import { type Emit, type KernelRun, lift } from "./kernel.ts";

/** Rows of an observation that have come: disjoint stretches [start, stop), ascending. */
interface RowsSeen {
  stretches: (readonly [start: number, stop: number])[];
  hasStarted: boolean;
  hasEnded: boolean;
}

/** Observations that are remembered; of one that is whole that is a single stretch. */
const MOST_OBSERVATIONS = 4096;

/**
 * Leaves out what a stream gives a second time, as carriers do that deliver at least once: batches, or parts of
 * them, whose rows of the same observation have come already, and starts and ends that were told before. What is
 * given again is not counted again. Batches may come in any order. Each batch must name its observation and its
 * rows; a start that says `resumed` passes.
 *
 * @returns An operator over the items of a stream; it remembers the stretches of rows of the last 4096
 *   observations.
 * @throws RangeError, on the stream, where a part of a batch has come whose own rows cannot be told, because a
 *   selection has taken some.
 * @example
 * ```ts
 * import { dropRepeats } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { from } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: Float64Array.of(3, 5) }, { obsId: "1", rowStart: 0 });
 * let n = 0;
 * from([batch, batch]).pipe(dropRepeats()).subscribe(() => n++);
 * strictEqual(n, 1);
 * ```
 */
export function dropRepeats(): OperatorFunction<StreamItem, StreamItem> {
  return lift({
    start(): KernelRun {
      const seen = new Map<string, RowsSeen>();
      const of = (obsId: string): RowsSeen => {
        let rows = seen.get(obsId);
        if (rows === undefined) {
          rows = { stretches: [], hasStarted: false, hasEnded: false };
          seen.set(obsId, rows);
          if (seen.size > MOST_OBSERVATIONS) seen.delete(seen.keys().next().value!);
        }
        return rows;
      };
      return {
        push(item, emit) {
          if (item.kind === "heartbeat") return emit(item);
          const rows = of(item.obsId);
          if (item.kind === "batch") return pushNew(item, rows, emit);
          if (item.kind === "obs-start") {
            if (rows.hasStarted && !item.resumed) return;
            rows.hasStarted = true;
          } else {
            if (rows.hasEnded) return;
            rows.hasEnded = true;
          }
          emit(item);
        },
        flush: () => {},
      };
    },
  });
}

/** Emits the stretches of a batch that have not come, and remembers them. */
function pushNew(batch: EventBatch, rows: RowsSeen, emit: Emit): void {
  const { rowStart, rowStop } = batch;
  if (rowStart === rowStop) return emit(batch);
  const touching = rows.stretches.filter(([start, stop]) => start <= rowStop && stop >= rowStart);
  const missing: [number, number][] = [];
  let from = rowStart;
  for (const [start, stop] of touching) {
    if (start > from) missing.push([from, start]);
    from = Math.max(from, stop);
  }
  if (from < rowStop) missing.push([from, rowStop]);
  const isWhole = missing.length === 1 && missing[0]![0] === rowStart && missing[0]![1] === rowStop;
  if (isWhole) emit(batch);
  else for (const [start, stop] of missing) emit(partOf(batch, start, stop));
  const whole = [
    Math.min(rowStart, touching[0]?.[0] ?? rowStart),
    Math.max(rowStop, touching.at(-1)?.[1] ?? rowStop),
  ] as const;
  rows.stretches = [...rows.stretches.filter((one) => !touching.includes(one)), whole]
    .sort((a, b) => a[0] - b[0]);
}

function partOf(batch: EventBatch, start: number, stop: number): EventBatch {
  const { rowStart, rowStop, length, obsId } = batch;
  if (rowStop - rowStart === length) {
    return sliceBatch(batch, start - rowStart, stop - rowStart);
  }
  throw new RangeError(
    `Rows ${rowStart} to ${rowStop} of observation "${obsId}": only rows ${start} to ${stop} are new, and which ` +
      `of the ${length} events they are cannot be told; leave out repeats before selections`,
  );
}
