import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  type BackgroundRate,
  doubleExponentialRate,
  exponentialRate,
  runningAverageRate,
} from "../../../src/stats/mod.ts";

type Maker = (from?: Float64Array) => BackgroundRate;
const makers: Record<string, Maker> = {
  average: (from) => runningAverageRate({ windowBins: 20, guardBins: 5 }, from),
  "average without guard": (from) => runningAverageRate({ windowBins: 20, guardBins: 0 }, from),
  exponential: (from) => exponentialRate({ alpha: 0.1, guardBins: 5 }, from),
  "exponential without guard": (from) => exponentialRate({ alpha: 0.1, guardBins: 0 }, from),
  double: (from) => doubleExponentialRate({ alpha: 0.1, beta: 0.05, guardBins: 5 }, from),
  "double with gaps": (from) =>
    doubleExponentialRate({ alpha: 0.1, beta: 0.05, guardBins: 5, maxGapBins: 4 }, from),
};

/** Bins of a rate with dead ones. */
function binsOf(seed: number, n: number): [number, number][] {
  const rng = createRng(`bins ${seed}`);
  let dead = 0;
  return Array.from({ length: n }, () => {
    if (dead === 0 && rng.uniform() < 0.03) dead = 1 + rng.integer(8);
    if (dead > 0) {
      dead--;
      return [0, 0];
    }
    const liveS = 0.5 + 0.5 * rng.uniform();
    return [rng.poisson(30 * liveS), liveS];
  });
}

Deno.test("runningAverageRate() is the mean of the bins before the guard", () => {
  for (const guardBins of [0, 1, 7]) {
    const bins = binsOf(1, 3000), background = runningAverageRate({ windowBins: 20, guardBins });
    bins.forEach(([n, live], i) => {
      const rate = background.update(n, live);
      const used = bins.slice(Math.max(0, i + 1 - guardBins - 20), Math.max(0, i + 1 - guardBins));
      const counts = used.reduce((s, bin) => s + bin[0], 0);
      const liveS = used.reduce((s, bin) => s + bin[1], 0);
      if (liveS === 0) return ok(Number.isNaN(rate));
      ok(Math.abs(rate / (counts / liveS) - 1) < 1e-7, `bin ${i}, guard ${guardBins}`);
    });
  }
});

Deno.test("exponentialRate() is the weighted mean of the live bins before the guard", () => {
  for (const guardBins of [0, 1, 7]) {
    const bins = binsOf(2, 500), background = exponentialRate({ alpha: 0.2, guardBins });
    bins.forEach(([n, live], i) => {
      const rate = background.update(n, live);
      const used = bins.slice(0, Math.max(0, i + 1 - guardBins)).filter((bin) => bin[1] > 0);
      if (used.length < 5) return ok(Number.isNaN(rate));
      const weight = (k: number) => 0.8 ** (used.length - 1 - k);
      const counts = used.reduce((s, bin, k) => s + weight(k) * bin[0], 0);
      const liveS = used.reduce((s, bin, k) => s + weight(k) * bin[1], 0);
      ok(Math.abs(rate / (counts / liveS) - 1) < 1e-12);
    });
  }
});

Deno.test("doubleExponentialRate() follows the recurrence of Holt", () => {
  const bins = binsOf(3, 500),
    background = doubleExponentialRate({
      alpha: 0.2,
      beta: 0.1,
      guardBins: 4,
    });
  bins.forEach(([n, live], i) => {
    const rate = background.update(n, live);
    const x = bins.slice(0, Math.max(0, i + 1 - 4)).filter((bin) => bin[1] > 0);
    if (x.length < 5) return ok(Number.isNaN(rate));
    const first = x.slice(0, 5);
    let s = first.reduce((a, b) => a + b[0], 0) / first.reduce((a, b) => a + b[1], 0), d = 0;
    for (const [counts, liveS] of x.slice(5)) {
      const before = s;
      s = 0.2 * counts / liveS + 0.8 * (s + d);
      d = 0.1 * (s - before) + 0.9 * d;
    }
    ok(Math.abs(rate - Math.max(0, s + 5 * d)) < 1e-9);
    ok(Math.abs(background.rateAt(3) - Math.max(0, s + 7 * d)) < 1e-9);
  });
});

for (const [name, make] of Object.entries(makers)) {
  Deno.test(`background, ${name}: goes on from a snapshot to the bit`, () => {
    const bins = binsOf(4, 400), never = make();
    const rates = bins.map(([n, live]) => never.update(n, live));
    for (let cut = 0; cut < 400; cut += 7) {
      const first = make();
      bins.slice(0, cut).forEach(([n, live]) => first.update(n, live));
      const snapshot = first.snapshot(), again = make(snapshot);
      snapshot.fill(7);
      deepStrictEqual(bins.slice(cut).map(([n, live]) => again.update(n, live)), rates.slice(cut));
    }
  });

  Deno.test(`background, ${name}: is that of a steady rate, and does not see dead bins`, () => {
    const rng = createRng(name), background = make(), dead = make();
    let sum = 0, n = 0;
    for (let i = 0; i < 20_000; i++) {
      const counts = rng.poisson(50), rate = background.update(counts, 1);
      if (i === 1000) { for (let k = 0; k < 3; k++) dead.update(0, 0); }
      dead.update(counts, 1);
      if (i < 1000) continue;
      sum += rate;
      n++;
    }
    // Rates of 20 bins and more of √50: 1.5 each, 20 to 30 of them alike.
    ok(Math.abs(sum / n - 50) < 0.3, `${sum / n}`);
    ok(Math.abs(dead.rateAt(1) - background.rateAt(1)) < 1e-9);
  });
}

Deno.test("backgrounds do not see a burst within their guard", () => {
  for (const name of ["average", "exponential", "double"]) {
    const background = makers[name]!();
    for (let i = 0; i < 100; i++) background.update(40, 1);
    for (let i = 0; i < 5; i++) ok(Math.abs(background.update(4000, 1) - 40) < 1e-9);
    ok(background.update(4000, 1) > 40);
  }
});

Deno.test("backgrounds begin anew after a long gap", () => {
  const background = exponentialRate({ alpha: 0.5, guardBins: 2, maxGapBins: 3 });
  for (let i = 0; i < 20; i++) background.update(10, 1);
  background.update(0, 0);
  background.update(0, 0);
  strictEqual(background.rateAt(1), 10);
  background.update(0, 0);
  ok(Number.isNaN(background.rateAt(1)));
  for (let i = 0; i < 20; i++) background.update(3, 1);
  strictEqual(background.rateAt(1), 3);
});

Deno.test("backgrounds refuse what cannot be", () => {
  throws(() => runningAverageRate({ windowBins: 0, guardBins: 0 }), RangeError);
  throws(() => runningAverageRate({ windowBins: 3, guardBins: -1 }), /guard/);
  throws(() => exponentialRate({ alpha: 0, guardBins: 0 }), /alpha/);
  throws(() => doubleExponentialRate({ alpha: 0.1, beta: 2, guardBins: 0 }), /beta/);
  throws(() => exponentialRate({ alpha: 0.1, guardBins: 3 }, new Float64Array(3)), TypeError);
  const background = exponentialRate({ alpha: 0.1, guardBins: 0 });
  throws(() => background.update(1, 0), /live time/);
  throws(() => background.update(-1, 1), RangeError);
  throws(() => background.update(NaN, 1), RangeError);
});
