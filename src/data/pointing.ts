/**
 * Where an observation looked, also where that changes: a fixed place on the sky, a fixed direction
 * over the ground (drift scans), or a table of both with time.
 */
import { intervalOf } from "../numeric/mod.ts";
import {
  altAzToIcrs,
  altAzToIcrsTimesInto,
  createHorizontalFrame,
  type HorizontalTimes,
  icrsToAltAz,
  icrsToAltAzTimesInto,
  type Site,
  type SkyColumns,
  type SkyPosition,
} from "../sky/mod.ts";
import {
  convertEpoch,
  type EarthOrientation,
  formatIso,
  secondsBetween,
  type TimeEpoch,
} from "../time/mod.ts";
import type { EventEpoch } from "../events/mod.ts";

/** A place on the sky that is followed. */
export interface FixedPointing {
  /** Tells the kinds apart. */
  readonly kind: "fixed";
  /** Right ascension ICRS, deg. */
  readonly raDeg: number;
  /** Declination ICRS, deg. */
  readonly decDeg: number;
}

/** A direction over the ground that is kept. */
export interface DriftPointing {
  /** Tells the kinds apart. */
  readonly kind: "drift";
  /** Azimuth from north through east, deg. */
  readonly azDeg: number;
  /** Altitude, deg. */
  readonly altDeg: number;
}

/** Pointings at some times; between them the direction is interpolated. */
export interface PointingTable {
  /** Tells the kinds apart. */
  readonly kind: "table";
  /** Instant from which the times count. */
  readonly epoch: EventEpoch;
  /** Times, seconds after the epoch, increasing. */
  readonly timeS: Float64Array;
  /** Right ascensions ICRS, deg. */
  readonly raDeg: Float64Array;
  /** Declinations ICRS, deg. */
  readonly decDeg: Float64Array;
  /** Azimuths, deg, where the table has them (as the telescope's own drives say). */
  readonly azDeg: Float64Array | undefined;
  /** Altitudes, deg, where the table has them. */
  readonly altDeg: Float64Array | undefined;
}

/** Where an observation looked, as a function of time. */
export type ObservationPointing = FixedPointing | DriftPointing | PointingTable;

/** When, and where on the Earth. */
export interface PointingAt {
  /** The instant. */
  readonly time: TimeEpoch;
  /** The place; needed between the sky and the ground. */
  readonly site?: Site | undefined;
  /** The table for UT1 and the pole; the shipped one where left out. */
  readonly earth?: EarthOrientation | undefined;
}

function checkDirection(what: string, lonDeg: number, latDeg: number): void {
  if (!Number.isFinite(lonDeg) || !(Math.abs(latDeg) <= 90)) {
    throw new RangeError(
      `${what} (${lonDeg}, ${latDeg}) deg: expected a longitude and a latitude in [-90, 90]`,
    );
  }
}

/**
 * A pointing that follows a place on the sky.
 *
 * @param position Right ascension and declination ICRS, deg.
 * @returns A frozen record.
 * @throws RangeError for a declination outside [-90, 90] or numbers that are not finite.
 * @example
 * ```ts
 * import { fixedPointing } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(fixedPointing({ raDeg: 83.633, decDeg: 22.514 }).kind, "fixed");
 * ```
 */
export function fixedPointing(
  position: { readonly raDeg: number; readonly decDeg: number },
): FixedPointing {
  const { raDeg, decDeg } = position;
  checkDirection("Pointing", raDeg, decDeg);
  return Object.freeze({ kind: "fixed" as const, raDeg, decDeg });
}

/**
 * A pointing that keeps its direction over the ground.
 *
 * @param direction Azimuth from north through east, and altitude, deg.
 * @returns A frozen record.
 * @throws RangeError for an altitude outside [-90, 90] or numbers that are not finite.
 * @example
 * ```ts
 * import { driftPointing } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(driftPointing({ azDeg: 0, altDeg: 90 }).kind, "drift");
 * ```
 */
export function driftPointing(
  direction: { readonly azDeg: number; readonly altDeg: number },
): DriftPointing {
  const { azDeg, altDeg } = direction;
  checkDirection("Drift pointing", azDeg, altDeg);
  return Object.freeze({ kind: "drift" as const, azDeg, altDeg });
}

/**
 * A pointing by a table. The columns are kept, not copied.
 *
 * @param fields Columns of one length with times that increase; `azDeg` and `altDeg` both or none.
 * @returns A frozen record.
 * @throws TypeError for different lengths or one of the two alone; RangeError for an empty table, for
 *   times that do not increase, or directions that are none.
 * @example
 * ```ts
 * import { createPointingTable } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const table = createPointingTable({
 *   epoch: createEpoch([51910, 0], "TT"), timeS: Float64Array.of(0, 60),
 *   raDeg: Float64Array.of(83, 84), decDeg: Float64Array.of(22, 22),
 * });
 * strictEqual(table.azDeg, undefined);
 * ```
 */
export function createPointingTable(
  fields: Omit<PointingTable, "kind" | "azDeg" | "altDeg"> & {
    readonly azDeg?: Float64Array | undefined;
    readonly altDeg?: Float64Array | undefined;
  },
): PointingTable {
  const { epoch, timeS, raDeg, decDeg, azDeg, altDeg } = fields, n = timeS.length;
  if (n === 0) throw new RangeError("A pointing table needs at least one row, found none");
  if ((azDeg === undefined) !== (altDeg === undefined)) {
    throw new TypeError(
      "A pointing table has azimuths and altitudes, or neither: found one of them",
    );
  }
  for (const column of [raDeg, decDeg, azDeg, altDeg]) {
    if (column !== undefined && column.length !== n) {
      throw new TypeError(`A pointing table has ${n} times and a column of ${column.length} rows`);
    }
  }
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(timeS[i]!) || (i > 0 && !(timeS[i]! > timeS[i - 1]!))) {
      throw new RangeError(
        `Pointing table: time ${timeS[i]} s in row ${i + 1} is not after ${
          timeS[i - 1]
        } s before it`,
      );
    }
    checkDirection(`Pointing table, row ${i + 1}:`, raDeg[i]!, decDeg[i]!);
    if (azDeg !== undefined) {
      checkDirection(`Pointing table, row ${i + 1}: horizontal`, azDeg[i]!, altDeg![i]!);
    }
  }
  return Object.freeze({ kind: "table" as const, epoch, timeS, raDeg, decDeg, azDeg, altDeg });
}

/**
 * The row at or before a time, with what goes on to the next. One spacing of rows beyond either end
 * the line goes on: events come until a run ends, rows of the table every few seconds before.
 */
function rowAt(table: PointingTable, timeS: number): { row: number; rest: number } {
  const times = table.timeS, last = times.length - 1, before = Math.max(0, last - 1);
  const firstS = times[0]! - (times[Math.min(1, last)]! - times[0]!);
  const lastS = times[last]! + (times[last]! - times[before]!);
  if (!(timeS >= firstS && timeS <= lastS)) {
    throw new RangeError(
      `The pointing table speaks of ${times[0]} s to ${times[last]} s after ` +
        `${formatIso(table.epoch, { scale: table.epoch.scale })} ${table.epoch.scale}, ` +
        `found a time ${timeS} s after it`,
    );
  }
  if (last === 0) return { row: 0, rest: 0 };
  const row = intervalOf(times, timeS);
  return { row, rest: (timeS - times[row]!) / (times[row + 1]! - times[row]!) };
}

const DEG = Math.PI / 180;

/** The direction between two rows: on the straight line between their unit vectors. */
function between(
  lonDeg: Float64Array,
  latDeg: Float64Array,
  { row, rest }: { readonly row: number; readonly rest: number },
): SkyPosition {
  const next = Math.min(row + 1, lonDeg.length - 1);
  let x = 0, y = 0, z = 0;
  for (const [i, share] of [[row, 1 - rest], [next, rest]] as const) {
    if (share === 1) return { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! };
    const lat = latDeg[i]! * DEG, c = share * Math.cos(lat);
    x += c * Math.cos(lonDeg[i]! * DEG);
    y += c * Math.sin(lonDeg[i]! * DEG);
    z += share * Math.sin(lat);
  }
  const lon = Math.atan2(y, x) / DEG;
  return { lonDeg: lon < 0 ? lon + 360 : lon, latDeg: Math.atan2(z, Math.hypot(x, y)) / DEG };
}

/** Seconds after a table's epoch. */
function tableTimeS(table: PointingTable, { time, earth }: PointingAt): number {
  const { epoch } = table;
  return secondsBetween<"TT" | "TDB">(epoch, convertEpoch(time, epoch.scale, { earth }));
}

function siteOf(site: Site | undefined, what: string): Site {
  if (site === undefined) {
    throw new TypeError(`${what} depends on the place on the Earth: expected a site, found none`);
  }
  return site;
}

/**
 * The pointing on the sky at an instant. Between the rows of a table the direction lies on the chord
 * of their unit vectors, which goes on for one spacing of rows beyond either end.
 *
 * @param pointing A pointing of any kind.
 * @param at `time`, and `site` for a drift.
 * @returns `lonDeg`: right ascension, `latDeg`: declination, ICRS, deg.
 * @throws TypeError for a drift without a site; RangeError further outside a table.
 * @example
 * ```ts
 * import { fixedPointing, pointingIcrs } from "@gammarx/gammarx/data";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const crab = fixedPointing({ raDeg: 83.633, decDeg: 22.014 });
 * strictEqual(pointingIcrs(crab, { time: parseTime("2020-01-01") }).lonDeg, 83.633);
 * ```
 * @see GADF 0.3, sections OBS_MODE and POINTING; agrees with Gammapy's FixedPointingInfo and
 *   PointingInfo
 */
export function pointingIcrs(pointing: ObservationPointing, at: PointingAt): SkyPosition {
  switch (pointing.kind) {
    case "fixed":
      return Object.freeze({ lonDeg: pointing.raDeg, latDeg: pointing.decDeg });
    case "drift": {
      const site = siteOf(at.site, "A drifting pointing on the sky");
      const direction = { lonDeg: pointing.azDeg, latDeg: pointing.altDeg };
      return altAzToIcrs(direction, createHorizontalFrame({ ...at, site }));
    }
    case "table": {
      const row = rowAt(pointing, tableTimeS(pointing, at));
      return Object.freeze(between(pointing.raDeg, pointing.decDeg, row));
    }
  }
}

/**
 * The pointing over the ground at an instant. A table's own azimuths and altitudes come first; where
 * it has none, its direction on the sky is carried to the horizon.
 *
 * @param pointing A pointing of any kind.
 * @param at `time` and `site`.
 * @returns `lonDeg`: azimuth from north through east, `latDeg`: altitude, deg.
 * @throws TypeError without a site where one is needed; RangeError further outside a table.
 * @example
 * ```ts
 * import { driftPointing, pointingAltAz } from "@gammarx/gammarx/data";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const drift = driftPointing({ azDeg: 180, altDeg: 70 });
 * strictEqual(pointingAltAz(drift, { time: parseTime("2020-01-01") }).latDeg, 70);
 * ```
 */
export function pointingAltAz(pointing: ObservationPointing, at: PointingAt): SkyPosition {
  if (pointing.kind === "drift") {
    return Object.freeze({ lonDeg: pointing.azDeg, latDeg: pointing.altDeg });
  }
  if (pointing.kind === "table" && pointing.azDeg !== undefined) {
    const row = rowAt(pointing, tableTimeS(pointing, at));
    return Object.freeze(between(pointing.azDeg, pointing.altDeg!, row));
  }
  const site = siteOf(at.site, "A pointing over the ground");
  return icrsToAltAz(pointingIcrs(pointing, at), createHorizontalFrame({ ...at, site }));
}

/** Fills columns with the table's directions at many times. */
function tableInto(
  table: PointingTable,
  times: HorizontalTimes,
  columns: { readonly lonDeg: Float64Array; readonly latDeg: Float64Array },
): SkyColumns {
  const { timeS, into } = times;
  const shift = tableTimeS(table, { time: times.epoch, earth: times.earth });
  for (let i = 0; i < timeS.length; i++) {
    const at = between(columns.lonDeg, columns.latDeg, rowAt(table, timeS[i]! + shift));
    into.lonDeg[i] = at.lonDeg;
    into.latDeg[i] = at.latDeg;
  }
  return into;
}

function fill({ into, timeS }: HorizontalTimes, lonDeg: number, latDeg: number): SkyColumns {
  if (into.lonDeg.length < timeS.length || into.latDeg.length < timeS.length) {
    throw new TypeError(
      `Found ${timeS.length} times and room for ${into.lonDeg.length} and ${into.latDeg.length}`,
    );
  }
  into.lonDeg.fill(lonDeg, 0, timeS.length);
  into.latDeg.fill(latDeg, 0, timeS.length);
  return into;
}

/**
 * The pointing on the sky at many times, such as those of events.
 *
 * @param pointing A pointing of any kind.
 * @param times Place, times, and columns of the length of `timeS` that take right ascensions and
 *   declinations, deg.
 * @returns `times.into`.
 * @throws TypeError for columns that are too short; RangeError further outside a table.
 * @example
 * ```ts
 * import { driftPointing, pointingIcrsTimesInto } from "@gammarx/gammarx/data";
 * import { observatory } from "@gammarx/gammarx/sky";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const into = { lonDeg: new Float64Array(2), latDeg: new Float64Array(2) };
 * pointingIcrsTimesInto(driftPointing({ azDeg: 0, altDeg: 90 }), {
 *   site: observatory("hawc"), epoch: createEpoch([57204, 0], "TT"),
 *   timeS: Float64Array.of(0, 3600), into,
 * });
 * ok(Math.abs(into.lonDeg[1]! - into.lonDeg[0]! - 15.04) < 0.01);
 * ```
 */
export function pointingIcrsTimesInto(
  pointing: ObservationPointing,
  times: HorizontalTimes,
): SkyColumns {
  switch (pointing.kind) {
    case "fixed":
      return fill(times, pointing.raDeg, pointing.decDeg);
    case "drift": {
      fill(times, pointing.azDeg, pointing.altDeg);
      const { lonDeg, latDeg } = times.into, n = times.timeS.length;
      const part = { lonDeg: lonDeg.subarray(0, n), latDeg: latDeg.subarray(0, n) };
      altAzToIcrsTimesInto(part, { ...times, into: part });
      return times.into;
    }
    case "table":
      fill(times, 0, 0);
      return tableInto(pointing, times, { lonDeg: pointing.raDeg, latDeg: pointing.decDeg });
  }
}

/**
 * The pointing over the ground at many times, such as those of events: the origin of field-of-view
 * coordinates with the alignment `ALTAZ`.
 *
 * @param pointing A pointing of any kind.
 * @param times Place, times, and columns of the length of `timeS` that take azimuths and altitudes,
 *   deg.
 * @returns `times.into`.
 * @throws TypeError for columns that are too short; RangeError further outside a table.
 * @example
 * ```ts
 * import { fixedPointing, pointingAltAzTimesInto } from "@gammarx/gammarx/data";
 * import { observatory } from "@gammarx/gammarx/sky";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const into = { lonDeg: new Float64Array(2), latDeg: new Float64Array(2) };
 * pointingAltAzTimesInto(fixedPointing({ raDeg: 83.633, decDeg: 22.014 }), {
 *   site: observatory("hess"), epoch: createEpoch([53343, 0.92], "TT"),
 *   timeS: Float64Array.of(0, 1800), into,
 * });
 * ok(into.latDeg[0] !== into.latDeg[1]);
 * ```
 */
export function pointingAltAzTimesInto(
  pointing: ObservationPointing,
  times: HorizontalTimes,
): SkyColumns {
  if (pointing.kind === "drift") return fill(times, pointing.azDeg, pointing.altDeg);
  if (pointing.kind === "table" && pointing.azDeg !== undefined) {
    fill(times, 0, 0);
    return tableInto(pointing, times, { lonDeg: pointing.azDeg, latDeg: pointing.altDeg! });
  }
  pointingIcrsTimesInto(pointing, times);
  const { lonDeg, latDeg } = times.into, n = times.timeS.length;
  const part = { lonDeg: lonDeg.subarray(0, n), latDeg: latDeg.subarray(0, n) };
  icrsToAltAzTimesInto(part, { ...times, into: part });
  return times.into;
}
