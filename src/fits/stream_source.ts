import { appendChunk, emptyChunks, inTurn, sliceChunks } from "./_chunks.ts";
import { type ByteSource, checkByteRange } from "./byte_source.ts";
import { FitsFormatError } from "./fits_format_error.ts";

/** Options of {@linkcode streamSource}. */
export interface StreamSourceOptions {
  /** What messages call it; "stream" if absent. */
  readonly name?: string;
  /** Most bytes that may be read and kept, 1 GiB if absent. */
  readonly maxBytes?: number;
}

/**
 * A source over a stream that can only be read forward; what was read is kept, so that any earlier
 * place can be asked for again.
 *
 * @param readable Chunks of bytes in order: a web stream, a response body, an async generator.
 * @param options Name and limit.
 * @returns A source that owns the stream; closing it cancels the stream.
 * @throws FitsFormatError from `read` once more than `maxBytes` would have to be kept.
 *
 * @example
 * ```ts
 * import { streamSource } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using source = streamSource(new Blob(["SIMPLE  ="]).stream(), { name: "body", maxBytes: 1000 });
 * assert.equal(new TextDecoder().decode(await source.read(0, 6)), "SIMPLE");
 * assert.equal(await source.size(), undefined);
 * ```
 */
export function streamSource(
  readable: AsyncIterable<Uint8Array>,
  options: StreamSourceOptions = {},
): ByteSource {
  const name = options.name ?? "stream", maxBytes = options.maxBytes ?? 2 ** 30;
  const kept = emptyChunks(0), queue = inTurn();
  const iterator = readable[Symbol.asyncIterator]();
  let ended = false, closed = false;
  const pullTo = async (stop: number): Promise<void> => {
    while (!ended && kept.end < stop) {
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return;
      }
      if (kept.end + next.value.length > maxBytes) {
        throw new FitsFormatError(
          `the stream has more than maxBytes = ${maxBytes} bytes; raise maxBytes or use a file`,
          { file: name, byteOffset: kept.end },
        );
      }
      appendChunk(kept, next.value);
    }
  };
  const close = () => {
    if (closed) return;
    closed = true;
    if (!ended) iterator.return?.().catch(() => undefined);
  };
  return Object.freeze({
    name,
    size: () => Promise.resolve(ended ? kept.end : undefined),
    read: (offset: number, length: number) =>
      queue(async () => {
        checkByteRange(name, offset, length);
        if (closed) throw new TypeError(`${name}: the source is closed`);
        await pullTo(offset + length);
        return sliceChunks(kept, offset, offset + length);
      }),
    close,
    [Symbol.dispose]: close,
  });
}
