/** The format of sky maps of gamma-astro-data-formats, as Gammapy writes it: WCS, HEALPix and regions. */
import {
  card,
  FitsFormatError,
  type Hdu,
  type HduInput,
  headerError,
  optionalColumn,
  readNumbers,
  type TableHdu,
} from "../../fits/mod.ts";
import { type Axis, createNDArr } from "../../nddata/mod.ts";
import type { SkyGeom } from "../sky_geom.ts";
import { mapOf, type SkyMap } from "../sky_map.ts";
import { readBands } from "./bands_fits.ts";
import { imageAxes, tableNamed } from "./energy_axes_fits.ts";
import { type HpxBands, readGadfHpx, writeGadfHpx } from "./gadf_hpx_fits.ts";
import { isRegionMap, readGadfRegion, writeGadfRegion } from "./gadf_region_fits.ts";
import { isWcsMap, readWcsMap, writeGadfWcs } from "./gadf_wcs_fits.ts";
import { inHdu, textOf } from "./header_fits.ts";
import { isHpxTable } from "./hpx_header_fits.ts";
import type { MapFormat, MapHdu, ReadMapOptions, WriteMapOptions } from "./map_format_fits.ts";
import { arrWithParts, partHdu, partsOf } from "./parts_fits.ts";

const VERSION = "0.3";
const URL = "https://github.com/open-gamma-ray-astro/gamma-astro-data-formats";

const FORMAT_CARDS = [
  card("HDUCLASS", "GADF", "format of the map"),
  card("HDUDOC", URL),
  card("HDUVERS", VERSION),
  card("HDUCLAS1", "SKYMAP"),
];

/** The table of bins that a map names, or that has its name. */
function bandsOf(found: MapHdu): TableHdu | undefined {
  const { header } = found.hdu, named = textOf(header, "BANDSHDU");
  if (named === "") return tableNamed(found, `${found.hdu.name}_BANDS`);
  const table = tableNamed(found, named);
  if (table !== undefined) return table;
  throw headerError(header, "BANDSHDU", `found "${named}", but the file has no table of that name`);
}

async function axesOf(found: MapHdu): Promise<readonly Axis[]> {
  const bands = bandsOf(found);
  if (bands === undefined) return imageAxes(found.hdu);
  await refuseSeveralSizes(bands);
  return await readBands(bands);
}

/** Planes of several pixel sizes, one below the other in an image, are no cube. */
async function refuseSeveralSizes(bands: TableHdu): Promise<void> {
  if (optionalColumn(bands, "NPIX") === undefined) return;
  const npix = await readNumbers(bands, "NPIX");
  if (npix.every((one, i) => one === npix[i % 2])) return;
  throw headerError(
    bands.header,
    "column NPIX",
    "found planes of different numbers of pixels, expected one geometry for all of a map",
  );
}

async function hpxBands(found: MapHdu): Promise<HpxBands> {
  const bands = bandsOf(found), axes = bands === undefined ? [] : await readBands(bands);
  if (bands === undefined || optionalColumn(bands, "NSIDE") === undefined) {
    return { axes, nsides: undefined };
  }
  return { axes, nsides: [...await readNumbers(bands, "NSIDE")] };
}

async function readValues(found: MapHdu, options: ReadMapOptions): Promise<SkyMap> {
  const { hdu } = found;
  if (hdu.kind === "bintable" && isHpxTable(hdu)) {
    return await readGadfHpx(hdu, await hpxBands(found), options);
  }
  if (isWcsMap(found)) return await readWcsMap(found, { axes: await axesOf(found) });
  if (isRegionMap(found)) return await readGadfRegion(found, await axesOf(found));
  throw new FitsFormatError("found no values of a map: neither an image of the sky nor a table", {
    file: hdu.source.name,
    hdu: hdu.index,
  });
}

interface KindWriter<G extends SkyGeom> {
  /** Name of the HDU that has none. */
  readonly name: string;
  readonly write: (
    map: SkyMap<G>,
    options: WriteMapOptions,
    cards: typeof FORMAT_CARDS,
  ) => HduInput[];
}

const WRITERS: { readonly [K in SkyGeom["kind"]]: KindWriter<Extract<SkyGeom, { kind: K }>> } = {
  "wcs-geom": { name: "PRIMARY", write: writeGadfWcs },
  "hpx-geom": { name: "SKYMAP", write: writeGadfHpx },
  "region-geom": { name: "SKYMAP", write: writeGadfRegion },
  "no-sky": { name: "SKYMAP", write: writeGadfRegion },
};

/** GADF sky maps 0.3. */
export const GADF_MAP: MapFormat = Object.freeze({
  kind: "map",
  format: "gadf",
  version: VERSION,
  recognises: (found: MapHdu) => isHpxTable(found.hdu) || isWcsMap(found) || isRegionMap(found),
  async read(found: MapHdu, options: ReadMapOptions) {
    const map = await readValues(found, options), { geom, axes, meta } = map;
    const read = (hdu: Hdu) => readValues({ ...found, hdu }, options);
    const arr = await arrWithParts(map, found, read);
    return arr === map ? map : inHdu(found.hdu, undefined, () => mapOf(geom, arr, { axes, meta }));
  },
  write(map: SkyMap, options: WriteMapOptions) {
    const { name, write } = WRITERS[map.geom.kind] as unknown as KindWriter<SkyGeom>;
    const own = options.name ?? (options.sparse ? "SKYMAP" : name), { geom, axes } = map;
    const parts = partsOf(map).flatMap((part) => {
      const { values, unit } = part, partName = `${own}_${part.part}`;
      const partMap = mapOf(geom, createNDArr(values, { unit }), { axes });
      const [hdu, ...rest] = write(partMap, { ...options, name: partName }, FORMAT_CARDS);
      return [partHdu(hdu!, part, own), ...rest];
    });
    return [...write(map, options, FORMAT_CARDS), ...parts];
  },
});
