import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { appendChunk, dropFront, emptyChunks, inTurn, sliceChunks } from "./_chunks.ts";
import { type ByteSource, checkByteRange } from "./byte_source.ts";
import { FitsFormatError } from "./fits_format_error.ts";

const CHUNK_BYTES = 1 << 18;
/** Behind the place last decompressed this much stays, for readers that step back a little. */
const WINDOW_BYTES = 1 << 23;

/** Options of {@linkcode gunzipSource}. */
export interface GunzipOptions {
  /** Most bytes that may be decompressed, 16 GiB if absent. */
  readonly maxBytes?: number;
  /** Bytes kept from the start of the decompressed data, 256 MiB if absent. */
  readonly cacheBytes?: number;
}

/**
 * True if the bytes begin as a gzip file does (RFC 1952 §2.3.1).
 *
 * @param bytes The first two bytes of a file or more.
 *
 * @example
 * ```ts
 * import { isGzip } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * assert(isGzip(new Uint8Array([0x1f, 0x8b, 8])));
 * assert(!isGzip(new TextEncoder().encode("SIMPLE")));
 * ```
 */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The decompressed bytes of a gzip source, or the bytes as they stand where it is not gzip.
 *
 * Decompresses only as far as it was asked for. The first `cacheBytes` are kept; data before the
 * present place but beyond them are decompressed again from the start, so a file of any length
 * is read in bounded memory.
 *
 * @param source Compressed bytes; owned by the new source from here on.
 * @param options Limits.
 * @returns A source of the decompressed bytes; closing it closes `source`.
 * @throws FitsFormatError from `read` for corrupted or cut data, and beyond `maxBytes`.
 *
 * @example
 * ```ts
 * import { gunzipSource, memorySource } from "@gammarx/gammarx/fits";
 * import { gzipSync } from "node:zlib";
 * import assert from "node:assert/strict";
 *
 * using source = gunzipSource(memorySource(gzipSync("SIMPLE  = T"), "a.fits.gz"));
 * assert.equal(new TextDecoder().decode(await source.read(0, 6)), "SIMPLE");
 * ```
 */
export function gunzipSource(source: ByteSource, options: GunzipOptions = {}): ByteSource {
  const name = source.name;
  const maxBytes = options.maxBytes ?? 2 ** 34, cacheBytes = options.cacheBytes ?? 2 ** 28;
  const queue = inTurn();
  let prefix = emptyChunks(0);
  let window = emptyChunks(0); // the last bytes decompressed; its end is where gunzip stands
  let prefixFull = false, plain: boolean | undefined, total: number | undefined, closed = false;
  let output: AsyncIterator<Uint8Array> | undefined, stop: () => void = () => undefined;

  const restart = (): void => {
    stop();
    window = emptyChunks(0);
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    const input = Readable.from(compressedChunks(source), { objectMode: false });
    input.on("error", (error) => gunzip.destroy(error));
    gunzip.on("error", () => input.destroy());
    input.pipe(gunzip);
    output = gunzip[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    stop = () => {
      output = undefined;
      input.destroy();
      gunzip.destroy();
    };
  };

  const pull = async (): Promise<void> => {
    if (output === undefined) restart();
    let next: IteratorResult<Uint8Array>;
    try {
      next = await output!.next();
    } catch (cause) {
      stop();
      if (!isZlibError(cause)) throw cause;
      throw new FitsFormatError(
        `the gzip data are corrupted or cut (${cause.message})`,
        { file: name, byteOffset: window.end, cause },
      );
    }
    if (next.done) {
      total = window.end;
      return;
    }
    const chunk = next.value, at = window.end;
    if (at + chunk.length > maxBytes) {
      stop();
      throw new FitsFormatError(
        `the file decompresses to more than maxBytes = ${maxBytes}; raise maxBytes if it is meant`,
        { file: name, byteOffset: at },
      );
    }
    if (at === prefix.end && !prefixFull) {
      prefixFull = prefix.end + chunk.length > cacheBytes;
      if (!prefixFull) appendChunk(prefix, chunk);
    }
    appendChunk(window, chunk);
    dropFront(window, WINDOW_BYTES);
  };

  /** Takes pieces as decompression passes them, so that a long read needs no long window. */
  const gather = async (offset: number, end: number): Promise<Uint8Array> => {
    const pieces = emptyChunks(offset);
    while (pieces.end < end) {
      const at = pieces.end;
      if (at < prefix.end) appendChunk(pieces, sliceChunks(prefix, at, end));
      else if (at < window.start) restart();
      else if (at < window.end) appendChunk(pieces, sliceChunks(window, at, end));
      else if (total !== undefined && at >= total) break;
      else await pull();
    }
    return sliceChunks(pieces, offset, end);
  };

  const close = () => {
    if (closed) return;
    closed = true;
    stop();
    // Whoever still holds the closed source shall not hold its bytes.
    stop = () => undefined;
    prefix = window = emptyChunks(0);
    source.close();
  };
  return Object.freeze({
    name,
    size: () =>
      queue(async () => {
        plain ??= !isGzip(await source.read(0, 2));
        return plain ? await source.size() : total;
      }),
    read: (offset: number, length: number) =>
      queue(async () => {
        checkByteRange(name, offset, length);
        if (closed) throw new TypeError(`${name}: the source is closed`);
        plain ??= !isGzip(await source.read(0, 2));
        if (plain) return await source.read(offset, length);
        return await gather(offset, offset + length);
      }),
    close,
    [Symbol.dispose]: close,
  });
}

async function* compressedChunks(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0;;) {
    const chunk = await source.read(at, CHUNK_BYTES);
    if (chunk.length > 0) yield chunk;
    at += chunk.length;
    if (chunk.length < CHUNK_BYTES) return;
  }
}

function isZlibError(cause: unknown): cause is Error {
  if (!(cause instanceof Error)) return false;
  const code = (cause as { code?: unknown }).code;
  return typeof code === "string" && code.startsWith("Z_");
}
