/** Covariances beside model files, as Gammapy writes them: a table "| Parameters | 0 | 1 | … |". */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { isRecord, type JsonRecord } from "./_yaml_place.ts";
import type { ModelSet } from "./model_set.ts";

/** A row of the table: its name there, and the place in the set, −1 where the set does not have it. */
interface Row {
  readonly name: string;
  readonly place: number;
}

/** The rows of a set's models: of each its spectrum, its place (which fits here do not know), its time. */
function rowsOf({ models, places, temporalPlaces }: ModelSet): Row[] {
  return models.flatMap(({ name, spectral, temporal, spatial }, i) => {
    const inSky = isRecord(spatial) && Array.isArray(spatial.parameters)
      ? (spatial.parameters as readonly JsonRecord[])
      : [];
    return [
      ...spectral.parameters.map((one, k) => ({
        name: `${name}.spectral.${one.name.split(".").at(-1)}`,
        place: places[i]![k]!,
      })),
      ...inSky.map((one) => ({ name: `${name}.spatial.${one.name}`, place: -1 })),
      ...(temporal?.parameters ?? []).map((one, k) => ({
        name: `${name}.temporal.${one.name}`,
        place: temporalPlaces[i]![k]!,
      })),
    ];
  });
}

/**
 * Writes the covariance of a set as a table for Gammapy; 0 for the parameters of places.
 *
 * @param set The models.
 * @param covariance Of its parameters, [n, n].
 * @returns The text of the file.
 * @throws TypeError for a covariance of another shape.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, powerLaw, writeCovarianceTable } from "@gammarx/gammarx/models";
 * import ndarray from "ndarray";
 * import { ok } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * const text = writeCovarianceTable(set, ndarray(new Float64Array(9), [3, 3]));
 * ok(text.includes("a.spectral.index"));
 * ```
 */
export function writeCovarianceTable(set: ModelSet, covariance: NdArray<Float64Array>): string {
  const n = set.parameters.length, rows = rowsOf(set);
  if (covariance.shape[0] !== n || covariance.shape[1] !== n) {
    throw new TypeError(
      `Found a covariance of the shape [${covariance.shape}], expected [${n},${n}]`,
    );
  }
  const cell = (a: Row, b: Row) => {
    const value = a.place < 0 || b.place < 0 ? 0 : covariance.get(a.place, b.place);
    return /[.e]/.test(String(value)) ? String(value) : `${value}.0`;
  };
  const lines = [
    ["Parameters", ...rows.map((_, k) => String(k))],
    ...rows.map((a) => [a.name, ...rows.map((b) => cell(a, b))]),
  ];
  // Columns of one width: astropy finds their ends by it.
  const widths = lines[0]!.map((_, k) => Math.max(...lines.map((cells) => cells[k]!.length)));
  const padded = lines.map((cells) => cells.map((one, k) => one.padStart(widths[k]!)));
  return padded.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/**
 * Reads the covariance of a set from the table beside its model file.
 *
 * @param text The table.
 * @param set The models of the model file.
 * @returns [n, n] of the set's parameters; 0 for those that the table does not have. The caller's.
 * @throws SyntaxError with the line for what is no table of numbers.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, powerLaw, readCovarianceTable } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * const text = "| Parameters | 0 |\n| a.spectral.amplitude | 4.0 |\n";
 * strictEqual(readCovarianceTable(text, set).get(1, 1), 4);
 * ```
 */
export function readCovarianceTable(text: string, set: ModelSet): NdArray<Float64Array> {
  const lines = text.split("\n").map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== "");
  const cells = lines.map(({ line }) =>
    line.replace(/^\||\|$/g, "").split("|").map((s) => s.trim())
  );
  const size = lines.length - 1;
  const values = cells.slice(1).map((row, i) => {
    const numbers = row.slice(1).map(Number);
    if (row.length === size + 1 && numbers.every(Number.isFinite)) return numbers;
    throw new SyntaxError(
      `A covariance, line ${
        lines[i + 1]!.number
      }: found ${row.length} cells, expected a name and ` +
        `${size} numbers`,
    );
  });
  const names = cells.slice(1).map((row) => row[0]!), taken = new Set<number>();
  const n = set.parameters.length, rowAt = new Int32Array(n).fill(-1);
  for (const { name, place } of rowsOf(set)) {
    // Of two parameters of one name, as joined spectra have them, the first is the first.
    const row = names.findIndex((one, k) => one === name && !taken.has(k));
    if (row < 0 || place < 0) continue;
    taken.add(row);
    if (rowAt[place]! < 0) rowAt[place] = row;
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (rowAt[i]! >= 0 && rowAt[j]! >= 0) out[i * n + j] = values[rowAt[i]!]![rowAt[j]!]!;
    }
  }
  return ndarray(out, [n, n]);
}
