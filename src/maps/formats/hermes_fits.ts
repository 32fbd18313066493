/**
 * Sky maps of HERMES: a HEALPix table of one column for each energy, which the keyword ENERGY gives in
 * joule.
 */
import {
  type BintableHdu,
  card,
  findColumn,
  FitsFormatError,
  type Hdu,
  type HduInput,
  headerNumber,
} from "../../fits/mod.ts";
import { createMapAxis, type MapAxis } from "../../nddata/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import { type SkyMap, sliceMap } from "../sky_map.ts";
import { onlyEnergyAxis } from "./energy_axes_fits.ts";
import { formatCards, inHdu, metaCard } from "./header_fits.ts";
import { hpxConvention } from "./hpx_convention_fits.ts";
import { hpxCards, hpxHeader } from "./hpx_header_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import {
  type HpxPlanes,
  hpxTableGeom,
  isAllSky,
  pixelColumn,
  planeColumns,
  readPlanes,
} from "./hpx_table_fits.ts";
import type { MapFormat, MapHdu, WriteMapOptions } from "./map_format_fits.ts";
import { sameTypeArray } from "./values_fits.ts";
import { requireBare, requireGeom } from "./write_checks.ts";

const FORMAT = "hermes", VERSION = "1";

/** Tables of one map: those that follow with an energy. */
function planesFrom(found: MapHdu): readonly BintableHdu[] {
  const list: BintableHdu[] = [];
  for (const hdu of found.hdus.slice(found.hdu.index)) {
    if (!isPlane({ ...found, hdu })) break;
    list.push(hdu as BintableHdu);
  }
  return list;
}

function isPlane(found: MapHdu): boolean {
  return hpxConvention(found) === FORMAT;
}

function valueColumn(table: BintableHdu): string {
  const pixels = pixelColumn(table), column = table.columns.find((one) => one.name !== pixels);
  return column?.name ?? findColumn(table, "TFLOAT").name;
}

async function read(found: MapHdu): Promise<SkyMap<HpxGeom>> {
  const tables = [...planesFrom(found)], energies = tables.map((table) => energyOf(table));
  const axis = inHdu(
    found.hdu,
    "ENERGY",
    () => createMapAxis("energy_true", energies, { unit: "J", interp: "log", nodes: "centers" }),
  );
  const planes: HpxPlanes[] = [], geoms: HpxGeom[] = [];
  for (const table of tables) {
    const at = await hpxTableGeom(table, hpxHeader(table));
    geoms.push(at.geom);
    planes.push(await readPlanes(table, [valueColumn(table)], at));
    if (at.geom.key === geoms[0]!.key && planes.at(-1)!.unit === planes[0]!.unit) continue;
    throw new FitsFormatError("found other pixels or another unit than in the first plane", {
      file: table.source.name,
      hdu: table.index,
    });
  }
  const geom = geoms[0]!, data = sameTypeArray(planes[0]!.data, axis.nBins * geom.nPix);
  planes.forEach((plane, p) => data.set(plane.data, p * geom.nPix));
  return valuesMap(found.hdu as BintableHdu, {
    geom,
    axes: [axis],
    data,
    valid: undefined,
    unit: planes[0]!.unit,
  });
}

function energyOf(table: Hdu): number {
  return headerNumber(table.header, "ENERGY");
}

function write(map: SkyMap, { name = "xtension" }: WriteMapOptions): HduInput[] {
  const own = requireGeom(map, FORMAT, ["hpx-geom"]),
    axis: MapAxis = onlyEnergyAxis(map.axes, FORMAT);
  requireBare(map, FORMAT);
  if (!isAllSky(own.geom) || axis.nodes !== "centers") {
    throw new TypeError(
      `The format ${FORMAT} takes maps of all of the sky at energies, not in bins`,
    );
  }
  const factor = unitFactor(axis.unit, "J");
  return Array.from({ length: axis.nBins }, (_, i): HduInput => ({
    kind: "bintable",
    name,
    version: i + 1,
    header: [
      ...hpxCards(own.geom, { scheme: "IMPLICIT", frames: ["C", "G"] }),
      card("OBJECT", "FULLSKY"),
      card("ENERGY", axis.centers[i]! * factor, "[J] energy of the map"),
      ...formatCards(FORMAT, VERSION),
      metaCard(map.meta),
    ],
    columns: planeColumns(sliceMap(own, { [axis.name]: i }), {
      names: () => "TFLOAT",
      unit: map.unit ?? "",
    }),
  }));
}

/** Sky maps of HERMES. */
export const HERMES: MapFormat = Object.freeze({
  kind: "map",
  format: FORMAT,
  version: VERSION,
  recognises: (found: MapHdu) => isPlane(found) && !isFollower(found),
  read,
  write,
});

/** Whether the table before is a plane of the same map. */
function isFollower(found: MapHdu): boolean {
  const before = found.hdus[found.hdu.index - 1];
  return before !== undefined && isPlane({ ...found, hdu: before });
}
