import { inTurn } from "./_chunks.ts";
import { type ByteSource, checkByteRange } from "./byte_source.ts";
import { streamSource } from "./stream_source.ts";

/** Options of {@linkcode httpSource}. */
export interface HttpSourceOptions {
  /** Bytes of one request and one cached block, 1 MiB if absent. */
  readonly blockBytes?: number;
  /** Number of blocks kept, 16 if absent. */
  readonly cacheBlocks?: number;
  /** Most bytes kept of a body from a server without ranges, 1 GiB if absent. */
  readonly maxBytes?: number;
}

/**
 * A source over a web address. It asks for ranges (RFC 9110 §14) in blocks and keeps the blocks
 * last used; from a server without ranges it takes the whole body as a stream.
 *
 * @param url Address, http or https.
 * @param options Block size, cache, limit.
 * @returns A source; the first request is made by the first read.
 * @throws Deno.errors.Http from `read` if the server answers with an error or the file changed meanwhile.
 *
 * @example
 * ```ts
 * import { httpSource } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const local = { hostname: "127.0.0.1", port: 0, onListen() {} };
 * const server = Deno.serve(local, () => new Response("SIMPLE  ="));
 * using source = httpSource(`http://127.0.0.1:${server.addr.port}/a.fits`);
 * assert.equal(new TextDecoder().decode(await source.read(0, 6)), "SIMPLE");
 * source.close();
 * await server.shutdown();
 * ```
 */
export function httpSource(url: string | URL, options: HttpSourceOptions = {}): ByteSource {
  const name = String(url), blockBytes = options.blockBytes ?? 1 << 20;
  const cacheBlocks = options.cacheBlocks ?? 16;
  const queue = inTurn(), blocks = new Map<number, Uint8Array>();
  let body: ByteSource | undefined, total: number | undefined, tag: string | null | undefined;
  let closed = false;

  /** Fetches blocks [first, stop) in one request into the cache, or finds that there are no ranges. */
  const fetchBlocks = async (first: number, stop: number): Promise<Uint8Array | undefined> => {
    const from = first * blockBytes, to = stop * blockBytes - 1;
    const headers = { range: `bytes=${from}-${to}`, "accept-encoding": "identity" };
    const response = await fetch(url, { headers }).catch((cause) => {
      throw new Deno.errors.Http(`${name}: cannot be reached (${reasonOf(cause)})`, { cause });
    });
    const isFirst = tag === undefined, newTag = response.headers.get("etag");
    if (!isFirst && newTag !== tag) {
      await response.body?.cancel();
      throw new Deno.errors.Http(
        `${name}: the file changed on the server while it was read; open it again`,
      );
    }
    if (response.status === 416) { // nothing there: the content range tells the size
      await response.body?.cancel();
      total = Number(/\*\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? 0);
      return new Uint8Array(0);
    }
    if (response.status === 200 && isFirst) {
      body = streamSource(response.body ?? new Blob([]).stream(), { name, ...maxBytesOf(options) });
      return undefined;
    }
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new Deno.errors.Http(
        `${name}: found HTTP status ${response.status} ${response.statusText}`,
      );
    }
    tag = newTag;
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (range === null || Number(range[1]) !== from || bytes.length > to - from + 1) {
      throw new Deno.errors.Http(
        `${name}: the server answered another range than bytes ${from}-${to}`,
      );
    }
    if (range[3] !== "*") total = Number(range[3]);
    return bytes;
  };

  const keep = (index: number, bytes: Uint8Array): void => {
    blocks.delete(index);
    blocks.set(index, bytes);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= cacheBlocks) break;
      blocks.delete(oldest);
    }
  };

  const readRanges = async (offset: number, length: number): Promise<Uint8Array> => {
    if (total !== undefined) length = Math.max(0, Math.min(length, total - offset));
    if (length === 0 && total !== undefined) return new Uint8Array(0);
    const first = Math.floor(offset / blockBytes);
    const stop = Math.max(first + 1, Math.ceil((offset + length) / blockBytes));
    const parts: Uint8Array[] = [];
    for (let index = first; index < stop;) {
      const cached = blocks.get(index);
      if (cached !== undefined) {
        keep(index, cached);
        parts.push(cached);
        index++;
        continue;
      }
      // Before the size is known ask for one block; then for all that is missing, 64 at a time.
      let end = index + 1;
      while (total !== undefined && end < stop && end < index + 64 && !blocks.has(end)) end++;
      const bytes = await fetchBlocks(index, end);
      if (bytes === undefined) return await body!.read(offset, length);
      for (let at = 0; at < bytes.length; at += blockBytes) {
        keep(index + at / blockBytes, bytes.slice(at, at + blockBytes));
      }
      parts.push(bytes);
      if (bytes.length < (end - index) * blockBytes) break;
      index = end;
    }
    return cut(parts, offset - first * blockBytes, length);
  };

  const close = () => {
    closed = true;
    blocks.clear();
    body?.close();
  };
  const read = (offset: number, length: number) =>
    queue(async () => {
      checkByteRange(name, offset, length);
      if (closed) throw new TypeError(`${name}: the source is closed`);
      return body === undefined
        ? await readRanges(offset, length)
        : await body.read(offset, length);
    });
  return Object.freeze({
    name,
    size: async () => {
      if (total === undefined && body === undefined) await read(0, 1);
      return body === undefined ? total : await body.size();
    },
    read,
    close,
    [Symbol.dispose]: close,
  });
}

function maxBytesOf(options: HttpSourceOptions): { maxBytes?: number } {
  return options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
}

function cut(parts: readonly Uint8Array[], skip: number, length: number): Uint8Array {
  const whole = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(Math.max(0, Math.min(length, whole - skip)));
  let at = -skip;
  for (const part of parts) {
    const from = Math.max(0, -at), to = Math.min(part.length, out.length - at);
    if (to > from) out.set(part.subarray(from, to), at + from);
    at += part.length;
  }
  return out;
}

/** The innermost reason: that of fetch alone says nothing. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
