/*
 * Double-double arithmetic: a number is the unevaluated sum hi + lo, |lo| ≤ ½ ulp(hi), about 32
 * digits. Dekker 1971, Numer. Math. 18, 224; Knuth TAOCP 2, 4.2.2; error bounds of Joldes, Muller &
 * Popescu 2017, ACM TOMS 44, 15. Not for operands near overflow (2^996) or underflow.
 */

/** The unevaluated sum of two doubles. */
export interface DoubleDouble {
  /** The number, rounded to double. */
  readonly hi: number;
  /** What is missing, |lo| ≤ ½ ulp(hi). */
  readonly lo: number;
}

const SPLITTER = 134217729;

/** Error of the sum s = a + b, exact. */
function sumError(a: number, b: number, s: number): number {
  const t = s - a;
  return (a - (s - t)) + (b - t);
}

/** Error of the product p = a b, exact. */
function productError(a: number, b: number, p: number): number {
  const ta = SPLITTER * a, ah = ta - (ta - a), al = a - ah;
  const tb = SPLITTER * b, bh = tb - (tb - b), bl = b - bh;
  return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
}

/** hi + lo of |hi| ≥ |lo|, renormalised. */
function quick(hi: number, lo: number): DoubleDouble {
  const s = hi + lo;
  return { hi: s, lo: lo - (s - hi) };
}

/**
 * The exact sum of two doubles.
 *
 * @param a any finite number
 * @param b any finite number
 * @returns {hi, lo} with hi = fl(a + b) and hi + lo = a + b exactly
 * @example
 * ```ts
 * import { twoSum } from "@gammarx/gammarx/numeric";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(twoSum(1e16, 1), { hi: 1e16, lo: 1 });
 * ```
 */
export function twoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: sumError(a, b, hi) };
}

/**
 * The exact product of two doubles.
 *
 * @param a any number below 2^996
 * @param b any number below 2^996
 * @returns {hi, lo} with hi = fl(a b) and hi + lo = a b exactly
 * @example
 * ```ts
 * import { twoProd } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * const { hi, lo } = twoProd(94906267, 94906267);
 * equal(BigInt(hi) + BigInt(lo), 94906267n ** 2n);
 * ```
 */
export function twoProd(a: number, b: number): DoubleDouble {
  const hi = a * b;
  return { hi, lo: productError(a, b, hi) };
}

/**
 * A double-double from one or two doubles of any sizes.
 *
 * @param a a number
 * @param b a number, default 0
 * @returns a + b
 * @example
 * ```ts
 * import { dd } from "@gammarx/gammarx/numeric";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(dd(1, 1e16), { hi: 1e16, lo: 1 });
 * ```
 */
export function dd(a: number, b = 0): DoubleDouble {
  return twoSum(a, b);
}

/**
 * Sum of two double-doubles.
 *
 * @param x a double-double
 * @param y a double-double or a double
 * @returns x + y, relative error ≤ 3·2⁻¹⁰⁶
 * @example
 * ```ts
 * import { dd, ddAdd, ddToNumber } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(ddToNumber(ddAdd(ddAdd(dd(1e20), 1), -1e20)), 1);
 * ```
 */
export function ddAdd(x: DoubleDouble, y: DoubleDouble | number): DoubleDouble {
  const yh = typeof y === "number" ? y : y.hi, yl = typeof y === "number" ? 0 : y.lo;
  const sh = x.hi + yh, se = sumError(x.hi, yh, sh);
  const th = x.lo + yl, te = sumError(x.lo, yl, th);
  const v = quick(sh, se + th);
  return quick(v.hi, te + v.lo);
}

/**
 * Difference of two double-doubles.
 *
 * @param x a double-double
 * @param y a double-double or a double
 * @returns x - y
 * @example
 * ```ts
 * import { dd, ddSub, ddToNumber } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(ddToNumber(ddSub(dd(1e20, 0.5), 1e20)), 0.5);
 * ```
 */
export function ddSub(x: DoubleDouble, y: DoubleDouble | number): DoubleDouble {
  return ddAdd(x, typeof y === "number" ? -y : { hi: -y.hi, lo: -y.lo });
}

/**
 * Product of two double-doubles.
 *
 * @param x a double-double
 * @param y a double-double or a double
 * @returns x y, relative error ≤ 5·2⁻¹⁰⁶
 * @example
 * ```ts
 * import { dd, ddMul, ddSub, ddToNumber } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(ddToNumber(ddSub(ddMul(dd(1, 2 ** -60), dd(1, -(2 ** -60))), 1)), -(2 ** -120));
 * ```
 */
export function ddMul(x: DoubleDouble, y: DoubleDouble | number): DoubleDouble {
  const yh = typeof y === "number" ? y : y.hi, yl = typeof y === "number" ? 0 : y.lo;
  const p = x.hi * yh, e = productError(x.hi, yh, p);
  return quick(p, e + (x.lo * yl + (x.hi * yl + x.lo * yh)));
}

/**
 * Quotient of two double-doubles.
 *
 * @param x a double-double
 * @param y a double-double or a double, not 0
 * @returns x / y, relative error ≤ 10·2⁻¹⁰⁶
 * @example
 * ```ts
 * import { dd, ddDiv, ddMul, ddToNumber } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(ddToNumber(ddMul(ddDiv(dd(1), 3), 3)), 1);
 * ```
 */
export function ddDiv(x: DoubleDouble, y: DoubleDouble | number): DoubleDouble {
  const divisor = typeof y === "number" ? { hi: y, lo: 0 } : y;
  const first = x.hi / divisor.hi, rest = ddSub(x, ddMul(divisor, first));
  const second = rest.hi / divisor.hi, rest2 = ddSub(rest, ddMul(divisor, second));
  return ddAdd(quick(first, second), rest2.hi / divisor.hi);
}

/**
 * A double-double rounded to double.
 *
 * @param x a double-double
 * @returns hi + lo
 * @example
 * ```ts
 * import { dd, ddToNumber } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(ddToNumber(dd(1, 1e-20)), 1);
 * ```
 */
export function ddToNumber(x: DoubleDouble): number {
  return x.hi + x.lo;
}

/**
 * Splits into an integer and a fraction: pulse number and phase, day and time of day.
 *
 * @param x a double-double, |x| < 2^53 · 2^52
 * @returns whole = ⌊x⌋ as a double (exact below 2^53) and fraction = x - ⌊x⌋ in [0, 1), to 2⁻⁵³;
 *   what rounds to a fraction of 1 is the next whole with fraction 0
 * @example
 * ```ts
 * import { dd, ddSplit } from "@gammarx/gammarx/numeric";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(ddSplit(dd(1e15, 0.03125)), { whole: 1e15, fraction: 0.03125 });
 * deepEqual(ddSplit(dd(-0.25)), { whole: -1, fraction: 0.75 });
 * ```
 */
export function ddSplit(x: DoubleDouble): { whole: number; fraction: number } {
  const wholeHi = Math.floor(x.hi), wholeLo = Math.floor(x.lo);
  // both fractions in [0, 1]; their sum may carry
  const fractionHi = x.hi - wholeHi,
    fractionLo = x.lo - wholeLo,
    fraction = fractionHi + fractionLo;
  const whole = wholeHi + wholeLo;
  if (fraction < 1) return { whole, fraction };
  return { whole: whole + 1, fraction: Math.max((fractionHi - 1) + fractionLo, 0) };
}

/**
 * A double-double from decimal text, correctly rounded: "56000.000766018518518519".
 *
 * @param text a decimal number with optional sign, fraction and exponent (e, E, d or D)
 * @returns the number to about 32 digits
 * @throws SyntaxError where it is no number
 * @example
 * ```ts
 * import { ddParse } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * const { hi, lo } = ddParse("56000.1");
 * equal(hi, 56000.1);
 * equal(lo, 1.4551915228366852e-12);
 * ```
 */
export function ddParse(text: string): DoubleDouble {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eEdD]([+-]?\d{1,4}))?\s*$/.exec(text);
  const [, sign = "", whole = "", decimals = "", exponent = "0"] = match ?? [];
  const digits = whole + decimals;
  if (match === null || digits === "") {
    throw new SyntaxError(`"${text}" is not a decimal number`);
  }
  const scale = Number(exponent) - decimals.length, mantissa = BigInt(digits);
  const hi = Number(`${digits}e${scale}`);
  if (hi === 0 || !Number.isFinite(hi)) return { hi: sign === "-" ? -hi : hi, lo: 0 };
  // hi = m 2^e exactly; the rest as a fraction of integers, brought to 64 bits and rounded
  const [m, e] = decompose(hi);
  let numerator = mantissa, denominator = 1n, part = m;
  if (scale >= 0) numerator *= 10n ** BigInt(scale);
  else denominator = 10n ** BigInt(-scale);
  if (e >= 0) part <<= BigInt(e);
  else numerator <<= BigInt(-e);
  const rest = numerator - part * denominator;
  const quotient = (rest << 80n) / denominator;
  const lo = Number(quotient) * 2 ** -80 * (e < 0 ? 2 ** e : 1);
  return sign === "-" ? { hi: -hi, lo: lo === 0 ? 0 : -lo } : { hi, lo };
}

/** A positive double as m 2^e with an integer m. */
function decompose(value: number): [bigint, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0), biased = Number(bits >> 52n) & 0x7ff;
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0 ? [fraction, -1074] : [fraction | 0x10000000000000n, biased - 1075];
}
