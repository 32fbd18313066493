import type { HeaderCards } from "./wcs_header.ts";

/** A place on the Earth, geodetic, WGS 84. */
export interface Site {
  /** Its name. */
  readonly name: string;
  /** Longitude, deg, east positive. */
  readonly lonDeg: number;
  /** Latitude, deg. */
  readonly latDeg: number;
  /** Height above the ellipsoid, m. */
  readonly heightM: number;
}

/**
 * Makes a place on the Earth.
 *
 * @param fields Longitude (east positive) and latitude, deg; height above the ellipsoid, m.
 * @returns A frozen record.
 * @throws RangeError for a latitude outside [-90, 90] or numbers that are not finite.
 * @example
 * ```ts
 * import { createSite } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const site = createSite({ name: "roof", lonDeg: 8.7, latDeg: 49.4, heightM: 560 });
 * assert.equal(site.name, "roof");
 * assert.throws(() => createSite({ ...site, latDeg: 94 }), /latitude/);
 * ```
 */
export function createSite(fields: Site): Site {
  const { name, lonDeg, latDeg, heightM } = fields;
  if (!Number.isFinite(lonDeg) || !Number.isFinite(heightM)) {
    throw new RangeError(`Site "${name}": longitude ${lonDeg} deg, height ${heightM} m`);
  }
  if (!(Math.abs(latDeg) <= 90)) {
    throw new RangeError(`Site "${name}": latitude ${latDeg} deg is not in [-90, 90]`);
  }
  return Object.freeze({ name, lonDeg, latDeg, heightM });
}

/** Degrees of an angle in degrees, minutes and seconds. */
function dms(degrees: number, minutes: number, seconds: number): number {
  return degrees + minutes / 60 + seconds / 3600;
}

function site(name: string, lonDeg: number, latDeg: number, heightM: number): Site {
  return Object.freeze({ name, lonDeg, latDeg, heightM });
}

/**
 * Gamma-ray observatories on the ground. Where Gammapy has a place, it is the same; but for HEGRA,
 * whose longitude and latitude stand there in each other's place.
 *
 * Sources: as in Gammapy's list (the observatories' pages; Maier for CTAO; arXiv:1108.6034 for HAWC;
 * fact-tools for FACT); LST-1: the array description of lstchain; LHAASO: arXiv:1905.02773.
 */
export const OBSERVATORIES: Readonly<Record<string, Site>> = Object.freeze({
  astri: site("astri", -dms(16, 30, 20.99), dms(28, 18, 0), 2370),
  ctao_north: site("ctao_north", -dms(17, 53, 31.218), dms(28, 45, 43.7904), 2147),
  ctao_south: site("ctao_south", -dms(70, 18, 58.84), -dms(24, 41, 0.34), 2150),
  fact: site("fact", -17.891116, 28.761647, 2200),
  hawc: site("hawc", -dms(97, 18, 34), dms(18, 59, 48), 4100),
  hegra: site("hegra", -dms(17, 53, 27), dms(28, 45, 42), 2200),
  hess: site("hess", dms(16, 30, 0.8), -dms(23, 16, 18.4), 1835),
  lhaaso: site("lhaaso", 100.1372, 29.3586, 4410),
  lst: site("lst", -17.89149701, 28.76152611, 2184),
  magic: site("magic", -dms(17, 53, 24), dms(28, 45, 43), 2200),
  milagro: site("milagro", -106.67625, 35.87835, 2530),
  veritas: site("veritas", -dms(110, 57, 7.77), dms(31, 40, 30.21), 1268),
  whipple: site("whipple", -dms(110, 52, 42), dms(31, 40, 52), 2606),
});

/**
 * An observatory by its name; case, dots, spaces and hyphens do not matter, and `cta_…` is `ctao_…`.
 *
 * @param name For example `hess`, `H.E.S.S.`, `CTAO-North`.
 * @returns Its place.
 * @throws RangeError for a name that is not in {@link OBSERVATORIES}.
 * @example
 * ```ts
 * import { observatory, OBSERVATORIES } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(observatory("H.E.S.S."), OBSERVATORIES.hess);
 * assert.throws(() => observatory("palomar"), /expected one of astri/);
 * ```
 */
export function observatory(name: string): Site {
  const plain = name.trim().toLowerCase().replaceAll(".", "").replaceAll(/[\s-]+/g, "_")
    .replace(/^cta_/, "ctao_");
  if (!Object.hasOwn(OBSERVATORIES, plain)) {
    throw new RangeError(
      `Unknown observatory "${name}": expected one of ${Object.keys(OBSERVATORIES).join(", ")}`,
    );
  }
  return OBSERVATORIES[plain]!;
}

/**
 * The place that a header names: GEOLON, GEOLAT (deg) and ALTITUDE or GEOALT (m).
 *
 * @param cards Header keywords; TELESCOP gives the name.
 * @returns The place, or undefined where none of the keywords is there.
 * @throws RangeError where one is missing or no number.
 * @example
 * ```ts
 * import { siteFromHeader } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const site = siteFromHeader({ GEOLON: 16.5, GEOLAT: -23.27, ALTITUDE: 1835, TELESCOP: "HESS" });
 * assert.deepEqual(site, { name: "HESS", lonDeg: 16.5, latDeg: -23.27, heightM: 1835 });
 * ```
 * @see GADF 0.3, section EVENTS, mandatory header keywords
 */
export function siteFromHeader(cards: HeaderCards): Site | undefined {
  const height = cards["ALTITUDE"] === undefined ? "GEOALT" : "ALTITUDE";
  const keywords = ["GEOLON", "GEOLAT", height];
  if (keywords.every((keyword) => cards[keyword] === undefined)) return undefined;
  const [lonDeg, latDeg, heightM] = keywords.map((keyword) => {
    const value = cards[keyword];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(`${keyword}: found ${JSON.stringify(value)}, expected a number`);
    }
    return value;
  });
  const name = String(cards["TELESCOP"] ?? "").trim();
  return createSite({ name, lonDeg: lonDeg!, latDeg: latDeg!, heightM: heightM! });
}
