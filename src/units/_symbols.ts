/*
 * Symbols of units. Scale in the canonical units TeV, cm, s, deg, A, K as
 * mantissa/divisor · 10^exponent, so that decimal prefixes and whole ratios stay exact; dimensions as powers of those six.
 * 1 eV = 1.602176634e-19 J exactly (SI 2019); 1 pc and 1 au: IAU 2012 B2, 2015 B2; nominal solar and
 * terrestrial values: IAU 2015 B3; year: Julian.
 */

/** Powers of energy, length, time, angle, current, temperature. */
export type Powers = readonly [number, number, number, number, number, number];

/** A unit by its symbol. */
export interface UnitSymbol {
  readonly dims: Powers;
  readonly mantissa: number;
  readonly divisor: number;
  readonly exponent: number;
}

const ENERGY: Powers = [1, 0, 0, 0, 0, 0];
const LENGTH: Powers = [0, 1, 0, 0, 0, 0];
const TIME: Powers = [0, 0, 1, 0, 0, 0];
const RATE: Powers = [0, 0, -1, 0, 0, 0];
const ANGLE: Powers = [0, 0, 0, 1, 0, 0];
const SOLID_ANGLE: Powers = [0, 0, 0, 2, 0, 0];
const MASS: Powers = [1, -2, 2, 0, 0, 0];
const POWER: Powers = [1, 0, -1, 0, 0, 0];
const NONE: Powers = [0, 0, 0, 0, 0, 0];

/** TeV is this many erg. */
const ERG = 1.602176634;
/** A degree is this many radians · 10^-2. */
const DEGREE = Math.PI / 1.8;

const table = new Map<string, UnitSymbol>();
const prefixed = new Set<string>();

function add(
  names: string,
  dims: Powers,
  mantissa: number,
  exponent = 0,
  more: { prefixes?: boolean; divisor?: number } = {},
): void {
  for (const name of names.split(" ")) {
    table.set(name, { dims, mantissa, divisor: more.divisor ?? 1, exponent });
    if (more.prefixes) prefixed.add(name);
  }
}

add("eV", ENERGY, 1, -12, { prefixes: true });
add("erg", ENERGY, 1, 0, { prefixes: true, divisor: ERG });
add("J", ENERGY, 1, 7, { prefixes: true, divisor: ERG });
add("Ry", ENERGY, 1.3605693122994, -11);
add("m", LENGTH, 1, 2, { prefixes: true });
add("Angstrom angstrom AA Å", LENGTH, 1, -8);
add("pc", LENGTH, 3.0856775814913674, 18, { prefixes: true });
add("lyr", LENGTH, 9.4607304725808, 17, { prefixes: true });
add("AU au", LENGTH, 1.495978707, 13);
add("solRad R_sun Rsun", LENGTH, 6.957, 10);
add("earthRad R_earth Rearth Earth_Radii", LENGTH, 6.3781, 8);
add("micron", LENGTH, 1, -4);
add("s", TIME, 1, 0, { prefixes: true });
add("min", TIME, 6, 1);
add("h hr", TIME, 3.6, 3);
add("d day", TIME, 8.64, 4);
add("wk week", TIME, 6.048, 5);
add("a yr", TIME, 3.15576, 7, { prefixes: true });
add("Hz Bq", RATE, 1, 0, { prefixes: true });
add("Ci", RATE, 3.7, 10);
add("deg °", ANGLE, 1);
add("arcmin amin", ANGLE, 1, -1, { divisor: 6 });
add("arcsec asec", ANGLE, 1, -3, { divisor: 3.6 });
add("mas", ANGLE, 1, -6, { divisor: 3.6 });
add("uas", ANGLE, 1, -9, { divisor: 3.6 });
add("hourangle", ANGLE, 1.5, 1);
add("rad", ANGLE, 1, 2, { prefixes: true, divisor: DEGREE });
add("cycle cy", ANGLE, 3.6, 2);
add("sr", SOLID_ANGLE, 1, 4, { prefixes: true, divisor: DEGREE * DEGREE });
add("g", MASS, 1, 0, { prefixes: true, divisor: ERG });
add("solMass M_sun Msun", MASS, 1.988409870698051, 33, { divisor: ERG });
add("W", POWER, 1, 7, { prefixes: true, divisor: ERG });
add("solLum L_sun Lsun", POWER, 3.828, 33, { divisor: ERG });
add("N", [1, -1, 0, 0, 0, 0], 1, 5, { prefixes: true, divisor: ERG });
add("Pa", [1, -3, 0, 0, 0, 0], 1, 1, { prefixes: true, divisor: ERG });
add("bar", [1, -3, 0, 0, 0, 0], 1, 6, { prefixes: true, divisor: ERG });
add("dyn", [1, -1, 0, 0, 0, 0], 1, 0, { divisor: ERG });
add("barn b", [0, 2, 0, 0, 0, 0], 1, -24, { prefixes: true });
add("Jy", [1, -2, 0, 0, 0, 0], 1, -23, { prefixes: true, divisor: ERG });
add("A", [0, 0, 0, 0, 1, 0], 1, 0, { prefixes: true });
add("C", [0, 0, 1, 0, 1, 0], 1, 0, { prefixes: true });
add("V", [1, 0, -1, 0, -1, 0], 1, 7, { prefixes: true, divisor: ERG });
add("T", [1, -2, 0, 0, -1, 0], 1, 3, { prefixes: true, divisor: ERG });
add("G Gauss", [1, -2, 0, 0, -1, 0], 1, -1, { prefixes: true, divisor: ERG });
add("K", [0, 0, 0, 0, 0, 1], 1, 0, { prefixes: true });
add("%", NONE, 1, -2);
add("percent", NONE, 1, -2);
add(
  "count ct photon ph event electron pix pixel bin chan channel adu DN voxel beam transit sigma unit",
  NONE,
  1,
);

const PREFIXES: ReadonlyMap<string, number> = new Map([
  ["da", 1],
  ["y", -24],
  ["z", -21],
  ["a", -18],
  ["f", -15],
  ["p", -12],
  ["n", -9],
  ["u", -6],
  ["µ", -6],
  ["μ", -6],
  ["m", -3],
  ["c", -2],
  ["d", -1],
  ["h", 2],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
  ["Z", 21],
  ["Y", 24],
]);

/** Names that files write beside the symbols, in lower case. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["ev", "eV"],
  ["kev", "keV"],
  ["mev", "MeV"],
  ["gev", "GeV"],
  ["tev", "TeV"],
  ["pev", "PeV"],
  ["ergs", "erg"],
  ["sec", "s"],
  ["secs", "s"],
  ["second", "s"],
  ["seconds", "s"],
  ["minute", "min"],
  ["minutes", "min"],
  ["hour", "h"],
  ["hours", "h"],
  ["hrs", "h"],
  ["days", "d"],
  ["year", "yr"],
  ["years", "yr"],
  ["degree", "deg"],
  ["degrees", "deg"],
  ["degs", "deg"],
  ["radian", "rad"],
  ["radians", "rad"],
  ["steradian", "sr"],
  ["steradians", "sr"],
  ["str", "sr"],
  ["meter", "m"],
  ["meters", "m"],
  ["metre", "m"],
  ["centimeter", "cm"],
  ["parsec", "pc"],
  ["hertz", "Hz"],
  ["jansky", "Jy"],
  ["counts", "count"],
  ["cts", "count"],
  ["photons", "photon"],
  ["phs", "photon"],
  ["events", "event"],
  ["evt", "event"],
  ["pixels", "pix"],
  ["channels", "chan"],
  ["kelvin", "K"],
  ["watt", "W"],
  ["joule", "J"],
  ["gauss", "G"],
  ["tesla", "T"],
  ["volt", "V"],
  ["angstroms", "Angstrom"],
]);

/** Texts that mean no unit. */
export const EMPTY: ReadonlySet<string> = new Set([
  "",
  "1",
  "-",
  "--",
  "none",
  "null",
  "n/a",
  "na",
  "unitless",
  "dimensionless",
  "no unit",
]);

function exact(name: string): UnitSymbol | undefined {
  const known = table.get(name);
  if (known !== undefined) return known;
  for (const length of [2, 1]) {
    const power = PREFIXES.get(name.slice(0, length)), rest = name.slice(length);
    if (power === undefined || !prefixed.has(rest)) continue;
    const symbol = table.get(rest)!;
    return { ...symbol, exponent: symbol.exponent + power };
  }
  return undefined;
}

/** A symbol by name: as written, then by the names that files use, then without regard to case. */
export function findSymbol(name: string): { name: string; symbol: UnitSymbol } | undefined {
  const found = exact(name);
  if (found !== undefined) return { name, symbol: found };
  const lower = name.toLowerCase(), alias = ALIASES.get(lower);
  if (alias !== undefined) return { name: alias, symbol: exact(alias)! };
  if (name.length < 2) return undefined;
  const same = [...table.keys()].filter((key) => key.toLowerCase() === lower);
  return same.length === 1 ? { name: same[0]!, symbol: table.get(same[0]!)! } : undefined;
}

/** Known names close to a wrong one, for messages. */
export function similar(name: string): string[] {
  const lower = name.toLowerCase();
  return [...table.keys(), "keV", "MeV", "GeV", "TeV", "cm", "km", "ms", "kpc", "Mpc"].filter(
    (key) => {
      const other = key.toLowerCase();
      return other === lower ||
        (lower.length > 1 && other.length > 1 &&
          (other.startsWith(lower) || lower.startsWith(other)));
    },
  ).slice(0, 4);
}
