/*
 * Error function and its complement. erfcx(x) = e^{x²} erfc(x) is a Chebyshev series in
 * t = (x - 3.75)/(x + 3.75) of (1 + 2x) erfcx(x), valid on [0, ∞); the form of the fit follows
 * Shepherd & Laframboise 1981, Math. Comp. 36, 249; coefficients computed here to 1e-20.
 */
import { chebyshev } from "./_chebyshev.ts";

const COEFFICIENTS: readonly number[] = [
  1.1775789345674017541,
  -0.0045900545806464773309,
  -0.084249133366517915584,
  0.059209939998191890498,
  -0.026658668435305752277,
  0.0090749976707052650939,
  -0.0024131635404176081909,
  0.00049077583652580863229,
  -0.000069169733025012063671,
  4.1390279860730101675e-6,
  7.7403830661984906686e-7,
  -2.1886401049234395661e-7,
  1.0764999465670910377e-8,
  4.5219598112182868979e-9,
  -7.7544002088313511065e-10,
  -6.3180883408866844944e-11,
  2.8687950109306698981e-11,
  1.945586854577734723e-13,
  -9.6546967484334389059e-13,
  3.2525481481487398415e-14,
  3.3478119482068853878e-14,
  -1.8645628804193131015e-15,
  -1.2507950530688647085e-15,
  7.418235256624043463e-17,
  5.0681489047961113168e-17,
  -2.2370566594359995974e-18,
];

/** e^{-x²}, with x² split so that its rounding does not enter. */
function gauss(x: number): number {
  const coarse = Math.round(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

/** erf for |x| < 0.6: (2/√π) e^{-x²} Σ 2ⁿ x^{2n+1}/(2n+1)!!, all terms of one sign. */
function erfSmall(x: number): number {
  const twice = 2 * x * x;
  let term = x, sum = x;
  for (let n = 3; n < 60; n += 2) {
    term *= twice / n;
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return 1.1283791670955126 * Math.exp(-x * x) * sum;
}

/**
 * Error function (2/√π) ∫₀^x e^{-t²} dt.
 *
 * @param x any number
 * @returns erf(x) in [-1, 1], relative error ≤ 1e-15; NaN for NaN
 * @example
 * ```ts
 * import { erf } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(erf(0), 0);
 * equal(erf(10), 1);
 * ```
 * Agrees with scipy.special.erf.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 0.6) return erfSmall(x);
  if (a > 6) return Math.sign(x);
  return Math.sign(x) * (1 - gauss(a) * erfcx(a));
}

/**
 * Complementary error function 1 - erf(x), accurate in the upper tail.
 *
 * @param x any number
 * @returns erfc(x) in [0, 2], relative error ≤ 1e-14; 0 above 27.3, where it underflows
 * @example
 * ```ts
 * import { erfc } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(erfc(10) / 2.088487583762545e-45 - 1) < 1e-13);
 * ```
 * Agrees with scipy.special.erfc.
 */
export function erfc(x: number): number {
  if (Math.abs(x) < 0.5) return 1 - erfSmall(x);
  if (x < 0) return x < -6 ? 2 : 2 - gauss(x) * erfcx(-x);
  return x > 28 ? 0 : gauss(x) * erfcx(x);
}

/**
 * Scaled complementary error function e^{x²} erfc(x).
 *
 * @param x any number; Infinity below -26.7, where it overflows
 * @returns erfcx(x) > 0, relative error ≤ 1e-15 for x ≥ 0
 * @example
 * ```ts
 * import { erfcx } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(erfcx(1e8) * 1e8 * Math.sqrt(Math.PI) - 1) < 1e-15);
 * ```
 * Agrees with scipy.special.erfcx.
 */
export function erfcx(x: number): number {
  if (x >= 0) {
    if (x > 1e9) return 0.5641895835477563 / x;
    return chebyshev(COEFFICIENTS, (x - 3.75) / (x + 3.75)) / (1 + 2 * x);
  }
  if (x > -0.5) return Math.exp(x * x) * (1 - erfSmall(x));
  return x < -26.7 ? (Number.isNaN(x) ? NaN : Infinity) : 2 / gauss(x) - erfcx(-x);
}

/**
 * ln erfc(x), for any depth of tail: ln erfc(1e6) = -1e12 - 14.39…
 *
 * @param x any number
 * @returns ln erfc(x) ≤ ln 2
 * @example
 * ```ts
 * import { erfc, logErfc } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(logErfc(3) - Math.log(erfc(3))) < 1e-14);
 * ok(logErfc(1000) < -1e6);
 * ```
 */
export function logErfc(x: number): number {
  if (x < 0.5) return Math.log1p(-erf(x));
  return Math.log(erfcx(x)) - x * x;
}
