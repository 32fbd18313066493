import type { ColumnData } from "./column_data.ts";
import type { BinaryColumn } from "./columns.ts";
import {
  decodeFloat64,
  decodeNative,
  decodeValid,
  nativeArray,
  type NumberArray,
  rescale,
  type Stored,
  STORED_BYTES,
  storedOf,
} from "./_stored.ts";

/** Numbers per element of a type: complex ones have two. */
export function partsOf(column: BinaryColumn): number {
  return column.type === "C" || column.type === "M" ? 2 : 1;
}

export function isScaled(column: BinaryColumn): boolean {
  return !column.offsetInteger && (column.scale !== 1 || column.zero !== 0);
}

/** A column's decoder: takes blocks of rows one after the other, then gives what it has. */
export interface ColumnSink {
  readonly column: BinaryColumn;
  /** Rows [row, row + n) of the result; the first field starts at `at` in the view. */
  take(view: DataView, at: number, stride: number, row: number, n: number): void;
  finish(): ColumnData;
}

/** A sink for `nRows` rows of a column that is not of variable length. */
export function columnSink(column: BinaryColumn, nRows: number): ColumnSink {
  if (column.type === "A") return stringSink(column, nRows);
  if (column.type === "L") return logicalSink(column, nRows);
  if (column.type === "X") return bitSink(column, nRows);
  return numberSink(column, nRows, storedOf(column)!);
}

function numberSink(column: BinaryColumn, nRows: number, stored: Stored): ColumnSink {
  const parts = partsOf(column), perRow = column.repeat * parts, scaled = isScaled(column);
  const values = scaled ? new Float64Array(nRows * perRow) : nativeArray(stored, nRows * perRow);
  const hasNull = column.nullValue !== undefined;
  const valid = hasNull ? new Uint8Array(nRows * perRow) : undefined;
  return {
    column,
    take: (view, at, stride, row, n) =>
      fillNumbers(column, stored, view, at, stride, n, perRow, values, valid, row * perRow),
    finish: () => ({
      kind: "number",
      column,
      nRows,
      values,
      shape: [nRows, ...column.shape, ...(parts === 2 ? [2] : [])],
      valid: scaled ? undefined : valid,
      bits: undefined,
    }),
  };
}

/** Decodes numbers, scales them, and marks the nulls: in `valid`, and as NaN where scaled. */
export function fillNumbers(
  column: BinaryColumn,
  stored: Stored,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  perRow: number,
  values: NumberArray,
  valid: Uint8Array | undefined,
  o: number,
): void {
  if (valid !== undefined) {
    decodeValid(stored, column.nullValue!, view, at, stride, n, perRow, valid, o);
  }
  if (!isScaled(column)) return decodeNative(stored, view, at, stride, n, perRow, values, o);
  const out = values as Float64Array, end = o + n * perRow;
  decodeFloat64(stored, view, at, stride, n, perRow, out, o);
  if (partsOf(column) === 2) { // the zero belongs to the real part
    for (let i = o; i < end; i++) out[i]! *= column.scale;
    for (let i = o; i < end; i += 2) out[i]! += column.zero;
  } else rescale(out, o, end, column.scale, column.zero);
  if (valid !== undefined) { for (let i = o; i < end; i++) if (valid[i] === 0) out[i] = NaN; }
}

function logicalSink(column: BinaryColumn, nRows: number): ColumnSink {
  const values = new Uint8Array(nRows * column.repeat), valid = new Uint8Array(values.length);
  return {
    column,
    take: (view, at, stride, row, n) =>
      fillLogical(view, at, stride, n, column.repeat, values, valid, row * column.repeat),
    finish: () => ({
      kind: "number",
      column,
      nRows,
      values,
      shape: [nRows, ...column.shape],
      valid: valid.includes(0) ? valid : undefined,
      bits: undefined,
    }),
  };
}

/** T is 1, F is 0; a NUL or any other byte is no value (FITS 4.0 §7.3.3.1). */
export function fillLogical(
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  values: Uint8Array,
  valid: Uint8Array,
  o: number,
): void {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0; k < repeat; k++, o++) {
      const byte = view.getUint8(at + k);
      values[o] = byte === 84 ? 1 : 0;
      valid[o] = byte === 84 || byte === 70 ? 1 : 0;
    }
  }
}

function bitSink(column: BinaryColumn, nRows: number): ColumnSink {
  const values = new Uint8Array(nRows * column.bytes);
  const few = column.repeat <= 32 && column.repeat > 0;
  const bits = few ? new Uint32Array(nRows) : undefined;
  return {
    column,
    take: (view, at, stride, row, n) => {
      decodeNative("u8", view, at, stride, n, column.bytes, values, row * column.bytes);
      if (bits !== undefined) fillBits(view, at, stride, n, column.repeat, bits, row);
    },
    finish: () => ({
      kind: "number",
      column,
      nRows,
      values,
      shape: [nRows, column.bytes],
      valid: undefined,
      bits,
    }),
  };
}

/** Each row's 1 to 32 bits as a number; the last bit is the lowest. */
export function fillBits(
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  out: Uint32Array,
  o: number,
): void {
  const bytes = Math.ceil(repeat / 8), unused = 8 * bytes - repeat;
  for (let r = 0; r < n; r++, at += stride) {
    let word = 0;
    for (let k = 0; k < bytes; k++) word = (word << 8) | view.getUint8(at + k);
    out[o++] = word >>> unused;
  }
}

function stringSink(column: BinaryColumn, nRows: number): ColumnSink {
  const width = column.stringBytes, empty = column.repeat === 0 || width === 0;
  const perRow = column.shape.reduce((a, b) => a * b, 1);
  const values: string[] = [];
  return {
    column,
    take: (view, at, stride, _row, n) => {
      for (let r = 0; r < n; r++, at += stride) {
        if (empty) values.push("");
        else for (let k = 0; k < perRow; k++) values.push(textAt(view, at + k * width, width));
      }
    },
    finish: () => ({
      kind: "string",
      column,
      nRows,
      values,
      shape: empty ? [nRows] : [nRows, ...column.shape],
      valid: undefined,
    }),
  };
}

const LATIN1 = new TextDecoder("latin1");

/** A text of at most `width` bytes, cut at the first NUL, without trailing blanks. */
export function textAt(view: DataView, at: number, width: number): string {
  let end = 0;
  while (end < width && view.getUint8(at + end) !== 0) end++;
  while (end > 0 && view.getUint8(at + end - 1) === 32) end--;
  if (end > 24) return LATIN1.decode(new Uint8Array(view.buffer, view.byteOffset + at, end));
  let text = "";
  for (let i = 0; i < end; i++) text += String.fromCharCode(view.getUint8(at + i));
  return text;
}

/** Bytes a stored element takes. */
export function storedBytes(column: BinaryColumn): number {
  const stored = storedOf(column);
  return stored === undefined ? 1 : STORED_BYTES[stored] * partsOf(column);
}
