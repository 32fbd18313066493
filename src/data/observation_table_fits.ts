import { type EventEpoch, readTimeReference } from "../events/mod.ts";
import {
  asBintable,
  type BintableHdu,
  FitsFormatError,
  openFitsFile,
  optionalHeaderNumber,
  readNumbers,
  readStrings,
} from "../fits/mod.ts";
import { convertFrame, separationDeg, type SkyFrame } from "../sky/mod.ts";
import { createEpoch, missionTimeS } from "../time/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { type DataStore, indexOf, obsIdsOf } from "./data_store_fits.ts";

/** The observation index of a data store, or some of its rows. */
export interface ObservationTable {
  /** What it is. */
  readonly kind: "observation-table";
  /** File it comes from. */
  readonly source: string;
  /** Names of the observations, a row each, as data stores have them. */
  readonly obsIds: readonly string[];
  /** Columns of numbers (NaN: none) and texts by their names in the file, a value a row. */
  readonly columns: Readonly<Record<string, Float64Array | readonly string[]>>;
  /** Units of the columns that have one. */
  readonly units: Readonly<Record<string, string>>;
  /** Instant from which TSTART and TSTOP count; undefined where the file does not say. */
  readonly epoch: EventEpoch | undefined;
}

/** Which rows of an observation table. */
export type RowSelection =
  & {
    /** Take the rows that it would leave, and leave those that it would take; false where absent. */
    readonly inverted?: boolean;
  }
  & (
    | {
      /** Observations by name. */
      readonly ids: readonly string[];
    }
    | {
      /** Observations whose pointing (RA_PNT, DEC_PNT) is less than a radius from a position. */
      readonly cone: PointingCircle;
    }
    | {
      /** Observations (TSTART, TSTOP) within [start, stop], MJD in TT. */
      readonly time: readonly [startMjdTt: number, stopMjdTt: number];
      /** Whether those count that are only partly in it; false where absent. */
      readonly partialOverlap?: boolean;
    }
    | {
      /** Name of a column of numbers. */
      readonly column: string;
      /** Its values, low ≤ x < high, in its own unit; x = low where both are equal. */
      readonly range: readonly [low: number, high: number];
    }
  );

/** A circle on the sky in which pointings lie. */
export interface PointingCircle {
  /** Longitude of the middle, deg. */
  readonly lonDeg: number;
  /** Latitude of the middle, deg. */
  readonly latDeg: number;
  /** Radius, deg. */
  readonly radiusDeg: number;
  /** Frame of the middle; "icrs" where absent. */
  readonly frame?: SkyFrame;
  /** What is added to the radius, deg, such as that of the field of view; 0 where absent. */
  readonly borderDeg?: number;
}

/**
 * Reads the observation index (`obs-index.fits`) of a data store: all columns of one number or text a row.
 *
 * @param store An open data store.
 * @returns A frozen table.
 * @throws FitsFormatError for a store without an observation index, or one that is no table or has no OBS_ID.
 * @example
 * ```ts
 * import { readObservationTable } from "@gammarx/gammarx/data";
 * import { rejects } from "node:assert/strict";
 * const store = { folder: "no-such-folder", index: undefined, entries: [] };
 * await rejects(readObservationTable(store));
 * ```
 * @see GADF 0.3, section Observation index table
 */
export async function readObservationTable(store: DataStore): Promise<ObservationTable> {
  const source = indexOf(store.folder, "obs-index");
  if (source === undefined) {
    throw new FitsFormatError("found no observation index in this folder", { file: store.folder });
  }
  using fits = await openFitsFile(source);
  const table = asBintable(await fits.hdu(1)), { header } = table;
  const columns: Record<string, Float64Array | readonly string[]> = {};
  const units: Record<string, string> = {};
  for (const column of table.columns) {
    const values = await valuesOf(table, column);
    if (values === undefined || column.name in columns) continue;
    columns[column.name] = values;
    const unit = column.unit?.trim();
    if (unit) units[column.name] = unit;
  }
  const isDated = optionalHeaderNumber(header, "MJDREFI") !== undefined ||
    optionalHeaderNumber(header, "MJDREF") !== undefined;
  return Object.freeze({
    kind: "observation-table",
    source,
    obsIds: Object.freeze(await obsIdsOf(table)),
    columns: Object.freeze(columns),
    units: Object.freeze(units),
    epoch: isDated ? readTimeReference(header).epoch : undefined,
  });
}

/** Values of a column with one number or text a row. */
async function valuesOf(
  table: BintableHdu,
  column: BintableHdu["columns"][number],
): Promise<Float64Array | readonly string[] | undefined> {
  if (column.variable !== undefined || "CMX".includes(column.type)) return undefined;
  if (column.type === "A") {
    const texts = await readStrings(table, column);
    return texts.length === table.nRows ? Object.freeze(texts.map((x) => x.trim())) : undefined;
  }
  const numbers = await readNumbers(table, column);
  return numbers.length === table.nRows ? numbers : undefined;
}

/**
 * Some rows of an observation table. A row of which a cone, time or range asks what it does not have (NaN) is
 * not taken; `inverted` takes it.
 *
 * @param table The table.
 * @param selection Names, a cone, a time, or a range of a column.
 * @returns A new table with these rows, in the order of the table; `obsIds` names them.
 * @throws RangeError for a name that is not there or a range that descends; TypeError for a column that is not
 *   there or of texts, or times without an epoch.
 * @example
 * ```ts
 * import { type ObservationTable, selectRows } from "@gammarx/gammarx/data";
 * import { deepStrictEqual } from "node:assert/strict";
 * const table: ObservationTable = {
 *   kind: "observation-table", source: "", epoch: undefined, units: { ZEN_PNT: "deg" },
 *   obsIds: ["1", "2", "3"],
 *   columns: { ZEN_PNT: Float64Array.of(10, 40, 20) },
 * };
 * deepStrictEqual(selectRows(table, { column: "ZEN_PNT", range: [0, 30] }).obsIds, ["1", "3"]);
 * ```
 * @see gammapy.data.ObservationTable.select_observations
 */
export function selectRows(table: ObservationTable, selection: RowSelection): ObservationTable {
  const { inverted = false } = selection, takes = taker(table, selection);
  return rowsOf(table, table.obsIds.flatMap((_, i) => takes(i) === inverted ? [] : [i]));
}

/**
 * An observation table cut into those rows that share a label: the value of a column, such as the object or the
 * number of telescopes.
 *
 * @param table The table.
 * @param label Name of a column, or a function of a row's number.
 * @returns Tables by label, in the order of the first row of each.
 * @throws TypeError for a column that is not there.
 * @example
 * ```ts
 * import { groupRows, type ObservationTable } from "@gammarx/gammarx/data";
 * import { deepStrictEqual } from "node:assert/strict";
 * const table: ObservationTable = {
 *   kind: "observation-table", source: "", epoch: undefined, units: {}, obsIds: ["1", "2", "3"],
 *   columns: { OBJECT: ["Crab", "Vela", "Crab"] },
 * };
 * deepStrictEqual(groupRows(table, "OBJECT").get("Crab")?.obsIds, ["1", "3"]);
 * ```
 * @see gammapy.data.Observations.group_by_label
 */
export function groupRows(
  table: ObservationTable,
  label: string | ((row: number) => string),
): ReadonlyMap<string, ObservationTable> {
  const column = typeof label === "string" ? columnOf(table, label) : undefined;
  const labelOf = typeof label === "string" ? (i: number) => String(column![i]) : label;
  const groups = new Map<string, number[]>();
  table.obsIds.forEach((_, i) => {
    const name = labelOf(i), rows = groups.get(name);
    if (rows === undefined) groups.set(name, [i]);
    else rows.push(i);
  });
  return new Map([...groups].map(([name, rows]) => [name, rowsOf(table, rows)]));
}

function rowsOf(table: ObservationTable, rows: readonly number[]): ObservationTable {
  const columns = Object.entries(table.columns).map(([name, values]) => [
    name,
    values instanceof Float64Array
      ? Float64Array.from(rows, (i) => values[i]!)
      : Object.freeze(rows.map((i) => values[i]!)),
  ]);
  return Object.freeze({
    ...table,
    obsIds: Object.freeze(rows.map((i) => table.obsIds[i]!)),
    columns: Object.freeze(Object.fromEntries(columns)),
  });
}

/** Whether a row is taken. */
type Taker = (row: number) => boolean;

function taker(table: ObservationTable, selection: RowSelection): Taker {
  if ("ids" in selection) return takeIds(table, selection.ids);
  if ("cone" in selection) return takeCone(table, selection.cone);
  if ("time" in selection) return takeTime(table, selection);
  const [low, high] = ascending(selection.column, selection.range);
  const values = numbersOf(table, selection.column);
  return (i) => low === high ? values[i] === low : values[i]! >= low && values[i]! < high;
}

function takeIds({ obsIds, source }: ObservationTable, ids: readonly string[]): Taker {
  const there = new Set(obsIds), wanted = new Set(ids);
  const missing = ids.find((id) => !there.has(id));
  if (missing !== undefined) {
    throw new RangeError(`${source}: found no observation "${missing}" among ${there.size}`);
  }
  return (i) => wanted.has(obsIds[i]!);
}

function takeCone(
  table: ObservationTable,
  { lonDeg, latDeg, radiusDeg, frame = "icrs", borderDeg = 0 }: PointingCircle,
): Taker {
  const reach = radiusDeg + borderDeg;
  if (!(reach >= 0)) {
    throw new RangeError(`A cone of ${radiusDeg} deg and a border of ${borderDeg} deg is none`);
  }
  const middle = convertFrame({ lonDeg, latDeg }, { from: frame, to: "icrs" });
  const ra = numbersOf(table, "RA_PNT"), dec = numbersOf(table, "DEC_PNT");
  return (i) => separationDeg({ lonDeg: ra[i]!, latDeg: dec[i]! }, middle) < reach;
}

function takeTime(
  table: ObservationTable,
  { time, partialOverlap = false }: {
    readonly time: readonly [number, number];
    readonly partialOverlap?: boolean;
  },
): Taker {
  const { epoch, source, units } = table;
  if (epoch === undefined) {
    throw new TypeError(`${source}: found no MJDREFI: when its times begin is not known`);
  }
  const [from, to] = ascending("time", time).map((mjd) => {
    const day = Math.floor(mjd);
    return missionTimeS(createEpoch([day, mjd - day], "TT"), epoch);
  }) as [number, number];
  const seconds = (name: string) => {
    const unit = units[name], factor = unit === undefined ? 1 : unitFactor(unit, "s");
    return numbersOf(table, name).map((x) => factor * x);
  };
  const start = seconds("TSTART"), stop = seconds("TSTOP");
  return partialOverlap
    ? (i) => stop[i]! >= from && start[i]! <= to
    : (i) => start[i]! >= from && stop[i]! <= to;
}

function ascending(what: string, [low, high]: readonly [number, number]): [number, number] {
  if (low <= high) return [low, high];
  throw new RangeError(`${what}: found a range from ${low} to ${high}, expected one that ascends`);
}

function columnOf(
  { columns, source }: ObservationTable,
  name: string,
): Float64Array | readonly string[] {
  if (Object.hasOwn(columns, name)) return columns[name]!;
  throw new TypeError(
    `${source}: found no column ${name}; it has ${Object.keys(columns).join(", ")}`,
  );
}

function numbersOf(table: ObservationTable, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column instanceof Float64Array) return column;
  throw new TypeError(`${table.source}: column ${name} has texts, expected numbers`);
}
