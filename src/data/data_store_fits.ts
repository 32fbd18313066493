import { openEventFile } from "../events/mod.ts";
import { asTable, FitsFormatError, openFitsFile, readNumbers, readStrings } from "../fits/mod.ts";
import { isFile, joinPath, listEventFiles } from "./list_files_io.ts";

/** An observation of a data store. */
export interface DataStoreEntry {
  /** Name of the observation as the index has it; "" where there is no index. */
  readonly obsId: string;
  /** Path of the file with its events. */
  readonly path: string;
}

/** A folder of observations. */
export interface DataStore {
  /** Path of the folder. */
  readonly folder: string;
  /** Path of the HDU index; undefined where the folder has none. */
  readonly index: string | undefined;
  /** The observations: those of the index in its order, or the event files found by name. */
  readonly entries: readonly DataStoreEntry[];
}

/**
 * Opens a folder of observations: by its HDU index (`hdu-index.fits.gz` or `.fits`), or, where it
 * has none, by looking into each file that may be an event list.
 *
 * @param folder Path of the folder.
 * @returns The observations.
 * @throws FitsFormatError for an index that is none, or a folder without any event list.
 * @example
 * ```ts
 * import { openDataStore } from "@gammarx/gammarx/data";
 * import { rejects } from "node:assert/strict";
 * const folder = await Deno.makeTempDir();
 * await rejects(openDataStore(folder), /no event list/);
 * await Deno.remove(folder);
 * ```
 * @see GADF 0.3, section HDU index table
 */
export async function openDataStore(folder: string): Promise<DataStore> {
  const index = ["hdu-index.fits.gz", "hdu-index.fits"]
    .map((name) => joinPath(folder, name))
    .find(isFile);
  const entries = index === undefined ? await lookInto(folder) : await readIndex(folder, index);
  if (entries.length === 0) {
    throw new FitsFormatError("found no event list in this folder", { file: folder });
  }
  return Object.freeze({ folder, index, entries });
}

async function readIndex(folder: string, index: string): Promise<DataStoreEntry[]> {
  using fits = await openFitsFile(index);
  const table = (await fits.hdus()).find((hdu) => hdu.kind === "bintable");
  if (table === undefined) {
    throw new FitsFormatError("found no table in the HDU index", { file: index });
  }
  const hdus = asTable(table);
  const types = await readStrings(hdus, "HDU_TYPE"), ids = await readNumbers(hdus, "OBS_ID");
  const folders = await readStrings(hdus, "FILE_DIR"), names = await readStrings(hdus, "FILE_NAME");
  return types.flatMap((type, i) =>
    type.trim().toLowerCase() === "events"
      ? [{ obsId: String(ids[i]), path: joinPath(folder, folders[i]!.trim(), names[i]!.trim()) }]
      : []
  );
}

/** The files below a folder that hold an event list. */
async function lookInto(folder: string): Promise<DataStoreEntry[]> {
  const entries: DataStoreEntry[] = [];
  for (const path of listEventFiles(folder)) {
    try {
      const list = await openEventFile(path);
      list.close();
      entries.push({ obsId: list.obsId, path });
    } catch (error) {
      // Another FITS file beside the event lists: maps, IRFs, indices.
      if (!(error instanceof FitsFormatError && /no event list/.test(error.message))) throw error;
    }
  }
  return entries;
}
