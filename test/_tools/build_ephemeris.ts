/**
 * Makes src/timing/tables/earth_de405.ts from an SPK kernel: Earth and Sun about the barycentre of the
 * solar system by Chebyshev series, in whole units, as bytes of variable length in base64.
 *
 * deno run --allow-read --allow-write test/_tools/build_ephemeris.ts KERNEL [OUT]
 */
import { decodeSpk, type Ephemeris, ephemerisOfSpk } from "../../src/timing/mod.ts";

const C_M_S = 299792458;
/** What is encoded: days a record, coefficients an axis. The unit is a quarter of a metre (0.8 ns). */
const EARTH = { days: 16, n: 13 }, SUN = { days: 32, n: 6 }, UNIT_M = 0.25;
/** Places a record at which the kernel is asked, Chebyshev nodes. */
const NODES = 64;

/** Coefficients of one record, x, y, z after one another, in units. */
function fit(
  at: (mjdDay: number, dayS: number, out: Float64Array) => void,
  begin: number,
  { days, n }: { days: number; n: number },
): number[] {
  const out = new Float64Array(6), sums = new Float64Array(3 * n);
  for (let j = 0; j < NODES; j++) {
    const angle = Math.PI * (j + 0.5) / NODES;
    const mjd = begin + days * (0.5 + 0.5 * Math.cos(angle)), day = Math.floor(mjd);
    at(day, (mjd - day) * 86400, out);
    for (let axis = 0; axis < 3; axis++) {
      for (let k = 0; k < n; k++) sums[axis * n + k]! += out[axis]! * Math.cos(k * angle);
    }
  }
  return Array.from(
    sums,
    (sum, i) => Math.round(sum * (i % n === 0 ? 1 : 2) / NODES * C_M_S / UNIT_M),
  );
}

/** Whole numbers as bytes: sign in the lowest bit, seven bits a byte, the lowest first. */
function encode(numbers: readonly number[]): string {
  const bytes: number[] = [];
  for (const value of numbers) {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest >= 128) {
      bytes.push(rest % 128 + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/.{100}/g, "$&\n").trimEnd();
}

/** The text of the table. */
export function buildEphemeris(ephemeris: Ephemeris): string {
  const first = ephemeris.first.mjdDay, last = ephemeris.last.mjdDay;
  const records = (at: Ephemeris["earthAt"], shape: { days: number; n: number }) => {
    const numbers: number[] = [];
    if ((last - first) % shape.days !== 0) {
      throw new RangeError(`MJD ${first} to ${last} is no whole number of ${shape.days} days`);
    }
    for (let begin = first; begin < last; begin += shape.days) {
      numbers.push(...fit(at, begin, shape));
    }
    return encode(numbers);
  };
  return `/**
 * Earth and Sun about the barycentre of the solar system, ICRS, ${ephemeris.name}, MJD ${first} to ${last} (TDB):
 * Chebyshev series in whole units, bytes of variable length (sign in the lowest bit, seven bits a
 * byte, the lowest first) in base64; a record has its coefficients of x, then y, then z.
 * Source: JPL planetary ephemeris ${ephemeris.name} (Standish 1998, JPL IOM 312.F-98-048), free to use;
 * made by test/_tools/build_ephemeris.ts.
 */

/** First day, MJD TDB. */
export const FIRST_MJD: number = ${first};
/** Last day, MJD TDB. */
export const LAST_MJD: number = ${last};
/** What a whole number stands for, metres. */
export const UNIT_M: number = ${UNIT_M};
/** Days a record and coefficients an axis: the Earth. */
export const EARTH_SHAPE: readonly [days: number, n: number] = [${EARTH.days}, ${EARTH.n}];
/** Days a record and coefficients an axis: the Sun. */
export const SUN_SHAPE: readonly [days: number, n: number] = [${SUN.days}, ${SUN.n}];
/** The Earth. */
export const EARTH: string = \`
${records(ephemeris.earthAt, EARTH)}
\`;
/** The Sun. */
export const SUN: string = \`
${records(ephemeris.sunAt, SUN)}
\`;
`;
}

if (import.meta.main) {
  const [kernel, out = "src/timing/tables/earth_de405.ts"] = Deno.args;
  if (kernel === undefined) throw new TypeError("Give the path of an SPK kernel of DE405");
  const spk = decodeSpk(await Deno.readFile(kernel), { file: kernel });
  await Deno.writeTextFile(out, buildEphemeris(ephemerisOfSpk(spk)));
}
