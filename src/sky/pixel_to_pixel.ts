/** From the pixels of one image to those of another, without a stop on the sky. */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { atan2Deg } from "./_atan2.ts";
import { DEG } from "./_degrees.ts";
import { compileWcs, nativeRows } from "./_wcs_kernel.ts";
import { tanMatrix } from "./tan_matrix.ts";
import type { Wcs } from "./wcs.ts";
import type { PixelColumns } from "./wcs_transform.ts";

/** Cycles in a radian. */
const CYCLE = 0.5 / Math.PI;

/** Product of two matrices of nine numbers, the second one transposed where asked. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, isTransposed: boolean): Float64Array {
  return Float64Array.from({ length: 9 }, (_, k) => {
    const row = k - k % 3, column = k % 3, first = isTransposed ? 3 * column : column;
    const step = isTransposed ? 1 : 3;
    return a[row]! * b[first]! + a[row + 1]! * b[first + step]! +
      a[row + 2]! * b[first + 2 * step]!;
  });
}

/** TAN to TAN: (x w, y w, w) is the image of (x, y, 1). */
function byMatrix(h: Float64Array, from: PixelColumns, into: PixelColumns): void {
  const h0 = h[0]!, h1 = h[1]!, h2 = h[2]!, h3 = h[3]!, h4 = h[4]!, h5 = h[5]!;
  const h6 = h[6]!, h7 = h[7]!, h8 = h[8]!, { x, y } = from, outX = into.x, outY = into.y;
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!, py = y[i]!, w = h6 * px + h7 * py + h8, scale = w > 0 ? 1 / w : NaN;
    outX[i] = (h0 * px + h1 * py + h2) * scale;
    outY[i] = (h3 * px + h4 * py + h5) * scale;
  }
}

/** Any to any: native vectors of the one turned into those of the other. */
function byVectors(here: Wcs, there: Wcs, from: PixelColumns, into: PixelColumns): void {
  const a = compileWcs(here), b = compileWcs(there), out = new Float64Array(3);
  const turn = product(nativeRows(there).flat(), nativeRows(here).flat(), true);
  const t0 = turn[0]!, t1 = turn[1]!, t2 = turn[2]!, t3 = turn[3]!, t4 = turn[4]!, t5 = turn[5]!;
  const t6 = turn[6]!, t7 = turn[7]!, t8 = turn[8]!, { x, y } = from, outX = into.x, outY = into.y;
  const [p11, p12, p21, p22] = a.toPlane, [q11, q12, q21, q22] = b.toPixel;
  const inverse = a.projection.inverse, forward = b.projection.forward;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - a.px0, dy = y[i]! - a.py0;
    inverse(p11 * dx + p12 * dy + a.x0, p21 * dx + p22 * dy + a.y0, a.pv, out);
    let l = out[0]!, m = out[1]!, n = out[2]!;
    if (!a.isVectors) {
      const phi = l * CYCLE, theta = m * CYCLE, c = cos2pi(theta);
      l = c * sin2pi(phi);
      m = -c * cos2pi(phi);
      n = sin2pi(theta);
    }
    const u = t0 * l + t1 * m + t2 * n, v = t3 * l + t4 * m + t5 * n;
    const w = t6 * l + t7 * m + t8 * n;
    if (b.isVectors) forward(u, v, w, b.pv, out);
    else {
      const theta = atan2Deg(w, Math.sqrt(u * u + v * v)) * DEG;
      forward(atan2Deg(u, -v) * DEG, theta, 0, b.pv, out);
    }
    const px = out[0]! - b.x0, py = out[1]! - b.y0;
    outX[i] = q11 * px + q12 * py + b.px0;
    outY[i] = q21 * px + q22 * py + b.py0;
  }
}

/**
 * Where pixel positions of one image are in another, of whatever projections and frames.
 *
 * It is pixelToWorld, the change of frame and worldToPixel within rounding (1e-15 rad on the sky):
 * one rotation of native unit vectors, and for TAN to TAN one matrix and one division.
 *
 * @param systems the coordinate system of the positions, and the one in which they are asked for
 * @param pixels 0-based pixel positions
 * @param into columns of at least that length that take the result; may be those of `pixels`
 * @returns `into`; NaN where a position is outside either projection
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { createWcs, pixelToPixelInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const options = { crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] } as const;
 * const from = createWcs({ projection: "CAR", ...options });
 * const to = createWcs({ projection: "TAN", ...options });
 * const pixels = { x: Float64Array.of(45, 100), y: Float64Array.of(0, 0) };
 * const { x } = pixelToPixelInto({ from, to }, pixels, pixels);
 * assert.ok(Math.abs(x[0]! - 180 / Math.PI) < 1e-12 && Number.isNaN(x[1]));
 * ```
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077, equations (2) and (5).
 */
export function pixelToPixelInto(
  systems: { readonly from: Wcs; readonly to: Wcs },
  pixels: PixelColumns,
  into: PixelColumns,
): PixelColumns {
  const n = pixels.x.length, { from, to } = systems;
  for (const [name, column] of [["y", pixels.y], ["into.x", into.x], ["into.y", into.y]] as const) {
    if (column.length < n) {
      throw new TypeError(`${name} has ${column.length} elements, expected at least ${n}`);
    }
  }
  const here = tanMatrix(from), there = tanMatrix(to);
  if (here === undefined || there === undefined) byVectors(from, to, pixels, into);
  else byMatrix(product(there.toPixel, here.toDirection, false), pixels, into);
  return into;
}
