import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import { doublingTimes } from "../../../src/stats/mod.ts";

const near = (found: number, expected: number, rtol: number, what = "") =>
  ok(
    Math.abs(found - expected) <= rtol * Math.abs(expected),
    `${what}: ${found}, not ${expected}`,
  );

Deno.test("doublingTimes() of an exponential is its doubling time for every pair", () => {
  const timeS = [0, 3, 4, 9, 20, 21], value = timeS.map((t) => 2 ** (t / 7));
  const error = value.map((x) => 0.1 * x);
  const up = doublingTimes({ timeS, value, error }, { pairs: "all" });
  strictEqual(up.timeS.length, 15);
  up.timeS.forEach((tau, k) => {
    near(tau, 7, 1e-12);
    const change = Math.log(value[up.to[k]!]! / value[up.from[k]!]!);
    near(up.errorS[k]!, 7 * Math.sqrt(0.02) / change, 1e-12);
    near(up.significance[k]!, change / Math.sqrt(0.02), 1e-12);
  });
  strictEqual(up.halving.from, -1);
  const down = doublingTimes({
    timeS,
    value: value.map((x) => 1 / x),
    error: value.map(() => 0.01),
  });
  strictEqual(down.timeS.length, 5);
  near(down.halving.timeS, 7, 1e-12);
  ok(Number.isNaN(down.doubling.timeS));
});

Deno.test("doublingTimes() leaves out what is not above 0, and asks for significance", () => {
  const timeS = [0, 1, 2, 3], value = [1, NaN, -1, 4], error = [0.1, 0.1, 0.1, 2];
  const found = doublingTimes({ timeS, value, error });
  deepStrictEqual([found.doubling.from, found.doubling.to, found.doubling.timeS], [0, 3, 1.5]);
  ok(Number.isNaN(doublingTimes({ timeS, value, error }, { minSignificance: 5 }).doubling.timeS));
  // Published: 1, 3, 1, 0.8, 1 at these times doubles in 2271.34711286 s.
  const published = doublingTimes({
    timeS: [631157019, 631160619, 631164219, 631171419, 631178419],
    value: [1, 3, 1, 0.8, 1],
    error: [0.1, 0.3, 0.1, 0.08, 0.1],
  });
  near(published.doubling.timeS, 2271.34711286, 1e-10);
  throws(() => doublingTimes({ timeS, value, error: [1] }), TypeError);
});

Deno.test("doublingTimes(): the error is the scatter of simulated pairs", () => {
  const rng = createRng("double"), N = 5000, found: number[] = [];
  let claimed = 0;
  for (let trial = 0; trial < N; trial++) {
    const value = [1 + 0.02 * rng.normal(), 3 + 0.05 * rng.normal()];
    const { doubling } = doublingTimes({ timeS: [0, 100], value, error: [0.02, 0.05] });
    found.push(doubling.timeS);
    claimed += doubling.errorS / N;
  }
  const mean = found.reduce((a, b) => a + b) / N;
  const scatter = Math.sqrt(found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / N);
  near(scatter, claimed, 3 / Math.sqrt(2 * N) + 0.01);
});
