import { FitsFormatError } from "./fits_format_error.ts";
import { type Header, headerError, type HeaderValue } from "./header.ts";
import {
  headerInteger,
  headerString,
  headerValue,
  optionalHeaderNumber,
  optionalHeaderString,
} from "./header_values.ts";

/** Element types of a binary table (FITS 4.0 Table 18, without the descriptors P and Q). */
export type BinaryType = "L" | "X" | "B" | "I" | "J" | "K" | "A" | "E" | "D" | "C" | "M";

/** Field types of an ASCII table (FITS 4.0 Table 15). */
export type AsciiType = "A" | "I" | "F" | "E" | "D";

/** What columns of both kinds of table have. */
export interface ColumnBase {
  /** Place among the columns, from 0: column n of the standard is index n - 1. */
  readonly index: number;
  /** TTYPEn, or "" where there is none. */
  readonly name: string;
  /** TFORMn as it stands. */
  readonly format: string;
  /** TUNITn as it stands. */
  readonly unit: string | undefined;
  /** TDISPn as it stands. */
  readonly display: string | undefined;
  /** TSCALn: value = zero + scale × stored. */
  readonly scale: number;
  /** TZEROn: value = zero + scale × stored. */
  readonly zero: number;
  /** First byte of the field in its row. */
  readonly byteOffset: number;
  /** Bytes of the field in a row. */
  readonly bytes: number;
}

/** A column of a binary table. */
export interface BinaryColumn extends ColumnBase {
  /** Which kind of table it is of. */
  readonly kind: "binary";
  /** Element type; of a variable-length column that of its arrays. */
  readonly type: BinaryType;
  /** Elements in a row; characters for A, bits for X; 0 or 1 for a variable-length column. */
  readonly repeat: number;
  /** "P" or "Q" (32- or 64-bit descriptors) for a variable-length column. */
  readonly variable: "P" | "Q" | undefined;
  /** The integer conventions of unsigned columns and signed bytes (FITS 4.0 Table 19). */
  readonly offsetInteger: boolean;
  /** TNULLn, the stored value that stands for no value, in an integer column. */
  readonly nullValue: bigint | undefined;
  /** Shape of one row's array in C order, the reverse of TDIMn; [] for a scalar. */
  readonly shape: readonly number[];
  /** Characters of one string of an A column. */
  readonly stringBytes: number;
}

/** A column of an ASCII table. */
export interface AsciiColumn extends ColumnBase {
  /** Which kind of table it is of. */
  readonly kind: "ascii";
  /** Field type. */
  readonly type: AsciiType;
  /** Digits after an implicit decimal point. */
  readonly decimals: number;
  /** TNULLn, the text that stands for no value. */
  readonly nullText: string | undefined;
}

/** A column of any table. */
export type FitsColumn = BinaryColumn | AsciiColumn;

/** Bytes of one element; an X element counts as a bit, apart. */
export const ELEMENT_BYTES: Readonly<Record<BinaryType, number>> = Object.freeze({
  L: 1,
  X: 1,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
});

const ZERO_OF_OFFSET: Readonly<Record<string, number>> = Object.freeze({
  B: -128,
  I: 2 ** 15,
  J: 2 ** 31,
  K: 2 ** 63,
});

/** Bytes of `count` elements of a type. */
export function bytesOf(type: BinaryType, count: number): number {
  return type === "X" ? Math.ceil(count / 8) : count * ELEMENT_BYTES[type];
}

/** The columns of a BINTABLE header; their widths must fill the row exactly. */
export function binaryColumns(header: Header, rowBytes: number): readonly BinaryColumn[] {
  const n = fieldCount(header), columns: BinaryColumn[] = [];
  let at = 0;
  for (let i = 0; i < n; i++) {
    const column = binaryColumn(header, i, at);
    columns.push(column);
    at += column.bytes;
  }
  if (at !== rowBytes) {
    throw headerError(
      header,
      "NAXIS1",
      `found rows of ${rowBytes} bytes, but the columns fill ${at}`,
    );
  }
  return Object.freeze(columns);
}

function binaryColumn(header: Header, index: number, byteOffset: number): BinaryColumn {
  const n = index + 1, formatKey = `TFORM${n}`;
  const format = headerString(header, formatKey).trim();
  const match = /^(\d*)([PQ]?)([LXBIJKAEDCM])(.*)$/.exec(format);
  const plain = match !== null && match[2] === "" && (match[3] === "A" || match[4]!.trim() === "");
  const array = match !== null && match[2] !== "" && /^\s*(\(\d*\)\s*)?$/.test(match[4]!);
  if (match === null || !(plain || array)) {
    throw headerError(
      header,
      formatKey,
      `found '${format}', expected a format such as 1E or 1PJ(9)`,
    );
  }
  const repeat = match[1] === "" ? 1 : Number(match[1]);
  const type = match[3] as BinaryType, variable = array ? match[2] as "P" | "Q" : undefined;
  if (variable !== undefined && repeat > 1) {
    throw headerError(
      header,
      formatKey,
      `found repeat count ${repeat}, expected 0 or 1 for ${variable}`,
    );
  }
  const bytes = variable === undefined
    ? bytesOf(type, repeat)
    : repeat * (variable === "P" ? 8 : 16);
  if (!Number.isSafeInteger(byteOffset + bytes)) {
    throw headerError(header, formatKey, `found repeat count ${match[1]}, which is too large`);
  }
  const integer = "BIJK".includes(type);
  const scale = "ALX".includes(type) ? 1 : optionalHeaderNumber(header, `TSCAL${n}`) ?? 1;
  const zero = "ALX".includes(type) ? 0 : optionalHeaderNumber(header, `TZERO${n}`) ?? 0;
  const shape = variable === undefined ? rowShape(header, n, type, repeat, match[4]!) : [];
  return Object.freeze({
    kind: "binary",
    index,
    name: textValue(header, `TTYPE${n}`) ?? "",
    format,
    unit: textValue(header, `TUNIT${n}`),
    display: textValue(header, `TDISP${n}`),
    scale,
    zero,
    byteOffset,
    bytes,
    type,
    repeat,
    variable,
    offsetInteger: integer && scale === 1 && zero === ZERO_OF_OFFSET[type],
    nullValue: integer ? nullValue(header, `TNULL${n}`) : undefined,
    shape: Object.freeze(type === "A" ? shape.slice(0, -1) : shape),
    stringBytes: type === "A" ? shape.at(-1) ?? repeat : 0,
  });
}

/** Shape of a row in C order; for A with the string length last. */
function rowShape(
  header: Header,
  n: number,
  type: BinaryType,
  repeat: number,
  rest: string,
): readonly number[] {
  const flat = repeat === 1 && type !== "A" ? [] : [repeat];
  const text = textValue(header, `TDIM${n}`)?.trim();
  if (text === undefined || text === "") {
    // rAw: r characters in strings of w, an older convention that files still have.
    const width = type === "A" && /^\d+$/.test(rest.trim()) ? Number(rest) : 0;
    return width > 0 && width < repeat && repeat % width === 0 ? [repeat / width, width] : flat;
  }
  if (!/^\(\s*\d+(\s*,\s*\d+)*\s*\)$/.test(text)) {
    throw headerError(header, `TDIM${n}`, `found '${text}', expected a list such as (5,3)`);
  }
  const dims = text.slice(1, -1).split(",").map(Number).reverse();
  const product = dims.reduce((a, b) => a * b, 1);
  if (product > repeat) {
    throw headerError(
      header,
      `TDIM${n}`,
      `found ${text}, but TFORM${n} has only ${repeat} elements`,
    );
  }
  return product === repeat ? dims : flat;
}

/** Column texts of real files are sometimes numbers or other rubbish; then they are absent. */
function textValue(header: Header, keyword: string): string | undefined {
  const at = header.index.get(keyword),
    value = at === undefined ? undefined : header.cards[at]!.value;
  return typeof value === "string" ? value : undefined;
}

function nullValue(header: Header, keyword: string): bigint | undefined {
  const value: HeaderValue = headerValue(header, keyword);
  if (value === undefined || typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw headerError(header, keyword, `found ${String(value)}, expected a whole number`);
}

function fieldCount(header: Header): number {
  const n = headerInteger(header, "TFIELDS");
  if (n < 0 || n > 999) throw headerError(header, "TFIELDS", `found ${n}, expected 0 to 999`);
  return n;
}

/** The columns of an ASCII TABLE header. */
export function asciiColumns(header: Header, rowBytes: number): readonly AsciiColumn[] {
  const columns: AsciiColumn[] = [];
  for (let n = 1; n <= fieldCount(header); n++) {
    const format = headerString(header, `TFORM${n}`).trim();
    const match = /^(?:([AI])(\d+)|([FED])(\d+)\.(\d+)(?:E\d+)?)$/.exec(format);
    if (match === null) {
      throw headerError(
        header,
        `TFORM${n}`,
        `found '${format}', expected a format such as I6 or F8.3`,
      );
    }
    const start = headerInteger(header, `TBCOL${n}`), bytes = Number(match[2] ?? match[4]);
    if (start < 1 || bytes < 1 || start - 1 + bytes > rowBytes) {
      throw headerError(
        header,
        `TBCOL${n}`,
        `found a field of ${bytes} characters from ${start}, expected it within ${rowBytes}`,
      );
    }
    const type = (match[1] ?? match[3]) as AsciiType;
    columns.push(Object.freeze({
      kind: "ascii",
      index: n - 1,
      name: textValue(header, `TTYPE${n}`) ?? "",
      format,
      unit: textValue(header, `TUNIT${n}`),
      display: textValue(header, `TDISP${n}`),
      scale: type === "A" ? 1 : optionalHeaderNumber(header, `TSCAL${n}`) ?? 1,
      zero: type === "A" ? 0 : optionalHeaderNumber(header, `TZERO${n}`) ?? 0,
      byteOffset: start - 1,
      bytes,
      type,
      decimals: Number(match[5] ?? 0),
      nullText: optionalHeaderString(header, `TNULL${n}`),
    }));
  }
  return Object.freeze(columns);
}

/** The place of a column, for messages. */
export function columnError(header: Header, column: ColumnBase, problem: string): FitsFormatError {
  const keyword = column.name === "" ? `column ${column.index + 1}` : `column ${column.name}`;
  return new FitsFormatError(problem, { file: header.file, hdu: header.hdu, keyword });
}
