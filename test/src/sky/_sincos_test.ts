import assert from "node:assert/strict";
import { cosShort, SHORT_ERROR, sinShort } from "../../../src/sky/_sincos.ts";

Deno.test("sinShort() and cosShort() keep their stated relative error over [-π/2, π/2]", () => {
  for (let i = -200_000; i <= 200_000; i++) {
    const x = i / 200_000 * Math.PI / 2, s = Math.sin(x), c = Math.cos(x);
    assert.ok(Math.abs(sinShort(x) - s) <= SHORT_ERROR * Math.abs(s), `sin ${x}`);
    // at ±π/2 the cosine of the rounded argument is 6e-17, below the rounding of 1 - (2x/π)²
    assert.ok(Math.abs(cosShort(x) - c) <= SHORT_ERROR * c + 2e-16, `cos ${x}`);
  }
});

Deno.test("sinShort() is odd, cosShort() even", () => {
  for (const x of [1e-300, 0.1, 1, 1.5]) {
    assert.equal(sinShort(-x), -sinShort(x));
    assert.equal(cosShort(-x), cosShort(x));
  }
});
