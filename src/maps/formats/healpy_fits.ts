/**
 * HEALPix tables as healpy writes them: a column a map, rows of one pixel or of 1024, all of the sky or
 * the pixels that a column lists; −1.6375e30 stands for no value.
 */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import {
  type BintableHdu,
  card,
  findColumn,
  FitsFormatError,
  type HduInput,
  optionalHeaderNumber,
} from "../../fits/mod.ts";
import { type Axis, createLabelAxis, type LabelAxis, type NumericArray } from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import { mapOf, type SkyMap } from "../sky_map.ts";
import { formatCards, metaCard } from "./header_fits.ts";
import { hpxConvention } from "./hpx_convention_fits.ts";
import { hpxCards, hpxHeader } from "./hpx_header_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import { hpxTableGeom, isAllSky, pixelColumn, planeColumns, readPlanes } from "./hpx_table_fits.ts";
import type { MapFormat, MapHdu, ReadMapOptions, WriteMapOptions } from "./map_format_fits.ts";
import { requireBare, requireGeom } from "./write_checks.ts";

const FORMAT = "healpy", VERSION = "1";
/** The value of pixels that were not seen; single precision rounds it. */
const UNSEEN = -1.6375e30;
const UNSEEN_RTOL = 1e-6;

async function read(found: MapHdu, { column }: ReadMapOptions): Promise<SkyMap<HpxGeom>> {
  const table = found.hdu as BintableHdu, pixels = pixelColumn(table);
  const names = column === undefined
    ? table.columns.map((one) => one.name).filter((name) => name !== pixels)
    : [findColumn(table, column).name];
  if (names.length === 0) {
    throw new FitsFormatError("found no column of values", {
      file: table.source.name,
      hdu: table.index,
    });
  }
  const units = new Set(names.map((name) => findColumn(table, name).unit?.trim() ?? ""));
  if (units.size > 1) {
    throw new FitsFormatError(
      `found columns of several units (${[...units].join(", ")}): choose one of ${
        names.join(", ")
      } by ` +
        `\`column\``,
      { file: table.source.name, hdu: table.index },
    );
  }
  const at = await hpxTableGeom(table, hpxHeader(table));
  const planes = await readPlanes(table, names, at);
  const valid = planes.valid ?? seen(table, planes.data);
  const axes: readonly Axis[] = names.length > 1 ? [createLabelAxis("column", names)] : [];
  return valuesMap(table, { geom: at.geom, axes, ...planes, valid });
}

/** 1 where a value is not the one for pixels that were not seen; undefined where all are. */
function seen(table: BintableHdu, data: NumericArray): Uint8Array | undefined {
  const bad = optionalHeaderNumber(table.header, "BAD_DATA") ?? UNSEEN;
  const tolerance = Math.abs(bad) * UNSEEN_RTOL;
  const isMissing = (value: number) => Math.abs(value - bad) <= tolerance;
  let valid: Uint8Array | undefined;
  for (let i = 0; i < data.length; i++) {
    if (isMissing(data[i]!)) (valid ??= new Uint8Array(data.length).fill(1))[i] = 0;
  }
  return valid;
}

function write(map: SkyMap, { name = "xtension" }: WriteMapOptions): HduInput[] {
  const own = requireGeom(map, FORMAT, ["hpx-geom"]), { geom } = own, labels = labelsOf(map);
  requireBare(map, FORMAT, ["valid"]);
  if (geom.cells !== undefined) {
    throw new TypeError(`The format ${FORMAT} has no cells of several sizes: write gadf`);
  }
  const isWhole = isAllSky(geom), values = withUnseen(own);
  return [{
    kind: "bintable",
    name,
    header: [
      ...hpxCards(geom, { scheme: isWhole ? "IMPLICIT" : "EXPLICIT", frames: ["C", "G"] }),
      card("OBJECT", isWhole ? "FULLSKY" : "PARTIAL"),
      card("BAD_DATA", UNSEEN, "value of pixels without one"),
      ...formatCards(FORMAT, VERSION),
      metaCard(map.meta),
    ],
    columns: planeColumns(values, {
      names: (plane) => labels?.labels[plane] ?? "VALUE",
      pixels: isWhole ? undefined : "PIXEL",
      unit: map.unit ?? "",
    }),
  }];
}

/** The columns of a map by label; undefined for a single one. */
function labelsOf({ axes }: SkyMap): LabelAxis | undefined {
  const [axis] = axes;
  if (axis === undefined) return undefined;
  if (axes.length === 1 && axis.kind === "label-axis") return axis;
  throw new TypeError(
    `Found the axes ${
      axes.map((one) => one.name).join(", ")
    }: the format ${FORMAT} takes images, or ` +
      `several by one axis of labels`,
  );
}

/** The map with the value for pixels that were not seen where it is not valid. */
function withUnseen(map: SkyMap<HpxGeom>): SkyMap<HpxGeom> {
  if (map.valid === undefined) return map;
  const { data, offset, length } = flatten(map.values), flags = flatten(map.valid);
  if (!(data instanceof Float64Array || data instanceof Float32Array)) {
    throw new TypeError(
      `Found a map of integers with pixels that are not valid: the format ${FORMAT} has no place for them`,
    );
  }
  const values = data.slice(offset, offset + length);
  for (let i = 0; i < length; i++) if (flags.data[flags.offset + i] === 0) values[i] = UNSEEN;
  const { unit, geom, axes, meta } = map;
  const arr = { ...map, values: ndarray(values, [...map.values.shape]), unit, valid: undefined };
  return mapOf(geom, arr, { axes, meta });
}

/** HEALPix tables of healpy. */
export const HEALPY: MapFormat = Object.freeze({
  kind: "map",
  format: FORMAT,
  version: VERSION,
  recognises: (found: MapHdu) => hpxConvention(found) === FORMAT,
  read,
  write,
});
