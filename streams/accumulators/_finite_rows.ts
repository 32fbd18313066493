import { compact, type EventBatch } from "../../src/events/mod.ts";

/** The events whose named columns are all finite: the batch itself, nearly always. */
export function compactFinite(batch: EventBatch, names: readonly string[]): EventBatch {
  const columns = names.map((name) => batch.columns[name] as Float64Array);
  const isGood = (i: number) => columns.every((column) => Number.isFinite(column[i]));
  let n = 0;
  for (let i = 0; i < batch.length; i++) n += +isGood(i);
  if (n === batch.length) return batch;
  const chosen = new Uint32Array(batch.length);
  n = 0;
  for (let i = 0; i < batch.length; i++) if (isGood(i)) chosen[n++] = i;
  return compact(batch, chosen, n);
}
