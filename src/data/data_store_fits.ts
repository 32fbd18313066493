import { openEventFile } from "../events/mod.ts";
import {
  asBintable,
  type BintableHdu,
  findColumn,
  FitsFormatError,
  openFitsFile,
  readNumbers,
  readStrings,
} from "../fits/mod.ts";
import { separationDeg } from "../sky/mod.ts";
import { isFile, joinPath, listEventFiles, listFiles } from "./list_files_io.ts";

/** An observation of a data store. */
export interface DataStoreEntry {
  /** Name of the observation as the index has it; "" where there is no index. */
  readonly obsId: string;
  /** Path of the file with its events. */
  readonly path: string;
  /** Path of the file with its responses, where the index names another one. */
  readonly irfPath?: string;
  /** Label of the kind of its events, where the index has a table for each: the name of that table. */
  readonly eventType?: string;
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

/** How a data store is opened. */
export interface OpenDataStoreOptions {
  /** Name of the HDU index in the folder; found by its name (`hdu-index….fits`) where left out. */
  readonly index?: string | undefined;
}

/**
 * Opens a folder of observations: by its HDU index, or, where it has none, by looking into each
 * file that may be an event list. Files that the index names are not looked for: one that is
 * missing is an error when it is opened.
 *
 * @param folder Path of the folder.
 * @param options Name of the index.
 * @returns The observations.
 * @throws FitsFormatError for an index that is none, several indices of which none was named, or a
 *   folder without any event list; the system's error for an index that is not there.
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
export async function openDataStore(
  folder: string,
  options: OpenDataStoreOptions = {},
): Promise<DataStore> {
  const index = options.index === undefined
    ? indexOf(folder, "hdu-index")
    : joinPath(folder, options.index);
  const entries = index === undefined ? await lookInto(folder) : await readIndex(folder, index);
  if (entries.length === 0) {
    throw new FitsFormatError("found no event list in this folder", { file: index ?? folder });
  }
  return Object.freeze({ folder, index, entries: Object.freeze(entries) });
}

/** The index of a folder: the standard name first, then the only one that begins like it. */
export function indexOf(folder: string, name: string): string | undefined {
  const standard = [`${name}.fits.gz`, `${name}.fits`].map((file) => joinPath(folder, file));
  const found = standard.find(isFile);
  if (found !== undefined) return found;
  const like = listFiles(folder).filter((file) =>
    file.startsWith(name) && /\.fits(\.gz)?$/.test(file)
  );
  if (like.length > 1) {
    throw new FitsFormatError(`found several indices, ${like.join(", ")}: name the one to use`, {
      file: folder,
    });
  }
  return like[0] === undefined ? undefined : joinPath(folder, like[0]);
}

/** The events of all tables of an index: it may have one for each class of events. */
async function readIndex(folder: string, index: string): Promise<DataStoreEntry[]> {
  using fits = await openFitsFile(index);
  const tables = (await fits.hdus()).filter((hdu) => hdu.kind === "bintable");
  if (tables.length === 0) {
    throw new FitsFormatError("found no table in the HDU index", { file: index });
  }
  const entries: DataStoreEntry[] = [];
  for (const table of tables) {
    const types = await readStrings(table, "HDU_TYPE"), ids = await obsIdsOf(table);
    const folders = await readStrings(table, "FILE_DIR");
    const names = await readStrings(table, "FILE_NAME");
    const pathOf = (i: number) => joinPath(folder, folders[i]!.trim(), names[i]!.trim());
    const kinds = types.map((type) => type.trim().toLowerCase());
    const irfs = new Map(kinds.flatMap((kind, i) => kind === "aeff" ? [[ids[i]!, pathOf(i)]] : []));
    kinds.forEach((kind, i) => {
      if (kind !== "events") return;
      const path = pathOf(i), irfPath = irfs.get(ids[i]!);
      const own = irfPath === undefined || irfPath === path ? {} : { irfPath };
      const label = tables.length > 1 ? { eventType: table.name || `table ${table.index}` } : {};
      entries.push(Object.freeze({ obsId: ids[i]!, path, ...own, ...label }));
    });
  }
  return entries;
}

/** OBS_ID as text; some data have texts there. */
export async function obsIdsOf(table: BintableHdu): Promise<string[]> {
  if (findColumn(table, "OBS_ID").type === "A") {
    return (await readStrings(table, "OBS_ID")).map((id) => id.trim());
  }
  return Array.from(await readNumbers(table, "OBS_ID"), String);
}

/** A circle on the sky. */
export interface PointingCone {
  /** Right ascension ICRS of the middle, deg. */
  readonly raDeg: number;
  /** Declination ICRS of the middle, deg. */
  readonly decDeg: number;
  /** Radius, deg. */
  readonly radiusDeg: number;
}

/**
 * The observations whose pointing is less than a radius from a position, by the observation index
 * (`obs-index.fits`) of the data store.
 *
 * @param store An open data store.
 * @param cone Position and radius.
 * @returns Entries of the store, in its order.
 * @throws FitsFormatError for a store without an observation index, or an index without pointings.
 * @example
 * ```ts
 * import { openDataStore, selectObservations } from "@gammarx/gammarx/data";
 * import { rejects } from "node:assert/strict";
 * const crab = { raDeg: 83.633, decDeg: 22.014, radiusDeg: 2 };
 * const store = { folder: "no-such-folder", index: undefined, entries: [] };
 * await rejects(selectObservations(store, crab));
 * ```
 * @see GADF 0.3, section Observation index table
 */
export async function selectObservations(
  store: DataStore,
  cone: PointingCone,
): Promise<DataStoreEntry[]> {
  const { raDeg, decDeg, radiusDeg } = cone;
  const index = indexOf(store.folder, "obs-index");
  if (index === undefined) {
    throw new FitsFormatError("found no observation index in this folder", { file: store.folder });
  }
  using fits = await openFitsFile(index);
  const table = asBintable(await fits.hdu(1));
  const ids = await obsIdsOf(table);
  const pointingRaDeg = await readNumbers(table, "RA_PNT");
  const pointingDecDeg = await readNumbers(table, "DEC_PNT");
  const near = new Set(ids.filter((_, i) => {
    const pointing = { lonDeg: pointingRaDeg[i]!, latDeg: pointingDecDeg[i]! };
    return separationDeg(pointing, { lonDeg: raDeg, latDeg: decDeg }) < radiusDeg;
  }));
  return store.entries.filter((entry) => near.has(entry.obsId));
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
