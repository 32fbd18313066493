/**
 * Solid angles of pixels: the spherical quadrilateral through the four corners, with great-circle
 * edges, exactly.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | A, B, C, D | unit vectors of the corners in order |
 * | E | spherical excess of a triangle: tan(E/2) = A·(B×C) / (1 + A·B + B·C + C·A) |
 *
 * The triple product is taken of differences of corners, so that small pixels keep their digits;
 * the projection's native frame serves, because areas do not turn.
 *
 * Source: van Oosterom & Strackee 1983, IEEE Trans. Biomed. Eng. 30, 125, equation (8).
 */
import { compileWcs, toNativeVectors } from "./_wcs_kernel.ts";
import type { Wcs } from "./wcs.ts";
import type { PixelPosition } from "./wcs_transform.ts";

/** 2 atan of a small number by its series, of others by atan2. */
function twiceArcTangent(numerator: number, denominator: number): number {
  const t = numerator / denominator, y = t * t;
  if (!(y < 1e-6 && denominator > 0)) return 2 * Math.atan2(numerator, denominator);
  return 2 * t * (1 - y * (1 / 3 - y * 0.2));
}

/** Excess of the triangle of the vectors that begin at a, b, c. */
function excess(v: Float64Array, a: number, b: number, c: number): number {
  const ax = v[a]!, ay = v[a + 1]!, az = v[a + 2]!;
  const bx = v[b]!, by = v[b + 1]!, bz = v[b + 2]!;
  const cx = v[c]!, cy = v[c + 1]!, cz = v[c + 2]!;
  const ux = bx - ax, uy = by - ay, uz = bz - az, wx = cx - ax, wy = cy - ay, wz = cz - az;
  const triple = ax * (uy * wz - uz * wy) + ay * (uz * wx - ux * wz) + az * (ux * wy - uy * wx);
  const sum = 1 + (ax * bx + ay * by + az * bz) + (bx * cx + by * cy + bz * cz) +
    (cx * ax + cy * ay + cz * az);
  return twiceArcTangent(triple, sum);
}

/**
 * Solid angle of one pixel.
 *
 * @param wcs the coordinate system
 * @param pixel the pixel's centre, 0-based
 * @returns the solid angle, sr; NaN where a corner is outside the projection
 * @example
 * ```ts
 * import { createWcs, pixelSolidAngleSr } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "ZEA", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * const squareDegree = (Math.PI / 180) ** 2;
 * assert.ok(Math.abs(pixelSolidAngleSr(wcs, { x: 0, y: 0 }) / squareDegree - 1) < 1e-4);
 * ```
 */
export function pixelSolidAngleSr(wcs: Wcs, pixel: PixelPosition): number {
  const { x, y } = pixel, vectors = new Float64Array(12);
  const corners = {
    x: Float64Array.of(x - 0.5, x + 0.5, x + 0.5, x - 0.5),
    y: Float64Array.of(y - 0.5, y - 0.5, y + 0.5, y + 0.5),
  };
  toNativeVectors(compileWcs(wcs), corners, vectors);
  return Math.abs(excess(vectors, 0, 3, 6) + excess(vectors, 0, 6, 9));
}

/**
 * Solid angles of all pixels of an image, equal to {@linkcode pixelSolidAngleSr} of each.
 *
 * @param wcs the coordinate system
 * @param options `npix`: pixels along x and y; `out`: at least nx ny numbers, taking the solid
 * angles, sr, x fastest; NaN where a corner is outside the projection
 * @returns `out`
 * @throws TypeError where `out` is too short
 * @example
 * ```ts
 * import { createWcs, pixelSolidAnglesInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({
 *   projection: "CAR",
 *   crvalDeg: [0, 0],
 *   crpix: [18.5, 9.5],
 *   cdeltDeg: [-10, 10],
 * });
 * const all = pixelSolidAnglesInto(wcs, { npix: [36, 18], out: new Float64Array(36 * 18) });
 * assert.ok(Math.abs(all.reduce((a, b) => a + b) - 4 * Math.PI) < 1e-10);
 * ```
 */
export function pixelSolidAnglesInto(
  wcs: Wcs,
  options: { readonly npix: readonly [number, number]; readonly out: Float64Array },
): Float64Array {
  const { npix: [nx, ny], out } = options, compiled = compileWcs(wcs);
  if (out.length < nx * ny) {
    throw new TypeError(`out has ${out.length} elements, expected at least ${nx} x ${ny}`);
  }
  const x = Float64Array.from({ length: nx + 1 }, (_, i) => i - 0.5), y = new Float64Array(nx + 1);
  let below = new Float64Array(3 * (nx + 1)), above = new Float64Array(3 * (nx + 1));
  const corners = new Float64Array(12);
  toNativeVectors(compiled, { x, y: y.fill(-0.5) }, below);
  for (let iy = 0; iy < ny; iy++) {
    toNativeVectors(compiled, { x, y: y.fill(iy + 0.5) }, above);
    for (let ix = 0; ix < nx; ix++) {
      for (let k = 0; k < 3; k++) {
        corners[k] = below[3 * ix + k]!;
        corners[3 + k] = below[3 * ix + 3 + k]!;
        corners[6 + k] = above[3 * ix + 3 + k]!;
        corners[9 + k] = above[3 * ix + k]!;
      }
      out[iy * nx + ix] = Math.abs(excess(corners, 0, 3, 6) + excess(corners, 0, 6, 9));
    }
    [below, above] = [above, below];
  }
  return out;
}
