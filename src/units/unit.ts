import { EMPTY, findSymbol, type Powers, similar } from "./_symbols.ts";

/** One unit with its power, as in "cm-2". */
export interface UnitFactor {
  /** Symbol: "TeV", "cm". */
  readonly name: string;
  /** Power; fractions are allowed. */
  readonly power: number;
}

/** A unit of measure. Its scale is in the canonical units of this library: TeV, cm, s, deg (and A, K). */
export interface Unit {
  /** The text it was read from. */
  readonly text: string;
  /** Powers of energy, length, time, angle, current and temperature. */
  readonly dims: readonly [
    energy: number,
    length: number,
    time: number,
    angle: number,
    current: number,
    temperature: number,
  ];
  /** Canonical units in one of this: mantissa/divisor · 10^exponent; the three are kept to stay exact. */
  readonly scale: number;
  /** What the scale is multiplied with. */
  readonly mantissa: number;
  /** What the scale is divided by. */
  readonly divisor: number;
  /** Its powers of ten. */
  readonly exponent: number;
  /** Number before the unit, 1 mostly: 1e-12 in "10^-12 erg". */
  readonly number: number;
  /** The units multiplied, in the order of the text. */
  readonly factors: readonly UnitFactor[];
}

/** A unit while it is being read. */
interface Draft {
  dims: number[];
  mantissa: number;
  divisor: number;
  exponent: number;
  number: number;
  factors: UnitFactor[];
}

const draft = (): Draft => ({
  dims: [0, 0, 0, 0, 0, 0],
  mantissa: 1,
  divisor: 1,
  exponent: 0,
  number: 1,
  factors: [],
});

function multiply(a: Draft, b: Draft, power: number): void {
  for (let i = 0; i < 6; i++) a.dims[i]! += power * b.dims[i]!;
  const size = Math.abs(power);
  a.mantissa *= (power < 0 ? b.divisor : b.mantissa) ** size;
  a.divisor *= (power < 0 ? b.mantissa : b.divisor) ** size;
  a.exponent += power * b.exponent;
  a.number *= b.number ** power;
  for (const factor of b.factors) {
    a.factors.push({ name: factor.name, power: factor.power * power });
  }
}

const TOKEN =
  /\s*(?:(\*\*|\^)|([*.·/()])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-zµμÅ°%_]+))/y;

interface Token {
  readonly kind: "power" | "mark" | "number" | "name";
  readonly text: string;
  readonly spaced: boolean;
}

/** Where the reading of a text stands. */
interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

function fail(text: string, why: string): never {
  throw new SyntaxError(`Unit "${text}": ${why}`);
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let from = 0; from < text.length; from = TOKEN.lastIndex) {
    const found = TOKEN.exec(text);
    if (found === null) fail(text, `unexpected "${text.slice(from).trim()[0]}"`);
    const [all, power, mark, number, name] = found;
    const kind = power !== undefined
      ? "power"
      : mark !== undefined
      ? "mark"
      : number !== undefined
      ? "number"
      : "name";
    tokens.push({ kind, text: (power ?? mark ?? number ?? name)!, spaced: /^\s/.test(all) });
  }
  return tokens;
}

function take(r: Reader, text: string): boolean {
  if (r.tokens[r.at]?.text !== text) return false;
  r.at++;
  return true;
}

/** The whole text: the grammar of FITS 4.0, of astropy's "generic" format, and of files as they are. */
function read(text: string): Draft {
  const r: Reader = { text, tokens: tokenise(text), at: 0 }, out = readQuotient(r);
  const left = r.tokens[r.at];
  if (left !== undefined) fail(text, `unexpected "${left.text}"`);
  return out;
}

/** product { "/" product }: as in astropy, "erg/cm2 s" is erg/(cm2 s). */
function readQuotient(r: Reader): Draft {
  const out = draft();
  if (r.tokens[r.at]?.text !== "/") multiply(out, readProduct(r), 1);
  while (take(r, "/")) multiply(out, readProduct(r), -1);
  return out;
}

function readProduct(r: Reader): Draft {
  const out = draft();
  for (let needed = true;;) {
    const found = readFactor(r);
    if (found === undefined) {
      if (needed) fail(r.text, "a unit is missing");
      return out;
    }
    multiply(out, found.unit, found.power);
    needed = take(r, "*") || take(r, ".") || take(r, "·");
  }
}

function readFactor(r: Reader): { unit: Draft; power: number } | undefined {
  const token = r.tokens[r.at];
  if (token?.kind === "number") {
    r.at++;
    const unit = draft(), value = Number(token.text);
    if (!(value > 0)) fail(r.text, `the number ${token.text} stands where a unit is expected`);
    const power = r.tokens[r.at]?.kind === "power" ? readPower(r) : 1;
    unit.number = value === 10 && Number.isInteger(power) ? Number(`1e${power}`) : value ** power;
    return { unit, power: 1 };
  }
  if (token?.text === "(") {
    const unit = readGroup(r);
    return { unit, power: raised(r) ? readPower(r) : 1 };
  }
  if (token?.kind !== "name") return undefined;
  r.at++;
  if (token.text === "sqrt" && r.tokens[r.at]?.text === "(") {
    return { unit: readGroup(r), power: 0.5 };
  }
  const unit = readSymbol(r, token.text);
  return { unit, power: raised(r) ? readPower(r) : 1 };
}

/** Whether a power follows: with a sign of power, or a number without a space. */
function raised(r: Reader): boolean {
  const next = r.tokens[r.at];
  return next?.kind === "power" || (next?.kind === "number" && !next.spaced);
}

function readGroup(r: Reader): Draft {
  take(r, "(");
  const unit = readQuotient(r);
  if (!take(r, ")")) fail(r.text, 'a ")" is missing');
  return unit;
}

function readSymbol(r: Reader, name: string): Draft {
  const found = findSymbol(name);
  if (found === undefined) {
    if (/^(log|ln|dex|mag)/i.test(name)) {
      fail(r.text, `"${name}" is logarithmic, which no factor can convert`);
    }
    const near = similar(name);
    fail(
      r.text,
      `"${name}" is not known` + (near.length > 0 ? `; near are ${near.join(", ")}` : ""),
    );
  }
  const { symbol } = found;
  return {
    ...symbol,
    dims: [...symbol.dims],
    number: 1,
    factors: [{ name: found.name, power: 1 }],
  };
}

/** The power after a unit: "2", "-2", "^2", "**(-2)", "^(1/2)". */
function readPower(r: Reader): number {
  if (r.tokens[r.at]?.kind === "power") r.at++;
  if (!take(r, "(")) return readNumber(r);
  let power = readNumber(r);
  if (take(r, "/")) power /= readNumber(r);
  if (!take(r, ")")) fail(r.text, 'a ")" is missing after the power');
  return power;
}

function readNumber(r: Reader): number {
  const token = r.tokens[r.at];
  if (token?.kind !== "number") fail(r.text, "a power is missing");
  r.at++;
  return Number(token.text);
}

function tidy(value: number): number {
  const twelfths = Math.round(value * 60) / 60;
  return Math.abs(value - twelfths) < 1e-9 ? twelfths + 0 : value;
}

const cache = new Map<string, Unit>();
const CACHE_LIMIT = 2000;

/**
 * Reads a unit as FITS files, astropy and people write it: "TeV-1 cm-2 s-1", "1/(cm2 s TeV)", "cm**-2",
 * "/sr", "10^-12 erg/cm^2/s", "Count". Counts, photons, events and pixels are numbers; "None" is none.
 *
 * @param text unit string; "" is dimensionless
 * @returns the unit, shared and frozen
 * @throws SyntaxError for unknown symbols (naming near ones), logarithmic units and what is no unit
 * @example
 * ```ts
 * import { parseUnit } from "@gammarx/gammarx/units";
 * import { equal } from "node:assert/strict";
 * equal(parseUnit("MeV-1 m-2").scale, 1e2);
 * ```
 * Source: FITS standard 4.0, section 4.3; where that leaves a choice, as astropy.units.
 */
export function parseUnit(text: string): Unit {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const trimmed = text.trim();
  const found = EMPTY.has(trimmed.toLowerCase()) ? draft() : read(trimmed);
  const dims = Object.freeze(found.dims.map(tidy)) as unknown as Powers,
    exponent = tidy(found.exponent);
  const mantissa = found.mantissa * found.number, { divisor } = found;
  const unit: Unit = Object.freeze({
    text,
    dims,
    scale: shift(mantissa / divisor, exponent),
    mantissa,
    divisor,
    exponent,
    number: found.number,
    factors: Object.freeze(
      found.factors.map((factor) => Object.freeze({ ...factor, power: tidy(factor.power) })),
    ),
  });
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, unit);
  return unit;
}

/** value · 10^exponent, by one rounding where the power of ten is exact. */
export function shift(value: number, exponent: number): number {
  if (exponent < 0 && exponent >= -22 && Number.isInteger(exponent)) return value / 10 ** -exponent;
  return value * (Number.isInteger(exponent) ? Number(`1e${exponent}`) : 10 ** exponent);
}
