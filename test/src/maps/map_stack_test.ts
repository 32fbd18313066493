import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  cutoutMap,
  NO_SKY,
  type SkyMap,
  sliceMap,
  stackMaps,
  type StackPart,
} from "../../../src/maps/mod.ts";
import { createMeta } from "../../../src/nddata/mod.ts";
import { pixelToWorld } from "../../../src/sky/mod.ts";
import { anyGeom, apart, BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const axes = [BAND, ENERGY];

Deno.test("stackMaps() is Σ w v of what is valid, with Σ w² Var, on every geometry, in any order", () => {
  fc.assert(
    fc.property(
      anyGeom,
      fc.nat(30),
      fc.constantFrom("sum", "mean" as const),
      (geom, seed, method) => {
        const parts = [0, 1, 2].map((k): StackPart => ({
          map: noiseMap(geom, { seed: seed + k, integers: true }),
          weights: noiseMap(geom, { seed: 100 + k, integers: true, valid: false }),
        }));
        const found = cells(stackMaps(parts, { geom, axes, method }));
        deepStrictEqual(cells(stackMaps([...parts].reverse(), { geom, axes, method })), found);
        const all = parts.map(({ map, weights }) => ({ ...cells(map), w: cells(weights!).v }));
        found.v.forEach((value, i) => {
          const used = all.filter((one) => one.ok[i] === 1 && one.w[i] !== 0);
          const sum = used.reduce((total, one) => total + one.w[i]! * one.v[i]!, 0);
          const square = used.reduce((total, one) => total + one.w[i]! ** 2 * one.s[i]!, 0);
          const share = method === "mean" ? used.reduce((total, one) => total + one.w[i]!, 0) : 1;
          strictEqual(found.ok[i], +(used.length > 0));
          if (used.length === 0) return;
          ok(Math.abs(value - sum / share) < 1e-12);
          ok(Math.abs(found.s[i]! - square / share ** 2) < 1e-12);
        });
      },
    ),
  );
});

Deno.test("stackMaps() does not depend on how parts are grouped", () => {
  fc.assert(fc.property(anyGeom, fc.nat(30), (geom, seed) => {
    const [a, b, c] = [0, 1, 2].map((k) => noiseMap(geom, { seed: seed + k, integers: true }));
    const at = { geom, axes }, all = stackMaps([a!, b!, c!], at);
    deepStrictEqual(cells(stackMaps([stackMaps([a!, b!], at), c!], at)), cells(all));
  }));
});

Deno.test("stackMaps() puts cutouts at their place, of the sky, of the axes, of both", () => {
  const geom = createWcsGeom({
    skydir: { lonDeg: 83.6, latDeg: 22 },
    proj: "TAN",
    binszDeg: 0.1,
    npix: [12, 9],
  });
  const map = noiseMap(geom, { integers: true }), { v, ok: use } = cells(map);
  const seen = v.map((one, i) => one * use[i]!);
  const position = fc.tuple(fc.integer({ min: -2, max: 13 }), fc.integer({ min: -2, max: 10 }));
  fc.assert(fc.property(position, fc.integer({ min: 1, max: 6 }), ([x, y], n) => {
    const center = pixelToWorld(geom.wcs, { x, y });
    let part: SkyMap;
    try {
      part = cutoutMap(map, { center, widthDeg: n / 10, mode: "partial" });
    } catch (error) {
      ok(error instanceof RangeError);
      return;
    }
    const slice = sliceMap(part, { energy: [1, 3], band: [0, 1] });
    const found = numbers(stackMaps([map, slice], { geom, axes }).values);
    const once = numbers(stackMaps([slice], { geom, axes }).values);
    ok(apart(found.map((one, i) => one - seen[i]!), once) === 0);
    const inside = once.flatMap((one, i) => one === 0 ? [] : [i]);
    for (const i of inside) strictEqual(once[i], seen[i]);
    const own = cells(slice), sum = own.v.reduce((a, one, i) => own.ok[i] === 1 ? a + one : a, 0);
    strictEqual(once.reduce((a, b) => a + b, 0), sum);
  }));
});

Deno.test("stackMaps() puts parts of a HEALPix sky at their pixels", () => {
  const geom = createHpxGeom({ nside: 4 }),
    half = createHpxGeom({ nside: 4, pixels: [3, 100, 77] });
  const part = noiseMap(half, { axes: [], integers: true, valid: false });
  const found = stackMaps([part], { geom });
  deepStrictEqual([3, 77, 100].map((i) => found.values.get(i)), numbers(part.values));
  strictEqual(found.valid?.get(0), 0);
  const back = stackMaps([found], { geom: half });
  deepStrictEqual(numbers(back.values), numbers(part.values));
  throws(() => stackMaps([part], { geom: createHpxGeom({ nside: 8 }) }), /reproject it first/);
});

Deno.test("stackMaps() brings parts to one unit, combines what is known of them, and refuses what does not fit", () => {
  const meta = (obsId: string) => createMeta({ observations: [{ obsId }] });
  const a = createSkyMap(NO_SKY, { data: Float64Array.of(1), unit: "TeV", meta: meta("2") });
  const b = createSkyMap(NO_SKY, { data: Float64Array.of(500), unit: "GeV", meta: meta("1") });
  const sum = stackMaps([a, b], { geom: NO_SKY });
  strictEqual(sum.values.get(), 1.5);
  strictEqual(sum.unit, "TeV");
  deepStrictEqual(sum.meta.observations.map((one) => one.obsId), ["1", "2"]);
  throws(() => stackMaps([], { geom: NO_SKY }), RangeError);
  throws(() => stackMaps([a], { geom: NO_SKY, unit: "s" }), TypeError);
  throws(() => stackMaps([a], { geom: GEOMS["region"]! }), /reproject it first/);
  throws(() => stackMaps([a], { geom: NO_SKY, axes: [ENERGY] }), TypeError);
  const moved = createWcsGeom({
    proj: "TAN",
    binszDeg: 1,
    skydir: { lonDeg: 0.5, latDeg: 0 },
    npix: 3,
  });
  const still = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
  throws(() => stackMaps([createSkyMap(moved)], { geom: still }), /reproject it first/);
  const wrong = { map: createSkyMap(still), weights: createSkyMap(moved) };
  throws(() => stackMaps([wrong], { geom: still }), /weights are on other pixels/);
  // NaN behind what is invalid goes nowhere
  const hidden = createSkyMap(NO_SKY, {
    data: Float64Array.of(NaN),
    valid: ndarray(Uint8Array.of(0), []),
    unit: "TeV",
  });
  strictEqual(stackMaps([a, hidden], { geom: NO_SKY }).values.get(), 1);
});
