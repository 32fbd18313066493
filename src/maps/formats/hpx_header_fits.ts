/** The HEALPix keywords of a table, read and written. */
import { type Card, card, type Hdu, headerError, optionalHeaderInteger } from "../../fits/mod.ts";
import { createHealpixGrid, type HealpixGrid, type SkyFrame } from "../../sky/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import { formatHpxRegion, type HpxRegion, hpxRegionPixels, parseHpxRegion } from "../hpx_region.ts";
import { inHdu, textOf } from "./header_fits.ts";

const FRAMES: Readonly<Record<string, SkyFrame>> = {
  C: "icrs",
  CEL: "icrs",
  EQU: "icrs",
  CELESTIAL: "icrs",
  EQUATORIAL: "icrs",
  ICRS: "icrs",
  FK5: "icrs",
  G: "galactic",
  GAL: "galactic",
  GALACTIC: "galactic",
};

/** What the header of a HEALPix table says. */
export interface HpxHeader {
  /** Numbering; undefined for NUNIQ numbers of cells. */
  readonly order: HealpixGrid["order"] | undefined;
  /** Pixels along the side of a base pixel; undefined where the header has neither NSIDE nor ORDER. */
  readonly nside: number | undefined;
  /** Frame of the coordinates; ICRS where the header has none. */
  readonly frame: SkyFrame;
  /** INDXSCHM in upper case, "" where it is absent. */
  readonly scheme: string;
  /** HPX_REG; undefined for all of the sky. */
  readonly region: HpxRegion | undefined;
}

/** Is the HDU a table of HEALPix pixels? */
export function isHpxTable(hdu: Hdu): boolean {
  return hdu.kind === "bintable" && textOf(hdu.header, "PIXTYPE").toUpperCase() === "HEALPIX";
}

/** Reads the HEALPix keywords. */
export function hpxHeader(hdu: Hdu): HpxHeader {
  const { header } = hdu, pixtype = textOf(header, "PIXTYPE");
  if (pixtype.toUpperCase() !== "HEALPIX") {
    throw headerError(header, "PIXTYPE", `found "${pixtype}", expected HEALPIX`);
  }
  return {
    order: orderOf(hdu),
    nside: nsideOf(hdu),
    frame: frameOf(hdu),
    scheme: textOf(header, "INDXSCHM").toUpperCase(),
    region: regionOf(hdu),
  };
}

function orderOf({ header }: Hdu): HealpixGrid["order"] | undefined {
  const ordering = textOf(header, "ORDERING").toUpperCase();
  if (ordering === "RING") return "ring";
  if (ordering === "NESTED" || ordering === "NEST") return "nested";
  if (ordering === "NUNIQ") return undefined;
  throw headerError(header, "ORDERING", `found "${ordering}", expected RING, NESTED or NUNIQ`);
}

function nsideOf({ header }: Hdu): number | undefined {
  const nside = optionalHeaderInteger(header, "NSIDE");
  if (nside !== undefined) return nside;
  const order = optionalHeaderInteger(header, "ORDER");
  if (order === undefined) return undefined;
  if (order >= 0 && order <= 29) return 2 ** order;
  throw headerError(header, "ORDER", `found ${order}, expected 0 to 29`);
}

function frameOf({ header }: Hdu): SkyFrame {
  const keyword = ["COORDSYS", "COORDTYPE", "SKYCOORD"].find((one) => textOf(header, one) !== "");
  if (keyword === undefined) return "icrs";
  const text = textOf(header, keyword), frame = FRAMES[text.toUpperCase()];
  if (frame !== undefined) return frame;
  throw headerError(header, keyword, `found "${text}", expected C, CEL, G or GAL`);
}

function regionOf(hdu: Hdu): HpxRegion | undefined {
  const keyword = hdu.header.index.has("HPX_REG") ? "HPX_REG" : "HPXREGION";
  const text = textOf(hdu.header, keyword);
  // What Gammapy writes where it has a list of pixels and no region.
  if (text === "" || text.toLowerCase() === "explicit") return undefined;
  return inHdu(hdu, keyword, () => parseHpxRegion(text));
}

/** The grid of a table of pixels. */
export function gridOf(hdu: Hdu, { order, nside }: HpxHeader, given = nside): HealpixGrid {
  if (given === undefined) {
    throw headerError(hdu.header, "NSIDE", "found neither NSIDE nor ORDER, expected one of them");
  }
  return inHdu(hdu, "NSIDE", () => createHealpixGrid({ nside: given, order: order ?? "nested" }));
}

/** Most pixels of a part of the sky that a header is believed to mean. */
const MAX_PIXELS = 1e8;

/** The pixels of HPX_REG on a grid; undefined for all of the sky. */
export function regionPixels(
  hdu: Hdu,
  grid: HealpixGrid,
  { region }: HpxHeader,
): Float64Array | undefined {
  const radiusDeg = region?.kind === "pixel" ? 70 / region.nside : region?.radiusDeg ?? 0;
  const share = Math.sin(Math.min(radiusDeg, 180) * Math.PI / 360) ** 2;
  if (share * 12 * grid.nside ** 2 > MAX_PIXELS) {
    throw headerError(
      hdu.header,
      "HPX_REG",
      `found a part of the sky with more than ${MAX_PIXELS} pixels of nside ${grid.nside}`,
    );
  }
  return region && inHdu(hdu, "HPX_REG", () => hpxRegionPixels(grid, region));
}

/** What of the header the format chooses. */
export interface HpxCardOptions {
  /** INDXSCHM. */
  readonly scheme: "IMPLICIT" | "EXPLICIT" | "SPARSE";
  /** HPX_CONV; none where absent. */
  readonly convention?: string;
  /** Keyword of the frame; COORDSYS where absent. */
  readonly frameKeyword?: string;
  /** HPX_REG. */
  readonly region?: HpxRegion | undefined;
  /** Texts of the frames, ICRS and Galactic; CEL and GAL where absent. */
  readonly frames?: readonly [icrs: string, galactic: string];
}

/** The HEALPix keywords of a geometry. */
export function hpxCards(geom: HpxGeom, options: HpxCardOptions): Card[] {
  const { scheme, convention, frameKeyword = "COORDSYS", region, frames = ["CEL", "GAL"] } =
    options;
  const { grid: { nside, order }, frame } = geom, depth = Math.log2(nside);
  const isCells = geom.cells !== undefined;
  return [
    card("PIXTYPE", "HEALPIX", "HEALPix pixels"),
    card("ORDERING", isCells ? "NUNIQ" : order === "ring" ? "RING" : "NESTED", "numbering"),
    card(frameKeyword, frames[frame === "icrs" ? 0 : 1], "frame of the coordinates"),
    card("INDXSCHM", scheme, "how rows and pixels belong together"),
    card("ORDER", Number.isInteger(depth) ? depth : -1),
    card("NSIDE", nside),
    card("FIRSTPIX", 0),
    card("LASTPIX", 12 * nside * nside - 1),
    ...(convention === undefined ? [] : [card("HPX_CONV", convention)]),
    ...(frame === "icrs" ? [card("EQUINOX", 2000, "equinox of RA and DEC")] : []),
    ...(region === undefined ? [] : [card("HPX_REG", formatHpxRegion(region))]),
  ];
}
