import {
  createHeartbeat,
  createObsStart,
  type Heartbeat,
  type ObsStart,
} from "../../src/data/mod.ts";
import {
  type Column,
  createGti,
  type EventColumns,
  type EventEpoch,
  type Gti,
  type Pointing,
  rebaseGti,
} from "../../src/events/mod.ts";
import { addSeconds, createEpoch, secondsBetween } from "../../src/time/mod.ts";

/** A line of JSON that holds an object. */
export type LineRecord = { readonly [key: string]: unknown };

/** The object of a line; undefined where the line holds none. */
export function recordOf(line: string): LineRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is LineRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type ColumnType = "float64" | "int32" | "uint32" | "bigint64";

/** Types of the columns that the library knows; all others are as the first event has them. */
const TYPES: { readonly [name: string]: ColumnType | undefined } = {
  piChannel: "int32",
  eventType: "uint32",
  eventId: "bigint64",
};

/** The columns of the events of an observation: a column that was seen once stays. */
export type ColumnTypes = Map<string, ColumnType>;

/** The columns of an event that were not seen before; undefined where it cannot be used. */
export function newColumns(types: ColumnTypes, event: LineRecord): ColumnTypes | undefined {
  for (const [name, type] of types) if (!fits(event[name], type)) return undefined;
  const news: ColumnTypes = new Map();
  for (const name in event) {
    if (types.has(name)) continue;
    const type = TYPES[name] ?? (typeof event[name] === "string" ? "bigint64" : "float64");
    if (!fits(event[name], type)) return undefined;
    news.set(name, type);
  }
  return news;
}

/** Can the value stand in the column? A number that is missing is NaN; whole numbers must be there. */
function fits(value: unknown, type: ColumnType): boolean {
  switch (type) {
    case "float64":
      return typeof value === "number" || value === null || value === undefined;
    case "int32":
      return value === (Number(value) | 0);
    case "uint32":
      return value === (Number(value) >>> 0);
    case "bigint64":
      return typeof value === "string" ? isInt64(value) : Number.isSafeInteger(value);
  }
}

function isInt64(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** The events as columns, their times moved. */
export function columnsOf(
  events: readonly LineRecord[],
  types: ColumnTypes,
  shiftS: number,
): EventColumns {
  const columns: Record<string, Column> = {};
  const moved = (t: number) => shiftS === 0 ? t : t + shiftS;
  columns.timeS = Float64Array.from(events, (event) => moved(event.timeS as number));
  for (const [name, type] of types) {
    if (name !== "timeS") columns[name] = columnOf(events, name, type);
  }
  return columns as unknown as EventColumns;
}

function columnOf(events: readonly LineRecord[], name: string, type: ColumnType): Column {
  switch (type) {
    case "float64":
      return Float64Array.from(events, (event) => (event[name] ?? NaN) as number);
    case "int32":
      return Int32Array.from(events, (event) => event[name] as number);
    case "uint32":
      return Uint32Array.from(events, (event) => event[name] as number);
    case "bigint64":
      return BigInt64Array.from(events, (event) => BigInt(event[name] as string | number));
  }
}

/** A heartbeat on the stream's epoch; undefined where its numbers are none. */
export function heartbeatOf(record: LineRecord, shiftS: number): Heartbeat | undefined {
  const { timeS, fromS = timeS, livetimeS = 0 } = record;
  const numbers = [timeS, fromS, livetimeS];
  if (!numbers.every(Number.isFinite)) return undefined;
  return createHeartbeat({
    timeS: (timeS as number) + shiftS,
    fromS: (fromS as number) + shiftS,
    livetimeS: livetimeS as number,
  });
}

/** An observation as a line tells it. */
export interface StartRecord {
  /** Its start, on the stream's epoch. */
  readonly start: ObsStart;
  /** Seconds to add to the times of its events to count from the stream's epoch. */
  readonly shiftS: number;
}

/** What is known when an observation starts. */
export interface StartGiven {
  /** Where the line stands, for messages. */
  readonly where: string;
  /** What messages call the source. */
  readonly source: string;
  /** Place of the observation in the source. */
  readonly index: number;
  /** The stream's epoch; the observation's own where it is the first. */
  readonly stream: EventEpoch | undefined;
  /** Epoch of observations that tell none. */
  readonly epoch: EventEpoch | undefined;
}

/** The start of an observation; throws SyntaxError for one that cannot be read. */
export function startRecord(record: LineRecord, given: StartGiven): StartRecord {
  const { where } = given;
  const own = record.epoch === undefined ? given.epoch : epochOf(record.epoch, where);
  if (own === undefined) {
    throw new SyntaxError(
      `${where}: found no observation before the events, so that their times count from nowhere: ` +
        `begin with a line {"kind":"obs-start","obsId":…,"epoch":{"mjdDay":…,"dayS":…,"scale":"TT"}}, ` +
        `or give an epoch`,
    );
  }
  const epoch = given.stream ?? own;
  if (own.scale !== epoch.scale) {
    throw new SyntaxError(
      `${where}: found times in ${own.scale}, expected ${epoch.scale} as in the first observation`,
    );
  }
  const shiftS = secondsBetween<"TT" | "TDB">(epoch, own);
  const number = (name: string): number | undefined => {
    const value = record[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new SyntaxError(`${where}: found ${name} ${JSON.stringify(value)}, expected a number`);
  };
  const startS = number("startS"), stopS = number("stopS");
  const { obsId = "", instrument = "" } = record;
  try {
    const start = createObsStart({
      obsId: String(obsId),
      index: given.index,
      source: given.source,
      instrument: String(instrument),
      epoch,
      ...(startS === undefined ? {} : { startS: startS + shiftS }),
      ...(stopS === undefined ? {} : { stopS: stopS + shiftS }),
      gti: gtiOf(record.gti, { own, epoch, where }),
      deadTimeFraction: number("deadTimeFraction") ?? 0,
      pointing: pointingOf(record.pointing, where),
      resumed: record.resumed === true,
    });
    return { start, shiftS };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SyntaxError(`${where}: ${error.message}`, { cause: error });
  }
}

function epochOf(value: unknown, where: string): EventEpoch {
  if (isRecord(value)) {
    const { mjdDay, dayS = 0, scale = "TT" } = value;
    if (
      Number.isSafeInteger(mjdDay) && Number.isFinite(dayS) && (scale === "TT" || scale === "TDB")
    ) {
      const day = createEpoch([mjdDay as number, 0], scale) as EventEpoch;
      return addSeconds<"TT" | "TDB">(day, dayS as number) as EventEpoch;
    }
  }
  throw new SyntaxError(
    `${where}: found epoch ${JSON.stringify(value)}, expected {"mjdDay":…,"dayS":…,"scale":"TT"} ` +
      `with scale TT or TDB`,
  );
}

/** Good time intervals on the stream's epoch; undefined where there are none. */
export function gtiOf(
  value: unknown,
  on: { readonly own: EventEpoch; readonly epoch: EventEpoch; readonly where: string },
): Gti | undefined {
  if (value === undefined || value === null) return undefined;
  const isTimes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every(Number.isFinite);
  if (!isRecord(value) || !isTimes(value.startS) || !isTimes(value.stopS)) {
    throw new SyntaxError(`${on.where}: expected gti as {"startS":[…],"stopS":[…]}`);
  }
  const own = value.epoch === undefined ? on.own : epochOf(value.epoch, on.where);
  try {
    const gti = createGti(own, Float64Array.from(value.startS), Float64Array.from(value.stopS));
    return rebaseGti(gti, on.epoch);
  } catch (error) {
    throw new SyntaxError(`${on.where}: ${(error as Error).message}`, { cause: error });
  }
}

function pointingOf(value: unknown, where: string): Pointing | undefined {
  if (value === undefined || value === null) return undefined;
  if (isRecord(value) && Number.isFinite(value.raDeg) && Number.isFinite(value.decDeg)) {
    return { raDeg: value.raDeg as number, decDeg: value.decDeg as number };
  }
  throw new SyntaxError(`${where}: expected pointing as {"raDeg":…,"decDeg":…}`);
}
