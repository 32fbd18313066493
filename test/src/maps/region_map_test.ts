import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  interpolateMap,
  regionMask,
  regionWeights,
  sliceMap,
  toRegionMap,
} from "../../../src/maps/mod.ts";
import { createMapAxis } from "../../../src/nddata/mod.ts";
import { createRegion } from "../../../src/sky/mod.ts";
import { BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const wcs = createWcsGeom({
  skydir: { lonDeg: 83.6, latDeg: 22 },
  proj: "TAN",
  binszDeg: 0.1,
  npix: [20, 16],
});
const circle = (radiusDeg: number) =>
  createRegion({ kind: "circle", frame: "icrs", lonDeg: 83.6, latDeg: 22, radiusDeg });

Deno.test("toRegionMap() sums and averages the valid pixels by the share that is inside", () => {
  const radius = fc.double({ min: 0.02, max: 1, noNaN: true }), n = 320;
  const method = fc.constantFrom("sum", "mean" as const);
  fc.assert(
    fc.property(
      radius,
      fc.nat(20),
      method,
      fc.constantFrom(1, 10),
      (r, seed, how, oversampling) => {
        const map = noiseMap(wcs, { seed }),
          weights = noiseMap(wcs, { axes: [], seed: 7, valid: false });
        const f = regionWeights(wcs, circle(r), { oversampling }), { v, s, ok: use } = cells(map);
        const w = numbers(weights.values),
          found = toRegionMap(map, circle(r), { method: how, weights, oversampling });
        deepStrictEqual(found.values.shape, [2, 4]);
        const out = cells(found);
        for (let plane = 0; plane < 8; plane++) {
          let sum = 0, square = 0, share = 0;
          for (let i = 0; i < n; i++) {
            const at = plane * n + i, one = f[i]! * w[i]! * use[at]!;
            sum += one * v[at]!;
            square += one * one * s[at]!;
            share += one;
          }
          strictEqual(out.ok[plane], +(share > 0));
          if (share === 0) continue;
          const by = how === "mean" ? share : 1;
          ok(Math.abs(out.v[plane]! - sum / by) < 1e-12);
          ok(Math.abs(out.s[plane]! - square / by ** 2) < 1e-12);
        }
      },
    ),
  );
});

Deno.test("toRegionMap() takes the region of each bin where it changes along an axis", () => {
  const map = noiseMap(wcs, { axes: [ENERGY, BAND] }), radii = [0.6, 0.45, 0.45, 0.2];
  const geom = createRegionGeom({ axis: ENERGY, regions: radii.map(circle) });
  const found = toRegionMap(map, geom);
  strictEqual(found.geom.key, geom.key);
  radii.forEach((r, bin) => {
    const one = toRegionMap(sliceMap(map, { energy: bin }), circle(r));
    deepStrictEqual(cells(sliceMap(found, { energy: bin })), cells(one));
    strictEqual(sliceMap(found, { energy: bin }).geom.key, one.geom.key);
  });
  throws(() => toRegionMap(noiseMap(wcs, { axes: [BAND] }), geom), /No axis "energy"/);
  const other = createMapAxis("energy", [1, 2, 3], { unit: "TeV", interp: "log" });
  throws(() => toRegionMap(noiseMap(wcs, { axes: [other] }), geom), /axis "energy" of 4 bins/);
});

Deno.test("toRegionMap() of HEALPix maps takes pixels whose centres are inside", () => {
  const geom = createHpxGeom({ nside: 16, frame: "galactic" }),
    map = noiseMap(geom, { axes: [], valid: false });
  const inside = numbers(regionMask(geom, circle(15)).values);
  const sum = numbers(map.values).reduce((a, one, i) => a + one * inside[i]!, 0);
  ok(Math.abs(toRegionMap(map, circle(15)).values.get() - sum) < 1e-12);
  const mean = toRegionMap(map, circle(15), { method: "mean" }).values.get();
  ok(Math.abs(mean - sum / inside.reduce((a, b) => a + b)) < 1e-12);
});

Deno.test("toRegionMap() of a point is the interpolated value; elsewhere and nowhere are invalid", () => {
  const map = noiseMap(wcs, { axes: [ENERGY], valid: false });
  const point = createRegion({ kind: "point", frame: "icrs", lonDeg: 83.77, latDeg: 22.11 });
  const found = toRegionMap(map, point, { method: "mean" });
  for (const bin of [0, 1, 2, 3]) {
    const at = { lonDeg: Float64Array.of(83.77), latDeg: Float64Array.of(22.11) };
    strictEqual(found.values.get(bin), interpolateMap(sliceMap(map, { energy: bin }), at)[0]);
  }
  throws(() => toRegionMap(map, point), /a point has no pixels to sum/);
  const far = createRegion({ kind: "circle", frame: "icrs", lonDeg: 90, latDeg: 22, radiusDeg: 1 });
  const nothing = cells(toRegionMap(map, far));
  deepStrictEqual([nothing.v, nothing.ok], [[0, 0, 0, 0], [0, 0, 0, 0]]);
  ok(Number.isNaN(toRegionMap(map, far, { method: "mean" }).values.get(0)));
  throws(() => toRegionMap(noiseMap(GEOMS["no sky"]!), far), /found a no-sky/);
  const counts = createSkyMap(wcs, { data: new Float64Array(320).fill(3) });
  strictEqual(toRegionMap(counts, circle(0.33), { oversampling: 1 }).values.get() % 3, 0);
});
