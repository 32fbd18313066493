import type { OperatorFunction } from "rxjs";
import { createHeartbeat, type StreamItem } from "../../src/data/mod.ts";
import { compact, requireColumn } from "../../src/events/mod.ts";
import { phaseFraction, type PhaseInterval, phaseIntervals } from "../../src/stats/mod.ts";
import { scratchIndices } from "./_scratch.ts";
import { lift, mapKernel } from "./kernel.ts";
import { indicesInRange } from "./select_range.ts";

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
  const lows = Float64Array.from(normal, ([from]) => from);
  const highs = Float64Array.from(normal, ([, to]) => to);
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
      const n = lows.length === 1
        ? indicesInRange(phase, lows[0]!, highs[0]!, chosen)
        : indicesInRanges(phase, lows, highs, chosen);
      return compact(batch, chosen, n, "cut:phase");
    },
  }));
}

/** Indices of the values in one of several intervals that do not overlap. */
function indicesInRanges(
  values: Float64Array,
  lows: Float64Array,
  highs: Float64Array,
  chosen: Uint32Array,
): number {
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    let inside = 0;
    for (let k = 0; k < lows.length; k++) inside |= +(x >= lows[k]!) & +(x < highs[k]!);
    chosen[n] = i;
    n += inside;
  }
  return n;
}
