import assert from "node:assert/strict";
import fc from "fast-check";
import {
  alphaOf,
  changeSpectrumDataset,
  readOgip,
  readOgipFits,
  writeOgip,
} from "../../../src/datasets/mod.ts";
import { type ColumnInput, FitsFormatError, writeFileAtomic } from "../../../src/fits/mod.ts";
import {
  closeTo,
  columns,
  energy,
  energyTrue,
  made,
  opened,
  same,
  set,
  without,
} from "./_ogip_made.ts";

Deno.test("readOgipFits() takes scales from keywords, and 1 where there are none", async () => {
  const fromKeyword = await readOgipFits(
    await opened(columns("s_bkg.fits", "SPECTRUM", without("BACKSCAL"), set("BACKSCAL", 7))),
  );
  assert.deepEqual([...fromKeyword.off!.acceptanceOff], new Array(6).fill(7));
  const absent = await readOgipFits(
    await opened(columns("s_bkg.fits", "SPECTRUM", without("BACKSCAL"))),
  );
  assert.deepEqual([...absent.off!.acceptanceOff], new Array(6).fill(1));
});

Deno.test("readOgipFits() scales exposure and alpha by AREASCAL and EXPOSURE", async () => {
  const area = await readOgipFits(
    await opened(columns("s.fits", "SPECTRUM", same, set("AREASCAL", 0.5))),
  );
  closeTo(area.exposureCm2S, made.exposureCm2S.map((x) => x / 2), 1e-15);
  closeTo(alphaOf(area.off!), alphaOf(made.off!).map((alpha) => alpha / 2), 1e-15);
  const time = await readOgipFits(
    await opened(columns("s_bkg.fits", "SPECTRUM", same, set("EXPOSURE", 2 * made.livetimeS))),
  );
  closeTo(alphaOf(time.off!), alphaOf(made.off!).map((alpha) => alpha / 2), 1e-15);
  assert.equal(time.livetimeS, made.livetimeS);
});

Deno.test("readOgipFits() takes RATE times EXPOSURE for counts", async () => {
  const rate = await readOgipFits(
    await opened(columns("s.fits", "SPECTRUM", (list) => [
      ...without("COUNTS")(list),
      { name: "RATE", values: made.counts.map((n) => n / made.livetimeS), unit: "count/s" },
    ])),
  );
  closeTo(rate.counts, made.counts, 1e-15);
});

Deno.test("readOgipFits() takes QUALITY as a logical, a keyword or nothing", async () => {
  const quality = (values: Uint8Array) =>
    opened(
      columns("s.fits", "SPECTRUM", (list) => [
        ...without("QUALITY")(list),
        { name: "QUALITY", values, type: "L" },
      ]),
    );
  const logical = await readOgipFits(await quality(Uint8Array.of(1, 0, 0, 0, 1, 1)));
  assert.deepEqual([...logical.validSafe], [0, 1, 1, 1, 0, 0]);
  const none = await readOgipFits(
    await opened(columns("s.fits", "SPECTRUM", without("QUALITY"))),
  );
  assert.deepEqual([...none.validSafe], new Array(6).fill(1));
  const bad = await readOgipFits(
    await opened(columns("s.fits", "SPECTRUM", without("QUALITY"), set("QUALITY", 5))),
  );
  assert.deepEqual([...bad.validSafe], new Array(6).fill(0));
});

Deno.test("readOgipFits() refuses grouped channels unless told to ignore the grouping", async () => {
  const grouped = (flags: number[]) =>
    opened(columns("s.fits", "SPECTRUM", (list) => [
      ...list,
      { name: "GROUPING", values: Int16Array.from(flags) },
    ]));
  await assert.rejects(
    readOgipFits(await grouped([1, -1, -1, 1, -1, 1])),
    { name: "FitsFormatError", file: "s.fits", keyword: "GROUPING" },
  );
  const ignored = await readOgipFits(await grouped([1, -1, -1, 1, -1, 1]), {
    ignoreGrouping: true,
  });
  assert.deepEqual(ignored.counts, made.counts);
  assert.deepEqual((await readOgipFits(await grouped([1, 1, 1, 1, 1, 1]))).counts, made.counts);
});

Deno.test("readOgipFits() takes energies in MeV and areas in m2", async () => {
  const scaled =
    (names: readonly string[], factor: number, unit: string) => (list: readonly ColumnInput[]) =>
      list.map((column) =>
        names.includes(column.name)
          ? { ...column, values: (column.values as Float64Array).map((x) => x * factor), unit }
          : column
      );
  const change = columns(
    "s_arf.fits",
    "SPECRESP",
    (list) => scaled(["SPECRESP"], 1e-4, "m2")(scaled(["ENERG_LO", "ENERG_HI"], 1e-3, "MeV")(list)),
  );
  const back = await readOgipFits(await opened(change));
  closeTo(back.energyTrue.edges, energyTrue.edges, 1e-15);
  closeTo(back.exposureCm2S, made.exposureCm2S, 1e-15);
});

Deno.test("readOgipFits() takes energies from the RMF where the spectrum has none", async () => {
  const files = await opened((name, hdu) =>
    name === "s.fits" && hdu.name === "EBOUNDS" ? undefined : hdu
  );
  closeTo((await readOgipFits(files)).energy.edges, energy.edges, 1e-15);
  await assert.rejects(readOgipFits({ pha: files.pha, arf: files.arf }), /no energies/);
});

Deno.test("readOgip() gives counts alone without BACKFILE and RESPFILE", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = await writeOgip(
      folder,
      changeSpectrumDataset(made, { off: undefined, edisp: undefined, gti: undefined }),
    );
    const back = await readOgip(path);
    assert.equal(back.off, undefined);
    assert.equal(back.edisp, undefined);
    assert.equal(back.gti, undefined);
    assert.deepEqual(back.counts, made.counts);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readOgip() names the keyword and the file that is not there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = await writeOgip(folder, made);
    await Deno.remove(`${folder}/23523_rmf.fits`);
    await assert.rejects(readOgip(path), {
      name: "FitsFormatError",
      keyword: "RESPFILE",
      message: /23523_rmf\.fits/,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const WRONG: readonly [string, Parameters<typeof opened>[0], RegExp][] = [
  [
    "no SPECTRUM",
    (name, hdu) => name === "s.fits" && hdu.name === "SPECTRUM" ? undefined : hdu,
    /s\.fits: found no HDU SPECTRUM; there are 0 PRIMARY, 1 EBOUNDS/,
  ],
  [
    "no SPECRESP column",
    columns("s_arf.fits", "SPECRESP", without("SPECRESP")),
    /s_arf\.fits, HDU 1: found no column "SPECRESP"/,
  ],
  [
    "no EXPOSURE",
    columns(
      "s.fits",
      "SPECTRUM",
      same,
      (cards) => cards?.filter((one) => one.keyword !== "EXPOSURE"),
    ),
    /s\.fits, HDU 1, EXPOSURE: found NaN/,
  ],
  ["EXPOSURE 0", columns("s.fits", "SPECTRUM", same, set("EXPOSURE", 0)), /EXPOSURE: found 0/],
  [
    "EXPOSURE as text",
    columns("s.fits", "SPECTRUM", same, set("EXPOSURE", "long")),
    /s\.fits, HDU 1, EXPOSURE/,
  ],
  ["subtracted background", columns("s.fits", "SPECTRUM", same, set("HDUCLAS2", "NET")), /NET/],
  ["type II", columns("s.fits", "SPECTRUM", same, set("HDUCLAS4", "TYPE:II")), /TYPE:II/],
  [
    "negative counts",
    columns("s_bkg.fits", "SPECTRUM", (list) => [
      ...without("COUNTS")(list),
      { name: "COUNTS", values: Int32Array.of(1, 2, -3, 4, 5, 6) },
    ]),
    /s_bkg\.fits, HDU 1, COUNTS: row 3: found -3/,
  ],
  [
    "areas that differ",
    columns("s.fits", "SPECTRUM", (list) => [
      ...list,
      { name: "AREASCAL", values: Float64Array.of(1, 1, 1, 1, 1, 2) },
    ]),
    /AREASCAL: found 1, 2/,
  ],
  [
    "other channels",
    columns("s.fits", "EBOUNDS", (list) => [
      { name: "CHANNEL", values: Int16Array.of(1, 2, 3, 4, 5, 6) },
      ...list.slice(1),
    ]),
    /s\.fits, HDU 2, CHANNEL: row 1: found 1, but the spectrum has 0/,
  ],
  [
    "a gap in energy",
    columns("s_arf.fits", "SPECRESP", (list) =>
      list.map((column) =>
        column.name === "ENERG_HI"
          ? {
            ...column,
            values: (column.values as Float64Array).map((x, i) => i === 3 ? x * 0.9 : x),
          }
          : column
      )),
    /s_arf\.fits, HDU 1, ENERG_LO: row 5/,
  ],
  [
    "other energies",
    columns(
      "s.fits",
      "EBOUNDS",
      (list) =>
        list.map((column) =>
          column.unit === undefined ? column : {
            ...column,
            values: (column.values as Float64Array).map((x) => x * 1.01),
          }
        ),
    ),
    /s_rmf\.fits: axis energy: found 6 bins, .* but the PHA has 6 bins/,
  ],
  [
    "a unit that is none",
    columns(
      "s_arf.fits",
      "SPECRESP",
      (list) =>
        list.map((column) => column.name === "SPECRESP" ? { ...column, unit: "s" } : column),
    ),
    /s_arf\.fits/,
  ],
  [
    "a time scale that is none",
    columns("s.fits", "GTI", same, set("TIMESYS", "LOCAL")),
    /s\.fits, HDU 3, TIMESYS: found "LOCAL"/,
  ],
  [
    "a unit of time that is none",
    columns(
      "s.fits",
      "GTI",
      (list) => list.map((column) => column.name === "STOP" ? { ...column, unit: "TeV" } : column),
    ),
    /s\.fits, HDU 3, column STOP: .*TeV/,
  ],
  [
    "times that count from UTC before 1972",
    columns(
      "s.fits",
      "GTI",
      same,
      (header) => set("TIMESYS", "UTC")(set("MJDREFI", 40000)(header)),
    ),
    /s\.fits, HDU 3, TIMESYS: .*1972/,
  ],
  [
    "an interval that ends before it begins",
    columns(
      "s.fits",
      "GTI",
      (list) =>
        list.map((column) =>
          column.name === "STOP" ? { ...column, values: Float64Array.of(-1e9, -1e9) } : column
        ),
    ),
    /s\.fits, HDU 3: GTI row 1/,
  ],
];

for (const [what, change, message] of WRONG) {
  Deno.test(`readOgipFits() says where the fault is: ${what}`, async () => {
    const files = await opened(change);
    await assert.rejects(readOgipFits(files), (error: Error) => {
      assert.ok(error instanceof FitsFormatError, error.stack);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("readOgip() names the file, or reads it, whatever bytes are altered or missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = await writeOgip(folder, made, { stem: "s" });
    const names = ["s.fits", "s_arf.fits", "s_bkg.fits", "s_rmf.fits"];
    const whole = new Map(names.map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]));
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.nat(255)), {
          maxLength: 20,
        }),
        fc.boolean(),
        async (name, cut, changes, truncates) => {
          const good = whole.get(name)!;
          const bytes = good.slice(0, truncates ? Math.floor(cut * good.length) : good.length);
          for (const [at, value] of changes) bytes[Math.floor(at * bytes.length)] = value;
          await writeFileAtomic(`${folder}/${name}`, bytes);
          try {
            await readOgip(path);
          } catch (error) {
            refused++;
            assert.ok(
              error instanceof FitsFormatError || error instanceof TypeError,
              (error as Error).stack,
            );
            assert.match(error.message, /s(_arf|_bkg|_rmf)?\.fits/);
          } finally {
            await writeFileAtomic(`${folder}/${name}`, good);
          }
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(refused > 100, `${refused} of 300 refused`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
