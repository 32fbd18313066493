import { OBSERVATORIES } from "../sky/mod.ts";
import { BARYCENTRE, GEOCENTRE, type Observer, siteObserver } from "./observer.ts";
import { RADIO_SITES } from "./tables/sites.ts";

const AT_BARYCENTRE = new Set(["@", "ssb", "bary", "barycenter", "barycentre", "bat"]);
const AT_GEOCENTRE = new Set(["0", "coe", "geo", "geocenter", "geocentre", "geocentric"]);

/** Is this the code of the solar system's barycentre? */
export function isBarycentre(code: string): boolean {
  return AT_BARYCENTRE.has(code.toLowerCase());
}

/**
 * The place behind a site code of tempo, tempo2 or PINT (`@`, `coe`, `7`, `pks`, `gbt`), or the name
 * of a gamma-ray observatory.
 *
 * @param code As in TZRSITE, capitals or not.
 * @returns The observer there.
 * @throws RangeError for a code that is not known, with those that are.
 * @example
 * ```ts
 * import { timingSite } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * const parkes = timingSite("pks");
 * strictEqual(parkes.kind === "site" && parkes.site.name, "parkes");
 * strictEqual(timingSite("@").kind, "barycentre");
 * ```
 * @see the observatory lists of tempo2 and PINT 1.1
 */
export function timingSite(code: string): Observer {
  const wanted = code.toLowerCase();
  if (AT_BARYCENTRE.has(wanted)) return BARYCENTRE;
  if (AT_GEOCENTRE.has(wanted)) return GEOCENTRE;
  const radio = RADIO_SITES.find(([name, codes]) => name === wanted || codes.includes(wanted));
  if (radio !== undefined) {
    const [name, , [xM, yM, zM]] = radio;
    return siteObserver({ name, xM, yM, zM });
  }
  const site = Object.hasOwn(OBSERVATORIES, wanted) ? OBSERVATORIES[wanted] : undefined;
  if (site !== undefined) return siteObserver(site);
  throw new RangeError(
    `Site "${code}" is not known: expected @, coe, ${
      RADIO_SITES.map(([name]) => name).join(", ")
    }, ` +
      `${Object.keys(OBSERVATORIES).join(", ")}, or a code of tempo`,
  );
}
