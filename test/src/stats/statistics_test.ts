import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { createRng, gammaQ } from "../../../src/numeric/mod.ts";
import {
  cosineTest,
  createPhaseSums,
  foldingTest,
  hTest,
  phaseSums,
  phasogramBackground,
  phasogramErrors,
  rayleighTest,
  z2n,
} from "../../../src/stats/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

Deno.test("phaseSums() agrees with Math.sin and Math.cos at every harmonic", () => {
  const phase = createRng(1).fillUniform(new Float64Array(300)),
    weights = phase.map((x) => 1 - x * x);
  for (const K of [1, 2, 3, 4, 5, 8, 20, 61]) {
    const sums = phaseSums(phase, { weights, maxHarmonic: K });
    for (let k = 1; k <= K; k++) {
      let c = 0, s = 0;
      for (let i = 0; i < phase.length; i++) {
        c += weights[i]! * Math.cos(2 * Math.PI * k * phase[i]!);
        s += weights[i]! * Math.sin(2 * Math.PI * k * phase[i]!);
      }
      ok(Math.abs(sums.cos[k - 1]! - c) < 1e-12 && Math.abs(sums.sin[k - 1]! - s) < 1e-12, `${k}`);
    }
  }
});

Deno.test("phaseSums() is exact to 2e-16 k² for an event, also where the recurrence is worst", () => {
  for (let i = -2000; i <= 2000; i++) {
    const phase = i / 4096 * (Math.abs(i) < 1000 ? 1e-3 : 1),
      sums = phaseSums(new Float64Array([phase]));
    for (let k = 1; k <= 20; k++) {
      // k·phase is exact: 12 bits of phase, 5 of k (or 53 where it is scaled, off by half a unit)
      const angle = 2 * Math.PI * (k * phase - Math.round(k * phase));
      ok(Math.abs(sums.cos[k - 1]! - Math.cos(angle)) <= 2e-16 * k * k + 3e-16, `${phase} ${k}`);
      ok(Math.abs(sums.sin[k - 1]! - Math.sin(angle)) <= 2e-16 * k * k + 3e-16, `${phase} ${k}`);
    }
  }
});

Deno.test("phaseSums() gives the same bits however the events are cut into batches", () => {
  const phase = createRng(2).fillUniform(new Float64Array(2000));
  const weights = createRng(3).fillUniform(new Float64Array(2000));
  fc.assert(
    fc.property(
      fc.array(fc.nat(2000), { maxLength: 12 }),
      fc.constantFrom(1, 3, 4, 20),
      fc.boolean(),
      (cuts, maxHarmonic, weighted) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), 2000], into = createPhaseSums(maxHarmonic);
        for (let i = 1; i < edges.length; i++) {
          const part = (a: Float64Array) => a.subarray(edges[i - 1], edges[i]);
          phaseSums(part(phase), { into, weights: weighted ? part(weights) : undefined });
        }
        const whole = phaseSums(phase, { maxHarmonic, weights: weighted ? weights : undefined });
        deepEqual(into, whole);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("phaseSums() uses n events, and weights of 1 are no weights", () => {
  const phase = createRng(4).fillUniform(new Float64Array(500)),
    ones = new Float64Array(500).fill(1);
  deepEqual(phaseSums(phase, { n: 300 }), phaseSums(phase.subarray(0, 300)));
  deepEqual(phaseSums(phase, { weights: ones }), phaseSums(phase));
  deepEqual(phaseSums(phase, { n: 0 }), createPhaseSums(20));
});

Deno.test("phaseSums() refuses what does not fit", () => {
  const phase = new Float64Array(3);
  throws(() => phaseSums(phase, { weights: new Float64Array(2) }), TypeError);
  throws(() => phaseSums(phase, { into: createPhaseSums(4), maxHarmonic: 5 }), TypeError);
  throws(() => phaseSums(phase, { n: 4 }), RangeError);
  throws(() => phaseSums(phase, { maxHarmonic: 0 }), RangeError);
  throws(() => z2n(phaseSums(phase, { maxHarmonic: 2 }), 3), RangeError);
  throws(() => hTest(phaseSums(phase, { maxHarmonic: 2 })), RangeError);
});

Deno.test("phaseSums() keeps NaN", () => {
  ok(Number.isNaN(phaseSums(new Float64Array([0.1, NaN])).cos[0]!));
  const { h, p } = hTest(phaseSums(new Float64Array(0)));
  ok(Number.isNaN(h) && Number.isNaN(p));
});

Deno.test("z2n() is χ² with 2n degrees of freedom without a signal, weighted or not", () => {
  // 400 samples; the chance of χ² in 10 equal classes below 1e-4 is 1e-4 at a fixed seed
  for (const weighted of [false, true]) {
    const rng = createRng(`null ${weighted}`), counts = new Float64Array(10);
    for (let sample = 0; sample < 400; sample++) {
      const phase = rng.fillUniform(new Float64Array(200));
      const weights = weighted ? rng.fillUniform(new Float64Array(200)) : undefined;
      const p = gammaQ(2, z2n(phaseSums(phase, { maxHarmonic: 2, weights }))[1]! / 2);
      counts[Math.min(Math.floor(10 * p), 9)]!++;
    }
    const chi2 = counts.reduce((sum, k) => sum + (k - 40) ** 2 / 40, 0);
    ok(gammaQ(4.5, chi2 / 2) > 1e-4, `${chi2}`);
  }
});

Deno.test("rayleighTest() and cosineTest() find a shifted cosine", () => {
  const phase = new Float64Array([0.3, 0.3, 0.55]),
    { value, logP } = rayleighTest(phaseSums(phase));
  ok(Math.abs(value - 2 / 3 * 5) < 1e-12);
  ok(Math.abs(logP + value / 2) < 1e-12);
  const { c, sigma } = cosineTest(phaseSums(phase), { phase0: 0.3, maxHarmonic: 2 });
  ok(Math.abs(c[0]! - 4 / 3) < 1e-12 && Math.abs(c[1]! - 2 / 3 * (2 + 1)) < 1e-12);
  ok(Math.abs(sigma[0]! - 2 * Math.sqrt(2 / 3)) < 1e-12);
});

Deno.test("foldingTest() is the sum of squares over the variance", () => {
  const { value, dof, p } = foldingTest([5, 5, 5, 5]);
  deepEqual([value, dof, p], [0, 3, 1]);
  // weights of 2: a profile twice as high with Σw² four times as high has the same χ²
  equal(foldingTest([20, 60], [40, 120]).value, foldingTest([10, 30]).value);
  throws(() => foldingTest([1]), TypeError);
  throws(() => foldingTest([1, 2], [1]), TypeError);
});

Deno.test("phasogramErrors() and phasogramBackground() follow the 2PC convention", () => {
  deepEqual([...phasogramErrors(new Float64Array([0, 16]))], [0, 4]);
  equal(phasogramBackground({ sumW: 12, sumW2: 7 }, 5), 1);
  throws(() => phasogramBackground({ sumW: 1, sumW2: 1 }, 0), RangeError);
});

referenceTest("pulsar.json", "A02", [], ({ inputs, expected, tolerance }) => {
  equal(inputs["phases"], "linspace(0,1,101)");
  const phase = new Float64Array(101).map((_, i) => i / 100), atol = tolerance["abs"] as number;
  const weights = phase.map((_, i) => i < 50 ? 1 : 0);
  const options = { maxHarmonic: inputs["maxharm_H"] as number, c: inputs["c"] as number };
  const plain = phaseSums(phase), weighted = phaseSums(phase, { weights });
  agrees(hTest(plain, options).h, expected["H"], { atol }, "H");
  agrees(hTest(weighted, options).h, expected["H_weighted"], { atol }, "H weighted");
  agrees(z2n(plain, 4)[3], expected["Z2_4"], { atol }, "Z2_4");
  agrees(z2n(weighted, 4)[3], expected["Z2_4_weighted"], { atol }, "Z2_4 weighted");
});

referenceTest("pulsar.json", "A08", [], ({ inputs, expected, tolerance }) => {
  const n = inputs["n"] as number;
  const found = (inputs["phases"] as number[][]).map((phases) =>
    z2n(phaseSums(new Float64Array(phases)), n)[n - 1]!
  );
  agrees(found, expected["Z2_2"], { atol: tolerance["abs"] as number }, "Z2_2");
  equal(Math.abs(found[1]! - found[2]!) < (tolerance["abs"] as number), expected["equal_pair"]);
});

referenceTest("pulsar.json", "A11", [], ({ inputs, expected, tolerance }) => {
  equal(inputs["phases"], "(i*0.61803398875 mod 1)^2, i=0..999");
  const phase = new Float64Array(1000).map((_, i) => (i * 0.61803398875 % 1) ** 2);
  const { c } = cosineTest(phaseSums(phase), { maxHarmonic: inputs["m"] as number });
  agrees(c, expected["Cm"], { rtol: tolerance["rel"] as number }, "Cm");
});

referenceTest("pulsar.json", "B01", [], ({ inputs, expected, tolerance }) => {
  const N = 20000, T = 10000, f = inputs["frequency"] as number, u = mulberry32(12345);
  const time = new Float64Array(N), weights = new Float64Array(N);
  let sum = 0;
  for (let i = 0; i < N; i++) {
    const u1 = u(), u2 = u(), u3 = u(), u4 = u(), u5 = u();
    const pulsed = u1 < 0.1;
    time[i] = pulsed ? (Math.floor(u5 * T * f) + 0.3 + 0.1 * (u2 + u3 + u4 - 1.5)) / f : u2 * T;
    weights[i] = pulsed ? 0.3 + 0.7 * u4 : 0.9 * u3;
    sum += time[i]!;
  }
  const rtol = tolerance["rel"] as number, like = { rtol };
  agrees(sum, expected["sum_t"], like, "sum of times");
  agrees(time.subarray(0, 3), expected["first3"], like, "first times");
  const phase = time.map((t) => t * f - Math.floor(t * f)), profile = new Float64Array(16);
  for (const x of phase) profile[Math.floor(16 * x)]!++;
  const sums = phaseSums(phase), { h, harmonic } = hTest(sums);
  agrees(z2n(sums, 4), expected["Z2"], like, "Z2");
  agrees(h, expected["H"], like, "H");
  equal(harmonic, expected["H_harmonic"]);
  agrees(hTest(phaseSums(phase, { weights })).h, expected["H_weighted"], like, "H weighted");
  agrees(profile, expected["profile16"], { rtol: 0 }, "profile");
  agrees(foldingTest(profile).value, expected["chi2_16"], like, "chi2");
});
