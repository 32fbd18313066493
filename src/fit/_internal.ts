/*
 * The problem as the minimiser sees it: free parameters only, without bounds, counted.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | x | external value, within [min, max] |
 * | u | internal value: x itself, or by sine or root where x has bounds |
 *
 * Source of the transformations: James & Roos 1975, Comput. Phys. Commun. 10, 343, section 5.
 */
import type { Objective } from "./objective.ts";
import type { Parameter } from "./parameter.ts";

/** From internal to external and back. */
interface Transformation {
  readonly toExternal: (u: number) => number;
  readonly toInternal: (x: number) => number;
  /** dx/du. */
  readonly slope: (u: number) => number;
}

const PLAIN: Transformation = {
  toExternal: (u) => u,
  toInternal: (x) => x,
  slope: () => 1,
};

function transformationOf({ min, max }: Parameter): Transformation {
  if (min > -Infinity && max < Infinity) {
    const half = (max - min) / 2;
    return {
      toExternal: (u) => min + half * (Math.sin(u) + 1),
      toInternal: (x) => Math.asin(Math.max(-1, Math.min(1, (x - min) / half - 1))),
      slope: (u) => half * Math.cos(u),
    };
  }
  if (min > -Infinity) {
    return {
      toExternal: (u) => min - 1 + Math.sqrt(u * u + 1),
      toInternal: (x) => Math.sqrt(Math.max(0, (x - min + 1) ** 2 - 1)),
      slope: (u) => u / Math.sqrt(u * u + 1),
    };
  }
  if (max < Infinity) {
    return {
      toExternal: (u) => max + 1 - Math.sqrt(u * u + 1),
      toInternal: (x) => Math.sqrt(Math.max(0, (max - x + 1) ** 2 - 1)),
      slope: (u) => -u / Math.sqrt(u * u + 1),
    };
  }
  return PLAIN;
}

/** A fit's problem in internal values. */
export interface Problem {
  /** All parameters, frozen ones included. */
  readonly parameters: readonly Parameter[];
  /** Places of the free ones among them. */
  readonly free: readonly number[];
  /** Number of free ones. */
  readonly n: number;
  /** Internal values to begin with. */
  readonly start: Float64Array;
  /** Internal steps to begin with. */
  readonly steps: Float64Array;
  /** The statistic, priors included. */
  readonly value: (u: Float64Array) => number;
  /** Derivatives that are known; NaN for the others. Undefined where none is. */
  readonly gradient: ((u: Float64Array, out: Float64Array) => void) | undefined;
  /** All external values. */
  readonly external: (u: Float64Array) => Float64Array;
  /** dx/du of the free ones. */
  readonly slopes: (u: Float64Array) => Float64Array;
  /** Calls of the statistic so far. */
  readonly calls: () => number;
  /** Calls of the gradient so far. */
  readonly gradientCalls: () => number;
}

/** A scale in which a parameter with one bound is about 1 away from it. */
function scaleOf({ value, min, max, step, error }: Parameter): number {
  if (step > 0) return step;
  if (error > 0 && error < Infinity) return error;
  const width = max - min;
  if (width < Infinity) return 0.05 * width;
  return value === 0 ? 0.1 : 0.1 * Math.abs(value);
}

/** Places of the parameters that are free. */
export function freePlaces(parameters: readonly Parameter[]): readonly number[] {
  return parameters.flatMap((one, i) => one.frozen ? [] : [i]);
}

/** Sum of the priors of the parameters at some places. */
export function priorsAt(
  parameters: readonly Parameter[],
  places: readonly number[],
  values: Float64Array,
): number {
  let sum = 0;
  for (const i of places) sum += parameters[i]!.prior?.stat(values[i]!) ?? 0;
  return sum;
}

/** Brings objective and parameters to a problem. Values of a bounded parameter at its bound move inwards. */
export function problemOf(objective: Objective, parameters: readonly Parameter[]): Problem {
  const names = parameters.map((one) => one.name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new TypeError(`A fit has one parameter "${twice}", found two`);
  const free = freePlaces(parameters), n = free.length;
  const scales = free.map((i) => scaleOf(parameters[i]!));
  // One-sided bounds are transformed in units of the parameter's own scale.
  const ways = free.map((i, k) => scaled(parameters[i]!, scales[k]!));
  const values = Float64Array.from(parameters, (one) => one.value);
  const withPrior = free.filter((i) => parameters[i]!.prior !== undefined);
  let calls = 0, gradientCalls = 0;
  const fill = (u: Float64Array): Float64Array => {
    for (let k = 0; k < n; k++) values[free[k]!] = ways[k]!.toExternal(u[k]!);
    return values;
  };
  const own = objective.gradient, all = new Float64Array(parameters.length);
  const start = Float64Array.from(free, (i, k) => ways[k]!.toInternal(inside(parameters[i]!)));
  return {
    parameters,
    free,
    n,
    start,
    steps: Float64Array.from(free, (_, k) => {
      const slope = Math.abs(ways[k]!.slope(start[k]!));
      return scales[k]! / Math.max(slope, 0.1 * scales[k]!);
    }),
    value(u) {
      calls++;
      const x = fill(u);
      return objective.value(x) + priorsAt(parameters, withPrior, x);
    },
    gradient: own === undefined ? undefined : (u, out) => {
      gradientCalls++;
      const x = fill(u);
      own(x, all);
      for (let k = 0; k < n; k++) {
        const i = free[k]!;
        const ofPrior = parameters[i]!.prior?.slope(x[i]!) ?? 0;
        out[k] = (all[i]! + ofPrior) * ways[k]!.slope(u[k]!);
      }
    },
    external: (u) => fill(u).slice(),
    slopes: (u) => Float64Array.from(free, (_, k) => ways[k]!.slope(u[k]!)),
    calls: () => calls,
    gradientCalls: () => gradientCalls,
  };
}

function scaled(parameter: Parameter, scale: number): Transformation {
  const { min, max } = parameter;
  const way = transformationOf({ ...parameter, min: min / scale, max: max / scale });
  if (way === PLAIN) {
    return {
      toExternal: (u) => u * scale,
      toInternal: (x) => x / scale,
      slope: () => scale,
    };
  }
  return {
    toExternal: (u) => Math.max(min, Math.min(max, way.toExternal(u) * scale)),
    toInternal: (x) => way.toInternal(x / scale),
    slope: (u) => way.slope(u) * scale,
  };
}

/** A value at its bound has no slope there: it begins a little inside. */
function inside(parameter: Parameter): number {
  const { value, min, max } = parameter, width = max - min;
  const margin = 1e-3 * (width < Infinity ? width : scaleOf(parameter));
  return Math.max(min + margin, Math.min(max - margin, value));
}
