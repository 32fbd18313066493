import assert from "node:assert/strict";
import { createHpxGeom, hpxCenters, hpxIndexInto } from "../../../src/maps/hpx_geom.ts";
import { hpxPixels } from "../../../src/maps/hpx_pixels.ts";
import { hpxCutout, hpxDowngrade, hpxUpgrade } from "../../../src/maps/hpx_resize.ts";
import { createRegion, queryDisc, queryRegion } from "../../../src/sky/mod.ts";

const disc = { center: { lonDeg: 1, latDeg: 42 }, radiusDeg: 20 };
const GEOMS = {
  "whole ring": createHpxGeom({ nside: 8 }),
  "whole nested": createHpxGeom({ nside: 8, order: "nested", frame: "galactic" }),
  "part ring": createHpxGeom({ nside: 8, disc }),
  "part nested": createHpxGeom({ nside: 8, order: "nested", disc }),
};

for (const [name, geom] of Object.entries(GEOMS)) {
  Deno.test(`hpxUpgrade() puts each new pixel into its parent, and hpxDowngrade() undoes it: ${name}`, () => {
    for (const times of [1, 2, 4]) {
      const fine = hpxUpgrade(geom, { nside: 8 * times });
      assert.equal(fine.geom.nPix, geom.nPix * times ** 2);
      assert.equal(fine.geom.frame, geom.frame);
      const inside = hpxIndexInto(geom, hpxCenters(fine.geom), new Int32Array(fine.geom.nPix));
      assert.deepEqual(fine.parents, inside);
      const back = hpxDowngrade(fine.geom, { nside: 8 });
      assert.equal(back.geom.key, geom.key);
      assert.deepEqual(back.parents, fine.parents);
    }
  });

  Deno.test(`hpxDowngrade() puts each pixel into the one that holds it: ${name}`, () => {
    const coarse = hpxDowngrade(geom, { nside: 2 });
    const inside = hpxIndexInto(coarse.geom, hpxCenters(geom), new Int32Array(geom.nPix));
    assert.deepEqual(coarse.parents, inside);
    assert.deepEqual(new Set(coarse.parents), new Set(Array(coarse.geom.nPix).keys()));
  });

  Deno.test(`hpxCutout() has the pixels of the geometry that are in a part: ${name}`, () => {
    const region = createRegion({
      kind: "circle",
      frame: "icrs",
      lonDeg: 10,
      latDeg: 45,
      radiusDeg: 25,
    });
    const small = { center: { lonDeg: 350, latDeg: 50 }, radiusDeg: 15, inclusive: true };
    const all = hpxPixels(geom);
    for (
      const [part, wanted] of [
        [{ region }, queryRegion(geom.grid, region, { frame: geom.frame })],
        [{ disc: small }, queryDisc(geom.grid, small)],
        [{ pixels: [all[5]!, all[2]!, all[5]!, 767] }, [all[2]!, all[5]!, 767]],
      ] as const
    ) {
      const cut = hpxCutout(geom, part), has = new Set(all);
      assert.deepEqual([...hpxPixels(cut.geom)], [...wanted].filter((pix) => has.has(pix)));
      assert.deepEqual([...cut.indices].map((i) => all[i]), [...hpxPixels(cut.geom)]);
      assert.ok(cut.geom.nPix > 0);
    }
  });
}

Deno.test("hpxUpgrade(), hpxDowngrade() and hpxCutout() refuse what they cannot do", () => {
  const geom = GEOMS["part ring"], cells = createHpxGeom({ uniq: [4] });
  assert.throws(() => hpxUpgrade(geom, { nside: 12 }), /found 12 over 8/);
  assert.throws(() => hpxDowngrade(geom, { nside: 16 }), /found 8 over 16/);
  assert.throws(() => hpxUpgrade(GEOMS["whole ring"], { nside: 2 ** 20 }), /less than 2\^31/);
  assert.throws(() => hpxCutout(geom, {}), /Found 0 of region/);
  assert.throws(() => hpxCutout(geom, { disc, pixels: [1] }), /Found 2 of region/);
  assert.throws(() => hpxUpgrade(cells, { nside: 2 }), /multi-order/);
  assert.throws(() => hpxDowngrade(cells, { nside: 1 }), /multi-order/);
  assert.throws(() => hpxCutout(cells, { disc }), /multi-order/);
});
