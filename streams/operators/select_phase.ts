import type { OperatorFunction } from "rxjs";
import { createHeartbeat, type StreamItem } from "../../src/data/mod.ts";
import { compact, requireColumn } from "../../src/events/mod.ts";
import { phaseFraction, type PhaseInterval, phaseIntervals } from "../../src/stats/mod.ts";
import { scratchIndices } from "./_scratch.ts";
import { lift, mapKernel } from "./kernel.ts";

/**
 * Keeps events whose phase is in one of the intervals, from <= φ < to, and scales the live time by
 * the fraction of a cycle that they cover. The other events are counted as `cut:phase`.
 *
 * @param intervals Pairs of phases in cycles; one that runs over 1 wraps: [0.9, 0.1].
 * @returns An operator that needs `phase`.
 * @throws RangeError for empty or overlapping intervals.
 * @example
 * ```ts
 * import { selectPhase } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(3), phase: Float64Array.of(0.05, 0.5, 0.95) });
 * of<StreamItem>(batch).pipe(selectPhase([[0.9, 0.1]])).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.length, 2);
 * });
 * ```
 */
export function selectPhase(
  intervals: readonly PhaseInterval[],
): OperatorFunction<StreamItem, StreamItem> {
  const normal = phaseIntervals(intervals), fraction = phaseFraction(intervals);
  const scaled = <Item extends { readonly deadTimeFraction: number }>(item: Item): Item =>
    Object.freeze({ ...item, deadTimeFraction: 1 - (1 - item.deadTimeFraction) * fraction });
  return lift(mapKernel({
    obsStart: scaled,
    obsEnd: (end) => end.gti === undefined ? end : scaled(end),
    heartbeat: ({ timeS, fromS, livetimeS }) => [
      createHeartbeat({ timeS, fromS, livetimeS: livetimeS * fraction }),
    ],
    batch(batch) {
      const phase = requireColumn(batch, "phase", "selectPhase");
      const chosen = scratchIndices(batch.length);
      let n = 0;
      for (let i = 0; i < batch.length; i++) {
        const x = phase[i]!;
        let inside = 0;
        for (let k = 0; k < normal.length; k++) {
          inside |= +(x >= normal[k]![0]) & +(x < normal[k]![1]);
        }
        chosen[n] = i;
        n += inside;
      }
      return compact(batch, chosen, n, "cut:phase");
    },
  }));
}
