/**
 * Goals: 1e7 rows of an event list, five columns, ≤ 0.2 s; EVENTS and GTI of 105 H.E.S.S. files,
 * compressed, ≤ 0.3 s. Usage: deno bench -A test/bench/fits_bench.ts
 */
import {
  asBintable,
  encodeFits,
  openFitsFile,
  readNumbers,
  readRowBlock,
} from "../../src/fits/mod.ts";
import { dataFile, dataRoot } from "../_tools/data_io.ts";

const ROWS = 10_000_000, BLOCK = 65_536;
const EVENTS = [
  { column: "TIME", as: "float64" },
  { column: "ENERGY", as: "float64" },
  { column: "RA", as: "float64" },
  { column: "DEC", as: "float64" },
  { column: "EVENT_ID", as: "bigint64" },
] as const;

/** A table of 1e7 events: a small one's header with its rows repeated. */
async function writeTable(path: string): Promise<void> {
  const rows = 100_000, time = new Float64Array(rows), energy = new Float32Array(rows);
  const ra = new Float32Array(rows), dec = new Float32Array(rows), id = new BigInt64Array(rows);
  for (let i = 0; i < rows; i++) {
    time[i] = 3e8 + i * 0.01;
    energy[i] = 0.1 + (i % 97);
    ra[i] = 83 + (i % 1000) / 500;
    dec[i] = 22 - (i % 777) / 500;
    id[i] = 5407363825684n + BigInt(i);
  }
  const columns = [
    { name: "TIME", values: time, unit: "s" },
    { name: "ENERGY", values: energy, unit: "TeV" },
    { name: "RA", values: ra, unit: "deg" },
    { name: "DEC", values: dec, unit: "deg" },
    { name: "EVENT_ID", values: id },
  ];
  const bytes = encodeFits([{ kind: "bintable", name: "EVENTS", columns }], { checksum: false });
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 5 * 2880));
  const at = text.indexOf("NAXIS2  ="),
    start = Math.ceil((text.indexOf("END   ", at) + 80) / 2880) * 2880;
  bytes.set(new TextEncoder().encode(`NAXIS2  = ${String(ROWS).padStart(20)}`), at);
  const data = bytes.subarray(start, start + rows * 28);
  using file = await Deno.open(path, { write: true, create: true });
  file.writeSync(bytes.subarray(0, start));
  for (let i = 0; i < ROWS / rows; i++) {
    for (let done = 0; done < data.length;) done += file.writeSync(data.subarray(done));
  }
  file.writeSync(new Uint8Array((2880 - (ROWS * 28) % 2880) % 2880));
}

const path = Deno.makeTempFileSync({ suffix: ".fits" });
await writeTable(path);
globalThis.addEventListener("unload", () => Deno.removeSync(path));

async function readAll(reuse: boolean): Promise<number> {
  using file = await openFitsFile(path);
  const events = asBintable(await file.hdu("EVENTS"));
  let sum = 0;
  const into = reuse
    ? [1, 2, 3, 4].map((): Float64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> =>
      new Float64Array(BLOCK)
    ).concat([new BigInt64Array(BLOCK)])
    : undefined;
  for (let row = 0; row < events.nRows; row += BLOCK) {
    const stop = Math.min(row + BLOCK, events.nRows);
    const block = await readRowBlock(events, EVENTS, row, stop, into === undefined ? {} : { into });
    sum += block[1][0]!;
  }
  return sum;
}

const opts = { group: "1e7 rows, 5 columns", warmup: 2, n: 10 };
Deno.bench("readRowBlock(), 65536 rows a block", opts, async () => {
  await readAll(false);
});
Deno.bench("readRowBlock() into given arrays", opts, async () => {
  await readAll(true);
});
Deno.bench("the raw read alone", opts, () => {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(BLOCK * 28);
  while (file.readSync(bytes) !== null);
});

const folder = dataFile("gammapy-data/hess-dl3-dr1/data");
const runs = dataRoot === undefined
  ? []
  : [...Deno.readDirSync(folder)].map((entry) => `${folder}/${entry.name}`);
Deno.bench({
  name: `EVENTS and GTI of ${runs.length} H.E.S.S. files, gzip`,
  group: "gzip",
  warmup: 2,
  n: 10,
  ignore: runs.length === 0,
  fn: async () => {
    for (const run of runs) {
      using file = await openFitsFile(run);
      const events = asBintable(await file.hdu("EVENTS"));
      await readRowBlock(events, EVENTS, 0, events.nRows);
      const gti = asBintable(await file.hdu("GTI"));
      await readNumbers(gti, "START");
      await readNumbers(gti, "STOP");
    }
  },
});
