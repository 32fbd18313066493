import { sealHeader } from "./_seal_header.ts";
import { readRowBytes } from "./_rows.ts";
import { card, formatCard } from "./card.ts";
import { addToSum } from "./checksum.ts";
import { FitsFormatError } from "./fits_format_error.ts";
import { type BintableHdu, optionalColumn } from "./hdu.ts";
import type { Card } from "./header.ts";

const BLOCK = 2880, ROWS = 16384, COPY_BYTES = 1 << 20;

/** A column of doubles that a table is to get. */
export interface AddedColumn {
  /** TTYPEn. A column of this name that holds one number a row is written over. */
  readonly name: string;
  /** TUNITn; none where absent. */
  readonly unit?: string;
  /** What the column holds, beside its name. */
  readonly comment?: string;
}

/** What {@linkcode withAddedColumns} adds. */
export interface AddedColumns {
  /** The columns in their order. */
  readonly columns: readonly AddedColumn[];
  /**
   * Their values for the rows [rowStart, rowStop), an array a column. Asked for twice, in order of the rows,
   * with the same answer: the checksum stands before the data.
   */
  readonly values: (
    rowStart: number,
    rowStop: number,
  ) => readonly Float64Array[] | Promise<readonly Float64Array[]>;
  /** Cards for the header of the table; those of the same keyword are left out of the old one. */
  readonly cards?: readonly Card[];
}

/**
 * The bytes of a FITS file in which one table has more columns: all else stays byte for byte, but for the
 * checksums of that table. Rows go through in blocks, so that a file of any size needs little memory.
 *
 * @param hdu The binary table; its file stays open as long as this runs.
 * @param added Columns and cards.
 * @returns The pieces in order, as `writeFileAtomic` takes them; uncompressed.
 * @throws FitsFormatError for a file that is cut, or a column of that name which is no single number of
 *   floating point; TypeError for values of another number or length than asked for.
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits, readNumbers, withAddedColumns } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const events = { name: "EVENTS", columns: [{ name: "TIME", values: new Float64Array([1, 2]) }] };
 * using file = await openFits(memorySource(encodeFits([{ kind: "bintable", ...events }])));
 * const pieces = await Array.fromAsync(withAddedColumns(asBintable(await file.hdu("EVENTS")), {
 *   columns: [{ name: "PULSE_PHASE" }],
 *   values: (from, to) => [new Float64Array(to - from).fill(0.5)],
 * }));
 * using copy = await openFits(memorySource(new Uint8Array(Buffer.concat(pieces))));
 * const table = asBintable(await copy.hdu("EVENTS"));
 * assert.deepEqual(await readNumbers(table, "PULSE_PHASE"), new Float64Array([0.5, 0.5]));
 * assert.deepEqual(await readNumbers(table, "TIME"), new Float64Array([1, 2]));
 * ```
 */
export async function* withAddedColumns(
  hdu: BintableHdu,
  added: AddedColumns,
): AsyncGenerator<Uint8Array, void, undefined> {
  const plan = planOf(hdu, added);
  yield* copy(hdu, 0, hdu.headerOffset);
  const sum = addWords();
  for await (const piece of dataOf(hdu, added, plan)) sum.add(piece);
  yield sealHeader(await headerText(hdu, added, plan), sum.total());
  yield* dataOf(hdu, added, plan);
  yield* copy(hdu, hdu.dataOffset + Math.ceil(hdu.dataBytes / BLOCK) * BLOCK, Infinity);
}

/** Where the values of each column go. */
interface Plan {
  readonly rowBytes: number;
  /** Offset in a row, and bytes of a value. */
  readonly places: readonly { readonly at: number; readonly bytes: 4 | 8 }[];
  /** Columns that are new. */
  readonly appended: readonly AddedColumn[];
}

function planOf(hdu: BintableHdu, { columns }: AddedColumns): Plan {
  let rowBytes = hdu.rowBytes;
  const appended: AddedColumn[] = [];
  const places = columns.map((column) => {
    const old = optionalColumn(hdu, column.name);
    if (old === undefined) {
      appended.push(column);
      rowBytes += 8;
      return { at: rowBytes - 8, bytes: 8 } as const;
    }
    const isNumber = old.type === "D" || old.type === "E";
    if (!isNumber || old.repeat !== 1 || old.scale !== 1 || old.zero !== 0) {
      throw new FitsFormatError(
        `found a column ${old.name} of format ${old.format}, expected 1D or 1E without scale to write over, or none`,
        { file: hdu.source.name, hdu: hdu.index },
      );
    }
    return { at: old.byteOffset, bytes: old.type === "D" ? 8 : 4 } as const;
  });
  return { rowBytes, places, appended };
}

/** The old header as text, changed; without END and checksums. */
async function headerText(hdu: BintableHdu, added: AddedColumns, plan: Plan): Promise<string> {
  const bytes = await hdu.source.read(hdu.headerOffset, hdu.dataOffset - hdu.headerOffset);
  const text = new TextDecoder("latin1").decode(bytes), { cards = [] } = added;
  const gap = hdu.heapOffset - hdu.dataOffset - hdu.nRows * hdu.rowBytes;
  const replaced = new Set(["CHECKSUM", "DATASUM", ...cards.map((one) => one.keyword)]);
  const set = new Map<string, number>([
    ["NAXIS1", plan.rowBytes],
    ["TFIELDS", hdu.columns.length + plan.appended.length],
    ["THEAP", hdu.nRows * plan.rowBytes + gap],
  ]);
  let out = "", isReplaced = false, at = 0;
  for (; at + 80 <= text.length; at += 80) {
    const line = text.slice(at, at + 80), keyword = line.slice(0, 8).trimEnd();
    if (keyword === "END") break;
    isReplaced = replaced.has(keyword) || (isReplaced && keyword === "CONTINUE");
    if (isReplaced) continue;
    const value = set.get(keyword);
    out += value === undefined
      ? line
      : `${line.slice(0, 10)}${String(value).padStart(20)}${line.slice(30)}`;
  }
  plan.appended.forEach(({ name, unit, comment }, k) => {
    const n = hdu.columns.length + k + 1;
    out += formatCard(card(`TTYPE${n}`, name, comment)) + formatCard(card(`TFORM${n}`, "1D"));
    if (unit !== undefined) out += formatCard(card(`TUNIT${n}`, unit));
  });
  for (const one of cards) out += formatCard(one);
  return out;
}

/** The table's data with the columns in them, padding included. */
async function* dataOf(
  hdu: BintableHdu,
  { values, columns }: AddedColumns,
  { rowBytes, places }: Plan,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < hdu.nRows; start += ROWS) {
    const stop = Math.min(hdu.nRows, start + ROWS), n = stop - start, old = hdu.rowBytes;
    const from = await readRowBytes(hdu, start, 0, n * old), rows = new Uint8Array(n * rowBytes);
    for (let i = 0; i < n; i++) rows.set(from.subarray(i * old, (i + 1) * old), i * rowBytes);
    const arrays = await values(start, stop), view = new DataView(rows.buffer);
    if (arrays.length !== columns.length || arrays.some((one) => one.length !== n)) {
      throw new TypeError(
        `Rows ${start} to ${stop}: found ${arrays.map((one) => one.length)} values, expected ` +
          `${n} for each of ${columns.length} columns`,
      );
    }
    places.forEach(({ at, bytes }, k) => {
      const array = arrays[k]!;
      if (bytes === 8) {
        for (let i = 0; i < n; i++) view.setFloat64(i * rowBytes + at, array[i]!);
      } else for (let i = 0; i < n; i++) view.setFloat32(i * rowBytes + at, array[i]!);
    });
    yield rows;
  }
  const tableEnd = hdu.dataOffset + hdu.nRows * hdu.rowBytes, end = hdu.dataOffset + hdu.dataBytes;
  yield* copy(hdu, tableEnd, end);
  const size = hdu.nRows * rowBytes + (end - tableEnd);
  if (size % BLOCK > 0) yield new Uint8Array(BLOCK - size % BLOCK);
}

/** Bytes of the file as they stand; to its end where `stop` is ∞. */
async function* copy(
  { source, index }: BintableHdu,
  start: number,
  stop: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < stop;) {
    const wanted = Math.min(COPY_BYTES, stop - at), bytes = await source.read(at, wanted);
    if (bytes.length > 0) yield bytes;
    at += bytes.length;
    if (bytes.length === wanted) continue;
    if (stop === Infinity) return;
    throw new FitsFormatError(`the file ends ${stop - at} bytes before the end of the table`, {
      file: source.name,
      hdu: index,
      byteOffset: at,
    });
  }
}

/** A sum of words over pieces of any length. */
function addWords(): { add(piece: Uint8Array): void; total(): number } {
  let sum = 0, rest = new Uint8Array(0);
  return {
    add(piece) {
      const joined = rest.length === 0 ? piece : new Uint8Array(rest.length + piece.length);
      if (rest.length > 0) {
        joined.set(rest);
        joined.set(piece, rest.length);
      }
      const whole = joined.length & ~3;
      sum = addToSum(sum, joined.subarray(0, whole));
      rest = joined.slice(whole);
    },
    total: () => sum, // data end at a block: nothing is left over
  };
}
