import type { Hdu } from "./hdu.ts";
import type { Header } from "./header.ts";

/** What a stored checksum says about the bytes. */
export type ChecksumState = "ok" | "absent" | "wrong";

/** Both checksums of an HDU. */
export interface ChecksumReport {
  /** DATASUM against the data. */
  readonly datasum: ChecksumState;
  /** CHECKSUM against header and data. */
  readonly checksum: ChecksumState;
}

const BLOCK_BYTES = 2880 * 1024;

/**
 * Holds an HDU's DATASUM and CHECKSUM against its bytes (FITS 4.0 §4.4.2.7, Appendix J); reads all
 * of it.
 *
 * @param hdu Any HDU.
 * @returns For each of the two: right, absent, or wrong; data that are cut count as wrong.
 *
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits, verifyChecksum } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const bytes = encodeFits([{ kind: "image", data: new Uint8Array([1, 2]), shape: [2] }]);
 * using file = await openFits(memorySource(bytes));
 * assert.deepEqual(await verifyChecksum(file.primary), { datasum: "ok", checksum: "ok" });
 * bytes[2880] = 7;
 * assert.deepEqual(await verifyChecksum(file.primary), { datasum: "wrong", checksum: "wrong" });
 * ```
 */
export async function verifyChecksum(hdu: Hdu): Promise<ChecksumReport> {
  const stored = textOf(hdu.header, "DATASUM"), check = textOf(hdu.header, "CHECKSUM");
  if (stored === undefined && check === undefined) return { datasum: "absent", checksum: "absent" };
  const length = Math.ceil(hdu.dataBytes / 2880) * 2880;
  let sum = 0, whole = true;
  for (let at = 0; at < length && whole; at += BLOCK_BYTES) {
    const count = Math.min(BLOCK_BYTES, length - at);
    const bytes = await hdu.source.read(hdu.dataOffset + at, count);
    whole = bytes.length === count;
    sum = addToSum(sum, bytes.subarray(0, bytes.length & ~3));
  }
  const head = await hdu.source.read(hdu.headerOffset, hdu.dataOffset - hdu.headerOffset);
  const all = addToSum(sum, head);
  return {
    datasum: stored === undefined ? "absent" : whole && stored === String(sum) ? "ok" : "wrong",
    checksum: check === undefined
      ? "absent"
      : whole && (all === 0xFFFFFFFF || all === 0)
      ? "ok"
      : "wrong",
  };
}

/** The card's text; an empty string means that the sum is not defined (§4.4.2.7). */
function textOf(header: Header, keyword: string): string | undefined {
  const at = header.index.get(keyword);
  const value = at === undefined ? undefined : header.cards[at]!.value;
  if (value === undefined || value === "") return undefined;
  return typeof value === "string" ? value.trim() : String(value);
}

/**
 * Adds bytes to a 32-bit ones' complement sum of big-endian words (FITS 4.0 Appendix J).
 *
 * @param sum Sum so far, 0 to begin with.
 * @param bytes A multiple of 4 bytes.
 * @returns The new sum, 0 to 2^32 - 1.
 *
 * @example
 * ```ts
 * import { addToSum } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * assert.equal(addToSum(0xFFFFFFFF, new Uint8Array([0, 0, 0, 2])), 2); // the carry comes round
 * ```
 */
export function addToSum(sum: number, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let total = sum; // exact: carries are folded long before 2^53
  for (let at = 0; at + 4 <= bytes.length;) {
    const stop = Math.min(bytes.length - 3, at + (1 << 20));
    for (; at < stop; at += 4) total += view.getUint32(at);
    total = total % 4294967296 + Math.floor(total / 4294967296);
  }
  return total > 0xFFFFFFFF ? total % 4294967296 + 1 : total;
}

/** Characters that must not stand in an encoded checksum: between digits and letters. */
const isBarred = (code: number) => (code >= 58 && code <= 64) || (code >= 91 && code <= 96);

/**
 * The 16 characters that stand for a sum in CHECKSUM (FITS 4.0 Appendix J.3).
 *
 * @param sum A 32-bit sum; for CHECKSUM its ones' complement is encoded.
 * @returns 16 letters and digits.
 *
 * @example
 * ```ts
 * import { encodeChecksum } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * assert.equal(encodeChecksum(0), "0000000000000000");
 * ```
 */
export function encodeChecksum(sum: number): string {
  const codes = new Array<number>(16);
  for (let i = 0; i < 4; i++) {
    const byte = Math.floor(sum / 2 ** (24 - 8 * i)) & 0xFF, quotient = (byte >> 2) + 48;
    const four = [quotient + (byte & 3), quotient, quotient, quotient];
    for (let again = true; again;) {
      again = false;
      for (let j = 0; j < 4; j += 2) {
        if (!isBarred(four[j]!) && !isBarred(four[j + 1]!)) continue;
        four[j]! += 1;
        four[j + 1]! -= 1;
        again = true;
      }
    }
    for (let j = 0; j < 4; j++) codes[4 * j + i] = four[j]!;
  }
  // The text starts one byte before a word, so it is turned round by one place.
  return String.fromCharCode(codes[15]!, ...codes.slice(0, 15));
}
