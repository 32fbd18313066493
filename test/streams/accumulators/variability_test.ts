import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  doublingTimes,
  fitConstant,
  fractionalVariability,
  pointToPointVariability,
} from "../../../src/stats/mod.ts";
import { type CurvePoint, fold, streamVariability } from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";

function curveOf(seed: number): CurvePoint[] {
  const rng = createRng(`curve ${seed}`), points: CurvePoint[] = [];
  let timeS = 100 * rng.uniform();
  const scale = 10 ** (4 * rng.uniform() - 8), noise = rng.uniform() < 0.3 ? 3 : 0.2;
  for (let i = rng.integer(30); i > 0; i--) {
    timeS += 1 + rng.exponential(5);
    const value = scale * (rng.uniform() < 0.1 ? NaN : 1 + 0.7 * rng.normal());
    points.push({ timeS, value, error: scale * noise * (0.5 + rng.uniform()) });
  }
  return points;
}

const same = (a: number, b: number) =>
  Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

Deno.test("streamVariability() has the numbers of the functions over the whole curve", () => {
  for (const minSignificance of [0, 2]) {
    const acc = streamVariability({ minSignificance, nSigma: 3 });
    for (let seed = 0; seed < 3000; seed++) {
      const points = curveOf(seed), found = acc.result(fold(acc, points));
      const column = (name: keyof CurvePoint) => points.map((point) => point[name]);
      const curve = { timeS: column("timeS"), value: column("value"), error: column("error") };
      strictEqual(found.n, curve.value.filter((x) => !Number.isNaN(x)).length);
      const { doubling, halving } = doublingTimes(curve, { minSignificance });
      for (const [one, whole] of [[found.doubling, doubling], [found.halving, halving]] as const) {
        for (const name of ["timeS", "errorS", "significance"] as const) {
          ok(same(one[name], whole[name]), `seed ${seed}, ${name}`);
        }
        ok(Object.is(one.fromS, curve.timeS[whole.from] ?? NaN));
      }
      if (found.n === 0) {
        ok(Number.isNaN(found.mean));
        continue;
      }
      const { chi2, dof, pValue } = fitConstant(curve);
      ok(Math.abs(found.chi2 - chi2) <= 1e-9 * (1 + chi2) && found.dof === dof);
      ok(Math.abs(found.pValue - pValue) < 1e-9);
      if (found.n < 2) {
        ok(Number.isNaN(found.fvar.fraction));
        continue;
      }
      const whole = { fvar: fractionalVariability, fpp: pointToPointVariability };
      for (const name of ["fvar", "fpp"] as const) {
        const expected = whole[name](curve, { nSigma: 3 });
        ok(same(found.mean, expected.mean) || Math.abs(found.mean) < 1e-9);
        // Beside no mean at all, and no excess, quotients amplify rounding.
        if (!(expected.normalizedExcessVariance < 1e4)) continue;
        for (const key of ["fraction", "fractionError", "upperLimit"] as const) {
          const [a, b] = [found[name][key], expected[key]];
          ok(Object.is(a, b) || Math.abs(a - b) <= 1e-7 * Math.abs(b), `${seed} ${name} ${key}`);
        }
      }
    }
  }
});

Deno.test("streamVariability() keeps the laws of accumulators", () => {
  const acc = streamVariability();
  checkAccumulatorLaws(acc, fc.nat().map((seed) => curveOf(seed)), {
    recut: (points) => [...points],
    numRuns: 300,
    same: (found, expected) => {
      for (const name of ["n", "dof", "late"] as const) strictEqual(found[name], expected[name]);
      ok(same(found.mean, expected.mean) || Math.abs(found.mean) < 1e-9);
      ok(Math.abs(found.chi2 - expected.chi2) <= 1e-9 * (1 + expected.chi2));
      ok(same(found.doubling.timeS, expected.doubling.timeS));
      ok(same(found.halving.timeS, expected.halving.timeS));
      ok(Object.is(found.doubling.fromS, expected.doubling.fromS));
      if (!(expected.fvar.upperLimit < 100 && expected.fpp.upperLimit < 100)) return;
      ok(Math.abs(found.fvar.upperLimit / expected.fvar.upperLimit - 1) < 1e-7);
      ok(Math.abs(found.fpp.upperLimit / expected.fpp.upperLimit - 1) < 1e-7);
    },
    others: [streamVariability({ nSigma: 3 })],
  });
});

Deno.test("streamVariability() counts what it leaves out, and refuses what cannot be", () => {
  const acc = streamVariability(), point = { timeS: 1, value: 2, error: 1 };
  const bad = [
    point,
    { ...point, error: 0 },
    { ...point, timeS: NaN },
    { ...point, timeS: 0 },
    point,
  ];
  strictEqual(acc.result(fold(acc, [point, ...bad])).late, 5);
  throws(() => streamVariability({ nSigma: -1 }), RangeError);
  const late = fold(acc, [{ ...point, timeS: 5 }]);
  throws(() => acc.merge(late, fold(acc, [point])), /in order of time/);
});
