import type { Fault } from "./fault.ts";

/** Counts the rows that have one kind of fault, and keeps the first few. */
export interface RowTally {
  /** Adds a row, from 0, with what was found in it. */
  readonly hit: (row: number, found: string) => void;
  /** Adds the faults: one for each of the first rows, then one with the count. */
  readonly report: (to: {
    readonly add: (level: Fault["level"], keyword: string, problem: string, row?: number) => void;
  }) => void;
}

/** Errors are told row by row up to this number, warnings once; then they are counted. */
const ROWS_TOLD = { error: 3, warning: 1 } as const;

/** A tally of one kind of fault. */
export function rowTally(level: Fault["level"], keyword: string, problem: string): RowTally {
  const first: { readonly row: number; readonly found: string }[] = [];
  let n = 0;
  return Object.freeze({
    hit(row: number, found: string) {
      if (n++ < ROWS_TOLD[level]) first.push({ row, found });
    },
    report(to: Parameters<RowTally["report"]>[0]) {
      for (const { row, found } of first) to.add(level, keyword, `${found}: ${problem}`, row + 1);
      if (n > first.length) to.add(level, keyword, `${n} rows in all: ${problem}`);
    },
  });
}
