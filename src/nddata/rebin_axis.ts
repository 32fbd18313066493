import { AXIS_SCALES, coordToPix, createMapAxis, type MapAxis } from "./map_axis.ts";

/** Bins of an axis that are joined, and the axis they give. */
export interface AxisGroups {
  /** The new axis: one bin a group. */
  readonly axis: MapAxis;
  /** First bin of each group, and the one after the last: group i is bounds[i] … bounds[i + 1] − 1. */
  readonly bounds: Int32Array;
}

function fromBounds(axis: MapAxis, bounds: Int32Array): AxisGroups {
  const { name, unit, interp } = axis;
  const whole = bounds[0] === 0 && bounds[bounds.length - 1] === axis.nBins;
  const edges = Float64Array.from(bounds, (bin) => axis.edges[bin]!);
  const joined = createMapAxis(name, edges, { unit, interp, periodic: axis.periodic && whole });
  return Object.freeze({ axis: joined, bounds });
}

/**
 * Groups bins so that the requested edges become those of the axis that are nearest, in its scale.
 *
 * @param axis The axis.
 * @param edges Requested edges, ascending, in its unit; edges that snap to the same one are joined.
 * @returns The groups; bins below the first and above the last edge are in none.
 * @throws RangeError where fewer than two edges of the axis are left.
 * @example
 * ```ts
 * import { createMapAxis, snapEdges } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axis = createMapAxis("energy", [1, 2, 4, 8], { interp: "log" });
 * deepStrictEqual([...snapEdges(axis, [1.1, 3.9, 100]).axis.edges], [1, 4, 8]);
 * ```
 * @see gammapy.maps.MapAxis.group_table
 */
export function snapEdges(axis: MapAxis, edges: ArrayLike<number>): AxisGroups {
  const bounds: number[] = [];
  for (let i = 0; i < edges.length; i++) {
    const edge = Math.round(coordToPix(axis, edges[i]!) + 0.5);
    const bin = Math.max(0, Math.min(axis.nBins, edge));
    if (bounds.length === 0 || bin > bounds[bounds.length - 1]!) bounds.push(bin);
  }
  if (bounds.length < 2) {
    throw new RangeError(
      `Axis ${axis.name}: the requested edges ${Array.from(edges).join(", ")} leave no bin of ` +
        `${axis.edges[0]} to ${axis.edges[axis.nBins]} ${axis.unit}`,
    );
  }
  return fromBounds(axis, Int32Array.from(bounds));
}

/**
 * Joins bins by a factor.
 *
 * @param axis The axis.
 * @param factor Bins that become one.
 * @returns The groups, over the whole axis.
 * @throws RangeError where the number of bins is no multiple of the factor.
 * @example
 * ```ts
 * import { createMapAxis, downsampleAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...downsampleAxis(createMapAxis("x", [0, 1, 3]), 2).axis.edges], [0, 3]);
 * ```
 */
export function downsampleAxis(axis: MapAxis, factor: number): AxisGroups {
  checkFactor(axis, factor);
  if (axis.nBins % factor !== 0) {
    throw new RangeError(
      `Axis ${axis.name} has ${axis.nBins} bins, which is no multiple of ${factor}`,
    );
  }
  return fromBounds(
    axis,
    Int32Array.from({ length: axis.nBins / factor + 1 }, (_, i) => i * factor),
  );
}

/**
 * Splits every bin into equal parts in the scale of the axis.
 *
 * @param axis The axis.
 * @param factor Parts of a bin.
 * @returns A new axis; an axis made from centres becomes one of edges.
 * @throws RangeError for a factor that is no whole number above 0.
 * @example
 * ```ts
 * import { createMapAxis, upsampleAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...upsampleAxis(createMapAxis("x", [0, 1, 3]), 2).edges], [0, 0.5, 1, 2, 3]);
 * ```
 */
export function upsampleAxis(axis: MapAxis, factor: number): MapAxis {
  checkFactor(axis, factor);
  const { name, unit, interp, periodic, edges } = axis, scale = AXIS_SCALES[interp];
  const fine = new Float64Array(axis.nBins * factor + 1);
  for (let bin = 0; bin < axis.nBins; bin++) {
    const low = scale.to(edges[bin]!), high = scale.to(edges[bin + 1]!);
    fine[bin * factor] = edges[bin]!;
    for (let k = 1; k < factor; k++) {
      fine[bin * factor + k] = scale.from(low + (high - low) * k / factor);
    }
  }
  fine[fine.length - 1] = edges[axis.nBins]!;
  return createMapAxis(name, fine, { unit, interp, periodic });
}

function checkFactor(axis: MapAxis, factor: number): void {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new RangeError(
      `Axis ${axis.name}: found factor ${factor}, expected a whole number above 0`,
    );
  }
}

/**
 * One axis behind the other.
 *
 * @param a The lower one.
 * @param b The upper one: begins where `a` ends, to 1e-6 of its first bin.
 * @returns A new axis.
 * @throws TypeError for axes of different name, unit or scale; RangeError where they do not meet.
 * @example
 * ```ts
 * import { concatAxes, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(concatAxes(createMapAxis("x", [0, 1]), createMapAxis("x", [1, 2, 3])).nBins, 3);
 * ```
 */
export function concatAxes(a: MapAxis, b: MapAxis): MapAxis {
  const { name, unit, interp } = a;
  if (name !== b.name || unit !== b.unit || interp !== b.interp) {
    throw new TypeError(
      `Axes "${name}" (${unit}, ${interp}) and "${b.name}" (${b.unit}, ${b.interp}) cannot be joined: ` +
        `name, unit and scale must be equal`,
    );
  }
  const end = a.edges[a.nBins]!, start = b.edges[0]!;
  if (Math.abs(end - start) > 1e-6 * (b.edges[1]! - start)) {
    throw new RangeError(`Axis ${name}: one part ends at ${end}, the other starts at ${start}`);
  }
  return createMapAxis(name, [...a.edges, ...b.edges.subarray(1)], { unit, interp });
}

/**
 * The bins that lie wholly inside a range.
 *
 * @param axis The axis.
 * @param range Lower and upper bound in its unit.
 * @returns First bin and the one after the last; equal where there is none.
 * @example
 * ```ts
 * import { binsInside, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(binsInside(createMapAxis("x", [0, 1, 2, 3]), [0.5, 3]), [1, 3]);
 * ```
 */
export function binsInside(
  axis: MapAxis,
  range: readonly [number, number],
): readonly [number, number] {
  const [low, high] = range, { edges, nBins } = axis;
  let start = 0;
  while (start < nBins && edges[start]! < low) start++;
  let stop = nBins;
  while (stop > start && edges[stop]! > high) stop--;
  return [start, Math.max(start, stop)];
}
