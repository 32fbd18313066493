import { parseUnit, type Unit } from "./unit.ts";

const RAISED: Readonly<Record<string, string>> = {
  "-": "⁻",
  ".": "·",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

function fitsFactor(name: string, power: number): string {
  if (power === 1) return name;
  if (Number.isInteger(power)) return `${name}${power}`;
  for (const below of [2, 3, 4, 5, 6]) {
    const above = power * below;
    if (Math.abs(above - Math.round(above)) < 1e-9) {
      return `${name}^(${Math.round(above)}/${below})`;
    }
  }
  return `${name}^(${power})`;
}

/**
 * A unit as text: "fits" ("cm-2 s-1 TeV-1", for files) or "unicode" ("cm⁻² s⁻¹ TeV⁻¹", for people).
 * Equal symbols are put together, in the order of their first appearance.
 *
 * @param unit a unit, or its text
 * @param style default "fits"
 * @returns the text; "" for a dimensionless unit
 * @throws SyntaxError where the text is no unit
 * @example
 * ```ts
 * import { formatUnit } from "@gammarx/gammarx/units";
 * import { equal } from "node:assert/strict";
 * equal(formatUnit("1/(cm**2 s TeV)"), "cm-2 s-1 TeV-1");
 * equal(formatUnit("m^2 s", "unicode"), "m² s");
 * ```
 * Source: FITS standard 4.0, section 4.3.1.
 */
export function formatUnit(unit: string | Unit, style: "fits" | "unicode" = "fits"): string {
  const { factors, number } = typeof unit === "string" ? parseUnit(unit) : unit;
  const powers = new Map<string, number>();
  for (const { name, power } of factors) powers.set(name, (powers.get(name) ?? 0) + power);
  const parts = [...powers].filter(([, power]) => Math.abs(power) > 1e-12).map(([name, power]) => {
    if (style === "fits" || !Number.isInteger(power)) return fitsFactor(name, power);
    return power === 1 ? name : name + [...String(power)].map((c) => RAISED[c]).join("");
  });
  if (number !== 1) {
    const exponent = Math.log10(number), whole = Math.abs(exponent - Math.round(exponent)) < 1e-12;
    const power = Math.round(exponent);
    if (style === "unicode" && whole) {
      parts.unshift(`10${[...String(power)].map((c) => RAISED[c]).join("")}`);
    } else parts.unshift(whole ? `10**${power}` : String(number));
  }
  return parts.join(" ");
}
