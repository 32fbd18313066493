// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { descend, type Descent } from "./_descend.ts";
import { type Problem, problemOf } from "./_internal.ts";
import { simplex } from "./_simplex.ts";
import type { Objective } from "./objective.ts";
import { changeParameter, type Parameter } from "./parameter.ts";

/** How a fit is made. */
export interface FitOptions {
  /** Rise of the statistic that means one standard deviation: 1 for −2 ln L; 1 where absent. */
  readonly errorDef?: number;
  /** Greatest estimated distance to the minimum, in units of `errorDef`; 1e-6 where absent. */
  readonly tolerance?: number;
  /** Most calls of the statistic; 1000 + 200 n + 20 n² for n free parameters where absent. */
  readonly maxCalls?: number;
}

/** What a fit found. */
export interface FitResult {
  /** Whether the minimum was found. */
  readonly converged: boolean;
  /** In words what was wrong, or only just right; "" where all is well. */
  readonly reason: string;
  /** "migrad", or "simplex+migrad" where the first could not go on. */
  readonly method: "migrad" | "simplex+migrad";
  /** The statistic, priors included. */
  readonly stat: number;
  /** Parameters in their order, with their new values and errors; frozen ones as they were. */
  readonly parameters: readonly Parameter[];
  /** Covariance of all parameters, [n, n], 0 for frozen ones. */
  readonly covariance: NdArray<Float64Array>;
  /** Estimated distance to the minimum. */
  readonly edm: number;
  /** Rise of the statistic that means one standard deviation. */
  readonly errorDef: number;
  /** Calls of the statistic. */
  readonly nCalls: number;
  /** Calls of its gradient. */
  readonly nGradientCalls: number;
  /** Names of parameters that ended at a bound: their errors mean nothing. */
  readonly atLimit: readonly string[];
  /** Whether the second derivatives had to be made positive: the errors are a guess. */
  readonly forcedPositive: boolean;
  /** Calls and statistic after each step. */
  readonly trace: readonly (readonly [calls: number, stat: number])[];
}

/**
 * Finds the values of the free parameters that make a statistic least, and their covariance: a descent by
 * a variable metric (as MIGRAD), second derivatives at the end (as HESSE), and where it cannot go on a
 * simplex first.
 *
 * @param objective The statistic, and its gradient where it is known.
 * @param parameters All parameters in the order of the objective's values.
 * @param options What one standard deviation means, tolerance, most calls.
 * @returns What was found; never throws for a statistic that misbehaves, but says so.
 * @throws TypeError for two parameters of one name.
 * @example
 * ```ts
 * import { createParameter, fit } from "@gammarx/gammarx/fit";
 * import { ok } from "node:assert/strict";
 * const objective = { value: ([x, y]: Float64Array) => (x! - 1) ** 2 + 4 * (y! + 2) ** 2 };
 * const { parameters } = fit(objective, [createParameter("x", 0), createParameter("y", 0)]);
 * ok(Math.abs(parameters[1]!.value + 2) < 1e-6 && Math.abs(parameters[1]!.error - 0.5) < 1e-6);
 * ```
 * @see James & Roos 1975, Comput. Phys. Commun. 10, 343
 */
export function fit(
  objective: Objective,
  parameters: readonly Parameter[],
  options: FitOptions = {},
): FitResult {
  const problem = problemOf(objective, parameters), { n } = problem;
  const { errorDef: up = 1, tolerance = 1e-6 } = options;
  const maxCalls = options.maxCalls ?? 1000 + 200 * n + 20 * n * n, goal = tolerance * up;
  let found = descend(problem, { up, goal, maxCalls }), method: FitResult["method"] = "migrad";
  // Where it could not go on, or stands on a plateau, a walk without derivatives may find the way.
  if ((found.reason !== undefined || found.forced) && n > 0) {
    const start = simplex(problem, {
      start: Number.isFinite(found.f) ? found.u : problem.start,
      steps: problem.steps,
      goal: 0.01 * up,
      maxCalls,
    });
    const second = descend(problem, { up, goal, maxCalls: problem.calls() + maxCalls, start });
    if ((found.reason !== undefined && second.reason === undefined) || second.f < found.f - goal) {
      found = second;
      method = "simplex+migrad";
    }
  }
  return resultOf(problem, found, { up, method });
}

function resultOf(
  problem: Problem,
  found: Descent,
  { up, method }: { readonly up: number; readonly method: FitResult["method"] },
): FitResult {
  const { parameters, free, n } = problem, values = problem.external(found.u);
  const covariance = externalCovariance(problem, found, up), size = parameters.length;
  const fitted = parameters.map((one, i) =>
    one.frozen
      ? one
      : changeParameter(one, { value: values[i]!, error: Math.sqrt(covariance[i * size + i]!) })
  );
  const atLimit = free.flatMap((i) => isAtLimit(fitted[i]!) ? [parameters[i]!.name] : []);
  const notes = [
    ...(found.reason === undefined ? [] : [found.reason]),
    ...(found.forced && n > 0
      ? [
        "the second derivatives are not positive: a parameter may have no influence, or two only one",
      ]
      : []),
    ...(atLimit.length > 0 ? [`at a bound: ${atLimit.join(", ")}`] : []),
  ];
  return Object.freeze({
    converged: found.reason === undefined,
    reason: notes.join("; "),
    method,
    stat: found.f,
    parameters: Object.freeze(fitted),
    covariance: ndarray(covariance, [size, size]),
    edm: found.edm,
    errorDef: up,
    nCalls: problem.calls(),
    nGradientCalls: problem.gradientCalls(),
    atLimit: Object.freeze(atLimit),
    forcedPositive: found.forced,
    trace: Object.freeze(found.trace),
  });
}

/** 2 up J V J of the free parameters, 0 elsewhere. */
function externalCovariance(problem: Problem, found: Descent, up: number): Float64Array {
  const size = problem.parameters.length, out = new Float64Array(size * size);
  const slopes = problem.slopes(found.u), { free, n } = problem;
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      const internal = 2 * up * found.inverse[k * n + l]!;
      out[free[k]! * size + free[l]!] = internal * slopes[k]! * slopes[l]!;
    }
  }
  return out;
}

function isAtLimit({ value, min, max, error }: Parameter): boolean {
  const width = max - min,
    near = Math.max(1e-9 * Math.abs(value), width < Infinity ? 1e-6 * width : 0);
  const distance = Math.min(value - min, max - value);
  return distance <= near || (distance < Infinity && !(error > 0));
}
