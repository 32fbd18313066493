import { createEarthOrientation, type EarthOrientation } from "./earth_orientation.ts";

/** What one line of a file says. */
interface Row {
  readonly mjdUtc: number;
  readonly ut1MinusUtcS: number;
  readonly errorS: number;
  readonly poleXArcsec: number;
  readonly poleYArcsec: number;
  readonly measured: boolean;
}

/** A line of a file, with the words for its errors. */
interface Line {
  readonly text: string;
  readonly number: number;
  readonly source: string;
}

/** Linear interpolation between days adds at most this to the error of a day, seconds. */
const INTERPOLATION_S = 0.00025;
const FINALS_ROW = /^[\d ]{6} \d{5}\.\d\d /;
const C04_ROW = /^\s*\d{4}\s+\d{1,2}\s+\d{1,2}\s+\d/;

/**
 * Reads a table of Earth orientation of the IERS: `finals2000A` (Bulletin A with its predictions,
 * Bulletin B where it has it), or `eopc04` in its forms of 14 C04 and 20 C04. Days before 1972 and
 * days without UT1 are left out.
 *
 * @param text The file.
 * @param options `source`: how the file is called in messages and in the table.
 * @returns A table for `convertEpoch`, sidereal times and horizontal frames.
 * @throws SyntaxError for a text that is neither, with line and column of what cannot be read.
 * @example
 * ```ts
 * import { parseIers } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const line = "2020   1   1  58849   0.076600   0.282292  -0.1771554   0.0005143   0.000143  -0.000053" +
 *   "   0.000045   0.000042  0.0000089  0.0000190    0.000043    0.000045";
 * strictEqual(parseIers(line).mjdUtc[0], 58849);
 * ```
 * @see IERS readme.finals2000A; IERS EOP 14 C04 and 20 C04, headers of the files
 */
export function parseIers(
  text: string,
  options: { readonly source?: string } = {},
): EarthOrientation {
  const { source = "IERS text" } = options, rows: Row[] = [];
  let read: ((line: Line) => Row | undefined) | undefined;
  text.split(/\r?\n/).forEach((one, i) => {
    const line = { text: one, number: i + 1, source };
    if (one.trim() === "" || one.startsWith("#")) return;
    read ??= FINALS_ROW.test(one) ? finalsRow : C04_ROW.test(one) ? c04Row : undefined;
    const row = read?.(line);
    if (row !== undefined && row.mjdUtc >= 41317) rows.push(row);
  });
  if (rows.length === 0) {
    throw new SyntaxError(
      `${source}: found no line of finals2000A or eopc04 with UT1 - UTC from 1972 on`,
    );
  }
  rows.forEach((row, i) => {
    if (i > 0 && !(row.mjdUtc > rows[i - 1]!.mjdUtc)) {
      throw new SyntaxError(
        `${source}: MJD ${row.mjdUtc} stands behind MJD ${
          rows[i - 1]!.mjdUtc
        }, expected days in order`,
      );
    }
  });
  const column = (of: (row: Row) => number) => Float64Array.from(rows, of);
  const measured = rows.filter((row) => row.measured);
  return createEarthOrientation({
    source,
    mjdUtc: column((row) => row.mjdUtc),
    ut1MinusUtcS: column((row) => row.ut1MinusUtcS),
    errorS: column((row) => row.errorS + INTERPOLATION_S),
    poleXArcsec: column((row) => row.poleXArcsec),
    poleYArcsec: column((row) => row.poleYArcsec),
    measuredUntilMjd: measured[measured.length - 1]?.mjdUtc ?? -Infinity,
  });
}

/** A line of finals2000A, whose columns are fixed; undefined for a day without UT1. */
function finalsRow(line: Line): Row | undefined {
  const mjdUtc = field(line, 8, 15, "MJD");
  if (line.text.slice(58, 68).trim() === "") return undefined;
  const flag = line.text[57];
  if (flag !== "I" && flag !== "P") throw unreadable(line, 58, `"${flag}"`, "I or P");
  // Bulletin B is the final word where it has one
  const hasB = [[134, 144], [144, 154], [154, 165]].every(([from, to]) =>
    line.text.slice(from, to).trim() !== ""
  );
  return {
    mjdUtc,
    ut1MinusUtcS: hasB ? field(line, 155, 165, "UT1-UTC") : field(line, 59, 68, "UT1-UTC"),
    errorS: field(line, 69, 78, "the error of UT1-UTC"),
    poleXArcsec: hasB ? field(line, 135, 144, "pole x") : field(line, 19, 27, "pole x"),
    poleYArcsec: hasB ? field(line, 145, 154, "pole y") : field(line, 38, 46, "pole y"),
    measured: flag === "I",
  };
}

/** A number in the columns `from` to `to`, counted from 1. */
function field(line: Line, from: number, to: number, what: string): number {
  const text = line.text.slice(from - 1, to).trim();
  return numberOf(line, from, text, what);
}

function numberOf(line: Line, column: number, text: string, what: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) throw unreadable(line, column, `"${text}"`, `a number for ${what}`);
  return value;
}

function unreadable(line: Line, column: number, found: string, expected: string): SyntaxError {
  return new SyntaxError(
    `${line.source}, line ${line.number}, column ${column}: found ${found}, expected ${expected}`,
  );
}

/** A line of C04: 16 words in the form of 14 C04, 21 in that of 20 C04, which has an hour. */
function c04Row(line: Line): Row {
  const words = [...line.text.matchAll(/\S+/g)];
  if (words.length !== 16 && words.length !== 21) {
    throw unreadable(line, 1, `${words.length} numbers`, "16 of EOP 14 C04 or 21 of EOP 20 C04");
  }
  const first = words.length === 21 ? 4 : 3, errorAt = words.length === 21 ? 15 : 12;
  const at = (i: number, what: string) => numberOf(line, words[i]!.index + 1, words[i]![0], what);
  return {
    mjdUtc: at(first, "MJD"),
    poleXArcsec: at(first + 1, "pole x"),
    poleYArcsec: at(first + 2, "pole y"),
    ut1MinusUtcS: at(first + 3, "UT1-UTC"),
    errorS: at(errorAt, "the error of UT1-UTC"),
    measured: true,
  };
}
