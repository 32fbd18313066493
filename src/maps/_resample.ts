/**
 * Images with fewer, more or other pixels on the same sky: down, up, padded, cut out.
 *
 * A pixel of a coarse image covers f by f pixels of the fine one; its centre X is at the fine position
 * x = f X + (f - 1)/2.
 */
import type { RealImage } from "../numeric/mod.ts";
import { checkImage, outsideIndex } from "./_convolve.ts";

function checkFactor(factor: number): void {
  if (!(Number.isInteger(factor) && factor >= 1)) {
    throw new RangeError(`factor: found ${factor}, expected a positive integer`);
  }
}

/**
 * Blocks of f by f pixels joined into one.
 *
 * @param image its sizes are multiples of the factor
 * @param options `factor`; `reduce`: "sum" (NaN spreads to its block) or "mean" (of those that are not
 * NaN; NaN where all are); `valid`: pixels where it is 0 are left out of both, a sum of none being 0
 * and a mean of none NaN
 * @returns a new image
 * @throws RangeError where a size is no multiple of the factor
 */
export function downsampleImage(
  image: RealImage,
  options: {
    readonly factor: number | readonly [number, number];
    readonly reduce: "sum" | "mean";
    readonly valid?: Uint8Array;
  },
): RealImage {
  const { data, nx, ny } = image, { factor, reduce, valid } = options;
  checkImage("image", image);
  const [fx, fy] = typeof factor === "number" ? [factor, factor] : factor;
  checkFactor(fx);
  checkFactor(fy);
  if (nx % fx !== 0 || ny % fy !== 0) {
    throw new RangeError(
      `Image of ${nx} x ${ny} pixels: expected multiples of the factors ${fx} and ${fy}. ` +
        `Crop or pad it first`,
    );
  }
  if (valid !== undefined && valid.length !== data.length) {
    throw new TypeError(`valid has ${valid.length} values, expected ${nx} x ${ny}`);
  }
  const mx = nx / fx, my = ny / fy, out = new Float64Array(mx * my), isMean = reduce === "mean";
  const count = new Float64Array(isMean ? out.length : 0);
  for (let y = 0, i = 0; y < ny; y++) {
    const base = Math.floor(y / fy) * mx;
    for (let x = 0, to = base, rest = fx; x < nx; x++, i++) {
      const one = data[i]!;
      if ((valid === undefined || valid[i] !== 0) && !(isMean && one !== one)) {
        out[to]! += one;
        if (isMean) count[to]!++;
      }
      if (--rest === 0) {
        rest = fx;
        to++;
      }
    }
  }
  if (isMean) { for (let i = 0; i < out.length; i++) out[i]! /= count[i]!; }
  return { data: out, nx: mx, ny: my };
}

/**
 * Every pixel cut into f by f ones.
 *
 * @param image not changed
 * @param options `factor`; `order`: 0 for the pixel's value in all its parts, 1 for bilinear
 * interpolation between pixel centres, the edge's value kept beyond the outermost ones;
 * `preserveCounts`: divide by fx fy, so that for order 0 the sum of the parts is the pixel; false
 * @returns a new image
 * @throws RangeError for a factor that is no positive integer
 */
export function upsampleImage(
  image: RealImage,
  options: {
    readonly factor: number | readonly [number, number];
    readonly order: 0 | 1;
    readonly preserveCounts?: boolean;
  },
): RealImage {
  const { data, nx, ny } = image, { factor, order } = options;
  checkImage("image", image);
  const [fx, fy] = typeof factor === "number" ? [factor, factor] : factor;
  checkFactor(fx);
  checkFactor(fy);
  const scale = options.preserveCounts === true ? 1 / (fx * fy) : 1;
  const mx = nx * fx, my = ny * fy, out = new Float64Array(mx * my);
  const alongX = positions(nx, fx, order), alongY = positions(ny, fy, order);
  for (let y = 0, to = 0; y < my; y++) {
    const low = alongY.low[y]! * nx, v = alongY.share[y]!, high = low + (v > 0 ? nx : 0);
    for (let x = 0; x < mx; x++, to++) {
      const a = alongX.low[x]!, u = alongX.share[x]!, b = u > 0 ? a + 1 : a;
      const below = u > 0 ? (1 - u) * data[low + a]! + u * data[low + b]! : data[low + a]!;
      if (v === 0) {
        out[to] = scale * below;
        continue;
      }
      const above = u > 0 ? (1 - u) * data[high + a]! + u * data[high + b]! : data[high + a]!;
      out[to] = scale * ((1 - v) * below + v * above);
    }
  }
  return { data: out, nx: mx, ny: my };
}

/** For every fine pixel the coarse one below it, and the share of the next. */
function positions(n: number, f: number, order: 0 | 1): { low: Int32Array; share: Float64Array } {
  const low = new Int32Array(n * f), share = new Float64Array(n * f);
  for (let i = 0; i < n * f; i++) {
    const at = order === 0
      ? Math.floor(i / f)
      : Math.min(n - 1, Math.max(0, (i - (f - 1) / 2) / f));
    low[i] = Math.floor(at);
    share[i] = at - low[i]!;
  }
  return { low, share };
}

/** How an image goes on beyond its edges. */
export type PadMode = "constant" | "edge" | "reflect";

/**
 * The image with more pixels around it.
 *
 * @param image not changed
 * @param options `x` and `y`: pixels before and after; `mode`: "constant" (`value`, 0 where absent),
 * "edge" (the nearest pixel) or "reflect" (the mirror image, the edge pixel twice)
 * @returns a new image
 * @throws RangeError where numbers of pixels are no integers from 0 on
 */
export function padImage(
  image: RealImage,
  options: {
    readonly x: readonly [number, number];
    readonly y: readonly [number, number];
    readonly mode: PadMode;
    readonly value?: number;
  },
): RealImage {
  const { data, nx, ny } = image, { x, y, mode, value = 0 } = options;
  checkImage("image", image);
  if (![...x, ...y].every((one) => Number.isInteger(one) && one >= 0)) {
    throw new RangeError(`Pixels to add: found ${x} and ${y}, expected integers from 0 on`);
  }
  const mx = nx + x[0] + x[1], my = ny + y[0] + y[1], out = new Float64Array(mx * my);
  const index = (i: number, n: number): number =>
    mode === "edge" ? Math.min(n - 1, Math.max(0, i)) : outsideIndex(i, n, mode);
  const columns = Int32Array.from({ length: mx }, (_, i) => index(i - x[0], nx));
  for (let row = 0, to = 0; row < my; row++) {
    const from = index(row - y[0], ny);
    for (let i = 0; i < mx; i++, to++) {
      out[to] = from < 0 || columns[i]! < 0 ? value : data[from * nx + columns[i]!]!;
    }
  }
  return { data: out, nx: mx, ny: my };
}

/**
 * A part of an image.
 *
 * @param image not changed
 * @param part its first pixel and its size, within the image
 * @returns a new image
 * @throws RangeError where the part is not within the image
 */
export function cropImage(
  image: RealImage,
  part: { readonly x: number; readonly y: number; readonly nx: number; readonly ny: number },
): RealImage {
  const { x, y, nx, ny } = part;
  checkImage("image", image);
  const isInside = [x, y, nx, ny].every(Number.isInteger) && x >= 0 && y >= 0 && nx > 0 && ny > 0 &&
    x + nx <= image.nx && y + ny <= image.ny;
  if (!isInside) {
    throw new RangeError(
      `Part of ${nx} x ${ny} pixels at (${x}, ${y}): not within the image of ${image.nx} x ` +
        `${image.ny}`,
    );
  }
  const data = new Float64Array(nx * ny);
  for (let row = 0; row < ny; row++) {
    const from = (y + row) * image.nx + x;
    data.set(image.data.subarray(from, from + nx), row * nx);
  }
  return { data, nx, ny };
}
