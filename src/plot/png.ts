import { zlib } from "./_deflate.ts";

/** An image of at most 256 colours. */
export interface IndexedImage {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Colour number of each pixel, row by row from the top, `width · height` long. */
  readonly pixels: Uint8Array;
  /** r, g, b of each colour number. */
  readonly palette: Uint8Array;
  /** Opacity of each colour number, 255 where it is shorter. */
  readonly alpha?: Uint8Array | undefined;
}

const crcTable = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  crcTable[n] = c;
}

function crc32(data: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of data) c = crcTable[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12), view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc32(out.subarray(4, data.length + 8)));
  return out;
}

/**
 * A PNG file of an image of at most 256 colours; the same octets on every machine.
 *
 * @param image size, pixels from the top row down, palette and opacities; not changed
 * @returns the file, owned by the caller
 * @throws TypeError where the number of pixels or colours does not fit
 * @example
 * ```ts
 * import { encodePng } from "@gammarx/gammarx/plot";
 * import { equal } from "node:assert/strict";
 * const png = encodePng({
 *   width: 1,
 *   height: 1,
 *   pixels: new Uint8Array([0]),
 *   palette: new Uint8Array([255, 0, 0]),
 * });
 * equal(png[1], "P".charCodeAt(0));
 * ```
 * Source: PNG specification, third edition (W3C 2025), 8-bit indexed colour, no filter.
 */
export function encodePng(image: IndexedImage): Uint8Array<ArrayBuffer> {
  const { width, height, pixels, palette, alpha } = image, colors = palette.length / 3;
  if (pixels.length !== width * height || width < 1 || height < 1) {
    throw new TypeError(`encodePng: ${pixels.length} pixels for ${width} x ${height}`);
  }
  if (!Number.isInteger(colors) || colors < 1 || colors > 256) {
    throw new TypeError(
      `encodePng: palette of ${palette.length} octets, needs 3 for each of 1..256 colours`,
    );
  }
  const header = new Uint8Array(13), view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3], 8);
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    ...(alpha === undefined ? [] : [chunk("tRNS", alpha)]),
    chunk("IDAT", zlib(rows)),
    chunk("IEND", new Uint8Array(0)),
  ];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
