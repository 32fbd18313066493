import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  asimovSpectrum,
  changeSpectrumDataset,
  createSpectrumDataset,
  fakeSpectrum,
  fitSpectrum,
  type SpectrumDataset,
} from "../../../src/datasets/mod.ts";
import { powerLaw } from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { BACKGROUND, coverage, coverageDataset, isCovered } from "../../soak/coverage.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Two decades of energy; a power law of index 2 and 1e-12 gives 90 and 9 counts. */
function dataset(more: Partial<SpectrumDataset> = {}): SpectrumDataset {
  return createSpectrumDataset({
    name: "two",
    energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
    energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
    counts: Float64Array.of(7, 7),
    exposureCm2S: Float64Array.of(1e14, 1e14),
    ...more,
  });
}
const off = (acceptance: readonly number[], acceptanceOff: readonly number[]) => ({
  counts: Float64Array.of(3, 3),
  acceptance: Float64Array.from(acceptance),
  acceptanceOff: Float64Array.from(acceptanceOff),
});
const SOURCE = powerLaw({ amplitude: 1e-12, index: 2 });

function near(found: ArrayLike<number>, expected: readonly number[]): void {
  strictEqual(found.length, expected.length);
  expected.forEach((x, j) => ok(Math.abs(found[j]! - x) <= 1e-12 * x, `${found[j]}, not ${x}`));
}

Deno.test("asimovSpectrum() gives what is expected, with no, a known and a measured background", () => {
  near(asimovSpectrum(dataset(), SOURCE).counts, [90, 9]);
  const known = dataset({ background: Float64Array.of(10, 1) });
  near(asimovSpectrum(known, SOURCE).counts, [100, 10]);
  near(asimovSpectrum(known, SOURCE, { background: [20, 2] }).counts, [110, 11]);
  deepStrictEqual(
    asimovSpectrum(known, SOURCE, { background: [20, 2] }).background,
    known.background,
  );
  const measured = dataset({ off: off([1, 2], [5, 4]) });
  const found = asimovSpectrum(measured, SOURCE, { background: [10, 1] });
  near(found.counts, [100, 10]);
  near(found.off!.counts, [50, 2]);
  deepStrictEqual(found.off!.acceptanceOff, measured.off!.acceptanceOff);
  deepStrictEqual([...measured.counts, ...measured.off!.counts], [7, 7, 3, 3]);
});

Deno.test("asimovSpectrum() adds sources, and all bins count, safe or not", () => {
  const unsafe = dataset({ validSafe: Uint8Array.of(0, 1) });
  near(asimovSpectrum(unsafe, [SOURCE, SOURCE, SOURCE]).counts, [270, 27]);
  near(asimovSpectrum(unsafe, []).counts, [0, 0]);
});

Deno.test("asimovSpectrum() is fitted by the model that it was made with", () => {
  const truth = powerLaw({ amplitude: 1e-12, index: 2.3 });
  const made = asimovSpectrum(coverageDataset(), truth, { background: BACKGROUND });
  const { result, model } = fitSpectrum([made], powerLaw({ amplitude: 2e-12, index: 2 }));
  ok(result.converged && Math.abs(result.stat) < 1e-6, `${result.stat}`);
  model.parameters.forEach(({ value, error, frozen }, k) =>
    ok(frozen || Math.abs(value - truth.parameters[k]!.value) < 1e-3 * error)
  );
});

Deno.test("fakeSpectrum() counts nothing off where there is no acceptance off", () => {
  const measured = dataset({ off: off([1, 1], [0, 2]) });
  const found = fakeSpectrum(measured, SOURCE, { rng: createRng(3), background: [5, 50] });
  strictEqual(found.off!.counts[0], 0);
  ok(found.off!.counts[1]! > 0);
});

Deno.test("fakeSpectrum() draws Poisson counts of means s + b and b / alpha", () => {
  const measured = dataset({ off: off([1, 1], [2, 2]) }), rng = createRng("moments"), n = 4000;
  const means = [100, 10, 20, 2], sums = [0, 0, 0, 0], squares = [0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const { counts, off } = fakeSpectrum(measured, SOURCE, { rng, background: [10, 1] });
    [...counts, ...off!.counts].forEach((x, j) => {
      ok(Number.isInteger(x));
      sums[j]! += x;
      squares[j]! += (x - means[j]!) ** 2;
    });
  }
  means.forEach((mean, j) => {
    // Means and variances within 4.5 of their own deviations: a false alarm in 10^4 seeds of 8 numbers.
    const pull = (sums[j]! / n - mean) / Math.sqrt(mean / n);
    const width = (squares[j]! / n - mean) / Math.sqrt((mean + 2 * mean * mean) / n);
    ok(Math.abs(pull) < 4.5 && Math.abs(width) < 4.5, `${mean}: ${pull}, ${width}`);
  });
});

Deno.test("fakeSpectrum() gives equal counts for equal seeds and goes on with its generator", () => {
  const draw = (rng = createRng("a")) => fakeSpectrum(dataset(), SOURCE, { rng }).counts;
  deepStrictEqual(draw(), draw());
  const rng = createRng("a"), first = draw(rng);
  deepStrictEqual(first, draw());
  const others = Array.from({ length: 5 }, () => [...draw(rng)]);
  ok(others.some((one) => one[0] !== first[0]));
});

Deno.test("fakeSpectrum() keeps what is not counts", () => {
  const measured = dataset({
    off: off([1, 1], [2, 2]),
    livetimeS: 10,
    validFit: Uint8Array.of(1, 0),
  });
  const found = fakeSpectrum(measured, SOURCE, { rng: createRng(1), background: [1, 1] });
  deepStrictEqual(
    changeSpectrumDataset(found, { counts: measured.counts, off: measured.off }),
    measured,
  );
});

Deno.test("fakeSpectrum() says what it cannot draw from", () => {
  const measured = dataset({ off: off([1, 0], [2, 2]) }), rng = createRng(1);
  throws(() => fakeSpectrum(measured, SOURCE, { rng }), /Dataset two: its background is measured/);
  throws(() => fakeSpectrum(measured, SOURCE, { rng, background: [1] }), /1 values, .* 2 bins/);
  throws(
    () => fakeSpectrum(measured, SOURCE, { rng, background: [1, 1] }),
    /bin 1 expects 1 background counts where the acceptance on is 0/,
  );
  for (const background of [[-1, 0], [NaN, 0], [Infinity, 0]]) {
    throws(() => fakeSpectrum(dataset(), SOURCE, { rng, background }), RangeError);
  }
  const hole = powerLaw({ amplitude: -1e-12, index: 2 });
  throws(() => asimovSpectrum(dataset(), hole), /bin 0 expects -90/);
});

Deno.test("intervals of fitted fakes hold the truth as often as the likelihood ratio's do", () => {
  // Within three deviations, and more rarely beyond than one seed in 90: the experiments are the same.
  const found = coverage(100, "slice");
  found.forEach((one) => ok(isCovered(one), JSON.stringify(one)));
  // And about as often as they should, within 4 deviations of 100 experiments.
  found.forEach(({ exact }) => ok(Math.abs(exact - 68.27) < 4 * Math.sqrt(100 * 0.6827 * 0.3173)));
});

Deno.test("the experiments of the coverage have the counts that they say", () => {
  const truth = powerLaw({ amplitude: 1e-12, index: 2.3 });
  const made = asimovSpectrum(coverageDataset(), truth, { background: BACKGROUND });
  const background = sum(BACKGROUND), signal = sum(made.counts) - background;
  ok(Math.abs(background - 41) < 1 && Math.abs(signal - 127) < 1, `${signal} on ${background}`);
  ok(Math.abs(sum(made.off!.counts) - 5 * background) < 1e-9);
});
