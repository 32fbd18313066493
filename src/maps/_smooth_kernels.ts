/**
 * Kernels that smooth images, in pixels, and the smoothing of one image.
 *
 * | kernel | values |
 * | --- | --- |
 * | gauss | e^{-d²/2σ²} to d = floor(4σ + 1/2) along each axis, sum 1 |
 * | disk | 1 where d <= radius, divided by their number |
 * | box | n by n ones, divided by n²; an even n reaches n/2 down and n/2 - 1 up |
 * | ring | 1 where inner <= d <= inner + width, not normalised |
 *
 * Source: agree with scipy.ndimage gaussian_filter and uniform_filter, and with astropy.convolution
 * Tophat2DKernel and Ring2DKernel (discretised at centres).
 */
import type { RealImage } from "../numeric/mod.ts";
import { convolve, convolveSeparable, type OutsideMode, prepareKernel } from "./_convolve.ts";
import { cropImage, padImage } from "./_resample.ts";

function checkWidth(name: string, value: number, least: number): void {
  if (!(Number.isFinite(value) && value >= least)) {
    throw new RangeError(`${name}: found ${value}, expected a number from ${least} on`);
  }
}

/** The Gaussian along one axis: 2 floor(4σ + 1/2) + 1 taps of sum 1; σ in pixels, 0 for none. */
export function gaussTaps(sigmaPix: number): Float64Array {
  checkWidth("sigmaPix", sigmaPix, 0);
  const radius = Math.floor(4 * sigmaPix + 0.5), taps = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) {
    const z = i === 0 ? 0 : i / sigmaPix;
    taps[i + radius] = Math.exp(-0.5 * z * z);
    sum += taps[i + radius]!;
  }
  return taps.map((one) => one / sum);
}

/** The mean along one axis; for an even n one tap of 0 makes the length odd. */
export function boxTaps(nPix: number): Float64Array {
  checkWidth("box width in pixels", nPix, 1);
  const n = Math.floor(nPix), taps = new Float64Array(n % 2 === 0 ? n + 1 : n).fill(1 / n);
  if (n % 2 === 0) taps[0] = 0;
  return taps;
}

/** The kernel of two axes from its taps along each. */
export function outerKernel(x: Float64Array, y: Float64Array): RealImage {
  const data = new Float64Array(x.length * y.length);
  for (let j = 0; j < y.length; j++) {
    for (let i = 0; i < x.length; i++) data[j * x.length + i] = y[j]! * x[i]!;
  }
  return { data, nx: x.length, ny: y.length };
}

/** The Gaussian as an image, sum 1. */
export function gaussKernel(sigmaPix: number): RealImage {
  const taps = gaussTaps(sigmaPix);
  return outerKernel(taps, taps);
}

/** The box as an image, sum 1. */
export function boxKernel(nPix: number): RealImage {
  const taps = boxTaps(nPix);
  return outerKernel(taps, taps);
}

/** 1 where inner <= d <= outer, 0 elsewhere; 2 floor(outer) + 1 pixels each way. */
export function ringKernel(
  radii: { readonly innerPix: number; readonly widthPix: number },
): RealImage {
  const { innerPix, widthPix } = radii;
  checkWidth("innerPix", innerPix, 0);
  checkWidth("widthPix", widthPix, 0);
  const outer = innerPix + widthPix, reach = Math.floor(outer), n = 2 * reach + 1;
  const data = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const d2 = (i - reach) ** 2 + (j - reach) ** 2;
      if (d2 >= innerPix * innerPix && d2 <= outer * outer) data[j * n + i] = 1;
    }
  }
  return { data, nx: n, ny: n };
}

/** The disk of d <= radius, sum 1. */
export function diskKernel(radiusPix: number): RealImage {
  const { data, nx, ny } = ringKernel({ innerPix: 0, widthPix: radiusPix });
  let sum = 0;
  for (const one of data) sum += one;
  return { data: data.map((one) => one / sum), nx, ny };
}

/** Name of a smoothing. */
export type SmoothKernel = "gauss" | "disk" | "box";

/**
 * The image smoothed.
 *
 * @param image not changed; NaN spreads as far as the kernel reaches
 * @param options `kernel`; `widthPix`: σ, radius or side, in pixels (a side is cut to an integer);
 * `outside`: what the image is taken to be beyond its edges, "reflect" where absent, as
 * scipy.ndimage; "constant" is zero
 * @returns new values, whose sum is the image's where outside is "reflect"
 * @throws RangeError for a width out of range
 */
export function smoothImage(
  image: RealImage,
  options: {
    readonly kernel: SmoothKernel;
    readonly widthPix: number;
    readonly outside?: OutsideMode;
  },
): Float64Array {
  const { kernel, widthPix, outside = "reflect" } = options;
  if (kernel !== "disk") {
    const taps = kernel === "gauss" ? gaussTaps(widthPix) : boxTaps(widthPix);
    return convolveSeparable(image, { x: taps, y: taps, outside });
  }
  const disk = diskKernel(widthPix), reach = (disk.nx - 1) / 2;
  if (outside === "constant") return convolve(prepareKernel(disk, image), image);
  const wide = padImage(image, { x: [reach, reach], y: [reach, reach], mode: "reflect" });
  const data = convolve(prepareKernel(disk, wide), wide);
  const { nx, ny } = image;
  return cropImage({ data, nx: wide.nx, ny: wide.ny }, { x: reach, y: reach, nx, ny }).data;
}
