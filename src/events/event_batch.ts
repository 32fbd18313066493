/** A column of numbers: one element an event. */
export type Column =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Makers of columns by the name of their kind, as a column's `Symbol.toStringTag` gives it: for columns from a
 * buffer.
 *
 * @example
 * ```ts
 * import { COLUMN_ARRAYS } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const column = Uint32Array.of(7);
 * strictEqual(new COLUMN_ARRAYS[column[Symbol.toStringTag]](column.buffer)[0], 7);
 * ```
 */
export const COLUMN_ARRAYS: {
  readonly Float64Array: Float64ArrayConstructor;
  readonly Float32Array: Float32ArrayConstructor;
  readonly Int32Array: Int32ArrayConstructor;
  readonly Uint32Array: Uint32ArrayConstructor;
  readonly Int16Array: Int16ArrayConstructor;
  readonly Uint16Array: Uint16ArrayConstructor;
  readonly Int8Array: Int8ArrayConstructor;
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly BigInt64Array: BigInt64ArrayConstructor;
  readonly BigUint64Array: BigUint64ArrayConstructor;
} = Object.freeze({
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  BigInt64Array,
  BigUint64Array,
});

/**
 * The columns that operators and accumulators know by name. Only `timeS` is always there; a source
 * fills the others where it has them, and any further column under its own name.
 */
export interface EventColumns {
  /** Seconds after the stream's epoch. */
  readonly timeS: Float64Array;
  /** Reconstructed energy, TeV. */
  readonly energyTeV?: Float64Array;
  /** Pulse-height channel (PI) where a mission gives no energy. */
  readonly piChannel?: Int32Array;
  /** Right ascension ICRS, deg. */
  readonly raDeg?: Float64Array;
  /** Declination ICRS, deg. */
  readonly decDeg?: Float64Array;
  /** Number of the event in its observation. */
  readonly eventId?: BigInt64Array;
  /** Event type, a bit mask. */
  readonly eventType?: Uint32Array;
  /** Field-of-view longitude, deg. */
  readonly detXDeg?: Float64Array;
  /** Field-of-view latitude, deg. */
  readonly detYDeg?: Float64Array;
  /** Pulse or orbital phase in cycles, [0, 1). */
  readonly phase?: Float64Array;
  /** Probability or weight of the event. */
  readonly weight?: Float64Array;
  /** Any column of the user. */
  readonly [name: string]: Column | undefined;
}

/** Events that did not go on, counted by reason: `cut:energy`, `bad:nan-time`. */
export type RejectedCounts = Readonly<Record<string, number>>;

/**
 * Some events of one observation, in columns of equal length, with the account of the events of
 * the same rows that did not get this far. A batch may be empty and still carry an account.
 *
 * Law: rows read = `length` + Σ `rejected` + `late`, summed over the batches of a stream, wherever
 * one looks.
 */
export interface EventBatch {
  /** Tells a batch from the other items of a stream. */
  readonly kind: "batch";
  /** Number of events. */
  readonly length: number;
  /** The columns; not written after the batch is made. */
  readonly columns: EventColumns;
  /** Observation that the events belong to. */
  readonly obsId: string;
  /** First row of the source that this batch speaks of. */
  readonly rowStart: number;
  /** Row after the last one. */
  readonly rowStop: number;
  /** No later event of the stream is earlier than this, seconds after the epoch. */
  readonly watermarkS: number;
  /** Events of these rows that were left out so far, by reason. */
  readonly rejected: RejectedCounts;
  /** Events of these rows that came too late for a window or a sort. */
  readonly late: number;
}

/** What {@link createEventBatch} needs beside the columns. */
export interface EventBatchFields {
  /** Observation; "" where there is none. */
  readonly obsId?: string;
  /** First source row; 0. */
  readonly rowStart?: number;
  /** Row after the last; `rowStart` + number of events. */
  readonly rowStop?: number;
  /** Watermark; −∞ promises nothing. */
  readonly watermarkS?: number;
  /** Events left out so far, by reason. */
  readonly rejected?: RejectedCounts;
  /** Events that came too late. */
  readonly late?: number;
}

const NOTHING_REJECTED: RejectedCounts = Object.freeze({});

/**
 * Makes a batch. The columns are kept, not copied: they belong to the batch from now on.
 *
 * @param columns Columns of equal length, among them `timeS`; what is undefined is left out.
 * @param fields Observation, rows, watermark and account.
 * @returns A frozen record.
 * @throws TypeError if a column has another length.
 * @example
 * ```ts
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2) }, { obsId: "23523" });
 * strictEqual(batch.length, 2);
 * ```
 */
export function createEventBatch(
  columns: EventColumns,
  fields: EventBatchFields = {},
): EventBatch {
  const length = columns.timeS.length;
  let isWhole = true;
  for (const name in columns) {
    const column = columns[name];
    if (column === undefined) isWhole = false;
    else if (column.length !== length) {
      throw new TypeError(
        `Column ${name} has ${column.length} elements, timeS has ${length}: columns of a batch ` +
          `have one length`,
      );
    }
  }
  const rowStart = fields.rowStart ?? 0;
  return Object.freeze({
    kind: "batch" as const,
    length,
    columns: Object.freeze(isWhole ? columns : definedOnly(columns)),
    obsId: fields.obsId ?? "",
    rowStart,
    rowStop: fields.rowStop ?? rowStart + length,
    watermarkS: fields.watermarkS ?? -Infinity,
    rejected: fields.rejected ?? NOTHING_REJECTED,
    late: fields.late ?? 0,
  });
}

function definedOnly(columns: EventColumns): EventColumns {
  const there = Object.entries(columns).filter(([, column]) => column !== undefined);
  return Object.fromEntries(there) as unknown as EventColumns;
}

/**
 * A column that an operation needs. A batch without events, which only brings its account, has an
 * empty one under any name.
 *
 * @param batch Any batch.
 * @param name Name of the column.
 * @param who The operation that asks, for the message.
 * @returns The column itself: do not write it.
 * @throws TypeError naming the column, who asked, and the columns there are.
 * @example
 * ```ts
 * import { createEventBatch, requireColumn } from "@gammarx/gammarx/events";
 * import { throws } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(1) });
 * throws(() => requireColumn(batch, "energyTeV", "selectEnergy"), /selectEnergy needs column energyTeV/);
 * ```
 */
export function requireColumn<Name extends keyof EventColumns & string>(
  batch: EventBatch,
  name: Name,
  who: string,
): NonNullable<EventColumns[Name]> {
  const column = batch.columns[name];
  if (column !== undefined) return column as NonNullable<EventColumns[Name]>;
  if (batch.length === 0) return new Float64Array(0) as Column as NonNullable<EventColumns[Name]>;
  const there = Object.keys(batch.columns).join(", ");
  throw new TypeError(
    `${who} needs column ${name}, and the events of observation "${batch.obsId}" have only ${there}`,
  );
}

/**
 * A column as doubles, whatever its type; integers of 64 bits are rounded.
 *
 * @param column Any column.
 * @returns The column itself where it holds doubles, otherwise a copy: do not write it.
 * @example
 * ```ts
 * import { columnNumbers } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(columnNumbers(BigInt64Array.of(7n)), Float64Array.of(7));
 * ```
 */
export function columnNumbers(column: Column): Float64Array {
  if (column instanceof Float64Array) return column;
  if (!(column instanceof BigInt64Array || column instanceof BigUint64Array)) {
    return new Float64Array(column);
  }
  const numbers = new Float64Array(column.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Number(column[i]!);
  return numbers;
}

/**
 * Adds to the counts of rejected events.
 *
 * @param rejected Counts so far; not changed.
 * @param reason For example `cut:energy`.
 * @param n Events left out; 0 gives `rejected` itself.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { addRejected } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(addRejected({ "cut:time": 1 }, "cut:time", 2), { "cut:time": 3 });
 * ```
 */
export function addRejected(rejected: RejectedCounts, reason: string, n: number): RejectedCounts {
  if (n === 0) return rejected;
  return Object.freeze({ ...rejected, [reason]: (rejected[reason] ?? 0) + n });
}

/**
 * Adds up two accounts of rejected events.
 *
 * @returns A frozen record with the reasons of both.
 * @example
 * ```ts
 * import { sumRejected } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(sumRejected({ a: 1 }, { a: 1, b: 2 }), { a: 2, b: 2 });
 * ```
 */
export function sumRejected(a: RejectedCounts, b: RejectedCounts): RejectedCounts {
  let sum = a;
  for (const reason in b) sum = addRejected(sum, reason, b[reason]!);
  return sum;
}
