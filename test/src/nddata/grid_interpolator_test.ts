import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createGridInterpolator,
  createMapAxis,
  energyAxis,
  type GridNodes,
  gridNodes,
} from "../../../src/nddata/mod.ts";

const nodesArbitrary = fc.record({
  interp: fc.constantFrom("lin" as const, "log" as const, "sqrt" as const),
  even: fc.boolean(),
  steps: fc.array(fc.double({ min: 0.05, max: 4, noNaN: true }), { minLength: 0, maxLength: 9 }),
}).map(({ interp, even, steps }): GridNodes => {
  let sum = 0.5;
  const nodes = [sum, ...steps.map((step) => sum += even ? 0.5 : step)];
  return { nodes: Float64Array.from(nodes), interp };
});

const to = { lin: (x: number) => x, log: Math.log, sqrt: Math.sqrt };

/** One coordinate after the other, each by its own definition. */
function plain(
  axes: readonly GridNodes[],
  values: ArrayLike<number>,
  at: readonly number[],
): number {
  const [axis, ...rest] = axes;
  if (axis === undefined) return values[0]!;
  const n = axis.nodes.length, width = values.length / n;
  const of = (i: number) =>
    plain(rest, Array.from(values).slice(i * width, (i + 1) * width), at.slice(1));
  if (n === 1) return of(0);
  const s = Array.from(axis.nodes, to[axis.interp]), x = to[axis.interp](at[0]!);
  let i = 0;
  while (i < n - 2 && x >= s[i + 1]!) i++;
  return of(i) + (x - s[i]!) / (s[i + 1]! - s[i]!) * (of(i + 1) - of(i));
}

Deno.test("createGridInterpolator() is multilinear in the scales of its coordinates, in 1 to 4 of them", () => {
  fc.assert(fc.property(
    fc.array(nodesArbitrary, { minLength: 1, maxLength: 4 }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    (axes, stream) => {
      const draw = () => stream.next().value as number;
      const size = axes.reduce((n, axis) => n * axis.nodes.length, 1);
      const values = Float64Array.from({ length: size }, () => 10 * draw() - 3);
      const points = Array.from(
        { length: 20 },
        () => axes.map((axis) => axis.nodes[0]! * 0.5 + draw() * axis.nodes.at(-1)! * 1.3),
      );
      const columns = axes.map((_, a) => Float64Array.from(points, (point) => point[a]!));
      const grid = createGridInterpolator(axes, values);
      const found = grid.pointsInto(columns, new Float64Array(20));
      points.forEach((point, k) => {
        const expected = plain(axes, values, point);
        const limit = 1e-9 * (1 + Math.abs(expected));
        ok(Math.abs(found[k]! - expected) < limit, `${found[k]} is not ${expected} at ${point}`);
        ok(Math.abs(grid.grid(point.map((x) => [x]))[0]! - expected) < limit);
      });
    },
  ));
});

Deno.test("grid() gives all combinations, and the fill where one coordinate is outside", () => {
  const axes = [energyAxis({ low: 1, high: 100, nBins: 2 }), createMapAxis("offset", [0, 1, 2])];
  const grid = createGridInterpolator(axes.map(gridNodes), [1, 2, 3, 4], { fill: 0 });
  const found = grid.grid([[0.5, 10], [0.5, 1, 3]]);
  deepStrictEqual([...found].map((x) => Math.round(x * 1e9) / 1e9), [0, 0, 0, 2, 2.5, 0]);
  deepStrictEqual([...grid.grid([[], [1]])], []);
});

Deno.test("outside the limits stands the fill, NaN coordinates included; at the edges not", () => {
  const x = gridNodes(createMapAxis("x", [0, 1, 2])), y = { ...x, limits: undefined };
  const grid = createGridInterpolator([x], [1, 2], { fill: -7 });
  const at = Float64Array.of(-1e-9, 0, 2, 2.1, NaN);
  deepStrictEqual([...grid.pointsInto([at], new Float64Array(5))], [-7, 0.5, 2.5, -7, -7]);
  strictEqual(createGridInterpolator([y], [1, 2]).at([4.5]), 5);
  ok(Number.isNaN(createGridInterpolator([y], [1, 2]).at([NaN])));
});

Deno.test("values in logarithms: powers are exact, zeros stay zeros", () => {
  const axis = energyAxis({ low: 1, high: 1e4, nBins: 4 });
  const power = Float64Array.from(axis.centers, (e) => e ** -2.7);
  const grid = createGridInterpolator([gridNodes(axis)], power, { valuesScale: "log" });
  for (const e of [1, 3, 77, 9999]) ok(Math.abs(grid.at([e]) / e ** -2.7 - 1) < 1e-12);
  const zeros = createGridInterpolator([gridNodes(axis)], [0, 0, 1, 1], { valuesScale: "log" });
  strictEqual(zeros.at([2]), 0);
});

Deno.test("a coordinate that comes round is continuous across its end", () => {
  const axis = createMapAxis("phase", [0, 0.25, 0.5, 0.75, 1], { periodic: true });
  const grid = createGridInterpolator([gridNodes(axis)], [1, 2, 3, 5]);
  strictEqual(grid.at([0]), 3);
  ok(Math.abs(grid.at([0.999999]) - grid.at([1.000001])) < 1e-4);
  ok(Math.abs(grid.at([-3.4]) - grid.at([0.6])) < 1e-12);
});

Deno.test("one node means no dependence; nearest takes the nearer node", () => {
  const one = { nodes: Float64Array.of(0.4), interp: "lin" } as const;
  const x = { nodes: Float64Array.of(0, 1, 4), interp: "lin" } as const;
  const grid = createGridInterpolator([one, x], [1, 2, 3]);
  strictEqual(grid.at([99, 0.5]), 1.5);
  const nearest = createGridInterpolator([one, x], [1, 2, 3], { method: "nearest" });
  deepStrictEqual([-5, 0.4, 0.6, 2.4, 2.6, 9].map((at) => nearest.at([0, at])), [1, 1, 2, 2, 3, 3]);
});

Deno.test("createGridInterpolator() refuses what does not fit", () => {
  const x = { nodes: Float64Array.of(0, 1), interp: "lin" } as const;
  throws(() => createGridInterpolator([x], [1]), /grid of 2 nodes has 1 values/);
  throws(
    () => createGridInterpolator([{ ...x, nodes: Float64Array.of(1, 0) }], [1, 2]),
    RangeError,
  );
  throws(() => createGridInterpolator([x], [1, 2]).at([1, 2]), TypeError);
});
