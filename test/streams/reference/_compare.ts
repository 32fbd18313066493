import { agrees, type ReferenceCase } from "../../_tools/data_io.ts";

/**
 * Holds what was found against all expected entries of a reference case, each with its own
 * tolerance, or with the case's relative one. An expected entry that was not found fails, unless
 * it is among those left out.
 */
export function compareAll(
  reference: ReferenceCase,
  found: Readonly<Record<string, unknown>>,
  leftOut: readonly string[] = [],
): void {
  for (const [name, expected] of Object.entries(reference.expected)) {
    if (leftOut.includes(name)) continue;
    if (!Object.hasOwn(found, name)) {
      throw new Error(`${reference.id}: nothing was computed for the entry ${name}`);
    }
    const { rel = 0, counts_abs } = reference.tolerance ?? {};
    const isCounts = counts_abs !== undefined && (name === "n" || name === "hist");
    const tolerance = reference.tol?.[name] ?? { rtol: isCounts ? 0 : Number(rel), atol: 0 };
    agrees(found[name], expected, tolerance, `${reference.id} ${name}`);
  }
  for (const name of Object.keys(found)) {
    if (!Object.hasOwn(reference.expected, name)) {
      throw new Error(`${reference.id} has no entry ${name}`);
    }
  }
}
