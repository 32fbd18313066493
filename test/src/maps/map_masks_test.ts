import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  applyMask,
  boundaryMask,
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  dilateMask,
  energyMask,
  erodeMask,
  geomCenters,
  type HpxGeom,
  maskAnd,
  maskNot,
  maskOr,
  maskXor,
  NO_SKY,
  regionMask,
  regionWeights,
  regionWeightsMap,
  type SkyMap,
  solidAngleSr,
  sumOverAxes,
  valuesAt,
  type WcsGeom,
} from "../../../src/maps/mod.ts";
import { createRegion, regionContains, separationDeg } from "../../../src/sky/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";
import { anyGeom, BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

/** A mask on a geometry. */
function anyMask(geom: typeof GEOMS[string], seed: number): SkyMap {
  const flags = noiseMap(geom, { seed, variance: false }).valid!;
  return createSkyMap(geom, { axes: [BAND, ENERGY], data: flags });
}

Deno.test("masks obey the laws of logic on every geometry, images and cubes together", () => {
  fc.assert(fc.property(anyGeom, fc.nat(20), (geom, seed) => {
    const a = anyMask(geom, seed), b = anyMask(geom, seed + 1), x = numbers(a.values);
    const y = numbers(b.values);
    deepStrictEqual(numbers(maskAnd(a, b).values), x.map((one, i) => one & y[i]!));
    deepStrictEqual(numbers(maskOr(a, b).values), x.map((one, i) => one | y[i]!));
    deepStrictEqual(numbers(maskXor(a, b).values), x.map((one, i) => one ^ y[i]!));
    deepStrictEqual(numbers(maskNot(maskNot(a)).values), x);
    const morgan = maskNot(maskOr(maskNot(a), maskNot(b)));
    deepStrictEqual(numbers(morgan.values), numbers(maskAnd(a, b).values));
    if (geom.kind === "region-geom" && geom.along !== undefined) return;
    const image = createSkyMap(geom, { data: noiseMap(geom, { axes: [], seed }).valid! });
    const n = x.length / 8, z = numbers(image.values), cube = numbers(maskAnd(image, a).values);
    deepStrictEqual(cube, x.map((one, i) => one & z[i % n]!));
    deepStrictEqual(numbers(maskAnd(a, image).values), cube);
  }));
  const moved = createWcsGeom({ npix: [4, 6] });
  throws(() => maskAnd(anyMask(GEOMS["wcs"]!, 1), createSkyMap(moved)), /different pixels/);
});

Deno.test("applyMask() leaves only what the mask and the map hold valid; NaN in a mask is 0", () => {
  fc.assert(fc.property(anyGeom, fc.nat(20), (geom, seed) => {
    const map = noiseMap(geom, { seed }),
      mask = anyMask(geom, seed + 1),
      found = applyMask(map, mask);
    deepStrictEqual(cells(found).ok, cells(map).ok.map((one, i) => one & numbers(mask.values)[i]!));
    strictEqual(found.values, map.values);
    strictEqual(found.coordinatesKey, map.coordinatesKey);
  }));
  const mask = createSkyMap(NO_SKY, { data: Float64Array.of(NaN) });
  strictEqual(applyMask(createSkyMap(NO_SKY), mask).valid?.get(), 0);
});

const circle = createRegion({
  kind: "circle",
  frame: "icrs",
  lonDeg: 83.6,
  latDeg: 22,
  radiusDeg: 20,
});
const other = createRegion({
  kind: "circle",
  frame: "galactic",
  lonDeg: 184,
  latDeg: 10,
  radiusDeg: 15,
});

Deno.test("regionMask() asks every centre, of WCS and HEALPix pixels, for one region or several", () => {
  const wcs = createWcsGeom({
    skydir: { lonDeg: 83.6, latDeg: 22 },
    proj: "CAR",
    binszDeg: 5,
    npix: 12,
  });
  for (
    const geom of [
      wcs,
      createHpxGeom({ nside: 8 }),
      createHpxGeom({ nside: 4, pixels: [3, 50, 60, 61] }),
    ]
  ) {
    const { lonDeg, latDeg } = geomCenters(geom), n = lonDeg.size;
    const inside = Array.from(
      { length: n },
      (_, i) =>
        +[circle, other].some((one) => regionContains(one, lonDeg.data[i]!, latDeg.data[i]!)),
    );
    deepStrictEqual(numbers(regionMask(geom, [circle, other]).values), inside);
    const outside = regionMask(geom, [circle, other], { inside: false, axes: [ENERGY] });
    deepStrictEqual(
      numbers(outside.values),
      [1, 2, 3, 4].flatMap(() => inside.map((one) => 1 - one)),
    );
  }
  throws(() => regionMask(GEOMS["region"] as never as WcsGeom, circle), /no pixels/);
});

Deno.test("energyMask() keeps bins that are wholly inside, on every geometry", () => {
  for (const geom of Object.values(GEOMS)) {
    const mask = energyMask(geom, { axes: [BAND, ENERGY], range: [1.5, 10] }),
      n = mask.values.size / 8;
    numbers(mask.values).forEach((one, i) => {
      const bin = Math.floor(i / n) % 4;
      strictEqual(one, +(bin === 1 || bin === 2));
    });
  }
  const open = energyMask(NO_SKY, { axes: [ENERGY], range: [-Infinity, Infinity] });
  deepStrictEqual(numbers(open.values), [1, 1, 1, 1]);
  throws(() => energyMask(NO_SKY, { axes: [BAND], range: [1, 2] }), /No axis "energy"/);
  throws(() => energyMask(NO_SKY, { axes: [BAND], range: [1, 2], axis: "band" }), TypeError);
});

Deno.test("erodeMask() and dilateMask() of HEALPix masks go by distances on the sky", () => {
  const geom = createHpxGeom({ nside: 8, frame: "galactic" }), mask = regionMask(geom, circle);
  const { lonDeg, latDeg } = geomCenters(geom), v = numbers(mask.values);
  const at = (i: number) => ({ lonDeg: lonDeg.data[i]!, latDeg: latDeg.data[i]! });
  const near = (i: number, value: number) =>
    v.some((one, j) => one === value && separationDeg(at(i), at(j)) <= 9);
  const wide = numbers(dilateMask(mask, { radiusDeg: 9 }).values);
  const narrow = numbers(erodeMask(mask, { radiusDeg: 9 }).values);
  v.forEach((_, i) => {
    strictEqual(wide[i], +near(i, 1));
    strictEqual(narrow[i], +!near(i, 0));
  });
  throws(
    () => erodeMask(createSkyMap(GEOMS["region"]!) as never as SkyMap<HpxGeom>, { radiusDeg: 1 }),
    TypeError,
  );
});

const CRAB = { frame: "icrs", lonDeg: 83.63, latDeg: 22.01 } as const;
const CIRCLE = createRegion({ kind: "circle", ...CRAB, radiusDeg: 0.5 });

referenceTest("gammapy.json", "maps.region_mask", [], ({ expected, tol }) => {
  const skydir = { lonDeg: 83.63, latDeg: 22.01 };
  const geom = createWcsGeom({ skydir, proj: "TAN", binszDeg: 0.02, widthDeg: 4 });
  const count = (mask: SkyMap) => numbers(mask.values).reduce((a, b) => a + b, 0);
  const mask = regionMask(geom, CIRCLE), v = numbers(mask.values), nx = geom.npix[0];
  const center = { lonDeg: Float64Array.of(CRAB.lonDeg), latDeg: Float64Array.of(CRAB.latDeg) };
  const found: Record<string, unknown> = {
    "circle_0.5_npix": count(mask),
    "circle_0.5_sum_ix": v.reduce((sum, one, i) => sum + one * (i % nx), 0),
    "circle_0.5_sum_iy": v.reduce((sum, one, i) => sum + one * Math.floor(i / nx), 0),
    "circle_0.5_solid_angle_sr": solidAngleSr(createRegionGeom(CIRCLE)).get(),
    "circle_0.5_contains_center": valuesAt(mask, center)[0] === 1,
    "erode_0.1_npix": count(erodeMask(mask, { radiusDeg: 0.1 })),
    "dilate_0.1_npix": count(dilateMask(mask, { radiusDeg: 0.1 })),
    "boundary_mask_0.3_npix_true": count(boundaryMask(geom, { widthDeg: 0.3 })),
  };
  for (const [name, value] of Object.entries(found)) {
    agrees(value, expected[name], tol[name]!, name);
  }
});

Deno.test("regionWeightsMap() has the shares of regionWeights(); boundaryMask() goes along axes", () => {
  const geom = createWcsGeom({
    skydir: { lonDeg: 83.63, latDeg: 22.01 },
    proj: "TAN",
    binszDeg: 0.1,
    npix: 20,
  });
  deepStrictEqual(regionWeightsMap(geom, CIRCLE).values.data, regionWeights(geom, CIRCLE));
  const mask = boundaryMask(geom, { widthDeg: 0.25, axes: [ENERGY] });
  strictEqual(sumOverAxes(mask).values.get(3, 3), 4);
  strictEqual(sumOverAxes(mask).values.get(3, 2), 0);
  ok(mask.values.data.length === 400);
});
