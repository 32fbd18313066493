import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  createHpxGeom,
  createPlaneMaps,
  createSkyMap,
  createWcsGeom,
  downsampleMap,
  mapPlanes,
  planesOf,
  planeTotals,
  reprojectPlanes,
  sliceMap,
} from "../../../src/maps/mod.ts";
import { apart, BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const factors = [4, 2, 2, 1];

Deno.test("planes of their own pixels hold the counts of the map that they were made of", () => {
  for (
    const geom of [
      createHpxGeom({ nside: 4 }),
      createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 8 }),
    ]
  ) {
    const map = noiseMap(geom, { axes: [BAND, ENERGY], integers: true, valid: false });
    const planes = planesOf(map, { axis: "energy" });
    const coarse = mapPlanes(planes, (one, bin) => downsampleMap(one, { factor: factors[bin]! }));
    deepStrictEqual([...planeTotals(coarse)], [...planeTotals(planes)]);
    deepStrictEqual(
      coarse.planes.map((one) => one.values.size),
      factors.map((f) => 2 * numbers(sliceMap(map, { energy: 0, band: 0 }).values).length / f ** 2),
    );
    const back = reprojectPlanes(coarse, geom, { method: "exact", conserve: true });
    deepStrictEqual(back.axes.map((one) => one.name), ["energy", "band"]);
    ok(
      apart([...planeTotals(planesOf(back, { axis: "energy" }))], [...planeTotals(planes)]) < 1e-9,
    );
    const last = cells(sliceMap(back, { energy: 3 }));
    ok(apart(last.v, cells(sliceMap(map, { energy: 3 })).v) < 1e-9);
    ok(apart(last.s, cells(sliceMap(map, { energy: 3 })).s) < 1e-9);
  }
});

Deno.test("planes of a map on every geometry are its slices", () => {
  for (const geom of Object.values(GEOMS)) {
    const map = noiseMap(geom), { planes, axis } = planesOf(map, { axis: "energy" });
    strictEqual(axis, ENERGY);
    planes.forEach((one, bin) =>
      deepStrictEqual(cells(one), cells(sliceMap(map, { energy: bin })))
    );
  }
});

Deno.test("createPlaneMaps() wants one map a bin, of the same further axes and unit", () => {
  const plane = (nside: number, unit = "") => createSkyMap(createHpxGeom({ nside }), { unit });
  const four = [1, 2, 4, 8].map((nside) => plane(nside));
  strictEqual(createPlaneMaps(ENERGY, four).planes.length, 4);
  throws(() => createPlaneMaps(ENERGY, four.slice(1)), /one for each of its 4 bins/);
  throws(() => createPlaneMaps(ENERGY, [...four.slice(1), plane(1, "s")]), /another unit/);
  const withAxis = four.map((one) => createSkyMap(one.geom, { axes: [ENERGY] }));
  throws(() => createPlaneMaps(ENERGY, withAxis), /slice it first/);
});
