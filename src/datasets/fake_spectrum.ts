import type { SpectralModel } from "../models/mod.ts";
import type { Rng } from "../numeric/mod.ts";
import {
  alphaOf,
  changeSpectrumDataset,
  type OffCounts,
  type SpectrumDataset,
} from "./spectrum_dataset.ts";
import { expectedSignal } from "./expected_signal.ts";

/** What is expected beside the signal. */
export interface AsimovSpectrumOptions {
  /**
   * Expected background of the on region in each bin of reconstructed energy; needed where the background is
   * measured, else that of the dataset where absent.
   */
  readonly background?: ArrayLike<number> | undefined;
}

/** How counts are drawn. */
export interface FakeSpectrumOptions extends AsimovSpectrumOptions {
  /** Where random numbers come from; it goes on. */
  readonly rng: Rng;
}

/**
 * A dataset with the counts that a measurement could give: Poisson deviates of s + b in the on region and,
 * where the background is measured, of b / α in the off region, in all bins, safe or not. Drawn are the bins
 * on in their order, then the bins off.
 *
 * @param dataset Responses, acceptances, a known background; its counts do not matter.
 * @param sources The spectrum of the source, or those of all sources, which add.
 * @param options Generator of random numbers, and the expected background.
 * @returns A new dataset; equal seeds give equal counts.
 * @throws TypeError where the background is measured and none is given, or it is of another length;
 *   RangeError where less than nothing is expected, or a background where α is 0.
 * @example
 * ```ts
 * import { createSpectrumDataset, fakeSpectrum } from "@gammarx/gammarx/datasets";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import { deepStrictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: new Float64Array(2),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 *   background: Float64Array.of(1, 0.1),
 * });
 * const model = powerLaw({ amplitude: 1e-12, index: 2 });
 * const one = fakeSpectrum(dataset, model, { rng: createRng(1) });
 * deepStrictEqual(one.counts, fakeSpectrum(dataset, model, { rng: createRng(1) }).counts);
 * ```
 * @see gammapy.datasets.SpectrumDatasetOnOff.fake
 */
export function fakeSpectrum(
  dataset: SpectrumDataset,
  sources: SpectralModel | readonly SpectralModel[],
  options: FakeSpectrumOptions,
): SpectrumDataset {
  const { rng } = options, { on, off } = expectedCounts(dataset, sources, options);
  const counts = rng.fillPoisson(new Float64Array(on.length), on);
  return withCounts(dataset, counts, off && rng.fillPoisson(new Float64Array(off.length), off));
}

/**
 * A dataset with the counts that are expected, which need not be whole: s + b in the on region and, where the
 * background is measured, b / α in the off region. A fit of it finds the values it was made with, and the errors
 * and significances that a measurement has in the middle.
 *
 * @param dataset Responses, acceptances, a known background; its counts do not matter.
 * @param sources The spectrum of the source, or those of all sources, which add.
 * @param options The expected background.
 * @returns A new dataset.
 * @throws As {@linkcode fakeSpectrum}.
 * @example
 * ```ts
 * import { asimovSpectrum, createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: new Float64Array(1),
 *   exposureCm2S: Float64Array.of(1e13),
 *   background: Float64Array.of(0.5),
 * });
 * const { counts } = asimovSpectrum(dataset, powerLaw({ amplitude: 1e-12, index: 2 }));
 * ok(Math.abs(counts[0]! - 9.5) < 1e-9);
 * ```
 * @see Cowan, Cranmer, Gross & Vitells 2011, Eur. Phys. J. C 71, 1554, section 3.2
 */
export function asimovSpectrum(
  dataset: SpectrumDataset,
  sources: SpectralModel | readonly SpectralModel[],
  options: AsimovSpectrumOptions = {},
): SpectrumDataset {
  const { on, off } = expectedCounts(dataset, sources, options);
  return withCounts(dataset, on, off);
}

/** Counts that are expected in both regions. */
interface Expected {
  readonly on: Float64Array;
  readonly off: Float64Array | undefined;
}

function expectedCounts(
  dataset: SpectrumDataset,
  sources: SpectralModel | readonly SpectralModel[],
  { background = dataset.background }: AsimovSpectrumOptions,
): Expected {
  const { name, energy, off } = dataset, n = energy.nBins;
  if (off !== undefined && background === undefined) {
    throw new TypeError(
      `Dataset ${name}: its background is measured, and none is given: give the expected one`,
    );
  }
  if (background !== undefined && background.length !== n) {
    throw new TypeError(
      `Dataset ${name}: background has ${background.length} values, axis ${energy.name} has ${n} bins`,
    );
  }
  const on = expectedSignal(dataset, sources);
  for (let j = 0; j < n; j++) {
    const b = background?.[j] ?? 0, sum = on[j]! + b;
    if (!(b >= 0 && sum >= 0 && sum < Infinity)) {
      throw new RangeError(
        `Dataset ${name}: bin ${j} expects ${
          on[j]
        } counts of the source and ${b} of the background, ` +
          "expected numbers that are not negative",
      );
    }
    on[j] = sum;
  }
  return {
    on,
    off: off === undefined ? undefined : expectedOff(name, off, background!),
  };
}

/** b / α; 0 where nothing is measured off. */
function expectedOff(name: string, off: OffCounts, background: ArrayLike<number>): Float64Array {
  return alphaOf(off).map((alpha, j) => {
    if (alpha > 0) return background[j]! / alpha;
    if (off.acceptanceOff[j]! > 0 && background[j]! > 0) {
      throw new RangeError(
        `Dataset ${name}: bin ${j} expects ${
          background[j]
        } background counts where the acceptance on is 0`,
      );
    }
    return 0;
  });
}

function withCounts(
  dataset: SpectrumDataset,
  counts: Float64Array,
  countsOff: Float64Array | undefined,
): SpectrumDataset {
  const off = countsOff && dataset.off && { ...dataset.off, counts: countsOff };
  return changeSpectrumDataset(dataset, { counts, off });
}
