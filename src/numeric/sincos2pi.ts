/*
 * sin and cos of 2πx for x in cycles.
 *   p = x - round(x), q = round(4p) in -2..2, r = p - q/4, |r| <= 1/8: all exact
 *   s = sin 2πr, c = cos 2πr: Chebyshev fits in r² on [0, 1/64], errors below 2e-19
 *   even = 1 - |q|, odd = q (2 - |q|), each -1, 0 or 1: sin 2πx = even s + odd c, cos = even c - odd s
 * No branch, no table; large x lose nothing but what x itself lost. Where both functions of one x are
 * inlined, the compiler shares the work.
 */

/** The double below 1/2: floor(x + this) rounds every double to nearest, where x + 1/2 may round up. */
const BELOW_HALF = 0.49999999999999994;
/** 1.5·2⁵²: adding and taking it away rounds small numbers to an integer; cheaper than Math.round. */
const ROUND = 6755399441055744;

/**
 * sin(2πx), x in cycles: the argument is reduced exactly, so `sin2pi(1e9 + 0.25)` is 1.
 *
 * @param x any finite number, in cycles
 * @returns sin(2πx), absolute error ≤ 1.5e-16, exact at every quarter cycle; odd, and of period 1, bit
 *   for bit; NaN where x is not finite
 * @example
 * ```ts
 * import { sin2pi } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(sin2pi(1e9 + 0.25), 1);
 * equal(sin2pi(0.5), 0);
 * ```
 */
export function sin2pi(x: number): number {
  const p = x - Math.floor(x + BELOW_HALF),
    q = (4 * p + ROUND) - ROUND,
    r = p - 0.25 * q,
    z = r * r;
  const s = 6.283185307179586 * r +
    r * z * (-41.34170224039976 + z * (81.60524927607504 + z * (-76.70585975304293 +
                z * (42.05869393780692 + z * (-15.094641279730084 +
                        z * (3.8198307525292455 - z * 0.7124452450562969))))));
  const c = 1 +
    z * (-19.739208802178717 + z * (64.93939402266824 + z * (-85.45681720664382 +
                z * (60.244641352705689 + z * (-26.426253276308862 +
                        z * (7.903206937404164 - z * 1.699034945183096))))));
  const even = 1 - Math.abs(q), odd = q * (2 - Math.abs(q));
  return even * s + odd * c + 0;
}

/**
 * cos(2πx), x in cycles: the argument is reduced exactly, so `cos2pi(1e9)` is 1.
 *
 * @param x any finite number, in cycles
 * @returns cos(2πx), absolute error ≤ 1.5e-16, exact at every quarter cycle; even, and of period 1, bit
 *   for bit; NaN where x is not finite
 * @example
 * ```ts
 * import { cos2pi } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(cos2pi(1e9), 1);
 * equal(cos2pi(0.25), 0);
 * ```
 */
export function cos2pi(x: number): number {
  const p = x - Math.floor(x + BELOW_HALF),
    q = (4 * p + ROUND) - ROUND,
    r = p - 0.25 * q,
    z = r * r;
  const s = 6.283185307179586 * r +
    r * z * (-41.34170224039976 + z * (81.60524927607504 + z * (-76.70585975304293 +
                z * (42.05869393780692 + z * (-15.094641279730084 +
                        z * (3.8198307525292455 - z * 0.7124452450562969))))));
  const c = 1 +
    z * (-19.739208802178717 + z * (64.93939402266824 + z * (-85.45681720664382 +
                z * (60.244641352705689 + z * (-26.426253276308862 +
                        z * (7.903206937404164 - z * 1.699034945183096))))));
  const even = 1 - Math.abs(q), odd = q * (2 - Math.abs(q));
  return even * c - odd * s + 0;
}
