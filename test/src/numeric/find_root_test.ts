import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { findRoot } from "../../../src/numeric/mod.ts";

Deno.test("findRoot() finds roots of smooth, steep, flat and broken functions", () => {
  const root = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(fc.property(root, fc.constantFrom(0, 1, 2, 3), (x, k) => {
    const f = [
      (t: number) => t - x,
      (t: number) => Math.expm1(3 * (t - x)),
      (t: number) => Math.atan(1e6 * (t - x)),
      (t: number) => t < x ? -1 : 1,
    ][k]!;
    const found = findRoot(f, -7, 11);
    ok(Math.abs(found - x) <= 1e-14 * Math.max(1, Math.abs(x)), `${found} for ${x}, ${k}`);
    ok(Math.abs(findRoot(f, 11, -7) - x) <= 1e-14 * Math.max(1, Math.abs(x)));
  }));
});

Deno.test("findRoot() is NaN where the signs do not differ, and exact at an end", () => {
  strictEqual(findRoot((x) => x, 1, 2), NaN);
  strictEqual(findRoot(() => NaN, 1, 2), NaN);
  strictEqual(findRoot((x) => x, 0, 2), 0);
  strictEqual(findRoot((x) => x, -2, 0), 0);
});
