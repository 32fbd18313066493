import { card } from "./card.ts";
import type { Card } from "./header.ts";
import type { AsciiColumnInput, AsciiTableInput } from "./hdu_input.ts";
import type { EncodedHdu } from "./write_fits.ts";

const CHUNK_BYTES = 1 << 20;

/** A column's field: where it starts and how a row's text is made. */
interface Field {
  readonly input: AsciiColumnInput;
  readonly start: number;
  readonly width: number;
  text(row: number): string;
}

export function encodeAscii(input: AsciiTableInput): EncodedHdu {
  const what = `table ${input.name ?? ""}`.trim(), fields: Field[] = [];
  const nRows = input.columns[0]?.values.length ?? 0;
  if (input.columns.length > 999) {
    throw new RangeError(`${what}: found ${input.columns.length} columns, expected at most 999`);
  }
  let rowBytes = 0;
  for (const column of input.columns) {
    if (column.values.length !== nRows) {
      throw new TypeError(
        `${what}: column ${column.name} has ${column.values.length} rows, expected ${nRows}`,
      );
    }
    const start = rowBytes === 0 ? 0 : rowBytes + 1; // one blank between fields
    const field = fieldOf(`${what}, column ${column.name}`, column, start);
    fields.push(field);
    rowBytes = start + field.width;
  }
  const cards: Card[] = [
    card("XTENSION", "TABLE", "ASCII table extension"),
    card("BITPIX", 8),
    card("NAXIS", 2),
    card("NAXIS1", rowBytes, "characters of a row"),
    card("NAXIS2", nRows, "number of rows"),
    card("PCOUNT", 0),
    card("GCOUNT", 1),
    card("TFIELDS", fields.length),
  ];
  for (const [i, { input: column, start }] of fields.entries()) {
    const n = i + 1;
    cards.push(card(`TTYPE${n}`, column.name), card(`TBCOL${n}`, start + 1));
    cards.push(card(`TFORM${n}`, column.format));
    if (column.unit !== undefined) cards.push(card(`TUNIT${n}`, column.unit));
    if (column.scale !== undefined) cards.push(card(`TSCAL${n}`, column.scale));
    if (column.zero !== undefined) cards.push(card(`TZERO${n}`, column.zero));
    if (column.nullText !== undefined) cards.push(card(`TNULL${n}`, column.nullText));
    if (column.display !== undefined) cards.push(card(`TDISP${n}`, column.display));
  }
  const blockRows = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(1, rowBytes)));
  const encode = (from: number): Uint8Array => {
    const n = Math.min(blockRows, nRows - from), out = new Uint8Array(n * rowBytes).fill(32);
    for (let r = 0; r < n; r++) {
      for (const field of fields) {
        const text = field.text(from + r), at = r * rowBytes + field.start;
        for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
      }
    }
    return out;
  };
  return {
    cards,
    dataBytes: nRows * rowBytes,
    padding: 32,
    *chunks() {
      for (let from = 0; from < nRows; from += blockRows) yield encode(from);
    },
  };
}

function fieldOf(what: string, input: AsciiColumnInput, start: number): Field {
  const match = /^(?:([AI])(\d{1,9})|([FED])(\d{1,9})\.(\d{1,2}))$/.exec(input.format);
  if (match === null) {
    throw new RangeError(
      `${what}: found format "${input.format}", expected Aw, Iw, Fw.d, Ew.d or Dw.d`,
    );
  }
  const type = match[1] ?? match[3]!, width = Number(match[2] ?? match[4]);
  const decimals = Number(match[5] ?? 0);
  if (input.valid !== undefined && input.valid.length !== input.values.length) {
    throw new TypeError(
      `${what}: found ${input.valid.length} valid flags for ${input.values.length} rows`,
    );
  }
  const text = (row: number): string => {
    const value = input.values[row]!, isNull = input.valid?.[row] === 0;
    if (isNull || (typeof value === "number" && Number.isNaN(value))) {
      if (input.nullText !== undefined) return checked(what, input.nullText, width);
      throw new RangeError(`${what}, row ${row}: found no value; give nullText, the text to write`);
    }
    if (type === "A") return checked(what, textOf(what, value), width);
    return checked(what, numberText(what, type, value, decimals), width).padStart(width);
  };
  return { input, start, width, text };
}

function textOf(what: string, value: string | number | bigint): string {
  if (typeof value === "string" && /^[ -~]*$/.test(value)) return value;
  throw new RangeError(
    `${what}: found ${typeof value} ${value}, expected a text of printable ASCII`,
  );
}

function numberText(
  what: string,
  type: string,
  value: string | number | bigint,
  decimals: number,
): string {
  if (type === "I" && (typeof value === "bigint" || Number.isSafeInteger(value))) {
    return String(value);
  }
  if (type !== "I" && typeof value === "number" && Number.isFinite(value)) {
    if (type !== "F") return value.toExponential(decimals).toUpperCase().replace("E", type);
    // Beyond 1e21 toFixed gives an exponent, which F does not have.
    if (Math.abs(value) < 1e21) {
      return decimals === 0 ? `${value.toFixed(0)}.` : value.toFixed(decimals);
    }
  }
  throw new RangeError(
    `${what}: found ${value}, which cannot be written in a field of type ${type}`,
  );
}

function checked(what: string, text: string, width: number): string {
  if (text.length <= width) return text;
  throw new RangeError(`${what}: "${text}" has more than ${width} characters; use a wider format`);
}
