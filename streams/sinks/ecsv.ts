/** A column of a table of text. */
export interface EcsvColumn {
  /** Name of the column. */
  readonly name: string;
  /** Unit; "" for a pure number. */
  readonly unit?: string;
  /** What it is. */
  readonly description?: string;
  /** Values, as many as in every other column. */
  readonly values: ArrayLike<number>;
}

/**
 * A table as ECSV, the text format that astropy reads with units: a header in YAML behind #, then
 * values separated by blanks. Numbers are written so that they read back the same.
 *
 * @param columns Columns of one length.
 * @param meta Facts to keep with the table.
 * @returns The text.
 * @throws TypeError for columns of different lengths.
 * @example
 * ```ts
 * import { ecsv } from "@gammarx/gammarx/sinks";
 * import { match } from "node:assert/strict";
 * match(ecsv([{ name: "time", unit: "s", values: [1, 2] }]), /\ntime\n1\n2\n$/);
 * ```
 * @see Astropy Proposal for Enhancement 6
 */
export function ecsv(
  columns: readonly EcsvColumn[],
  meta: Readonly<Record<string, string | number>> = {},
): string {
  const nRows = columns[0]?.values.length ?? 0;
  const odd = columns.find((column) => column.values.length !== nRows);
  if (odd !== undefined) {
    throw new TypeError(`Column ${odd.name} has ${odd.values.length} rows, the first has ${nRows}`);
  }
  const described = columns.map(({ name, unit = "", description = "" }) => {
    const fields = [
      `name: ${name}`,
      ...(unit === "" ? [] : [`unit: ${unit}`]),
      "datatype: float64",
      ...(description === "" ? [] : [`description: ${JSON.stringify(description)}`]),
    ];
    return `# - {${fields.join(", ")}}\n`;
  });
  const facts = Object.entries(meta).map(([name, value]) =>
    `#   ${name}: ${JSON.stringify(value)}\n`
  );
  let text = "# %ECSV 1.0\n# ---\n# datatype:\n" + described.join("");
  if (facts.length > 0) text += "# meta:\n" + facts.join("");
  text += columns.map((column) => column.name).join(" ") + "\n";
  for (let row = 0; row < nRows; row++) {
    text += columns.map(({ values }) => Number.isNaN(values[row]) ? "nan" : String(values[row]))
      .join(" ");
    text += "\n";
  }
  return text;
}
