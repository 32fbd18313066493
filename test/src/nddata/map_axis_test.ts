import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  axisEquals,
  axisIndex,
  axisKey,
  binIndex,
  binIndices,
  binsInside,
  binWidths,
  concatAxes,
  coordToPix,
  createLabelAxis,
  createMapAxis,
  createTimeAxis,
  downsampleAxis,
  energyAxis,
  labelIndex,
  linearEdges,
  logEdges,
  pixToCoord,
  sliceAxis,
  snapEdges,
  squashAxis,
  timeIndex,
  upsampleAxis,
} from "../../../src/nddata/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";

referenceTest("gammapy.json", "maps.axis.energy", [], ({ expected, tol }) => {
  const decade = energyAxis({ low: 0.1, high: 100, nBins: 5, perDecade: true });
  const odd = energyAxis({ low: 0.3, high: 10, nBins: 4, perDecade: true });
  const axis = energyAxis({ low: 0.3, high: 10, nBins: 4 });
  const at = [0.2, 0.3, 0.5, 1, 5, 10, 20], inside = [0.2, 0.31, 0.5, 1, 5, 9.9, 20];
  const found: Record<string, unknown> = {
    per_decade5_edges: decade.edges,
    per_decade5_centers: decade.centers,
    per_decade4_0p3_10_edges: odd.edges,
    nbin4_edges: axis.edges,
    nbin4_centers: axis.centers,
    nbin4_coord_to_pix: at.map((x) => coordToPix(axis, x)),
    // The reference says −1 for overflow, too.
    nbin4_coord_to_idx: inside.map((x) => binIndex(axis, x)).map((i) => i < 4 ? i : -1),
    nbin4_pix_to_coord: [-0.5, 0, 1.25, 3].map((pix) => pixToCoord(axis, pix)),
    nbin4_upsample2_edges: upsampleAxis(axis, 2).edges,
    nbin4_downsample2_edges: downsampleAxis(axis, 2).axis.edges,
    nbin4_squash_edges: squashAxis(axis).edges,
  };
  for (const [name, value] of Object.entries(expected)) {
    ok(name in found, `${name} is not compared`);
    agrees(found[name], value, tol[name]!, name);
  }
});

const axisArbitrary = fc.record({
  interp: fc.constantFrom("lin" as const, "log" as const, "sqrt" as const),
  nodes: fc.constantFrom("edges" as const, "centers" as const),
  steps: fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 2, maxLength: 12 }),
}).map(({ interp, nodes, steps }) => {
  let sum = 1;
  const values = steps.map((step) => sum += step);
  return createMapAxis("x", values, { interp, nodes });
});

Deno.test("coordToPix() and pixToCoord() are inverse, and edges stand at halves", () => {
  fc.assert(
    fc.property(axisArbitrary, fc.double({ min: -0.4, max: 13, noNaN: true }), (axis, at) => {
      const pix = Math.min(at, axis.nBins - 0.6);
      ok(Math.abs(coordToPix(axis, pixToCoord(axis, pix)) - pix) < 1e-9);
      for (let i = 0; i < axis.nBins; i++) {
        ok(Math.abs(coordToPix(axis, axis.centers[i]!) - i) < 1e-9);
        if (axis.nodes === "edges") ok(Math.abs(coordToPix(axis, axis.edges[i]!) - i + 0.5) < 1e-9);
        ok(axis.edges[i]! < axis.centers[i]! && axis.centers[i]! < axis.edges[i + 1]!);
      }
    }),
  );
});

Deno.test("createMapAxis() refuses nodes that do not suit its scale", () => {
  throws(() => createMapAxis("e", [0, 1], { interp: "log" }), /needs edges above 0, found 0/);
  throws(() => createMapAxis("e", [-1, 1], { interp: "sqrt" }), /from 0/);
  throws(() => createMapAxis("e", [1]), /needs 2 edges/);
  throws(() => createMapAxis("e", [1, NaN]), /found NaN at 1/);
  throws(() => createMapAxis("e", [2, 1]), /found 1 at 1 after 2/);
  throws(() => createMapAxis("e", [1, 2], { interp: "cubic" as "lin" }), /"cubic"/);
});

Deno.test("a periodic axis wraps values, and nothing that is finite falls out", () => {
  const phase = createMapAxis("phase", [0.2, 0.5, 0.9, 1.2], { periodic: true });
  strictEqual(binIndex(phase, 0.1), 2);
  strictEqual(binIndex(phase, -0.7), 0);
  strictEqual(binIndex(phase, 1.2), 0);
  strictEqual(binIndex(phase, NaN), 3);
  fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
    const out = new Int32Array(1);
    binIndices(phase, Float64Array.of(x), 1, out);
    ok(out[0]! >= 0 && out[0]! < 3);
    strictEqual(out[0], binIndex(phase, x));
  }));
  ok(!sliceAxis(phase, [0, 2]).periodic);
});

Deno.test("snapEdges() takes the nearest edges in the axis' scale and joins those that meet", () => {
  const axis = createMapAxis("energy", [1, 2, 4, 8, 16], { interp: "log" });
  const { axis: grouped, bounds } = snapEdges(axis, [1.3, 1.35, 5, 100]);
  deepStrictEqual([...grouped.edges], [1, 4, 16]);
  deepStrictEqual([...bounds], [0, 2, 4]);
  // √2 is the middle of 1 and 2.
  deepStrictEqual([...snapEdges(axis, [1.42, 8]).axis.edges], [2, 8]);
  throws(() => snapEdges(axis, [20, 30]), /leave no bin/);
});

Deno.test("binsInside() keeps the bins that are wholly inside", () => {
  const axis = createMapAxis("energy", [1, 2, 4, 8]);
  deepStrictEqual(binsInside(axis, [2, 8]), [1, 3]);
  deepStrictEqual(binsInside(axis, [1.5, 7]), [1, 2]);
  deepStrictEqual(binsInside(axis, [2.5, 3]), [2, 2]);
  deepStrictEqual(binsInside(axis, [0, 100]), [0, 3]);
});

Deno.test("axes are cut, joined, split and put together without losing an edge", () => {
  fc.assert(fc.property(axisArbitrary, fc.integer({ min: 1, max: 4 }), (axis, factor) => {
    const fine = upsampleAxis(axis, factor);
    strictEqual(fine.nBins, axis.nBins * factor);
    deepStrictEqual([...downsampleAxis(fine, factor).axis.edges], [...axis.edges]);
    if (axis.nBins > 1 && axis.nodes === "edges") {
      const whole = concatAxes(sliceAxis(axis, [0, 1]), sliceAxis(axis, [1, axis.nBins]));
      deepStrictEqual([...whole.edges], [...axis.edges]);
    }
  }));
  const a = createMapAxis("x", [0, 1, 2]);
  throws(() => downsampleAxis(a, 3), /no multiple of 3/);
  throws(() => upsampleAxis(a, 0), RangeError);
  throws(() => concatAxes(a, createMapAxis("x", [3, 4])), /ends at 2, the other starts at 3/);
  throws(() => concatAxes(a, createMapAxis("y", [2, 4])), TypeError);
  deepStrictEqual([...binWidths(a)], [1, 1]);
});

Deno.test("keys tell axes apart, axisEquals() to a tolerance", () => {
  const a = createMapAxis("x", [0, 1, 2]), b = createMapAxis("x", [0, 1 + 1e-9, 2]);
  ok(axisKey(a) !== axisKey(b) && axisEquals(a, b) && !axisEquals(a, b, { rtol: 1e-12 }));
  ok(!axisEquals(a, createMapAxis("x", [0, 1, 2], { unit: "TeV" })));
  ok(!axisEquals(a, createLabelAxis("x", ["a", "b"])));
  strictEqual(axisIndex([a, createLabelAxis("type", ["a"])], "type"), 1);
  throws(() => axisIndex([a], "energy"), /there are x/);
});

Deno.test("edges begin and end exactly where they were asked to", () => {
  const log = logEdges({ low: 0.3, high: 10, nBins: 7 });
  deepStrictEqual([log[0], log[7]], [0.3, 10]);
  const lin = linearEdges({ low: -0.1, high: 0.3, nBins: 3 });
  deepStrictEqual([lin[0], lin[3]], [-0.1, 0.3]);
});

const epoch = { mjdDay: 58849, dayS: 0, scale: "TT" };

Deno.test("time axes have gaps, and agree across epochs", () => {
  const axis = createTimeAxis({ epoch, startS: [0, 100, 200], stopS: [50, 200, 300] });
  deepStrictEqual([-1, 0, 50, 100, 199, 200, 300, NaN].map((t) => timeIndex(axis, t)), [
    -1,
    0,
    -1,
    1,
    1,
    2,
    -1,
    -1,
  ]);
  deepStrictEqual([...squashAxis(axis).stopS], [300]);
  deepStrictEqual([...sliceAxis(axis, [1, 3]).startS], [100, 200]);
  const later = createTimeAxis({
    epoch: { ...epoch, dayS: 10 },
    startS: [-10, 90, 190],
    stopS: [40, 190, 290],
  });
  ok(axisEquals(axis, later) && axisKey(axis) !== axisKey(later));
  throws(() => createTimeAxis({ epoch, startS: [0, 40], stopS: [50, 60] }), /overlap/);
  throws(() => createTimeAxis({ epoch, startS: [0], stopS: [0] }), /not empty/);
  throws(() => createTimeAxis({ epoch, startS: [0], stopS: [] }), TypeError);
});

Deno.test("label axes find labels by name", () => {
  const axis = createLabelAxis("event_type", ["PSF0", "PSF1", "PSF2"]);
  strictEqual(labelIndex(axis, "PSF2"), 2);
  throws(() => labelIndex(axis, "PSF3"), /it has PSF0, PSF1, PSF2/);
  deepStrictEqual(sliceAxis(axis, [1, 3]).labels, ["PSF1", "PSF2"]);
  deepStrictEqual(squashAxis(axis).labels, ["PSF0+PSF1+PSF2"]);
  throws(() => createLabelAxis("x", ["a", "a"]), /"a" is there twice/);
  throws(() => sliceAxis(axis, [2, 4]), RangeError);
});
