/**
 * Maps on other pixels of the sky; axes stay as they are.
 *
 * | method | from | to | a value is |
 * | --- | --- | --- | --- |
 * | nearest | WCS, HEALPix | any pixels | that of the pixel that holds the centre |
 * | linear | WCS, HEALPix of one nside | any pixels | interpolated between pixel centres |
 * | cubic | WCS | any pixels | Keys's cubic convolution between pixel centres |
 * | exact | WCS | WCS | the sum (or mean) of what overlaps, by solid angle |
 * | exact | HEALPix | HEALPix of that frame, finer or coarser | the sum (or mean) of parts |
 */
import {
  healpixParentInto,
  nestToRingInto,
  ringToNestInto,
  type SkyColumns,
  worldToPixelInto,
} from "../sky/mod.ts";
import {
  above,
  asNumbers,
  eachPlane,
  mapOfRuns,
  nearOne,
  planeCount,
  type Runs,
  runsOf,
} from "./_map_arrays.ts";
import { pixelsWithin } from "./_pixel_mapping.ts";
import { interpolateImage, type PixelPositions } from "./_reproject.ts";
import { type OverlapWeights, overlapWeights } from "./_reproject_exact.ts";
import { positionsIn } from "./map_coords.ts";
import { type HpxGeom, hpxIndexInto } from "./hpx_geom.ts";
import { hpxInterpolationInto } from "./hpx_interpolation.ts";
import { hpxPixels, hpxToLocal } from "./hpx_pixels.ts";
import { geomCenters, geomPixels, type PixelGeom, type SkyGeom, solidAngleSr } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/** How a map is brought to other pixels. */
export interface ReprojectMapOptions {
  /** See the table of this module; "linear" where absent. */
  readonly method?: "nearest" | "linear" | "cubic" | "exact";
  /**
   * Whether values are sums over their pixels (counts): "exact" carries sums over, the others values per solid
   * angle. False: values at places, of which "exact" takes means. False where absent.
   */
  readonly conserve?: boolean;
}

/** What the pixels of the target take from one plane of the source. */
interface Taking {
  /** Values of one plane. */
  readonly values: (from: Float64Array, out: Float64Array) => void;
  /** Variances of one plane; undefined where they are not known. */
  readonly variances: ((from: Float64Array, out: Float64Array) => void) | undefined;
}

/**
 * A map on other pixels.
 *
 * What is outside the map is NaN, or 0 as a sum, and invalid. Interpolated values are valid where all that
 * they are made of are; sums and means leave invalid values out and are invalid where nothing is left.
 * Variances are carried over by "nearest" and "exact" (Σ share² Var), and are not known else.
 *
 * @param map A WCS or HEALPix map.
 * @param geom The pixels of the result.
 * @param options Method, whether values are sums over their pixels.
 * @returns A new map of doubles.
 * @throws TypeError for a geometry without pixels, or a method that has no meaning for the two.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, reprojectMap } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const crab = { lonDeg: 83.633, latDeg: 22.014 }, anticenter = { lonDeg: 184.557, latDeg: -5.784 };
 * const data = new Float64Array(25);
 * data[12] = 100;
 * const counts = createSkyMap(createWcsGeom({ skydir: crab, proj: "TAN", binszDeg: 0.1, npix: 5 }), {
 *   data,
 * });
 * const galactic = createWcsGeom({
 *   skydir: anticenter, frame: "galactic", proj: "CAR", binszDeg: 0.07, npix: 9,
 * });
 * const found = reprojectMap(counts, galactic, { method: "exact", conserve: true });
 * ok(Math.abs((found.values.data as Float64Array).reduce((a, b) => a + b) - 100) < 1e-9);
 * ```
 * @see gammapy.maps.Map.reproject_to_geom; reproject.reproject_exact
 */
export function reprojectMap<G extends PixelGeom>(
  map: SkyMap,
  geom: G,
  options: ReprojectMapOptions = {},
): SkyMap<G> {
  const { method = "linear", conserve = false } = options, from = map.geom, to: SkyGeom = geom;
  for (const one of [from, to]) {
    if (one.kind === "wcs-geom" || one.kind === "hpx-geom") continue;
    throw new TypeError(`reprojectMap: found a ${one.kind}, expected WCS or HEALPix pixels`);
  }
  const nPlanes = planeCount(map.axes), how = { nPlanes, nOut: geomPixels(geom) };
  const runs = runsOf(map);
  if (method === "exact") {
    return mapOfRuns({ ...map, geom }, exactly(runs, sharesOf(from, to), { ...how, conserve }));
  }
  const taking = takingOf(from as PixelGeom, geom, method);
  const ratio = conserve ? solidAngles(from, to) : undefined;
  const scaled = (run: Float64Array, power: 1 | 2) =>
    ratio === undefined
      ? run
      : run.map((one, i) => one / ratio.from[i % ratio.from.length]! ** power);
  const unscaled = (run: Float64Array, power: 1 | 2) =>
    ratio === undefined ? run : run.map((one, i) => one * ratio.to[i % ratio.to.length]! ** power);
  const values = eachPlane(scaled(runs.values, 1), how, taking.values);
  const variance = taking.variances && runs.variance &&
    eachPlane(scaled(runs.variance, 2), how, taking.variances);
  return mapOfRuns({ ...map, geom }, {
    values: unscaled(values, 1),
    variance: variance && unscaled(variance, 2),
    valid: validity(runs, how, taking),
  });
}

/** 1 where all that a value is made of is valid; undefined where that is so everywhere. */
function validity(
  { values, valid }: Runs,
  { nPlanes, nOut }: { readonly nPlanes: number; readonly nOut: number },
  taking: Taking,
): Uint8Array | undefined {
  const ones = new Float64Array(values.length / nPlanes).fill(1);
  if (valid === undefined) {
    const seen = eachPlane(ones, { nPlanes: 1, nOut }, taking.values);
    if (seen.every((one) => one === one)) return undefined;
    const plane = nearOne(seen),
      out = new Uint8Array(nPlanes * nOut);
    for (let p = 0; p < nPlanes; p++) out.set(plane, p * nOut);
    return out;
  }
  const seen = eachPlane(asNumbers(valid), { nPlanes, nOut }, taking.values);
  return nearOne(seen);
}

/** Solid angles of both geometries, so that values per solid angle are interpolated. */
function solidAngles(
  from: SkyGeom,
  to: SkyGeom,
): { readonly from: Float64Array; readonly to: Float64Array } {
  return {
    from: solidAngleSr(from).data as Float64Array,
    to: solidAngleSr(to).data as Float64Array,
  };
}

function takingOf(
  from: PixelGeom,
  to: PixelGeom,
  method: "nearest" | "linear" | "cubic",
): Taking {
  if (from.kind === "wcs-geom") {
    const [nx, ny] = from.npix, at = positionsOf(from, to);
    const name = ({ nearest: "nearest", linear: "bilinear", cubic: "bicubic" } as const)[method];
    const values = (data: Float64Array, out: Float64Array): void => {
      interpolateImage({ data, nx, ny }, at, { method: name, out });
    };
    return { values, variances: method === "nearest" ? values : undefined };
  }
  if (method === "cubic") {
    throw new TypeError('reprojectMap: HEALPix pixels are no grid: take "linear" or "nearest"');
  }
  const sky = centersIn(from, to), n = geomPixels(to);
  if (method === "nearest") {
    const places = hpxIndexInto(from, sky, new Int32Array(n));
    const values = (data: Float64Array, out: Float64Array): void => {
      for (let i = 0; i < n; i++) out[i] = places[i]! < 0 ? NaN : data[places[i]!]!;
    };
    return { values, variances: values };
  }
  const { pix, weights } = hpxInterpolationInto(from, sky, {
    pix: new Float64Array(4 * n),
    weights: new Float64Array(4 * n),
  });
  return {
    values(data, out) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 4 * i; k < 4 * i + 4; k++) {
          const weight = weights[k]!;
          if (weight !== 0) sum += weight * (pix[k]! < 0 ? NaN : data[pix[k]!]!);
        }
        out[i] = sum;
      }
    },
    variances: undefined,
  };
}

/** Centres of one geometry in the frame of another. */
function centersIn(geom: PixelGeom, of: PixelGeom): SkyColumns {
  const { lonDeg, latDeg } = geomCenters(of);
  return positionsIn(geom, {
    lonDeg: lonDeg.data as Float64Array,
    latDeg: latDeg.data as Float64Array,
    frame: of.frame,
  });
}

/** Where the centres of a geometry are in the pixels of a WCS geometry. */
function positionsOf(from: WcsGeom, to: PixelGeom): PixelPositions {
  if (to.kind === "wcs-geom") return pixelsWithin({ of: to, within: from });
  const n = geomPixels(to);
  const at = { x: new Float64Array(n), y: new Float64Array(n) };
  worldToPixelInto(from.wcs, centersIn(from, to), at);
  return at;
}

/** Which part of every source pixel goes where; solid angles of the source pixels. */
type Shares = Pick<OverlapWeights, "start" | "target" | "share" | "sourceSr">;

function sharesOf(from: SkyGeom, to: SkyGeom): Shares {
  if (from.kind === "wcs-geom" && to.kind === "wcs-geom") return overlapWeights({ from, to });
  if (from.kind === "hpx-geom" && to.kind === "hpx-geom") return hpxShares(from, to);
  throw new TypeError(
    `reprojectMap: "exact" goes from WCS to WCS or from HEALPix to HEALPix, found ${from.kind} and ` +
      `${to.kind}: take "linear" with conserve`,
  );
}

/** Pixels of one nside are whole parts of those of another. */
function hpxShares(from: HpxGeom, to: HpxGeom): Shares {
  const a = from.grid.nside, b = to.grid.nside, isFiner = b > a;
  const ratio = isFiner ? b / a : a / b;
  if (from.cells !== undefined || to.cells !== undefined || from.frame !== to.frame) {
    throw new TypeError(
      'reprojectMap: "exact" needs HEALPix pixels of one nside and one frame, found ' +
        `${from.key} and ${to.key}: take "nearest" or "linear"`,
    );
  }
  if (!Number.isInteger(ratio) || !Number.isInteger(Math.log2(ratio))) {
    throw new TypeError(`reprojectMap: nside ${a} and ${b} have no power of two between them`);
  }
  const fine = isFiner ? to : from, coarse = isFiner ? from : to;
  const holders = parentsIn(fine, coarse), sourceSr = solidAngleSr(from).data as Float64Array;
  if (!isFiner) {
    const kept = holders.map((one) => one >= 0 ? 1 : 0), start = new Uint32Array(from.nPix + 1);
    for (let i = 0; i < from.nPix; i++) start[i + 1] = start[i]! + kept[i]!;
    const target = Uint32Array.from(holders.filter((one) => one >= 0));
    return { start, target, share: new Float64Array(target.length).fill(1), sourceSr };
  }
  const start = new Uint32Array(from.nPix + 1), share = 1 / (ratio * ratio);
  for (const one of holders) if (one >= 0) start[one + 1]!++;
  for (let i = 0; i < from.nPix; i++) start[i + 1]! += start[i]!;
  const next = start.slice(), target = new Uint32Array(start[from.nPix]!);
  holders.forEach((one, i) => {
    if (one >= 0) target[next[one]!++] = i;
  });
  return { start, target, share: new Float64Array(target.length).fill(share), sourceSr };
}

/** By local index of the finer geometry the local index of the coarser one, −1 where it has none. */
function parentsIn(fine: HpxGeom, coarse: HpxGeom): Float64Array {
  const pixels = hpxPixels(fine);
  healpixParentInto(fine.grid, pixels, { nside: coarse.grid.nside, out: pixels });
  const grid = { nside: coarse.grid.nside, order: fine.grid.order };
  if (grid.order !== coarse.grid.order) {
    const turn = grid.order === "ring" ? ringToNestInto : nestToRingInto;
    turn(coarse.grid.nside, pixels, pixels);
  }
  return pixels.map((pix) => hpxToLocal(coarse, pix));
}

/** Sums or means of what overlaps, by solid angle; invalid values are left out. */
function exactly(
  { values, variance, valid }: Runs,
  { start, target, share, sourceSr }: Shares,
  how: { readonly nPlanes: number; readonly nOut: number; readonly conserve: boolean },
): Runs {
  const { nPlanes, nOut, conserve } = how, size = nPlanes * nOut, n = start.length - 1;
  const out = new Float64Array(size), covered = new Float64Array(size);
  const squares = variance && new Float64Array(size);
  for (let p = 0; p < nPlanes; p++) {
    const from = p * n, to = p * nOut;
    for (let i = 0; i < n; i++) {
      if (valid !== undefined && valid[from + i] === 0) continue;
      const one = values[from + i]!, sr = sourceSr[i]!;
      for (let k = start[i]!, end = start[i + 1]!; k < end; k++) {
        const at = to + target[k]!, part = share[k]!, weight = conserve ? part : part * sr;
        out[at] = out[at]! + weight * one;
        covered[at] = covered[at]! + part * sr;
        if (squares !== undefined) {
          squares[at] = squares[at]! + weight * weight * variance![from + i]!;
        }
      }
    }
  }
  const isCovered = above(covered, 0);
  if (!conserve) {
    for (let i = 0; i < size; i++) {
      const sr = covered[i]! > 0 ? covered[i]! : NaN;
      out[i] = out[i]! / sr;
      if (squares !== undefined) squares[i] = squares[i]! / (sr * sr);
    }
  }
  return {
    values: out,
    variance: squares,
    valid: isCovered.includes(0) ? isCovered : undefined,
  };
}
