import assert from "node:assert/strict";
import fc from "fast-check";
import { nestToRing, nestToRingInto, ringToNest, ringToNestInto } from "../../../src/sky/mod.ts";
import { gridAndPixel } from "./_healpix_arbitrary.ts";
import { goldenGrids } from "./_healpix_golden_io.ts";

for (const [grid, golden, name] of goldenGrids()) {
  const { swapped } = golden;
  if (swapped === undefined) continue;
  Deno.test(`ringToNest() and nestToRing() agree with healpy: ${name}`, () => {
    const swap = grid.order === "ring" ? ringToNest : nestToRing;
    const swapInto = grid.order === "ring" ? ringToNestInto : nestToRingInto;
    golden.pix.forEach((pix, i) => assert.equal(swap(grid.nside, pix), swapped[i]));
    const into = swapInto(
      grid.nside,
      Float64Array.from(golden.pix),
      new Float64Array(swapped.length),
    );
    assert.deepEqual([...into], swapped);
  });
}

Deno.test("ringToNestInto() is a bijection, and nestToRingInto() its inverse", () => {
  for (let order = 0; order <= 7; order++) {
    const nside = 2 ** order, npix = 12 * nside * nside;
    const ring = Int32Array.from({ length: npix }, (_, i) => i);
    const nested = ringToNestInto(nside, ring, new Int32Array(npix));
    assert.deepEqual(nested.slice().sort(), ring);
    assert.deepEqual(nestToRingInto(nside, nested, nested), ring);
  }
  assert.deepEqual([...ringToNestInto(4, Float64Array.of(-1, 192, 0.5), new Int32Array(3))], [
    -1,
    -1,
    -1,
  ]);
  assert.deepEqual([...nestToRingInto(4, Float64Array.of(-1, 192, NaN), new Int32Array(3))], [
    -1,
    -1,
    -1,
  ]);
});

Deno.test("ringToNest() and nestToRing() are inverse up to nside 2^24", () => {
  fc.assert(fc.property(gridAndPixel(), ([{ nside, order }, pix]) => {
    fc.pre(order === "nested");
    assert.equal(nestToRing(nside, ringToNest(nside, pix)), pix);
    assert.equal(ringToNest(nside, nestToRing(nside, pix)), pix);
  }));
  assert.throws(() => ringToNest(3, 0), /power of two/);
  assert.throws(() => nestToRing(2, 48), /0 to 47/);
});
