import { type MonitorView, newInView } from "./monitor_view.ts";
import { doorOf } from "./_door.ts";
import { pageFiles } from "./_page_files.ts";

/** Where a monitor is shown. */
export interface ServeMonitorOptions {
  /** Address; 127.0.0.1. Any that is not this machine alone needs a token. */
  readonly hostname?: string | undefined;
  /** Port; 0 takes a free one. */
  readonly port?: number | undefined;
  /** What those must show who look: as `Authorization: Bearer …`, or once as `?token=…`. */
  readonly token?: string | undefined;
  /** Names under which the page may be asked for, beside the address: "monitor.example.org". */
  readonly hosts?: readonly string[] | undefined;
}

/** A page that shows a monitor. */
export interface MonitorServer {
  /** Where it is: "http://127.0.0.1:8080/". */
  readonly url: string;
  /** Shows a view; pages get what is new. */
  readonly publish: (view: MonitorView) => void;
  /** Pages that look. */
  readonly nClients: () => number;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
}

/** Events that a page may have missed and is sent; with more missing it gets the whole view. */
const KEPT_EVENTS = 256;
const MOST_CLIENTS = 64;
/** A page that takes no more than this at once is let go; it comes back by itself. */
const MOST_QUEUED = 64;

interface Client {
  readonly send: (text: string) => void;
  readonly end: () => void;
}

/**
 * Serves a live page of a monitor: `/` the page, `/events` its changes (server-sent events),
 * `/api/state` all of it as JSON. Nothing can be changed from outside, and the page loads nothing from
 * anywhere else. A page that lost its connection gets what it missed, or everything.
 *
 * @param options Address and token.
 * @returns The server; it serves when the promise resolves.
 * @throws RangeError for an address beyond this machine without a token of 16 characters or more; the
 *   system's error for one that is taken.
 * @example
 * ```ts
 * import { serveMonitor } from "@gammarx/gammarx/monitor";
 * import { rejects } from "node:assert/strict";
 * await rejects(serveMonitor({ hostname: "0.0.0.0" }), /token/);
 * ```
 */
export async function serveMonitor(options: ServeMonitorOptions = {}): Promise<MonitorServer> {
  const { hostname = "127.0.0.1", port = 0 } = options;
  const door = doorOf({ ...options, hostname }), files = await pageFiles();
  const generation = crypto.randomUUID().slice(0, 8), clients = new Set<Client>();
  let latest: MonitorView | undefined, n = 0;
  let kept: { readonly n: number; readonly text: string }[] = [];
  const eventText = (kind: "state" | "update", view: MonitorView) =>
    `id: ${generation}-${n}\nevent: ${kind}\ndata: ${JSON.stringify(view)}\n\n`;
  /** What a page needs that has seen an event. */
  const catchUp = (lastId: string | null): string => {
    const [seen, number] = lastId?.split("-") ?? [];
    const missed = kept.filter((one) => one.n > Number(number));
    const isKnown = seen === generation && /^\d+$/.test(number ?? "") &&
      Number(number) <= n && missed.length === n - Number(number);
    if (isKnown) return missed.map(({ text }) => text).join("");
    return latest === undefined ? "" : eventText("state", latest);
  };
  const events = (request: Request): Response => {
    if (clients.size >= MOST_CLIENTS) return new Response("too many pages look\n", { status: 503 });
    let client: Client | undefined;
    const utf8 = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const end = () => {
          if (!clients.delete(client!)) return;
          try {
            controller.close();
          } catch {
            // the page has gone
          }
        };
        client = {
          end,
          send(text) {
            if ((controller.desiredSize ?? 0) <= -MOST_QUEUED) return end();
            controller.enqueue(utf8.encode(text));
          },
        };
        clients.add(client);
        client.send("retry: 500\n\n" + catchUp(request.headers.get("last-event-id")));
      },
      cancel: () => void clients.delete(client!),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
  };
  const answer = (request: Request): Response => {
    const path = new URL(request.url).pathname;
    if (path === "/events") return events(request);
    if (path === "/api/state") {
      return latest === undefined
        ? Response.json({ phase: "starting" }, { status: 503 })
        : Response.json(latest);
    }
    const file = files.get(path);
    if (file === undefined) return new Response("not found\n", { status: 404 });
    return new Response(file.text, { headers: { "content-type": file.type } });
  };
  const server = Deno.serve({ hostname, port, onListen: () => {} }, (request) => {
    const response = door(request) ?? answer(request);
    for (const [name, value] of SAFE) response.headers.set(name, value);
    return response;
  });
  const shownHost = hostname.includes(":") ? `[${hostname}]` : hostname;
  return Object.freeze({
    url: `http://${shownHost}:${server.addr.port}/`,
    publish(view: MonitorView): void {
      n++;
      const text = latest === undefined
        ? eventText("state", view)
        : eventText("update", newInView(view, latest));
      latest = view;
      kept = [...kept.slice(1 - KEPT_EVENTS), { n, text }];
      for (const client of clients) client.send(text);
    },
    nClients: () => clients.size,
    async close(): Promise<void> {
      for (const client of [...clients]) client.end();
      await server.shutdown();
    },
  });
}

const SAFE: readonly (readonly [string, string])[] = [
  [
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cache-control", "no-store"],
];
