import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import {
  addDifferences,
  createDifferencePlan,
  type DifferenceOptions,
  type DifferencePlan,
  type DifferenceSums,
  type WindowEvents,
} from "../../src/stats/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";

/** Which differences of times to keep. */
export interface TimeDifferencesOptions extends DifferenceOptions {
  /** Weigh pairs by the product of the column `weight`; false. */
  readonly weighted?: boolean | undefined;
}

/** Differences of times of a stream: the input of `differencePeaks`. */
export interface TimeDifferences extends DifferenceSums {
  /** Pairs within the window. */
  readonly pairs: number;
  /** Events used. */
  readonly n: number;
  /** Events that were left out: out of order, or without a finite time and weight. */
  readonly late: number;
  /** Events kept, at both ends. */
  readonly eventsHeld: number;
}

/** State of {@link timeDifferences}. */
export interface TimeDifferencesState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Histograms of all γ. */
  readonly histograms: Float64Array;
  /** Events within a window of the first, for an earlier part. */
  head: WindowEvents;
  /** Events within a window of the last. */
  tail: WindowEvents;
  /** Pairs. */
  pairs: number;
  /** Σ (w_i w_j)². */
  squares: number;
  /** Events used. */
  n: number;
  /** Events left out. */
  late: number;
}

/** An accumulator that says what it takes before it begins. */
export interface TimeDifferencesAccumulator
  extends Accumulator<StreamItem, TimeDifferencesState, TimeDifferences> {
  /** The checked search with its memory; `differencePeaks` and `followUpTiles` take it. */
  readonly plan: DifferencePlan;
}

const noEvents = (): WindowEvents => ({
  tauS: new Float64Array(64),
  weight: new Float64Array(64),
  from: 0,
  to: 0,
});

/** Appends an event; room comes from events that are over, or from twice the memory. */
function push(events: WindowEvents, tau: number, w: number): WindowEvents {
  let target = events;
  const { from, to } = events, capacity = events.tauS.length;
  if (to === capacity) {
    const size = 2 * (to - from) > capacity ? 2 * capacity : capacity;
    target = {
      tauS: new Float64Array(size),
      weight: new Float64Array(size),
      from: 0,
      to: to - from,
    };
    target.tauS.set(events.tauS.subarray(from, to));
    target.weight.set(events.weight.subarray(from, to));
  }
  target.tauS[target.to] = tau;
  target.weight[target.to++] = w;
  return target;
}

function packed({ tauS, weight, from, to }: Readonly<WindowEvents>) {
  return { tauS: tauS.slice(from, to), weight: weight.slice(from, to) };
}

function unpacked(data: { tauS: Float64Array; weight: Float64Array }): WindowEvents {
  const events = noEvents(), n = data.tauS.length;
  if (n === 0) return events;
  return { tauS: data.tauS.slice(), weight: data.weight.slice(), from: 0, to: n };
}

/**
 * Histograms of the differences between times of events within a window: a semi-coherent blind search whose
 * memory is that of one window of the greatest frequency, `plan.memoryBytes`.
 *
 * Parts merge in the order of time: each keeps the events of its first and last window. An event costs one
 * addition for each event of the window before it and each γ.
 *
 * @param options Greatest frequency, window, γ = ḟ/f, reference, weights.
 * @returns An accumulator over events in order of time; events before the last one are counted late.
 * @throws As `createDifferencePlan`; RangeError, while adding, for more events within a window than
 *   `maxEventsInWindow`, and for merging an earlier part into a later one.
 * @example
 * ```ts
 * import { fold, timeDifferences } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { differencePeaks } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const acc = timeDifferences({ maxFrequencyHz: 3, windowS: 64 });
 * const timeS = Float64Array.from({ length: 300 }, (_, i) => i * 0.5 + 0.01 * Math.sin(i * i));
 * const found = acc.result(fold(acc, [createEventBatch({ timeS })]));
 * strictEqual(differencePeaks(acc.plan, found)[0]!.f0Hz, 2);
 * ```
 * @see Atwood et al. 2006, ApJ 652, L49
 */
export function timeDifferences(options: TimeDifferencesOptions): TimeDifferencesAccumulator {
  const plan = createDifferencePlan(options), { weighted = false } = options;
  const { windowS, nBins, gammaPerS, referenceS, maxEventsInWindow } = plan;
  const identity = {
    kind: "time-differences",
    version: 1,
    key: fingerprint({ windowS, nBins, gammaPerS, referenceS, weighted }),
  };
  const create = (): TimeDifferencesState => ({
    key: identity.key,
    histograms: new Float64Array(nBins * gammaPerS.length),
    head: noEvents(),
    tail: noEvents(),
    pairs: 0,
    squares: 0,
    n: 0,
    late: 0,
  });
  /** Lets go of events that no later one will meet, and takes one more. */
  function hold(state: TimeDifferencesState, tau: number, w: number): void {
    const { tail } = state;
    while (tail.from < tail.to && tau - tail.tauS[tail.from]! >= windowS) tail.from++;
    if (tail.to - tail.from >= maxEventsInWindow) {
      throw new RangeError(
        `More than ${maxEventsInWindow} events within ${windowS} s: raise maxEventsInWindow, or take a ` +
          `shorter window`,
      );
    }
    state.tail = push(tail, tau, w);
  }
  function begin(state: TimeDifferencesState, tau: number, w: number): void {
    const { head } = state;
    if (head.to === 0 || tau - head.tauS[0]! < windowS) state.head = push(head, tau, w);
  }
  function addPairs(state: TimeDifferencesState, tail: WindowEvents, tauS: number, weight: number) {
    const { pairs, squares } = addDifferences(plan, state.histograms, tail, { tauS, weight });
    state.pairs += pairs;
    state.squares += squares;
  }
  return Object.freeze({
    ...identity,
    plan,
    order: "time" as const,
    exactness: weighted ? { kind: "rounding" as const, rtol: 1e-12 } : { kind: "exact" as const },
    create,
    add(state: TimeDifferencesState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const { timeS } = item.columns;
      const weights = weighted ? requireColumn(item, "weight", "timeDifferences") : undefined;
      for (let i = 0; i < item.length; i++) {
        const tau = timeS[i]! - referenceS, w = weights === undefined ? 1 : weights[i]!;
        const { tail } = state;
        if (!Number.isFinite(tau + w) || (tail.to > 0 && tau < tail.tauS[tail.to - 1]!)) {
          state.late++;
          continue;
        }
        addPairs(state, tail, tau, w);
        begin(state, tau, w);
        hold(state, tau, w);
        state.n++;
      }
    },
    merge(into: TimeDifferencesState, from: Readonly<TimeDifferencesState>): void {
      checkKeys(into.key, from.key);
      if (into.n > 0 && from.n > 0 && from.head.tauS[0]! < into.tail.tauS[into.tail.to - 1]!) {
        throw new RangeError(
          "Differences of times merge in the order of time: the later part last",
        );
      }
      const { tail } = into, { head } = from;
      for (let i = 0; i < head.to; i++) addPairs(into, tail, head.tauS[i]!, head.weight[i]!);
      for (let i = 0; i < head.to; i++) begin(into, head.tauS[i]!, head.weight[i]!);
      for (let i = from.tail.from; i < from.tail.to; i++) {
        hold(into, from.tail.tauS[i]!, from.tail.weight[i]!);
      }
      for (let d = 0; d < into.histograms.length; d++) {
        into.histograms[d] = into.histograms[d]! + from.histograms[d]!;
      }
      into.pairs += from.pairs;
      into.squares += from.squares;
      into.n += from.n;
      into.late += from.late;
    },
    result: (state: Readonly<TimeDifferencesState>): TimeDifferences => ({
      histograms: state.histograms.slice(),
      squares: state.squares,
      pairs: state.pairs,
      n: state.n,
      late: state.late,
      eventsHeld: state.head.to + state.tail.to - state.tail.from,
    }),
    snapshot(state: Readonly<TimeDifferencesState>): Snapshot {
      const { histograms, head, tail, pairs, squares, n, late } = state;
      const data = { pairs, squares, n, late, head: packed(head), tail: packed(tail) };
      return { ...identity, data: { ...data, histograms: histograms.slice() } };
    },
    restore(snapshot: Snapshot): TimeDifferencesState {
      checkSnapshot(identity, snapshot);
      const { histograms, head, tail, ...rest } = snapshot.data as unknown as TimeDifferencesState;
      return {
        ...rest,
        key: identity.key,
        histograms: histograms.slice(),
        head: unpacked(head),
        tail: unpacked(tail),
      };
    },
  });
}
