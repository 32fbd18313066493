import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import {
  asymmetricError,
  changeParameter,
  createParameter,
  fit,
  gaussianPrior,
  type Objective,
  type Parameter,
  statContour,
  statProfile,
  uniformPrior,
} from "../../../src/fit/mod.ts";
import golden from "../../golden/minimiser.json" with { type: "json" };

const { exp, log, sin, cos, abs } = Math;
const lncosh = (x: number) => abs(x) + Math.log1p(exp(-2 * abs(x))) - log(2);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Halves to even, as the script of the golden file rounds. */
const round = (x: number) => {
  const low = Math.floor(x), rest = x - low;
  return rest === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
};
const bins30 = range(30).map((i) => round(80 * exp(-i / 6) + 5 + 4 * sin(3 * i)));
const energies = range(26).map((i) => 10 ** (-0.5 + 0.1 * i));
const ecplCounts = energies.map((e, i) =>
  round(2e14 * e * 4e-12 * e ** -2.2 * exp(-0.1 * e) + 2 * cos(5 * i) * 0.3)
);
const peak = range(40).map((i) =>
  20 + 0.5 * i + 60 * exp(-0.5 * ((i - 18) / 3) ** 2) + 3 * sin(7 * i)
);
const decay = range(40).map((i) => 100 * exp(-i / 3) + 50 * exp(-i / 9) + 1.5 * sin(11 * i));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const poisson = (ns: readonly number[], mus: readonly number[]) =>
  2 * sum(ns.map((n, i) => mus[i]! - n * log(mus[i]!)));

type Limits = readonly ((readonly [number, number]) | null)[] | null;
type Problem = readonly [f: (...x: number[]) => number, start: readonly number[], limits: Limits];
const inf = Infinity;
const problems: Readonly<Record<keyof typeof golden.problems, Problem>> = {
  quadratic: [(x, y) => (x! - 1) ** 2 + 4 * (y! + 2) ** 2, [0, 0], null],
  "correlation_0.99": [
    (x, y) => (x! * x! - 2 * 0.99 * x! * y! + y! * y!) / (1 - 0.99 ** 2),
    [3, -2],
    null,
  ],
  "correlation_-0.999": [
    (x, y) => (x! * x! + 2 * 0.999 * x! * y! + y! * y!) / (1 - 0.999 ** 2),
    [5, 5],
    null,
  ],
  rosenbrock: [(x, y) => 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2, [-1.2, 1], null],
  powell: [
    (a, b, c, d) =>
      (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
    [3, -1, 0, 1],
    null,
  ],
  beale: [
    (x, y) =>
      (1.5 - x! + x! * y!) ** 2 + (2.25 - x! + x! * y! * y!) ** 2 +
      (2.625 - x! + x! * y! ** 3) ** 2,
    [1, 1],
    null,
  ],
  wood: [
    (a, b, c, d) =>
      100 * (b! - a! * a!) ** 2 + (1 - a!) ** 2 + 90 * (d! - c! * c!) ** 2 + (1 - c!) ** 2 +
      10.1 * ((b! - 1) ** 2 + (d! - 1) ** 2) + 19.8 * (b! - 1) * (d! - 1),
    [-3, -1, -3, -1],
    null,
  ],
  trigonometric_6: [
    (...x) => {
      const total = sum(x.map(cos));
      return sum(x.map((v, i) => (6 - total + (i + 1) * (1 - cos(v)) - sin(v)) ** 2));
    },
    range(6).map(() => 1 / 6),
    null,
  ],
  helix: [
    (x, y, z) =>
      100 * ((z! - 5 * x!) ** 2 + (x! * x! + y! * y! - 1) ** 2) + z! * z! * 0.1 + (y! - 1) ** 2,
    [0.3, 0.4, 0.5],
    null,
  ],
  poisson_exponential: [
    (a, tau, c) => poisson(bins30, range(30).map((i) => a! * exp(-i / tau!) + c!)),
    [50, 4, 8],
    [[0, inf], [0.1, inf], [0, inf]],
  ],
  cutoff_power_law: [
    (a, g, l) => poisson(ecplCounts, energies.map((e) => 2e14 * e * a! * e ** -g! * exp(-l! * e))),
    [1e-12, 2, 0.05],
    [[0, inf], null, [0, inf]],
  ],
  inside_bounds: [(x) => (x! - 0.3) ** 2 / 1e-4, [0.8], [[0, 1]]],
  at_bound: [(x, y) => (x! + 1) ** 2 + (y! - 2) ** 2, [0.5, 0], [[0, 5], null]],
  near_bound: [(x) => 2 * (x! - 3 * log(x!)), [1], [[0, inf]]],
  counts: [(x) => 2 * (x! - 5 * log(x!)), [4], [[1e-9, inf]]],
  gauss_peak: [
    (n, m, s, a, b) =>
      sum(peak.map((y, i) => (y - n! * exp(-0.5 * ((i - m!) / s!) ** 2) - a! - b! * i) ** 2 / 9)),
    [40, 15, 5, 10, 1],
    [null, null, [0.1, 20], null, null],
  ],
  two_decays: [
    (a, s, b, t) => sum(decay.map((y, i) => (y - a! * exp(-i / s!) - b! * exp(-i / t!)) ** 2 / 4)),
    [80, 2, 70, 12],
    [[0, inf], [0.1, inf], [0, inf], [0.1, inf]],
  ],
  high_offset: [(x, y) => 1e6 + (x! - 1) ** 2 + (y! + 2) ** 2 / 9, [3, 3], null],
  tiny_scale: [(x, y) => (x! / 1e-13 - 3) ** 2 + (y! / 1e-7 + x! / 1e-13) ** 2, [1e-13, 0], null],
  flat_direction: [(x, y) => (x! + y! - 2) ** 2, [5, -1], null],
  bad_start: [(x, y) => lncosh((x! - 3) / 10) * 50 + (y! - x!) ** 2, [200, -300], null],
};

const parametersOf = ([, start, limits]: Problem): Parameter[] =>
  start.map((value, i) => {
    const [min, max] = limits?.[i] ?? [-inf, inf];
    return createParameter(`p${i}`, value, { min, max });
  });

const { stat: statTolerance, errors: errorTolerance } = golden.tolerance;

for (const [name, problem] of Object.entries(problems)) {
  Deno.test(`fit() finds the minimum and the errors of iminuit: ${name}`, () => {
    const expected = golden.problems[name as keyof typeof golden.problems];
    const objective: Objective = { value: (x) => problem[0](...x) };
    const result = fit(objective, parametersOf(problem));
    ok(result.converged, result.reason);
    const limit = statTolerance * Math.max(1, Math.abs(expected.stat));
    ok(result.stat <= expected.stat + limit, `${result.stat} is above ${expected.stat}`);
    if (!expected.errorsCompared || !("errors" in expected)) return;
    result.parameters.forEach((one, i) => {
      const error = expected.errors[i]!;
      ok(Math.abs(one.value - expected.values[i]!) < 0.01 * error, `${one.name} = ${one.value}`);
      close(one.error, error, `error of ${one.name}`);
      const { low, high, reason } = asymmetricError(objective, result, one.name);
      const wanted = [expected.low[i], expected.high[i]];
      strictEqual(reason === "", wanted.every((error) => error !== null), reason);
      if (wanted[0] !== null) close(low, wanted[0]!, `lower error of ${one.name}`);
      if (wanted[1] !== null) close(high, wanted[1]!, `upper error of ${one.name}`);
    });
  });
}

function close(found: number, expected: number, what: string): void {
  ok(Math.abs(found - expected) <= errorTolerance * expected, `${what}: ${found}, not ${expected}`);
}

Deno.test("fit() with a gradient finds the same in fewer calls", () => {
  const value = ([x, y]: Float64Array) => 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2;
  const gradient = ([x, y]: Float64Array, out: Float64Array) => {
    out[0] = -400 * x! * (y! - x! * x!) - 2 * (1 - x!);
    out[1] = 200 * (y! - x! * x!);
  };
  const start = [createParameter("x", -1.2), createParameter("y", 1)];
  const plain = fit({ value }, start), known = fit({ value, gradient }, start);
  ok(known.nCalls < plain.nCalls / 1.5, `${known.nCalls} calls, not far below ${plain.nCalls}`);
  known.parameters.forEach((one, i) => {
    ok(Math.abs(one.value - 1) < 2e-3 * one.error);
    close(one.error, plain.parameters[i]!.error, one.name);
  });
  // One derivative known, the other not.
  const half = fit({
    value,
    gradient: (x, out) => {
      gradient(x, out);
      out[1] = NaN;
    },
  }, start);
  ok(half.converged && Math.abs(half.parameters[1]!.value - 1) < 2e-3);
});

Deno.test("fit() takes parameters of any size", () => {
  const result = fit({ value: ([x]) => (x! / 1e20 - 3) ** 2 }, [createParameter("x", 1e20)]);
  const [x] = result.parameters;
  ok(Math.abs(x!.value / 3e20 - 1) < 1e-6 && Math.abs(x!.error / 1e20 - 1) < 1e-6);
});

Deno.test("frozen parameters stay; a fit without free ones gives the statistic", () => {
  const objective = { value: ([x, y]: Float64Array) => (x! - 1) ** 2 + (y! - x!) ** 2 };
  const result = fit(objective, [
    createParameter("x", 5, { frozen: true }),
    createParameter("y", 0),
  ]);
  deepStrictEqual([result.parameters[0]!.value, result.covariance.get(0, 0)], [5, 0]);
  ok(Math.abs(result.parameters[1]!.value - 5) < 1e-6);
  const none = fit(
    objective,
    [createParameter("x", 5, { frozen: true })].concat(
      createParameter("y", 5, { frozen: true }),
    ),
  );
  deepStrictEqual([none.converged, none.stat], [true, 16]);
});

Deno.test("priors add their term: a Gaussian one weighs like a measurement", () => {
  const objective = { value: ([x]: Float64Array) => (x! - 4) ** 2 };
  const prior = gaussianPrior({ mean: 0, sigma: 1 });
  const { parameters: [x], stat } = fit(objective, [createParameter("x", 1, { prior })]);
  ok(Math.abs(x!.value - 2) < 1e-6 && Math.abs(x!.error - Math.SQRT1_2) < 1e-6);
  ok(Math.abs(stat - (4 + 4 + log(2 * Math.PI))) < 1e-9);
  const wall = uniformPrior({ min: 0, max: 3 });
  ok(fit(objective, [createParameter("x", 1, { prior: wall })]).parameters[0]!.value <= 3);
  throws(() => gaussianPrior({ mean: 0, sigma: 0 }), RangeError);
});

Deno.test("a fit that fails says why, in words", () => {
  const nowhere = fit({ value: () => NaN }, [createParameter("x", 1)]);
  ok(!nowhere.converged);
  match(nowhere.reason, /NaN at the start/);
  const falling = fit({ value: ([x]) => -x! }, [createParameter("x", 1)], { maxCalls: 300 });
  ok(!falling.converged && /without end/.test(falling.reason), falling.reason);
  const bound = fit({ value: ([x]) => (x! + 1) ** 2 }, [
    createParameter("x", 1, { min: 0, max: 9 }),
  ]);
  deepStrictEqual([bound.converged, bound.atLimit], [true, ["x"]]);
  match(bound.reason, /at a bound: x/);
  const flat = fit({ value: ([x, y]) => (x! + y! - 2) ** 2 }, [
    createParameter("x", 5),
    createParameter("y", -1),
  ]);
  ok(flat.forcedPositive);
  match(flat.reason, /not positive/);
  throws(() => fit({ value: () => 0 }, [createParameter("x", 1), createParameter("x", 2)]), /two/);
});

Deno.test("a statistic with steps is left to the simplex, and comes near", () => {
  const objective = { value: ([x, y]: Float64Array) => Math.floor(50 * ((x! - 1) ** 2 + y! ** 2)) };
  const { parameters: [x, y] } = fit(objective, [createParameter("x", 4), createParameter("y", 3)]);
  ok(Math.hypot(x!.value - 1, y!.value) < 0.3);
});

Deno.test("asymmetricError() says where a bound or a lower minimum is in the way", () => {
  const parabola = { value: ([x]: Float64Array) => (x! - 1) ** 2 };
  const bounded = fit(parabola, [createParameter("x", 2, { min: 0.5, max: 50 })]);
  const error = asymmetricError(parabola, bounded, "x");
  ok(Number.isNaN(error.low) && Math.abs(error.high - 1) < 2e-3);
  match(error.reason, /the bound 0.5 comes first/);
  const two = { value: ([x]: Float64Array) => (x! * x! - 4) ** 2 / 8 + 0.5 * x! };
  const local = fit(two, [createParameter("x", 3)]);
  match(asymmetricError(two, local, "x", { nSigma: 2 }).reason, /below: found a lower minimum/);
  throws(() => asymmetricError(parabola, bounded, "y"), /free are x/);
});

Deno.test("profiles and contours of a parabola are a parabola and an ellipse", () => {
  const rho = 0.6;
  const objective: Objective = {
    value: ([x, y, z]) =>
      (x! * x! - 2 * rho * x! * y! + y! * y!) / (1 - rho * rho) + (z! - x!) ** 2,
  };
  const result = fit(objective, ["x", "y", "z"].map((name) => createParameter(name, 1)));
  const { values, stat } = statProfile(objective, result, "x");
  values.forEach((x, k) => ok(Math.abs(stat[k]! - x * x) < 1e-3, `${stat[k]} is not ${x * x}`));
  const held = statProfile(objective, result, "x", { values: [1], refit: false });
  ok(Math.abs(held.stat[0]! - (1 / (1 - rho * rho) + 1)) < 1e-3);
  const contour = statContour(objective, result, ["x", "y"], { nPoints: 12, nSigma: 1 });
  contour.x.forEach((x, k) => {
    const y = contour.y[k]!;
    const q = (x * x - 2 * rho * x * y + y * y) / (1 - rho * rho);
    ok(Math.abs(q - 2.295748928898636) < 0.01, `${q}`);
  });
});

Deno.test("createParameter() and changeParameter() refuse values outside bounds", () => {
  throws(() => createParameter("x", 2, { max: 1 }), /found value 2/);
  throws(() => createParameter("x", NaN), RangeError);
  throws(() => createParameter("x", 0, { min: 1, max: 0 }), /bounds 1 to 0/);
  throws(
    () => changeParameter(createParameter("x", 0, { min: 0 }), { value: -1 }),
    /found value -1/,
  );
});

Deno.test("errors, profiles and contours count the prior of what they hold", () => {
  const prior = gaussianPrior({ mean: 0, sigma: 1 });
  const objective = { value: ([x, y]: Float64Array) => (x! - 2) ** 2 + (y! - x!) ** 2 };
  const result = fit(objective, [createParameter("x", 1, { prior }), createParameter("y", 0)]);
  // (x - 2)² + x², with y following x: least at 1, where it is 2; it rises by 1 at 1 ± √½.
  const { low, high, reason } = asymmetricError(objective, result, "x");
  strictEqual(reason, "");
  for (const side of [low, high]) ok(Math.abs(side - Math.SQRT1_2) < 1e-3, String(side));
  const values = [0, 1, 2.5];
  for (const refit of [true, false]) {
    const { stat } = statProfile(objective, result, "x", { values, refit });
    const norm = Math.log(2 * Math.PI);
    const free = values.map((x) => (x - 2) ** 2 + x ** 2 + norm + (refit ? 0 : (x - 1) ** 2));
    stat.forEach((found, k) => ok(Math.abs(found - free[k]!) < 1e-4, `${found} ${free[k]}`));
  }
});
