import { ok, strictEqual, throws } from "node:assert/strict";
import { powerLawIntegralsInto } from "../../../src/numeric/mod.ts";

const one = (index: number, low: number, high: number) =>
  powerLawIntegralsInto({
    low,
    high,
    atLow: Float64Array.of(low ** index),
    atHigh: Float64Array.of(high ** index),
  }, new Float64Array(1))[0]!;

Deno.test("powerLawIntegralsInto() is exact for power laws of any index, that of −1 too", () => {
  for (const index of [-4, -2.7, -1 - 1e-9, -1, -1 + 1e-13, -0.5, 0, 2]) {
    const p = index + 1,
      expected = Math.abs(p) < 1e-8
        ? Math.log(30 / 0.2) * (1 + p * Math.log(30 * 0.2) / 2)
        : (30 ** p - 0.2 ** p) / p;
    ok(Math.abs(one(index, 0.2, 30) / expected - 1) < 1e-12, `index ${index}`);
  }
});

Deno.test("powerLawIntegralsInto() is 0 where a value is not above 0, and refuses other intervals", () => {
  const ends = {
    low: 1,
    high: 2,
    atLow: Float64Array.of(0, 1, NaN),
    atHigh: Float64Array.of(1, 0, 1),
  };
  powerLawIntegralsInto(ends, new Float64Array(3)).forEach((value) => strictEqual(value, 0));
  throws(() => powerLawIntegralsInto({ ...ends, low: 0 }, new Float64Array(3)), RangeError);
  throws(() => powerLawIntegralsInto(ends, new Float64Array(4)), TypeError);
});
