/**
 * Smoothing and convolution of WCS maps, in doubles.
 *
 * | want | use |
 * | --- | --- |
 * | local means (to look at a map) | `smoothMap`: mirrored at the edges, the sum stays |
 * | sums under a kernel, a point spread function | `convolveMap`: zeros outside the map |
 * | a disk, a ring, a Gaussian as a kernel | `imageKernel` |
 */
import { type Axis, axisEquals } from "../nddata/mod.ts";
import type { RealImage } from "../numeric/mod.ts";
import { combineUnits } from "../units/mod.ts";
import { convolve, convolveSeparable, type PreparedKernel, prepareKernel } from "./_convolve.ts";
import {
  above,
  asNumbers,
  eachPlane,
  mapOfRuns,
  numbersOf,
  planeCount,
  type Runs,
  runsOf,
  weighed,
} from "./_map_arrays.ts";
import { cropImage, padImage } from "./_resample.ts";
import {
  boxKernel,
  boxTaps,
  diskKernel,
  gaussKernel,
  gaussTaps,
  ringKernel,
} from "./_smooth_kernels.ts";
import { pixelScalesDeg } from "./_wcs_parts.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";
import type { WcsGeom } from "./wcs_geom.ts";

function wcsOnly(what: string, geom: SkyGeom): void {
  if (geom.kind === "wcs-geom") return;
  throw new TypeError(
    `${what}: found a ${geom.kind}, expected a map on a wcs-geom` +
      (geom.kind === "hpx-geom" ? ": reproject it to one" : ""),
  );
}

/** A width in pixels; of degrees over the mean size of a pixel. */
function pixelsOf(
  geom: WcsGeom,
  { widthDeg, widthPix }: { readonly widthDeg?: number; readonly widthPix?: number },
): number {
  if ((widthDeg === undefined) === (widthPix === undefined)) {
    throw new TypeError("Expected either widthDeg or widthPix");
  }
  const [x, y] = pixelScalesDeg(geom);
  return widthPix ?? widthDeg! / ((x + y) / 2);
}

/** What {@linkcode smoothMap} takes. */
export interface SmoothMapOptions {
  /** A Gaussian to 4 σ, a disk, or a square; "gauss" where absent. */
  readonly kernel?: "gauss" | "disk" | "box";
  /** σ, radius or side, deg. */
  readonly widthDeg?: number;
  /** σ, radius or side in pixels, instead of `widthDeg`; a side is cut to an integer. */
  readonly widthPix?: number;
  /** How the map goes on beyond its edges: as its mirror image, or with zeros; "reflect" where absent. */
  readonly outside?: "reflect" | "constant";
}

/** A kernel as the product of taps along both axes, or as an image. */
type Smoothing = { readonly taps: Float64Array } | { readonly image: RealImage };

function smoothingOf(kernel: "gauss" | "disk" | "box", widthPix: number): Smoothing {
  if (kernel === "disk") return { image: diskKernel(widthPix) };
  return { taps: kernel === "gauss" ? gaussTaps(widthPix) : boxTaps(widthPix) };
}

const square = (data: Float64Array): Float64Array => data.map((one) => one * one);

function squared(kernel: Smoothing): Smoothing {
  if ("taps" in kernel) return { taps: square(kernel.taps) };
  return { image: { ...kernel.image, data: square(kernel.image.data) } };
}

function smoothed(
  image: RealImage,
  kernel: Smoothing,
  outside: "reflect" | "constant",
): Float64Array {
  if ("taps" in kernel) {
    return convolveSeparable(image, { x: kernel.taps, y: kernel.taps, outside });
  }
  const reach = (kernel.image.nx - 1) / 2, { nx, ny } = image;
  if (outside === "constant") return convolve(prepareKernel(kernel.image, image), image);
  const wide = padImage(image, { x: [reach, reach], y: [reach, reach], mode: "reflect" });
  const data = convolve(prepareKernel(kernel.image, wide), wide);
  return cropImage({ data, nx: wide.nx, ny: wide.ny }, { x: reach, y: reach, nx, ny }).data;
}

/** A kernel that sees less of the valid map than this sees none of it. */
const LEAST_SHARE = 1e-10;

/**
 * A map with every value replaced by the mean of those around it, weighted by a kernel K of sum 1. Invalid
 * values are left out: Σ K v / Σ K over the valid ones; what sees none is invalid and NaN. Where all are
 * valid and the map is mirrored at its edges, the sum stays.
 *
 * The variance is Σ K² Var (next to mirrored edges a little less than it should be); smoothed values are
 * correlated.
 *
 * @param map A WCS map; NaN spreads as far as the kernel reaches.
 * @param options Kernel, its width, what is outside.
 * @returns A new map of doubles, in the same unit.
 * @throws TypeError for another geometry, or not one of both widths; RangeError for a width out of range.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, smoothMap } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const data = new Float64Array(25);
 * data[12] = 10;
 * const map = createSkyMap(createWcsGeom({ npix: 5, binszDeg: 0.1, proj: "TAN" }), { data });
 * const smooth = smoothMap(map, { kernel: "box", widthPix: 3 });
 * ok(Math.abs(smooth.values.get(1, 1) - 10 / 9) < 1e-12);
 * ```
 * @see gammapy.maps.Map.smooth
 */
export function smoothMap(map: SkyMap<WcsGeom>, options: SmoothMapOptions): SkyMap<WcsGeom> {
  wcsOnly("smoothMap", map.geom);
  const { kernel = "gauss", outside = "reflect" } = options, [nx, ny] = map.geom.npix;
  const one = smoothingOf(kernel, pixelsOf(map.geom, options)), two = squared(one);
  const runs = runsOf(map), { valid } = runs;
  const how = { nPlanes: planeCount(map.axes), nOut: nx * ny };
  const smooth = (run: Float64Array, by: Smoothing): Float64Array =>
    eachPlane(run, how, (data, out) => out.set(smoothed({ data, nx, ny }, by, outside)));
  if (valid === undefined) {
    const variance = runs.variance && smooth(runs.variance, two);
    return mapOfRuns(map, { values: smooth(runs.values, one), variance, valid });
  }
  const seen = smooth(asNumbers(valid), one), values = smooth(weighed(runs.values, valid), one);
  const variance = runs.variance && smooth(weighed(runs.variance, valid), two);
  for (let i = 0; i < values.length; i++) {
    const share = seen[i]! > LEAST_SHARE ? seen[i]! : NaN;
    values[i] = values[i]! / share;
    if (variance !== undefined) variance[i] = variance[i]! / (share * share);
  }
  const isSeen = above(seen, LEAST_SHARE);
  return mapOfRuns(map, { values, variance, valid: isSeen });
}

/** A kernel as an image. */
export interface ImageKernel {
  /** Values in C order [ny, nx]; the centre is at floor(n/2) of both sizes. */
  readonly data: Float64Array;
  /** Pixels along x. */
  readonly nx: number;
  /** Pixels along y. */
  readonly ny: number;
}

/** What {@linkcode imageKernel} makes. */
export type ImageKernelOptions =
  | {
    /** A Gaussian to 4 σ, a disk of a radius, or a square of a side: sum 1. */
    readonly kernel: "gauss" | "disk" | "box";
    /** σ, radius or side, deg. */
    readonly widthDeg: number;
  }
  | {
    /** Ones from an inner radius to that and a width: not divided by their number. */
    readonly kernel: "ring";
    /** Inner radius, deg. */
    readonly innerDeg: number;
    /** Width, deg. */
    readonly widthDeg: number;
  };

/**
 * A kernel for {@linkcode convolveMap} in the pixels of a map: "gauss", "disk" and "box" have the sum 1, a
 * "ring" is of ones, so that it adds up what is in it.
 *
 * @param geom The pixels.
 * @param options Which kernel, how wide.
 * @returns A new image.
 * @throws RangeError for a width out of range.
 * @example
 * ```ts
 * import { createWcsGeom, imageKernel } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ npix: 5, binszDeg: 0.5, proj: "TAN" });
 * const ring = imageKernel(geom, { kernel: "ring", innerDeg: 0.5, widthDeg: 0 });
 * strictEqual(ring.data.reduce((a, b) => a + b), 4);
 * ```
 * @see gammapy.makers.RingBackgroundMaker.kernel
 */
export function imageKernel(geom: WcsGeom, options: ImageKernelOptions): ImageKernel {
  const width = pixelsOf(geom, { widthDeg: options.widthDeg });
  switch (options.kernel) {
    case "gauss":
      return gaussKernel(width);
    case "disk":
      return diskKernel(width);
    case "box":
      return boxKernel(width);
    case "ring": {
      const innerPix = pixelsOf(geom, { widthDeg: options.innerDeg });
      return ringKernel({ innerPix, widthPix: width });
    }
  }
}

/** Kernels by plane: one for all, or one for each combination of bins of some axes. */
interface Kernels {
  /** Axes of the kernels that the map does not have. */
  readonly added: readonly Axis[];
  /** How many kernels there are. */
  readonly count: number;
  /** The kernel of a plane of the result. */
  readonly of: (plane: number) => number;
  /** The plane of the map for a plane of the result. */
  readonly from: (plane: number) => number;
  readonly image: (kernel: number) => RealImage;
}

function kernelsOf(map: SkyMap<WcsGeom>, kernel: ImageKernel | SkyMap<WcsGeom>): Kernels {
  if (!("geom" in kernel)) {
    return { added: [], count: 1, of: () => 0, from: (plane) => plane, image: () => kernel };
  }
  wcsOnly("convolveMap, its kernel", kernel.geom);
  const added = kernel.axes.filter((axis) => !map.axes.some((one) => one.name === axis.name));
  const axes = [...added, ...map.axes], nOwn = planeCount(map.axes);
  const strides = axes.map((axis) => {
    const at = kernel.axes.findIndex((one) => one.name === axis.name);
    if (at < 0) return 0;
    if (!axisEquals(kernel.axes[at]!, axis)) {
      throw new TypeError(`The kernel's axis "${axis.name}" has other bins than that of the map`);
    }
    return planeCount(kernel.axes.slice(at + 1));
  });
  const [nx, ny] = kernel.geom.npix, data = numbersOf(kernel.values);
  return {
    added,
    count: planeCount(kernel.axes),
    of(plane) {
      let rest = plane, place = 0;
      for (let a = axes.length - 1; a >= 0; a--) {
        const n = axes[a]!.nBins, bin = rest % n;
        rest = (rest - bin) / n;
        place += bin * strides[a]!;
      }
      return place;
    },
    from: (plane) => plane % nOwn,
    image: (k) => ({ data: data.subarray(k * nx * ny, (k + 1) * nx * ny), nx, ny }),
  };
}

/**
 * A map convolved with a kernel, or with one for each bin of some axes: Σ K(x − x′) v(x′), zeros outside the
 * map, in doubles. Invalid values are left out; what no valid value reaches is invalid.
 *
 * The variance is Σ K² Var; convolved values are correlated. Large kernels go by Fourier transforms, which
 * leave noise of 1e-15 Σ|K| max|v| where the sum is 0.
 *
 * @param map A WCS map; NaN spreads as far as the kernel reaches.
 * @param kernel An image with its centre at floor(n/2), or a map of such images: along axes that the map
 *   has too, one for each bin; axes of its own come first in the result.
 * @returns A new map of doubles; its unit is the map's, times that of the kernel.
 * @throws TypeError for another geometry, or an axis of the same name with other bins.
 * @example
 * ```ts
 * import { convolveMap, createSkyMap, createWcsGeom } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [3, 1], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(0, 4, 0),
 * });
 * const kernel = { data: Float64Array.of(0.25, 0.5, 0.25), nx: 3, ny: 1 };
 * strictEqual(convolveMap(map, kernel).values.get(0, 0), 1);
 * ```
 * @see gammapy.maps.Map.convolve, which returns single precision
 */
export function convolveMap(
  map: SkyMap<WcsGeom>,
  kernel: ImageKernel | SkyMap<WcsGeom>,
): SkyMap<WcsGeom> {
  wcsOnly("convolveMap", map.geom);
  const kernels = kernelsOf(map, kernel), { values, variance, valid } = runsOf(map);
  const axes = [...kernels.added, ...map.axes], nPlanes = planeCount(axes);
  const how = { kernels, geom: map.geom, nPlanes };
  const seen = valid && convolved(asNumbers(valid), how, Math.abs);
  const least = LEAST_SHARE * largest(seen ?? new Float64Array(1));
  const runs: Runs = {
    values: convolved(weighed(values, valid), how, (one) => one),
    variance: variance && convolved(weighed(variance, valid), how, (one) => one * one),
    valid: seen && above(seen, least),
  };
  return mapOfRuns({ ...map, axes, unit: unitOf(map, kernel) }, runs);
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const one of values) if (one > most) most = one;
  return most;
}

function unitOf(map: SkyMap, kernel: ImageKernel | SkyMap): string | undefined {
  if (!("geom" in kernel) || kernel.unit === undefined || kernel.unit === "") return map.unit;
  return combineUnits([[map.unit ?? "", 1], [kernel.unit, 1]]);
}

/** All planes convolved with what a function makes of the values of their kernels. */
function convolved(
  run: Float64Array,
  how: { readonly kernels: Kernels; readonly geom: WcsGeom; readonly nPlanes: number },
  change: (value: number) => number,
): Float64Array {
  const { kernels, geom, nPlanes } = how, [nx, ny] = geom.npix, n = nx * ny;
  const out = new Float64Array(nPlanes * n), prepared = new Map<number, PreparedKernel>();
  // spectra are large: they are kept only where they come again
  const isRepeated = kernels.count < nPlanes;
  for (let plane = 0; plane < nPlanes; plane++) {
    const k = kernels.of(plane), from = kernels.from(plane) * n;
    let ready = prepared.get(k);
    if (ready === undefined) {
      const image = kernels.image(k);
      ready = prepareKernel({ ...image, data: image.data.map(change) }, { nx, ny });
      if (isRepeated) prepared.set(k, ready);
    }
    const data = run.subarray(from, from + n);
    convolve(ready, { data, nx, ny }, out.subarray(plane * n, (plane + 1) * n));
  }
  return out;
}
