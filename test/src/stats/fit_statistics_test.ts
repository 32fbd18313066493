import { ok } from "node:assert/strict";
import fc from "fast-check";
import { fitStatistics, statSlopes, statSum, wstatBackground } from "../../../src/stats/mod.ts";
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
  const term = (n: number) => n === 0 ? 0 : 2 * n * (Math.log(n) - 1);
  const gof = column("n_on").map((n, i) => term(n) + term(off[i]!));
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
