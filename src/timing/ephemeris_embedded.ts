import { unpackIntegers } from "../numeric/mod.ts";
import { DAY_S } from "../time/mod.ts";
import { J2000_MJD } from "./_physics.ts";
import type { Ephemeris } from "./ephemeris.ts";
import { ephemerisOfSpk } from "./ephemeris_spk.ts";
import type { SpkSegment } from "./spk.ts";

/** A body's table as a segment of a kernel: records with their middle and half length before them. */
function segmentOf(
  base64: string,
  target: number,
  table: { days: number; n: number; firstMjd: number; lastMjd: number; unitM: number },
): SpkSegment {
  const { days, n, firstMjd, lastMjd, unitM } = table, numbers = unpackIntegers(base64);
  const recordSize = 2 + 3 * n, nRecords = numbers.length / (3 * n), lengthS = days * DAY_S;
  const data = new Float64Array(recordSize * nRecords), beginS = (firstMjd - J2000_MJD) * DAY_S;
  for (let r = 0; r < nRecords; r++) {
    const at = r * recordSize;
    data[at] = beginS + (r + 0.5) * lengthS;
    data[at + 1] = lengthS / 2;
    for (let i = 0; i < 3 * n; i++) data[at + 2 + i] = numbers[r * 3 * n + i]! * unitM / 1000;
  }
  const lastS = (lastMjd - J2000_MJD) * DAY_S;
  return Object.freeze({
    target,
    centre: 0,
    name: "embedded",
    type: 2,
    firstS: beginS,
    lastS,
    beginS,
    lengthS,
    recordSize,
    nRecords,
    data,
  });
}

let loaded: Promise<Ephemeris> | undefined;

async function load(): Promise<Ephemeris> {
  const table = await import("./tables/earth_de405.ts");
  const { FIRST_MJD: firstMjd, LAST_MJD: lastMjd, UNIT_M: unitM } = table;
  const shape = ([days, n]: readonly [number, number]) => ({ days, n, firstMjd, lastMjd, unitM });
  const segments = [
    segmentOf(table.EARTH, 399, shape(table.EARTH_SHAPE)),
    segmentOf(table.SUN, 10, shape(table.SUN_SHAPE)),
  ];
  return ephemerisOfSpk({ file: "the embedded ephemeris", label: "", segments, skipped: [] }, {
    name: "DE405",
    source: "embedded",
    description: "JPL DE405, embedded Chebyshev series",
    errorS: 1e-7,
  });
}

/**
 * The ephemeris that is shipped: JPL DE405 from 2000 to 2040, Earth and Sun, as Chebyshev series that
 * are loaded and decoded on first use. The Earth is within 0.1 µs (30 m) of
 * the kernel, the Sun within 2 µs, which the solar Shapiro delay cannot tell.
 *
 * @returns The same frozen record at every call.
 * @example
 * ```ts
 * import { embeddedEphemeris } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const ephemeris = await embeddedEphemeris(), out = new Float64Array(6);
 * ephemeris.earthAt(55197, 0, out);
 * ok(Math.abs(Math.hypot(out[0]!, out[1]!, out[2]!) - 491) < 5);
 * ```
 * @see Standish 1998, JPL IOM 312.F-98-048 (DE405)
 */
export function embeddedEphemeris(): Promise<Ephemeris> {
  loaded ??= load();
  return loaded;
}
