import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  asBintable,
  card,
  encodeFits,
  type FitsFile,
  headerNumber,
  memorySource,
  openFits,
  openFitsFile,
  readColumn,
  readNumbers,
  verifyChecksum,
  withAddedColumns,
} from "../../../src/fits/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

/** The whole copy, opened. */
async function copied(
  fits: FitsFile,
  which: string | number,
  added: Parameters<typeof withAddedColumns>[1],
): Promise<FitsFile & { readonly bytes: Uint8Array }> {
  const table = asBintable(await fits.hdu(which)), pieces: Uint8Array[] = [];
  for await (const piece of withAddedColumns(table, added)) pieces.push(piece);
  const bytes = new Uint8Array(Buffer.concat(pieces));
  return Object.assign(Object.create(null), await openFits(memorySource(bytes)), { bytes });
}

const numbers = (rowStart: number, rowStop: number, of: (row: number) => number) =>
  Float64Array.from({ length: rowStop - rowStart }, (_, i) => of(rowStart + i));

Deno.test("withAddedColumns() keeps rows, heap and neighbours of any table", async () => {
  const cases = fc.record({
    rows: fc.integer({ min: 0, max: 40 }),
    width: fc.integer({ min: 1, max: 3 }),
    hasHeap: fc.boolean(),
    after: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, width, hasHeap, after }) => {
      const plain = Array.from({ length: width }, (_, k) => ({
        name: `C${k}`,
        values: Int16Array.from({ length: rows }, (_, i) => i * (k + 1)),
      }));
      const lists = Array.from({ length: rows }, (_, i) => new Float32Array(i % 4).fill(i));
      const columns = hasHeap ? [...plain, { name: "LIST", values: lists, variable: true }] : plain;
      const image = {
        kind: "image",
        name: "NEXT",
        data: new Uint8Array(100).fill(7),
        shape: [100],
      } as const;
      const bytes = encodeFits([
        {
          kind: "bintable",
          name: "EVENTS",
          columns,
          header: [card("OBJECT", "x"), card("NOTE", "old")],
        },
        ...(after ? [image] : []),
      ]);
      using fits = await openFits(memorySource(bytes));
      const copy = await copied(fits, "EVENTS", {
        columns: [{ name: "PHASE", comment: "of the pulse" }, { name: "BARY", unit: "s" }],
        values: (from, to) => [
          numbers(from, to, (row) => row / 64),
          numbers(from, to, (row) => -row),
        ],
        cards: [card("NOTE", "new")],
      });
      strictEqual(copy.bytes.length % 2880, 0);
      const table = asBintable(await copy.hdu("EVENTS"));
      deepStrictEqual(await verifyChecksum(table), { datasum: "ok", checksum: "ok" });
      deepStrictEqual(await readNumbers(table, "PHASE"), numbers(0, rows, (row) => row / 64));
      deepStrictEqual(await readNumbers(table, "BARY"), numbers(0, rows, (row) => -row));
      const old = asBintable(await fits.hdu("EVENTS"));
      for (const { name } of old.columns) {
        deepStrictEqual(await readColumn(table, name), await readColumn(old, name));
      }
      deepStrictEqual(
        table.header.cards.filter((one) => one.keyword === "NOTE").map((one) => one.value),
        ["new"],
      );
      strictEqual((await copy.hdus()).length, after ? 3 : 2);
      if (after) {
        deepStrictEqual(await verifyChecksum(await copy.hdu("NEXT")), {
          datasum: "ok",
          checksum: "ok",
        });
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("withAddedColumns() writes over a column of numbers, and refuses other ones", async () => {
  const bytes = encodeFits([{
    kind: "bintable",
    name: "EVENTS",
    columns: [
      { name: "PULSE_PHASE", values: new Float32Array(3) },
      { name: "TIME", values: new Float64Array([1, 2, 3]) },
      { name: "ID", values: new Int32Array(3) },
    ],
  }]);
  using fits = await openFits(memorySource(bytes));
  const copy = await copied(fits, "EVENTS", {
    columns: [{ name: "PULSE_PHASE" }],
    values: (from, to) => [numbers(from, to, (row) => row / 4)],
  });
  const table = asBintable(await copy.hdu("EVENTS"));
  strictEqual(table.columns.length, 3);
  deepStrictEqual(await readNumbers(table, "PULSE_PHASE"), new Float64Array([0, 0.25, 0.5]));
  deepStrictEqual(await readNumbers(table, "TIME"), new Float64Array([1, 2, 3]));
  const none = { values: (from: number, to: number) => [new Float64Array(to - from)] };
  await rejects(
    copied(fits, "EVENTS", { ...none, columns: [{ name: "ID" }] }),
    /format J|format 1J/,
  );
  await rejects(
    copied(fits, "EVENTS", { columns: [{ name: "A" }], values: () => [new Float64Array(2)] }),
    /found 2 values, expected 3/,
  );
});

const LAT = "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz";

dataTest("withAddedColumns() copies a real file, and only its events differ", [LAT], async () => {
  using fits = await openFitsFile(dataFile(LAT));
  const copy = await copied(fits, "EVENTS", {
    columns: [{ name: "PULSE_PHASE" }],
    values: (from, to) => [numbers(from, to, (row) => (row * 0.618) % 1)],
  });
  const old = asBintable(await fits.hdu("EVENTS")), table = asBintable(await copy.hdu("EVENTS"));
  strictEqual(table.nRows, old.nRows);
  strictEqual(headerNumber(table.header, "NAXIS1"), old.rowBytes + 8);
  deepStrictEqual(await verifyChecksum(table), { datasum: "ok", checksum: "ok" });
  deepStrictEqual(await readNumbers(table, "TIME"), await readNumbers(old, "TIME"));
  const own = (header: typeof old.header) =>
    header.cards.filter(({ keyword }) =>
      !/^(NAXIS1|TFIELDS|THEAP|CHECKSUM|DATASUM|TTYPE|TFORM)/.test(keyword)
    );
  deepStrictEqual(own(table.header), own(old.header));
  const others = async (file: FitsFile) => {
    const list = [];
    for (const hdu of await file.hdus()) {
      if (hdu.name === "EVENTS") continue;
      const length = hdu.dataOffset - hdu.headerOffset + Math.ceil(hdu.dataBytes / 2880) * 2880;
      list.push(await hdu.source.read(hdu.headerOffset, length));
    }
    return list;
  };
  const [before, after] = [await others(fits), await others(copy)];
  ok(before.length > 1);
  before.forEach((bytes, k) => ok(Buffer.from(bytes).equals(after[k]!)));
});
