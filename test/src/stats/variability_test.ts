import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { asTable, openFitsFile, readNumbers } from "../../../src/fits/mod.ts";
import { createRng, findRoot } from "../../../src/numeric/mod.ts";
import {
  chi2Sf,
  doublingTimes,
  fitConstant,
  foldingTest,
  fractionalVariability,
  pointBlocks,
  pointToPointVariability,
} from "../../../src/stats/mod.ts";
import { agrees, dataFile, dataTest, referenceCase, referenceTest } from "../../_tools/data_io.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const near = (found: number, expected: number, rtol: number, what = "") =>
  ok(
    Math.abs(found - expected) <= rtol * Math.abs(expected),
    `${what}: ${found}, not ${expected}`,
  );

// Light curves of the published cases: three intervals, two energies.
const FLUX = [[1e-11, 3e-11, 1e-11], [4e-12, NaN, 1e-12]];
const ERROR = [[0.1e-11, 0.3e-11, 0.1e-11], [0.4e-12, NaN, 0.1e-12]];

Deno.test("fractionalVariability(): published cases", () => {
  [[0.68322763, 0.06679978], [0.84047606, 0.08285806]].forEach(([fraction, error], k) => {
    const found = fractionalVariability({ value: FLUX[k]!, error: ERROR[k]! });
    near(found.fraction, fraction!, 1e-7);
    near(found.fractionError, error!, 1e-6);
  });
});

Deno.test("pointToPointVariability(): a published case, and one where its tool is wrong", () => {
  const plain = pointToPointVariability({ value: FLUX[0]!, error: ERROR[0]! }, { whole: true });
  near(plain.fraction, 1.19448734, 1e-7);
  near(plain.fractionError, 0.06648574, 1e-6);
  // 4, none, 1: published as 0.11661904. That is √(mean squared error)/mean, the size of an excess variance
  // below 0, since every difference with the missing value is left out. The flux falls to a quarter.
  const noise = Math.sqrt((0.4 ** 2 + 0.1 ** 2) / 2) / 2.5;
  near(0.11661904, noise, 1e-7);
  const found = pointToPointVariability({ value: FLUX[1]!, error: ERROR[1]! }, { whole: true });
  near(found.fraction, Math.sqrt((4 - 1) ** 2 - (0.4 ** 2 + 0.1 ** 2) / 2) / 2.5, 1e-12);
});

Deno.test("white noise has F_pp = F_var, of whole differences √2 times as much", () => {
  const rng = createRng("white"), N = 20_000, value = rng.fillNormal(new Float64Array(N));
  for (let i = 0; i < N; i++) value[i] = 10 + 2 * value[i]!;
  const values = { value, error: new Float64Array(N).fill(0.5) };
  const whole = pointToPointVariability(values, { whole: true }),
    fvar = fractionalVariability(values);
  // The scatter of S² is √(2/N), that of the differences √(3/N): 3 standard deviations of their difference.
  near(pointToPointVariability(values).fraction / fvar.fraction, 1, 3 * Math.sqrt(1 / N));
  // S = 2, so S² − σ̄² = 3.75; of the differences 8 − 0.25.
  near(fvar.fraction, Math.sqrt(3.75) / 10, 0.03);
  near(whole.fraction, Math.sqrt(7.75) / 10, 0.03);
});

Deno.test("a steady source has no F_var, but a limit; its size is variability out of nothing", () => {
  const rng = createRng("steady"), N = 12, error = new Float64Array(N).fill(1);
  let negative = 0, covered = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const value = rng.fillNormal(new Float64Array(N)).map((x) => 10 + x);
    const right = fractionalVariability({ value, error });
    const size = fractionalVariability({ value, error }, { absolute: true });
    if (right.normalizedExcessVariance < 0) {
      negative++;
      ok(Number.isNaN(right.fraction) && Number.isNaN(right.fractionError));
      near(size.fraction, Math.sqrt(-right.normalizedExcessVariance), 1e-12);
    } else strictEqual(size.fraction, right.fraction);
    ok(right.upperLimit > 0);
    covered += Number(right.upperLimit < 0.5);
  }
  // P(χ²_11 < 11) = 0.557.
  const p = 1 - chi2Sf(11, 11);
  ok(Math.abs(negative / 2000 - p) < 3 * Math.sqrt(p * (1 - p) / 2000), `${negative}`);
  strictEqual(covered, 2000);
});

Deno.test("the error of the excess variance is the scatter of simulated light curves", () => {
  const rng = createRng("scatter"), N = 50, trials = 4000, error = new Float64Array(N).fill(1);
  let sum = 0, square = 0, claimed = 0;
  for (let trial = 0; trial < trials; trial++) {
    const value = rng.fillNormal(new Float64Array(N)).map((x) => 10 + x);
    const { normalizedExcessVariance: x, normalizedExcessVarianceError } = fractionalVariability({
      value,
      error,
    });
    sum += x;
    square += x * x;
    claimed += x > 0 ? 0 : normalizedExcessVarianceError;
    claimed += x > 0 ? Math.sqrt(2 / N) / value.reduce((a, b) => a + b / N, 0) ** 2 : 0;
  }
  const scatter = Math.sqrt(square / trials - (sum / trials) ** 2);
  // 3 standard deviations of a scatter of so many trials, and 1 % for S² with N − 1.
  near(scatter, claimed / trials, 3 / Math.sqrt(2 * trials) + 0.02);
});

Deno.test("fitConstant() makes χ² least, and its χ² is that of its name", () => {
  const value = fc.array(between(-5, 20), { minLength: 2, maxLength: 20 });
  fc.assert(fc.property(value, fc.integer({ min: 0, max: 1e6 }), (values, seed) => {
    const rng = createRng(seed), errn = values.map(() => 0.1 + rng.uniform());
    const errp = values.map(() => 0.1 + rng.uniform());
    const chi2 = (c: number) =>
      values.reduce((sum, x, i) => sum + ((c - x) / (c >= x ? errp[i]! : errn[i]!)) ** 2, 0);
    const found = fitConstant({ value: values, errn, errp });
    ok(Math.abs(found.chi2 - chi2(found.value)) <= 1e-12 * found.chi2 + 1e-300);
    for (const step of [-0.1, 0.1]) ok(chi2(found.value + step) >= found.chi2 - 1e-12);
    const plain = fitConstant({ value: [...values, NaN], error: [...errn, 1] });
    const alike = fitConstant({ value: values, errn, errp: errn }).chi2;
    ok(Math.abs(alike - plain.chi2) <= 1e-9 * plain.chi2 + 1e-300);
    const weight = errn.reduce((sum, s) => sum + s ** -2, 0);
    near(plain.error, weight ** -0.5, 1e-12);
    near(plain.pValue, chi2Sf(plain.chi2, values.length - 1), 1e-9);
  }));
  const same = fitConstant({ value: [3, 3], errn: [1, 1], errp: [2, 2] });
  deepStrictEqual([same.value, same.chi2, same.pValue], [3, 0, 1]);
  throws(() => fitConstant({ value: [NaN], error: [1] }), RangeError);
  throws(() => fitConstant({ value: [1], error: [0] }), RangeError);
  throws(() => fitConstant({ value: [1, 2], error: [1] }), TypeError);
});

Deno.test("fitConstant(): the chance of a steady source is uniform", () => {
  const rng = createRng("p"), N = 5000, error = new Float64Array(8).map(() => 0.5 + rng.uniform());
  let low = 0;
  for (let trial = 0; trial < N; trial++) {
    const value = rng.fillNormal(new Float64Array(8)).map((x, i) => 4 + x * error[i]!);
    if (fitConstant({ value, error }).pValue < 0.1) low++;
  }
  ok(Math.abs(low / N - 0.1) < 3 * Math.sqrt(0.09 / N), `${low / N}`);
});

const PKS = "gammapy-data/estimators/pks2155_hess_lc/pks2155_hess_lc.fits";

referenceTest("gammapy.json", "variability.pks2155_hess_lc.bin0", [PKS], async (reference) => {
  const { expected, tol } = reference;
  using file = await openFitsFile(dataFile(PKS));
  const table = asTable(await file.hdu("FLUXPOINTS"));
  const column = (name: string) => readNumbers(table, name);
  const start = await column("time_min"), stop = await column("time_max");
  // One number turns all norms of the file into the fluxes of the reference. It is not the file's reference
  // flux (the next test); it cancels out of everything but the fluxes and their means.
  const norm = await column("norm"), scale = (expected.flux_cm2s as number[])[0]! / norm[0]!;
  const value = norm.map((x) => x * scale);
  const error = (await column("norm_err")).map((x) => x * scale);
  const middle = start.map((t, i) => (t + stop[i]!) / 2);
  const timeS = middle.map((t) => (t - middle[0]!) * 86400);
  const { fraction, fractionError, mean, n } = fractionalVariability({ value, error });
  const constant = fitConstant({ value, error }), times = doublingTimes({ timeS, value, error });
  const scaled = value.map((x) => x / 1e-11);
  const blocks = pointBlocks({ timeS, value: scaled, error: error.map((x) => x / 1e-11) });
  const found: Record<string, unknown> = {
    n_points: n,
    n_time: value.length,
    energy_min_TeV: (await column("e_min"))[0],
    energy_max_TeV: (await column("e_max"))[0],
    time_min_mjd_first: start[0],
    time_max_mjd_last: stop[stop.length - 1],
    flux_cm2s: value,
    flux_err_cm2s: error,
    mean_flux: mean,
    fvar: fraction,
    fvar_err: fractionError,
    weighted_mean: constant.value,
    chi2_const: constant.chi2,
    chi2_pvalue: constant.pValue,
    scipy_chisquare_1e11: foldingTest(scaled).value,
    doubling_time_s: times.doubling.timeS,
    doubling_err_s: times.doubling.errorS,
    doubling_index: times.doubling.from,
    halving_time_s: -times.halving.timeS,
    halving_err_s: times.halving.errorS,
    halving_index: times.halving.from,
    bayesian_block_edges_s: blocks.edgesS,
  };
  deepStrictEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const name of Object.keys(expected)) agrees(found[name], expected[name], tol[name]!, name);
});

dataTest("the fluxes of the reference case are too small for the file's own spectrum", [
  "../reference/gammapy.json",
  PKS,
], async () => {
  using file = await openFitsFile(dataFile(PKS));
  const table = asTable(await file.hdu("FLUXPOINTS"));
  const first = async (name: string) => (await readNumbers(table, name))[0]!;
  const low = await first("e_min"), high = await first("e_max"), at = await first("e_ref");
  const dnde = await first("ref_dnde"), flux = await first("ref_flux");
  // ∫ (E/E_ref)^−Γ E^k dE of a power law.
  const integral = (index: number, k: number) => {
    const s = k + 1 - index;
    return at ** index * (s === 0 ? Math.log(high / low) : (high ** s - low ** s) / s);
  };
  const { expected } = referenceCase("gammapy.json", "variability.pks2155_hess_lc.bin0");
  const scale = (expected.flux_cm2s as number[])[0]! / await first("norm");
  // E_ref is the geometric mean: of all power laws through dN/dE there, that of index 1 has the least flux.
  near(at, Math.sqrt(low * high), 1e-12);
  for (const index of [-1, 0, 0.5, 1.5, 2, 4]) ok(integral(index, 0) > integral(1, 0));
  ok(scale < 0.7 * dnde * integral(1, 0));
  // The file's own flux is that of an index as the flare had, and its energy flux agrees with it.
  const index = findRoot((x) => integral(x, 0) - flux / dnde, 2, 5);
  ok(index > 3.3 && index < 3.7, `${index}`);
  near(dnde * integral(index, 1), await first("ref_eflux"), 0.05);
});
