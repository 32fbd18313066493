import { NULL_VALUE, unquantise } from "./_dither.ts";
import { TILE_CODECS, type TileCodec, type TilePixels } from "./_tile_codecs_io.ts";
import { gunzipBytes } from "./_tile_gzip_io.ts";
import { type ByteSource, checkByteRange } from "./byte_source.ts";
import { card } from "./card.ts";
import type { VariableColumnData } from "./column_data.ts";
import { FitsFormatError } from "./fits_format_error.ts";
import { type BintableHdu, type Bitpix, type ImageHdu, optionalColumn } from "./hdu.ts";
import { type Card, type Header, headerError, headerFromCards } from "./header.ts";
import {
  headerInteger,
  headerString,
  optionalHeaderInteger,
  optionalHeaderNumber,
  optionalHeaderString,
} from "./header_values.ts";
import { readColumn, readNumbers } from "./read_column.ts";

/** What is read of a compressed image: the tiles, and what they mean. */
interface TiledImage {
  readonly hdu: BintableHdu;
  readonly codec: TileCodec;
  readonly bitpix: Bitpix;
  /** Lengths of image and tiles in C order. */
  readonly shape: readonly number[];
  readonly tile: readonly number[];
  readonly parameters: ReadonlyMap<string, number>;
  readonly dither: 0 | 1 | 2;
  readonly ditherSeed: number;
  readonly blank: number | undefined;
}

/**
 * The image of a binary table that holds one in compressed tiles. Tiles are decompressed as the image is
 * read, some rows of tiles at a time.
 *
 * @param hdu A binary table with ZIMAGE = T.
 * @returns An image HDU; its source gives the bytes that the image would have, its header the cards.
 * @throws FitsFormatError for a compression that is not known, or keywords that do not agree.
 *
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits, readImage, tiledImage } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const data = new Int16Array([1, 2, 3, 4, 5, 6]);
 * const image = { kind: "image", data, shape: [2, 3], compress: { type: "RICE_1" } } as const;
 * using file = await openFits(memorySource(encodeFits([{ kind: "image" }, image])));
 * const read = await readImage(tiledImage(asBintable(await file.hdu(1))));
 * assert.deepEqual(read.data, data);
 * ```
 *
 * @see FITS 4.0, section 10.1
 */
export function tiledImage(hdu: BintableHdu): ImageHdu {
  const known = opened.get(hdu);
  if (known !== undefined) return known;
  const tiled = planOf(hdu), header = imageHeader(hdu, tiled);
  const bytes = Math.abs(tiled.bitpix) / 8 * tiled.shape.reduce((a, b) => a * b, 1);
  const { index, name, version } = hdu;
  const image: ImageHdu = Object.freeze({
    kind: "image",
    index,
    name,
    version,
    header,
    headerOffset: 0,
    dataOffset: 0,
    dataBytes: bytes,
    source: tileSource(tiled, bytes),
    bitpix: tiled.bitpix,
    shape: Object.freeze([...tiled.shape]),
  });
  opened.set(hdu, image);
  return image;
}

const opened = new WeakMap<BintableHdu, ImageHdu>();

function planOf(hdu: BintableHdu): TiledImage {
  const { header } = hdu, type = headerString(header, "ZCMPTYPE").trim(), codec = TILE_CODECS[type];
  if (codec === undefined) {
    throw headerError(
      header,
      "ZCMPTYPE",
      `found "${type}", expected one of ${Object.keys(TILE_CODECS).join(", ")}`,
    );
  }
  const bitpix = headerInteger(header, "ZBITPIX");
  if (![8, 16, 32, 64, -32, -64].includes(bitpix)) {
    throw headerError(header, "ZBITPIX", `found ${bitpix}, expected 8, 16, 32, 64, -32 or -64`);
  }
  const n = headerInteger(header, "ZNAXIS");
  if (n < 1 || n > 9) throw headerError(header, "ZNAXIS", `found ${n}, expected 1 to 9`);
  const positive = (keyword: string, absent?: number) => {
    const length = absent === undefined
      ? headerInteger(header, keyword)
      : optionalHeaderInteger(header, keyword) ?? absent;
    if (length < 1) throw headerError(header, keyword, `found ${length}, expected 1 or more`);
    return length;
  };
  const shape = Array.from({ length: n }, (_, i) => positive(`ZNAXIS${n - i}`));
  const tile = shape.map((length, d) =>
    Math.min(length, positive(`ZTILE${n - d}`, d === n - 1 ? length : 1))
  );
  const nTiles = shape.reduce((k, length, d) => k * Math.ceil(length / tile[d]!), 1);
  if (nTiles !== hdu.nRows) {
    throw headerError(header, "ZTILE1", `found ${hdu.nRows} rows, expected ${nTiles} tiles`);
  }
  if (!Number.isSafeInteger(8 * shape.reduce((a, b) => a * b, 1))) {
    throw headerError(header, "ZNAXIS", "the axes ask for more than 2^53 bytes");
  }
  return {
    hdu,
    codec,
    bitpix: bitpix as Bitpix,
    shape,
    tile,
    parameters: parametersOf(header),
    dither: ditherOf(header),
    ditherSeed: optionalHeaderInteger(header, "ZDITHER0") ?? 1,
    blank: optionalHeaderInteger(header, "ZBLANK"),
  };
}

function parametersOf(header: Header): ReadonlyMap<string, number> {
  const parameters = new Map<string, number>();
  for (let i = 1;; i++) {
    const name = optionalHeaderString(header, `ZNAME${i}`);
    if (name === undefined) return parameters;
    parameters.set(name.trim(), optionalHeaderNumber(header, `ZVAL${i}`) ?? 0);
  }
}

function ditherOf(header: Header): 0 | 1 | 2 {
  const name = optionalHeaderString(header, "ZQUANTIZ")?.trim() ?? "NO_DITHER";
  if (name === "SUBTRACTIVE_DITHER_1") return 1;
  if (name === "SUBTRACTIVE_DITHER_2") return 2;
  if (name === "NO_DITHER" || name === "NONE") return 0;
  throw headerError(
    header,
    "ZQUANTIZ",
    `found "${name}", expected NO_DITHER, SUBTRACTIVE_DITHER_1 or SUBTRACTIVE_DITHER_2`,
  );
}

/** Cards that tell of the table, or of the compression. */
const OF_TABLE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|CHECKSUM|DATASUM|Z(IMAGE|SIMPLE|TENSION|EXTEND|BLOCKED|CMPTYPE|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TILE\d+|NAME\d+|VAL\d+|QUANTIZ|DITHER0|BLANK|SCALE|ZERO|HECKSUM|DATASUM|MASKCMP)|T(TYPE|FORM|UNIT|DIM|NULL|SCAL|ZERO|DISP)\d+)$/;

function imageHeader(hdu: BintableHdu, { bitpix, shape, blank }: TiledImage): Header {
  const kept = hdu.header.cards.filter((one) => !OF_TABLE.test(one.keyword));
  const cards: Card[] = [
    card("XTENSION", "IMAGE"),
    card("BITPIX", bitpix),
    card("NAXIS", shape.length),
    ...shape.map((_, i) => card(`NAXIS${i + 1}`, shape[shape.length - 1 - i]!)),
    card("PCOUNT", 0),
    card("GCOUNT", 1),
  ];
  const hasBlank = kept.some((one) => one.keyword === "BLANK");
  if (bitpix > 0 && blank !== undefined && !hasBlank) cards.push(card("BLANK", blank));
  const { file, hdu: index, byteOffset } = hdu.header;
  return headerFromCards([...cards, ...kept], { file, hdu: index, byteOffset });
}

/** The bytes of the image: those of the rows of tiles that were asked for last are kept. */
function tileSource(tiled: TiledImage, bytes: number): ByteSource {
  const { hdu, shape, tile } = tiled, bandBytes = tile[0]! * (bytes / shape[0]!);
  let band = -1, kept: Promise<Uint8Array> = Promise.resolve(new Uint8Array(0));
  const bandAt = (wanted: number): Promise<Uint8Array> => {
    if (wanted !== band) {
      band = wanted;
      kept = readBand(tiled, wanted);
    }
    return kept;
  };
  const close = () => {};
  return Object.freeze({
    name: hdu.source.name,
    size: () => Promise.resolve(bytes),
    read: async (offset: number, length: number) => {
      checkByteRange(hdu.source.name, offset, length);
      const end = Math.min(bytes, offset + length), out = new Uint8Array(Math.max(0, end - offset));
      for (let at = Math.min(offset, bytes); at < end;) {
        const wanted = Math.floor(at / bandBytes), whole = await bandAt(wanted);
        const from = at - wanted * bandBytes, n = Math.min(end - at, whole.length - from);
        out.set(whole.subarray(from, from + n), at - offset);
        at += n;
      }
      return out;
    },
    close,
    [Symbol.dispose]: close,
  });
}

/** All columns of some tiles. */
interface TileColumns {
  readonly compressed: VariableColumnData["values"] | undefined;
  readonly zipped: VariableColumnData["values"] | undefined;
  readonly plain: VariableColumnData["values"] | undefined;
  readonly scale: ArrayLike<number> | undefined;
  readonly zero: ArrayLike<number> | undefined;
  readonly blank: ArrayLike<number> | undefined;
}

/** The bytes of the tiles that share the place along the slowest axis. */
async function readBand(tiled: TiledImage, band: number): Promise<Uint8Array> {
  const { hdu, shape, tile, bitpix } = tiled, width = Math.abs(bitpix) / 8;
  const across = shape.slice(1).map((length, d) => Math.ceil(length / tile[d + 1]!));
  const perBand = across.reduce((a, b) => a * b, 1), rowStart = band * perBand;
  const rows = Math.min(tile[0]!, shape[0]! - band * tile[0]!);
  const bandShape = [rows, ...shape.slice(1)], size = bandShape.reduce((a, b) => a * b, 1);
  const columns = await readColumnsOf(hdu, rowStart, rowStart + perBand);
  const out = new Uint8Array(size * width), place = new Int32Array(across.length);
  for (let k = 0; k < perBand; k++) {
    const start = [0, ...Array.from(place, (p, d) => p * tile[d + 1]!)];
    const tileShape = bandShape.map((length, d) => Math.min(tile[d]!, length - start[d]!));
    try {
      const bytes = tileBytes(tiled, columns, { k, tile: rowStart + k, shape: tileShape });
      putTile(out, bandShape, { bytes, start, shape: tileShape, width });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new FitsFormatError(`tile ${rowStart + k + 1}: ${error.message}`, {
        file: hdu.source.name,
        hdu: hdu.index,
        keyword: "COMPRESSED_DATA",
      });
    }
    for (let d = place.length - 1; d >= 0 && ++place[d]! === across[d]; d--) place[d] = 0;
  }
  return out;
}

async function readColumnsOf(
  hdu: BintableHdu,
  rowStart: number,
  rowStop: number,
): Promise<TileColumns> {
  const range = { rowStart, rowStop };
  const arrays = async (name: string) => {
    if (optionalColumn(hdu, name) === undefined) return undefined;
    const data = await readColumn(hdu, name, range);
    return data.kind === "variable" ? data.values : undefined;
  };
  const numbers = async (name: string) =>
    optionalColumn(hdu, name) === undefined ? undefined : await readNumbers(hdu, name, range);
  return {
    compressed: await arrays("COMPRESSED_DATA"),
    zipped: await arrays("GZIP_COMPRESSED_DATA"),
    plain: await arrays("UNCOMPRESSED_DATA"),
    scale: await numbers("ZSCALE"),
    zero: await numbers("ZZERO"),
    blank: await numbers("ZBLANK"),
  };
}

/** The bytes of a tile as they would stand in an image. */
function tileBytes(
  tiled: TiledImage,
  columns: TileColumns,
  { k, tile, shape }: {
    readonly k: number;
    readonly tile: number;
    readonly shape: readonly number[];
  },
): Uint8Array {
  const { bitpix, codec, parameters } = tiled, size = shape.reduce((a, b) => a * b, 1);
  const pixelBytes = Math.abs(bitpix) / 8;
  const stored = columns.compressed?.[k] as ArrayLike<number> | undefined;
  if (stored === undefined || stored.length === 0) {
    return fallbackBytes(columns, k, size * pixelBytes);
  }
  const pixels = codec({ stored: asStored(stored), shape, size }, { parameters, pixelBytes });
  const { header } = tiled.hdu;
  const scale = columns.scale?.[k] ?? optionalHeaderNumber(header, "ZSCALE");
  const zero = columns.zero?.[k] ?? optionalHeaderNumber(header, "ZZERO");
  if (bitpix > 0 || scale === undefined || zero === undefined) {
    return integersAsBytes(pixels, { size, bitpix });
  }
  const values = new Float64Array(size);
  unquantise(integersOf(pixels, size), {
    scale,
    zero,
    dither: tiled.dither,
    seed: tile + tiled.ditherSeed - 1,
    blank: columns.blank?.[k] ?? tiled.blank ?? (tiled.dither > 0 ? NULL_VALUE : undefined),
  }, values);
  const out = new Uint8Array(size * pixelBytes), view = new DataView(out.buffer);
  for (let i = 0; i < size; i++) {
    if (bitpix === -32) view.setFloat32(4 * i, values[i]!);
    else view.setFloat64(8 * i, values[i]!);
  }
  return out;
}

function asStored(stored: ArrayLike<number>): Uint8Array | Int16Array {
  if (stored instanceof Uint8Array || stored instanceof Int16Array) return stored;
  if (stored instanceof Int8Array) {
    return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  }
  throw new RangeError("the column holds neither bytes nor 16-bit words");
}

/** A tile that was not compressed as the others: gzip of its bytes, or the bytes themselves. */
function fallbackBytes(columns: TileColumns, k: number, length: number): Uint8Array {
  const zipped = columns.zipped?.[k] as ArrayLike<number> | undefined;
  const plain = columns.plain?.[k];
  let bytes: Uint8Array | undefined;
  if (zipped !== undefined && zipped.length > 0) {
    bytes = gunzipBytes(asStored(zipped) as Uint8Array, length);
  } else if (plain !== undefined && typeof plain !== "string" && plain.length > 0) {
    bytes = numbersAsBytes(plain as unknown as Float32Array);
  }
  if (bytes === undefined) throw new RangeError("found no data in any of its columns");
  if (bytes.length !== length) {
    throw new RangeError(`found ${bytes.length} bytes, expected ${length}`);
  }
  return bytes;
}

function numbersAsBytes(
  values: Float32Array | Float64Array | Int16Array | Int32Array | Uint8Array,
) {
  if (values instanceof Uint8Array) return values;
  const out = new Uint8Array(values.byteLength), view = new DataView(out.buffer);
  const width = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < values.length; i++) {
    if (values instanceof Float32Array) view.setFloat32(width * i, values[i]!);
    else if (values instanceof Float64Array) view.setFloat64(width * i, values[i]!);
    else if (values instanceof Int16Array) view.setInt16(width * i, values[i]!);
    else view.setInt32(width * i, values[i]!);
  }
  return out;
}

/** Quantised pixels, whatever way they came. */
function integersOf(pixels: TilePixels, size: number): Int32Array {
  if (pixels.kind === "integers") return pixels.values;
  if (pixels.kind === "wide") return Int32Array.from(pixels.values);
  const { bytes } = pixels, width = bytes.length / size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    if (width === 4) out[i] = view.getInt32(4 * i);
    else if (width === 2) out[i] = view.getInt16(2 * i);
    else if (width === 1) out[i] = bytes[i]!;
    else throw new RangeError(`found ${width} bytes a quantised pixel, expected 1, 2 or 4`);
  }
  return out;
}

/** Pixels of an integer image, or of a floating-point one whose bytes were compressed as they are. */
function integersAsBytes(
  pixels: TilePixels,
  { size, bitpix }: { readonly size: number; readonly bitpix: Bitpix },
): Uint8Array {
  const width = Math.abs(bitpix) / 8;
  if (pixels.kind === "bytes" && pixels.bytes.length === size * width) return pixels.bytes;
  if (bitpix < 0 || bitpix === 64) {
    throw new RangeError(`found integers for pixels of BITPIX ${bitpix}, and no ZSCALE and ZZERO`);
  }
  const values = pixels.kind === "bytes" ? integersOf(pixels, size) : pixels.values;
  const out = new Uint8Array(size * width), view = new DataView(out.buffer);
  for (let i = 0; i < size; i++) {
    if (width === 1) out[i] = values[i]!;
    else if (width === 2) view.setInt16(2 * i, values[i]!);
    else view.setInt32(4 * i, values[i]!);
  }
  return out;
}

/** Puts a tile into its band, run by run along the fastest axis. */
function putTile(
  out: Uint8Array,
  bandShape: readonly number[],
  { bytes, start, shape, width }: {
    readonly bytes: Uint8Array;
    readonly start: readonly number[];
    readonly shape: readonly number[];
    readonly width: number;
  },
): void {
  const n = shape.length, run = shape[n - 1]! * width, runs = bytes.length / run;
  const strides = bandShape.map((_, d) => bandShape.slice(d + 1).reduce((a, b) => a * b, width));
  const index = new Int32Array(n - 1);
  for (let r = 0; r < runs; r++) {
    let to = start[n - 1]! * width;
    for (let d = 0; d < n - 1; d++) to += (start[d]! + index[d]!) * strides[d]!;
    out.set(bytes.subarray(r * run, (r + 1) * run), to);
    for (let d = n - 2; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
}
