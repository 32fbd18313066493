import { type EventBatch, sliceBatch } from "../../src/events/mod.ts";

/**
 * The events of a batch from a row on: undefined where it has none, the batch itself where it has
 * no other. Throws RangeError for a row inside a batch that lacks some of its rows.
 */
export function restOfBatch(batch: EventBatch, row: number): EventBatch | undefined {
  if (batch.rowStop <= row) return undefined;
  if (batch.rowStart >= row) return batch;
  if (batch.rowStop - batch.rowStart !== batch.length) {
    throw new RangeError(
      `Cannot go on from row ${row}: the batch of rows ${batch.rowStart} to ${batch.rowStop} has ` +
        `only ${batch.length} of them`,
    );
  }
  return sliceBatch(batch, row - batch.rowStart, batch.length);
}
