import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  add,
  blockReduce,
  blockReplicate,
  combineMeta,
  createBitPlanes,
  createLabelAxis,
  createMapAxis,
  createMeta,
  createNDArr,
  createNDData,
  cutout,
  dataPixelToWorld,
  dataWorldToPixel,
  EMPTY_META,
  type Meta,
  type NDArrOptions,
  sliceData,
  validOf,
} from "../../../src/nddata/mod.ts";

const wcs = {
  nPixelAxes: 2,
  key: "plane",
  pixelToWorld: ([y, x]: readonly number[]) => [100 - 0.5 * x!, 20 + 0.5 * y!],
  worldToPixel: ([lon, lat]: readonly number[]) => [(lat! - 20) / 0.5, (100 - lon!) / 0.5],
};
const energy = createMapAxis("energy", [1, 2, 4], { unit: "TeV", interp: "log" });
const image = (ny: number, nx: number, options: NDArrOptions = {}) =>
  createNDData(
    createNDArr(
      ndarray(Float64Array.from({ length: ny * nx }, (_, i) => i), [ny, nx]),
      { unit: "", ...options },
    ),
    { wcs },
  );
const cube = createNDData(
  createNDArr(ndarray(Float64Array.from({ length: 24 }, (_, i) => i), [2, 3, 4])),
  { axes: [energy], wcs },
);

Deno.test("createNDData() wants the array's shape to be that of axes and pixels", () => {
  throws(() => createNDData(cube, { axes: [energy] }), /expected that of its axes \(energy 2\)/);
  const arr = createNDArr(ndarray(new Float64Array(4), [2, 2]));
  throws(() => createNDData(arr, { axes: [energy, energy] }), /two axes named "energy"/);
});

Deno.test("slices cut axes along, move the origin, and leave the world as it is", () => {
  const part = sliceData(cube, [1, [1, 3], [2, 4]]);
  deepStrictEqual(part.values.shape, [2, 2]);
  strictEqual(part.values.get(0, 0), cube.values.get(1, 1, 2));
  strictEqual(part.wcs, cube.wcs);
  deepStrictEqual(part.axes, []);
  deepStrictEqual(dataPixelToWorld(part, [0, 0]), dataPixelToWorld(cube, [1, 2]));
  deepStrictEqual(dataWorldToPixel(part, dataPixelToWorld(part, [1, 1])), [1, 1]);
  throws(() => sliceData(cube, [0, 0]), /pixel axis/);
  throws(() => add(cube, sliceData(cube, [[0, 1]])), /shapes/);
  const other = createNDData(cube, { axes: [createMapAxis("energy", [1, 3, 4])], wcs });
  throws(() => add(cube, other), /different axes or pixels/);
});

Deno.test("cutout() trims, fills or refuses where its box reaches outside", () => {
  const data = image(3, 4, { variance: 1 });
  const center = dataPixelToWorld(data, [0, 3]);
  const trimmed = cutout(data, { center, size: [3, 3] });
  deepStrictEqual(trimmed.values.shape, [2, 2]);
  const partial = cutout(data, { center, size: [3, 3], mode: "partial" });
  deepStrictEqual(partial.values.shape, [3, 3]);
  strictEqual(partial.values.get(1, 1), 3);
  ok(Number.isNaN(partial.values.get(0, 0)) && Number.isNaN(partial.variance!.get(2, 2)));
  deepStrictEqual([partial.valid!.get(1, 1), partial.valid!.get(0, 1)], [1, 0]);
  deepStrictEqual(dataPixelToWorld(partial, [1, 1]), center);
  throws(() => cutout(data, { center, size: [3, 3], mode: "strict" }), /from -1 to 2/);
  throws(() => cutout(data, { box: [[5, 6], [0, 1]] }), /nothing in common/);
  throws(() => cutout(data, { box: [[0, 1]] }), TypeError);
  throws(() => cutout(data, {}), /either a box/);
  const planes = createBitPlanes({ hot: ndarray(new Uint8Array(12), [3, 4]) });
  const flagged = cutout(image(3, 4, { planes }), { center, size: [3, 3], mode: "partial" });
  strictEqual(validOf(flagged)!.get(0, 0), 0);
  strictEqual(validOf(flagged)!.get(1, 1), 1);
});

Deno.test("blockReduce() sums what is valid, blockReplicate() spreads it again", () => {
  const valid = ndarray(Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 0), [2, 4]);
  const data = image(2, 4, { variance: 1, valid });
  const sums = blockReduce(data, [2, 2]), means = blockReduce(data, [2, 2], { method: "mean" });
  deepStrictEqual([sums.values.get(0, 0), sums.variance!.get(0, 0)], [0 + 1 + 4, 3]);
  ok(Math.abs(means.values.get(0, 0) - 5 / 3) < 1e-12);
  ok(Math.abs(means.variance!.get(0, 0) - 1 / 3) < 1e-12);
  deepStrictEqual([sums.valid!.get(0, 0), sums.valid!.get(0, 1)], [1, 0]);
  deepStrictEqual(dataPixelToWorld(sums, [0, 0]), dataPixelToWorld(data, [0.5, 0.5]));
  const back = blockReplicate(sums, [2, 2]);
  ok(Math.abs(back.values.get(1, 1) - 5 / 4) < 1e-12);
  deepStrictEqual(dataPixelToWorld(back, [0, 0]), dataPixelToWorld(data, [0, 0]));
  throws(() => blockReduce(data, [2, 3]), /4 values are no multiple of 3/);
  throws(() => blockReduce(data, [2]), TypeError);
  const labels = createNDData(createNDArr(ndarray(new Float64Array(2), [2])), {
    axes: [createLabelAxis("type", ["a", "b"])],
  });
  throws(() => blockReduce(labels, [2]), /cannot be joined/);
});

Deno.test("blocks keep the sum, whatever their size", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    (ny, nx, factor) => {
      const data = image(ny, nx),
        total = (d: typeof data) => (d.values.data as Float64Array).reduce((a, b) => a + b, 0);
      const fine = blockReplicate(data, [factor, factor]);
      ok(Math.abs(total(fine) - total(data)) < 1e-9);
      const again = blockReduce(fine, [factor, factor]).values.data as Float64Array;
      again.forEach((value, i) => ok(Math.abs(value - i) < 1e-9));
    },
  ));
});

const metaArbitrary: fc.Arbitrary<Meta> = fc.record({
  creation: fc.option(fc.record({ creator: fc.constantFrom("a", "b") }), { nil: undefined }),
  observations: fc.array(
    fc.record({ obsId: fc.constantFrom("1", "2", "3"), telescope: fc.constantFrom("X", "Y") }),
    { maxLength: 3 },
  ),
  targets: fc.array(fc.record({ name: fc.constantFrom("Crab", "Vela") }), { maxLength: 2 }),
  provenance: fc.constant([]),
  extra: fc.dictionary(fc.constantFrom("zenith", "run"), fc.integer({ min: 0, max: 2 })),
}).map((value) => createMeta(JSON.parse(JSON.stringify(value))));

Deno.test("combineMeta() does not depend on order or grouping, and loses nothing", () => {
  fc.assert(fc.property(metaArbitrary, metaArbitrary, metaArbitrary, (a, b, c) => {
    const whole = combineMeta([a, b, c]);
    deepStrictEqual(combineMeta([c, a, b]), whole);
    deepStrictEqual(combineMeta([combineMeta([a, b]), c]), whole);
    deepStrictEqual(combineMeta([a, combineMeta([b, c])]), whole);
    const text = JSON.stringify(whole);
    for (const part of [a, b, c]) {
      for (const one of part.observations) ok(text.includes(JSON.stringify(one)));
      for (const one of part.targets) ok(text.includes(JSON.stringify(one)));
      for (const [name, value] of Object.entries(part.extra)) {
        const kept = whole.extra[name] === value ||
          (whole.extra.combined as Record<string, unknown[]>)[name]!.includes(value);
        ok(kept, `${name} ${value} is lost`);
      }
    }
  }));
  deepStrictEqual(combineMeta([]).observations, EMPTY_META.observations);
});

Deno.test("createMeta() names what is wrong", () => {
  throws(() => createMeta({ observations: [{ obsId: 5 }] }), /obsId/);
  throws(() => createMeta({ creation: { creator: "x", date: "yesterday" } }), /date/);
  throws(() => createMeta({ colour: "red" }), /colour/);
  ok(Object.isFrozen(createMeta({}).extra));
});
