/**
 * Overlaps of spherical quadrilaterals in a tangent plane, where great circles are straight lines.
 *
 * A point (x, y) of the plane is the direction (x, y, 1) of the frame that has its pole at the tangent
 * point. Areas are exact, by the spherical excess of triangles: tan(E/2) = a·(b×c) / (|a||b||c| +
 * (a·b)|c| + (b·c)|a| + (c·a)|b|).
 *
 * Sources: Sutherland & Hodgman 1974, Comm. ACM 17, 32 (clipping); van Oosterom & Strackee 1983, IEEE
 * Trans. Biomed. Eng. 30, 125, equation (8) (excess).
 */

/** Most corners that four cuts can give a quadrilateral, and more. */
const ROOM = 16;

/** A polygon of the plane with room for its cuts. */
export interface PlanePolygon {
  /** Corners along x; the first `length` count. */
  readonly x: Float64Array;
  /** Corners along y. */
  readonly y: Float64Array;
}

/** An empty polygon. */
export function createPlanePolygon(): PlanePolygon {
  return { x: new Float64Array(ROOM), y: new Float64Array(ROOM) };
}

/** Solid angle of the first n corners, sr; positive where they run counter-clockwise. */
export function planePolygonSr(polygon: PlanePolygon, n: number): number {
  const { x, y } = polygon;
  if (n < 3) return 0;
  const x0 = x[0]!, y0 = y[0]!, n0 = Math.sqrt(1 + x0 * x0 + y0 * y0);
  let xb = x[1]!, yb = y[1]!, nb = Math.sqrt(1 + xb * xb + yb * yb), sum = 0;
  for (let k = 2; k < n; k++) {
    const xc = x[k]!, yc = y[k]!, nc = Math.sqrt(1 + xc * xc + yc * yc);
    const triple = (xb - x0) * (yc - y0) - (yb - y0) * (xc - x0);
    const size = n0 * nb * nc + (1 + x0 * xb + y0 * yb) * nc + (1 + xb * xc + yb * yc) * n0 +
      (1 + xc * x0 + yc * y0) * nb;
    const t = triple / size;
    sum += t < 1e-4 && t > -1e-4 && size > 0
      ? 2 * t * (1 - t * t / 3)
      : 2 * Math.atan2(triple, size);
    xb = xc;
    yb = yc;
    nb = nc;
  }
  return sum;
}

/**
 * Cuts a polygon by the sides of a convex one that runs counter-clockwise.
 *
 * @param subject quadrilateral; overwritten by the result
 * @param window convex quadrilateral, counter-clockwise
 * @param spare scratch
 * @returns the number of corners of the result
 */
export function clipToWindow(
  subject: PlanePolygon,
  window: PlanePolygon,
  spare: PlanePolygon,
): number {
  const wx = window.x, wy = window.y;
  let from = subject, to = spare, n = 4;
  for (let k = 0; k < 4 && n > 0; k++) {
    const ax = wx[k]!, ay = wy[k]!, next = (k + 1) & 3, ex = wx[next]! - ax, ey = wy[next]! - ay;
    const fx = from.x, fy = from.y, tx = to.x, ty = to.y;
    let count = 0, px = fx[n - 1]!, py = fy[n - 1]!, p = ex * (py - ay) - ey * (px - ax);
    for (let i = 0; i < n; i++) {
      const qx = fx[i]!, qy = fy[i]!, q = ex * (qy - ay) - ey * (qx - ax);
      if ((p >= 0) !== (q >= 0)) {
        const share = p / (p - q);
        tx[count] = px + (qx - px) * share;
        ty[count++] = py + (qy - py) * share;
      }
      if (q >= 0) {
        tx[count] = qx;
        ty[count++] = qy;
      }
      px = qx;
      py = qy;
      p = q;
    }
    n = count;
    [from, to] = [to, from];
  }
  // after four cuts the result is in the subject again; an early end is empty
  return n;
}
