import type { DoubleDouble } from "../numeric/mod.ts";
import type { TimeEpoch } from "../time/mod.ts";
import {
  parDoubleDouble,
  parEpoch,
  parError,
  type ParFile,
  type ParLine,
  parNumber,
} from "./par_file.ts";

/** A par file while a model is made of it: which lines were used, and what is to be said. */
export interface ParReader {
  readonly par: ParFile;
  readonly byKey: ReadonlyMap<string, readonly ParLine[]>;
  readonly used: Set<ParLine>;
  readonly warnings: string[];
}

export function createParReader(par: ParFile): ParReader {
  const byKey = new Map<string, ParLine[]>();
  for (const line of par.lines) {
    const lines = byKey.get(line.key);
    if (lines === undefined) byKey.set(line.key, [line]);
    else lines.push(line);
  }
  return { par, byKey, used: new Set(), warnings: [] };
}

/** The one line that has a parameter under any of its names; the same value may stand there twice. */
export function takeLine(reader: ParReader, ...names: readonly string[]): ParLine | undefined {
  const lines = names.flatMap((name) => reader.byKey.get(name) ?? []);
  for (const line of lines) reader.used.add(line);
  const [first, ...others] = lines;
  if (first === undefined) return undefined;
  if (first.value === "") throw parError(reader.par.file, first, "a value behind the name");
  for (const other of others) {
    if (other.value !== first.value) {
      throw parError(
        reader.par.file,
        other,
        `one value, but line ${first.line} says ${first.key} ${first.value}: delete one of them`,
      );
    }
  }
  return first;
}

export function takeText(reader: ParReader, ...names: readonly string[]): string | undefined {
  return takeLine(reader, ...names)?.value;
}

export function takeNumber(reader: ParReader, ...names: readonly string[]): number | undefined {
  const line = takeLine(reader, ...names);
  return line === undefined ? undefined : parNumber(reader.par.file, line);
}

export function takeDigits(
  reader: ParReader,
  ...names: readonly string[]
): DoubleDouble | undefined {
  const line = takeLine(reader, ...names);
  return line === undefined ? undefined : parDoubleDouble(reader.par.file, line);
}

export function takeEpoch<S extends "TDB" | "UTC">(
  reader: ParReader,
  scale: S,
  ...names: readonly string[]
): TimeEpoch<S> | undefined {
  const line = takeLine(reader, ...names);
  return line === undefined ? undefined : parEpoch(reader.par.file, line, scale);
}

/** A rate that tempo writes in units of 1e-12 where it is above 1e-7. */
export function takeRate(reader: ParReader, ...names: readonly string[]): number {
  const line = takeLine(reader, ...names);
  if (line === undefined) return 0;
  const value = parNumber(reader.par.file, line);
  if (Math.abs(value) <= 1e-7) return value;
  reader.warnings.push(
    `${line.key} ${line.value} (line ${line.line}) is above 1e-7: taken in units of 1e-12, as tempo2 does`,
  );
  return value * 1e-12;
}

/** Numbers behind a stem (`GLEP_3`, `WAVE12`) that the file has, in order. */
export function indices(reader: ParReader, stem: RegExp): number[] {
  const found = new Set<number>();
  for (const key of reader.byKey.keys()) {
    const match = stem.exec(key);
    if (match !== null) found.add(Number(match[1]));
  }
  return [...found].sort((a, b) => a - b);
}

/** The error for a parameter that is not there. */
export function missing(reader: ParReader, name: string, why: string): SyntaxError {
  return new SyntaxError(`${reader.par.file}: ${name} is missing: ${why}`);
}
