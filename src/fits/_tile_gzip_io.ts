import { gunzipSync, gzipSync } from "node:zlib";

/**
 * The bytes of a gzip member.
 *
 * @throws RangeError for bytes that are none, or that give more than `most` bytes.
 */
export function gunzipBytes(bytes: Uint8Array, most: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    throw new RangeError(`gzip: ${(error as Error).message}`);
  }
}

/** A gzip member; equal bytes give equal members. */
export function gzipBytes(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 6 });
}
