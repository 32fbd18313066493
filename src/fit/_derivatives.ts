/* Numerical derivatives in internal values, with steps that are a part of each parameter's error. */
import type { Problem } from "./_internal.ts";

/** Steps as a part of the distance over which the statistic changes by 1. */
const GRADIENT_PART = 0.02;

/** Small for curved valleys, larger where the rounding of a large statistic would drown the difference. */
function hessianPart(f0: number, up: number): number {
  return Math.max(0.01, Math.min(0.1, (1e-13 * Math.abs(f0) / up) ** 0.25));
}

/** Where the derivatives stand: the errors that the steps are made of. */
export interface Steps {
  /** Distance over which the statistic rises by `up`, a parameter. */
  readonly sigma: Float64Array;
}

/**
 * Distances over which the statistic rises by about `up` when one parameter alone moves: found by second
 * differences, enlarged or lessened until they fit.
 */
export function findSigmas(
  problem: Problem,
  u: Float64Array,
  { f0, up, from }: { readonly f0: number; readonly up: number; readonly from: Float64Array },
): Float64Array {
  const sigma = from.slice(), at = u.slice();
  for (let k = 0; k < problem.n; k++) {
    let step = sigma[k]!;
    for (let round = 0; round < 12; round++) {
      at[k] = u[k]! + step;
      const above = problem.value(at);
      at[k] = u[k]! - step;
      const below = problem.value(at);
      at[k] = u[k]!;
      const second = (above + below - 2 * f0) / (step * step);
      if (!Number.isFinite(second)) {
        step /= 10;
        continue;
      }
      const noise = 1e-13 * (Math.abs(f0) + up) / (step * step);
      const better = second > noise ? Math.sqrt(2 * up / second) : 10 * step;
      const next = Math.max(step / 100, Math.min(100 * step, better));
      const isSettled = next / step > 0.3 && next / step < 3;
      step = next;
      if (isSettled) break;
    }
    sigma[k] = step;
  }
  return sigma;
}

/** The gradient: what is known, and central differences for the rest. */
export function gradientAt(problem: Problem, u: Float64Array, sigma: Float64Array): Float64Array {
  const out = new Float64Array(problem.n).fill(NaN);
  problem.gradient?.(u, out);
  const at = u.slice();
  for (let k = 0; k < problem.n; k++) {
    if (!Number.isNaN(out[k]!)) continue;
    const step = GRADIENT_PART * sigma[k]!;
    at[k] = u[k]! + step;
    const above = problem.value(at);
    at[k] = u[k]! - step;
    const below = problem.value(at);
    at[k] = u[k]!;
    out[k] = (above - below) / (2 * step);
  }
  return out;
}

/** The matrix of second derivatives, by differences of the statistic, or of the gradient where all is known. */
export function hessianAt(
  problem: Problem,
  u: Float64Array,
  { f0, sigma, up }: { readonly f0: number; readonly sigma: Float64Array; readonly up: number },
): Float64Array {
  const known = new Float64Array(problem.n).fill(NaN);
  problem.gradient?.(u, known);
  return known.some(Number.isNaN)
    ? fromValues(problem, u, f0, sigma.map((s) => hessianPart(f0, up) * s))
    : fromGradients(problem, u, sigma);
}

function fromValues(
  problem: Problem,
  u: Float64Array,
  f0: number,
  steps: Float64Array,
): Float64Array {
  const { n } = problem, h = new Float64Array(n * n), at = u.slice();
  const above = new Float64Array(n), below = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    at[i] = u[i]! + steps[i]!;
    above[i] = problem.value(at);
    at[i] = u[i]! - steps[i]!;
    below[i] = problem.value(at);
    at[i] = u[i]!;
    h[i * n + i] = (above[i]! + below[i]! - 2 * f0) / steps[i]! ** 2;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      at[i] = u[i]! + steps[i]!;
      at[j] = u[j]! + steps[j]!;
      const both = problem.value(at);
      at[i] = u[i]! - steps[i]!;
      at[j] = u[j]! - steps[j]!;
      const neither = problem.value(at);
      at[i] = u[i]!;
      at[j] = u[j]!;
      const alone = above[i]! + above[j]! + below[i]! + below[j]! - 2 * f0;
      const mixed = (both + neither - alone) / (2 * steps[i]! * steps[j]!);
      h[i * n + j] = mixed;
      h[j * n + i] = mixed;
    }
  }
  return h;
}

function fromGradients(problem: Problem, u: Float64Array, sigma: Float64Array): Float64Array {
  const { n } = problem, h = new Float64Array(n * n), at = u.slice();
  const above = new Float64Array(n), below = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const step = GRADIENT_PART * sigma[i]!;
    at[i] = u[i]! + step;
    problem.gradient!(at, above);
    at[i] = u[i]! - step;
    problem.gradient!(at, below);
    at[i] = u[i]!;
    for (let j = 0; j < n; j++) h[i * n + j] = (above[j]! - below[j]!) / (2 * step);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (h[i * n + j]! + h[j * n + i]!) / 2;
      h[i * n + j] = mean;
      h[j * n + i] = mean;
    }
  }
  return h;
}
