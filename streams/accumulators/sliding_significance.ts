import { fingerprint } from "../../src/numeric/mod.ts";
import { cashSignificance, liMaSignificance } from "../../src/stats/mod.ts";
import { paneChain, type PaneChainState, ringPlace } from "./_pane_chain.ts";
import type { Accumulator } from "./accumulator.ts";
import { joinBest } from "./window_grid.ts";

/** Counts of a tumbling pane in the source and in the background region. */
export interface OnOffPane {
  /** Its number on a grid of time. */
  readonly index: number;
  /** Counts in the source region, ≥ 0. */
  readonly nOn: number;
  /** Counts in the background region, ≥ 0. */
  readonly nOff: number;
  /** Exposure of the source region over that of the background region, > 0. */
  readonly alpha: number;
}

/** Which windows, and how they are weighed. */
export interface SlidingSignificanceOptions {
  /** Lengths of the windows, panes. */
  readonly windows: readonly number[];
  /** "li-ma", with the counts of the background region; "cash", with b = Σα n_off as known. Default "li-ma". */
  readonly statistic?: "li-ma" | "cash";
}

/** A window of panes. */
export interface SlidingWindow {
  /** Its length, panes. */
  readonly length: number;
  /** Significance, below 0 for a deficit; −∞ where there is no such window. */
  readonly significance: number;
  /** Number of its first pane; NaN for none. */
  readonly firstIndex: number;
  /** Counts in the source region. */
  readonly nOn: number;
  /** Counts in the background region. */
  readonly nOff: number;
  /** Background counts expected in the source region: Σα n_off. */
  readonly background: number;
}

/** The best windows of a stream, and those that end with its last pane. */
export interface SlidingSignificanceResult {
  /** The best of each length. */
  readonly best: readonly SlidingWindow[];
  /** Those that end with the last pane. */
  readonly last: readonly SlidingWindow[];
  /** Panes seen. */
  readonly panes: number;
  /** Panes that were left out: before the last one. */
  readonly late: number;
}

const SIZE = 5;

/**
 * Sliding windows of a few lengths over tumbling panes of on and off counts: the significance of each, and
 * the best. α may change from pane to pane: a window has α = Σα n_off/Σn_off, or the mean where there is
 * no off count.
 *
 * @param options Lengths and statistic.
 * @returns An accumulator over panes in order of time; a window is one without a gap.
 * @throws RangeError for lengths that are not whole; while adding, for counts or α that cannot be.
 * @example
 * ```ts
 * import { fold, slidingSignificance } from "@gammarx/gammarx/accumulators";
 * import { deepStrictEqual } from "node:assert/strict";
 * const sliding = slidingSignificance({ windows: [2] });
 * const panes = [5, 9, 30, 25, 8].map((nOn, index) => ({ index, nOn, nOff: 20, alpha: 0.4 }));
 * const [best] = sliding.result(fold(sliding, panes)).best;
 * deepStrictEqual([best?.firstIndex, best?.nOn, best?.background], [2, 55, 16]);
 * ```
 * @see Li & Ma 1983, ApJ 272, 317, eq. 17; Cash 1979, ApJ 228, 939
 */
export function slidingSignificance(
  options: SlidingSignificanceOptions,
): Accumulator<OnOffPane, PaneChainState, SlidingSignificanceResult> {
  const { windows, statistic = "li-ma" } = options;
  if (windows.length === 0 || !windows.every((w) => Number.isInteger(w) && w > 0)) {
    throw new RangeError(
      `Windows are whole numbers of panes, found ${windows.join(", ") || "none"}`,
    );
  }
  const memory = Math.max(...windows);
  /** Significance, first pane, nOn, nOff and background of the window that ends with a pane. */
  function windowAt(w: number, index: number, ring: Float64Array, out: Float64Array): void {
    let nOn = 0, nOff = 0, background = 0, alphas = 0;
    for (let i = index - w + 1; i <= index; i++) {
      const at = 3 * ringPlace(i, memory);
      nOn += ring[at]!;
      nOff += ring[at + 1]!;
      background += ring[at + 2]! * ring[at + 1]!;
      alphas += ring[at + 2]!;
    }
    const alpha = nOff > 0 ? background / nOff : alphas / w;
    out[0] = statistic === "cash"
      ? cashSignificance({ nOn, background })
      : liMaSignificance({ nOn, nOff, alpha });
    out[1] = index - w + 1;
    out[2] = nOn;
    out[3] = nOff;
    out[4] = background;
  }
  const none = Float64Array.of(-Infinity, NaN, 0, 0, 0), row = none.slice();
  const described = (length: number, from: Float64Array, at: number): SlidingWindow => ({
    length,
    significance: from[at]!,
    firstIndex: from[at + 1]!,
    nOn: from[at + 2]!,
    nOff: from[at + 3]!,
    background: from[at + 4]!,
  });
  return paneChain<OnOffPane, SlidingSignificanceResult>({
    kind: "sliding-significance",
    version: 1,
    key: fingerprint({ windows: [...windows], statistic }),
    exactness: { kind: "exact" },
    memory,
    width: 3,
    create: () => Float64Array.from({ length: SIZE * windows.length }, (_, i) => none[i % SIZE]!),
    read({ index, nOn, nOff, alpha }, out): number {
      if (!(nOn >= 0 && nOff >= 0 && alpha > 0 && nOn + nOff + alpha < Infinity)) {
        throw new RangeError(
          `Pane ${index} has nOn = ${nOn}, nOff = ${nOff}, alpha = ${alpha}: needs counts >= 0, alpha > 0`,
        );
      }
      out[0] = nOn;
      out[1] = nOff;
      out[2] = alpha;
      return index;
    },
    test(best, index, run, ring): void {
      for (let j = 0; j < windows.length; j++) {
        if (run < windows[j]!) continue;
        windowAt(windows[j]!, index, ring, row);
        if (row[0]! > best[SIZE * j]!) best.set(row, SIZE * j);
      }
    },
    join: (into, from) => joinBest(into, from, SIZE),
    result({ n, late, best, ring, run, lastIndex }): SlidingSignificanceResult {
      return {
        best: windows.map((length, j) => described(length, best, SIZE * j)),
        last: windows.map((length) => {
          const one = none.slice();
          if (run >= length) windowAt(length, lastIndex, ring, one);
          return described(length, one, 0);
        }),
        panes: n,
        late,
      };
    },
  });
}
