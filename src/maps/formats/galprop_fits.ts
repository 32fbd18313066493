/**
 * HEALPix cubes of GALPROP: columns Bin0, Bin1 … or one of vectors (Spectra), with a table ENERGIES. The
 * older files (galprop) call the frame COORDTYPE, the newer ones (galprop2) COORDSYS.
 */
import { type BintableHdu, card, type HduInput, optionalColumn } from "../../fits/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import type { SkyMap } from "../sky_map.ts";
import { energiesAxis, energiesTable, onlyEnergyAxis, requireTable } from "./energy_axes_fits.ts";
import { formatCards, metaCard } from "./header_fits.ts";
import { hpxConvention } from "./hpx_convention_fits.ts";
import { hpxCards, hpxHeader } from "./hpx_header_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import { hpxTableGeom, isAllSky, planeColumns, readPlanes } from "./hpx_table_fits.ts";
import type { MapFormat, MapHdu, WriteMapOptions } from "./map_format_fits.ts";
import { requireBare, requireGeom } from "./write_checks.ts";

const VERSION = "1";

async function read(found: MapHdu): Promise<SkyMap<HpxGeom>> {
  const table = found.hdu as BintableHdu, at = await hpxTableGeom(table, hpxHeader(table));
  const axis = await energiesAxis(requireTable(found, "ENERGIES"));
  const isVector = optionalColumn(table, "Spectra") !== undefined;
  const bins = table.columns.map((column) => column.name).filter((name) => /^Bin\d+$/i.test(name));
  const planes = await readPlanes(
    table,
    isVector ? ["Spectra"] : bins.length > 0 ? bins : ["Bin0"],
    {
      ...at,
      isVector,
    },
  );
  return valuesMap(table, { geom: at.geom, axes: [axis], ...planes });
}

function galpropFormat(format: string, frameKeyword: string): MapFormat {
  const write = (map: SkyMap, { name = "SKYMAP2" }: WriteMapOptions): HduInput[] => {
    const own = requireGeom(map, format, ["hpx-geom"]), { geom } = own;
    requireBare(map, format);
    const axis = onlyEnergyAxis(map.axes, format);
    if (!isAllSky(geom) || axis.nodes !== "centers") {
      throw new TypeError(
        `The format ${format} takes maps of all of the sky at energies, not in bins of edges`,
      );
    }
    return [
      {
        kind: "bintable",
        name,
        header: [
          ...hpxCards(geom, { scheme: "IMPLICIT", convention: "GALPROP", frameKeyword }),
          ...formatCards(format, VERSION),
          card("BUNIT", map.unit ?? ""),
          metaCard(map.meta),
        ],
        columns: planeColumns(own, { names: (plane) => `Bin${plane}` }),
      },
      energiesTable(axis),
    ];
  };
  return Object.freeze({
    kind: "map" as const,
    format,
    version: VERSION,
    recognises: (found: MapHdu) => hpxConvention(found) === format,
    read,
    write,
  });
}

/** Older cubes of GALPROP. */
export const GALPROP: MapFormat = galpropFormat("galprop", "COORDTYPE");

/** Newer cubes of GALPROP. */
export const GALPROP2: MapFormat = galpropFormat("galprop2", "COORDSYS");
