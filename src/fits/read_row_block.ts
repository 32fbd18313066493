import { decodeDescriptors, readHeap } from "./_heap.ts";
import { columnSink, fillBits, fillLogical, isScaled, partsOf } from "./_binary_column.ts";
import { checkRows, readRowBytes } from "./_rows.ts";
import {
  decodeFloat64,
  decodeNative,
  decodeValid,
  putWhole,
  rescale,
  storedOf,
} from "./_stored.ts";
import type { NumberArray } from "./column_data.ts";
import { type BinaryColumn, columnError } from "./columns.ts";
import { type BintableHdu, findColumn } from "./hdu.ts";

/** In which type a column of a block is given. */
export type ColumnAs = "native" | "float64" | "int32" | "uint32" | "bigint64";

/** One column of a block. */
export interface ColumnRequest {
  /** Column, by name or as `findColumn` gave it. */
  readonly column: string | BinaryColumn;
  /** Type of the result. */
  readonly as: ColumnAs;
  /** For "float64": result = offset + scale × value, 1 if absent; converts units. */
  readonly scale?: number;
  /** For "float64": result = offset + scale × value, 0 if absent. */
  readonly offset?: number;
}

/** The array of a column of a block. */
export type ColumnArray = NumberArray | string[] | (NumberArray | string)[];

/** The array that a request gives. */
export type ColumnArrayOf<A extends ColumnAs> = A extends "float64" ? Float64Array<ArrayBuffer>
  : A extends "int32" ? Int32Array<ArrayBuffer>
  : A extends "uint32" ? Uint32Array<ArrayBuffer>
  : A extends "bigint64" ? BigInt64Array<ArrayBuffer>
  : ColumnArray;

/** The arrays that requests give, in their order. */
export type ColumnArrays<R extends readonly ColumnRequest[]> = {
  -readonly [K in keyof R]: ColumnArrayOf<R[K]["as"]>;
};

/** Options of {@linkcode readRowBlock}. */
export interface ReadRowBlockOptions {
  /**
   * Arrays to decode into, one a request, undefined for a new one; of the right type and at least
   * as long as the block needs. The result then has views of their front.
   */
  readonly into?: readonly (ColumnArray | undefined)[];
}

/**
 * Reads columns of the rows [rowStart, rowStop) of a binary table: the fast way for event lists.
 *
 * One read of the rows' bytes, then one plain loop a column; memory is that of the block alone, so
 * a table of any size can be read block after block. All new arrays of "float64", "int32",
 * "uint32" and "bigint64" share one ArrayBuffer. TSCAL and TZERO are applied. Null integers are
 * NaN in "float64" and are given as stored in the integer types. "float64" of 64-bit integers is
 * the nearest double. Vectors are given row after row.
 *
 * @param hdu A binary table.
 * @param requests Columns and their types. "uint32" takes X columns of at most 32 bits: each row's
 * bits as a number, the last bit being 1.
 * @param rowStart First row.
 * @param rowStop Row after the last.
 * @returns One array a request; the caller's.
 * @throws RangeError for rows outside the table; TypeError for a column that has no numbers of that
 * type; FitsFormatError for a missing column, a cut file, or an integer that does not fit.
 *
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits, readRowBlock } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   name: "EVENTS",
 *   columns: [
 *     { name: "ENERGY", values: new Float32Array([1000, 2000]), unit: "MeV" },
 *     { name: "EVENT_ID", values: new BigInt64Array([5407363825684n, 2n]) },
 *   ],
 * }])));
 * const events = asBintable(await file.hdu("EVENTS"));
 * const [energyTeV, eventId] = await readRowBlock(events, [
 *   { column: "ENERGY", as: "float64", scale: 1e-6 },
 *   { column: "EVENT_ID", as: "bigint64" },
 * ], 0, events.nRows);
 * assert.deepEqual(energyTeV, new Float64Array([0.001, 0.002]));
 * assert.equal(eventId[0], 5407363825684n);
 * ```
 */
export async function readRowBlock<const R extends readonly ColumnRequest[]>(
  hdu: BintableHdu,
  requests: R,
  rowStart: number,
  rowStop: number,
  options: ReadRowBlockOptions = {},
): Promise<ColumnArrays<R>> {
  checkRows(hdu, rowStart, rowStop);
  const columns = requests.map((request) =>
    typeof request.column === "string" ? findColumn(hdu, request.column) : request.column
  );
  for (let i = 0; i < columns.length; i++) checkRequest(hdu, columns[i]!, requests[i]!);
  const n = rowStop - rowStart;
  const bytes = await readRowBytes(hdu, rowStart, 0, n * hdu.rowBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const outs = arraysFor(columns, requests, n, options.into);
  const result: ColumnArray[] = [];
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!, request = requests[i]!, out = outs[i];
    if (out === undefined) {
      result.push(await nativeBlock(hdu, column, view, rowStart, n, options.into?.[i]));
      continue;
    }
    decodeAs(hdu, column, request, view, rowStart, n, out);
    result.push(out);
  }
  return result as ColumnArrays<R>;
}

/** One block of {@linkcode rowBlocks}. */
export interface RowBlock<R extends readonly ColumnRequest[]> {
  /** First row. */
  readonly rowStart: number;
  /** Row after the last. */
  readonly rowStop: number;
  /** One array a request. */
  readonly columns: ColumnArrays<R>;
}

/** Options of {@linkcode rowBlocks}. */
export interface RowBlocksOptions {
  /** First row, 0 if absent. */
  readonly rowStart?: number;
  /** Row after the last, the table's end if absent. */
  readonly rowStop?: number;
  /** Rows of a block, 65536 if absent. */
  readonly blockRows?: number;
}

/**
 * Reads a binary table block by block; see {@linkcode readRowBlock}.
 *
 * @param hdu A binary table.
 * @param requests Columns and their types.
 * @param options Rows and block length.
 * @returns The blocks in order, each with arrays of its own.
 *
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits, rowBlocks } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "EVENTS", columns: [{ name: "TIME", values: new Float64Array(10) }] },
 * ])));
 * const events = asBintable(await file.hdu("EVENTS")), lengths: number[] = [];
 * for await (const block of rowBlocks(events, [{ column: "TIME", as: "float64" }], { blockRows: 4 })) {
 *   lengths.push(block.columns[0].length);
 * }
 * assert.deepEqual(lengths, [4, 4, 2]);
 * ```
 */
export async function* rowBlocks<const R extends readonly ColumnRequest[]>(
  hdu: BintableHdu,
  requests: R,
  options: RowBlocksOptions = {},
): AsyncGenerator<RowBlock<R>> {
  const start = options.rowStart ?? 0, stop = options.rowStop ?? hdu.nRows;
  const step = options.blockRows ?? 65536;
  if (!Number.isSafeInteger(step) || step < 1) {
    throw new RangeError(`found blockRows ${step}, expected a whole number from 1`);
  }
  checkRows(hdu, start, stop);
  for (let row = start; row < stop; row += step) {
    const end = Math.min(row + step, stop);
    yield { rowStart: row, rowStop: end, columns: await readRowBlock(hdu, requests, row, end) };
  }
}

function checkRequest(hdu: BintableHdu, column: BinaryColumn, request: ColumnRequest): void {
  if (hdu.columns[column.index] !== column) {
    throw new TypeError(`column ${column.name} is not of HDU ${hdu.index} of ${hdu.source.name}`);
  }
  if (request.as === "native") {
    if (request.scale === undefined && request.offset === undefined) return;
    throw new TypeError(`column ${column.name}: scale and offset need as: "float64"`);
  }
  if (request.as !== "float64" && (request.scale !== undefined || request.offset !== undefined)) {
    throw new TypeError(`column ${column.name}: scale and offset need as: "float64"`);
  }
  const real = column.type !== "A" && column.type !== "C" && column.type !== "M";
  const bits = column.type !== "X" || (column.repeat > 0 && column.repeat <= 32);
  if (real && bits && column.variable === undefined) return;
  throw new TypeError(
    `column ${column.name} of ${hdu.source.name}, HDU ${hdu.index}: ` +
      `found format ${column.format}, which has no numbers to give as ${request.as}`,
  );
}

/** Values of a row in a request's array. */
function perRow(column: BinaryColumn): number {
  return column.type === "X" ? 1 : column.repeat;
}

const ARRAYS = {
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  bigint64: BigInt64Array,
} as const;

type AsArray = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>;

/** The arrays to fill, undefined for "native"; new ones share one buffer. */
function arraysFor(
  columns: readonly BinaryColumn[],
  requests: readonly ColumnRequest[],
  n: number,
  into: readonly (ColumnArray | undefined)[] | undefined,
): (AsArray | undefined)[] {
  if (into !== undefined && into.length !== requests.length) {
    throw new TypeError(
      `found ${into.length} arrays to decode into for ${requests.length} requests`,
    );
  }
  let total = 0;
  const starts = requests.map((request, i) => {
    if (request.as === "native" || into?.[i] !== undefined) return 0;
    const start = total;
    total += Math.ceil(n * perRow(columns[i]!) * ARRAYS[request.as].BYTES_PER_ELEMENT / 8) * 8;
    return start;
  });
  const shared = new ArrayBuffer(total);
  return requests.map((request, i) => {
    if (request.as === "native") return undefined;
    const array = ARRAYS[request.as], length = n * perRow(columns[i]!), given = into?.[i];
    if (given === undefined) return new array(shared, starts[i]!, length) as AsArray;
    if (given.constructor !== array || given.length < length) {
      throw new TypeError(
        `column ${
          columns[i]!.name
        }: found ${given.constructor.name} of ${given.length} to decode ` +
          `into, expected ${array.name} of ${length} or more`,
      );
    }
    return (given as Float64Array<ArrayBuffer>).subarray(0, length) as AsArray;
  });
}

async function nativeBlock(
  hdu: BintableHdu,
  column: BinaryColumn,
  view: DataView,
  rowStart: number,
  n: number,
  into: ColumnArray | undefined,
): Promise<ColumnArray> {
  if (into !== undefined) {
    throw new TypeError(`column ${column.name}: "native" makes its own array`);
  }
  if (column.variable !== undefined) {
    const descriptors = new Float64Array(2 * n);
    decodeDescriptors(column, view, column.byteOffset, hdu.rowBytes, n, descriptors, 0);
    return (await readHeap(hdu, column, descriptors, rowStart)).values;
  }
  const sink = columnSink(column, n);
  sink.take(view, column.byteOffset, hdu.rowBytes, 0, n);
  return sink.finish().values;
}

function decodeAs(
  hdu: BintableHdu,
  column: BinaryColumn,
  request: ColumnRequest,
  view: DataView,
  rowStart: number,
  n: number,
  out: AsArray,
): void {
  const at = column.byteOffset, stride = hdu.rowBytes, repeat = column.repeat;
  if (out instanceof Float64Array) {
    decodeDoubles(column, view, at, stride, n, out, true);
    const { scale = 1, offset = 0 } = request;
    if (scale !== 1 || offset !== 0) rescale(out, 0, out.length, scale, offset);
    return;
  }
  const stored = storedOf(column), scaled = isScaled(column);
  if (
    !scaled &&
    stored === (out instanceof Int32Array ? "i32" : out instanceof Uint32Array ? "u32" : "i64")
  ) {
    return decodeNative(stored, view, at, stride, n, repeat, out, 0);
  }
  if (column.type === "X" && out instanceof Uint32Array) {
    return fillBits(view, at, stride, n, repeat, out, 0);
  }
  if (stored === "u64" && out instanceof BigInt64Array) {
    decodeNative(
      stored,
      view,
      at,
      stride,
      n,
      repeat,
      new BigUint64Array(out.buffer, out.byteOffset, out.length),
      0,
    );
    const high = out.findIndex((value) => value < 0n);
    if (high < 0) return;
    const found = BigInt.asUintN(64, out[high]!);
    throw wholeError(hdu, column, rowStart, high, found, 0n, 2n ** 63n - 1n);
  }
  const values = new Float64Array(out.length);
  decodeDoubles(column, view, at, stride, n, values, false);
  narrow(hdu, column, values, out, rowStart);
}

function decodeDoubles(
  column: BinaryColumn,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  out: Float64Array,
  nullAsNaN: boolean,
): void {
  const stored = storedOf(column), repeat = column.repeat;
  if (column.type === "X") {
    const bits = new Uint32Array(n);
    fillBits(view, at, stride, n, repeat, bits, 0);
    return out.set(bits);
  }
  if (stored === undefined) { // L
    const values = new Uint8Array(out.length), valid = new Uint8Array(out.length);
    fillLogical(view, at, stride, n, repeat, values, valid, 0);
    for (let i = 0; i < out.length; i++) out[i] = valid[i] === 1 || !nullAsNaN ? values[i]! : NaN;
    return;
  }
  decodeFloat64(stored, view, at, stride, n, repeat * partsOf(column), out, 0);
  if (isScaled(column)) rescale(out, 0, out.length, column.scale, column.zero);
  if (column.nullValue === undefined || !nullAsNaN) return;
  const valid = new Uint8Array(out.length);
  decodeValid(stored, column.nullValue, view, at, stride, n, repeat, valid, 0);
  for (let i = 0; i < out.length; i++) if (valid[i] === 0) out[i] = NaN;
}

/** Whole numbers into a narrower type; one that does not fit is an error that names its row. */
function narrow(
  hdu: BintableHdu,
  column: BinaryColumn,
  values: Float64Array,
  out: Int32Array | Uint32Array | BigInt64Array,
  rowStart: number,
): void {
  const [low, high] = out instanceof Int32Array
    ? [-(2 ** 31), 2 ** 31 - 1]
    : out instanceof Uint32Array
    ? [0, 2 ** 32 - 1]
    : [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isInteger(value) && value >= low && value <= high) {
      if (!(out instanceof BigInt64Array)) out[i] = value;
      continue;
    }
    throw wholeError(hdu, column, rowStart, i, value, low, high);
  }
  if (out instanceof BigInt64Array) putWhole(values, out);
}

function wholeError(
  hdu: BintableHdu,
  column: BinaryColumn,
  rowStart: number,
  i: number,
  value: number | bigint,
  low: number | bigint,
  high: number | bigint,
): Error {
  return columnError(
    hdu.header,
    column,
    `row ${rowStart + Math.floor(i / Math.max(1, column.repeat))}: found ${value}, ` +
      `expected a whole number from ${low} to ${high}`,
  );
}
