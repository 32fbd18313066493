import type { StreamSource } from "../../streams/sources/mod.ts";

/** Throws TypeError where the data have not what was asked for. */
export function refuseMissingColumns(
  needed: ReadonlyMap<string, string>,
  { name, columns }: StreamSource,
): void {
  if (columns === undefined) return;
  for (const [column, option] of needed) {
    if (columns.includes(column)) continue;
    const help = column === "phase" ? ": give --par or --phase-model" : "";
    throw new TypeError(
      `${name} has no column ${column}, which --${option} needs; it has ${
        columns.join(", ")
      }${help}`,
    );
  }
}
