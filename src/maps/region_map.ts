import { type Axis, axisEquals, axisIndex } from "../nddata/mod.ts";
import type { Region } from "../sky/mod.ts";
import { mapOfRuns, numbersOf, planeCount, type Runs, runsOf } from "./_map_arrays.ts";
import { mapInterpolator } from "./map_interpolator.ts";
import { broadcastMap } from "./map_axes.ts";
import { regionMask } from "./map_masks.ts";
import { createRegionGeom, type RegionGeom, regionsOf } from "./region_geom.ts";
import { regionWeights } from "./region_weights.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** What {@linkcode toRegionMap} takes. */
export interface ToRegionMapOptions {
  /** Σ f w v, or Σ f w v / Σ f w, with the share f of a pixel that is in the region; "sum" where absent. */
  readonly method?: "sum" | "mean";
  /** Weights w of the values, on the same pixels and the axes of the map or some of them; 1 where absent. */
  readonly weights?: SkyMap;
  /**
   * Points along the side of a WCS pixel that tell its share; 10 where absent. 1: all of a pixel whose centre
   * is inside, nothing of others, so that counts stay whole numbers. HEALPix pixels always go by their centre.
   */
  readonly oversampling?: number;
}

/** Pixels that a region has a part of. */
interface Share {
  readonly pixels: Int32Array;
  readonly share: Float64Array;
}

/**
 * The spectrum of a region: sums or means of the pixels that it has a part of, bin by bin. Invalid values
 * are left out; what is made of none but those, or of no pixel, is invalid: 0 as a sum, NaN as a mean. What
 * of the region is outside the map is not in it.
 *
 * The variance is Σ f² w² Var, that of a mean over (Σ f w)².
 *
 * @param map A WCS or HEALPix map.
 * @param region A region, in any frame, or the geometry of one that may change along an axis of the map. A
 *   point takes the interpolated value, as a mean.
 * @param options Sums or means, weights, points along the side of a pixel.
 * @returns A new map of doubles on the region.
 * @throws TypeError for a map without pixels, a region that changes along an axis that the map does not
 *   have, or the sum over a point.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, toRegionMap } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 0.1, npix: 30 });
 * const counts = createSkyMap(geom, { data: new Float64Array(900).fill(1) });
 * const circle = { kind: "circle", frame: "icrs", lonDeg: 0, latDeg: 0, radiusDeg: 1 } as const;
 * ok(Math.abs(toRegionMap(counts, circle).values.get() / (100 * Math.PI) - 1) < 1e-3);
 * ```
 * @see gammapy.maps.Map.to_region_nd_map
 */
export function toRegionMap(
  map: SkyMap,
  region: Region | RegionGeom,
  options: ToRegionMapOptions = {},
): SkyMap<RegionGeom> {
  const geom = region.kind === "region-geom" ? region : createRegionGeom(region);
  const { method = "sum", oversampling = 10 } = options, from: SkyGeom = map.geom;
  if (from.kind !== "wcs-geom" && from.kind !== "hpx-geom") {
    throw new TypeError(`toRegionMap: found a ${from.kind}, expected WCS or HEALPix pixels`);
  }
  const binOf = ownBin(map.axes, geom), points = regionsOf(geom).map((one) => one.kind === "point");
  if (points.includes(true)) return atPoints(map, geom, { method, binOf });
  const known = new Map<string, Share>();
  const shares = regionsOf(geom).map((one) => {
    const key = JSON.stringify(one), share = known.get(key) ?? shareOf(from, one, oversampling);
    known.set(key, share);
    return share;
  });
  const weights = options.weights && weightsOf(options.weights, map);
  return mapOfRuns(
    { ...map, geom },
    summed(runsOf(map), weights, {
      nPlanes: planeCount(map.axes),
      of: (plane) => shares[binOf(plane)]!,
      mean: method === "mean",
    }),
  );
}

/** The bin of the region's own axis for every plane of a map. */
function ownBin(axes: readonly Axis[], geom: RegionGeom): (plane: number) => number {
  if (geom.along === undefined) return () => 0;
  const { axis } = geom.along, index = axisIndex(axes, axis.name);
  if (!axisEquals(axes[index]!, axis)) {
    throw new TypeError(
      `The region changes along an axis "${axis.name}" of ${axis.nBins} bins, that of the map has ` +
        `others, ${axes[index]!.nBins}`,
    );
  }
  const stride = planeCount(axes.slice(index + 1));
  return (plane) => Math.floor(plane / stride) % axis.nBins;
}

function shareOf(geom: SkyGeom, region: Region, oversampling: number): Share {
  const all = geom.kind === "wcs-geom"
    ? regionWeights(geom, region, { oversampling })
    : numbersOf(regionMask(geom as Extract<SkyGeom, { kind: "hpx-geom" }>, region).values);
  const pixels: number[] = [];
  for (let i = 0; i < all.length; i++) if (all[i]! > 0) pixels.push(i);
  return { pixels: Int32Array.from(pixels), share: Float64Array.from(pixels, (i) => all[i]!) };
}

function weightsOf(weights: SkyMap, map: SkyMap): Float64Array {
  if (weights.geom.key !== map.geom.key) {
    throw new TypeError("toRegionMap: the weights are on other pixels than the map");
  }
  return numbersOf(broadcastMap(weights, map.axes).values);
}

function summed(
  { values, variance, valid }: Runs,
  weights: Float64Array | undefined,
  how: { readonly nPlanes: number; readonly of: (plane: number) => Share; readonly mean: boolean },
): Runs {
  const { nPlanes, of, mean } = how, n = values.length / nPlanes;
  const out = new Float64Array(nPlanes), squares = variance && new Float64Array(nPlanes);
  const isSeen = new Uint8Array(nPlanes);
  for (let p = 0; p < nPlanes; p++) {
    const { pixels, share } = of(p);
    let sum = 0, square = 0, total = 0;
    for (let k = 0; k < pixels.length; k++) {
      const at = p * n + pixels[k]!,
        w = weights === undefined ? share[k]! : share[k]! * weights[at]!;
      if (w === 0 || (valid !== undefined && valid[at] === 0)) continue;
      isSeen[p] = 1;
      sum += w * values[at]!;
      total += w;
      if (variance !== undefined) square += w * w * variance[at]!;
    }
    const by = mean ? total : 1;
    out[p] = isSeen[p] === 1 ? sum / by : mean ? NaN : 0;
    if (squares !== undefined) squares[p] = isSeen[p] === 1 ? square / (by * by) : NaN;
  }
  return {
    values: out,
    variance: squares,
    valid: isSeen.includes(0) ? isSeen : undefined,
  };
}

/** Interpolated values at points. */
function atPoints(
  map: SkyMap,
  geom: RegionGeom,
  { method, binOf }: { readonly method: string; readonly binOf: (plane: number) => number },
): SkyMap<RegionGeom> {
  if (method !== "mean") {
    throw new TypeError('toRegionMap: a point has no pixels to sum: take the method "mean"');
  }
  const regions = regionsOf(geom), nPlanes = planeCount(map.axes), { values, valid } = runsOf(map);
  const n = values.length / nPlanes, out = new Float64Array(nPlanes);
  for (let p = 0; p < nPlanes; p++) {
    const region = regions[binOf(p)]!;
    if (region.kind !== "point") {
      throw new TypeError("toRegionMap: found points and other regions along one axis");
    }
    const at = (run: Float64Array): number => {
      const data = {
        values: run.subarray(p * n, (p + 1) * n),
        variance: undefined,
        valid: undefined,
      };
      const plane = mapOfRuns({ ...map, axes: [] }, data);
      return mapInterpolator(plane).valuesAt({
        lonDeg: Float64Array.of(region.lonDeg),
        latDeg: Float64Array.of(region.latDeg),
        frame: region.frame,
      })[0]!;
    };
    out[p] = at(values);
    if (valid !== undefined && !(Math.abs(at(Float64Array.from(valid)) - 1) < 1e-9)) out[p] = NaN;
  }
  const isSeen = Uint8Array.from(out, (one) => +(one === one));
  return mapOfRuns({ ...map, geom }, {
    values: out,
    variance: undefined,
    valid: isSeen.includes(0) ? isSeen : undefined,
  });
}
