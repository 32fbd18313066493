import {
  asImage,
  card,
  type FitsFile,
  FitsFormatError,
  type Hdu,
  headerFromCards,
  isImage,
  verifyChecksum,
} from "../fits/mod.ts";
import type { MapFormat, MapHdu, ReadMapOptions } from "./formats/map_format_fits.ts";
import { partOf } from "./formats/parts_fits.ts";
import { textOf } from "./formats/header_fits.ts";
import { mapFormats } from "./map_formats_fits.ts";
import type { SkyMap } from "./sky_map.ts";

/** Which map of a file is read, and how. */
export interface FitsMapOptions extends ReadMapOptions {
  /** Name or index of the HDU of the values; the first HDU that is a map where absent. */
  readonly hdu?: string | number | undefined;
  /** Format to take it for; found from the file where absent. */
  readonly format?: string | undefined;
  /** Hold CHECKSUM and DATASUM of all HDUs against their bytes first; false where absent. */
  readonly verify?: boolean | undefined;
}

/**
 * The map of an open FITS file.
 *
 * Numbers keep the type they have in the file, units stand as they are there. Where the name of the HDU
 * says MASK (or IS_UL, SUCCESS) and all numbers are 0 or 1, they are flags, a Uint8Array with 1 = true.
 *
 * @param fits An open file; it stays the caller's.
 * @param options Which HDU, which format.
 * @returns The map; the caller's.
 * @throws FitsFormatError for a file without a map, or one that is not what its format asks for, naming
 *   file, HDU and keyword; RangeError for a format that is not registered.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, mapHdus, readFitsMap } from "@gammarx/gammarx/maps";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const counts = createSkyMap(createWcsGeom({ npix: [3, 2], proj: "TAN" }), { unit: "cm2 s" });
 * using fits = await openFits(memorySource(encodeFits(mapHdus(counts))));
 * strictEqual((await readFitsMap(fits)).unit, "cm2 s");
 * ```
 */
export async function readFitsMap(fits: FitsFile, options: FitsMapOptions = {}): Promise<SkyMap> {
  const hdus = await allHdus(fits, options);
  if (options.hdu !== undefined) {
    const { index } = await fits.hdu(options.hdu), found = { fits, hdus, hdu: hdus[index]! };
    const format = formatOf(found, options.format);
    if (format !== undefined) return await readBy(format, found, options);
    throw new FitsFormatError(
      `found no map${
        ofFormat(options)
      }: expected celestial axes (CTYPE1), PIXTYPE = HEALPIX, or the ` +
        `columns CHANNEL and DATA`,
      { file: fits.name, hdu: found.hdu.index },
    );
  }
  for (const hdu of hdus) {
    const found = { fits, hdus, hdu }, format = formatOf(found, options.format);
    if (format !== undefined && partOf(hdu) === "") {
      return await readBy(format, found, options);
    }
  }
  const list = hdus.map((hdu) => hdu.name || `HDU ${hdu.index}`).join(", ");
  throw new FitsFormatError(`found no map${ofFormat(options)} among ${list}`, { file: fits.name });
}

/**
 * All maps of an open FITS file, by the names of their HDUs.
 *
 * @param fits An open file; it stays the caller's.
 * @param options Format; `hdu` is not looked at.
 * @returns Maps by name in the order of the file; an HDU without a name is "HDU n", a second one of a
 *   name "NAME,n", with its index. Variances and validities of maps are in their maps.
 * @throws As {@link readFitsMap}; a file without a map gives none.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, mapHdus, readFitsMaps } from "@gammarx/gammarx/maps";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { deepStrictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [3, 2], proj: "TAN" }));
 * const bytes = encodeFits(["COUNTS", "EXPOSURE"].flatMap((name) => mapHdus(map, { name })));
 * using fits = await openFits(memorySource(bytes));
 * deepStrictEqual([...(await readFitsMaps(fits)).keys()], ["COUNTS", "EXPOSURE"]);
 * ```
 */
export async function readFitsMaps(
  fits: FitsFile,
  options: FitsMapOptions = {},
): Promise<ReadonlyMap<string, SkyMap>> {
  const maps = new Map<string, SkyMap>(), hdus = await allHdus(fits, options);
  for (const hdu of hdus) {
    const found = { fits, hdus, hdu }, format = formatOf(found, options.format);
    if (format === undefined || partOf(hdu) !== "") continue;
    const name = hdu.name || `HDU ${hdu.index}`;
    maps.set(maps.has(name) ? `${name},${hdu.index}` : name, await readBy(format, found, options));
  }
  return maps;
}

/** Reads a map; a unit that is given stands in the header as if it had been there. */
async function readBy(
  format: MapFormat,
  found: MapHdu,
  options: FitsMapOptions,
): Promise<SkyMap> {
  const { unit } = options, { hdu } = found;
  if (unit === undefined) return await format.read(found, options);
  const { cards, file, hdu: index } = hdu.header;
  const others = cards.filter(({ keyword }) => keyword !== "BUNIT");
  const header = headerFromCards([...others, card("BUNIT", unit)], { file, hdu: index });
  return await format.read({ ...found, hdu: { ...hdu, header } }, options);
}

function ofFormat({ format }: FitsMapOptions): string {
  return format === undefined ? "" : ` of the format ${format}`;
}

/** All HDUs, compressed images as images, with their checksums held against their bytes where asked for. */
async function allHdus(
  fits: FitsFile,
  { verify = false }: FitsMapOptions,
): Promise<readonly Hdu[]> {
  const hdus = await fits.hdus();
  if (verify) { for (const hdu of hdus) await checkSums(hdu); }
  return hdus.map((hdu) => isImage(hdu) ? asImage(hdu) : hdu);
}

async function checkSums(hdu: Hdu): Promise<void> {
  const { datasum, checksum } = await verifyChecksum(hdu);
  if (datasum !== "wrong" && checksum !== "wrong") return;
  throw new FitsFormatError("the bytes are not those that the checksum was made of", {
    file: hdu.source.name,
    hdu: hdu.index,
    keyword: datasum === "wrong" ? "DATASUM" : "CHECKSUM",
  });
}

/** The format of an HDU: the one asked for, the one that it names, the first that recognises it. */
function formatOf(found: MapHdu, format: string | undefined): MapFormat | undefined {
  const known = mapFormats.entries("map");
  if (format !== undefined) {
    const asked = known.filter((one) => one.format === format);
    if (asked.length === 0) mapFormats.lookup("map", format);
    return asked.find((one) => one.recognises(found));
  }
  const named = textOf(found.hdu.header, "GRXFORM");
  return known.find((one) => one.format === named && one.recognises(found)) ??
    known.find((one) => one.recognises(found));
}
