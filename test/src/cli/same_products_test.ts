/** However events come in, the products are the same, byte for byte. */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { StreamItem } from "../../../src/data/mod.ts";
import { openEventList } from "../../../src/events/mod.ts";
import { memorySource, openFits } from "../../../src/fits/mod.ts";
import {
  followFile,
  itemsOfLines,
  linesOf,
  linesSource,
  memoryItems,
  observationsSource,
  openSource,
  replay,
} from "../../../streams/sources/mod.ts";
import { dataTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";
import { ended, gammarx, start } from "./_gammarx.ts";
import {
  argsOf,
  FLAGS,
  gzipped,
  type Products,
  readProducts,
  sameProducts,
  serveFile,
  streamed,
  type Subject,
  SUBJECTS,
  withFolder,
  writeInPieces,
} from "./_observations.ts";

async function itemsOf(path: string): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  for await (const item of (await openSource([path], { batchRows: 1000 })).items()) {
    items.push(item);
  }
  return items;
}

/** Lines as bytes, cut anywhere. */
async function* cutLines(items: readonly StreamItem[], seed: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(items.map(linesOf).join(""));
  const random = mulberry32(seed);
  for (let at = 0; at < bytes.length;) {
    const to = Math.min(bytes.length, at + 1 + Math.floor(random() ** 3 * 50_000));
    yield bytes.slice(at, to);
    at = to;
    await Promise.resolve();
  }
}

async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
}

interface Given {
  readonly folder: string;
  /** Path of the plain file. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly expected: Products;
}

function eachSubject(
  name: string,
  test: (given: Given, t: Deno.TestContext) => Promise<void>,
): void {
  for (const subject of SUBJECTS) {
    dataTest(`${name} (${subject.name})`, subject.needs, (t) => withSubject(subject, t, test));
  }
}

async function withSubject(
  subject: Subject,
  t: Deno.TestContext,
  test: (given: Given, t: Deno.TestContext) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const bytes = await subject.bytes(), path = `${folder}/run.fits`;
    await Deno.writeFile(path, bytes);
    await test({ folder, path, bytes, expected: await streamed(await openSource([path])) }, t);
  });
}

eachSubject("every source gives the same products", async (given, t) => {
  const { folder, path, bytes, expected } = given;
  ok(expected.size >= 11, [...expected.keys()].join(" "));
  const same = (products: Products, what: string) => sameProducts(products, expected, what);
  await t.step("compressed file", async () => {
    await Deno.writeFile(`${folder}/run.fits.gz`, await gzipped(bytes));
    same(await streamed(await openSource([`${folder}/run.fits.gz`])), "gz");
  });
  await t.step("FITS in memory", async () => {
    const open = async () => await openEventList(await openFits(memorySource(bytes)));
    same(await streamed(await observationsSource([open])), "memory");
  });
  const items = await itemsOf(path);
  // The lines do not carry the account of what was rejected before: compare with the same items.
  const untold = items.map((item) => item.kind === "batch" ? { ...item, rejected: {} } : item);
  await t.step("items in memory", async () => same(await streamed(memoryItems(items)), "items"));
  await t.step("lines of JSON, cut anywhere", async () => {
    const wanted = await streamed(memoryItems(untold));
    for (const seed of [1, 2, 3]) {
      const back: StreamItem[] = [];
      for await (const item of itemsOfLines(textOf(cutLines(items, seed)))) back.push(item);
      sameProducts(await streamed(memoryItems(back)), wanted, `items of lines, seed ${seed}`);
      const source = await linesSource(ReadableStream.from(cutLines(items, seed)));
      sameProducts(await streamed(source), wanted, `lines source, seed ${seed}`);
    }
  });
  await t.step("replayed", async () => {
    const fast = { speed: 1e9, tickS: 1e-9 };
    same(await streamed(replay(memoryItems(items), fast)), "replayed items");
    same(await streamed(replay(await openSource([path]), fast)), "replayed file");
  });
  for (const ranges of [true, false]) {
    await t.step(`web address ${ranges ? "with" : "without"} ranges`, async () => {
      for (const served of [bytes, await gzipped(bytes)]) {
        const server = serveFile(served, { ranges });
        try {
          same(await streamed(await openSource([server.url], { blockBytes: 4096 })), server.url);
          ok(server.requests() >= (ranges ? 2 : 1), `${server.requests()} requests`);
        } finally {
          await server.stop();
        }
      }
    });
  }
  await t.step("growing file, cut anywhere", async () => {
    for (const seed of [1, 2, 3]) {
      const growing = `${folder}/growing${seed}.fits`;
      const writing = writeInPieces(growing, bytes, {
        first: seed === 3 ? 2000 : 14400,
        nWrites: 7,
        seed,
        pauseMs: 15,
      });
      same(await streamed(await followFile(growing, { pollS: 0.003 })), `growing, seed ${seed}`);
      await writing;
    }
  });
});

eachSubject("every cut into batches gives the same products", async ({ path, expected }) => {
  for (const batchRows of [1, 7, 4096, 65536]) {
    const products = await streamed(await openSource([path], { batchRows }));
    sameProducts(products, expected, `batches of ${batchRows}`);
  }
});

eachSubject("gammarx stream gives the same products from every source", async (given, t) => {
  const { folder, path, bytes, expected } = given;
  const stream = async (
    what: string,
    args: readonly string[],
    stdin?: AsyncIterable<Uint8Array>,
  ) => {
    const out = `${folder}/out`;
    const ran = await gammarx(["stream", ...args, ...argsOf(FLAGS), "--out", out], stdin);
    strictEqual(ran.code, 0, `${what}: ${ran.stderr}`);
    const products = readProducts(out);
    await Deno.remove(out, { recursive: true });
    return products;
  };
  await t.step("file, in batches of 7", async () => {
    const products = await stream("file", [path, "--batch-rows", "7"]);
    sameProducts(products, expected, "file");
    for (const [name, file] of products) {
      const text = new TextDecoder("latin1").decode(file);
      ok(!text.includes(folder), `${name} holds a path`);
      ok(!text.includes(new Date().toISOString().slice(0, 10)), `${name} holds the date`);
    }
  });
  await t.step("compressed file", async () => {
    await Deno.writeFile(`${folder}/run.fits.gz`, await gzipped(bytes));
    sameProducts(await stream("gz", [`${folder}/run.fits.gz`]), expected, "gz");
  });
  await t.step("web address", async () => {
    const server = serveFile(await gzipped(bytes), { ranges: true });
    sameProducts(await stream("http", [server.url]), expected, "http");
    await server.stop();
  });
  await t.step("lines on stdin", async () => {
    const items = await itemsOf(path);
    const untold = items.map((item) => item.kind === "batch" ? { ...item, rejected: {} } : item);
    const wanted = await streamed(memoryItems(untold));
    sameProducts(await stream("stdin", ["-"], cutLines(items, 5)), wanted, "stdin");
  });
  await t.step("growing file", async () => {
    const growing = `${folder}/growing.fits`;
    const writing = writeInPieces(growing, bytes, {
      first: 14400,
      nWrites: 7,
      seed: 9,
      pauseMs: 120,
    });
    sameProducts(await stream("follow", [growing, "--follow"]), expected, "follow");
    await writing;
  });
});

Deno.test("gammarx stream --follow ends at Ctrl-C with valid products and exit code 130", async () => {
  await withFolder(async (folder) => {
    const bytes = await SUBJECTS[0]!.bytes(), path = `${folder}/run.fits`, out = `${folder}/out`;
    await Deno.writeFile(path, bytes.subarray(0, 40_000));
    const checkpoint = `${folder}/state`, rest = [...argsOf(FLAGS), "--checkpoint", checkpoint];
    const child = start(["stream", path, "--follow", ...rest, "--out", out, "--json"]);
    await new Promise((wake) => setTimeout(wake, 1500));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended(child);
    strictEqual(code, 130, stderr);
    const document = JSON.parse(stdout);
    ok(document.account.read > 100 && document.account.read < 1500, stdout);
    const written = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
    deepStrictEqual(written.account, document.account);
    strictEqual(document.files.length, readProducts(out).size);
    // The file grows whole meanwhile; the run is taken up, and comes to the same as if never stopped.
    await Deno.writeFile(path, bytes);
    const again = await gammarx(["stream", path, "--follow", ...rest, "--out", out, "--resume"]);
    strictEqual(again.code, 0, again.stderr);
    sameProducts(readProducts(out), await streamed(await openSource([path])), "taken up");
    const ready = await gammarx(["stream", path, "--follow", ...rest, "--out", out, "--resume"]);
    strictEqual(ready.code, 0, ready.stderr);
    sameProducts(readProducts(out), await streamed(await openSource([path])), "taken up again");
  });
});

Deno.test("gammarx stream ends at Ctrl-C while it waits for stdin or for a file", async () => {
  const waiting = start(["stream", "-", "--epoch", "51910"], "piped");
  const writer = waiting.stdin.getWriter();
  await writer.write(new TextEncoder().encode('{"timeS":1}\n'));
  const missing = start(["stream", "no-such-file.fits", "--follow"]);
  await new Promise((wake) => setTimeout(wake, 1500));
  waiting.kill("SIGINT");
  missing.kill("SIGINT");
  const [first, second] = await Promise.all([ended(waiting), ended(missing)]);
  await writer.abort().catch(() => {});
  strictEqual(first.code, 130, first.stderr);
  ok(first.stdout.includes("1 used of 1 read"), first.stdout);
  strictEqual(second.code, 130, second.stderr);
  strictEqual(second.stderr, "");
});

Deno.test("gammarx stream gives another light curve for another width", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/run.fits`;
    await Deno.writeFile(path, await SUBJECTS[0]!.bytes());
    const [one, other] = await Promise.all(
      ["60s", "120s"].map((width) => gammarx(["stream", path, "--lightcurve", width, "--json"])),
    );
    notStrictEqual(one!.stdout, other!.stdout); // the comparisons above could fail
  });
});
