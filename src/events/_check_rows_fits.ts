import {
  type BintableHdu,
  type ColumnRequest,
  FitsFormatError,
  optionalColumn,
  readRowBlock,
} from "../fits/mod.ts";
import { faultList, guarded } from "./formats/faults_fits.ts";
import { columnFactor, type TimeReference } from "./formats/header_fits.ts";
import type { Fault } from "./fault.ts";
import type { Gti } from "./gti.ts";
import { createIdSet } from "./_id_set.ts";
import { type RowTally, rowTally } from "./_row_tally.ts";

const BLOCK_ROWS = 65536;
/** Event numbers that are remembered to find those that come twice: 64 MB at the most. */
const MAX_IDS = 1 << 22;

/** What is known about the table before its rows are read. */
export interface RowsContext {
  /** Rows that are whole. */
  readonly nRows: number;
  /** Reference of the times, where the header tells it. */
  readonly time: TimeReference | undefined;
  /** Good time intervals, sorted and joined, on the events' epoch. */
  readonly gti: Gti | undefined;
  /** Is EVENT_ID unique within the table? */
  readonly uniqueIds: boolean;
}

/** A check of one column: sees its values block by block. */
interface ColumnCheck {
  readonly name: string;
  readonly unit: string;
  readonly tallies: readonly RowTally[];
  readonly look: (values: Float64Array, rowStart: number) => void;
}

/** Checks the rows of a table of events, block by block. Its faults are added to `list`. */
export async function checkRows(
  table: BintableHdu,
  context: RowsContext,
  list: Fault[],
): Promise<void> {
  const checks = [timeCheck(context), ENERGY(), RA(), DEC()];
  const readable = checks.flatMap((check) => {
    const request = requestFor(table, check, context.time);
    return request === undefined ? [] : [{ check, request }];
  });
  const id = context.uniqueIds ? idCheck(table) : undefined;
  await guarded(list, table.source.name, async () => {
    for (let row = 0; row < context.nRows; row += BLOCK_ROWS) {
      const stop = Math.min(row + BLOCK_ROWS, context.nRows);
      const requests = readable.map(({ request }) => request);
      const arrays = await readRowBlock(table, requests, row, stop);
      readable.forEach(({ check }, i) => check.look(arrays[i] as Float64Array, row));
      if (id !== undefined) {
        const [ids] = await readRowBlock(table, [id.request], row, stop);
        id.look(ids, row);
      }
    }
  });
  const faults = faultList(table);
  for (const { check } of readable) check.tallies.forEach((tally) => tally.report(faults));
  id?.report(faults);
  list.push(...faults.list);
}

/** Undefined for a column that is not there or is no number: that was told before. */
function requestFor(
  table: BintableHdu,
  { name, unit }: ColumnCheck,
  time: TimeReference | undefined,
): ColumnRequest | undefined {
  const column = numberColumn(table, name, "BIJKED");
  if (column === undefined) return undefined;
  try {
    const own = column.unit?.trim() ? columnFactor(table, column, unit) : undefined;
    return { column, as: "float64", scale: own ?? (unit === "s" ? time?.unitS ?? 1 : 1) };
  } catch (error) {
    if (error instanceof FitsFormatError) return undefined;
    throw error;
  }
}

function numberColumn(table: BintableHdu, name: string, types: string) {
  try {
    const column = optionalColumn(table, name);
    const isNumber = column !== undefined && column.repeat === 1 &&
      column.variable === undefined && types.includes(column.type);
    return isNumber ? column : undefined;
  } catch (error) {
    if (error instanceof FitsFormatError) return undefined; // an ambiguous name, told before
    throw error;
  }
}

function timeCheck({ gti, time }: RowsContext): ColumnCheck {
  const missing = rowTally("error", "TIME", "an event needs a finite time");
  const backwards = rowTally("warning", "TIME", "the event is earlier than the one above it");
  const outside = rowTally("warning", "TIME", "the event is in no good time interval");
  const isGood = gti === undefined || time === undefined ? () => true : inside(gti);
  let lastS = -Infinity;
  return {
    name: "TIME",
    unit: "s",
    tallies: [missing, backwards, outside],
    look(timeS, rowStart) {
      for (let i = 0; i < timeS.length; i++) {
        const t = timeS[i]!;
        if (!Number.isFinite(t)) {
          missing.hit(rowStart + i, `found ${t}`);
          continue;
        }
        if (t < lastS) backwards.hit(rowStart + i, `found ${t} s after ${lastS} s`);
        lastS = t;
        if (!isGood(t)) outside.hit(rowStart + i, `found ${t} s`);
      }
    },
  };
}

/** Is a time in sorted intervals without overlaps? Both ends count as inside. */
function inside({ startS, stopS }: Gti): (timeS: number) => boolean {
  let lowS = Infinity, highS = -Infinity;
  return (t) => {
    if (t >= lowS && t <= highS) return true;
    let from = 0, to = startS.length;
    while (from < to) { // the first interval that starts behind t
      const middle = (from + to) >> 1;
      if (startS[middle]! <= t) from = middle + 1;
      else to = middle;
    }
    if (from === 0 || !(t <= stopS[from - 1]!)) return false;
    lowS = startS[from - 1]!;
    highS = stopS[from - 1]!;
    return true;
  };
}

/** A check of single values: which are impossible, and which are odd. */
function valueCheck(
  { name, unit, expected }: {
    readonly name: string;
    readonly unit: string;
    readonly expected: string;
  },
  isPossible: (value: number) => boolean,
  odd?: { readonly expected: string; readonly isUsual: (value: number) => boolean },
): ColumnCheck {
  const impossible = rowTally("error", name, expected);
  const unusual = rowTally("warning", name, odd?.expected ?? "");
  const isUsual = odd?.isUsual ?? (() => true);
  return {
    name,
    unit,
    tallies: [impossible, unusual],
    look(values, rowStart) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        if (!isPossible(value)) impossible.hit(rowStart + i, `found ${value}`);
        else if (!isUsual(value)) unusual.hit(rowStart + i, `found ${value} ${unit}`);
      }
    },
  };
}

const ENERGY = () =>
  valueCheck(
    { name: "ENERGY", unit: "TeV", expected: "an energy is more than 0" },
    (energy) => energy > 0 && energy < Infinity,
  );
const RA = () =>
  valueCheck(
    { name: "RA", unit: "deg", expected: "a right ascension is a finite number" },
    Number.isFinite,
    { expected: "usual are 0 to 360 deg", isUsual: (raDeg) => raDeg >= 0 && raDeg <= 360 },
  );
const DEC = () =>
  valueCheck(
    { name: "DEC", unit: "deg", expected: "a declination is -90 to 90 deg" },
    (decDeg) => decDeg >= -90 && decDeg <= 90,
  );

/** Looks for event numbers that come twice. */
function idCheck(table: BintableHdu) {
  const column = numberColumn(table, "EVENT_ID", "BIJK");
  if (column === undefined) return undefined;
  const ids = createIdSet(MAX_IDS);
  const twice = rowTally("warning", "EVENT_ID", "the event number came before");
  let seen = 0;
  return {
    request: { column, as: "bigint64" } as const,
    look(values: BigInt64Array, rowStart: number) {
      const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
      for (let i = 0; i < values.length && !ids.isFull(); i++, seen++) {
        if (ids.add(words[2 * i]!, words[2 * i + 1]!)) {
          twice.hit(rowStart + i, `found ${values[i]}`);
        }
      }
    },
    report(faults: ReturnType<typeof faultList>) {
      twice.report(faults);
      if (ids.isFull()) {
        faults.add(
          "warning",
          "EVENT_ID",
          `only the first ${seen} rows were searched for event numbers that come twice`,
        );
      }
    },
  };
}
