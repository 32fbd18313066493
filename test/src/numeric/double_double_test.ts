import { equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import golden from "../../golden/special_functions.json" with { type: "json" };
import {
  compensatedSum,
  dd,
  ddAdd,
  ddDiv,
  ddMul,
  ddParse,
  ddSplit,
  ddSub,
  ddToNumber,
  twoProd,
  twoSum,
} from "../../../src/numeric/mod.ts";

/** A double as an integer multiple of 2^-1074·…: exact rational with denominator 2^200. */
const exact = (x: number): bigint => {
  let scaled = x, shift = 200;
  while (shift > 0 && !Number.isInteger(scaled)) {
    scaled *= 2;
    shift--;
  }
  ok(Number.isInteger(scaled), `${x} has bits below 2^-200`);
  return BigInt(scaled) << BigInt(shift);
};
const value = (x: { hi: number; lo: number }) => exact(x.hi) + exact(x.lo);
const anyNumber = fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((x) =>
  Math.abs(x) < 1e-15 ? 0 : x
);
const pair = fc.tuple(anyNumber, fc.integer({ min: -(2 ** 40), max: 2 ** 40 })).map(
  ([hi, part]) => dd(hi, part === 0 || hi === 0 ? 0 : hi * 2 ** -54 * (part / 2 ** 41)),
);

Deno.test("twoSum() and twoProd() are exact", () => {
  fc.assert(fc.property(anyNumber, anyNumber, (a, b) => {
    equal(value(twoSum(a, b)), exact(a) + exact(b));
    if (Math.abs(a) > 1e-10 && Math.abs(b) > 1e-10) {
      equal(value(twoProd(a, b)) << 200n, exact(a) * exact(b));
    }
  }));
});

Deno.test("ddAdd(), ddSub(), ddMul(), ddDiv() keep 31 digits", () => {
  fc.assert(fc.property(pair, pair, (x, y) => {
    const sum = value(ddAdd(x, y)) - (value(x) + value(y));
    ok(abs(sum) << 103n <= abs(value(x)) + abs(value(y)) || abs(sum) < 1n << 20n);
    const difference = value(ddSub(x, y)) - (value(x) - value(y));
    ok(abs(difference) << 103n <= abs(value(x)) + abs(value(y)) || abs(difference) < 1n << 20n);
    if (Math.abs(x.hi) < 1e-6 || Math.abs(y.hi) < 1e-6) return;
    const product = (value(ddMul(x, y)) << 200n) - value(x) * value(y);
    ok(abs(product) << 102n <= abs(value(x) * value(y)));
    const back = ddSub(ddMul(ddDiv(x, y), y), x);
    ok(Math.abs(ddToNumber(back)) <= Math.abs(x.hi) * 2 ** -100);
  }));
});

const abs = (x: bigint): bigint => x < 0n ? -x : x;

Deno.test("ddAdd() of a number adds all of it", () => {
  equal(ddToNumber(ddSub(ddAdd(dd(1e17), 1), 1e17)), 1);
});

Deno.test("ddSplit() gives whole cycles and a fraction in [0, 1)", () => {
  fc.assert(fc.property(pair, (x) => {
    const { whole, fraction } = ddSplit(x);
    ok(fraction >= 0 && fraction < 1 && Number.isInteger(whole));
    const miss = abs(value(x) - exact(whole) - exact(fraction));
    ok(miss <= 1n << 147n, `off by ${miss}`);
  }));
  const { whole, fraction } = ddSplit(dd(3, -1e-16));
  ok(whole === 2 && fraction === 1 - 2 ** -53);
  equal(ddSplit(dd(3, -1e-20)).whole, 3);
});

Deno.test("ddParse() rounds decimal text correctly", () => {
  for (const [text, hi, lo] of golden.decimals as [string, number, number][]) {
    const found = ddParse(text);
    equal(found.hi, hi, text);
    ok(Math.abs(found.lo - lo) <= 1e-15 * Math.abs(lo), `${text}: ${found.lo} for ${lo}`);
  }
  for (const bad of ["", ".", "1.2.3", "abc", "1e", "0x10"]) {
    throws(() => ddParse(bad), SyntaxError);
  }
});

Deno.test("compensatedSum() is right where a plain sum is not", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 })), (list) => {
    const scrambled = [1e18, ...list, -1e18];
    equal(compensatedSum(scrambled), list.reduce((a, b) => a + b, 0) + 0);
  }));
  equal(compensatedSum([1, Infinity]), Infinity);
  ok(Number.isNaN(compensatedSum([1, NaN])));
  equal(compensatedSum([1, 2, 3, 4], 1, 3), 5);
  equal(compensatedSum([]), 0);
});
