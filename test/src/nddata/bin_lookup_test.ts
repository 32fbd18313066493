import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  binIndex,
  binIndices,
  createMapAxis,
  linearEdges,
  logEdges,
} from "../../../src/nddata/mod.ts";
import { lookupOf } from "../../../src/nddata/bin_lookup.ts";

const edgesOf = fc.oneof(
  fc.tuple(fc.double({ min: 1e-6, max: 10, noNaN: true }), fc.integer({ min: 1, max: 300 }))
    .map(([low, nBins]) => logEdges({ low, high: low * 1e5, nBins })),
  fc.tuple(fc.double({ min: -50, max: 50, noNaN: true }), fc.integer({ min: 1, max: 300 }))
    .map(([low, nBins]) => linearEdges({ low, high: low + 7, nBins })),
  fc.uniqueArray(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2 })
    .map((list) => Float64Array.from(list).sort()),
  fc.uniqueArray(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), { minLength: 2 })
    .map((list) => Float64Array.from(list).sort()),
);

Deno.test("binIndices() agrees with halving for every kind of axis, at and beside each edge", () => {
  fc.assert(
    fc.property(edgesOf, fc.array(fc.double()), (edges, more) => {
      const axis = createMapAxis("x", edges);
      const near = Array.from(edges, (e) => [e, e * (1 - 2e-16), e * (1 + 3e-16)]).flat();
      const values = Float64Array.of(...near, ...more, NaN, -0, Infinity, -Infinity);
      const out = new Int32Array(values.length);
      binIndices(axis, values, values.length, out);
      deepStrictEqual(Array.from(out), Array.from(values, (x) => binIndex(axis, x)));
    }),
    { numRuns: 500 },
  );
});

Deno.test("the fast lookup is taken where it can be", () => {
  const kind = (edges: ArrayLike<number>) => lookupOf(createMapAxis("x", edges)).kind;
  strictEqual(kind(logEdges({ low: 0.1, high: 100, nBins: 20 })), "bits");
  strictEqual(kind(linearEdges({ low: 0, high: 9, nBins: 9 })), "uniform");
  strictEqual(kind([-5, 1, 1.5]), "search");
});

Deno.test("createMapAxis() refuses edges that do not ascend", () => {
  throws(() => createMapAxis("x", [1]), RangeError);
  throws(() => createMapAxis("x", [1, 1]), /ascend/);
  throws(() => createMapAxis("x", [1, NaN]), /ascend/);
  throws(() => logEdges({ low: 0, high: 1, nBins: 3 }), RangeError);
  throws(() => linearEdges({ low: 1, high: 1, nBins: 3 }), RangeError);
});
