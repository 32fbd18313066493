/** Time per event: divide by 2^20 events. */
import { cos2pi, createRng, sin2pi } from "../../src/numeric/mod.ts";
import { createPhaseSums, phaseSums } from "../../src/stats/mod.ts";

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
