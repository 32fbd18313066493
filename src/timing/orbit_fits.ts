import {
  asBintable,
  type BintableHdu,
  type FitsColumn,
  type FitsFile,
  FitsFormatError,
  headerError,
  optionalColumn,
  readNumbers,
} from "../fits/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { createOrbit, type Orbit } from "./orbit.ts";
import { timeReference } from "./time_reference_fits.ts";

/** Columns of the formats that are read: the time, and the place in one column or in three. */
const FORMATS: readonly { readonly time: string; readonly place: readonly string[] }[] = [
  { time: "START", place: ["SC_POSITION"] }, // Fermi FT2
  { time: "TIME", place: ["X", "Y", "Z"] }, // NICER .orb, RXTE FPorbit
  { time: "TIME", place: ["POSITION"] }, // NuSTAR, IXPE, Swift
  { time: "SCLK_UTC", place: ["POS_X", "POS_Y", "POS_Z"] }, // Fermi GBM poshist
];

/** No orbit is nearer to the Earth's centre than this, m. */
const LOWEST_M = 6.2e6;

interface OrbitColumns {
  readonly hdu: BintableHdu;
  readonly time: FitsColumn;
  readonly place: readonly FitsColumn[];
}

/**
 * Reads a spacecraft's way from a FITS file: Fermi spacecraft files (FT2: START, SC_POSITION), NICER
 * `.orb` and RXTE `FPorbit` (TIME, X, Y, Z), those with TIME and POSITION (NuSTAR, IXPE, Swift), and
 * GBM `poshist` (SCLK_UTC, POS_X, POS_Y, POS_Z).
 * Units are those of the columns (m where there are none); MJDREF, TIMESYS and TIMEZERO count.
 *
 * @param fits An open file; it stays open.
 * @param name Which table to read; the first with such columns where left out.
 * @returns The way, with what was dropped.
 * @throws FitsFormatError for a file without such a table, for units that are no length, or places
 *   below the ground (a wrong unit); TypeError for times that are not in TT.
 * @example
 * ```ts
 * import { card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { openOrbit } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * using fits = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   name: "ORBIT",
 *   header: [card("MJDREFI", 56658), card("MJDREFF", 0.000777592592592593), card("TIMESYS", "TT")],
 *   columns: [
 *     { name: "TIME", unit: "s", values: new Float64Array([0, 10]) },
 *     { name: "X", unit: "km", values: new Float64Array([6800, 6800]) },
 *     { name: "Y", unit: "km", values: new Float64Array([0, 70]) },
 *     { name: "Z", unit: "km", values: new Float64Array([0, 0]) },
 *   ],
 * }])));
 * strictEqual((await openOrbit(fits)).timeS.length, 2);
 * ```
 * @see Fermi Science Support Center, LAT spacecraft data (FT2); HEASARC, nicerl2 and XTE FITS guides
 */
export async function openOrbit(fits: FitsFile, name?: string): Promise<Orbit> {
  const { hdu, time, place } = await findOrbit(fits, name);
  const reference = timeReference(hdu.header);
  if (reference.epoch.scale !== "TT") {
    throw new TypeError(
      `${fits.name}, HDU ${hdu.index}: times of the spacecraft's way are in ${reference.scale}, expected ` +
        `a local clock in TT`,
    );
  }
  const timeUnit = time.unit?.trim();
  const unitS = timeUnit ? unitOf(hdu, time, "s") : reference.unitS;
  const timeS = (await readNumbers(hdu, time)).map((t) => t * unitS);
  const positionM = new Float64Array(3 * timeS.length);
  for (let k = 0; k < place.length; k++) {
    const values = await readNumbers(hdu, place[k]!), factor = unitOf(hdu, place[k]!, "m");
    if (values.length * place.length !== positionM.length) {
      throw headerError(
        hdu.header,
        `column ${place[k]!.name}`,
        `found format ${place[k]!.format}, expected x, y, z`,
      );
    }
    if (place.length === 1) positionM.set(values.map((x) => x * factor));
    else for (let i = 0; i < values.length; i++) positionM[3 * i + k] = values[i]! * factor;
  }
  checkHeights(hdu, place[0]!, positionM);
  return createOrbit({ name: fits.name, epoch: reference.epoch, timeS, positionM });
}

/** The table and its columns. */
async function findOrbit(fits: FitsFile, name: string | undefined): Promise<OrbitColumns> {
  const hdus = name === undefined ? await fits.hdus() : [asBintable(await fits.hdu(name))];
  for (const hdu of hdus) {
    if (hdu.kind !== "bintable") continue;
    for (const format of FORMATS) {
      const time = optionalColumn(hdu, format.time);
      const place = format.place.map((one) => optionalColumn(hdu, one));
      if (time !== undefined && place.every((one) => one !== undefined)) {
        return { hdu, time, place: place as FitsColumn[] };
      }
    }
  }
  const wanted = FORMATS.map(({ time, place }) => [time, ...place].join(", ")).join("; or ");
  throw new FitsFormatError(
    `found no table of a spacecraft's way, expected columns ${wanted}`,
    { file: fits.name, ...(name === undefined ? {} : { hdu: hdus[0]!.index }) },
  );
}

/** What a value of a column is multiplied with to be in a unit; 1 where the column has none. */
function unitOf(hdu: BintableHdu, column: FitsColumn, unit: string): number {
  const found = column.unit?.trim();
  if (!found) return 1;
  try {
    return unitFactor(found, unit);
  } catch (cause) {
    throw headerError(hdu.header, `column ${column.name}`, (cause as Error).message);
  }
}

/** A wrong unit shows as a place below the ground; rows of zeros are left out later. */
function checkHeights(hdu: BintableHdu, column: FitsColumn, positionM: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < positionM.length; i += 3) {
    const r = Math.hypot(positionM[i]!, positionM[i + 1]!, positionM[i + 2]!);
    if (r > largest) largest = r;
  }
  if (largest < LOWEST_M) {
    throw headerError(
      hdu.header,
      `column ${column.name}`,
      `the largest distance from the Earth's centre is ${largest} m, below the ground: is the unit ` +
        `"${column.unit ?? ""}" right?`,
    );
  }
}
