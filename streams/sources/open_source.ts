import { isFolder, openDataStore } from "../../src/data/mod.ts";
import { openEventFile, type OpenEventListOptions } from "../../src/events/mod.ts";
import type { OpenByteSourceOptions } from "../../src/fits/mod.ts";
import { observationsSource } from "./observations_source.ts";
import type { SourceOptions, StreamSource } from "./source.ts";

/** How files are found and read. */
export interface OpenSourceOptions
  extends SourceOptions, OpenEventListOptions, OpenByteSourceOptions {}

/**
 * The paths of all event lists that places stand for: a folder for its observations, a file or a
 * web address for itself.
 *
 * @param places Paths of files and folders, web addresses.
 * @returns Paths and addresses, in order.
 * @throws The system's error for a path that is not there; FitsFormatError for a folder without
 *   any event list.
 * @example
 * ```ts
 * import { eventPaths } from "@gammarx/gammarx/sources";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(await eventPaths(["https://example.org/run.fits"]), ["https://example.org/run.fits"]);
 * ```
 */
export async function eventPaths(places: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const place of places) {
    if (!/^https?:/i.test(place) && isFolder(place)) {
      paths.push(...(await openDataStore(place)).entries.map((entry) => entry.path));
    } else paths.push(place);
  }
  return paths;
}

/**
 * A source over files, data stores and web addresses, one observation after the other.
 *
 * @param places Paths of files and folders, web addresses.
 * @param options Format, columns, size of batches, limits.
 * @returns The source; the first observation was opened to learn the epoch.
 * @throws FitsFormatError for a file that is no event list; the system's error for a path that is
 *   not there.
 * @example
 * ```ts
 * import { openSource } from "@gammarx/gammarx/sources";
 * import { rejects } from "node:assert/strict";
 * await rejects(openSource(["no-such-file.fits"]));
 * ```
 */
export async function openSource(
  places: readonly string[],
  options: OpenSourceOptions = {},
): Promise<StreamSource> {
  const paths = await eventPaths(places);
  return await observationsSource(paths.map((path) => () => openEventFile(path, options)), options);
}
