import type { NumberArray } from "./_stored.ts";
import type { FitsColumn } from "./columns.ts";

export type { NumberArray } from "./_stored.ts";

/** What decoded columns of every kind have. */
export interface ColumnDataBase {
  /** The column they come from. */
  readonly column: FitsColumn;
  /** Number of rows. */
  readonly nRows: number;
}

/** Numbers, logical values or bits of a column of fixed width. */
export interface NumberColumnData extends ColumnDataBase {
  /** Which kind of data it is. */
  readonly kind: "number";
  /**
   * Row after row: B Uint8Array, I Int16Array, J Int32Array, K BigInt64Array (unsigned and signed
   * bytes where TZERO says so), E Float32Array, D Float64Array, C and M as real, imaginary, …;
   * L as 0 and 1; X as the packed bytes; a scaled column as Float64Array with NaN at TNULL.
   */
  readonly values: NumberArray;
  /** Shape in C order, rows first; of C and M columns the last axis is [real, imaginary]. */
  readonly shape: readonly number[];
  /**
   * 1 where there is a value, 0 where it is null, for each element; undefined where all are values
   * or where null is NaN already.
   */
  readonly valid: Uint8Array<ArrayBuffer> | undefined;
  /** For an X column of at most 32 bits: each row's bits as a number, the last bit being 1. */
  readonly bits: Uint32Array<ArrayBuffer> | undefined;
}

/** Texts of an A column of fixed width. */
export interface StringColumnData extends ColumnDataBase {
  /** Which kind of data it is. */
  readonly kind: "string";
  /** Row after row, cut at the first NUL, without trailing blanks. */
  readonly values: string[];
  /** Shape in C order, rows first. */
  readonly shape: readonly number[];
  /** For an ASCII table column with TNULL: 1 where there is a value. */
  readonly valid: Uint8Array<ArrayBuffer> | undefined;
}

/** Arrays of a P or Q column, one a row. */
export interface VariableColumnData extends ColumnDataBase {
  /** Which kind of data it is. */
  readonly kind: "variable";
  /** One array or text a row; types as of a column of fixed width. */
  readonly values: (NumberArray | string)[];
  /** For logical columns and integer columns with TNULL: one array a row, 1 where there is a value. */
  readonly valid: Uint8Array<ArrayBuffer>[] | undefined;
}

/** A decoded column; `kind` tells which. All arrays are the caller's. */
export type ColumnData = NumberColumnData | StringColumnData | VariableColumnData;
