// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray, TypedArray } from "ndarray";
import { bareArray, type Cut, sliceArray } from "./slice.ts";
import { createNDData, dataWorldToPixel, type NDData } from "./nd_data.ts";
import type { NDArr, NumericArray } from "./nd_arr.ts";

/** What is cut out, along the pixel axes. */
export interface CutoutOptions {
  /** First index and the one after the last along each pixel axis; may reach outside the data. */
  readonly box?: readonly (readonly [start: number, stop: number])[];
  /** World coordinates of the middle, instead of `box`. */
  readonly center?: readonly number[];
  /** Pixels along each pixel axis, with `center`. */
  readonly size?: readonly number[];
  /**
   * Where the box reaches outside: "trim" takes what there is, "partial" fills the rest with NaN and makes
   * it invalid, "strict" refuses; "trim" where absent.
   */
  readonly mode?: "trim" | "partial" | "strict";
}

/**
 * A box of pixels of data with all their further axes.
 *
 * @param data Data whose last dimensions are pixels.
 * @param options The box, or its middle and size; what to do where it reaches outside.
 * @returns A new record that knows its place in the parent: a view, or for a partial cutout new arrays of
 *   doubles.
 * @throws RangeError where the box and the data have nothing in common, or, if strict, where the box is
 *   not inside; TypeError where box, or middle and size, are not given for each pixel axis.
 * @example
 * ```ts
 * import { createNDArr, createNDData, cutout } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const wcs = {
 *   nPixelAxes: 1, key: "pixels",
 *   pixelToWorld: (pixel: readonly number[]) => pixel,
 *   worldToPixel: (world: readonly number[]) => world,
 * };
 * const data = createNDData(createNDArr(ndarray(Float64Array.of(1, 2, 3), [3])), { wcs });
 * strictEqual(cutout(data, { center: [2], size: [3] }).values.shape[0], 2);
 * strictEqual(cutout(data, { center: [2], size: [3], mode: "partial" }).valid?.get(2), 0);
 * ```
 * @see astropy.nddata.Cutout2D
 */
export function cutout(data: NDData, options: CutoutOptions): NDData {
  const { mode = "trim" } = options, nAxes = data.axes.length, { shape } = data.values;
  const box = boxOf(data, options), nPixelAxes = shape.length - nAxes;
  if (box.length !== nPixelAxes) {
    throw new TypeError(`Found a box of ${box.length} pixel axes, expected ${nPixelAxes}`);
  }
  const inside = box.map(([start, stop], d): [number, number] => {
    const n = shape[nAxes + d]!, low = Math.max(0, start), high = Math.min(n, stop);
    const isOut = low !== start || high !== stop;
    if (low >= high || (mode === "strict" && isOut)) {
      throw new RangeError(
        `Pixel axis ${d}: the box reaches from ${start} to ${stop}, the data from 0 to ${n}` +
          (low < high ? ': take mode "trim" or "partial"' : ": they have nothing in common"),
      );
    }
    return [low, high];
  });
  const cuts: Cut[] = [...data.axes.map(() => undefined), ...inside];
  const part = sliceArray(data, cuts);
  const arr = mode === "partial" ? padded(part, box, inside, nAxes) : part;
  return createNDData(arr, { axes: data.axes, wcs: data.wcs, meta: data.meta });
}

type Box = readonly (readonly [number, number])[];

function boxOf(data: NDData, { box, center, size }: CutoutOptions): Box {
  if (box !== undefined && center === undefined) return box;
  if (box !== undefined || center === undefined || size === undefined) {
    throw new TypeError("Expected either a box, or a center and a size");
  }
  return dataWorldToPixel(data, center).map((pixel, d) => {
    const n = size[d] ?? 0, start = Math.round(pixel - (n - 1) / 2);
    if (Number.isNaN(start)) {
      throw new RangeError(`The center [${center}] is outside the projection`);
    }
    return [start, start + n] as const;
  });
}

/** The array with NaN and invalid values up to the box. */
function padded(part: NDArr, box: Box, inside: Box, nAxes: number): NDArr {
  const before = box.map(([start], d) => inside[d]![0] - start);
  const size = box.map(([start, stop]) => stop - start);
  const shape = [...part.values.shape.slice(0, nAxes), ...size];
  if (part.values.shape.join() === shape.join()) return part;
  const at = [...part.values.shape.slice(0, nAxes).map(() => 0), ...before];
  const put = <A extends TypedArray>(from: NdArray<TypedArray>, out: A): NdArray<A> => {
    const whole = ndarray(out, shape);
    copyInto(from, whole.lo(...at).hi(...from.shape));
    return whole;
  };
  const n = shape.reduce((a, b) => a * b, 1);
  const ones = ndarray(Uint8Array.of(1), part.values.shape, part.values.shape.map(() => 0));
  const place = part.place, pixels = place.axes.slice(nAxes);
  const start = [...place.start], stop = [...place.stop];
  pixels.forEach((axis, d) => {
    start[axis]! -= before[d]!;
    stop[axis] = start[axis]! + size[d]!;
  });
  return Object.freeze({
    ...bareArray(part),
    values: put(part.values, new Float64Array(n).fill(NaN)) as NdArray<NumericArray>,
    variance: part.variance && put(part.variance, new Float64Array(n).fill(NaN)),
    valid: part.planes === undefined ? put(part.valid ?? ones, new Uint8Array(n)) : undefined,
    planes: part.planes && Object.freeze({
      ...part.planes,
      low: put(part.planes.low, new Uint32Array(n).fill(0xffffffff)),
      high: part.planes.high && put(part.planes.high, new Uint32Array(n).fill(0xffffffff)),
    }),
    place: Object.freeze({ ...place, start: Object.freeze(start), stop: Object.freeze(stop) }),
  });
}

/** Copies an array into a view of the same shape. */
function copyInto(from: NdArray<TypedArray>, into: NdArray<TypedArray>): void {
  const { shape } = from, index = shape.map(() => 0), n = shape.reduce((a, b) => a * b, 1);
  for (let i = 0; i < n; i++) {
    into.set(...index, from.get(...index));
    for (let d = shape.length - 1; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
}
