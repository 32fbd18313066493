import {
  addRejected,
  type Column,
  COLUMN_ARRAYS,
  createEventBatch,
  type EventBatch,
  type EventColumns,
} from "./event_batch.ts";

type ColumnType = keyof typeof COLUMN_ARRAYS;

function columnType(column: Column): ColumnType {
  return column[Symbol.toStringTag] as ColumnType;
}

/**
 * The events whose indices are given, in that order, with every column compacted. All columns of
 * the new batch share one ArrayBuffer, which is what makes this cheap.
 *
 * @param batch The events to choose from.
 * @param chosen Indices into the batch; only the first `n` are read; kept by the caller.
 * @param n How many.
 * @param reason Where given, the events that were not chosen are added to the account under it.
 * @returns `batch` itself where all events are chosen in order, otherwise a new batch.
 * @example
 * ```ts
 * import { compact, createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2, 3) });
 * const some = compact(batch, Uint32Array.of(0, 2), 2, "cut:time");
 * deepStrictEqual([...some.columns.timeS], [1, 3]);
 * deepStrictEqual(some.rejected, { "cut:time": 1 });
 * ```
 */
export function compact(
  batch: EventBatch,
  chosen: Uint32Array,
  n: number,
  reason?: string,
): EventBatch {
  if (n === batch.length && reason !== undefined) return batch;
  const columns = gatherColumns(batch.columns, chosen, n);
  const rejected = reason === undefined
    ? batch.rejected
    : addRejected(batch.rejected, reason, batch.length - n);
  return withColumns(batch, columns, rejected);
}

/**
 * The same batch with other columns: same observation, rows and watermark.
 *
 * @param batch Where the rest comes from.
 * @param columns The new columns, of one length; kept, not copied.
 * @param rejected The new account; that of `batch` where not given.
 * @returns A new batch.
 * @example
 * ```ts
 * import { createEventBatch, withColumns } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: Float64Array.of(1) }, { obsId: "7" });
 * const more = withColumns(batch, { ...batch.columns, phase: Float64Array.of(0.5) });
 * strictEqual(more.columns.phase?.[0], 0.5);
 * strictEqual(more.obsId, "7");
 * ```
 */
export function withColumns(
  batch: EventBatch,
  columns: EventColumns,
  rejected: EventBatch["rejected"] = batch.rejected,
): EventBatch {
  return createEventBatch(columns, {
    obsId: batch.obsId,
    rowStart: batch.rowStart,
    rowStop: batch.rowStop,
    watermarkS: batch.watermarkS,
    rejected,
    late: batch.late,
  });
}

function gatherColumns(columns: EventColumns, chosen: Uint32Array, n: number): EventColumns {
  const names = Object.keys(columns);
  let bytes = 0;
  for (const name of names) bytes += wholeWords(n * columns[name]!.BYTES_PER_ELEMENT);
  const buffer = new ArrayBuffer(bytes);
  const gathered: Record<string, Column> = {};
  let offset = 0;
  for (const name of names) {
    const column = columns[name]!;
    gathered[name] = gather(column, chosen, n, buffer, offset);
    offset += wholeWords(n * column.BYTES_PER_ELEMENT);
  }
  return gathered as unknown as EventColumns;
}

function wholeWords(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function gather(
  from: Column,
  chosen: Uint32Array,
  n: number,
  buffer: ArrayBuffer,
  offset: number,
): Column {
  const type = columnType(from);
  const to = new COLUMN_ARRAYS[type](buffer, offset, n);
  switch (type) {
    case "Float64Array":
      gatherFloat64(from as Float64Array, chosen, n, to as Float64Array);
      break;
    case "BigInt64Array":
    case "BigUint64Array":
      gatherBigInt64(
        new BigInt64Array(from.buffer, from.byteOffset, from.length),
        chosen,
        n,
        new BigInt64Array(buffer, offset, n),
      );
      break;
    case "Uint32Array":
      gatherUint32(from as Uint32Array, chosen, n, to as Uint32Array);
      break;
    default:
      gatherAny(from as Int32Array, chosen, n, to as Int32Array);
  }
  return to;
}

// One function a type, so that each loop stays monomorphic.
function gatherFloat64(from: Float64Array, chosen: Uint32Array, n: number, to: Float64Array): void {
  for (let i = 0; i < n; i++) to[i] = from[chosen[i]!]!;
}

function gatherUint32(from: Uint32Array, chosen: Uint32Array, n: number, to: Uint32Array): void {
  for (let i = 0; i < n; i++) to[i] = from[chosen[i]!]!;
}

function gatherBigInt64(
  from: BigInt64Array,
  chosen: Uint32Array,
  n: number,
  to: BigInt64Array,
): void {
  for (let i = 0; i < n; i++) to[i] = from[chosen[i]!]!;
}

function gatherAny(from: Int32Array, chosen: Uint32Array, n: number, to: Int32Array): void {
  for (let i = 0; i < n; i++) to[i] = from[chosen[i]!]!;
}

/**
 * A part of a batch, without copying: the columns are views.
 *
 * @param batch Any batch. The account goes with its first part; where events were selected before,
 *   each part speaks of all rows.
 * @param start First event.
 * @param stop Event after the last.
 * @returns A new batch over the same memory.
 * @throws RangeError if the part is not inside.
 * @example
 * ```ts
 * import { createEventBatch, sliceBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const part = sliceBatch(createEventBatch({ timeS: Float64Array.of(1, 2, 3) }), 1, 3);
 * deepStrictEqual([...part.columns.timeS], [2, 3]);
 * ```
 */
export function sliceBatch(batch: EventBatch, start: number, stop: number): EventBatch {
  if (!(start >= 0 && start <= stop && stop <= batch.length)) {
    throw new RangeError(`Cannot take events ${start} to ${stop} of ${batch.length}`);
  }
  const columns: Record<string, Column> = {};
  for (const name in batch.columns) {
    columns[name] = batch.columns[name]!.subarray(start, stop);
  }
  const whole = batch.rowStop - batch.rowStart === batch.length;
  return createEventBatch(columns as unknown as EventColumns, {
    obsId: batch.obsId,
    rowStart: whole ? batch.rowStart + start : batch.rowStart,
    rowStop: whole ? batch.rowStart + stop : batch.rowStop,
    watermarkS: stop === batch.length ? batch.watermarkS : -Infinity,
    rejected: start === 0 ? batch.rejected : {},
    late: start === 0 ? batch.late : 0,
  });
}

/**
 * Joins batches of one observation into one, in the order given.
 *
 * @param batches At least one; the same columns in each.
 * @returns A new batch with copied columns, the rows from the first to the last, the latest
 *   watermark, and the sum of the accounts.
 * @throws TypeError for different columns, types or observations; RangeError for none.
 * @example
 * ```ts
 * import { concatBatches, createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const one = createEventBatch({ timeS: Float64Array.of(1) });
 * strictEqual(concatBatches([one, one]).length, 2);
 * ```
 */
export function concatBatches(batches: readonly EventBatch[]): EventBatch {
  const first = batches[0];
  if (first === undefined) throw new RangeError("Cannot join no batches");
  if (batches.length === 1) return first;
  const names = Object.keys(first.columns);
  let length = 0, late = 0, rowStart = Infinity, rowStop = -Infinity, watermarkS = -Infinity;
  let rejected = {};
  for (const batch of batches) {
    refuseOther(batch, first, names);
    length += batch.length;
    late += batch.late;
    rowStart = Math.min(rowStart, batch.rowStart);
    rowStop = Math.max(rowStop, batch.rowStop);
    watermarkS = Math.max(watermarkS, batch.watermarkS);
    for (const reason in batch.rejected) {
      rejected = addRejected(rejected, reason, batch.rejected[reason]!);
    }
  }
  const columns: Record<string, Column> = {};
  for (const name of names) {
    const joined = new COLUMN_ARRAYS[columnType(first.columns[name]!)](length);
    let at = 0;
    for (const batch of batches) {
      joined.set(batch.columns[name] as never, at);
      at += batch.length;
    }
    columns[name] = joined;
  }
  return createEventBatch(columns as unknown as EventColumns, {
    obsId: first.obsId,
    rowStart,
    rowStop,
    watermarkS,
    rejected,
    late,
  });
}

function refuseOther(batch: EventBatch, first: EventBatch, names: readonly string[]): void {
  const sameColumns = Object.keys(batch.columns).length === names.length &&
    names.every((name) =>
      batch.columns[name] !== undefined &&
      columnType(batch.columns[name]!) === columnType(first.columns[name]!)
    );
  if (!sameColumns) {
    throw new TypeError(
      `Cannot join batches with columns ${names.join(", ")} and ${
        Object.keys(batch.columns).join(", ")
      }`,
    );
  }
  if (batch.obsId !== first.obsId) {
    throw new TypeError(`Cannot join events of observations "${first.obsId}" and "${batch.obsId}"`);
  }
}
