/** Every source gives the same bytes for the same place, in any order of reads. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  type ByteSource,
  encodeFits,
  fileSource,
  FitsFormatError,
  growingFileSource,
  gunzipSource,
  httpSource,
  memorySource,
  openByteSource,
  openFits,
  openFitsFile,
  streamSource,
  writeFileAtomic,
} from "../../../src/fits/mod.ts";

/** Bytes that compress somewhat and differ everywhere. */
function sample(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    bytes[i] = (state >>> 16) & 0x3f;
  }
  return bytes;
}

const PLACES: [number, number][] = [
  [0, 10],
  [1e6, 100],
  [5, 5],
  [2_999_990, 100],
  [3e6, 10],
  [
    4e6,
    1,
  ],
  [100, 0],
  [262_100, 300_000],
  [0, 3e6],
  [1_234_567, 1_000_000],
];

async function checkReads(source: ByteSource, bytes: Uint8Array): Promise<void> {
  for (const [offset, length] of PLACES) {
    const read = await source.read(offset, length);
    assert.deepEqual(read, bytes.subarray(offset, offset + length), `${length} at ${offset}`);
  }
  const together = await Promise.all(PLACES.map(([o, n]) => source.read(o, n)));
  for (const [i, [offset, length]] of PLACES.entries()) {
    assert.deepEqual(together[i], bytes.subarray(offset, offset + length));
  }
  await assert.rejects(() => source.read(-1, 5), RangeError);
  await assert.rejects(() => source.read(0, 1.5), RangeError);
  source.close();
  source.close();
  await assert.rejects(() => source.read(0, 5), TypeError);
}

const BYTES = sample(3_000_000);

Deno.test("memorySource() reads any place", async () => {
  await checkReads(memorySource(BYTES), BYTES);
});

Deno.test("streamSource() reads any place, and no more than maxBytes", async () => {
  const parts = function* () {
    for (let at = 0; at < BYTES.length; at += 77_777) yield BYTES.subarray(at, at + 77_777);
  };
  const stream = () => ReadableStream.from(parts());
  await checkReads(streamSource(stream()), BYTES);
  using small = streamSource(stream(), { name: "body", maxBytes: 200_000 });
  assert.equal((await small.read(0, 100_000)).length, 100_000);
  await assert.rejects(() => small.read(0, 300_000), /body.*maxBytes = 200000/);
});

Deno.test("streamSource() cancels its stream when it is closed", async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => {
      cancelled = true;
    },
  });
  const source = streamSource(stream);
  await source.read(0, 5);
  source.close();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert(cancelled);
});

Deno.test("fileSource() and openByteSource() read any place", async () => {
  const path = await Deno.makeTempFile(), gz = await Deno.makeTempFile();
  await Deno.writeFile(path, BYTES);
  await Deno.writeFile(gz, gzipSync(BYTES));
  await checkReads(fileSource(path), BYTES);
  await checkReads(await openByteSource(path), BYTES);
  await checkReads(await openByteSource(new URL(`file://${path}`)), BYTES);
  await checkReads(await openByteSource(gz), BYTES); // by its bytes, not by its name
  assert.throws(() => fileSource(`${path}.none`), Deno.errors.NotFound);
  await Deno.remove(path);
  await Deno.remove(gz);
});

Deno.test("growingFileSource() sees what is written after it was opened", async () => {
  const path = await Deno.makeTempFile();
  {
    using growing = growingFileSource(path);
    using fixed = fileSource(path);
    await Deno.writeFile(path, new Uint8Array([1, 2, 3]));
    assert.deepEqual(await growing.read(1, 10), new Uint8Array([2, 3]));
    assert.equal((await fixed.read(0, 10)).length, 0);
  }
  await Deno.remove(path);
});

Deno.test("gunzipSource() reads any place, whatever its cache", async () => {
  const packed = gzipSync(BYTES);
  for (const cacheBytes of [0, 300_000, 1_500_000, 1e9]) {
    await checkReads(gunzipSource(memorySource(packed), { cacheBytes }), BYTES);
  }
  await checkReads(gunzipSource(memorySource(BYTES)), BYTES); // not gzip: as it stands
});

Deno.test("gunzipSource() restarts for data before its window", async () => {
  const bytes = sample(40_000_000), packed = gzipSync(bytes, { level: 1 });
  using source = gunzipSource(memorySource(packed), { cacheBytes: 1_000_000 });
  for (const offset of [39e6, 20e6, 0, 38e6, 2e6]) {
    assert.deepEqual(await source.read(offset, 100), bytes.subarray(offset, offset + 100));
  }
  assert.deepEqual(await source.read(0, 40_000_000), bytes);
  assert.equal(await source.size(), undefined); // nobody has asked for more yet
  assert.equal((await source.read(40_000_000, 1)).length, 0);
  assert.equal(await source.size(), 40_000_000);
});

Deno.test("gunzipSource() reads several members one after the other (RFC 1952 §2.2)", async () => {
  const half = BYTES.length / 2;
  const packed = new Uint8Array([
    ...gzipSync(BYTES.subarray(0, half)),
    ...gzipSync(BYTES.subarray(half)),
  ]);
  await checkReads(gunzipSource(memorySource(packed)), BYTES);
});

Deno.test("gunzipSource() decompresses only as far as it was asked for", async () => {
  const noise = randomBytes(20_000_000), packed = gzipSync(noise, { level: 1 });
  let furthest = 0;
  const inner = memorySource(packed);
  const watched: ByteSource = {
    ...inner,
    read: (offset, length) => {
      furthest = Math.max(furthest, offset + length);
      return inner.read(offset, length);
    },
  };
  using source = gunzipSource(watched);
  await source.read(0, 1_000_000);
  assert(furthest < 3_000_000, `${furthest} compressed bytes were read`);
});

Deno.test("gunzipSource() turns corrupted, cut and swollen data into FitsFormatError", async () => {
  const packed = gzipSync(BYTES);
  const damaged = packed.slice();
  damaged.fill(0xff, packed.length / 2, packed.length / 2 + 100);
  for (const bytes of [damaged, packed.subarray(0, packed.length / 2), packed.subarray(0, 12)]) {
    using source = gunzipSource(memorySource(bytes, "bad.gz"));
    await assert.rejects(() => source.read(0, 3e6), (error) => {
      assert(error instanceof FitsFormatError);
      assert.match(error.message, /bad\.gz.*gzip data are corrupted or cut/);
      return true;
    });
    await assert.rejects(() => source.read(0, 3e6), FitsFormatError); // and again
  }
  const bomb = gzipSync(new Uint8Array(50_000_000));
  using source = gunzipSource(memorySource(bomb), { maxBytes: 1_000_000 });
  await assert.rejects(() => source.read(0, 50_000_000), /maxBytes = 1000000/);
});

interface Served {
  readonly url: string;
  readonly requests: string[];
  stop(): Promise<void>;
}

function serve(bytes: () => Uint8Array<ArrayBuffer>, ranges: boolean, tag = () => '"a"'): Served {
  const requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.get("range") ?? "");
    requests.push(range?.[0] ?? "all");
    if (request.url.endsWith("none")) return new Response("no", { status: 404 });
    if (!ranges || range === null) return new Response(bytes());
    const size = bytes().length, from = Number(range[1]), to = Math.min(Number(range[2]), size - 1);
    if (from >= size) {
      return new Response("", {
        status: 416,
        headers: { "content-range": `bytes */${size}`, etag: tag() },
      });
    }
    return new Response(bytes().subarray(from, to + 1), {
      status: 206,
      headers: { "content-range": `bytes ${from}-${to}/${size}`, etag: tag() },
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/a.fits`,
    requests,
    stop: () => server.shutdown(),
  };
}

Deno.test("httpSource() reads any place by ranges, with few requests", async () => {
  const server = serve(() => BYTES, true);
  await checkReads(httpSource(server.url), BYTES);
  assert(server.requests.length <= 4, server.requests.join());
  await checkReads(httpSource(server.url, { blockBytes: 1000, cacheBlocks: 3 }), BYTES);
  server.requests.length = 0;
  using source = httpSource(server.url);
  await source.read(0, 2880);
  await source.read(2880, 10_000);
  assert.deepEqual(server.requests, ["bytes=0-1048575"]);
  assert.equal(await source.size(), 3_000_000);
  using end = httpSource(server.url);
  assert.equal((await end.read(9_000_000, 10)).length, 0);
  assert.equal(await end.size(), 3_000_000);
  await server.stop();
});

Deno.test("httpSource() takes the whole body from a server without ranges", async () => {
  const server = serve(() => BYTES, false);
  await checkReads(httpSource(server.url), BYTES);
  assert.equal(server.requests.length, 1);
  await server.stop();
});

Deno.test("httpSource() says so when the file is missing or changes", async () => {
  let tag = '"one"';
  const server = serve(() => BYTES, true, () => tag);
  using missing = httpSource(`${server.url}none`);
  await assert.rejects(() => missing.read(0, 10), /404/);
  using source = httpSource(server.url);
  await source.read(0, 10);
  tag = '"two"';
  await assert.rejects(() => source.read(2_500_000, 10), /changed on the server/);
  await server.stop();
});

Deno.test("openFitsFile() opens a compressed file from the web", async () => {
  const bytes = gzipSync(encodeFits([{ kind: "image", data: new Int16Array([3]), shape: [1] }]));
  const server = serve(() => new Uint8Array(bytes), true);
  using file = await openFitsFile(server.url);
  assert.equal((await file.hdus()).length, 1);
  await server.stop();
});

Deno.test("openFits() reads HDU 1 without reading what is behind its data", async () => {
  const columns = [{ name: "TIME", values: new Float64Array(1000) }];
  const bytes = encodeFits([
    { kind: "bintable", name: "EVENTS", columns },
    { kind: "image", name: "IRF", data: new Float64Array(100_000) },
  ]);
  let furthest = 0;
  const inner = memorySource(bytes);
  using file = await openFits({
    ...inner,
    read: (offset, length) => {
      furthest = Math.max(furthest, offset + length);
      return inner.read(offset, length);
    },
  });
  await file.hdu("EVENTS");
  assert(furthest < 20_000, `${furthest} bytes were read`);
});

Deno.test("writeFileAtomic() replaces a file and leaves it alone when it fails", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/a.fits`;
  await writeFileAtomic(path, [new Uint8Array([1]), new Uint8Array([2, 3])]);
  assert.deepEqual(await Deno.readFile(path), new Uint8Array([1, 2, 3]));
  const failing = async function* () {
    yield new Uint8Array([9]);
    await Promise.resolve();
    throw new Error("no more");
  };
  await assert.rejects(() => writeFileAtomic(path, failing()), /no more/);
  assert.deepEqual(await Deno.readFile(path), new Uint8Array([1, 2, 3]));
  assert.deepEqual([...Deno.readDirSync(folder)].map((e) => e.name), ["a.fits"]);
  await Deno.remove(folder, { recursive: true });
});
