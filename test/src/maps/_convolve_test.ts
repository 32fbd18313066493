import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  convolve,
  convolveSeparable,
  convolveValid,
  prepareKernel,
} from "../../../src/maps/_convolve.ts";
import { outerKernel } from "../../../src/maps/_smooth_kernels.ts";
import type { RealImage } from "../../../src/numeric/mod.ts";
import { anyImage, distance, imageOf, largest, total, uniform } from "./_images.ts";

/** The definition. */
function byDefinition(kernel: RealImage, image: RealImage): Float64Array {
  const { nx, ny } = image, out = new Float64Array(nx * ny);
  const cx = Math.floor(kernel.nx / 2), cy = Math.floor(kernel.ny / 2);
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      for (let j = 0; j < kernel.ny; j++) {
        for (let i = 0; i < kernel.nx; i++) {
          const fx = x - i + cx, fy = y - j + cy, w = kernel.data[j * kernel.nx + i]!;
          if (fx < 0 || fx >= nx || fy < 0 || fy >= ny || w === 0) continue;
          const one = image.data[fy * nx + fx]!;
          out[y * nx + x]! += w * (Number.isFinite(one) ? one : NaN);
        }
      }
    }
  }
  return out;
}

const sparse = (image: RealImage): RealImage => ({
  ...image,
  data: image.data.map((one) => Math.abs(one) < 0.4 ? 0 : one),
});

Deno.test("convolve() is its definition by either method, for kernels larger than the image too", () => {
  fc.assert(fc.property(anyImage(), anyImage({ max: 30 }).map(sparse), (image, kernel) => {
    const expected = byDefinition(kernel, image);
    const limit = 1e-15 * 20 * (largest(kernel.data) * kernel.data.length + 1e-300);
    for (const method of ["direct", "fft", undefined] as const) {
      const size = { nx: image.nx, ny: image.ny, ...(method === undefined ? {} : { method }) };
      const found = convolve(prepareKernel(kernel, size), image);
      ok(distance(found, expected) <= limit, `${method}: ${distance(found, expected)}`);
    }
  }));
});

Deno.test("convolve() with a single 1 at the centre leaves the image; shifted it shifts", () => {
  const image = fc.sample(imageOf(7, 5), 1)[0]!;
  for (const [nx, ny] of [[1, 1], [2, 2], [3, 4], [5, 5]] as const) {
    const data = new Float64Array(nx * ny);
    data[Math.floor(ny / 2) * nx + Math.floor(nx / 2)] = 1;
    const kernel = prepareKernel({ data, nx, ny }, { nx: 7, ny: 5, method: "direct" });
    deepStrictEqual(convolve(kernel, image), image.data.map((one) => one + 0));
  }
  const right = prepareKernel({ data: Float64Array.of(0, 0, 1), nx: 3, ny: 1 }, image);
  deepStrictEqual(convolve(right, image)[3], image.data[2]! + 0);
  deepStrictEqual(convolve(right, image)[7], 0);
});

Deno.test("convolve() by transforms agrees with the direct sum to 1e-12 of the largest value", () => {
  const random = uniform(3),
    make = (nx: number, ny: number): RealImage => ({
      data: Float64Array.from({ length: nx * ny }, random),
      nx,
      ny,
    });
  const image = make(150, 97), kernel = make(41, 31);
  const fft = convolve(prepareKernel(kernel, { nx: 150, ny: 97, method: "fft" }), image);
  const direct = convolve(prepareKernel(kernel, { nx: 150, ny: 97, method: "direct" }), image);
  ok(distance(fft, direct) <= 1e-13 * largest(direct));
});

Deno.test("convolve() carries NaN as far as the kernel reaches, the same by both methods", () => {
  const bad = fc.array(fc.tuple(fc.nat(), fc.constantFrom(NaN, Infinity, -Infinity)), {
    maxLength: 4,
  });
  fc.assert(fc.property(anyImage(), anyImage({ max: 6 }).map(sparse), bad, (clean, kernel, bad) => {
    const image = { ...clean, data: clean.data.slice() };
    for (const [at, value] of bad) image.data[at % image.data.length] = value;
    const expected = byDefinition(kernel, image), before = image.data.slice();
    for (const method of ["direct", "fft"] as const) {
      const prepared = prepareKernel(kernel, { nx: image.nx, ny: image.ny, method });
      ok(distance(convolve(prepared, image), expected) <= 1e-13);
    }
    deepStrictEqual(image.data, before);
  }));
});

Deno.test("convolve() is linear and one prepared kernel serves many planes", () => {
  const many = fc.tuple(imageOf(9, 8), imageOf(9, 8), imageOf(7, 7));
  fc.assert(fc.property(many, ([a, b, kernel]) => {
    const prepared = prepareKernel(kernel, { nx: 9, ny: 8, method: "fft" });
    const first = convolve(prepared, a), out = new Float64Array(72).fill(5);
    convolve(prepared, b, out);
    const both = { ...a, data: a.data.map((one, i) => one + 2 * b.data[i]!) };
    const sum = convolve(prepared, both);
    ok(distance(sum, first.map((one, i) => one + 2 * out[i]!)) <= 1e-13);
  }));
});

Deno.test("convolveValid() is the mean of valid pixels: a constant stays, whatever is invalid", () => {
  const kernel = { data: new Float64Array(49).map((_, i) => 1 + i % 3), nx: 7, ny: 7 };
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 90, maxLength: 90 }), (flags) => {
      const valid = Uint8Array.from(flags, Number);
      const data = Float64Array.from(flags, (one) => one ? 3 : NaN),
        image = { data, nx: 10, ny: 9 };
      for (const method of ["direct", "fft"] as const) {
        const found = convolveValid(prepareKernel(kernel, { nx: 10, ny: 9, method }), image, valid);
        const near = convolve(
          prepareKernel({ ...kernel, data: kernel.data.map(() => 1) }, { nx: 10, ny: 9 }),
          { ...image, data: Float64Array.from(valid) },
        );
        found.forEach((one, i) => {
          if (near[i]! > 0.5) ok(Math.abs(one - 3) < 1e-12);
          else ok(Number.isNaN(one));
        });
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("convolveSeparable() is convolve() with the product of the two kernels", () => {
  const taps = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 9,
  }).map((list) => Float64Array.from(list));
  fc.assert(fc.property(anyImage(), taps, taps, (image, x, y) => {
    const kernel = prepareKernel(outerKernel(x, y), { ...image, method: "direct" });
    ok(distance(convolveSeparable(image, { x, y }), convolve(kernel, image)) <= 1e-13);
    const even = {
      x: Float64Array.of(1, 2, 1),
      y: Float64Array.of(3, 1, 3),
      outside: "reflect",
    } as const;
    const sum = total(convolveSeparable(image, even));
    ok(Math.abs(sum - 28 * total(image.data)) <= 1e-11);
  }));
});

Deno.test("convolve() refuses other sizes, prepareKernel() kernels that are not finite", () => {
  const image = { data: new Float64Array(6), nx: 3, ny: 2 };
  const kernel = prepareKernel({ data: Float64Array.of(1), nx: 1, ny: 1 }, { nx: 2, ny: 3 });
  throws(() => convolve(kernel, image), TypeError);
  throws(() => prepareKernel({ data: Float64Array.of(NaN), nx: 1, ny: 1 }, image), RangeError);
  throws(() => prepareKernel({ data: Float64Array.of(1), nx: 2, ny: 1 }, image), TypeError);
  throws(() => convolveValid(kernel, { ...image, nx: 2, ny: 3 }, new Uint8Array(5)), TypeError);
});
