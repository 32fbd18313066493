/**
 * Root of a continuous function between two values where it has different signs, to the last bits: Brent's
 * way of Dekker's idea (secants and inverse parabolas, halving where they do not help).
 *
 * @param f The function.
 * @param from One end.
 * @param to The other end.
 * @returns Where f changes its sign; NaN where both ends have the same one, or f is NaN at an end.
 * @example
 * ```ts
 * import { findRoot } from "@gammarx/gammarx/numeric";
 * import { ok, strictEqual } from "node:assert/strict";
 * ok(Math.abs(findRoot((x) => x * x - 2, 0, 2) - Math.SQRT2) < 1e-15);
 * strictEqual(findRoot((x) => x * x + 1, 0, 2), NaN);
 * ```
 * @see Brent 1973, "Algorithms for Minimization without Derivatives", chapter 4
 */
export function findRoot(f: (x: number) => number, from: number, to: number): number {
  let a = from, b = to, fa = f(a), fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa > 0 ? fb < 0 : fa < 0 && fb > 0)) return NaN;
  let c = a, fc = fa, step = b - a, last = step;
  for (let round = 0; round < 200; round++) {
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = last = b - a;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const tolerance = 4e-16 * Math.abs(b) + 1e-300, half = (c - b) / 2;
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    if (Math.abs(last) < tolerance || Math.abs(fa) <= Math.abs(fb)) step = last = half;
    else {
      const s = fb / fa;
      let p: number, q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const t = fa / fc, r = fb / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(tolerance * q), Math.abs(last * q))) {
        last = step;
        step = p / q;
      } else step = last = half;
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * tolerance;
    fb = f(b);
  }
  return b;
}
