import { formatUnit } from "./format_unit.ts";
import { parseUnit, type UnitFactor } from "./unit.ts";

/**
 * The unit of a product of powers: of "cm2 s" and "TeV-1", each to the power 1, "cm2 s TeV-1".
 *
 * @param parts Units with their powers.
 * @returns The unit as FITS writes it; "" where nothing is left.
 * @throws SyntaxError where a text is no unit.
 * @example
 * ```ts
 * import { combineUnits } from "@gammarx/gammarx/units";
 * import { equal } from "node:assert/strict";
 * equal(combineUnits([["cm2 s", 1], ["cm", -1]]), "cm s");
 * ```
 */
export function combineUnits(parts: readonly (readonly [unit: string, power: number])[]): string {
  const factors: UnitFactor[] = [];
  let number = 1;
  for (const [text, power] of parts) {
    const unit = parseUnit(text);
    number *= unit.number ** power;
    for (const one of unit.factors) factors.push({ name: one.name, power: one.power * power });
  }
  return formatUnit({ ...parseUnit(""), factors, number });
}
