/**
 * GADF maps on HEALPix pixels: a column a bin of the axes (CHANNEL1 …), pixels by row, by column or by
 * HPX_REG, or a table of the values that are not 0; planes of several nside; cells by NUNIQ number.
 */
import {
  type BintableHdu,
  type Card,
  card,
  FitsFormatError,
  type HduInput,
  optionalColumn,
} from "../../fits/mod.ts";
import type { Axis, NumericArray } from "../../nddata/mod.ts";
import { healpixNpix } from "../../sky/mod.ts";
import { geomOf, type HpxGeom } from "../hpx_geom.ts";
import { hpxPixels, hpxToLocal } from "../hpx_pixels.ts";
import { hpxRegionPixels } from "../hpx_region.ts";
import { createSkyMap, type SkyMap } from "../sky_map.ts";
import { bandsCards, bandsTable } from "./bands_fits.ts";
import { inHdu, metaCard, metaOf, textOf, unitOf } from "./header_fits.ts";
import { readPlanesOfSeveralNside } from "./hpx_multi_nside_fits.ts";
import { gridOf, hpxCards, type HpxHeader, hpxHeader, regionPixels } from "./hpx_header_fits.ts";
import { hpxTableGeom, isAllSky, pixelColumn, planeColumns, readPlanes } from "./hpx_table_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import type { ReadMapOptions, WriteMapOptions } from "./map_format_fits.ts";
import { placeSparse, sparseColumns } from "./sparse_fits.ts";
import { readMapColumns, valuesOrFlags } from "./values_fits.ts";

/** What is known of the axes of a HEALPix map. */
export interface HpxBands {
  /** The axes, slowest first. */
  readonly axes: readonly Axis[];
  /** Nside of each plane in C order of the axes; undefined where all have one. */
  readonly nsides: readonly number[] | undefined;
}

/** Reads a GADF HEALPix map whose axes are known. */
export async function readGadfHpx(
  table: BintableHdu,
  bands: HpxBands,
  options: ReadMapOptions,
): Promise<SkyMap<HpxGeom>> {
  const header = hpxHeader(table), isSparse = header.scheme === "SPARSE";
  if (bands.nsides !== undefined) {
    return await readPlanesOfSeveralNside(
      table,
      { ...bands, nsides: bands.nsides, header },
      options,
    );
  }
  if (isSparse || optionalColumn(table, "VALUE") !== undefined) {
    return await readSparse(table, bands.axes, header);
  }
  const found = await hpxTableGeom(table, header), pixels = pixelColumn(table);
  const names = table.columns.map((column) => column.name)
    .filter((name) => name !== pixels && (/^CHANNEL\d+$/i.test(name) || name === options.column));
  const planes = await readPlanes(table, channelNames(table, names, pixels), found);
  return valuesMap(table, { geom: found.geom, axes: bands.axes, ...planes });
}

/** The columns CHANNELn; where there are none, all but that of the pixels. */
function channelNames(
  table: BintableHdu,
  names: readonly string[],
  pixels: string | undefined,
): readonly string[] {
  if (names.length > 0) return names;
  const others = table.columns.map((column) => column.name).filter((name) => name !== pixels);
  if (others.length > 0) return others;
  throw new FitsFormatError("found no column CHANNEL1, expected one for each bin", {
    file: table.source.name,
    hdu: table.index,
  });
}

async function readSparse(
  table: BintableHdu,
  axes: readonly Axis[],
  header: HpxHeader,
): Promise<SkyMap<HpxGeom>> {
  const geom = await sparseGeom(table, header);
  const pixelOf = isAllSky(geom) ? undefined : (pix: number) => hpxToLocal(geom, pix);
  const grid = { axes, nPix: geom.nPix, ...(pixelOf === undefined ? {} : { pixelOf }) };
  const { data } = await placeSparse(table, grid);
  return inHdu(table, undefined, () =>
    createSkyMap(geom, {
      axes,
      data: valuesOrFlags(table, data),
      unit: unitOf(table),
      meta: metaOf(table.header),
    }));
}

/** The pixels of a sparse table: those of HPX_REG, those listed where GRXPIX says so, or all. */
async function sparseGeom(table: BintableHdu, header: HpxHeader): Promise<HpxGeom> {
  const grid = gridOf(table, header);
  if (textOf(table.header, "GRXPIX") !== "LISTED") {
    const geom = geomOf(grid, header.frame, regionPixels(table, grid, header));
    return geom;
  }
  const [pix] = await readMapColumns(table, ["PIX"]);
  const listed = Float64Array.from(new Set<number>(pix!.values)).sort();
  const nPix = healpixNpix(grid);
  if (listed.some((one) => !(one >= 0 && one < nPix))) {
    throw new FitsFormatError(`found a pixel that nside ${grid.nside} does not have`, {
      file: table.source.name,
      hdu: table.index,
      keyword: "column PIX",
    });
  }
  return geomOf(grid, header.frame, listed);
}

/** The HDUs of a HEALPix map. */
export function writeGadfHpx(
  map: SkyMap<HpxGeom>,
  { name = "SKYMAP", sparse = false, hpxRegion }: WriteMapOptions,
  formatCards: readonly Card[],
): HduInput[] {
  const { axes, geom } = map, bands = `${name}_BANDS`, isCells = geom.cells !== undefined;
  if (hpxRegion !== undefined) checkRegion(geom, hpxRegionPixels(geom.grid, hpxRegion));
  const isPart = !isAllSky(geom), isListed = isPart && !isCells && hpxRegion === undefined;
  const isSparse = sparse || isListed;
  if (sparse && isCells) {
    throw new TypeError("A map of cells of several sizes has no sparse form: leave sparse out");
  }
  const scheme = isSparse ? "SPARSE" : isPart ? "EXPLICIT" : "IMPLICIT";
  const numbers = isPart ? { pixels: hpxPixels(geom) } : {};
  const columns = isSparse ? sparseColumns(map, { ...numbers, all: isListed }) : planeColumns(map, {
    names: (plane) => `CHANNEL${plane + 1}`,
    pixels: isCells ? "UNIQ" : isPart ? "PIX" : undefined,
  });
  const values: HduInput = {
    kind: "bintable",
    name,
    header: [
      ...hpxCards(geom, { scheme, convention: "GADF", region: hpxRegion }),
      ...formatCards,
      ...(isListed ? [card("GRXPIX", "LISTED", "the map has the pixels that are listed")] : []),
      ...bandsCards(axes),
      ...(axes.length === 0 ? [] : [card("BANDSHDU", bands, "bins of the further axes")]),
      card("BUNIT", map.unit ?? ""),
      metaCard(map.meta),
    ],
    columns,
  };
  return axes.length === 0 ? [values] : [values, bandsTable(axes, bands)];
}

/** Throws RangeError unless a region has exactly the pixels of a map. */
function checkRegion(geom: HpxGeom, found: Float64Array): void {
  const own: NumericArray = hpxPixels(geom);
  if (found.length === own.length && found.every((pix, i) => pix === own[i])) return;
  throw new RangeError(
    `hpxRegion: found a part of the sky with ${found.length} pixels that are not the ${own.length} ` +
      `of the map`,
  );
}
