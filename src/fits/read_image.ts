// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import {
  decodeFloat64,
  decodeNative,
  decodeValid,
  nativeArray,
  type NumberArray,
  rescale,
  type Stored,
  STORED_BYTES,
} from "./_stored.ts";
import { FitsFormatError } from "./fits_format_error.ts";
import type { Bitpix, ImageHdu } from "./hdu.ts";
import { headerError } from "./header.ts";
import {
  optionalHeaderBigInt,
  optionalHeaderNumber,
  optionalHeaderString,
} from "./header_values.ts";

/** A decoded image. */
export interface ImageData<A extends NumberArray = NumberArray> {
  /** Lengths of the axes in C order: NAXISn first, NAXIS1 last, which varies fastest. */
  readonly shape: readonly number[];
  /** Pixels in C order: value = BZERO + BSCALE × stored. */
  readonly data: A;
  /** The same memory as an n-dimensional array: `array.get(iy, ix)`. */
  readonly array: NdArray<A>;
  /** 1 where there is a value, 0 where it is BLANK; undefined where null is NaN or cannot be. */
  readonly valid: Uint8Array<ArrayBuffer> | undefined;
  /** BUNIT as it stands. */
  readonly unit: string | undefined;
}

/** Which part of an image to read: planes of its first axis in C order. */
export interface PlaneRange {
  /** First plane, 0 if absent. */
  readonly start?: number;
  /** Plane after the last, the axis' end if absent. */
  readonly stop?: number;
}

const STORED: Readonly<Record<Bitpix, Stored>> = Object.freeze({
  8: "u8",
  16: "i16",
  32: "i32",
  64: "i64",
  [-32]: "f32",
  [-64]: "f64",
});
/** BZERO of the integer conventions (FITS 4.0 Table 11). */
const OFFSET: Readonly<Record<string, [number, Stored]>> = Object.freeze({
  8: [-128, "i8"],
  16: [2 ** 15, "u16"],
  32: [2 ** 31, "u32"],
  64: [2 ** 63, "u64"],
});
const BLOCK_BYTES = 1 << 22;

/**
 * Reads an image, or some of its planes, in its own type: BITPIX 8, 16, 32, 64, -32, -64 as
 * Uint8Array, Int16Array, Int32Array, BigInt64Array, Float32Array, Float64Array; unsigned and
 * signed-byte arrays where BZERO says so (FITS 4.0 §5.2.5); Float64Array with NaN at BLANK where
 * it is scaled otherwise.
 *
 * @param hdu A primary HDU or an IMAGE extension.
 * @param planes Range of the first axis in C order; all if absent.
 * @returns The image; the caller's. An HDU without data gives shape [] and no pixel.
 * @throws FitsFormatError for a cut file; RangeError for planes outside the image.
 *
 * @example
 * ```ts
 * import { asImage, encodeFits, memorySource, openFits, readImage } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const data = new Int16Array([1, 2, 3, 4, 5, 6]);
 * using file = await openFits(memorySource(encodeFits([{ kind: "image", data, shape: [2, 3] }])));
 * const image = await readImage(asImage(file.primary));
 * assert.deepEqual(image.data, data);
 * assert.equal(image.array.get(1, 0), 4);
 * ```
 */
export async function readImage(hdu: ImageHdu, planes: PlaneRange = {}): Promise<ImageData> {
  const scale = optionalHeaderNumber(hdu.header, "BSCALE") ?? 1;
  const zero = optionalHeaderNumber(hdu.header, "BZERO") ?? 0;
  const offset = OFFSET[hdu.bitpix];
  if (scale === 1 && offset !== undefined && zero === offset[0]) {
    return await read(hdu, planes, offset[1], 1, 0, (n) => nativeArray(offset[1], n), false);
  }
  const stored = STORED[hdu.bitpix], scaled = scale !== 1 || zero !== 0;
  const make = (n: number) => scaled ? new Float64Array(n) : nativeArray(stored, n);
  return await read(hdu, planes, stored, scale, zero, make, scaled);
}

/**
 * Reads an image, or some of its planes, as doubles; NaN at BLANK.
 *
 * @param hdu A primary HDU or an IMAGE extension.
 * @param planes Range of the first axis in C order; all if absent.
 * @returns The image; the caller's. 64-bit integers give the nearest double.
 * @throws As `readImage`.
 *
 * @example
 * ```ts
 * import { asImage, encodeFits, memorySource, openFits, readImageNumbers } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const data = new Int16Array([1, 2, 3, 4, 5, 6]);
 * using file = await openFits(memorySource(encodeFits([{ kind: "image", data, shape: [2, 3] }])));
 * const image = await readImageNumbers(asImage(file.primary), { start: 1 });
 * assert.deepEqual(image.data, new Float64Array([4, 5, 6]));
 * assert.deepEqual(image.shape, [1, 3]);
 * ```
 */
export async function readImageNumbers(
  hdu: ImageHdu,
  planes: PlaneRange = {},
): Promise<ImageData<Float64Array<ArrayBuffer>>> {
  const scale = optionalHeaderNumber(hdu.header, "BSCALE") ?? 1;
  const zero = optionalHeaderNumber(hdu.header, "BZERO") ?? 0;
  const offset = OFFSET[hdu.bitpix], exact = scale === 1 && offset?.[0] === zero;
  const stored = exact ? offset![1] : STORED[hdu.bitpix];
  const make = (n: number) => new Float64Array(n);
  return await read(hdu, planes, stored, exact ? 1 : scale, exact ? 0 : zero, make, true);
}

async function read<A extends NumberArray>(
  hdu: ImageHdu,
  planes: PlaneRange,
  stored: Stored,
  scale: number,
  zero: number,
  make: (length: number) => A,
  doubles: boolean,
): Promise<ImageData<A>> {
  const size = STORED_BYTES[stored], axis = hdu.shape[0] ?? 0;
  const start = planes.start ?? 0, stop = planes.stop ?? axis;
  if (
    !Number.isSafeInteger(start) || !Number.isSafeInteger(stop) || start < 0 || start > stop ||
    stop > axis
  ) {
    throw new RangeError(
      `${hdu.source.name}, HDU ${hdu.index}: found planes ${start} to ${stop}, expected a range within 0 to ${axis}`,
    );
  }
  const perPlane = axis === 0 ? 0 : hdu.dataBytes / size / axis, n = (stop - start) * perPlane;
  const from = hdu.dataOffset + start * perPlane * size;
  await ensureBytes(hdu, from, n * size);
  const nullValue = hdu.bitpix > 0 ? optionalHeaderBigInt(hdu.header, "BLANK") : undefined;
  if (n > 2 ** 32) throw headerError(hdu.header, "NAXIS", `found ${n} pixels; read fewer planes`);
  const data = make(n), valid = nullValue === undefined ? undefined : new Uint8Array(n);
  for (let at = 0; at < n; at += BLOCK_BYTES / size) {
    const count = Math.min(BLOCK_BYTES / size, n - at);
    const bytes = await hdu.source.read(from + at * size, count * size);
    if (bytes.length < count * size) throw truncated(hdu, from + at * size + bytes.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (valid !== undefined) decodeValid(stored, nullValue!, view, 0, 0, 1, count, valid, at);
    if (!doubles) {
      decodeNative(stored, view, 0, 0, 1, count, data, at);
      continue;
    }
    const out = data as Float64Array;
    decodeFloat64(stored, view, 0, 0, 1, count, out, at);
    if (scale !== 1 || zero !== 0) rescale(out, at, at + count, scale, zero);
    if (valid === undefined) continue;
    for (let i = at; i < at + count; i++) if (valid[i] === 0) out[i] = NaN;
  }
  const shape = hdu.shape.length === 0 ? [] : [stop - start, ...hdu.shape.slice(1)];
  return Object.freeze({
    shape: Object.freeze(shape),
    data,
    array: ndarray(data, shape.length === 0 ? [0] : [...shape]),
    valid: doubles ? undefined : valid,
    unit: optionalHeaderString(hdu.header, "BUNIT"),
  });
}

/** Throws unless the bytes are there, before anything is allocated for them. */
async function ensureBytes(hdu: ImageHdu, from: number, length: number): Promise<void> {
  if (length === 0) return;
  const size = await hdu.source.size();
  if (size === undefined) {
    if (length <= BLOCK_BYTES) return;
    if ((await hdu.source.read(from + length - 1, 1)).length === 1) return;
    throw truncated(hdu, await hdu.source.size() ?? from);
  }
  if (size < from + length) throw truncated(hdu, size);
}

function truncated(hdu: ImageHdu, end: number): FitsFormatError {
  const there = Math.max(0, Math.min(hdu.dataBytes, end - hdu.dataOffset));
  return new FitsFormatError(
    `the file ends within the image: found ${there} bytes of ${hdu.dataBytes}`,
    { file: hdu.source.name, hdu: hdu.index, byteOffset: end },
  );
}
