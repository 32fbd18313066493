/**
 * Sinks: where results and states go.
 *
 * @module
 */
export { type Checkpoint, type CheckpointFolder, checkpointFolder } from "./checkpoint_folder.ts";
export { ecsv, type EcsvColumn } from "./ecsv.ts";
export { removeParts } from "./remove_parts.ts";
export { decodeSnapshot, encodeSnapshot, type SnapshotLabel } from "./snapshot_codec.ts";
export { type DataStoreOptions, writeDataStore } from "./data_store_sink.ts";
