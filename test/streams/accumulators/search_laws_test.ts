import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  differencePeaks,
  exactPeriodogram,
  hTest,
  type Periodogram,
  phaseSums as sumPhases,
  phaseTemplate,
} from "../../../src/stats/mod.ts";
import {
  type CumulativeTest,
  cumulativeTest,
  fold,
  periodogram,
  templateLikelihood,
  timeDifferences,
} from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, countEvents } from "../../_tools/event_arbitraries.ts";

const streams = anyStream(),
  sum = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0);

/** Numbers that agree within a part of n K, the most that Z²_K of n events can be. */
function closeTo(found: Float64Array, expected: Float64Array, scale: number): void {
  strictEqual(found.length, expected.length);
  found.forEach((a, i) => {
    const b = expected[i]!;
    ok(Object.is(a, b) || Math.abs(a - b) <= 1e-11 * scale, `${a} for ${b}`);
  });
}

function samePeriodogram(found: Periodogram, expected: Periodogram): void {
  const scale = 2 * expected.maxHarmonic * Math.max(1, expected.n);
  expected.z2.forEach((z2, n) => closeTo(found.z2[n]!, z2, scale));
  closeTo(found.h, expected.h, scale);
  strictEqual(found.n, expected.n);
  strictEqual(found.outside, expected.outside);
  deepStrictEqual(found.f0Hz, expected.f0Hz);
  // a standard deviation is the root of a difference: 1e-16 of its terms is 1e-8 of their root
  const { spanS } = expected;
  ok(Object.is(found.spanS, spanS) || Math.abs(found.spanS - spanS) <= 1e-6 * (2000 + spanS));
}

for (const weighted of [false, true]) {
  const what = weighted ? "weighted" : "counts";
  Deno.test(`periodogram() keeps the laws of accumulators: ${what}`, () => {
    const grid = { f0CentreHz: 0.3, stepHz: 1e-4, nTrials: 9, f1HzPerS: [0, 1e-6], weighted };
    checkAccumulatorLaws(periodogram(grid), streams, {
      same: samePeriodogram,
      others: [
        periodogram({ ...grid, weighted: !weighted }),
        periodogram({ ...grid, stepHz: 2e-4 }),
        periodogram({ ...grid, referenceS: 1 }),
        periodogram({ ...grid, f1HzPerS: [0, 2e-6] }),
      ],
      conserves: { counted: ({ n, outside }) => n + outside, seen: countEvents },
      numRuns: 30,
    });
  });

  Deno.test(`timeDifferences() keeps the laws of accumulators: ${what}`, () => {
    const options = { maxFrequencyHz: 0.5, windowS: 300, gammaPerS: [0, 1e-5], weighted };
    checkAccumulatorLaws(timeDifferences(options), anyStream({ sorted: true }), {
      scale: (xs) => countEvents(xs) ** 2,
      others: [
        timeDifferences({ ...options, weighted: !weighted }),
        timeDifferences({ ...options, gammaPerS: [0, 2e-5] }),
      ],
      conserves: { counted: ({ n, late }) => n + late, seen: countEvents },
    });
  });

  Deno.test(`cumulativeTest() keeps the laws of accumulators: ${what}`, () => {
    const options = { timesS: [-50, 0, 10, 500, 900], maxHarmonic: 4, weighted };
    checkAccumulatorLaws(cumulativeTest(options), streams, {
      same(found: CumulativeTest, expected: CumulativeTest) {
        closeTo(found.h, expected.h, 8 * (1 + sum(expected.events)));
        deepStrictEqual(found.events, expected.events);
        strictEqual(found.after, expected.after);
        strictEqual(found.outside, expected.outside);
      },
      others: [cumulativeTest({ ...options, weighted: !weighted })],
      conserves: {
        counted: ({ events, after, outside }) => events[4]! + after + outside,
        seen: countEvents,
      },
    });
  });

  Deno.test(`templateLikelihood() keeps the laws of accumulators: ${what}`, () => {
    const pulse = phaseTemplate((x) => 0.1 + Math.exp(-50 * (x - 0.4) ** 2), { nShifts: 8 });
    checkAccumulatorLaws(templateLikelihood(pulse, { weighted }), streams, {
      // the best shift of equal ones may be another
      same(found, expected) {
        closeTo(found.logL, expected.logL, 10 * (1 + expected.n));
        strictEqual(found.n, expected.n);
      },
      others: [
        templateLikelihood(pulse, { weighted: !weighted }),
        templateLikelihood(phaseTemplate((x) => 1 + x, { nShifts: 8 }), { weighted }),
      ],
      conserves: { counted: ({ n, outside }) => n + outside, seen: countEvents },
    });
  });
}

const batchOf = (columns: { timeS: Float64Array; phase?: Float64Array; weight?: Float64Array }) =>
  createEventBatch(columns);

Deno.test("periodogram() is that of exact sums, in memory that it states beforehand", () => {
  const rng = createRng("stream"), n = 3000, T = 5000;
  const timeS = Float64Array.from({ length: n }, () => T * rng.uniform());
  const weight = rng.fillUniform(new Float64Array(n));
  const grid = { f0CentreHz: 3, spanS: T, nTrials: 101, maxHarmonic: 3, referenceS: T / 2 };
  const acc = periodogram({ ...grid, weighted: true });
  const found = acc.result(fold(acc, [batchOf({ timeS, weight })]));
  const exact = exactPeriodogram({ timeS, weights: weight }, grid);
  exact.z2.forEach((z2, k) =>
    z2.forEach((value, i) => {
      ok(Math.abs(value - found.z2[k]![i]!) <= found.boundDz);
    })
  );
  strictEqual(acc.create().rings.byteLength, acc.plan.stateBytes);
});

Deno.test("timeDifferences() are those of all pairs within the window, events out of order left out", () => {
  const rng = createRng("pairs"), n = 300, windowS = 40;
  const timeS = Float64Array.from({ length: n }, () => 400 * rng.uniform()).sort();
  const weight = rng.fillUniform(new Float64Array(n)), gamma = 1e-4;
  const acc = timeDifferences({
    maxFrequencyHz: 2,
    windowS,
    gammaPerS: [0, gamma],
    weighted: true,
  });
  const { nBins, binS } = acc.plan, expected = new Float64Array(2 * nBins);
  let pairs = 0, squares = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const a = timeS[j]!, b = timeS[i]!, w = weight[i]! * weight[j]!;
      if (!(b - a < windowS)) continue;
      pairs++;
      squares += w * w;
      expected[Math.floor((b - a) / binS)]! += w;
      const stretched = Math.floor((b + gamma / 2 * b * b - a - gamma / 2 * a * a) / binS);
      if (stretched < nBins) expected[nBins + stretched]! += w;
    }
  }
  const items: StreamItem[] = [batchOf({ timeS, weight })];
  const state = fold(acc, items), found = acc.result(state);
  strictEqual(found.pairs, pairs);
  ok(Math.abs(found.squares - squares) < 1e-9);
  found.histograms.forEach((value, d) => ok(Math.abs(value - expected[d]!) < 1e-9, `${d}`));
  acc.add(state, batchOf({ timeS: Float64Array.of(3, NaN), weight: Float64Array.of(1, 1) }));
  strictEqual(acc.result(state).late, 2);
  throws(() => acc.merge(state, fold(acc, items)), RangeError);
  const small = timeDifferences({ maxFrequencyHz: 2, windowS, maxEventsInWindow: 5 });
  throws(() => fold(small, items), /maxEventsInWindow/);
});

Deno.test("timeDifferences() hold no more events than those of two windows", () => {
  const acc = timeDifferences({ maxFrequencyHz: 1, windowS: 50 }), state = acc.create();
  for (let part = 0; part < 40; part++) {
    const timeS = Float64Array.from({ length: 500 }, (_, i) => 100 * part + i / 5);
    acc.add(state, batchOf({ timeS }));
    ok(acc.result(state).eventsHeld <= 502);
  }
  strictEqual(acc.result(state).n, 20_000);
  ok(state.tail.tauS.length < 2000);
  strictEqual(differencePeaks(acc.plan, acc.result(state), { fromHz: 1.5 }).length, 0);
});

Deno.test("cumulativeTest() is the H test of the events before each time", () => {
  const rng = createRng("cumulative"), n = 800;
  const timeS = Float64Array.from({ length: n }, () => 100 * rng.uniform());
  const phase = Float64Array.from({ length: n }, () => 0.5 + 0.2 * rng.normal());
  const weight = rng.fillUniform(new Float64Array(n)), timesS = [10, 35.5, 70, 99];
  const acc = cumulativeTest({ timesS, weighted: true });
  const found = acc.result(fold(acc, [batchOf({ timeS, phase, weight })]));
  timesS.forEach((t, i) => {
    const rows = [...timeS.keys()].filter((row) => timeS[row]! < t);
    const of = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
    const expected = hTest(sumPhases(of(phase), { weights: of(weight) }));
    strictEqual(found.events[i], rows.length);
    ok(Math.abs(found.h[i]! - expected.h) < 1e-9 * expected.h);
    strictEqual(found.harmonic[i], expected.harmonic);
    ok(Math.abs(found.logP[i]! - expected.logP) < 1e-9 * Math.abs(expected.logP));
  });
  throws(() => cumulativeTest({ timesS: [2, 1] }), RangeError);
  throws(() => cumulativeTest({ timesS: [] }), RangeError);
});

Deno.test("templateLikelihood() is Σ ln(w f + 1 − w), and its best shift has its error", () => {
  const width = 0.05,
    density = (x: number) =>
      Math.exp(Math.cos(2 * Math.PI * (x - 0.5)) / (2 * Math.PI * width) ** 2);
  const template = phaseTemplate(density, { nShifts: 64, samplesPerShift: 64 }),
    pulls: number[] = [];
  const acc = templateLikelihood(template, { weighted: true });
  const mean = Array.from({ length: 4096 }, (_, i) => density(i / 4096)).reduce((a, b) => a + b) /
    4096;
  for (let run = 0; run < 60; run++) {
    const rng = createRng(`template ${run}`), shift = rng.uniform(), n = 400;
    const weight = Float64Array.from({ length: n }, () => rng.uniform());
    const phase = weight.map((w) => {
      const x = rng.uniform() < w ? 0.5 + width * rng.normal() - shift : rng.uniform();
      return x - Math.floor(x);
    });
    const found = acc.result(fold(acc, [batchOf({ timeS: new Float64Array(n), phase, weight })]));
    if (run === 0) {
      for (const s of [0, 13, 63]) {
        let expected = 0;
        for (let i = 0; i < n; i++) {
          expected += Math.log(weight[i]! * density(phase[i]! + s / 64) / mean + 1 - weight[i]!);
        }
        ok(Math.abs(found.logL[s]! - expected) < 1e-3 * n, `${found.logL[s]} ${expected}`);
      }
    }
    const miss = found.bestShift - shift;
    pulls.push((miss - Math.round(miss)) / found.shiftError);
  }
  const spread = Math.sqrt(pulls.reduce((a, b) => a + b * b, 0) / pulls.length);
  ok(spread > 0.75 && spread < 1.3, `${spread}`); // 3 σ of 60 pulls
});
