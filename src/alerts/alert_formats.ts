import { createRegistry, type Registry, type RegistryEntry } from "../registry/mod.ts";
import type { Alert } from "./alert.ts";
import { alertLine } from "./alert_lines.ts";
import { gcnNotice, type GcnNoticeOptions } from "./gcn.ts";
import { validateGcn } from "./validate_gcn.ts";
import { voevent, type VoeventOptions } from "./voevent.ts";

/** What a message says beside the alert, as far as its format has a place for it. */
export interface AlertWriting extends GcnNoticeOptions, Partial<Omit<VoeventOptions, "sentAt">> {}

/** A form in which alerts are sent. */
export interface AlertFormat extends RegistryEntry {
  /** "alert". */
  readonly kind: "alert";
  /** Media type: "application/json". */
  readonly mediaType: string;
  /** Ending of names of files, without a dot. */
  readonly extension: string;
  /** The message as text, without an end of line where it is one line. Throws for an invalid one. */
  readonly write: (alert: Alert, options?: AlertWriting) => Promise<string>;
}

async function writeGcn(alert: Alert, options: AlertWriting = {}): Promise<string> {
  const notice = gcnNotice(alert, options), faults = await validateGcn(notice);
  if (faults.length > 0) {
    const list = faults.map(({ path, message }) => `${path || "the notice"} ${message}`).join("; ");
    throw new TypeError(`Alert ${alert.id} makes no valid GCN notice: ${list}`);
  }
  return JSON.stringify(notice);
}

async function writeVoevent(alert: Alert, options: AlertWriting = {}): Promise<string> {
  const { authority, stream, author, sentAt } = options;
  if (
    authority === undefined || stream === undefined || author === undefined || sentAt === undefined
  ) {
    const missing = (["authority", "stream", "author", "sentAt"] as const)
      .filter((key) => options[key] === undefined);
    throw new TypeError(`A VOEvent needs ${missing.join(", ")}: give them as options`);
  }
  return await Promise.resolve(voevent(alert, { ...options, authority, stream, author, sentAt }));
}

/**
 * The forms in which alerts are sent: ("alert", "gcn", "7.2.3"), ("alert", "voevent", "2.0"),
 * ("alert", "lines", "1"). `register` adds one's own.
 */
export const alertFormats: Registry<AlertFormat> = createRegistry<AlertFormat>("alert format");

alertFormats.register({
  kind: "alert",
  format: "gcn",
  version: "7.2.3",
  mediaType: "application/json",
  extension: "json",
  write: writeGcn,
});
alertFormats.register({
  kind: "alert",
  format: "voevent",
  version: "2.0",
  mediaType: "text/xml",
  extension: "xml",
  write: writeVoevent,
});
alertFormats.register({
  kind: "alert",
  format: "lines",
  version: "1",
  mediaType: "application/json",
  extension: "jsonl",
  write: (alert) => Promise.resolve(alertLine(alert)),
});
