import { hcompressDecode } from "./_hcompress.ts";
import { plioDecode } from "./_plio.ts";
import { riceDecode } from "./_rice.ts";
import { gunzipBytes } from "./_tile_gzip_io.ts";

/** A compressed tile. */
export interface Tile {
  /** Compressed bytes; of a line list its words. */
  readonly stored: Uint8Array | Int16Array;
  /** Lengths of the axes in C order. */
  readonly shape: readonly number[];
  /** Number of pixels. */
  readonly size: number;
}

/** What the codecs need to know of the image. */
export interface TileOptions {
  /** ZNAMEn and ZVALn. */
  readonly parameters: ReadonlyMap<string, number>;
  /** Bytes of a pixel of the image. */
  readonly pixelBytes: number;
}

/** What is in a tile: integers, or the bytes of the pixels as they stand in an image. */
export type TilePixels =
  | { readonly kind: "integers"; readonly values: Int32Array }
  | { readonly kind: "wide"; readonly values: Float64Array }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** A way of compression: a function of a tile. */
export type TileCodec = (tile: Tile, options: TileOptions) => TilePixels;

function bytesOf({ stored }: Tile): Uint8Array {
  if (stored instanceof Uint8Array) return stored;
  throw new RangeError("the column holds 16-bit words, expected bytes");
}

/** The compression types of the standard by their names (ZCMPTYPE). */
export const TILE_CODECS: Readonly<Record<string, TileCodec>> = Object.freeze({
  RICE_1: rice,
  RICE_ONE: rice,
  GZIP_1: (tile, options) => unzipped(tile, options, false),
  GZIP_2: (tile, options) => unzipped(tile, options, true),
  PLIO_1(tile) {
    if (!(tile.stored instanceof Int16Array)) {
      throw new RangeError("the column holds bytes, expected the 16-bit words of a line list");
    }
    const values = new Int32Array(tile.size);
    plioDecode(tile.stored, values);
    return { kind: "integers", values };
  },
  HCOMPRESS_1(tile, { parameters }) {
    const shape = tile.shape.filter((n) => n > 1), ones = Math.max(0, 2 - shape.length);
    if (shape.length > 2) throw new RangeError(`a tile has ${shape.length} dimensions, expected 2`);
    const [ny, nx] = [...Array<number>(ones).fill(1), ...shape] as [number, number];
    const smooth = (parameters.get("SMOOTH") ?? 0) !== 0;
    return { kind: "wide", values: hcompressDecode(bytesOf(tile), [ny, nx], smooth) };
  },
  NOCOMPRESS: (tile) => ({ kind: "bytes", bytes: bytesOf(tile) }),
});

function rice(tile: Tile, { parameters }: TileOptions): TilePixels {
  const values = new Int32Array(tile.size);
  const bytePix = parameters.get("BYTEPIX") ?? 4, blockSize = parameters.get("BLOCKSIZE") ?? 32;
  riceDecode(bytesOf(tile), values, { bytePix, blockSize });
  return { kind: "integers", values };
}

/** Pixels of a gzip member; with `shuffled` their bytes stand in order of weight, highest first. */
function unzipped(tile: Tile, { pixelBytes }: TileOptions, shuffled: boolean): TilePixels {
  const most = tile.size * Math.max(8, pixelBytes), bytes = gunzipBytes(bytesOf(tile), most);
  if (bytes.length % tile.size !== 0) {
    throw new RangeError(`gzip: found ${bytes.length} bytes for ${tile.size} pixels`);
  }
  if (!shuffled) return { kind: "bytes", bytes };
  const width = bytes.length / tile.size, out = new Uint8Array(bytes.length);
  for (let b = 0; b < width; b++) {
    const from = b * tile.size;
    for (let i = 0, to = b; i < tile.size; i++, to += width) out[to] = bytes[from + i]!;
  }
  return { kind: "bytes", bytes: out };
}
