/** Which convention a HEALPix table follows: what its columns and tables beside it are called. */
import { type BintableHdu, optionalColumn } from "../../fits/mod.ts";
import { hduNamed, textOf } from "./header_fits.ts";
import { isHpxTable } from "./hpx_header_fits.ts";
import type { MapHdu } from "./map_format_fits.ts";

/**
 * The convention of a HEALPix table: what HPX_CONV says, else what its name and columns tell, as of
 * gammapy's HpxConv; undefined for what is no such table.
 */
export function hpxConvention(found: MapHdu): string | undefined {
  const { hdu } = found;
  if (hdu.kind !== "bintable" || !isHpxTable(hdu)) return undefined;
  const named = textOf(hdu.header, "HPX_CONV").toLowerCase().replaceAll("_", "-");
  if (named !== "" && named !== "galprop") return named;
  const name = hdu.name.toUpperCase(), has = (column: string) => hasColumn(hdu, column);
  if (named === "galprop" || name === "SKYMAP2" || has("Bin0") || has("Spectra")) {
    return textOf(hdu.header, "COORDTYPE") === "" ? "galprop2" : "galprop";
  }
  if (name === "HPXEXPOSURES") return "fgst-bexpcube";
  if (has("KEY")) return "fgst-srcmap-sparse";
  if (has("COSBINS")) return "fgst-ltcube";
  if (has("ENERGY1")) return "fgst-template";
  if (has("CHANNEL0") || has("CHANNEL1")) return channels(found, name);
  if (has("VALUE") && has("PIX")) return "gadf";
  return hdu.header.index.has("ENERGY") ? "hermes" : "healpy";
}

function hasColumn(table: BintableHdu, name: string): boolean {
  return optionalColumn(table, name) !== undefined;
}

/** Columns CHANNELn: of GADF where a table of bins is named, of the Fermi tools beside EBOUNDS. */
function channels(found: MapHdu, name: string): string {
  if (found.hdu.header.index.has("BANDSHDU") || hduNamed(found, "EBOUNDS") === undefined) {
    return "gadf";
  }
  return name === "SKYMAP" ? "fgst-ccube" : "fgst-srcmap";
}
