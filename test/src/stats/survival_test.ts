import { ok, throws } from "node:assert/strict";
import fc from "fast-check";
import golden from "../../golden/stats_significance.json" with { type: "json" };
import { createRng } from "../../../src/numeric/mod.ts";
import {
  chi2Sf,
  hTestSf,
  logChi2Sf,
  logHTestSf,
  logPAfterTrials,
  logPOfSigma,
  logZ2nSf,
  sigmaOfLogP,
  z2nSf,
} from "../../../src/stats/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";

function near(found: number, expected: number, rtol: number, where = "", atol = 0): void {
  const limit = rtol * Math.abs(expected) + atol;
  ok(Math.abs(found - expected) <= limit, `${where}: ${found} for ${expected}`);
}

Deno.test("chi2Sf() with 2n degrees of freedom is a finite Poisson sum", () => {
  for (const n of [1, 2, 5, 20]) {
    for (const x of [0.1, 3, 40, 500]) {
      let term = 1, sum = 1;
      for (let k = 1; k < n; k++) sum += term *= x / 2 / k;
      near(chi2Sf(x, 2 * n), sum * Math.exp(-x / 2), 1e-13, `${x} ${n}`);
      near(logZ2nSf(x, n), Math.log(sum) - x / 2, 1e-13, `${x} ${n}`, 1e-15);
      near(z2nSf(x, n), chi2Sf(x, 2 * n), 0);
    }
  }
  ok(chi2Sf(-1, 3) === 1 && logChi2Sf(0, 3) === 0);
  throws(() => chi2Sf(1, 0), RangeError);
});

Deno.test("hTestSf() agrees with volumes by inclusion and exclusion", () => {
  for (const [h, maxHarmonic, c, logP] of golden.hTest as number[][]) {
    const found = logHTestSf(h!, { maxHarmonic: maxHarmonic!, c: c! });
    // where p is close to 1, its rounding is that of ln p
    near(found, logP!, 1e-13, `H ${h} ${maxHarmonic} ${c}`, 1e-15);
  }
});

Deno.test("hTestSf() is 1 at 0, falls, and with c = 0 is that of Z²", () => {
  ok(
    hTestSf(0) === 1 && hTestSf(-3) === 1 && hTestSf(Infinity) === 0 && Number.isNaN(hTestSf(NaN)),
  );
  near(hTestSf(30, { maxHarmonic: 7, c: 0 }), z2nSf(30, 7), 1e-13);
  fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (h) => {
    ok(logHTestSf(h * 1.01) < logHTestSf(h) && logHTestSf(h) <= 0);
  }));
});

Deno.test("hTestSf() is the chance found by simulating Z² as sums of exponentials", () => {
  const rng = createRng("H"), N = 100_000, cuts = [2, 5, 10, 15], above = new Float64Array(4);
  for (let i = 0; i < N; i++) {
    let z2 = 0, h = -Infinity;
    for (let m = 0; m < 20; m++) h = Math.max(h, (z2 += rng.exponential(2)) - 4 * m);
    for (let k = 0; k < 4; k++) if (h >= cuts[k]!) above[k]!++;
  }
  cuts.forEach((h, k) => {
    const p = hTestSf(h);
    ok(Math.abs(above[k]! - N * p) < 4.5 * Math.sqrt(N * p), `${h}: ${above[k]! / N} for ${p}`);
  });
});

Deno.test("hTestSf() refuses an exponential where it does not hold", () => {
  throws(() => hTestSf(10, { method: "exp-0.4", c: 3 }), RangeError);
  throws(() => hTestSf(10, { method: "exp-0.398405", maxHarmonic: 10 }), RangeError);
  throws(() => hTestSf(10, { maxHarmonic: 0 }), RangeError);
});

referenceTest("pulsar.json", "A03", [], ({ inputs, expected, tolerance }) => {
  const H = inputs["H"] as number[], rtol = tolerance["rel_kerr"] as number;
  const options = { maxHarmonic: inputs["m"] as number, c: inputs["c"] as number };
  const found = (method?: "exp-0.4" | "exp-0.398405") =>
    H.map((h) => hTestSf(h, method === undefined ? options : { ...options, method }));
  agrees(found(), expected["sf_kerr2011"], { rtol }, "Kerr");
  agrees(found("exp-0.4"), expected["sf_exp(-0.4H)"], { rtol }, "exp(-0.4 H)");
  agrees(found("exp-0.398405"), expected["sf_exp(-0.398405H)"], { rtol }, "exp(-0.398405 H)");
  const simulated = expected["mc_1e7"] as Record<string, number>;
  for (const [h, p] of Object.entries(simulated)) {
    agrees(
      hTestSf(Number(h), options),
      p,
      { rtol: tolerance["mc_check_rel"] as number },
      `H = ${h}`,
    );
  }
});

Deno.test("sigmaOfLogP() and logPOfSigma() undo each other on both sides", () => {
  fc.assert(fc.property(
    fc.double({ min: -6, max: 1000, noNaN: true }),
    fc.constantFrom(1 as const, 2 as const),
    (sigma, sides) => {
      const expected = sides === 2 ? Math.abs(sigma) : sigma;
      const back = sigmaOfLogP(logPOfSigma(sigma, { sides }), { sides });
      // near p = 1 the logarithm keeps no more than 1e-16/p' of σ
      const slack = sides === 1 && sigma < 0 ? 1e-15 * Math.exp(sigma * sigma / 2) * 10 : 1e-15;
      ok(
        Math.abs(back - expected) <= 1e-13 * Math.abs(expected) + slack * 10,
        `${back} ${expected}`,
      );
    },
  ));
  ok(sigmaOfLogP(-Infinity, { sides: 1 }) === Infinity && sigmaOfLogP(0, { sides: 2 }) === 0);
  throws(() => sigmaOfLogP(0.1, { sides: 1 }), RangeError);
});

Deno.test("logPAfterTrials() is the chance of the best of n", () => {
  fc.assert(fc.property(
    fc.double({ min: 1e-12, max: 0.999, noNaN: true }),
    fc.integer({ min: 1, max: 1000 }),
    (p, n) => {
      let none = 1;
      for (let i = 0; i < n; i++) none *= 1 - p;
      const found = Math.exp(logPAfterTrials(Math.log(p), n));
      ok(Math.abs(found - (1 - none)) <= 1e-12, `${found} ${1 - none}`);
    },
  ));
  near(logPAfterTrials(-1e5, 1e9), Math.log(1e9) - 1e5, 1e-15);
  near(logPAfterTrials(Math.log(1e-20), 10), Math.log(1e-19), 1e-15);
  // the two forms meet at p = 1e-5 and u = e^-15
  for (const p of [1e-5, 3.05e-7]) {
    near(logPAfterTrials(Math.log(p * (1 + 1e-12)), 1), Math.log(p * (1 + 1e-12)), 1e-14);
    near(logPAfterTrials(Math.log(p * (1 - 1e-12)), 1), Math.log(p * (1 - 1e-12)), 1e-14);
  }
  ok(logPAfterTrials(-3, 0) === -Infinity && logPAfterTrials(0, 5) === 0);
  throws(() => logPAfterTrials(1, 1), RangeError);
});
