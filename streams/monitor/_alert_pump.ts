import type { AlertOutbox } from "../sinks/mod.ts";
import type { MonitorState } from "./monitor_state.ts";

/** Sends messages beside the stream, one delivery at a time. */
export interface AlertPump {
  /** Sends messages below a number, which are in a state that is kept. */
  readonly send: (safe: number) => void;
  /** Waits until all of them are sent, or for so long. */
  readonly drain: (seconds: number) => Promise<void>;
  /** Waits for what is under way, but not for a sink that does not answer. */
  readonly stop: () => Promise<void>;
}

const RETRY_MS = 1000, STOP_MS = 1000;

const pause = (ms: number) => new Promise<void>((wake) => setTimeout(wake, Math.max(0, ms)));

/** Waits for work, or for so long. */
async function atMost(work: Promise<void> | undefined, ms: number): Promise<void> {
  if (work === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((wake) => timer = setTimeout(wake, Math.max(0, ms)));
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export function alertPump(
  state: MonitorState,
  given: {
    readonly outbox: AlertOutbox | undefined;
    readonly onTrouble: ((text: string) => void) | undefined;
    readonly onSent: () => void;
  },
): AlertPump {
  const { outbox, onTrouble, onSent } = given;
  let underWay: Promise<void> | undefined, safe = 0, notBeforeMs = -Infinity;
  const deliver = async () => {
    const waiting = state.messages.filter(({ seq }) => seq >= state.sent && seq < safe);
    if (outbox === undefined) state.sent = safe;
    else {
      const { sent, trouble } = await outbox.deliver(waiting, state.sent);
      state.sent = sent;
      for (const { sink, error } of trouble) {
        onTrouble?.(`${sink}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (trouble.length > 0) notBeforeMs = performance.now() + RETRY_MS;
    }
    onSent();
  };
  const start = () => {
    if (underWay !== undefined || state.sent >= safe || performance.now() < notBeforeMs) return;
    underWay = deliver().catch((error) => {
      notBeforeMs = performance.now() + RETRY_MS;
      onTrouble?.(error instanceof Error ? error.message : String(error));
    }).finally(() => {
      underWay = undefined;
      if (state.sent < safe) start();
    });
  };
  return Object.freeze({
    send(upTo: number): void {
      safe = upTo;
      start();
    },
    async drain(seconds: number): Promise<void> {
      const untilMs = performance.now() + seconds * 1000;
      while (state.sent < safe) {
        notBeforeMs = Math.min(notBeforeMs, performance.now() + RETRY_MS);
        start();
        const leftMs = untilMs - performance.now();
        if (underWay !== undefined) await atMost(underWay, leftMs);
        if (state.sent >= safe || performance.now() >= untilMs) return;
        await pause(Math.min(50, leftMs));
      }
    },
    stop: async () => await atMost(underWay, STOP_MS),
  });
}
