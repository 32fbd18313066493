import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { asimovSpectrum, spectrumObjective } from "../../../src/datasets/mod.ts";
import { scanParameter } from "../../../src/estimators/mod.ts";
import { createParameter, fit, gaussianPrior } from "../../../src/fit/mod.ts";
import { powerLaw } from "../../../src/models/mod.ts";
import { excessErrors, excessUpperLimit, liMaSignificance } from "../../../src/stats/mod.ts";
import { wstatBackground } from "../../../src/stats/mod.ts";
import { BACKGROUND, coverageDataset } from "../../soak/coverage.ts";

const near = (found: number, expected: number, limit: number) =>
  ok(Math.abs(found - expected) <= limit, `${found}, not ${expected}`);

/** A parabola with covariance [[1, 0.6], [0.6, 1]] about (3, −1). */
const PARABOLA = {
  value: ([x, y]: Float64Array) => {
    const a = x! - 3, b = y! + 1;
    return (a * a - 1.2 * a * b + b * b) / 0.64 + 7;
  },
};
const XY = [createParameter("x", 0, { unit: "TeV" }), createParameter("y", -1)];

Deno.test("scanParameter() of a parabola has its errors, limit, significance and profile", () => {
  const scan = scanParameter(PARABOLA, XY, { name: "x", nullValue: 0, nSigma: 2, nSigmaUl: 3 });
  strictEqual(scan.reason, "");
  strictEqual(scan.unit, "TeV");
  near(scan.best, 3, 1e-4);
  near(scan.error, 2, 1e-3);
  near(scan.errn, 2, 3e-3);
  near(scan.errp, 2, 3e-3);
  near(scan.ul, 6, 5e-3);
  near(scan.stat, 7, 1e-6);
  near(scan.ts, 9, 1e-3);
  near(scan.sqrtTs, 3, 1e-3);
  strictEqual(scan.values.length, 11);
  near(scan.values[0]!, 1, 1e-3);
  near(scan.values[10]!, 5, 1e-3);
  // Least over y, the covariance does not matter.
  scan.values.forEach((x, k) => near(scan.statScan[k]!, 7 + (x - 3) ** 2, 1e-4));
});

Deno.test("scanParameter() holds all others where they are not to be fitted again", () => {
  const scan = scanParameter(PARABOLA, XY, { name: "x", reoptimize: false, nullValue: 0 });
  near(scan.error, 0.8, 1e-3);
  near(scan.errp, 0.8, 1e-3);
  near(scan.ts, 9 / 0.64, 1e-3);
  scan.values.forEach((x, k) => near(scan.statScan[k]!, 7 + (x - 3) ** 2 / 0.64, 1e-4));
  deepStrictEqual(scan.result.parameters[1]!.value, -1);
});

Deno.test("scanParameter() asks where it is told, and is negative below the null value", () => {
  const values = [4, 2, 3], scan = scanParameter(PARABOLA, XY, { name: "x", values, nullValue: 5 });
  deepStrictEqual([...scan.values], values);
  [8, 8, 7].forEach((stat, k) => near(scan.statScan[k]!, stat, 1e-4));
  near(scan.sqrtTs, -2, 1e-3);
  const wide = scanParameter(PARABOLA, XY, { name: "y", nSigmaScan: 3, nValues: 4 });
  [-4, -2, 0, 2].forEach((y, k) => near(wide.values[k]!, y, 1e-3));
  deepStrictEqual([wide.nullValue, wide.statNull, wide.ts, wide.sqrtTs], [NaN, NaN, NaN, NaN]);
});

/** Counts on and off of one bin: the statistic of the signal. */
function onOff(nOn: number, nOff: number, alpha: number) {
  return {
    value: ([s]: Float64Array) => {
      const b = wstatBackground(nOn, s!, nOff, alpha), on = s! + alpha * b;
      const deviance = (n: number, m: number) => 2 * (m - n + (n > 0 ? n * Math.log(n / m) : 0));
      return deviance(nOn, on) + deviance(nOff, b);
    },
  };
}

Deno.test("scanParameter() of an excess has the errors, limit and significance of closed forms", () => {
  const counts = { nOn: 25, nOff: 30, alpha: 0.25 };
  const objective = onOff(counts.nOn, counts.nOff, counts.alpha);
  const start = [createParameter("s", 10, { min: 0 })];
  const scan = scanParameter(objective, start, { name: "s", nullValue: 0 });
  near(scan.best, 17.5, 1e-3);
  const { errn, errp } = excessErrors(counts);
  near(scan.errn, errn, 2e-3 * errn);
  near(scan.errp, errp, 2e-3 * errp);
  near(scan.ul, excessUpperLimit(counts, { nSigma: 2 }), 0.03);
  near(scan.sqrtTs, liMaSignificance(counts), 1e-5);
  near(scan.sqrtTs ** 2, scan.statNull - scan.stat, 1e-12);
});

Deno.test("scanParameter() of a spectrum profiles the other parameters, at no flux too", () => {
  const truth = powerLaw({ amplitude: 1e-12, index: 2.3 }), { rule, parameters } = truth;
  const dataset = asimovSpectrum(coverageDataset(), truth, { background: BACKGROUND });
  const objective = spectrumObjective([dataset], [{ rule, places: [0, 1, 2] }], parameters);
  const scan = scanParameter(objective, parameters, { name: "amplitude", nullValue: 0 });
  const values = parameters.map((one) => one.name === "amplitude" ? 0 : one.value);
  near(scan.statNull, objective.value(Float64Array.from(values)), 1e-6);
  near(scan.stat, 0, 1e-6);
  ok(scan.sqrtTs > 10 && scan.reason === "");
  // By hand: frozen at a value, the rest fitted.
  const held = parameters.map((one) =>
    one.name === "amplitude"
      ? createParameter(one.name, scan.values[2]!, { ...one, frozen: true })
      : one
  );
  near(scan.statScan[2]!, fit(objective, held).stat, 1e-4);
  const alone = scanParameter(objective, parameters, { name: "amplitude", reoptimize: false });
  ok(alone.error <= scan.error && alone.errp <= scan.errp);
});

Deno.test("scanParameter() counts the prior of what it scans, with and without a gradient", () => {
  const prior = gaussianPrior({ mean: 0, sigma: 1 }), start = [createParameter("x", 1, { prior })];
  const value = ([x]: Float64Array) => (x! - 2) ** 2;
  const gradient = ([x]: Float64Array, out: Float64Array) => void (out[0] = 2 * (x! - 2));
  for (const objective of [{ value }, { value, gradient }]) {
    const scan = scanParameter(objective, start, { name: "x", nullValue: 0, nSigmaUl: 1 });
    near(scan.best, 1, 1e-4);
    near(scan.error, Math.SQRT1_2, 1e-3);
    near(scan.errn, Math.SQRT1_2, 1e-3);
    near(scan.errp, Math.SQRT1_2, 1e-3);
    near(scan.ul, 1 + Math.SQRT1_2, 1e-3);
    near(scan.stat, 2 + Math.log(2 * Math.PI), 1e-6);
    near(scan.ts, 2, 1e-3);
    scan.values.forEach((x, k) => near(scan.statScan[k]!, scan.stat + 2 * (x - 1) ** 2, 1e-4));
    strictEqual(scan.result.parameters[0]!.prior, prior);
  }
});

Deno.test("scanParameter() counts the priors of the others", () => {
  const y = createParameter("y", 0, { prior: gaussianPrior({ mean: -1, sigma: 0.5 }) });
  const scan = scanParameter(PARABOLA, [XY[0]!, y], { name: "x", nullValue: 3 });
  // The inverse covariance of both with 1/0.25 added for y, inverted.
  const [a, b, c] = [1 / 0.64, -0.6 / 0.64, 1 / 0.64 + 4];
  near(scan.error, Math.sqrt(c / (a * c - b * b)), 1e-3);
  near(scan.errp, Math.sqrt(c / (a * c - b * b)), 2e-3);
  near(scan.ts, 0, 1e-4);
});

Deno.test("scanParameter() stays within bounds and says where errors end", () => {
  const start = [createParameter("x", 1.5, { min: 0.5, max: 10 })];
  const objective = { value: ([x]: Float64Array) => (x! - 1) ** 2 };
  const scan = scanParameter(objective, start, { name: "x", nSigmaScan: 3 });
  ok(Number.isNaN(scan.errn) && /errors: below: the bound 0.5/.test(scan.reason), scan.reason);
  near(scan.errp, 1, 2e-3);
  near(scan.ul, 3, 5e-3);
  strictEqual(scan.values[0], 0.5);
});

Deno.test("scanParameter() says that a fit failed, and gives no errors of it", () => {
  const objective = { value: () => NaN };
  const scan = scanParameter(objective, [createParameter("x", 1)], { name: "x", values: [0, 1] });
  ok(!scan.result.converged && scan.reason !== "");
  deepStrictEqual([scan.errn, scan.errp, scan.ul], [NaN, NaN, NaN]);
});

Deno.test("scanParameter() refuses parameters and values that are none", () => {
  const parameters = [
    createParameter("x", 1, { min: 0 }),
    createParameter("z", 1, { frozen: true }),
  ];
  const objective = { value: ([x]: Float64Array) => (x! - 1) ** 2 };
  throws(() => scanParameter(objective, parameters, { name: "y" }), /No parameter "y": free are x/);
  throws(() => scanParameter(objective, parameters, { name: "z" }), /Frozen parameter "z"/);
  throws(() => scanParameter(objective, parameters, { name: "x", nullValue: -1 }), /value -1/);
  throws(() => scanParameter(objective, parameters, { name: "x", values: [1, NaN] }), /value NaN/);
  throws(() => scanParameter(objective, parameters, { name: "x", nValues: 1 }), /found 1 values/);
});
