/** From the pixels of one grid to those of another, and to directions on the sky. */
import {
  galacticToIcrsInto,
  icrsToGalacticInto,
  pixelToWorldInto,
  tanMatrix,
  type Wcs,
  worldToPixelInto,
} from "../sky/mod.ts";

/** Pixels of the sky. */
export interface PixelGrid {
  /** Coordinate system. */
  readonly wcs: Wcs;
  /** Pixels along x and y. */
  readonly npix: readonly [number, number];
}

/** Positions that are transformed at once. */
const BLOCK = 8192;
const DEG = Math.PI / 180;

/** Positions of one frame in another, in place. */
function turnFrame(from: Wcs, to: Wcs, x: Float64Array, y: Float64Array): void {
  if (from.frame === to.frame) return;
  const columns = { lonDeg: x, latDeg: y };
  if (to.frame === "galactic") icrsToGalacticInto(columns, columns);
  else galacticToIcrsInto(columns, columns);
}

/** The pixel positions in one system of pixel positions in another, in place; NaN where there is none. */
export function mapPixelsInto(from: Wcs, to: Wcs, x: Float64Array, y: Float64Array): void {
  const here = tanMatrix(from), there = tanMatrix(to);
  if (here === undefined || there === undefined) {
    for (let first = 0; first < x.length; first += BLOCK) {
      const xs = x.subarray(first, first + BLOCK), ys = y.subarray(first, first + BLOCK);
      pixelToWorldInto(from, { x: xs, y: ys }, { lonDeg: xs, latDeg: ys });
      turnFrame(from, to, xs, ys);
      worldToPixelInto(to, { lonDeg: xs, latDeg: ys }, { x: xs, y: ys });
    }
    return;
  }
  const d = here.toDirection, q = there.toPixel;
  const h = Float64Array.from({ length: 9 }, (_, k) => {
    const row = k - k % 3, column = k % 3;
    return q[row]! * d[column]! + q[row + 1]! * d[3 + column]! + q[row + 2]! * d[6 + column]!;
  });
  const h0 = h[0]!, h1 = h[1]!, h2 = h[2]!, h3 = h[3]!, h4 = h[4]!, h5 = h[5]!;
  const h6 = h[6]!, h7 = h[7]!, h8 = h[8]!;
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!, py = y[i]!, w = h6 * px + h7 * py + h8, scale = w > 0 ? 1 / w : NaN;
    x[i] = (h0 * px + h1 * py + h2) * scale;
    y[i] = (h3 * px + h4 * py + h5) * scale;
  }
}

/**
 * Where the centres of a grid's pixels are in another grid.
 *
 * TAN to TAN, of whatever frames, is one product and one division; anything else goes over the sky.
 *
 * @param grids the pixels asked for, and the grid in which they are asked
 * @returns two new arrays, C order [ny, nx] of `of`; NaN where a pixel is not on the other projection
 */
export function pixelsWithin(
  grids: { readonly of: PixelGrid; readonly within: PixelGrid },
): { readonly x: Float64Array; readonly y: Float64Array } {
  const { of, within } = grids, [nx, ny] = of.npix;
  const x = new Float64Array(nx * ny), y = new Float64Array(nx * ny);
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      x[i] = ix;
      y[i] = iy;
    }
  }
  mapPixelsInto(of.wcs, within.wcs, x, y);
  return { x, y };
}

/**
 * ICRS unit vectors of all corners of a grid's pixels.
 *
 * @returns a new array, C order [ny + 1, nx + 1, 3]; NaN outside the projection
 */
export function cornerVectors(grid: PixelGrid): Float64Array {
  const [nx, ny] = grid.npix, mx = nx + 1, n = mx * (ny + 1), out = new Float64Array(3 * n);
  const tan = tanMatrix(grid.wcs)?.toDirection;
  const x = new Float64Array(n), y = new Float64Array(n);
  for (let iy = 0, i = 0; iy <= ny; iy++) {
    for (let ix = 0; ix <= nx; ix++, i++) {
      x[i] = ix - 0.5;
      y[i] = iy - 0.5;
    }
  }
  if (tan !== undefined) {
    for (let i = 0; i < n; i++) {
      const px = x[i]!, py = y[i]!, vx = tan[0] * px + tan[1] * py + tan[2];
      const vy = tan[3] * px + tan[4] * py + tan[5], vz = tan[6] * px + tan[7] * py + tan[8];
      const scale = 1 / Math.sqrt(vx * vx + vy * vy + vz * vz);
      out[3 * i] = vx * scale;
      out[3 * i + 1] = vy * scale;
      out[3 * i + 2] = vz * scale;
    }
    return out;
  }
  pixelToWorldInto(grid.wcs, { x, y }, { lonDeg: x, latDeg: y });
  if (grid.wcs.frame === "galactic") {
    galacticToIcrsInto({ lonDeg: x, latDeg: y }, { lonDeg: x, latDeg: y });
  }
  for (let i = 0; i < n; i++) {
    const lon = x[i]! * DEG, lat = y[i]! * DEG, c = Math.cos(lat);
    out[3 * i] = c * Math.cos(lon);
    out[3 * i + 1] = c * Math.sin(lon);
    out[3 * i + 2] = Math.sin(lat);
  }
  return out;
}
