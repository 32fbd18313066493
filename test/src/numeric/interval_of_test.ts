import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { intervalOf } from "../../../src/numeric/mod.ts";

Deno.test("intervalOf() holds its node and not the next, the outer ones what is outside", () => {
  const nodes = fc.uniqueArray(fc.double({ noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(fc.property(nodes, fc.double(), (list, anywhere) => {
    const sorted = Float64Array.from(list).sort(), n = sorted.length;
    for (const x of [anywhere, ...sorted]) {
      const passed = sorted.filter((node) => node <= x).length;
      strictEqual(intervalOf(sorted, x), Math.max(0, Math.min(n - 2, passed - 1)), String(x));
    }
  }));
});
