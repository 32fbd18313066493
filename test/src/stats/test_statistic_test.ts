import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import golden from "../../golden/stats_counts.json" with { type: "json" };
import { createRng } from "../../../src/numeric/mod.ts";
import {
  chi2Sf,
  informationCriteria,
  logPOfTs,
  nonCentralChi2Sf,
  ratioSignificance,
  sigmaOfTs,
  tsOfSigma,
} from "../../../src/stats/mod.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const near = (found: number, expected: number, rtol: number, what = "") =>
  ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${what}: ${found}, not ${expected}`);

Deno.test("nonCentralChi2Sf(), tsOfSigma() and sigmaOfTs() agree with SciPy", () => {
  for (const [x, dof, nonCentrality, sf] of golden.ncx2 as number[][]) {
    near(
      nonCentralChi2Sf(x!, { dof: dof!, nonCentrality: nonCentrality! }),
      sf!,
      1e-10,
      `${x} ${dof}`,
    );
  }
  for (const [sigma, dof, tsAsimov, ts] of golden.tsOfSigma as number[][]) {
    near(
      tsOfSigma(sigma!, { dof: dof!, tsAsimov: tsAsimov! }),
      ts!,
      1e-8,
      `${sigma} ${dof} ${tsAsimov}`,
    );
  }
});

Deno.test("tsOfSigma() and sigmaOfTs() undo each other, far out too", () => {
  fc.assert(fc.property(
    between(0.01, 60),
    fc.integer({ min: 1, max: 12 }),
    (sigma, dof) => {
      const ts = tsOfSigma(sigma, { dof });
      near(sigmaOfTs(ts, { dof }), sigma, 1e-9, `${sigma} ${dof}`);
      if (sigma < 30) near(chi2Sf(ts, dof), chi2Sf(sigma * sigma, 1), 1e-7);
    },
  ));
  strictEqual(tsOfSigma(0, { dof: 3 }), 0);
  strictEqual(sigmaOfTs(-1, { dof: 3 }), 0);
  for (const tsAsimov of [0.1, 1, 25, 400]) {
    for (const dof of [2, 5]) {
      let last = 0;
      for (const sigma of [0.5, 3, 12, 45]) {
        const ts = tsOfSigma(sigma, { dof, tsAsimov });
        near(sigmaOfTs(ts, { dof, tsAsimov }), sigma, 1e-9, `${sigma} ${dof} ${tsAsimov}`);
        // More degrees of freedom need more, however deep the tail.
        ok(ts > sigma * sigma && ts > last);
        last = ts;
      }
    }
  }
  throws(() => tsOfSigma(-1), RangeError);
  throws(() => sigmaOfTs(1, { dof: 0 }), RangeError);
});

Deno.test("logPOfTs() is that of χ², at a boundary of the mixture", () => {
  for (const ts of [0.3, 4, 30, 500]) {
    near(Math.exp(logPOfTs(ts)), chi2Sf(ts, 1), 1e-11);
    near(Math.exp(logPOfTs(ts, { dof: 3 })), chi2Sf(ts, 3), 1e-11);
    near(
      Math.exp(logPOfTs(ts, { dof: 3, boundary: true })),
      (chi2Sf(ts, 3) + chi2Sf(ts, 2)) / 2,
      1e-11,
    );
    near(ratioSignificance(ts, { boundary: true }), Math.sqrt(ts), 1e-9);
  }
  near(ratioSignificance(1e5, { boundary: true }), Math.sqrt(1e5), 1e-12);
  throws(() => logPOfTs(1, { dof: 1.5 }), RangeError);
});

Deno.test("logPOfTs() at a boundary is the chance of a simulated norm that cannot be below 0", () => {
  const rng = createRng("boundary"), N = 50_000, x = rng.fillNormal(new Float64Array(N));
  // Norm of known width 1: TS = max(0, x)².
  for (const ts of [0.5, 2, 6]) {
    const found = x.filter((one) => Math.max(0, one) ** 2 >= ts).length / N;
    const p = Math.exp(logPOfTs(ts, { boundary: true }));
    ok(Math.abs(found - p) < 3 * Math.sqrt(p * (1 - p) / N), `${ts}: ${found}, not ${p}`);
  }
});

Deno.test("informationCriteria() weigh parameters as their definitions say", () => {
  const { aic, aicc, bic } = informationCriteria({ stat: 100, nParameters: 3, nData: 10 });
  strictEqual(aic, 106);
  strictEqual(aicc, 110);
  near(bic, 100 + 3 * Math.log(10), 1e-15);
  throws(() => informationCriteria({ stat: 1, nParameters: -1, nData: 1 }), RangeError);
});
