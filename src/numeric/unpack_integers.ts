/**
 * Whole numbers of a table that is shipped as text: bytes of variable length in base64. A number n is
 * 2n, or -2n - 1 where it is negative; seven bits a byte, the lowest first, with 128 added to all but
 * the last.
 *
 * @param base64 The text; blanks and line breaks do not count.
 * @returns The numbers, of up to 52 bits.
 * @throws DOMException for text that is no base64.
 * @example
 * ```ts
 * import { unpackIntegers } from "@gammarx/gammarx/numeric";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(unpackIntegers(btoa("\x00\x01\x02\x80\x01")), [0, -1, 1, 64]);
 * ```
 * @see Protocol Buffers, Encoding: base 128 varints, sint64
 */
export function unpackIntegers(base64: string): number[] {
  const text = atob(base64.replace(/\s+/g, "")), numbers: number[] = [];
  let value = 0, scale = 1;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(value % 2 === 0 ? value / 2 : -(value + 1) / 2);
    value = 0;
    scale = 1;
  }
  return numbers;
}
