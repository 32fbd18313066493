import {
  type BinaryColumn,
  type BintableHdu,
  FitsFormatError,
  type HeaderValue,
  optionalColumn,
} from "../../fits/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import type { Fault } from "../fault.ts";

/** What a specification asks of a keyword. */
export interface KeywordRule {
  /** Keyword. */
  readonly keyword: string;
  /** Type of its value. */
  readonly type: "number" | "text" | "number or text";
  /** What it is if it is missing: an error where the events cannot be used without it. */
  readonly missing: Fault["level"];
  /** Values that are allowed, in any case. */
  readonly allowed?: readonly string[];
}

/** What a specification asks of a column. */
export interface ColumnSpec {
  /** Name. */
  readonly name: string;
  /** Formats that are allowed: "D", "ED", "BIJK". */
  readonly types: string;
  /** Formats with which the column can be used all the same. */
  readonly usable: string;
  /** Unit; none where left out. */
  readonly unit?: string;
  /** What it is if it is missing. */
  readonly missing: Fault["level"];
}

/** Collects the faults of one table. */
export interface FaultList {
  /** What was found so far. */
  readonly list: Fault[];
  /** Adds a fault. */
  readonly add: (level: Fault["level"], keyword: string, problem: string, row?: number) => void;
}

/** An empty list of faults of an HDU. */
export function faultList(hdu: {
  readonly index: number;
  readonly header: { readonly file: string };
}): FaultList {
  const list: Fault[] = [], place = { source: hdu.header.file, hdu: hdu.index };
  return {
    list,
    add: (level, keyword, problem, row) =>
      void list.push({ level, ...place, keyword, ...(row === undefined ? {} : { row }), problem }),
  };
}

/** An error of a format as a fault: its message without the place, which stands beside it. */
export function faultOf(error: FitsFormatError, source: string): Fault {
  const { file, hdu, keyword, byteOffset } = error;
  const places = [file, hdu === undefined ? "" : `HDU ${hdu}`, keyword];
  if (byteOffset !== undefined) places.push(`byte ${byteOffset}`);
  const prefix = places.filter((part) => part !== undefined && part !== "").join(", ") + ": ";
  const { message } = error;
  return {
    level: "error",
    source: file ?? source,
    hdu: hdu ?? 0,
    keyword: keyword?.replace(/^column /, "") ?? "",
    problem: message.startsWith(prefix) ? message.slice(prefix.length) : message,
  };
}

/** Runs a check; what the file has wrong so that the check cannot go on becomes a fault, once. */
export async function guarded<T>(
  list: Fault[],
  source: string,
  check: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof FitsFormatError)) throw error;
    const fault = faultOf(error, source);
    const isKnown = list.some((one) => one.hdu === fault.hdu && one.keyword === fault.keyword);
    if (fault.keyword === "" || !isKnown) list.push(fault);
    return undefined;
  }
}

/** Holds the keywords of a table against their rules. */
export function checkKeywords(
  table: BintableHdu,
  rules: readonly KeywordRule[],
  { add }: FaultList,
): void {
  const { header } = table;
  for (const { keyword, type, missing, allowed } of rules) {
    const at = header.index.get(keyword), card = at === undefined ? undefined : header.cards[at];
    if (card?.value === undefined || card.value === "") {
      add(missing, keyword, `the keyword is ${card === undefined ? "missing" : "empty"}`);
    } else if (card.problem !== undefined) {
      add("error", keyword, card.problem);
    } else if (!isOf(type, card.value)) {
      add(
        missing,
        keyword,
        `found ${quoted(card.value)}, expected a ${type === "text" ? "text" : type}`,
      );
    } else if (allowed !== undefined && !isAmong(allowed, card.value)) {
      add("warning", keyword, `found ${quoted(card.value)}, expected ${allowed.join(", ")}`);
    }
  }
}

function isOf(type: KeywordRule["type"], value: HeaderValue): boolean {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (type === "number") return isNumber;
  return typeof value === "string" || (type === "number or text" && isNumber);
}

function isAmong(allowed: readonly string[], value: HeaderValue): boolean {
  return allowed.includes(String(value).trim().toUpperCase());
}

function quoted(value: HeaderValue): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}

/** Holds the columns of a table against what is asked of them. */
export function checkColumns(
  table: BintableHdu,
  specs: readonly ColumnSpec[],
  faults: FaultList,
): void {
  for (const spec of specs) {
    try {
      const column = optionalColumn(table, spec.name);
      if (column === undefined) faults.add(spec.missing, spec.name, "the column is missing");
      else checkColumn(column, spec, faults);
    } catch (error) {
      if (!(error instanceof FitsFormatError)) throw error;
      faults.list.push(faultOf(error, table.source.name));
    }
  }
}

function checkColumn(column: BinaryColumn, spec: ColumnSpec, { add }: FaultList): void {
  const { name, types, usable, unit } = spec;
  const isSingle = column.repeat === 1 && column.variable === undefined;
  if (!isSingle || !types.includes(column.type)) {
    const level = isSingle && usable.includes(column.type) ? "warning" : "error";
    add(level, name, `found format ${column.format}, expected ${[...types].join(" or ")}`);
  }
  if (unit === undefined) return;
  const found = column.unit?.trim();
  if (!found) return add("warning", name, `the column has no unit, expected ${unit}`);
  try {
    if (unitFactor(found, unit) !== 1) {
      add("warning", name, `found unit ${found}, expected ${unit}`);
    }
  } catch (cause) {
    add("error", name, (cause as Error).message);
  }
}

/** Keywords of span and time scale that every OGIP-like event table has. */
export const TIME_KEYWORDS: readonly KeywordRule[] = [
  { keyword: "TSTART", type: "number", missing: "error" },
  { keyword: "TSTOP", type: "number", missing: "error" },
  { keyword: "TIMESYS", type: "text", missing: "error" },
  { keyword: "TIMEREF", type: "text", missing: "warning" },
  { keyword: "TIMEUNIT", type: "text", missing: "warning" },
];

/** What a table lacks of the columns and keywords of its format. */
export function tableFaults(
  table: BintableHdu,
  columns: readonly ColumnSpec[],
  keywords: readonly KeywordRule[],
): Fault[] {
  const found = faultList(table);
  checkColumns(table, columns, found);
  checkKeywords(table, keywords, found);
  return found.list;
}
