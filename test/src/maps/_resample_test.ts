import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  cropImage,
  downsampleImage,
  padImage,
  upsampleImage,
} from "../../../src/maps/_resample.ts";
import { anyImage, distance, total } from "./_images.ts";

const factor = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));

Deno.test("downsampleImage() undoes upsampleImage(), by sums of counts and by means", () => {
  fc.assert(fc.property(anyImage(), factor, (image, factor) => {
    const counts = upsampleImage(image, { factor, order: 0, preserveCounts: true });
    ok(distance(downsampleImage(counts, { factor, reduce: "sum" }).data, image.data) <= 1e-15);
    const values = upsampleImage(image, { factor, order: 0 });
    ok(distance(downsampleImage(values, { factor, reduce: "mean" }).data, image.data) <= 1e-15);
    ok(Math.abs(total(counts.data) - total(image.data)) <= 1e-12);
  }));
});

Deno.test("upsampleImage() of order 1 is exact for planes away from the edge, constant beyond", () => {
  const nx = 5, ny = 4, data = new Float64Array(20);
  for (let i = 0; i < 20; i++) data[i] = 1 + 2 * (i % nx) - 3 * Math.floor(i / nx);
  const found = upsampleImage({ data, nx, ny }, { factor: [3, 2], order: 1 });
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 15; x++) {
      const X = Math.min(4, Math.max(0, (x - 1) / 3)), Y = Math.min(3, Math.max(0, (y - 0.5) / 2));
      ok(Math.abs(found.data[y * 15 + x]! - (1 + 2 * X - 3 * Y)) < 1e-13);
    }
  }
});

Deno.test("upsampleImage() of order 1 keeps NaN to the pixels that it borders", () => {
  const image = { data: Float64Array.of(1, NaN, 3, 4), nx: 4, ny: 1 };
  const { data } = upsampleImage(image, { factor: [2, 1], order: 1 });
  deepStrictEqual([...data].map(Number.isNaN), [
    false,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("downsampleImage() leaves out what is not valid, and NaN of means", () => {
  const image = { data: Float64Array.of(1, NaN, 3, 4, NaN, NaN), nx: 6, ny: 1 };
  const factor = [2, 1] as const;
  deepStrictEqual([...downsampleImage(image, { factor, reduce: "mean" }).data], [1, 3.5, NaN]);
  deepStrictEqual([...downsampleImage(image, { factor, reduce: "sum" }).data], [NaN, 7, NaN]);
  const valid = Uint8Array.of(1, 0, 0, 1, 0, 0);
  deepStrictEqual([...downsampleImage(image, { factor, reduce: "sum", valid }).data], [1, 4, 0]);
  deepStrictEqual([...downsampleImage(image, { factor, reduce: "mean", valid }).data], [1, 4, NaN]);
  throws(() => downsampleImage(image, { factor: 4, reduce: "sum" }), /multiples of the factors/);
  throws(() => downsampleImage(image, { factor: 0.5, reduce: "sum" }), RangeError);
});

Deno.test("cropImage() undoes padImage(), which repeats, mirrors or fills", () => {
  const widths = fc.tuple(fc.nat(30), fc.nat(30));
  const mode = fc.constantFrom("constant", "edge", "reflect" as const);
  fc.assert(fc.property(anyImage(), widths, widths, mode, (image, x, y, mode) => {
    const padded = padImage(image, { x, y, mode });
    const back = cropImage(padded, { x: x[0], y: y[0], nx: image.nx, ny: image.ny });
    deepStrictEqual(back, image);
  }));
  const row = { data: Float64Array.of(1, 2, 3), nx: 3, ny: 1 }, x = [4, 2] as const;
  const padded = (
    mode: "constant" | "edge" | "reflect",
  ) => [...padImage(row, { x, y: [0, 0], mode, value: 9 }).data];
  deepStrictEqual(padded("constant"), [9, 9, 9, 9, 1, 2, 3, 9, 9]);
  deepStrictEqual(padded("edge"), [1, 1, 1, 1, 1, 2, 3, 3, 3]);
  deepStrictEqual(padded("reflect"), [3, 3, 2, 1, 1, 2, 3, 3, 2]);
  throws(() => padImage(row, { x: [-1, 0], y: [0, 0], mode: "edge" }), RangeError);
  throws(() => cropImage(row, { x: 1, y: 0, nx: 3, ny: 1 }), RangeError);
});
