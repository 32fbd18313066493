import { deepEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { phaseFraction, type PhaseInterval, phaseIntervals } from "../../../src/stats/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";

referenceTest("pulsar.json", "G04", [], ({ inputs, expected, tolerance }) => {
  const found = (inputs["in"] as PhaseInterval[][]).map(phaseIntervals);
  agrees(found, expected["out"], { atol: tolerance["abs"] as number }, "out");
});

Deno.test("phaseIntervals() holds the same phases after it brought them into [0, 1]", () => {
  fc.assert(fc.property(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 1e-3, max: 0.999, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    (from, width, x) => {
      const list = phaseIntervals([[from, from + width]]);
      for (const [a, b] of list) ok(0 <= a && a < b && b <= 1, `${a} ${b}`);
      ok(Math.abs(phaseFraction([[from, from + width]]) - width) < 1e-12);
      const place = (x - from) - Math.floor(x - from);
      if (Math.abs(place - width) < 1e-9 || place < 1e-9 || place > 1 - 1e-9) return;
      ok(list.some(([a, b]) => a <= x && x < b) === place < width);
    },
  ));
});

Deno.test("phaseIntervals() takes a whole cycle and refuses empty, long and overlapping ones", () => {
  deepEqual(phaseIntervals([[0, 1]]), [[0, 1]]);
  deepEqual(phaseIntervals([[-1, 0]]), [[0, 1]]);
  throws(() => phaseIntervals([[0.2, 0.2]]), RangeError);
  throws(() => phaseIntervals([[0, 1.5]]), RangeError);
  throws(() => phaseIntervals([[0, NaN]]), RangeError);
  throws(() => phaseIntervals([[0.1, 0.4], [0.3, 0.5]]), /overlap/);
  throws(() => phaseIntervals([[0.9, 0.1], [0.05, 0.2]]), /overlap/);
});
