import assert from "node:assert/strict";
import {
  angToPix,
  createHealpixGrid,
  healpixChildren,
  healpixNpix,
  healpixParent,
  healpixParentInto,
  pixToAng,
} from "../../../src/sky/mod.ts";

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
