/** TAN images as matrices: between pixels and directions there is but one product and one division. */
import type { Matrix3 } from "./_matrix.ts";
import { compileWcs, nativeRows } from "./_wcs_kernel.ts";
import type { Wcs } from "./wcs.ts";

/** The matrices of a TAN image. */
export interface TanMatrix {
  /** From (x, y, 1) of a pixel position to its ICRS direction, of any length. */
  readonly toDirection: Matrix3;
  /**
   * From an ICRS direction v to (x w, y w, w) of its pixel position; w is the cosine of the distance
   * from the centre of the plane times |v|, and only w > 0 is on the image.
   */
  readonly toPixel: Matrix3;
}

/**
 * The matrices of a TAN image, its frame included.
 *
 * With N the rotation from ICRS to the native frame and (X, Y) = M (x - x0, y - y0) the plane,
 * direction = Nᵀ (X, Y, 1) and (X, Y, 1) = N v / (N v)₃.
 *
 * @param wcs a coordinate system
 * @returns a frozen record; undefined for another projection
 * @example
 * ```ts
 * import { createWcs, tanMatrix } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "TAN", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * const { toDirection: d } = tanMatrix(wcs)!;
 * // the pixel 0, 0 looks along the x axis
 * assert.ok(Math.abs(d[2] - 1) < 1e-15 && Math.abs(d[5]) < 1e-15 && Math.abs(d[8]) < 1e-15);
 * ```
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077, equations (1), (5) and section 5.1.3.
 */
export function tanMatrix(wcs: Wcs): TanMatrix | undefined {
  if (wcs.projection !== "TAN") return undefined;
  const { toPlane: [p, q, r, s], toPixel: [a, b, c, d], px0, py0, x0, y0 } = compileWcs(wcs);
  const [l, m, n] = nativeRows(wcs);
  const planeX = x0 - p * px0 - q * py0, planeY = y0 - r * px0 - s * py0;
  const atX = px0 - a * x0 - b * y0, atY = py0 - c * x0 - d * y0;
  const row = (k: 0 | 1 | 2): readonly [number, number, number] => [
    p * l[k] + r * m[k],
    q * l[k] + s * m[k],
    planeX * l[k] + planeY * m[k] + n[k],
  ];
  const form = (u: number, v: number, w: number): readonly [number, number, number] => [
    u * l[0] + v * m[0] + w * n[0],
    u * l[1] + v * m[1] + w * n[1],
    u * l[2] + v * m[2] + w * n[2],
  ];
  return Object.freeze({
    toDirection: Object.freeze([...row(0), ...row(1), ...row(2)] as const),
    toPixel: Object.freeze([...form(a, b, atX), ...form(c, d, atY), n[0], n[1], n[2]] as const),
  });
}
