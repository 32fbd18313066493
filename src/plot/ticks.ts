/** Where the ticks of an axis stand and what the major ones say. */
export interface Ticks {
  /** Values of the major ticks, inside the range, rising. */
  readonly major: readonly number[];
  /** Labels of the major ticks; ^{…} marks superscripts; "" where there is no room. */
  readonly labels: readonly string[];
  /** Values of the minor ticks, inside the range, rising. */
  readonly minor: readonly number[];
  /** Power of ten taken out of the labels: value = label · 10^power. */
  readonly power: number;
}

function checkRange(name: string, from: number, to: number): [number, number] {
  const low = Math.min(from, to), high = Math.max(from, to);
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new RangeError(`${name}: range [${from}, ${to}] needs two different finite numbers`);
  }
  if (high - low < 1e-12 * Math.max(-low, high) || high - low < 1e-290) {
    throw new RangeError(`${name}: range [${from}, ${to}] is too narrow to tell its numbers apart`);
  }
  return [low, high];
}

const withMinus = (text: string): string => text.replace("-", "−");

/** The step of 1, 2 or 5 times a power of ten that gives at most about `count` steps. */
function niceStep(span: number, count: number): { step: number; digit: number; exponent: number } {
  const raw = span / count;
  let exponent = Math.floor(Math.log10(raw));
  const mantissa = raw / 10 ** exponent;
  let digit = mantissa <= 1.0000001
    ? 1
    : mantissa <= 2.0000001
    ? 2
    : mantissa <= 5.0000001
    ? 5
    : 10;
  if (digit === 10) {
    digit = 1;
    exponent += 1;
  }
  return { step: digit * 10 ** exponent, digit, exponent };
}

/** k · digit · 10^exponent, rounded as the decimal number it is. */
function multiple(k: number, digit: number, exponent: number): number {
  return Number(`${k * digit}e${exponent}`);
}

function multiples(low: number, high: number, digit: number, exponent: number): number[] {
  const step = digit * 10 ** exponent, out: number[] = [], slack = 1e-9 * (high - low);
  for (let k = Math.ceil((low - slack) / step); k * step <= high + slack; k++) {
    out.push(multiple(k, digit, exponent));
  }
  return out;
}

/**
 * Ticks of a linear axis: steps of 1, 2 or 5 times a power of ten, minor ticks in fifths or quarters.
 *
 * @param from one end of the axis, finite
 * @param to the other end; may be below `from`
 * @param count about how many steps at most, default 6
 * @returns ticks inside the range; labels carry a common power of ten where numbers are ≥ 1e6 or < 1e-3
 * @throws RangeError where the range is empty, not finite, or narrower than 1e-12 of its values
 * @example
 * ```ts
 * import { linearTicks } from "@gammarx/gammarx/plot";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(linearTicks(0, 1, 5).labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
 * ```
 */
export function linearTicks(from: number, to: number, count = 6): Ticks {
  const [low, high] = checkRange("linearTicks", from, to);
  const { digit, exponent } = niceStep(high - low, Math.max(count, 1));
  const major = multiples(low, high, digit, exponent);
  const [minorDigit, minorExponent] = digit === 1
    ? [2, exponent - 1]
    : digit === 2
    ? [5, exponent - 1]
    : [1, exponent];
  const isMajor = new Set(major);
  const minor = multiples(low, high, minorDigit, minorExponent).filter((v) => !isMajor.has(v));
  const largest = Math.max(Math.abs(low), Math.abs(high)), order = Math.floor(Math.log10(largest));
  const power = order >= 6 || order < -3 ? order : 0;
  const decimals = Math.max(0, power - exponent);
  const labels = major.map((v) => withMinus((v === 0 ? 0 : v / 10 ** power).toFixed(decimals)));
  return { major, labels, minor, power };
}

function decadeLabel(exponent: number, digit = 1): string {
  const power = `10^{${withMinus(String(exponent))}}`;
  return digit === 1 ? power : `${digit}×${power}`;
}

function plainLabel(exponent: number, digit: number): string {
  if (exponent < -3 || exponent > 3) return decadeLabel(exponent, digit);
  return exponent >= 0
    ? String(digit * 10 ** exponent)
    : (digit * 10 ** exponent).toFixed(-exponent);
}

/**
 * Ticks of a logarithmic axis: decades, written 10^{n}, with 2..9 between as minor ticks; 1-2-5 within
 * less than two decades; every second, third, … decade where there is no room for all.
 *
 * @param from one end of the axis, above 0
 * @param to the other end, above 0; may be below `from`
 * @param count about how many labels at most, default 8
 * @returns ticks inside the range
 * @throws RangeError where the range is empty, not finite or not positive
 * @example
 * ```ts
 * import { logTicks } from "@gammarx/gammarx/plot";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(logTicks(0.01, 100).labels, ["10^{−2}", "10^{−1}", "10^{0}", "10^{1}", "10^{2}"]);
 * ```
 */
export function logTicks(from: number, to: number, count = 8): Ticks {
  const [low, high] = checkRange("logTicks", from, to);
  if (low <= 0) throw new RangeError(`logTicks: range [${from}, ${to}] needs numbers above 0`);
  const slack = 1e-9,
    inside = (v: number): boolean => v >= low * (1 - slack) && v <= high * (1 + slack);
  const first = Math.floor(Math.log10(low) - slack), last = Math.ceil(Math.log10(high) + slack);
  const decades = Math.log10(high / low),
    every = Math.max(1, Math.ceil(decades / Math.max(count, 1)));
  if (decades < 0.6) {
    const { major, minor } = linearTicks(low, high, count);
    if (major.length > 0) return { major, minor, power: 0, labels: major.map(shortLabel) };
  }
  const major: number[] = [], labels: string[] = [], minor: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (let digit = 1; digit < 10; digit++) {
      const value = Number(`${digit}e${exponent}`);
      if (!inside(value)) continue;
      const labelled = decades < 2 ? digit === 1 || digit === 2 || digit === 5 : digit === 1;
      if (!labelled || ((exponent % every) + every) % every !== 0) {
        if (every === 1 || digit === 1) minor.push(value);
        continue;
      }
      major.push(value);
      labels.push(decades < 2 ? plainLabel(exponent, digit) : decadeLabel(exponent, digit));
    }
  }
  return { major, labels, minor, power: 0 };
}

function shortLabel(value: number): string {
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -3 && power <= 4) return withMinus(String(value));
  return mantissa === "1" ? decadeLabel(power) : `${mantissa}×${decadeLabel(power)}`;
}
