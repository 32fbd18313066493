import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  convolveMap,
  createSkyMap,
  createWcsGeom,
  type ImageKernel,
  imageKernel,
  smoothMap,
  type WcsGeom,
} from "../../../src/maps/mod.ts";
import { createMapAxis } from "../../../src/nddata/mod.ts";
import { apart, BAND, cells, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const geom = createWcsGeom({
  skydir: { lonDeg: 83.6, latDeg: 22 },
  proj: "TAN",
  binszDeg: 0.1,
  npix: [11, 9],
});
const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

/** Σ K v I over the plane of n values, by its definition. */
function byHand(
  values: number[],
  use: number[],
  kernel: ImageKernel,
  change = (k: number) => k,
): number[] {
  const { nx, ny, data } = kernel, cx = Math.floor(nx / 2), cy = Math.floor(ny / 2);
  return values.map((_, at) => {
    const x = at % 11, y = Math.floor(at / 11);
    let sum = 0;
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const fx = x - i + cx, fy = y - j + cy;
        if (fx < 0 || fx >= 11 || fy < 0 || fy >= 9 || use[fy * 11 + fx] === 0) continue;
        sum += change(data[j * nx + i]!) * values[fy * 11 + fx]!;
      }
    }
    return sum;
  });
}

const anyKernel: fc.Arbitrary<ImageKernel> = fc.tuple(
  fc.integer({ min: 1, max: 13 }),
  fc.integer({ min: 1, max: 13 }),
  fc.nat(99),
).map(([nx, ny, seed]) => ({
  data: Float64Array.from({ length: nx * ny }, (_, i) => Math.abs(Math.sin(i + seed))),
  nx,
  ny,
}));

Deno.test("convolveMap() is Σ K v of what is valid, its variance Σ K² Var, whatever the size of the kernel", () => {
  fc.assert(fc.property(anyKernel, fc.nat(20), fc.boolean(), (kernel, seed, valid) => {
    const map = noiseMap(geom, { seed, valid, axes: [] }), { v, s, ok: use } = cells(map);
    const found = convolveMap(map, kernel), seen = byHand(v.map(() => 1), use, kernel);
    ok(apart(numbers(found.values), byHand(v, use, kernel)) < 1e-11);
    ok(apart(numbers(found.variance), byHand(s, use, kernel, (k) => k * k)) < 1e-11);
    if (valid) numbers(found.valid).forEach((one, i) => ok(one === +(seen[i]! > 1e-9)));
    else strictEqual(found.valid, undefined);
  }));
});

Deno.test("convolveMap() takes one kernel a bin, of the axes of the map or of axes of its own", () => {
  const map = noiseMap(geom, { valid: false }),
    small = createWcsGeom({ proj: "TAN", npix: 3, binszDeg: 0.1 });
  const psf = noiseMap(small, { axes: [ENERGY], valid: false, variance: false, seed: 9 });
  const found = convolveMap(map, createSkyMap(small, { axes: [ENERGY], data: psf.values }));
  const { v } = cells(map), kernels = numbers(psf.values);
  const kernelOf = (e: number) => ({
    data: Float64Array.from(kernels.slice(9 * e, 9 * e + 9)),
    nx: 3,
    ny: 3,
  });
  const all = v.slice(0, 99).map(() => 1), n = 99;
  for (let plane = 0; plane < 8; plane++) {
    const expected = byHand(v.slice(plane * n, (plane + 1) * n), all, kernelOf(plane % 4));
    ok(apart(numbers(found.values).slice(plane * n, (plane + 1) * n), expected) < 1e-12);
  }
  const image = noiseMap(geom, { axes: [], valid: false }), cube = convolveMap(image, psf);
  deepStrictEqual(cube.axes.map((one) => one.name), ["energy"]);
  strictEqual(cube.unit, "s2");
  const third = byHand(numbers(image.values), all, kernelOf(2));
  ok(apart(numbers(cube.values).slice(2 * n, 3 * n), third) < 1e-12);
  const bands = convolveMap(noiseMap(geom, { axes: [BAND], valid: false }), psf);
  deepStrictEqual(bands.axes.map((one) => one.name), ["energy", "band"]);
  const other = createMapAxis("energy", [1, 2, 5, 10, 31], { unit: "TeV", interp: "log" });
  throws(() => convolveMap(map, createSkyMap(small, { axes: [other] })), /other bins/);
});

Deno.test("smoothMap() keeps the sum and a constant map; of valid pixels it is their mean", () => {
  const options = fc.record({
    kernel: fc.constantFrom("gauss", "disk", "box" as const),
    widthPix: fc.double({ min: 1, max: 4, noNaN: true }),
  });
  fc.assert(fc.property(options, fc.nat(20), (how, seed) => {
    const map = noiseMap(geom, { axes: [ENERGY], seed, valid: false });
    const found = smoothMap(map, how), sum = total(numbers(map.values));
    if (!(how.kernel === "box" && Math.floor(how.widthPix) % 2 === 0)) {
      ok(Math.abs(total(numbers(found.values)) / sum - 1) < 1e-12);
    }
    const ones = createSkyMap(geom, { data: new Float64Array(99).fill(5) });
    numbers(smoothMap(ones, how).values).forEach((one) => ok(Math.abs(one - 5) < 1e-12));
    const holes = noiseMap(geom, { axes: [], seed });
    const flat = createSkyMap(geom, {
      data: Float64Array.from(numbers(holes.valid), (one) => one === 1 ? 5 : NaN),
      valid: ndarray(Uint8Array.from(numbers(holes.valid)), [9, 11]),
    });
    const smooth = cells(smoothMap(flat, how));
    smooth.v.forEach((one, i) =>
      ok(smooth.ok[i] === 1 ? Math.abs(one - 5) < 1e-9 : Number.isNaN(one))
    );
  }));
});

Deno.test("smoothMap() of one pixel is the kernel, its variance the square of it", () => {
  const data = new Float64Array(99), variance = new Float64Array(99);
  data[4 * 11 + 5] = 1;
  variance[4 * 11 + 5] = 1;
  const map = createSkyMap(geom, { data, variance: ndarray(variance, [9, 11]) });
  const found = smoothMap(map, { kernel: "gauss", widthDeg: 0.06 });
  strictEqual(found.values.get(4, 5) ** 2, found.variance?.get(4, 5));
  const ratio = found.values.get(4, 6) / found.values.get(4, 5);
  ok(Math.abs(ratio - Math.exp(-0.5 / 0.36)) < 1e-12);
  const same = smoothMap(map, { kernel: "gauss", widthPix: 0.6 });
  ok(apart(numbers(same.values), numbers(found.values)) < 1e-12);
});

Deno.test("imageKernel() makes kernels of sum 1, and rings of ones", () => {
  for (const kernel of ["gauss", "disk", "box"] as const) {
    const { data, nx, ny } = imageKernel(geom, { kernel, widthDeg: 0.25 });
    ok(Math.abs(total([...data]) - 1) < 1e-12 && data.length === nx * ny);
  }
  const ring = imageKernel(geom, { kernel: "ring", innerDeg: 0.2, widthDeg: 0.1 });
  for (let i = 0; i < ring.data.length; i++) {
    const d = Math.hypot(i % ring.nx - 3, Math.floor(i / ring.nx) - 3);
    strictEqual(ring.data[i], +(d >= 2 && d <= 3));
  }
});

Deno.test("smoothing and convolution say what they need", () => {
  const hpx = noiseMap(GEOMS["hpx"]!) as never as ReturnType<typeof noiseMap<WcsGeom>>;
  throws(() => smoothMap(hpx, { widthDeg: 1 }), /reproject it to one/);
  throws(() => convolveMap(hpx, { data: Float64Array.of(1), nx: 1, ny: 1 }), /hpx-geom/);
  const region = noiseMap(GEOMS["region"]!) as never as ReturnType<typeof noiseMap<WcsGeom>>;
  throws(() => smoothMap(region, { widthDeg: 1 }), /region-geom/);
  throws(() => smoothMap(noiseMap(geom), {}), /either widthDeg or widthPix/);
  throws(() => smoothMap(noiseMap(geom), { widthPix: -1 }), RangeError);
});
