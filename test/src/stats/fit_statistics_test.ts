import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { compensatedSum, createRng } from "../../../src/numeric/mod.ts";
import {
  type BinnedCounts,
  fitStatistics,
  type StatColumn,
  statSlopes,
  statSum,
  statValues,
  wstatBackground,
  wstatGof,
} from "../../../src/stats/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const of = (format: string) => fitStatistics.lookup("fit-statistic", format);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

referenceTest("gammapy.json", "stats.cash", [], ({ expected, tol }) => {
  const counts = expected.n_on as number[], mu = expected.mu_on as number[];
  const bins = (format: string) => counts.map((n, i) => of(format).bin(n, mu[i]!, 0, 1));
  agrees(bins("cash"), expected.cash, { ...tol.cash, atol: 1e-20 }, "cash");
  agrees(bins("cstat"), expected.cstat, tol.cstat!, "cstat");
  const measured = { counts: Float64Array.from(counts) };
  const total = statSum(of("cash"), measured, Float64Array.from(mu));
  agrees(total, sum(expected.cash as number[]), { rtol: 1e-12 }, "sum of cash");
  agrees(total, expected.cash_sum_cython, tol.cash_sum_cython!, "cash_sum_cython");
});

referenceTest("gammapy.json", "stats.wstat", [], ({ expected, tol }) => {
  const column = (name: string) => expected[name] as number[];
  const alpha = column("alpha"), off = column("n_off"), mu = column("mu_sig");
  const found = column("n_on").map((n, i) => of("wstat").bin(n, mu[i]!, off[i]!, alpha[i]!));
  const background = column("n_on").map((n, i) => wstatBackground(n, mu[i]!, off[i]!, alpha[i]!));
  const gof = column("n_on").map((n, i) => wstatGof(n, off[i]!));
  agrees(found, expected.wstat, tol.wstat!, "wstat");
  agrees(background, expected.mu_bkg, tol.mu_bkg!, "mu_bkg");
  agrees(gof, expected.gof, tol.gof!, "gof");
  const plain = found.map((w, i) => w - gof[i]!);
  agrees(plain, expected.wstat_no_extra, tol.wstat_no_extra!, "wstat_no_extra");
});

Deno.test("slopes are the derivatives of the statistics, at zero counts too", () => {
  const counts = fc.integer({ min: 0, max: 40 });
  fc.assert(fc.property(
    fc.constantFrom("cash", "cstat", "wstat", "chi2"),
    counts,
    counts,
    between(0.05, 60),
    between(0.02, 3),
    (format, n, nOff, mu, alpha) => {
      const { bin, slope } = of(format), variance = format === "chi2" ? nOff + 1 : nOff;
      // W-stat has a corner where μ_b becomes 0.
      if (format === "wstat" && nOff === 0 && Math.abs(mu - alpha * n / (1 + alpha)) < 0.02) return;
      const h = 1e-5 * mu;
      const numeric = (bin(n, mu + h, variance, alpha) - bin(n, mu - h, variance, alpha)) / (2 * h);
      const found = slope(n, mu, variance, alpha);
      ok(Math.abs(found - numeric) < 1e-5 * (1 + n / mu), `${format}: ${found}, not ${numeric}`);
    },
  ));
});

Deno.test("W-stat of a deep deficit does not cancel: both slopes of the likelihood balance", () => {
  const some = fc.integer({ min: 1, max: 100 }), many = fc.integer({ min: 1, max: 10_000_000 });
  fc.assert(fc.property(some, many, between(0.01, 3), between(0.5, 3), (n, nOff, alpha, depth) => {
    const mu = -depth * alpha * nOff, slope = of("wstat").slope(n, mu, nOff, alpha);
    const background = wstatBackground(n, mu, nOff, alpha);
    // α (1 − n/total) = −(1 − n_off/μ_b): the second has no small difference of large numbers but its own.
    const other = -2 * (background - nOff) / background / alpha;
    ok(Math.abs(slope - other) < 1e-12 * (1 + 1 / alpha), `${slope}, not ${other}`);
  }));
});

Deno.test("W-stat without counts has the slope of its own for signals below 0, at any size", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), between(0.01, 3), (nOff, alpha) => {
    const { bin, slope } = of("wstat"), corner = -alpha * nOff / (1 + alpha);
    for (const mu of [0.5 * corner, 1.5 * corner - 1, -alpha * nOff * 1.001 - 2]) {
      const h = 1e-4 * (1 + Math.abs(mu)), at = (x: number) => bin(0, x, nOff, alpha);
      const numeric = (at(mu + h) - at(mu - h)) / (2 * h), found = slope(0, mu, nOff, alpha);
      const where = `${nOff} ${alpha} ${mu}: ${found}, not ${numeric}`;
      if (Math.abs(mu - corner) > 2 * h) {
        ok(Math.abs(found - numeric) < 1e-3 * (1 + 1 / alpha), where);
      }
    }
  }));
});

Deno.test("W-stat is the least of the two Poisson likelihoods over the background", () => {
  const counts = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(counts, counts, between(-20, 60), between(0.02, 3), (n, nOff, mu, alpha) => {
      const best = wstatBackground(n, mu, nOff, alpha), { bin } = of("cstat");
      const both = (background: number) =>
        bin(n, mu + alpha * background, 0, 1) + bin(nOff, background, 0, 1);
      const found = of("wstat").bin(n, mu, nOff, alpha);
      ok(Math.abs(found - both(best)) < 1e-9 * (1 + found), `${found}, not ${both(best)}`);
      for (const factor of [0.5, 0.9, 1.1, 2]) {
        const other = best * factor + 1e-6;
        if (mu + alpha * other >= 0) ok(both(other) >= found - 1e-9);
      }
      ok(found >= 0);
    }),
  );
});

Deno.test("statSum() and statSlopes() leave out bins that are not valid", () => {
  const measured = { counts: Float64Array.of(3, 5), valid: Uint8Array.of(1, 0) };
  const npred = Float64Array.of(3, 0), slopes = new Float64Array(2);
  ok(statSum(of("cstat"), measured, npred) === 0);
  statSlopes(of("cstat"), measured, npred, slopes);
  ok(slopes[0] === 0 && slopes[1] === 0);
});

/** Bins of every kind: none, few and many counts, weights and errors. */
function anyBins(seed: number, n: number): Required<Omit<BinnedCounts, "profiles">> {
  const rng = createRng(seed), column = (f: () => number) => Float64Array.from({ length: n }, f);
  return {
    counts: column(() => rng.poisson(rng.uniform() < 0.3 ? 0.1 : 20)),
    countsOff: column(() => rng.poisson(rng.uniform() < 0.3 ? 0.1 : 20)),
    alpha: column(() => 0.05 + rng.uniform()),
    weights: column(() => rng.integer(3) / 2),
    variance: column(() => 1 + rng.uniform()),
    errn: column(() => 1 + rng.uniform()),
    errp: column(() => 1 + rng.uniform()),
    upperLimit: column(() => rng.uniform() < 0.5 ? NaN : 10 * rng.uniform()),
    valid: Uint8Array.from({ length: n }, () => Number(rng.uniform() < 0.8)),
  };
}

Deno.test("sums, values and slopes of columns are those of the bins", () => {
  const formats = fc.constantFrom("cash", "cstat", "cash_weighted", "wstat", "chi2", "distrib");
  fc.assert(fc.property(formats, fc.integer({ min: 0, max: 1e6 }), (format, seed) => {
    const n = 50, measured = anyBins(seed, n), statistic = of(format), rng = createRng(seed);
    const npred = Float64Array.from({ length: n }, () => rng.integer(3) * 9 * rng.uniform());
    const values = new Float64Array(n), slopes = new Float64Array(n);
    const total = statSlopes(statistic, measured, npred, slopes);
    statValues(statistic, measured, npred, values);
    strictEqual(statSum(statistic, measured, npred), total);
    const size = values.reduce((a, x) => a + Math.abs(x), 0);
    ok(Math.abs(total - compensatedSum(values)) <= 1e-13 * size, `${format}: ${total}`);
    for (let i = 0; i < n; i++) {
      const [a = 0, b = 0, c] = statistic.columns.map((name: StatColumn) => measured[name][i]!);
      const isUsed = measured.valid[i] !== 0;
      const value = isUsed ? statistic.bin(measured.counts[i]!, npred[i]!, a, b, c) : 0;
      const slope = isUsed ? statistic.slope(measured.counts[i]!, npred[i]!, a, b, c) : 0;
      strictEqual(values[i], value);
      ok(Math.abs(slopes[i]! - slope) <= 1e-15 * Math.abs(slope), `${format}: ${slopes[i]}`);
    }
  }));
});

Deno.test("sums lose nothing where a small statistic stands beside a huge one", () => {
  const n = 100_000, counts = new Float64Array(n).fill(0), npred = new Float64Array(n).fill(1e-3);
  counts[0] = 1e15;
  npred[0] = 1e15;
  const huge = of("cash").bin(1e15, 1e15, 0, 1), found = statSum(of("cash"), { counts }, npred);
  // 2 (n − 1) 10⁻³; a plain sum loses all of it.
  ok(Math.abs(found - huge - 199.998) < 8, `${found - huge}`);
});

Deno.test("statistics without counts need no logarithm, without prediction their floor", () => {
  strictEqual(of("cash").bin(0, 3, 0, 1), 6);
  strictEqual(of("cstat").bin(0, 0, 0, 1), 0);
  strictEqual(of("wstat").bin(0, 2, 0, 0.5), 4);
  // The exact limit is Infinity; μ ≥ 1e-25 keeps a fit alive.
  ok(Math.abs(of("cash").bin(2, 0, 0, 1) - 4 * 25 * Math.LN10) < 1e-12);
  strictEqual(of("cash").slope(2, 0, 0, 1), 2 * (1 - 2 / 1e-25));
  for (const format of ["cash", "cstat", "wstat"]) {
    ok(Number.isNaN(of(format).bin(2, NaN, 1, 1)), format);
    const one = Float64Array.of(2), measured = { counts: one, countsOff: one, alpha: one };
    ok(Number.isNaN(statSum(of(format), measured, Float64Array.of(NaN))), format);
  }
});

Deno.test("cash_weighted is cash where weights are 1, and without bins of weight 0", () => {
  const counts = Float64Array.of(4, 0, 7), npred = Float64Array.of(3, 1, 5);
  const weights = Float64Array.of(1, 1, 0), out = new Float64Array(3);
  const first = { counts, valid: Uint8Array.of(1, 1, 0) };
  strictEqual(
    statSlopes(of("cash_weighted"), { counts, weights }, npred, out),
    statSum(of("cash"), first, npred),
  );
  ok(out[2] === 0);
  strictEqual(of("cash_weighted").bin(7, 0, 0, 0), 0);
});

Deno.test("distrib is χ² for equal errors, takes the error towards the model, and limits bind", () => {
  const { bin, slope } = of("distrib");
  fc.assert(fc.property(between(-9, 9), between(-9, 9), between(0.1, 3), (x, mu, error) => {
    const chi2 = of("chi2").bin(x, mu, error * error, 0);
    ok(Math.abs(bin(x, mu, error, error) - chi2) <= 1e-12 * chi2 + 1e-300);
  }));
  strictEqual(bin(5, 7, 1, 2), 1);
  strictEqual(bin(5, 3, 1, 2), 4);
  // A limit: nothing without a model, no bound above (the field's tool stops at 2 ln(2/erfc(1)) = 5.1).
  strictEqual(bin(0, 0, NaN, 1, 3), 0);
  ok(bin(0, 23, NaN, 1, 3) > 400 && bin(0, 3, NaN, 1, 3) > 1.3 && bin(0, 3, NaN, 1, 3) < 1.4);
  fc.assert(fc.property(between(-5, 30), between(0.5, 5), between(0.3, 3), (mu, limit, error) => {
    const h = 1e-5, at = (m: number) => bin(0, m, NaN, error, limit);
    const numeric = (at(mu + h) - at(mu - h)) / (2 * h), found = slope(0, mu, NaN, error, limit);
    ok(Math.abs(found - numeric) <= 1e-6 * (1 + Math.abs(numeric)), `${found}, not ${numeric}`);
    ok(found >= 0);
  }));
});

Deno.test("profile is a parabola exactly, at its nodes and beyond, and its slopes are its own", () => {
  const norms = Float64Array.of(0, 0.5, 1, 2, 3.5, 5), reference = Float64Array.of(2, 4);
  const rows = [[1.3, 0.4], [2.1, 0.7]];
  const stat = Float64Array.from(
    rows.flatMap(([best, error]) => [...norms].map((norm) => ((norm - best!) / error!) ** 2)),
  );
  const measured = { counts: new Float64Array(2), profiles: { norms, stat, reference } };
  const slopes = new Float64Array(2);
  for (const norm of [-1, 0, 0.2, 0.5, 1.7, 4.9, 5, 8]) {
    const npred = reference.map((one) => norm * one);
    const expected = rows.map(([best, error]) => ((norm - best!) / error!) ** 2);
    const found = statSlopes(of("profile"), measured, npred, slopes);
    ok(Math.abs(found - expected[0]! - expected[1]!) < 1e-11 * (1 + found), `${norm}: ${found}`);
    rows.forEach(([best, error], k) => {
      const slope = 2 * (norm - best!) / error! ** 2 / reference[k]!;
      ok(Math.abs(slopes[k]! - slope) < 1e-11 * (1 + Math.abs(slope)));
    });
  }
  const one = statSum(of("profile"), { ...measured, valid: Uint8Array.of(0, 1) }, reference);
  ok(Math.abs(one - (1.1 / 0.7) ** 2) < 1e-12);
  // Of a curve that is no parabola: no kinks, slopes of its own.
  const bent = Float64Array.from([...norms, ...norms], (x) => x - 3 * Math.log(x + 0.1));
  const curve = { counts: new Float64Array(2), profiles: { norms, stat: bent, reference } };
  for (let x = -0.6; x < 6; x += 0.0937) {
    const at = (y: number) => statSum(of("profile"), curve, Float64Array.of(y, y));
    statSlopes(of("profile"), curve, Float64Array.of(2 * x, 2 * x), slopes);
    const numeric = (at(2 * x + 1e-6) - at(2 * x - 1e-6)) / 2e-6;
    ok(Math.abs(slopes[0]! + slopes[1]! - numeric) < 1e-5 * (1 + Math.abs(numeric)), `${x}`);
  }
  throws(() => of("profile").bin(1, 1, 1, 1), TypeError);
  throws(() => statSum(of("profile"), { counts: norms }, norms), TypeError);
});

Deno.test("columns that are missing or of another length are refused by name", () => {
  const counts = Float64Array.of(1, 2), npred = Float64Array.of(1, 2);
  throws(() => statSum(of("wstat"), { counts, countsOff: counts }, npred), /wstat.*alpha/);
  throws(() => statSum(of("chi2"), { counts, variance: Float64Array.of(1) }, npred), /variance/);
  throws(() => statSum(of("cash"), { counts }, Float64Array.of(1)), TypeError);
  const distrib = { counts, errn: counts, errp: counts };
  strictEqual(statSum(of("distrib"), distrib, npred), 0);
  deepStrictEqual(of("wstat").columns, ["countsOff", "alpha"]);
});
