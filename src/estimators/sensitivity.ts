/** The faintest flux that would be found in each bin of energy. */
import { alphaOf, expectedSignal, type SpectrumDataset, validBins } from "../datasets/mod.ts";
import type { SpectralModel } from "../models/mod.ts";
import type { MapAxis } from "../nddata/mod.ts";
import { excessForSignificance } from "../stats/mod.ts";

/** What decides how large an excess must be: its significance, its counts, or the background's systematics. */
export type SensitivityCriterion = "significance" | "gamma" | "bkg";

/** The sensitivity of a dataset: columns, a value each bin of reconstructed energy. */
export interface Sensitivity {
  /** What it is. */
  readonly kind: "sensitivity";
  /** Bins of energy, TeV. */
  readonly energy: MapAxis;
  /** E² dN/dE of the faintest flux, TeV cm⁻² s⁻¹; NaN in bins that do not count. */
  readonly e2dnde: Float64Array;
  /** Excess of that flux, counts. */
  readonly excess: Float64Array;
  /** Background of the on region, counts. */
  readonly background: Float64Array;
  /** What decides; undefined in bins that do not count. */
  readonly criterion: readonly (SensitivityCriterion | undefined)[];
}

/** How sensitivity is defined. */
export interface SensitivityOptions {
  /** Shape of the spectrum; its norm does not matter. */
  readonly model: SpectralModel;
  /** Least significance, standard deviations; 5 where absent. */
  readonly nSigma?: number;
  /** Least excess, counts; 10 where absent. */
  readonly gammaMin?: number;
  /** Least excess as a part of the background; 0.05 where absent. */
  readonly bkgSystFraction?: number;
}

/**
 * Estimates sensitivity: in each bin the flux whose excess is significant, has enough counts and stands out
 * of the background's systematic uncertainty.
 *
 * @param dataset A dataset with a known background, or a measured one whose counts off are those expected.
 * @param options Shape of the spectrum and the three conditions.
 * @returns Columns over the dataset's bins.
 * @throws TypeError for a dataset without background.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { estimateSensitivity } from "@gammarx/gammarx/estimators";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "empty",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: new Float64Array(2),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 *   background: Float64Array.of(1e5, 0.1),
 * });
 * const model = powerLaw({ amplitude: 1e-12, index: 2 });
 * deepStrictEqual(estimateSensitivity(dataset, { model }).criterion, ["bkg", "gamma"]);
 * ```
 * @see gammapy.estimators.SensitivityEstimator
 */
export function estimateSensitivity(
  dataset: SpectrumDataset,
  options: SensitivityOptions,
): Sensitivity {
  const { model, nSigma = 5, gammaMin = 10, bkgSystFraction = 0.05 } = options;
  const { energy, off, name } = dataset, n = energy.nBins, valid = validBins(dataset);
  const alpha = off === undefined ? undefined : alphaOf(off);
  const background = dataset.background ?? off?.counts.map((count, j) => alpha![j]! * count);
  if (background === undefined) {
    throw new TypeError(`Dataset ${name} has no background: there is no sensitivity without one`);
  }
  const signal = expectedSignal(dataset, model);
  const e2dnde = new Float64Array(n).fill(NaN), excess = new Float64Array(n).fill(NaN);
  const criterion = new Array<SensitivityCriterion | undefined>(n).fill(undefined);
  for (let j = 0; j < n; j++) {
    if (valid[j] === 0 || !(signal[j]! > 0)) continue;
    const level = off === undefined
      ? { background: background[j]! }
      : { nOff: off.counts[j]!, alpha: alpha![j]! };
    const least = {
      significance: excessForSignificance(level, nSigma),
      gamma: gammaMin,
      bkg: bkgSystFraction * background[j]!,
    };
    const deciding = (["significance", "gamma", "bkg"] as const)
      .reduce((a, b) => least[b] > least[a] ? b : a);
    criterion[j] = deciding;
    excess[j] = least[deciding];
    const e = energy.centers[j]!;
    e2dnde[j] = e * e * model.dnde(e) * excess[j]! / signal[j]!;
  }
  return Object.freeze({
    kind: "sensitivity",
    energy,
    e2dnde,
    excess,
    background,
    criterion: Object.freeze(criterion),
  });
}
