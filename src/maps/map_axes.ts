/** Maps with more axes, or in another order of them. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray, TypedArray } from "ndarray";
import { type Axis, axisEquals, axisIndex, createNDArr } from "../nddata/mod.ts";
import type { SkyGeom } from "./sky_geom.ts";
import { mapOf, type SkyMap } from "./sky_map.ts";

/**
 * A map on more axes, in any order: the same values in every bin of an axis that it does not have.
 *
 * @param map The map.
 * @param axes All axes of the result, slowest first; those that the map has are the same.
 * @returns A new map over the same memory, its own parent: values are not repeated.
 * @throws TypeError where an axis of the map is missing or has other bins.
 * @example
 * ```ts
 * import { broadcastMap, createSkyMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const a = createMapAxis("a", [0, 1, 2]), b = createMapAxis("b", [0, 1, 2, 3]);
 * const map = createSkyMap(NO_SKY, { axes: [a], data: Float64Array.of(5, 7) });
 * strictEqual(broadcastMap(map, [b, a]).values.get(2, 1), 7);
 * ```
 */
export function broadcastMap<G extends SkyGeom>(map: SkyMap<G>, axes: readonly Axis[]): SkyMap<G> {
  const own = axes.map((axis) => map.axes.findIndex((one) => one.name === axis.name));
  map.axes.forEach((axis, a) => {
    const at = own.indexOf(a);
    if (at < 0 || !axisEquals(axes[at]!, axis)) {
      const found = axes.map((one) => `${one.name} ${one.nBins}`).join(", ") || "none";
      throw new TypeError(
        `The map has the axis ${axis.name} of ${axis.nBins} bins, found axes ${found}: ` +
          (at < 0 ? "it is missing" : "its bins differ"),
      );
    }
  });
  const nPixelAxes = map.geom.shape.length, nOld = map.axes.length;
  const spread = <A extends TypedArray>(array: NdArray<A>): NdArray<A> => {
    const pixels = Array.from({ length: nPixelAxes }, (_, d) => nOld + d);
    const shape = [...axes.map((axis) => axis.nBins), ...map.geom.shape];
    const stride = [...own, ...pixels].map((a) => a < 0 ? 0 : array.stride[a]!);
    return ndarray(array.data, shape, stride, array.offset);
  };
  const arr = createNDArr(spread(map.values), {
    unit: map.unit,
    variance: map.variance && spread(map.variance),
    valid: map.valid && spread(map.valid),
    planes: map.planes && Object.freeze({
      ...map.planes,
      low: spread(map.planes.low),
      high: map.planes.high && spread(map.planes.high),
    }),
  });
  return mapOf(map.geom, arr, { axes, meta: map.meta });
}

/**
 * A map with axes before those that it has: the same values in every bin of theirs.
 *
 * @param map The map, an image for instance.
 * @param axes The new axes, slowest first.
 * @returns A new map over the same memory.
 * @throws TypeError where the map has one of them already.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, toCube } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const image = createSkyMap(createWcsGeom({ npix: [5, 4] }));
 * const cube = toCube(image, [energyAxis({ low: 1, high: 10, nBins: 3 })]);
 * deepStrictEqual(cube.values.shape, [3, 4, 5]);
 * ```
 * @see gammapy.maps.Map.to_cube, which takes axes of one bin
 */
export function toCube<G extends SkyGeom>(map: SkyMap<G>, axes: readonly Axis[]): SkyMap<G> {
  const twice = axes.find((axis) => map.axes.some((one) => one.name === axis.name));
  if (twice !== undefined) throw new TypeError(`The map has an axis "${twice.name}" already`);
  return broadcastMap(map, [...axes, ...map.axes]);
}

/**
 * A map with its axes in another order.
 *
 * @param map The map.
 * @param names Names of all its axes, slowest first.
 * @returns A new map over the same memory.
 * @throws RangeError for a name that no axis has; TypeError where one is missing.
 * @example
 * ```ts
 * import { createSkyMap, NO_SKY, reorderAxes } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("a", [0, 1, 2]), createMapAxis("b", [0, 1, 2, 3])];
 * const map = createSkyMap(NO_SKY, { axes });
 * deepStrictEqual(reorderAxes(map, ["b", "a"]).values.shape, [3, 2]);
 * ```
 * @see gammapy.maps.Map.reorder_axes
 */
export function reorderAxes<G extends SkyGeom>(
  map: SkyMap<G>,
  names: readonly string[],
): SkyMap<G> {
  return broadcastMap(map, names.map((name) => map.axes[axisIndex(map.axes, name)]!));
}
