/*
 * The variable-metric descent: steps −V g with the inverse V of the second derivatives, which is improved by
 * every step (BFGS) and replaced by the true one before the end is believed.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | u, g | internal values, gradient there |
 * | V | inverse of the matrix of second derivatives |
 * | edm | estimated distance to the minimum, gᵀ V g / 2 |
 *
 * Source: Fletcher 1970, Comput. J. 13, 317; Davidon 1991; for the use of the distance James & Roos 1975.
 */
import { findSigmas, gradientAt, hessianAt } from "./_derivatives.ts";
import type { Problem } from "./_internal.ts";
import { dot, invertPositive, madePositive, times } from "./_linear.ts";

/** How to descend. */
export interface DescendOptions {
  /** Rise of the statistic that means one standard deviation. */
  readonly up: number;
  /** Distance to the minimum that is small enough. */
  readonly goal: number;
  /** Most calls of the statistic. */
  readonly maxCalls: number;
  /** Where to begin; the problem's own start where absent. */
  readonly start?: Float64Array;
  /** The inverse of the second derivatives where it is known already. */
  readonly inverse?: Float64Array;
  /** Whether the true second derivatives are found before the end; true where absent. */
  readonly hesse?: boolean;
}

/** Where the descent ended. */
export interface Descent {
  readonly u: Float64Array;
  readonly f: number;
  readonly edm: number;
  /** Inverse of the second derivatives. */
  readonly inverse: Float64Array;
  /** Whether the second derivatives had to be made positive. */
  readonly forced: boolean;
  readonly sigma: Float64Array;
  /** Why it did not converge; undefined where it did. */
  readonly reason: string | undefined;
  /** Calls and statistic after each step. */
  readonly trace: readonly (readonly [calls: number, stat: number])[];
}

/** A statistic of real data does not fall so far, in units of `up`. */
const ENDLESS = 1e13;

export function descend(problem: Problem, options: DescendOptions): Descent {
  const { up, goal, maxCalls, hesse = true } = options, { n } = problem;
  let u = options.start ?? problem.start.slice(), f = problem.value(u);
  const trace: [number, number][] = [[problem.calls(), f]];
  let sigma = options.inverse === undefined ? problem.steps : sigmaOf(options.inverse, up, n);
  const end = (
    reason: string | undefined,
    edm: number,
    inverse: Float64Array,
    forced: boolean,
  ) => ({
    u,
    f,
    edm,
    inverse,
    forced,
    sigma,
    reason,
    trace,
  });
  if (n === 0) return end(undefined, 0, new Float64Array(0), false);
  if (!Number.isFinite(f)) {
    return end(`the statistic is ${f} at the start`, Infinity, diagonal(sigma, up), false);
  }
  if (options.inverse === undefined) sigma = findSigmas(problem, u, { f0: f, up, from: sigma });
  let inverse = options.inverse ?? diagonal(sigma, up), isTrue = false, forced = false;
  let g = gradientAt(problem, u, sigma), failures = 0;
  for (;;) {
    let edm = dot(g, times(inverse, g)) / 2;
    // Below that a large statistic is not exact.
    const enough = Math.max(goal, Math.min(2e-14 * Math.abs(f), 1e-3 * up));
    if (edm < enough) {
      if (isTrue || !hesse) return end(undefined, edm, inverse, forced);
      ({ inverse, forced, sigma } = trueInverse(problem, u, { f0: f, sigma, up }));
      isTrue = true;
      g = gradientAt(problem, u, sigma);
      edm = dot(g, times(inverse, g)) / 2;
      if (edm < enough) return end(undefined, edm, inverse, forced);
    }
    if (f < trace[0]![1] - ENDLESS * up) {
      return end("the statistic falls without end", Infinity, inverse, forced);
    }
    if (problem.calls() + problem.gradientCalls() > maxCalls) {
      return end(`it took more than ${maxCalls} calls of the statistic`, edm, inverse, forced);
    }
    const direction = times(inverse, g).map((d) => -d);
    const step = search(problem, { u, f, direction, slope: dot(g, direction), up });
    if (step === undefined) {
      if (isTrue || ++failures > 2) {
        if (edm < 100 * enough) return end(undefined, edm, inverse, forced);
        return end(
          `no step lowers the statistic, though the minimum is estimated to be ${
            edm.toPrecision(3)
          } lower: ` +
            "it may not be smooth, or its derivatives are wrong",
          edm,
          inverse,
          forced,
        );
      }
      ({ inverse, forced, sigma } = trueInverse(problem, u, { f0: f, sigma, up }));
      isTrue = true;
      g = gradientAt(problem, u, sigma);
      continue;
    }
    const before = g, moved = step.u.map((x, i) => x - u[i]!);
    u = step.u;
    f = step.f;
    trace.push([problem.calls(), f]);
    g = gradientAt(problem, u, sigma);
    inverse = improved(inverse, moved, g.map((x, i) => x - before[i]!));
    // Steps of the derivatives follow the errors as they become known.
    sigma = sigma.map((s, i) => {
      const own = Math.sqrt(2 * up * inverse[i * n + i]!);
      return own > 0 && own < s ? Math.max(own, s / 10) : s;
    });
    isTrue = false;
  }
}

function diagonal(sigma: Float64Array, up: number): Float64Array {
  const n = sigma.length, v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = sigma[i]! ** 2 / (2 * up);
  return v;
}

/** Distances over which the statistic rises by `up` when one parameter alone moves. */
function sigmaOf(inverse: Float64Array, up: number, n: number): Float64Array {
  const hessian = invertPositive(inverse, n);
  return Float64Array.from(
    { length: n },
    (_, i) =>
      hessian === undefined
        ? Math.sqrt(2 * up * inverse[i * n + i]!)
        : Math.sqrt(2 * up / hessian[i * n + i]!),
  );
}

/** The inverse of the true second derivatives, made positive where they are not. */
export function trueInverse(
  problem: Problem,
  u: Float64Array,
  { f0, sigma, up }: { readonly f0: number; readonly sigma: Float64Array; readonly up: number },
): { readonly inverse: Float64Array; readonly forced: boolean; readonly sigma: Float64Array } {
  const { n } = problem, better = findSigmas(problem, u, { f0, up, from: sigma });
  const hessian = hessianAt(problem, u, { f0, sigma: better, up });
  // Counted in errors, so that the eigenvalues of all parameters are alike.
  const counted = hessian.map((h, k) => h * better[Math.floor(k / n)]! * better[k % n]!);
  const { matrix, forced } = madePositive(counted, n);
  const inverted = invertPositive(matrix, n) ?? diagonal(new Float64Array(n).fill(1), up);
  return {
    inverse: inverted.map((v, k) => v * better[Math.floor(k / n)]! * better[k % n]!),
    forced,
    sigma: better,
  };
}

/** V after a step s in which the gradient changed by y; as it was where the statistic is not convex there. */
function improved(v: Float64Array, s: Float64Array, y: Float64Array): Float64Array {
  const n = s.length, sy = dot(s, y), vy = times(v, y), yvy = dot(y, vy);
  if (!(sy > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return v;
  const out = new Float64Array(n * n), factor = (1 + yvy / sy) / sy;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      out[i * n + j] = v[i * n + j]! + factor * s[i]! * s[j]! -
        (vy[i]! * s[j]! + s[i]! * vy[j]!) / sy;
    }
  }
  return out;
}

/**
 * A point along a direction where the statistic is lower by a fair part of what the slope promises: the
 * whole step, or by parabolas less or more. Undefined where there is none.
 */
function search(
  problem: Problem,
  from: {
    readonly u: Float64Array;
    readonly f: number;
    readonly direction: Float64Array;
    readonly slope: number;
    readonly up: number;
  },
): { readonly u: Float64Array; readonly f: number } | undefined {
  const { u, f, direction, slope } = from;
  if (!(slope < 0)) return undefined;
  const at = (length: number) => u.map((x, i) => x + length * direction[i]!);
  let best: { readonly u: Float64Array; readonly f: number } | undefined, length = 1;
  for (let round = 0; round < 20; round++) {
    const there = at(length), value = problem.value(there);
    const isLower = value < f + 1e-4 * length * slope;
    if (isLower && (best === undefined || value < best.f)) best = { u: there, f: value };
    else if (best !== undefined) return best;
    // The parabola through f, its slope, and the value.
    const curvature = (value - f - length * slope) / (length * length);
    const wanted = curvature > 0 ? -slope / (2 * curvature) : 4 * length;
    if (!Number.isFinite(value) || Number.isNaN(wanted)) length /= 10;
    else if (isLower) {
      if (wanted < 1.5 * length || round > 5) return best;
      length = Math.min(wanted, 5 * length);
    } else length = Math.max(0.1 * length, Math.min(0.7 * length, wanted));
  }
  return best;
}
