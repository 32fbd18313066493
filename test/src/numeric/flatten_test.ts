import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import { flatten } from "../../../src/numeric/mod.ts";

const iota = (n: number) => new Float64Array(n).map((_, i) => i);

Deno.test("flatten() shares contiguous views", () => {
  const a = ndarray(iota(24), [2, 3, 4]);
  for (
    const [view, offset, length] of [[a, 0, 24], [a.pick(1), 12, 12], [a.lo(1), 12, 12]] as const
  ) {
    const flat = flatten(view);
    equal(flat.data, a.data);
    deepEqual([flat.offset, flat.length, flat.copied], [offset, length, false]);
  }
});

Deno.test("flatten() gives the elements of any view in C order", () => {
  fc.assert(fc.property(
    fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
    fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1)),
    fc.constantFrom(-2, -1, 1, 2),
    (axes, low, step) => {
      const a = ndarray(iota(60), [3, 4, 5]).transpose(...axes as [number, number, number]).lo(
        ...low,
      )
        .step(step, 1, 1);
      const [n0, n1, n2] = a.shape as [number, number, number], expected: number[] = [];
      for (let i = 0; i < n0; i++) {
        for (let j = 0; j < n1; j++) for (let k = 0; k < n2; k++) expected.push(a.get(i, j, k));
      }
      const { data, offset, length } = flatten(a);
      deepEqual([...data.subarray(offset, offset + length)], expected);
    },
  ));
});

Deno.test("flatten() handles rank 0 and empty arrays", () => {
  equal(flatten(ndarray(new Float64Array([7]), [])).length, 1);
  equal(flatten(ndarray(new Float64Array(0), [0, 3])).length, 0);
  equal(flatten(ndarray(iota(6), [2, 3]).transpose(1, 0).hi(0, 2)).length, 0);
});
