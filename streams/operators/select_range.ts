import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { columnNumbers, compact, type EventBatch, requireColumn } from "../../src/events/mod.ts";
import { scratchIndices } from "./_scratch.ts";
import { lift, mapKernel } from "./kernel.ts";

/**
 * Indices of the values in [low, high), without a branch an event: the index is always written, and
 * counted only where the value is inside.
 *
 * Four at a time, so that the function is too long for V8's middle compiler to inline it: inside a
 * caller that is not hot by itself the loop would be stuck there, ten times slower.
 *
 * @returns How many of `chosen` are filled.
 */
export function indicesInRange(
  values: Float64Array,
  low: number,
  high: number,
  chosen: Uint32Array,
): number {
  let n = 0, i = 0;
  for (const end = values.length - 3; i < end; i += 4) {
    const a = values[i]!, b = values[i + 1]!, c = values[i + 2]!, d = values[i + 3]!;
    chosen[n] = i;
    n += +(a >= low) & +(a < high);
    chosen[n] = i + 1;
    n += +(b >= low) & +(b < high);
    chosen[n] = i + 2;
    n += +(c >= low) & +(c < high);
    chosen[n] = i + 3;
    n += +(d >= low) & +(d < high);
  }
  for (; i < values.length; i++) {
    const x = values[i]!;
    chosen[n] = i;
    n += +(x >= low) & +(x < high);
  }
  return n;
}

/** The events of a batch whose column is in [low, high). */
export function batchInRange(
  batch: EventBatch,
  values: Float64Array,
  range: { readonly low: number; readonly high: number; readonly reason: string },
): EventBatch {
  const chosen = scratchIndices(batch.length);
  const n = indicesInRange(values, range.low, range.high, chosen);
  return compact(batch, chosen, n, range.reason);
}

/** An interval of energy, TeV; an end left out cuts nothing. */
export interface EnergyRange {
  /** Least energy, included. */
  readonly lowTeV?: number;
  /** Greatest energy, excluded. */
  readonly highTeV?: number;
}

/**
 * Keeps events with lowTeV <= energy < highTeV. The others are counted as `cut:energy`.
 *
 * @param range The interval.
 * @returns An operator that needs `energyTeV`.
 * @throws RangeError for an interval that is empty.
 * @example
 * ```ts
 * import { selectEnergy } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(2), energyTeV: Float64Array.of(0.5, 2) });
 * of<StreamItem>(batch).pipe(selectEnergy({ lowTeV: 1 })).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.rejected["cut:energy"], 1);
 * });
 * ```
 */
export function selectEnergy(range: EnergyRange): OperatorFunction<StreamItem, StreamItem> {
  const { lowTeV: low = -Infinity, highTeV: high = Infinity } = range;
  refuseEmpty(low, high, "selectEnergy");
  return lift(mapKernel({
    batch: (batch) =>
      batchInRange(batch, requireColumn(batch, "energyTeV", "selectEnergy"), {
        low,
        high,
        reason: "cut:energy",
      }),
  }));
}

/** Refuses an interval in which nothing can be. */
export function refuseEmpty(low: number, high: number, who: string): void {
  if (!(low < high)) throw new RangeError(`${who}: [${low}, ${high}) is empty`);
}

/** An interval of a column; an end left out cuts nothing. */
export interface ColumnRange {
  /** Least value, included. */
  readonly low?: number;
  /** Greatest value, excluded. */
  readonly high?: number;
}

/**
 * Keeps events with low <= column < high, for any column of numbers. The others are counted as
 * `cut:<column>`.
 *
 * @param column Name of the column.
 * @param range The interval, in the column's unit.
 * @returns An operator that needs the column.
 * @throws RangeError for an interval that is empty.
 * @example
 * ```ts
 * import { selectColumn } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(2), piChannel: Int32Array.of(30, 1300) });
 * of<StreamItem>(batch).pipe(selectColumn("piChannel", { high: 1200 })).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.length, 1);
 * });
 * ```
 */
export function selectColumn(
  column: string,
  range: ColumnRange,
): OperatorFunction<StreamItem, StreamItem> {
  const { low = -Infinity, high = Infinity } = range;
  refuseEmpty(low, high, `selectColumn(${column})`);
  return lift(mapKernel({
    batch(batch) {
      const values = columnNumbers(requireColumn(batch, column, "selectColumn"));
      return batchInRange(batch, values, { low, high, reason: `cut:${column}` });
    },
  }));
}
