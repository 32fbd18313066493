import assert from "node:assert/strict";
import fc from "fast-check";
import { fromUniq, uniqOf } from "../../../src/sky/mod.ts";
import { gridAndPixel } from "./_healpix_arbitrary.ts";

Deno.test("fromUniq() undoes uniqOf(), from 4 to the last cell of order 24", () => {
  assert.equal(uniqOf({ order: 0, pix: 0 }), 4);
  assert.equal(uniqOf({ order: 24, pix: 12 * 4 ** 24 - 1 }), 2 ** 52 - 1);
  assert.deepEqual({ ...fromUniq(2 ** 52 - 1) }, { order: 24, pix: 12 * 4 ** 24 - 1 });
  fc.assert(fc.property(gridAndPixel(), ([{ nside, order }, pix]) => {
    fc.pre(order === "nested");
    const cell = { order: Math.log2(nside), pix }, uniq = uniqOf(cell);
    assert.ok(Number.isSafeInteger(uniq));
    assert.deepEqual({ ...fromUniq(uniq) }, cell);
  }));
  for (const bad of [3, 2 ** 52, 4.5, NaN]) assert.throws(() => fromUniq(bad), /Found NUNIQ/);
  assert.throws(() => uniqOf({ order: 25, pix: 0 }), /order: found 25/);
  assert.throws(() => uniqOf({ order: 1, pix: 48 }), /Pixel 48/);
});
