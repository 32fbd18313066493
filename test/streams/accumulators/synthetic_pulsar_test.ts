import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { createEventBatch } from "../../../src/events/mod.ts";
import { foldingTest, hTest } from "../../../src/stats/mod.ts";
import { decodeSnapshot, encodeSnapshot } from "../../../streams/sinks/mod.ts";
import { fold, phaseSums, phasogram, zip } from "../../../streams/accumulators/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

/** Phases of the synthetic pulsar of the reference: 20 000 events of 10 000 s at 7.3 Hz, unsorted. */
function syntheticPhases(): Float64Array {
  const N = 20000, T = 10000, f = 7.3, u = mulberry32(12345), phase = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    const u1 = u(), u2 = u(), u3 = u(), u4 = u(), u5 = u();
    const t = u1 < 0.1 ? (Math.floor(u5 * T * f) + 0.3 + 0.1 * (u2 + u3 + u4 - 1.5)) / f : u2 * T;
    phase[i] = t * f - Math.floor(t * f);
  }
  return phase;
}

referenceTest("pulsar.json", "B05", [], ({ expected, tolerance }) => {
  const phase = syntheticPhases(), N = phase.length;
  const acc = zip({ sums: phaseSums(), profile: phasogram(16) });
  const part = (from: number, to: number) =>
    createEventBatch({ timeS: new Float64Array(to - from), phase: phase.subarray(from, to) });
  const whole = acc.result(fold(acc, [part(0, N)]));
  const rtol = tolerance["rel_sums"] as number;
  const holds = ({ sums, profile }: typeof whole) => {
    agrees(sums.cos[0], expected["C1"], { rtol }, "C1");
    agrees(sums.sin[0], expected["S1"], { rtol }, "S1");
    agrees(hTest(sums).h, expected["H"], { rtol }, "H");
    agrees(foldingTest(profile.counts).value, expected["chi2_16"], { rtol }, "chi2");
    deepStrictEqual(profile.counts, whole.profile.counts);
    for (let k = 0; k < 20; k++) {
      ok(Math.abs(sums.cos[k]! - whole.sums.cos[k]!) <= rtol * N);
      ok(Math.abs(sums.sin[k]! - whole.sums.sin[k]!) <= rtol * N);
    }
  };
  holds(whole);
  strictEqual(tolerance["hist_exact"], true);
  const cuts = fc.uniqueArray(fc.nat(N), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(cuts, fc.nat(), fc.boolean(), (list, seed, asTree) => {
      const edges = [0, ...list.sort((a, b) => a - b), N], random = mulberry32(seed);
      const parts = edges.slice(1).map((to, i) => part(edges[i]!, to));
      // any order, then either one after the other or as two workers whose states travel as bytes
      parts.sort(() => random() - 0.5);
      const states = parts.map((one) => fold(acc, [one]));
      const mergedOf = (some: typeof states) => {
        const state = acc.create();
        for (const one of some) acc.merge(state, one);
        return state;
      };
      if (!asTree) return holds(acc.result(mergedOf(states)));
      const workers = [0, 1].map((w) => mergedOf(states.filter((_, i) => i % 2 === w)));
      const received = workers.map((state) =>
        acc.restore(decodeSnapshot(encodeSnapshot({}, acc.snapshot(state)), "worker").snapshot)
      );
      holds(acc.result(mergedOf(received)));
    }),
    { numRuns: 40 },
  );
});
