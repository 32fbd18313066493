import { createObsEnd, type StreamItem } from "../../src/data/mod.ts";
import { type BadRow, createEventBatch, type EventEpoch } from "../../src/events/mod.ts";
import {
  columnsOf,
  type ColumnTypes,
  gtiOf,
  heartbeatOf,
  type LineRecord,
  newColumns,
  recordOf,
  startRecord,
} from "./_line_records.ts";
import { batchRowsOf } from "./source.ts";

/** How lines are read. */
export interface JsonLinesOptions {
  /** What messages call the lines; "stdin". */
  readonly name?: string | undefined;
  /** Epoch of observations that tell none, and of events that no observation precedes. */
  readonly epoch?: EventEpoch | undefined;
  /** Most events in a batch, 1 or more; 65536. */
  readonly batchRows?: number | undefined;
  /** Takes each line that could not be used, as a row counted from 0. */
  readonly onBadRow?: ((row: BadRow) => void) | undefined;
}

/** A longer line is no line of events: characters. */
const MAX_LINE = 1 << 24;

/**
 * Reads items from lines of JSON: `{"kind":"obs-start",…}`, an event a line,
 * `{"kind":"heartbeat",…}`, `{"kind":"obs-end",…}`. The times of later observations are brought to
 * the epoch of the first. A number that is null, or missing in an event where an earlier one of the
 * observation had it, is NaN.
 *
 * A line that cannot be used does not end the stream: it is counted as `bad:json` (no object, a
 * value that does not fit its column, more than 2²⁴ characters) or `bad:nan-time` (an event without
 * a time).
 *
 * @param chunks Pieces of text, cut anywhere.
 * @param options Name, epoch, size of batches.
 * @returns The items; events are let out when a batch is full and when a piece of text ends.
 * @throws SyntaxError for the start or end of an observation that cannot be read, and for events
 *   before any observation where no epoch is given; RangeError for batches of no rows.
 * @example
 * ```ts
 * import { itemsOfLines } from "@gammarx/gammarx/sources";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const lines = ReadableStream.from(['{"timeS":1}\n{"tim', 'eS":2}\nnonsense\n']);
 * let n = 0, bad = 0;
 * for await (const item of itemsOfLines(lines, { epoch: createEpoch([51910, 0], "TT") })) {
 *   if (item.kind !== "batch") continue;
 *   n += item.length;
 *   bad += item.rejected["bad:json"] ?? 0;
 * }
 * strictEqual(n, 2);
 * strictEqual(bad, 1);
 * ```
 */
export async function* itemsOfLines(
  chunks: AsyncIterable<string>,
  options: JsonLinesOptions = {},
): AsyncGenerator<StreamItem> {
  const reader = lineReader(options);
  let rest = "", tooLong = false;
  for await (const chunk of chunks) {
    if (!chunk.includes("\n")) {
      if (tooLong || rest.length + chunk.length > MAX_LINE) [rest, tooLong] = ["", true];
      else rest += chunk;
      continue;
    }
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    if (tooLong) {
      lines.shift();
      reader.reject("bad:json");
      tooLong = false;
    }
    for (const line of lines) yield* reader.take(line);
    yield* reader.letOut();
  }
  if (tooLong) reader.reject("bad:json");
  else yield* reader.take(rest);
  yield* reader.end();
}

interface LineReader {
  take(line: string): Iterable<StreamItem>;
  /** Counts a line as one that cannot be used. */
  reject(reason: string): void;
  letOut(): Iterable<StreamItem>;
  end(): Iterable<StreamItem>;
}

function lineReader(options: JsonLinesOptions): LineReader {
  const { name = "stdin", onBadRow } = options, batchRows = batchRowsOf(options);
  const types: ColumnTypes = new Map();
  let events: LineRecord[] = [], rejected: Record<string, number> = {};
  let stream: EventEpoch | undefined, shiftS = 0;
  let obsId: string | undefined, index = 0, row = 0, rowStart = 0, lineNumber = 0;
  const where = () => `${name}, line ${lineNumber}`;

  /** What was gathered so far as a batch; before any observation it is kept for the first. */
  function* letOut(): Iterable<StreamItem> {
    if (obsId === undefined || row === rowStart) return;
    const columns = columnsOf(events, types, shiftS);
    yield createEventBatch(columns, { obsId, rowStart, rowStop: row, rejected });
    events = [];
    rejected = {};
    rowStart = row;
  }
  function countRejected(reason: string): void {
    rejected[reason] = (rejected[reason] ?? 0) + 1;
    onBadRow?.({ source: name, row: lineNumber - 1, reason });
    row++;
  }
  function* begin(record: LineRecord): Iterable<StreamItem> {
    yield* letOut();
    const given = { where: where(), source: name, index, stream, epoch: options.epoch };
    const { start, shiftS: shift } = startRecord(record, given);
    stream = start.epoch;
    shiftS = shift;
    obsId = start.obsId;
    index++;
    row -= rowStart;
    rowStart = 0;
    types.clear();
    yield start;
  }
  function* finish(record: LineRecord): Iterable<StreamItem> {
    yield* letOut();
    if (stream === undefined || obsId === undefined) return countRejected("bad:json");
    const gti = gtiOf(record.gti, { own: stream, epoch: stream, where: where() });
    const dead = Number(record.deadTimeFraction ?? 0);
    if (!(dead >= 0 && dead < 1)) {
      throw new SyntaxError(`${where()}: found deadTimeFraction ${dead}, expected 0 to below 1`);
    }
    yield createObsEnd(obsId, gti && { gti, deadTimeFraction: dead });
    obsId = undefined;
  }
  function* addEvent(event: LineRecord): Iterable<StreamItem> {
    if (obsId === undefined) yield* begin({});
    if (!Number.isFinite(event.timeS)) return countRejected("bad:nan-time");
    const news = newColumns(types, event);
    if (news === undefined) return countRejected("bad:json");
    // A batch has the columns of its first event, wherever the text was cut.
    if (news.size > 0 && events.length > 0) yield* letOut();
    for (const [column, type] of news) types.set(column, type);
    events.push(event);
    row++;
    if (events.length >= batchRows) yield* letOut();
  }
  return {
    letOut,
    reject(reason) {
      lineNumber++;
      countRejected(reason);
    },
    *take(line) {
      lineNumber++;
      if (line.trim() === "") return;
      const record = line.length > MAX_LINE ? undefined : recordOf(line);
      if (record === undefined) return countRejected("bad:json");
      switch (record.kind) {
        case undefined:
          return yield* addEvent(record);
        case "obs-start":
          return yield* begin(record);
        case "obs-end":
          return yield* finish(record);
        case "heartbeat": {
          const beat = heartbeatOf(record, shiftS);
          if (beat === undefined) return countRejected("bad:json");
          yield* letOut();
          return yield beat;
        }
        default:
          countRejected("bad:json");
      }
    },
    *end() {
      const begun = obsId !== undefined;
      obsId ??= "";
      yield* letOut();
      if (begun) yield createObsEnd(obsId);
    },
  };
}
