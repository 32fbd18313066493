/**
 * Observations and what flows out of them: the union type of every stream.
 *
 * @module
 */
export {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type Exposure,
  exposureOf,
  type Heartbeat,
  type ObsEnd,
  type ObsStart,
  positionAfter,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "./stream_item.ts";
export { type DataStore, type DataStoreEntry, openDataStore } from "./data_store_fits.ts";
export { isFolder, listEventFiles } from "./list_files_io.ts";
