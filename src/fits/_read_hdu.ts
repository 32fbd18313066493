import type { ByteSource } from "./byte_source.ts";
import { asciiColumns, binaryColumns } from "./columns.ts";
import { FitsFormatError } from "./fits_format_error.ts";
import type { Bitpix, Hdu, HduBase } from "./hdu.ts";
import { type Header, headerError, parseHeader } from "./header.ts";
import {
  headerInteger,
  headerString,
  optionalHeaderBoolean,
  optionalHeaderInteger,
} from "./header_values.ts";

const BLOCK = 2880;
/** A header of 130,000 cards is no header. */
const MAX_HEADER_BYTES = 3640 * BLOCK;

/**
 * Reads the HDU whose header starts at an offset; undefined where the file ends there or holds
 * special records (FITS 4.0 §3.5) instead.
 */
export async function readHdu(
  source: ByteSource,
  index: number,
  offset: number,
): Promise<Hdu | undefined> {
  const bytes = await readHeaderBytes(source, index, offset);
  if (bytes === undefined) return undefined;
  const header = parseHeader(bytes, { file: source.name, hdu: index, byteOffset: offset });
  return Object.freeze(interpret(source, header, index, offset, bytes.length));
}

async function readHeaderBytes(
  source: ByteSource,
  index: number,
  offset: number,
): Promise<Uint8Array | undefined> {
  const place = { file: source.name, hdu: index, byteOffset: offset };
  for (let length = 4 * BLOCK, searched = 0;; length = Math.min(2 * length, MAX_HEADER_BYTES)) {
    const bytes = await source.read(offset, length);
    if (searched === 0 && !startsHeader(bytes, index)) {
      if (index > 0) return undefined;
      if (bytes.length === 0) return undefined;
      const found = new TextDecoder("latin1").decode(bytes.subarray(0, 8));
      throw new FitsFormatError(`found ${JSON.stringify(found)}, expected "SIMPLE  "`, place);
    }
    for (; searched + 80 <= bytes.length; searched += 80) {
      if (!isEnd(bytes, searched)) continue;
      const blocks = Math.ceil((searched + 80) / BLOCK) * BLOCK;
      return bytes.subarray(0, Math.min(blocks, bytes.length)).length === blocks
        ? bytes.subarray(0, blocks)
        : padded(bytes, blocks);
    }
    if (bytes.length < length) {
      throw new FitsFormatError("the file ends before the header's END card", place);
    }
    if (length === MAX_HEADER_BYTES) {
      throw new FitsFormatError(`found no END card within ${MAX_HEADER_BYTES} bytes`, place);
    }
  }
}

/** A file that was cut within the padding of its last header is still whole. */
function padded(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length).fill(32);
  out.set(bytes);
  return out;
}

function startsHeader(bytes: Uint8Array, index: number): boolean {
  const word = index === 0 ? "SIMPLE  " : "XTENSION";
  for (let i = 0; i < 8; i++) if (bytes[i] !== word.charCodeAt(i)) return false;
  return true;
}

function isEnd(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 69 || bytes[at + 1] !== 78 || bytes[at + 2] !== 68) return false;
  for (let i = at + 3; i < at + 8; i++) if (bytes[i] !== 32) return false;
  return true;
}

function interpret(
  source: ByteSource,
  header: Header,
  index: number,
  headerOffset: number,
  headerBytes: number,
): Hdu {
  const type = index === 0 ? "IMAGE" : headerString(header, "XTENSION").trim();
  const bitpix = bitpixOf(header), axes = axesOf(header);
  const pcount = countOf(header, "PCOUNT", 0), gcount = countOf(header, "GCOUNT", 1);
  const groups = index === 0 && axes[0] === 0 && axes.length > 1 &&
    headerValueOfGroups(header) === true;
  const elements = product(header, groups ? axes.slice(1) : axes);
  const dataBytes = axes.length === 0
    ? 0
    : safe(header, Math.abs(bitpix) / 8 * gcount * safe(header, pcount + elements));
  safe(header, headerOffset + headerBytes + dataBytes + BLOCK);
  const base: HduBase = {
    index,
    name: nameOf(header, index),
    version: versionOf(header),
    header,
    headerOffset,
    dataOffset: headerOffset + headerBytes,
    dataBytes,
    source,
  };
  if (type === "IMAGE" || type === "IUEIMAGE") {
    if (groups || pcount !== 0 || gcount !== 1) return { ...base, kind: "other" };
    return { ...base, kind: "image", bitpix, shape: Object.freeze(axes.reverse()) };
  }
  if (type !== "BINTABLE" && type !== "A3DTABLE" && type !== "TABLE") {
    return { ...base, kind: "other" };
  }
  if (bitpix !== 8) throw headerError(header, "BITPIX", `found ${bitpix}, expected 8 in a table`);
  if (axes.length !== 2) {
    throw headerError(header, "NAXIS", `found ${axes.length}, expected 2 in a table`);
  }
  if (gcount !== 1) throw headerError(header, "GCOUNT", `found ${gcount}, expected 1 in a table`);
  const rowBytes = axes[0]!, nRows = axes[1]!;
  if (type === "TABLE") {
    const columns = asciiColumns(header, rowBytes);
    return { ...base, kind: "table", nRows, rowBytes, columns };
  }
  const columns = binaryColumns(header, rowBytes);
  const table = rowBytes * nRows, theap = optionalHeaderInteger(header, "THEAP") ?? table;
  if (theap < table || theap > table + pcount) {
    throw headerError(header, "THEAP", `found ${theap}, expected ${table} to ${table + pcount}`);
  }
  const heapOffset = base.dataOffset + theap, heapBytes = table + pcount - theap;
  return { ...base, kind: "bintable", nRows, rowBytes, columns, heapOffset, heapBytes };
}

function headerValueOfGroups(header: Header): boolean | undefined {
  return optionalHeaderBoolean(header, "GROUPS");
}

function bitpixOf(header: Header): Bitpix {
  const bitpix = headerInteger(header, "BITPIX");
  if ([8, 16, 32, 64, -32, -64].includes(bitpix)) return bitpix as Bitpix;
  throw headerError(header, "BITPIX", `found ${bitpix}, expected 8, 16, 32, 64, -32 or -64`);
}

function axesOf(header: Header): number[] {
  const n = headerInteger(header, "NAXIS"), axes: number[] = [];
  if (n < 0 || n > 999) throw headerError(header, "NAXIS", `found ${n}, expected 0 to 999`);
  for (let i = 1; i <= n; i++) {
    const length = headerInteger(header, `NAXIS${i}`);
    if (length < 0) throw headerError(header, `NAXIS${i}`, `found ${length}, expected 0 or more`);
    axes.push(length);
  }
  return axes;
}

function countOf(header: Header, keyword: string, absent: number): number {
  const value = optionalHeaderInteger(header, keyword) ?? absent;
  if (value < 0) throw headerError(header, keyword, `found ${value}, expected 0 or more`);
  return value;
}

function product(header: Header, axes: readonly number[]): number {
  if (axes.includes(0)) return 0;
  return safe(header, axes.reduce((a, b) => a * b, 1));
}

function safe(header: Header, bytes: number): number {
  if (Number.isSafeInteger(bytes)) return bytes;
  throw headerError(header, "NAXIS", "the axes ask for more than 2^53 bytes");
}

/** Real files have names that are numbers; they are texts then. */
function nameOf(header: Header, index: number): string {
  const at = header.index.get("EXTNAME");
  const value = at === undefined ? undefined : header.cards[at]!.value;
  if (value !== undefined && value !== "") return String(value).trim();
  return index === 0 ? "PRIMARY" : "";
}

function versionOf(header: Header): number {
  const at = header.index.get("EXTVER");
  const value = at === undefined ? 1 : header.cards[at]!.value;
  return typeof value === "number" && Number.isInteger(value) ? value : 1;
}
