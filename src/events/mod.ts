/**
 * Photon event lists: batches of columns, good time intervals, and the file formats they come in.
 *
 * @module
 */
export {
  addRejected,
  type Column,
  COLUMN_ARRAYS,
  columnNumbers,
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
  timeSelector,
  unionGti,
} from "./gti.ts";
export type { BadRow, EventList, Pointing, ReadEventsOptions } from "./event_list.ts";
export type { ColumnPlan, EventListPlan } from "./event_list_fits.ts";
export type { Fault } from "./fault.ts";
export type {
  ColumnarOptions,
  EventFormat,
  OpenEventListOptions,
} from "./formats/event_format_fits.ts";
export {
  readGti,
  readTimeReference,
  type TimeReference,
  type TimeReferenceOptions,
} from "./formats/header_fits.ts";
export { type EventsRead, openEventFile, readEvents } from "./open_event_file_fits.ts";
export { checkEventFile } from "./check_event_file_fits.ts";
export { eventFormats, openEventList } from "./open_event_list_fits.ts";
export { timeCards } from "./formats/time_cards_fits.ts";
export { gadfHdus, type GadfObservation, type ObservationSite } from "./formats/write_gadf_fits.ts";
