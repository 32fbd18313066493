import { secondsBetween, type TimeEpoch } from "../time/mod.ts";

/** The scales in which events are counted: local time (TT) or barycentric time (TDB). */
export type EventEpoch = TimeEpoch<"TT"> | TimeEpoch<"TDB">;

/** Good time intervals: when the instrument was taking usable data. */
export interface Gti {
  /** Instant from which both columns count. */
  readonly epoch: EventEpoch;
  /** Starts, seconds after the epoch. */
  readonly startS: Float64Array;
  /** Stops, seconds after the epoch; each not before its start. */
  readonly stopS: Float64Array;
}

/**
 * Makes good time intervals. The arrays are kept, not copied.
 *
 * @param epoch Instant from which the times count.
 * @param startS Starts, seconds.
 * @param stopS Stops, seconds.
 * @returns A frozen record; the order of the intervals is kept and they may overlap.
 * @throws TypeError for different lengths, RangeError for a time that is not finite or a stop before
 *   its start.
 * @example
 * ```ts
 * import { createGti, gtiSumS } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0, 100), Float64Array.of(50, 200));
 * strictEqual(gtiSumS(gti), 150);
 * ```
 * @see GADF 0.3, section GTI
 */
export function createGti(epoch: EventEpoch, startS: Float64Array, stopS: Float64Array): Gti {
  if (startS.length !== stopS.length) {
    throw new TypeError(`GTI has ${startS.length} starts and ${stopS.length} stops`);
  }
  for (let i = 0; i < startS.length; i++) {
    // Differences of infinities are no numbers: finite where the difference is.
    if (!(startS[i]! <= stopS[i]!) || !Number.isFinite(stopS[i]! - startS[i]!)) {
      throw new RangeError(
        `GTI row ${i + 1} starts at ${startS[i]} s and stops at ${stopS[i]} s: times must be ` +
          `finite, and it must not stop before it starts`,
      );
    }
  }
  return Object.freeze({ epoch, startS, stopS });
}

/**
 * Σ (stop − start), overlaps counted as often as they stand there.
 *
 * @returns Seconds.
 * @example
 * ```ts
 * import { createGti, gtiSumS } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(gtiSumS(createGti(createEpoch([51910, 0], "TT"), Float64Array.of(5), Float64Array.of(9))), 4);
 * ```
 */
export function gtiSumS(gti: Gti): number {
  let sum = 0;
  for (let i = 0; i < gti.startS.length; i++) sum += gti.stopS[i]! - gti.startS[i]!;
  return sum;
}

/**
 * The same intervals counted from another instant of the same scale, in two-part arithmetic.
 *
 * @returns `gti` itself where the epochs are equal, otherwise a new record.
 * @throws TypeError for an epoch in another scale.
 * @example
 * ```ts
 * import { createGti, rebaseGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const gti = createGti(createEpoch([51911, 0], "TT"), Float64Array.of(5), Float64Array.of(9));
 * strictEqual(rebaseGti(gti, createEpoch([51910, 0], "TT")).startS[0], 86405);
 * ```
 */
export function rebaseGti(gti: Gti, epoch: EventEpoch): Gti {
  const shift = secondsBetween<"TT" | "TDB">(epoch, gti.epoch);
  if (shift === 0) return gti;
  return createGti(epoch, gti.startS.map((t) => t + shift), gti.stopS.map((t) => t + shift));
}

/** The intervals of both on the epoch of the first, one list after the other. */
function bothOf(a: Gti, b: Gti): [number, number][] {
  const other = rebaseGti(b, a.epoch);
  return [...intervalsOf(a), ...intervalsOf(other)];
}

function intervalsOf(gti: Gti): [number, number][] {
  return Array.from(gti.startS, (start, i): [number, number] => [start, gti.stopS[i]!]);
}

function fromIntervals(epoch: EventEpoch, list: readonly (readonly [number, number])[]): Gti {
  return createGti(
    epoch,
    Float64Array.from(list, (one) => one[0]),
    Float64Array.from(list, (one) => one[1]),
  );
}

/**
 * The intervals of `b` behind those of `a`, nothing joined.
 *
 * @returns A new record on the epoch of `a`.
 * @throws TypeError for epochs in different scales.
 * @example
 * ```ts
 * import { createGti, gtiSumS, stackGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(5), Float64Array.of(9));
 * strictEqual(gtiSumS(stackGti(gti, gti)), 8);
 * ```
 */
export function stackGti(a: Gti, b: Gti): Gti {
  return fromIntervals(a.epoch, bothOf(a, b));
}

/**
 * The times that are in one or the other, sorted, with overlapping and touching intervals joined.
 *
 * @param a One list.
 * @param b Another; without it the overlaps within `a` are joined.
 * @returns A new record on the epoch of `a`.
 * @throws TypeError for epochs in different scales.
 * @example
 * ```ts
 * import { createGti, gtiSumS, unionGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(5), Float64Array.of(9));
 * strictEqual(gtiSumS(unionGti(gti, gti)), 4);
 * ```
 */
export function unionGti(a: Gti, b?: Gti): Gti {
  const list = b === undefined ? intervalsOf(a) : bothOf(a, b);
  list.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const joined: [number, number][] = [];
  for (const [start, stop] of list) {
    const last = joined[joined.length - 1];
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], stop);
    else joined.push([start, stop]);
  }
  return fromIntervals(a.epoch, joined);
}

/**
 * The times that are in both.
 *
 * @returns A new record on the epoch of `a`: sorted, without overlaps, without empty intervals.
 * @throws TypeError for epochs in different scales.
 * @example
 * ```ts
 * import { createGti, gtiSumS, intersectGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const a = createGti(epoch, Float64Array.of(0), Float64Array.of(9));
 * const b = createGti(epoch, Float64Array.of(5), Float64Array.of(20));
 * strictEqual(gtiSumS(intersectGti(a, b)), 4);
 * ```
 */
export function intersectGti(a: Gti, b: Gti): Gti {
  const left = intervalsOf(unionGti(a)), right = intervalsOf(unionGti(rebaseGti(b, a.epoch)));
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const start = Math.max(left[i]![0], right[j]![0]);
    const stop = Math.min(left[i]![1], right[j]![1]);
    if (start < stop) common.push([start, stop]);
    if (left[i]![1] < right[j]![1]) i++;
    else j++;
  }
  return fromIntervals(a.epoch, common);
}

/**
 * The intervals cut to [startS, stopS]; what is empty then falls away.
 *
 * @param gti Intervals, in any order.
 * @param range Seconds after the epoch of `gti`; an end left out cuts nothing.
 * @returns A new record.
 * @example
 * ```ts
 * import { createGti, gtiSumS, selectGtiTime } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(5), Float64Array.of(9));
 * strictEqual(gtiSumS(selectGtiTime(gti, { startS: 7 })), 2);
 * ```
 */
export function selectGtiTime(
  gti: Gti,
  range: { readonly startS?: number; readonly stopS?: number },
): Gti {
  const { startS = -Infinity, stopS = Infinity } = range;
  const cut = intervalsOf(gti)
    .map(([a, b]): [number, number] => [Math.max(a, startS), Math.min(b, stopS)])
    .filter(([a, b]) => a < b);
  return fromIntervals(gti.epoch, cut);
}

/**
 * Whether a time is in the intervals, start ≤ t < stop. Times that ascend, all but a few, are found fastest.
 *
 * @param gti Intervals, sorted and without overlaps, as `unionGti` and `intersectGti` give them.
 * @returns A function of seconds after the epoch of `gti`; NaN is in none.
 * @example
 * ```ts
 * import { createGti, timeSelector } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0, 20), Float64Array.of(10, 30));
 * deepStrictEqual([0, 10, 25, 5].map(timeSelector(gti)), [true, false, true, true]);
 * ```
 */
export function timeSelector({ startS, stopS }: Gti): (timeS: number) => boolean {
  let k = 0;
  return (t) => {
    while (k > 0 && t < startS[k]!) k--;
    while (k < startS.length - 1 && t >= stopS[k]!) k++;
    return k < startS.length && t >= startS[k]! && t < stopS[k]!;
  };
}
