/**
 * Altitude and azimuth where every position has a time of its own, as events have.
 *
 * What changes slowly (precession and nutation, the Earth's velocity, the Sun's direction, the angle
 * beyond the uniform turn) is computed on a fixed grid of an eighth of a day and interpolated
 * linearly between: within 0.5 mas (2.4e-9 rad) of the frame of that time. Cells of the grid lie on
 * absolute times, so that a result does not depend on its neighbours or on how columns were cut.
 */
import {
  convertEpoch,
  DAY_S,
  type EarthOrientation,
  earthOrientationAt,
  earthRotationAngleDeg,
  shippedEarthOrientation,
  siderealMinusRotationDeg,
  tdbMinusTtS,
  type TimeEpoch,
} from "../time/mod.ts";
import { checkPairs } from "./altaz.ts";
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { BLOCK, byBlocks, type Vectors } from "./_vectors.ts";
import { earthState } from "./_earth.ts";
import {
  eastwardVelocity,
  equatorOfDate,
  siteMatrix,
  SUN_BENDING_AU,
  SUN_LIMIT,
} from "./_horizon.ts";
import type { Site } from "./site.ts";
import type { SkyColumns } from "./sky_frame.ts";

/** Length of a cell, days. */
const CELL_DAYS = 0.125;
const CELL_S = CELL_DAYS * DAY_S;
/** Turn of the Earth in a cell, cycles. */
const TURN_OF_CELL = 1.00273781191135448 * CELL_DAYS;

/** Where and when positions are seen. */
export interface HorizontalTimes {
  /** The place. */
  readonly site: Site;
  /** Instant from which `timeS` counts. */
  readonly epoch: TimeEpoch<"TT" | "TDB">;
  /** Time of each position, seconds after the epoch, in any order. */
  readonly timeS: Float64Array;
  /** The table for UT1 and the pole; the shipped one where left out. */
  readonly earth?: EarthOrientation | undefined;
  /** Columns that take the result; may be the input itself. */
  readonly into: SkyColumns;
}

/** Slow parts at the start of a cell, how they change over it, the place's matrix S (9), and the start (s). */
type Cell = Float64Array;
/** The slow parts: B (9), v (3), b = e 2 G M / (c² d) (3), and A (cycles). */
const SLOW = 16, SITE_AT = 2 * SLOW, START_AT = SITE_AT + 9;

/** Slow parts at a time; the angle without its whole cycles. */
function slowParts(mjdTt: number, earth: EarthOrientation): Float64Array {
  const { velocity, fromSun, distanceAu } = earthState(mjdTt);
  const time = ttEpoch(mjdTt);
  const angle = (earthRotationAngleDeg(time, { earth }) + siderealMinusRotationDeg(mjdTt)) / 360;
  return Float64Array.of(
    ...equatorOfDate(mjdTt),
    ...velocity,
    ...fromSun.map((x) => x * SUN_BENDING_AU / distanceAu),
    angle,
  );
}

function ttEpoch(mjdTt: number): TimeEpoch<"TT"> {
  const mjdDay = Math.floor(mjdTt);
  return { mjdDay, dayS: (mjdTt - mjdDay) * DAY_S, scale: "TT" };
}

function createCell(index: number, site: Site, earth: EarthOrientation): Cell {
  const start = index * CELL_DAYS, first = slowParts(start, earth);
  const second = slowParts(start + CELL_DAYS, earth), cell = new Float64Array(START_AT + 1);
  cell.set(first);
  for (let i = 0; i < SLOW; i++) cell[SLOW + i] = second[i]! - first[i]!;
  // the turn, whose whole cycles the angle does not show
  const excess = cell[SLOW + 15]! - TURN_OF_CELL;
  cell[SLOW + 15] = TURN_OF_CELL + excess - Math.round(excess);
  const utc = convertEpoch(ttEpoch(start + CELL_DAYS / 2), "UTC");
  cell.set(siteMatrix(site, earthOrientationAt(utc.mjdDay + utc.dayS / DAY_S, earth)), SITE_AT);
  return cell;
}

/** The cells of a place, made as they are met. */
interface Cells {
  /** Index of the cell of a time. */
  readonly indexOf: (timeS: number) => number;
  /** The cell. */
  readonly cell: (index: number) => Cell;
}

function createCells(times: HorizontalTimes): Cells {
  const { site, epoch, earth = shippedEarthOrientation() } = times;
  const known = new Map<number, Cell>(), tt = convertEpoch(epoch, "TT");
  const isTdb = epoch.scale === "TDB";
  /** TT of the epoch's own seconds: what TDB gains on TT since the epoch is taken away, by cells. */
  const gainAtEpoch = isTdb ? tdbMinusTtS(tt.mjdDay + tt.dayS / DAY_S) : 0;
  /** Start of a cell, seconds after the epoch. */
  const startS = (index: number) => {
    const gain = isTdb ? tdbMinusTtS(index * CELL_DAYS) - gainAtEpoch : 0;
    return (index * CELL_DAYS - tt.mjdDay) * DAY_S - tt.dayS + gain;
  };
  return {
    indexOf: (timeS) => tt.mjdDay / CELL_DAYS + Math.floor((tt.dayS + timeS) / CELL_S),
    cell: (index) => {
      let cell = known.get(index);
      if (cell === undefined) {
        known.set(index, cell = createCell(index, site, earth));
        cell[START_AT] = startS(index);
      }
      return cell;
    },
  };
}

function checkTimes(from: SkyColumns, times: HorizontalTimes): void {
  const n = checkPairs(from, times.into);
  if (times.timeS.length < n) {
    throw new TypeError(`Found ${n} positions and ${times.timeS.length} times: expected one each`);
  }
}

/** Unit vectors of a block, and the time of each as a fraction of its cell. */
interface TimedVectors extends Vectors {
  readonly fraction: Float64Array;
}

/** What is done with the vectors `from` to `to` of a block, in place: their times lie in one cell. */
type CellKernel = (block: TimedVectors, cell: Cell, from: number, to: number) => void;

/** Runs a kernel over all positions; those whose time is not finite become NaN. */
function byCells(from: SkyColumns, times: HorizontalTimes, kernel: CellKernel): SkyColumns {
  checkTimes(from, times);
  const { timeS, into } = times, { indexOf, cell } = createCells(times);
  const fraction = new Float64Array(BLOCK);
  return byBlocks(from, into, (vectors, n, start) => {
    const block = { ...vectors, fraction };
    for (let first = 0, index = indexOf(timeS[start]!); first < n;) {
      let end = first, next = index;
      while (Object.is(next, index) && ++end < n) next = indexOf(timeS[start + end]!);
      if (Number.isFinite(index)) {
        const known = cell(index), startS = known[START_AT]!;
        for (let i = first; i < end; i++) fraction[i] = (timeS[start + i]! - startS) / CELL_S;
        kernel(block, known, first, end);
      } else {
        for (const one of [vectors.x, vectors.y, vectors.z]) one.fill(NaN, first, end);
      }
      first = end;
      index = next;
    }
  });
}

/**
 * Altitude and azimuth of ICRS positions, each at its own time; within 0.5 mas of
 * `icrsToAltAzInto` at that time.
 *
 * @param from right ascensions and declinations, deg
 * @param times place, times, and columns that take azimuths in [0, 360) and altitudes, deg
 * @returns `times.into`; NaN where the input or a time is not finite
 * @throws TypeError where a column is too short; RangeError for times before 1972
 * @example
 * ```ts
 * import { icrsToAltAzTimesInto, observatory } from "@gammarx/gammarx/sky";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(83.633, 83.633), latDeg: Float64Array.of(22.014, 22.014) };
 * const epoch = createEpoch([53343, 0.92], "TT"), timeS = Float64Array.of(0, 3600);
 * icrsToAltAzTimesInto(sky, { site: observatory("hess"), epoch, timeS, into: sky });
 * assert.ok(Math.abs(sky.lonDeg[1]! - sky.lonDeg[0]!) > 10);
 * ```
 *
 * Source: {@linkcode createHorizontalFrame}.
 */
export function icrsToAltAzTimesInto(from: SkyColumns, times: HorizontalTimes): SkyColumns {
  const eastward = eastwardVelocity(times.site);
  return byCells(from, times, ({ x: xs, y: ys, z: zs, fraction }, k, first, end) => {
    for (let i = first; i < end; i++) {
      const f = fraction[i]!;
      let x = xs[i]!, y = ys[i]!, z = zs[i]!;
      // the length of b is the bending
      const bx = k[12]! + f * k[28]!, by = k[13]! + f * k[29]!, bz = k[14]! + f * k[30]!;
      const b = Math.sqrt(bx * bx + by * by + bz * bz), pb = (x * bx + y * by + z * bz) / b;
      const w = 1 / (1 + pb > SUN_LIMIT ? 1 + pb : SUN_LIMIT), keep = 1 - w * b * pb;
      x = keep * x + w * bx;
      y = keep * y + w * by;
      z = keep * z + w * bz;
      const vx = k[9]! + f * k[25]!, vy = k[10]! + f * k[26]!, vz = k[11]! + f * k[27]!;
      const contraction = Math.sqrt(1 - vx * vx - vy * vy - vz * vz);
      const share = 1 + (x * vx + y * vy + z * vz) / (1 + contraction);
      x = contraction * x + share * vx;
      y = contraction * y + share * vy;
      z = contraction * z + share * vz;
      const u = (k[0]! + f * k[16]!) * x + (k[1]! + f * k[17]!) * y + (k[2]! + f * k[18]!) * z;
      const v = (k[3]! + f * k[19]!) * x + (k[4]! + f * k[20]!) * y + (k[5]! + f * k[21]!) * z;
      const q = (k[6]! + f * k[22]!) * x + (k[7]! + f * k[23]!) * y + (k[8]! + f * k[24]!) * z;
      const a = k[15]! + f * k[31]!, cosA = cos2pi(a), sinA = sin2pi(a);
      const r = cosA * u + sinA * v, s = cosA * v - sinA * u;
      xs[i] = k[32]! * r + k[33]! * s + k[34]! * q;
      ys[i] = k[35]! * r + k[36]! * s + k[37]! * q + eastward;
      zs[i] = k[38]! * r + k[39]! * s + k[40]! * q;
    }
  });
}

/**
 * ICRS positions of azimuths and altitudes, each at its own time: the inverse of
 * {@linkcode icrsToAltAzTimesInto}, within 1e-9 deg of it.
 *
 * @param from azimuths and altitudes, deg
 * @param times place, times, and columns that take right ascensions in [0, 360) and declinations, deg
 * @returns `times.into`; NaN where the input or a time is not finite
 * @throws TypeError where a column is too short; RangeError for times before 1972
 * @example
 * ```ts
 * import { altAzToIcrsTimesInto, observatory } from "@gammarx/gammarx/sky";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const zenith = { lonDeg: Float64Array.of(0, 0), latDeg: Float64Array.of(90, 90) };
 * const epoch = createEpoch([57204, 0], "TT"), timeS = Float64Array.of(0, 86164.09);
 * altAzToIcrsTimesInto(zenith, { site: observatory("hawc"), epoch, timeS, into: zenith });
 * assert.ok(Math.abs(zenith.lonDeg[1]! - zenith.lonDeg[0]!) < 0.01);
 * ```
 */
export function altAzToIcrsTimesInto(from: SkyColumns, times: HorizontalTimes): SkyColumns {
  const eastward = eastwardVelocity(times.site);
  return byCells(from, times, ({ x: xs, y: ys, z: zs, fraction }, k, first, end) => {
    for (let i = first; i < end; i++) {
      const f = fraction[i]!;
      const m0 = k[0]! + f * k[16]!, m1 = k[1]! + f * k[17]!, m2 = k[2]! + f * k[18]!;
      const m3 = k[3]! + f * k[19]!, m4 = k[4]! + f * k[20]!, m5 = k[5]! + f * k[21]!;
      const m6 = k[6]! + f * k[22]!, m7 = k[7]! + f * k[23]!, m8 = k[8]! + f * k[24]!;
      const vx = k[9]! + f * k[25]!, vy = k[10]! + f * k[26]!, vz = k[11]! + f * k[27]!;
      const a = k[15]! + f * k[31]!, cosA = cos2pi(a), sinA = sin2pi(a);
      let north = xs[i]!, east = ys[i]!, up = zs[i]!;
      // diurnal aberration: the length before it is 1 + p·v, found with the direction after it
      let x = 0, y = 0, z = 0, length = 1;
      const east0 = east, north0 = north, up0 = up;
      for (let step = 0; step < 2; step++) {
        const r = k[32]! * north + k[35]! * east + k[38]! * up;
        const s = k[33]! * north + k[36]! * east + k[39]! * up;
        const q = k[34]! * north + k[37]! * east + k[40]! * up;
        const u = cosA * r - sinA * s, v = sinA * r + cosA * s;
        x = m0 * u + m3 * v + m6 * q;
        y = m1 * u + m4 * v + m7 * q;
        z = m2 * u + m5 * v + m8 * q;
        if (step === 1) break;
        length = 1 + x * vx + y * vy + z * vz;
        const turn = eastward / length;
        const root = Math.sqrt(1 - turn * turn * (1 - east0 * east0)) + turn * east0;
        north = north0 * root;
        east = east0 * root - turn;
        up = up0 * root;
      }
      const contraction = Math.sqrt(1 - vx * vx - vy * vy - vz * vz);
      const share = (x * vx + y * vy + z * vz) / (1 + contraction) - 1;
      x = contraction * x + share * vx;
      y = contraction * y + share * vy;
      z = contraction * z + share * vz;
      const norm = 1 / Math.sqrt(x * x + y * y + z * z);
      const ax = x * norm, ay = y * norm, bz0 = z * norm;
      const bx = k[12]! + f * k[28]!, by = k[13]! + f * k[29]!, bz = k[14]! + f * k[30]!;
      const b = Math.sqrt(bx * bx + by * by + bz * bz);
      x = ax;
      y = ay;
      z = bz0;
      for (let step = 0; step < 3; step++) {
        const pb = (x * bx + y * by + z * bz) / b,
          w = 1 / (1 + pb > SUN_LIMIT ? 1 + pb : SUN_LIMIT);
        x = ax - w * (bx - b * pb * x);
        y = ay - w * (by - b * pb * y);
        z = bz0 - w * (bz - b * pb * z);
      }
      xs[i] = x;
      ys[i] = y;
      zs[i] = z;
    }
  });
}
