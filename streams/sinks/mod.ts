/**
 * Sinks: where results and states go.
 *
 * @module
 */
export { type AlertFileSink, alertFileSink } from "./alert_file_sink.ts";
export { type AlertDelivery, type AlertOutbox, alertOutbox } from "./alert_outbox.ts";
export type { AlertMessage, AlertSink } from "./alert_sink.ts";
export { type AlertStdoutOptions, alertStdoutSink } from "./alert_stdout_sink.ts";
export {
  type AlertWebhookOptions,
  alertWebhookSink,
  type WebhookTrouble,
} from "./alert_webhook_sink.ts";
export { type Checkpoint, type CheckpointFolder, checkpointFolder } from "./checkpoint_folder.ts";
export { ecsv, type EcsvColumn } from "./ecsv.ts";
export { removeParts } from "./remove_parts.ts";
export { decodeSnapshot, encodeSnapshot, type SnapshotLabel } from "./snapshot_codec.ts";
export { type DataStoreOptions, writeDataStore } from "./data_store_sink.ts";
