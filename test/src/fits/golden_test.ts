/** Files made by astropy (test/golden/fits_fixtures.py) give the values that went into them. */
import assert from "node:assert/strict";
import {
  asTable,
  type FitsFile,
  type Hdu,
  headerCards,
  headerValue,
  memorySource,
  openFits,
  readColumn,
  readImage,
  readNumbers,
  readRowBlock,
  verifyChecksum,
} from "../../../src/fits/mod.ts";

interface ExpectedColumn {
  values?: unknown[];
  shape?: number[];
  bits?: number[];
  variable?: unknown[];
  valid?: number[];
}
interface Expected {
  files: Record<string, Record<string, Record<string, unknown>>>;
}

const folder = new URL("../../golden/fits/", import.meta.url);
const expected = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", folder)),
) as Expected;

async function open(name: string): Promise<FitsFile> {
  return await openFits(memorySource(Deno.readFileSync(new URL(name, folder)), name));
}

/** A value as the script writes it: 64-bit integers and non-finite numbers as texts. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

function plainAll(values: ArrayLike<unknown>, logical: boolean): unknown[] {
  return Array.from(values, (value) => logical ? value === 1 : plain(value));
}

async function checkTable(hdu: Hdu, columns: Record<string, ExpectedColumn>): Promise<void> {
  const table = asTable(hdu);
  assert.deepEqual(table.columns.map((c) => c.name).sort(), Object.keys(columns).sort());
  for (const [name, want] of Object.entries(columns)) {
    const data = await readColumn(table, name), logical = data.column.type === "L";
    if (want.bits !== undefined) {
      assert(data.kind === "number" && data.bits !== undefined, name);
      assert.deepEqual(Array.from(data.bits), want.bits, name);
      assert(table.kind === "bintable");
      const [bits] = await readRowBlock(table, [{ column: name, as: "uint32" }], 0, table.nRows);
      assert.deepEqual(bits, data.bits);
    } else if (want.variable !== undefined) {
      assert(data.kind === "variable", name);
      const rows = data.values.map((v) => typeof v === "string" ? v : plainAll(v, logical));
      assert.deepEqual(rows, want.variable, name);
    } else {
      assert(data.kind !== "variable", name);
      assert.deepEqual(plainAll(data.values, logical), want.values, name);
      if (want.shape !== undefined) assert.deepEqual(data.shape, want.shape, name);
      const valid = data.valid === undefined ? undefined : Array.from(data.valid);
      assert.deepEqual(valid, want.valid, name);
      // Any cut into rows gives the same values.
      const parts: unknown[] = [];
      for (let row = 0; row < table.nRows; row++) {
        const one = await readColumn(table, name, { rowStart: row, rowStop: row + 1 });
        assert(one.kind !== "variable");
        parts.push(...plainAll(one.values, logical));
      }
      assert.deepEqual(parts, want.values, `${name} row by row`);
    }
  }
}

async function checkImage(hdu: Hdu, want: Record<string, unknown>): Promise<void> {
  assert(hdu.kind === "image");
  const image = await readImage(hdu);
  assert.deepEqual(plainAll(image.data, false), want.image);
  assert.deepEqual(image.shape, want.shape);
  assert.deepEqual(image.array.shape, want.shape);
  assert.deepEqual(image.valid && Array.from(image.valid), want.valid);
  assert.equal(image.unit, want.unit);
  const plane = image.shape.slice(1).reduce((a, b) => a * b, 1);
  const last = await readImage(hdu, { start: image.shape[0]! - 1 });
  assert.deepEqual(last.data, image.data.subarray(image.data.length - plane));
}

for (const [name, hdus] of Object.entries(expected.files)) {
  Deno.test(`${name} of astropy decodes to the values that were written`, async () => {
    using file = await open(name);
    for (const [hduName, want] of Object.entries(hdus)) {
      if (hduName === "PRIMARY" && want.header !== undefined) continue;
      const hdu = await file.hdu(hduName);
      if (want.image !== undefined) await checkImage(hdu, want);
      else await checkTable(hdu, want as Record<string, ExpectedColumn>);
    }
  });
  Deno.test(`verifyChecksum() agrees with the sums astropy wrote in ${name}`, async () => {
    using file = await open(name);
    const state = name === "variable.fits" ? "absent" : "ok";
    for (const hdu of await file.hdus()) {
      assert.deepEqual(await verifyChecksum(hdu), { datasum: state, checksum: state });
    }
  });
}

Deno.test("parseHeader() reads astropy's CONTINUE, HIERARCH, D exponents, int64 and 700 cards", async () => {
  using file = await open("header.fits.gz");
  const header = file.primary.header, want = expected.files["header.fits.gz"]!.PRIMARY!;
  for (const [key, value] of Object.entries(want.header as Record<string, unknown>)) {
    assert.equal(plain(headerValue(header, key)) ?? null, value, key);
  }
  assert.deepEqual(headerCards(header, "HISTORY").map((c) => c.comment), want.history);
  assert.deepEqual(headerCards(header, "COMMENT").map((c) => c.comment), want.comment);
  for (const [key, values] of Object.entries(want.duplicates as Record<string, unknown[]>)) {
    assert.deepEqual(headerCards(header, key).map((c) => c.value), values);
  }
  assert.equal(headerCards(header, "BIGINT")[0]?.value, 2n ** 62n + 1n);
  assert.equal(headerCards(header, "REAL")[0]?.comment, "comment of REAL");
  assert.equal(headerCards(header, "LONGSTR")[0]?.comment, "comment of NGSTR");
  assert.equal(headerCards(header, "DUP").length, 2);
  assert(header.cards.length > 600);
});

Deno.test("readNumbers() gives the doubles of every real column of astropy's tables", async () => {
  using file = await open("scaled.fits");
  const table = asTable(await file.hdu("SCALED")), want = expected.files["scaled.fits"]!.SCALED!;
  for (const [name, column] of Object.entries(want as Record<string, ExpectedColumn>)) {
    const numbers = await readNumbers(table, name);
    const wanted = column.values!.map((v, i) => column.valid?.[i] === 0 ? NaN : Number(v));
    assert.deepEqual(Array.from(numbers), wanted, name);
    assert(table.kind === "bintable");
    const [block] = await readRowBlock(table, [{ column: name, as: "float64" }], 0, table.nRows);
    assert.deepEqual(block, numbers, name);
  }
});
