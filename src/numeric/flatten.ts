// @ts-types="@types/ndarray"
import type { NdArray, TypedArray } from "ndarray";

/** A C-contiguous run of elements inside a typed array. */
export interface FlatArray<A> {
  /** The typed array; the source's own where it was contiguous, else a copy. */
  readonly data: A;
  /** Index of the first element. */
  readonly offset: number;
  /** Step from element to element: always 1. */
  readonly stride: 1;
  /** Number of elements, the product of the shape. */
  readonly length: number;
  /** Whether `data` is a copy, and so the caller's own. */
  readonly copied: boolean;
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    if (stride[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/**
 * The elements of an ndarray in C order as one run of a typed array, for plain `for` loops. Views
 * that are contiguous share their memory; others (transposed, stepped, cut) are copied once.
 *
 * @param array an ndarray over a typed array, of any rank and strides; not changed
 * @returns where the run is; `data` is shared with `array` unless `copied`
 * @throws TypeError where the data is no typed array
 * @example
 * ```ts
 * import { flatten } from "@gammarx/gammarx/numeric";
 * import ndarray from "ndarray";
 * import { deepEqual } from "node:assert/strict";
 * const a = ndarray(new Float64Array([1, 2, 3, 4]), [2, 2]);
 * deepEqual([...flatten(a.transpose(1, 0)).data], [1, 3, 2, 4]);
 * ```
 */
export function flatten<A extends TypedArray>(array: NdArray<A>): FlatArray<A> {
  const { data, shape, stride, offset } = array;
  if (!ArrayBuffer.isView(data)) {
    throw new TypeError("flatten: the ndarray holds no typed array; build it over one");
  }
  const length = shape.reduce((product, n) => product * n, 1);
  if (isContiguous(shape, stride)) return { data, offset, stride: 1, length, copied: false };
  const Constructor = data.constructor as new (length: number) => A;
  const out = new Constructor(length);
  if (length > 0) copy(data, out, shape, stride, offset);
  return { data: out, offset: 0, stride: 1, length, copied: true };
}

function copy(
  from: TypedArray,
  out: TypedArray,
  shape: readonly number[],
  stride: readonly number[],
  offset: number,
): void {
  const last = shape.length - 1, n = shape[last]!, step = stride[last]!;
  const index = new Int32Array(last);
  let place = offset, at = 0;
  for (;;) {
    for (let i = 0, p = place; i < n; i++, p += step) out[at++] = from[p]!;
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      place += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      place -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
