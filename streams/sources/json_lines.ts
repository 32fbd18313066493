import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type StreamItem,
} from "../../src/data/mod.ts";
import {
  type BadRow,
  type Column,
  createEventBatch,
  createGti,
  type EventBatch,
  type EventColumns,
  type EventEpoch,
  type Gti,
} from "../../src/events/mod.ts";

/** Types of the columns that the library knows; all others are numbers. */
const TYPES: Readonly<Record<string, "int32" | "uint32" | "bigint64">> = {
  piChannel: "int32",
  eventType: "uint32",
  eventId: "bigint64",
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/**
 * Writes items as lines of JSON: an event a line, and a line for each start, end and heartbeat.
 * {@link itemsOfLines} reads them back bit for bit.
 *
 * @param item Any item; the account of a batch is not written.
 * @returns Lines, each with its line feed.
 * @example
 * ```ts
 * import { linesOf } from "@gammarx/gammarx/sources";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(linesOf(createEventBatch({ timeS: Float64Array.of(1.5) })), '{"timeS":1.5}\n');
 * ```
 */
export function linesOf(item: StreamItem): string {
  switch (item.kind) {
    case "batch":
      return eventLines(item);
    case "heartbeat":
      return JSON.stringify(item) + "\n";
    case "obs-start":
    case "obs-end": {
      const { gti, ...rest } = item;
      return JSON.stringify({ ...finiteOnly(rest), ...(gti && { gti: plainGti(gti) }) }) + "\n";
    }
  }
}

function plainGti({ epoch, startS, stopS }: Gti): JsonObject {
  return { epoch: { ...epoch }, startS: [...startS], stopS: [...stopS] };
}

/** JSON has no infinity: an end that is not known is left out. */
function finiteOnly(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      typeof value !== "number" || Number.isFinite(value)
    ),
  );
}

function eventLines(batch: EventBatch): string {
  const names = Object.keys(batch.columns), columns = names.map((name) => batch.columns[name]!);
  const keys = names.map((name) => JSON.stringify(name));
  let text = "";
  for (let i = 0; i < batch.length; i++) {
    const fields = columns.map((column, k) => {
      const value = column[i]!;
      // Numbers of 64 bits as text: JSON readers round them.
      const json = typeof value === "bigint"
        ? `"${value}"`
        : Number.isFinite(value)
        ? JSON.stringify(value)
        : "null";
      return `${keys[k]}:${json}`;
    });
    text += `{${fields.join(",")}}\n`;
  }
  return text;
}

/** How lines are read. */
export interface JsonLinesOptions {
  /** What messages call the lines; "stdin". */
  readonly name?: string | undefined;
  /** Epoch of events that no observation precedes; without it they are an error. */
  readonly epoch?: EventEpoch | undefined;
  /** Most events in a batch; 65536. */
  readonly batchRows?: number | undefined;
  /** Takes each line that could not be used, as a row counted from 0. */
  readonly onBadRow?: ((row: BadRow) => void) | undefined;
}

/**
 * Reads items from lines of JSON: `{"kind":"obs-start",…}`, an event a line, `{"kind":"heartbeat",…}`,
 * `{"kind":"obs-end",…}`. A line that cannot be read is counted as `bad:json`, an event without a
 * time as `bad:nan-time`; neither ends the stream. A number that is missing is NaN.
 *
 * @param chunks Pieces of text, cut anywhere.
 * @param options Name, epoch, size of batches.
 * @returns The items; events are let out when a batch is full and when a piece of text ends.
 * @throws SyntaxError for events before any observation where no epoch is given.
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
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield* reader.take(line);
    yield* reader.letOut();
  }
  if (rest !== "") yield* reader.take(rest);
  yield* reader.letOut();
  yield* reader.end();
}

interface LineReader {
  take(line: string): Iterable<StreamItem>;
  letOut(): Iterable<StreamItem>;
  end(): Iterable<StreamItem>;
}

function lineReader(options: JsonLinesOptions): LineReader {
  const { name = "stdin", batchRows = 65536, onBadRow } = options;
  let events: JsonObject[] = [], signature = "", rejected: Record<string, number> = {};
  let obsId: string | undefined, index = 0, row = 0, rowStart = 0, lineNumber = 0;

  function* letOut(): Iterable<StreamItem> {
    if (events.length === 0 && Object.keys(rejected).length === 0) return;
    const columns = columnsOf(events);
    yield createEventBatch(columns, { obsId: obsId ?? "", rowStart, rowStop: row, rejected });
    events = [];
    rejected = {};
    rowStart = row;
  }
  const reject = (reason: string) => {
    rejected[reason] = (rejected[reason] ?? 0) + 1;
    onBadRow?.({ source: name, row: lineNumber - 1, reason });
    row++;
  };
  function* begin(start: JsonObject | undefined): Iterable<StreamItem> {
    yield* letOut();
    const item = startOf(start, { name, index, epoch: options.epoch });
    obsId = item.obsId;
    index++;
    row = rowStart = 0;
    yield item;
  }
  function* take(line: string): Iterable<StreamItem> {
    lineNumber++;
    if (line.trim() === "") return;
    let value: Json;
    try {
      value = JSON.parse(line);
    } catch {
      return reject("bad:json");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return reject("bad:json");
    }
    const record = value as JsonObject;
    switch (record.kind) {
      case "obs-start":
        return yield* begin(record);
      case "obs-end":
        yield* letOut();
        yield endOf(record, obsId ?? "");
        obsId = undefined;
        return;
      case "heartbeat":
        yield* letOut();
        return yield createHeartbeat({
          timeS: Number(record.timeS),
          fromS: Number(record.fromS ?? record.timeS),
          livetimeS: Number(record.livetimeS ?? 0),
        });
    }
    if (obsId === undefined) yield* begin(undefined);
    if (typeof record.timeS !== "number") return reject("bad:nan-time");
    const own = Object.keys(record).join("\n");
    if (own !== signature) {
      yield* letOut();
      signature = own;
    }
    events.push(record);
    row++;
    if (events.length >= batchRows) yield* letOut();
  }
  return {
    take,
    letOut,
    *end() {
      if (obsId !== undefined) yield createObsEnd(obsId);
    },
  };
}

function startOf(
  start: JsonObject | undefined,
  given: { name: string; index: number; epoch: EventEpoch | undefined },
) {
  const epoch = (start?.epoch as unknown as EventEpoch | undefined) ?? given.epoch;
  if (epoch === undefined) {
    throw new SyntaxError(
      `${given.name}: events come before any observation, so that their times count from nowhere: ` +
        `begin with a line {"kind":"obs-start","obsId":…,"epoch":{"mjdDay":…,"dayS":…,"scale":"TT"}}, ` +
        `or give an epoch`,
    );
  }
  const { obsId = "", gti, startS, stopS, ...rest } = (start ?? {}) as Record<string, never>;
  return createObsStart({
    ...rest,
    ...(startS === undefined ? {} : { startS }),
    ...(stopS === undefined ? {} : { stopS }),
    obsId: String(obsId),
    source: given.name,
    epoch,
    index: given.index,
    gti: gtiOf(gti, epoch),
  });
}

function endOf(record: JsonObject, obsId: string) {
  const gti = record.gti as unknown as { epoch: EventEpoch } | undefined;
  return gti === undefined ? createObsEnd(obsId) : createObsEnd(obsId, {
    gti: gtiOf(gti, gti.epoch)!,
    deadTimeFraction: Number(record.deadTimeFraction ?? 0),
  });
}

function gtiOf(plain: unknown, epoch: EventEpoch): Gti | undefined {
  if (plain === undefined || plain === null) return undefined;
  const { epoch: own = epoch, startS, stopS } = plain as {
    epoch?: EventEpoch;
    startS: number[];
    stopS: number[];
  };
  return createGti(own, Float64Array.from(startS), Float64Array.from(stopS));
}

function columnsOf(events: readonly JsonObject[]): EventColumns {
  const columns: Record<string, Column> = { timeS: new Float64Array(0) };
  for (const name of Object.keys(events[0] ?? {})) {
    const values = events.map((event) => event[name]);
    switch (TYPES[name]) {
      case "int32":
        columns[name] = Int32Array.from(values, Number);
        break;
      case "uint32":
        columns[name] = Uint32Array.from(values, Number);
        break;
      case "bigint64":
        columns[name] = BigInt64Array.from(values, (value) => BigInt(value as string));
        break;
      default:
        columns[name] = Float64Array.from(
          values,
          (value) => value === null || value === undefined ? NaN : Number(value),
        );
    }
  }
  return columns as unknown as EventColumns;
}
