/** HEALPix tables: which pixels they have, and their columns as planes of a map. */
import {
  type BintableHdu,
  type ColumnInput,
  FitsFormatError,
  optionalColumn,
} from "../../fits/mod.ts";
import type { NumericArray } from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { healpixNpix } from "../../sky/mod.ts";
import { createHpxGeom, geomOf, type HpxGeom } from "../hpx_geom.ts";
import { hpxPixels, hpxToLocal } from "../hpx_pixels.ts";
import type { SkyMap } from "../sky_map.ts";
import { inHdu } from "./header_fits.ts";
import { gridOf, type HpxHeader, regionPixels } from "./hpx_header_fits.ts";
import { integers } from "./sparse_fits.ts";
import { readMapColumns, sameTypeArray } from "./values_fits.ts";

/** Names of the column of pixel numbers. */
const PIXEL_COLUMNS: readonly string[] = ["PIX", "PIXEL", "UNIQ", "HPXINDEX"];

/** The pixels of a table. */
export interface HpxTableGeom {
  /** The geometry. */
  readonly geom: HpxGeom;
  /** Local index of each row's pixel; undefined where the rows are in the order of the geometry. */
  readonly places: Int32Array | undefined;
}

/** The name of the column of pixel numbers; undefined where the rows are the pixels. */
export function pixelColumn(table: BintableHdu): string | undefined {
  return PIXEL_COLUMNS.find((name) => optionalColumn(table, name) !== undefined);
}

/** The pixels of a table of one nside whose columns are planes. */
export async function hpxTableGeom(table: BintableHdu, header: HpxHeader): Promise<HpxTableGeom> {
  const column = pixelColumn(table);
  if (header.order === undefined) return await cellsGeom(table, header, column);
  const grid = gridOf(table, header),
    ofRegion = () => geomOf(grid, header.frame, regionPixels(table, grid, header));
  if (column === undefined || header.scheme === "IMPLICIT") {
    return { geom: ofRegion(), places: undefined };
  }
  const [numbers] = await readMapColumns(table, [column]), { values } = numbers!;
  if (header.scheme === "LOCAL") {
    const geom = ofRegion(), { nPix } = geom;
    const isIndex = (pix: number) => Number.isInteger(pix) && pix < nPix;
    return {
      geom,
      places: placesOf(table, values, { nPix, of: (pix) => isIndex(pix) ? pix : -1 }),
    };
  }
  const { nside, order } = grid, { frame } = header;
  const geom = inHdu(
    table,
    `column ${column}`,
    () => createHpxGeom({ nside, order, frame, pixels: values }),
  );
  return { geom, places: globalPlaces(table, values, geom) };
}

async function cellsGeom(
  table: BintableHdu,
  { frame }: HpxHeader,
  column: string | undefined,
): Promise<HpxTableGeom> {
  const [numbers] = await readMapColumns(table, [column ?? "UNIQ"]), { values } = numbers!;
  const geom = inHdu(table, `column ${column}`, () => createHpxGeom({ uniq: values, frame }));
  return { geom, places: globalPlaces(table, values, geom) };
}

function globalPlaces(
  table: BintableHdu,
  numbers: NumericArray,
  geom: HpxGeom,
): Int32Array | undefined {
  return placesOf(table, numbers, { nPix: geom.nPix, of: (pix) => hpxToLocal(geom, pix) });
}

/** The place of each row; each pixel at most once. */
function placesOf(
  table: BintableHdu,
  numbers: NumericArray,
  place: { readonly nPix: number; readonly of: (pix: number) => number },
): Int32Array | undefined {
  const places = new Int32Array(numbers.length), seen = new Uint8Array(place.nPix);
  let isInOrder = true;
  for (let row = 0; row < places.length; row++) {
    const at = place.of(numbers[row]!);
    if (!(at >= 0) || seen[at] === 1) {
      throw new FitsFormatError(
        `row ${row}: found pixel ${numbers[row]} ` +
          (at >= 0 ? "a second time" : "that the map does not have"),
        { file: table.source.name, hdu: table.index },
      );
    }
    seen[at] = 1;
    places[row] = at;
    if (at !== row) isInOrder = false;
  }
  return isInOrder ? undefined : places;
}

/** Columns of one type as planes of a map. */
export interface HpxPlanes {
  /** Values, shape [planes, pixels] in C order. */
  readonly data: NumericArray;
  /** 1 where a column has a value; undefined where all have. */
  readonly valid: Uint8Array | undefined;
  /** Unit of the columns, "" where they have none. */
  readonly unit: string;
}

/**
 * Reads columns as planes. A single column of vectors has a plane for each element of a row where
 * `isVector` is true; otherwise the elements of a row are pixels that follow each other.
 */
export async function readPlanes(
  table: BintableHdu,
  names: readonly string[],
  { geom, places, isVector = false }: HpxTableGeom & { readonly isVector?: boolean },
): Promise<HpxPlanes> {
  const columns = await readMapColumns(table, names), { nPix } = geom;
  const width = isVector ? columns[0]!.width : 1, nPlanes = names.length * width;
  const like = columns.some(({ values }) => values.constructor !== columns[0]!.values.constructor)
    ? new Float64Array(0)
    : columns[0]!.values;
  columns.forEach(({ values }, c) => checkLength(table, names[c]!, values.length / width, nPix));
  if (columns.length === 1 && width === 1 && places === undefined) {
    const { values, valid, unit } = columns[0]!;
    return { data: values, valid, unit: unit?.trim() ?? "" };
  }
  const data = sameTypeArray(like, nPlanes * nPix);
  const isMissing = columns.some(({ valid }) => valid !== undefined);
  const flags = isMissing ? new Uint8Array(data.length).fill(1) : undefined;
  columns.forEach(({ values, valid }, c) => {
    for (let row = 0, i = 0; row < nPix; row++) {
      const pixel = places === undefined ? row : places[row]!;
      for (let w = 0; w < width; w++, i++) {
        const at = (c * width + w) * nPix + pixel;
        data[at] = values[i]!;
        if (flags !== undefined && valid !== undefined) flags[at] = valid[i]!;
      }
    }
  });
  return { data, valid: flags, unit: columns[0]!.unit?.trim() ?? "" };
}

function checkLength(table: BintableHdu, name: string, found: number, nPix: number): void {
  if (found === nPix) return;
  throw new FitsFormatError(
    `found ${found} values, expected one for each of the ${nPix} pixels`,
    { file: table.source.name, hdu: table.index, keyword: `column ${name}` },
  );
}

/** The columns of a map: the numbers of its pixels where asked for, then one a plane. */
export function planeColumns(
  map: SkyMap<HpxGeom>,
  options: {
    readonly names: (plane: number) => string;
    readonly pixels?: string | undefined;
    readonly unit?: string;
  },
): ColumnInput[] {
  const { data, offset, length } = flatten(map.values), { nPix } = map.geom, { names } = options;
  const unit = options.unit ? { unit: options.unit } : {};
  const planes = Array.from({ length: length / nPix }, (_, plane): ColumnInput => ({
    name: names(plane),
    values: data.subarray(offset + plane * nPix, offset + (plane + 1) * nPix),
    ...unit,
  }));
  if (options.pixels === undefined) return planes;
  return [{ name: options.pixels, values: integers(hpxPixels(map.geom)) }, ...planes];
}

/** Whether a geometry is all of the sky in one nside. */
export function isAllSky({ pixels, cells, nPix, grid }: HpxGeom): boolean {
  return pixels === undefined && cells === undefined && nPix === healpixNpix(grid);
}
