import { OBSERVATORIES } from "../sky/mod.ts";
import { RADIO_SITES } from "./tables/sites.ts";

/** Where an arrival time was taken. */
export type TimingSite =
  /** The barycentre of the solar system: times are TDB. */
  | { readonly kind: "barycentre"; readonly name: string }
  /** The centre of the Earth. */
  | { readonly kind: "geocentre"; readonly name: string }
  /** A place on the Earth. */
  | {
    readonly kind: "ground";
    readonly name: string;
    /** x, y, z in the ITRF, m. */
    readonly itrfM: readonly [x: number, y: number, z: number];
  };

const BARYCENTRE = new Set(["@", "ssb", "bary", "barycenter", "barycentre", "bat"]);
const GEOCENTRE = new Set(["0", "coe", "geo", "geocenter", "geocentre", "geocentric"]);

/** Is this the code of the solar system's barycentre? */
export function isBarycentre(code: string): boolean {
  return BARYCENTRE.has(code.toLowerCase());
}

/**
 * The place behind a site code of tempo, tempo2 or PINT (`@`, `coe`, `7`, `pks`, `gbt`), or the name
 * of a gamma-ray observatory.
 *
 * @param code As in TZRSITE, capitals or not.
 * @returns A frozen record.
 * @throws RangeError for a code that is not known, with those that are.
 * @example
 * ```ts
 * import { timingSite } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(timingSite("pks").name, "parkes");
 * strictEqual(timingSite("@").kind, "barycentre");
 * ```
 * @see the observatory lists of tempo2 and PINT 1.1
 */
export function timingSite(code: string): TimingSite {
  const wanted = code.toLowerCase();
  if (BARYCENTRE.has(wanted)) return Object.freeze({ kind: "barycentre", name: "barycentre" });
  if (GEOCENTRE.has(wanted)) return Object.freeze({ kind: "geocentre", name: "geocentre" });
  const radio = RADIO_SITES.find(([name, codes]) => name === wanted || codes.includes(wanted));
  if (radio !== undefined) {
    return Object.freeze({ kind: "ground", name: radio[0], itrfM: radio[2] });
  }
  const site = Object.hasOwn(OBSERVATORIES, wanted) ? OBSERVATORIES[wanted] : undefined;
  if (site !== undefined) {
    return Object.freeze({ kind: "ground", name: wanted, itrfM: itrfOf(site) });
  }
  throw new RangeError(
    `Site "${code}" is not known: expected @, coe, ${
      RADIO_SITES.map(([name]) => name).join(", ")
    }, ` +
      `${Object.keys(OBSERVATORIES).join(", ")}, or a code of tempo`,
  );
}

/** Geocentric place of a geodetic one on the ellipsoid of WGS 84. */
function itrfOf(
  site: { readonly lonDeg: number; readonly latDeg: number; readonly heightM: number },
): readonly [number, number, number] {
  const lon = site.lonDeg * Math.PI / 180, lat = site.latDeg * Math.PI / 180;
  const flattening = 1 / 298.257223563, squared = flattening * (2 - flattening);
  const normal = 6378137 / Math.sqrt(1 - squared * Math.sin(lat) ** 2);
  const plane = (normal + site.heightM) * Math.cos(lat);
  const z = (normal * (1 - squared) + site.heightM) * Math.sin(lat);
  return Object.freeze([plane * Math.cos(lon), plane * Math.sin(lon), z] as const);
}
