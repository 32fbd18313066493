/** Time per event: divide by 2^20 events. */
import { cos2pi, createRng, sin2pi } from "../../src/numeric/mod.ts";
import {
  createPhaseSums,
  eventBlocks,
  excessErrorsColumns,
  excessesForSignificance,
  excessUpperLimits,
  feldmanCousins,
  fitStatistics,
  phaseSums,
  pointBlocks,
  statSlopes,
  statSum,
} from "../../src/stats/mod.ts";

const N = 1 << 20;
const phase = createRng(1).fillUniform(new Float64Array(N));
const weights = createRng(2).fillUniform(new Float64Array(N));
const out = new Float64Array(N);

Deno.bench("calibration: multiply and add, 2^20 values", { group: "calibration" }, () => {
  for (let i = 0; i < N; i++) out[i] = phase[i]! * weights[i]! + 1;
});

Deno.bench("sin2pi and cos2pi, 2^20 phases", { group: "sincos", baseline: true }, () => {
  for (let i = 0; i < N; i++) out[i] = sin2pi(phase[i]!) + cos2pi(phase[i]!);
});

Deno.bench("Math.sin and Math.cos, 2^20 phases", { group: "sincos" }, () => {
  for (let i = 0; i < N; i++) {
    const a = 2 * Math.PI * phase[i]!;
    out[i] = Math.sin(a) + Math.cos(a);
  }
});

Deno.bench("phaseSums, 20 harmonics, 2^20 events", { group: "sums" }, () => {
  phaseSums(phase);
});

Deno.bench("phaseSums, 20 harmonics, weights, 2^20 events", { group: "sums" }, () => {
  phaseSums(phase, { weights });
});

Deno.bench("phaseSums, 2 harmonics, 2^20 events", { group: "sums" }, () => {
  phaseSums(phase, { maxHarmonic: 2 });
});

Deno.bench("phaseSums, 20 harmonics, batches of 4096, 2^20 events", { group: "sums" }, () => {
  const into = createPhaseSums(20);
  for (let from = 0; from < N; from += 4096) phaseSums(phase.subarray(from, from + 4096), { into });
});

Deno.bench("Poisson of mean 3, 2^20 values", { group: "random" }, () => {
  createRng(3).fillPoisson(out, 3);
});

Deno.bench("Poisson of mean 50, 2^20 values", { group: "random" }, () => {
  createRng(3).fillPoisson(out, 50);
});

Deno.bench("normal, 2^20 values", { group: "random" }, () => {
  createRng(3).fillNormal(out);
});

const BINS = 1 << 16, rng = createRng("bins");
const mu = Float64Array.from(
  { length: BINS },
  () => rng.uniform() < 0.5 ? 0.2 : 30 * rng.uniform(),
);
const counts = mu.map((m) => rng.poisson(m)), countsOff = mu.map((m) => rng.poisson(2 * m));
const measured = { counts, countsOff, alpha: mu.map(() => 0.3) }, slopes = new Float64Array(BINS);
let sink = 0;

for (const format of ["cash", "cstat", "wstat"]) {
  const statistic = fitStatistics.lookup("fit-statistic", format);
  Deno.bench(`${format}, sum, 2^16 bins (half of them mostly empty)`, { group: "fit" }, () => {
    sink += statSum(statistic, measured, mu);
  });
  Deno.bench(`${format}, sum and slopes, 2^16 bins`, { group: "fit" }, () => {
    sink += statSlopes(statistic, measured, mu, slopes);
  });
}

const rows = 10_000, head = (of: Float64Array) => of.subarray(0, rows);
const onOff = { nOn: head(counts), nOff: head(countsOff), alpha: head(measured.alpha) };
const known = { nOn: head(counts), background: head(mu) };
Deno.bench("upper limits over a known background, 1e4", { group: "limits" }, () => {
  sink += excessUpperLimits(known)[0]!;
});
Deno.bench("upper limits over a measured background, 1e4", { group: "limits" }, () => {
  sink += excessUpperLimits(onOff)[0]!;
});
Deno.bench("both errors over a measured background, 1e4", { group: "limits" }, () => {
  sink += excessErrorsColumns(onOff).errn[0]!;
});
Deno.bench("excess of 5 sigma over a measured background, 1e4", { group: "limits" }, () => {
  sink += excessesForSignificance(onOff, 5)[0]!;
});
Deno.bench("Feldman-Cousins intervals, n = 0..99, b = 3", { group: "limits" }, () => {
  for (let n = 0; n < 100; n++) sink += feldmanCousins(n, 3).upper;
});

const steady = rng.fillUniform(new Float64Array(10_000)), flaring = steady.map((t) => t ** 3);
Deno.bench("Bayesian blocks of 1e4 events, steady", { group: "blocks" }, () => {
  sink += eventBlocks(steady).first.length;
});
Deno.bench("Bayesian blocks of 1e4 events, rate t^(-2/3)", { group: "blocks" }, () => {
  sink += eventBlocks(flaring).first.length;
});
const series = { timeS: head(mu.map((_, i) => i)), value: head(mu), error: head(mu.map(() => 15)) };
Deno.bench("Bayesian blocks of 1e4 values, steady", { group: "blocks" }, () => {
  sink += pointBlocks(series).first.length;
});
if (Number.isNaN(sink)) throw new Error("a bench gave NaN");
