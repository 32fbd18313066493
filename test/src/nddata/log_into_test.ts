import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { logInto } from "../../../src/nddata/_log_into.ts";
import { createGridInterpolator } from "../../../src/nddata/mod.ts";

const logOf = (x: number) => logInto(Float64Array.of(x), 1, new Float64Array(1))[0]!;

Deno.test("logInto() is the natural logarithm to 1e-15 and 2 units of the last place", () => {
  fc.assert(
    fc.property(fc.double({ min: 2.3e-308, noNaN: true, noDefaultInfinity: true }), (x) => {
      const exact = Math.log(x);
      ok(Math.abs(logOf(x) - exact) <= 1e-15 + 2.3e-16 * 2 * Math.abs(exact));
    }),
    { numRuns: 5000 },
  );
  for (let i = 0; i < 1000; i++) ok(Math.abs(logOf(1 + i / 1000) - Math.log1p(i / 1000)) < 1e-15);
});

Deno.test("logInto() is Math.log where a number is not positive and normal", () => {
  for (const x of [0, -0, -1, NaN, Infinity, -Infinity, 5e-324, 1e-310]) {
    strictEqual(logOf(x), Math.log(x));
  }
});

Deno.test("logInto() may write into its input, and works on a part of a buffer", () => {
  const all = Float64Array.of(1, Math.E, 10), part = all.subarray(1);
  logInto(part, 2, part);
  strictEqual(all[0], 1);
  ok(Math.abs(all[1]! - 1) < 1e-15 && Math.abs(all[2]! - Math.LN10) < 1e-15);
});

Deno.test("a point at a node of a logarithmic axis has the value of the node, to the last bit", () => {
  const nodes = Float64Array.from({ length: 97 }, (_, i) => 0.01 * 10 ** (i / 24));
  const values = nodes.map((_, i) => (i * 7 % 13) + 0.1);
  const grid = createGridInterpolator([{ nodes, interp: "log" }], values);
  nodes.forEach((x, i) => strictEqual(grid.at([x]), values[i]));
});
