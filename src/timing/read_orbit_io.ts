import { type OpenByteSourceOptions, openFitsFile } from "../fits/mod.ts";
import { joinOrbits } from "./join_orbits.ts";
import type { Orbit } from "./orbit.ts";
import { openOrbit } from "./orbit_fits.ts";

/**
 * Reads a spacecraft's way from a file or web address, as of `openOrbit`; of several (weekly files) one
 * way, as of `joinOrbits`.
 *
 * @param pathOrUrl Path, or address with http or https; or a list of them.
 * @param options `table`: which table to read; limits of the source.
 * @returns The way, with what was dropped.
 * @throws As `openOrbit`; the system's error for a file that cannot be read.
 * @example
 * ```ts
 * import { readOrbit } from "@gammarx/gammarx/timing";
 * import { rejects } from "node:assert/strict";
 * await rejects(readOrbit("no-such-file.fits"));
 * ```
 */
export async function readOrbit(
  pathOrUrl: string | URL | readonly (string | URL)[],
  options: OpenByteSourceOptions & { readonly table?: string } = {},
): Promise<Orbit> {
  if (!Array.isArray(pathOrUrl)) {
    using fits = await openFitsFile(pathOrUrl as string | URL, options);
    return await openOrbit(fits, options.table);
  }
  const orbits: Orbit[] = [];
  for (const one of pathOrUrl) orbits.push(await readOrbit(one, options));
  return joinOrbits(orbits);
}
