import { type BadRow, type ColumnarOptions, eventFormats } from "../events/mod.ts";
import {
  eventPaths,
  followFile,
  linesSource,
  openSource,
  type StreamSource,
} from "../../streams/sources/mod.ts";
import { UsageError } from "./errors.ts";
import { isUrl, log } from "./output.ts";
import { parseCount, parseMjd, parseNumber } from "./quantities.ts";

/** The options of `gammarx stream` that say where events come from, as they were typed. */
export interface SourceFlags {
  readonly follow?: boolean;
  readonly idle?: string;
  readonly format?: string;
  readonly columns?: string;
  readonly hdu?: string;
  readonly epoch?: string;
  readonly batchRows?: string;
}

/** An open source, and what tells it from others. */
export interface NamedSource {
  readonly source: StreamSource;
  /** Files with their sizes, and how they are read: a state is taken up only over the same ones. */
  readonly identity: string;
}

/** Most rows that are reported one by one. */
const REPORTED_ROWS = 10;

/** Opens what places stand for. Throws UsageError for options that do not go together. */
export async function openNamed(
  places: readonly string[],
  flags: SourceFlags,
  signal: AbortSignal,
): Promise<NamedSource> {
  const options = {
    format: formatOf(flags),
    columnar: columnarOptions(flags),
    ...reporters(),
    batchRows: flags.batchRows === undefined
      ? undefined
      : parseCount("batch-rows", flags.batchRows),
    signal,
  };
  const reading = [flags.format, flags.columns, flags.hdu];
  if (places[0] === "-") {
    const epoch = flags.epoch === undefined ? undefined : parseMjd("epoch", flags.epoch, "TT");
    const source = await linesSource(Deno.stdin.readable, { ...options, epoch });
    return { source, identity: "-" };
  }
  if (flags.follow) {
    const path = places[0]!, idleS = flags.idle === undefined ? undefined : idleOf(flags.idle);
    const source = await followFile(path, { ...options, idleS });
    return { source, identity: JSON.stringify({ follow: path, reading }) };
  }
  const paths = await eventPaths(places);
  const source = await openSource(paths, options);
  const files = paths.map((path) => [path, isUrl(path) ? null : Deno.statSync(path).size]);
  return { source, identity: JSON.stringify({ files, reading }) };
}

function formatOf({ format, columns }: SourceFlags): string | undefined {
  const known = new Set(eventFormats.entries("events").map((one) => one.format));
  if (format !== undefined && !known.has(format)) {
    throw new UsageError(
      `--format: found "${format}", expected one of ${[...known].sort().join(", ")}`,
    );
  }
  if (format === "columnar" && columns === undefined) {
    throw new UsageError("--format columnar needs --columns, as timeS=TIME");
  }
  if (format !== undefined && format !== "columnar" && columns !== undefined) {
    throw new UsageError(`--columns are of plain tables: leave out --format ${format}`);
  }
  return format;
}

function columnarOptions(flags: SourceFlags): ColumnarOptions | undefined {
  if (flags.columns === undefined) return undefined;
  const columns: Record<string, string> = {};
  for (const pair of flags.columns.split(",")) {
    const [name, column, ...more] = pair.split("=").map((word) => word.trim());
    if (!name || !column || more.length > 0) {
      throw new UsageError(`--columns: found "${pair}", expected NAME=COLUMN, as timeS=TIME`);
    }
    columns[name] = column;
  }
  if (columns.timeS === undefined) {
    throw new UsageError("--columns: name at least the column of times, as timeS=TIME");
  }
  const hdu = flags.hdu === undefined
    ? {}
    : { hdu: /^\d+$/.test(flags.hdu) ? Number(flags.hdu) : flags.hdu };
  return { columns, ...hdu };
}

function idleOf(text: string): number {
  const idleS = parseNumber("idle", text);
  if (idleS >= 0) return idleS;
  throw new UsageError(`--idle: found "${text}", expected 0 s or more`);
}

function reporters(): {
  readonly onBadRow: (row: BadRow) => void;
  readonly onWarning: (text: string) => void;
} {
  const warned = new Set<string>(); // a file that is read twice warns once
  let reported = 0;
  return {
    onBadRow({ source, row, reason }) {
      if (++reported <= REPORTED_ROWS) log(`gammarx: ${source}, row ${row + 1}: ${reason}`);
      if (reported === REPORTED_ROWS + 1) log("gammarx: further rows are counted, not reported");
    },
    onWarning(text) {
      if (!warned.has(text)) log(`gammarx: ${text}`);
      warned.add(text);
    },
  };
}
