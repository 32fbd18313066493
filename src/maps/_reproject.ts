/**
 * Images on other grids by interpolation: values, not sums, are carried over.
 *
 * | method | value at a position between centres |
 * | --- | --- |
 * | nearest | that of the nearest pixel, halves to the even one |
 * | bilinear | linear along x and y between four centres |
 * | bicubic | Keys's cubic convolution with a = -1/2 on sixteen centres: exact for quadratics |
 *
 * A position is on an image where -1/2 <= x <= nx - 1/2 and the same along y. Centres beyond the edge
 * have the value of the edge's pixel. A pixel that is NaN makes NaN of what has a part of it.
 *
 * Source: Keys 1981, IEEE Trans. ASSP 29, 1153, equation (15).
 */
import type { RealImage } from "../numeric/mod.ts";
import { roundHalfEven } from "../sky/mod.ts";
import { checkImage } from "./_convolve.ts";
import { type PixelGrid, pixelsWithin } from "./_pixel_mapping.ts";

/** Name of an interpolation. */
export type ImageInterpolation = "nearest" | "bilinear" | "bicubic";

/** Pixel positions, columns of one length. */
export interface PixelPositions {
  /** Along x, centres at integers. */
  readonly x: Float64Array;
  /** Along y. */
  readonly y: Float64Array;
}

function nearest(image: RealImage, at: PixelPositions, out: Float64Array): void {
  const { data, nx, ny } = image, { x, y } = at;
  for (let i = 0; i < out.length; i++) {
    const px = x[i]!, py = y[i]!;
    if (!(px >= -0.5 && px <= nx - 0.5 && py >= -0.5 && py <= ny - 0.5)) {
      out[i] = NaN;
      continue;
    }
    // halves at the two outer edges belong to the image
    const ix = Math.min(nx - 1, Math.max(0, roundHalfEven(px)));
    out[i] = data[Math.min(ny - 1, Math.max(0, roundHalfEven(py))) * nx + ix]!;
  }
}

function bilinear(image: RealImage, at: PixelPositions, out: Float64Array): void {
  const { data, nx, ny } = image, { x, y } = at, lastX = nx - 1, lastY = ny - 1;
  for (let i = 0; i < out.length; i++) {
    const px = x[i]!, py = y[i]!;
    if (!(px >= -0.5 && px <= lastX + 0.5 && py >= -0.5 && py <= lastY + 0.5)) {
      out[i] = NaN;
      continue;
    }
    const cx = px < 0 ? 0 : px > lastX ? lastX : px, cy = py < 0 ? 0 : py > lastY ? lastY : py;
    const ix = cx | 0, iy = cy | 0, u = cx - ix, v = cy - iy;
    // a neighbour of weight 0 is not looked at: it may be NaN, or beyond the edge
    const from = iy * nx + ix, dx = u > 0 ? 1 : 0, dy = v > 0 ? nx : 0;
    const low = data[from]! * (1 - u) + data[from + dx]! * u;
    out[i] = low * (1 - v) + (data[from + dy]! * (1 - u) + data[from + dy + dx]! * u) * v;
  }
}

/** Weights of the four centres -1, 0, 1, 2 for a position u in [0, 1). */
function keysWeights(u: number, w: Float64Array): void {
  const u2 = u * u, u3 = u2 * u;
  w[0] = -0.5 * u3 + u2 - 0.5 * u;
  w[1] = 1.5 * u3 - 2.5 * u2 + 1;
  w[2] = -1.5 * u3 + 2 * u2 + 0.5 * u;
  w[3] = 0.5 * u3 - 0.5 * u2;
}

function bicubic(image: RealImage, at: PixelPositions, out: Float64Array): void {
  const { data, nx, ny } = image, { x, y } = at, lastX = nx - 1, lastY = ny - 1;
  const wx = new Float64Array(4), wy = new Float64Array(4), columns = new Int32Array(4);
  for (let i = 0; i < out.length; i++) {
    const px = x[i]!, py = y[i]!;
    if (!(px >= -0.5 && px <= lastX + 0.5 && py >= -0.5 && py <= lastY + 0.5)) {
      out[i] = NaN;
      continue;
    }
    const cx = px < 0 ? 0 : px > lastX ? lastX : px, cy = py < 0 ? 0 : py > lastY ? lastY : py;
    const ix = cx | 0, iy = cy | 0;
    keysWeights(cx - ix, wx);
    keysWeights(cy - iy, wy);
    for (let k = 0; k < 4; k++) {
      const column = ix + k - 1;
      columns[k] = column < 0 ? 0 : column > lastX ? lastX : column;
    }
    let sum = 0;
    for (let j = 0; j < 4; j++) {
      const weight = wy[j]!,
        row = iy + j - 1,
        base = nx * (row < 0 ? 0 : row > lastY ? lastY : row);
      if (weight === 0) continue;
      for (let k = 0; k < 4; k++) {
        if (wx[k] !== 0) sum += weight * wx[k]! * data[base + columns[k]!]!;
      }
    }
    out[i] = sum;
  }
}

/**
 * Values of an image at pixel positions.
 *
 * @param image not changed
 * @param at positions; they may serve any number of planes
 * @param options `method`; `out`: as many numbers as positions to overwrite, new ones where absent
 * @returns `out`; NaN outside the image and where a position is NaN
 * @throws TypeError where lengths differ
 */
export function interpolateImage(
  image: RealImage,
  at: PixelPositions,
  options: { readonly method: ImageInterpolation; readonly out?: Float64Array },
): Float64Array {
  const { method, out = new Float64Array(at.x.length) } = options;
  checkImage("image", image);
  if (at.y.length !== at.x.length || out.length !== at.x.length) {
    throw new TypeError(
      `${at.x.length} x, ${at.y.length} y and out of ${out.length}: expected one length`,
    );
  }
  if (method === "nearest") nearest(image, at, out);
  else if (method === "bilinear") bilinear(image, at, out);
  else bicubic(image, at, out);
  return out;
}

/**
 * An image on another grid, of any projection and frame, by interpolation at its pixels' centres.
 *
 * For many planes take {@linkcode pixelsWithin} once and {@linkcode interpolateImage} of each.
 *
 * @param data values of the image, C order [ny, nx] of `from`
 * @param grids the grid of the image, the one asked for, and the interpolation
 * @returns new values, C order [ny, nx] of `to`; NaN outside the image
 * @throws TypeError where `data` has another length
 */
export function reprojectByInterpolation(
  data: Float64Array,
  grids: {
    readonly from: PixelGrid;
    readonly to: PixelGrid;
    readonly method: ImageInterpolation;
  },
): Float64Array {
  const { from, to, method } = grids, [nx, ny] = from.npix;
  const at = pixelsWithin({ of: to, within: from });
  return interpolateImage({ data, nx, ny }, at, { method, out: at.x });
}
