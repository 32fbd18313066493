/**
 * Nodes and weights of the Gauss–Legendre rule over [−1, 1], exact for polynomials up to degree 2n − 1.
 *
 * @param n Number of nodes, 1 to 64.
 * @returns Nodes ascending, and their weights.
 * @throws RangeError for another number.
 * @example
 * ```ts
 * import { gaussLegendre } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * const { nodes, weights } = gaussLegendre(3);
 * ok(Math.abs(nodes.reduce((sum, x, i) => sum + weights[i]! * x ** 4, 0) - 0.4) < 1e-15);
 * ```
 * @see Abramowitz & Stegun, 25.4.29; the roots by Newton's method
 */
export function gaussLegendre(
  n: number,
): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  if (!Number.isInteger(n) || n < 1 || n > 64) {
    throw new RangeError(`gaussLegendre: found ${n} nodes, expected 1 to 64`);
  }
  const nodes = new Float64Array(n), weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 1;
    for (let round = 0; round < 100; round++) {
      let p = 1, before = 0;
      for (let k = 1; k <= n; k++) [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      slope = n * (x * p - before) / (x * x - 1);
      const step = p / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
