/**
 * Cubes of the Fermi science tools, on WCS images and HEALPix tables: counts (gtbin), exposure
 * (gtexpcube2), templates of diffuse emission, source maps (gtsrcmaps).
 *
 * Counts have EBOUNDS; exposures and templates have ENERGIES, nodes of true energy; source maps stand at
 * the edges of EBOUNDS.
 */
import { type Card, card, type HduInput } from "../../fits/mod.ts";
import type { MapAxis } from "../../nddata/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import type { SkyMap } from "../sky_map.ts";
import type { WcsGeom } from "../wcs_geom.ts";
import {
  eboundsAxis,
  eboundsTable,
  energiesAxis,
  energiesTable,
  nodesAtEdges,
  onlyEnergyAxis,
  requireTable,
  tableNamed,
} from "./energy_axes_fits.ts";
import { isWcsMap, readWcsMap, wcsImage } from "./gadf_wcs_fits.ts";
import { formatCards, hduNamed, metaCard, textOf } from "./header_fits.ts";
import { hpxConvention } from "./hpx_convention_fits.ts";
import { hpxCards, hpxHeader } from "./hpx_header_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import { hpxTableGeom, isAllSky, planeColumns, readPlanes } from "./hpx_table_fits.ts";
import type { MapFormat, MapHdu, WriteMapOptions } from "./map_format_fits.ts";
import { requireBare, requireGeom } from "./write_checks.ts";
import { withUnit } from "./with_unit.ts";

const VERSION = "1";
const TEMPLATE_UNIT = "cm-2 s-1 MeV-1 sr-1", EXPOSURE_UNIT = "cm2 s";

/** What makes the difference between the cubes. */
interface Cube {
  readonly format: string;
  /** Table of the energies. */
  readonly energies: "EBOUNDS" | "ENERGIES";
  /** Whether the planes stand at the edges of EBOUNDS. */
  readonly atEdges: boolean;
  /** Columns of HEALPix tables before their number. */
  readonly column: "CHANNEL" | "ENERGY";
  /** Name of HEALPix tables. */
  readonly table: string;
  /** Unit where the file has none. */
  readonly unit: string;
}

/** The table of energies that a cube has beside it. */
function energiesOf(found: MapHdu): "EBOUNDS" | "ENERGIES" | undefined {
  const named = textOf(found.hdu.header, "BANDSHDU").toUpperCase();
  const names = ["EBOUNDS", "ENERGIES"] as const;
  if (named !== "") return names.find((name) => name === named);
  if (found.hdu.kind === "image" && found.hdu.shape.length < 3) return undefined;
  return names.find((name) => tableNamed(found, name) !== undefined);
}

/** The format of a WCS cube by its table of energies; undefined for another map. */
function wcsCubeFormat(found: MapHdu): string | undefined {
  if (!isWcsMap(found) || found.hdu.kind !== "image") return undefined;
  const energies = energiesOf(found), table = energies && tableNamed(found, energies);
  if (table === undefined) return undefined;
  if (energies === "ENERGIES") {
    const isLog = /^log_energy$/i.test(textOf(found.hdu.header, "CTYPE3"));
    return isLog || hduNamed(found, "GTI") !== undefined ? "fgst-bexpcube" : "fgst-template";
  }
  return found.hdu.shape.at(-3) === table.nRows + 1 ? "fgst-srcmap" : "fgst-ccube";
}

async function axisOf(found: MapHdu, cube: Cube): Promise<MapAxis> {
  const table = requireTable(found, cube.energies);
  if (cube.energies === "ENERGIES") return await energiesAxis(table);
  const axis = await eboundsAxis(table);
  return cube.atEdges ? nodesAtEdges(axis) : axis;
}

async function readHpxCube(found: MapHdu, cube: Cube): Promise<SkyMap<HpxGeom>> {
  const { hdu } = found;
  if (hdu.kind !== "bintable") throw new TypeError("A HEALPix map is a binary table");
  const at = await hpxTableGeom(hdu, hpxHeader(hdu)), axis = await axisOf(found, cube);
  const names = hdu.columns.map((column) => column.name)
    .filter((name) => new RegExp(`^${cube.column}\\d+$`, "i").test(name));
  const planes = await readPlanes(hdu, names.length > 0 ? names : [`${cube.column}1`], at);
  return valuesMap(hdu, { geom: at.geom, axes: [axis], ...planes });
}

async function readCube(found: MapHdu, cube: Cube): Promise<SkyMap> {
  // What was written here says its unit; other writers leave it out.
  const unit = textOf(found.hdu.header, "GRXFORM") === "" ? cube.unit : "";
  if (hpxConvention(found) !== undefined) return withUnit(await readHpxCube(found, cube), unit);
  return await readWcsMap(found, { axes: [await axisOf(found, cube)], unit });
}

function writeCube(map: SkyMap, cube: Cube, { name }: WriteMapOptions): HduInput[] {
  const { format } = cube, geomMap = requireGeom(map, format, ["wcs-geom", "hpx-geom"]);
  requireBare(map, format);
  const axis = onlyEnergyAxis(map.axes, format), energies = energiesHdu(axis, cube);
  const header = [
    card("TELESCOP", "GLAST"),
    card("INSTRUME", "LAT"),
    ...formatCards(format, VERSION),
    metaCard(map.meta),
  ];
  const values = geomMap.geom.kind === "wcs-geom"
    ? wcsImage(map as SkyMap<WcsGeom>, { name, header: [...header, ...thirdAxis(axis, cube)] })
    : hpxTable(map as SkyMap<HpxGeom>, cube, { name, header });
  return [values, energies];
}

function energiesHdu(axis: MapAxis, cube: Cube): HduInput {
  if (cube.energies === "ENERGIES") {
    checkNodes(axis, "centers", cube);
    return energiesTable(axis);
  }
  checkNodes(axis, cube.atEdges ? "centers" : "edges", cube);
  if (!cube.atEdges) return eboundsTable(axis, "keV");
  const { centers, unit } = axis, factor = unitFactor(unit, "keV");
  const nBins = centers.length - 1, edges = centers.map((one) => one * factor);
  return eboundsTable({ ...axis, edges, nBins, unit: "keV" }, "keV");
}

function checkNodes(axis: MapAxis, nodes: MapAxis["nodes"], { format }: Cube): void {
  if (axis.nodes === nodes) return;
  throw new TypeError(
    `Axis ${axis.name}: found one of ${axis.nodes}, the format ${format} has ${nodes} of energy`,
  );
}

/** Keywords of the third axis: in the tables beside the image stands the truth. */
function thirdAxis(axis: MapAxis, { energies, format }: Cube): Card[] {
  const factor = unitFactor(axis.unit, "MeV"), isLog = format === "fgst-bexpcube";
  const table = (energies === "ENERGIES" ? axis.centers : axis.edges)
    .map((one) => isLog ? Math.log(one * factor) : one * factor);
  return [
    card("CTYPE3", isLog ? "log_Energy" : energies === "EBOUNDS" ? "Energy" : "photon energy"),
    card("CRPIX3", 1),
    card("CRVAL3", table[0]!),
    card("CDELT3", table.length > 1 ? table[1]! - table[0]! : 1),
    ...(isLog ? [] : [card("CUNIT3", "MeV")]),
  ];
}

function hpxTable(
  map: SkyMap<HpxGeom>,
  cube: Cube,
  { name, header }: { readonly name: string | undefined; readonly header: readonly Card[] },
): HduInput {
  const { geom } = map, isWhole = isAllSky(geom);
  if (geom.cells !== undefined) {
    throw new TypeError(`The format ${cube.format} has no cells of several sizes: write gadf`);
  }
  return {
    kind: "bintable",
    name: name ?? cube.table,
    header: [
      ...hpxCards(geom, {
        scheme: isWhole ? "IMPLICIT" : "EXPLICIT",
        convention: cube.format.toUpperCase(),
      }),
      ...header,
      card("BUNIT", map.unit ?? ""),
    ],
    columns: planeColumns(map, {
      names: (plane) => `${cube.column}${plane + 1}`,
      pixels: isWhole ? undefined : "PIX",
    }),
  };
}

function cubeFormat(cube: Cube): MapFormat {
  const { format } = cube;
  return Object.freeze({
    kind: "map" as const,
    format,
    version: VERSION,
    recognises: (found: MapHdu) => {
      const convention = hpxConvention(found);
      if (convention !== undefined) return convention === format;
      return wcsCubeFormat(found) === format || isNamed(found, cube);
    },
    read: (found: MapHdu) => readCube(found, cube),
    write: (map: SkyMap, options: WriteMapOptions) => writeCube(map, cube, options),
  });
}

/** A WCS cube that was written as this format, or is read as it on request. */
function isNamed(found: MapHdu, { format, energies }: Cube): boolean {
  const isMine = textOf(found.hdu.header, "GRXFORM") === format;
  return isMine && isWcsMap(found) && tableNamed(found, energies) !== undefined;
}

/** Counts cubes. */
export const FGST_CCUBE: MapFormat = cubeFormat({
  format: "fgst-ccube",
  energies: "EBOUNDS",
  atEdges: false,
  column: "CHANNEL",
  table: "SKYMAP",
  unit: "",
});

/** Exposure cubes. */
export const FGST_BEXPCUBE: MapFormat = cubeFormat({
  format: "fgst-bexpcube",
  energies: "ENERGIES",
  atEdges: false,
  column: "ENERGY",
  table: "HPXEXPOSURES",
  unit: EXPOSURE_UNIT,
});

/** Templates of diffuse emission. */
export const FGST_TEMPLATE: MapFormat = cubeFormat({
  format: "fgst-template",
  energies: "ENERGIES",
  atEdges: false,
  column: "ENERGY",
  table: "SKYMAP",
  unit: TEMPLATE_UNIT,
});

/** Source maps. */
export const FGST_SRCMAP: MapFormat = cubeFormat({
  format: "fgst-srcmap",
  energies: "EBOUNDS",
  atEdges: true,
  column: "CHANNEL",
  table: "SRCMAP",
  unit: "",
});
