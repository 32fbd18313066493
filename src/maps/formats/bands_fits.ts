/**
 * The further axes of a map as a table of bins (BANDS): one row a combination of bins, the last axis of
 * the array fastest, and keywords AXCOLSn and INTERPn, where axis 1 is the fastest one.
 */
import {
  type Card,
  card,
  type ColumnInput,
  findColumn,
  type HduInput,
  type Header,
  headerError,
  headerNumber,
  optionalHeaderBoolean,
  optionalHeaderNumber,
  readNumbers,
  readStrings,
  type TableHdu,
} from "../../fits/mod.ts";
import {
  type Axis,
  type AxisInterp,
  createLabelAxis,
  createMapAxis,
  createTimeAxis,
  type LabelAxis,
  type MapAxis,
  type TimeAxis,
} from "../../nddata/mod.ts";
import { sameDimension, unitFactor } from "../../units/mod.ts";
import { inHdu, textOf } from "./header_fits.ts";

/** Greatest gap between an edge and the next bin's, in widths of the bin: edges in single precision. */
const EDGE_RTOL = 1e-3;
const MAX_AXES = 9;
const DAY_S = 86400;

/** The axes of a BANDS table, slowest first. */
export async function readBands(table: TableHdu): Promise<Axis[]> {
  const axes: Axis[] = [];
  for (let n = 1; n <= MAX_AXES; n++) {
    const columns = textOf(table.header, `AXCOLS${n}`).split(",").map((one) => one.trim());
    if (columns[0] === "") break;
    axes.unshift(await readAxis(table, columns, n));
  }
  if (axes.length === 0) {
    throw headerError(
      table.header,
      "AXCOLS1",
      "found none, expected the columns of the first axis",
    );
  }
  return axes;
}

async function readAxis(table: TableHdu, columns: readonly string[], n: number): Promise<Axis> {
  const { header } = table, keyword = `AXCOLS${n}`;
  if (columns.length > 2) {
    throw headerError(header, keyword, `found ${columns.join(",")}, expected one or two columns`);
  }
  const first = findColumn(table, columns[0]!), name = axisName(header, n, columns[0]!);
  if (first.type === "A") {
    const labels = [...new Set(await readStrings(table, first))];
    return inHdu(table, keyword, () => createLabelAxis(name, labels));
  }
  const unit = first.unit?.trim() ?? "";
  const low = firstSeen(await readNumbers(table, first));
  if (columns.length === 1) {
    return inHdu(table, keyword, () => createMapAxis(name, low, axisOptions(header, n, unit)));
  }
  const high = firstSeen(await readNumbers(table, columns[1]!));
  if (low.length !== high.length) {
    throw headerError(
      header,
      keyword,
      `found ${low.length} lower and ${high.length} upper edges, expected as many of both`,
    );
  }
  return inHdu(table, `column ${first.name}`, () => isTime(header, unit))
    ? timeAxisOf(table, { name, unit, low, high })
    : inHdu(table, keyword, () => {
      checkNoGaps(low, high);
      return createMapAxis(name, [...low, high.at(-1)!], axisOptions(header, n, unit));
    });
}

/** Values in the order in which they first appear. */
function firstSeen(values: Float64Array): number[] {
  return [...new Set(values)];
}

function axisOptions(header: Header, n: number, unit: string) {
  const isCenters = !textOf(header, `AXCOLS${n}`).includes(",");
  const interp = (textOf(header, `INTERP${n}`).toLowerCase() || "lin") as AxisInterp;
  const periodic = optionalHeaderBoolean(header, `AXPERI${n}`) ?? false;
  return { unit, interp, periodic, nodes: isCenters ? "centers" : "edges" } as const;
}

/** Name of an axis by the column of its lower edges; THETA is what older files call the radius. */
function axisName(header: Header, n: number, column: string): string {
  const exact = textOf(header, `AXNAME${n}`);
  if (exact !== "") return exact;
  if (column === "E_MIN") return "energy";
  const name = column.replace(/_MIN$/, "").toLowerCase();
  return name === "theta" ? "rad" : name;
}

function checkNoGaps(low: readonly number[], high: readonly number[]): void {
  for (let i = 1; i < low.length; i++) {
    const gap = Math.abs(low[i]! - high[i - 1]!), width = high[i]! - low[i]!;
    if (gap <= EDGE_RTOL * width) continue;
    throw new RangeError(
      `bin ${i} begins at ${low[i]}, where bin ${i - 1} ends at ${high[i - 1]}: expected no gap`,
    );
  }
}

function isTime(header: Header, unit: string): boolean {
  const hasEpoch = ["MJDREFI", "MJDREF"].some((keyword) => header.index.has(keyword));
  return hasEpoch && unit !== "" && sameDimension(unit, "s");
}

interface TimeColumns {
  readonly name: string;
  readonly unit: string;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function timeAxisOf(table: TableHdu, { name, unit, low, high }: TimeColumns): TimeAxis {
  const { header } = table, factor = unitFactor(unit, "s");
  const whole = optionalHeaderNumber(header, "MJDREFI") ?? headerNumber(header, "MJDREF");
  const mjdDay = Math.floor(whole), exact = optionalHeaderNumber(header, "MJDREFS");
  const rounded = (whole - mjdDay + (optionalHeaderNumber(header, "MJDREFF") ?? 0)) * DAY_S;
  const dayS = exact !== undefined && Math.abs(exact - rounded) < 1e-6 ? exact : rounded;
  const scale = textOf(header, "TIMESYS").toUpperCase() || "TT";
  return inHdu(table, `column ${name}`, () =>
    createTimeAxis({
      name,
      epoch: { mjdDay, dayS, scale },
      startS: low.map((t) => t * factor),
      stopS: high.map((t) => t * factor),
    }));
}

/** What an axis has in the table: its columns by bin, and cards for its number. */
interface AxisColumns {
  readonly axcols: string;
  readonly interp: string | undefined;
  readonly columns: readonly ColumnInput[];
  readonly more: (n: number) => Card[];
}

const WRITERS: { readonly [K in Axis["kind"]]: (axis: Extract<Axis, { kind: K }>) => AxisColumns } =
  { "map-axis": mapAxisColumns, "time-axis": timeAxisColumns, "label-axis": labelAxisColumns };

/** Cards and columns of the axes, slowest first. */
function axisColumns(axis: Axis): AxisColumns {
  if (!/^[ -~]+$/.test(axis.name) || axis.name.includes(",")) {
    throw new TypeError(
      `Axis "${axis.name}": a name in a file is printable ASCII without a comma`,
    );
  }
  return (WRITERS[axis.kind] as (axis: Axis) => AxisColumns)(axis);
}

function mapAxisColumns(axis: MapAxis): AxisColumns {
  const { unit } = axis, name = axis.name.toUpperCase(), [low, high] = edgeNames(name);
  const column = (name: string, values: Float64Array) => ({ name, values, unit });
  return {
    axcols: axis.nodes === "centers" ? name : `${low},${high}`,
    interp: axis.interp,
    columns: [
      column(name, axis.centers),
      column(low, axis.edges.subarray(0, axis.nBins)),
      column(high, axis.edges.subarray(1)),
    ],
    more: (n) => axis.periodic ? [card(`AXPERI${n}`, true, "the axis comes round")] : [],
  };
}

function edgeNames(name: string): readonly [string, string] {
  return name === "ENERGY" ? ["E_MIN", "E_MAX"] : [`${name}_MIN`, `${name}_MAX`];
}

function timeAxisColumns({ name, epoch, startS, stopS }: TimeAxis): AxisColumns {
  const upper = name.toUpperCase(), middle = startS.map((t, i) => (t + stopS[i]!) / 2);
  const column = (name: string, values: Float64Array) => ({ name, values, unit: "s" });
  return {
    axcols: `${upper}_MIN,${upper}_MAX`,
    interp: "lin",
    columns: [
      column(upper, middle),
      column(`${upper}_MIN`, startS),
      column(`${upper}_MAX`, stopS),
    ],
    more: () => [
      card("MJDREFI", epoch.mjdDay, "[d] reference epoch, whole days"),
      card("MJDREFF", epoch.dayS / DAY_S, "[d] reference epoch, fraction of a day"),
      card("MJDREFS", epoch.dayS, "[s] the same fraction of a day in seconds"),
      card("TIMESYS", epoch.scale, "time scale"),
    ],
  };
}

function labelAxisColumns({ name, labels }: LabelAxis): AxisColumns {
  const bad = labels.find((label) => !/^[ -~]*$/.test(label) || label !== label.trimEnd());
  if (bad !== undefined) {
    throw new TypeError(
      `Axis ${name}: found the label "${bad}", expected printable ASCII without blanks at its end`,
    );
  }
  const upper = name.toUpperCase();
  return {
    axcols: upper,
    interp: undefined,
    columns: [{ name: upper, values: labels }],
    more: () => [],
  };
}

/** The keywords of axes, for the table and for the HDU of the values. */
export function bandsCards(axes: readonly Axis[]): Card[] {
  return axes.flatMap((axis, a) => {
    const n = axes.length - a, { axcols, interp, more } = axisColumns(axis);
    return [
      card(`AXCOLS${n}`, axcols),
      ...(interp === undefined ? [] : [card(`INTERP${n}`, interp)]),
      card(`AXNAME${n}`, axis.name),
      ...more(n),
    ];
  }).filter(({ keyword }, i, all) => all.findIndex((one) => one.keyword === keyword) === i);
}

/** The table of the bins of axes, slowest first. */
export function bandsTable(axes: readonly Axis[], name: string): HduInput {
  checkOneEpoch(axes);
  const nRows = axes.reduce((n, axis) => n * axis.nBins, 1);
  const columns = axes.map((axis, a) => {
    const faster = axes.slice(a + 1).reduce((n, one) => n * one.nBins, 1);
    const bin = (row: number) => Math.floor(row / faster) % axis.nBins;
    return axisColumns(axis).columns.map((one) => ({ ...one, values: spread(one, nRows, bin) }));
  });
  return {
    kind: "bintable",
    name,
    header: bandsCards(axes),
    columns: [
      { name: "CHANNEL", values: Int32Array.from({ length: nRows }, (_, row) => row) },
      // Axis 1, the fastest, comes first.
      ...columns.reverse().flat(),
    ],
  };
}

/** The value of each row's bin. */
function spread(
  { values }: ColumnInput,
  nRows: number,
  bin: (row: number) => number,
): Float64Array | string[] {
  if (!ArrayBuffer.isView(values)) {
    return Array.from({ length: nRows }, (_, row) => values[bin(row)] as string);
  }
  return Float64Array.from({ length: nRows }, (_, row) => Number(values[bin(row)]));
}

/** One table has one reference time. */
function checkOneEpoch(axes: readonly Axis[]): void {
  const times = axes.filter((axis) => axis.kind === "time-axis");
  if (times.length < 2) return;
  throw new TypeError(
    `Found the time axes ${times.map((axis) => axis.name).join(", ")}, expected one: a table of ` +
      `bins has one reference time`,
  );
}
