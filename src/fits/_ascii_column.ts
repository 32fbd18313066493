import { textAt } from "./_binary_column.ts";
import type { ColumnData, NumberArray } from "./column_data.ts";
import { type AsciiColumn, columnError } from "./columns.ts";
import type { AsciiTableHdu } from "./hdu.ts";

/** Decodes the fields of ASCII table columns, block after block of rows. */
export interface AsciiSink {
  readonly column: AsciiColumn;
  /** Rows [row, row + n) of the result; the first field starts at `at` in the view. */
  take(view: DataView, at: number, stride: number, row: number, n: number): void;
  finish(): ColumnData;
}

/** A sink for `nRows` rows; `firstRow` is the row of the table that is row 0 of the result. */
export function asciiSink(
  hdu: AsciiTableHdu,
  column: AsciiColumn,
  nRows: number,
  firstRow: number,
): AsciiSink {
  const nullText = column.nullText?.trimEnd();
  const valid = nullText === undefined ? undefined : new Uint8Array(nRows);
  const texts: string[] = [], isText = column.type === "A";
  const values = isText ? undefined : numberArray(column, nRows);
  return {
    column,
    take: (view, at, stride, row, n) => {
      for (let r = 0; r < n; r++, at += stride) {
        const text = textAt(view, at, column.bytes), isNull = text === nullText;
        if (valid !== undefined) valid[row + r] = isNull ? 0 : 1;
        if (values === undefined) texts.push(text);
        else if (values instanceof BigInt64Array) {
          values[row + r] = isNull ? 0n : bigIntField(hdu, column, text, firstRow + row + r);
        } else if (values instanceof Float64Array) {
          const value = isNull ? NaN : numberField(hdu, column, text, firstRow + row + r);
          values[row + r] = column.zero === 0 && column.scale === 1
            ? value
            : column.zero + column.scale * value;
        } else {
          values[row + r] = isNull ? 0 : numberField(hdu, column, text, firstRow + row + r);
        }
      }
    },
    finish: () => {
      const shape = [nRows];
      if (values === undefined) {
        return { kind: "string", column, nRows, values: texts, shape, valid };
      }
      const mask = values instanceof Float64Array ? undefined : valid;
      return { kind: "number", column, nRows, values, shape, valid: mask, bits: undefined };
    },
  };
}

/** Integers of up to 9 characters fit 32 bits, of up to 15 a double, of up to 18 64 bits. */
function numberArray(column: AsciiColumn, n: number): NumberArray {
  if (column.type !== "I" || column.scale !== 1 || column.zero !== 0) return new Float64Array(n);
  if (column.bytes <= 9) return new Int32Array(n);
  return column.bytes <= 15 ? new Float64Array(n) : new BigInt64Array(n);
}

/** A blank field has the value 0 (FITS 4.0 §7.2.5). */
function numberField(hdu: AsciiTableHdu, column: AsciiColumn, text: string, row: number): number {
  const field = text.trim();
  if (field === "") return 0;
  if (column.type === "I") {
    if (/^[+-]?\d+$/.test(field)) return Number(field);
    throw fieldError(hdu, column, text, row);
  }
  const match = /^([+-]?)(\d*)(\.?)(\d*)(?:[EDed]([+-]?\d+)|([+-]\d+))?$/.exec(field);
  if (match === null || match[2] + match[4]! === "") throw fieldError(hdu, column, text, row);
  const exponent = Number(match[5] ?? match[6] ?? 0);
  if (match[3] === ".") return Number(`${match[1]}${match[2] || "0"}.${match[4]}e${exponent}`);
  return Number(`${match[1]}${match[2]}e${exponent - column.decimals}`);
}

function bigIntField(hdu: AsciiTableHdu, column: AsciiColumn, text: string, row: number): bigint {
  const field = text.trim();
  if (field === "") return 0n;
  const value = /^[+-]?\d+$/.test(field) && field.length < 100
    ? BigInt(field.replace("+", ""))
    : undefined;
  if (value === undefined || BigInt.asIntN(64, value) !== value) {
    throw fieldError(hdu, column, text, row);
  }
  return value;
}

function fieldError(hdu: AsciiTableHdu, column: AsciiColumn, text: string, row: number): Error {
  return columnError(
    hdu.header,
    column,
    `row ${row}: found "${text.slice(0, 40)}", expected a number in format ${column.format}`,
  );
}
