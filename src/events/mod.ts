/**
 * Photon event lists: batches of columns, good time intervals, and the file formats they come in.
 *
 * @module
 */
export {
  addRejected,
  type Column,
  createEventBatch,
  type EventBatch,
  type EventBatchFields,
  type EventColumns,
  type RejectedCounts,
  requireColumn,
  sumRejected,
} from "./event_batch.ts";
export { compact, concatBatches, sliceBatch, withColumns } from "./compact.ts";
export {
  createGti,
  type EventEpoch,
  type Gti,
  gtiSumS,
  intersectGti,
  rebaseGti,
  selectGtiTime,
  stackGti,
  unionGti,
} from "./gti.ts";
