/**
 * Images on other grids by exact overlap: sums are conserved.
 *
 * Pixels are spherical quadrilaterals, great circles between the corners, as in their solid angles. The
 * share of a source pixel that goes to a target pixel is the solid angle of their intersection over
 * that of the source pixel, exact but for rounding, whatever the projections. Target pixels share their
 * sides, so that the shares of a source pixel inside the target add up to 1.
 *
 * Pixels with a corner outside their projection have no quadrilateral: they neither give nor take.
 */
import { galacticToIcrs, pixelSolidAnglesInto, pixelToPixelInto, type Wcs } from "../sky/mod.ts";
import { clipToWindow, createPlanePolygon, type PlanePolygon, planePolygonSr } from "./_clip.ts";
import { cornerVectors, type PixelGrid } from "./_pixel_mapping.ts";

const DEG = Math.PI / 180;

/** Which part of every source pixel goes where. */
export interface OverlapWeights {
  /** First share of every source pixel, and the end: C order [ny, nx], plus one. */
  readonly start: Uint32Array;
  /** Target pixel of every share. */
  readonly target: Uint32Array;
  /** Share of the source pixel, in (0, 1]. */
  readonly share: Float64Array;
  /** Solid angles of the source pixels, sr; NaN where they have none. */
  readonly sourceSr: Float64Array;
  /** Share of every target pixel that the source covers, 0 to 1. */
  readonly coverage: Float64Array;
}

type Vector = readonly [number, number, number];

/** ICRS directions of the native poles of a system, where its projection may be singular. */
function nativePoles(wcs: Wcs): readonly Vector[] {
  const [lon, lat] = wcs.poleDeg, here = { lonDeg: lon, latDeg: lat };
  const { lonDeg, latDeg } = wcs.frame === "galactic" ? galacticToIcrs(here) : here;
  const c = Math.cos(latDeg * DEG);
  const v: Vector = [
    c * Math.cos(lonDeg * DEG),
    c * Math.sin(lonDeg * DEG),
    Math.sin(latDeg * DEG),
  ];
  return [v, [-v[0], -v[1], -v[2]]];
}

/** A cap that holds all pixels of a grid, and the longest diagonal of a pixel, as angles, rad. */
function capOf(
  vectors: Float64Array,
  npix: readonly [number, number],
): { readonly center: Vector; readonly radius: number; readonly diagonal: number } {
  let x = 0, y = 0, z = 0, longest = 0;
  const row = 3 * (npix[0] + 1);
  for (let i = 0; i < vectors.length; i += 3) {
    const vx = vectors[i]!, vy = vectors[i + 1]!, vz = vectors[i + 2]!;
    if (!(vx - vx === 0)) continue;
    x += vx;
    y += vy;
    z += vz;
    for (const [a, b] of [[i, i + row + 3], [i + 3, i + row]] as const) {
      if (i % row === row - 3 || b >= vectors.length) continue;
      const dx = vectors[a]! - vectors[b]!, dy = vectors[a + 1]! - vectors[b + 1]!;
      const dz = vectors[a + 2]! - vectors[b + 2]!, d = dx * dx + dy * dy + dz * dz;
      if (d > longest) longest = d;
    }
  }
  const length = Math.hypot(x, y, z), diagonal = 2 * Math.asin(Math.min(1, Math.sqrt(longest) / 2));
  if (!(length > 1e-3 * vectors.length / 3)) {
    return { center: [0, 0, 1], radius: Math.PI, diagonal };
  }
  const center: Vector = [x / length, y / length, z / length];
  let least = 1;
  for (let i = 0; i < vectors.length; i += 3) {
    const d = vectors[i]! * center[0] + vectors[i + 1]! * center[1] + vectors[i + 2]! * center[2];
    if (d < least) least = d;
  }
  return { center, radius: Math.acos(Math.max(-1, least)) + diagonal + 1e-6, diagonal };
}

/** Shares as they are found. */
interface Found {
  target: Uint32Array;
  share: Float64Array;
  length: number;
}

function push(found: Found, target: number, share: number): void {
  if (found.length === found.target.length) {
    const size = 2 * found.length, more = new Uint32Array(size), shares = new Float64Array(size);
    more.set(found.target);
    shares.set(found.share);
    found.target = more;
    found.share = shares;
  }
  found.target[found.length] = target;
  found.share[found.length++] = share;
}

/** A source pixel in its tangent plane: axes, corners counter-clockwise, their box. */
interface Source {
  /** Tangent point and the two axes, nine numbers. */
  readonly frame: Float64Array;
  readonly window: PlanePolygon;
  readonly box: Float64Array;
}

/** Sets the tangent plane of a pixel from its four corners; its solid angle, or NaN. */
function setSource(source: Source, vectors: Float64Array, corners: Int32Array): number {
  const { frame: f, window, box } = source;
  let x = 0, y = 0, z = 0;
  for (const at of corners) {
    x += vectors[at]!;
    y += vectors[at + 1]!;
    z += vectors[at + 2]!;
  }
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 1e-9)) return NaN;
  x /= length;
  y /= length;
  z /= length;
  // an axis across the smallest component
  const ax = Math.abs(z) < 0.9 ? -y : 0, ay = Math.abs(z) < 0.9 ? x : -z;
  const az = Math.abs(z) < 0.9 ? 0 : y, a = Math.sqrt(ax * ax + ay * ay + az * az);
  f[0] = x;
  f[1] = y;
  f[2] = z;
  f[3] = ax / a;
  f[4] = ay / a;
  f[5] = az / a;
  f[6] = y * f[5]! - z * f[4]!;
  f[7] = z * f[3]! - x * f[5]!;
  f[8] = x * f[4]! - y * f[3]!;
  for (let k = 0; k < 4; k++) toPlane(f, vectors, corners[k]!, window, k);
  let sr = planePolygonSr(window, 4);
  if (sr < 0) {
    const wx = window.x[1]!, wy = window.y[1]!;
    window.x[1] = window.x[3]!;
    window.y[1] = window.y[3]!;
    window.x[3] = wx;
    window.y[3] = wy;
    sr = -sr;
  }
  const { x: u, y: v } = window;
  box[0] = Math.min(u[0]!, u[1]!, u[2]!, u[3]!);
  box[1] = Math.max(u[0]!, u[1]!, u[2]!, u[3]!);
  box[2] = Math.min(v[0]!, v[1]!, v[2]!, v[3]!);
  box[3] = Math.max(v[0]!, v[1]!, v[2]!, v[3]!);
  return sr;
}

/** The corner at `at` of `vectors` in the tangent plane; NaN where it is 90 deg away or more. */
function toPlane(
  f: Float64Array,
  vectors: Float64Array,
  at: number,
  out: PlanePolygon,
  k: number,
): void {
  const x = vectors[at]!, y = vectors[at + 1]!, z = vectors[at + 2]!;
  const depth = x * f[0]! + y * f[1]! + z * f[2]!, scale = depth > 1e-9 ? 1 / depth : NaN;
  out.x[k] = (x * f[3]! + y * f[4]! + z * f[5]!) * scale;
  out.y[k] = (x * f[6]! + y * f[7]! + z * f[8]!) * scale;
}

/** Scratch of {@linkcode overlapsWithin}: two rows of target corners, and polygons. */
interface Scratch {
  below: PlanePolygon;
  above: PlanePolygon;
  readonly quad: PlanePolygon;
  readonly spare: PlanePolygon;
}

/** Overlaps of one source pixel with the target pixels [x0, x1) by [y0, y1). */
function overlapsWithin(
  source: Source,
  target: { readonly vectors: Float64Array; readonly nx: number },
  range: { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number },
  scratch: Scratch,
  how: { readonly perSr: number; readonly found: Found },
): void {
  const { frame, window, box } = source, { vectors, nx } = target, { x0, x1, y0, y1 } = range;
  const { quad, spare } = scratch, { perSr, found } = how, u = quad.x, v = quad.y;
  const boxX0 = box[0]!, boxX1 = box[1]!, boxY0 = box[2]!, boxY1 = box[3]!;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0, at = 3 * (y * (nx + 1) + x0); x <= x1; x++, at += 3) {
      toPlane(frame, vectors, at, scratch.above, x - x0);
    }
    const { below, above } = scratch, bx = below.x, by = below.y, cx = above.x, cy = above.y;
    scratch.below = above;
    scratch.above = below;
    if (y === y0) continue;
    for (let x = x0, i = 0; x < x1; x++, i++) {
      const xa = bx[i]!, xb = bx[i + 1]!, xc = cx[i + 1]!, xd = cx[i]!;
      const ya = by[i]!, yb = by[i + 1]!, yc = cy[i + 1]!, yd = cy[i]!;
      // wholly beside the box of the source pixel, or a corner NaN
      if (!(xa + xb + xc + xd + ya + yb + yc + yd < Infinity)) continue;
      if (xa >= boxX1 && xb >= boxX1 && xc >= boxX1 && xd >= boxX1) continue;
      if (xa <= boxX0 && xb <= boxX0 && xc <= boxX0 && xd <= boxX0) continue;
      if (ya >= boxY1 && yb >= boxY1 && yc >= boxY1 && yd >= boxY1) continue;
      if (ya <= boxY0 && yb <= boxY0 && yc <= boxY0 && yd <= boxY0) continue;
      u[0] = xa;
      u[1] = xb;
      u[2] = xc;
      u[3] = xd;
      v[0] = ya;
      v[1] = yb;
      v[2] = yc;
      v[3] = yd;
      const share = Math.abs(planePolygonSr(quad, clipToWindow(quad, window, spare))) * perSr;
      if (share > 1e-15) push(found, (y - 1) * nx + x, share);
    }
  }
}

/** The least range of n pixels that holds four positions and a margin for curved sides. */
function rangeOf(p: Float64Array, corners: Int32Array, n: number): readonly [number, number] {
  let low = Infinity, high = -Infinity;
  for (const at of corners) {
    const one = p[at / 3]!;
    if (one - one !== 0) return [0, n];
    if (one < low) low = one;
    if (one > high) high = one;
  }
  const margin = 1 + 0.25 * (high - low);
  return [
    Math.max(0, Math.min(n, Math.floor(low - margin))),
    Math.max(0, Math.min(n, Math.ceil(high + margin) + 1)),
  ];
}

/**
 * The shares of all source pixels on a target grid, of any projections and frames: made once, for any
 * number of planes.
 *
 * @param grids the source grid and the target grid
 * @returns a frozen record
 */
export function overlapWeights(
  grids: { readonly from: PixelGrid; readonly to: PixelGrid },
): OverlapWeights {
  const { from, to } = grids, [nx, ny] = from.npix, [mx, my] = to.npix;
  const vectors = cornerVectors(from), targets = cornerVectors(to), cap = capOf(targets, to.npix);
  const poles = nativePoles(to.wcs), columns = nx + 1;
  const px = new Float64Array(columns * (ny + 1)), py = new Float64Array(px.length);
  for (let i = 0; i < px.length; i++) {
    px[i] = i % columns - 0.5;
    py[i] = Math.floor(i / columns) - 0.5;
  }
  pixelToPixelInto({ from: from.wcs, to: to.wcs }, { x: px, y: py }, { x: px, y: py });
  const room = (): PlanePolygon => ({ x: new Float64Array(mx + 1), y: new Float64Array(mx + 1) });
  const scratch = {
    below: room(),
    above: room(),
    quad: createPlanePolygon(),
    spare: createPlanePolygon(),
  };
  const source: Source = {
    frame: new Float64Array(9),
    window: createPlanePolygon(),
    box: new Float64Array(4),
  };
  const found = { target: new Uint32Array(4096), share: new Float64Array(4096), length: 0 };
  const start = new Uint32Array(nx * ny + 1), corners = new Int32Array(4);
  const sourceSr = new Float64Array(nx * ny).fill(NaN), grid = { vectors: targets, nx: mx };
  for (let i = 0; i < nx * ny; i++) {
    const ix = i % nx, at = 3 * ((i - ix) / nx * columns + ix);
    corners[0] = at;
    corners[1] = at + 3;
    corners[2] = at + 3 * columns + 3;
    corners[3] = at + 3 * columns;
    const sr = setSource(source, vectors, corners);
    start[i + 1] = found.length;
    if (!(sr > 0)) continue;
    sourceSr[i] = sr;
    const { frame: f, box } = source, c = cap.center;
    const size = Math.max(-box[0]!, box[1]!, -box[2]!, box[3]!), radius = Math.atan(1.5 * size);
    if (
      f[0]! * c[0] + f[1]! * c[1] + f[2]! * c[2] < Math.cos(Math.min(Math.PI, cap.radius + radius))
    ) {
      continue;
    }
    const near = Math.cos(radius);
    const isPolar = poles.some((p) => f[0]! * p[0] + f[1]! * p[1] + f[2]! * p[2] >= near);
    const [x0, x1] = isPolar ? [0, mx] : rangeOf(px, corners, mx);
    const [y0, y1] = isPolar ? [0, my] : rangeOf(py, corners, my);
    if (x0 < x1 && y0 < y1) {
      overlapsWithin(source, grid, { x0, x1, y0, y1 }, scratch, { perSr: 1 / sr, found });
    }
    start[i + 1] = found.length;
  }
  const target = found.target.slice(0, found.length), share = found.share.slice(0, found.length);
  const coverage = new Float64Array(mx * my), targetSr = new Float64Array(mx * my);
  pixelSolidAnglesInto(to.wcs, { npix: to.npix, out: targetSr });
  for (let i = 0; i < nx * ny; i++) {
    for (let k = start[i]!; k < start[i + 1]!; k++) {
      coverage[target[k]!]! += share[k]! * sourceSr[i]!;
    }
  }
  for (let i = 0; i < coverage.length; i++) {
    if (coverage[i]! > 0) coverage[i] = Math.min(1, coverage[i]! / targetSr[i]!);
  }
  return Object.freeze({ start, target, share, sourceSr, coverage });
}

function checkPlane(weights: OverlapWeights, data: Float64Array): void {
  if (data.length !== weights.start.length - 1) {
    throw new TypeError(
      `data has ${data.length} values, expected ${weights.start.length - 1} of the source grid`,
    );
  }
}

/**
 * Sums (counts, flux, exposure times solid angle) on the target grid.
 *
 * @param weights from {@linkcode overlapWeights}
 * @param data a plane on the source grid; NaN spreads to the pixels it overlaps
 * @returns new values: out = Σ share data, 0 where the source does not reach; what of the source is
 * outside the target is left out, the rest is conserved
 * @throws TypeError where `data` has another length
 */
export function reprojectSums(weights: OverlapWeights, data: Float64Array): Float64Array {
  checkPlane(weights, data);
  const { start, target, share } = weights, out = new Float64Array(weights.coverage.length);
  for (let i = 0; i < data.length; i++) {
    const one = data[i]!;
    if (one === 0) continue;
    for (let k = start[i]!, end = start[i + 1]!; k < end; k++) out[target[k]!]! += share[k]! * one;
  }
  return out;
}

/**
 * Densities (per solid angle, or means over a pixel) on the target grid.
 *
 * @param weights from {@linkcode overlapWeights}
 * @param data a plane on the source grid; NaN spreads to the pixels it overlaps
 * @returns new values: the mean of what covers each target pixel, by solid angle; NaN where nothing does
 * @throws TypeError where `data` has another length
 */
export function reprojectMeans(weights: OverlapWeights, data: Float64Array): Float64Array {
  checkPlane(weights, data);
  const { start, target, share, sourceSr } = weights;
  const out = new Float64Array(weights.coverage.length), covered = new Float64Array(out.length);
  for (let i = 0; i < data.length; i++) {
    const one = data[i]!, sr = sourceSr[i]!;
    for (let k = start[i]!, end = start[i + 1]!; k < end; k++) {
      const area = share[k]! * sr, to = target[k]!;
      out[to]! += area * one;
      covered[to]! += area;
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = covered[i]! > 0 ? out[i]! / covered[i]! : NaN;
  return out;
}
