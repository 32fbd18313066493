import type { StreamItem } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import {
  copySegment,
  emptySegment,
  focusRules,
  type FocusSegment,
  focusStep,
  mergeSegments,
  type PackedSegment,
  packSegment,
  pushEnd,
  pushStart,
  unpackSegment,
} from "./_focus_segment.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";
import type { LiveClock } from "./live_clock.ts";

/** The brightest window of a stream: the best of all starts and ends. */
export interface FocusResult {
  /** √(2 × log-likelihood ratio), in σ for one look; 0 where nothing is brighter than expected. */
  readonly significance: number;
  /** When it begins, seconds after the epoch: the edge of a bin, or its first photon; NaN for none. */
  readonly onsetS: number;
  /** When it ends: the edge of a bin, or its last photon; NaN for none. */
  readonly endS: number;
  /** End − onset, seconds; NaN for none. */
  readonly durationS: number;
  /** Events in it. */
  readonly counts: number;
  /** Events expected in it. */
  readonly expected: number;
  /** Events seen in all. */
  readonly total: number;
  /** Events that were left out: out of order, or without a finite time. */
  readonly late: number;
}

/** What is expected, and how finely is looked. */
export interface FocusOptions {
  /** Expected events a second of live time, > 0. */
  readonly backgroundPerS: number;
  /** Live time against time. */
  readonly clock: LiveClock;
  /** Least factor of a window over what is expected, ≥ 1; 1.1. Above 1, long faint drifts are no
   * windows, and memory stays small. */
  readonly muMin?: number;
}

/** The same in bins. */
export interface BinnedFocusOptions extends FocusOptions {
  /** Width of the bins, seconds, > 0. */
  readonly binS: number;
  /** An edge of the bins, seconds after the epoch; 0. */
  readonly originS?: number;
}

/** State of {@link focusUnbinned}. */
export interface FocusState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Windows that begin after the first photon. */
  segment: FocusSegment;
  /** Time of the first photon, seconds after the epoch; NaN before any. */
  firstS: number;
  /** Time of the last photon. */
  lastS: number;
  /** Counts expected from the clock's beginning to the last photon. */
  lastB: number;
  /** Events out of order. */
  late: number;
}

/** State of {@link focusBinned}. A bin that is open has a number; NaN stands for none. */
export interface BinnedFocusState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Bins between the first and the last. */
  segment: FocusSegment;
  /** The first bin with an event, to which an earlier part may add. */
  headIndex: number;
  /** Events in it. */
  headCount: number;
  /** The last bin, to which a later part may add; NaN while there is one bin. */
  tailIndex: number;
  /** Events in it. */
  tailCount: number;
  /** Events out of order. */
  late: number;
}

const OUT_OF_ORDER = "FOCuS merges parts in order of time, found an earlier one behind";

function checkOptions({ backgroundPerS }: FocusOptions): void {
  if (!(backgroundPerS > 0) || !Number.isFinite(backgroundPerS)) {
    throw new RangeError(`FOCuS expects a rate above 0 /s, found ${backgroundPerS}`);
  }
}

function described({ bestValue, best, x: total }: FocusSegment, late: number): FocusResult {
  if (bestValue === 0) {
    const none = { onsetS: NaN, endS: NaN, durationS: NaN };
    return { significance: 0, ...none, counts: 0, expected: 0, total, late };
  }
  const [startB, startX, onsetS, endB, endX, endS] = best as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    significance: Math.sqrt(2 * bestValue),
    onsetS,
    endS,
    durationS: endS - onsetS,
    counts: endX - startX,
    expected: endB - startB,
    total,
    late,
  };
}

/**
 * Poisson-FOCuS, unbinned: the best of all windows that begin after one photon and end with another,
 * in acceptance time. Photons that the clock cannot tell apart, at equal times or while it stands
 * still, are in the same windows. No bin width has to be chosen. Merging gives the best window of the whole,
 * those across the cut included.
 *
 * @param options Expected rate, clock, least factor.
 * @returns An accumulator over events in order of time; events before the last one are counted late.
 * @throws RangeError for a rate that is not positive or a factor below 1.
 * @example
 * ```ts
 * import { focusUnbinned, fold, steadyClock } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { ok } from "node:assert/strict";
 * const focus = focusUnbinned({ backgroundPerS: 0.1, clock: steadyClock() });
 * const timeS = Float64Array.of(10, 20, 30, 40, 41, 42, 43, 44, 60);
 * const { significance, onsetS, endS } = focus.result(fold(focus, [createEventBatch({ timeS })]));
 * ok(significance > 3 && onsetS === 41 && endS === 44);
 * ```
 * @see Ward, Dilillo, Eckley & Fearnhead 2023, JASA, arXiv:2208.01494
 */
export function focusUnbinned(
  options: FocusOptions,
): Accumulator<StreamItem, FocusState, FocusResult> {
  checkOptions(options);
  const { backgroundPerS, clock, muMin = 1.1 } = options, rules = focusRules(muMin);
  const identity = {
    kind: "focus-unbinned",
    version: 1,
    key: fingerprint({ backgroundPerS, clock: clock.key, muMin }),
  };
  const create = (): FocusState => ({
    key: identity.key,
    segment: emptySegment(),
    firstS: NaN,
    lastS: NaN,
    lastB: NaN,
    late: 0,
  });
  return Object.freeze({
    ...identity,
    order: "time" as const,
    exactness: { kind: "exact" as const },
    create,
    add(state: FocusState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const { timeS } = item.columns, { segment } = state;
      let { lastS, lastB } = state;
      for (let i = 0; i < timeS.length; i++) {
        const t = timeS[i]!, b = backgroundPerS * clock.liveS(t);
        if (!Number.isFinite(t)) {
          state.late++;
          continue;
        }
        if (t >= lastS) focusStep(segment, lastB, t, b, t, 1, rules);
        else if (lastS !== lastS) {
          // The first photon ends no window here, but may end one of an earlier part.
          state.firstS = t;
          segment.x = 1;
          pushEnd(segment, b, 1, t, rules.k);
        } else {
          state.late++;
          continue;
        }
        lastS = t;
        lastB = b;
      }
      state.lastS = lastS;
      state.lastB = lastB;
    },
    merge(into: FocusState, from: Readonly<FocusState>): void {
      checkKeys(into.key, from.key);
      if (from.firstS < into.lastS) throw new RangeError(OUT_OF_ORDER);
      into.late += from.late;
      if (from.segment.x === 0) return;
      if (into.segment.x === 0) {
        into.segment = copySegment(from.segment);
        into.firstS = from.firstS;
      } else {
        const firstB = backgroundPerS * clock.liveS(from.firstS);
        if (firstB > into.lastB) pushStart(into.segment, into.lastB, from.firstS, rules.k);
        mergeSegments(into.segment, from.segment, rules);
      }
      into.lastS = from.lastS;
      into.lastB = from.lastB;
    },
    result: ({ segment, late }: Readonly<FocusState>) => described(segment, late),
    snapshot({ segment, firstS, lastS, lastB, late }: Readonly<FocusState>): Snapshot {
      return { ...identity, data: { segment: packSegment(segment), firstS, lastS, lastB, late } };
    },
    restore(snapshot: Snapshot): FocusState {
      checkSnapshot(identity, snapshot);
      const { segment, ...rest } = snapshot.data as unknown as
        & { segment: PackedSegment }
        & Pick<FocusState, "firstS" | "lastS" | "lastB" | "late">;
      return { ...create(), ...rest, segment: unpackSegment(segment) };
    },
  });
}

/**
 * Poisson-FOCuS on an absolute grid of bins: the best of all windows of whole bins. They begin with a
 * bin that has live time and events; events in bins without live time are in the windows around them.
 *
 * @param options Expected rate, clock, width of the bins, least factor.
 * @returns An accumulator over events in order of time; events for a bin that is over are late.
 * @throws RangeError for a rate or width that is not positive or a factor below 1.
 * @example
 * ```ts
 * import { focusBinned, fold, steadyClock } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const focus = focusBinned({ backgroundPerS: 0.1, clock: steadyClock(), binS: 5 });
 * const timeS = Float64Array.of(10, 20, 30, 40, 41, 42, 43, 44, 60);
 * const { onsetS, endS, counts } = focus.result(fold(focus, [createEventBatch({ timeS })]));
 * deepStrictEqual([onsetS, endS, counts], [40, 45, 5]);
 * ```
 * @see Ward, Dilillo, Eckley & Fearnhead 2023, JASA, arXiv:2208.01494
 */
export function focusBinned(
  options: BinnedFocusOptions,
): Accumulator<StreamItem, BinnedFocusState, FocusResult> {
  checkOptions(options);
  const { backgroundPerS, clock, muMin = 1.1, binS, originS = 0 } = options;
  if (!(binS > 0 && binS < Infinity && Number.isFinite(originS))) {
    throw new RangeError(`A bin is longer than 0 s, found ${binS} s from ${originS} s`);
  }
  const rules = focusRules(muMin);
  const identity = {
    kind: "focus-binned",
    version: 1,
    key: fingerprint({ backgroundPerS, clock: clock.key, muMin, binS, originS }),
  };
  const edgeS = (index: number) => originS + index * binS;
  const expectedAt = (timeS: number) => backgroundPerS * clock.liveS(timeS);
  /**
   * The bin with edgeS(bin) <= t < edgeS(bin + 1): the edges decide, not the rounding of a quotient.
   * NaN where bins cannot be told apart.
   */
  const binOf = (timeS: number): number => {
    let bin = Math.floor((timeS - originS) / binS);
    if (!(edgeS(bin) < edgeS(bin + 1))) return NaN;
    while (timeS < edgeS(bin)) bin--;
    while (timeS >= edgeS(bin + 1)) bin++;
    return bin;
  };
  const step = (segment: FocusSegment, index: number, count: number) => {
    const startS = edgeS(index), endS = edgeS(index + 1);
    focusStep(segment, expectedAt(startS), startS, expectedAt(endS), endS, count, rules);
  };
  const create = (): BinnedFocusState => ({
    key: identity.key,
    segment: emptySegment(),
    headIndex: NaN,
    headCount: 0,
    tailIndex: NaN,
    tailCount: 0,
    late: 0,
  });
  /** Counts events into a bin, closing the one before; false where the bin is over. */
  function count(state: BinnedFocusState, index: number, n: number): boolean {
    if (index > state.tailIndex) {
      step(state.segment, state.tailIndex, state.tailCount);
      state.tailIndex = index;
      state.tailCount = n;
    } else if (index === state.tailIndex) state.tailCount += n;
    else if (state.tailIndex === state.tailIndex) return false;
    else if (index === state.headIndex) state.headCount += n;
    else if (index > state.headIndex) {
      state.tailIndex = index;
      state.tailCount = n;
    } else if (state.headIndex === state.headIndex) return false;
    else {
      state.headIndex = index;
      state.headCount = n;
    }
    return true;
  }
  return Object.freeze({
    ...identity,
    order: "time" as const,
    exactness: { kind: "exact" as const },
    create,
    add(state: BinnedFocusState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const { timeS } = item.columns;
      for (let i = 0; i < timeS.length;) {
        const index = binOf(timeS[i]!), lowS = edgeS(index), highS = edgeS(index + 1);
        if (index !== index) {
          state.late++;
          i++;
          continue;
        }
        let next = i + 1;
        while (next < timeS.length && timeS[next]! < highS && timeS[next]! >= lowS) next++;
        if (!count(state, index, next - i)) state.late += next - i;
        i = next;
      }
    },
    merge(into: BinnedFocusState, from: Readonly<BinnedFocusState>): void {
      checkKeys(into.key, from.key);
      if (from.headCount > 0 && !count(into, from.headIndex, from.headCount)) {
        throw new RangeError(OUT_OF_ORDER);
      }
      into.late += from.late;
      if (from.tailCount === 0) return;
      if (into.tailCount > 0) step(into.segment, into.tailIndex, into.tailCount);
      mergeSegments(into.segment, from.segment, rules);
      into.tailIndex = from.tailIndex;
      into.tailCount = from.tailCount;
    },
    result(state: Readonly<BinnedFocusState>): FocusResult {
      const { headIndex, headCount, tailIndex, tailCount, segment, late } = state;
      const whole = emptySegment();
      if (headCount > 0) step(whole, headIndex, headCount);
      mergeSegments(whole, segment, rules);
      if (tailCount > 0) step(whole, tailIndex, tailCount);
      return described(whole, late);
    },
    snapshot(state: Readonly<BinnedFocusState>): Snapshot {
      const { segment, headIndex, headCount, tailIndex, tailCount, late } = state;
      const data = { headIndex, headCount, tailIndex, tailCount, late };
      return { ...identity, data: { ...data, segment: packSegment(segment) } };
    },
    restore(snapshot: Snapshot): BinnedFocusState {
      checkSnapshot(identity, snapshot);
      const { segment, ...rest } = snapshot.data as unknown as
        & { segment: PackedSegment }
        & Omit<BinnedFocusState, "key" | "segment">;
      return { key: identity.key, ...rest, segment: unpackSegment(segment) };
    },
  });
}
