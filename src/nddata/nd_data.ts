import { fingerprint } from "../numeric/mod.ts";
import { type Axis, axisKey, sliceAxis } from "./axis.ts";
import type { NDArr } from "./nd_arr.ts";
import { EMPTY_META, type Meta } from "./meta.ts";
import { bareArray, type Cut, rangesOf, sliceArray } from "./slice.ts";

/**
 * World coordinates of the axes of an array: numbers in, numbers out. Pixels are 0-based with centres at
 * integers, in the order of the axes of the array (slowest first), and count in the array's parent.
 */
export interface WorldCoordinates {
  /** Number of pixel axes: the last ones of the array. */
  readonly nPixelAxes: number;
  /** Canonical text: equal where two coordinate systems are the same. */
  readonly key: string;
  /** World coordinates of a pixel position. */
  readonly pixelToWorld: (pixel: readonly number[]) => readonly number[];
  /** Pixel position of world coordinates. */
  readonly worldToPixel: (world: readonly number[]) => readonly number[];
}

/** An array with its coordinates and what is known of it. */
export interface NDData extends NDArr {
  /** Axes of the first dimensions, slowest first. */
  readonly axes: readonly Axis[];
  /** Coordinates of the last dimensions; undefined where `axes` tell of all. */
  readonly wcs: WorldCoordinates | undefined;
  /** What the data are, and where they come from. */
  readonly meta: Meta;
  /** Canonical text of axes and coordinates: only data with equal keys are added and divided. */
  readonly coordinatesKey: string;
}

/** What {@link createNDData} takes beside the array. */
export interface NDDataOptions {
  /** Axes of the first dimensions; none where absent. */
  readonly axes?: readonly Axis[];
  /** Coordinates of the last dimensions. */
  readonly wcs?: WorldCoordinates | undefined;
  /** What the data are. */
  readonly meta?: Meta;
}

/**
 * Puts an array and its coordinates together.
 *
 * @param arr The array: as many dimensions as axes and pixel axes together.
 * @param options Axes, world coordinates, meta.
 * @returns A frozen record.
 * @throws TypeError where array and coordinates do not agree, or two axes have one name.
 * @example
 * ```ts
 * import { createMapAxis, createNDArr, createNDData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const energy = createMapAxis("energy", [1, 10, 100], { unit: "TeV", interp: "log" });
 * const spectrum = createNDData(createNDArr(ndarray(Float64Array.of(5, 1), [2])), { axes: [energy] });
 * strictEqual(spectrum.axes[0]?.name, "energy");
 * ```
 */
export function createNDData(arr: NDArr, options: NDDataOptions = {}): NDData {
  const { axes = [], wcs, meta = EMPTY_META } = options, { shape } = arr.values;
  const nDims = axes.length + (wcs?.nPixelAxes ?? 0);
  if (nDims !== shape.length || axes.some((axis, a) => axis.nBins !== shape[a])) {
    const named = axes.map((axis) => `${axis.name} ${axis.nBins}`).join(", ") || "none";
    throw new TypeError(
      `Found an array of the shape [${shape}], expected that of its axes (${named}) and ` +
        `${wcs?.nPixelAxes ?? 0} pixel axes`,
    );
  }
  const twice = axes.find((axis, a) => axes.findIndex((one) => one.name === axis.name) < a);
  if (twice !== undefined) throw new TypeError(`Found two axes named "${twice.name}"`);
  return Object.freeze({
    ...bareArray(arr),
    axes: Object.freeze([...axes]),
    wcs,
    meta,
    coordinatesKey: coordinatesKeyOf(axes, wcs?.key),
  });
}

/** The canonical text of axes and the key of what follows them. */
export function coordinatesKeyOf(axes: readonly Axis[], last: string | undefined): string {
  return fingerprint({ axes: axes.map(axisKey), last });
}

/**
 * A part of data: array, axes and meta are cut together; the world coordinates stay, since they count in
 * the parent's pixels.
 *
 * @param data Any data; pixel axes may be cut to ranges, not to an index.
 * @param cuts One for each dimension; those left out take all.
 * @returns A new record over the same memory.
 * @throws RangeError for a range that is empty or outside; TypeError for an index along a pixel axis.
 * @example
 * ```ts
 * import { createMapAxis, createNDArr, createNDData, sliceData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { deepStrictEqual } from "node:assert/strict";
 * const x = createMapAxis("x", [0, 1, 2, 3]);
 * const data = createNDData(createNDArr(ndarray(Float64Array.of(1, 2, 3), [3])), { axes: [x] });
 * const [axis] = sliceData(data, [[1, 3]]).axes;
 * deepStrictEqual(axis?.kind === "map-axis" && [...axis.edges], [1, 2, 3]);
 * ```
 */
export function sliceData(data: NDData, cuts: readonly Cut[]): NDData {
  const ranges = rangesOf(data.values.shape, cuts), nAxes = data.axes.length;
  const lost = ranges.findIndex((range, d) => d >= nAxes && !range.keep);
  if (lost >= 0) {
    throw new TypeError(
      `Dimension ${lost} is a pixel axis: cut it to a range, [i, i + 1] for one pixel`,
    );
  }
  const axes = data.axes.flatMap((axis, a) => {
    const { start, stop, keep } = ranges[a]!;
    return keep ? [sliceAxis(axis, [start, stop])] : [];
  });
  return createNDData(sliceArray(data, cuts), { axes, wcs: data.wcs, meta: data.meta });
}

/**
 * World coordinates of a pixel of this very array.
 *
 * @param data Data with world coordinates.
 * @param pixel Position along its pixel axes, 0-based.
 * @returns World coordinates, in the units of `data.wcs`.
 * @throws TypeError for data without world coordinates.
 * @example
 * ```ts
 * import { createNDArr, createNDData, dataPixelToWorld, sliceData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { deepStrictEqual } from "node:assert/strict";
 * const wcs = {
 *   nPixelAxes: 1, key: "tenths",
 *   pixelToWorld: ([x]: readonly number[]) => [x! / 10],
 *   worldToPixel: ([w]: readonly number[]) => [w! * 10],
 * };
 * const data = createNDData(createNDArr(ndarray(new Float64Array(5), [5])), { wcs });
 * deepStrictEqual(dataPixelToWorld(sliceData(data, [[2, 5]]), [0]), [0.2]);
 * ```
 */
export function dataPixelToWorld(data: NDData, pixel: readonly number[]): readonly number[] {
  const wcs = requireWcs(data), start = pixelStart(data, wcs);
  return wcs.pixelToWorld(pixel.map((p, d) => p + start[d]!));
}

/**
 * The pixel of this very array at world coordinates.
 *
 * @param data Data with world coordinates.
 * @param world World coordinates, in the units of `data.wcs`.
 * @returns Position along its pixel axes, 0-based.
 * @throws TypeError for data without world coordinates.
 * @example
 * ```ts
 * import { createNDArr, createNDData, dataWorldToPixel } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { throws } from "node:assert/strict";
 * const data = createNDData(createNDArr(ndarray(new Float64Array(1), [])));
 * throws(() => dataWorldToPixel(data, [1]), /no world coordinates/);
 * ```
 */
export function dataWorldToPixel(data: NDData, world: readonly number[]): readonly number[] {
  const wcs = requireWcs(data), start = pixelStart(data, wcs);
  return wcs.worldToPixel(world).map((p, d) => p - start[d]!);
}

function requireWcs(data: NDData): WorldCoordinates {
  if (data.wcs === undefined) throw new TypeError("The data have no world coordinates");
  return data.wcs;
}

/** First index of the pixel axes in the parent. */
function pixelStart(data: NDData, wcs: WorldCoordinates): readonly number[] {
  const { axes, start } = data.place;
  return axes.slice(axes.length - wcs.nPixelAxes).map((axis) => start[axis]!);
}
