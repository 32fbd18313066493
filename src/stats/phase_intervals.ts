/** An interval of phase [from, to) in cycles. */
export type PhaseInterval = readonly [from: number, to: number];

/**
 * Phase intervals brought into [0, 1], in the given order; one that runs over phase 1 is cut in two:
 * (0.9, 0.1), (-0.1, 0.1) and (0.9, 1.1) all give [0.9, 1] and [0, 0.1].
 *
 * @param intervals pairs of phases in cycles, each less than or equal to one cycle wide
 * @returns intervals with 0 ≤ from < to ≤ 1, owned by the caller
 * @throws RangeError for empty or overlapping intervals, and for more than one cycle
 * @example
 * ```ts
 * import { phaseIntervals } from "@gammarx/gammarx/stats";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(phaseIntervals([[0.75, 0.25]]), [[0.75, 1], [0, 0.25]]);
 * ```
 */
export function phaseIntervals(intervals: readonly PhaseInterval[]): PhaseInterval[] {
  const out: PhaseInterval[] = [];
  for (const [from, to] of intervals) {
    if (!(Number.isFinite(from) && Number.isFinite(to)) || from === to || Math.abs(to - from) > 1) {
      throw new RangeError(
        `Phase interval [${from}, ${to}]: needs two different finite phases at most 1 apart`,
      );
    }
    let start = from - Math.floor(from), end = to - Math.floor(from);
    if (start === 1) {
      // a phase below 0 by less than a rounding
      start = 0;
      end -= 1;
    }
    if (end < 0) end += 1;
    if (end < start) {
      // [0.9, 0.1] ends at 0.1 to the last bit, not at 1.1 - 1
      out.push([start, 1]);
      if (end > 0) out.push([0, end]);
    } else if (end <= 1) out.push([start, end]);
    else out.push([start, 1], [0, end - 1]);
  }
  const sorted = out.toSorted((a, b) => a[0] - b[0]);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i]![0] < sorted[i - 1]![1] - 1e-12) {
      throw new RangeError(
        `Phase intervals [${sorted[i - 1]}] and [${sorted[i]}] overlap; events would count twice`,
      );
    }
  }
  return out;
}

/**
 * Fraction of a cycle inside phase intervals: their acceptance.
 *
 * @param intervals as for `phaseIntervals`
 * @returns sum of widths, in (0, 1]
 * @throws RangeError as `phaseIntervals`
 * @example
 * ```ts
 * import { phaseFraction } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(phaseFraction([[0.75, 0.25]]), 0.5);
 * ```
 */
export function phaseFraction(intervals: readonly PhaseInterval[]): number {
  let sum = 0;
  for (const [from, to] of phaseIntervals(intervals)) sum += to - from;
  return sum;
}
