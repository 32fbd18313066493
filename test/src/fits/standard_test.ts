/** Bytes laid by hand, each with the section of FITS 4.0 that asks for it; and damaged files. */
import assert from "node:assert/strict";
import {
  addToSum,
  asBintable,
  asTable,
  card,
  encodeChecksum,
  encodeFits,
  findColumn,
  FitsFormatError,
  type HduInput,
  headerBoolean,
  headerFromCards,
  headerInteger,
  headerNumber,
  headerString,
  headerValue,
  memorySource,
  openFits,
  optionalColumn,
  optionalHeaderNumber,
  parseHeader,
  readColumn,
  readImage,
  readNumbers,
  readRowBlock,
  readStrings,
  readTable,
  rowBlocks,
  verifyChecksum,
  wholeRows,
} from "../../../src/fits/mod.ts";

const encoder = new TextEncoder();

function block(bytes: ArrayLike<number>, fill = 0): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 2880) * 2880).fill(fill);
  out.set(bytes);
  return out;
}

function cards(lines: readonly string[]): Uint8Array {
  return block(encoder.encode([...lines, "END"].map((line) => line.padEnd(80)).join("")), 32);
}

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const PRIMARY = cards(["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0"]);

function bintable(
  rowBytes: number,
  nRows: number,
  fields: readonly string[],
  more: readonly string[] = [],
  pcount = 0,
): Uint8Array {
  return cards([
    "XTENSION= 'BINTABLE'",
    "BITPIX  = 8",
    "NAXIS   = 2",
    `NAXIS1  = ${rowBytes}`,
    `NAXIS2  = ${nRows}`,
    `PCOUNT  = ${pcount}`,
    "GCOUNT  = 1",
    `TFIELDS = ${fields.length}`,
    ...fields.map((format, i) => `TFORM${String(i + 1).padEnd(3)}= '${format}'`),
    ...more,
  ]);
}

async function tableOf(header: Uint8Array, data: ArrayLike<number>) {
  const file = await openFits(memorySource(join(PRIMARY, header, block(data)), "hand.fits"));
  return asBintable(await file.hdu(1));
}

async function column(header: Uint8Array, data: ArrayLike<number>, index = 0) {
  const table = await tableOf(header, data);
  return await readColumn(table, table.columns[index]!);
}

/** §4.1.2.3, §4.2: parse one line. */
const one = (line: string) => parseHeader(cards([line])).cards[0]!;

Deno.test("parseHeader() reads the value fields of FITS 4.0 §4.2", () => {
  const lines: [string, unknown, string][] = [
    ["A       = 'it''s'             / quote", "it's", "quote"], // §4.2.1.1
    ["A       = '  x  '", "  x", ""], // leading blanks count, trailing do not
    ["A       = ''", "", ""],
    ["A       = '        '", "", ""],
    ["A       = 'a / b' / c", "a / b", "c"],
    ["A       =                    T / yes", true, "yes"], // §4.2.2
    ["A       =                  -17", -17, ""], // §4.2.3
    ["A       = +0012/x", 12, "x"],
    ["A       =  9223372036854775807", 9223372036854775807n, ""],
    ["A       = 1.5", 1.5, ""], // §4.2.4
    ["A       = .5E-3", 0.0005, ""],
    ["A       = 1.5D+03", 1500, ""],
    ["A       = -2.e4", -20000, ""],
    ["A       = (1.5, -2)", "(1.5, -2)", ""], // §4.2.6
    ["A       =  / undefined", undefined, "undefined"], // §4.1.2.3
  ];
  for (const [line, value, comment] of lines) {
    assert.deepEqual(one(line), { keyword: "A", value, comment }, line);
  }
});

Deno.test("parseHeader() keeps cards without the value indicator as text (§4.1.2.2)", () => {
  assert.deepEqual(one("COMMENT = 5"), { keyword: "COMMENT", value: undefined, comment: "= 5" });
  assert.deepEqual(one("NOTE     = 5").value, undefined);
  assert.deepEqual(one("        blank keyword").comment, "blank keyword");
  assert.deepEqual(one("HIERARCH no equals sign").comment, " no equals sign");
});

Deno.test("parseHeader() joins CONTINUE cards (§4.2.1.2)", () => {
  const header = parseHeader(cards([
    "S       = 'one &' / c1",
    "CONTINUE  'two ''&'   / c2",
    "CONTINUE  '' / c3",
    "T       = 'ends with &'",
    "U       = 5",
    "CONTINUE  'alone'",
  ]));
  assert.deepEqual(header.cards.map((c) => [c.keyword, c.value, c.comment]), [
    ["S", "one two '", "c1 c2 c3"],
    ["T", "ends with &", ""],
    ["U", 5, ""],
    ["CONTINUE", undefined, "  'alone'"],
  ]);
});

Deno.test("header functions name keyword and file when a value is missing, empty, bad or of another type", () => {
  const header = parseHeader(
    cards([
      "A       = 'text'",
      "B       = 1.5",
      "C       =",
      "D       = NaN",
      "E       = 'open",
      "F       = T",
    ]),
    { file: "x.fits", hdu: 3 },
  );
  const failing: [() => unknown, RegExp][] = [
    [() => headerNumber(header, "A"), /x\.fits, HDU 3, A: found 'text', expected a number/],
    [() => headerInteger(header, "b"), /B: found 1\.5, expected a whole number/],
    [() => headerNumber(header, "C"), /C: the value is empty/],
    [() => headerNumber(header, "Z"), /Z: the keyword is missing/],
    [() => headerValue(header, "D"), /D: found NaN, which is no FITS value/],
    [() => optionalHeaderNumber(header, "D"), /D: found NaN/],
    [() => headerString(header, "E"), /E: the string has no closing quote/],
    [() => headerString(header, "F"), /F: found true, expected a string/],
    [() => headerBoolean(header, "B"), /B: found 1\.5, expected T or F/],
  ];
  for (const [call, message] of failing) {
    assert.throws(call, (error) => {
      assert(error instanceof FitsFormatError);
      assert.equal(error.hdu, 3);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.equal(optionalHeaderNumber(header, "C"), undefined);
});

Deno.test("readColumn() reads logicals T, F and the null byte (§7.3.3.1)", async () => {
  const data = await column(bintable(1, 3, ["L"]), [84, 70, 0]);
  assert(data.kind === "number");
  assert.deepEqual(data.values, new Uint8Array([1, 0, 0]));
  assert.deepEqual(data.valid, new Uint8Array([1, 1, 0]));
});

Deno.test("readColumn() reads bits from the most significant on (§7.3.3.1)", async () => {
  // 11 bits 1000 0000 001 and 0111 1111 110, padded by five zero bits
  const data = await column(bintable(2, 2, ["11X"]), [0x80, 0x20, 0x7f, 0xc0]);
  assert(data.kind === "number");
  assert.deepEqual(data.bits, new Uint32Array([0b10000000001, 0b01111111110]));
  assert.deepEqual(data.values, new Uint8Array([0x80, 0x20, 0x7f, 0xc0]));
  const wide = await column(bintable(5, 1, ["33X"]), [1, 2, 3, 4, 0x80]);
  assert(wide.kind === "number" && wide.bits === undefined);
});

Deno.test("readColumn() cuts texts at NUL and trailing blanks (§7.3.3.1)", async () => {
  const data = await column(bintable(6, 3, ["6A"]), encoder.encode("Crab\0x a b  \0\0\0\0\0\0"));
  assert.deepEqual(data.values, ["Crab", " a b", ""]);
});

Deno.test("readColumn() reads rAw and TDIM texts as lists of strings", async () => {
  const bytes = encoder.encode("ab cd e  fg ");
  for (const header of [bintable(6, 2, ["6A3"]), bintable(6, 2, ["6A"], ["TDIM1   = '(3,2)'"])]) {
    const data = await column(header, bytes);
    assert(data.kind === "string");
    assert.deepEqual(data.values, ["ab", "cd", "e", "fg"]);
    assert.deepEqual(data.shape, [2, 2]);
  }
});

Deno.test("readColumn() reads big-endian integers and IEEE floats (§5.2, §5.3)", async () => {
  const bytes = [
    ...[0x80, 0x00], // I: -32768
    ...[0xff, 0xff, 0xff, 0xfe], // J: -2
    ...[0x00, 0x20, 0, 0, 0, 0, 0, 1], // K: 2^53 + 1, which no double holds
    ...[0x3f, 0xc0, 0, 0], // E: 1.5
    ...[0xc0, 0x04, 0, 0, 0, 0, 0, 0], // D: -2.5
    ...[0x7f, 0x80, 0, 0, 0xff, 0x80, 0, 0], // C: ∞, -∞
  ];
  const table = await tableOf(bintable(34, 1, ["I", "J", "K", "E", "D", "C"]), bytes);
  const { columns } = await readTable(table);
  assert.deepEqual(columns.map((c) => c.values), [
    new Int16Array([-32768]),
    new Int32Array([-2]),
    new BigInt64Array([2n ** 53n + 1n]),
    new Float32Array([1.5]),
    new Float64Array([-2.5]),
    new Float32Array([Infinity, -Infinity]),
  ]);
});

Deno.test("readColumn() follows P and Q descriptors into the heap behind a gap (§7.3.5, THEAP)", async () => {
  // 1 row of P (8) + Q (16) bytes, THEAP 30: a gap of 6 bytes, then the heap of 10
  const header = bintable(24, 1, ["1PI(2)", "QL"], ["THEAP   = 30"], 16);
  const bytes = new Uint8Array(40), view = new DataView(bytes.buffer);
  view.setInt32(0, 2); // two I at heap byte 4
  view.setInt32(4, 4);
  view.setBigInt64(8, 3n); // three L at heap byte 0
  view.setBigInt64(16, 0n);
  bytes.set([84, 70, 0], 30);
  view.setInt16(34, -7);
  view.setInt16(36, 300);
  const table = await tableOf(header, bytes);
  const p = await readColumn(table, table.columns[0]!),
    q = await readColumn(table, table.columns[1]!);
  assert(p.kind === "variable" && q.kind === "variable");
  assert.deepEqual(p.values, [new Int16Array([-7, 300])]);
  assert.deepEqual(q.values, [new Uint8Array([1, 0, 0])]);
  assert.deepEqual(q.valid, [new Uint8Array([1, 1, 0])]);
});

Deno.test("readColumn() applies TSCAL and TZERO to complex numbers, the zero to the real part (§7.3.2)", async () => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat32(0, 1.5);
  view.setFloat32(4, -2);
  const header = bintable(8, 1, ["C"], ["TSCAL1  = 2", "TZERO1  = 10"]);
  const data = await column(header, new Uint8Array(view.buffer));
  assert.deepEqual(data.values, new Float64Array([13, -4]));
});

Deno.test("readColumn() reads ASCII fields: blanks are 0, implicit points, D exponents (§7.2.5)", async () => {
  const rows = ["  12 12345 1.5D+2", "       -25 -.5   ", " -3    N/A 2-3   "];
  const header = cards([
    "XTENSION= 'TABLE'",
    "BITPIX  = 8",
    "NAXIS   = 2",
    "NAXIS1  = 17",
    "NAXIS2  = 3",
    "PCOUNT  = 0",
    "GCOUNT  = 1",
    "TFIELDS = 3",
    "TTYPE1  = 'I'",
    "TBCOL1  = 1",
    "TFORM1  = 'I4'",
    "TTYPE2  = 'F'",
    "TBCOL2  = 5",
    "TFORM2  = 'F6.2'",
    "TNULL2  = '   N/A'",
    "TTYPE3  = 'D'",
    "TBCOL3  = 12",
    "TFORM3  = 'D6.1'",
  ]);
  const bytes = join(PRIMARY, header, block(encoder.encode(rows.join("")), 32));
  using file = await openFits(memorySource(bytes));
  const { columns } = await readTable(asTable(await file.hdu(1)));
  assert.deepEqual(columns[0]!.values, new Int32Array([12, 0, -3]));
  assert.deepEqual(columns[1]!.values, new Float64Array([123.45, -0.25, NaN]));
  // "2-3" is 2 with an exponent and an implicit point before the last digit: 0.2e-3
  assert.deepEqual(columns[2]!.values, new Float64Array([150, -0.5, 2e-4]));
});

Deno.test("readImage() reads BITPIX -64 and BLANK of 16 bits by hand (§5.3, §4.4.2.5)", async () => {
  const doubles = cards(["SIMPLE  = T", "BITPIX  = -64", "NAXIS   = 1", "NAXIS1  = 2"]);
  const ints = cards([
    "XTENSION= 'IMAGE'",
    "BITPIX  = 16",
    "NAXIS   = 2",
    "NAXIS1  = 2",
    "NAXIS2  = 1",
    "PCOUNT  = 0",
    "GCOUNT  = 1",
    "BLANK   = -1",
    "BSCALE  = 2.0",
  ]);
  const data = [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0];
  const bytes = join(doubles, block(data), ints, block([0xff, 0xff, 0, 5]));
  using file = await openFits(memorySource(bytes));
  const [first, second] = await file.hdus();
  assert(first?.kind === "image" && second?.kind === "image");
  assert.deepEqual((await readImage(first)).data, new Float64Array([1, 2]));
  const image = await readImage(second);
  assert.deepEqual(image.data, new Float64Array([NaN, 10]));
  assert.deepEqual(image.shape, [1, 2]);
});

Deno.test("encodeChecksum() gives the standard's example (Appendix J.3.3)", () => {
  assert.equal(encodeChecksum((~868229149) >>> 0), "hcHjjc9ghcEghc9g");
  const words = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
  assert.equal(addToSum(0, words), 1); // ones' complement: the carry comes round
});

Deno.test("verifyChecksum() finds any changed bit", async () => {
  const bytes = encodeFits([{ kind: "image", data: new Uint8Array(100), shape: [100] }]);
  for (let at = 0; at < bytes.length; at += 137) {
    if (at >= 80 * 4 && at < 2880 && bytes[at] === 32) continue;
    const damaged = bytes.slice();
    damaged[at]! ^= 4;
    try {
      using file = await openFits(memorySource(damaged));
      const report = await verifyChecksum(file.primary);
      assert(report.checksum !== "ok", `byte ${at}`);
    } catch (error) {
      assert(error instanceof FitsFormatError);
    }
  }
});

Deno.test("openFits() ignores special records behind the last HDU (§3.5) and missing padding", async () => {
  const table = join(PRIMARY, bintable(1, 3, ["B"]), new Uint8Array([1, 2, 3]));
  using cut = await openFits(memorySource(table));
  const whole = asTable(await cut.hdu(1));
  assert.deepEqual(await readNumbers(whole, whole.columns[0]!), new Float64Array([1, 2, 3]));
  using special = await openFits(memorySource(join(PRIMARY, new Uint8Array(2880).fill(88))));
  assert.equal((await special.hdus()).length, 1);
});

Deno.test("openFits() and readers say what is wrong with a damaged structure", async () => {
  const image = (lines: string[]) => cards(["SIMPLE  = T", ...lines]);
  const broken: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /found no data/],
    [encoder.encode("not a FITS file at all"), /expected "SIMPLE {2}"/],
    [PRIMARY.subarray(0, 200), /ends before the header's END card/],
    [image(["BITPIX  = 7", "NAXIS   = 0"]), /BITPIX: found 7/],
    [image(["BITPIX  = 8"]), /NAXIS: the keyword is missing/],
    [image(["BITPIX  = 8", "NAXIS   = 1000"]), /found 1000, expected 0 to 999/],
    [image(["BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = -5"]), /NAXIS1: found -5/],
    [
      image(["BITPIX  = 8", "NAXIS   = 3", ...[1, 2, 3].map((n) => `NAXIS${n}  = 999999999`)]),
      /more than 2\^53 bytes/,
    ],
    [join(PRIMARY, bintable(5, 1, ["J"])), /rows of 5 bytes, but the columns fill 4/],
    [join(PRIMARY, bintable(4, 1, ["W"])), /TFORM1: found 'W'/],
    [join(PRIMARY, bintable(4, 1, ["99999999999999999999J"])), /too large/],
    [join(PRIMARY, bintable(24, 1, ["3PJ"])), /repeat count 3, expected 0 or 1/],
    [join(PRIMARY, bintable(4, 1, ["J"], ["THEAP   = 99"])), /THEAP: found 99, expected 4 to 4/],
    [join(PRIMARY, bintable(4, 1, ["J"], ["TDIM1   = '(2,2)'"])), /TDIM1: found \(2,2\)/],
    [join(PRIMARY, bintable(4, 1, ["J"], ["TNULL1  = 1.5"])), /TNULL1: found 1\.5/],
  ];
  for (const [bytes, message] of broken) {
    const scan = async () => {
      using file = await openFits(memorySource(bytes, "broken.fits"));
      await file.hdus();
    };
    await assert.rejects(scan, (error) => {
      assert(error instanceof FitsFormatError, String(error));
      assert.match(error.message, /^broken\.fits/);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("readers say how many rows of a cut table are whole", async () => {
  const bytes = join(PRIMARY, bintable(8, 1000, ["K"]), new Uint8Array(8 * 700 + 3));
  using file = await openFits(memorySource(bytes, "cut.fits"));
  const table = asBintable(await file.hdu(1));
  assert.equal(await wholeRows(table), 700);
  const message = /cut\.fits, HDU 1.*found 700 whole rows, expected 1000/;
  await assert.rejects(() => readTable(table), message);
  const request = [{ column: table.columns[0]!, as: "bigint64" }] as const;
  await assert.rejects(() => readRowBlock(table, request, 0, 1000), message);
  const [rows] = await readRowBlock(table, request, 0, 700);
  assert.equal(rows.length, 700);
});

Deno.test("readers refuse a table of 10^15 rows that are not there before allocating", async () => {
  for (const nRows of [1e15, 1e12, 1e9]) {
    const bytes = join(PRIMARY, bintable(8, nRows, ["K"]), new Uint8Array(2880));
    using file = await openFits(memorySource(bytes));
    await assert.rejects(() => file.hdu(1).then((hdu) => readTable(asTable(hdu))), FitsFormatError);
  }
  const empty = join(PRIMARY, bintable(0, 1e15, ["0A"]));
  using file = await openFits(memorySource(empty));
  await assert.rejects(() => file.hdu(1).then((hdu) => readTable(asTable(hdu))), /rows of 0 bytes/);
});

Deno.test("readColumn() refuses heap pointers outside the heap and arrays that overlap without end", async () => {
  for (const [count, place] of [[5, 0], [-1, 0], [1, -1], [1, 13], [2 ** 31 - 1, 0]]) {
    const bytes = new Uint8Array(24), view = new DataView(bytes.buffer);
    view.setInt32(0, count!);
    view.setInt32(4, place!);
    const table = await tableOf(bintable(8, 1, ["PJ"], [], 16), bytes);
    await assert.rejects(() => readColumn(table, table.columns[0]!), /row 0 points to/);
  }
  const rows = 200, heap = 1 << 20, bytes = new Uint8Array(rows * 8 + heap);
  const view = new DataView(bytes.buffer);
  for (let r = 0; r < rows; r++) view.setInt32(8 * r, heap);
  const table = await tableOf(bintable(8, rows, ["PB"], [], heap), bytes);
  await assert.rejects(() => readColumn(table, table.columns[0]!), /overlap/);
});

Deno.test("findColumn() takes the exact name first and names the candidates otherwise", async () => {
  const v = new Float64Array(1), names = ["dec", "DEC", "RA", "ra2"];
  const columns = names.map((name) => ({ name, values: v }));
  using file = await openFits(memorySource(encodeFits([{ kind: "bintable", name: "T", columns }])));
  const table = asTable(await file.hdu("T"));
  assert.equal(findColumn(table, "DEC").index, 1);
  assert.equal(findColumn(table, "dec").index, 0);
  assert.equal(findColumn(table, "ra").index, 2);
  assert.throws(() => findColumn(table, "Dec"), /any of dec, DEC/);
  assert.throws(() => optionalColumn(table, "Dec"), FitsFormatError);
  assert.throws(() => findColumn(table, "ENERGY"), /there are dec, DEC, RA, ra2/);
  assert.equal(optionalColumn(table, "ENERGY"), undefined);
});

Deno.test("FitsFile.hdu() finds by index, name and version, and names what there is", async () => {
  const columns = [{ name: "V", values: new Float64Array(1) }];
  const hdus: HduInput[] = [1, 2].map((version) => ({
    kind: "bintable",
    name: "Spec",
    version,
    columns,
  }));
  using file = await openFits(memorySource(encodeFits(hdus), "two.fits"));
  assert.equal((await file.hdu("SPEC")).index, 1);
  assert.equal((await file.hdu("spec", 2)).index, 2);
  assert.equal(await file.find(3), undefined);
  await assert.rejects(
    () => file.hdu("GTI"),
    /two\.fits: found no HDU GTI; there are 0 PRIMARY, 1 Spec/,
  );
  await assert.rejects(() => file.hdu(-1), RangeError);
  const all = await Promise.all([file.hdu(2), file.hdu("Spec"), file.hdus()]);
  assert.equal(all[2].length, 3);
});

Deno.test("readRowBlock() gives every type asked for, scaled, into given arrays, in one buffer", async () => {
  const columns = [
    { name: "E", values: new Float32Array([1, 2, 3]) },
    { name: "I", values: new Int16Array([-1, 2, 300]), nullValue: 300 },
    { name: "K", values: new BigInt64Array([-5407363825684n, 2n, 5_000_000_000n]) },
    { name: "U", values: new Uint32Array([0, 1, 4_000_000_000]) },
    { name: "X", values: new Uint32Array([1, 2, 0x80000000]), type: "X", bits: 32 },
    { name: "L", values: new Uint8Array([1, 0, 1]), type: "L" },
    { name: "V", values: new Float64Array([1, 2, 3, 4, 5, 6]), shape: [2] },
    { name: "A", values: ["a", "b", "c"] },
  ] as const;
  using file = await openFits(memorySource(encodeFits([{ kind: "bintable", name: "T", columns }])));
  const table = asBintable(await file.hdu("T"));
  const [e, i, i32, k, k64, u, x, l, v, a] = await readRowBlock(
    table,
    [
      { column: "E", as: "float64", scale: 10, offset: 1 },
      { column: "I", as: "float64" },
      { column: "I", as: "int32" },
      { column: "K", as: "bigint64" },
      { column: "K", as: "float64" },
      { column: "U", as: "uint32" },
      { column: "X", as: "uint32" },
      { column: "L", as: "uint32" },
      { column: "V", as: "float64" },
      { column: "A", as: "native" },
    ],
    1,
    3,
  );
  assert.deepEqual(e, new Float64Array([21, 31]));
  assert.deepEqual(i, new Float64Array([2, NaN]));
  assert.deepEqual(i32, new Int32Array([2, 300]));
  assert.deepEqual(k, new BigInt64Array([2n, 5_000_000_000n]));
  assert.deepEqual(k64, new Float64Array([2, 5_000_000_000]));
  assert.deepEqual(u, new Uint32Array([1, 4_000_000_000]));
  assert.deepEqual(x, new Uint32Array([2, 0x80000000]));
  assert.deepEqual(l, new Uint32Array([0, 1]));
  assert.deepEqual(v, new Float64Array([3, 4, 5, 6]));
  assert.deepEqual(a, ["b", "c"]);
  assert(e.buffer === v.buffer && e.buffer === k.buffer);

  const into = [new Float64Array(10), new BigInt64Array(3)];
  const requests = [{ column: "E", as: "float64" }, { column: "K", as: "bigint64" }] as const;
  const [given] = await readRowBlock(table, requests, 0, 3, { into });
  assert.equal(given.buffer, into[0]!.buffer);
  assert.deepEqual(given, new Float64Array([1, 2, 3]));

  const refused: [Parameters<typeof readRowBlock>[1], RegExp][] = [
    [[{ column: "K", as: "int32" }], /column K: row 0: found -5407363825684/],
    [[{ column: "I", as: "uint32" }], /column I: row 0: found -1/],
    [[{ column: "A", as: "float64" }], /column A .*no numbers/],
    [[{ column: "K", as: "bigint64", scale: 2 }], /scale and offset need/],
    [[{ column: "NONE", as: "native" }], /no column "NONE"/],
  ];
  for (const [request, message] of refused) {
    await assert.rejects(() => readRowBlock(table, request, 0, 3), message);
  }
  await assert.rejects(() => readRowBlock(table, requests, 0, 4), RangeError);
  await assert.rejects(
    () => readRowBlock(table, requests, 0, 3, { into: [new Float64Array(2)] }),
    TypeError,
  );
  const tooShort = [new Float64Array(2), undefined];
  await assert.rejects(() => readRowBlock(table, requests, 0, 3, { into: tooShort }), TypeError);
});

Deno.test("readRowBlock() gives every integer column as 64 bits, if it fits", async () => {
  const max = 2n ** 63n - 1n;
  const columns = [
    { name: "B", values: new Int8Array([-128, 127]) },
    { name: "I", values: new Int16Array([-1, 5]) },
    { name: "J", values: new Int32Array([-(2 ** 31), 2 ** 31 - 1]) },
    { name: "U", values: new Uint32Array([0, 2 ** 32 - 1]) },
    { name: "D", values: new Float64Array([-(2 ** 40) - 3, 2 ** 53 - 1]) },
    { name: "U64", values: new BigUint64Array([0n, max]) },
    { name: "HUGE", values: new BigUint64Array([0n, max + 1n]) },
  ];
  using file = await openFits(memorySource(encodeFits([{ kind: "bintable", name: "T", columns }])));
  const table = asBintable(await file.hdu("T"));
  for (const { name, values } of columns.slice(0, 6)) {
    const [found] = await readRowBlock(table, [{ column: name, as: "bigint64" }], 0, 2);
    assert.deepEqual(found, BigInt64Array.from(values as ArrayLike<number>, BigInt), name);
  }
  const huge = [{ column: "HUGE", as: "bigint64" }] as const;
  await assert.rejects(() => readRowBlock(table, huge, 0, 2), /row 1: found 9223372036854775808/);
});

Deno.test("rowBlocks() gives the same rows for any block length", async () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i * 1.5);
  using file = await openFits(
    memorySource(encodeFits([{ kind: "bintable", name: "T", columns: [{ name: "V", values }] }])),
  );
  const table = asBintable(await file.hdu("T"));
  for (const blockRows of [1, 7, 999, 1000, 5000]) {
    const all: number[] = [];
    const options = { blockRows, rowStart: 3 };
    for await (const one of rowBlocks(table, [{ column: "V", as: "float64" }], options)) {
      assert.equal(one.rowStart, all.length + 3);
      all.push(...one.columns[0]);
    }
    assert.deepEqual(all, [...values.subarray(3)]);
  }
});

Deno.test("readNumbers() and readStrings() refuse columns of the other kind", async () => {
  const columns = [{ name: "A", values: ["a"] }, { name: "D", values: new Float64Array(1) }];
  using file = await openFits(memorySource(encodeFits([{ kind: "bintable", name: "T", columns }])));
  const table = asTable(await file.hdu("T"));
  await assert.rejects(
    () => readNumbers(table, "A"),
    /column A: found format 1A, expected one of real/,
  );
  await assert.rejects(
    () => readStrings(table, "D"),
    /column D: found format 1D, expected one of texts/,
  );
  await assert.rejects(() => readColumn(table, "D", { rowStart: 1, rowStop: 0 }), RangeError);
  assert.equal(headerValue(headerFromCards([card("X", 5n)]), "X"), 5n);
});
