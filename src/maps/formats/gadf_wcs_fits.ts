/** GADF maps on WCS pixels: images with a table of bins, and tables of the values that are not 0. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import {
  type Card,
  card,
  findColumn,
  FitsFormatError,
  type HduInput,
  headerError,
  type ImageHdu,
  optionalColumn,
  type TableHdu,
} from "../../fits/mod.ts";
import type { Axis } from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { createSkyMap, type SkyMap } from "../sky_map.ts";
import { type WcsGeom, wcsGeomOf } from "../wcs_geom.ts";
import { bandsCards, bandsTable } from "./bands_fits.ts";
import {
  hasSkyAxes,
  inHdu,
  metaCard,
  metaOf,
  textOf,
  unitOf,
  wcsCards,
  wcsOf,
} from "./header_fits.ts";
import type { MapHdu, WriteMapOptions } from "./map_format_fits.ts";
import { placeSparse, sparseColumns } from "./sparse_fits.ts";
import { readMapImage, valuesOrFlags } from "./values_fits.ts";

/** Is the HDU an image or a sparse table with celestial axes? */
export function isWcsMap({ hdu }: MapHdu): boolean {
  if (!hasSkyAxes(hdu.header)) return false;
  if (hdu.kind === "image") return hdu.shape.length >= 2;
  return hdu.kind === "bintable" && optionalColumn(hdu, "PIX") !== undefined &&
    optionalColumn(hdu, "VALUE") !== undefined;
}

/** What is known of a WCS map beside its header: axes, and a unit where the header has none. */
export interface WcsMapParts {
  /** The further axes, slowest first. */
  readonly axes: readonly Axis[];
  /** Unit where BUNIT is absent or empty. */
  readonly unit?: string;
}

/** Reads the values of a WCS map whose axes are known. */
export async function readWcsMap(
  { hdu }: MapHdu,
  parts: WcsMapParts,
): Promise<SkyMap<WcsGeom>> {
  if (hdu.kind === "image") return await readImageMap(hdu, parts);
  if (hdu.kind === "bintable") return await readSparseMap(hdu, parts);
  throw new FitsFormatError("found neither an image nor a binary table, expected a map", {
    file: hdu.source.name,
    hdu: hdu.index,
  });
}

async function readImageMap(hdu: ImageHdu, { axes, unit }: WcsMapParts): Promise<SkyMap<WcsGeom>> {
  const { values, shape: found, valid } = await readMapImage(hdu);
  const nDims = axes.length + 2, nBins = axes.map((axis) => axis.nBins);
  // Axes of one pixel that no table tells of are none.
  const extra = found.length - nDims, rest = found.slice(Math.max(0, extra));
  const isShape = extra >= 0 && found.slice(0, extra).every((n) => n === 1) &&
    nBins.every((n, a) => n === rest[a]);
  if (!isShape) {
    throw headerError(
      hdu.header,
      "NAXIS",
      `found an image of [${found}], expected [${[...nBins, "ny", "nx"].join()}] by the axes ` +
        `(${axes.map((axis) => axis.name).join(", ") || "none"}) that are known of it`,
    );
  }
  const wcs = wcsOf(hdu), [ny, nx] = rest.slice(-2) as [number, number];
  return inHdu(hdu, undefined, () =>
    createSkyMap(wcsGeomOf(wcs, { npix: [nx, ny] }), {
      axes,
      data: valuesOrFlags(hdu, values),
      unit: unitOf(hdu) || (unit ?? ""),
      valid: valid === undefined ? undefined : ndarray(valid, [...rest]),
      meta: metaOf(hdu.header),
    }));
}

/** WCSSHAPE is a text such as "(3,2,5)": pixels along x and y, then the axes. */
function sparseShape(hdu: TableHdu): readonly [number, number] {
  const text = textOf(hdu.header, "WCSSHAPE");
  const match = /^\(\s*(\d+)\s*,\s*(\d+)\s*(,\s*\d+\s*)*,?\)$/.exec(text);
  if (match === null) {
    throw headerError(
      hdu.header,
      "WCSSHAPE",
      `found "${text}", expected a shape such as (400,200)`,
    );
  }
  return [Number(match[1]), Number(match[2])];
}

async function readSparseMap(hdu: TableHdu, { axes, unit }: WcsMapParts): Promise<SkyMap<WcsGeom>> {
  const wcs = wcsOf(hdu), npix = sparseShape(hdu);
  const geom = inHdu(hdu, "WCSSHAPE", () => wcsGeomOf(wcs, { npix }));
  findColumn(hdu, "PIX");
  const { data } = await placeSparse(hdu, { axes, nPix: npix[0] * npix[1] });
  return inHdu(hdu, undefined, () =>
    createSkyMap(geom, {
      axes,
      data: valuesOrFlags(hdu, data),
      unit: unitOf(hdu) || (unit ?? ""),
      meta: metaOf(hdu.header),
    }));
}

/** The image of a WCS map, with cards beside its own. */
export function wcsImage(
  map: SkyMap<WcsGeom>,
  { name, header }: { readonly name?: string | undefined; readonly header: readonly Card[] },
): HduInput {
  const { data, offset, length } = flatten(map.values);
  return {
    kind: "image",
    ...(name === undefined ? {} : { name }),
    data: data.subarray(offset, offset + length),
    shape: [...map.values.shape],
    ...(map.unit ? { unit: map.unit } : {}),
    header: [...wcsCards(map.geom.wcs), ...header],
  };
}

/** The HDUs of a WCS map. */
export function writeGadfWcs(
  map: SkyMap<WcsGeom>,
  { name, sparse = false }: WriteMapOptions,
  formatCards: readonly Card[],
): HduInput[] {
  const { axes, geom } = map, hduName = name ?? (sparse ? "SKYMAP" : undefined);
  const bands = `${hduName ?? "PRIMARY"}_BANDS`;
  const shape = [...geom.npix, ...axes.map((axis) => axis.nBins).reverse()];
  const header = [
    ...formatCards,
    ...bandsCards(axes),
    card("WCSSHAPE", `(${shape})`, "pixels along x and y, bins of the axes"),
    ...(axes.length === 0 ? [] : [card("BANDSHDU", bands, "bins of the further axes")]),
    metaCard(map.meta),
  ];
  const values: HduInput = sparse
    ? {
      kind: "bintable",
      name: hduName!,
      header: [...wcsCards(geom.wcs), ...header, card("BUNIT", map.unit ?? "")],
      columns: sparseColumns(map),
    }
    : wcsImage(map, { name, header });
  return axes.length === 0 ? [values] : [values, bandsTable(axes, bands)];
}
