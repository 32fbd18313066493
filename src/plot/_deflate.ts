/** zlib (RFC 1950) with one deflate block of fixed Huffman codes (RFC 1951): the same octets everywhere. */

const LENGTH_BASE = [
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  13,
  15,
  17,
  19,
  23,
  27,
  31,
  35,
  43,
  51,
  59,
  67,
  83,
  99,
  115,
];
LENGTH_BASE.push(131, 163, 195, 227, 258);
const LENGTH_EXTRA = [
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0,
];
const DISTANCE_BASE: number[] = [1, 2, 3, 4];
const DISTANCE_EXTRA: number[] = [0, 0, 0, 0];
for (let extra = 1; extra <= 13; extra++) {
  for (const half of [2, 3]) {
    DISTANCE_BASE.push((half << extra) + 1);
    DISTANCE_EXTRA.push(extra);
  }
}

interface Bits {
  bytes: Uint8Array<ArrayBuffer>;
  at: number;
  hold: number;
  held: number;
}

function put(b: Bits, value: number, count: number): void {
  b.hold |= value << b.held;
  b.held += count;
  while (b.held >= 8) {
    if (b.at === b.bytes.length) {
      const larger = new Uint8Array(b.bytes.length * 2);
      larger.set(b.bytes);
      b.bytes = larger;
    }
    b.bytes[b.at++] = b.hold & 255;
    b.hold >>>= 8;
    b.held -= 8;
  }
}

/** A Huffman code: its bits go out highest first. */
function putCode(b: Bits, code: number, count: number): void {
  let reversed = 0;
  for (let i = 0; i < count; i++) reversed |= ((code >> i) & 1) << (count - 1 - i);
  put(b, reversed, count);
}

function putSymbol(b: Bits, symbol: number): void {
  if (symbol < 144) putCode(b, 0x30 + symbol, 8);
  else if (symbol < 256) putCode(b, 0x190 + symbol - 144, 9);
  else if (symbol < 280) putCode(b, symbol - 256, 7);
  else putCode(b, 0xc0 + symbol - 280, 8);
}

function putMatch(b: Bits, length: number, distance: number): void {
  let k = LENGTH_BASE.length - 1;
  while (LENGTH_BASE[k]! > length) k--;
  putSymbol(b, 257 + k);
  put(b, length - LENGTH_BASE[k]!, LENGTH_EXTRA[k]!);
  let d = DISTANCE_BASE.length - 1;
  while (DISTANCE_BASE[d]! > distance) d--;
  putCode(b, d, 5);
  put(b, distance - DISTANCE_BASE[d]!, DISTANCE_EXTRA[d]!);
}

function adler32(data: Uint8Array): number {
  let a = 1, b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** Compresses: the last place of each three octets is tried as a match. */
export function zlib(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const b: Bits = { bytes: new Uint8Array(1024 + data.length), at: 0, hold: 0, held: 0 };
  put(b, 0x78, 8);
  put(b, 0x01, 8);
  put(b, 3, 3);
  const heads = new Int32Array(1 << 14).fill(-1), n = data.length;
  let i = 0;
  while (i < n) {
    let length = 0, from = -1;
    if (i + 3 <= n) {
      const key = data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16);
      const slot = Math.imul(key, 0x9e3779b1) >>> 18;
      from = heads[slot]!;
      heads[slot] = i;
      if (from >= 0 && i - from <= 32768) {
        const limit = Math.min(258, n - i);
        while (length < limit && data[from + length] === data[i + length]) length++;
      }
    }
    if (length >= 3) {
      putMatch(b, length, i - from);
      i += length;
    } else putSymbol(b, data[i++]!);
  }
  putSymbol(b, 256);
  if (b.held > 0) put(b, 0, 8 - b.held);
  const sum = adler32(data);
  for (const shift of [24, 16, 8, 0]) put(b, (sum >>> shift) & 255, 8);
  return b.bytes.slice(0, b.at);
}
