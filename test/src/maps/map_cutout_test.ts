import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  cropMap,
  cutoutMap,
  geomCenters,
  geomCutout,
  geomEquals,
  padMap,
  regionOfBin,
  sliceMap,
  type WcsGeom,
} from "../../../src/maps/mod.ts";
import { add, dataPixelToWorld, power, sliceInParent } from "../../../src/nddata/mod.ts";
import { convertFrame, pixelToWorld, separationDeg } from "../../../src/sky/mod.ts";
import { BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const PROJECTIONS = ["TAN", "CAR", "AIT", "ZEA"] as const;

/** A map and a position in it or near it. */
const anyCut = fc.record({
  proj: fc.constantFrom(...PROJECTIONS),
  npix: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })),
  at: fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  widthDeg: fc.tuple(
    fc.double({ min: 0.1, max: 8, noNaN: true }),
    fc.double({ min: 0.1, max: 8, noNaN: true }),
  ),
});

function geomOf(proj: typeof PROJECTIONS[number], npix: readonly [number, number]): WcsGeom {
  return createWcsGeom({ skydir: { lonDeg: 83.6, latDeg: 22 }, proj, binszDeg: [0.4, 0.5], npix });
}

Deno.test("cutoutMap() knows its place: the parent's indices give the parent's values, the sky is the same", () => {
  fc.assert(fc.property(anyCut, ({ proj, npix, at, widthDeg }) => {
    const geom = geomOf(proj, npix), map = noiseMap(geom), [nx, ny] = npix;
    const center = pixelToWorld(geom.wcs, { x: at[0] * (nx - 1), y: at[1] * (ny - 1) });
    const part = cutoutMap(map, { center, widthDeg }), [mx, my] = part.geom.npix;
    deepStrictEqual(part.values.shape, [2, 4, my, mx]);
    const [, , y0, x0] = part.place.start as [number, number, number, number];
    for (const [y, x] of [[0, 0], [my - 1, mx - 1]] as const) {
      const own = sliceInParent(part, [1, 2, y0 + y, x0 + x]);
      strictEqual(own.values.get(), map.values.get(1, 2, y0 + y, x0 + x));
      strictEqual(own.variance?.get(), map.variance?.get(1, 2, y0 + y, x0 + x));
      strictEqual(own.valid?.get(), map.valid?.get(1, 2, y0 + y, x0 + x));
      const here = pixelToWorld(part.geom.wcs, { x, y });
      const there = pixelToWorld(geom.wcs, { x: x0 + x, y: y0 + y });
      ok(separationDeg(here, there) < 1e-9);
      const [lon, lat] = dataPixelToWorld(part, [y, x]);
      ok(separationDeg(here, { lonDeg: lon!, latDeg: lat! }) < 1e-9);
    }
    strictEqual(part.values.data, map.values.data);
    strictEqual(geomCutout(geom, { center, widthDeg }).key, part.geom.key);
    // a cutout of all is the map itself
    const whole = cutoutMap(map, { center, widthDeg: 400 });
    ok(geomEquals(whole.geom, geom, { atolDeg: 1e-9 }));
  }));
});

Deno.test("cutoutMap() trims, fills, or refuses what is outside", () => {
  const geom = geomOf("TAN", [6, 6]), map = noiseMap(geom, { valid: false });
  const center = pixelToWorld(geom.wcs, { x: 0, y: 2.5 }), widthDeg = [1.2, 1] as const;
  deepStrictEqual(cutoutMap(map, { center, widthDeg }).geom.npix, [2, 2]);
  const partial = cutoutMap(map, { center, widthDeg, mode: "partial" });
  deepStrictEqual(partial.geom.npix, [3, 2]);
  deepStrictEqual(partial.place.start.slice(2), [2, -1]);
  ok(Number.isNaN(partial.values.get(0, 0, 0, 0)));
  strictEqual(partial.valid?.get(0, 0, 0, 0), 0);
  strictEqual(partial.values.get(1, 3, 1, 1), map.values.get(1, 3, 3, 0));
  throws(() => cutoutMap(map, { center, widthDeg, mode: "strict" }), /take mode "trim"/);
  const far = { lonDeg: 90, latDeg: 22 };
  throws(() => cutoutMap(map, { center: far, widthDeg: 1 }), /elsewhere/);
  throws(
    () => cutoutMap(map, { center: { lonDeg: 263.6, latDeg: -22 }, widthDeg: 1 }),
    /projection/,
  );
  throws(() => cutoutMap(map, { center, widthDeg: 0 }), RangeError);
  throws(
    () => geomCutout(GEOMS["region"] as unknown as WcsGeom, { center, widthDeg: 1 }),
    TypeError,
  );
});

Deno.test("cutoutMap() takes positions of any frame, and agrees with astropy's Cutout2D on odd and even sizes", () => {
  const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 10 });
  // pixel 4.5 in both directions; ceil(4.5 - n/2)
  for (const [width, start] of [[1, 4], [2, 4], [3, 3], [4, 3], [5, 2]] as const) {
    const map = createSkyMap(geom), center = { lonDeg: 0, latDeg: 0 };
    deepStrictEqual(cutoutMap(map, { center, widthDeg: width }).place.start, [start, start]);
    const galactic = convertFrame(center, { from: "icrs", to: "galactic" });
    const same = cutoutMap(map, { center: galactic, frame: "galactic", widthDeg: width });
    deepStrictEqual(same.place.start, [start, start]);
  }
});

Deno.test("cutouts at one place of one parent are added, at different places refused", () => {
  const geom = geomOf("TAN", [8, 8]), map = noiseMap(geom, { axes: [] });
  const a = cropMap(map, { widthPix: 1 }), b = cropMap(power(map, 1), { widthPix: 1 });
  const sum = add(a, b);
  strictEqual(sum.values.get(0, 0), 2 * map.values.get(1, 1));
  strictEqual(sum.geom.key, a.geom.key);
  const other = cutoutMap(map, {
    center: pixelToWorld(geom.wcs, { x: 3.5, y: 3.5 }),
    widthDeg: [1, 2],
  });
  throws(() => add(a, other), TypeError);
  // made elsewhere, but the same pixels on the sky
  const twin = createSkyMap(a.geom, { data: new Float64Array(36).fill(1), unit: "s" });
  strictEqual(add(twin, a).values.get(2, 2), 1 + map.values.get(3, 3));
  // world coordinates hold wherever the other operand comes from
  const pixel = dataPixelToWorld(a, [0, 0]);
  deepStrictEqual(dataPixelToWorld(add(a, twin), [0, 0]), pixel);
  deepStrictEqual(dataPixelToWorld(add(twin, a), [0, 0]), dataPixelToWorld(twin, [0, 0]));
});

Deno.test("cutoutMap() of HEALPix maps takes the pixels of a disc, of the whole sky or of a part", () => {
  for (
    const geom of [
      createHpxGeom({ nside: 8 }),
      createHpxGeom({ nside: 8, pixels: [200, 247, 248] }),
    ]
  ) {
    const map = noiseMap(geom), center = { lonDeg: 83.6, latDeg: 22 };
    const part = cutoutMap(map, { center, widthDeg: 30 }), { lonDeg, latDeg } = geomCenters(geom);
    const inside = Array.from({ length: geom.nPix }, (_, i) => i).filter((i) =>
      separationDeg(center, { lonDeg: lonDeg.data[i]!, latDeg: latDeg.data[i]! }) <= 15
    );
    strictEqual(part.geom.nPix, inside.length);
    inside.forEach((from, i) => strictEqual(part.values.get(1, 2, i), map.values.get(1, 2, from)));
  }
  const some = noiseMap(createHpxGeom({ nside: 8, pixels: [200, 247, 248] }));
  const center = { lonDeg: 83.6, latDeg: 22 };
  throws(() => cutoutMap(some, { center, widthDeg: 30, mode: "strict" }), /3 of them|of them/);
  throws(() => cutoutMap(some, { center: { lonDeg: 200, latDeg: -80 }, widthDeg: 1 }), /in common/);
  throws(() => cutoutMap(some, { center, widthDeg: [1, 2] }), TypeError);
});

Deno.test("sliceMap() of a region that changes along an axis has the regions of the bins that are left", () => {
  const map = noiseMap(GEOMS["region along energy"]!), geom = map.geom;
  ok(geom.kind === "region-geom");
  for (const bin of [0, 1, 2, 3]) {
    const one = sliceMap(map, { energy: bin }).geom;
    ok(one.kind === "region-geom" && one.along === undefined);
    deepStrictEqual(one.region, regionOfBin(geom, bin));
  }
  const some = sliceMap(map, { energy: [1, 3], band: 0 });
  ok(some.geom.kind === "region-geom");
  deepStrictEqual(some.geom.along?.regions, geom.along?.regions.slice(1, 3));
  strictEqual(some.geom.along?.axis.nBins, 2);
  strictEqual(sliceMap(some, { energy: 1 }).values.get(), map.values.get(0, 2));
  strictEqual(sliceMap(map, { band: 0 }).geom.key, geom.key);
});

Deno.test("slicing, then indexing in the coordinates of the parent gives the parent's value, on every geometry", () => {
  for (const geom of Object.values(GEOMS)) {
    const map = noiseMap(geom), part = sliceMap(map, { energy: [1, 3] });
    const pixel = geom.shape.map(() => 1);
    for (const e of [1, 2]) {
      const found = sliceInParent(part, [1, e, ...pixel]);
      strictEqual(found.values.get(), map.values.get(1, e, ...pixel));
    }
    throws(() => sliceInParent(part, [1, 0, ...pixel]), /reaches from 1 to 3/);
  }
});

Deno.test("padMap() then cropMap() is the map; padded pixels repeat the edge or mirror it", () => {
  const modes = fc.constantFrom("constant", "edge", "reflect" as const);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 4 }),
      modes,
      (n, w, mode) => {
        const geom = geomOf("TAN", [n, n + 1]), map = noiseMap(geom, { axes: [ENERGY] });
        const wide = padMap(map, { widthPix: [w, 1], mode, value: 7 });
        deepStrictEqual(wide.geom.npix, [n + 2 * w, n + 3]);
        const back = cropMap(wide, { widthPix: [w, 1] });
        deepStrictEqual(cells(back), cells(map));
        ok(geomEquals(back.geom, geom, { atolDeg: 1e-10 }));
        const corner = {
          constant: 7,
          edge: map.values.get(0, 0, 0),
          reflect: map.values.get(0, 0, 0),
        };
        strictEqual(wide.values.get(0, 0, w), corner[mode]);
        strictEqual(wide.valid?.get(0, 0, w), mode === "constant" ? 0 : map.valid?.get(0, 0, 0));
      },
    ),
  );
  const map = noiseMap(geomOf("TAN", [4, 4]), { axes: [BAND] });
  throws(() => cropMap(map, { widthPix: 2 }), /leave nothing/);
  throws(() => padMap(map, { widthPix: -1 }), RangeError);
  throws(() => padMap(map, {}), TypeError);
  throws(() => padMap(noiseMap(GEOMS["hpx"]!) as never, { widthPix: 1 }), /hpx-geom/);
  strictEqual(padMap(map, { widthDeg: 0.9 }).geom.npix[0], 8);
  deepStrictEqual(numbers(padMap(map, { widthPix: 0 }).values), numbers(map.values));
});
