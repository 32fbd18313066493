import assert from "node:assert/strict";
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import fc from "fast-check";
import { card, encodeFits, memorySource, openFits } from "../../../src/fits/mod.ts";
import {
  createImage,
  createSkyMap,
  createWcsGeom,
  ndDataHdus,
  readNDArr,
  readNDData,
} from "../../../src/maps/mod.ts";
import {
  createBitPlanes,
  createMapAxis,
  createMeta,
  createNDArr,
  createNDData,
  type NDArr,
  sliceArray,
  sliceData,
} from "../../../src/nddata/mod.ts";
import { anyAxes, NUMBERS } from "./formats/_arbitrary_maps.ts";

async function arrBack(arr: NDArr): Promise<NDArr> {
  using fits = await openFits(memorySource(encodeFits(ndDataHdus(arr))));
  return await readNDArr(fits);
}

Deno.test("ndDataHdus() is read back to the last bit: axes, types, unit, uncertainty", async () => {
  const cases = fc.record({
    axes: anyAxes,
    type: fc.constantFrom(...Object.keys(NUMBERS)),
    unit: fc.constantFrom(undefined, "", "TeV"),
    seed: fc.nat(1000),
    isUncertain: fc.boolean(),
    isFlagged: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ axes, type, unit, seed, isUncertain, isFlagged }) => {
      const shape = axes.map((axis) => axis.nBins), n = shape.reduce((a, b) => a * b, 1);
      const variance = Float64Array.from({ length: n }, (_, i) => i + seed / 7);
      const valid = Uint8Array.from({ length: n }, (_, i) => (i + seed) % 2);
      const arr = createNDArr(ndarray(NUMBERS[type]!(n, seed), shape), {
        unit,
        variance: isUncertain ? ndarray(variance, shape) : undefined,
        valid: isFlagged ? ndarray(valid, shape) : undefined,
      });
      const data = createNDData(arr, { axes, meta: createMeta({ extra: { seed } }) });
      using fits = await openFits(memorySource(encodeFits(ndDataHdus(data, { name: "RATE" }))));
      const found = await readNDData(fits, { hdu: "RATE" });
      assert.equal(found.coordinatesKey, data.coordinatesKey);
      assert.deepEqual(found.values, data.values);
      assert.equal(found.unit, unit);
      assert.deepEqual(found.variance, data.variance);
      assert.deepEqual(found.valid, data.valid);
      assert.deepEqual(found.meta, data.meta);
    }),
    { numRuns: 150 },
  );
});

Deno.test("ndDataHdus() writes the uncertainty as what is asked for", async () => {
  const arr = createNDArr(ndarray(Float32Array.of(3, 5), [2]), {
    unit: "TeV",
    variance: ndarray(Float64Array.of(4, 16), [2]),
  });
  const names = { std: "DATA_STD", variance: "DATA_VARIANCE", "inverse-variance": "DATA_IVAR" };
  const units = { std: "TeV", variance: "TeV2", "inverse-variance": "TeV-2" };
  for (const kind of ["std", "variance", "inverse-variance"] as const) {
    const bytes = encodeFits(ndDataHdus(arr, { uncertainty: kind }));
    using fits = await openFits(memorySource(bytes));
    const hdu = await fits.hdu(names[kind]);
    assert.equal(hdu.header.cards.find((one) => one.keyword === "BUNIT")?.value, units[kind]);
    assert.deepEqual((await readNDArr(fits)).variance, arr.variance);
  }
});

Deno.test("ndDataHdus() keeps 40 bit planes, their names and which of them count", async () => {
  const flags = Object.fromEntries(
    Array.from(
      { length: 40 },
      (_, i) => [`bit ${i} °`, ndarray(Uint8Array.of(i % 2, +(i === 39)), [2])],
    ),
  );
  const planes = createBitPlanes(flags, { selected: ["bit 39 °", "bit 2 °"] });
  const arr = createNDArr(ndarray(Float64Array.of(1, 2), [2]), { planes });
  assert.deepEqual((await arrBack(arr)).planes, planes);
});

Deno.test("ndDataHdus() keeps the place of a cut array in its parent", async () => {
  const whole = createNDData(createNDArr(ndarray(new Float64Array(24), [2, 3, 4])), {
    axes: [],
    wcs: {
      nPixelAxes: 3,
      key: "pixels",
      pixelToWorld: (pixel) => pixel,
      worldToPixel: (world) => world,
    },
  });
  assert.throws(() => ndDataHdus(whole), /use mapHdus/);
  const arr = createNDArr(ndarray(new Float64Array(24), [2, 3, 4]));
  const cut = sliceArray(arr, [1, [1, 3], [0, 2]]), found = await arrBack(cut);
  assert.deepEqual(found.place, cut.place);
  assert.deepEqual(found.values.shape, [2, 2]);
});

Deno.test("ndDataHdus() writes a part of data as the part", async () => {
  const x = createMapAxis("x", [0, 1, 2, 3]);
  const data = createNDData(createNDArr(ndarray(Float64Array.of(1, 2, 3), [3])), { axes: [x] });
  const part = sliceData(data, [[1, 3]]);
  using fits = await openFits(memorySource(encodeFits(ndDataHdus(part))));
  const found = await readNDData(fits);
  assert.deepEqual([found.values.get(0), found.values.get(1)], [2, 3]);
  assert.equal(found.coordinatesKey, part.coordinatesKey);
  assert.deepEqual(found.place, part.place);
});

Deno.test("readNDData() names what does not fit", async () => {
  const arr = createNDArr(ndarray(new Float64Array(4), [2, 2]), { variance: 1 });
  const hdus = ndDataHdus(arr);
  const cases: readonly [typeof hdus, RegExp][] = [
    [
      [{ kind: "image", data: new Uint8Array(1) }],
      /found no array: expected an image with GRXFORM/,
    ],
    [
      [{ ...hdus[0]!, header: [...hdus[0]!.header!, card("PLACE", '{"shape":[9]}')] }],
      /HDU 0, PLACE: found .*expected a list "start"/,
    ],
    [
      [{
        ...hdus[0]!,
        header: [
          ...hdus[0]!.header!,
          card("PLACE", '{"shape":[9,9],"start":[0,0],"stop":[3,2],"axes":[0,1]}'),
        ],
      }],
      /HDU 0, PLACE: .*expected a box of the array's shape/,
    ],
    [
      [hdus[0]!, { ...hdus[1]!, data: new Float64Array(2), shape: [2] } as typeof hdus[number]],
      /HDU 0, VARIANCE: .*shape/,
    ],
    [
      [hdus[0]!, { ...hdus[1]!, data: new Float64Array(4).fill(-1) } as typeof hdus[number]],
      /HDU 0, VARIANCE: .*variance/i,
    ],
  ];
  for (const [list, message] of cases) {
    using fits = await openFits(memorySource(encodeFits(list)));
    await assert.rejects(readNDArr(fits), message);
  }
});

Deno.test("createImage() is a map of one plane whose unit is always said", () => {
  const geom = createWcsGeom({ npix: [3, 2], proj: "TAN" });
  const image = createImage(geom, { unit: "", data: new Float32Array(6) });
  assert.deepEqual([image.unit, image.axes.length, image.values.shape], ["", 0, [2, 3]]);
  assert.equal(image.coordinatesKey, createSkyMap(geom).coordinatesKey);
  assert.throws(() => createImage(geom, {} as { unit: string }), /An image needs its unit/);
});
