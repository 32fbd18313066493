import {
  checkedNull,
  layoutOf,
  type NumberLayout,
  putNull,
  putNumbers,
  sizeOf,
} from "./_encode_numbers.ts";
import { card } from "./card.ts";
import { type BinaryType, ELEMENT_BYTES } from "./columns.ts";
import type { Card } from "./header.ts";
import type { ColumnInput, NumberInput } from "./hdu_input.ts";

/** Writes the fields of one column. */
export interface ColumnEncoder {
  /** Rows of the values; undefined where a row has no element. */
  readonly nRows: number | undefined;
  /** Bytes in a row. */
  readonly bytes: number;
  readonly heapBytes: number;
  cards(n: number): Card[];
  /** Rows [row, row + n), the first field at `at`. */
  put(view: DataView, at: number, stride: number, row: number, n: number): void;
  heap(): Iterable<Uint8Array>;
}

/** What the three kinds of column share: everything but the format and the bytes. */
interface Fields {
  readonly format: string;
  readonly dim?: string;
  readonly zero?: number | bigint;
  readonly nullValue?: bigint | undefined;
}

export function columnEncoder(table: string, input: ColumnInput, heapStart: number): ColumnEncoder {
  const what = `${table}, column ${input.name}`;
  if (input.variable !== undefined && input.variable !== false) {
    return variableEncoder(what, input, heapStart);
  }
  if (Array.isArray(input.values)) return stringEncoder(what, input);
  return numberEncoder(what, input, input.values as NumberInput);
}

function columnCards(n: number, input: ColumnInput, fields: Fields): Card[] {
  const cards = [card(`TTYPE${n}`, input.name, input.comment), card(`TFORM${n}`, fields.format)];
  if (input.unit !== undefined) cards.push(card(`TUNIT${n}`, input.unit));
  if (fields.dim !== undefined) cards.push(card(`TDIM${n}`, fields.dim));
  const scaled = input.scale !== undefined || input.zero !== undefined;
  if (fields.zero !== undefined && fields.zero !== 0) cards.push(card(`TZERO${n}`, fields.zero));
  else if (scaled) {
    cards.push(card(`TSCAL${n}`, input.scale ?? 1), card(`TZERO${n}`, input.zero ?? 0));
  }
  if (fields.nullValue !== undefined) cards.push(card(`TNULL${n}`, fields.nullValue));
  if (input.display !== undefined) cards.push(card(`TDISP${n}`, input.display));
  return cards;
}

/** The type asked for, once the array can be written as it. */
function typeFor(what: string, input: ColumnInput, values: NumberInput): BinaryType {
  const own = layoutOf(values).type, type = input.type ?? own;
  const fits = type === own || (type === "L" && values instanceof Uint8Array) ||
    (type === "X" && (values instanceof Uint8Array || values instanceof Uint32Array)) ||
    (type === "C" && (own === "E" || own === "D")) || (type === "M" && own === "D") ||
    (type === "E" && own === "D");
  if (!fits) {
    throw new TypeError(`${what}: ${values.constructor.name} cannot be written as ${type}`);
  }
  return type;
}

function checkNull(
  what: string,
  input: ColumnInput,
  type: BinaryType,
  layout: NumberLayout,
): bigint | undefined {
  const nullValue = checkedNull(what, type, input.nullValue);
  if (input.valid !== undefined && "XCM".includes(type)) {
    throw new TypeError(`${what}: a column of type ${type} has no null value; leave out valid`);
  }
  if ("BIJK".includes(type) && nullValue === undefined && input.valid?.includes(0)) {
    throw new TypeError(`${what}: give nullValue, the value to write where valid is 0`);
  }
  const scaled = input.scale !== undefined || input.zero !== undefined;
  if (scaled && (layout.zero !== 0 || "LXA".includes(type))) {
    throw new TypeError(`${what}: scale and zero need an array of the stored numbers' own type`);
  }
  return nullValue;
}

function numberEncoder(what: string, input: ColumnInput, values: NumberInput): ColumnEncoder {
  const type = typeFor(what, input, values);
  if (type === "X") return bitEncoder(what, input, values as Uint8Array | Uint32Array);
  const layout = layoutOf(values), nullValue = checkNull(what, input, type, layout);
  const shape = input.shape ?? [], repeat = sizeOf(what, shape);
  const perRow = repeat * (type === "C" || type === "M" ? 2 : 1), valid = input.valid;
  const bytes = repeat * ELEMENT_BYTES[type], element = perRow === 0 ? 0 : bytes / perRow;
  const nRows = rowsOf(what, values.length, perRow);
  if (valid !== undefined && valid.length !== values.length) {
    throw new TypeError(`${what}: found ${valid.length} valid flags for ${values.length} values`);
  }
  const single = layout.type === "D" && (type === "E" || type === "C");
  return {
    nRows,
    bytes,
    heapBytes: 0,
    cards: (n) =>
      columnCards(n, input, {
        format: `${repeat}${type}`,
        // An array of one element is no scalar to other readers, if it says so.
        ...(shape.length > 1 || shape[0] === 1 ? { dim: `(${shape.toReversed()})` } : {}),
        zero: layout.zero,
        nullValue,
      }),
    put: (view, at, stride, row, n) => {
      if (type === "L") {
        return putLogical(values as Uint8Array, valid, view, at, stride, row, n, perRow);
      }
      putNumbers(values, row * perRow, view, at, stride, n, perRow, single);
      if (valid === undefined) return;
      for (let r = 0, i = row * perRow; r < n; r++, at += stride) {
        for (let k = 0; k < perRow; k++, i++) {
          if (valid[i] === 0) putNull(type, nullValue, view, at + k * element);
        }
      }
    },
    heap: () => [],
  };
}

function rowsOf(what: string, length: number, perRow: number): number | undefined {
  if (perRow === 0) {
    if (length === 0) return undefined;
    throw new TypeError(`${what}: found ${length} values for rows without elements`);
  }
  if (length % perRow === 0) return length / perRow;
  throw new TypeError(`${what}: found ${length} values, expected a multiple of ${perRow}`);
}

function putLogical(
  values: Uint8Array,
  valid: Uint8Array | undefined,
  view: DataView,
  at: number,
  stride: number,
  row: number,
  n: number,
  perRow: number,
): void {
  for (let r = 0, i = row * perRow; r < n; r++, at += stride) {
    for (let k = 0; k < perRow; k++, i++) {
      view.setUint8(at + k, valid?.[i] === 0 ? 0 : values[i] === 0 ? 70 : 84);
    }
  }
}

function bitEncoder(
  what: string,
  input: ColumnInput,
  values: Uint8Array | Uint32Array,
): ColumnEncoder {
  checkNull(what, input, "X", { type: "X", bytes: 1, zero: 0 });
  const bits = input.bits;
  if (bits === undefined || !Number.isSafeInteger(bits) || bits < 0) {
    throw new TypeError(`${what}: found bits ${bits}, expected the number of bits of a row`);
  }
  const bytes = Math.ceil(bits / 8), words = values instanceof Uint32Array;
  if (words && (bits < 1 || bits > 32)) {
    throw new TypeError(`${what}: found ${bits} bits, expected 1 to 32 for a Uint32Array`);
  }
  return {
    nRows: rowsOf(what, values.length, words ? 1 : bytes),
    bytes,
    heapBytes: 0,
    cards: (n) => columnCards(n, input, { format: `${bits}X` }),
    put: (view, at, stride, row, n) => {
      if (!words) return putNumbers(values, row * bytes, view, at, stride, n, bytes);
      for (let r = 0; r < n; r++, at += stride) {
        let word = values[row + r]! * 2 ** (8 * bytes - bits);
        for (let k = bytes - 1; k >= 0; k--, word = Math.floor(word / 256)) {
          view.setUint8(at + k, word % 256);
        }
      }
    },
    heap: () => [],
  };
}

function stringEncoder(what: string, input: ColumnInput): ColumnEncoder {
  const texts = input.values as readonly string[], shape = input.shape ?? [];
  for (const text of texts) checkText(what, text);
  if (input.type !== undefined && input.type !== "A") {
    throw new TypeError(`${what}: texts cannot be written as ${input.type}`);
  }
  if (input.nullValue !== undefined || input.scale !== undefined || input.zero !== undefined) {
    throw new TypeError(`${what}: texts have no null value, scale or zero`);
  }
  const longest = texts.reduce((length, text) => Math.max(length, text.length), 0);
  const width = input.stringBytes ?? Math.max(1, longest), perRow = sizeOf(what, shape);
  if (longest > width) {
    throw new RangeError(
      `${what}: found a text of ${longest} characters, expected at most ${width}`,
    );
  }
  return {
    nRows: rowsOf(what, texts.length, perRow),
    bytes: width * perRow,
    heapBytes: 0,
    cards: (n) =>
      columnCards(n, input, {
        format: `${width * perRow}A`,
        ...(shape.length > 0 ? { dim: `(${[width, ...shape.toReversed()]})` } : {}),
      }),
    put: (view, at, stride, row, n) => {
      for (let r = 0, i = row * perRow; r < n; r++, at += stride) {
        for (let k = 0; k < perRow; k++, i++) {
          if (input.valid?.[i] !== 0) putText(texts[i]!, view, at + k * width);
        }
      }
    },
    heap: () => [],
  };
}

function checkText(what: string, text: unknown): void {
  if (typeof text !== "string") {
    throw new TypeError(
      `${what}: found ${typeof text}, expected texts (or set variable for arrays)`,
    );
  }
  if (!/^[ -~]*$/.test(text)) {
    throw new RangeError(`${what}: found "${text}", expected printable ASCII only`);
  }
}

function putText(text: string, view: DataView, at: number): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}

function variableEncoder(what: string, input: ColumnInput, heapStart: number): ColumnEncoder {
  if (!Array.isArray(input.values)) {
    throw new TypeError(`${what}: expected one array a row for a column of variable length`);
  }
  if (input.valid !== undefined || input.shape !== undefined) {
    throw new TypeError(`${what}: a column of variable length has neither valid nor shape`);
  }
  const rows = input.values as readonly (NumberInput | string)[], first = rows[0];
  const isText = typeof first === "string" || (first === undefined && input.type === "A");
  const sample = isText || first === undefined ? emptyOf(input.type) : first as NumberInput;
  const type = isText ? "A" : typeFor(what, input, sample);
  const layout = layoutOf(sample);
  if (type === "X") throw new TypeError(`${what}: bit arrays of variable length are not written`);
  const nullValue = isText ? undefined : checkNull(what, input, type, layout);
  const single = layout.type === "D" && (type === "E" || type === "C");
  const parts = type === "C" || type === "M" ? 2 : 1;
  const counts = rows.map((row) => {
    if (isText) checkText(what, row);
    else if (
      typeof row === "string" || layoutOf(row).type !== layout.type ||
      layoutOf(row).zero !== layout.zero
    ) {
      throw new TypeError(`${what}: expected arrays of one type in all rows`);
    }
    if (row.length % parts !== 0) throw new TypeError(`${what}: found half a complex number`);
    return row.length / parts;
  });
  const bytesPer = ELEMENT_BYTES[type];
  const heapBytes = counts.reduce((sum, count) => sum + count * bytesPer, 0);
  const wide = input.variable === "Q" ||
    (input.variable === true && heapStart + heapBytes >= 2 ** 31);
  if (!wide && heapStart + heapBytes >= 2 ** 31) {
    throw new RangeError(`${what}: the heap is beyond 2^31 bytes; use variable: "Q"`);
  }
  const places = new Float64Array(rows.length);
  for (let r = 0, at = heapStart; r < rows.length; at += counts[r]! * bytesPer, r++) places[r] = at;
  const max = counts.reduce((a, b) => Math.max(a, b), 0), letter = wide ? "Q" : "P";
  const encodeRow = (row: NumberInput | string, count: number): Uint8Array => {
    const out = new Uint8Array(count * bytesPer), view = new DataView(out.buffer);
    if (typeof row === "string") putText(row, view, 0);
    else if (type === "L") putLogical(row as Uint8Array, undefined, view, 0, 0, 0, 1, count);
    else putNumbers(row, 0, view, 0, 0, 1, count * parts, single);
    return out;
  };
  return {
    nRows: rows.length,
    bytes: wide ? 16 : 8,
    heapBytes,
    cards: (n) =>
      columnCards(n, input, { format: `1${letter}${type}(${max})`, zero: layout.zero, nullValue }),
    put: (view, at, stride, row, n) => {
      for (let r = row; r < row + n; r++, at += stride) {
        if (wide) {
          view.setBigInt64(at, BigInt(counts[r]!));
          view.setBigInt64(at + 8, BigInt(places[r]!));
        } else {
          view.setInt32(at, counts[r]!);
          view.setInt32(at + 4, places[r]!);
        }
      }
    },
    *heap() {
      for (let r = 0; r < rows.length; r++) yield encodeRow(rows[r]!, counts[r]!);
    },
  };
}

function emptyOf(type: BinaryType | undefined): NumberInput {
  switch (type) {
    case "I":
      return new Int16Array(0);
    case "J":
      return new Int32Array(0);
    case "K":
      return new BigInt64Array(0);
    case "E":
    case "C":
      return new Float32Array(0);
    case "D":
    case "M":
      return new Float64Array(0);
    default:
      return new Uint8Array(0);
  }
}
