import type { BinaryType } from "./columns.ts";
import type { NumberInput } from "./hdu_input.ts";

/** How an array's numbers are stored: its FITS type, bytes, and the zero of its convention. */
export interface NumberLayout {
  readonly type: BinaryType;
  readonly bytes: number;
  readonly zero: number | bigint;
}

export function layoutOf(values: NumberInput): NumberLayout {
  if (values instanceof Uint8Array) return { type: "B", bytes: 1, zero: 0 };
  if (values instanceof Int8Array) return { type: "B", bytes: 1, zero: -128 };
  if (values instanceof Int16Array) return { type: "I", bytes: 2, zero: 0 };
  if (values instanceof Uint16Array) return { type: "I", bytes: 2, zero: 32768 };
  if (values instanceof Int32Array) return { type: "J", bytes: 4, zero: 0 };
  if (values instanceof Uint32Array) return { type: "J", bytes: 4, zero: 2147483648 };
  if (values instanceof BigInt64Array) return { type: "K", bytes: 8, zero: 0 };
  if (values instanceof BigUint64Array) return { type: "K", bytes: 8, zero: 2n ** 63n };
  if (values instanceof Float32Array) return { type: "E", bytes: 4, zero: 0 };
  if (values instanceof Float64Array) return { type: "D", bytes: 8, zero: 0 };
  throw new TypeError(`found ${Object.prototype.toString.call(values)}, expected a typed array`);
}

/**
 * Writes the numbers [from, from + n × repeat), `repeat` of them a row, rows `stride` bytes apart.
 * A Float64Array is rounded to 32 bits where `single`.
 */
export function putNumbers(
  values: NumberInput,
  from: number,
  view: DataView,
  at: number,
  stride: number,
  n: number,
  repeat: number,
  single = false,
): void {
  const { bytes, zero } = layoutOf(values), step = single ? 4 : bytes, offset = Number(zero);
  let i = from;
  for (let r = 0; r < n; r++, at += stride) {
    for (let k = 0, p = at; k < repeat; k++, p += step, i++) {
      if (values instanceof Float64Array && !single) view.setFloat64(p, values[i]!);
      else if (values instanceof Float32Array || values instanceof Float64Array) {
        view.setFloat32(p, values[i]!);
      } else if (values instanceof BigInt64Array) view.setBigInt64(p, values[i]!);
      else if (values instanceof BigUint64Array) view.setBigUint64(p, values[i]! ^ (1n << 63n));
      else if (bytes === 4) view.setInt32(p, values[i]! - offset);
      else if (bytes === 2) view.setInt16(p, values[i]! - offset);
      else view.setUint8(p, values[i]! - offset);
    }
  }
}

/** Overwrites an invalid element by its null: an integer, or NaN. */
export function putNull(
  type: BinaryType,
  nullValue: bigint | undefined,
  view: DataView,
  at: number,
): void {
  if (type === "E") view.setFloat32(at, NaN);
  else if (type === "D") view.setFloat64(at, NaN);
  else if (type === "B") view.setUint8(at, Number(nullValue));
  else if (type === "I") view.setInt16(at, Number(nullValue));
  else if (type === "J") view.setInt32(at, Number(nullValue));
  else view.setBigInt64(at, nullValue!);
}

const RANGE: Readonly<Record<string, [bigint, bigint]>> = Object.freeze({
  B: [0n, 255n],
  I: [-(2n ** 15n), 2n ** 15n - 1n],
  J: [-(2n ** 31n), 2n ** 31n - 1n],
  K: [-(2n ** 63n), 2n ** 63n - 1n],
});

/** The null value as a bigint, once it is known to be a stored integer of its type. */
export function checkedNull(
  what: string,
  type: BinaryType,
  value: number | bigint | undefined,
): bigint | undefined {
  if (value === undefined) return undefined;
  const range = RANGE[type];
  if (range === undefined) {
    throw new TypeError(`${what}: found a null value, expected one only for integers`);
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(`${what}: found null value ${value}, expected a whole number`);
  }
  const whole = BigInt(value);
  if (whole < range[0] || whole > range[1]) {
    throw new RangeError(`${what}: found null value ${value}, expected ${range[0]} to ${range[1]}`);
  }
  return whole;
}

/** Whole number of a shape's elements; throws RangeError for one that is no shape. */
export function sizeOf(what: string, shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`${what}: found shape [${shape}], expected whole numbers from 0`);
    }
    size *= length;
  }
  return size;
}
