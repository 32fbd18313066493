import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import { discreteCorrelation, structureFunction } from "../../../src/stats/mod.ts";

const near = (found: number, expected: number, rtol: number, what = "") =>
  ok(
    Math.abs(found - expected) <= rtol * Math.abs(expected),
    `${what}: ${found}, not ${expected}`,
  );

Deno.test("structureFunction(): published lags and values, and noise", () => {
  const timeS = [631157019, 631160619, 631164219, 631171419, 631178419];
  const error = [1, 3, 1, 0.8, 1].map((x) => 0.1 * x);
  const one = structureFunction({ timeS, value: [1, 3, 1, 0.8, 1], error });
  deepStrictEqual([...one.lagS], [3600, 7000, 7200, 10800, 14200, 14400, 17800, 21400]);
  [4, 0.04, 0.02, 4.84, 0, 0.04, 4, 0].forEach((x, k) => ok(Math.abs(one.value[k]! - x) < 1e-12));
  const two = structureFunction({ timeS, value: [4, 2.5, 1, 0.8, 1], error });
  [2.25, 0.04, 4.52, 2.89, 0, 10.24, 2.25, 9].forEach((x, k) => {
    ok(Math.abs(two.value[k]! - x) < 1e-12);
  });
  deepStrictEqual([...one.nPairs], [2, 1, 2, 1, 1, 1, 1, 1]);
  near(one.noise[1]!, 0.01 + 0.0064, 1e-12);
  const binned = structureFunction({ timeS, value: [1, 3, 1, 0.8, NaN], error }, {
    lagEdgesS: [0, 5000, 20000],
  });
  deepStrictEqual([...binned.nPairs], [2, 4]);
  throws(
    () => structureFunction({ timeS, value: error, error }, { lagEdgesS: [1, 1] }),
    RangeError,
  );
});

Deno.test("structureFunction() of white noise is twice its variance at every lag", () => {
  const rng = createRng("sf"), N = 600, value = rng.fillNormal(new Float64Array(N));
  const timeS = value.map((_, i) => i), error = value.map(() => 1);
  const { value: sf, noise } = structureFunction({ timeS, value, error }, {
    lagEdgesS: [1, 20, 60, 150],
  });
  sf.forEach((x) => near(x, 2, 0.2));
  noise.forEach((x) => near(x, 2, 1e-12));
});

Deno.test("discreteCorrelation() finds the lag of a copy, and 1 at its lag under noise", () => {
  const rng = createRng("dcf"), N = 800, base = rng.fillNormal(new Float64Array(N + 20));
  // Smooth over a few steps, so that bins of lags hold one correlation.
  const smooth = base.map((_, i) => base.slice(Math.max(0, i - 4), i + 1).reduce((a, b) => a + b));
  const timeS = Float64Array.from({ length: N }, (_, i) => i), error = timeS.map(() => 1);
  const noisy = (shift: number) => timeS.map((_, i) => smooth[i + shift]! + rng.normal());
  const a = { timeS, value: noisy(10), error }, b = { timeS, value: noisy(3), error };
  const lagEdgesS = Float64Array.from({ length: 32 }, (_, k) => k - 15.5);
  const { value, lagS, nPairs } = discreteCorrelation([a, b], { lagEdgesS });
  const at = value.indexOf(Math.max(...value));
  strictEqual(lagS[at], 7);
  near(value[at]!, 1, 0.1);
  strictEqual(nPairs[15], N);
  const raw = discreteCorrelation([a, b], { lagEdgesS, subtractNoise: false });
  // The signal has the variance 5, with noise 6.
  near(raw.value[at]!, 5 / 6, 0.1);
  const own = discreteCorrelation([a, a], { lagEdgesS: [-0.5, 0.5, 1.5] });
  strictEqual(own.nPairs[0], 0);
  ok(Number.isNaN(own.value[0]!) && Math.abs(own.value[1]! - 0.8) < 0.1);
});
