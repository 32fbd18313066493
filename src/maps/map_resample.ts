/** Maps with fewer or more pixels on the same sky, and with other bins along an axis. */
import {
  type Axis,
  axisIndex,
  downsampleAxis,
  type MapAxis,
  snapEdges,
  upsampleAxis,
} from "../nddata/mod.ts";
import {
  above,
  asNumbers,
  type AxisRun,
  axisRun,
  eachPlane,
  mapOfRuns,
  nearOne,
  planeCount,
  type Runs,
  runsOf,
  weighed,
} from "./_map_arrays.ts";
import { downsampleImage, upsampleImage } from "./_resample.ts";
import { bothOf, wcsBlocks, wcsSplit } from "./_wcs_parts.ts";
import { hpxDowngrade, hpxUpgrade } from "./hpx_resize.ts";
import { createRegionGeom, groupedRegionGeom } from "./region_geom.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** What {@linkcode downsampleMap} takes. */
export interface DownsampleMapOptions {
  /** Pixels (HEALPix: along the side of one) or bins that become one; for a WCS map one for each direction too. */
  readonly factor: number | readonly [number, number];
  /** Name of the axis whose bins are joined; the pixels of the sky where absent. */
  readonly axis?: string;
  /** "sum" for counts, "mean" for densities; "sum" where absent. */
  readonly method?: "sum" | "mean";
}

/** From every fine value to the coarse one it is a part of: places in one plane. */
type Groups = (from: Float64Array, out: Float64Array) => void;

/** Sums or means of groups: invalid values are left out. */
function grouped(
  runs: Runs,
  how: { readonly nPlanes: number; readonly nOut: number; readonly mean: boolean },
  add: Groups,
): Runs {
  const { values, variance, valid } = runs, { mean } = how;
  const sum = (run: Float64Array) => eachPlane(run, how, add);
  const ones = valid === undefined ? new Float64Array(values.length).fill(1) : asNumbers(valid);
  const count = mean || valid !== undefined ? sum(ones) : undefined;
  const sums = sum(weighed(values, valid)), squares = variance && sum(weighed(variance, valid));
  if (mean) {
    for (let i = 0; i < sums.length; i++) {
      const n = count![i]!;
      sums[i] = n > 0 ? sums[i]! / n : NaN;
      if (squares !== undefined) squares[i] = squares[i]! / (n * n);
    }
  }
  return {
    values: sums,
    variance: squares,
    valid: valid && above(count!, 0),
  };
}

/**
 * A map with fewer pixels, or fewer bins along an axis. Invalid values are left out: what is made of none
 * but those is invalid.
 *
 * The variance of a sum is Σ Var, that of a mean of n values Σ Var/n².
 *
 * @param map A WCS or HEALPix map; with `axis` any map.
 * @param options How many become one, sums or means.
 * @returns A new map of doubles, its own parent.
 * @throws RangeError for a factor that does not divide the number of pixels or bins; TypeError for a map
 *   without pixels, or an axis of times or labels.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, downsampleMap } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const counts = createSkyMap(createWcsGeom({ npix: [4, 2], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(1, 1, 2, 2, 1, 1, 2, 2),
 * });
 * const coarse = downsampleMap(counts, { factor: 2 });
 * deepStrictEqual([...coarse.values.data as Float64Array], [4, 8]);
 * ```
 * @see gammapy.maps.Map.downsample
 */
export function downsampleMap<G extends SkyGeom>(
  map: SkyMap<G>,
  options: DownsampleMapOptions,
): SkyMap<G> {
  const { factor, axis, method = "sum" } = options;
  if (axis !== undefined) return rebinMap(map, { axis, factor: oneFactor(factor), method });
  const geom: SkyGeom = map.geom, nPlanes = planeCount(map.axes), mean = method === "mean";
  if (geom.kind === "wcs-geom") {
    const [nx, ny] = geom.npix, both = bothOf(factor), [fx, fy] = both;
    const add: Groups = (data, out) =>
      out.set(downsampleImage({ data, nx, ny }, { factor: both, reduce: "sum" }).data);
    const nOut = nx / fx * (ny / fy);
    if (!Number.isInteger(nx / fx) || !Number.isInteger(ny / fy)) {
      throw new RangeError(
        `A map of ${nx} x ${ny} pixels: expected multiples of the factors ${fx} and ${fy}. ` +
          `Crop or pad it first`,
      );
    }
    const runs = grouped(runsOf(map), { nPlanes, nOut, mean }, add);
    return mapOfRuns({ ...map, geom: wcsBlocks(geom, both) as G }, runs);
  }
  if (geom.kind !== "hpx-geom") return noPixels("downsampleMap", geom);
  const nside = geom.grid.nside / oneFactor(factor), coarse = hpxDowngrade(geom, { nside });
  const add: Groups = (from, out) => {
    for (let i = 0; i < from.length; i++) {
      const to = coarse.parents[i]!;
      out[to] = out[to]! + from[i]!;
    }
  };
  const runs = grouped(runsOf(map), { nPlanes, nOut: coarse.geom.nPix, mean }, add);
  return mapOfRuns({ ...map, geom: coarse.geom as G }, runs);
}

function oneFactor(factor: number | readonly [number, number]): number {
  if (typeof factor === "number") return factor;
  throw new TypeError(
    `Found factors ${factor.join(" and ")}, expected one: only WCS maps have two`,
  );
}

function noPixels(what: string, geom: SkyGeom): never {
  throw new TypeError(`${what}: a map on a ${geom.kind} has no pixels, name an axis`);
}

/** What {@linkcode upsampleMap} takes. */
export interface UpsampleMapOptions {
  /** Parts of a pixel (HEALPix: along its side) or bin; for a WCS map one for each direction too. */
  readonly factor: number | readonly [number, number];
  /** Name of the axis whose bins are split, in its scale; the pixels of the sky where absent. */
  readonly axis?: string;
  /** "nearest": all parts have the value; "linear" between pixel centres, of WCS maps; "nearest" where absent. */
  readonly method?: "nearest" | "linear";
  /** Whether values are divided by the number of parts, so that sums stay; true where absent. */
  readonly preserveCounts?: boolean;
}

/**
 * A map with more pixels, or more bins along an axis.
 *
 * Variances are those of the values over the square of the number of parts where sums stay; they are not
 * known where values are interpolated.
 *
 * @param map A WCS or HEALPix map; with `axis` any map.
 * @param options How many parts, what they hold.
 * @returns A new map of doubles, its own parent.
 * @throws RangeError for a factor that is no positive integer (HEALPix: no power of two); TypeError for a
 *   map without pixels, an axis of times or labels, or "linear" but for the pixels of a WCS map.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, upsampleMap } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const counts = createSkyMap(createWcsGeom({ npix: [1, 1], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(8),
 * });
 * strictEqual(upsampleMap(counts, { factor: 2 }).values.get(1, 0), 2);
 * ```
 * @see gammapy.maps.Map.upsample
 */
export function upsampleMap<G extends SkyGeom>(
  map: SkyMap<G>,
  options: UpsampleMapOptions,
): SkyMap<G> {
  const { factor, axis, method = "nearest", preserveCounts = true } = options;
  const geom: SkyGeom = map.geom, nPlanes = planeCount(map.axes);
  if (method === "linear" && (axis !== undefined || geom.kind !== "wcs-geom")) {
    throw new TypeError(
      "upsampleMap: only the pixels of a WCS map are interpolated; see interpolateToGeom",
    );
  }
  if (axis !== undefined) {
    return splitBins(map, axis, { factor: oneFactor(factor), preserveCounts });
  }
  const runs = runsOf(map);
  if (geom.kind === "wcs-geom") {
    const [nx, ny] = geom.npix, both = bothOf(factor), order = method === "linear" ? 1 : 0;
    const parts = both[0] * both[1], how = { nPlanes, nOut: nx * ny * parts };
    const split = (run: Float64Array, divisor: number): Float64Array =>
      eachPlane(run, how, (data, out) => {
        out.set(upsampleImage({ data, nx, ny }, { factor: both, order }).data);
        if (divisor !== 1) { for (let i = 0; i < out.length; i++) out[i] = out[i]! / divisor; }
      });
    const share = preserveCounts ? parts : 1;
    const valid = runs.valid && split(asNumbers(runs.valid), 1);
    return mapOfRuns({ ...map, geom: wcsSplit(geom, both) as G }, {
      values: split(runs.values, share),
      variance: order === 0 ? runs.variance && split(runs.variance, share * share) : undefined,
      valid: valid && nearOne(valid),
    });
  }
  if (geom.kind !== "hpx-geom") return noPixels("upsampleMap", geom);
  const finer = hpxUpgrade(geom, { nside: geom.grid.nside * oneFactor(factor) });
  const how = { nPlanes, nOut: finer.geom.nPix };
  const split = (run: Float64Array, divisor: number): Float64Array =>
    eachPlane(run, how, (from, out) => {
      for (let i = 0; i < out.length; i++) out[i] = from[finer.parents[i]!]! / divisor;
    });
  return mapOfRuns(
    { ...map, geom: finer.geom as G },
    sharedOut(runs, preserveCounts ? oneFactor(factor) ** 2 : 1, split),
  );
}

/** Runs whose values were repeated and divided. */
function sharedOut(
  { values, variance, valid }: Runs,
  share: number,
  split: (run: Float64Array, divisor: number) => Float64Array,
): Runs {
  return {
    values: split(values, share),
    variance: variance && split(variance, share * share),
    valid: valid && Uint8Array.from(split(asNumbers(valid), 1)),
  };
}

function numberAxis(axis: Axis): MapAxis {
  if (axis.kind === "map-axis") return axis;
  throw new TypeError(`Found the ${axis.kind} "${axis.name}", expected an axis of numbers`);
}

function splitBins<G extends SkyGeom>(
  map: SkyMap<G>,
  name: string,
  { factor, preserveCounts }: { readonly factor: number; readonly preserveCounts: boolean },
): SkyMap<G> {
  const index = axisIndex(map.axes, name),
    axis = upsampleAxis(numberAxis(map.axes[index]!), factor);
  const { outer, n, width } = axisRun(map, index);
  const split = (run: Float64Array, divisor: number): Float64Array => {
    const out = new Float64Array(run.length * factor);
    for (let line = 0; line < outer * n; line++) {
      const part = run.subarray(line * width, (line + 1) * width);
      for (let k = 0; k < factor; k++) out.set(part, (line * factor + k) * width);
    }
    if (divisor !== 1) { for (let i = 0; i < out.length; i++) out[i] = out[i]! / divisor; }
    return out;
  };
  const geom: SkyGeom = map.geom, along = geom.kind === "region-geom" ? geom.along : undefined;
  const newGeom = along?.axis.name === name
    ? createRegionGeom({
      axis,
      regions: along.regions.flatMap((one) => Array.from({ length: factor }, () => one)),
    })
    : geom;
  return mapOfRuns(
    { ...map, geom: newGeom as G, axes: map.axes.with(index, axis) },
    sharedOut(runsOf(map), preserveCounts ? factor : 1, split),
  );
}

/** What {@linkcode rebinMap} takes. */
export interface RebinMapOptions {
  /** Name of an axis of numbers. */
  readonly axis: string;
  /** Edges of the new bins: each becomes the nearest one of the axis; what is beyond them is left out. */
  readonly edges?: ArrayLike<number>;
  /** Bins that become one, instead of `edges`. */
  readonly factor?: number;
  /** "sum" for counts, "mean" for densities; "sum" where absent. */
  readonly method?: "sum" | "mean";
}

/**
 * A map with fewer bins along an axis. Invalid values are left out: what is made of none but those is
 * invalid. A region that changes along the axis becomes the union of those of the bins that are joined.
 *
 * @param map The map.
 * @param options Axis, new edges or a factor, sums or means.
 * @returns A new map of doubles, its own parent.
 * @throws RangeError for an axis that is not there, edges of which fewer than two are left, or a factor
 *   that does not divide; TypeError for an axis of times or labels, or without one of edges and factor.
 * @example
 * ```ts
 * import { createSkyMap, NO_SKY, rebinMap } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("energy", [1, 2, 4, 8], { unit: "TeV", interp: "log" })];
 * const counts = createSkyMap(NO_SKY, { axes, data: Float64Array.of(5, 3, 1) });
 * const coarse = rebinMap(counts, { axis: "energy", edges: [1, 3.9, 8] });
 * deepStrictEqual([...coarse.values.data as Float64Array], [8, 1]);
 * ```
 * @see gammapy.maps.Map.resample_axis
 */
export function rebinMap<G extends SkyGeom>(map: SkyMap<G>, options: RebinMapOptions): SkyMap<G> {
  const { edges, factor, method = "sum" } = options, index = axisIndex(map.axes, options.axis);
  if ((edges === undefined) === (factor === undefined)) {
    throw new TypeError("rebinMap: expected either edges or factor");
  }
  const old = numberAxis(map.axes[index]!);
  const { axis, bounds } = factor === undefined
    ? snapEdges(old, edges!)
    : downsampleAxis(old, factor);
  const run = axisRun(map, index), mean = method === "mean";
  const runs = grouped(
    runsOf(map),
    { nPlanes: run.outer, nOut: axis.nBins * run.width, mean },
    (from, out) => addGroups(from, out, run, bounds),
  );
  const geom: SkyGeom = map.geom;
  const changes = geom.kind === "region-geom" && geom.along?.axis.name === axis.name;
  const newGeom = changes ? groupedRegionGeom(geom, axis, bounds) : geom;
  return mapOfRuns({ ...map, geom: newGeom as G, axes: map.axes.with(index, axis) }, runs);
}

/** Sums of the groups of bins of one line. */
function addGroups(
  from: Float64Array,
  out: Float64Array,
  { width }: AxisRun,
  bounds: Int32Array,
): void {
  for (let g = 0; g + 1 < bounds.length; g++) {
    const to = g * width;
    for (let bin = bounds[g]!; bin < bounds[g + 1]!; bin++) {
      const at = bin * width;
      for (let w = 0; w < width; w++) out[to + w] = out[to + w]! + from[at + w]!;
    }
  }
}
