/**
 * Edges of HEALPix pixels: a place (x, y) in a face need not be a pixel's centre but is any of [0, n]².
 *
 * On an edge, x or y is an integer; no edge crosses |z| = 2/3 between its corners, so that each is a
 * smooth curve.
 */
import { DEG } from "./_degrees.ts";
import { FACE_LON, FACE_RING, SQRT6 } from "./_healpix_kernel.ts";
import type { Vector } from "./_region_icrs.ts";

/** Longitude in [0, 360) and latitude of a place, deg. */
export function placeToAng(
  n: number,
  x: number,
  y: number,
  face: number,
): readonly [number, number] {
  const jr = FACE_RING[face]! * n - x - y, nr = jr < n ? jr : jr > 3 * n ? 4 * n - jr : n;
  let twice = FACE_LON[face]! * nr + x - y;
  if (twice < 0) twice += 8 * nr;
  if (nr <= 0) return [0, jr < n ? 90 : -90];
  const lon = twice * 45 / nr;
  if (nr === n) return [lon, Math.asin((2 * n - jr) * 2 / (3 * n)) / DEG];
  const colatitude = 2 * Math.asin(nr / (n * SQRT6)) / DEG;
  return [lon, jr < n ? 90 - colatitude : colatitude - 90];
}

/** Unit vector of a place. */
function placeToVector(n: number, x: number, y: number, face: number): Vector {
  const [lon, lat] = placeToAng(n, x, y, face), c = Math.cos(lat * DEG);
  return [c * Math.cos(lon * DEG), c * Math.sin(lon * DEG), Math.sin(lat * DEG)];
}

function chord(a: Vector, b: Vector): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Halvings after which a piece of an edge that may be near enough is taken as near enough. */
const DEPTH = 24;
/** Largest excess of an edge's length over its chord; tested. A piece's falls with each halving. */
export const EDGE_EXCESS = 0.3;

/** A curve in a face between two places, with their vectors. */
interface Piece {
  readonly n: number;
  readonly face: number;
  readonly x0: number;
  readonly y0: number;
  readonly a: Vector;
  readonly x1: number;
  readonly y1: number;
  readonly b: Vector;
}

/** Whether some point of a piece of an edge has a chord to `center` of at most `reach`. */
function comesNear(piece: Piece, center: Vector, reach: number, depth: number): boolean {
  const { n, face, x0, y0, a, x1, y1, b } = piece, da = chord(a, center), db = chord(b, center);
  if (da <= reach || db <= reach) return true;
  const length = chord(a, b) * (1 + EDGE_EXCESS * 2 ** -depth);
  // a point of the curve is at least so far away, by the triangle inequality
  if ((da + db - length) / 2 > reach) return false;
  if (depth === DEPTH) return true;
  const x = (x0 + x1) / 2, y = (y0 + y1) / 2, middle = placeToVector(n, x, y, face);
  return comesNear({ n, face, x0, y0, a, x1: x, y1: y, b: middle }, center, reach, depth + 1) ||
    comesNear({ n, face, x0: x, y0: y, a: middle, x1, y1, b }, center, reach, depth + 1);
}

/** Whether the outline of the pixel with the southern corner (x, y) has a point within a chord. */
export function outlineComesNear(
  place: { readonly n: number; readonly x: number; readonly y: number; readonly face: number },
  center: Vector,
  reach: number,
): boolean {
  const { n, x, y, face } = place;
  const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]] as const;
  const vectors = corners.map(([u, v]) => placeToVector(n, u, v, face));
  return corners.some(([x0, y0], i) => {
    const j = (i + 1) & 3, [x1, y1] = corners[j]!;
    const piece = { n, face, x0, y0, a: vectors[i]!, x1, y1, b: vectors[j]! };
    return comesNear(piece, center, reach, 0);
  });
}
