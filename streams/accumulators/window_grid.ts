import { fingerprint } from "../../src/numeric/mod.ts";
import { cashSignificance } from "../../src/stats/mod.ts";
import { paneChain, type PaneChainState, ringPlace } from "./_pane_chain.ts";
import type { Accumulator } from "./accumulator.ts";

/*
 * Rate triggers of a fixed grid of windows, as on board of gamma-ray burst monitors. Counts, and live times
 * in units of 2⁻³⁰ s, are whole numbers: sums over windows are exact, wherever a stream is cut. In the ring:
 * cumulative counts and live time before and with each pane.
 */

/** A bin of a light curve on an absolute grid. */
export interface CountsPane {
  /** Its number: it begins at index × width. */
  readonly index: number;
  /** Counts, a whole number of at least 0. */
  readonly counts: number;
  /** Live time, seconds, ≥ 0. */
  readonly liveS: number;
}

/** Which windows, and what they are compared with. */
export interface WindowGridOptions {
  /** Width of a pane, seconds; 0.016. */
  readonly paneS?: number;
  /** Lengths of the windows in panes; 1, 2, 4 … 256 (16 ms to 4.096 s). A window begins every half of itself. */
  readonly windows?: readonly number[];
  /** Panes of the background; 1064 (17.024 s). */
  readonly backgroundPanes?: number;
  /** Panes from the end of the background to the end of the window, at least the longest; 256 (4.096 s). */
  readonly gapPanes?: number;
  /** "gaussian": (n − b)/√b. "cash": √(2 [n ln(n/b) − (n − b)]), signed. Default "gaussian". */
  readonly statistic?: "gaussian" | "cash";
}

/** The best window of one length. */
export interface GridWindow {
  /** Length, seconds. */
  readonly windowS: number;
  /** Significance; −∞ where no window was tested. */
  readonly significance: number;
  /** Number of its first pane; NaN for none. */
  readonly firstIndex: number;
  /** Counts in it. */
  readonly counts: number;
  /** Counts expected of the background. */
  readonly expected: number;
}

/** The best windows of a stream. */
export interface WindowGridResult {
  /** The best of all lengths. */
  readonly best: GridWindow;
  /** The best of each length. */
  readonly windows: readonly GridWindow[];
  /** Panes seen. */
  readonly panes: number;
  /** Panes that were left out: before the last one. */
  readonly late: number;
}

const TICK = 2 ** -30, SIZE = 4, LIMIT = 2 ** 52;

/**
 * A fixed grid of windows over a running background: windows of a few lengths, each beginning every half of
 * its length, against the mean of a stretch before. For comparison with FOCuS, which tests all windows. A
 * window is tested where the background before it has no gap and any counts.
 *
 * @param options Windows, background and statistic.
 * @returns An accumulator over panes in order of time; panes that are missing are gaps.
 * @throws RangeError for lengths that do not fit; while adding, for counts or live times that cannot be.
 * @example
 * ```ts
 * import { fold, windowGrid } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * const grid = windowGrid({ paneS: 1, windows: [1, 2], backgroundPanes: 4, gapPanes: 2 });
 * const counts = [9, 9, 9, 9, 9, 9, 21, 9];
 * const panes = counts.map((n, index) => ({ index, counts: n, liveS: 1 }));
 * const { best } = grid.result(fold(grid, panes));
 * strictEqual(best.significance, 4);
 * strictEqual(best.firstIndex, 6);
 * ```
 * @see Meegan et al. 2009, ApJ 702, 791; von Kienlin et al. 2020, ApJ 893, 46
 */
export function windowGrid(
  options: WindowGridOptions = {},
): Accumulator<CountsPane, PaneChainState, WindowGridResult> {
  const { paneS = 0.016, windows = [1, 2, 4, 8, 16, 32, 64, 128, 256], statistic = "gaussian" } =
    options;
  const { backgroundPanes = 1064, gapPanes = 256 } = options;
  const isWhole = (n: number) => Number.isInteger(n) && n > 0;
  if (
    !(paneS > 0) || windows.length === 0 || !windows.every(isWhole) || !isWhole(backgroundPanes) ||
    !(Number.isInteger(gapPanes) && gapPanes >= Math.max(...windows))
  ) {
    throw new RangeError(
      `Windows of ${
        windows.join(", ")
      } panes of ${paneS} s, a background of ${backgroundPanes} that ` +
        `ends ${gapPanes} before: lengths are whole and above 0, and no window reaches its background`,
    );
  }
  const memory = backgroundPanes + gapPanes;
  const significanceOf = statistic === "cash"
    ? (n: number, b: number) => cashSignificance({ nOn: n, background: b })
    : (n: number, b: number) => (n - b) / Math.sqrt(b);
  const described = (best: Float64Array, j: number): GridWindow => {
    const at = SIZE * j;
    return {
      windowS: windows[j]! * paneS,
      significance: best[at]!,
      firstIndex: best[at + 1]!,
      counts: best[at + 2]!,
      expected: best[at + 3]!,
    };
  };
  // The pane before the first of the background gives the sums to take off: one more than is looked at.
  const size = memory + 1;
  return paneChain<CountsPane, WindowGridResult>({
    kind: "window-grid",
    version: 1,
    key: fingerprint({ paneS, windows: [...windows], backgroundPanes, gapPanes, statistic }),
    exactness: { kind: "exact" },
    memory: size,
    width: 2,
    create: () =>
      Float64Array.from({ length: SIZE * windows.length }, (_, i) => {
        return i % SIZE === 0 ? -Infinity : i % SIZE === 1 ? NaN : 0;
      }),
    read({ index, counts, liveS }, out): number {
      if (!(Number.isSafeInteger(counts) && counts >= 0 && liveS >= 0 && liveS < 1e6)) {
        throw new RangeError(`Pane ${index} has ${counts} counts in ${liveS} s of live time`);
      }
      out[0] = counts;
      out[1] = Math.round(liveS / TICK);
      return index;
    },
    test(best, index, run, ring): void {
      const place = (i: number) => 2 * ringPlace(i, size);
      // The pane itself comes with its own numbers; sums run from the beginning of the run.
      const here = place(index), before = place(index - 1);
      if (run > 1) {
        ring[here] = ring[here]! + ring[before]!;
        ring[here + 1] = ring[here + 1]! + ring[before + 1]!;
      }
      if (run > memory && (ring[here]! > LIMIT || ring[here + 1]! > LIMIT)) {
        const oldest = place(index - run + 1), n = ring[oldest]!, live = ring[oldest + 1]!;
        for (let i = index - run + 1; i <= index; i++) {
          ring[place(i)]! -= n;
          ring[place(i) + 1]! -= live;
        }
      }
      if (run < memory) return;
      const from = place(index - memory), to = place(index - gapPanes);
      // Before the run there is nothing.
      const isFirst = run === memory, n0 = isFirst ? 0 : ring[from]!;
      const live0 = isFirst ? 0 : ring[from + 1]!;
      const seen = ring[to]! - n0, live = ring[to + 1]! - live0;
      if (!(seen > 0 && live > 0)) return;
      for (let j = 0; j < windows.length; j++) {
        const w = windows[j]!, step = Math.max(1, w >> 1);
        if ((index + 1) % step !== 0) continue;
        const start = place(index - w), b = seen * (ring[here + 1]! - ring[start + 1]!) / live;
        if (!(b > 0)) continue;
        const n = ring[here]! - ring[start]!, significance = significanceOf(n, b), at = SIZE * j;
        if (significance <= best[at]!) continue;
        best[at] = significance;
        best[at + 1] = index - w + 1;
        best[at + 2] = n;
        best[at + 3] = b;
      }
    },
    join: (into, from) => joinBest(into, from, SIZE),
    result({ n, late, best }): WindowGridResult {
      const all = windows.map((_, j) => described(best, j));
      const most = all.reduce((a, b) => b.significance > a.significance ? b : a);
      return { best: { ...most }, windows: all, panes: n, late };
    },
  });
}

/** Takes the rows with the greater first number; of equal ones the earlier row, that of `into`. */
export function joinBest(into: Float64Array, from: Float64Array, size: number): void {
  for (let at = 0; at < into.length; at += size) {
    if (from[at]! > into[at]!) into.set(from.subarray(at, at + size), at);
  }
}
