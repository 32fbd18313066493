import { asciiSink } from "./_ascii_column.ts";
import { columnSink } from "./_binary_column.ts";
import { decodeDescriptors, readHeap } from "./_heap.ts";
import { checkRows, ensureRows, readRowBytes } from "./_rows.ts";
import type { ColumnData, NumberArray } from "./column_data.ts";
import { type BinaryColumn, columnError, type FitsColumn } from "./columns.ts";
import { findColumn, type TableHdu } from "./hdu.ts";

/** Bytes of rows that are read at a time. */
const BLOCK_BYTES = 1 << 22;

/** Which rows to read. */
export interface RowRange {
  /** First row, 0 if absent. */
  readonly rowStart?: number;
  /** Row after the last, the table's end if absent. */
  readonly rowStop?: number;
}

/** Takes the rows of one column; what it becomes may need the heap. */
interface Sink {
  readonly column: FitsColumn;
  take(view: DataView, at: number, stride: number, row: number, n: number): void;
  finish(): ColumnData | Promise<ColumnData>;
}

/**
 * Reads a column of a table of either kind in the column's own types; see {@linkcode ColumnData}.
 *
 * @param hdu A table.
 * @param column Name, or a column of this table.
 * @param range Rows; all if absent.
 * @returns The decoded column; the caller's.
 * @throws FitsFormatError for a missing column, a cut file, a heap pointer that points outside, or
 * a field of an ASCII table that is no number; RangeError for rows outside the table.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, readColumn } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "T", columns: [{ name: "MULTIP", values: new Int16Array([4, 3]) }] },
 * ])));
 * const column = await readColumn(asTable(await file.hdu("T")), "MULTIP");
 * assert.deepEqual(column.values, new Int16Array([4, 3]));
 * ```
 */
export async function readColumn(
  hdu: TableHdu,
  column: string | FitsColumn,
  range: RowRange = {},
): Promise<ColumnData> {
  return (await readColumns(hdu, [column], range))[0]!;
}

/**
 * Reads several columns of a table in one go over its rows.
 *
 * @param hdu A table.
 * @param columns Names, or columns of this table.
 * @param range Rows; all if absent.
 * @returns The decoded columns in the order asked for; the caller's.
 * @throws As `readColumn`.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, readColumns } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   name: "GTI",
 *   columns: [
 *     { name: "START", values: new Float64Array([0, 20]) },
 *     { name: "STOP", values: new Float64Array([10, 30]) },
 *   ],
 * }])));
 * const [start, stop] = await readColumns(asTable(await file.hdu("GTI")), ["START", "STOP"]);
 * assert.deepEqual([start?.values[1], stop?.values[1]], [20, 30]);
 * ```
 */
export async function readColumns(
  hdu: TableHdu,
  columns: readonly (string | FitsColumn)[],
  range: RowRange = {},
): Promise<ColumnData[]> {
  const rowStart = range.rowStart ?? 0, rowStop = range.rowStop ?? hdu.nRows;
  checkRows(hdu, rowStart, rowStop);
  const found = columns.map((one) => typeof one === "string" ? findColumn(hdu, one) : one);
  const stray = found.find((column) => hdu.columns[column.index] !== column);
  if (stray !== undefined) {
    throw new TypeError(`column ${stray.name} is not of HDU ${hdu.index} of ${hdu.source.name}`);
  }
  if (found.length === 0) return [];
  await ensureRows(hdu, rowStart, rowStop);
  const n = rowStop - rowStart, sinks = found.map((column) => sinkFor(hdu, column, rowStart, n));
  // Of wide rows only the span of the columns asked for is read.
  const from = Math.min(...found.map((column) => column.byteOffset));
  const to = Math.max(...found.map((column) => column.byteOffset + column.bytes));
  const blockRows = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, hdu.rowBytes)));
  for (let row = 0; row < n; row += blockRows) {
    const count = Math.min(blockRows, n - row);
    const end = (count - 1) * hdu.rowBytes + to;
    const bytes = await readRowBytes(hdu, rowStart + row, from, end);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const sink of sinks) {
      sink.take(view, sink.column.byteOffset - from, hdu.rowBytes, row, count);
    }
  }
  const result: ColumnData[] = [];
  for (const sink of sinks) result.push(await sink.finish());
  return result;
}

function sinkFor(hdu: TableHdu, column: FitsColumn, rowStart: number, n: number): Sink {
  if (hdu.kind === "table") {
    if (column.kind === "ascii") return asciiSink(hdu, column, n, rowStart);
  } else if (column.kind === "binary") {
    if (column.variable === undefined) return columnSink(column, n);
    const descriptors = new Float64Array(2 * n);
    return {
      column,
      take: (view, at, stride, row, count) =>
        decodeDescriptors(column as BinaryColumn, view, at, stride, count, descriptors, row),
      finish: () => readHeap(hdu, column, descriptors, rowStart),
    };
  }
  throw new TypeError(`column ${column.name} is not of HDU ${hdu.index} of ${hdu.source.name}`);
}

/** A decoded table. */
export interface TableData {
  /** Number of rows. */
  readonly nRows: number;
  /** All columns in order. */
  readonly columns: readonly ColumnData[];
  /** Columns by name; of several with one name the first. */
  readonly byName: ReadonlyMap<string, ColumnData>;
}

/**
 * Reads all columns of a table.
 *
 * @param hdu A table.
 * @param range Rows; all if absent.
 * @returns The decoded columns; the caller's.
 * @throws As `readColumn`.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, readTable } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "T", columns: [{ name: "NAME", values: ["Crab", "Vela"] }] },
 * ])));
 * const table = await readTable(asTable(await file.hdu("T")));
 * assert.deepEqual(table.byName.get("NAME")?.values, ["Crab", "Vela"]);
 * ```
 */
export async function readTable(hdu: TableHdu, range: RowRange = {}): Promise<TableData> {
  const rowStart = range.rowStart ?? 0, rowStop = range.rowStop ?? hdu.nRows;
  const columns = await readColumns(hdu, hdu.columns, { rowStart, rowStop });
  const byName = new Map<string, ColumnData>();
  for (const one of columns) if (!byName.has(one.column.name)) byName.set(one.column.name, one);
  return Object.freeze({ nRows: rowStop - rowStart, columns, byName });
}

/**
 * Reads a column of numbers as doubles; nulls are NaN, vectors row after row, 64-bit integers the
 * nearest double, X columns of at most 32 bits their value.
 *
 * @param hdu A table of either kind.
 * @param column Name, or a column of this table.
 * @param range Rows; all if absent.
 * @returns The numbers; the caller's.
 * @throws As `readColumn`, and FitsFormatError for texts, complex numbers and variable-length
 * columns.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, readNumbers } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "T", columns: [{ name: "MULTIP", values: new Int16Array([4, 3]) }] },
 * ])));
 * const numbers = await readNumbers(asTable(await file.hdu("T")), "MULTIP");
 * assert.deepEqual(numbers, new Float64Array([4, 3]));
 * ```
 */
export async function readNumbers(
  hdu: TableHdu,
  column: string | FitsColumn,
  range: RowRange = {},
): Promise<Float64Array<ArrayBuffer>> {
  const data = await readColumn(hdu, column, range), one = data.column;
  const complex = one.type === "C" || one.type === "M";
  if (data.kind !== "number" || complex || (one.type === "X" && data.bits === undefined)) {
    throw columnError(hdu.header, one, `found format ${one.format}, expected one of real numbers`);
  }
  return toFloat64(data.bits ?? data.values, data.valid);
}

/**
 * Reads a column of texts.
 *
 * @param hdu A table of either kind.
 * @param column Name, or a column of this table.
 * @param range Rows; all if absent.
 * @returns One text a row (more where TDIM says so); the caller's.
 * @throws As `readColumn`, and FitsFormatError for a column of another type.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, readStrings } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "T", columns: [{ name: "NAME", values: ["Crab", "Vela"] }] },
 * ])));
 * assert.deepEqual(await readStrings(asTable(await file.hdu("T")), "NAME"), ["Crab", "Vela"]);
 * ```
 */
export async function readStrings(
  hdu: TableHdu,
  column: string | FitsColumn,
  range: RowRange = {},
): Promise<string[]> {
  const data = await readColumn(hdu, column, range);
  if (data.kind === "string") return data.values;
  if (data.kind === "variable" && data.column.type === "A") return data.values as string[];
  throw columnError(
    hdu.header,
    data.column,
    `found format ${data.column.format}, expected one of texts`,
  );
}

function toFloat64(
  values: NumberArray,
  valid: Uint8Array | undefined,
): Float64Array<ArrayBuffer> {
  if (values instanceof Float64Array && valid === undefined) return values;
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = valid === undefined || valid[i] === 1 ? Number(values[i]) : NaN;
  }
  return out;
}
