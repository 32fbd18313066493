import type { Alert } from "../../src/alerts/mod.ts";

/** One message of a search, with its place among all messages of it. */
export interface AlertMessage {
  /** Running number: 0, 1, 2 … over all transients of the search. */
  readonly seq: number;
  /** The message. */
  readonly alert: Alert;
}

/** Where alerts go. */
export interface AlertSink {
  /** What it is called in reports: "file alerts.jsonl". No secrets. */
  readonly name: string;
  /**
   * Takes messages in their order; resolves when they are safe there, rejects where some may not be.
   * A message may come again (`alertKey` tells): a sink that can leaves it out then.
   */
  readonly send: (messages: readonly AlertMessage[]) => Promise<void>;
  /** Gives up what it holds. Nothing is sent afterwards. */
  readonly close: () => Promise<void>;
}
