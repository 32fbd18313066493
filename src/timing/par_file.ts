import type { TimeEpoch } from "../time/mod.ts";
import { createEpoch } from "../time/mod.ts";
import { ddParse, ddSplit, type DoubleDouble } from "../numeric/mod.ts";

/** One line of a par file that holds a parameter. */
export interface ParLine {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  /** Name of the parameter, in capitals. */
  readonly key: string;
  /** What stands behind the name: the value as it is written; "" where there is none. */
  readonly value: string;
  /** Is the parameter marked as fitted; undefined where no flag is written. */
  readonly fit: boolean | undefined;
  /** Its error, in the unit of the value (seconds of the last place for angles). */
  readonly error: number | undefined;
  /** All words of the line behind the name: a pair of amplitudes, the flags of a JUMP. */
  readonly words: readonly string[];
}

/** A par file as it is written: nothing is interpreted but numbers and flags. */
export interface ParFile {
  /** Name of the file, for messages. */
  readonly file: string;
  /** Its parameters in the order of the file. */
  readonly lines: readonly ParLine[];
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d{1,4})?$/;
const NAME = /^[A-Za-z_][\w.:+-]*$/;

/**
 * Reads a par file (tempo, tempo2, PINT): one parameter a line, its name, value, fit flag (0, 1, 2)
 * and error, in words. Lines that begin with `#` or with the word `C`, and what stands behind a `#`,
 * are comments. Names are made capitals; nothing else is changed, so no digit is lost. Parameters
 * may come more than once (`JUMP`).
 *
 * @param text What is in the file.
 * @param file Its name, for messages; "par file" where left out.
 * @returns A frozen record.
 * @throws SyntaxError for a line that does not begin with a name, with file and line.
 * @example
 * ```ts
 * import { parsePar } from "@gammarx/gammarx/timing";
 * import { deepStrictEqual } from "node:assert/strict";
 * const par = parsePar("PSR J0437-4715\n# a comment\nF1 -1.7D-15 1 2D-20\n");
 * const { line, key, value, fit, error } = par.lines[1]!;
 * deepStrictEqual([line, key, value, fit, error], [3, "F1", "-1.7D-15", true, 2e-20]);
 * ```
 * @see Hobbs, Edwards & Manchester 2006, MNRAS 369, 655; Luo et al. 2021, ApJ 911, 45
 */
export function parsePar(text: string, file = "par file"): ParFile {
  const lines: ParLine[] = [];
  text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/).forEach((whole, i) => {
    const words = whole.replace(/(^|\s)#.*$/, "").trim().split(/\s+/);
    const name = words[0]!;
    if (name === "" || /^c$/i.test(name)) return;
    if (!NAME.test(name)) {
      throw new SyntaxError(
        `${file}:${i + 1}: found "${short(whole)}", expected the name of a parameter and its value`,
      );
    }
    const rest = Object.freeze(words.slice(1));
    const flag = /^[012]$/.test(rest[1] ?? "") ? rest[1] : undefined;
    const errorText = rest[flag === undefined ? 1 : 2];
    lines.push(Object.freeze({
      line: i + 1,
      key: name.toUpperCase(),
      value: rest[0] ?? "",
      fit: flag === undefined ? undefined : flag !== "0",
      error: errorText !== undefined && NUMBER.test(errorText) ? numberOf(errorText) : undefined,
      words: rest,
    }));
  });
  return Object.freeze({ file, lines: Object.freeze(lines) });
}

function short(text: string): string {
  // deno-lint-ignore no-control-regex
  const clean = text.trim().replace(/[\u0000-\u001f\u007f]/g, "?");
  return clean.length > 40 ? `${clean.slice(0, 40)}…` : clean;
}

function numberOf(text: string): number {
  return Number(text.replace(/d/i, "e"));
}

/** The error to throw about a value of a par file. */
export function parError(file: string, line: ParLine, expected: string): SyntaxError {
  return new SyntaxError(
    `${file}:${line.line}: ${line.key} "${short(line.words.join(" "))}": expected ${expected}`,
  );
}

/** A number of a par file (`D` exponents too), finite. */
export function parNumber(file: string, line: ParLine, word = 0): number {
  const text = line.words[word] ?? "", value = NUMBER.test(text) ? numberOf(text) : NaN;
  if (!Number.isFinite(value)) throw parError(file, line, "a finite number");
  return value;
}

/** A number of a par file with all its digits. */
export function parDoubleDouble(file: string, line: ParLine): DoubleDouble {
  parNumber(file, line);
  return ddParse(line.value);
}

/** A Modified Julian Date of a par file, day and seconds apart. */
export function parEpoch<S extends "TDB" | "UTC">(
  file: string,
  line: ParLine,
  scale: S,
  word = 0,
): TimeEpoch<S> {
  const value = parNumber(file, line, word);
  if (!(value > -1e6 && value < 3e6)) throw parError(file, line, "a Modified Julian Date, days");
  const { whole, fraction } = ddSplit(ddParse(line.words[word]!));
  return createEpoch([whole, fraction], scale);
}

/** An angle `[±]d:m:s` of a par file in its leading unit; minutes and seconds may be left out. */
export function parSexagesimal(file: string, line: ParLine, limit: number, form: string): number {
  const match = /^([+-]?)(\d{1,3}):(\d{1,2}(?:\.\d*)?)(?::(\d{1,2}(?:\.\d*)?))?$/.exec(line.value);
  const [first, minutes, seconds] = [
    Number(match?.[2]),
    Number(match?.[3]),
    Number(match?.[4] ?? 0),
  ];
  const isWhole = match?.[4] === undefined || !match[3]!.includes(".");
  const size = first + (minutes + seconds / 60) / 60;
  if (match === null || !isWhole || minutes >= 60 || seconds > 60 || size > limit) {
    throw parError(file, line, form);
  }
  return match[1] === "-" ? -size : size;
}
