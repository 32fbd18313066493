/** Datasets of one source made one. */
import { type Gti, unionGti } from "../events/mod.ts";
import { createEdispKernel, diagonalEdispKernel, type EdispKernel } from "../irf/mod.ts";
import { axisEquals, combineMeta } from "../nddata/mod.ts";
import {
  alphaOf,
  createSpectrumDataset,
  type OffCounts,
  type SpectrumDataset,
  validBins,
} from "./spectrum_dataset.ts";

/**
 * One dataset for many: counts and backgrounds of the safe bins added, exposures added, the energy dispersion
 * weighted by exposure and live time in the safe bins. The acceptances are such that alpha times the counts
 * off is what it was in sum. The result does not depend on the order of the datasets but for rounding.
 *
 * @param datasets Datasets on equal axes, all with a measured or all with a known background.
 * @param name Name of the new one; "stacked" where absent.
 * @returns A new dataset; its safe bins are those that are safe in any of them, its `validFit` is undefined.
 * @throws TypeError for no dataset, or datasets that differ in axes or kind of background.
 * @example
 * ```ts
 * import { createSpectrumDataset, stackSpectra } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: Float64Array.of(5),
 *   exposureCm2S: Float64Array.of(1e13),
 * });
 * strictEqual(stackSpectra([dataset, dataset]).counts[0], 10);
 * ```
 * @see gammapy.datasets.SpectrumDatasetOnOff.stack
 */
export function stackSpectra(
  datasets: readonly SpectrumDataset[],
  name = "stacked",
): SpectrumDataset {
  const first = datasets[0];
  if (first === undefined) throw new TypeError("A stack needs a dataset, found none");
  for (const one of datasets) {
    if (!axisEquals(one.energy, first.energy) || !axisEquals(one.energyTrue, first.energyTrue)) {
      throw new TypeError(
        `Datasets ${first.name} and ${one.name} cannot be stacked: their axes differ`,
      );
    }
    if (
      (one.off === undefined) !== (first.off === undefined) ||
      (one.background === undefined) !== (first.background === undefined)
    ) {
      throw new TypeError(
        `Datasets ${first.name} and ${one.name} cannot be stacked: their backgrounds are of different kinds`,
      );
    }
  }
  const valid = datasets.map(validBins), n = first.energy.nBins;
  const safeSum = (of: (dataset: SpectrumDataset) => Float64Array) => {
    const sum = new Float64Array(n);
    datasets.forEach((dataset, d) => {
      const values = of(dataset);
      for (let j = 0; j < n; j++) sum[j] = sum[j]! + (valid[d]![j] === 0 ? 0 : values[j]!);
    });
    return sum;
  };
  // A dataset of which no bin is valid says nothing, and neither does its exposure.
  const used = datasets.filter((_, d) => valid[d]!.some((one) => one !== 0));
  const exposureCm2S = new Float64Array(first.energyTrue.nBins);
  for (const one of used) {
    one.exposureCm2S.forEach((x, i) => exposureCm2S[i] = exposureCm2S[i]! + x);
  }
  return createSpectrumDataset({
    name,
    energy: first.energy,
    energyTrue: first.energyTrue,
    counts: safeSum((one) => one.counts),
    exposureCm2S,
    edisp: stackedEdisp(datasets, valid, exposureCm2S),
    background: first.background === undefined ? undefined : safeSum((one) => one.background!),
    off: first.off === undefined ? undefined : stackedOff(safeSum),
    validSafe: Uint8Array.from({ length: n }, (_, j) => +valid.some((one) => one[j] !== 0)),
    gti: unionOf(used),
    livetimeS: used.reduce((sum, one) => sum + one.livetimeS, 0),
    meta: combineMeta(datasets.map((one) => one.meta)),
  });
}

function unionOf(datasets: readonly SpectrumDataset[]): Gti | undefined {
  const all = datasets.flatMap(({ gti }) => gti === undefined ? [] : [gti]);
  if (all.length === 0 || all.length < datasets.length) return undefined;
  return all.reduce((a, b) => unionGti(a, b));
}

/**
 * Σ α n_off / Σ n_off is the alpha of the whole where anything was counted off; elsewhere the mean of the
 * ratios weighted by the acceptances off.
 */
function stackedOff(
  safeSum: (of: (dataset: SpectrumDataset) => Float64Array) => Float64Array,
): OffCounts {
  const counts = safeSum((one) => one.off!.counts);
  const acceptance = safeSum((one) => one.off!.acceptance);
  const alone = safeSum((one) => one.off!.acceptanceOff);
  const background = safeSum((one) => {
    const alpha = alphaOf(one.off!);
    return one.off!.counts.map((count, j) => alpha[j]! * count);
  });
  const acceptanceOff = acceptance.map((on, j) =>
    counts[j]! > 0 && background[j]! > 0 ? on * counts[j]! / background[j]! : alone[j]!
  );
  return { counts, acceptance, acceptanceOff };
}

/** Σ X_ik R_ijk / Σ X_ik over the datasets k, of R only what lies in valid bins. */
function stackedEdisp(
  datasets: readonly SpectrumDataset[],
  valid: readonly Uint8Array[],
  exposure: Float64Array,
): EdispKernel {
  const { energyTrue, energy } = datasets[0]!, n = energy.nBins;
  const data = new Float64Array(energyTrue.nBins * n);
  datasets.forEach(({ edisp = diagonalEdispKernel({ energyTrue, energy }), exposureCm2S }, d) => {
    for (let i = 0; i < energyTrue.nBins; i++) {
      if (exposure[i] === 0) continue;
      const weight = exposureCm2S[i]! / exposure[i]!;
      for (let j = 0; j < n; j++) {
        if (valid[d]![j] === 0) continue;
        data[i * n + j] = data[i * n + j]! + weight * edisp.values.get(i, j);
      }
    }
  });
  return createEdispKernel({ energyTrue, energy }, data);
}
