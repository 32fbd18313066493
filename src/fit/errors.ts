import { chi2Quantile } from "./_chi2.ts";
import { descend } from "./_descend.ts";
import { freePlaces, priorsAt, problemOf } from "./_internal.ts";
import { invertPositive } from "./_linear.ts";
import type { FitResult } from "./fit.ts";
import type { Objective } from "./objective.ts";
import { changeParameter, type Parameter } from "./parameter.ts";

/** The least statistic with some parameters held at values, all others fitted again. */
interface Held {
  readonly stat: number;
  readonly parameters: readonly Parameter[];
  readonly converged: boolean;
}

/**
 * Fits all others while some parameters are held, from where the covariance says that they go.
 */
function fitHeld(
  objective: Objective,
  result: FitResult,
  held: ReadonlyMap<number, number>,
): Held {
  const { parameters, covariance, errorDef } = result;
  const places = [...held.keys()];
  const block = (rows: readonly number[], columns: readonly number[]) =>
    Float64Array.from(
      { length: rows.length * columns.length },
      (_, k) => covariance.get(rows[Math.floor(k / columns.length)]!, columns[k % columns.length]!),
    );
  const heldInverse = invertPositive(block(places, places), places.length);
  const shifts = places.map((i) => held.get(i)! - parameters[i]!.value);
  const pull = places.map((_, a) =>
    shifts.reduce((sum, shift, b) => sum + (heldInverse?.[a * places.length + b] ?? 0) * shift, 0)
  );
  const moved = parameters.map((one, i) => {
    if (held.has(i)) return changeParameter(one, { value: held.get(i)!, frozen: true, error: NaN });
    if (one.frozen) return one;
    const shift = places.reduce((sum, place, a) => sum + covariance.get(i, place) * pull[a]!, 0);
    const value = Math.max(one.min, Math.min(one.max, one.value + shift));
    return changeParameter(one, { value: Number.isFinite(value) ? value : one.value });
  });
  const problem = problemOf(objective, moved), { free, n } = problem;
  const inverse = conditionalInverse(result, { free, places, heldInverse }),
    slopes = problem.slopes(problem.start);
  const usable = inverse !== undefined && slopes.every((s) => Math.abs(s) > 0);
  const found = descend(problem, {
    up: errorDef,
    goal: 1e-5 * errorDef,
    maxCalls: 500 + 100 * n + 10 * n * n,
    hesse: false,
    ...(usable
      ? {
        inverse: inverse.map((v, k) =>
          v / (2 * errorDef * slopes[Math.floor(k / n)]! * slopes[k % n]!)
        ),
      }
      : {}),
  });
  const values = problem.external(found.u);
  // What is held is frozen for the descent, but its prior still weighs.
  return {
    stat: found.f + priorsAt(parameters, places, values),
    converged: found.reason === undefined,
    parameters: moved.map((one, i) =>
      one.frozen ? one : changeParameter(one, { value: values[i]! })
    ),
  };
}

/** Covariance of the free parameters while others are held; undefined where it is not positive. */
function conditionalInverse(
  { covariance }: FitResult,
  { free, places, heldInverse }: {
    readonly free: readonly number[];
    readonly places: readonly number[];
    readonly heldInverse: Float64Array | undefined;
  },
): Float64Array | undefined {
  const n = free.length, m = places.length, out = new Float64Array(n * n);
  if (heldInverse === undefined) return undefined;
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      let value = covariance.get(free[k]!, free[l]!);
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) {
          value -= covariance.get(free[k]!, places[a]!) * heldInverse[a * m + b]! *
            covariance.get(places[b]!, free[l]!);
        }
      }
      out[k * n + l] = value;
    }
  }
  return invertPositive(out, n) === undefined ? undefined : out;
}

/** Where a parameter may go before the statistic has risen by n²: as MINOS gives it. */
export interface AsymmetricError {
  /** Name of the parameter. */
  readonly name: string;
  /** Distance downwards, 0 or more; NaN where it was not found. */
  readonly low: number;
  /** Distance upwards, 0 or more; NaN where it was not found. */
  readonly high: number;
  /** In words what was wrong; "" where both were found. */
  readonly reason: string;
}

/** How asymmetric errors are found. */
export interface AsymmetricErrorOptions {
  /** Standard deviations; 1 where absent. */
  readonly nSigma?: number;
  /** Relative tolerance of the rise of the statistic; 1e-3 where absent. */
  readonly rtol?: number;
}

/**
 * How far a parameter may go in both directions until the statistic, least over all other parameters, has
 * risen by errorDef n².
 *
 * @param objective The statistic that was fitted.
 * @param result What the fit found.
 * @param name The parameter.
 * @param options Standard deviations, tolerance.
 * @returns Both distances.
 * @throws RangeError for a parameter that is not there, or was frozen.
 * @example
 * ```ts
 * import { asymmetricError, createParameter, fit } from "@gammarx/gammarx/fit";
 * import { ok } from "node:assert/strict";
 * const objective = { value: ([x]: Float64Array) => 2 * (x! - 5 * Math.log(x!)) };
 * const result = fit(objective, [createParameter("x", 4, { min: 0 })]);
 * const { low, high } = asymmetricError(objective, result, "x");
 * ok(Math.abs(low - 1.92) < 0.01 && Math.abs(high - 2.58) < 0.01);
 * ```
 * @see James & Roos 1975, Comput. Phys. Commun. 10, 343, section 7
 */
export function asymmetricError(
  objective: Objective,
  result: FitResult,
  name: string,
  options: AsymmetricErrorOptions = {},
): AsymmetricError {
  const { nSigma = 1, rtol = 1e-3 } = options, i = freeIndex(result, name);
  const rise = result.errorDef * nSigma ** 2, one = result.parameters[i]!;
  const sides = ([-1, 1] as const).map((sign) => {
    const limit = sign < 0 ? one.min : one.max;
    const statAt = (x: number) => fitHeld(objective, result, new Map([[i, x]])).stat;
    return crossing(statAt, {
      from: one.value,
      step: sign * nSigma * (one.error > 0 ? one.error : 0.1 * Math.abs(one.value) || 0.1),
      limit,
      stat: result.stat,
      rise,
      rtol,
    });
  });
  const [low, high] = sides as [Crossing, Crossing];
  const reasons = [
    ...(low.reason === "" ? [] : [`below: ${low.reason}`]),
    ...(high.reason === "" ? [] : [`above: ${high.reason}`]),
  ];
  return Object.freeze({
    name,
    low: Math.abs(low.distance),
    high: Math.abs(high.distance),
    reason: reasons.join("; "),
  });
}

interface Crossing {
  readonly distance: number;
  readonly reason: string;
}

/** Distance at which a statistic has risen: by secants on its root, which is nearly linear. */
function crossing(
  statAt: (x: number) => number,
  { from, step, limit, stat, rise, rtol }: {
    readonly from: number;
    readonly step: number;
    readonly limit: number;
    readonly stat: number;
    readonly rise: number;
    readonly rtol: number;
  },
): Crossing {
  const room = limit - from, sign = Math.sign(step), target = Math.sqrt(rise);
  let near = 0, far = Infinity, length = Math.abs(step);
  let nearRoot = 0, farRoot = Infinity;
  for (let round = 0; round < 60; round++) {
    const isLimited = length >= Math.abs(room);
    if (isLimited) length = Math.abs(room);
    const risen = statAt(from + sign * length) - stat;
    if (risen < -0.01 * rise) {
      return { distance: NaN, reason: `found a lower minimum, by ${-risen}: fit again from there` };
    }
    const root = Number.isFinite(risen) ? Math.sqrt(Math.max(0, risen)) : Infinity;
    if (Math.abs(risen - rise) < rtol * rise) return { distance: sign * length, reason: "" };
    if (root < target) {
      if (isLimited) return { distance: NaN, reason: `the bound ${limit} comes first` };
      near = length;
      nearRoot = root;
    } else {
      far = length;
      farRoot = root;
    }
    if (far === Infinity) {
      length = nearRoot > 0
        ? Math.min(4, Math.max(1.1, 1.02 * target / nearRoot)) * near
        : 2 * length;
    } else if (farRoot === Infinity) length = (near + far) / 2;
    else {
      const guess = near + (far - near) * (target - nearRoot) / (farRoot - nearRoot);
      const margin = 0.02 * (far - near);
      length = Math.max(near + margin, Math.min(far - margin, guess));
    }
    if (far - near < 1e-12 * far) {
      return { distance: sign * length, reason: "the statistic jumps there" };
    }
  }
  return { distance: NaN, reason: "the statistic does not rise so far" };
}

function freeIndex(result: FitResult, name: string): number {
  const i = result.parameters.findIndex((one) => one.name === name);
  const one = result.parameters[i];
  if (one !== undefined && !one.frozen) return i;
  const free = result.parameters.filter((p) => !p.frozen).map((p) => p.name);
  throw new RangeError(
    `${one === undefined ? "No parameter" : "Frozen parameter"} "${name}": free are ${
      free.join(", ")
    }`,
  );
}

/** A statistic along a parameter. */
export interface StatProfile {
  /** Values of the parameter. */
  readonly values: Float64Array;
  /** The statistic at each, least over all other parameters or with them held. */
  readonly stat: Float64Array;
}

/**
 * The statistic along a parameter.
 *
 * @param objective The statistic that was fitted.
 * @param result What the fit found.
 * @param name The parameter.
 * @param options Values; −2 to +2 errors in 11 steps where absent. `refit`: whether all others are fitted
 *   again at each value, true where absent.
 * @returns Values and statistic.
 * @throws RangeError for a parameter that is not there, or was frozen.
 * @example
 * ```ts
 * import { createParameter, fit, statProfile } from "@gammarx/gammarx/fit";
 * import { ok } from "node:assert/strict";
 * const objective = { value: ([x]: Float64Array) => (x! - 1) ** 2 };
 * const result = fit(objective, [createParameter("x", 0)]);
 * ok(Math.abs(statProfile(objective, result, "x").stat[0]! - 4) < 1e-6);
 * ```
 */
export function statProfile(
  objective: Objective,
  result: FitResult,
  name: string,
  options: { readonly values?: ArrayLike<number>; readonly refit?: boolean } = {},
): StatProfile {
  const i = freeIndex(result, name), { value, error, min, max } = result.parameters[i]!;
  const { refit = true } = options, inside = (x: number) => Math.max(min, Math.min(max, x));
  const values = Float64Array.from(
    options.values ?? Array.from({ length: 11 }, (_, k) => inside(value + (k - 5) * 0.4 * error)),
  );
  const all = Float64Array.from(result.parameters, (one) => one.value);
  const free = freePlaces(result.parameters);
  const stat = values.map((x) => {
    if (refit) return fitHeld(objective, result, new Map([[i, x]])).stat;
    const at = all.slice();
    at[i] = x;
    return objective.value(at) + priorsAt(result.parameters, free, at);
  });
  return Object.freeze({ values, stat });
}

/** Points on a line of one statistic in the plane of two parameters. */
export interface StatContour {
  /** Values of the first parameter; the last point is not the first again. */
  readonly x: Float64Array;
  /** Values of the second parameter; NaN with those of `x` where no point was found. */
  readonly y: Float64Array;
}

/**
 * The line in the plane of two parameters on which the statistic, least over all others, has risen so far
 * that it holds the fraction of n standard deviations of two parameters together.
 *
 * @param objective The statistic that was fitted.
 * @param result What the fit found.
 * @param names The two parameters.
 * @param options `nSigma`: standard deviations, 1 where absent; `nPoints`: points, 40 where absent.
 * @returns Points in order, seen from the minimum.
 * @throws RangeError for a parameter that is not there, or was frozen.
 * @example
 * ```ts
 * import { createParameter, fit, statContour } from "@gammarx/gammarx/fit";
 * import { ok } from "node:assert/strict";
 * const objective = { value: ([x, y]: Float64Array) => x! * x! + y! * y! };
 * const result = fit(objective, [createParameter("x", 1), createParameter("y", 1)]);
 * const { x, y } = statContour(objective, result, ["x", "y"], { nPoints: 8 });
 * ok(Math.abs(Math.hypot(x[3]!, y[3]!) - Math.sqrt(2.2957)) < 1e-3);
 * ```
 */
export function statContour(
  objective: Objective,
  result: FitResult,
  names: readonly [string, string],
  options: { readonly nSigma?: number; readonly nPoints?: number } = {},
): StatContour {
  const { nSigma = 1, nPoints = 40 } = options,
    [i, j] = names.map((name) => freeIndex(result, name)) as [
      number,
      number,
    ];
  const a = result.parameters[i]!, b = result.parameters[j]!;
  const rho = result.covariance.get(i, j) / (a.error * b.error), rest = Math.sqrt(1 - rho * rho);
  const delta = chi2Quantile(nSigma), x = new Float64Array(nPoints), y = new Float64Array(nPoints);
  for (let k = 0; k < nPoints; k++) {
    const angle = 2 * Math.PI * k / nPoints, p = Math.cos(angle), q = Math.sin(angle);
    // Directions of equal statistic if it were a parabola.
    const dx = a.error * p, dy = b.error * (rho * p + rest * q);
    const room = Math.min(roomOf(a, dx), roomOf(b, dy));
    const { distance } = crossing(
      (t) =>
        fitHeld(objective, result, new Map([[i, a.value + t * dx], [j, b.value + t * dy]])).stat,
      {
        from: 0,
        step: Math.sqrt(delta),
        limit: room,
        stat: result.stat,
        rise: delta * result.errorDef,
        rtol: 1e-3,
      },
    );
    x[k] = a.value + distance * dx;
    y[k] = b.value + distance * dy;
  }
  return Object.freeze({ x, y });
}

/** Steps until a parameter is at its bound. */
function roomOf({ value, min, max }: Parameter, step: number): number {
  if (step === 0) return Infinity;
  return ((step > 0 ? max : min) - value) / step;
}
