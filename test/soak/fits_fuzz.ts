/**
 * Damaged FITS files give a FitsFormatError or a result: no other error, no case over 1 s, no
 * operation that allocates more than 4 times the file and 64 MiB.
 * Usage: deno run -A test/soak/fits_fuzz.ts [cases=200000] [seed=1]
 */
import { gunzipSync, gzipSync } from "node:zlib";
import {
  encodeFits,
  FitsFormatError,
  type Hdu,
  headerNumber,
  headerString,
  memorySource,
  openFits,
  optionalColumn,
  readImage,
  readImageNumbers,
  readNumbers,
  readRowBlock,
  readTable,
  verifyChecksum,
  wholeRows,
} from "../../src/fits/mod.ts";
import { mulberry32 } from "../_tools/mulberry32.ts";

const FREE_BYTES = 64 * 2 ** 20, MAX_MS = 1000;

/** What a run of cases came to. */
export interface FuzzReport {
  readonly cases: number;
  /** Cases that were read to the end. */
  readonly read: number;
  /** Cases refused with a FitsFormatError, somewhere. */
  readonly refused: number;
  readonly slowestMs: number;
  /** Most bytes that one operation allocated. */
  readonly mostBytes: number;
  /** What went wrong: seed of the case and why. */
  readonly failures: string[];
}

type Random = () => number;

const below = (random: Random, n: number) => Math.floor(random() * n);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;

function ownFile(): Uint8Array {
  const n = 20, series = Array.from({ length: n }, (_, i) => i);
  return encodeFits([
    { kind: "image", data: Int16Array.from(series), shape: [2, 2, 5], blank: 3 },
    {
      kind: "bintable",
      name: "EVENTS",
      columns: [
        { name: "TIME", values: Float64Array.from(series), unit: "s" },
        { name: "ENERGY", values: Float32Array.from(series), unit: "TeV" },
        { name: "EVENT_ID", values: BigInt64Array.from(series, BigInt) },
        { name: "CLASS", values: Uint32Array.from(series), type: "X", bits: 32 },
        { name: "NAMES", values: series.concat(series).map(String), shape: [2] },
        { name: "ADC", values: series.map((i) => Int16Array.from(series.slice(i))), variable: "P" },
        {
          name: "LONG",
          values: series.map((i) => Float64Array.from(series.slice(i))),
          variable: "Q",
        },
        { name: "NULLS", values: Int32Array.from(series), nullValue: 7 },
        { name: "SCALED", values: Int16Array.from(series), scale: 0.1, zero: 3, nullValue: 2 },
        { name: "DATA", values: new Float32Array(6 * n), shape: [2, 3] },
      ],
    },
    {
      kind: "table",
      name: "ASCII",
      columns: [
        { name: "I", format: "I8", values: series, nullText: "none" },
        { name: "K", format: "I19", values: series },
        { name: "F", format: "F9.3", values: series },
        { name: "A", format: "A5", values: series.map(String) },
      ],
    },
  ]);
}

function baseFiles(): Uint8Array[] {
  const folder = new URL("../golden/fits/", import.meta.url),
    files = [ownFile(), ownFile(), ownFile()];
  for (const entry of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    if (!/\.fits(\.gz)?$/.test(entry.name)) continue;
    const bytes = Deno.readFileSync(new URL(entry.name, folder));
    files.push(new Uint8Array(entry.name.endsWith(".gz") ? gunzipSync(bytes) : bytes));
  }
  return files;
}

const NUMBERS = [
  "0",
  "-1",
  "1",
  "2",
  "3",
  "8",
  "16",
  "64",
  "-32",
  "-64",
  "255",
  "999",
  "1000",
  "65536",
  "1000000",
  "2147483647",
  "2147483648",
  "4294967296",
  "1000000000000",
  "9007199254740991",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  "99999999999999999999999",
  "1.5",
  "1E30",
  "1D400",
  "NaN",
  "T",
  "F",
  "",
  "'text'",
  "''",
  "'open",
  "(1,2)",
  "1 2",
];
const FORMATS = [
  "0A",
  "1A",
  "10A3",
  "0J",
  "1J",
  "20J",
  "999999999J",
  "1PJ(3)",
  "PJ",
  "0PE",
  "2PE",
  "QD",
  "PQ",
  "QA",
  "1X",
  "33X",
  "0X",
  "PX",
  "PL",
  "PM",
  "1C",
  "M",
  "1L",
  "J(3)",
  "",
  "1Z",
  "I",
  "I20",
  "I5.5",
  "A4",
  "F5.9",
  "E99.9",
  "D25.17",
  "1K",
  "9007199254740993B",
  "99999999999999999999A",
];
const DIMS = [
  "(1)",
  "(0)",
  "(2,3)",
  "(999999999,999999999)",
  "()",
  "(a)",
  "(-1,2)",
  "(3,2,1,1,1,1)",
  "5",
];
const KEYS = [
  "SIMPLE",
  "XTENSION",
  "BITPIX",
  "NAXIS",
  "NAXIS1",
  "NAXIS2",
  "NAXIS3",
  "PCOUNT",
  "GCOUNT",
  "TFIELDS",
  "THEAP",
  "TFORM1",
  "TFORM2",
  "TFORM6",
  "TDIM1",
  "TDIM5",
  "TNULL1",
  "TNULL8",
  "TSCAL1",
  "TZERO1",
  "TBCOL1",
  "TBCOL2",
  "BSCALE",
  "BZERO",
  "BLANK",
  "GROUPS",
  "EXTNAME",
  "EXTVER",
  "CONTINUE",
  "END",
  "HIERARCH",
  "CHECKSUM",
  "DATASUM",
];

function setText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length && at + i < bytes.length; i++) bytes[at + i] = text.charCodeAt(i);
}

/** Offsets of cards: lines of 80 characters that look like one. */
function cardOffsets(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + 80 <= bytes.length; at += 80) {
    if (bytes[at + 8] === 61 && bytes[at + 9] === 32) found.push(at);
  }
  return found;
}

function keywordAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 8)).trim();
}

function mutate(random: Random, input: Uint8Array): Uint8Array {
  let bytes = input.slice();
  const cards = cardOffsets(bytes), card = cards.length === 0 ? 0 : pick(random, cards);
  const word = keywordAt(bytes, card);
  switch (below(random, 12)) {
    case 0: // any byte
      for (let i = below(random, 5); i >= 0; i--) {
        bytes[below(random, bytes.length)] = below(random, 256);
      }
      return bytes;
    case 1: // any bit
      bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
      return bytes;
    case 2:
    case 3: { // a value of a structural keyword
      const structural = cards.filter((at) => KEYS.includes(keywordAt(bytes, at)));
      const at = structural.length === 0 ? card : pick(random, structural);
      setText(bytes, at + 10, pick(random, NUMBERS).padStart(20));
      return bytes;
    }
    case 4: // a format or a shape
      if (/^TFORM/.test(word)) setText(bytes, card + 10, `'${pick(random, FORMATS)}'`.padEnd(70));
      else if (/^TDIM/.test(word)) setText(bytes, card + 10, `'${pick(random, DIMS)}'`.padEnd(70));
      else setText(bytes, card + 10, pick(random, NUMBERS).padEnd(70));
      return bytes;
    case 5: // another keyword over a card
      setText(
        bytes,
        card,
        `${pick(random, KEYS).padEnd(8)}= ${pick(random, NUMBERS).padStart(20)}`,
      );
      return bytes;
    case 6: { // a shape or null of a column
      const n = 1 + below(random, 10),
        key = pick(random, ["TDIM", "TNULL", "TSCAL", "TZERO", "TFORM"]);
      const value = key === "TDIM" ? `'${pick(random, DIMS)}'` : pick(random, NUMBERS);
      setText(bytes, card, `${(key + n).padEnd(8)}= ${value}`.padEnd(80));
      return bytes;
    }
    case 7: // cut
      return bytes.slice(0, below(random, bytes.length));
    case 8: { // a 32- or 64-bit number somewhere in the data: pointers and lengths
      const view = new DataView(bytes.buffer),
        at = below(random, Math.max(1, bytes.length - 8)) & ~3;
      if (at + 8 > bytes.length) return bytes;
      const value = pick(random, [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 100, 1 << 20]);
      view.setInt32(at, value);
      if (random() < 0.5) view.setInt32(at + 4, value);
      return bytes;
    }
    case 9: { // a block or a card too few or twice
      const size = random() < 0.5 ? 80 : 2880,
        at = Math.floor(below(random, bytes.length) / size) * size;
      const parts = random() < 0.5
        ? [bytes.subarray(0, at), bytes.subarray(at + size)]
        : [bytes.subarray(0, at + size), bytes.subarray(at)];
      bytes = new Uint8Array(parts[0]!.length + parts[1]!.length);
      bytes.set(parts[0]!);
      bytes.set(parts[1]!, parts[0]!.length);
      return bytes;
    }
    case 10: { // rubbish behind the end
      const more = new Uint8Array(bytes.length + below(random, 6000)).fill(below(random, 256));
      more.set(bytes);
      return more;
    }
    default: // an END card in the middle, or none
      if (random() < 0.5) setText(bytes, card, "END".padEnd(80));
      else {for (let at = 0; at + 80 <= bytes.length; at += 80) {
          if (keywordAt(bytes, at) === "END") bytes[at] = 69 + 1;
        }}
      return bytes;
  }
}

/** Counts the bytes of typed arrays made while it is on. */
const guard = { bytes: 0, most: 0 };
const GUARDED = [
  "ArrayBuffer",
  "Uint8Array",
  "Int8Array",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

/** Replaces the constructors of typed arrays by ones that count; gives back what undoes it. */
function watchAllocations(): () => void {
  const scope = globalThis as unknown as Record<string, unknown>;
  const originals = GUARDED.map((name) => scope[name]);
  for (const name of GUARDED) {
    const original = scope[name] as {
      new (...args: unknown[]): object;
      BYTES_PER_ELEMENT?: number;
    };
    const size = original.BYTES_PER_ELEMENT ?? 1;
    scope[name] = new Proxy(original, {
      construct(target, args, newTarget) {
        if (typeof args[0] === "number") guard.bytes += args[0] * size;
        if (guard.bytes > 4 * FREE_BYTES) throw new Error(`allocation of ${guard.bytes} bytes`);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
  }
  return () => GUARDED.forEach((name, i) => scope[name] = originals[i]);
}

/** Runs a task that must not fail but by FitsFormatError; some may refuse even a sound file. */
type Attempt = (task: () => unknown, mayRefuse?: boolean) => Promise<void>;

async function exercise(bytes: Uint8Array, limit: number): Promise<boolean> {
  let whole = true;
  const attempt: Attempt = async (task, mayRefuse = false) => {
    guard.bytes = 0;
    try {
      await task();
    } catch (error) {
      if (!(error instanceof FitsFormatError)) throw error;
      if (!mayRefuse) whole = false;
    }
    guard.most = Math.max(guard.most, guard.bytes);
    if (guard.bytes > limit) {
      throw new Error(`${guard.bytes} bytes allocated, at most ${limit} expected`);
    }
  };
  await attempt(async () => {
    using file = await openFits(memorySource(bytes, "fuzz.fits"), { maxBytes: 2 ** 27 });
    // HDU after HDU, so that a damaged one does not hide those before it.
    for (let i = 0;; i++) {
      let hdu: Hdu | undefined;
      await attempt(async () => hdu = await file.find(i));
      if (hdu === undefined) break;
      await exerciseHdu(hdu, attempt);
    }
    await attempt(() => file.find("EVENTS"));
    await attempt(() => file.hdus());
  });
  return whole;
}

async function exerciseHdu(hdu: Hdu, attempt: Attempt): Promise<void> {
  await attempt(() => headerString(hdu.header, "EXTNAME"), true);
  await attempt(() => headerNumber(hdu.header, "NAXIS1"), true);
  await attempt(() => verifyChecksum(hdu));
  if (hdu.kind === "image") {
    await attempt(() => readImage(hdu));
    await attempt(() => readImageNumbers(hdu, { stop: Math.min(1, hdu.shape[0] ?? 0) }));
  } else if (hdu.kind !== "other") {
    let rows = 0;
    await attempt(async () => rows = await wholeRows(hdu));
    await attempt(() => readTable(hdu));
    await attempt(() => optionalColumn(hdu, "time"));
    const few = { rowStop: Math.min(5, hdu.nRows) };
    for (const column of hdu.columns) await attempt(() => readNumbers(hdu, column, few), true);
    if (hdu.kind === "bintable") {
      const all = hdu.columns.map((column) => ({ column, as: "native" as const }));
      await attempt(() => readRowBlock(hdu, all, 0, Math.min(rows, 10)));
      for (const column of hdu.columns) {
        if (!"BIJKEDL".includes(column.type) || column.variable !== undefined) continue;
        for (const as of ["float64", "int32", "uint32", "bigint64"] as const) {
          await attempt(() => readRowBlock(hdu, [{ column, as }], 0, hdu.nRows), as !== "float64");
        }
      }
    }
  }
}

/** Runs cases `from` to `to` of a seed. */
export async function fuzz(
  seed: number,
  from: number,
  to: number,
  progress: (report: FuzzReport) => void = () => undefined,
): Promise<FuzzReport> {
  const files = baseFiles(), failures: string[] = [];
  let read = 0, refused = 0, slowestMs = 0;
  const report = (cases: number): FuzzReport => ({
    cases,
    read,
    refused,
    slowestMs,
    mostBytes: guard.most,
    failures,
  });
  for (let i = from; i < to; i++) {
    const random = mulberry32(Math.imul(seed, 0x9E3779B1) + i);
    let bytes = pick(random, files);
    for (let n = 1 + below(random, 3); n > 0; n--) {
      if (bytes.length > 0) bytes = mutate(random, bytes);
    }
    const size = bytes.length;
    if (random() < 0.15) {
      bytes = new Uint8Array(gzipSync(bytes, { level: 1 }));
      if (random() < 0.7) {
        for (let n = below(random, 4); n >= 0; n--) {
          bytes[below(random, bytes.length)] = below(random, 256);
        }
      }
      if (random() < 0.3) bytes = bytes.slice(0, below(random, bytes.length));
    }
    const started = performance.now(), undo = watchAllocations();
    try {
      if (await exercise(bytes, 4 * size + FREE_BYTES)) read++;
      else refused++;
    } catch (error) {
      undo();
      const { stack = String(error) } = error as Error;
      failures.push(`seed ${seed} case ${i}: ${stack.split("\n").slice(0, 6).join(" | ")}`);
    } finally {
      undo();
    }
    const ms = performance.now() - started;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > MAX_MS) failures.push(`seed ${seed} case ${i}: took ${ms.toFixed(0)} ms`);
    if ((i + 1 - from) % 10_000 === 0) progress(report(i + 1 - from));
    if (failures.length >= 20) return report(i + 1 - from);
  }
  return report(to - from);
}

if (import.meta.main) {
  const cases = Number(Deno.args[0] ?? 200_000), seed = Number(Deno.args[1] ?? 1);
  const show = (report: FuzzReport) => {
    const { rss, heapUsed } = Deno.memoryUsage();
    console.log(
      `${report.cases} cases: ${report.read} read, ${report.refused} refused, ` +
        `${report.failures.length} failures; slowest ${report.slowestMs.toFixed(0)} ms, ` +
        `most allocated by one operation ${(report.mostBytes / 2 ** 20).toFixed(1)} MiB, ` +
        `rss ${(rss / 2 ** 20).toFixed(0)} MiB, heap ${(heapUsed / 2 ** 20).toFixed(0)} MiB`,
    );
  };
  let uncaught = 0;
  globalThis.addEventListener("unhandledrejection", (event) => {
    uncaught++;
    console.error("uncaught", event.reason);
    event.preventDefault();
  });
  const report = await fuzz(seed, 0, cases, show);
  show(report);
  for (const failure of report.failures) console.error(failure);
  if (report.failures.length > 0 || uncaught > 0) Deno.exit(1);
}
