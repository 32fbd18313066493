/** From the pixels of one grid to those of another, and to directions on the sky. */
import {
  galacticToIcrsInto,
  pixelToPixelInto,
  pixelToWorldInto,
  tanMatrix,
  type Wcs,
} from "../sky/mod.ts";

/** Pixels of the sky. */
export interface PixelGrid {
  /** Coordinate system. */
  readonly wcs: Wcs;
  /** Pixels along x and y. */
  readonly npix: readonly [number, number];
}

const DEG = Math.PI / 180;

/**
 * Where the centres of a grid's pixels are in another grid.
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
  const columns = { x, y };
  pixelToPixelInto({ from: of.wcs, to: within.wcs }, columns, columns);
  return columns;
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
