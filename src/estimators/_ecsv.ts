/** Tables as ECSV text: a header in YAML after "# ", names, rows. */
import { parseDocument } from "@std/yaml";
import type { FluxTable, FluxTableColumn } from "./_flux_table.ts";

const NUMBERS = /^(u?int(8|16|32|64)|float(16|32|64|128))$/;

interface ColumnHead {
  readonly name: string;
  readonly unit: string;
  /** "number", "logical", or undefined for what is left out. */
  readonly kind: "number" | "logical" | undefined;
  /** Shape of a row. */
  readonly shape: readonly number[];
}

/** The text of a table. */
export function formatEcsv(table: FluxTable): string {
  const lines = ["%ECSV 1.0", "---", "datatype:"];
  for (const { name, unit, isLogical, shape } of table.columns) {
    const type = isLogical ? "bool" : "float64";
    const parts = [
      `name: ${name}`,
      ...(unit === "" ? [] : [`unit: ${unit}`]),
      shape.length === 0
        ? `datatype: ${type}`
        : `datatype: string, subtype: '${type}${JSON.stringify(shape)}'`,
    ];
    lines.push(`- {${parts.join(", ")}}`);
  }
  lines.push("meta: !!omap");
  for (const [keyword, value] of Object.entries(table.meta)) lines.push(`- {${keyword}: ${value}}`);
  lines.push("schema: astropy-2.0");
  const head = lines.map((line) => `# ${line}`);
  const rows = Array.from(
    { length: table.nRows },
    (_, k) => table.columns.map((column) => cellOf(column, k, table.nRows)).join(" "),
  );
  return [...head, table.columns.map((one) => one.name).join(" "), ...rows, ""].join("\n");
}

function cellOf({ values, shape, isLogical }: FluxTableColumn, k: number, nRows: number): string {
  const width = values.length / nRows, row = values.subarray(k * width, (k + 1) * width);
  if (shape.length === 0) {
    return isLogical ? (row[0] === 0 ? "False" : "True") : textOf(row[0]!);
  }
  const nested = (at: number, depth: number): string => {
    if (depth === shape.length) {
      const value = row[at]!;
      if (isLogical) return value === 0 ? "false" : "true";
      return Number.isNaN(value) ? "NaN" : textOf(value).replace("inf", "Infinity");
    }
    const step = shape.slice(depth + 1).reduce((a, b) => a * b, 1);
    const parts = Array.from({ length: shape[depth]! }, (_, i) => nested(at + i * step, depth + 1));
    return `[${parts.join(",")}]`;
  };
  return nested(0, 0);
}

/** A number as Python reads it. */
function textOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

/** Reads the text of a table; columns of texts are left out. */
export function parseEcsv(text: string, name: string): FluxTable {
  const fail = (problem: string) => new SyntaxError(`${name}: ${problem}`);
  const lines = text.split(/\r?\n/), header: string[] = [];
  let at = 0;
  while (at < lines.length && (lines[at]!.startsWith("#") || lines[at]!.trim() === "")) {
    if (lines[at]!.startsWith("# ")) header.push(lines[at]!.slice(2));
    at++;
  }
  if (!/^%ECSV \d/.test(header[0] ?? "")) {
    throw fail(`found "${(lines[0] ?? "").slice(0, 40)}", expected a first line "# %ECSV 1.0"`);
  }
  const { columns, meta, delimiter } = headOf(header.slice(1).join("\n"), fail);
  const names = cellsOf(lines[at] ?? "", delimiter);
  if (names.length !== columns.length || columns.some((one, c) => one.name !== names[c])) {
    throw fail(
      `line ${at + 1}: found names ${names.join(", ")}, expected those of the header, ` +
        columns.map((one) => one.name).join(", "),
    );
  }
  const rows: string[][] = [], places: number[] = [];
  for (let i = at + 1; i < lines.length; i++) {
    if (lines[i]!.trim() === "" || lines[i]!.startsWith("#")) continue;
    const cells = cellsOf(lines[i]!, delimiter);
    if (cells.length !== columns.length) {
      throw fail(`line ${i + 1}: found ${cells.length} values, expected ${columns.length}`);
    }
    rows.push(cells);
    places.push(i + 1);
  }
  const read: FluxTableColumn[] = [];
  columns.forEach(({ name: column, unit, kind, shape }, c) => {
    if (kind === undefined) return;
    const width = shape.reduce((a, b) => a * b, 1), values = new Float64Array(rows.length * width);
    rows.forEach((cells, k) => {
      const numbers = numbersOf(cells[c]!, { kind, isArray: shape.length > 0 });
      if (numbers === undefined || numbers.length !== width) {
        throw fail(
          `line ${places[k]}, column "${column}": found ${cells[c]}, expected ` +
            (shape.length > 0 ? `numbers of shape [${shape.join(", ")}]` : `a ${kind} value`),
        );
      }
      values.set(numbers, k * width);
    });
    read.push({ name: column, unit, isLogical: kind === "logical", shape, values });
  });
  return { name, nRows: rows.length, columns: read, meta };
}

function headOf(yaml: string, fail: (problem: string) => Error): {
  readonly columns: readonly ColumnHead[];
  readonly meta: Record<string, string | number | boolean>;
  readonly delimiter: string;
} {
  const document = parseDocument(yaml, { logLevel: "silent" });
  const fault = document.errors[0];
  if (fault !== undefined) throw fail(`header: ${fault.message.split("\n")[0]}`);
  const head = document.toJS() as unknown;
  const datatype = isRecord(head) ? head["datatype"] : undefined;
  if (!isRecord(head) || !Array.isArray(datatype)) {
    throw fail('header: found no list "datatype", expected the columns');
  }
  const columns = datatype.map((one): ColumnHead => {
    if (!isRecord(one) || typeof one["name"] !== "string") {
      throw fail(`header: found column ${JSON.stringify(one)}, expected one with a name`);
    }
    const unit = isRecord(one["unit"]) ? one["unit"]["unit"] : one["unit"];
    return { name: one["name"], unit: String(unit ?? ""), ...kindOf(one) };
  });
  const meta: Record<string, string | number | boolean> = {};
  // An ordered map, `!!omap`, comes as a Map; a list of pairs without the tag as records.
  const given = head["meta"],
    entries = given instanceof Map
      ? [...given]
      : (Array.isArray(given) ? given : [given]).flatMap((one) =>
        isRecord(one) ? Object.entries(one) : []
      );
  for (const [keyword, value] of entries) {
    if (["string", "number", "boolean"].includes(typeof value)) {
      meta[String(keyword)] = value as string | number | boolean;
    }
  }
  return { columns, meta, delimiter: String(head["delimiter"] ?? " ") };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(column: Record<string, unknown>): Pick<ColumnHead, "kind" | "shape"> {
  const subtype = /^(\w+)(\[.*\])$/.exec(String(column["subtype"] ?? ""));
  const type = subtype?.[1] ?? String(column["datatype"]);
  const kind = type === "bool" ? "logical" : NUMBERS.test(type) ? "number" : undefined;
  if (subtype === null) return { kind, shape: [] };
  const shape = subtype[2]!.slice(1, -1).split(",").map(Number);
  const isFixed = shape.every((n) => Number.isInteger(n) && n > 0);
  return isFixed ? { kind, shape } : { kind: undefined, shape: [] };
}

/** Values of a line; what is in double quotes is one. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  const next = delimiter === ","
    ? /\s*("(?:[^"]|"")*"|[^,]*?)\s*(,|$)/y
    : /\s*("(?:[^"]|"")*"|\S+)/y;
  for (let last = ","; next.lastIndex <= line.length && last !== "";) {
    const found = next.exec(line);
    if (found === null) break;
    const cell = found[1]!;
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    last = delimiter === "," ? found[2]! : ",";
  }
  return cells;
}

/** Numbers of a cell; undefined where it has others. */
function numbersOf(
  cell: string,
  { kind, isArray }: { readonly kind: "number" | "logical"; readonly isArray: boolean },
): number[] | undefined {
  if (!isArray) {
    const number = kind === "logical" ? logicalOf(cell) : numberOf(cell);
    return number === undefined ? undefined : [number];
  }
  try {
    const text = cell.replace(/\bNaN\b/g, "null").replace(/\bInfinity\b/g, "1e999");
    const flat = (JSON.parse(text) as unknown[]).flat(Infinity);
    const numbers = flat.map((one) => one === null ? NaN : Number(one));
    return flat.every((one) => one === null || typeof one === "number" || typeof one === "boolean")
      ? numbers
      : undefined;
  } catch {
    return undefined;
  }
}

function logicalOf(cell: string): number | undefined {
  if (cell === "") return NaN;
  return cell === "True" ? 1 : cell === "False" ? 0 : undefined;
}

function numberOf(cell: string): number | undefined {
  const text = cell.toLowerCase();
  if (text === "" || text === "nan") return NaN;
  if (/^[+-]?inf(inity)?$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}
