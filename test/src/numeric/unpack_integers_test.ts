import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { unpackIntegers } from "../../../src/numeric/mod.ts";

/** The inverse, with whole numbers of any size. */
function packed(numbers: readonly number[]): string {
  let bytes = "";
  for (const one of numbers) {
    let rest = one < 0 ? -2n * BigInt(one) - 1n : 2n * BigInt(one);
    for (; rest >= 128n; rest /= 128n) bytes += String.fromCharCode(Number(rest % 128n) + 128);
    bytes += String.fromCharCode(Number(rest));
  }
  return btoa(bytes);
}

Deno.test("unpackIntegers() gives back what was packed, up to 52 bits, with blanks anywhere", () => {
  const most = 2 ** 52 - 1, number = fc.integer({ min: -most, max: most });
  fc.assert(fc.property(fc.array(fc.oneof(number, fc.integer())), (numbers) => {
    deepStrictEqual(unpackIntegers(packed(numbers).replace(/..../g, "$&\n ")), numbers);
  }));
  deepStrictEqual(unpackIntegers(packed([most, -most, 0])), [most, -most, 0]);
});
