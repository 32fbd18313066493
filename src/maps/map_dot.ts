import { type Axis, axisEquals, axisIndex, type NDData } from "../nddata/mod.ts";
import { combineUnits } from "../units/mod.ts";
import { dotAxis } from "./_dot_axis.ts";
import { axisRun, mapOfRuns, numbersOf, runsOf } from "./_map_arrays.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/**
 * A map folded with a matrix along an axis, out_j = Σ_i map_i K_ij: how the energy dispersion brings
 * counts from true to reconstructed energy. The variance is Σ K² Var, the matrix taken for exact.
 *
 * @param map The map.
 * @param kernel Values on two axes, in any order: one of the map, and another that takes its place.
 * @returns A new map, whose unit is the product of both; what an invalid value has a part of is invalid.
 * @throws TypeError where the kernel is not on two axes, one of which is the map's and the other not, or
 *   where the region changes along the axis that goes.
 * @example
 * ```ts
 * import { createSkyMap, dotMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = createMapAxis("energy_true", [1, 2, 3]);
 * const energy = createMapAxis("energy", [1, 3]);
 * const npred = createSkyMap(NO_SKY, { axes: [energyTrue], data: Float64Array.of(10, 20) });
 * const edisp = createSkyMap(NO_SKY, {
 *   axes: [energyTrue, energy], data: Float64Array.of(0.9, 0.5),
 * });
 * deepStrictEqual(dotMap(npred, edisp).values.get(0), 19);
 * ```
 * @see gammapy.maps.Map.dot
 */
export function dotMap<G extends SkyGeom>(map: SkyMap<G>, kernel: NDData): SkyMap<G> {
  const { shared, other, matrix } = kernelOf(map.axes, kernel);
  const index = axisIndex(map.axes, shared.name);
  if (!axisEquals(map.axes[index]!, shared)) {
    throw new TypeError(
      `The axis "${shared.name}" of the kernel has other bins than that of the map`,
    );
  }
  if (map.geom.kind === "region-geom" && map.geom.along?.axis.name === shared.name) {
    throw new TypeError(`The region changes along the axis "${shared.name}", which cannot go`);
  }
  const unit = map.unit === undefined && kernel.unit === undefined
    ? undefined
    : combineUnits([[map.unit ?? "", 1], [kernel.unit ?? "", 1]]);
  return mapOfRuns(
    { ...map, axes: map.axes.with(index, other), unit },
    dotAxis(runsOf(map), axisRun(map, index), matrix),
  );
}

/** The axis that the map has, the one that takes its place, and the matrix, C order [shared, other]. */
function kernelOf(
  axes: readonly Axis[],
  kernel: NDData,
): { readonly shared: Axis; readonly other: Axis; readonly matrix: Float64Array } {
  const [a, b] = kernel.axes;
  const isKernel = a !== undefined && b !== undefined && kernel.values.shape.length === 2;
  const own = (axis: Axis | undefined) => axes.some((one) => one.name === axis?.name);
  if (!isKernel || own(a) === own(b)) {
    const names = kernel.axes.map((axis) => axis.name).join(", ") || "none";
    throw new TypeError(
      `Found a kernel of the shape [${kernel.values.shape}] on the axes ${names}, expected two axes, ` +
        `one of them among those of the map, ${axes.map((axis) => axis.name).join(", ") || "none"}`,
    );
  }
  return own(a)
    ? { shared: a, other: b, matrix: numbersOf(kernel.values) }
    : { shared: b, other: a, matrix: numbersOf(kernel.values.transpose(1, 0)) };
}
