import { type Alert, alertKey, alertLine } from "../../src/alerts/mod.ts";
import { DAY_S } from "../../src/time/mod.ts";
import type { AlertMessage, AlertSink } from "./alert_sink.ts";

/** A try to deliver a message that did not succeed. */
export interface WebhookTrouble {
  /** `id:record` of the message. */
  readonly key: string;
  /** How often it was tried, from 1. */
  readonly attempt: number;
  /** Status of the answer; 0 where there was none. */
  readonly status: number;
  /** What went wrong. */
  readonly message: string;
  /** Seconds until it is tried again; undefined where it is not. */
  readonly retryInS?: number | undefined;
}

/** Options of `alertWebhookSink`. */
export interface AlertWebhookOptions {
  /** A message as text; a line of JSON where left out. It is made once, also where it is sent twice. */
  readonly encode?: ((alert: Alert) => string | Promise<string>) | undefined;
  /** Media type of the text; "application/json". */
  readonly contentType?: string | undefined;
  /** Further headers, such as `Authorization`; or what gives them for every try. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /** Wait before the second try, s; 0.5. It doubles from try to try. */
  readonly firstWaitS?: number | undefined;
  /** Longest wait, s; 60. */
  readonly longestWaitS?: number | undefined;
  /** How long an answer may take, s; 30. */
  readonly timeoutS?: number | undefined;
  /** After how many tries `send` rejects; never. */
  readonly attempts?: number | undefined;
  /** Told of every try that failed; a line on standard error where left out. */
  readonly onTrouble?: ((trouble: WebhookTrouble) => void) | undefined;
  /** Ends the tries: `send` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What an answer means that is no success: whether to try again, and after how long at least. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 425;
}

/** `Retry-After` in seconds, 0 without it (RFC 9110, section 10.2.3). */
function retryAfterS(response: Response): number {
  const value = response.headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, (date - Date.now()) / 1000);
}

function tell({ key, attempt, message, retryInS }: WebhookTrouble): void {
  const next = retryInS === undefined ? "not sent" : `again in ${retryInS} s`;
  console.error(`alert ${key}, try ${attempt}: ${message}; ${next}`);
}

/** Waits, or rejects when the signal is given. */
function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * Posts alerts to an address, one after the other in their order. The header `Idempotency-Key` holds
 * `id:record`, so that the receiver knows a message that it has already. No answer, and the answers 408,
 * 425, 429 and 5xx, are tried again with growing waits, not shorter than `Retry-After` asks; any other
 * answer but 2xx, a redirection too, means that the receiver will not have it: then `send` rejects, and the outbox sends it
 * with the next ones. Every try that failed is told.
 *
 * @param url Where to.
 * @param options Form, headers, waits.
 * @returns The sink.
 * @throws TypeError for an address that is none, RangeError for waits or attempts that are not positive.
 * @example
 * ```ts
 * import { alertWebhookSink } from "@gammarx/gammarx/sinks";
 * import { strictEqual } from "node:assert/strict";
 * const sink = alertWebhookSink("https://example.org/alerts", { attempts: 3 });
 * strictEqual(sink.name, "webhook https://example.org");
 * ```
 */
export function alertWebhookSink(
  url: string | URL,
  options: AlertWebhookOptions = {},
): AlertSink {
  const { encode = alertLine, contentType = "application/json", headers = {}, signal } = options;
  const { firstWaitS = 0.5, longestWaitS = 60, timeoutS = 30, attempts = Infinity } = options;
  const { onTrouble = tell } = options, target = new URL(url);
  for (const [name, value] of Object.entries({ firstWaitS, longestWaitS, timeoutS, attempts })) {
    if (!(value > 0)) throw new RangeError(`A webhook expects ${name} above 0, found ${value}`);
  }
  /** Texts of messages that were begun, and undefined for those that arrived in a `send` that failed. */
  const begun = new Map<string, string | undefined>();

  /** One try: undefined where it arrived. */
  async function attemptOnce(
    key: string,
    body: string,
  ): Promise<{ status: number; message: string; leastS: number; again: boolean } | undefined> {
    try {
      const extra = typeof headers === "function" ? await headers() : headers;
      const timeout = AbortSignal.timeout(timeoutS * 1000);
      const response = await fetch(target, {
        method: "POST",
        redirect: "manual",
        body,
        headers: { ...extra, "Content-Type": contentType, "Idempotency-Key": key },
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      await response.body?.cancel();
      if (response.ok) return undefined;
      const { status, statusText } = response;
      const message = `${target.origin} answered ${status} ${statusText}`.trimEnd();
      return { status, message, leastS: retryAfterS(response), again: isPassing(status) };
    } catch (error) {
      signal?.throwIfAborted();
      return { status: 0, message: (error as Error).message, leastS: 0, again: true };
    }
  }

  async function post(key: string, body: string): Promise<void> {
    for (let attempt = 1, waitS = firstWaitS;; attempt++, waitS *= 2) {
      signal?.throwIfAborted();
      const failure = await attemptOnce(key, body);
      if (failure === undefined) return;
      const { status, message, leastS, again } = failure;
      const goesOn = again && attempt < attempts;
      const retryInS = goesOn
        ? Math.max(Math.min(leastS, DAY_S), Math.min(waitS, longestWaitS))
        : undefined;
      onTrouble(Object.freeze({ key, attempt, status, message, retryInS }));
      if (retryInS === undefined) {
        throw new Error(`Alert ${key} was not delivered in ${attempt} tries: ${message}`);
      }
      await wait(retryInS, signal);
    }
  }

  return Object.freeze({
    name: `webhook ${target.origin}`,
    async send(messages: readonly AlertMessage[]): Promise<void> {
      for (const { alert } of messages) {
        const key = alertKey(alert);
        if (begun.has(key) && begun.get(key) === undefined) continue;
        const body = begun.get(key) ?? await encode(alert);
        begun.set(key, body);
        await post(key, body);
        begun.set(key, undefined);
      }
      begun.clear();
    },
    close: () => Promise.resolve(),
  });
}
