import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { hTest, type PhaseSums, phaseSums } from "../../src/stats/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { compactFinite } from "./_finite_rows.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** How a pulse grows with time. */
export interface CumulativeTest {
  /** Times of which the rest speaks, seconds after the stream's epoch, n. */
  readonly timesS: Float64Array;
  /** Events before each time. */
  readonly events: Float64Array;
  /** H of the events before each time; NaN where there are none. */
  readonly h: Float64Array;
  /** The harmonic at which H stands; 0 where there are no events. */
  readonly harmonic: Uint8Array;
  /** ln p of H. */
  readonly logP: Float64Array;
  /** Events from the last time on. */
  readonly after: number;
  /** Events without a finite time and phase (and weight). */
  readonly outside: number;
}

/** Sums of {@link cumulativeTest}: one set an interval between two times. */
export interface CumulativeTestSums {
  /** Events. */
  readonly n: Float64Array;
  /** Σw. */
  readonly sumW: Float64Array;
  /** Σw². */
  readonly sumW2: Float64Array;
  /** C_k, interval by harmonic. */
  readonly cos: Float64Array;
  /** S_k, interval by harmonic. */
  readonly sin: Float64Array;
  /** Events without a time or phase. */
  outside: number;
}

/** When to tell, and of which sums. */
export interface CumulativeTestOptions {
  /** Times, seconds after the stream's epoch, ascending. */
  readonly timesS: ArrayLike<number>;
  /** Harmonics of H, 1 to 20; 20. */
  readonly maxHarmonic?: number | undefined;
  /** Weigh events by the column `weight`; false. */
  readonly weighted?: boolean | undefined;
}

/**
 * H of all events before each of a list of times: a source that pulses grows evenly, a fluctuation does not.
 * Sums are kept for each interval, so that events may come and parts may merge in any order.
 *
 * @param options Times, harmonics, weights.
 * @returns An accumulator that needs `phase`, and `weight` where weighted.
 * @throws RangeError for times that do not ascend, or harmonics outside 1 … 20.
 * @example
 * ```ts
 * import { cumulativeTest, fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual, ok } from "node:assert/strict";
 * const acc = cumulativeTest({ timesS: [10, 20] });
 * const timeS = Float64Array.from({ length: 20 }, (_, i) => i), phase = new Float64Array(20).fill(0.3);
 * const { events, h } = acc.result(fold(acc, [createEventBatch({ timeS, phase })]));
 * deepStrictEqual([...events], [10, 20]);
 * ok(h[1]! > h[0]!);
 * ```
 */
export function cumulativeTest(
  options: CumulativeTestOptions,
): Accumulator<StreamItem, Keyed<CumulativeTestSums>, CumulativeTest> {
  const { maxHarmonic: K = 20, weighted = false } = options;
  const timesS = Float64Array.from(options.timesS), rows = timesS.length + 1;
  if (rows < 2 || !timesS.every((t, i) => Number.isFinite(t) && (i === 0 || t > timesS[i - 1]!))) {
    throw new RangeError(
      `cumulativeTest: ${rows - 1} times: needs at least one, ascending and finite`,
    );
  }
  if (!(Number.isInteger(K) && K >= 1 && K <= 20)) {
    throw new RangeError(`cumulativeTest keeps 1 to 20 harmonics, found ${K}`);
  }
  /** The number of times that are not after t. */
  function rowOf(t: number): number {
    let low = 0, high = rows - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timesS[middle]! <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  /** Adds a run of events of one interval. */
  function addRun(state: CumulativeTestSums, row: number, phase: Float64Array, w?: Float64Array) {
    const view = (all: Float64Array) => all.subarray(row * K, (row + 1) * K);
    const into: PhaseSums = {
      n: state.n[row]!,
      sumW: state.sumW[row]!,
      sumW2: state.sumW2[row]!,
      maxHarmonic: K,
      cos: view(state.cos),
      sin: view(state.sin),
    };
    phaseSums(phase, { into, weights: w });
    state.n[row] = into.n;
    state.sumW[row] = into.sumW;
    state.sumW2[row] = into.sumW2;
  }
  return sumAccumulator({
    kind: "cumulative-test",
    version: 1,
    key: fingerprint({ timesS, maxHarmonic: K, weighted }),
    exactness: { kind: "rounding", rtol: 1e-11 },
    create: (): CumulativeTestSums => ({
      n: new Float64Array(rows),
      sumW: new Float64Array(rows),
      sumW2: new Float64Array(rows),
      cos: new Float64Array(rows * K),
      sin: new Float64Array(rows * K),
      outside: 0,
    }),
    add(state: CumulativeTestSums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      requireColumn(item, "phase", "cumulativeTest");
      if (weighted) requireColumn(item, "weight", "cumulativeTest");
      const used = compactFinite(
        item,
        weighted ? ["timeS", "phase", "weight"] : ["timeS", "phase"],
      );
      const { timeS, phase, weight } = used.columns;
      state.outside += item.length - used.length;
      for (let from = 0; from < used.length;) {
        const row = rowOf(timeS[from]!);
        const low = row === 0 ? -Infinity : timesS[row - 1]!;
        const high = row === rows - 1 ? Infinity : timesS[row]!;
        let to = from + 1;
        while (to < used.length && timeS[to]! >= low && timeS[to]! < high) to++;
        addRun(
          state,
          row,
          phase!.subarray(from, to),
          weighted ? weight!.subarray(from, to) : undefined,
        );
        from = to;
      }
    },
    result(state: CumulativeTestSums): CumulativeTest {
      const n = rows - 1, column = () => new Float64Array(n), h = column(), logP = column();
      const harmonic = new Uint8Array(n), events = column();
      const sums = {
        n: 0,
        sumW: 0,
        sumW2: 0,
        maxHarmonic: K,
        cos: new Float64Array(K),
        sin: new Float64Array(K),
      };
      for (let row = 0; row < n; row++) {
        sums.n += state.n[row]!;
        sums.sumW += state.sumW[row]!;
        sums.sumW2 += state.sumW2[row]!;
        for (let k = 0; k < K; k++) {
          sums.cos[k] = sums.cos[k]! + state.cos[row * K + k]!;
          sums.sin[k] = sums.sin[k]! + state.sin[row * K + k]!;
        }
        const found = hTest(sums, { maxHarmonic: K });
        events[row] = sums.n;
        h[row] = found.h;
        harmonic[row] = found.harmonic;
        logP[row] = found.logP;
      }
      const timesCopy = timesS.slice(), { outside } = state;
      return { timesS: timesCopy, events, h, harmonic, logP, after: state.n[n]!, outside };
    },
  });
}
