import { ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { lgamma, normalSf } from "../../../src/numeric/mod.ts";
import { feldmanCousins, feldmanCousinsGaussian } from "../../../src/stats/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const near = (found: number, expected: number, rtol: number, what = "") =>
  ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${what}: ${found}, not ${expected}`);

const poisson = (n: number, mu: number) =>
  mu === 0 ? Number(n === 0) : Math.exp(n * Math.log(mu) - mu - lgamma(n + 1));

/** Whether n is accepted at a signal: by sorting all outcomes, as the paper does. */
function isAccepted(n: number, b: number, mu: number, confidence: number): boolean {
  const rows = Array.from({ length: 120 }, (_, k) => {
    const p = poisson(k, mu + b), best = poisson(k, Math.max(k, b));
    return { k, p, ratio: p / best };
  }).sort((x, y) => y.ratio - x.ratio);
  let sum = 0;
  for (const { k, p } of rows) {
    if (k === n) return true;
    sum += p;
    if (sum >= confidence) return false;
  }
  return false;
}

Deno.test("feldmanCousins() ends where the sorted outcomes of the paper end", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 15 }),
      between(0, 8),
      fc.constantFrom(0.68, 0.9, 0.95),
      (n, b, confidence) => {
        const { lower, upper } = feldmanCousins(n, b, { confidence });
        const accepts = (mu: number) => isAccepted(n, b, mu, confidence);
        ok(lower >= 0 && upper >= lower);
        if (upper > 1e-6) {
          ok(accepts(upper - 1e-7) && !accepts(upper + 1e-7), `${n} ${b}: ${upper}`);
        }
        for (let mu = upper + 0.01; mu < upper + 4; mu += 0.05) ok(!accepts(mu), `${mu}`);
        if (lower > 1e-6) {
          ok(accepts(lower + 1e-7) && !accepts(lower - 1e-7), `${n} ${b}: ${lower}`);
        }
        for (let mu = lower - 0.01; mu > 0; mu -= 0.05) ok(!accepts(mu), `${mu}`);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("feldmanCousins() covers at least as often as it says", () => {
  const b = 3, confidence = 0.9;
  const intervals = Array.from({ length: 80 }, (_, n) => feldmanCousins(n, b, { confidence }));
  for (let mu = 0; mu < 20; mu += 0.37) {
    let sum = 0;
    intervals.forEach(({ lower, upper }, n) => {
      if (lower <= mu && mu <= upper) sum += poisson(n, mu + b);
    });
    ok(sum >= confidence - 1e-12 && sum < 1, `${mu}: ${sum}`);
  }
});

Deno.test("feldmanCousins(): published intervals, and large counts", () => {
  // Table IV of the paper (90 %), rounded there to 0.01; without what its correction touches.
  const rows = [[0, 0, 0, 2.44], [1, 0, 0.11, 4.36], [4, 0, 1.47, 8.6], [3, 2, 0, 5.42], [
    10,
    3,
    2.63,
    13.5,
  ]];
  for (const [n, b, lower, upper] of rows) {
    const found = feldmanCousins(n!, b!);
    ok(Math.abs(found.lower - lower!) < 0.0051 && Math.abs(found.upper - upper!) < 0.0051, `${n}`);
  }
  // Many counts: the Gaussian interval.
  const { lower, upper } = feldmanCousins(40_000, 100, { confidence: 0.6826894921370859 });
  ok(Math.abs(lower - 39_700) < 2 && Math.abs(upper - 40_100) < 2, `${lower} ${upper}`);
  throws(() => feldmanCousins(1.5, 0), RangeError);
  throws(() => feldmanCousins(1, 0, { confidence: 1 }), RangeError);
});

for (const confidence of ["0.9", "0.95", "0.68"]) {
  referenceTest(
    "gammapy.json",
    `stats.feldman_cousins.a.${confidence}`,
    [],
    ({ expected, tol }) => {
      const n = expected.n as number[], b = expected.b as number[];
      const found = n.map((k, i) => feldmanCousins(k, b[i]!, { confidence: Number(confidence) }));
      agrees(found.map((one) => one.lower), expected.lower, tol.lower!, "lower");
      agrees(found.map((one) => one.upper), expected.upper, tol.upper!, "upper");
    },
  );
}

Deno.test("feldmanCousinsGaussian(): published intervals, and exact coverage", () => {
  // Table X of the paper, 90 %.
  for (
    const [x, lower, upper] of [
      [-3, 0, 0.26],
      [-1, 0, 0.81],
      [0, 0, 1.64],
      [1, 0, 2.64],
      [
        1.3,
        0.02,
        2.94,
      ],
      [2, 0.58, 3.64],
      [3, 1.37, 4.64],
    ]
  ) {
    const found = feldmanCousinsGaussian(x!);
    ok(Math.abs(found.lower - lower!) < 0.0051 && Math.abs(found.upper - upper!) < 0.0051, `${x}`);
  }
  for (const mu of [0.05, 0.5, 1, 2.2, 6]) {
    // Both ends rise with x: the covering x are one interval.
    const edge = (which: "lower" | "upper") => {
      let low = -60, high = 60;
      for (let i = 0; i < 80; i++) {
        const middle = (low + high) / 2;
        if (feldmanCousinsGaussian(middle)[which] > mu) high = middle;
        else low = middle;
      }
      return low;
    };
    near(normalSf(edge("upper") - mu) - normalSf(edge("lower") - mu), 0.9, 1e-9, `${mu}`);
  }
});
