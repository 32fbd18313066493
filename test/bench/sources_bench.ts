/** Reading event lists: a plain table of 1e7 rows, and the 105 runs of H.E.S.S. DL3 DR1. */
import { createGti } from "../../src/events/mod.ts";
import { card, writeFileAtomic, writeFits } from "../../src/fits/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { openSource } from "../../streams/sources/mod.ts";
import { dataFile, dataRoot } from "../_tools/data_io.ts";

const N_ROWS = 1e7;

/** Writes a GADF table of N_ROWS events: int64 id, time, and three single-precision columns. */
async function writeTable(path: string): Promise<void> {
  const rng = createRng(1), uniform = rng.fillUniform(new Float64Array(N_ROWS));
  const timeS = Float64Array.from(uniform.keys(), (i) => i * 1e-4);
  const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0), Float64Array.of(1000));
  const pieces: Uint8Array[] = [];
  await writeFits((bytes) => void pieces.push(bytes.slice()), [{
    kind: "bintable",
    name: "EVENTS",
    header: [
      card("HDUCLASS", "GADF"),
      card("HDUVERS", "0.3"),
      card("HDUCLAS1", "EVENTS"),
      card("MJDREFI", 51910),
      card("MJDREFF", 0),
      card("TIMESYS", "TT"),
      card("DEADC", 1),
    ],
    columns: [
      { name: "EVENT_ID", values: BigInt64Array.from(uniform.keys(), BigInt) },
      { name: "TIME", values: timeS, unit: "s" },
      { name: "RA", values: Float32Array.from(uniform, (u) => 80 + 5 * u), unit: "deg" },
      { name: "DEC", values: Float32Array.from(uniform, (u) => 20 + 5 * u), unit: "deg" },
      { name: "ENERGY", values: Float32Array.from(uniform, (u) => 0.1 / (1 - u)), unit: "TeV" },
    ],
  }, {
    kind: "bintable",
    name: "GTI",
    columns: [
      { name: "START", values: gti.startS, unit: "s" },
      { name: "STOP", values: gti.stopS, unit: "s" },
    ],
  }], { checksum: false });
  await writeFileAtomic(path, pieces);
}

async function countEvents(places: readonly string[]): Promise<number> {
  let n = 0;
  for await (const item of (await openSource(places)).items()) {
    if (item.kind === "batch") n += item.length;
  }
  return n;
}

const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const path = `${folder}/events.fits`;
await writeTable(path);

Deno.bench("1e7 rows of a GADF file, 5 columns, 64k-row batches", { n: 7, warmup: 2 }, async () => {
  if (await countEvents([path]) !== N_ROWS) throw new Error("rows were lost");
});

if (dataRoot !== undefined) {
  const store = dataFile("gammapy-data/hess-dl3-dr1");
  Deno.bench("105 event lists of H.E.S.S. DL3 DR1, .gz", { n: 7, warmup: 2 }, async () => {
    if (await countEvents([store]) === 0) throw new Error("no events");
  });
}
