/**
 * Alerts: one record of a transient, and its forms for those who listen: GCN notices, VOEvents, lines
 * of JSON.
 *
 * @module
 */
export {
  type Alert,
  type AlertAssociation,
  type AlertFields,
  type AlertFlux,
  type AlertFollowUp,
  type AlertOnset,
  type AlertPhase,
  type AlertPosition,
  type AlertTense,
  createAlert,
} from "./alert.ts";
export { type AlertFormat, alertFormats, type AlertWriting } from "./alert_formats.ts";
export { alertId, type AlertIdFields, alertKey } from "./alert_id.ts";
export { alertLine, parseAlertLine } from "./alert_lines.ts";
export { GCN_NOTICE_SCHEMA, type GcnNotice, gcnNotice, type GcnNoticeOptions } from "./gcn.ts";
export { type GcnFault, validateGcn } from "./validate_gcn.ts";
export { voevent, type VoeventOptions } from "./voevent.ts";
