import type { AlertMessage, AlertSink } from "./alert_sink.ts";

/** What became of the messages that were to be delivered. */
export interface AlertDelivery {
  /** Messages below this number are safe in every sink: what the caller keeps beside the state. */
  readonly sent: number;
  /** Sinks that did not take all; they get the rest with the next delivery. */
  readonly trouble: readonly { readonly sink: string; readonly error: unknown }[];
}

/** Sends the alerts of one search to its sinks. */
export interface AlertOutbox {
  /**
   * Sends what is not yet sent. Rejects with a RangeError where numbers are missing.
   *
   * @param alerts All messages of the search in order, or those from `sent` on.
   * @param sent Number up to which they were sent: 0 at first, then what the last delivery gave.
   */
  readonly deliver: (alerts: readonly AlertMessage[], sent: number) => Promise<AlertDelivery>;
  /** Waits for what is under way, then closes all sinks. Throws the first error of closing. */
  readonly close: () => Promise<void>;
}

/** A sink and how far it got in this process. */
interface Lane {
  readonly sink: AlertSink;
  next: number;
  tail: Promise<unknown>;
}

/** What is new from a number on. Throws RangeError where messages are missing before or between. */
function newFrom(alerts: readonly AlertMessage[], next: number): readonly AlertMessage[] {
  const first = alerts[0]?.seq ?? next, waiting = alerts.slice(Math.max(0, next - first));
  if (first > next) {
    throw new RangeError(
      `Alerts from number ${next} on are not sent, found none before ${first}: keep them until then`,
    );
  }
  if (first + alerts.length < next) {
    throw new RangeError(
      `${next} alerts were sent, found ${
        first + alerts.length
      }: the state is older than the record`,
    );
  }
  waiting.forEach(({ seq }, i) => {
    if (seq !== next + i) {
      throw new RangeError(`Expected alert number ${next + i} in its place, found ${seq}`);
    }
  });
  return waiting;
}

/**
 * Delivers the alerts of one search, each at least once and in order. The caller saves the state of the
 * search with its list of alerts, then delivers, then saves `sent`; a run that is killed in between
 * sends again what may not have gone, with the same names, by which sinks leave out what they have.
 * A sink that fails holds up neither the others nor the search: it gets the rest with the next delivery,
 * and `sent` stays behind until then. Deliver until `sent` is the number of alerts before ending.
 *
 * @param sinks Where the alerts go. They belong to the outbox, which closes them.
 * @returns The outbox of one search. Deliveries may overlap; a sink gets one at a time.
 * @example
 * ```ts
 * import { createAlert } from "@gammarx/gammarx/alerts";
 * import { alertOutbox, alertStdoutSink } from "@gammarx/gammarx/sinks";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const alert = createAlert({
 *   id: "af63dc4c8601ec8c", kind: "cusum", channel: "all", detectedS: 12, durationS: 10,
 *   onset: { epoch: createEpoch([60000, 0], "TT"), timeS: 0.5 },
 *   significance: 7, statistic: { name: "S", value: 24.5 }, counts: 30, expected: 10,
 *   observatory: "Fermi", instrument: "LAT", configuration: "6d1f", software: "gammarx 0.1.0",
 * });
 * const outbox = alertOutbox([alertStdoutSink({ encode: ({ id }) => id })]);
 * const { sent } = await outbox.deliver([{ seq: 0, alert }], 0);
 * strictEqual(sent, 1);
 * await outbox.close();
 * ```
 */
export function alertOutbox(sinks: readonly AlertSink[]): AlertOutbox {
  const lanes: Lane[] = sinks.map((sink) => ({ sink, next: 0, tail: Promise.resolve() }));
  return Object.freeze({
    async deliver(alerts: readonly AlertMessage[], sent: number): Promise<AlertDelivery> {
      if (!Number.isSafeInteger(sent) || sent < 0) {
        throw new RangeError(`Sent is a number of messages from 0, found ${sent}`);
      }
      const waiting = newFrom(alerts, sent), end = sent + waiting.length;
      if (waiting.length === 0) return Object.freeze({ sent, trouble: Object.freeze([]) });
      const results = await Promise.all(lanes.map((lane) => {
        const turn = lane.tail.then(() => push(lane, waiting, sent));
        lane.tail = turn;
        return turn;
      }));
      return Object.freeze({
        sent: Math.min(end, ...lanes.map(({ next }) => next)),
        trouble: Object.freeze(results.flat()),
      });
    },
    async close(): Promise<void> {
      await Promise.all(lanes.map(({ tail }) => tail));
      const closed = await Promise.allSettled(lanes.map(({ sink }) => sink.close()));
      for (const one of closed) if (one.status === "rejected") throw one.reason;
    },
  });
}

/** Sends a sink what is new for it; gives the trouble there was, and never rejects. */
async function push(
  lane: Lane,
  alerts: readonly AlertMessage[],
  sent: number,
): Promise<AlertDelivery["trouble"]> {
  lane.next = Math.max(lane.next, sent);
  const waiting = alerts.slice(lane.next - sent);
  try {
    if (waiting.length > 0) await lane.sink.send(waiting);
    lane.next += waiting.length;
    return [];
  } catch (error) {
    return [{ sink: lane.sink.name, error }];
  }
}
