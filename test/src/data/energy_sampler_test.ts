import { ok, strictEqual, throws } from "node:assert/strict";
import { createEnergySampler } from "../../../src/data/mod.ts";
import { integrateLog } from "../../../src/numeric/mod.ts";

Deno.test("createEnergySampler() inverts the integral of a power law exactly", () => {
  for (const index of [0.5, 1, 1.0000000001, 2, 3.7]) {
    const sampler = createEnergySampler((e) => e ** -index, [0.1, 100]);
    const p = 1 - index;
    const below = (e: number) =>
      Math.abs(p) < 1e-6 ? Math.log(e / 0.1) : 0.1 ** p * Math.expm1(p * Math.log(e / 0.1)) / p;
    ok(Math.abs(sampler.total / below(100) - 1) < 1e-9);
    for (let u = 0; u < 1; u += 0.01) {
      ok(Math.abs(below(sampler.sample(u)) / below(100) - u) < 1e-9, `${index} ${u}`);
    }
  }
});

Deno.test("createEnergySampler() follows a curved spectrum to 1e-4", () => {
  const dnde = (e: number) => e ** -2 * Math.exp(-0.3 / e - 0.2 * e);
  const sampler = createEnergySampler(dnde, [0.05, 200]);
  const whole = integrateLog(dnde, { low: 0.05, high: 200, partsPerDecade: 20 });
  ok(Math.abs(sampler.total / whole - 1) < 1e-4);
  for (let u = 0.05; u < 1; u += 0.05) {
    const high = sampler.sample(u);
    const below = integrateLog(dnde, { low: 0.05, high, partsPerDecade: 20 });
    ok(Math.abs(below / whole - u) < 1e-4);
  }
});

Deno.test("createEnergySampler() gives nothing where the spectrum is nothing", () => {
  const sampler = createEnergySampler((e) => e > 1 && e < 10 ? 1 / e : 0, [0.01, 1000]);
  for (let u = 0; u < 1; u += 0.001) {
    const e = sampler.sample(u);
    ok(e > 0.97 && e < 10.3, `${e}`);
  }
  strictEqual(createEnergySampler(() => 0, [1, 2]).total, 0);
});

Deno.test("createEnergySampler() refuses spectra and energies that cannot be", () => {
  throws(() => createEnergySampler(() => -1, [1, 2]), RangeError);
  throws(() => createEnergySampler(() => NaN, [1, 2]), RangeError);
  throws(() => createEnergySampler(() => 1, [0, 2]), RangeError);
  throws(() => createEnergySampler(() => 1, [2, 1]), RangeError);
});
