import { exposureOf, type StreamItem } from "../../src/data/mod.ts";
import { columnNumbers, gtiSumS, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** What is tested for. */
export interface ScoreTestOptions {
  /** Column with s/b of each event: density of the source of unit amplitude over that of the background. */
  readonly column: string;
  /** Events expected of the source of unit amplitude a second of live time, ≥ 0. */
  readonly expectedPerS: number;
}

/** Sums of {@link scoreTest}. */
export interface ScoreTestSums {
  /** Σ s/b. */
  ratio: number;
  /** Σ (s/b)². */
  square: number;
  /** Live time, seconds. */
  livetimeS: number;
  /** Events used. */
  n: number;
  /** Events whose ratio is no number of at least 0. */
  nBad: number;
}

/** A weak source on a known background. */
export interface ScoreTest {
  /** U = Σ s/b − S, the slope of ln L at no source. */
  readonly score: number;
  /** I = Σ (s/b)², its variance without a source. */
  readonly information: number;
  /** U/√I, σ; 0 without events. */
  readonly significance: number;
  /** U/I: the amplitude, to first order; NaN without events. */
  readonly amplitude: number;
  /** Events used. */
  readonly n: number;
  /** Events whose ratio is no number of at least 0; they are left out. */
  readonly nBad: number;
}

/**
 * Score test for a weak source over a known background, each event weighed by where and at which energy it
 * is: U = Σ s/b − S, I = Σ (s/b)², significance U/√I. Sums alone: parts merge in any order. As good as the
 * likelihood ratio where the source is weak; far from that it falls behind.
 *
 * @param options Column of s/b and the rate of the source of unit amplitude.
 * @returns An accumulator; live time comes from good time intervals or heartbeats.
 * @throws RangeError for a rate that is negative; while adding, TypeError where the column is missing.
 * @example
 * ```ts
 * import { fold, scoreTest } from "@gammarx/gammarx/accumulators";
 * import { createHeartbeat } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const test = scoreTest({ column: "ratio", expectedPerS: 0.1 });
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2), ratio: Float64Array.of(2, 4) });
 * const beat = createHeartbeat({ timeS: 20, fromS: 0, livetimeS: 20 });
 * const { score, information } = test.result(fold(test, [batch, beat]));
 * strictEqual(score, 4);
 * strictEqual(information, 20);
 * ```
 * @see Rao 1948, Proc. Camb. Phil. Soc. 44, 50
 */
export function scoreTest(
  options: ScoreTestOptions,
): Accumulator<StreamItem, Keyed<ScoreTestSums>, ScoreTest> {
  const { column, expectedPerS } = options;
  if (!(expectedPerS >= 0 && expectedPerS < Infinity)) {
    throw new RangeError(`A source has a rate of at least 0 /s, found ${expectedPerS}`);
  }
  return sumAccumulator({
    kind: "score-test",
    version: 1,
    key: fingerprint({ column, expectedPerS }),
    exactness: { kind: "rounding", rtol: 1e-12 },
    create: (): ScoreTestSums => ({ ratio: 0, square: 0, livetimeS: 0, n: 0, nBad: 0 }),
    add(state: ScoreTestSums, item: StreamItem): void {
      if (item.kind === "heartbeat") state.livetimeS += item.livetimeS;
      const exposure = exposureOf(item);
      if (exposure !== undefined) {
        state.livetimeS += gtiSumS(exposure.gti) * (1 - exposure.deadTimeFraction);
      }
      if (item.kind !== "batch") return;
      const ratios = columnNumbers(requireColumn(item, column, "scoreTest"));
      for (let i = 0; i < item.length; i++) {
        const ratio = ratios[i]!;
        if (!(ratio >= 0 && ratio < Infinity)) {
          state.nBad++;
          continue;
        }
        state.n++;
        state.ratio += ratio;
        state.square += ratio * ratio;
      }
    },
    result({ ratio, square, livetimeS, n, nBad }: Readonly<ScoreTestSums>): ScoreTest {
      const score = ratio - expectedPerS * livetimeS;
      return {
        score,
        information: square,
        significance: square > 0 ? score / Math.sqrt(square) : 0,
        amplitude: square > 0 ? score / square : NaN,
        n,
        nBad,
      };
    },
  });
}
