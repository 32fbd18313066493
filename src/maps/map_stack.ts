import { type Axis, combineMeta } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { binPlace, pixelPlaces } from "./_align.ts";
import { mapOfRuns, numbersOf, planeCount, runsOf } from "./_map_arrays.ts";
import { broadcastMap } from "./map_axes.ts";
import { geomPixels, type SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** A map to be stacked, with its weights. */
export interface StackPart {
  /** The map. */
  readonly map: SkyMap;
  /** Weights of its values, on the same pixels and its axes or some of them; 1 where absent. */
  readonly weights?: SkyMap;
}

/** Where maps are stacked, and how. */
export interface StackMapsOptions<G extends SkyGeom = SkyGeom> {
  /** The sky of the result. */
  readonly geom: G;
  /** Its axes, slowest first; none where absent. */
  readonly axes?: readonly Axis[];
  /** Its unit, to which all parts are brought; that of the first part where absent. */
  readonly unit?: string;
  /** Σ w v, or Σ w v / Σ w; "sum" where absent. */
  readonly method?: "sum" | "mean";
}

/** Sums of all parts, cell by cell. */
interface Sums {
  readonly values: Float64Array;
  readonly variance: Float64Array | undefined;
  readonly weights: Float64Array;
  readonly seen: Uint8Array;
}

/**
 * Maps put on top of each other, each at its place: Σ w v of what is valid, with the variance Σ w² Var
 * where all parts have one. What no valid value reaches is invalid: 0 as a sum, NaN as a mean.
 *
 * Parts are on the pixels and bins of the result or on some of them, cutouts for instance; what of a part
 * is outside the result is left out. The result does not depend on the order of the parts nor on how they
 * are grouped: bit for bit for whole numbers, to rounding else.
 *
 * @param parts Maps, or maps with weights; one or more.
 * @param options Geometry, axes and unit of the result, sums or means.
 * @returns A new map of doubles; its meta is that of all parts combined.
 * @throws TypeError for parts on other pixels or bins, or of another dimension; RangeError for no part.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, cutoutMap, stackMaps } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ npix: [4, 4], binszDeg: 1, proj: "TAN" });
 * const map = createSkyMap(geom, { data: new Float64Array(16).fill(2) });
 * const part = cutoutMap(map, { center: { lonDeg: 0, latDeg: 0 }, widthDeg: 2 });
 * const stacked = stackMaps([map, part], { geom });
 * strictEqual(stacked.values.get(0, 0), 2);
 * strictEqual(stacked.values.get(1, 1), 4);
 * ```
 * @see gammapy.maps.Map.stack
 */
export function stackMaps<G extends SkyGeom>(
  parts: readonly (SkyMap | StackPart)[],
  options: StackMapsOptions<G>,
): SkyMap<G> {
  const { geom, axes = [], method = "sum" } = options;
  const all = parts.map((part): StackPart => "map" in part ? part : { map: part });
  if (all.length === 0) throw new RangeError("Found no map to stack, expected one or more");
  const unit = options.unit ?? all[0]!.map.unit, size = planeCount(axes) * geomPixels(geom);
  const hasVariance = all.every(({ map }) => map.variance !== undefined);
  const sums: Sums = {
    values: new Float64Array(size),
    variance: hasVariance ? new Float64Array(size) : undefined,
    weights: new Float64Array(method === "mean" ? size : 0),
    seen: new Uint8Array(size),
  };
  for (const part of all) addPart(sums, part, { geom, axes, unit });
  const { values, variance, weights, seen } = sums;
  for (let i = 0; i < weights.length; i++) {
    values[i] = seen[i] === 1 ? values[i]! / weights[i]! : NaN;
    if (variance !== undefined) variance[i] = variance[i]! / weights[i]! ** 2;
  }
  const valid = seen.includes(0) ? seen : undefined;
  const meta = combineMeta(all.map(({ map }) => map.meta));
  return mapOfRuns({ geom, axes, unit, meta }, { values, variance, valid });
}

function addPart(
  sums: Sums,
  { map, weights: given }: StackPart,
  into: {
    readonly geom: SkyGeom;
    readonly axes: readonly Axis[];
    readonly unit: string | undefined;
  },
): void {
  if (map.axes.length !== into.axes.length) {
    throw new TypeError(
      `Found a map of ${map.axes.length} axes, expected the ${into.axes.length} of the stack`,
    );
  }
  const ordered = broadcastMap(map, into.axes.map((axis) => ownAxis(map, axis)));
  const start = ordered.axes.map((axis) => binPlace(into.axes, axis));
  const places = pixelPlaces(into.geom, map.geom, (axis) => binPlace(into.axes, axis));
  const factor = unitFactor(map.unit ?? "", into.unit ?? ""), runs = runsOf(ordered);
  const weights = given && weightsOf(given, ordered);
  const nPixels = places.length, nTarget = geomPixels(into.geom);
  const nPlanes = planeCount(ordered.axes);
  for (let plane = 0; plane < nPlanes; plane++) {
    const base = planeIn(plane, ordered.axes, start, into.axes) * nTarget;
    for (let i = 0, at = plane * nPixels; i < nPixels; i++, at++) {
      const place = places[i]!;
      if (place < 0 || (runs.valid !== undefined && runs.valid[at] === 0)) continue;
      const to = base + place, w = weights === undefined ? 1 : weights[at]!;
      if (w === 0) continue;
      sums.seen[to] = 1;
      sums.values[to] = sums.values[to]! + w * factor * runs.values[at]!;
      if (sums.weights.length > 0) sums.weights[to] = sums.weights[to]! + w;
      if (sums.variance !== undefined) {
        sums.variance[to] = sums.variance[to]! + w * w * factor * factor * runs.variance![at]!;
      }
    }
  }
}

function ownAxis(map: SkyMap, wanted: Axis): Axis {
  const own = map.axes.find((axis) => axis.name === wanted.name);
  if (own !== undefined) return own;
  throw new TypeError(
    `The stack has the axis "${wanted.name}", the map ${
      map.axes.map((axis) => `"${axis.name}"`).join(", ") || "none"
    }`,
  );
}

/** Weights value by value. */
function weightsOf(weights: SkyMap, map: SkyMap): Float64Array {
  if (weights.geom.key !== map.geom.key) {
    throw new TypeError("The weights are on other pixels than the map");
  }
  return numbersOf(broadcastMap(weights, map.axes).values);
}

/** The plane of the stack where a plane of a part is. */
function planeIn(
  plane: number,
  axes: readonly Axis[],
  start: readonly number[],
  into: readonly Axis[],
): number {
  let rest = plane, stride = 1, place = 0;
  for (let a = axes.length - 1; a >= 0; a--) {
    const n = axes[a]!.nBins, bin = rest % n;
    rest = (rest - bin) / n;
    place += (start[a]! + bin) * stride;
    stride *= into[a]!.nBins;
  }
  return place;
}
