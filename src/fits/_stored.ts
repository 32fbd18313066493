import type { BinaryColumn } from "./columns.ts";

/** Any typed array that FITS numbers are given in. */
export type NumberArray =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** How numbers are stored: big-endian; the unsigned and i8 ones by the offset conventions. */
export type Stored = "u8" | "i8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "f32" | "f64";

/**
 * Decodes `repeat` numbers from each of `n` rows, `stride` bytes apart, the first at `at`, into
 * `out` from index `o`.
 */
type Decoder<Out> = (
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  out: Out,
  o: number,
) => void;

export const STORED_BYTES: Readonly<Record<Stored, number>> = Object.freeze({
  u8: 1,
  i8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
});

/** How a column's numbers are stored; undefined for A, L and X. */
export function storedOf(column: BinaryColumn): Stored | undefined {
  const offset = column.offsetInteger;
  switch (column.type) {
    case "B":
      return offset ? "i8" : "u8";
    case "I":
      return offset ? "u16" : "i16";
    case "J":
      return offset ? "u32" : "i32";
    case "K":
      return offset ? "u64" : "i64";
    case "E":
    case "C":
      return "f32";
    case "D":
    case "M":
      return "f64";
    default:
      return undefined;
  }
}

/** A new array of a stored type's own JavaScript type. */
export function nativeArray(stored: Stored, length: number): NumberArray {
  switch (stored) {
    case "u8":
      return new Uint8Array(length);
    case "i8":
      return new Int8Array(length);
    case "i16":
      return new Int16Array(length);
    case "u16":
      return new Uint16Array(length);
    case "i32":
      return new Int32Array(length);
    case "u32":
      return new Uint32Array(length);
    case "i64":
      return new BigInt64Array(length);
    case "u64":
      return new BigUint64Array(length);
    case "f32":
      return new Float32Array(length);
    case "f64":
      return new Float64Array(length);
  }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const LOW = LITTLE_ENDIAN ? 0 : 1, HIGH = 1 - LOW;

// One plain loop for each pair of types: the engine compiles each for one kind of array. A row
// pointer and an inner loop serve scalars and vectors alike; the commonest scalars have a loop of
// their own.

const u8: Decoder<Uint8Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0; k < repeat; k++) out[o++] = view.getUint8(at + k);
  }
};
const i8: Decoder<Int8Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0; k < repeat; k++) out[o++] = view.getUint8(at + k) - 128;
  }
};
const i16: Decoder<Int16Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 2) out[o++] = view.getInt16(p);
  }
};
const u16: Decoder<Uint16Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 2) out[o++] = view.getInt16(p) + 32768;
  }
};
const i32: Decoder<Int32Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (const end = o + n; o < end; o++, at += stride) out[o] = view.getInt32(at);
    return;
  }
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 4) out[o++] = view.getInt32(p);
  }
};
const u32: Decoder<Uint32Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 4) out[o++] = view.getInt32(p) + 2147483648;
  }
};
/** Two words an element, so that no BigInt is made. `out` is the array's own memory. */
const words: Decoder<Int32Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (let w = 2 * o, end = w + 2 * n; w < end; w += 2, at += stride) {
      out[w + HIGH] = view.getInt32(at);
      out[w + LOW] = view.getInt32(at + 4);
    }
    return;
  }
  let w = 2 * o;
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 8, w += 2) {
      out[w + HIGH] = view.getInt32(p);
      out[w + LOW] = view.getInt32(p + 4);
    }
  }
};
const offsetWords: Decoder<Int32Array> = (view, at, stride, n, repeat, out, o) => {
  let w = 2 * o;
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 8, w += 2) {
      out[w + HIGH] = view.getInt32(p) ^ 0x80000000;
      out[w + LOW] = view.getInt32(p + 4);
    }
  }
};
const f32: Decoder<Float32Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (const end = o + n; o < end; o++, at += stride) out[o] = view.getFloat32(at);
    return;
  }
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 4) out[o++] = view.getFloat32(p);
  }
};
const f64: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (const end = o + n; o < end; o++, at += stride) out[o] = view.getFloat64(at);
    return;
  }
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 8) out[o++] = view.getFloat64(p);
  }
};

const f64FromU8: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0; k < repeat; k++) out[o++] = view.getUint8(at + k);
  }
};
const f64FromI8: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0; k < repeat; k++) out[o++] = view.getUint8(at + k) - 128;
  }
};
const f64FromI16: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (const end = o + n; o < end; o++, at += stride) out[o] = view.getInt16(at);
    return;
  }
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 2) out[o++] = view.getInt16(p);
  }
};
const f64FromU16: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 2) out[o++] = view.getInt16(p) + 32768;
  }
};
const f64FromI32: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (const end = o + n; o < end; o++, at += stride) out[o] = view.getInt32(at);
    return;
  }
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 4) out[o++] = view.getInt32(p);
  }
};
const f64FromU32: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 4) out[o++] = view.getInt32(p) + 2147483648;
  }
};
/** The nearest double: hi × 2^32 is exact, so the sum is rounded once. */
const f64FromI64: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 8) {
      out[o++] = view.getInt32(p) * 4294967296 + view.getUint32(p + 4);
    }
  }
};
const f64FromU64: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 8) {
      out[o++] = (view.getInt32(p) + 2147483648) * 4294967296 + view.getUint32(p + 4);
    }
  }
};
const f64FromF32: Decoder<Float64Array> = (view, at, stride, n, repeat, out, o) => {
  if (repeat === 1) {
    for (const end = o + n; o < end; o++, at += stride) out[o] = view.getFloat32(at);
    return;
  }
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += 4) out[o++] = view.getFloat32(p);
  }
};

function wordsOf(out: BigInt64Array | BigUint64Array): Int32Array {
  return new Int32Array(out.buffer, out.byteOffset, 2 * out.length);
}

/** Whole numbers below 2^53 as 64-bit integers, without making a BigInt. */
export function putWhole(values: Float64Array, out: BigInt64Array): void {
  const target = wordsOf(out);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!, high = Math.floor(value / 4294967296);
    target[2 * i + HIGH] = high;
    target[2 * i + LOW] = value - high * 4294967296;
  }
}

/** Decodes into the stored type's own array, as `nativeArray` makes it. */
export function decodeNative(
  stored: Stored,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  out: NumberArray,
  o: number,
): void {
  switch (stored) {
    case "u8":
      return u8(view, at, stride, n, repeat, out as Uint8Array, o);
    case "i8":
      return i8(view, at, stride, n, repeat, out as Int8Array, o);
    case "i16":
      return i16(view, at, stride, n, repeat, out as Int16Array, o);
    case "u16":
      return u16(view, at, stride, n, repeat, out as Uint16Array, o);
    case "i32":
      return i32(view, at, stride, n, repeat, out as Int32Array, o);
    case "u32":
      return u32(view, at, stride, n, repeat, out as Uint32Array, o);
    case "i64":
      return words(view, at, stride, n, repeat, wordsOf(out as BigInt64Array), o);
    case "u64":
      return offsetWords(view, at, stride, n, repeat, wordsOf(out as BigUint64Array), o);
    case "f32":
      return f32(view, at, stride, n, repeat, out as Float32Array, o);
    case "f64":
      return f64(view, at, stride, n, repeat, out as Float64Array, o);
  }
}

const FLOAT64: Readonly<Record<Stored, Decoder<Float64Array>>> = Object.freeze({
  u8: f64FromU8,
  i8: f64FromI8,
  i16: f64FromI16,
  u16: f64FromU16,
  i32: f64FromI32,
  u32: f64FromU32,
  i64: f64FromI64,
  u64: f64FromU64,
  f32: f64FromF32,
  f64: f64,
});

/** Decodes any numbers into doubles. */
export function decodeFloat64(
  stored: Stored,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  out: Float64Array,
  o: number,
): void {
  FLOAT64[stored](view, at, stride, n, repeat, out, o);
}

/** out = zero + scale × out over [from, to). */
export function rescale(
  out: Float64Array,
  from: number,
  to: number,
  scale: number,
  zero: number,
): void {
  if (zero === 0) { for (let i = from; i < to; i++) out[i]! *= scale; }
  else if (scale === 1) { for (let i = from; i < to; i++) out[i]! += zero; }
  else for (let i = from; i < to; i++) out[i] = zero + scale * out[i]!;
}

/** valid = 0 where the stored integer is `nullValue`, else 1; stored integers of 1, 2, 4 or 8 bytes. */
export function decodeValid(
  stored: Stored,
  nullValue: bigint,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  valid: Uint8Array,
  o: number,
): void {
  const size = STORED_BYTES[stored];
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, nullValue);
  const fits = size === 1
    ? nullValue >= 0n && nullValue < 256n
    : BigInt.asIntN(8 * size, nullValue) === nullValue;
  const high = bytes.getInt32(0), low = bytes.getInt32(4);
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += size) {
      let isNull = false;
      if (size === 8) isNull = view.getInt32(p + 4) === low && view.getInt32(p) === high;
      else if (size === 4) isNull = view.getInt32(p) === low;
      else if (size === 2) isNull = view.getInt16(p) === low;
      else isNull = view.getUint8(p) === low;
      valid[o++] = isNull && fits ? 0 : 1;
    }
  }
}
