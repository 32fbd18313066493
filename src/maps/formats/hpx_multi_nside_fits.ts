/** HEALPix maps whose planes have several nside: each brought to the finest. */
import { type BintableHdu, FitsFormatError, optionalColumn } from "../../fits/mod.ts";
import type { Axis, NumericArray } from "../../nddata/mod.ts";
import { geomOf, type HpxGeom } from "../hpx_geom.ts";
import { hpxPixels, hpxToLocal } from "../hpx_pixels.ts";
import { hpxUpgrade } from "../hpx_resize.ts";
import type { SkyMap } from "../sky_map.ts";
import { gridOf, type HpxHeader, regionPixels } from "./hpx_header_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import { inHdu } from "./header_fits.ts";
import type { ReadMapOptions } from "./map_format_fits.ts";
import { readMapColumns } from "./values_fits.ts";

/** The planes of a map and their grids. */
export interface SeveralNside {
  /** The axes, slowest first. */
  readonly axes: readonly Axis[];
  /** Nside of each plane in C order of the axes. */
  readonly nsides: readonly number[];
  /** What the header says. */
  readonly header: HpxHeader;
}

/** One value of a plane by its pixel: what a reader calls. */
type Put = (plane: number, pix: number, value: number) => void;

/**
 * Reads planes of several nside as a map of the finest one. Rows of an implicit table are pixels, those
 * of a local one the places among the pixels of HPX_REG, for each plane in its own grid; rows beyond a
 * plane's pixels are filling. The map has all pixels that any plane has; where a plane has none, its value
 * is NaN and not valid.
 */
export async function readPlanesOfSeveralNside(
  table: BintableHdu,
  { axes, nsides, header }: SeveralNside,
  { coarse }: ReadMapOptions,
): Promise<SkyMap<HpxGeom>> {
  const place = { file: table.source.name, hdu: table.index };
  if (coarse === undefined && new Set(nsides).size > 1) {
    throw new FitsFormatError(
      `found planes of nside ${
        [...new Set(nsides)].join(", ")
      }: say by \`coarse\` whether the pixels of ` +
        `coarse planes are to "repeat" their value in the finest one (intensities) or "share" it (counts)`,
      place,
    );
  }
  const finest = Math.max(...nsides),
    geoms = nsides.map((nside) => planeGeom(table, header, nside));
  const planes = geoms.map((geom) => new Float64Array(geom.nPix));
  await eachValue(table, { axes, geoms, scheme: header.scheme }, (plane, pix, value) => {
    planes[plane]![pix] = value;
  });
  const cuts = geoms.map((geom) =>
    inHdu(table, "NSIDE", () => hpxUpgrade(geom, { nside: finest }))
  );
  const fine = unionOf(cuts.map((cut) => cut.geom));
  const data = new Float64Array(nsides.length * fine.nPix).fill(NaN);
  const valid = new Uint8Array(data.length);
  cuts.forEach(({ geom, parents }, p) => {
    const ratio = coarse === "share" ? (nsides[p]! / finest) ** 2 : 1, pixels = hpxPixels(geom);
    for (let i = 0; i < parents.length; i++) {
      const at = p * fine.nPix + hpxToLocal(fine, pixels[i]!);
      data[at] = planes[p]![parents[i]!]! * ratio;
      valid[at] = 1;
    }
  });
  const flags = valid.includes(0) ? valid : undefined;
  return valuesMap(table, { geom: fine, axes, data, valid: flags, unit: "" });
}

/** All pixels that any of some geometries of one grid has. */
function unionOf(geoms: readonly HpxGeom[]): HpxGeom {
  const { grid, frame } = geoms[0]!;
  if (geoms.some((geom) => geom.pixels === undefined)) return geomOf(grid, frame, undefined);
  const all = new Set<number>();
  for (const { pixels } of geoms) for (const pix of pixels!) all.add(pix);
  return geomOf(grid, frame, Float64Array.from(all).sort());
}

function planeGeom(table: BintableHdu, header: HpxHeader, nside: number): HpxGeom {
  const grid = gridOf(table, header, nside);
  return geomOf(grid, header.frame, regionPixels(table, grid, header));
}

interface Planes {
  readonly axes: readonly Axis[];
  readonly geoms: readonly HpxGeom[];
  readonly scheme: string;
}

async function eachValue(table: BintableHdu, planes: Planes, put: Put): Promise<void> {
  const { geoms, scheme } = planes;
  if (scheme === "SPARSE") return await eachSparse(table, geoms, put);
  const names = table.columns.map((column) => column.name).filter((name) =>
    /^CHANNEL\d+$/i.test(name)
  );
  const hasPix = scheme !== "IMPLICIT" && optionalColumn(table, "PIX") !== undefined;
  const columns = await readMapColumns(table, hasPix ? [...names, "PIX"] : names);
  const pix = hasPix ? columns.pop()!.values : undefined;
  if (columns.length !== geoms.length) {
    throw new FitsFormatError(
      `found ${columns.length} columns CHANNELn, expected one for each of the ${geoms.length} bins`,
      { file: table.source.name, hdu: table.index },
    );
  }
  columns.forEach(({ values }, plane) => {
    const geom = geoms[plane]!;
    if (values.length < geom.nPix) throw tooShort(table, names[plane]!, values, geom);
    for (let row = 0; row < values.length; row++) {
      const number = pix === undefined ? row : pix[row]!;
      const at = scheme === "EXPLICIT" ? hpxToLocal(geom, number) : number;
      if (at >= 0 && at < geom.nPix) put(plane, at, values[row]!);
    }
  });
}

function tooShort(table: BintableHdu, name: string, values: NumericArray, geom: HpxGeom) {
  return new FitsFormatError(`found ${values.length} values, expected ${geom.nPix} or more`, {
    file: table.source.name,
    hdu: table.index,
    keyword: `column ${name}`,
  });
}

async function eachSparse(table: BintableHdu, geoms: readonly HpxGeom[], put: Put): Promise<void> {
  const [pix, channel, value] = await readMapColumns(table, ["PIX", "CHANNEL", "VALUE"]);
  for (let row = 0; row < table.nRows; row++) {
    const plane = channel!.values[row]!, geom = geoms[plane];
    const at = geom === undefined ? -1 : hpxToLocal(geom, pix!.values[row]!);
    if (at < 0) {
      throw new FitsFormatError(
        `row ${row}: found pixel ${
          pix!.values[row]
        } of channel ${plane}, which the map does not have`,
        { file: table.source.name, hdu: table.index },
      );
    }
    put(plane, at, value!.values[row]!);
  }
}
