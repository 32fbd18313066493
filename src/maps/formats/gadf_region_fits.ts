/** GADF maps of a region, or of no sky: a table of a value a bin, one of bins and one of regions. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import {
  type BintableHdu,
  type Card,
  card,
  FitsFormatError,
  type HduInput,
  optionalColumn,
} from "../../fits/mod.ts";
import type { Axis } from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { NO_SKY, type NoSkyGeom } from "../no_sky_geom.ts";
import type { RegionGeom } from "../region_geom.ts";
import { createSkyMap, type SkyMap } from "../sky_map.ts";
import { bandsCards, bandsTable } from "./bands_fits.ts";
import { checkedUnit, hduNamed, inHdu, metaCard, metaOf, unitOf } from "./header_fits.ts";
import type { MapHdu, WriteMapOptions } from "./map_format_fits.ts";
import { readRegionTable, regionTable } from "./region_table_fits.ts";
import { readMapColumns, valuesOrFlags } from "./values_fits.ts";

/** Is the HDU a table of the values of a region? */
export function isRegionMap({ hdu }: MapHdu): boolean {
  return hdu.kind === "bintable" && optionalColumn(hdu, "CHANNEL") !== undefined &&
    optionalColumn(hdu, "DATA") !== undefined;
}

/** The region of a map: that of the table NAME_REGION, or the only one of the file; none where absent. */
export async function regionOfMap(
  found: MapHdu,
  axes: readonly Axis[],
  names: readonly string[],
): Promise<RegionGeom | NoSkyGeom> {
  const table = names.map((name) => hduNamed(found, name)).find((one) => one !== undefined);
  if (table === undefined) return NO_SKY;
  if (table.kind === "bintable") return await readRegionTable(table, axes);
  throw new FitsFormatError("found no binary table, expected the regions of a map", {
    file: table.source.name,
    hdu: table.index,
  });
}

/** Reads a map of a region whose axes are known. */
export async function readGadfRegion(
  found: MapHdu,
  axes: readonly Axis[],
): Promise<SkyMap<RegionGeom | NoSkyGeom>> {
  const table = found.hdu as BintableHdu;
  const geom = await regionOfMap(found, axes, [`${table.name}_REGION`, "REGION"]);
  const [column] = await readMapColumns(table, ["DATA"]);
  const { values, valid } = column!, shape = axes.map((axis) => axis.nBins);
  const unit = unitOf(table) || checkedUnit(table, "column DATA", column!.unit);
  return inHdu(table, "column DATA", () =>
    createSkyMap(geom, {
      axes,
      data: valuesOrFlags(table, values),
      unit,
      valid: valid && ndarray(valid, shape),
      meta: metaOf(table.header),
    }));
}

/** The HDUs of a map of a region. */
export function writeGadfRegion(
  map: SkyMap<RegionGeom | NoSkyGeom>,
  { name = "SKYMAP" }: WriteMapOptions,
  formatCards: readonly Card[],
): HduInput[] {
  const { axes, geom } = map, { data, offset, length } = flatten(map.values);
  const channel = Int32Array.from({ length }, (_, i) => i);
  const values: HduInput = {
    kind: "bintable",
    name,
    header: [
      ...formatCards,
      ...bandsCards(axes),
      ...(axes.length === 0 ? [] : [card("BANDSHDU", `${name}_BANDS`, "bins of the axes")]),
      metaCard(map.meta),
    ],
    columns: [
      { name: "CHANNEL", values: channel },
      { name: "DATA", values: data.subarray(offset, offset + length), unit: map.unit ?? "" },
    ],
  };
  return [
    values,
    ...(axes.length === 0 ? [] : [bandsTable(axes, `${name}_BANDS`)]),
    ...(geom.kind === "no-sky" ? [] : [regionTable(geom, `${name}_REGION`)]),
  ];
}
