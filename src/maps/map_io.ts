import {
  encodeFits,
  type FitsFile,
  type HduInput,
  memorySource,
  type OpenByteSourceOptions,
  openFits,
  openFitsFile,
  writeFileAtomic,
} from "../fits/mod.ts";
import { mapHdus, type MapHdusOptions } from "./map_fits.ts";
import { type FitsMapOptions, readFitsMap, readFitsMaps } from "./read_map_fits.ts";
import type { SkyMap } from "./sky_map.ts";

/** How a map is read from a file. */
export interface ReadMapFileOptions extends FitsMapOptions, OpenByteSourceOptions {
  /** What messages call bytes that are in memory; "memory" where absent. */
  readonly name?: string | undefined;
}

/**
 * Reads a map from a file, an address, or bytes in memory, compressed or not.
 *
 * @param from Path, address with http or https, or the bytes of a FITS file.
 * @param options Which HDU (the first that is a map where absent), which format (found where absent).
 * @returns The map; numbers keep their type, units stand as in the file.
 * @throws FitsFormatError for a file without a map, or one that is not what its format asks for, naming
 *   file, HDU and keyword; the system's error for a file that cannot be read.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, mapHdus, readMap } from "@gammarx/gammarx/maps";
 * import { encodeFits } from "@gammarx/gammarx/fits";
 * import { deepStrictEqual } from "node:assert/strict";
 * const counts = createSkyMap(createWcsGeom({ npix: [3, 2], proj: "TAN" }));
 * deepStrictEqual((await readMap(encodeFits(mapHdus(counts)))).values.shape, [2, 3]);
 * ```
 * @see gammapy.maps.Map.read
 */
export async function readMap(
  from: string | URL | Uint8Array,
  options: ReadMapFileOptions = {},
): Promise<SkyMap> {
  using fits = await openMapFile(from, options);
  return await readFitsMap(fits, options);
}

/**
 * Reads all maps of a file, by the names of their HDUs.
 *
 * @param from Path, address with http or https, or the bytes of a FITS file.
 * @param options Format where it is to be given.
 * @returns Maps by name, in the order of the file; an HDU without a name is "HDU n".
 * @throws As {@link readMap}; a file without a map gives none.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, mapHdus, openMaps } from "@gammarx/gammarx/maps";
 * import { encodeFits } from "@gammarx/gammarx/fits";
 * import { deepStrictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [3, 2], proj: "TAN" }));
 * const bytes = encodeFits(["COUNTS", "EXPOSURE"].flatMap((name) => mapHdus(map, { name })));
 * deepStrictEqual([...(await openMaps(bytes)).keys()], ["COUNTS", "EXPOSURE"]);
 * ```
 * @see gammapy.maps.Maps.read
 */
export async function openMaps(
  from: string | URL | Uint8Array,
  options: ReadMapFileOptions = {},
): Promise<ReadonlyMap<string, SkyMap>> {
  using fits = await openMapFile(from, options);
  return await readFitsMaps(fits, options);
}

async function openMapFile(
  from: string | URL | Uint8Array,
  options: ReadMapFileOptions,
): Promise<FitsFile> {
  return from instanceof Uint8Array
    ? await openFits(memorySource(from, options.name), options)
    : await openFitsFile(from, options);
}

/** How {@link writeMap} writes. */
export interface WriteMapFileOptions extends MapHdusOptions {
  /** Replace a file that is there; false where absent. */
  readonly overwrite?: boolean | undefined;
  /** Write CHECKSUM and DATASUM; true where absent. */
  readonly checksum?: boolean | undefined;
}

/**
 * Writes a map, or several by name, to a FITS file: nobody ever sees half of it.
 *
 * @param path Where the file shall stand.
 * @param maps A map, or maps by name; names become those of the HDUs, in upper case.
 * @param options Format, overwrite, checksums.
 * @throws TypeError for a map that the format cannot hold; Deno.errors.AlreadyExists where there is a
 *   file and `overwrite` is not set; the system's error where it cannot be written.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, openMaps, writeMap } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const path = Deno.makeTempFileSync({ suffix: ".fits" });
 * const map = createSkyMap(createWcsGeom({ npix: [3, 2], proj: "TAN" }));
 * await writeMap(path, { counts: map, exposure: map }, { overwrite: true });
 * deepStrictEqual([...(await openMaps(path)).keys()], ["COUNTS", "EXPOSURE"]);
 * Deno.removeSync(path);
 * ```
 * @see gammapy.maps.Map.write
 */
export async function writeMap(
  path: string,
  maps: SkyMap | Readonly<Record<string, SkyMap>>,
  options: WriteMapFileOptions = {},
): Promise<void> {
  const { overwrite = false, checksum = true } = options;
  const bytes = encodeFits(fileHdus(maps, options), { checksum });
  if (!overwrite && await isThere(path)) {
    throw new Deno.errors.AlreadyExists(`${path}: there is a file; set overwrite to replace it`);
  }
  await writeFileAtomic(path, bytes);
}

/** The HDUs of a file; named maps stand behind an empty primary HDU, as Gammapy has them. */
function fileHdus(
  maps: SkyMap | Readonly<Record<string, SkyMap>>,
  options: WriteMapFileOptions,
): HduInput[] {
  const hdus = isMap(maps)
    ? mapHdus(maps, options)
    : Object.entries(maps).flatMap(([name, map]) =>
      mapHdus(map, { ...options, name: name.toUpperCase() })
    );
  return hdus[0]?.name === undefined ? hdus : [{ kind: "image" }, ...hdus];
}

function isMap(maps: SkyMap | Readonly<Record<string, SkyMap>>): maps is SkyMap {
  return "geom" in maps && "values" in maps && "place" in maps;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
