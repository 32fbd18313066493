/** Regions as pixels: those whose centre is inside, and the share of every pixel that is. */
import {
  boundingCircle,
  galacticToIcrsInto,
  pixelToWorldInto,
  type Region,
  type RegionSelector,
  regionSelector,
  tanMatrix,
} from "../sky/mod.ts";
import { outlinePixels } from "./_region_outline.ts";
import type { WcsGeom } from "./wcs_geom.ts";

const DEG = Math.PI / 180;
/** Positions that are tested at once. */
const BLOCK = 32768;

/** A rectangle of pixels, ends exclusive. */
interface PixelBox {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/**
 * Pixels within which a region is. For TAN, where x = (q₀·v)/(q₂·v), the extremes over a cap of centre c
 * and radius r are the planes that touch it, ((q₀ - t q₂)·c)² = |q₀ - t q₂|² sin² r; all pixels for
 * other projections, and for caps that reach the edge of the plane.
 */
function pixelBox(geom: WcsGeom, region: Region): PixelBox {
  const [nx, ny] = geom.npix, all = { x0: 0, x1: nx, y0: 0, y1: ny }, tan = tanMatrix(geom.wcs);
  const { lonDeg, latDeg, radiusDeg } = boundingCircle(region);
  if (tan === undefined || radiusDeg > 89) return all;
  const c = Math.cos(latDeg * DEG), q = tan.toPixel, sin = Math.sin((radiusDeg + 1e-9) * DEG);
  const center = [c * Math.cos(lonDeg * DEG), c * Math.sin(lonDeg * DEG), Math.sin(latDeg * DEG)];
  const dot = (k: number, v: readonly number[]): number =>
    q[k]! * v[0]! + q[k + 1]! * v[1]! + q[k + 2]! * v[2]!;
  const row = (k: number): readonly number[] => [q[k]!, q[k + 1]!, q[k + 2]!];
  const depth = dot(6, center), square = sin * sin;
  if (!(depth > sin * (1 + 1e-6) + 1e-6)) return all;
  const range = (k: number, n: number): readonly [number, number] => {
    const along = dot(k, center), a = depth * depth - square * dot(6, row(6));
    const b = along * depth - square * dot(k, row(6));
    const d = along * along - square * dot(k, row(k));
    const root = Math.sqrt(Math.max(0, b * b - a * d));
    // a thousandth of a pixel and of the width more than exact
    const margin = 1e-3 * (1 + root / a),
      from = (b - root) / a - margin,
      to = (b + root) / a + margin;
    return [
      Math.min(n, Math.max(0, Math.floor(from))),
      Math.max(0, Math.min(n, Math.ceil(to) + 1)),
    ];
  };
  const [x0, x1] = range(0, nx), [y0, y1] = range(3, ny);
  return { x0, x1, y0, y1 };
}

/** ICRS positions of pixel positions, in place. */
function toIcrs(geom: WcsGeom, x: Float64Array, y: Float64Array): void {
  const columns = { lonDeg: x, latDeg: y };
  pixelToWorldInto(geom.wcs, { x, y }, columns);
  if (geom.frame === "galactic") galacticToIcrsInto(columns, columns);
}

/** Sets the pixels of the box whose centres are inside. */
function fillCenters(
  geom: WcsGeom,
  box: PixelBox,
  select: RegionSelector,
  into: Uint8Array | Float64Array,
): void {
  const nx = geom.npix[0], { x0, x1, y0, y1 } = box, width = x1 - x0;
  if (width <= 0 || y1 <= y0) return;
  const rows = Math.max(1, Math.floor(BLOCK / width)), out = new Uint32Array(rows * width);
  const x = new Float64Array(rows * width), y = new Float64Array(rows * width);
  for (let first = y0; first < y1; first += rows) {
    const n = Math.min(rows, y1 - first) * width, xs = x.subarray(0, n), ys = y.subarray(0, n);
    for (let i = 0; i < n; i++) {
      const row = Math.floor(i / width);
      xs[i] = x0 + i - row * width;
      ys[i] = first + row;
    }
    toIcrs(geom, xs, ys);
    const inside = select(xs, ys, n, out);
    for (let k = 0; k < inside; k++) {
      const row = Math.floor(out[k]! / width);
      into[(first + row) * nx + x0 + out[k]! - row * width] = 1;
    }
  }
}

/**
 * The pixels whose centres are in a region.
 *
 * @param geom the map
 * @param region the region, in any frame
 * @returns a new array, C order [ny, nx]: 1 where regionContains of the pixel's centre, 0
 * elsewhere
 * @throws RangeError for a polygon that does not fit into a hemisphere
 * @example
 * ```ts
 * import { createWcsGeom, regionValid } from "@gammarx/gammarx/maps";
 * import { createRegion } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
 * const center = { frame: "icrs", lonDeg: 0, latDeg: 0 } as const;
 * const disk = createRegion({ kind: "circle", ...center, radiusDeg: 1.2 });
 * assert.deepEqual([...regionValid(geom, disk)], [0, 1, 0, 1, 1, 1, 0, 1, 0]);
 * ```
 *
 * Source: agrees with gammapy's region_mask but for regions that are large in the projection: here a
 * circle is one on the sky, there one in the pixel plane.
 */
export function regionValid(geom: WcsGeom, region: Region): Uint8Array {
  const [nx, ny] = geom.npix, valid = new Uint8Array(nx * ny);
  fillCenters(geom, pixelBox(geom, region), regionSelector(region), valid);
  return valid;
}

/** What {@linkcode regionWeights} may be told. */
export interface RegionWeightsOptions {
  /** Points along each side of a pixel that the outline may touch; 10 where absent. */
  readonly oversampling?: number;
}

/**
 * The share of every pixel that is in a region.
 *
 * Pixels that the outline may touch are sampled at n by n points; what of them is outside the
 * projection does not count. The others are inside or outside as their centre is, so that the result
 * is that of sampling every pixel.
 *
 * @param geom the map
 * @param region the region, in any frame
 * @param options see {@linkcode RegionWeightsOptions}
 * @returns a new array, C order [ny, nx], of numbers from 0 to 1, multiples of 1/n² where the whole
 * pixel is on the sky
 * @throws RangeError where `oversampling` is no positive integer, or for a polygon that does not fit
 * into a hemisphere
 * @example
 * ```ts
 * import { createWcsGeom, regionWeights } from "@gammarx/gammarx/maps";
 * import { createRegion } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 0.1, npix: 30 });
 * const center = { frame: "icrs", lonDeg: 0, latDeg: 0 } as const;
 * const disk = createRegion({ kind: "circle", ...center, radiusDeg: 1 });
 * const pixels = regionWeights(geom, disk).reduce((a, b) => a + b);
 * assert.ok(Math.abs(pixels / (100 * Math.PI) - 1) < 1e-3);
 * ```
 *
 * Source: agrees with gammapy's region_weights in the limit of many points.
 */
export function regionWeights(
  geom: WcsGeom,
  region: Region,
  options: RegionWeightsOptions = {},
): Float64Array {
  const { oversampling: n = 10 } = options, [nx, ny] = geom.npix;
  if (!(Number.isInteger(n) && n > 0)) {
    throw new RangeError(`oversampling: found ${n}, expected a positive integer`);
  }
  const weights = new Float64Array(nx * ny), box = pixelBox(geom, region);
  const select = regionSelector(region);
  fillCenters(geom, box, select, weights);
  if (n === 1) return weights;
  const isWide = boundingCircle(region).radiusDeg >= 90;
  const marks = isWide ? new Uint8Array(nx * ny).fill(1) : outlinePixels(geom, region);
  sampleMarked(geom, { marks, n, select }, weights);
  return weights;
}

/** Shares of the marked pixels from n by n points in each. */
function sampleMarked(
  geom: WcsGeom,
  how: { readonly marks: Uint8Array; readonly n: number; readonly select: RegionSelector },
  weights: Float64Array,
): void {
  const { marks, n, select } = how, nx = geom.npix[0], points = n * n;
  const pixels: number[] = [];
  for (let i = 0; i < marks.length; i++) if (marks[i] === 1) pixels.push(i);
  const many = Math.max(1, Math.floor(BLOCK / points));
  const x = new Float64Array(many * points), y = new Float64Array(many * points);
  const out = new Uint32Array(many * points), inside = new Float64Array(many);
  for (let first = 0; first < pixels.length; first += many) {
    const count = Math.min(many, pixels.length - first), total = count * points;
    for (let k = 0, at = 0; k < count; k++) {
      const ix = pixels[first + k]! % nx, iy = (pixels[first + k]! - ix) / nx;
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++, at++) {
          x[at] = ix + (i + 0.5) / n - 0.5;
          y[at] = iy + (j + 0.5) / n - 0.5;
        }
      }
    }
    const xs = x.subarray(0, total), ys = y.subarray(0, total);
    toIcrs(geom, xs, ys);
    inside.fill(0);
    const found = select(xs, ys, total, out);
    for (let k = 0; k < found; k++) inside[Math.floor(out[k]! / points)]!++;
    for (let k = 0; k < count; k++) {
      let onSky = 0;
      for (let at = k * points; at < (k + 1) * points; at++) if (xs[at]! - xs[at]! === 0) onSky++;
      weights[pixels[first + k]!] = onSky > 0 ? inside[k]! / onSky : 0;
    }
  }
}
