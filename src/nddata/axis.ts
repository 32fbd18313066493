import {
  type LabelAxis,
  labelAxisKey,
  sameLabelAxis,
  sliceLabelAxis,
  squashLabelAxis,
} from "./label_axis.ts";
import { type MapAxis, mapAxisKey, sameMapAxis, sliceMapAxis, squashMapAxis } from "./map_axis.ts";
import {
  sameTimeAxis,
  sliceTimeAxis,
  squashTimeAxis,
  type TimeAxis,
  timeAxisKey,
} from "./time_axis.ts";

/** An axis of an N-dimensional array: of numbers, of time, of labels. */
export type Axis = MapAxis | TimeAxis | LabelAxis;

/** What every kind of axis answers for itself. */
interface AxisKind<A extends Axis> {
  readonly key: (axis: A) => string;
  readonly same: (a: A, b: A, rtol: number) => boolean;
  readonly slice: (axis: A, start: number, stop: number) => A;
  readonly squash: (axis: A) => A;
}

const KINDS: { readonly [K in Axis["kind"]]: AxisKind<Extract<Axis, { kind: K }>> } = {
  "map-axis": { key: mapAxisKey, same: sameMapAxis, slice: sliceMapAxis, squash: squashMapAxis },
  "time-axis": {
    key: timeAxisKey,
    same: sameTimeAxis,
    slice: sliceTimeAxis,
    squash: squashTimeAxis,
  },
  "label-axis": {
    key: labelAxisKey,
    same: sameLabelAxis,
    slice: sliceLabelAxis,
    squash: squashLabelAxis,
  },
};

function kindOf<A extends Axis>(axis: A): AxisKind<A> {
  return KINDS[axis.kind] as unknown as AxisKind<A>;
}

/**
 * The canonical text of an axis: equal where two axes are the same to the last bit.
 *
 * @returns A fingerprint of 16 hexadecimal digits.
 * @example
 * ```ts
 * import { axisKey, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(axisKey(createMapAxis("x", [0, 1])), axisKey(createMapAxis("x", [0, 1])));
 * ```
 */
export function axisKey(axis: Axis): string {
  return kindOf(axis).key(axis);
}

/**
 * Whether two axes are the same: kind, name, unit, scale, and bins to a fraction of their width.
 *
 * @param a One axis.
 * @param b The other.
 * @param options `rtol`: greatest difference of edges, in widths of the bin; 1e-6 where absent.
 * @returns True where they agree.
 * @example
 * ```ts
 * import { axisEquals, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * ok(axisEquals(createMapAxis("x", [0, 1]), createMapAxis("x", [0, 1 + 1e-12])));
 * ```
 */
export function axisEquals(a: Axis, b: Axis, options: { readonly rtol?: number } = {}): boolean {
  return a.kind === b.kind && kindOf(a).same(a, b, options.rtol ?? 1e-6);
}

/**
 * Bins start … stop − 1 of an axis.
 *
 * @param axis The axis.
 * @param range First bin, and the one after the last.
 * @returns A new axis of the same kind.
 * @throws RangeError for a range that is empty or outside the axis.
 * @example
 * ```ts
 * import { createMapAxis, sliceAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...sliceAxis(createMapAxis("x", [0, 1, 2, 3]), [1, 3]).edges], [1, 2, 3]);
 * ```
 */
export function sliceAxis<A extends Axis>(axis: A, range: readonly [number, number]): A {
  const [start, stop] = range;
  if (!(Number.isInteger(start) && Number.isInteger(stop)) || start < 0 || stop > axis.nBins) {
    throw new RangeError(
      `Axis ${axis.name}: found bins ${start} to ${stop}, expected a range within 0 to ${axis.nBins}`,
    );
  }
  if (start >= stop) throw new RangeError(`Axis ${axis.name}: bins ${start} to ${stop} are none`);
  return kindOf(axis).slice(axis, start, stop);
}

/**
 * One bin that takes the place of all.
 *
 * @returns A new axis of the same kind with one bin; labels are joined by "+".
 * @example
 * ```ts
 * import { createMapAxis, squashAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...squashAxis(createMapAxis("x", [0, 1, 3])).edges], [0, 3]);
 * ```
 */
export function squashAxis<A extends Axis>(axis: A): A {
  return kindOf(axis).squash(axis);
}

/**
 * The number of the axis of a name.
 *
 * @param axes Axes, slowest first.
 * @param name The name.
 * @returns 0 … axes.length − 1.
 * @throws RangeError for a name that no axis has, naming those there are.
 * @example
 * ```ts
 * import { axisIndex, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(axisIndex([createMapAxis("energy", [1, 2])], "energy"), 0);
 * ```
 */
export function axisIndex(axes: readonly Axis[], name: string): number {
  const index = axes.findIndex((axis) => axis.name === name);
  if (index < 0) {
    const known = axes.map((axis) => axis.name).join(", ") || "none";
    throw new RangeError(`No axis "${name}": there are ${known}`);
  }
  return index;
}
