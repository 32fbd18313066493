import { equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import golden from "../../golden/stats_significance.json" with { type: "json" };
import {
  cashExcess,
  cashSignificance,
  liMaSignificance,
  onOffExcess,
} from "../../../src/stats/mod.ts";

function near(found: number, expected: number, where: string): void {
  const limit = golden.tolerance.rtol * Math.abs(expected) + 1e-14;
  ok(Math.abs(found - expected) <= limit, `${where}: ${found} for ${expected}`);
}

Deno.test("liMaSignificance() agrees with 60-digit values, near balance too", () => {
  for (const [nOn, nOff, alpha, s] of golden.liMa as [number, number, number, number][]) {
    near(liMaSignificance({ nOn, nOff, alpha }), s, `${nOn} ${nOff} ${alpha}`);
  }
});

Deno.test("cashSignificance() agrees with 60-digit values", () => {
  for (const [nOn, background, s] of golden.cash as [number, number, number][]) {
    near(cashSignificance({ nOn, background }), s, `${nOn} ${background}`);
  }
});

Deno.test("liMaSignificance() has the limits of no on and no off counts", () => {
  near(liMaSignificance({ nOn: 7, nOff: 0, alpha: 0.2 }), Math.sqrt(14 * Math.log(6)), "off 0");
  near(liMaSignificance({ nOn: 0, nOff: 7, alpha: 0.2 }), -Math.sqrt(14 * Math.log(1.2)), "on 0");
  equal(liMaSignificance({ nOn: 0, nOff: 0, alpha: 1 }), 0);
});

Deno.test("liMaSignificance() changes sign with the roles of on and off", () => {
  const counts = fc.integer({ min: 0, max: 1e6 });
  fc.assert(
    fc.property(counts, counts, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, alpha) => {
      const one = liMaSignificance({ nOn: a, nOff: b, alpha });
      const two = liMaSignificance({ nOn: b, nOff: a, alpha: 1 / alpha });
      ok(Math.abs(one + two) <= 1e-11 * (1 + Math.abs(one)), `${one} ${two}`);
      equal(Math.sign(one), Math.sign(a - alpha * b));
    }),
  );
});

Deno.test("liMaSignificance() tends to cashSignificance() for a well known background", () => {
  const li = liMaSignificance({ nOn: 30, nOff: 1e12, alpha: 1.5e-11 });
  ok(Math.abs(li - cashSignificance({ nOn: 30, background: 15 })) < 1e-9);
});

Deno.test("cashSignificance() has the limits of no counts and no background", () => {
  equal(cashSignificance({ nOn: 3, background: 0 }), Infinity);
  equal(cashSignificance({ nOn: 0, background: 0 }), 0);
  near(cashSignificance({ nOn: 0, background: 2 }), -2, "n 0");
});

Deno.test("onOffExcess() and cashExcess() propagate Poisson errors", () => {
  const { excess, excessError } = onOffExcess({ nOn: 390, nOff: 197, alpha: 0.2 });
  near(excess, 350.6, "excess");
  near(excessError ** 2, 390 + 0.04 * 197, "variance");
  equal(cashExcess({ nOn: 9, background: 10 }).excess, -1);
});

Deno.test("significances refuse negative counts and an alpha of 0, and keep NaN", () => {
  throws(() => liMaSignificance({ nOn: -1, nOff: 1, alpha: 1 }), RangeError);
  throws(() => liMaSignificance({ nOn: 1, nOff: 1, alpha: 0 }), RangeError);
  throws(() => cashSignificance({ nOn: 1, background: -1 }), RangeError);
  throws(() => onOffExcess({ nOn: 1, nOff: -1, alpha: 1 }), RangeError);
  throws(() => cashExcess({ nOn: -1, background: 1 }), RangeError);
  ok(Number.isNaN(cashSignificance({ nOn: NaN, background: 1 })));
  ok(Number.isNaN(liMaSignificance({ nOn: NaN, nOff: 3, alpha: 1 })));
});
