import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  createSkyMap,
  cumsumMap,
  dotMap,
  integrateMap,
  NO_SKY,
  normalizeMap,
  type ReduceMethod,
  reduceOverAxes,
  sliceMap,
  sumOverAxes,
  toImage,
} from "../../../src/maps/mod.ts";
import { axisEquals, createMapAxis, createTimeAxis, logEdges } from "../../../src/nddata/mod.ts";
import { unitFactor } from "../../../src/units/mod.ts";
import { anyGeom, apart, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const METHODS: Readonly<Record<ReduceMethod, (list: readonly number[]) => number>> = {
  sum: (list) => list.reduce((a, b) => a + b, 0),
  mean: (list) => list.reduce((a, b) => a + b, 0) / list.length,
  max: (list) => list.length > 0 ? Math.max(...list) : NaN,
  min: (list) => list.length > 0 ? Math.min(...list) : NaN,
  product: (list) => list.reduce((a, b) => a * b, 1),
};

Deno.test("reduceOverAxes() does with every value as the definition says, on every geometry", () => {
  const method = fc.constantFrom(...Object.keys(METHODS) as ReduceMethod[]);
  const names: fc.Arbitrary<string[]> = fc.constantFrom(
    ["energy"],
    ["band"],
    ["energy", "band"],
    ["band", "energy"],
  );
  fc.assert(
    fc.property(
      anyGeom,
      method,
      names,
      fc.nat(50),
      fc.boolean(),
      (geom, how, axes, seed, valid) => {
        const map = noiseMap(geom, { seed, valid }), { v, s, ok: use } = cells(map);
        const found = reduceOverAxes(map, { method: how, axes }), n = v.length / 8;
        const keep = reduceOverAxes(map, { method: how, axes, keepAxes: true });
        const [nBand, nEnergy] = [axes.includes("band") ? 1 : 2, axes.includes("energy") ? 1 : 4];
        const size = nBand * nEnergy * n, expected: number[] = [], squares: number[] = [];
        const flags: number[] = [];
        for (let to = 0; to < size; to++) {
          const b = Math.floor(to / (nEnergy * n)), e = Math.floor(to / n) % nEnergy;
          const from = [0, 1].filter((one) => nBand === 1 || one === b).flatMap((one) =>
            [0, 1, 2, 3].filter((two) => nEnergy === 1 || two === e).map((two) =>
              (one * 4 + two) * n + to % n
            )
          ).filter((at) => use[at] === 1);
          expected.push(METHODS[how](from.map((at) => v[at]!)));
          squares.push(
            from.reduce((sum, at) => sum + s[at]!, 0) / (how === "mean" ? from.length ** 2 : 1),
          );
          flags.push(+(from.length > 0));
        }
        ok(apart(cells(found).v, expected) < 1e-12);
        if (valid) deepStrictEqual(cells(found).ok, flags);
        else strictEqual(found.valid, undefined);
        if (how === "sum" || how === "mean") {
          const known = cells(found).s, where = flags.flatMap((one, i) => one === 1 ? [i] : []);
          ok(apart(where.map((i) => known[i]!), where.map((i) => squares[i]!)) < 1e-12);
        } else strictEqual(found.variance, undefined);
        deepStrictEqual(numbers(keep.values), numbers(found.values));
        strictEqual(keep.axes.length, 2);
        strictEqual(found.unit, "s");
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("sums over the axis along which a region changes are on the union of its regions", () => {
  const geom = GEOMS["region along energy"]!, map = noiseMap(geom, { axes: [ENERGY] });
  const image = toImage(map), squashed = sumOverAxes(map, { keepAxes: true });
  ok(image.geom.kind === "region-geom" && squashed.geom.kind === "region-geom");
  strictEqual(image.geom.along, undefined);
  strictEqual(image.geom.region.kind, "compound");
  deepStrictEqual(squashed.geom.key, image.geom.key);
  const same = noiseMap(geom, { axes: [ENERGY] });
  const one = sumOverAxes(sliceMap(same, { energy: [1, 2] }));
  ok(one.geom.kind === "region-geom" && one.geom.region.kind === "circle");
  strictEqual(one.geom.region.radiusDeg, 0.3);
});

Deno.test("reduceOverAxes() refuses axes that are not there, and reduces views as what they show", () => {
  const map = noiseMap(GEOMS["wcs"]!);
  throws(() => sumOverAxes(map, { axes: ["time"] }), /No axis "time": there are band, energy/);
  const part = sliceMap(map, { band: 1, energy: [1, 3] });
  const { v, ok: use } = cells(part), n = v.length / 2;
  const expected = Array.from({ length: n }, (_, i) => v[i]! * use[i]! + v[n + i]! * use[n + i]!);
  ok(apart(numbers(toImage(part).values), expected) < 1e-15);
});

Deno.test("cumsumMap() ends with the sum, stands at upper edges, and leaves invalid values out", () => {
  fc.assert(fc.property(anyGeom, fc.nat(20), (geom, seed) => {
    const map = noiseMap(geom, { seed }), run = cumsumMap(map, { axis: "energy" });
    const last = sliceMap(run, { energy: 3 });
    const sum = sumOverAxes(map, { axes: ["energy"] });
    ok(apart(numbers(last.values), numbers(sum.values)) < 1e-14);
    ok(apart(numbers(last.variance), numbers(sum.variance)) < 1e-14);
    deepStrictEqual(cells(last).ok, cells(sum).ok);
    const axis = run.axes[1]!;
    ok(axis.kind === "map-axis");
    deepStrictEqual([...axis.centers], [2, 5, 10, 30]);
  }));
  throws(() => cumsumMap(noiseMap(NO_SKY), { axis: "band" }), /label-axis/);
});

Deno.test("normalizeMap() makes what is valid add up to 1 along an axis or over all", () => {
  fc.assert(fc.property(anyGeom, fc.nat(20), fc.boolean(), (geom, seed, valid) => {
    const map = noiseMap(geom, { seed, valid });
    for (
      const sum of cells(sumOverAxes(normalizeMap(map, { axis: "energy" }), { axes: ["energy"] })).v
    ) {
      ok(sum === 0 || Math.abs(sum - 1) < 1e-12 || Number.isNaN(sum));
    }
    const { v, s, ok: use } = cells(normalizeMap(map)), before = cells(map);
    ok(Math.abs(v.reduce((sum, one, i) => sum + one * use[i]!, 0) - 1) < 1e-12);
    const scale = v[0]! / before.v[0]!;
    ok(Math.abs(s[0]! - before.s[0]! * scale * scale) < 1e-12);
  }));
});

Deno.test("integrateMap() of a density is Σ f Δx within the bounds, exactly for parts of bins", () => {
  const axis = createMapAxis("energy", [1, 2, 5, 10], { unit: "TeV" });
  const map = createSkyMap(NO_SKY, {
    axes: [axis],
    data: Float64Array.of(4, 1, 2),
    unit: "TeV-1",
    variance: 1,
  });
  const all = integrateMap(map, { axis: "energy" });
  strictEqual(all.values.get(), 4 + 3 + 10);
  strictEqual(all.variance?.get(), 1 + 9 + 25);
  strictEqual(all.unit, "");
  strictEqual(integrateMap(map, { axis: "energy", bounds: [1.5, 6] }).values.get(), 2 + 3 + 2);
  const bins = createMapAxis("energy", [1, 1.5, 6], { unit: "TeV" });
  deepStrictEqual(numbers(integrateMap(map, { axis: "energy", bins }).values), [2, 7]);
  throws(() => integrateMap(map, { axis: "energy", bounds: [0.5, 2] }), /within 1 to 10 TeV/);
  throws(() => integrateMap(map, { axis: "energy", bounds: [1, 2], bins }), TypeError);
});

Deno.test("integrateMap() of power laws is exact for power laws of any index, on any bounds", () => {
  const centers = logEdges({ low: 0.1, high: 100, nBins: 12 });
  const axis = createMapAxis("energy", centers, { unit: "TeV", interp: "log", nodes: "centers" });
  const index = fc.oneof(fc.double({ min: -5, max: 3, noNaN: true }), fc.constant(-1));
  const inside = fc.double({ min: 0.1, max: 100, noNaN: true });
  fc.assert(fc.property(index, inside, inside, (gamma, a, b) => {
    fc.pre(Math.abs(a / b - 1) > 1e-6);
    const map = createSkyMap(NO_SKY, {
      axes: [axis],
      data: Float64Array.from(centers, (x) => x ** gamma),
    });
    const bounds = [Math.min(a, b), Math.max(a, b)] as const, [low, high] = bounds;
    const found = integrateMap(map, { axis: "energy", bounds, method: "loglog" }).values.get();
    const log = Math.log(high / low), power = gamma + 1;
    const exact = Math.abs(power * log) < 1e-12
      ? log * low ** power
      : low ** power * Math.expm1(power * log) / power;
    ok(Math.abs(found / exact - 1) < 1e-9, `${found} ${exact}`);
  }));
  // where one of two values is 0 the density is a straight line there
  const zero = createMapAxis("energy", [1, 3], { nodes: "centers" });
  const map = createSkyMap(NO_SKY, { axes: [zero], data: Float64Array.of(4, 0) });
  const line = integrateMap(map, { axis: "energy", bounds: [1, 3], method: "loglog" });
  strictEqual(line.values.get(), 4);
});

Deno.test("integrals and folds with a part of an invalid value are invalid; weight 0 is no part", () => {
  const data = Float64Array.of(1, NaN, 3, 4), valid = ndarray(Uint8Array.of(1, 0, 1, 1), [4]);
  const map = createSkyMap(NO_SKY, { axes: [ENERGY], data, valid });
  const invalid = cells(map).ok.indexOf(0), edges = (ENERGY as { edges: Float64Array }).edges;
  const bounds = [edges[invalid]!, edges[invalid + 1]!] as const;
  strictEqual(integrateMap(map, { axis: "energy", bounds }).valid?.get(), 0);
  const other = cells(map).ok.indexOf(1);
  const good = [edges[other]!, edges[other + 1]!] as const;
  strictEqual(integrateMap(map, { axis: "energy", bounds: good }).valid?.get(), 1);
});

Deno.test("dotMap() is the matrix product along the axis, for kernels in both orders, on every geometry", () => {
  const reco = createMapAxis("energy_reco", [1, 3, 30], { unit: "TeV", interp: "log" });
  const kernel = createSkyMap(NO_SKY, {
    axes: [ENERGY, reco],
    data: Float64Array.from({ length: 8 }, (_, i) => (i % 3) / 2),
    unit: "cm2",
  });
  const turned = createSkyMap(NO_SKY, {
    axes: [reco, ENERGY],
    data: Float64Array.from({ length: 8 }, (_, i) => kernel.values.get(i % 4, Math.floor(i / 4))),
    unit: "cm2",
  });
  for (const [name, geom] of Object.entries(GEOMS)) {
    if (name === "region along energy") continue;
    const map = noiseMap(geom, { valid: false }), { v, s } = cells(map), n = v.length / 8;
    const sum = (list: readonly number[], power: number) =>
      Array.from({ length: 2 * 2 * n }, (_, to) => {
        const b = Math.floor(to / (2 * n)), j = Math.floor(to / n) % 2;
        return [0, 1, 2, 3].reduce(
          (total, i) => total + kernel.values.get(i, j) ** power * list[(b * 4 + i) * n + to % n]!,
          0,
        );
      });
    for (const one of [kernel, turned]) {
      const found = dotMap(map, one);
      ok(apart(numbers(found.values), sum(v, 1)) < 1e-14);
      ok(apart(numbers(found.variance), sum(s, 2)) < 1e-14);
      strictEqual(unitFactor(found.unit!, "cm2 s"), 1);
      ok(axisEquals(found.axes[1]!, reco));
    }
  }
  const other = createMapAxis("energy", [1, 2, 5, 10, 31], { unit: "TeV", interp: "log" });
  const wrong = createSkyMap(NO_SKY, { axes: [other, reco] });
  throws(() => dotMap(noiseMap(NO_SKY), wrong), /other bins/);
  throws(() => dotMap(noiseMap(NO_SKY), noiseMap(NO_SKY)), TypeError);
  const along = noiseMap(GEOMS["region along energy"]!);
  throws(() => dotMap(along, kernel), /changes along/);
});

Deno.test("axes of times are summed as any other", () => {
  const epoch = { mjdDay: 58849, dayS: 0, scale: "TT" };
  const time = createTimeAxis({ epoch, startS: [0, 100], stopS: [50, 200] });
  const map = createSkyMap(NO_SKY, { axes: [time], data: Float64Array.of(2, 3) });
  const one = sumOverAxes(map, { keepAxes: true });
  strictEqual(one.values.get(0), 5);
  ok(one.axes[0]?.kind === "time-axis" && one.axes[0].stopS[0] === 200);
});
