import { fileURLToPath } from "node:url";
import type { ByteSource } from "./byte_source.ts";
import { fileSource } from "./file_source_io.ts";
import { type GunzipOptions, gunzipSource, isGzip } from "./gunzip_source_io.ts";
import { httpSource, type HttpSourceOptions } from "./http_source_io.ts";

/** Options of {@linkcode openByteSource}: limits of decompression and of web access. */
export interface OpenByteSourceOptions extends GunzipOptions, HttpSourceOptions {}

/**
 * Opens a path, a file address or a web address; gzip is found by its first bytes, whatever the
 * name, and decompressed on the way.
 *
 * @param pathOrUrl Path of a local file, or an address with file:, http: or https:.
 * @param options Limits.
 * @returns A source; owned by the caller.
 *
 * @example
 * ```ts
 * import { openByteSource } from "@gammarx/gammarx/fits";
 * import { gzipSync } from "node:zlib";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync();
 * Deno.writeFileSync(path, gzipSync("SIMPLE  = T"));
 * using source = await openByteSource(path);
 * assert.equal(new TextDecoder().decode(await source.read(0, 6)), "SIMPLE");
 * Deno.removeSync(path);
 * ```
 */
export async function openByteSource(
  pathOrUrl: string | URL,
  options: OpenByteSourceOptions = {},
): Promise<ByteSource> {
  const text = String(pathOrUrl);
  const source = /^https?:/i.test(text)
    ? httpSource(text, options)
    : fileSource(/^file:/i.test(text) ? fileURLToPath(text) : text);
  try {
    return isGzip(await source.read(0, 2)) ? gunzipSource(source, options) : source;
  } catch (error) {
    source.close();
    throw error;
  }
}
