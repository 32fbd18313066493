import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { readEvents } from "../../../src/events/mod.ts";
import {
  boxKernel,
  boxTaps,
  diskKernel,
  gaussKernel,
  gaussTaps,
  ringKernel,
  smoothImage,
} from "../../../src/maps/_smooth_kernels.ts";
import { createWcsGeom } from "../../../src/maps/wcs_geom.ts";
import type { RealImage } from "../../../src/numeric/mod.ts";
import { wcsPixelIndexer } from "../../../src/sky/mod.ts";
import { agrees, dataFile, referenceTest } from "../../_tools/data_io.ts";
import { anyImage, distance, total } from "./_images.ts";

Deno.test("gaussTaps() has radius floor(4 sigma + 1/2), sum 1, and the Gaussian's ratios", () => {
  for (const sigma of [0, 0.1, 0.125, 0.3, 1, 1.874, 1.876, 5]) {
    const taps = gaussTaps(sigma), radius = (taps.length - 1) / 2;
    deepStrictEqual(radius, Math.floor(4 * sigma + 0.5));
    ok(Math.abs(total(taps) - 1) < 1e-15 * taps.length);
    for (let d = 1; d <= radius; d++) {
      const ratio = taps[radius + d]! / taps[radius]!;
      ok(Math.abs(ratio / Math.exp(-d * d / (2 * sigma * sigma)) - 1) < 1e-14);
      deepStrictEqual(taps[radius + d], taps[radius - d]);
    }
  }
  throws(() => gaussTaps(-1), RangeError);
});

Deno.test("diskKernel() and ringKernel() hold the pixels within their radii, edges included", () => {
  deepStrictEqual([0, 0.9, 1, 1.5, 2, 5].map((r) => diskKernel(r).data.filter(Boolean).length), [
    1,
    1,
    5,
    9,
    13,
    81,
  ]);
  ok(Math.abs(total(diskKernel(5).data) - 1) < 1e-14);
  const ring = ringKernel({ innerPix: 1, widthPix: 1 });
  deepStrictEqual([...ring.data], [
    ...[0, 0, 1, 0, 0],
    ...[0, 1, 1, 1, 0],
    ...[1, 1, 0, 1, 1],
    ...[0, 1, 1, 1, 0],
    ...[0, 0, 1, 0, 0],
  ]);
  throws(() => diskKernel(NaN), RangeError);
});

Deno.test("boxTaps() of even widths reach half down and half less one up", () => {
  deepStrictEqual([...boxTaps(3.9)], [1 / 3, 1 / 3, 1 / 3]);
  deepStrictEqual([...boxTaps(2)], [0, 0.5, 0.5]);
  const image = { data: Float64Array.of(0, 8, 0, 0), nx: 4, ny: 1 };
  const found = smoothImage(image, { kernel: "box", widthPix: 2, outside: "constant" });
  deepStrictEqual([...found], [0, 2, 2, 0]);
  ok(Math.abs(total(boxKernel(4).data) - 1) < 1e-15);
});

Deno.test("smoothImage() keeps sum and constants with mirrored edges, whatever kernel and width", () => {
  const kernel = fc.constantFrom("gauss", "disk", "box" as const);
  const width = fc.double({ min: 1, max: 6, noNaN: true });
  fc.assert(fc.property(anyImage(), kernel, width, (image, kernel, widthPix) => {
    const ones = { ...image, data: image.data.map(() => 1) };
    const constant = smoothImage(ones, { kernel, widthPix });
    ok(distance(constant, ones.data) < 1e-13);
    // an even box is not its own mirror image
    if (kernel === "box" && Math.floor(widthPix) % 2 === 0) return;
    ok(Math.abs(total(smoothImage(image, { kernel, widthPix })) - total(image.data)) < 1e-11);
  }));
});

Deno.test("smoothImage() of a point is the kernel, and of zero outside loses what falls off", () => {
  const data = new Float64Array(41 * 41), image = { data, nx: 41, ny: 41 };
  data[20 * 41 + 20] = 1;
  const at = (values: Float64Array, x: number, y: number) => values[(20 + y) * 41 + 20 + x]!;
  const gauss = gaussKernel(2), reach = (gauss.nx - 1) / 2;
  for (const outside of ["constant", "reflect"] as const) {
    const found = smoothImage(image, { kernel: "gauss", widthPix: 2, outside });
    const disk = smoothImage(image, { kernel: "disk", widthPix: 3, outside });
    for (let y = -4; y <= 4; y++) {
      for (let x = -4; x <= 4; x++) {
        const expected = gauss.data[(reach + y) * gauss.nx + reach + x]!;
        ok(Math.abs(at(found, x, y) - expected) < 1e-16);
        ok(Math.abs(at(disk, x, y) - (x * x + y * y <= 9 ? 1 / 29 : 0)) < 1e-15);
      }
    }
  }
  const corner = { data: Float64Array.of(1, 0, 0, 0), nx: 2, ny: 2 };
  const found = smoothImage(corner, { kernel: "box", widthPix: 3, outside: "constant" });
  ok(distance(found, new Float64Array(4).fill(1 / 9)) < 1e-16);
});

/** Counts of all events with energies in the range, in a Galactic CAR map around the centre. */
async function countsImage(
  file: string,
  options: {
    readonly binszDeg: number;
    readonly widthDeg: readonly [number, number];
    readonly energyTeV: readonly [number, number];
  },
): Promise<RealImage> {
  const { binszDeg, widthDeg, energyTeV: [low, high] } = options;
  const geom = createWcsGeom({ frame: "galactic", proj: "CAR", binszDeg, widthDeg });
  const [nx, ny] = geom.npix,
    data = new Float64Array(nx * ny),
    index = wcsPixelIndexer(geom.wcs, geom.npix);
  const { events: { columns, length } } = await readEvents(dataFile(file));
  const out = new Int32Array(length);
  index(columns.raDeg!, columns.decDeg!, length, out);
  for (let i = 0; i < length; i++) {
    const energy = columns.energyTeV![i]!;
    if (out[i]! >= 0 && energy >= low && energy < high) data[out[i]!]!++;
  }
  return { data, nx, ny };
}

const CASES = [
  {
    id: "maps.counts.cta110380",
    file: "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_110380.fits",
    map: { binszDeg: 0.05, widthDeg: [8, 6], energyTeV: [0.1, 10] },
  },
  {
    id: "maps.counts.fermi",
    file: "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz",
    map: { binszDeg: 0.1, widthDeg: [10, 8], energyTeV: [0.01, 2] },
  },
] as const;

for (const { id, file, map } of CASES) {
  referenceTest("gammapy.json", id, [file], async ({ expected, tol }) => {
    const image = await countsImage(file, map), binsz = map.binszDeg;
    const gauss = smoothImage(image, { kernel: "gauss", widthPix: 0.1 / binsz });
    const disk = smoothImage(image, { kernel: "disk", widthPix: 0.2 / binsz });
    const box = smoothImage(image, { kernel: "box", widthPix: 3 });
    const pixels = expected.pixels as readonly (readonly [number, number])[];
    const at = (data: Float64Array) => pixels.map(([y, x]) => data[y * image.nx + x]!);
    const found: Record<string, unknown> = {
      sum: total(image.data),
      image_max: image.data.reduce((a, b) => Math.max(a, b)),
      counts_at: at(image.data),
      smooth_gauss: at(gauss),
      smooth_disk: at(disk),
      smooth_box: at(box),
      smooth_gauss_sum: total(gauss),
    };
    for (const [name, value] of Object.entries(found)) {
      agrees(value, expected[name], tol[name]!, `${id} ${name}`);
    }
  });
}
