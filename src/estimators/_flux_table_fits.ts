/** Tables of flux points in FITS. */
import {
  type BintableHdu,
  card,
  type ColumnInput,
  type FitsFile,
  FitsFormatError,
  type HduInput,
  readNumbers,
} from "../fits/mod.ts";
import type { FluxTable, FluxTableColumn } from "./_flux_table.ts";

/** The HDU of a table. */
export function fluxTableHdu(table: FluxTable): HduInput {
  return {
    kind: "bintable",
    name: "FLUXPOINTS",
    header: Object.entries(table.meta).map(([keyword, value]) => card(keyword, value)),
    columns: table.columns.map(({ name, unit, isLogical, values, shape }): ColumnInput => ({
      name,
      ...(isLogical ? { values: Uint8Array.from(values), type: "L" } : { values }),
      ...(unit === "" ? {} : { unit }),
      ...(shape.length === 0 ? {} : { shape }),
    })),
  };
}

/** The table of flux points of a file: of an HDU, or of the first that has a column. */
export async function findFluxTable(
  file: FitsFile,
  { hdu: wanted, column }: {
    readonly hdu?: number | string | undefined;
    readonly column: string;
  },
): Promise<BintableHdu> {
  const list = wanted === undefined ? await file.hdus() : [await file.hdu(wanted)];
  const found =
    list.find((hdu) => hdu.kind === "bintable" && hdu.columns.some((one) => one.name === column)) ??
      list.find((hdu) => hdu.kind === "bintable");
  if (found?.kind === "bintable") return found;
  throw new FitsFormatError(`found no table with a column "${column}", expected flux points`, {
    file: file.name,
  });
}

/** Reads a table; texts are left out. */
export async function readFluxTable(hdu: BintableHdu): Promise<FluxTable> {
  const columns: FluxTableColumn[] = [];
  for (const column of hdu.columns) {
    if (column.type === "A" || column.variable !== undefined) continue;
    const isLogical = column.type === "L";
    columns.push({
      name: column.name,
      unit: column.unit?.trim() ?? "",
      isLogical,
      values: await readNumbers(hdu, column),
      shape: column.shape.length > 0 || column.repeat === 1 ? column.shape : [column.repeat],
    });
  }
  const meta: Record<string, string | number | boolean> = {};
  for (const { keyword, value, problem } of hdu.header.cards) {
    if (problem !== undefined || value === undefined || typeof value === "bigint") continue;
    meta[keyword] ??= value;
  }
  const name = `${hdu.source.name}, HDU ${hdu.index}`;
  return { name, nRows: hdu.nRows, columns, meta };
}

/** Runs something about a table of an HDU, so that every error is one of its file. */
export async function aboutTable<T>(
  hdu: BintableHdu,
  read: (table: FluxTable) => T,
): Promise<T> {
  const place = { file: hdu.source.name, hdu: hdu.index };
  const table = await readFluxTable(hdu);
  try {
    return read(table);
  } catch (cause) {
    const known = cause instanceof SyntaxError || cause instanceof RangeError ||
      cause instanceof TypeError;
    if (!known || cause instanceof FitsFormatError) throw cause;
    const prefix = `${table.name}: `, { message } = cause;
    const problem = message.startsWith(prefix) ? message.slice(prefix.length) : message;
    throw new FitsFormatError(problem, { ...place, cause });
  }
}
