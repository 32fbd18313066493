import assert from "node:assert/strict";
import fc from "fast-check";
import {
  angToPix,
  createHealpixGrid,
  fromUniq,
  healpixChildren,
  healpixNpix,
  healpixParent,
  healpixParentInto,
  nestToRing,
  nestToRingInto,
  pixToAng,
  ringToNest,
  ringToNestInto,
  uniqOf,
} from "../../../src/sky/mod.ts";
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

Deno.test("healpixChildren() of all pixels are the finer grid, and healpixParent() undoes it", () => {
  for (const order of ["ring", "nested"] as const) {
    for (const [coarse, fine] of [[1, 4], [2, 2], [4, 16], [3, 15]] as const) {
      if (order === "nested" && coarse === 3) continue;
      const grid = createHealpixGrid({ nside: coarse, order });
      const finer = createHealpixGrid({ nside: fine, order });
      const pix = Int32Array.from({ length: healpixNpix(finer) }, (_, i) => i);
      const parents = healpixParentInto(finer, pix, {
        nside: coarse,
        out: new Int32Array(pix.length),
      });
      const all: number[] = [];
      for (let p = 0; p < healpixNpix(grid); p++) {
        const children = healpixChildren(grid, p, { nside: fine });
        assert.equal(children.length, (fine / coarse) ** 2);
        assert.deepEqual([...children], [...children].sort((a, b) => a - b));
        for (const child of children) {
          assert.equal(healpixParent(finer, child, { nside: coarse }), p);
          assert.equal(parents[child], p);
          assert.equal(angToPix(grid, pixToAng(finer, child)), p);
        }
        all.push(...children);
      }
      assert.deepEqual(
        all.sort((a, b) => a - b),
        Array.from({ length: 12 * fine * fine }, (_, i) => i),
      );
    }
  }
  const grid = createHealpixGrid({ nside: 8 });
  assert.throws(() => healpixChildren(grid, 0, { nside: 12 }), /found 12 over 8/);
  assert.throws(() => healpixParent(grid, 0, { nside: 3 }), /found 8 over 3/);
  const out = new Float64Array(2);
  assert.deepEqual([...healpixParentInto(grid, Int32Array.of(-1, 768), { nside: 2, out })], [
    -1,
    -1,
  ]);
  assert.throws(() => healpixParent(grid, 768, { nside: 2 }), /Pixel 768/);
});

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
