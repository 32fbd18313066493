import { encodeAscii } from "./_encode_ascii.ts";
import { encodeBintable } from "./_encode_bintable.ts";
import { encodeImage } from "./_encode_image.ts";
import { encodeTiles } from "./_encode_tiles_io.ts";
import { sealHeader, toBlocks } from "./_seal_header.ts";
import { card, formatCard } from "./card.ts";
import { addToSum } from "./checksum.ts";
import type { Card } from "./header.ts";
import type { HduInput } from "./hdu_input.ts";

const BLOCK = 2880;

/** An HDU ready to be written: its cards, and its data as often as they are asked for. */
export interface EncodedHdu {
  /** Mandatory and structural cards in order, without END. */
  readonly cards: readonly Card[];
  /** Bytes of data without padding. */
  readonly dataBytes: number;
  /** The data, piece by piece; the same at every call. */
  chunks(): Iterable<Uint8Array>;
  /** The byte that fills the last block. */
  readonly padding: number;
}

/** Options of {@linkcode encodeFits} and {@linkcode writeFits}. */
export interface WriteFitsOptions {
  /** Write CHECKSUM and DATASUM; true if absent. */
  readonly checksum?: boolean;
}

/**
 * The bytes of a FITS file (FITS 4.0). A primary HDU without data is put before a first HDU that
 * is no image. The same input gives the same bytes: no date is written unless a card has it.
 *
 * @param hdus HDUs in order.
 * @param options Checksums.
 * @returns The whole file; the caller's.
 * @throws TypeError for arrays whose length, type and shape do not agree; RangeError for values
 * that FITS cannot hold.
 *
 * @example
 * ```ts
 * import { card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const bytes = encodeFits([{
 *   kind: "bintable",
 *   name: "GTI",
 *   header: [card("MJDREFI", 51910, "[d] reference epoch")],
 *   columns: [
 *     { name: "START", values: new Float64Array([0, 100]), unit: "s" },
 *     { name: "STOP", values: new Float64Array([90, 200]), unit: "s" },
 *   ],
 * }]);
 * assert.equal(bytes.length % 2880, 0);
 * using file = await openFits(memorySource(bytes));
 * assert.equal((await file.hdu("GTI")).index, 1);
 * ```
 */
export function encodeFits(hdus: readonly HduInput[], options: WriteFitsOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const hdu of encodeAll(hdus)) {
    const chunks = [...hdu.chunks()];
    parts.push(headerBytes({ ...hdu, chunks: () => chunks }, options), ...chunks);
    parts.push(paddingOf(hdu));
  }
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Writes a FITS file piece by piece, without ever holding all of it; the bytes are those of
 * {@linkcode encodeFits}. With checksums the data are encoded twice.
 *
 * @param sink Takes the pieces in order; awaited.
 * @param hdus HDUs in order.
 * @param options Checksums.
 * @throws As `encodeFits`, and what the sink throws.
 *
 * @example
 * ```ts
 * import { encodeFits, writeFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const image = { kind: "image", data: new Float32Array(6), shape: [2, 3] } as const;
 * const pieces: Uint8Array[] = [];
 * await writeFits((bytes) => void pieces.push(bytes), [image]);
 * assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), encodeFits([image]));
 * ```
 */
export async function writeFits(
  sink: (bytes: Uint8Array) => void | Promise<void>,
  hdus: readonly HduInput[],
  options: WriteFitsOptions = {},
): Promise<void> {
  for (const hdu of encodeAll(hdus)) {
    await sink(headerBytes(hdu, options));
    for (const chunk of hdu.chunks()) await sink(chunk);
    const padding = paddingOf(hdu);
    if (padding.length > 0) await sink(padding);
  }
}

function encodeAll(hdus: readonly HduInput[]): EncodedHdu[] {
  const first = hdus[0], isPrimary = first?.kind === "image" && first.compress === undefined;
  const all: HduInput[] = isPrimary ? [...hdus] : [{ kind: "image" }, ...hdus];
  return all.map((hdu, index) => {
    if (hdu.kind === "image" && hdu.compress !== undefined) {
      return withUserCards(hdu, encodeTiles(hdu, hdu.compress));
    }
    if (hdu.kind === "image") return withUserCards(hdu, encodeImage(hdu, index, all.length > 1));
    return withUserCards(hdu, hdu.kind === "bintable" ? encodeBintable(hdu) : encodeAscii(hdu));
  });
}

/** Keywords that the writer sets itself; those of a copied header are left out. */
const OWN =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|TFIELDS|THEAP|BSCALE|BZERO|BLANK|CHECKSUM|DATASUM|END|(TTYPE|TFORM|TUNIT|TDIM|TNULL|TSCAL|TZERO|TDISP|TBCOL)\d+)$/;

function withUserCards(input: HduInput, encoded: EncodedHdu): EncodedHdu {
  const cards = [...encoded.cards], set = new Set<string>();
  if (input.name !== undefined) {
    cards.push(card("EXTNAME", input.name));
    set.add("EXTNAME");
  }
  if (input.version !== undefined) {
    cards.push(card("EXTVER", input.version));
    set.add("EXTVER");
  }
  if (input.kind === "image" && input.unit !== undefined) {
    cards.push(card("BUNIT", input.unit));
    set.add("BUNIT");
  }
  for (const one of input.header ?? []) {
    const keyword = one.keyword.toUpperCase();
    if (OWN.test(keyword) || set.has(keyword)) continue;
    if (one.problem !== undefined) {
      throw new RangeError(
        `${keyword}: ${one.problem}; a card without a FITS value cannot be written`,
      );
    }
    cards.push(one);
  }
  return { ...encoded, cards };
}

function headerBytes(hdu: EncodedHdu, options: WriteFitsOptions): Uint8Array {
  let text = "";
  for (const one of hdu.cards) text += formatCard(one);
  if (options.checksum === false) return toBlocks(text);
  const dataSum = addToSum(sumOf(hdu), paddingOf(hdu, sumOffset(hdu)));
  return sealHeader(text, dataSum);
}

/** Sum of the data's whole words; chunks may end anywhere, so up to 3 bytes are carried on. */
function sumOf(hdu: EncodedHdu): number {
  let sum = 0, carried: Uint8Array = new Uint8Array(0);
  for (const chunk of hdu.chunks()) {
    let rest = chunk;
    if (carried.length > 0) {
      const take = Math.min(4 - carried.length, rest.length);
      const joined = new Uint8Array(carried.length + take);
      joined.set(carried);
      joined.set(rest.subarray(0, take), carried.length);
      rest = rest.subarray(take);
      if (joined.length < 4) {
        carried = joined;
        continue;
      }
      sum = addToSum(sum, joined);
    }
    const whole = rest.length & ~3;
    sum = addToSum(sum, rest.subarray(0, whole));
    carried = rest.slice(whole);
  }
  if (carried.length === 0) return sum;
  const last = new Uint8Array(4).fill(hdu.padding);
  last.set(carried);
  return addToSum(sum, last);
}

/** Padding bytes that `sumOf` has counted with the last word already. */
function sumOffset(hdu: EncodedHdu): number {
  return (4 - hdu.dataBytes % 4) % 4;
}

function paddingOf(hdu: EncodedHdu, skip = 0): Uint8Array {
  const length = Math.ceil(hdu.dataBytes / BLOCK) * BLOCK - hdu.dataBytes;
  return new Uint8Array(Math.max(0, length - skip)).fill(hdu.padding);
}
