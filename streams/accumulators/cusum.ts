import type { StreamItem } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import {
  checkFactors,
  photonChain,
  type PhotonChainOptions,
  type PhotonChainState,
} from "./_photon_chain.ts";
import type { Accumulator } from "./accumulator.ts";

/*
 * Page's CUSUM, photon by photon in acceptance time. For a factor μ a window of x photons and b expected
 * counts has the sum x ln μ − (μ − 1) b; the best one is a largest sum of a row of numbers: it is that of
 * one part, or that of another, or the best end of one and the best beginning of the other.
 * In `sums`, per factor: best end from the first photon, best start to the last, best window.
 */

/** Numbers of each factor: x, b, t of end and start; x, b, t of start and end of the window; its sum. */
const END = 0, START = 3, BEST = 6, VALUE = 12, SIZE = 13;

/** What is expected, and how much brighter windows are. */
export interface CusumOptions extends PhotonChainOptions {
  /** Factors by which a window is brighter than expected, above 1; 1.5, 2, 4, 8. */
  readonly factors?: readonly number[];
}

/** The best window for one factor. */
export interface CusumWindow {
  /** The factor μ. */
  readonly factor: number;
  /** √(2 × largest sum): read its false alarms in `falseAlarmTable({ kind: "cusum", mu })`. */
  readonly significance: number;
  /** Time of its first photon, seconds after the epoch; NaN for none. */
  readonly onsetS: number;
  /** Time of its last photon; NaN for none. */
  readonly endS: number;
  /** Photons in it, the first included. */
  readonly counts: number;
  /** Counts expected between the first and the last. */
  readonly expected: number;
  /** The sum that ends with the last photon of the stream. */
  readonly current: number;
}

/** The best windows of a stream. */
export interface CusumResult {
  /** One window for each factor. */
  readonly windows: readonly CusumWindow[];
  /** Photons seen. */
  readonly total: number;
  /** Events that were left out: out of order, or without a finite time. */
  readonly late: number;
}

/**
 * Page's CUSUM of photons for a few factors μ: S ← max(0, S − (μ − 1) ΔΛ) + ln μ, and the window of its
 * greatest value. Cheaper than FOCuS and as good for a brightness near one of the factors. Merging gives
 * the best window of the whole.
 *
 * @param options Expected rate, clock, factors.
 * @returns An accumulator over events in order of time; events before the last one are counted late.
 * @throws RangeError for a rate that is not positive, or factors that are not above 1.
 * @example
 * ```ts
 * import { cusum, fold, steadyClock } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const acc = cusum({ backgroundPerS: 0.1, clock: steadyClock(), factors: [4] });
 * const timeS = Float64Array.of(10, 20, 30, 40, 41, 42, 43, 44, 60);
 * const [best] = acc.result(fold(acc, [createEventBatch({ timeS })])).windows;
 * deepStrictEqual([best?.onsetS, best?.endS, best?.counts], [40, 44, 5]);
 * ```
 * @see Page 1954, Biometrika 41, 100; Lorden 1971, Ann. Math. Stat. 42, 1897
 */
export function cusum(
  options: CusumOptions,
): Accumulator<StreamItem, PhotonChainState, CusumResult> {
  const { backgroundPerS, clock, factors = [1.5, 2, 4, 8] } = options;
  checkFactors(factors);
  const log = factors.map(Math.log), slope = factors.map((mu) => mu - 1), size = factors.length;
  /** Sum of x photons over b expected counts. */
  const sumOf = (j: number, x: number, b: number) => log[j]! * x - slope[j]! * b;
  return photonChain({
    kind: "cusum",
    version: 1,
    key: fingerprint({ backgroundPerS, clock: clock.key, factors: [...factors] }),
    exactness: { kind: "exact" },
    create: () => new Float64Array(SIZE * size),
    step({ n, sums }, b, timeS): void {
      for (let j = 0, at = 0; j < size; j++, at += SIZE) {
        if (n === 0 || sumOf(j, n - sums[at + START]!, b - sums[at + START + 1]!) <= 0) {
          setPoint(sums, at + START, n, b, timeS);
        }
        if (n === 0 || sumOf(j, n + 1 - sums[at + END]!, b - sums[at + END + 1]!) > 0) {
          setPoint(sums, at + END, n + 1, b, timeS);
        }
        const value = sumOf(j, n + 1 - sums[at + START]!, b - sums[at + START + 1]!);
        if (value <= sums[at + VALUE]!) continue;
        sums[at + VALUE] = value;
        sums.copyWithin(at + BEST, at + START, at + START + 3);
        setPoint(sums, at + BEST + 3, n + 1, b, timeS);
      }
    },
    join({ n, sums: into }, { sums: from }): void {
      for (let j = 0, at = 0; j < size; j++, at += SIZE) {
        const sumTo = (point: number, x: number, b: number) =>
          sumOf(j, x - into[at + point]!, b - into[at + point + 1]!);
        const endX = from[at + END]! + n, endB = from[at + END + 1]!;
        const across = sumTo(START, endX, endB), inside = from[at + VALUE]!;
        // Of equal windows the one that ended first was found first, and of those the latest start.
        const isAcross = across > inside || across === inside && endX < from[at + BEST + 3]! + n;
        if (Math.max(across, inside) > into[at + VALUE]!) {
          into[at + VALUE] = Math.max(across, inside);
          if (isAcross) {
            into.copyWithin(at + BEST, at + START, at + START + 3);
            setPoint(into, at + BEST + 3, endX, endB, from[at + END + 2]!);
          } else {
            into.set(from.subarray(at + BEST, at + BEST + 6), at + BEST);
            into[at + BEST]! += n;
            into[at + BEST + 3]! += n;
          }
        }
        const startX = from[at + START]! + n, startB = from[at + START + 1]!;
        if (sumTo(END, endX, endB) > 0) setPoint(into, at + END, endX, endB, from[at + END + 2]!);
        if (sumTo(START, startX, startB) <= 0) {
          setPoint(into, at + START, startX, startB, from[at + START + 2]!);
        }
      }
    },
    result({ n, lastB, late, sums }): CusumResult {
      const windows = factors.map((factor, j): CusumWindow => {
        const at = SIZE * j,
          [startX, startB, onsetS, endX, endB, endS] = sums.subarray(
            at + BEST,
            at + BEST + 6,
          ) as unknown as [number, number, number, number, number, number];
        if (n === 0) {
          const none = { onsetS: NaN, endS: NaN, counts: 0, expected: 0, current: 0 };
          return { factor, significance: 0, ...none };
        }
        return {
          factor,
          significance: Math.sqrt(2 * sums[at + VALUE]!),
          onsetS,
          endS,
          counts: endX - startX,
          expected: endB - startB,
          current: sumOf(j, n - sums[at + START]!, lastB - sums[at + START + 1]!),
        };
      });
      return { windows, total: n, late };
    },
  }, options);
}

function setPoint(sums: Float64Array, at: number, x: number, b: number, timeS: number): void {
  sums[at] = x;
  sums[at + 1] = b;
  sums[at + 2] = timeS;
}
