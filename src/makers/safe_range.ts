/** Which energies of a spectrum are safe to use. */
import { changeSpectrumDataset, type SpectrumDataset } from "../datasets/mod.ts";
import { biasEnergy, edispMoments, type Irf } from "../irf/mod.ts";

/** How the safe range is found. */
export type SafeRange =
  | {
    /** Between the thresholds that an effective area brings (`safeTeV`); an absent one limits nothing. */
    readonly method: "aeff-default";
    /** The effective area. */
    readonly aeff: Irf<"aeff">;
  }
  | {
    /** From where the exposure is above a part of its greatest value on. */
    readonly method: "aeff-max";
    /** That part, %; 10 where absent. */
    readonly percent?: number;
  }
  | {
    /**
     * From where the energy bias has fallen to a value on: everywhere where it is nowhere above, nowhere where
     * it is nowhere below.
     */
    readonly method: "edisp-bias";
    /** The bias, %; 10 where absent. */
    readonly percent?: number;
  }
  | {
    /** From the peak of the background on. */
    readonly method: "bkg-peak";
  }
  | {
    /** Everywhere where the region is less than an angle off the pointing, nowhere elsewhere. */
    readonly method: "offset-max";
    /** Angle between the pointing and the middle of the region, deg. */
    readonly offsetDeg: number;
    /** The greatest, deg. */
    readonly maxDeg: number;
  }
  | {
    /** Between given energies. */
    readonly method: "energies";
    /** Least and greatest energy, TeV. */
    readonly rangeTeV: readonly [low: number, high: number];
  };

/**
 * Keeps the bins of reconstructed energy that lie wholly in the safe range, beside what was unsafe before.
 *
 * @param dataset The dataset.
 * @param range How the range is found.
 * @returns A new dataset.
 * @throws TypeError where the dataset lacks what the method needs.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { restrictToSafe } from "@gammarx/gammarx/makers";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(90, 9),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 * });
 * const { validSafe } = restrictToSafe(dataset, { method: "energies", rangeTeV: [2, 200] });
 * deepStrictEqual([...validSafe], [0, 1]);
 * ```
 * @see gammapy.makers.SafeMaskMaker
 */
export function restrictToSafe(dataset: SpectrumDataset, range: SafeRange): SpectrumDataset {
  const [low, high] = rangeOf(dataset, range), { edges } = dataset.energy;
  // A threshold that is an edge but for rounding keeps the bin.
  const near = 1e-9;
  const validSafe = dataset.validSafe.map((one, j) =>
    +(one !== 0 && edges[j]! >= low * (1 - near) && edges[j + 1]! <= high * (1 + near))
  );
  return changeSpectrumDataset(dataset, { validSafe });
}

function rangeOf(dataset: SpectrumDataset, range: SafeRange): readonly [number, number] {
  switch (range.method) {
    case "aeff-default": {
      const [low, high] = range.aeff.safeTeV;
      return [Number.isNaN(low) ? 0 : low, Number.isNaN(high) ? Infinity : high];
    }
    case "aeff-max":
      return [exposureThreshold(dataset, (range.percent ?? 10) / 100), Infinity];
    case "edisp-bias":
      return [biasThreshold(dataset, (range.percent ?? 10) / 100), Infinity];
    case "offset-max":
      return [range.offsetDeg < range.maxDeg ? 0 : Infinity, Infinity];
    case "bkg-peak": {
      const { background, energy, name } = dataset;
      if (background === undefined) {
        throw new TypeError(`Dataset ${name} has no known background, and so no peak of it`);
      }
      const peak = background.indexOf(Math.max(...background));
      return [energy.edges[peak]!, Infinity];
    }
    case "energies":
      return range.rangeTeV;
  }
}

/** The reconstructed energy from which on the bias is below a value. */
function biasThreshold({ edisp, name }: SpectrumDataset, bias: number): number {
  if (edisp === undefined) {
    throw new TypeError(`Dataset ${name} has no energy dispersion, and so no bias`);
  }
  const energy = biasEnergy(edisp, bias);
  if (!Number.isNaN(energy)) return energy;
  return edispMoments(edisp).bias.some((one) => one > bias) ? Infinity : 0;
}

/** The first true energy at which the exposure reaches a part of its greatest value, between centres in logarithms. */
function exposureThreshold(dataset: SpectrumDataset, part: number): number {
  const { energyTrue: { centers }, exposureCm2S: exposure } = dataset;
  const wanted = part * Math.max(...exposure);
  const first = exposure.findIndex((x) => x >= wanted && x > 0);
  if (first < 0) return Infinity;
  const before = exposure[first - 1];
  if (first === 0 || !(before! > 0)) return centers[first]!;
  const u = Math.log(wanted / before!) / Math.log(exposure[first]! / before!);
  return centers[first - 1]! * (centers[first]! / centers[first - 1]!) ** u;
}
