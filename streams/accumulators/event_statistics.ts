import type { StreamItem } from "../../src/data/mod.ts";
import { columnNumbers } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";

/** What one column holds. */
export interface ColumnStatistics {
  /** Numbers in it. */
  readonly count: number;
  /** Elements that are not a number. */
  readonly nNaN: number;
  /** Least; NaN where there is none. */
  readonly min: number;
  /** Greatest; NaN where there is none. */
  readonly max: number;
  /** Σ. */
  readonly sum: number;
  /** Σ / count; NaN where there is none. */
  readonly mean: number;
}

/** Number of events, and what their columns hold. */
export interface EventStatistics {
  /** Events. */
  readonly count: number;
  /** By column; columns that no batch had are left out. */
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** State of {@link eventStatistics}: five numbers a column. */
export interface EventStatisticsState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Events. */
  count: number;
  /** Per column: count, nNaN, min, max, sum. */
  readonly columns: Map<string, Float64Array>;
}

const [COUNT, NAN, MIN, MAX, SUM] = [0, 1, 2, 3, 4] as const;

/**
 * Counts events and keeps minimum, maximum and sum of columns.
 *
 * @param names Columns to look at, where they are there: `timeS` and `energyTeV` unless others are
 *   named.
 * @returns An accumulator; counts, minima and maxima are exact, sums are rounded.
 * @example
 * ```ts
 * import { eventStatistics, fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const statistics = eventStatistics();
 * const state = fold(statistics, [createEventBatch({ timeS: Float64Array.of(3, 1) })]);
 * strictEqual(statistics.result(state).columns.timeS?.min, 1);
 * ```
 */
export function eventStatistics(
  names: readonly string[] = ["timeS", "energyTeV"],
): Accumulator<StreamItem, EventStatisticsState, EventStatistics> {
  const identity = {
    kind: "event-statistics",
    version: 1,
    key: fingerprint({ names: [...names] }),
  };
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "rounding" as const, rtol: 1e-12 },
    create: (): EventStatisticsState => ({ key: identity.key, count: 0, columns: new Map() }),
    add(state: EventStatisticsState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      state.count += item.length;
      for (const name of names) {
        const column = item.columns[name];
        if (column === undefined || column.length === 0) continue;
        addColumn(statisticsOf(state, name), columnNumbers(column));
      }
    },
    merge(into: EventStatisticsState, from: Readonly<EventStatisticsState>): void {
      checkKeys(into.key, from.key);
      into.count += from.count;
      for (const [name, b] of from.columns) {
        const a = statisticsOf(into, name);
        a[COUNT]! += b[COUNT]!;
        a[NAN]! += b[NAN]!;
        a[MIN] = Math.min(a[MIN]!, b[MIN]!);
        a[MAX] = Math.max(a[MAX]!, b[MAX]!);
        a[SUM]! += b[SUM]!;
      }
    },
    result(state: Readonly<EventStatisticsState>): EventStatistics {
      const columns: Record<string, ColumnStatistics> = {};
      for (const name of names) {
        const one = state.columns.get(name);
        if (one !== undefined) columns[name] = described(one);
      }
      return { count: state.count, columns };
    },
    snapshot: ({ count, columns }: Readonly<EventStatisticsState>): Snapshot => ({
      ...identity,
      data: {
        count,
        columns: Object.fromEntries([...columns].map(([name, one]) => [name, one.slice()])),
      },
    }),
    restore(snapshot: Snapshot): EventStatisticsState {
      checkSnapshot(identity, snapshot);
      const { count, columns } = snapshot.data as {
        count: number;
        columns: Record<string, Float64Array>;
      };
      const copies = Object.entries(columns).map(([name, one]) => [name, one.slice()] as const);
      return { key: identity.key, count, columns: new Map(copies) };
    },
  });
}

function statisticsOf(state: EventStatisticsState, name: string): Float64Array {
  let one = state.columns.get(name);
  if (one === undefined) {
    one = Float64Array.of(0, 0, Infinity, -Infinity, 0);
    state.columns.set(name, one);
  }
  return one;
}

function addColumn(one: Float64Array, values: Float64Array): void {
  let min = one[MIN]!, max = one[MAX]!, sum = one[SUM]!, nNaN = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (x !== x) {
      nNaN++;
      continue;
    }
    if (x < min) min = x;
    if (x > max) max = x;
    sum += x;
  }
  one[COUNT]! += values.length - nNaN;
  one[NAN]! += nNaN;
  one[MIN] = min;
  one[MAX] = max;
  one[SUM] = sum;
}

function described(one: Float64Array): ColumnStatistics {
  const count = one[COUNT]!, none = count === 0;
  return {
    count,
    nNaN: one[NAN]!,
    // Of −0 and 0 the first to come is kept: adding 0 makes them one.
    min: none ? NaN : one[MIN]! + 0,
    max: none ? NaN : one[MAX]! + 0,
    sum: one[SUM]!,
    mean: one[SUM]! / count,
  };
}
