import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  downsampleMap,
  geomCenters,
  type HpxGeom,
  reprojectMap,
  type ReprojectMapOptions,
  solidAngleSr,
  upsampleMap,
  type WcsGeom,
} from "../../../src/maps/mod.ts";
import { convertFrame, type SkyPosition } from "../../../src/sky/mod.ts";
import { apart, BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const CRAB: SkyPosition = { lonDeg: 83.633, latDeg: 22.014 };
const GALACTIC = convertFrame(CRAB, { from: "icrs", to: "galactic" });
const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

/** A geometry about the Crab. */
function about(kind: string, size: number): WcsGeom | HpxGeom {
  switch (kind) {
    case "TAN":
    case "CAR":
      return createWcsGeom({ skydir: CRAB, proj: kind, binszDeg: size, widthDeg: 12 });
    case "galactic":
      return createWcsGeom({
        skydir: GALACTIC,
        frame: "galactic",
        proj: "TAN",
        binszDeg: size,
        widthDeg: 14,
      });
    default: {
      const disc = { center: GALACTIC, radiusDeg: 9 };
      return createHpxGeom({ nside: 128, order: "nested", frame: "galactic", disc });
    }
  }
}

/** A smooth function of the sky. */
function bump(geom: WcsGeom | HpxGeom): number[] {
  const { lonDeg, latDeg } = geomCenters(geom);
  return Array.from({ length: lonDeg.size }, (_, i) => {
    const here = { lonDeg: lonDeg.data[i]!, latDeg: latDeg.data[i]! };
    const { lonDeg: ra, latDeg: dec } = convertFrame(here, { from: geom.frame, to: "icrs" });
    return Math.exp(-((ra - CRAB.lonDeg) ** 2 + (dec - CRAB.latDeg) ** 2) / 18);
  });
}

Deno.test("exact areas conserve the flux of a source inside the target to 1e-6, whatever the pixels", () => {
  const any = fc.record({
    from: fc.constantFrom("TAN", "CAR", "galactic"),
    to: fc.constantFrom("TAN", "CAR", "galactic"),
    size: fc.double({ min: 0.1, max: 0.7, noNaN: true }),
    at: fc.tuple(fc.integer({ min: 6, max: 18 }), fc.integer({ min: 6, max: 18 })),
  });
  fc.assert(
    fc.property(any, ({ from, to, size, at: [x, y] }) => {
      const geom = createWcsGeom({
        ...(from === "galactic" ? { skydir: GALACTIC, frame: "galactic" } : { skydir: CRAB }),
        proj: from === "CAR" ? "CAR" : "TAN",
        binszDeg: 0.25,
        npix: 25,
      });
      const data = new Float64Array(2 * 625), variance = new Float64Array(2 * 625);
      data[y * 25 + x] = 1000;
      data[625 + x * 25 + y] = 7;
      variance[y * 25 + x] = 1;
      const map = createSkyMap(geom, {
        axes: [BAND],
        data,
        variance: ndarray(variance, [2, 25, 25]),
      });
      const found = reprojectMap(map, about(to, size), { method: "exact", conserve: true });
      const n = found.values.size / 2, v = numbers(found.values);
      ok(Math.abs(total(v.slice(0, n)) / 1000 - 1) < 1e-6);
      ok(Math.abs(total(v.slice(n)) / 7 - 1) < 1e-6);
      const shares = v.slice(0, n).map((one) => (one / 1000) ** 2);
      ok(apart(numbers(found.variance).slice(0, n), shares) < 1e-12);
    }),
    { numRuns: 40 },
  );
});

Deno.test("reprojectMap() carries a smooth function between all kinds of pixels, by all its methods", () => {
  const kinds = ["TAN", "CAR", "galactic", "hpx"];
  for (const from of kinds) {
    for (const to of kinds) {
      const source = about(from, 0.25), target = about(to, 0.3);
      const map = createSkyMap(source, { data: Float64Array.from(bump(source)) }),
        expected = bump(target);
      for (const method of ["nearest", "linear", "cubic"] as const) {
        if (method === "cubic" && from === "hpx") {
          throws(() => reprojectMap(map, target, { method }), /HEALPix pixels are no grid/);
          continue;
        }
        const found = reprojectMap(map, target, { method }), { v, ok: use } = cells(found);
        const limit = { nearest: 0.09, linear: from === "hpx" ? 0.02 : 2e-3, cubic: 2e-4 }[method];
        v.forEach((one, i) => {
          strictEqual(use[i] === 1, !Number.isNaN(one));
          // within 5 deg of the middle all maps have all their neighbours
          if (expected[i]! < 0.25) return;
          ok(Math.abs(one - expected[i]!) < limit, `${from} ${to} ${method} ${one} ${expected[i]}`);
        });
      }
    }
  }
});

Deno.test("reprojectMap() with conserve keeps the sum of smooth counts between all kinds of pixels", () => {
  const kinds = ["TAN", "CAR", "galactic", "hpx"];
  for (const from of kinds) {
    for (const to of kinds) {
      const source = about(from, 0.25), target = about(to, 0.3), sr = solidAngleSr(source).data;
      const small = { ...CRAB, sigma: 1.2 }, { lonDeg, latDeg } = geomCenters(source);
      const data = Float64Array.from({ length: lonDeg.size }, (_, i) => {
        const here = { lonDeg: lonDeg.data[i]!, latDeg: latDeg.data[i]! };
        const { lonDeg: ra, latDeg: dec } = convertFrame(here, { from: source.frame, to: "icrs" });
        const square = ((ra - small.lonDeg) * 0.93) ** 2 + (dec - small.latDeg) ** 2;
        return sr[i]! * Math.exp(-square / (2 * small.sigma ** 2));
      });
      const map = createSkyMap(source, { data });
      const found = reprojectMap(map, target, { conserve: true }), { v, ok: use } = cells(found);
      const sum = v.reduce((a, one, i) => use[i] === 1 ? a + one : a, 0);
      ok(Math.abs(sum / total([...data]) - 1) < 3e-3, `${from} ${to} ${sum / total([...data])}`);
    }
  }
});

Deno.test("HEALPix maps go up, down and round between orders exactly", () => {
  const orders = fc.constantFrom("ring", "nested" as const);
  fc.assert(
    fc.property(
      orders,
      orders,
      fc.constantFrom(1, 2, 4, 8),
      fc.boolean(),
      (a, b, nside, conserve) => {
        const source = createHpxGeom({ nside: 4, order: a }),
          target = createHpxGeom({ nside, order: b });
        const map = noiseMap(source, { axes: [ENERGY], valid: false });
        const how: ReprojectMapOptions = { method: "exact", conserve };
        const found = reprojectMap(map, target, how),
          inOrder = createHpxGeom({ nside: 4, order: b });
        const turned = reprojectMap(map, inOrder, { method: "nearest" });
        const expected = nside >= 4
          ? upsampleMap(turned, { factor: nside / 4, preserveCounts: conserve })
          : downsampleMap(turned, { factor: 4 / nside, method: conserve ? "sum" : "mean" });
        ok(apart(numbers(found.values), numbers(expected.values)) < 1e-13);
        ok(apart(numbers(found.variance), numbers(expected.variance)) < 1e-13);
        strictEqual(found.valid, undefined);
      },
    ),
  );
  const part = createHpxGeom({ nside: 2, order: "nested", pixels: [0, 1, 2, 3, 8] });
  const map = createSkyMap(part, { data: Float64Array.of(1, 2, 3, 4, 5) });
  const coarse = reprojectMap(map, createHpxGeom({ nside: 1, order: "nested" }), {
    method: "exact",
    conserve: true,
  });
  deepStrictEqual(numbers(coarse.values).slice(0, 3), [10, 0, 5]);
  deepStrictEqual(numbers(coarse.valid).slice(0, 4), [1, 0, 1, 0]);
});

Deno.test("what is invalid takes no part: sums leave it out, interpolated values are invalid", () => {
  const geom = createWcsGeom({ proj: "CAR", binszDeg: 1, npix: [4, 1] });
  const map = createSkyMap(geom, {
    data: Float64Array.of(1, NaN, 3, 4),
    valid: ndarray(Uint8Array.of(1, 0, 1, 1), [1, 4]),
  });
  const coarse = createWcsGeom({ proj: "CAR", binszDeg: [2, 1], npix: [2, 1] });
  const sums = reprojectMap(map, coarse, { method: "exact", conserve: true });
  ok(apart(numbers(sums.values), [1, 7]) < 1e-9);
  strictEqual(sums.valid, undefined);
  const means = reprojectMap(map, coarse, { method: "exact" });
  ok(apart(numbers(means.values), [1, 3.5]) < 1e-9);
  const linear = reprojectMap(map, coarse);
  deepStrictEqual(numbers(linear.valid), [0, 1]);
  ok(Math.abs(linear.values.get(0, 1) - 3.5) < 1e-9);
  const same = reprojectMap(map, geom, { method: "nearest" });
  deepStrictEqual(cells(same).ok, [1, 0, 1, 1]);
  deepStrictEqual(numbers(same.values), numbers(map.values));
});

Deno.test("reprojectMap() refuses what has no meaning", () => {
  const region = noiseMap(GEOMS["region"]!), wcs = about("TAN", 1), hpx = about("hpx", 1);
  throws(() => reprojectMap(region, wcs), /found a region-geom/);
  throws(
    () => reprojectMap(noiseMap(wcs), hpx, { method: "exact" }),
    /take "linear" with conserve/,
  );
  const equatorial = createHpxGeom({ nside: 4 });
  throws(() => reprojectMap(noiseMap(equatorial), hpx, { method: "exact" }), /one frame/);
});
