/** Light curves as tables: a row an interval of time, the bins of energy as arrays. */
import { createTimeAxis } from "../nddata/mod.ts";
import {
  convertEpoch,
  createEpoch,
  epochMjd,
  secondsBetween,
  type TimeEpoch,
  type TimeScale,
} from "../time/mod.ts";
import { unitFactor } from "../units/mod.ts";
import {
  type FluxTable,
  type FluxTableColumn,
  type FluxTableOptions,
  pointsOfTable,
  type SedType,
  tableError,
  tableOfPoints,
} from "./_flux_table.ts";
import type { LightCurve } from "./light_curve.ts";

const SCALES: ReadonlySet<string> = new Set(["TT", "TAI", "UTC", "TDB"]);

/** How far rounding may put a start before the stop before it, s. */
const OVERLAP_S = 5e-6;

/** The table of a light curve. */
export function tableOfCurve({ time, points }: LightCurve, sedType: SedType): FluxTable {
  const tables = points.map((one) => tableOfPoints(one, sedType)), n = time.nBins;
  const mjd = (seconds: Float64Array): Float64Array => {
    const { mjdDay, dayS, scale } = time.epoch;
    return seconds.map((s) => epochMjd({ mjdDay, dayS: dayS + s, scale: scale as TimeScale }));
  };
  const times = (name: string, seconds: Float64Array): FluxTableColumn => {
    return { name, unit: "", isLogical: false, shape: [], values: mjd(seconds) };
  };
  const columns: FluxTableColumn[] = [
    times("time_min", time.startS),
    times("time_max", time.stopS),
  ];
  const names = new Set(tables.flatMap((table) => table.columns.map((one) => one.name)));
  for (const name of names) {
    const parts = tables.map((table) => table.columns.find((one) => one.name === name));
    const known = parts.find((one) => one !== undefined)!, width = known.values.length;
    const values = new Float64Array(n * width).fill(NaN);
    parts.forEach((part, k) => part !== undefined && values.set(part.values, k * width));
    columns.push({ ...known, values, shape: [width / product(known.shape), ...known.shape] });
  }
  const { meta } = tables[0]!;
  return {
    name: "light curve",
    nRows: n,
    columns,
    meta: {
      MJDREFI: 0,
      MJDREFF: 0,
      TIMEUNIT: "d",
      TIMESYS: time.epoch.scale.toLowerCase(),
      ...meta,
    },
  };
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The light curve of a table. */
export function curveOfTable(table: FluxTable, options: FluxTableOptions = {}): LightCurve {
  const starts = instantsOf(table, "time_min"), stops = instantsOf(table, "time_max");
  const first = starts[0];
  if (first === undefined) throw tableError(table, "found no row, expected an interval or more");
  const epoch = createEpoch([first.mjdDay, 0], first.scale as "TT" | "TDB");
  const seconds = (list: readonly TimeEpoch[]) =>
    Float64Array.from(
      list,
      (one) => secondsBetween<"TT" | "TDB">(epoch, one as TimeEpoch<"TT" | "TDB">),
    );
  const startS = seconds(starts), stopS = seconds(stops);
  for (let k = 1; k < startS.length; k++) {
    const late = stopS[k - 1]! - startS[k]!;
    if (late > 0 && late <= OVERLAP_S) startS[k] = stopS[k - 1]!;
  }
  return Object.freeze({
    kind: "light-curve",
    time: createTimeAxis({ epoch: { ...epoch }, startS, stopS }),
    points: Object.freeze(
      Array.from({ length: table.nRows }, (_, k) => pointsOfTable(rowOf(table, k), options)),
    ),
  });
}

/** Times of a column, in TT, or TDB where that is what they are in. */
function instantsOf(table: FluxTable, name: string): TimeEpoch[] {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined || column.values.length !== table.nRows) {
    throw tableError(
      table,
      `column "${name}": found ${
        column === undefined ? "none" : "several times a row"
      }, expected one time a row`,
    );
  }
  const { meta } = table, scale = String(meta["TIMESYS"] ?? "UTC").trim().toUpperCase();
  if (!SCALES.has(scale)) {
    throw tableError(table, `TIMESYS: found "${scale}", expected TT, TAI, UTC or TDB`);
  }
  const whole = Number(meta["MJDREFI"] ?? meta["MJDREF"] ?? 0);
  const fraction = meta["MJDREFI"] === undefined ? 0 : Number(meta["MJDREFF"] ?? 0);
  const unit = column.unit || String(meta["TIMEUNIT"] ?? "d").trim(), days = unitFactor(unit, "d");
  return Array.from(column.values, (value, k) => {
    const day = Math.floor(value * days);
    if (!Number.isFinite(day)) {
      throw tableError(table, `column "${name}", row ${k + 1}: found ${value}, expected a time`);
    }
    const given = createEpoch([whole + day, value * days - day + fraction], scale as TimeScale);
    return convertEpoch(given, scale === "TDB" ? "TDB" : "TT");
  });
}

/** A row as a table of its own, with a row a bin of energy. */
function rowOf(table: FluxTable, k: number): FluxTable {
  const energies = table.columns.find((one) => one.name === "e_ref" || one.name === "e_min");
  const nRows = energies === undefined ? 1 : energies.values.length / table.nRows;
  const columns = table.columns.filter((one) => !one.name.startsWith("time_")).map((one) => {
    const width = one.values.length / table.nRows, shape = one.shape.slice(1);
    return { ...one, shape, values: one.values.subarray(k * width, (k + 1) * width) };
  });
  return { ...table, name: `${table.name}, row ${k + 1}`, nRows, columns };
}
