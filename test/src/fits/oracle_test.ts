/**
 * The independent reader fitsjs 0.6.6 gives the same, where it reads rightly: headers, scalar
 * columns L B I J E D, images of 8, 16, 32 and -32 bits.
 */
import fitsjs from "fitsjs";
import assert from "node:assert/strict";
import {
  asBintable,
  encodeFits,
  type FitsFile,
  type Hdu,
  type HduInput,
  memorySource,
  openFits,
  openFitsFile,
  readColumn,
  readImage,
} from "../../../src/fits/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

interface OracleHeader {
  get(keyword: string): unknown;
}
interface Oracle {
  Header: new (text: string) => OracleHeader;
  BinaryTable: new (header: OracleHeader, data: ArrayBuffer) => {
    _getRows(data: ArrayBuffer, rows: number): Record<string, unknown>[];
  };
  Image: {
    prototype: {
      _getFrame(data: ArrayBuffer, bitpix: number, zero: number, scale: number): ArrayLike<number>;
    };
  };
}
const { astro } = fitsjs as unknown as { astro: { FITS: Oracle } };
Object.assign(globalThis, { astro });
const { FITS } = astro;

async function bytesOf(hdu: Hdu, offset: number, length: number): Promise<ArrayBuffer> {
  return (await hdu.source.read(offset, length)).slice().buffer as ArrayBuffer;
}

async function oracleHeader(hdu: Hdu): Promise<OracleHeader> {
  const bytes = await bytesOf(hdu, hdu.headerOffset, hdu.dataOffset - hdu.headerOffset);
  const text = new TextDecoder("latin1").decode(bytes), warn = console.warn;
  console.warn = () => undefined; // it reports the order of keywords
  try {
    return new FITS.Header(text);
  } finally {
    console.warn = warn;
  }
}

/** Number of cards held against each other. */
async function compareHeader(hdu: Hdu): Promise<number> {
  const oracle = await oracleHeader(hdu);
  let compared = 0;
  for (const [keyword, index] of hdu.header.index) {
    const { value } = hdu.header.cards[index]!;
    if (index > 500 || !/^[A-Z0-9_-]{1,8}$/.test(keyword)) continue;
    if (hdu.header.cards.filter((one) => one.keyword === keyword).length > 1) continue;
    if (typeof value === "string" && !/['/&]/.test(value) && value !== "") {
      assert.equal(String(oracle.get(keyword)).trim(), value.trim(), keyword);
      compared++;
    } else if (typeof value === "number" && !["NAXIS", "BITPIX"].includes(keyword)) {
      const found = oracle.get(keyword);
      if (typeof found !== "number") continue;
      assert.equal(found, value, keyword);
      compared++;
    }
  }
  return compared;
}

/** Number of columns held against each other. */
async function compareTable(hdu: Hdu): Promise<number> {
  const table = asBintable(hdu), header = await oracleHeader(hdu);
  // Bits and variable-length columns shift what fitsjs reads after them.
  const stop = table.columns.findIndex((c) => c.type === "X" || c.variable !== undefined);
  const columns = table.columns.slice(0, stop < 0 ? undefined : stop).filter((c) =>
    c.repeat === 1 && "LBIJED".includes(c.type) && c.scale === 1 && c.zero === 0
  );
  const nRows = Math.min(table.nRows, 500), rows: Record<string, unknown>[] = [];
  const data = new Uint8Array(await bytesOf(hdu, table.dataOffset, nRows * table.rowBytes));
  for (let r = 0; r < nRows; r++) {
    const row = new Uint8Array(table.rowBytes + 4096); // beyond a bit column it reads too far
    row.set(data.subarray(r * table.rowBytes, (r + 1) * table.rowBytes));
    rows.push(...new FITS.BinaryTable(header, row.buffer)._getRows(row.buffer, 1));
  }
  for (const column of columns) {
    const ours = await readColumn(table, column, { rowStop: nRows });
    assert(ours.kind === "number");
    for (let i = 0; i < nRows; i++) {
      assert.equal(
        Number(rows[i]![column.name]),
        Number(ours.values[i]),
        `${column.name} row ${i}`,
      );
    }
  }
  return columns.length;
}

async function compareImage(hdu: Hdu): Promise<void> {
  assert(hdu.kind === "image");
  const data = await bytesOf(hdu, hdu.dataOffset, hdu.dataBytes);
  const theirs = FITS.Image.prototype._getFrame(data, hdu.bitpix, 0, 1);
  assert.deepEqual(Array.from(theirs), Array.from((await readImage(hdu)).data, Number));
}

const ROWS = 50;
const series = (f: (i: number) => number) => Array.from({ length: ROWS }, (_, i) => f(i));
const written: HduInput[] = [
  { kind: "image", data: Int16Array.from(series((i) => 1000 * i - 20_000)), shape: [5, 10] },
  { kind: "image", name: "B", data: Uint8Array.from(series((i) => i)), shape: [5, 10] },
  { kind: "image", name: "J", data: Int32Array.from(series((i) => 1e7 * i - 2e8)), shape: [5, 10] },
  { kind: "image", name: "E", data: Float32Array.from(series((i) => i / 7)), shape: [5, 10] },
  {
    kind: "bintable",
    name: "T",
    columns: [
      { name: "L", values: Uint8Array.from(series((i) => i % 2)), type: "L" },
      { name: "B", values: Uint8Array.from(series((i) => 5 * i)) },
      { name: "I", values: Int16Array.from(series((i) => 1000 * i - 20_000)), unit: "m" },
      { name: "A", values: series((i) => i).map((i) => `name ${i}`) },
      { name: "J", values: Int32Array.from(series((i) => 1e7 * i - 2e8)) },
      { name: "E", values: Float32Array.from(series((i) => i / 7)), unit: "TeV" },
      { name: "D", values: Float64Array.from(series((i) => Math.exp(i))) },
    ],
  },
];

Deno.test("encodeFits() writes what fitsjs reads", async () => {
  using file = await openFits(memorySource(encodeFits(written)));
  for (const hdu of await file.hdus()) {
    assert(await compareHeader(hdu) > 3);
    if (hdu.kind === "image") await compareImage(hdu);
    else assert.equal(await compareTable(hdu), 6);
  }
});

async function compareFile(
  file: FitsFile,
): Promise<{ cards: number; columns: number; images: number }> {
  const sum = { cards: 0, columns: 0, images: 0 };
  for (const hdu of await file.hdus()) {
    if (hdu.kind === "image" && hdu.bitpix === 64) continue;
    sum.cards += await compareHeader(hdu);
    if (hdu.kind === "bintable" && hdu.nRows > 0) sum.columns += await compareTable(hdu);
    const small = hdu.dataBytes > 0 && hdu.dataBytes < 2e6;
    if (hdu.kind === "image" && hdu.bitpix !== -64 && small) {
      await compareImage(hdu);
      sum.images++;
    }
  }
  return sum;
}

const REAL = [
  "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz",
  "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_110380.fits",
  "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-counts-cube.fits.gz",
  "gammapy-data/tests/fermi/ft1_00.fits",
  "pulsar/pint/B1509_RXTE_short.fits",
];
for (const path of REAL) {
  dataTest(`readers agree with fitsjs on ${path}`, [path], async () => {
    using file = await openFitsFile(dataFile(path));
    const sum = await compareFile(file);
    assert(sum.cards > 20, JSON.stringify(sum));
    assert(sum.columns + sum.images > 0, JSON.stringify(sum));
  });
}

dataTest(
  "readColumn() reads the H.E.S.S. event ids that fitsjs does not",
  [REAL[0]!],
  async () => {
    using file = await openFitsFile(dataFile(REAL[0]!));
    const ids = await readColumn(asBintable(await file.hdu("EVENTS")), "EVENT_ID");
    assert.equal(ids.values[0], 5407363825684n);
  },
);
