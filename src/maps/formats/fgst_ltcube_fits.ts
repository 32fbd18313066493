/** Livetime cubes of the Fermi science tools (gtltcube): livetime by pixel and cosine of the angle. */
import { type BintableHdu, readNumbers } from "../../fits/mod.ts";
import { createMapAxis, type MapAxis } from "../../nddata/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import type { SkyMap } from "../sky_map.ts";
import { requireTable } from "./energy_axes_fits.ts";
import { inHdu } from "./header_fits.ts";
import { hpxConvention } from "./hpx_convention_fits.ts";
import { hpxHeader } from "./hpx_header_fits.ts";
import { valuesMap } from "./hpx_map_fits.ts";
import { hpxTableGeom, readPlanes } from "./hpx_table_fits.ts";
import type { MapFormat, MapHdu } from "./map_format_fits.ts";
import { withUnit } from "./with_unit.ts";

const FORMAT = "fgst-ltcube";

/** The bins of cos θ, ascending, and whether the file has them the other way round. */
async function cosines(found: MapHdu): Promise<{ axis: MapAxis; isReversed: boolean }> {
  const table = requireTable(found, "CTHETABOUNDS");
  const low = await readNumbers(table, "CTHETA_MIN"), high = await readNumbers(table, "CTHETA_MAX");
  const isReversed = low.length > 1 && low[0]! > low[1]!;
  const bins = Array.from(low, (one, i) => [one, high[i]!] as const);
  if (isReversed) bins.reverse();
  const edges = [...bins.map(([one]) => one), ...bins.slice(-1).map(([, last]) => last)];
  const axis = inHdu(table, "column CTHETA_MIN", () => createMapAxis("cos_theta", edges));
  return { axis, isReversed };
}

async function read(found: MapHdu): Promise<SkyMap<HpxGeom>> {
  const table = found.hdu as BintableHdu, { axis, isReversed } = await cosines(found);
  const at = await hpxTableGeom(table, hpxHeader(table));
  const planes = await readPlanes(table, ["COSBINS"], { ...at, isVector: true });
  const { data } = planes, { nPix } = at.geom;
  if (isReversed && data.length === axis.nBins * nPix) {
    const back = data.slice();
    for (let plane = 0; plane < axis.nBins; plane++) {
      data.set(
        back.subarray((axis.nBins - 1 - plane) * nPix, (axis.nBins - plane) * nPix),
        plane * nPix,
      );
    }
  }
  return withUnit(valuesMap(table, { geom: at.geom, axes: [axis], ...planes }), "s");
}

/** Livetime cubes; read only. */
export const FGST_LTCUBE: MapFormat = Object.freeze({
  kind: "map",
  format: FORMAT,
  version: "1",
  recognises: (found: MapHdu) => hpxConvention(found) === FORMAT,
  read,
});
