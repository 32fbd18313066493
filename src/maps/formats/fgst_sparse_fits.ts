/**
 * Source maps of the Fermi science tools as the values that are not 0: columns KEY = plane × pixels +
 * pixel, and VALUE, at the edges of EBOUNDS.
 */
import { type BintableHdu, card, FitsFormatError, type HduInput } from "../../fits/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { geomOf, type HpxGeom } from "../hpx_geom.ts";
import { createSkyMap, type SkyMap } from "../sky_map.ts";
import {
  eboundsAxis,
  eboundsTable,
  nodesAtEdges,
  onlyEnergyAxis,
  requireTable,
} from "./energy_axes_fits.ts";
import { formatCards, inHdu, metaCard, metaOf, unitOf } from "./header_fits.ts";
import { hpxConvention } from "./hpx_convention_fits.ts";
import { gridOf, hpxCards, hpxHeader, regionPixels } from "./hpx_header_fits.ts";
import { isAllSky } from "./hpx_table_fits.ts";
import type { MapFormat, MapHdu, WriteMapOptions } from "./map_format_fits.ts";
import { integers } from "./sparse_fits.ts";
import { readMapColumns, sameTypeArray } from "./values_fits.ts";
import { requireBare, requireGeom } from "./write_checks.ts";

const FORMAT = "fgst-srcmap-sparse", VERSION = "1";
const MAX_CELLS = 2.5e8;

async function read(found: MapHdu): Promise<SkyMap<HpxGeom>> {
  const table = found.hdu as BintableHdu, header = hpxHeader(table), grid = gridOf(table, header);
  const geom = geomOf(grid, header.frame, regionPixels(table, grid, header));
  const axis = nodesAtEdges(await eboundsAxis(requireTable(found, "EBOUNDS")));
  const size = axis.nBins * geom.nPix, place = { file: table.source.name, hdu: table.index };
  if (size > MAX_CELLS) {
    throw new FitsFormatError(
      `found a sparse map of ${axis.nBins} x ${geom.nPix} values, expected ${MAX_CELLS} or fewer`,
      place,
    );
  }
  const [key, value] = await readMapColumns(table, ["KEY", "VALUE"]);
  const data = sameTypeArray(value!.values, size), taken = new Uint8Array(size);
  for (let row = 0; row < value!.values.length; row++) {
    const at = key!.values[row]!;
    if (!(Number.isInteger(at) && at >= 0 && at < size) || taken[at] === 1) {
      throw new FitsFormatError(
        `row ${row}: found the key ${at}${
          taken[at] === 1 ? " a second time" : ""
        }, expected one of 0 ` +
          `to ${size - 1}`,
        { ...place, keyword: "column KEY" },
      );
    }
    taken[at] = 1;
    data[at] = value!.values[row]!;
  }
  return inHdu(
    table,
    undefined,
    () =>
      createSkyMap(geom, { axes: [axis], data, unit: unitOf(table), meta: metaOf(table.header) }),
  );
}

function write(map: SkyMap, { name = "SRCMAP" }: WriteMapOptions): HduInput[] {
  const { geom } = requireGeom(map, FORMAT, ["hpx-geom"]);
  requireBare(map, FORMAT);
  if (!isAllSky(geom)) {
    throw new TypeError(`The format ${FORMAT} is written for maps of all of the sky alone`);
  }
  const axis = onlyEnergyAxis(map.axes, FORMAT);
  if (axis.nodes !== "centers") {
    throw new TypeError(`Axis ${axis.name}: found one of edges, the format ${FORMAT} has centers`);
  }
  const { data, offset, length } = flatten(map.values), keys: number[] = [];
  for (let i = 0; i < length; i++) if (data[offset + i] !== 0) keys.push(i);
  const value = sameTypeArray(data, keys.length);
  keys.forEach((key, row) => value[row] = data[offset + key]!);
  return [
    {
      kind: "bintable",
      name,
      header: [
        ...hpxCards(geom, { scheme: "SPARSE", convention: FORMAT.toUpperCase() }),
        ...formatCards(FORMAT, VERSION),
        card("BUNIT", map.unit ?? ""),
        metaCard(map.meta),
      ],
      columns: [
        { name: "KEY", values: integers(Float64Array.from(keys)) },
        { name: "VALUE", values: value },
      ],
    },
    eboundsTable({ ...axis, edges: axis.centers, nBins: axis.nBins - 1 }),
  ];
}

/** Sparse source maps. */
export const FGST_SRCMAP_SPARSE: MapFormat = Object.freeze({
  kind: "map",
  format: FORMAT,
  version: VERSION,
  recognises: (found: MapHdu) => hpxConvention(found) === FORMAT,
  read,
  write,
});
