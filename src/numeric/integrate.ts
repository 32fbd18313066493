/** Nodes and weights of the 16-point Gauss–Legendre rule on [−1, 1], upper half; the rest by symmetry. */
const NODES = [
  0.0950125098376374402,
  0.281603550779258913,
  0.458016777657227386,
  0.617876244402643748,
  0.755404408355003034,
  0.865631202387831744,
  0.944575023073232576,
  0.989400934991649933,
];
const WEIGHTS = [
  0.189450610455068496,
  0.182603415044923589,
  0.169156519395002538,
  0.149595988816576732,
  0.124628971255533872,
  0.0951585116824927848,
  0.0622535239386478929,
  0.0271524594117540949,
];

/**
 * ∫ f(x) dx over [low, high], by 16-point Gauss–Legendre rules on equal parts.
 *
 * @param f Function of one number, smooth within each part.
 * @param range Ends, and the number of parts (1).
 * @returns The integral.
 * @example
 * ```ts
 * import { integrate } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(integrate(Math.exp, { low: 0, high: 1 }) - (Math.E - 1)) < 1e-15);
 * ```
 * @see Abramowitz & Stegun, table 25.4
 */
export function integrate(
  f: (x: number) => number,
  range: { readonly low: number; readonly high: number; readonly parts?: number },
): number {
  const { low, high, parts = 1 } = range, half = (high - low) / parts / 2;
  let sum = 0;
  for (let part = 0; part < parts; part++) {
    const middle = low + (2 * part + 1) * half;
    for (let k = 0; k < 8; k++) {
      sum += WEIGHTS[k]! * (f(middle - half * NODES[k]!) + f(middle + half * NODES[k]!));
    }
  }
  return sum * half;
}

/** Where a function is evaluated to integrate it, and with which weights. */
export interface Quadrature {
  /** Nodes, ascending within each part. */
  readonly nodes: Float64Array;
  /** Weights: ∫ f dx = Σ weights f(nodes). */
  readonly weights: Float64Array;
}

/**
 * Nodes and weights of {@link integrate}, for integrals that share them.
 *
 * @param range Ends, and the number of parts (1).
 * @returns 16 nodes and weights a part.
 * @example
 * ```ts
 * import { quadrature } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * const { nodes, weights } = quadrature({ low: 0, high: 2 });
 * ok(Math.abs(nodes.reduce((sum, x, i) => sum + weights[i]! * x * x, 0) - 8 / 3) < 1e-14);
 * ```
 * @see Abramowitz & Stegun, table 25.4
 */
export function quadrature(
  range: { readonly low: number; readonly high: number; readonly parts?: number },
): Quadrature {
  const { low, high, parts = 1 } = range, half = (high - low) / parts / 2;
  const nodes = new Float64Array(16 * parts), weights = new Float64Array(16 * parts);
  for (let part = 0; part < parts; part++) {
    const middle = low + (2 * part + 1) * half;
    for (let k = 0; k < 8; k++) {
      const [below, above] = [16 * part + 7 - k, 16 * part + 8 + k];
      nodes[below] = middle - half * NODES[k]!;
      nodes[above] = middle + half * NODES[k]!;
      weights[below] = weights[above] = WEIGHTS[k]! * half;
    }
  }
  return { nodes, weights };
}

/**
 * ∫ f(x) dx over [low, high] with nodes at equal ratios, for functions that change by decades.
 *
 * @param f Function of a positive number.
 * @param range Ends, 0 < low, and the number of parts a decade (4).
 * @returns The integral.
 * @throws RangeError where low is not positive.
 * @example
 * ```ts
 * import { integrateLog } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * const integral = integrateLog((e) => e ** -2, { low: 0.1, high: 100 });
 * ok(Math.abs(integral - 9.99) < 1e-10);
 * ```
 */
export function integrateLog(
  f: (x: number) => number,
  range: { readonly low: number; readonly high: number; readonly partsPerDecade?: number },
): number {
  const { low, high, partsPerDecade = 4 } = range;
  if (!(low > 0)) throw new RangeError(`integrateLog starts above 0, found ${low}`);
  const parts = Math.max(1, Math.ceil(Math.log10(high / low) * partsPerDecade));
  return integrate((logX) => {
    const x = Math.exp(logX);
    return x * f(x);
  }, { low: Math.log(low), high: Math.log(high), parts });
}
