import { noiseOf, NULL_VALUE, quantise } from "./_dither.ts";
import { encodeBintable } from "./_encode_bintable.ts";
import { encodeImage } from "./_encode_image.ts";
import { riceEncode } from "./_rice.ts";
import { gzipBytes } from "./_tile_gzip_io.ts";
import { card } from "./card.ts";
import type { ColumnInput, ImageInput, TileCompression } from "./hdu_input.ts";
import type { Card } from "./header.ts";
import type { EncodedHdu } from "./write_fits.ts";

const RICE_BLOCK = 32;
/** Cards of the image that stand in the table as they are. */
const KEPT = /^(BZERO|BSCALE|BLANK)$/;

/** An image in compressed tiles, as a binary table. */
export function encodeTiles(input: ImageInput, compress: TileCompression): EncodedHdu {
  const plain = encodeImage(input, 1, false), what = `image ${input.name ?? ""}`.trim();
  const bitpix = plain.cards.find((one) => one.keyword === "BITPIX")!.value as number;
  const shape = input.shape ?? [input.data?.length ?? 0], width = Math.abs(bitpix) / 8;
  if (shape.length === 0 || shape.includes(0)) {
    throw new TypeError(`${what}: an image without pixels cannot be compressed`);
  }
  if (compress.type === "RICE_1" && bitpix === 64) {
    throw new TypeError(`${what}: RICE_1 does not know 64-bit integers: take GZIP_2`);
  }
  const tile = tileOf(shape, compress.tile, what), bytes = joined(plain, shape, width);
  const isFloat = bitpix < 0, lossy = isFloat && (compress.type === "RICE_1" || compress.quantise);
  const how = compress.quantise ?? {}, dither = how.dither ?? 1, seed = how.seed ?? 1;
  if (lossy && !(Number.isInteger(seed) && seed >= 1 && seed <= 10_000)) {
    throw new RangeError(`${what}: found dither seed ${seed}, expected 1 to 10000`);
  }
  const compressed: Uint8Array[] = [], zipped: Uint8Array[] = [];
  const scales: number[] = [], zeros: number[] = [];
  eachTile(shape, tile, (start, size, number) => {
    const raw = tileBytes(bytes, shape, { start, size, width });
    const empty = new Uint8Array(0);
    let pixels: Int32Array | undefined;
    if (!isFloat && bitpix !== 64) pixels = integersOf(raw, width);
    if (lossy) {
      const values = floatsOf(raw, width), step = how.step ?? noiseOf(values) / (how.level ?? 4);
      const zero = leastOf(values);
      if (fits(values, step, zero)) {
        pixels = quantise(values, { scale: step, zero, dither, seed: number + seed - 1 });
        scales.push(step);
        zeros.push(zero);
      } else {
        // A tile without noise, or of too wide a range, is kept as it is.
        compressed.push(empty);
        zipped.push(gzipBytes(raw));
        scales.push(0);
        zeros.push(0);
        return;
      }
    }
    zipped.push(empty);
    if (compress.type === "RICE_1") {
      const bytePix = isFloat ? 4 : width;
      compressed.push(riceEncode(pixels!, { bytePix, blockSize: RICE_BLOCK }));
    } else {
      const from = lossy ? bytesOf(pixels!) : raw;
      compressed.push(gzipBytes(shuffled(from, lossy ? 4 : width)));
    }
  });
  const columns: ColumnInput[] = [{ name: "COMPRESSED_DATA", values: compressed, variable: true }];
  if (lossy) {
    columns.push(
      { name: "GZIP_COMPRESSED_DATA", values: zipped, variable: true },
      { name: "ZSCALE", values: Float64Array.from(scales) },
      { name: "ZZERO", values: Float64Array.from(zeros) },
    );
  }
  const table = encodeBintable({ kind: "bintable", columns });
  const cards: Card[] = [
    ...table.cards,
    card("ZIMAGE", true, "an image in compressed tiles"),
    card("ZCMPTYPE", compress.type),
    card("ZBITPIX", bitpix),
    card("ZNAXIS", shape.length),
    ...shape.map((_, i) => card(`ZNAXIS${i + 1}`, shape[shape.length - 1 - i]!)),
    ...tile.map((_, i) => card(`ZTILE${i + 1}`, tile[tile.length - 1 - i]!)),
    ...(compress.type === "RICE_1"
      ? [
        card("ZNAME1", "BLOCKSIZE"),
        card("ZVAL1", RICE_BLOCK),
        card("ZNAME2", "BYTEPIX"),
        card("ZVAL2", isFloat ? 4 : width),
      ]
      : []),
    ...(lossy
      ? [
        card("ZQUANTIZ", dither === 0 ? "NO_DITHER" : `SUBTRACTIVE_DITHER_${dither}`),
        ...(dither === 0 ? [] : [card("ZDITHER0", seed)]),
        card("ZBLANK", NULL_VALUE),
      ]
      : isFloat
      ? [card("ZQUANTIZ", "NONE")]
      : []),
    ...plain.cards.filter((one) => KEPT.test(one.keyword)),
  ];
  return { ...table, cards };
}

function tileOf(
  shape: readonly number[],
  given: readonly number[] | undefined,
  what: string,
): readonly number[] {
  if (given === undefined) return shape.map((n, d) => d === shape.length - 1 ? n : 1);
  const isRight = given.length === shape.length && given.every((n) => Number.isInteger(n) && n > 0);
  if (isRight) return given.map((n, d) => Math.min(n, shape[d]!));
  throw new TypeError(`${what}: found tiles of [${given}] for the shape [${shape}]`);
}

function joined(plain: EncodedHdu, shape: readonly number[], width: number): Uint8Array {
  const out = new Uint8Array(shape.reduce((a, b) => a * b, width));
  let at = 0;
  for (const chunk of plain.chunks()) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function eachTile(
  shape: readonly number[],
  tile: readonly number[],
  take: (start: readonly number[], size: readonly number[], number: number) => void,
): void {
  const counts = shape.map((n, d) => Math.ceil(n / tile[d]!)), index = shape.map(() => 0);
  const total = counts.reduce((a, b) => a * b, 1);
  for (let number = 0; number < total; number++) {
    const start = index.map((k, d) => k * tile[d]!);
    take(start, start.map((s, d) => Math.min(tile[d]!, shape[d]! - s)), number);
    for (let d = index.length - 1; d >= 0 && ++index[d]! === counts[d]; d--) index[d] = 0;
  }
}

function tileBytes(
  bytes: Uint8Array,
  shape: readonly number[],
  { start, size, width }: {
    readonly start: readonly number[];
    readonly size: readonly number[];
    readonly width: number;
  },
): Uint8Array {
  const n = shape.length, run = size[n - 1]! * width, index = new Int32Array(n - 1);
  const out = new Uint8Array(size.reduce((a, b) => a * b, width));
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, width));
  for (let at = 0; at < out.length; at += run) {
    let from = start[n - 1]! * width;
    for (let d = 0; d < n - 1; d++) from += (start[d]! + index[d]!) * strides[d]!;
    out.set(bytes.subarray(from, from + run), at);
    for (let d = n - 2; d >= 0 && ++index[d]! === size[d]; d--) index[d] = 0;
  }
  return out;
}

function integersOf(raw: Uint8Array, width: number): Int32Array {
  const view = new DataView(raw.buffer), out = new Int32Array(raw.length / width);
  for (let i = 0; i < out.length; i++) {
    out[i] = width === 1 ? raw[i]! : width === 2 ? view.getInt16(2 * i) : view.getInt32(4 * i);
  }
  return out;
}

function floatsOf(raw: Uint8Array, width: number): Float64Array {
  const view = new DataView(raw.buffer), out = new Float64Array(raw.length / width);
  for (let i = 0; i < out.length; i++) {
    out[i] = width === 4 ? view.getFloat32(4 * i) : view.getFloat64(8 * i);
  }
  return out;
}

function bytesOf(pixels: Int32Array): Uint8Array {
  const out = new Uint8Array(4 * pixels.length), view = new DataView(out.buffer);
  for (let i = 0; i < pixels.length; i++) view.setInt32(4 * i, pixels[i]!);
  return out;
}

/** All first bytes, then all second ones, and so on. */
function shuffled(bytes: Uint8Array, width: number): Uint8Array {
  const n = bytes.length / width, out = new Uint8Array(bytes.length);
  for (let b = 0; b < width; b++) {
    for (let i = 0, from = b; i < n; i++, from += width) out[b * n + i] = bytes[from]!;
  }
  return out;
}

function leastOf(values: Float64Array): number {
  let least = Infinity;
  for (const value of values) if (value < least) least = value;
  return Number.isFinite(least) ? least : 0;
}

/** Whether all values are within the integers that a step gives. */
function fits(values: Float64Array, step: number, zero: number): boolean {
  if (!(step > 0)) return false;
  return values.every((value) => Number.isNaN(value) || (value - zero) / step < 2 ** 31 - 16);
}
