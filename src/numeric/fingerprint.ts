/** A value that `fingerprint` can read: plain data, typed arrays included. */
export type Fingerprintable =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | ArrayBufferView
  | readonly Fingerprintable[]
  | { readonly [key: string]: Fingerprintable };

/** State of FNV-1a in four limbs of 16 bits, lowest first. */
interface Hash {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** One octet of FNV-1a 64: xor, then times 2^40 + 0x1b3. */
function addByte(h: Hash, byte: number): void {
  const a = h.a ^ byte, { b, c, d } = h;
  const a1 = a * 0x1b3, b1 = b * 0x1b3 + (a1 >>> 16);
  const c1 = c * 0x1b3 + (b1 >>> 16) + ((a << 8) >>> 0), d1 = d * 0x1b3 + Math.floor(c1 / 65536);
  h.a = a1 & 0xffff;
  h.b = b1 & 0xffff;
  h.c = c1 & 0xffff;
  h.d = (d1 + ((b << 8) >>> 0)) & 0xffff;
}

const utf8 = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(8));

function addWord(h: Hash, word: number): void {
  for (let shift = 0; shift < 32; shift += 8) addByte(h, (word >>> shift) & 255);
}

function addNumber(h: Hash, value: number): void {
  scratch.setFloat64(0, value === 0 ? 0 : Number.isNaN(value) ? NaN : value, true);
  addWord(h, scratch.getUint32(0, true));
  addWord(h, scratch.getUint32(4, true));
}

function addText(h: Hash, text: string): void {
  const bytes = utf8.encode(text);
  addWord(h, bytes.length);
  for (const byte of bytes) addByte(h, byte);
}

function addView(h: Hash, view: ArrayBufferView, where: string): void {
  if (view instanceof DataView) {
    throw new TypeError(`fingerprint: ${where} is a DataView; give a typed array`);
  }
  const list = view as unknown as ArrayLike<number | bigint>;
  addByte(h, 0x76);
  addText(h, Object.prototype.toString.call(view));
  addWord(h, list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i]!;
    if (typeof value === "number") addNumber(h, value);
    else {
      scratch.setBigInt64(0, value, true);
      addWord(h, scratch.getUint32(0, true));
      addWord(h, scratch.getUint32(4, true));
    }
  }
}

function add(h: Hash, value: Fingerprintable, where: string): void {
  if (value === null || value === undefined) return addByte(h, 0x30);
  switch (typeof value) {
    case "boolean":
      return addByte(h, value ? 0x31 : 0x32);
    case "number":
      addByte(h, 0x6e);
      return addNumber(h, value);
    case "bigint":
      addByte(h, 0x69);
      return addText(h, value.toString());
    case "string":
      addByte(h, 0x73);
      return addText(h, value);
    case "object":
      break;
    default:
      throw new TypeError(`fingerprint: ${where} is a ${typeof value}; give plain data`);
  }
  if (ArrayBuffer.isView(value)) return addView(h, value, where);
  if (Array.isArray(value)) {
    addByte(h, 0x5b);
    addWord(h, value.length);
    for (let i = 0; i < value.length; i++) add(h, value[i], `${where}[${i}]`);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    const name = (prototype as { constructor?: { name?: string } }).constructor?.name ?? "class";
    throw new TypeError(`fingerprint: ${where} is a ${name}; give plain data`);
  }
  const record = value as { readonly [key: string]: Fingerprintable };
  addByte(h, 0x7b);
  for (const key of Object.keys(record).sort()) {
    if (record[key] === undefined) continue;
    addByte(h, 0x6b);
    addText(h, key);
    add(h, record[key], `${where}.${key}`);
  }
  addByte(h, 0x7d);
}

const hex = (limb: number): string => limb.toString(16).padStart(4, "0");
const start = (): Hash => ({ a: 0x2325, b: 0x8422, c: 0x9ce4, d: 0xcbf2 });
const text = (h: Hash): string => hex(h.d) + hex(h.c) + hex(h.b) + hex(h.a);

/**
 * 64-bit fingerprint of plain data: equal configurations have equal fingerprints, on every machine
 * and in every version. Keys of records count in sorted order, absent and undefined fields are the
 * same, and so are 0 and -0, and all NaN; typed arrays count with their type and their elements.
 *
 * @param value null, booleans, numbers, bigints, strings, typed arrays, arrays and plain records of them
 * @returns 16 hexadecimal digits
 * @throws TypeError for functions, symbols and class instances, naming where
 * @example
 * ```ts
 * import { fingerprint } from "@gammarx/gammarx/numeric";
 * import { equal, notEqual } from "node:assert/strict";
 * equal(fingerprint({ a: 1, b: [2] }), fingerprint({ b: [2], a: 1 }));
 * notEqual(fingerprint({ edges: new Float64Array([1]) }), fingerprint({ edges: [1] }));
 * ```
 * FNV-1a 64 (RFC 9923) of a tagged, length-prefixed serialisation.
 */
export function fingerprint(value: Fingerprintable): string {
  const h = start();
  add(h, value, "value");
  return text(h);
}

/**
 * FNV-1a 64 of octets.
 *
 * @param bytes octets; not changed
 * @returns 16 hexadecimal digits
 * @example
 * ```ts
 * import { fnv1a64 } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * equal(fnv1a64(new TextEncoder().encode("a")), "af63dc4c8601ec8c");
 * ```
 * Source: RFC 9923.
 */
export function fnv1a64(bytes: Uint8Array): string {
  const h = start();
  for (const byte of bytes) addByte(h, byte);
  return text(h);
}
