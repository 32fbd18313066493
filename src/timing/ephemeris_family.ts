/** Ephemerides that put the barycentre at the same place within a few microseconds. */
export interface EphemerisFamily {
  /** Its name: "DE405". */
  readonly family: "DE200" | "DE405" | "DE421" | "DE430" | "DE440" | "INPOP" | "unknown";
  /** Its members, for people. */
  readonly members: string;
}

/** First and last number of the JPL ephemerides of a family. */
const FAMILIES: readonly (readonly [EphemerisFamily["family"], number, number])[] = [
  ["DE200", 1, 202],
  ["DE405", 403, 414],
  ["DE421", 418, 425],
  ["DE430", 426, 439],
  ["DE440", 440, 449],
];

const MEMBERS: Readonly<Record<EphemerisFamily["family"], string>> = {
  DE200: "DE96 to DE202",
  DE405: "DE403 to DE414, epv00",
  DE421: "DE418 to DE425",
  DE430: "DE430 to DE438",
  DE440: "DE440, DE441",
  INPOP: "INPOP",
  unknown: "none that is known",
};

/** How far two families are apart in pulse times, for people. */
const APART: Readonly<Record<string, string>> = {
  "DE405 DE421": "1.5 to 5.5 µs",
  "DE405 DE430": "about 1 µs in 2015 and 3.5 µs in 2021",
  "DE421 DE430": "some µs",
};

/**
 * The family that an ephemeris belongs to.
 *
 * @param name As in EPHEM or PLEPHEM: "DE405", "JPL-DE405", "de440s", "epv00".
 * @returns A frozen record; `unknown` for a name that is none of them.
 * @example
 * ```ts
 * import { ephemerisFamily } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(ephemerisFamily("DE414").family, "DE405");
 * strictEqual(ephemerisFamily("de440s").family, "DE440");
 * ```
 */
export function ephemerisFamily(name: string): EphemerisFamily {
  const plain = name.trim().toUpperCase().replace(/^JPL[-_ ]*/, "");
  const number = /^DE[-_ ]?0*(\d+)[A-Z]?$/.exec(plain)?.[1];
  const family = plain === "EPV00"
    ? "DE405"
    : plain.startsWith("INPOP")
    ? "INPOP"
    : FAMILIES.find(([, first, last]) => Number(number) >= first && Number(number) <= last)?.[0] ??
      "unknown";
  return Object.freeze({ family, members: MEMBERS[family] });
}

/**
 * What to tell who brings times to the barycentre with another ephemeris than that of a timing
 * solution: how far pulses come out apart, and what it does.
 *
 * @param wanted The ephemeris of the solution (EPHEM), if it says one.
 * @param used The ephemeris in use.
 * @returns A sentence, or undefined where both are of one family, or the solution names none.
 * @example
 * ```ts
 * import { ephemerisWarning } from "@gammarx/gammarx/timing";
 * import { match, strictEqual } from "node:assert/strict";
 * strictEqual(ephemerisWarning("DE405", "epv00"), undefined);
 * match(ephemerisWarning("DE440", "DE405")!, /0\.4 ms/);
 * ```
 */
export function ephemerisWarning(wanted: string | undefined, used: string): string | undefined {
  const give = "give its kernel (.bsp) for absolute phases";
  if (wanted === undefined || wanted.trim() === "") return undefined;
  const a = ephemerisFamily(wanted).family, b = ephemerisFamily(used).family;
  if (a === b && a !== "unknown") return undefined;
  const both = `The timing solution was made with ${wanted.trim()}, ${used} is used:`;
  if (a === "DE440" || b === "DE440") {
    return `${both} the barycentre of DE440 and DE441 is shifted by about 100 km, pulse times by up ` +
      `to 0.4 ms (nearly constant: no harm to the search for pulsation, but to absolute phases); ${give}`;
  }
  if (a === "DE200" || b === "DE200") {
    return `${both} DE200 is not aligned with the ICRS, positions and pulse times do not agree with ` +
      `it by tens of µs to ms in a year; ${give}`;
  }
  const apart = APART[`${a} ${b}`] ?? APART[`${b} ${a}`];
  return apart === undefined
    ? `${both} how far they are apart is not known here; ${give}`
    : `${both} pulse times differ by ${apart}; ${give}`;
}
