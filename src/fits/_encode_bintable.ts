import { type ColumnEncoder, columnEncoder } from "./_encode_column.ts";
import { card } from "./card.ts";
import type { Card } from "./header.ts";
import type { BintableInput } from "./hdu_input.ts";
import type { EncodedHdu } from "./write_fits.ts";

const CHUNK_BYTES = 1 << 20;

export function encodeBintable(input: BintableInput): EncodedHdu {
  const what = `table ${input.name ?? ""}`.trim();
  if (input.columns.length > 999) {
    throw new RangeError(`${what}: found ${input.columns.length} columns, expected at most 999`);
  }
  let heapBytes = 0;
  const columns: ColumnEncoder[] = [];
  for (const column of input.columns) {
    const encoder = columnEncoder(what, column, heapBytes);
    heapBytes += encoder.heapBytes;
    columns.push(encoder);
  }
  const told = columns.find((column) => column.nRows !== undefined);
  const nRows = input.nRows ?? told?.nRows ?? 0;
  for (const [i, column] of columns.entries()) {
    if (column.nRows === undefined || column.nRows === nRows) continue;
    throw new TypeError(
      `${what}: column ${input.columns[i]!.name} has ${column.nRows} rows, expected ${nRows}`,
    );
  }
  const rowBytes = columns.reduce((sum, column) => sum + column.bytes, 0);
  const cards: Card[] = [
    card("XTENSION", "BINTABLE", "binary table extension"),
    card("BITPIX", 8),
    card("NAXIS", 2),
    card("NAXIS1", rowBytes, "bytes of a row"),
    card("NAXIS2", nRows, "number of rows"),
    card("PCOUNT", heapBytes),
    card("GCOUNT", 1),
    card("TFIELDS", columns.length),
  ];
  for (const [i, column] of columns.entries()) cards.push(...column.cards(i + 1));
  const blockRows = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(1, rowBytes)));
  const encode = (from: number): Uint8Array => {
    const n = Math.min(blockRows, nRows - from), out = new Uint8Array(n * rowBytes);
    const view = new DataView(out.buffer);
    let at = 0;
    for (const column of columns) {
      column.put(view, at, rowBytes, from, n);
      at += column.bytes;
    }
    return out;
  };
  return {
    cards,
    dataBytes: nRows * rowBytes + heapBytes,
    padding: 0,
    *chunks() {
      if (rowBytes > 0) { for (let from = 0; from < nRows; from += blockRows) yield encode(from); }
      for (const column of columns) yield* column.heap();
    },
  };
}
