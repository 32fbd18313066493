import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { cashSignificance, liMaSignificance } from "../../../src/stats/mod.ts";
import {
  type CountsPane,
  fold,
  type OnOffPane,
  scoreTest,
  slidingSignificance,
  windowGrid,
} from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream } from "../../_tools/event_arbitraries.ts";

const CASES = 3000;
const recut = <T>(panes: readonly T[]): T[] => [...panes];

/** Panes with gaps, here and there dead, and a burst. */
function panesOf(seed: number): CountsPane[] {
  const rng = createRng(`panes ${seed}`), panes: CountsPane[] = [];
  let index = rng.integer(20) - 10;
  for (let i = rng.integer(40); i > 0; i--, index += rng.uniform() < 0.03 ? 3 : 1) {
    const liveS = rng.uniform() < 0.1 ? 0 : 0.5 + 0.5 * rng.uniform();
    panes.push({ index, counts: rng.poisson(liveS * (rng.uniform() < 0.1 ? 9 : 2)), liveS });
  }
  return panes;
}

const gridOptions = { paneS: 1, windows: [1, 2, 4], backgroundPanes: 6, gapPanes: 5 };

Deno.test("windowGrid() gives the best of its windows", () => {
  let found = 0;
  for (const statistic of ["gaussian", "cash"] as const) {
    const grid = windowGrid({ ...gridOptions, statistic });
    for (let seed = 0; seed < CASES; seed++) {
      const panes = panesOf(seed), at = new Map(panes.map((pane) => [pane.index, pane]));
      const { windows, best } = grid.result(fold(grid, panes));
      gridOptions.windows.forEach((w, j) => {
        let most = -Infinity;
        for (const { index } of panes) {
          if ((index + 1) % Math.max(1, w / 2) !== 0) continue;
          const last = Array.from({ length: 11 }, (_, k) => at.get(index - 10 + k));
          if (last.includes(undefined)) continue;
          const sum = (list: typeof last, key: "counts" | "liveS") =>
            list.reduce((s, pane) => s + pane![key], 0);
          const before = last.slice(0, 6), inside = last.slice(11 - w);
          const n = sum(inside, "counts");
          const b = sum(before, "counts") * sum(inside, "liveS") / sum(before, "liveS");
          if (!(b > 0 && b < Infinity)) continue;
          most = Math.max(
            most,
            statistic === "cash"
              ? cashSignificance({ nOn: n, background: b })
              : (n - b) / Math.sqrt(b),
          );
        }
        const one = windows[j]!;
        if (most === -Infinity) return strictEqual(one.significance, most);
        found++;
        ok(Math.abs(one.significance - most) < 1e-6, `${seed}: ${one.significance}, ${most}`);
        const inside = panes.filter((p) =>
          p.index >= one.firstIndex && p.index < one.firstIndex + w
        );
        strictEqual(one.counts, inside.reduce((s, pane) => s + pane.counts, 0));
      });
      strictEqual(best.significance, Math.max(...windows.map((one) => one.significance)));
    }
  }
  ok(found > CASES);
});

Deno.test("windowGrid() in its usual setting finds a burst, and no other", () => {
  const grid = windowGrid(), rng = createRng("gbm"), panes: CountsPane[] = [];
  for (let index = 0; index < 20_000; index++) {
    const isBurst = index >= 12_000 && index < 12_064;
    panes.push({ index, counts: rng.poisson(isBurst ? 16 : 8), liveS: 0.016 });
  }
  const { best } = grid.result(fold(grid, panes));
  ok(best.significance > 15 && best.windowS >= 0.5 && best.windowS <= 2.1, `${best.windowS}`);
  ok(best.firstIndex > 11_900 && best.firstIndex < 12_064);
  const quiet = grid.result(fold(grid, panes.slice(0, 12_000)));
  ok(quiet.best.significance > 2.5 && quiet.best.significance < 6);
});

/** On and off counts with gaps. */
function onOffOf(seed: number): OnOffPane[] {
  return panesOf(seed).map(({ index, counts }, i) => ({
    index,
    nOn: counts,
    nOff: (7 * counts + i) % 11,
    alpha: [0.2, 0.25, 0.5][i % 3]!,
  }));
}

Deno.test("slidingSignificance() gives the best of all its windows", () => {
  for (const statistic of ["li-ma", "cash"] as const) {
    const windows = [1, 3, 5], sliding = slidingSignificance({ windows, statistic });
    for (let seed = 0; seed < CASES; seed++) {
      const panes = onOffOf(seed), at = new Map(panes.map((pane) => [pane.index, pane]));
      const { best, last } = sliding.result(fold(sliding, panes));
      windows.forEach((w, j) => {
        let most = -Infinity, final = -Infinity;
        for (const { index } of panes) {
          const inside = Array.from({ length: w }, (_, k) => at.get(index - k)!);
          final = -Infinity;
          if (inside.includes(undefined!)) continue;
          const sum = (of: (pane: OnOffPane) => number) => inside.reduce((s, p) => s + of(p), 0);
          const nOn = sum((p) => p.nOn), nOff = sum((p) => p.nOff);
          const background = sum((p) => p.alpha * p.nOff);
          const alpha = nOff > 0 ? background / nOff : sum((p) => p.alpha) / w;
          final = statistic === "cash"
            ? cashSignificance({ nOn, background })
            : liMaSignificance({ nOn, nOff, alpha });
          most = Math.max(most, final);
        }
        const same = (a: number, b: number) => a === b || Math.abs(a - b) < 1e-9;
        ok(same(best[j]!.significance, most), `seed ${seed}: ${best[j]!.significance}, ${most}`);
        ok(same(last[j]!.significance, final));
      });
    }
  }
});

Deno.test("windowGrid() and slidingSignificance() keep the laws of accumulators", () => {
  const counts = fc.nat().map((seed) => panesOf(seed)),
    onOff = fc.nat().map((seed) => onOffOf(seed));
  const seen = (panes: readonly unknown[]) => panes.length;
  const conserves = {
    counted: ({ panes, late }: { panes: number; late: number }) => panes + late,
    seen,
  };
  const grid = windowGrid(gridOptions), sliding = slidingSignificance({ windows: [1, 3, 5] });
  checkAccumulatorLaws(grid, counts, {
    recut,
    conserves,
    numRuns: 300,
    others: [windowGrid({ ...gridOptions, statistic: "cash" })],
  });
  checkAccumulatorLaws(sliding, onOff, {
    recut,
    conserves,
    numRuns: 300,
    others: [slidingSignificance({ windows: [2] })],
  });
});

Deno.test("windowGrid() stays exact when its sums grow large", () => {
  const grid = windowGrid({ ...gridOptions, windows: [1] });
  const many = Array.from({ length: 40 }, (_, index) => ({
    index,
    counts: index === 35 ? 2 ** 50 + 2 ** 30 : 2 ** 50,
    liveS: 1,
  }));
  const { best } = grid.result(fold(grid, many));
  deepStrictEqual([best.firstIndex, best.counts - best.expected], [35, 2 ** 30]);
});

Deno.test("scoreTest() keeps the laws of accumulators", () => {
  const test = scoreTest({ column: "weight", expectedPerS: 0.01 });
  checkAccumulatorLaws(test, anyStream(), {
    scale: (xs) => xs.reduce((s, x) => s + (x.kind === "batch" ? x.length : 0), 0) * 10 + 1e4,
    // Far from 0 the quotients amplify the rounding of the sums.
    same: (found, expected) => {
      ok(Math.abs(found.score - expected.score) < 1e-9);
      ok(Math.abs(found.information - expected.information) < 1e-9);
      deepStrictEqual([found.n, found.nBad], [expected.n, expected.nBad]);
    },
    others: [scoreTest({ column: "weight", expectedPerS: 0.02 })],
    conserves: {
      counted: ({ n, nBad }) => n + nBad,
      seen: (items: readonly StreamItem[]) =>
        items.reduce((s, x) => s + (x.kind === "batch" ? x.length : 0), 0),
    },
  });
});

Deno.test("scoreTest() is the slope of the likelihood, and normal for noise", () => {
  // A source like e^{-x}, a background like 1 on [0, 1]: s/b = e^{-x}/(1 − 1/e).
  const rng = createRng("score"), norm = 1 - Math.exp(-1), perS = 1 / 500;
  const test = scoreTest({ column: "ratio", expectedPerS: perS });
  let sum = 0, square = 0;
  for (let k = 0; k < 2000; k++) {
    const n = rng.poisson(500),
      ratio = Float64Array.from({ length: n }, () => Math.exp(-rng.uniform()) / norm / 500);
    const state = fold(test, [createEventBatch({ timeS: new Float64Array(n), ratio })]);
    state.livetimeS = 500;
    const { significance, score } = test.result(state);
    sum += significance;
    square += significance ** 2;
    const logL = (mu: number) =>
      ratio.reduce((s, r) => s + Math.log(1 + mu * r), 0) - mu * perS * 500;
    ok(Math.abs((logL(1e-4) - logL(-1e-4)) / 2e-4 - score) < 1e-6);
  }
  ok(Math.abs(sum / 2000) < 0.1 && Math.abs(square / 2000 - 1) < 0.14);
  const none = test.result(test.create());
  deepStrictEqual([none.significance, none.amplitude], [0, NaN]);
  const odd = Float64Array.of(NaN, -1, Infinity, 1);
  strictEqual(
    test.result(fold(test, [createEventBatch({ timeS: new Float64Array(4), ratio: odd })])).nBad,
    3,
  );
});

Deno.test("windowGrid() and its like refuse what cannot be", () => {
  throws(() => windowGrid({ windows: [512] }), /no window reaches/);
  throws(() => windowGrid({ paneS: 0 }), RangeError);
  throws(() => slidingSignificance({ windows: [] }), /whole numbers/);
  throws(() => scoreTest({ column: "ratio", expectedPerS: -1 }), RangeError);
  const grid = windowGrid(gridOptions), state = grid.create();
  throws(() => grid.add(state, { index: 0, counts: 1.5, liveS: 1 }), /counts/);
  throws(() => grid.add(state, { index: 0.5, counts: 1, liveS: 1 }), /whole number/);
  grid.add(state, { index: 3, counts: 1, liveS: 1 });
  grid.add(state, { index: 3, counts: 1, liveS: 1 });
  strictEqual(grid.result(state).late, 1);
  const early = fold(grid, [{ index: 1, counts: 1, liveS: 1 }]);
  throws(() => grid.merge(state, early), /in order of time/);
  const sliding = slidingSignificance({ windows: [1] });
  throws(() => fold(sliding, [{ index: 0, nOn: 1, nOff: 1, alpha: 0 }]), /alpha > 0/);
});
