import type { EarthOrientation } from "./earth_orientation.ts";
import { parseIers } from "./iers.ts";

/**
 * Reads a table of Earth orientation from a file of the IERS, `finals2000A.all` or `eopc04`.
 *
 * @param path Path of the file.
 * @returns A table, as of `parseIers`.
 * @throws SyntaxError for another file, with line and column; the system's error for no file.
 * @example
 * ```ts
 * import { readIers } from "@gammarx/gammarx/time";
 * import { rejects } from "node:assert/strict";
 * await rejects(readIers("no-such-file"), Deno.errors.NotFound);
 * ```
 */
export async function readIers(path: string): Promise<EarthOrientation> {
  return parseIers(await Deno.readTextFile(path), { source: path });
}
