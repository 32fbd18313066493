import { FitsFormatError } from "./fits_format_error.ts";
import type { TableHdu } from "./hdu.ts";

/** Throws RangeError unless 0 ≤ rowStart ≤ rowStop ≤ nRows, whole numbers. */
export function checkRows(hdu: TableHdu, rowStart: number, rowStop: number): void {
  if (
    Number.isSafeInteger(rowStart) && Number.isSafeInteger(rowStop) && rowStart >= 0 &&
    rowStart <= rowStop && rowStop <= hdu.nRows
  ) return;
  throw new RangeError(
    `${hdu.source.name}, HDU ${hdu.index}: found rows ${rowStart} to ${rowStop}, ` +
      `expected a range within 0 to ${hdu.nRows}`,
  );
}

/** The bytes [from, to) of the rows' span; `from` and `to` count from the first row's start. */
export async function readRowBytes(
  hdu: TableHdu,
  rowStart: number,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const offset = hdu.dataOffset + rowStart * hdu.rowBytes + from;
  const bytes = await hdu.source.read(offset, to - from);
  if (bytes.length < to - from) throw truncated(hdu, offset + bytes.length);
  return bytes;
}

function truncated(hdu: TableHdu, end: number): FitsFormatError {
  const whole = Math.max(0, Math.floor((end - hdu.dataOffset) / Math.max(1, hdu.rowBytes)));
  return new FitsFormatError(
    `the file ends within the table: found ${whole} whole rows, expected ${hdu.nRows}`,
    { file: hdu.source.name, hdu: hdu.index, byteOffset: end },
  );
}

/** Where the source does not know its size, a read of more than this first asks for its end. */
const TRUSTED_BYTES = 1 << 22;

/** Throws unless the source has the rows up to `rowStop`, before anything is allocated for them. */
export async function ensureRows(hdu: TableHdu, rowStart: number, rowStop: number): Promise<void> {
  const rows = rowStop - rowStart, end = hdu.dataOffset + rowStop * hdu.rowBytes;
  if (hdu.rowBytes === 0) {
    if (rows <= TRUSTED_BYTES) return;
    throw new FitsFormatError(`found ${rows} rows of 0 bytes`, {
      file: hdu.source.name,
      hdu: hdu.index,
      keyword: "NAXIS2",
    });
  }
  if (rows === 0) return;
  const size = await hdu.source.size();
  if (size !== undefined) {
    if (size < end) throw truncated(hdu, size);
    return;
  }
  if (rows * hdu.rowBytes <= TRUSTED_BYTES) return;
  if ((await hdu.source.read(end - 1, 1)).length < 1) throw truncated(hdu, await knownSize(hdu));
}

async function knownSize(hdu: TableHdu): Promise<number> {
  return await hdu.source.size() ?? hdu.dataOffset;
}

/**
 * Number of rows that are wholly in the source, at most NAXIS2: fewer in a cut file or one that
 * is still being written.
 *
 * @param hdu A table.
 * @returns Whole rows.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, wholeRows } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const bytes = encodeFits([
 *   { kind: "bintable", name: "GTI", columns: [{ name: "START", values: new Float64Array(1000) }] },
 * ]);
 * using file = await openFits(memorySource(bytes.subarray(0, 2880 * 3 + 100)));
 * assert.equal(await wholeRows(asTable(await file.hdu(1))), 372);
 * ```
 */
export async function wholeRows(hdu: TableHdu): Promise<number> {
  const end = hdu.dataOffset + hdu.nRows * hdu.rowBytes;
  if (hdu.rowBytes === 0 || hdu.nRows === 0) return hdu.nRows;
  let size = await hdu.source.size();
  if (size === undefined) {
    if ((await hdu.source.read(end - 1, 1)).length === 1) return hdu.nRows;
    size = await knownSize(hdu);
  }
  return Math.max(0, Math.min(hdu.nRows, Math.floor((size - hdu.dataOffset) / hdu.rowBytes)));
}
