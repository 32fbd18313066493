import type { Ephemeris } from "./ephemeris.ts";
import { ephemerisOfSpk } from "./ephemeris_spk.ts";
import { decodeSpk } from "./spk.ts";

/**
 * Reads a JPL kernel (`de440s.bsp`, `de421.bsp`, …) as an ephemeris.
 *
 * @param path Path of the file.
 * @param options `name`: which ephemeris it is, where neither the file's name nor its text says so.
 * @returns A frozen record.
 * @throws SyntaxError for a file that is no SPK kernel; TypeError where it lacks Earth or Sun; the
 *   system's error for no file.
 * @example
 * ```ts
 * import { readEphemeris } from "@gammarx/gammarx/timing";
 * import { rejects } from "node:assert/strict";
 * await rejects(readEphemeris("no-such-file.bsp"), Deno.errors.NotFound);
 * ```
 */
export async function readEphemeris(
  path: string,
  options: { readonly name?: string } = {},
): Promise<Ephemeris> {
  return ephemerisOfSpk(decodeSpk(await Deno.readFile(path), { file: path }), options);
}
