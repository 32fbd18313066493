/** Simulated observations, what is made of them, and how the products of two runs are compared. */
import { strictEqual } from "node:assert/strict";
import { createEventBatch, createGti, type EventEpoch, gadfHdus } from "../../../src/events/mod.ts";
import { encodeFits } from "../../../src/fits/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { streamConfig, type StreamFlags } from "../../../src/cli/stream_options.ts";
import {
  accumulatorOf,
  columnsOf,
  pipelineOf,
  type StreamResult,
} from "../../../src/cli/stream_pipeline.ts";
import { writeProducts } from "../../../src/cli/stream_products.ts";
import { runResumable } from "../../../streams/engines/mod.ts";
import type { StreamSource } from "../../../streams/sources/mod.ts";
import { dataFile } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

/** Epoch of the simulated observations. */
export const EPOCH: EventEpoch = createEpoch([53343, 64.184 / 86400], "TT");

/** Bytes of a simulated GADF file: `nEvents` in 1000 s from `startS`; `bad` rows have no time. */
export function simulatedFits(
  options: {
    readonly seed: number;
    readonly nEvents: number;
    readonly startS?: number;
    readonly bad?: readonly number[];
    readonly epoch?: EventEpoch;
  },
): Uint8Array<ArrayBuffer> {
  const { seed, nEvents, startS = 0, bad = [], epoch = EPOCH } = options;
  const random = mulberry32(seed), n = nEvents;
  const column = (value: (i: number) => number) =>
    Float64Array.from({ length: n }, (_, i) => value(i));
  const events = createEventBatch({
    timeS: column((i) => bad.includes(i) ? NaN : startS + (1000 * (i + random())) / n),
    energyTeV: column(() => 0.2 * (1 - random()) ** -0.7),
    raDeg: column(() => 83.6 + 4 * (random() - 0.5)),
    decDeg: column(() => 22 + 4 * (random() - 0.5)),
  });
  const gti = createGti(
    epoch,
    Float64Array.of(startS, startS + 600),
    Float64Array.of(startS + 550, startS + 1000),
  );
  return encodeFits(gadfHdus(events, {
    obsId: String(1000 + seed),
    gti,
    deadTimeFraction: 0.0625,
    pointing: { raDeg: 83.6, decDeg: 22 },
    telescope: "SIM",
  })) as Uint8Array<ArrayBuffer>;
}

/** One file to stream, as bytes that are not compressed. */
export interface Subject {
  readonly name: string;
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  /** Data files that it needs. */
  readonly needs: readonly string[];
}

const RUN = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";

/** Each test runs over a simulated observation, and over run 23523 of H.E.S.S. DR1 where it is. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "a simulated run",
    // deno-lint-ignore require-await
    bytes: async () => simulatedFits({ seed: 1, nEvents: 1500, bad: [7, 700] }),
    needs: [],
  },
  {
    name: "run 23523",
    bytes: async () => await gunzipped(await Deno.readFile(dataFile(RUN))),
    needs: [RUN],
  },
];

/** All products in one configuration. */
export const FLAGS: StreamFlags = {
  map: "width=4 binsz=0.1 energy=0.3TeV,30TeV,3",
  spectrum: "0.1 TeV,100 TeV,24",
  lightcurve: "60s",
  theta2: "83.633,22.014",
  phaseModel: "29.946923,-3.77535e-10,1.1147e-20,53000.5",
  phasogram: "20",
};

/** The same configuration as arguments. */
export function argsOf(flags: StreamFlags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [option] : [option, String(value)];
  });
}

/** Products by name. */
export type Products = ReadonlyMap<string, Uint8Array>;

/** Files of a folder. */
export function readProducts(folder: string): Products {
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
  return new Map(names.map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]));
}

/** Holds products against each other, byte for byte. */
export function sameProducts(found: Products, expected: Products, what: string): void {
  strictEqual([...found.keys()].join(" "), [...expected.keys()].join(" "), what);
  for (const [name, bytes] of expected) {
    if (sameBytes(found.get(name)!, bytes)) continue;
    const text = (all: Uint8Array) => new TextDecoder("latin1").decode(all);
    strictEqual(text(found.get(name)!), text(bytes), `${what}: ${name}`);
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Products of a result. */
export async function productsOf(result: StreamResult, source: StreamSource): Promise<Products> {
  const out = await Deno.makeTempDir();
  try {
    await writeProducts(result, streamConfig(FLAGS, source), { out, png: false });
    return readProducts(out);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

/** Streams a source into the products of {@link FLAGS}. */
export async function streamed(source: StreamSource): Promise<Products> {
  const config = streamConfig(FLAGS, source), accumulator = accumulatorOf(config);
  const chosen = source.withColumns(columnsOf(config));
  const { state } = await runResumable(chosen, pipelineOf(config), accumulator);
  source.close();
  return await productsOf(accumulator.result(state), source);
}

/** Compresses. */
export async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await piped(bytes, new CompressionStream("gzip"));
}

async function gunzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await piped(bytes, new DecompressionStream("gzip"));
}

async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer(),
  );
}

/** A server of one file, with or without ranges, on this machine. */
export function serveFile(
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly ranges: boolean },
): { readonly url: string; readonly requests: () => number; readonly stop: () => Promise<void> } {
  let requests = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    requests++;
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "");
    if (!options.ranges || range === null) return new Response(bytes);
    const from = Number(range[1]), to = Math.min(Number(range[2]), bytes.length - 1);
    const headers = { "content-range": `bytes ${from}-${to}/${bytes.length}`, etag: '"1"' };
    if (from >= bytes.length) {
      return new Response(null, {
        status: 416,
        headers: { "content-range": `bytes */${bytes.length}`, etag: '"1"' },
      });
    }
    return new Response(bytes.slice(from, to + 1), { status: 206, headers });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/run.fits`,
    requests: () => requests,
    stop: () => server.shutdown(),
  };
}

/** A folder for a test, removed after it. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes bytes in `nWrites` pieces cut at random places. */
export async function writeInPieces(
  path: string,
  bytes: Uint8Array,
  options: {
    readonly first: number;
    readonly nWrites: number;
    readonly seed: number;
    readonly pauseMs: number;
  },
): Promise<void> {
  const { first, nWrites, seed, pauseMs } = options, random = mulberry32(seed);
  const cuts = Array.from(
    { length: nWrites - 2 },
    () => first + Math.floor(random() * (bytes.length - first)),
  );
  const edges = [0, first, ...cuts.sort((a, b) => a - b), bytes.length];
  using file = await Deno.open(path, { write: true, create: true });
  for (let i = 0; i + 1 < edges.length; i++) {
    if (i > 0) await new Promise((wake) => setTimeout(wake, pauseMs));
    for (let at = edges[i]!; at < edges[i + 1]!;) {
      at += await file.write(bytes.subarray(at, edges[i + 1]!));
    }
  }
}
