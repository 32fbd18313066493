import { parseUnit } from "./unit.ts";
import { unitFactor } from "./unit_factor.ts";

/** What a quantity measures, with its canonical unit: energy TeV, length cm, time s, angle deg. */
export type QuantityKind = "energy" | "length" | "time" | "angle" | "dimensionless";

const CANONICAL: Readonly<Record<string, string>> = {
  energy: "TeV",
  length: "cm",
  time: "s",
  angle: "deg",
  dimensionless: "",
};

/**
 * Reads a number with its unit: "0.5 TeV", "300 s", "0.11deg", "1e-12 cm-2 s-1".
 *
 * @param text number and unit; the unit may be left out for dimensionless quantities alone
 * @param wanted what it must measure ("energy" gives TeV, "length" cm, "time" s, "angle" deg), or the unit
 *   that the number is wanted in
 * @returns the number in the canonical or given unit
 * @throws SyntaxError where the text is no quantity; TypeError where it measures something else or lacks
 *   its unit
 * @example
 * ```ts
 * import { parseQuantity } from "@gammarx/gammarx/units";
 * import { equal } from "node:assert/strict";
 * equal(parseQuantity("500 GeV", "energy"), 0.5);
 * equal(parseQuantity("0.5 h", "min"), 30);
 * ```
 */
export function parseQuantity(text: string, wanted: QuantityKind | string): number {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$/s.exec(text);
  if (match === null) {
    throw new SyntaxError(`"${text}" is not a number with a unit, such as "0.5 TeV"`);
  }
  const value = Number(match[1]), unit = match[2]!, target = CANONICAL[wanted] ?? wanted;
  if (unit === "" && parseUnit(target).factors.length > 0) {
    throw new TypeError(
      `"${text}" lacks its unit: write "${match[1]} ${target}" or another ${wanted}`,
    );
  }
  return value * unitFactor(unit, target);
}
