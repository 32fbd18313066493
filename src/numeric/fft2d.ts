/**
 * Fourier transforms of real images, two real rows to a complex one.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | nx, ny | lengths of the transform |
 * | h | stored columns of the spectrum, ⌊nx/2⌋ + 1; the rest is X[-v, -u] = conj X[v, u] |
 */
import { runPasses } from "./_fft_passes.ts";
import { createFftPlan, type FftPlan } from "./fft.ts";

/** Plans of the transforms of real images of one size. */
export interface RealFft2dPlan {
  /** Which record this is. */
  readonly kind: "real-fft2d-plan";
  /** Length along x. */
  readonly nx: number;
  /** Length along y. */
  readonly ny: number;
  /** Plan of the rows. */
  readonly rows: FftPlan;
  /** Plan of the columns. */
  readonly columns: FftPlan;
}

/** Half of the spectrum of a real image: C order [ny, h] with h = ⌊nx/2⌋ + 1. */
export interface RealSpectrum2d {
  /** Real parts. */
  readonly re: Float64Array;
  /** Imaginary parts. */
  readonly im: Float64Array;
}

/** An image of real numbers, C order [ny, nx]. */
export interface RealImage {
  /** Values, nx ny of them. */
  readonly data: Float64Array;
  /** Pixels along x. */
  readonly nx: number;
  /** Pixels along y. */
  readonly ny: number;
}

/** Row pairs, or columns, that are transformed together. */
const BLOCK = 16;

/**
 * The plan of transforms of real images of nx by ny.
 *
 * @param size lengths along x and y, each 2^a 3^b 5^c
 * @returns a frozen record; it holds no state and may be shared
 * @throws RangeError for other lengths
 * @example
 * ```ts
 * import { createRealFft2dPlan } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * assert.equal(createRealFft2dPlan({ nx: 6, ny: 5 }).nx, 6);
 * ```
 */
export function createRealFft2dPlan(
  size: { readonly nx: number; readonly ny: number },
): RealFft2dPlan {
  const { nx, ny } = size, rows = createFftPlan(nx);
  const columns = nx === ny ? rows : createFftPlan(ny);
  return Object.freeze({ kind: "real-fft2d-plan", nx, ny, rows, columns });
}

/** TypeError where an array has not the length that it should have. */
function checkLength(name: string, values: Float64Array, expected: number): void {
  if (values.length !== expected) {
    throw new TypeError(`${name} has ${values.length} elements, expected ${expected}`);
  }
}

function checkImage(plan: RealFft2dPlan, image: RealImage): void {
  const { data, nx, ny } = image;
  if (nx > plan.nx || ny > plan.ny) {
    throw new RangeError(
      `Image of ${nx} x ${ny} pixels: larger than the transform, ${plan.nx} x ${plan.ny}`,
    );
  }
  checkLength("image.data", data, nx * ny);
}

/** Two real rows from the transform of one as real and the other as imaginary part. */
function splitRows(
  block: { readonly re: Float64Array; readonly im: Float64Array },
  first: number,
  last: number,
  plan: RealFft2dPlan,
  out: RealSpectrum2d,
): void {
  const { nx } = plan, h = (nx >> 1) + 1, { re, im } = block, outRe = out.re, outIm = out.im;
  for (let row = first, q = 0; row < last; row += 2, q++) {
    const hasSecond = row + 1 < last;
    for (let u = 0, at = row * h; u < h; u++, at++) {
      const i = u * BLOCK + q, j = (u === 0 ? 0 : nx - u) * BLOCK + q;
      const ar = re[i]!, ai = im[i]!, br = re[j]!, bi = im[j]!;
      outRe[at] = 0.5 * (ar + br);
      outIm[at] = 0.5 * (ai - bi);
      if (hasSecond) {
        outRe[at + h] = 0.5 * (ai + bi);
        outIm[at + h] = 0.5 * (br - ar);
      }
    }
  }
}

/** Transforms all columns of a half spectrum, in place; `re` and `im` exchanged for the inverse. */
function transformColumns(plan: RealFft2dPlan, re: Float64Array, im: Float64Array): void {
  const h = (plan.nx >> 1) + 1, ny = plan.ny, passes = plan.columns.passes;
  const size = ny * BLOCK, br = new Float64Array(size), bi = new Float64Array(size);
  const sr = new Float64Array(size), si = new Float64Array(size);
  for (let first = 0; first < h; first += BLOCK) {
    const count = Math.min(BLOCK, h - first);
    for (let v = 0, at = 0; v < ny; v++) {
      for (let q = 0, from = v * h + first; q < count; q++, at++, from++) {
        br[at] = re[from]!;
        bi[at] = im[from]!;
      }
    }
    const isScratch = runPasses(passes, count, br, bi, sr, si);
    const fr = isScratch ? sr : br, fi = isScratch ? si : bi;
    for (let v = 0, at = 0; v < ny; v++) {
      for (let q = 0, to = v * h + first; q < count; q++, at++, to++) {
        re[to] = fr[at]!;
        im[to] = fi[at]!;
      }
    }
  }
}

/**
 * X[v, u] = Σ x[t, s] e^{-2πi (us/nx + vt/ny)} of a real image, not scaled.
 *
 * @param plan lengths of the transform
 * @param image at most as large as the plan; it is padded with zeros at the high ends
 * @param into a spectrum of the plan's size to overwrite; a new one where absent
 * @returns half of the spectrum: `into`, or a new one of the caller
 * @throws RangeError where the image is larger than the plan; TypeError where an array has not the
 * length that its size says
 * @example
 * ```ts
 * import { createRealFft2dPlan, realFft2d } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * const plan = createRealFft2dPlan({ nx: 2, ny: 2 });
 * const { re } = realFft2d(plan, { data: Float64Array.of(1, 2, 3, 4), nx: 2, ny: 2 });
 * assert.deepEqual([...re], [10, -2, -4, 0]);
 * ```
 *
 * Source: agrees with numpy.fft.rfft2.
 */
export function realFft2d(
  plan: RealFft2dPlan,
  image: RealImage,
  into?: RealSpectrum2d,
): RealSpectrum2d {
  const { data, nx, ny } = image, length = plan.ny * ((plan.nx >> 1) + 1);
  checkImage(plan, image);
  const out = into ?? { re: new Float64Array(length), im: new Float64Array(length) };
  checkLength("into.re", out.re, length);
  checkLength("into.im", out.im, length);
  const size = plan.nx * BLOCK, br = new Float64Array(size), bi = new Float64Array(size);
  const sr = new Float64Array(size), si = new Float64Array(size);
  for (let first = 0; first < ny; first += 2 * BLOCK) {
    const last = Math.min(ny, first + 2 * BLOCK);
    br.fill(0);
    bi.fill(0);
    for (let row = first, q = 0; row < last; row += 2, q++) {
      for (let s = 0, at = q, from = row * nx; s < nx; s++, at += BLOCK) br[at] = data[from++]!;
      if (row + 1 === last) continue;
      for (let s = 0, at = q, from = (row + 1) * nx; s < nx; s++, at += BLOCK) {
        bi[at] = data[from++]!;
      }
    }
    const isScratch = runPasses(plan.rows.passes, BLOCK, br, bi, sr, si);
    splitRows(isScratch ? { re: sr, im: si } : { re: br, im: bi }, first, last, plan, out);
  }
  out.re.fill(0, ny * ((plan.nx >> 1) + 1));
  out.im.fill(0, ny * ((plan.nx >> 1) + 1));
  transformColumns(plan, out.re, out.im);
  return out;
}

/**
 * The first pixels of the real image that has a spectrum, scaled by 1/(nx ny):
 * inverseRealFft2d(realFft2d(image)) is the image.
 *
 * @param plan lengths of the transform
 * @param spectrum half of a spectrum, overwritten; it must be that of a real image
 * @param image where to write: its nx and ny at most those of the plan
 * @returns `image`
 * @throws RangeError where the image is larger than the plan; TypeError where an array has not the
 * length that its size says
 * @example
 * ```ts
 * import { createRealFft2dPlan, inverseRealFft2d, realFft2d } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * const plan = createRealFft2dPlan({ nx: 4, ny: 2 });
 * const image = { data: Float64Array.of(1, 2, 3), nx: 3, ny: 1 };
 * const back = { data: new Float64Array(3), nx: 3, ny: 1 };
 * inverseRealFft2d(plan, realFft2d(plan, image), back);
 * assert.ok(back.data.every((value, i) => Math.abs(value - image.data[i]!) < 1e-15));
 * ```
 *
 * Source: agrees with numpy.fft.irfft2.
 */
export function inverseRealFft2d(
  plan: RealFft2dPlan,
  spectrum: RealSpectrum2d,
  image: RealImage,
): RealImage {
  const { data, nx, ny } = image, full = plan.nx, h = (full >> 1) + 1, { re, im } = spectrum;
  checkImage(plan, image);
  checkLength("spectrum.re", re, plan.ny * h);
  checkLength("spectrum.im", im, plan.ny * h);
  transformColumns(plan, im, re);
  const size = full * BLOCK, br = new Float64Array(size), bi = new Float64Array(size);
  const sr = new Float64Array(size), si = new Float64Array(size), scale = 1 / (full * plan.ny);
  for (let first = 0; first < ny; first += 2 * BLOCK) {
    const last = Math.min(ny, first + 2 * BLOCK);
    br.fill(0);
    bi.fill(0);
    for (let row = first, q = 0; row < last; row += 2, q++) {
      // Z[u] = A[u] + i B[u] and Z[-u] = conj A[u] + i conj B[u]
      for (let u = 0, at = row * h; u < h; u++, at++) {
        const hasSecond = row + 1 < last;
        const ar = re[at]! * scale, ai = im[at]! * scale;
        const cr = hasSecond ? re[at + h]! * scale : 0, ci = hasSecond ? im[at + h]! * scale : 0;
        const i = u * BLOCK + q;
        br[i] = ar - ci;
        bi[i] = ai + cr;
        if (u === 0 || 2 * u === full) continue;
        const j = (full - u) * BLOCK + q;
        br[j] = ar + ci;
        bi[j] = cr - ai;
      }
    }
    const isScratch = runPasses(plan.rows.passes, BLOCK, bi, br, si, sr);
    const fr = isScratch ? sr : br, fi = isScratch ? si : bi;
    for (let row = first, q = 0; row < last; row += 2, q++) {
      for (let s = 0, at = q, to = row * nx; s < nx; s++, at += BLOCK) data[to++] = fr[at]!;
      if (row + 1 === last) continue;
      for (let s = 0, at = q, to = (row + 1) * nx; s < nx; s++, at += BLOCK) data[to++] = fi[at]!;
    }
  }
  return image;
}
