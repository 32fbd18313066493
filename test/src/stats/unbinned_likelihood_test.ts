import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import { type DensityTable, fitAmplitudes, unbinnedLikelihood } from "../../../src/stats/mod.ts";
import { newton, plainLogLikelihood } from "../../_tools/plain_newton.ts";

/** Densities of `size` components with lines of their own, and so many events. */
function tableOf(seed: number, n: number, size: number, isWeighted = false): DensityTable {
  const rng = createRng(seed);
  const densities = Array.from(
    { length: size },
    (_, k) =>
      Float64Array.from({ length: n }, (_, i) => (i % size === k ? 3 : 0.3) * rng.uniform() + 0.01),
  );
  const weights = Float64Array.from({ length: n }, () => rng.integer(4) + 0.5);
  const expected = densities.map(() => n / size * (0.5 + rng.uniform()));
  return { n, densities, expected, ...(isWeighted ? { weights } : {}) };
}

const close = (a: number, b: number, rtol: number) =>
  ok(Math.abs(a - b) <= rtol * Math.max(Math.abs(a), Math.abs(b)), `${a} is not ${b}`);

Deno.test("unbinnedLikelihood() is the plain sum, with and without weights", () => {
  for (const [seed, n, size] of [[1, 0, 1], [2, 7, 1], [3, 513, 2], [4, 2000, 5]] as const) {
    for (const isWeighted of [false, true]) {
      const table = tableOf(seed, n, size, isWeighted), amplitudes = [1.5, 0.3, 2, 0.9, 0.1];
      const used = amplitudes.slice(0, size);
      const { logLikelihood } = unbinnedLikelihood(table, used);
      close(logLikelihood, plainLogLikelihood(table, used), 1e-12);
    }
  }
});

Deno.test("unbinnedLikelihood() keeps its precision where densities are extreme", () => {
  for (const size of [1e-300, 1e-160, 1e-80, 1e-36, 1e80, 1e160, 1e300]) {
    const column = Float64Array.from({ length: 24 }, (_, i) => i % 2 === 0 ? size : 1 / size);
    const table = { n: 24, densities: [column.map((x, i) => x * (1 + i / 24))], expected: [0] };
    const { logLikelihood } = unbinnedLikelihood(table, [1]);
    ok(Math.abs(logLikelihood - plainLogLikelihood(table, [1])) < 1e-11);
  }
});

Deno.test("unbinnedLikelihood(): the gradient is that of differences", () => {
  for (const isWeighted of [false, true]) {
    const table = tableOf(9, 1500, 4, isWeighted), at = [0.7, 1.3, 0.2, 2], h = 1e-5;
    const { gradient } = unbinnedLikelihood(table, at);
    at.forEach((_, k) => {
      const moved = (step: number) =>
        plainLogLikelihood(table, at.map((a, j) => j === k ? a + step : a));
      const numeric = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      ok(Math.abs(gradient[k]! - numeric) < 1e-5 * (1 + Math.abs(numeric)));
    });
  }
});

Deno.test("unbinnedLikelihood() is −∞ where an event has no density", () => {
  const of = (values: number[], a: number) =>
    unbinnedLikelihood(
      { n: values.length, densities: [Float64Array.from(values)], expected: [1] },
      [a],
    ).logLikelihood;
  strictEqual(of([1, 0, 1], 1), -Infinity);
  strictEqual(of([1, 1], -1), -Infinity);
  strictEqual(of([1, NaN], 1), -Infinity);
  strictEqual(of([], 2), -2);
  throws(
    () => unbinnedLikelihood({ n: 0, densities: [], expected: [] }, [1]),
    TypeError,
  );
});

Deno.test("fitAmplitudes() finds what a plain Newton finds", () => {
  for (const [seed, n, size] of [[1, 50, 1], [2, 800, 2], [3, 3000, 3], [4, 5000, 5]] as const) {
    for (const isWeighted of [false, true]) {
      const table = tableOf(seed, n, size, isWeighted), fit = fitAmplitudes(table);
      ok(fit.converged, fit.reason);
      const { amplitudes, errors } = newton(table);
      fit.amplitudes.forEach((a, k) => {
        ok(Math.abs(a - amplitudes[k]!) < 1e-9 * errors[k]!);
        close(fit.errors[k]!, errors[k]!, 1e-8);
      });
    }
  }
});

Deno.test("fitAmplitudes() finds negative amplitudes", () => {
  const rng = createRng(4), n = 4000;
  // Background 1, signal a bump of mean 1, fewer events in the bump than the background alone gives.
  const bump = Float64Array.from({ length: n }, () => rng.uniform() < 0.05 ? 5 : 0.5);
  const table = { n, densities: [bump, new Float64Array(n).fill(1)], expected: [n, n] };
  const fit = fitAmplitudes(table, { start: [0, 1], fixed: [false, true] });
  ok(fit.converged && fit.amplitudes[0]! < 0 && fit.errors[0]! > 0);
  strictEqual(fit.amplitudes[1], 1);
  strictEqual(fit.errors[1], 0);
  ok(Math.abs(unbinnedLikelihood(table, fit.amplitudes).gradient[0]!) < 1e-6);
});

Deno.test("fitAmplitudes() holds what is fixed", () => {
  const table = tableOf(5, 1000, 3), free = fitAmplitudes(table);
  const held = fitAmplitudes(table, { start: [1, 0.4, 1], fixed: [false, true, false] });
  strictEqual(held.amplitudes[1], 0.4);
  ok(held.converged && held.logLikelihood <= free.logLikelihood);
  const { gradient } = unbinnedLikelihood(table, held.amplitudes);
  ok(Math.abs(gradient[0]!) < 1e-6 && Math.abs(gradient[2]!) < 1e-6 && Math.abs(gradient[1]!) > 1);
  const none = fitAmplitudes(table, { start: [1, 2, 3], fixed: [true, true, true] });
  deepStrictEqual([...none.amplitudes], [1, 2, 3]);
});

Deno.test("fitAmplitudes() says why there is no maximum", () => {
  const column = Float64Array.from({ length: 40 }, (_, i) => 1 + i / 40);
  for (const factor of [1, 3, 1 / 7]) {
    const twice = { n: 40, densities: [column, column.map((x) => factor * x)], expected: [9, 9] };
    const fit = fitAmplitudes(twice, { start: [1, 1] });
    deepStrictEqual([fit.converged, fit.reason], [false, "the information is singular"]);
  }
  const none = fitAmplitudes({ n: 0, densities: [new Float64Array(0)], expected: [3] });
  strictEqual(none.converged, false);
  const dark = fitAmplitudes({ n: 1, densities: [Float64Array.of(0)], expected: [1] });
  deepStrictEqual([dark.converged, dark.reason], [false, "an event has no density at the start"]);
});

Deno.test("fitAmplitudes(): components of very different size do not disturb each other", () => {
  const table = tableOf(6, 2000, 2), small = 1e-9;
  const scaled = {
    ...table,
    densities: [table.densities[0]!.map((x) => x * small), table.densities[1]!],
    expected: [table.expected[0]! * small, table.expected[1]!],
  };
  const [a, b] = [fitAmplitudes(table), fitAmplitudes(scaled)];
  ok(b.converged);
  close(a.amplitudes[0]!, b.amplitudes[0]! * small, 1e-9);
  close(a.errors[1]!, b.errors[1]!, 1e-9);
});
