/**
 * Maps whose pixels differ from bin to bin of one axis: coarser pixels where the point spread function is
 * wider, one HEALPix nside for each band of energy.
 */
import { type Axis, axisEquals, axisIndex, combineMeta } from "../nddata/mod.ts";
import { mapOfRuns, runsOf } from "./_map_arrays.ts";
import { reprojectMap, type ReprojectMapOptions } from "./map_reproject.ts";
import type { PixelGeom, SkyGeom } from "./sky_geom.ts";
import { type SkyMap, sliceMap } from "./sky_map.ts";

/** One map for each bin of an axis, each on pixels of its own. */
export interface PlaneMaps<G extends SkyGeom = SkyGeom> {
  /** Which record this is. */
  readonly kind: "plane-maps";
  /** The axis along which the pixels change. */
  readonly axis: Axis;
  /** The map of each of its bins: all of the same further axes and the same unit. */
  readonly planes: readonly SkyMap<G>[];
}

/**
 * Puts maps on different pixels together along an axis.
 *
 * @param axis The axis along which the pixels change.
 * @param planes One map a bin, without that axis; kept, not copied.
 * @returns A frozen record.
 * @throws TypeError where there is not one map a bin, or where they differ in axes or unit.
 * @example
 * ```ts
 * import { createHpxGeom, createPlaneMaps, createSkyMap } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2 });
 * const planes = [16, 64].map((nside) => createSkyMap(createHpxGeom({ nside })));
 * strictEqual(createPlaneMaps(energy, planes).planes[1]?.values.size, 49152);
 * ```
 * @see gammapy.maps.HpxGeom with nside by energy
 */
export function createPlaneMaps<G extends SkyGeom>(
  axis: Axis,
  planes: readonly SkyMap<G>[],
): PlaneMaps<G> {
  if (planes.length !== axis.nBins) {
    throw new TypeError(
      `Found ${planes.length} maps along the axis ${axis.name}, expected one for each of its ` +
        `${axis.nBins} bins`,
    );
  }
  const [first] = planes;
  planes.forEach((plane, bin) => {
    const sameAxes = plane.axes.length === first!.axes.length &&
      plane.axes.every((one, a) => axisEquals(one, first!.axes[a]!));
    if (!sameAxes || plane.unit !== first!.unit) {
      throw new TypeError(`Map ${bin} has other axes or another unit than the first one`);
    }
    if (plane.axes.some((one) => one.name === axis.name)) {
      throw new TypeError(`Map ${bin} has the axis "${axis.name}" itself: slice it first`);
    }
  });
  return Object.freeze({ kind: "plane-maps", axis, planes: Object.freeze([...planes]) });
}

/**
 * The bins of one axis of a map as maps of their own, all on its pixels.
 *
 * @param map The map.
 * @param options `axis`: the name of the axis.
 * @returns A frozen record over the same memory.
 * @throws RangeError for an axis that is not there.
 * @example
 * ```ts
 * import { createHpxGeom, createSkyMap, planesOf } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2 });
 * const cube = createSkyMap(createHpxGeom({ nside: 1 }), { axes: [energy] });
 * strictEqual(planesOf(cube, { axis: "energy" }).planes.length, 2);
 * ```
 */
export function planesOf<G extends SkyGeom>(
  map: SkyMap<G>,
  options: { readonly axis: string },
): PlaneMaps<G> {
  const axis = map.axes[axisIndex(map.axes, options.axis)]!;
  const bins = Array.from({ length: axis.nBins }, (_, bin) => bin);
  return createPlaneMaps(axis, bins.map((bin) => sliceMap(map, { [axis.name]: bin })));
}

/**
 * An operation on all planes.
 *
 * @param maps Maps by bin.
 * @param operation Makes a map of the map of a bin; all results have the same axes and unit.
 * @returns A frozen record.
 * @throws TypeError where the results differ in axes or unit.
 * @example
 * ```ts
 * import { createHpxGeom, createSkyMap, downsampleMap, mapPlanes, planesOf } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2 });
 * const maps = planesOf(createSkyMap(createHpxGeom({ nside: 4 }), { axes: [energy] }), { axis: "energy" });
 * const coarse = mapPlanes(maps, (map, bin) => downsampleMap(map, { factor: bin === 0 ? 4 : 1 }));
 * strictEqual(coarse.planes[0]?.geom.nPix, 12);
 * ```
 */
export function mapPlanes<G extends SkyGeom, H extends SkyGeom>(
  maps: PlaneMaps<G>,
  operation: (map: SkyMap<G>, bin: number) => SkyMap<H>,
): PlaneMaps<H> {
  return createPlaneMaps(maps.axis, maps.planes.map(operation));
}

/**
 * The sum of all valid values of each plane.
 *
 * @param maps Maps by bin.
 * @returns A new array, one number a bin.
 * @example
 * ```ts
 * import { createHpxGeom, createSkyMap, planesOf, planeTotals } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2 });
 * const data = new Float64Array(24).fill(2);
 * const cube = createSkyMap(createHpxGeom({ nside: 1 }), { axes: [energy], data });
 * deepStrictEqual([...planeTotals(planesOf(cube, { axis: "energy" }))], [24, 24]);
 * ```
 */
export function planeTotals(maps: PlaneMaps): Float64Array {
  return Float64Array.from(maps.planes, (plane) => {
    const { values, valid } = runsOf(plane);
    let sum = 0;
    for (let i = 0; i < values.length; i++) if (valid?.[i] !== 0) sum += values[i]!;
    return sum;
  });
}

/**
 * All planes on one geometry, as one map with the axis first.
 *
 * @param maps Maps by bin, on WCS or HEALPix pixels.
 * @param geom The pixels of the result.
 * @param options As of `reprojectMap`.
 * @returns A new map of doubles.
 * @throws TypeError as `reprojectMap`.
 * @example
 * ```ts
 * import { createHpxGeom, createPlaneMaps, createSkyMap, reprojectPlanes } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2 });
 * const planes = [1, 2].map((nside) => createSkyMap(createHpxGeom({ nside })));
 * const geom = createHpxGeom({ nside: 2 });
 * const map = reprojectPlanes(createPlaneMaps(energy, planes), geom, { method: "exact" });
 * deepStrictEqual(map.values.shape, [2, 48]);
 * ```
 */
export function reprojectPlanes<G extends PixelGeom>(
  maps: PlaneMaps,
  geom: G,
  options: ReprojectMapOptions = {},
): SkyMap<G> {
  const planes = maps.planes.map((plane) => reprojectMap(plane, geom, options));
  const runs = planes.map(runsOf), [first] = planes, size = runs[0]!.values.length;
  const joined = <A extends Float64Array | Uint8Array>(out: A, part: (bin: number) => A): A => {
    for (let bin = 0; bin < runs.length; bin++) out.set(part(bin), bin * size);
    return out;
  };
  const all = new Uint8Array(size).fill(1), n = size * runs.length;
  const hasVariance = runs.every((one) => one.variance !== undefined);
  return mapOfRuns(
    {
      geom,
      axes: [maps.axis, ...first!.axes],
      unit: first!.unit,
      meta: combineMeta(planes.map((plane) => plane.meta)),
    },
    {
      values: joined(new Float64Array(n), (bin) => runs[bin]!.values),
      variance: hasVariance
        ? joined(new Float64Array(n), (bin) => runs[bin]!.variance!)
        : undefined,
      valid: runs.some((one) => one.valid !== undefined)
        ? joined(new Uint8Array(n), (bin) => runs[bin]!.valid ?? all)
        : undefined,
    },
  );
}
