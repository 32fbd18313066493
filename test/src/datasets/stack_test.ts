import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  alphaOf,
  changeSpectrumDataset,
  createSpectrumDataset,
  type SpectrumDataset,
  spectrumPredictor,
  stackSpectra,
} from "../../../src/datasets/mod.ts";
import { createGti, gtiSumS } from "../../../src/events/mod.ts";
import { createEdispKernel } from "../../../src/irf/mod.ts";
import { powerLaw } from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";

const energy = energyAxis({ low: 1, high: 100, nBins: 4 });
const energyTrue = energyAxis({ low: 0.5, high: 200, nBins: 3, name: "energy_true" });
const whole = (max: number) => fc.integer({ min: 0, max });
const column = <T>(one: fc.Arbitrary<T>, n: number) =>
  fc.array(one, { minLength: n, maxLength: n });

const parts = fc.record({
  counts: column(whole(50), 4),
  countsOff: column(whole(200), 4),
  regions: fc.integer({ min: 1, max: 20 }),
  safe: column(whole(1), 4),
  exposure: column(fc.integer({ min: 1, max: 1000 }), 3),
  edisp: column(fc.integer({ min: 0, max: 10 }), 12),
  startS: whole(100000),
});

function datasetOf(part: typeof parts extends fc.Arbitrary<infer T> ? T : never, k: number) {
  const startS = 100000 * k + part.startS / 2;
  return createSpectrumDataset({
    name: String(k),
    energy,
    energyTrue,
    counts: Float64Array.from(part.counts),
    exposureCm2S: Float64Array.from(part.exposure, (x) => x * 1e12),
    edisp: createEdispKernel(
      { energyTrue, energy },
      Float64Array.from(part.edisp, (x) => x / 40),
    ),
    off: {
      counts: Float64Array.from(part.countsOff),
      acceptance: new Float64Array(4).fill(1),
      acceptanceOff: new Float64Array(4).fill(part.regions),
    },
    validSafe: Uint8Array.from(part.safe),
    gti: createGti(
      createEpoch([51910, 0], "TT"),
      Float64Array.of(startS),
      Float64Array.of(startS + 60),
    ),
    livetimeS: 50,
  });
}

const lists = fc.array(parts, { minLength: 1, maxLength: 5 })
  .map((list) => list.map(datasetOf));

const near = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).forEach((x, i) => ok(Math.abs(x - b[i]!) <= 1e-12 * Math.abs(x), `${x} ${b[i]}`));

function signalOf(dataset: SpectrumDataset): Float64Array {
  const { rule } = powerLaw({ amplitude: 1e-12, index: 2 }), out = new Float64Array(4);
  spectrumPredictor(dataset, [{ rule, places: [0, 1, 2] }], 3).signalInto([2.3, 1e-12, 1], out);
  return out;
}

Deno.test("stackSpectra() expects and counts the sum of its parts in safe bins", () => {
  fc.assert(fc.property(lists, (datasets) => {
    const stacked = stackSpectra(datasets),
      signal = signalOf(stacked),
      alpha = alphaOf(stacked.off!);
    const used = datasets.filter((one) => one.validSafe.some((is) => is !== 0));
    for (let j = 0; j < 4; j++) {
      const safe = datasets.filter((one) => one.validSafe[j] !== 0);
      const sum = (of: (one: SpectrumDataset) => number) =>
        safe.reduce((total, one) => total + of(one), 0);
      strictEqual(stacked.counts[j], sum((one) => one.counts[j]!));
      strictEqual(stacked.off!.counts[j], sum((one) => one.off!.counts[j]!));
      strictEqual(stacked.validSafe[j], +(safe.length > 0));
      near([signal[j]!], [sum((one) => signalOf(one)[j]!)]);
      near([alpha[j]! * stacked.off!.counts[j]!], [
        sum((one) => alphaOf(one.off!)[j]! * one.off!.counts[j]!),
      ]);
    }
    strictEqual(stacked.livetimeS, 50 * used.length);
    if (used.length > 0) ok(gtiSumS(stacked.gti!) <= 60 * used.length);
  }));
});

Deno.test("stackSpectra() does not depend on the order, nor on how its parts are grouped", () => {
  fc.assert(fc.property(lists, fc.integer({ min: 1, max: 4 }), (datasets, cut) => {
    const stacked = stackSpectra(datasets), back = stackSpectra(datasets.toReversed());
    const [head, tail] = [datasets.slice(0, cut), datasets.slice(cut)];
    const grouped = tail.length === 0
      ? stacked
      : stackSpectra([stackSpectra(head), stackSpectra(tail)]);
    for (const other of [back, grouped]) {
      deepStrictEqual(other.counts, stacked.counts);
      deepStrictEqual(other.off!.counts, stacked.off!.counts);
      deepStrictEqual(other.validSafe, stacked.validSafe);
      near(other.exposureCm2S, stacked.exposureCm2S);
      near(signalOf(other), signalOf(stacked));
    }
  }));
});

Deno.test("stackSpectra() refuses what cannot be added", () => {
  const dataset = createSpectrumDataset({
    name: "a",
    energy,
    energyTrue,
    counts: new Float64Array(4),
    exposureCm2S: new Float64Array(3),
    background: new Float64Array(4),
  });
  throws(() => stackSpectra([]), /found none/);
  const other = createSpectrumDataset({
    ...dataset,
    name: "b",
    energy: energyAxis({ low: 2, high: 100, nBins: 4 }),
  });
  throws(() => stackSpectra([dataset, other]), /a and b.*axes differ/);
  const bare = changeSpectrumDataset(dataset, { name: "c", background: undefined });
  throws(() => stackSpectra([dataset, bare]), /different kinds/);
});
