/** Benches of the kernels under sky maps: run with `deno bench test/bench/maps_bench.ts`. */
import ndarray from "ndarray";
import { convolve, convolveSeparable, prepareKernel } from "../../src/maps/_convolve.ts";
import { dilate, labelParts } from "../../src/maps/_morphology.ts";
import { type ImageInterpolation, reprojectByInterpolation } from "../../src/maps/_reproject.ts";
import { overlapWeights, reprojectSums } from "../../src/maps/_reproject_exact.ts";
import { gaussTaps } from "../../src/maps/_smooth_kernels.ts";
import { regionValid, regionWeights } from "../../src/maps/region_weights.ts";
import { createWcsGeom } from "../../src/maps/wcs_geom.ts";
import {
  createHpxGeom,
  createSkyMap,
  downsampleMap,
  geomCutout,
  interpolateMap,
  reprojectMap,
  smoothMap,
  stackMaps,
  sumOverAxes,
  toRegionMap,
  valuesAt,
} from "../../src/maps/mod.ts";
import { energyAxis } from "../../src/nddata/mod.ts";
import { createRealFft2dPlan, inverseRealFft2d, realFft2d } from "../../src/numeric/mod.ts";
import { createRegion, type ProjectionCode, type SkyFrame } from "../../src/sky/mod.ts";

let seed = 12345;
const uniform = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const noise = (n: number): Float64Array => Float64Array.from({ length: n }, uniform);

const nx = 512, ny = 512, image = { data: noise(nx * ny), nx, ny }, out = new Float64Array(nx * ny);
for (const n of [540, 576, 640]) {
  const plan = createRealFft2dPlan({ nx: n, ny: n }), spectrum = realFft2d(plan, image);
  Deno.bench(`real transform of ${n} x ${n} and back`, { group: "fft" }, () => {
    realFft2d(plan, image, spectrum);
    inverseRealFft2d(plan, spectrum, { data: out, nx, ny });
  });
}

for (const k of [3, 7, 41]) {
  const kernel = prepareKernel({ data: noise(k * k), nx: k, ny: k }, { nx, ny });
  const how = kernel.fft === undefined ? "direct" : "transforms";
  Deno.bench(`512 x 512 by ${k} x ${k}, linear, ${how}`, { group: "convolve" }, () => {
    convolve(kernel, image, out);
  });
}
const taps = gaussTaps(5);
Deno.bench("512 x 512 by a Gaussian of 41 x 41, separable", { group: "convolve" }, () => {
  convolveSeparable(image, { x: taps, y: taps });
});

const set = { valid: Uint8Array.from(image.data, (one) => one < 0.01 ? 1 : 0), nx, ny };
Deno.bench("dilation of 512 x 512 by 10 pixels", { group: "shapes" }, () => {
  dilate(set, { radiusPix: 10 });
});
const parts = { valid: dilate(set, { radiusPix: 3 }), nx, ny };
Deno.bench("connected parts of 512 x 512", { group: "shapes" }, () => {
  labelParts(parts, { neighbours: 8 });
});

const crab = { lonDeg: 83.633, latDeg: 22.014 }, anticenter = { lonDeg: 184.557, latDeg: -5.784 };
const circle = createRegion({ kind: "circle", frame: "icrs", ...crab, radiusDeg: 0.5 });
for (const proj of ["TAN", "CAR"] as const) {
  const geom = createWcsGeom({ skydir: crab, proj, binszDeg: 0.01, npix: 500 });
  Deno.bench(`circle of 0.5 deg on 500 x 500, ${proj}: centres`, { group: "region" }, () => {
    regionValid(geom, circle);
  });
  Deno.bench(`circle of 0.5 deg on 500 x 500, ${proj}: weights`, { group: "region" }, () => {
    regionWeights(geom, circle);
  });
}

const at = (frame: SkyFrame, proj: ProjectionCode, npix: number, binszDeg: number) =>
  createWcsGeom({ skydir: frame === "icrs" ? crab : anticenter, frame, proj, binszDeg, npix });
const plane = noise(1e6);
const PAIRS: readonly (readonly [ProjectionCode, ProjectionCode, ImageInterpolation])[] = [
  ["TAN", "TAN", "nearest"],
  ["TAN", "TAN", "bilinear"],
  ["TAN", "TAN", "bicubic"],
  ["CAR", "TAN", "bilinear"],
  ["CAR", "CAR", "bilinear"],
  ["AIT", "AIT", "bilinear"],
];
for (const [first, second, method] of PAIRS) {
  const from = at("icrs", first, 1000, 0.01), to = at("galactic", second, 1000, 0.009);
  const name = `1000 x 1000, ICRS ${first} to Galactic ${second}, ${method}`;
  Deno.bench(name, { group: "reproject" }, () => {
    reprojectByInterpolation(plane, { from, to, method });
  });
}
const from = at("icrs", "TAN", 500, 0.01), to = at("galactic", "TAN", 500, 0.012);
const weights = overlapWeights({ from, to }), small = noise(250_000);
Deno.bench("exact overlaps of 500 x 500, TAN", { group: "exact" }, () => {
  overlapWeights({ from, to });
});
Deno.bench("exact overlaps of 500 x 500: one more plane", { group: "exact" }, () => {
  reprojectSums(weights, small);
});

// operations on maps
const cubeAxes = [energyAxis({ low: 0.1, high: 10, nBins: 10 })];
const cubeGeom = at("icrs", "TAN", 500, 0.01), cells = 10 * 250_000;
const cube = createSkyMap(cubeGeom, { axes: cubeAxes, data: noise(cells) });
const flags = ndarray(Uint8Array.from(noise(cells), (one) => +(one < 0.9)), [10, 500, 500]);
const partial = createSkyMap(cubeGeom, { axes: cubeAxes, data: cube.values, valid: flags });
const places = {
  lonDeg: noise(1e5).map((one) => crab.lonDeg + 4 * one - 2),
  latDeg: noise(1e5).map((one) => crab.latDeg + 4 * one - 2),
  axes: { energy: noise(1e5).map((one) => 10 ** (2 * one - 1)) },
};
const sky = createHpxGeom({ nside: 64 });
const hpx = createSkyMap(sky, { axes: cubeAxes, data: noise(10 * sky.nPix) });
const hpxPart = geomCutout(cubeGeom, { center: crab, widthDeg: 2 });
const OPERATIONS: Readonly<Record<string, () => void>> = {
  "valuesAt 1e5 places, WCS cube": () => valuesAt(cube, places),
  "interpolateMap 1e5 places, WCS cube": () => interpolateMap(cube, places),
  "interpolateMap 1e5 places, HEALPix cube of nside 64": () => interpolateMap(hpx, places),
  "sumOverAxes 500 x 500 x 10": () => sumOverAxes(cube),
  "sumOverAxes 500 x 500 x 10, some invalid": () => sumOverAxes(partial),
  "downsampleMap 500 x 500 x 10 by 5": () => downsampleMap(cube, { factor: 5 }),
  "stackMaps of three 500 x 500 x 10": () =>
    stackMaps([cube, partial, cube], { geom: cubeGeom, axes: cubeAxes }),
  "smoothMap 500 x 500 x 10, Gaussian of 5 pixels": () => smoothMap(cube, { widthPix: 5 }),
  "reprojectMap 500 x 500 x 10, TAN to HEALPix of nside 64": () => reprojectMap(cube, sky),
  "reprojectMap of HEALPix nside 64 x 10 to 200 x 200 TAN": () => reprojectMap(hpx, hpxPart),
  "toRegionMap 500 x 500 x 10, circle of 0.5 deg": () => toRegionMap(cube, circle),
};
for (const [name, run] of Object.entries(OPERATIONS)) Deno.bench(name, { group: "maps" }, run);
