import {
  type Column,
  createEventBatch,
  type EventBatch,
  type EventColumns,
  type RejectedCounts,
  sumRejected,
} from "../../src/events/mod.ts";

/** A batch of one of several streams. */
export interface TimedBatch {
  readonly batch: EventBatch;
  /** Number of its stream. */
  readonly number: number;
  /** The latest time of its stream before it, s. */
  readonly latestS: number;
}

/**
 * One batch of the events of several streams, in the order of (time, number of the stream), those of
 * each stream in their own; a batch of one stream is left as it is.
 */
export function joinByTime(parts: readonly TimedBatch[]): readonly EventBatch[] {
  const full = parts.filter(({ batch }) => batch.length > 0);
  if (full.length < 2) return parts.map(({ batch }) => batch);
  const length = full.reduce((sum, { batch }) => sum + batch.length, 0);
  const from = new Uint32Array(length), row = new Uint32Array(length);
  const next = full.map(() => 0), keyS = full.map((part) => keyOf(part, 0, part.latestS));
  for (let i = 0; i < length; i++) {
    let best = 0;
    for (let k = 1; k < full.length; k++) if (keyS[k]! < keyS[best]!) best = k;
    from[i] = best;
    row[i] = next[best]!;
    keyS[best] = keyOf(full[best]!, ++next[best]!, keyS[best]!);
  }
  const batches = full.map(({ batch }) => batch);
  const all = parts.map(({ batch }) => batch);
  return [
    createEventBatch(commonColumns(batches, from, row), {
      obsId: [...new Set(batches.map(({ obsId }) => obsId))].join("+"),
      rowStart: 0,
      rowStop: length,
      rejected: all.reduce<RejectedCounts>((sum, { rejected }) => sumRejected(sum, rejected), {}),
      late: all.reduce((sum, { late }) => sum + late, 0),
    }),
  ];
}

/** What an event is sorted by: its time, or that of an earlier event of its stream that is later. */
function keyOf({ batch }: TimedBatch, at: number, latestS: number): number {
  if (at >= batch.length) return Infinity;
  const t = batch.columns.timeS[at]!;
  return t > latestS && t < Infinity ? t : latestS;
}

function commonColumns(
  batches: readonly EventBatch[],
  from: Uint32Array,
  row: Uint32Array,
): EventColumns {
  const columns: Record<string, Column> = {};
  for (const name of Object.keys(batches[0]!.columns)) {
    const parts = batches.map((batch) => batch.columns[name]);
    const type = parts[0]!.constructor as new (n: number) => Column;
    if (parts.some((part) => part?.constructor !== type)) continue;
    const joined = new type(from.length) as unknown as number[];
    for (let i = 0; i < from.length; i++) joined[i] = parts[from[i]!]![row[i]!]! as number;
    columns[name] = joined as unknown as Column;
  }
  return columns as unknown as EventColumns;
}
