/**
 * Linear convolution of images with kernels, of the size of the image.
 *
 * out[y, x] = Σ_ji K[j, i] I[y - j + cy, x - i + cx], I = 0 outside the image, with the kernel's
 * centre (cx, cy) at floor(n/2) of its sizes: a kernel of one 1 there leaves the image as it is.
 *
 * A pixel that is not finite makes NaN of every pixel that a part of the kernel other than 0 carries it
 * to, and of no other, by either method.
 */
import {
  createRealFft2dPlan,
  goodFftSize,
  inverseRealFft2d,
  realFft2d,
  type RealFft2dPlan,
  type RealImage,
  type RealSpectrum2d,
} from "../numeric/mod.ts";

/** Parts of a kernel other than 0: where they carry a pixel, and their weight. */
interface Taps {
  readonly dx: Int32Array;
  readonly dy: Int32Array;
  readonly weight: Float64Array;
}

/** A kernel made ready for images of one size. */
export interface PreparedKernel {
  /** Pixels of the images along x. */
  readonly nx: number;
  /** Pixels of the images along y. */
  readonly ny: number;
  /** Σ |K|. */
  readonly sumAbs: number;
  /** The kernel, pixel by pixel. */
  readonly taps: Taps;
  /** Plan and spectrum, divided by nothing; undefined where the direct method is taken. */
  readonly fft: { readonly plan: RealFft2dPlan; readonly spectrum: RealSpectrum2d } | undefined;
}

/** Taps up to which the direct sum, which leaves no noise, takes about the time of transforms. */
const DIRECT_TAPS = 49;

/** TypeError where an image has not the number of values that its size says. */
export function checkImage(name: string, image: RealImage): void {
  const { data, nx, ny } = image;
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx > 0 && ny > 0)) {
    throw new RangeError(`${name}: found ${nx} x ${ny} pixels, expected positive integers`);
  }
  if (data.length !== nx * ny) {
    throw new TypeError(`${name} has ${data.length} values, expected ${nx} x ${ny}`);
  }
}

/** What of a kernel can act within an image: offsets shorter than the image, weights other than 0. */
function tapsOf(kernel: RealImage, nx: number, ny: number): Taps {
  const dx: number[] = [], dy: number[] = [], weight: number[] = [];
  const cx = Math.floor(kernel.nx / 2), cy = Math.floor(kernel.ny / 2);
  for (let j = 0, at = 0; j < kernel.ny; j++) {
    for (let i = 0; i < kernel.nx; i++, at++) {
      const one = kernel.data[at]!;
      if (!Number.isFinite(one)) {
        throw new RangeError(`kernel: found ${one} at [${j}, ${i}], expected finite numbers`);
      }
      if (one === 0 || Math.abs(i - cx) >= nx || Math.abs(j - cy) >= ny) continue;
      dx.push(i - cx);
      dy.push(j - cy);
      weight.push(one);
    }
  }
  return {
    dx: Int32Array.from(dx),
    dy: Int32Array.from(dy),
    weight: Float64Array.from(weight),
  };
}

/**
 * A kernel for {@linkcode convolve} of images of one size: its spectrum is made once.
 *
 * @param kernel of any size; not kept
 * @param images size of the images; `method`: "direct" or "fft", the faster one where absent
 * @returns a frozen record
 * @throws RangeError where the kernel is not finite; TypeError where its data have another length
 */
export function prepareKernel(
  kernel: RealImage,
  images: { readonly nx: number; readonly ny: number; readonly method?: "direct" | "fft" },
): PreparedKernel {
  const { nx, ny } = images;
  checkImage("kernel", kernel);
  const taps = tapsOf(kernel, nx, ny), { dx, dy, weight } = taps;
  let sumAbs = 0, reachX = 0, reachY = 0;
  for (let k = 0; k < weight.length; k++) {
    sumAbs += Math.abs(weight[k]!);
    reachX = Math.max(reachX, Math.abs(dx[k]!));
    reachY = Math.max(reachY, Math.abs(dy[k]!));
  }
  const method = images.method ?? (weight.length <= DIRECT_TAPS ? "direct" : "fft");
  if (method === "direct") return Object.freeze({ nx, ny, sumAbs, taps, fft: undefined });
  // what wraps around falls beyond the image, since offsets are at most the reach
  const plan = createRealFft2dPlan({
    nx: goodFftSize(nx + reachX),
    ny: goodFftSize(ny + reachY),
  });
  const data = new Float64Array(plan.nx * plan.ny);
  for (let k = 0; k < weight.length; k++) {
    const x = (dx[k]! + plan.nx) % plan.nx, y = (dy[k]! + plan.ny) % plan.ny;
    data[y * plan.nx + x] = weight[k]!;
  }
  const spectrum = realFft2d(plan, { data, nx: plan.nx, ny: plan.ny });
  return Object.freeze({ nx, ny, sumAbs, taps, fft: Object.freeze({ plan, spectrum }) });
}

function direct(taps: Taps, image: RealImage, out: Float64Array): void {
  const { data, nx, ny } = image, { dx, dy, weight } = taps, n = weight.length;
  out.fill(0);
  for (let y = 0; y < ny; y++) {
    for (let k = 0; k < n; k++) {
      const from = y - dy[k]!, shift = dx[k]!, w = weight[k]!;
      if (from < 0 || from >= ny) continue;
      const first = Math.max(0, shift), last = Math.min(nx, nx + shift);
      let at = y * nx + first;
      const end = y * nx + last;
      for (let i = from * nx + first - shift; at < end; at++, i++) out[at]! += w * data[i]!;
    }
  }
}

function byTransform(kernel: PreparedKernel, image: RealImage, out: Float64Array): void {
  const { plan, spectrum } = kernel.fft!, product = realFft2d(plan, image);
  const { re, im } = product, kr = spectrum.re, ki = spectrum.im;
  for (let i = 0; i < re.length; i++) {
    const a = re[i]!, b = im[i]!, c = kr[i]!, d = ki[i]!;
    re[i] = a * c - b * d;
    im[i] = a * d + b * c;
  }
  inverseRealFft2d(plan, product, { data: out, nx: image.nx, ny: image.ny });
}

/** Indices of the values that are not finite. */
function notFinite(data: Float64Array): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const one = data[i]!;
    if (one - one !== 0) found.push(i);
  }
  return found;
}

function spreadNaN(taps: Taps, image: RealImage, bad: readonly number[], out: Float64Array): void {
  const { nx, ny } = image, { dx, dy } = taps;
  for (const at of bad) {
    const x0 = at % nx, y0 = (at - x0) / nx;
    for (let k = 0; k < dx.length; k++) {
      const x = x0 + dx[k]!, y = y0 + dy[k]!;
      if (x >= 0 && x < nx && y >= 0 && y < ny) out[y * nx + x] = NaN;
    }
  }
}

/**
 * Linear convolution, zeros outside the image, of the image's size.
 *
 * Transforms agree with the direct sum to 1e-15 Σ|K| max|I| and leave noise of that size where the sum
 * is 0.
 *
 * @param kernel from {@linkcode prepareKernel} for images of this size
 * @param image not changed
 * @param out nx ny numbers to overwrite, not the image's; new ones where absent
 * @returns `out`
 * @throws TypeError for another size
 */
export function convolve(
  kernel: PreparedKernel,
  image: RealImage,
  out: Float64Array = new Float64Array(image.data.length),
): Float64Array {
  checkImage("image", image);
  if (image.nx !== kernel.nx || image.ny !== kernel.ny || out.length !== image.data.length) {
    throw new TypeError(
      `image of ${image.nx} x ${image.ny} pixels and out of ${out.length} values: the kernel was ` +
        `prepared for ${kernel.nx} x ${kernel.ny}`,
    );
  }
  const bad = notFinite(image.data);
  let clean = image;
  if (bad.length > 0) {
    const data = image.data.slice();
    for (const i of bad) data[i] = 0;
    clean = { data, nx: image.nx, ny: image.ny };
  }
  if (kernel.fft === undefined) direct(kernel.taps, clean, out);
  else byTransform(kernel, clean, out);
  spreadNaN(kernel.taps, image, bad, out);
  return out;
}

/** Share of Σ|K| below which what a pixel sees of the valid image counts as nothing. */
const LEAST_SHARE = 1e-10;

/**
 * Mean of the valid pixels around each pixel, weighted by the kernel: Σ K v I / Σ K v.
 *
 * @param kernel from {@linkcode prepareKernel}, not negative
 * @param image values where `valid` is 0 are not looked at
 * @param valid 1 where a pixel counts, 0 elsewhere
 * @returns new values; NaN where Σ K v is below 1e-10 Σ|K|, so where no valid pixel is in reach
 * @throws TypeError for another size
 */
export function convolveValid(
  kernel: PreparedKernel,
  image: RealImage,
  valid: Uint8Array,
): Float64Array {
  const { data, nx, ny } = image, values = new Float64Array(data.length);
  const weights = new Float64Array(data.length), least = LEAST_SHARE * kernel.sumAbs;
  if (valid.length !== data.length) {
    throw new TypeError(`valid has ${valid.length} values, expected ${nx} x ${ny}`);
  }
  for (let i = 0; i < data.length; i++) {
    if (valid[i] === 0) continue;
    values[i] = data[i]!;
    weights[i] = 1;
  }
  const sums = convolve(kernel, { data: values, nx, ny });
  const seen = convolve(kernel, { data: weights, nx, ny });
  for (let i = 0; i < sums.length; i++) sums[i] = seen[i]! > least ? sums[i]! / seen[i]! : NaN;
  return sums;
}

/** What lies outside the image: zeros, or its mirror image, the edge pixel twice (d c b a | a b c d). */
export type OutsideMode = "constant" | "reflect";

/** Index within n of one outside, mirrored at the edges; -1 for zeros. */
export function outsideIndex(i: number, n: number, mode: OutsideMode): number {
  if (i >= 0 && i < n) return i;
  if (mode === "constant") return -1;
  const folded = ((i % (2 * n)) + 2 * n) % (2 * n);
  return folded < n ? folded : 2 * n - 1 - folded;
}

/**
 * Convolution with the product of a kernel along x and one along y, by direct sums: no noise, so that
 * an image and kernels that are not negative stay so.
 *
 * @param image not changed; NaN spreads to the rectangle of the kernels
 * @param kernels taps along x and y, centres at floor(n/2); `outside`: zeros where absent
 * @returns new values
 * @throws TypeError where data have another length
 */
export function convolveSeparable(
  image: RealImage,
  kernels: { readonly x: Float64Array; readonly y: Float64Array; readonly outside?: OutsideMode },
): Float64Array {
  checkImage("image", image);
  const { data, nx, ny } = image, { x: kx, y: ky, outside = "constant" } = kernels;
  const n = kx.length, low = n - 1 - Math.floor(n / 2), row = new Float64Array(nx + n + 3);
  const from = Int32Array.from(
    { length: nx + n - 1 },
    (_, i) => outsideIndex(i - low, nx, outside),
  );
  const taps = kx.slice().reverse(), middle = new Float64Array(nx * ny);
  for (let y = 0, base = 0; y < ny; y++, base += nx) {
    for (let i = 0; i < from.length; i++) row[i] = from[i]! < 0 ? 0 : data[base + from[i]!]!;
    for (let x = 0; x < nx; x += 4) {
      let a = 0, b = 0, c = 0, d = 0;
      for (let k = 0, i = x; k < n; k++, i++) {
        const w = taps[k]!;
        a += w * row[i]!;
        b += w * row[i + 1]!;
        c += w * row[i + 2]!;
        d += w * row[i + 3]!;
      }
      middle[base + x] = a;
      if (x + 1 < nx) middle[base + x + 1] = b;
      if (x + 2 < nx) middle[base + x + 2] = c;
      if (x + 3 < nx) middle[base + x + 3] = d;
    }
  }
  return alongY({ data: middle, nx, ny }, ky, outside);
}

/** The second half of {@linkcode convolveSeparable}: whole rows are added, four at a time. */
function alongY(image: RealImage, kernel: Float64Array, outside: OutsideMode): Float64Array {
  const { data, nx, ny } = image, n = kernel.length, center = Math.floor(n / 2);
  const out = new Float64Array(nx * ny), rows: number[] = [], weights: number[] = [];
  for (let y = 0; y < ny; y++) {
    rows.length = 0;
    weights.length = 0;
    for (let k = n - 1; k >= 0; k--) {
      const from = outsideIndex(y + center - k, ny, outside);
      if (from < 0) continue;
      rows.push(from * nx);
      weights.push(kernel[k]!);
    }
    const base = y * nx, many = rows.length - rows.length % 4;
    for (let k = 0; k < many; k += 4) {
      const a = rows[k]!, b = rows[k + 1]!, c = rows[k + 2]!, d = rows[k + 3]!;
      const p = weights[k]!, q = weights[k + 1]!, r = weights[k + 2]!, s = weights[k + 3]!;
      for (let x = 0; x < nx; x++) {
        out[base + x]! += p * data[a + x]! + q * data[b + x]! + r * data[c + x]! +
          s * data[d + x]!;
      }
    }
    for (let k = many; k < rows.length; k++) {
      const a = rows[k]!, p = weights[k]!;
      for (let x = 0; x < nx; x++) out[base + x]! += p * data[a + x]!;
    }
  }
  return out;
}
