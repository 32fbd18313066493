import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  add,
  applyFunction,
  convertUnit,
  createBitPlanes,
  createNDArr,
  divide,
  multiply,
  type NDArrOptions,
  planeFlags,
  power,
  selectPlanes,
  sliceArray,
  sliceInParent,
  sqrt,
  subtract,
  uncertaintyOf,
  validOf,
} from "../../../src/nddata/mod.ts";
import { flatten } from "../../../src/numeric/mod.ts";

const arr = (values: readonly number[], options: NDArrOptions = {}) =>
  createNDArr(ndarray(Float64Array.from(values), [values.length]), options);
const vector = (values: readonly number[]) => ndarray(Float64Array.from(values), [values.length]);
const flags = (values: readonly number[]) => ndarray(Uint8Array.from(values), [values.length]);
function list(array: { data: ArrayLike<number> } | undefined): number[] {
  const { data, offset, length } = flatten(array as Parameters<typeof flatten>[0]);
  return Array.from(data as Float64Array).slice(offset, offset + length);
}

Deno.test("createNDArr() broadcasts one variance and refuses what does not fit", () => {
  deepStrictEqual(list(arr([1, 2], { variance: 0 }).variance), [0, 0]);
  deepStrictEqual(list(arr([1, 2], { variance: 4 }).variance), [4, 4]);
  throws(() => arr([1, 2], { variance: vector([1]) }), /variance has the shape \[1\]/);
  throws(() => arr([1, 2], { variance: vector([1, -1]) }), /found -1 at 1/);
  throws(() => arr([1, 2], { valid: flags([1]) }), TypeError);
  throws(() => arr([1], { unit: "TeVV" }), SyntaxError);
  const planes = createBitPlanes({ hot: flags([0, 1]) });
  throws(() => arr([1, 2], { valid: flags([1, 1]), planes }), /both valid and planes/);
});

Deno.test("uncertainty kinds are converted exactly, units included", () => {
  const std = arr([1, 2], {
    unit: "TeV",
    uncertainty: { kind: "std", values: vector([500, 1000]), unit: "GeV" },
  });
  deepStrictEqual(list(std.variance), [0.25, 1]);
  const inverse = arr([1], { uncertainty: { kind: "inverse-variance", values: vector([4]) } });
  deepStrictEqual(list(inverse.variance), [0.25]);
  deepStrictEqual(list(uncertaintyOf(inverse, "inverse-variance").values), [4]);
  strictEqual(uncertaintyOf(std, "std").unit, "TeV");
  strictEqual(uncertaintyOf(std, "inverse-variance").unit, "TeV-2");
  throws(() => uncertaintyOf(arr([1]), "std"), /no variance/);
  throws(
    () => arr([1], { uncertainty: { kind: "std", values: vector([-1]) } }),
    /0 or more, found -1/,
  );
  throws(
    () => arr([1], { unit: "TeV", uncertainty: { kind: "std", values: vector([1]), unit: "cm" } }),
    /Cannot convert/,
  );
});

Deno.test("arithmetic carries units and variances as the formulas say", () => {
  const a = arr([3, 5], { unit: "TeV", variance: vector([0.1, 0.2]) });
  const b = arr([1000, 2000], { unit: "GeV", variance: vector([1e4, 4e4]) });
  const sum = add(a, b), product = multiply(a, b), ratio = divide(a, b);
  strictEqual(sum.unit, "TeV");
  deepStrictEqual(list(sum.values), [4, 7]);
  near(list(sum.variance), [0.1 + 0.01, 0.2 + 0.04]);
  near(list(subtract(a, b).values), [2, 3]);
  strictEqual(product.unit, "TeV GeV");
  near(list(product.variance), [1e6 * 0.1 + 9 * 1e4, 4e6 * 0.2 + 25 * 4e4]);
  strictEqual(ratio.unit, "TeV GeV-1");
  near(list(convertUnit(ratio, "").values), [3, 2.5]);
  near(list(ratio.variance), [0.1 / 1e6 + 9 * 1e4 / 1e12, 0.2 / 4e6 + 25 * 4e4 / 1.6e13]);
});

Deno.test("arithmetic takes a covariance, and leaves variances out on request", () => {
  const a = arr([3], { variance: vector([4]) });
  // The same quantity: fully correlated.
  near(list(subtract(a, a, { covariance: 4 }).variance), [0]);
  near(list(add(a, a, { covariance: 4 }).variance), [16]);
  near(list(divide(a, a, { covariance: vector([4]) }).variance), [0]);
  near(list(multiply(a, a, { covariance: 4 }).variance), [4 * 9 * 4]);
  strictEqual(add(a, a, { variance: false }).variance, undefined);
  strictEqual(add(a, arr([1])).variance, undefined);
});

Deno.test("numbers and quantities are exact operands", () => {
  const a = arr([3], { unit: "TeV", variance: vector([4]) });
  near(list(multiply(a, 2).variance), [16]);
  strictEqual(multiply(a, 2).unit, "TeV");
  near(list(add(a, { value: 500, unit: "GeV" }).values), [3.5]);
  throws(() => add(a, 1), /Cannot convert/);
  deepStrictEqual(list(add(arr([3]), 1).values), [4]);
  throws(() => add(a, arr([1])), /without unit/);
  throws(() => add(a, arr([1, 2])), /shapes/);
});

Deno.test("valid with valid: AND; planes with planes: OR by name; one side's planes stay", () => {
  const a = arr([1, 1, 1, 1], { valid: flags([1, 1, 0, 0]) });
  const b = arr([1, 1, 1, 1], { valid: flags([1, 0, 1, 0]) });
  deepStrictEqual(list(validOf(add(a, b))), [1, 0, 0, 0]);
  deepStrictEqual(list(validOf(add(a, arr([1, 1, 1, 1])))), [1, 1, 0, 0]);
  const one = createBitPlanes({ hot: flags([1, 0, 0, 0]), dead: flags([0, 1, 0, 0]) });
  const two = createBitPlanes({ dead: flags([0, 0, 1, 0]), edge: flags([0, 0, 0, 1]) });
  const p = arr([1, 1, 1, 1], { planes: one }), q = arr([1, 1, 1, 1], { planes: two });
  const joined = add(p, q).planes!;
  deepStrictEqual(joined.names, ["hot", "dead", "edge"]);
  deepStrictEqual(list(planeFlags(joined, "dead")), [0, 1, 1, 0]);
  deepStrictEqual(list(planeFlags(joined, "edge")), [0, 0, 0, 1]);
  deepStrictEqual(add(p, arr([1, 1, 1, 1])).planes, p.planes);
  // Invalid values of the side without planes flag every plane of the other.
  const flagged = add(a, p).planes!;
  deepStrictEqual(list(planeFlags(flagged, "hot")), [1, 0, 1, 1]);
  deepStrictEqual(list(planeFlags(flagged, "dead")), [0, 1, 1, 1]);
  deepStrictEqual(add(p, a).planes, flagged);
});

Deno.test("64 planes are the most, in two words; selected ones make values invalid", () => {
  const many = (from: number, n: number) =>
    createBitPlanes(Object.fromEntries(
      Array.from({ length: n }, (_, i) => [`p${from + i}`, flags([+(i % 2 === 0), 0])]),
    ));
  const a = arr([1, 1], { planes: many(0, 40) }), b = arr([1, 1], { planes: many(40, 24) });
  const all = add(a, b).planes!;
  strictEqual(all.names.length, 64);
  deepStrictEqual(all.names.map((name) => planeFlags(all, name).get(0)), [
    ...Array.from({ length: 40 }, (_, i) => +(i % 2 === 0)),
    ...Array.from({ length: 24 }, (_, i) => +(i % 2 === 0)),
  ]);
  throws(() => add(add(a, b), arr([1, 1], { planes: many(64, 1) })), /65 together/);
  throws(() => many(0, 65), RangeError);
  const only = (name: string) => list(validOf(arr([1, 1], { planes: selectPlanes(all, [name]) })));
  deepStrictEqual(only("p62"), [0, 1]);
  deepStrictEqual(only("p63"), [1, 1]);
  throws(() => selectPlanes(all, ["p99"]), /No bit plane "p99"/);
});

Deno.test("functions want pure numbers; powers take units along", () => {
  const x = arr([2], { unit: "", variance: vector([0.04]) });
  near(list(applyFunction(x, "log").variance), [0.01]);
  near(list(applyFunction(x, "exp").variance), [Math.exp(2) ** 2 * 0.04]);
  // Numerical derivatives hold all of them.
  for (
    const name of ["exp", "log", "log10", "log1p", "expm1", "sin", "cos", "tan", "tanh"] as const
  ) {
    const f = (at: number) => list(applyFunction(arr([at]), name).values)[0]!;
    const slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6;
    near(list(applyFunction(arr([0.7], { variance: 1 }), name).variance), [slope ** 2], 1e-8);
  }
  near(list(applyFunction(arr([1000], { unit: "GeV TeV-1" }), "log").values), [0], 1e-12);
  throws(() => applyFunction(arr([1], { unit: "TeV" }), "log"), TypeError);
  strictEqual(power(arr([2], { unit: "cm" }), 2).unit, "cm2");
  strictEqual(sqrt(arr([4], { unit: "cm2 s" })).unit, "cm s^(1/2)");
  throws(() => power(arr([2], { unit: "cm" }), 0.3), TypeError);
  near(list(power(arr([2], { variance: vector([0.5]) }), 3).variance), [144 * 0.5]);
});

Deno.test("slices keep parent and place; the same data are found by the parent's indices", () => {
  const shape = [3, 4], size = 12;
  const parent = createNDArr(ndarray(Float64Array.from({ length: size }, (_, i) => i), shape));
  fc.assert(fc.property(
    fc.tuple(fc.nat(2), fc.nat(2), fc.nat(3), fc.nat(3)),
    ([a, b, c, d]) => {
      const rows = [Math.min(a, b), Math.max(a, b) + 1] as const;
      const columns = [Math.min(c, d), Math.max(c, d) + 1] as const;
      const part = sliceArray(parent, [rows, columns]);
      for (let i = rows[0]; i < rows[1]; i++) {
        for (let j = columns[0]; j < columns[1]; j++) {
          strictEqual(sliceInParent(part, [i, j]).values.get(), parent.values.get(i, j));
        }
      }
      const twice = sliceArray(sliceArray(parent, [rows]), [undefined, columns]);
      deepStrictEqual(twice.place, part.place);
      const row = sliceArray(parent, [rows[0]]);
      deepStrictEqual(row.place.axes, [1]);
      strictEqual(
        sliceInParent(row, [columns[0]]).values.get(),
        parent.values.get(rows[0], columns[0]),
      );
    },
  ));
  throws(() => sliceInParent(sliceArray(parent, [[1, 2]]), [0]), /reaches from 1 to 2/);
  throws(() => sliceArray(parent, [[2, 2]]), RangeError);
  throws(() => sliceArray(parent, [0, 0, 0]), TypeError);
});

Deno.test("unary operations keep the place, binary ones where both share it", () => {
  const a = arr([1, 2, 3, 4]), b = arr([5, 6, 7, 8]);
  const part = sliceArray(a, [[1, 3]]);
  strictEqual(power(part, 2).place, part.place);
  deepStrictEqual(add(part, power(part, 2)).place, part.place);
  deepStrictEqual(multiply(part, 3).place, part.place);
  // Different parents: a new array begins.
  const mixed = add(part, sliceArray(b, [[1, 3]]));
  ok(mixed.place.parent !== a.place.parent && mixed.place.parent !== b.place.parent);
  deepStrictEqual(mixed.place.start, [0]);
  throws(() => add(part, sliceArray(a, [[2, 4]])), /different cuts of one array/);
  throws(() => add(sliceArray(a, [[0, 2]]), sliceArray(power(a, 2), [[1, 3]])), TypeError);
});

Deno.test("slices are views of values, variance and flags together", () => {
  const planes = createBitPlanes({ hot: flags([0, 1, 1]) });
  const a = arr([1, 2, 3], { variance: vector([4, 5, 6]), planes }), part = sliceArray(a, [[1, 3]]);
  strictEqual(part.values.data, a.values.data);
  deepStrictEqual(list(part.variance), [5, 6]);
  deepStrictEqual(list(validOf(part)), [0, 0]);
  // A broadcast variance is cut like any other.
  deepStrictEqual(list(sliceArray(arr([1, 2], { variance: 3 }), [[1, 2]]).variance), [3]);
});

Deno.test("variances agree with simulated scatter", () => {
  // Var(a b) for a = 3 ± 0.03, b = 5 ± 0.05 by sums over a grid of normal quantiles.
  const steps = 41, weights: number[] = [], offsets: number[] = [];
  for (let i = 0; i < steps; i++) {
    const z = (i - 20) / 5;
    offsets.push(z);
    weights.push(Math.exp(-z * z / 2));
  }
  const total = weights.reduce((x, y) => x + y) ** 2;
  let first = 0, second = 0;
  offsets.forEach((z, i) =>
    offsets.forEach((w, j) => {
      const value = (3 + 0.03 * z) / (5 + 0.05 * w), weight = weights[i]! * weights[j]! / total;
      first += weight * value;
      second += weight * value * value;
    })
  );
  const a = arr([3], { variance: 0.0009 }), b = arr([5], { variance: 0.0025 });
  const found = list(divide(a, b).variance)[0]!;
  ok(Math.abs(found / (second - first * first) - 1) < 2e-3);
});

function near(found: readonly number[], expected: readonly number[], rtol = 1e-12): void {
  strictEqual(found.length, expected.length);
  found.forEach((value, i) => {
    const limit = rtol * Math.max(1, Math.abs(expected[i]!));
    ok(Math.abs(value - expected[i]!) <= limit, `${value} is not ${expected[i]} at ${i}`);
  });
}
