import { openByteSource, type OpenByteSourceOptions } from "./open_byte_source_io.ts";
import { type FitsFile, openFits } from "./open_fits.ts";

/**
 * Opens a FITS file by path or address, gzip or not; see {@linkcode openFits}.
 *
 * @param pathOrUrl Path of a local file, or an address with file:, http: or https:.
 * @param options Limits.
 * @returns The open file; owned by the caller.
 * @throws FitsFormatError if it is no FITS file; Deno.errors.* if it cannot be read.
 *
 * @example
 * ```ts
 * import { encodeFits, openFitsFile, writeFileAtomic } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync();
 * await writeFileAtomic(path, encodeFits([{ kind: "image", data: new Int16Array(4), shape: [2, 2] }]));
 * {
 *   using file = await openFitsFile(path);
 *   assert.equal(file.primary.kind, "image");
 * }
 * Deno.removeSync(path);
 * ```
 */
export async function openFitsFile(
  pathOrUrl: string | URL,
  options: OpenByteSourceOptions = {},
): Promise<FitsFile> {
  return await openFits(await openByteSource(pathOrUrl, options), options);
}
