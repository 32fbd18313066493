import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { basename } from "node:path";
import { openDataStore, selectObservations } from "../../../src/data/mod.ts";
import { type BintableInput, type ColumnInput, encodeFits } from "../../../src/fits/mod.ts";
import { openSource } from "../../../streams/sources/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { gadfBytes } from "../events/formats/_fixture.ts";

async function inFolder(
  files: Readonly<Record<string, Uint8Array>>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      if (name.includes("/")) {
        await Deno.mkdir(`${folder}/${name.slice(0, name.lastIndexOf("/"))}`, { recursive: true });
      }
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Row = readonly [id: number, type: string, dir: string, file: string];

function indexTable(rows: readonly Row[], ids?: readonly string[]): BintableInput {
  const columns: ColumnInput[] = [
    ids === undefined
      ? { name: "OBS_ID", values: Int32Array.from(rows, (row) => row[0]) }
      : { name: "OBS_ID", values: ids },
    { name: "HDU_TYPE", values: rows.map((row) => row[1]), stringBytes: 10 },
    { name: "HDU_CLASS", values: rows.map((row) => row[1]), stringBytes: 10 },
    { name: "FILE_DIR", values: rows.map((row) => row[2]), stringBytes: 20 },
    { name: "FILE_NAME", values: rows.map((row) => row[3]), stringBytes: 20 },
    { name: "HDU_NAME", values: rows.map((row) => row[1]), stringBytes: 10 },
  ];
  return { kind: "bintable", name: "HDU_INDEX", columns };
}

const A = gadfBytes({ header: { OBS_ID: 1 } }), B = gadfBytes({ header: { OBS_ID: 2 } });
const MAP = encodeFits([{ kind: "image", data: new Float32Array(4), shape: [2, 2] }]);

Deno.test("openDataStore() takes the observations and their order from the index", async () => {
  const index = indexTable([
    [2, "events", "data", "b.fits"],
    [2, "gti", "data", "b.fits"],
    [1, "Events", "", "a.fits"],
  ]);
  const files = { "hdu-index.fits": encodeFits([index]), "data/b.fits": B, "a.fits": A };
  await inFolder({ ...files, "not-in-index.fits": A }, async (folder) => {
    const store = await openDataStore(folder);
    strictEqual(store.index, `${folder}/hdu-index.fits`);
    deepStrictEqual(store.entries, [
      { obsId: "2", path: `${folder}/data/b.fits` },
      { obsId: "1", path: `${folder}/a.fits` },
    ]);
  });
});

Deno.test("openDataStore() takes all tables of an index, and observations with texts for names", async () => {
  const first = indexTable([[0, "events", "", "a.fits"]], ["night 1"]);
  const second = indexTable([[7, "events", "", "b.fits"]]);
  const files = { "hdu-index-gp.fits": encodeFits([first, second]), "a.fits": A, "b.fits": B };
  await inFolder(files, async (folder) => {
    const { entries, index } = await openDataStore(folder);
    strictEqual(basename(index!), "hdu-index-gp.fits");
    deepStrictEqual(entries.map((entry) => entry.obsId), ["night 1", "7"]);
  });
});

Deno.test("openDataStore() asks which of several indices is meant", async () => {
  const files = {
    "hdu-index-gp.fits": encodeFits([indexTable([[1, "events", "", "a.fits"]])]),
    "hdu-index-nn.fits": encodeFits([indexTable([[2, "events", "", "b.fits"]])]),
  };
  await inFolder(files, async (folder) => {
    await rejects(openDataStore(folder), /several indices, hdu-index-gp.fits, hdu-index-nn.fits/);
    const { entries } = await openDataStore(folder, { index: "hdu-index-nn.fits" });
    deepStrictEqual(entries.map((entry) => entry.obsId), ["2"]);
    await rejects(openDataStore(folder, { index: "none.fits" }), Deno.errors.NotFound);
  });
});

Deno.test("a file that the index names and that is missing is an error when its turn comes", async () => {
  const rows: Row[] = [[1, "events", "", "a.fits"], [2, "events", "", "gone.fits"]];
  await inFolder(
    { "hdu-index.fits": encodeFits([indexTable(rows)]), "a.fits": A },
    async (folder) => {
      strictEqual((await openDataStore(folder)).entries.length, 2);
      const source = await openSource([folder]), seen: string[] = [];
      await rejects(
        async () => {
          for await (const item of source.items()) seen.push(item.kind);
        },
        (error: Error) => error instanceof Deno.errors.NotFound && /gone.fits/.test(error.message),
      );
      deepStrictEqual(seen, ["obs-start", "batch", "obs-end"]);
    },
  );
});

Deno.test("openDataStore() refuses an index that is none, naming it", async () => {
  const noTable = { "hdu-index.fits": MAP };
  await inFolder(
    noTable,
    (folder) => rejects(openDataStore(folder), /hdu-index.fits: found no table in the HDU index/),
  );
  const { columns } = indexTable([[1, "events", "", "a.fits"]]);
  const noName = encodeFits([{ kind: "bintable", columns: columns.slice(0, 4) }]);
  await inFolder(
    { "hdu-index.fits": noName },
    (folder) =>
      rejects(openDataStore(folder), /hdu-index.fits, HDU 1: found no column "FILE_NAME"/),
  );
  const noEvents = encodeFits([indexTable([[1, "aeff", "", "a.fits"]])]);
  await inFolder(
    { "hdu-index.fits": noEvents },
    (folder) => rejects(openDataStore(folder), /hdu-index.fits: found no event list/),
  );
});

Deno.test("openDataStore() looks into the files of a folder without an index", async () => {
  const files = {
    "b/run.fits": B,
    "a.fits": A,
    "map.fits.gz": MAP,
    "readme.txt": new TextEncoder().encode("no data"),
  };
  await inFolder(files, async (folder) => {
    const { index, entries } = await openDataStore(folder);
    strictEqual(index, undefined);
    deepStrictEqual(entries, [
      { obsId: "1", path: `${folder}/a.fits` },
      { obsId: "2", path: `${folder}/b/run.fits` },
    ]);
  });
});

Deno.test("openDataStore() does not pass over a file that is broken", async () => {
  const broken = new TextEncoder().encode("<html>404</html>");
  await inFolder(
    { "a.fits": A, "b.fits": broken },
    (folder) => rejects(openDataStore(folder), /b.fits, HDU 0.*expected "SIMPLE/),
  );
  const nonsense = gadfBytes({ header: { TIMESYS: "nonsense" } });
  await inFolder(
    { "a.fits": A, "b.fits": nonsense },
    (folder) => rejects(openDataStore(folder), /b.fits, HDU 1, TIMESYS/),
  );
});

Deno.test("openDataStore() refuses a folder without event lists, and one that is not there", async () => {
  await inFolder({}, (folder) => rejects(openDataStore(folder), /found no event list in this/));
  await inFolder({ "map.fits": MAP }, (folder) => rejects(openDataStore(folder), /no event list/));
  await rejects(openDataStore("no-such-folder"), Deno.errors.NotFound);
});

Deno.test("selectObservations() takes pointings within the radius, across RA 0", async () => {
  const ids = [1, 2, 3, 4];
  const obsIndex = encodeFits([{
    kind: "bintable",
    name: "OBS_INDEX",
    columns: [
      { name: "OBS_ID", values: Int32Array.from(ids) },
      { name: "RA_PNT", values: Float64Array.of(359.5, 0.5, 4, NaN) },
      { name: "DEC_PNT", values: Float64Array.of(0, 0.5, 0, 0) },
    ],
  }]);
  const rows = ids.map((id): Row => [id, "events", "", "a.fits"]);
  const index = encodeFits([indexTable(rows)]);
  const cone = { raDeg: 0, decDeg: 0, radiusDeg: 1 };
  await inFolder({ "hdu-index.fits": index, "obs-index.fits": obsIndex }, async (folder) => {
    const near = await selectObservations(await openDataStore(folder), cone);
    deepStrictEqual(near.map((entry) => entry.obsId), ["1", "2"]);
  });
  await inFolder({ "hdu-index.fits": index }, async (folder) => {
    await rejects(
      selectObservations(await openDataStore(folder), cone),
      /found no observation index/,
    );
  });
});

dataTest("openDataStore() on H.E.S.S. DL3 DR1", ["gammapy-data/hess-dl3-dr1"], async () => {
  const { entries } = await openDataStore(dataFile("gammapy-data/hess-dl3-dr1"));
  strictEqual(entries.length, 105);
  deepStrictEqual(basename(entries[0]!.path), "hess_dl3_dr1_obs_id_020136.fits.gz");
});

dataTest(
  "openDataStore() on CTA 1DC: files above the folder",
  ["gammapy-data/cta-1dc"],
  async () => {
    const { entries } = await openDataStore(dataFile("gammapy-data/cta-1dc/index/gps"));
    deepStrictEqual(entries.map((entry) => entry.obsId), ["110380", "111140", "111159", "111630"]);
    for (const { path } of entries) ok(Deno.statSync(path).isFile);
  },
);

const HAWC = "gammapy-data/hawc/crab_events_pass4";
dataTest(
  "openDataStore() on HAWC: an index of nine tables under a name of its own",
  [HAWC],
  async () => {
    const { entries } = await openDataStore(dataFile(HAWC));
    deepStrictEqual(
      entries.map(({ path }) => basename(path)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((bin) => `EventList_Crab_fHitbin${bin}GP.fits.gz`),
    );
  },
);

const MAGIC = "gammapy-data/magic/rad_max/data";
dataTest("openDataStore() on MAGIC", [MAGIC], async () => {
  const { entries } = await openDataStore(dataFile(MAGIC));
  deepStrictEqual(entries.map((entry) => entry.obsId).sort(), ["5029747", "5029748"]);
});
