import { ok } from "node:assert/strict";
import fc from "fast-check";
import { createRng, gammaQ, lgamma } from "../../../src/numeric/mod.ts";
import { clsUpperLimit, excessUpperLimit, feldmanCousins } from "../../../src/stats/mod.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const near = (found: number, expected: number, rtol: number, what = "") =>
  ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${what}: ${found}, not ${expected}`);

const poisson = (n: number, mu: number) =>
  mu === 0 ? Number(n === 0) : Math.exp(n * Math.log(mu) - mu - lgamma(n + 1));

Deno.test("clsUpperLimit() solves its equation, and covers at least as often as it says", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 3000 }),
    between(0, 3000),
    fc.constantFrom(0.5, 0.9, 0.95, 0.999),
    (nOn, background, confidence) => {
      const limit = clsUpperLimit({ nOn, background }, { confidence });
      const target = (1 - confidence) * gammaQ(nOn + 1, background);
      if (target > 1e-250) near(gammaQ(nOn + 1, background + limit), target, 1e-8, `${nOn}`);
      ok(limit > 0);
    },
  ));
  near(clsUpperLimit({ nOn: 0, background: 5 }), -Math.log(0.05), 1e-15);
  const b = 4;
  for (const s of [0.5, 2, 7, 15]) {
    let covers = 0;
    for (let n = 0; n < 100; n++) {
      if (clsUpperLimit({ nOn: n, background: b }) >= s) covers += poisson(n, s + b);
    }
    ok(covers >= 0.95, `${s}: ${covers}`);
  }
});

Deno.test("limits cover in simulations as often as sums over all outcomes say", () => {
  const rng = createRng("limits"), N = 20_000, s = 4, b = 2.5;
  const counts = rng.fillPoisson(new Float64Array(N), s + b), most = Math.max(...counts);
  const table: ((n: number) => boolean)[] = [
    (n) => clsUpperLimit({ nOn: n, background: b }) >= s,
    (n) => excessUpperLimit({ nOn: n, background: b }, { nSigma: 2, bounded: true }) >= s,
    (n) => {
      const { lower, upper } = feldmanCousins(n, b);
      return lower <= s && s <= upper;
    },
  ];
  for (const covers of table) {
    const does = Array.from({ length: most + 40 }, (_, n) => covers(n));
    const expected = does.reduce((sum, one, n) => sum + (one ? poisson(n, s + b) : 0), 0);
    const found = counts.filter((n) => does[n]).length / N;
    // 3 standard deviations of the binomial: a false alarm in 370 seeds.
    ok(Math.abs(found - expected) < 3 * Math.sqrt(expected * (1 - expected) / N), `${found}`);
  }
});
