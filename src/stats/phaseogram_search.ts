/*
 * A search around the ephemeris that events were folded with, from a phaseogram alone: rows of time are
 * shifted and added, as sums of their harmonics, so that shifts need not be whole bins.
 *   S_k(δf, δḟ) = Σ_r A_{r,k} e^{2πi k (δf τ_r + ½ δḟ τ_r²)},  A_{r,k} the sum of row r, τ_r its middle
 *   A drift within a row of ΔT takes sinc(k δf ΔT) from S_k: useful to |δf| < rows/(4 k T).
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { planOf } from "./exact_periodogram.ts";
import { assemblePeriodogram, type Periodogram } from "./periodogram.ts";
import type { PeriodogramOptions } from "./periodogram_plan.ts";
import { profileSums } from "./profile_sums.ts";

/** Counts per bin of time and phase, for example of the accumulator `phaseogram`. */
export interface PhaseogramCounts {
  /** Edges of time, seconds, n + 1. */
  readonly edgesS: ArrayLike<number>;
  /** Counts, time by phase. */
  readonly counts: {
    /** Row after row. */
    readonly data: ArrayLike<number>;
    /** [rows of time, bins of phase]. */
    readonly shape: readonly number[];
  };
}

/** The grid of a search, and what the events were folded with. */
export interface PhaseogramSearchOptions extends PeriodogramOptions {
  /** Frequency that gave the phases, at `referenceS`, Hz. */
  readonly foldF0Hz: number;
  /** Its derivative, Hz/s; 0. */
  readonly foldF1HzPerS?: number | undefined;
}

/**
 * Z²_n and H on a grid of frequencies and derivatives near those that a phaseogram was folded with. It costs
 * nothing for each event, whatever their number.
 *
 * @param of A phaseogram.
 * @param options The grid; the frequency and derivative of the fold.
 * @returns The periodogram, owned by the caller; `boundDz` bounds what binning does at the edges of the grid.
 * @throws TypeError where edges and counts do not fit; RangeError for more harmonics than half of the bins.
 * @example
 * ```ts
 * import { phaseogramSearch } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * // one cycle of drift over four rows of 10 s
 * const data = [9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9];
 * const found = phaseogramSearch({ edgesS: [0, 10, 20, 30, 40], counts: { data, shape: [4, 4] } }, {
 *   foldF0Hz: 5, f0CentreHz: 5, stepHz: 0.0125, nTrials: 5, maxHarmonic: 1, referenceS: 20,
 * });
 * strictEqual(found.f0Hz[found.z2[0]!.indexOf(Math.max(...found.z2[0]!))], 4.975);
 * ```
 */
export function phaseogramSearch(
  of: PhaseogramCounts,
  options: PhaseogramSearchOptions,
): Periodogram {
  const plan = planOf(options), { foldF0Hz, foldF1HzPerS = 0 } = options;
  const [rows = 0, bins = 0] = of.counts.shape, { data } = of.counts, { edgesS } = of;
  if (edgesS.length !== rows + 1 || data.length !== rows * bins) {
    throw new TypeError(
      `phaseogramSearch: ${edgesS.length} edges and ${data.length} counts for ${rows} x ${bins} bins`,
    );
  }
  const { nTrials: M, maxHarmonic: K, f1HzPerS, referenceS, stepHz, f0CentreHz } = plan;
  const cos = new Float64Array(rows * K), sin = new Float64Array(rows * K);
  const tau = new Float64Array(rows);
  let n = 0, sumT = 0, sumT2 = 0, longest = 0;
  for (let r = 0; r < rows; r++) {
    const row = Array.from({ length: bins }, (_, b) => data[r * bins + b]!);
    const sums = profileSums(row, { maxHarmonic: K });
    tau[r] = (edgesS[r]! + edgesS[r + 1]!) / 2 - referenceS;
    longest = Math.max(longest, edgesS[r + 1]! - edgesS[r]!);
    cos.set(sums.cos, r * K);
    sin.set(sums.sin, r * K);
    n += sums.n;
    sumT += sums.n * tau[r]!;
    sumT2 += sums.n * tau[r]! ** 2;
  }
  const middle = Math.floor(M / 2), offset = f0CentreHz - foldF0Hz;
  const far = Math.max(...tau.map(Math.abs), 0);
  const drift = Math.abs(offset) + (middle + 1) * stepHz +
    Math.max(...f1HzPerS.map((f1) => Math.abs(f1 - foldF1HzPerS))) * far;
  return assemblePeriodogram({
    ...plan,
    method: "phaseogram",
    n,
    sumW: n,
    sumW2: n,
    sumAbsW: n,
    sumT,
    sumT2,
    outside: 0,
    epsilon: Math.min(2, 2 * Math.PI * K * (drift * longest / 2 + 0.5 / bins)),
    powers(k, j, out) {
      const halfF1 = (f1HzPerS[j]! - foldF1HzPerS) / 2;
      for (let i = 0; i < M; i++) {
        const df = offset + (i - middle) * stepHz;
        let re = 0, im = 0;
        for (let r = 0; r < rows; r++) {
          const t = tau[r]!, x = k * t * (df + halfF1 * t), c = cos2pi(x), s = sin2pi(x);
          const a = cos[r * K + k - 1]!, b = sin[r * K + k - 1]!;
          re += a * c - b * s;
          im += a * s + b * c;
        }
        out[i] = re * re + im * im;
      }
    },
  });
}
