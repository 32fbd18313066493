/*
 * J0 by Chebyshev series fitted here to 1e-20: in 2(x/8)² - 1 for |x| ≤ 8, and Hankel's form
 * √(2/πx) (P cos(x - π/4) - Q sin(x - π/4)) with P and Qx/8 in 2(8/x)² - 1 above.
 */
import { chebyshev } from "./_chebyshev.ts";

const LOW: readonly number[] = [
  0.15772797147489011956,
  -0.0087234423528522212908,
  0.26517861320333680987,
  -0.37009499387264977903,
  0.15806710233209726128,
  -0.034893769411408885163,
  0.0048191800694676044968,
  -0.0004606261662062750475,
  0.000032460328821005080806,
  -1.7619469077621507495e-6,
  7.608163592418781867e-8,
  -2.6792535305572728983e-9,
  7.8486963144794644165e-11,
  -1.9438346867370165706e-12,
  4.1253205956343739326e-14,
  -7.5885081254475463376e-16,
  1.2218515873961411034e-17,
];
const P: readonly number[] = [
  0.99946034934751866537,
  -0.00053652204681321174247,
  3.0751847875194746219e-6,
  -5.170594537606097701e-8,
  1.6306464635151383095e-9,
  -7.864091377237069999e-11,
  5.1682623873491924622e-12,
  -4.3045788699253912224e-13,
  4.3265957431549405642e-14,
  -5.0690340959352360775e-15,
  6.7480722157338737041e-16,
  -1.0011513723467785834e-16,
];
const Q: readonly number[] = [
  -0.0155558546053370091,
  0.000068385199426116495994,
  -7.4144984110606472645e-7,
  1.7972457247968991784e-8,
  -7.2719159368663199794e-10,
  4.2201219046687384438e-11,
  -3.2067474209966347446e-12,
  3.0061451253517063112e-13,
  -3.336328185322426997e-14,
  4.2552250402454611232e-15,
  -6.0999301316400500098e-16,
  9.6621289703032567377e-17,
];

/**
 * Bessel function J₀(x).
 *
 * @param x any finite number
 * @returns J₀(x), absolute error ≤ 1e-15 for |x| ≤ 100, then growing as that of x itself
 * @example
 * ```ts
 * import { besselJ0 } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(besselJ0(0) - 1) < 1e-15);
 * ok(Math.abs(besselJ0(2.404825557695773)) < 1e-15);
 * ```
 * Agrees with scipy.special.j0.
 */
export function besselJ0(x: number): number {
  const a = Math.abs(x);
  if (a <= 8) return chebyshev(LOW, a * a / 32 - 1);
  if (a === Infinity) return 0;
  const inverse = 8 / a, t = 2 * inverse * inverse - 1;
  const p = chebyshev(P, t), q = chebyshev(Q, t) * inverse;
  // cos and sin of x - π/4 by the addition theorem: x - π/4 itself would round
  const c = Math.cos(a), s = Math.sin(a);
  return (p * (c + s) - q * (s - c)) / Math.sqrt(Math.PI * a);
}
