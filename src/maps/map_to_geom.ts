import { type Axis, axisIndex, binWidths } from "../nddata/mod.ts";
import { asNumbers, axisRun, mapOfRuns, nearOne, runsOf } from "./_map_arrays.ts";
import {
  type InterpolateMapOptions,
  type MapInterpolator,
  mapInterpolator,
} from "./map_interpolator.ts";
import type { MapCoords } from "./map_coords.ts";
import { geomCenters, geomPixels, type SkyGeom, solidAngleSr } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** What {@linkcode interpolateToGeom} takes. */
export interface InterpolateToGeomOptions extends InterpolateMapOptions {
  /** Axes of the result by the names of those of the map; the map's own where absent. */
  readonly axes?: readonly Axis[];
  /**
   * Whether values are counts: they are divided by the solid angle and the widths of the bins, interpolated,
   * and multiplied by those of the result; false where absent.
   */
  readonly preserveCounts?: boolean;
}

/**
 * A map interpolated on another geometry and on other bins: at the centres of its pixels and bins.
 *
 * @param map The map, along axes of numbers.
 * @param geom The sky of the result; of a region its middle.
 * @param options Axes, method, scale of the values, what stands outside, whether values are counts.
 * @returns A new map of doubles. What is made of anything invalid is invalid, and what is outside the map
 *   unless it is extrapolated. Variances are not known.
 * @throws TypeError for axes of other names, of times or labels.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, interpolateToGeom } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const center = { lonDeg: 10, latDeg: 0 };
 * const wide = createWcsGeom({ skydir: center, npix: 20, binszDeg: 1, proj: "TAN" });
 * const map = createSkyMap(wide, { data: new Float64Array(400).fill(4) });
 * const fine = createWcsGeom({ skydir: center, npix: 10, binszDeg: 0.5, proj: "TAN" });
 * const counts = interpolateToGeom(map, fine, { preserveCounts: true });
 * ok(Math.abs(counts.values.get(5, 5) - 1) < 1e-3);
 * ```
 * @see gammapy.maps.Map.interp_to_geom
 */
export function interpolateToGeom<G extends SkyGeom>(
  map: SkyMap,
  geom: G,
  options: InterpolateToGeomOptions = {},
): SkyMap<G> {
  const { axes = map.axes, preserveCounts = false, ...how } = options, { unit, meta } = map;
  const order = map.axes.map((axis) => axes.findIndex((one) => one.name === axis.name));
  if (axes.length !== map.axes.length || order.includes(-1)) {
    const names = (list: readonly Axis[]) => list.map((axis) => axis.name).join(", ") || "none";
    throw new TypeError(`The map has the axes ${names(map.axes)}, found ${names(axes)}`);
  }
  const at = { sky: skyOf(geom), points: binCenters(axes, order), nPixels: geomPixels(geom) };
  const source = preserveCounts ? timesVolume(map, -1) : map;
  const values = planes(mapInterpolator(source, how), at);
  const made = mapOfRuns({ geom, axes, unit, meta }, {
    values,
    variance: undefined,
    valid: validity(map, how, at),
  });
  return preserveCounts ? timesVolume(made, 1) : made;
}

/** Where values are asked for: in all pixels, bins after bins. */
interface Places {
  readonly sky: Pick<MapCoords, "lonDeg" | "latDeg" | "frame">;
  readonly points: readonly (readonly number[])[];
  readonly nPixels: number;
}

function planes(interpolator: MapInterpolator, { sky, points, nPixels }: Places): Float64Array {
  const out = new Float64Array(points.length * nPixels);
  interpolator.planesAt(sky, points).forEach((plane, p) => {
    // a map whose values hold everywhere gives one for all pixels
    if (plane.length === nPixels) out.set(plane, p * nPixels);
    else out.fill(plane[0]!, p * nPixels, (p + 1) * nPixels);
  });
  return out;
}

/** 1 where all that a value is made of is valid; undefined where that is so everywhere. */
function validity(map: SkyMap, how: InterpolateMapOptions, at: Places): Uint8Array | undefined {
  const { valid, values } = runsOf(map), { method = "linear", outside = NaN } = how;
  const ones = valid === undefined ? new Float64Array(values.length).fill(1) : asNumbers(valid);
  const flags = mapOfRuns(map, { values: ones, variance: undefined, valid: undefined });
  const free = outside === "extrapolate" ? "extrapolate" : 0;
  const seen = planes(mapInterpolator(flags, { method, outside: free }), at);
  const out = nearOne(seen);
  return out.includes(0) ? out : undefined;
}

function skyOf(geom: SkyGeom): Places["sky"] {
  if (geom.kind === "no-sky") return {};
  const { lonDeg, latDeg } = geomCenters(geom);
  return {
    lonDeg: lonDeg.data as Float64Array,
    latDeg: latDeg.data as Float64Array,
    frame: geom.frame,
  };
}

/** Bin centres of all combinations in the order of the result's planes, coordinates in the map's order. */
function binCenters(axes: readonly Axis[], order: readonly number[]): readonly number[][] {
  let list: number[][] = [[]];
  for (const axis of axes) {
    if (axis.kind !== "map-axis") {
      throw new TypeError(
        `Cannot interpolate along the ${axis.kind} "${axis.name}": slice the map first`,
      );
    }
    list = list.flatMap((head) => Array.from(axis.centers, (one) => [...head, one]));
  }
  return list.map((point) => order.map((a) => point[a]!));
}

/** A map multiplied with the solid angles and bin widths of its cells, or divided by them. */
function timesVolume<G extends SkyGeom>(map: SkyMap<G>, power: 1 | -1): SkyMap<G> {
  const { geom, axes } = map, runs = runsOf(map), values = runs.values.slice();
  for (const axis of axes) {
    if (axis.kind === "map-axis") times(values, map, { axis, by: binWidths(axis), power });
  }
  if (geom.kind !== "no-sky") {
    const sr = solidAngleSr(geom).data as Float64Array;
    const along = geom.kind === "region-geom" ? geom.along?.axis : undefined;
    if (along !== undefined) times(values, map, { axis: along, by: sr, power });
    else for (let i = 0; i < values.length; i++) values[i]! *= sr[i % sr.length]! ** power;
  }
  return mapOfRuns(map, { ...runs, values });
}

function times(
  values: Float64Array,
  map: SkyMap,
  { axis, by, power }: { readonly axis: Axis; readonly by: Float64Array; readonly power: 1 | -1 },
): void {
  const { n, width } = axisRun(map, axisIndex(map.axes, axis.name));
  for (let i = 0; i < values.length; i++) values[i]! *= by[Math.floor(i / width) % n]! ** power;
}
