/**
 * World coordinate systems as header keywords: plain records of keyword to value.
 *
 * Source: FITS Standard 4.0, section 8; Greisen & Calabretta 2002 (PC, CD), Calabretta & Greisen
 * 2002 (CTYPE, LONPOLE, PV; CROTA in section 6.1).
 */
import type { SkyFrame } from "./sky_frame.ts";
import { createWcs, type Matrix2, PROJECTION_CODES, type ProjectionCode, type Wcs } from "./wcs.ts";

/** Header keywords and their values. */
export type HeaderCards = Readonly<Record<string, number | string | undefined>>;

/** Number of an axis keyword, or a default. */
function numberOf(cards: HeaderCards, keyword: string): number | undefined {
  const value = cards[keyword];
  if (value === undefined) return undefined;
  const number = typeof value === "number" ? value : Number(value.trim() || NaN);
  if (!Number.isFinite(number)) {
    throw new RangeError(`${keyword}: found ${JSON.stringify(value)}, expected a number`);
  }
  return number;
}

function textOf(cards: HeaderCards, keyword: string): string {
  const value = cards[keyword];
  return value === undefined ? "" : String(value).trim().toUpperCase();
}

interface Axes {
  readonly lon: number;
  readonly lat: number;
  readonly frame: SkyFrame;
  readonly projection: ProjectionCode;
}

const COORDINATES: Readonly<Record<string, readonly ["lon" | "lat", SkyFrame]>> = {
  RA: ["lon", "icrs"],
  DEC: ["lat", "icrs"],
  GLON: ["lon", "galactic"],
  GLAT: ["lat", "galactic"],
};

/** The two celestial axes among CTYPE1 to CTYPE9. */
function celestialAxes(cards: HeaderCards): Axes {
  const found: string[] = [];
  const axes: { lon?: [number, SkyFrame, string]; lat?: [number, SkyFrame, string] } = {};
  for (let axis = 1; axis <= 9; axis++) {
    const ctype = textOf(cards, `CTYPE${axis}`);
    if (ctype === "") continue;
    found.push(`CTYPE${axis} = '${ctype}'`);
    const parts = /^([A-Z]+)-+([A-Z]+)(-.*)?$/.exec(ctype);
    const meaning = COORDINATES[parts?.[1] ?? ""];
    if (parts === null || meaning === undefined) continue;
    if (parts[3] !== undefined) {
      throw new RangeError(`CTYPE${axis} = '${ctype}': distortions are not supported`);
    }
    if (axes[meaning[0]] !== undefined) {
      throw new RangeError(`Two axes of one kind: ${found.join(", ")}`);
    }
    axes[meaning[0]] = [axis, meaning[1], parts[2]!];
  }
  const { lon, lat } = axes;
  if (lon === undefined || lat === undefined) {
    throw new RangeError(
      `No celestial axes: found ${found.join(", ") || "no CTYPE"}, expected a pair such as ` +
        `RA---TAN and DEC--TAN, or GLON-CAR and GLAT-CAR`,
    );
  }
  if (lon[1] !== lat[1] || lon[2] !== lat[2]) {
    throw new RangeError(`Axes of different frames or projections: ${found.join(", ")}`);
  }
  if (!(PROJECTION_CODES as readonly string[]).includes(lon[2])) {
    throw new RangeError(
      `Unknown projection "${lon[2]}" in ${found.join(", ")}: expected one of ` +
        PROJECTION_CODES.join(", "),
    );
  }
  return { lon: lon[0], lat: lat[0], frame: lon[1], projection: lon[2] as ProjectionCode };
}

/** RADESYS or RADECSYS and EQUINOX of an equatorial header: refused where it is not J2000. */
function checkEquatorial(cards: HeaderCards): void {
  const keyword = cards.RADESYS !== undefined ? "RADESYS" : "RADECSYS";
  const system = textOf(cards, keyword),
    equinox = numberOf(cards, "EQUINOX") ??
      numberOf(cards, "EPOCH");
  if (system !== "" && system !== "ICRS" && system !== "FK5") {
    throw new RangeError(`${keyword}: found "${system}", expected ICRS or FK5`);
  }
  if (system !== "ICRS" && equinox !== undefined && equinox !== 2000) {
    throw new RangeError(`EQUINOX: found ${equinox}, expected 2000`);
  }
}

/** CD matrix in degrees, from CD, PC with CDELT, or CDELT with CROTA. */
function matrixOf(cards: HeaderCards, axes: Axes): Pick<Wcs, "cdeltDeg" | "pc"> {
  const { lon, lat } = axes, pixels = [Math.min(lon, lat), Math.max(lon, lat)] as const;
  const world = [lon, lat] as const;
  const read = (prefix: string, unit: boolean): Matrix2 | undefined => {
    const rows = world.map((i) => pixels.map((j) => numberOf(cards, `${prefix}${i}_${j}`)));
    if (rows.flat().every((one) => one === undefined)) return undefined;
    const filled = rows.map((row, r) =>
      row.map((one, c) => one ?? (unit && world[r] === pixels[c] ? 1 : 0))
    );
    return filled as unknown as Matrix2;
  };
  const cd = read("CD", false);
  if (cd !== undefined) return { cdeltDeg: [1, 1], pc: cd };
  const cdelt = world.map((axis) => numberOf(cards, `CDELT${axis}`) ?? 1) as [number, number];
  const pc = read("PC", true);
  if (pc !== undefined) return { cdeltDeg: cdelt, pc };
  const rotation = (numberOf(cards, `CROTA${lat}`) ?? 0) * Math.PI / 180;
  const c = Math.cos(rotation), s = Math.sin(rotation);
  // columns belong to pixel axes, which run in the order of the axis numbers
  const [lonStep, latStep] = cdelt, lonRow = [c, 0 - s * latStep / lonStep] as const;
  const latRow = [0 + s * lonStep / latStep, c] as const;
  const isSwapped = lat < lon;
  return {
    cdeltDeg: cdelt,
    pc: isSwapped ? [[lonRow[1], lonRow[0]], [latRow[1], latRow[0]]] : [lonRow, latRow],
  };
}

/**
 * The celestial coordinate system of a header.
 *
 * CTYPE names frame and projection, RADESYS (or RADECSYS) the equatorial frame: ICRS, or FK5, which is
 * taken as ICRS (they differ by less than 0.03″). The pixel matrix is CDi_j, or PCi_j with CDELTi, or
 * CDELTi with CROTAi of the latitude axis. The celestial axes may be any two of the first nine; pixel
 * x and y are then those two in their order.
 *
 * @param cards keywords and values
 * @returns the coordinate system
 * @throws RangeError for axes, frames, units or numbers that are not understood, naming what was found
 * @example
 * ```ts
 * import { wcsFromHeader } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = wcsFromHeader({
 *   CTYPE1: "GLON-CAR",
 *   CTYPE2: "GLAT-CAR",
 *   CRVAL1: 0,
 *   CRVAL2: 0,
 *   CRPIX1: 100.5,
 *   CRPIX2: 50.5,
 *   CDELT1: -0.1,
 *   CDELT2: 0.1,
 * });
 * assert.equal(wcs.frame, "galactic");
 * assert.throws(() => wcsFromHeader({ CTYPE1: "FREQ" }), /No celestial axes: found CTYPE1 = 'FREQ'/);
 * ```
 */
export function wcsFromHeader(cards: HeaderCards): Wcs {
  const axes = celestialAxes(cards), { lon, lat } = axes;
  if (axes.frame === "icrs") checkEquatorial(cards);
  for (const axis of [lon, lat]) {
    const unit = textOf(cards, `CUNIT${axis}`);
    if (!/^(|DEG|DEGREES?)$/.test(unit)) {
      throw new RangeError(`CUNIT${axis}: found "${unit}", expected deg`);
    }
  }
  const pv: Record<string, number> = {};
  for (const [axis, name] of [[lon, "PV1"], [lat, "PV2"]] as const) {
    for (let m = 0; m <= 2; m++) {
      const value = numberOf(cards, `PV${axis}_${m}`);
      if (value !== undefined) pv[`${name}_${m}`] = value;
    }
  }
  const pixels = [Math.min(lon, lat), Math.max(lon, lat)] as const;
  const lonpoleDeg = numberOf(cards, `PV${lon}_3`) ?? numberOf(cards, "LONPOLE");
  const latpoleDeg = numberOf(cards, `PV${lon}_4`) ?? numberOf(cards, "LATPOLE");
  return createWcs({
    projection: axes.projection,
    frame: axes.frame,
    crvalDeg: [numberOf(cards, `CRVAL${lon}`) ?? 0, numberOf(cards, `CRVAL${lat}`) ?? 0],
    crpix: [numberOf(cards, `CRPIX${pixels[0]}`) ?? 0, numberOf(cards, `CRPIX${pixels[1]}`) ?? 0],
    ...matrixOf(cards, axes),
    ...(lonpoleDeg === undefined ? {} : { lonpoleDeg }),
    ...(latpoleDeg === undefined ? {} : { latpoleDeg }),
    pv,
  });
}

/**
 * The header keywords of a coordinate system, on axes 1 (longitude) and 2 (latitude).
 *
 * @param wcs the coordinate system
 * @returns a new record of keywords and values that {@linkcode wcsFromHeader} reads back
 * @example
 * ```ts
 * import { createWcs, wcsFromHeader, wcsToHeader } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "TAN", crvalDeg: [5, 6], crpix: [7, 8], cdeltDeg: [-1, 1] });
 * assert.equal(wcsToHeader(wcs).CTYPE1, "RA---TAN");
 * assert.deepEqual(wcsFromHeader(wcsToHeader(wcs)), wcs);
 * ```
 */
export function wcsToHeader(wcs: Wcs): Record<string, number | string> {
  const [lon, lat] = wcs.frame === "icrs" ? ["RA--", "DEC-"] : ["GLON", "GLAT"];
  const cards: Record<string, number | string> = {
    WCSAXES: 2,
    CTYPE1: `${lon}-${wcs.projection}`,
    CTYPE2: `${lat}-${wcs.projection}`,
    CUNIT1: "deg",
    CUNIT2: "deg",
    CRPIX1: wcs.crpix[0],
    CRPIX2: wcs.crpix[1],
    CDELT1: wcs.cdeltDeg[0],
    CDELT2: wcs.cdeltDeg[1],
    CRVAL1: wcs.crvalDeg[0],
    CRVAL2: wcs.crvalDeg[1],
    LONPOLE: wcs.lonpoleDeg,
    LATPOLE: wcs.latpoleDeg,
  };
  wcs.pc.forEach((row, i) =>
    row.forEach((value, j) => {
      if (value !== (i === j ? 1 : 0)) cards[`PC${i + 1}_${j + 1}`] = value;
    })
  );
  Object.assign(cards, wcs.pv);
  if (wcs.frame === "icrs") cards.RADESYS = "ICRS";
  return cards;
}
