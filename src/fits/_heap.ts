import {
  fillLogical,
  fillNumbers,
  isScaled,
  partsOf,
  storedBytes,
  textAt,
} from "./_binary_column.ts";
import { nativeArray, type NumberArray, storedOf } from "./_stored.ts";
import type { VariableColumnData } from "./column_data.ts";
import { type BinaryColumn, bytesOf, columnError } from "./columns.ts";
import type { FitsFormatError } from "./fits_format_error.ts";
import type { BintableHdu } from "./hdu.ts";

/** Arrays may share heap bytes; beyond this times the heap they are taken for a damaged file. */
const MAX_SHARING = 4;
const FREE_BYTES = 1 << 26;
const CHUNK_BYTES = 1 << 22;

/** Reads the arrays that P or Q descriptors point to; `descriptors` holds (count, place) pairs. */
export async function readHeap(
  hdu: BintableHdu,
  column: BinaryColumn,
  descriptors: Float64Array,
  rowStart: number,
): Promise<VariableColumnData> {
  const nRows = descriptors.length / 2, values: (NumberArray | string)[] = [];
  const size = storedBytes(column), valid: Uint8Array<ArrayBuffer>[] = [];
  const there = await availableHeap(hdu);
  let sum = 0;
  for (let r = 0; r < nRows; r++) {
    const count = descriptors[2 * r]!, place = descriptors[2 * r + 1]!;
    const bytes = column.type === "X" ? bytesOf("X", count) : count * size;
    const fits = count >= 0 && place >= 0 && place + bytes <= hdu.heapBytes;
    if (!fits && count !== 0) {
      throw rowError(
        hdu,
        column,
        rowStart + r,
        `points to ${count} elements at ${place}, expected them within the heap of ${hdu.heapBytes} bytes`,
      );
    }
    sum += bytes;
    if (sum > MAX_SHARING * there + FREE_BYTES) {
      throw rowError(
        hdu,
        column,
        rowStart + r,
        "the arrays overlap far more than they could by plan",
      );
    }
  }
  let cache = new Uint8Array(0), cacheStart = 0;
  for (let r = 0; r < nRows; r++) {
    const count = descriptors[2 * r]!, place = descriptors[2 * r + 1]!;
    const bytes = column.type === "X" ? bytesOf("X", count) : count * size;
    if (bytes > 0 && (place < cacheStart || place + bytes > cacheStart + cache.length)) {
      const length = Math.min(Math.max(bytes, CHUNK_BYTES), hdu.heapBytes - place);
      cache = await hdu.source.read(hdu.heapOffset + place, length) as Uint8Array<ArrayBuffer>;
      cacheStart = place;
      if (cache.length < bytes) {
        throw rowError(hdu, column, rowStart + r, "the file ends within its array");
      }
    }
    const view = new DataView(cache.buffer, cache.byteOffset, cache.byteLength);
    const [array, mask] = decodeArray(column, view, bytes === 0 ? 0 : place - cacheStart, count);
    values.push(array);
    if (mask !== undefined) valid.push(mask);
  }
  return { kind: "variable", column, nRows, values, valid: valid.length === 0 ? undefined : valid };
}

/** Bytes of the heap that are really there. */
async function availableHeap(hdu: BintableHdu): Promise<number> {
  const end = hdu.heapOffset + hdu.heapBytes;
  let size = await hdu.source.size();
  if (size === undefined) {
    if (hdu.heapBytes === 0 || (await hdu.source.read(end - 1, 1)).length === 1) {
      return hdu.heapBytes;
    }
    size = await hdu.source.size() ?? 0;
  }
  return Math.max(0, Math.min(hdu.heapBytes, size - hdu.heapOffset));
}

function decodeArray(
  column: BinaryColumn,
  view: DataView,
  at: number,
  count: number,
): [NumberArray | string, Uint8Array<ArrayBuffer>?] {
  if (column.type === "A") return [textAt(view, at, count)];
  if (column.type === "X") {
    const bytes = bytesOf("X", count), packed = new Uint8Array(bytes);
    for (let i = 0; i < bytes; i++) packed[i] = view.getUint8(at + i);
    return [packed];
  }
  if (column.type === "L") {
    const values = new Uint8Array(count), valid = new Uint8Array(count);
    fillLogical(view, at, 0, 1, count, values, valid, 0);
    return [values, valid];
  }
  const stored = storedOf(column)!, n = count * partsOf(column), scaled = isScaled(column);
  const values = scaled ? new Float64Array(n) : nativeArray(stored, n);
  const valid = column.nullValue === undefined ? undefined : new Uint8Array(n);
  fillNumbers(column, stored, view, at, 0, 1, n, values, valid, 0);
  return scaled ? [values] : [values, valid];
}

function rowError(
  hdu: BintableHdu,
  column: BinaryColumn,
  row: number,
  problem: string,
): FitsFormatError {
  return columnError(hdu.header, column, `row ${row} ${problem}`);
}

/** Decodes P (two 32-bit) or Q (two 64-bit) descriptors into doubles, from pair `o`. */
export function decodeDescriptors(
  column: BinaryColumn,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  out: Float64Array,
  o: number,
): void {
  const wide = column.variable === "Q";
  for (let r = 0, i = 2 * o; r < n; r++, at += stride, i += 2) {
    if (column.repeat === 0) out[i] = out[i + 1] = 0;
    else if (wide) {
      out[i] = view.getInt32(at) * 4294967296 + view.getUint32(at + 4);
      out[i + 1] = view.getInt32(at + 8) * 4294967296 + view.getUint32(at + 12);
    } else {
      out[i] = view.getInt32(at);
      out[i + 1] = view.getInt32(at + 4);
    }
  }
}
