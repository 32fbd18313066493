import { deepEqual, equal, notEqual, ok, throws } from "node:assert/strict";
import { createRng, gammaQ, normalSf, restoreRng } from "../../../src/numeric/mod.ts";

const N = 200_000;
// Each bound is 4.5 standard deviations: a chance of 7e-6 for a right generator, at a fixed seed.
const SIGMAS = 4.5;

function moments(values: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let m2 = 0, m4 = 0;
  for (let i = 0; i < values.length; i++) {
    const d = (values[i]! - mean) ** 2;
    m2 += d;
    m4 += d * d;
  }
  const variance = m2 / values.length;
  return { mean, variance, kurtosis: m4 / values.length / variance ** 2 };
}

/** Chance of a Kolmogorov-Smirnov distance as large, in the limit of many values. */
function ksChance(values: Float64Array, cdf: (x: number) => number): number {
  const sorted = values.toSorted(), n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const f = cdf(sorted[i]!);
    distance = Math.max(distance, (i + 1) / n - f, f - i / n);
  }
  const t = distance * Math.sqrt(n);
  let p = 0;
  for (let k = 1; k < 50; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * t * t);
  return p;
}

Deno.test("createRng() gives the sequence of sfc32", () => {
  // the algorithm again, in BigInt, from the state
  const rng = createRng("sequence"), { words } = rng.state(), mask = 0xffffffffn;
  let [a, b, c, d] = words.map(BigInt) as [bigint, bigint, bigint, bigint];
  const next = () => {
    const t = (a + b + d) & mask;
    d = (d + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + t) & mask;
    return Number(t);
  };
  for (let i = 0; i < 1000; i++) {
    const high = next() >>> 5, low = next() >>> 6;
    equal(rng.uniform(), (high * 2 ** 26 + low) / 2 ** 53);
  }
});

Deno.test("uniform() has the moments and the distribution of [0, 1)", () => {
  const values = createRng(1).fillUniform(new Float64Array(N));
  const { mean, variance } = moments(values);
  ok(Math.abs(mean - 0.5) < SIGMAS * Math.sqrt(1 / 12 / N));
  ok(Math.abs(variance - 1 / 12) < SIGMAS * Math.sqrt(1 / 180 / N));
  ok(values.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53)));
  ok(ksChance(values, (x) => x) > 1e-4);
});

Deno.test("normal() has the moments and the distribution of a Gaussian", () => {
  const values = createRng(2).fillNormal(new Float64Array(N));
  const { mean, variance, kurtosis } = moments(values);
  ok(Math.abs(mean) < SIGMAS / Math.sqrt(N));
  ok(Math.abs(variance - 1) < SIGMAS * Math.sqrt(2 / N));
  ok(Math.abs(kurtosis - 3) < SIGMAS * Math.sqrt(24 / N));
  ok(ksChance(values, (x) => normalSf(-x)) > 1e-4);
  const one = createRng(3), two = createRng(3);
  equal(one.normal(10, 2), 10 + 2 * two.normal());
});

Deno.test("exponential() has the distribution of its mean", () => {
  const rng = createRng(4), values = new Float64Array(N).map(() => rng.exponential(3));
  ok(Math.abs(moments(values).mean - 3) < SIGMAS * 3 / Math.sqrt(N));
  ok(ksChance(values, (x) => -Math.expm1(-x / 3)) > 1e-4);
});

for (const mean of [0.1, 3, 9.999, 10, 50, 1234.5, 1e6]) {
  Deno.test(`poisson() of mean ${mean} has the right moments and distribution`, () => {
    const rng = createRng(`poisson ${mean}`);
    const values = rng.fillPoisson(new Float64Array(N), mean), found = moments(values);
    ok(Math.abs(found.mean - mean) < SIGMAS * Math.sqrt(mean / N));
    ok(Math.abs(found.variance - mean) < SIGMAS * Math.sqrt((mean + 2 * mean * mean) / N));
    ok(values.every((k) => Number.isInteger(k) && k >= 0));
    // χ² of the counts below cuts of the exact distribution
    const cuts = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5].map((s) =>
      Math.floor(mean + s * Math.sqrt(mean))
    );
    const edges = [...new Set(cuts.filter((k) => k >= 0))];
    let chi2 = 0, last = 0, lastCdf = 0;
    for (const edge of [...edges, Infinity]) {
      const below = values.filter((k) => k <= edge).length;
      const cdf = edge === Infinity ? 1 : gammaQ(edge + 1, mean);
      const expected = (cdf - lastCdf) * N;
      chi2 += (below - last - expected) ** 2 / expected;
      last = below;
      lastCdf = cdf;
    }
    ok(gammaQ(edges.length / 2, chi2 / 2) > 1e-4, `chi2 ${chi2} for ${edges.length}`);
  });
}

Deno.test("poisson() of 0 is 0; bad means are refused", () => {
  equal(createRng(1).poisson(0), 0);
  for (const bad of [-1, NaN, Infinity]) throws(() => createRng(1).poisson(bad), RangeError);
  throws(() => createRng(1).fillPoisson(new Int32Array(2), [1]), TypeError);
});

Deno.test("fillPoisson() takes a mean for each element", () => {
  const means = [0, 0, 5, 1000], one = createRng(5), two = createRng(5);
  deepEqual([...one.fillPoisson(new Int32Array(4), means)], means.map((mean) => two.poisson(mean)));
});

Deno.test("integer() is uniform on [0, n)", () => {
  const rng = createRng(6), counts = new Float64Array(7);
  for (let i = 0; i < N; i++) counts[rng.integer(7)]!++;
  const chi2 = counts.reduce((sum, k) => sum + (k - N / 7) ** 2 / (N / 7), 0);
  ok(gammaQ(3, chi2 / 2) > 1e-4);
  throws(() => rng.integer(0), RangeError);
});

Deno.test("split() gives independent streams that depend on seed and label alone", () => {
  const parent = createRng(7), early = parent.split("a").uniform();
  parent.uniform();
  equal(parent.split("a").uniform(), early);
  notEqual(parent.split("b").uniform(), early);
  notEqual(parent.split(1).uniform(), parent.split("1").uniform());
  notEqual(createRng(8).split("a").uniform(), early);
  const a = parent.split("a").fillUniform(new Float64Array(N));
  const b = parent.split("b").fillUniform(new Float64Array(N));
  let covariance = 0;
  for (let i = 0; i < N; i++) covariance += (a[i]! - 0.5) * (b[i]! - 0.5);
  ok(Math.abs(covariance / N) < SIGMAS / 12 / Math.sqrt(N));
});

Deno.test("restoreRng() goes on where state() was taken, through JSON too", () => {
  const rng = createRng("state");
  rng.normal();
  const restored = restoreRng(JSON.parse(JSON.stringify(rng.state())));
  for (let i = 0; i < 10; i++) equal(restored.normal(), rng.normal());
  equal(restored.split("x").uniform(), rng.split("x").uniform());
  throws(() => restoreRng({ key: "k", words: [1, 2, 3, 2 ** 32], spare: null }), TypeError);
});
