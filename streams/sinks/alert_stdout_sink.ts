import { type Alert, alertLine } from "../../src/alerts/mod.ts";
import type { AlertMessage, AlertSink } from "./alert_sink.ts";

/** Options of `alertStdoutSink`. */
export interface AlertStdoutOptions {
  /** A message as text, without the end of its line; a line of JSON where left out. */
  readonly encode?: ((alert: Alert) => string | Promise<string>) | undefined;
  /** Where the bytes go; standard output. Gives the number of bytes that it took. */
  readonly write?: ((bytes: Uint8Array) => Promise<number>) | undefined;
}

/**
 * Writes alerts to standard output, a line each. What is told there cannot be taken back: a message
 * that is sent again after a kill stands there twice, and its id tells.
 *
 * @param options Form of the messages.
 * @returns The sink.
 * @example
 * ```ts
 * import { alertStdoutSink } from "@gammarx/gammarx/sinks";
 * import { strictEqual } from "node:assert/strict";
 * const sink = alertStdoutSink({ encode: (alert) => alert.id });
 * await sink.send([]);
 * strictEqual(sink.name, "stdout");
 * ```
 */
export function alertStdoutSink(options: AlertStdoutOptions = {}): AlertSink {
  const { encode = alertLine, write = (bytes: Uint8Array) => Deno.stdout.write(bytes) } = options;
  const utf8 = new TextEncoder();
  return Object.freeze({
    name: "stdout",
    async send(messages: readonly AlertMessage[]): Promise<void> {
      for (const { alert } of messages) {
        const bytes = utf8.encode(`${await encode(alert)}\n`);
        for (let at = 0; at < bytes.length;) at += await write(bytes.subarray(at));
      }
    },
    close: () => Promise.resolve(),
  });
}
