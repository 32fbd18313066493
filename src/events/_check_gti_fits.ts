import { type BintableHdu, optionalColumn, readNumbers } from "../fits/mod.ts";
import { secondsBetween } from "../time/mod.ts";
import {
  checkColumns,
  type ColumnSpec,
  type FaultList,
  faultList,
  guarded,
} from "./formats/faults_fits.ts";
import { columnFactor, readTimeReference, type TimeReference } from "./formats/header_fits.ts";
import { createGti, type Gti, unionGti } from "./gti.ts";
import { type RowTally, rowTally } from "./_row_tally.ts";

const COLUMNS: readonly ColumnSpec[] = ["START", "STOP"].map((name) => ({
  name,
  types: "D",
  usable: "JK",
  unit: "s",
  missing: "error" as const,
}));

/** What the rows of a GTI table say, where they can be read. */
export interface CheckedGti {
  /** Σ (stop − start) as the table has it, seconds. */
  readonly sumS: number;
  /** The intervals on the epoch of the events, sorted and joined. */
  readonly gti: Gti;
}

/** Checks a table of good time intervals. Its faults are added to `list`. */
export async function checkGti(
  table: BintableHdu,
  events: TimeReference | undefined,
  list: FaultList["list"],
): Promise<CheckedGti | undefined> {
  const faults = faultList(table), source = table.source.name;
  checkColumns(table, COLUMNS, faults);
  list.push(...faults.list);
  if (faults.list.some((fault) => fault.level === "error")) return undefined;
  const found = await guarded(list, source, async () => {
    const reference = readTimeReference(table.header, { events });
    const columns = COLUMNS.map(({ name }) => optionalColumn(table, name)!);
    const [startS, stopS] = [
      await readNumbers(table, columns[0]!),
      await readNumbers(table, columns[1]!),
    ];
    const unitS = columns.map((column) =>
      column.unit?.trim() ? columnFactor(table, column, "s") : reference.unitS
    );
    return {
      reference,
      startS: startS.map((t) => t * unitS[0]!),
      stopS: stopS.map((t) => t * unitS[1]!),
    };
  });
  if (found === undefined) return undefined;
  const rows = checkIntervals(table, found.startS, found.stopS);
  list.push(...rows.faults);
  if (events === undefined) return undefined;
  const { epoch } = found.reference;
  if (epoch.scale !== events.epoch.scale) {
    const { add, list: own } = faultList(table);
    add(
      "error",
      "TIMESYS",
      `found ${found.reference.scale}, but the events are in ${events.scale}`,
    );
    list.push(...own);
    return undefined;
  }
  const shiftS = secondsBetween<"TT" | "TDB">(events.epoch, epoch), { good } = rows;
  const gti = createGti(
    events.epoch,
    Float64Array.from(good, (i) => found.startS[i]! + shiftS),
    Float64Array.from(good, (i) => found.stopS[i]! + shiftS),
  );
  const sumS = good.reduce((sum, i) => sum + found.stopS[i]! - found.startS[i]!, 0);
  return { sumS, gti: unionGti(gti) };
}

/** Rows whose interval makes no sense, overlaps, disorder; gives the rows that can be used. */
function checkIntervals(table: BintableHdu, startS: Float64Array, stopS: Float64Array) {
  const faults = faultList(table), good: number[] = [];
  if (startS.length === 0) {
    faults.add("error", "", "the table of good time intervals has no rows, expected at least one");
  }
  const inverted = rowTally("error", "STOP", "the interval does not stop after it starts");
  const unsorted = rowTally("warning", "START", "the interval starts before the one above it");
  for (let i = 0; i < startS.length; i++) {
    if (startS[i]! <= stopS[i]! && stopS[i]! - startS[i]! < Infinity) good.push(i);
    else inverted.hit(i, `found ${startS[i]} s to ${stopS[i]} s`);
    if (i > 0 && startS[i]! < startS[i - 1]!) unsorted.hit(i, `found ${startS[i]} s`);
  }
  const overlaps = overlapsOf(startS, stopS, good);
  for (const tally of [inverted, overlaps, unsorted]) tally.report(faults);
  return { faults: faults.list, good };
}

/** Part of the good time that may overlap by rounding; more makes wrong fluxes. */
const HARMFUL = 1e-3;

function overlapsOf(startS: Float64Array, stopS: Float64Array, rows: readonly number[]): RowTally {
  const sorted = [...rows].sort((a, b) => startS[a]! - startS[b]!);
  const hits: { readonly row: number; readonly endS: number }[] = [];
  let sumS = 0, twiceS = 0, endS = -Infinity;
  for (const row of sorted) {
    const start = startS[row]!, stop = stopS[row]!;
    sumS += stop - start;
    if (start < endS) {
      hits.push({ row, endS });
      twiceS += Math.min(stop, endS) - start;
    }
    endS = Math.max(endS, stop);
  }
  const tally = rowTally(
    twiceS > HARMFUL * sumS ? "error" : "warning",
    "START",
    `intervals overlap: ${twiceS} s of ${sumS} s count twice`,
  );
  for (const { row, endS } of hits) tally.hit(row, `found ${startS[row]} s, before ${endS} s`);
  return tally;
}
