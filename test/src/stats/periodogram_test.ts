import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  addPeriodogramEvents,
  addPhaseMoments,
  boundDz,
  createPeriodogramPlan,
  createPeriodogramSums,
  createPhaseMoments,
  eventPeriodogram,
  exactPeriodogram,
  foldedPeriodogram,
  hTest,
  momentSums,
  type Periodogram,
  phaseogramSearch,
  phaseSums,
  profileSums,
  readPeriodogram,
  tilePeriodogram,
  z2n,
} from "../../../src/stats/mod.ts";
import { exactPhase } from "../../_tools/exact_phase.ts";

/** Events of [0, T), some of them in a pulse at f. */
function pulsedTimes(seed: string, n: number, T: number, f: number, part: number): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => {
    const t = T * rng.uniform();
    return rng.uniform() < part ? (Math.floor(t * f) + 0.3 + 0.05 * rng.normal()) / f : t;
  });
}

function worst(a: Periodogram, b: Periodogram): number {
  let most = 0;
  a.z2.forEach((z2, n) =>
    z2.forEach((value, i) => most = Math.max(most, Math.abs(value - b.z2[n]![i]!)))
  );
  return most;
}

Deno.test("eventPeriodogram() agrees with exact sums within the bound that it states, at every width", () => {
  const T = 3e4, timeS = pulsedTimes("width", 3000, T, 12.34, 0.2);
  const weights = createRng("weights").fillUniform(new Float64Array(3000));
  const grid = {
    f0CentreHz: 12.3405,
    spanS: T,
    nTrials: 301,
    maxHarmonic: 5,
    f1HzPerS: [-2e-9, 0, 1e-9],
    referenceS: T / 3,
  };
  for (const events of [{ timeS }, { timeS, weights }]) {
    const exact = exactPeriodogram(events, grid);
    for (
      const [pointsPerSide, most] of [[3, 4], [4, 0.1], [5, 1e-3], [6, 1e-5], [7, 1e-7]] as const
    ) {
      const found = eventPeriodogram(events, { ...grid, pointsPerSide });
      ok(found.boundDz < most, `${pointsPerSide}: bound ${found.boundDz}`);
      ok(worst(found, exact) <= found.boundDz, `${pointsPerSide}: ${worst(found, exact)}`);
      found.h.forEach((h, i) => ok(Math.abs(h - exact.h[i]!) <= found.boundDz));
    }
  }
});

Deno.test("eventPeriodogram() agrees with exact sums for odd and even numbers of trials, few and many", () => {
  const timeS = pulsedTimes("shape", 200, 500, 3, 0.5);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 4 }),
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: 1e-5, max: 5, noNaN: true }),
      (nTrials, maxHarmonic, f0CentreHz, stepHz) => {
        const grid = { f0CentreHz, stepHz, nTrials, maxHarmonic, referenceS: 100 };
        const found = eventPeriodogram({ timeS }, grid), exact = exactPeriodogram({ timeS }, grid);
        ok(worst(found, exact) <= found.boundDz + 1e-8, `${worst(found, exact)}`);
        deepEqual(found.f0Hz, exact.f0Hz);
        equal(found.f0Hz[Math.floor(nTrials / 2)], f0CentreHz);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("periodograms keep their phases over ten years at 700 Hz", () => {
  // times on their 60 ns grid; phases in integer arithmetic
  const rng = createRng("long"), f0 = 700.123456789, f1 = -1.3e-13, referenceS = 1.6e8 + 0.123456;
  const timeS = Float64Array.from({ length: 400 }, () => 3e8 * rng.uniform());
  const phase = timeS.map((t) => exactPhase(t, [referenceS], [0, f0, f1]));
  const exact = z2n(phaseSums(phase, { maxHarmonic: 4 }));
  const grid = {
    f0CentreHz: f0,
    stepHz: 1e-9,
    nTrials: 5,
    maxHarmonic: 4,
    f1HzPerS: [f1],
    referenceS,
  };
  for (const one of [eventPeriodogram({ timeS }, grid), exactPeriodogram({ timeS }, grid)]) {
    one.z2.forEach((z2, n) => ok(Math.abs(z2[2]! - exact[n]!) < 1e-6, `${z2[2]} ${exact[n]}`));
  }
});

Deno.test("addPeriodogramEvents() gives the same bits however the events are cut, and states add", () => {
  const timeS = pulsedTimes("cut", 1500, 1000, 7, 0.3);
  const weights = createRng("w").fillUniform(new Float64Array(1500));
  timeS[17] = NaN;
  weights[99] = Infinity;
  const plan = createPeriodogramPlan({
    f0CentreHz: 7,
    spanS: 1000,
    nTrials: 64,
    f1HzPerS: [0, 1e-6],
  });
  const whole = addPeriodogramEvents(plan, createPeriodogramSums(plan), { timeS, weights });
  equal(whole.n, 1498);
  equal(whole.outside, 2);
  fc.assert(
    fc.property(fc.array(fc.nat(1500), { maxLength: 9 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), 1500], sums = createPeriodogramSums(plan);
      const parts = createPeriodogramSums(plan);
      for (let i = 1; i < edges.length; i++) {
        const range = [edges[i - 1]!, edges[i]!] as const;
        const part = { timeS: timeS.slice(...range), weights: weights.slice(...range) };
        addPeriodogramEvents(plan, sums, part);
        const own = addPeriodogramEvents(plan, createPeriodogramSums(plan), part).rings;
        own.forEach((value, at) => parts.rings[at]! += value);
      }
      deepEqual(sums, whole);
      parts.rings.forEach((value, at) => ok(Math.abs(value - whole.rings[at]!) < 1e-10));
    }),
    { numRuns: 20 },
  );
});

Deno.test("readPeriodogram() may be taken at any time and leaves the sums alone; without events it is NaN", () => {
  const plan = createPeriodogramPlan({ f0CentreHz: 7, spanS: 1000, nTrials: 64 });
  const sums = createPeriodogramSums(plan), empty = readPeriodogram(plan, sums);
  ok(empty.z2[1]!.every(Number.isNaN) && empty.h.every(Number.isNaN) && empty.boundDz === 0);
  addPeriodogramEvents(plan, sums, { timeS: pulsedTimes("read", 100, 1000, 7, 1) });
  const before = structuredClone(sums), first = readPeriodogram(plan, sums);
  deepEqual(readPeriodogram(plan, sums), first);
  deepEqual(sums, before);
  ok(Math.abs(first.spanS / 1000 - 1) < 0.15, `${first.spanS}`);
});

Deno.test("createPeriodogramPlan() states its memory and refuses more than it may use", () => {
  const grid = {
    f0CentreHz: 10,
    stepHz: 1e-6,
    nTrials: 100_000,
    maxHarmonic: 3,
    f1HzPerS: [0, 1e-9],
  };
  const plan = createPeriodogramPlan(grid);
  equal(createPeriodogramSums(plan).rings.byteLength, plan.stateBytes);
  equal(plan.memoryBytes, plan.stateBytes + plan.readBytes);
  throws(
    () => createPeriodogramPlan({ ...grid, maxBytes: plan.memoryBytes - 1 }),
    /tilePeriodogram/,
  );
  throws(() => createPeriodogramPlan({ f0CentreHz: 1, nTrials: 5 }), TypeError);
  throws(
    () => createPeriodogramPlan({ f0CentreHz: 1, nTrials: 5, stepHz: 1, spanS: 1 }),
    TypeError,
  );
  throws(() => createPeriodogramPlan({ f0CentreHz: NaN, nTrials: 5, stepHz: 1 }), RangeError);
  throws(() => createPeriodogramPlan({ f0CentreHz: 1, nTrials: 0, stepHz: 1 }), RangeError);
  throws(() => createPeriodogramPlan({ f0CentreHz: 1, nTrials: 5, stepHz: -1 }), RangeError);
  throws(
    () => createPeriodogramPlan({ f0CentreHz: 1, nTrials: 5, stepHz: 1, pointsPerSide: 2 }),
    RangeError,
  );
});

Deno.test("tilePeriodogram() gives every trial once, in parts that fit", () => {
  const timeS = pulsedTimes("tile", 500, 1000, 7, 0.3);
  const whole = { f0CentreHz: 7, spanS: 1000, nTrials: 10_001, maxHarmonic: 2, referenceS: 500 };
  const tiles = tilePeriodogram({ ...whole, maxBytes: 600_000 });
  ok(tiles.length > 2);
  const found = tiles.map((tile) => eventPeriodogram({ timeS }, tile));
  found.forEach(({ tile }, index) => deepEqual(tile, { index, count: tiles.length }));
  const all = eventPeriodogram({ timeS }, whole), joined = found.flatMap(({ f0Hz }) => [...f0Hz]);
  equal(joined.length, 10_001);
  joined.forEach((f, i) => ok(Math.abs(f - all.f0Hz[i]!) < 1e-12));
  found.flatMap(({ z2 }) => [...z2[1]!]).forEach((z, i) => ok(Math.abs(z - all.z2[1]![i]!) < 1e-6));
  deepEqual(tilePeriodogram(whole).length, 1);
  throws(() => tilePeriodogram({ ...whole, maxBytes: 1000 }), RangeError);
});

Deno.test("foldedPeriodogram() lies within its bound of exact sums, and tends to them with its bins", () => {
  const T = 2000, timeS = pulsedTimes("fold", 2000, T, 5, 0.3);
  const weights = createRng("fold w").fillUniform(new Float64Array(2000));
  const grid = { f0CentreHz: 5, spanS: T, nTrials: 21, maxHarmonic: 3, f1HzPerS: [0, 1e-7] };
  const exact = exactPeriodogram({ timeS, weights }, grid);
  let before = Infinity;
  for (const nBins of [32, 128, 512]) {
    const found = foldedPeriodogram({ timeS, weights }, { ...grid, nBins });
    ok(worst(found, exact) <= found.boundDz && worst(found, exact) < before / 2, `${nBins}`);
    before = worst(found, exact);
    equal(found.chi2Dof, nBins - 1);
  }
  throws(() => foldedPeriodogram({ timeS }, { ...grid, nBins: 5 }), RangeError);
});

Deno.test("profileSums() of few bins are those of events in the middle of the bins", () => {
  const profile = [3, 1, 0, 2, 5], phase = new Float64Array(11);
  let n = 0;
  profile.forEach((count, j) => {
    for (let i = 0; i < count; i++) phase[n++] = (j + 0.5) / 5;
  });
  const found = profileSums(profile), exact = phaseSums(phase, { maxHarmonic: 2 });
  for (const name of ["cos", "sin"] as const) {
    found[name].forEach((value, k) => ok(Math.abs(value - exact[name][k]!) < 1e-13));
  }
  equal(found.n, 11);
  equal(found.sumW2, 11);
  throws(() => profileSums([1]), TypeError);
  throws(() => profileSums([1, 2], { sumW2: [1] }), TypeError);
  throws(() => profileSums([1, 2, 3], { maxHarmonic: 2 }), RangeError);
});

Deno.test("profileSums() with correction give the harmonics of a smooth pulse back", () => {
  // bins hold the integral of 1 + ½ cos 2πx + ¼ sin 6πx, a hundredfold
  const integral = (x: number) =>
    100 *
    (x + Math.sin(2 * Math.PI * x) / (4 * Math.PI) - Math.cos(6 * Math.PI * x) / (24 * Math.PI));
  const profile = Array.from({ length: 10 }, (_, j) => integral((j + 1) / 10) - integral(j / 10));
  const { cos, sin } = profileSums(profile, { maxHarmonic: 4, correctBinning: true });
  [25, 0, 0, 0].forEach((c, k) => ok(Math.abs(cos[k]! - c) < 1e-12, `${cos}`));
  [0, 0, 12.5, 0].forEach((s, k) => ok(Math.abs(sin[k]! - s) < 1e-12, `${sin}`));
  const plain = profileSums(profile, { maxHarmonic: 4 }), x = Math.PI / 10;
  ok(Math.abs(plain.cos[0]! - 25 * Math.sin(x) / x) < 1e-12);
});

Deno.test("momentSums() keep the bound that they state", () => {
  const rng = createRng("moments"),
    phase = Float64Array.from({ length: 4000 }, () => 10 * rng.uniform() - 5);
  const weights = rng.fillUniform(new Float64Array(4000));
  for (const w of [undefined, weights]) {
    const exact = phaseSums(phase, { weights: w });
    const halves = addPhaseMoments(
      createPhaseMoments(),
      phase.subarray(0, 1000),
      w?.subarray(0, 1000),
    );
    addPhaseMoments(halves, phase.subarray(1000), w?.subarray(1000));
    const found = momentSums(halves);
    for (let k = 1; k <= 20; k++) {
      const bound = (Math.PI * k / 1024) ** 3 / 6 * exact.sumW + 1e-9;
      ok(Math.abs(found.cos[k - 1]! - exact.cos[k - 1]!) <= bound, `${k}`);
      ok(Math.abs(found.sin[k - 1]! - exact.sin[k - 1]!) <= bound, `${k}`);
    }
    ok(Math.abs(hTest(found).h - hTest(exact).h) < 1e-3);
    equal(found.n, 4000);
    ok(Math.abs(found.sumW - exact.sumW) < 1e-9 && Math.abs(found.sumW2 - exact.sumW2) < 1e-9);
  }
  throws(() => createPhaseMoments(10), RangeError);
  throws(() => addPhaseMoments(createPhaseMoments(), phase, new Float64Array(3)), TypeError);
});

Deno.test("phaseogramSearch() finds the drift of a phaseogram, as the events themselves tell", () => {
  const T = 10_000, f = 2.5, f1 = 3e-8, rng = createRng("drift"), n = 4000, rows = 50, bins = 32;
  const timeS = Float64Array.from({ length: n }, (_, i) => {
    const t = T * rng.uniform() - T / 2;
    if (i % 3 !== 0) return t;
    const cycle = Math.round(f * t + f1 / 2 * t * t) + 0.05 * rng.normal();
    return cycle / f - f1 / 2 * (cycle / f) ** 2 / f;
  });
  const fold = f + 2e-4, data = new Float64Array(rows * bins);
  for (const t of timeS) {
    const x = fold * t, row = Math.min(rows - 1, Math.max(0, Math.floor((t / T + 0.5) * rows)));
    data[row * bins + Math.floor((x - Math.floor(x)) * bins)]!++;
  }
  const edgesS = Array.from({ length: rows + 1 }, (_, r) => (r / rows - 0.5) * T);
  const grid = { f0CentreHz: f, spanS: T, nTrials: 31, f1HzPerS: [-3e-8, 0, 3e-8], maxHarmonic: 2 };
  const counts = { data, shape: [rows, bins] };
  const found = phaseogramSearch({ edgesS, counts }, { ...grid, foldF0Hz: fold });
  const exact = eventPeriodogram({ timeS }, grid), z2 = found.z2[1]!;
  const top = (values: Float64Array) => values.indexOf(Math.max(...values));
  equal(top(z2), top(exact.z2[1]!));
  equal(Math.floor(top(z2) / 31), 2);
  const at = top(z2);
  ok(z2[at]! > 0.93 * exact.z2[1]![at]! && Math.abs(z2[at]! - exact.z2[1]![at]!) < found.boundDz);
  throws(() => phaseogramSearch({ edgesS: [0], counts }, { ...grid, foldF0Hz: fold }), TypeError);
});

Deno.test("boundDz() bounds what sums that are wrong by ε can do", () => {
  fc.assert(fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (i, phase) => {
    const n = 500, epsilon = 1e-3, size = i, error = epsilon * n;
    const z2 = 2 / n * size ** 2;
    const re = size + error * Math.cos(2 * Math.PI * phase),
      im = error * Math.sin(2 * Math.PI * phase);
    const moved = Math.abs(2 / n * (re * re + im * im) - z2);
    ok(moved <= boundDz(z2, { n: 1, epsilon, sumAbsW: n, sumW2: n }) * (1 + 1e-12));
  }));
});
