import type { HduInput } from "../fits/mod.ts";
import type { WriteMapOptions } from "./formats/map_format_fits.ts";
import { mapFormats } from "./map_formats_fits.ts";
import type { SkyMap } from "./sky_map.ts";

/** How {@link mapHdus} lays out a map. */
export interface MapHdusOptions extends WriteMapOptions {
  /** Format; "gadf" where absent. */
  readonly format?: string | undefined;
  /** Version of the format; the first registered one where absent. */
  readonly version?: string | undefined;
}

/**
 * The HDUs of a map in a file format: values, bins of its axes, region, and what the format needs beside.
 *
 * "gadf" holds every map, its variance, validity and bit planes too (in HDUs NAME_VARIANCE, NAME_VALID,
 * NAME_PLANES); other formats refuse what they have no place for. See the README of the formats for which
 * maps each of them takes.
 *
 * @param map The map.
 * @param options Format, name of the HDU, sparse or not.
 * @returns HDUs for `encodeFits`; they share the map's memory.
 * @throws RangeError for an unknown format, naming those there are; TypeError for one that is read only,
 *   or cannot hold the map.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, mapHdus } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 3 })];
 * const counts = createSkyMap(createWcsGeom({ npix: [5, 4], proj: "TAN" }), { axes });
 * deepStrictEqual(mapHdus(counts, { name: "COUNTS" }).map((hdu) => hdu.name), ["COUNTS", "COUNTS_BANDS"]);
 * ```
 * @see GADF 0.3, section Sky maps
 */
export function mapHdus(map: SkyMap, options: MapHdusOptions = {}): HduInput[] {
  const { format = "gadf", version } = options;
  const { write } = mapFormats.lookup("map", format, version);
  if (write === undefined) {
    const writable = mapFormats.entries("map").filter((one) => one.write !== undefined);
    const names = writable.map((one) => one.format).join(", ");
    throw new TypeError(`The format ${format} can be read only: write one of ${names}`);
  }
  return write(map, options);
}
