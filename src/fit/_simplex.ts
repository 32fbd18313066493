/*
 * Nelder and Mead's simplex: slow and without derivatives, for where these cannot be trusted.
 *
 * Source: Nelder & Mead 1965, Comput. J. 7, 308.
 */
import type { Problem } from "./_internal.ts";

/** Walks until the values of the simplex differ by less than `goal`. Returns the best point. */
export function simplex(
  problem: Problem,
  { start, steps, goal, maxCalls }: {
    readonly start: Float64Array;
    readonly steps: Float64Array;
    readonly goal: number;
    readonly maxCalls: number;
  },
): Float64Array {
  const { n } = problem;
  const finite = (u: Float64Array) => {
    const f = problem.value(u);
    return Number.isNaN(f) ? Infinity : f;
  };
  const points = [
    start,
    ...Array.from(steps, (step, k) => {
      const point = start.slice();
      point[k]! += step;
      return point;
    }),
  ].map((u) => ({ u, f: finite(u) }));
  const last = problem.calls() + maxCalls;
  while (problem.calls() < last) {
    points.sort((a, b) => a.f - b.f);
    const best = points[0]!, worst = points[n]!;
    if (worst.f - best.f < goal) break;
    const middle = new Float64Array(n);
    for (let p = 0; p < n; p++) for (let k = 0; k < n; k++) middle[k]! += points[p]!.u[k]! / n;
    const at = (t: number) => {
      const u = middle.map((m, k) => m + t * (worst.u[k]! - m));
      return { u, f: finite(u) };
    };
    const mirrored = at(-1);
    if (mirrored.f < best.f) {
      const farther = at(-2);
      points[n] = farther.f < mirrored.f ? farther : mirrored;
    } else if (mirrored.f < points[n - 1]!.f) points[n] = mirrored;
    else {
      const nearer = mirrored.f < worst.f ? at(-0.5) : at(0.5);
      if (nearer.f < Math.min(worst.f, mirrored.f)) points[n] = nearer;
      else {
        for (let p = 1; p <= n; p++) {
          const u = points[p]!.u.map((x, k) => best.u[k]! + (x - best.u[k]!) / 2);
          points[p] = { u, f: finite(u) };
        }
      }
    }
  }
  return points.reduce((a, b) => b.f < a.f ? b : a).u;
}
