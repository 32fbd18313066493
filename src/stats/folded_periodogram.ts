/*
 * Periodograms from folded profiles: at each trial the events are folded into n bins, and χ², Z² and H are
 * those of the profile.
 */
import { BLOCK, blockCycles, createBlock, eventCount, fillBlock } from "./_cycles.ts";
import { eventMoments, planOf } from "./exact_periodogram.ts";
import { assemblePeriodogram, type Periodogram } from "./periodogram.ts";
import type { PeriodogramOptions } from "./periodogram_plan.ts";
import type { PeriodogramEvents } from "./periodogram_sums.ts";
import { foldingTest } from "./phasogram.ts";
import { profileSums } from "./profile_sums.ts";

/** How profiles are folded and read. */
export interface FoldedOptions extends PeriodogramOptions {
  /** Bins of phase, at least twice the harmonics; 128. */
  readonly nBins?: number | undefined;
  /** Divide powers by sinc²(k/n), see `profileSums`; false. */
  readonly correctBinning?: boolean | undefined;
}

/** Events about the reference: cycles at the centre, cycles of a step, weights. */
function turnsOf(
  events: PeriodogramEvents,
  trial: { f0Hz: number; f1HzPerS: number; stepHz: number; referenceS: number },
): { cycles: Float64Array; turn: Float64Array; weight: Float64Array; n: number } {
  const total = eventCount(events), column = () => new Float64Array(total), block = createBlock();
  const cycles = column(), turn = column(), weight = column(), one = new Float64Array(BLOCK);
  let n = 0;
  for (let from = 0; from < total; from += BLOCK) {
    const to = Math.min(total, from + BLOCK);
    fillBlock(block, events, { from, to, referenceS: trial.referenceS });
    blockCycles(block, trial, one);
    for (let i = 0; i < block.count; i++, n++) {
      cycles[n] = one[i]!;
      turn[n] = trial.stepHz * block.hi[i]!;
      weight[n] = block.weight[i]!;
    }
  }
  return { cycles, turn, weight, n };
}

/**
 * Epoch-folding χ², Z²_n and H on a grid of frequencies and derivatives, from profiles of n bins.
 *
 * @param events Times and weights.
 * @param options The grid, bins, correction.
 * @returns The periodogram with `chi2`, owned by the caller; Z²_k of a pulse is lower by sinc²(k/n) unless
 *   corrected, and `boundDz` bounds the whole effect of the bins.
 * @throws As `createPeriodogramPlan`; RangeError for bins fewer than twice the harmonics.
 * @example
 * ```ts
 * import { foldedPeriodogram } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const timeS = Float64Array.from({ length: 100 }, (_, i) => i / 2 + 0.1);
 * const { chi2 } = foldedPeriodogram({ timeS }, { f0CentreHz: 2, spanS: 50, nTrials: 1, nBins: 4 });
 * strictEqual(chi2![0], 300);
 * ```
 * Source: Leahy et al. 1983, ApJ 266, 160; Bachetti et al. 2021, ApJ 909, 33.
 */
export function foldedPeriodogram(events: PeriodogramEvents, options: FoldedOptions): Periodogram {
  const plan = planOf(options), { nBins = 128, correctBinning } = options;
  const { nTrials: M, maxHarmonic, f1HzPerS, referenceS, stepHz, f0CentreHz } = plan;
  if (!(Number.isInteger(nBins) && nBins >= 2 * maxHarmonic)) {
    throw new RangeError(`foldedPeriodogram: ${nBins} bins for ${maxHarmonic} harmonics: too few`);
  }
  const size = M * f1HzPerS.length, middle = Math.floor(M / 2);
  const chi2 = new Float64Array(size), powers = new Float64Array(size * maxHarmonic);
  const profile = new Float64Array(nBins), sumW2 = new Float64Array(nBins);
  f1HzPerS.forEach((f1, j) => {
    const one = turnsOf(events, { f0Hz: f0CentreHz, f1HzPerS: f1, stepHz, referenceS });
    const { cycles, turn, weight, n } = one;
    for (let i = 0; i < M; i++) {
      const m = i - middle;
      profile.fill(0);
      sumW2.fill(0);
      for (let a = 0; a < n; a++) {
        const x = cycles[a]! + m * turn[a]!, w = weight[a]!;
        const bin = Math.min(((x - Math.floor(x)) * nBins) | 0, nBins - 1);
        profile[bin] = profile[bin]! + w;
        sumW2[bin] = sumW2[bin]! + w * w;
      }
      chi2[j * M + i] = foldingTest(profile, sumW2).value;
      const { cos, sin } = profileSums(profile, { maxHarmonic, sumW2, correctBinning });
      for (let k = 0; k < maxHarmonic; k++) {
        powers[k * size + j * M + i] = cos[k]! ** 2 + sin[k]! ** 2;
      }
    }
  });
  const found = assemblePeriodogram({
    ...plan,
    ...eventMoments(events, referenceS),
    method: "folded",
    epsilon: Math.PI * maxHarmonic / nBins,
    powers: (k, j, out) => out.set(powers.subarray((k - 1) * size + j * M).subarray(0, M)),
  });
  return { ...found, chi2, chi2Dof: nBins - 1 };
}
