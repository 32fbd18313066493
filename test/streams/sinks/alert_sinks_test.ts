import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { alertKey, parseAlertLine } from "../../../src/alerts/mod.ts";
import {
  alertFileSink,
  alertStdoutSink,
  type AlertWebhookOptions,
  alertWebhookSink,
  type WebhookTrouble,
} from "../../../streams/sinks/mod.ts";
import { withFolder } from "../../src/cli/_observations.ts";
import { keysOf, messages } from "./_messages.ts";

const keysIn = async (path: string) =>
  (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) =>
    alertKey(parseAlertLine(line))
  );

Deno.test("alertFileSink() adds lines, leaves out what it has, also after it was opened again", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/alerts.jsonl`, all = messages(5);
    const first = await alertFileSink(path);
    await first.send(all.slice(0, 2));
    await first.send([...all.slice(0, 3), all[2]!]);
    await first.close();
    deepStrictEqual(await keysIn(path), keysOf(all.slice(0, 3)));
    const before = await Deno.readTextFile(path);
    const second = await alertFileSink(path);
    deepStrictEqual([second.found, second.cutOff], [3, ""]);
    await second.send(all);
    await second.close();
    const after = await Deno.readTextFile(path);
    ok(after.startsWith(before));
    deepStrictEqual(await keysIn(path), keysOf(all));
  });
});

Deno.test("alertFileSink() cuts off half a line at the end, wherever it was cut, and tells", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/alerts.jsonl`, all = messages(2);
    const whole = await alertFileSink(path);
    await whole.send(all);
    await whole.close();
    const bytes = await Deno.readFile(path), end = bytes.indexOf(10) + 1;
    for (let cut = end; cut < bytes.length; cut += 7) {
      await Deno.writeFile(path, bytes.subarray(0, cut));
      const sink = await alertFileSink(path);
      deepStrictEqual([sink.found, sink.cutOff.length], [1, cut - end]);
      strictEqual((await Deno.stat(path)).size, end);
      await sink.send(all);
      await sink.close();
      deepStrictEqual(await Deno.readFile(path), bytes);
    }
  });
});

Deno.test("alertFileSink() removes what a failed write left before it writes again", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/alerts.jsonl`, all = messages(4), { write } = Deno.FsFile.prototype;
    const sink = await alertFileSink(path);
    await sink.send(all.slice(0, 1));
    let nth = 0;
    Deno.FsFile.prototype.write = function (bytes) {
      return nth++ === 0
        ? write.call(this, bytes.subarray(0, 700))
        : Promise.reject(new Error("full"));
    };
    try {
      await rejects(sink.send(all.slice(0, 3)), /full/);
    } finally {
      Deno.FsFile.prototype.write = write;
    }
    ok((await Deno.readTextFile(path)).includes("transient-0"));
    await sink.send(all.slice(0, 2));
    deepStrictEqual(await keysIn(path), keysOf(all.slice(0, 2)));
    await sink.send(all);
    await sink.close();
    deepStrictEqual(await keysIn(path), keysOf(all));
  });
});

Deno.test("alertFileSink() leaves a file alone that holds something else", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/data.txt`, text = '{"format":"alert"}\ntime energy\n';
    await Deno.writeTextFile(path, text);
    await rejects(alertFileSink(path), { name: "SyntaxError", message: /data\.txt, line 1: / });
    strictEqual(await Deno.readTextFile(path), text);
    await rejects(alertFileSink(`${folder}/none/alerts.jsonl`), Deno.errors.NotFound);
  });
});

Deno.test("alertFileSink() refuses a file that is open already", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/alerts.jsonl`, sink = await alertFileSink(path);
    await rejects(alertFileSink(path), /another process/);
    await sink.close();
    await (await alertFileSink(path)).close();
  });
});

Deno.test("alertStdoutSink() writes whole lines where few bytes are taken at a time", async () => {
  const bytes: number[] = [];
  const write = (chunk: Uint8Array) => {
    bytes.push(...chunk.subarray(0, 7));
    return Promise.resolve(Math.min(7, chunk.length));
  };
  const all = messages(3);
  await alertStdoutSink({ write }).send(all);
  const lines = new TextDecoder().decode(Uint8Array.from(bytes)).trimEnd().split("\n");
  deepStrictEqual(lines.map((line) => parseAlertLine(line)), all.map(({ alert }) => alert));
});

/** A server that answers as told, a tuple a request, then 200; and what it was sent. */
async function withServer(
  answers: readonly (readonly [status: number, headers?: Record<string, string>])[],
  use: (url: string, seen: { key: string; body: string; headers: Headers }[]) => Promise<void>,
): Promise<void> {
  const seen: { key: string; body: string; headers: Headers }[] = [], rest = [...answers];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { headers } = request;
    seen.push({ key: headers.get("Idempotency-Key")!, body: await request.text(), headers });
    const [status, extra = {}] = rest.shift() ?? [200];
    return new Response(status === 204 ? null : "told", { status, headers: extra });
  });
  try {
    await use(`http://127.0.0.1:${server.addr.port}/in`, seen);
  } finally {
    await server.shutdown();
  }
}

/** Options that wait a millisecond, and the troubles that were told. */
function quick(more: AlertWebhookOptions = {}): {
  options: AlertWebhookOptions;
  troubles: WebhookTrouble[];
} {
  const troubles: WebhookTrouble[] = [];
  const onTrouble = (one: WebhookTrouble) => void troubles.push(one);
  return { options: { firstWaitS: 0.001, longestWaitS: 0.004, onTrouble, ...more }, troubles };
}

Deno.test("alertWebhookSink() posts messages in order, each with its key", async () => {
  await withServer([[200], [204], [202]], async (url, seen) => {
    const { options, troubles } = quick({ headers: { Authorization: "Bearer x" } }),
      all = messages(4);
    await alertWebhookSink(url, options).send(all);
    deepStrictEqual(seen.map(({ key }) => key), keysOf(all));
    deepStrictEqual(seen.map(({ body }) => parseAlertLine(body)), all.map(({ alert }) => alert));
    strictEqual(seen[0]!.headers.get("Content-Type"), "application/json");
    strictEqual(seen[0]!.headers.get("Authorization"), "Bearer x");
    deepStrictEqual(troubles, []);
  });
});

Deno.test("alertWebhookSink() tries again after 5xx, 429, 408, 425 and errors of its headers", async () => {
  await withServer([[500], [503], [429], [408], [425], [200]], async (url, seen) => {
    let asked = 0, made = 0;
    const headers = () => {
      if (asked++ === 0) throw new Error("no token");
      return {};
    };
    const { options, troubles } = quick({ headers, encode: () => `text ${made++}` });
    await alertWebhookSink(url, options).send(messages(2));
    const [a, b] = keysOf(messages(2));
    deepStrictEqual(seen.map(({ key, body }) => [key, body]), [
      ...Array(6).fill([a, "text 0"]),
      [b, "text 1"],
    ]);
    deepStrictEqual(troubles.map(({ status }) => status), [0, 500, 503, 429, 408, 425]);
    deepStrictEqual(troubles.map(({ attempt }) => attempt), [1, 2, 3, 4, 5, 6]);
    deepStrictEqual(troubles.map(({ retryInS }) => retryInS), [
      0.001,
      0.002,
      0.004,
      0.004,
      0.004,
      0.004,
    ]);
  });
});

Deno.test("alertWebhookSink() goes on trying where nobody answers, until its signal", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  const controller = new AbortController();
  const troubles: WebhookTrouble[] = [];
  const sink = alertWebhookSink(`http://127.0.0.1:${port}/`, {
    firstWaitS: 0.001,
    longestWaitS: 0.001,
    signal: controller.signal,
    onTrouble(one) {
      if (troubles.push(one) === 20) controller.abort(new Error("enough"));
    },
  });
  await rejects(sink.send(messages(1)), /enough/);
  strictEqual(troubles.length, 20);
  ok(troubles.every(({ status, retryInS }) => status === 0 && retryInS === 0.001));
});

Deno.test("alertWebhookSink() waits as long as Retry-After asks", async () => {
  const date = new Date(Date.now() + 90_000).toUTCString();
  for (
    const [value, least, most] of [["120", 120, 120], [date, 85, 90], [
      "soon",
      0.001,
      0.001,
    ]] as const
  ) {
    await withServer([[503, { "Retry-After": value }]], async (url) => {
      const controller = new AbortController();
      const told: WebhookTrouble[] = [];
      const onTrouble = (one: WebhookTrouble) => {
        told.push(one);
        controller.abort(new Error("enough"));
      };
      const { options } = quick({ signal: controller.signal, onTrouble });
      await rejects(alertWebhookSink(url, options).send(messages(1)), /enough/);
      ok(told[0]!.retryInS! >= least && told[0]!.retryInS! <= most, `${told[0]!.retryInS}`);
    });
  }
});

Deno.test("alertWebhookSink() rejects where it is refused, and goes on there with the next send", async () => {
  await withServer([[200], [403]], async (url, seen) => {
    const { options, troubles } = quick(), sink = alertWebhookSink(url, options), all = messages(4);
    await rejects(sink.send(all.slice(0, 3)), /transient-0:1 was not delivered.*403/);
    deepStrictEqual(troubles.map(({ status, retryInS }) => [status, retryInS]), [[403, undefined]]);
    await sink.send(all);
    const [a, b, c, d] = keysOf(all);
    deepStrictEqual(seen.map(({ key }) => key), [a, b, b, c, d]);
  });
});

Deno.test("alertWebhookSink() follows no redirection, which would lose the message", async () => {
  await withServer([[302, { Location: "/elsewhere" }]], async (url, seen) => {
    const { options } = quick();
    await rejects(alertWebhookSink(url, options).send(messages(1)), /302/);
    strictEqual(seen.length, 1);
  });
});

Deno.test("alertWebhookSink() gives up after its attempts, where it has some", async () => {
  await withServer([[500], [500], [500]], async (url, seen) => {
    const { options, troubles } = quick({ attempts: 3 });
    await rejects(alertWebhookSink(url, options).send(messages(1)), /in 3 tries.*500/);
    deepStrictEqual([seen.length, troubles.length, troubles[2]!.retryInS], [3, 3, undefined]);
  });
});

Deno.test("alertWebhookSink() tries again where an answer takes too long", async () => {
  let n = 0;
  const pending: (() => void)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async () => {
    if (n++ === 0) await new Promise<void>((resolve) => pending.push(resolve));
    return new Response();
  });
  const { options, troubles } = quick({ timeoutS: 0.1 });
  await alertWebhookSink(`http://127.0.0.1:${server.addr.port}/`, options).send(messages(1));
  strictEqual(n, 2);
  match(troubles[0]!.message, /time/i);
  pending.forEach((resolve) => resolve());
  await server.shutdown();
});

Deno.test("alertWebhookSink() refuses what is no address, and waits that are none", () => {
  throws(() => alertWebhookSink("example.org"), TypeError);
  throws(() => alertWebhookSink("https://example.org", { firstWaitS: 0 }), /firstWaitS/);
  throws(() => alertWebhookSink("https://example.org", { attempts: NaN }), /attempts/);
});

Deno.test("alertWebhookSink() tells no secret of its address", () => {
  strictEqual(
    alertWebhookSink("https://u:p@example.org/T0/secret?k=1").name,
    "webhook https://example.org",
  );
});
