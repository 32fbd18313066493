import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  broadcastMap,
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  downsampleMap,
  geomCenters,
  NO_SKY,
  rebinMap,
  reorderAxes,
  solidAngleSr,
  sumOverAxes,
  toCube,
  toImage,
  upsampleMap,
} from "../../../src/maps/mod.ts";
import { add, axisEquals, blockReduce, createMapAxis } from "../../../src/nddata/mod.ts";
import { createWcs, pixelToWorld, separationDeg } from "../../../src/sky/mod.ts";
import { wcsGeomOf } from "../../../src/maps/mod.ts";
import { anyGeom, apart, BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

Deno.test("downsampleMap() agrees with the blocks of the array model, values, variances and validity", () => {
  const sizes = fc.constantFrom([1, 1], [2, 1], [1, 3], [2, 3] as const);
  fc.assert(
    fc.property(sizes, fc.nat(30), fc.constantFrom("sum", "mean" as const), (f, seed, method) => {
      const [fx, fy] = f as [number, number], map = noiseMap(GEOMS["wcs"]!, { seed });
      const found = downsampleMap(map, { factor: [fx, fy], method });
      const blocks = blockReduce(map, [1, 1, fy, fx], { method });
      ok(apart(numbers(found.values), numbers(blocks.values)) < 1e-14);
      ok(apart(numbers(found.variance), numbers(blocks.variance)) < 1e-14);
      deepStrictEqual(numbers(found.valid), numbers(blocks.valid));
    }),
  );
});

Deno.test("pixels joined or split stay where they are on the sky, in rotated and skewed grids too", () => {
  const wcs = createWcs({
    projection: "TAN",
    crvalDeg: [83.6, 22],
    crpix: [3.2, 1.1],
    cd: [[-0.1, 0.03], [0.02, 0.12]],
  });
  const geom = wcsGeomOf(wcs, { npix: [6, 4] }), map = createSkyMap(geom);
  const coarse = downsampleMap(map, { factor: [3, 2] }).geom;
  const fine = upsampleMap(map, { factor: [2, 4] }).geom;
  for (const [x, y] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
    const here = pixelToWorld(coarse.wcs, { x, y });
    const middle = pixelToWorld(geom.wcs, { x: 3 * x + 1, y: 2 * y + 0.5 });
    ok(separationDeg(here, middle) < 1e-9);
    const small = pixelToWorld(fine.wcs, { x, y });
    const inOld = pixelToWorld(geom.wcs, { x: (x + 0.5) / 2 - 0.5, y: (y + 0.5) / 4 - 0.5 });
    ok(separationDeg(small, inOld) < 1e-9);
  }
});

Deno.test("upsampleMap() then downsampleMap() is the map: sums if counts stay, means if not", () => {
  const geom = fc.constantFrom(GEOMS["wcs"]!, GEOMS["hpx"]!, GEOMS["hpx part"]!);
  fc.assert(
    fc.property(geom, fc.constantFrom(1, 2, 4), fc.boolean(), (geom, factor, preserveCounts) => {
      const map = noiseMap(geom), fine = upsampleMap(map, { factor, preserveCounts });
      const back = downsampleMap(fine, { factor, method: preserveCounts ? "sum" : "mean" });
      strictEqual(fine.values.size, map.values.size * factor * factor);
      const before = cells(map), after = cells(back);
      const use = before.ok.flatMap((one, i) => one === 1 ? [i] : []);
      ok(apart(use.map((i) => after.v[i]!), use.map((i) => before.v[i]!)) < 1e-13);
      deepStrictEqual(after.ok, before.ok);
      if (preserveCounts) {
        const share = factor * factor;
        const spread = use.map((i) => before.s[i]! / share);
        ok(apart(use.map((i) => after.s[i]!), spread) < 1e-13);
      }
      strictEqual(back.geom.kind, geom.kind);
      if (geom.kind === "hpx-geom") strictEqual(back.geom.key, geom.key);
      ok(
        Math.abs(
          total([...solidAngleSr(back.geom).data as Float64Array]) /
              total([...solidAngleSr(geom).data as Float64Array]) - 1,
        ) < 1e-12,
      );
    }),
  );
});

Deno.test("upsampleMap() between centres is exact for a plane", () => {
  const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: [5, 4] });
  const data = Float64Array.from({ length: 20 }, (_, i) => i % 5 + 10 * Math.floor(i / 5));
  const fine = upsampleMap(createSkyMap(geom, { data }), {
    factor: 2,
    method: "linear",
    preserveCounts: false,
  });
  ok(Math.abs(fine.values.get(3, 4) - (1.75 + 10 * 1.25)) < 1e-12);
  strictEqual(fine.variance, undefined);
  throws(() => upsampleMap(noiseMap(GEOMS["hpx"]!), { factor: 2, method: "linear" }), TypeError);
});

Deno.test("bins are joined and split along an axis on every geometry, sums conserved", () => {
  fc.assert(
    fc.property(anyGeom, fc.nat(20), fc.integer({ min: 1, max: 4 }), (geom, seed, factor) => {
      const map = noiseMap(geom, { seed, valid: false }), sum = numbers(toImage(map).values);
      const fine = upsampleMap(map, { factor, axis: "energy" });
      strictEqual(fine.axes[1]?.nBins, 4 * factor);
      ok(apart(numbers(toImage(fine).values), sum) < 1e-13);
      const back = downsampleMap(fine, { factor, axis: "energy" });
      ok(axisEquals(back.axes[1]!, ENERGY));
      ok(apart(numbers(back.values), numbers(map.values)) < 1e-14);
      const two = rebinMap(map, { axis: "energy", factor: 2 });
      ok(apart(numbers(toImage(two).values), sum) < 1e-13);
      const one = rebinMap(map, { axis: "energy", edges: [1, 30] });
      const all = sumOverAxes(map, { axes: ["energy"], keepAxes: true });
      ok(apart(numbers(one.values), numbers(all.values)) < 1e-14);
      ok(apart(numbers(one.variance), numbers(all.variance)) < 1e-14);
      if (geom.kind === "region-geom" && geom.along !== undefined) {
        ok(two.geom.kind === "region-geom" && two.geom.along?.regions.length === 2);
        ok(back.geom.kind === "region-geom" && back.geom.along?.regions.length === 4);
      }
    }),
  );
});

Deno.test("rebinMap() snaps edges to the nearest of the axis and leaves out what is beyond", () => {
  const axis = createMapAxis("energy", [1, 2, 4, 8, 16], { unit: "TeV", interp: "log" });
  const map = createSkyMap(NO_SKY, { axes: [axis], data: Float64Array.of(1, 2, 3, 4) });
  const found = rebinMap(map, { axis: "energy", edges: [1.9, 7, 20] });
  deepStrictEqual(numbers(found.values), [5, 4]);
  const mean = rebinMap(map, { axis: "energy", edges: [1.9, 7, 20], method: "mean" });
  deepStrictEqual(numbers(mean.values), [2.5, 4]);
  throws(() => rebinMap(map, { axis: "energy", edges: [100, 200] }), RangeError);
  throws(() => rebinMap(map, { axis: "energy" }), TypeError);
  throws(() => rebinMap(map, { axis: "energy", factor: 3 }), /no multiple of 3/);
  throws(() => rebinMap(noiseMap(NO_SKY), { axis: "band", factor: 2 }), /label-axis/);
});

Deno.test("operations that need pixels say so; factors must divide", () => {
  const map = noiseMap(GEOMS["wcs"]!);
  throws(() => downsampleMap(map, { factor: 4 }), /multiples of the factors 4 and 4/);
  for (const name of ["region", "no sky"]) {
    throws(() => downsampleMap(noiseMap(GEOMS[name]!), { factor: 2 }), /name an axis/);
    throws(() => upsampleMap(noiseMap(GEOMS[name]!), { factor: 2 }), /name an axis/);
  }
  throws(
    () => downsampleMap(noiseMap(GEOMS["hpx"]!), { factor: [2, 1] }),
    /only WCS maps have two/,
  );
  throws(
    () => downsampleMap(noiseMap(createHpxGeom({ uniq: [4, 21] })), { factor: 1 }),
    /multi-order/,
  );
});

Deno.test("broadcastMap() repeats values along new axes without memory for them", () => {
  fc.assert(fc.property(anyGeom, (geom) => {
    const along = geom.kind === "region-geom" && geom.along !== undefined;
    const map = noiseMap(geom, { axes: along ? [ENERGY] : [] });
    const extra = createMapAxis("phase", [0, 0.5, 1]), cube = toCube(map, [BAND, extra]);
    strictEqual(cube.values.data, map.values.data);
    deepStrictEqual(cube.values.shape.slice(0, 2), [2, 2]);
    const { v, ok: use, s } = cells(cube), n = v.length / 4, one = cells(map);
    for (let k = 0; k < 4; k++) {
      deepStrictEqual(v.slice(k * n, (k + 1) * n), one.v);
      deepStrictEqual(use.slice(k * n, (k + 1) * n), one.ok);
      deepStrictEqual(s.slice(k * n, (k + 1) * n), one.s);
    }
    // and goes on as any other map
    ok(
      apart(
        numbers(sumOverAxes(cube, { axes: ["band", "phase"] }).values),
        one.v.map((x, i) => 4 * x * one.ok[i]!),
      ) < 1e-13,
    );
    strictEqual(
      add(cube, cube).values.get(1, 1, ...cube.values.shape.slice(2).map(() => 0)),
      2 * one.v[0]!,
    );
  }));
  throws(() => toCube(noiseMap(NO_SKY), [BAND]), /already/);
  throws(() => broadcastMap(noiseMap(NO_SKY), [BAND]), /it is missing/);
});

Deno.test("reorderAxes() turns axes with their values", () => {
  for (const geom of Object.values(GEOMS)) {
    const map = noiseMap(geom), turned = reorderAxes(map, ["energy", "band"]);
    const pixel = geom.shape.map(() => 0);
    strictEqual(turned.values.get(3, 1, ...pixel), map.values.get(1, 3, ...pixel));
    deepStrictEqual(cells(reorderAxes(turned, ["band", "energy"])), cells(map));
    throws(() => reorderAxes(map, ["energy"]), TypeError);
    if (geom.kind !== "no-sky") ok(geomCenters(turned.geom) === geomCenters(geom));
  }
});
