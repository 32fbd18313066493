import { parseUnit, shift, type Unit } from "./unit.ts";

const NAMES = ["energy", "length", "time", "angle", "current", "temperature"] as const;

/** Dimensions in words: "energy^-1 length^-2 time^-1". */
function describe({ dims }: Unit): string {
  const parts = NAMES.flatMap((name, i) =>
    dims[i] === 0 ? [] : [dims[i] === 1 ? name : `${name}^${dims[i]}`]
  );
  return parts.length === 0 ? "dimensionless" : parts.join(" ");
}

/**
 * Whether two units measure the same thing.
 *
 * @param a a unit, or its text
 * @param b a unit, or its text
 * @returns whether their dimensions agree
 * @throws SyntaxError where a text is no unit
 * @example
 * ```ts
 * import { sameDimension } from "@gammarx/gammarx/units";
 * import { ok } from "node:assert/strict";
 * ok(sameDimension("erg cm-2 s-1", "TeV m-2 d-1"));
 * ok(!sameDimension("deg", "sr"));
 * ```
 */
export function sameDimension(a: string | Unit, b: string | Unit): boolean {
  const one = typeof a === "string" ? parseUnit(a) : a,
    two = typeof b === "string" ? parseUnit(b) : b;
  return one.dims.every((power, i) => Math.abs(power - two.dims[i]!) < 1e-9);
}

const cache = new Map<string, Map<string, number>>();

/**
 * What a number in one unit is multiplied with to be in another. Kept for texts once computed.
 *
 * @param from unit of the number, or its text
 * @param to unit wanted, or its text
 * @returns the factor; powers of ten are exact: MeV to TeV is 1e-6
 * @throws TypeError naming both, where they measure different things; SyntaxError where a text is no unit
 * @example
 * ```ts
 * import { unitFactor } from "@gammarx/gammarx/units";
 * import { equal, throws } from "node:assert/strict";
 * equal(unitFactor("m2 s", "cm2 s"), 1e4);
 * throws(() => unitFactor("TeV", "cm"), TypeError);
 * ```
 */
export function unitFactor(from: string | Unit, to: string | Unit): number {
  if (typeof from !== "string" || typeof to !== "string") return factor(from, to);
  let row = cache.get(from);
  const known = row?.get(to);
  if (known !== undefined) return known;
  const value = factor(from, to);
  if (row === undefined) {
    if (cache.size >= 1000) cache.clear();
    row = new Map();
    cache.set(from, row);
  }
  if (row.size >= 1000) row.clear();
  row.set(to, value);
  return value;
}

function factor(from: string | Unit, to: string | Unit): number {
  const one = typeof from === "string" ? parseUnit(from) : from;
  const two = typeof to === "string" ? parseUnit(to) : to;
  if (!sameDimension(one, two)) {
    throw new TypeError(
      `Cannot convert "${one.text}" (${describe(one)}) to "${two.text}" (${describe(two)})`,
    );
  }
  const above = one.mantissa * two.divisor, below = one.divisor * two.mantissa;
  return shift(above / below, one.exponent - two.exponent);
}
