/** The page's server: what it serves, to whom, and what a page that comes back gets. */
import {
  deepStrictEqual,
  match,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { type MonitorView, newInView, serveMonitor } from "../../../streams/monitor/mod.ts";

/** A view with bins 0 to n − 1 and as many alerts. */
function viewOf(n: number): MonitorView {
  const bins = Array.from({ length: n }, (_, i) => i);
  return {
    title: "test",
    phase: "running",
    curve: { widthS: 1, originS: 0, bins, livetimeS: bins.map(() => 1), counts: [bins] },
    detectors: [{ name: "d", bins, significance: bins, now: [], steady: [] }],
    alerts: bins.map((seq) => ({ seq, alert: { id: `${seq}` } })),
  } as unknown as MonitorView;
}

interface PageEvent {
  readonly id: string;
  readonly event: string;
  readonly data: MonitorView;
}

/** Takes events until there are so many. */
async function events(
  url: string,
  most: number,
  headers: Record<string, string> = {},
): Promise<PageEvent[]> {
  const stop = new AbortController(), found: PageEvent[] = [];
  const response = await fetch(url + "events", { headers, signal: stop.signal });
  match(response.headers.get("content-type")!, /^text\/event-stream/);
  let text = "";
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split("\n\n");
      text = parts.pop()!;
      for (const part of parts) {
        const fields = Object.fromEntries(
          part.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)),
        );
        if (fields.data !== undefined) found.push({ ...fields, data: JSON.parse(fields.data) });
      }
      if (found.length >= most) break;
    }
  } finally {
    stop.abort();
  }
  return found;
}

/** A request with headers that fetch does not let a program set. */
async function raw(port: number, head: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(head + "Connection: close\r\n\r\n"));
  return await new Response(connection.readable).text().catch(() => "");
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

Deno.test("serveMonitor() serves a page that may load nothing from elsewhere", async () => {
  const server = await serveMonitor();
  try {
    const page = await fetch(server.url);
    strictEqual(page.status, 200);
    match(page.headers.get("content-type")!, /^text\/html/);
    const policy = page.headers.get("content-security-policy")!;
    match(policy, /default-src 'none'/);
    ok(!/unsafe|https?:|\*/.test(policy), policy);
    const html = await page.text();
    ok(!/https?:\/\//.test(html), "no address of another site");
    ok(!/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/.test(html), "nothing inline");
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await fetch(new URL(path!, server.url));
      strictEqual(file.status, 200, path);
      const expected = { js: /javascript/, css: /css/, svg: /svg/ }[path!.split(".").pop()!]!;
      match(file.headers.get("content-type")!, expected);
      strictEqual(file.headers.get("x-content-type-options"), "nosniff");
      ok(!/\beval\(|new Function/.test(await file.text()), `${path} evaluates text`);
    }
    for (const path of ["charts.js", "sky.js", "uplot.js"]) {
      const file = await fetch(server.url + path);
      match(file.headers.get("content-type")!, /javascript/);
      await file.body?.cancel();
    }
    const missing = await fetch(server.url + "../../deno.json");
    strictEqual(missing.status, 404);
    await missing.body?.cancel();
    const early = await fetch(server.url + "api/state");
    strictEqual(early.status, 503);
    await early.body?.cancel();
    server.publish(viewOf(3));
    const state = await fetch(server.url + "api/state");
    deepStrictEqual(await state.json(), JSON.parse(JSON.stringify(viewOf(3))));
  } finally {
    await server.close();
  }
});

Deno.test("serveMonitor() refuses other sites, other names, and changes", async () => {
  const server = await serveMonitor(), port = Number(new URL(server.url).port);
  try {
    server.publish(viewOf(1));
    const ask = async (first: string, host: string, more = "") =>
      statusOf(await raw(port, `${first} HTTP/1.1\r\nHost: ${host}\r\n${more}`));
    const own = `127.0.0.1:${port}`;
    strictEqual(await ask("GET /api/state", own), 200);
    strictEqual(await ask("GET /api/state", `localhost:${port}`), 200);
    strictEqual(await ask("GET /api/state", "evil.example"), 403);
    strictEqual(await ask("GET /api/state", `127.0.0.1.evil.example:${port}`), 403);
    strictEqual(await ask("GET /api/state", own, `Origin: http://${own}\r\n`), 200);
    for (const path of ["/", "/events", "/api/state"]) {
      strictEqual(await ask(`GET ${path}`, own, "Origin: https://evil.example\r\n"), 403);
      strictEqual(await ask(`GET ${path}`, own, "Origin: null\r\n"), 403);
      strictEqual(await ask(`POST ${path}`, own, "Content-Length: 0\r\n"), 405);
    }
  } finally {
    await server.close();
  }
});

Deno.test("serveMonitor() wants a token beyond this machine, and takes it in two ways", async () => {
  await rejects(serveMonitor({ hostname: "0.0.0.0" }), /token/);
  await rejects(serveMonitor({ token: "short" }), /16 characters/);
  const token = "0123456789abcdef";
  const server = await serveMonitor({ token }), port = Number(new URL(server.url).port);
  try {
    server.publish(viewOf(1));
    const ask = (path: string, more = "") =>
      raw(port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${more}`);
    for (const path of ["/", "/events", "/api/state", "/app.js", "/?token=0123456789abcdeX"]) {
      strictEqual(statusOf(await ask(path)), 401, path);
    }
    strictEqual(statusOf(await ask("/api/state", `Authorization: Bearer ${token}x\r\n`)), 401);
    strictEqual(statusOf(await ask("/api/state", `Authorization: Bearer ${token}\r\n`)), 200);
    const foreign = "Origin: https://evil.example\r\n";
    strictEqual(statusOf(await ask("/api/state", foreign)), 403);
    strictEqual(
      statusOf(await ask("/api/state", `${foreign}Authorization: Bearer ${token}\r\n`)),
      200,
    );
    const welcome = await ask(`/?token=${token}`);
    strictEqual(statusOf(welcome), 303);
    match(welcome, /location: \/\r\n/i);
    const [, cookie, flags] = /set-cookie: ([^;]+);([^\r]*)/i.exec(welcome)!;
    match(flags!, /HttpOnly; SameSite=Strict/);
    strictEqual(statusOf(await ask("/", `Cookie: other=1; ${cookie}\r\n`)), 200);
    strictEqual(statusOf(await ask("/", `Cookie: ${cookie}; x=y\r\n${foreign}`)), 403);
    strictEqual(statusOf(await ask("/", `Cookie: ${cookie}x\r\n`)), 401);
  } finally {
    await server.close();
  }
});

Deno.test("serveMonitor() sends a page that comes back what it missed, or everything", async () => {
  const server = await serveMonitor();
  try {
    server.publish(viewOf(2));
    const [first] = await events(server.url, 1);
    strictEqual(first!.event, "state");
    deepStrictEqual(first!.data.curve.bins, [0, 1]);
    server.publish(viewOf(4));
    server.publish(viewOf(5));
    const missed = await events(server.url, 2, { "last-event-id": first!.id });
    deepStrictEqual(missed.map(({ event }) => event), ["update", "update"]);
    deepStrictEqual(missed.map(({ data }) => data.curve.bins), [[1, 2, 3], [3, 4]]);
    deepStrictEqual(missed.map(({ data }) => data.alerts.map(({ seq }) => seq)), [[2, 3], [4]]);
    for (const id of ["other-1", `${first!.id}0`, "", "nonsense"]) {
      const [again] = await events(server.url, 1, { "last-event-id": id });
      strictEqual(again!.event, "state", id);
      deepStrictEqual(again!.data.curve.bins, [0, 1, 2, 3, 4]);
    }
    for (let n = 0; n < 300; n++) server.publish(viewOf(5));
    const [late] = await events(server.url, 1, { "last-event-id": first!.id });
    strictEqual(late!.event, "state");
    const next = events(server.url, 2);
    const timer = setInterval(() => server.publish(viewOf(6)), 20);
    const [state, update] = await next.finally(() => clearInterval(timer));
    notStrictEqual(state!.id, update!.id);
    strictEqual(state!.event, "state");
    strictEqual(update!.event, "update");
    strictEqual(update!.data.curve.bins.at(-1), 5);
  } finally {
    await server.close();
  }
});

Deno.test("newInView() holds the bins that late events have changed", () => {
  const before = viewOf(6), counts = [0, 1, 9, 3, 4, 5];
  const view = { ...viewOf(6), curve: { ...before.curve, counts: [counts] } };
  deepStrictEqual(newInView(view, before).curve.bins, [2, 3, 4, 5]);
  deepStrictEqual(newInView(before, before).curve.bins, [5]);
});
