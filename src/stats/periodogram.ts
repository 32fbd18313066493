/*
 * Periodograms of events: Z²_n and H against frequency and its derivative, however they were made.
 *   Z²_n = (2/Σw²) Σ_{k≤n} |S_k|²;  with |ΔS_k| <= ε Σ|w|:
 *   |ΔZ²_n| <= (4 ε Σ|w|/Σw²) √(n Z²_n Σw²/2) + 2 n (ε Σ|w|)²/Σw²
 */
import { createFftPlan, inverseFftInPlace } from "../numeric/mod.ts";
import {
  createPeriodogramPlan,
  kernelOf,
  type PeriodogramOptions,
  type PeriodogramPlan,
  type PeriodogramTile,
  ringCells,
} from "./periodogram_plan.ts";
import {
  addPeriodogramEvents,
  createPeriodogramSums,
  type PeriodogramEvents,
  type PeriodogramSums,
} from "./periodogram_sums.ts";
import { inverseTransform } from "./_ring_kernel.ts";

/** Statistics on a grid of frequency f_i and derivative ḟ_j: element [j M + i]. */
export interface Periodogram {
  /** How it was made. */
  readonly method: "nufft" | "exact" | "folded" | "phaseogram";
  /** Frequencies at `referenceS`, Hz, M; f_c + (i − ⌊M/2⌋) δf. */
  readonly f0Hz: Float64Array;
  /** Their step δf, Hz. */
  readonly stepHz: number;
  /** Frequency derivatives, Hz/s. */
  readonly f1HzPerS: Float64Array;
  /** Time to which the frequencies belong, on the clock of the events. */
  readonly referenceS: number;
  /** Harmonics K. */
  readonly maxHarmonic: number;
  /** Z²_1..Z²_K, each over the grid. */
  readonly z2: readonly Float64Array[];
  /** H = max_{m<=K} (Z²_m − 4 (m − 1)) over the grid. */
  readonly h: Float64Array;
  /** The m of that maximum. */
  readonly hHarmonic: Uint8Array;
  /** Epoch-folding χ² over the grid where profiles were folded. */
  readonly chi2?: Float64Array | undefined;
  /** Its degrees of freedom. */
  readonly chi2Dof?: number | undefined;
  /** Events used. */
  readonly n: number;
  /** Σw. */
  readonly sumW: number;
  /** Σw². */
  readonly sumW2: number;
  /** Events without a finite time and weight. */
  readonly outside: number;
  /** √12 times the standard deviation of the times (weighted by w²), seconds: the length of an even
   * observation that resolves frequencies as well. */
  readonly spanS: number;
  /** Error of each sum S_k as a part of Σ|w|: bound. */
  readonly epsilon: number;
  /** Bound of |ΔZ²_K| over the whole grid, from `epsilon` and the largest Z²_K. */
  readonly boundDz: number;
  /** Which part of a larger search this is. */
  readonly tile: PeriodogramTile;
}

/** What all ways of making a periodogram know. */
export interface PeriodogramParts extends
  Pick<
    Periodogram,
    "method" | "stepHz" | "maxHarmonic" | "referenceS" | "n" | "sumW" | "sumW2" | "outside" | "tile"
  > {
  readonly f0CentreHz: number;
  readonly nTrials: number;
  readonly f1HzPerS: readonly number[];
  readonly sumAbsW: number;
  readonly sumT: number;
  readonly sumT2: number;
  readonly epsilon: number;
  /** |S_k|² of harmonic k = 1..K at derivative j into the first M elements of `out`. */
  readonly powers: (k: number, j: number, out: Float64Array) => void;
}

/** Σ|S_k|² to statistics. */
export function assemblePeriodogram(parts: PeriodogramParts): Periodogram {
  const { nTrials: M, maxHarmonic: K, sumW2, sumAbsW, n, sumT, sumT2, f0CentreHz, stepHz } = parts;
  const nF1 = parts.f1HzPerS.length, size = M * nF1, scale = 2 / sumW2;
  const z2 = Array.from({ length: K }, () => new Float64Array(size));
  const h = new Float64Array(size).fill(-Infinity), hHarmonic = new Uint8Array(size);
  const power = new Float64Array(M);
  let largest = 0;
  for (let j = 0; j < nF1; j++) {
    for (let k = 1; k <= K; k++) {
      parts.powers(k, j, power);
      const now = z2[k - 1]!, before = k > 1 ? z2[k - 2]! : undefined;
      for (let i = 0, at = j * M; i < M; i++, at++) {
        const value = scale * power[i]! + (before === undefined ? 0 : before[at]!);
        now[at] = value;
        if (value - 4 * (k - 1) > h[at]!) {
          h[at] = value - 4 * (k - 1);
          hHarmonic[at] = k;
        }
        if (k === K && value > largest) largest = value;
      }
    }
  }
  if (n === 0) h.fill(NaN);
  const mean = sumT / sumW2, middle = Math.floor(M / 2);
  return {
    method: parts.method,
    f0Hz: Float64Array.from({ length: M }, (_, i) => f0CentreHz + (i - middle) * stepHz),
    stepHz,
    f1HzPerS: Float64Array.from(parts.f1HzPerS),
    referenceS: parts.referenceS,
    maxHarmonic: K,
    z2,
    h,
    hHarmonic,
    n,
    sumW: parts.sumW,
    sumW2,
    outside: parts.outside,
    spanS: Math.sqrt(Math.max(0, 12 * (sumT2 / sumW2 - mean * mean))),
    epsilon: parts.epsilon,
    boundDz: boundDz(largest, { n: K, epsilon: parts.epsilon, sumAbsW, sumW2 }),
    tile: parts.tile,
  };
}

/**
 * Bound of the error of a Z²_n whose sums are wrong by no more than ε Σ|w| each.
 *
 * @param z2 Z²_n as found.
 * @param sums Harmonics n, ε, Σ|w| (Σw where no weight is below 0) and Σw².
 * @returns Bound of |ΔZ²_n|; the usual error is smaller by √Σw²/Σ|w|, since errors have all phases.
 * @example
 * ```ts
 * import { boundDz } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(boundDz(30, { n: 2, epsilon: 1e-10, sumAbsW: 1e6, sumW2: 1e6 }) < 3e-6);
 * ```
 */
export function boundDz(
  z2: number,
  sums: {
    readonly n: number;
    readonly epsilon: number;
    readonly sumAbsW: number;
    readonly sumW2: number;
  },
): number {
  const { n, epsilon, sumAbsW, sumW2 } = sums, error = epsilon * sumAbsW;
  return sumW2 === 0
    ? 0
    : (4 * error * Math.sqrt(n * z2 * sumW2 / 2) + 2 * n * error * error) / sumW2;
}

/**
 * The periodogram of the events summed so far; the sums stay as they are and may go on.
 *
 * @param plan The grid.
 * @param sums The sums.
 * @returns Z² and H over the grid, owned by the caller; NaN without events.
 * @example
 * ```ts
 * import {
 *   addPeriodogramEvents, createPeriodogramPlan, createPeriodogramSums, readPeriodogram,
 * } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * const plan = createPeriodogramPlan({ f0CentreHz: 2, spanS: 100, nTrials: 101 });
 * const timeS = Float64Array.from({ length: 200 }, (_, i) => i / 2);
 * const { z2, boundDz } = readPeriodogram(
 *   plan, addPeriodogramEvents(plan, createPeriodogramSums(plan), { timeS }));
 * ok(Math.abs(z2[1]![50]! - 800) <= boundDz);
 * ```
 */
export function readPeriodogram(
  plan: PeriodogramPlan,
  sums: Readonly<PeriodogramSums>,
): Periodogram {
  const { nTrials: M, ringSize: R, maxHarmonic, pointsPerSide } = plan, kernel = kernelOf(plan);
  const fft = createFftPlan(R), re = new Float64Array(R), im = new Float64Array(R);
  const middle = Math.floor(M / 2), scale = new Float64Array(middle + 1);
  for (let m = 0; m <= middle; m++) scale[m] = inverseTransform(kernel, m / R) ** 2;
  const cells = ringCells(plan);
  function powers(k: number, j: number, out: Float64Array): void {
    const ring = sums.rings.subarray(2 * cells * (j * maxHarmonic + k - 1)), margin = pointsPerSide;
    for (let r = 0, at = 2 * margin; r < R; r++, at += 2) {
      re[r] = ring[at]!;
      im[r] = ring[at + 1]!;
    }
    for (let c = 0; c < cells; c++) {
      if (c === margin) c += R;
      const r = (c - margin + R) % R;
      re[r] = re[r]! + ring[2 * c]!;
      im[r] = im[r]! + ring[2 * c + 1]!;
    }
    inverseFftInPlace(fft, { re, im });
    for (let i = 0; i < M; i++) {
      const m = i - middle, r = m < 0 ? m + R : m;
      out[i] = (re[r]! * re[r]! + im[r]! * im[r]!) * scale[m < 0 ? -m : m]!;
    }
  }
  return assemblePeriodogram({
    ...plan,
    ...sums,
    method: "nufft",
    epsilon: plan.epsilon + 1e-15,
    powers,
  });
}

/**
 * Z²_n and H of events on a grid of frequencies and derivatives, by a non-uniform fast Fourier transform.
 * Where events come as a stream, the accumulator `periodogram` gives the same.
 *
 * @param events Times and weights.
 * @param options The grid.
 * @returns The periodogram, owned by the caller.
 * @throws As `createPeriodogramPlan`.
 * @example
 * ```ts
 * import { eventPeriodogram } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const timeS = Float64Array.from({ length: 200 }, (_, i) => i / 2 + 0.1);
 * const { z2, f0Hz } = eventPeriodogram({ timeS }, { f0CentreHz: 2.02, spanS: 100, nTrials: 101 });
 * const best = z2[0]!.indexOf(Math.max(...z2[0]!));
 * ok(Math.abs(f0Hz[best]! - 2) < 1e-12);
 * ```
 * Source: Dutt & Rokhlin 1993, SIAM J. Sci. Comput. 14, 1368; agrees with `exactPeriodogram` within
 * `boundDz`.
 */
export function eventPeriodogram(
  events: PeriodogramEvents,
  options: PeriodogramOptions,
): Periodogram {
  const plan = createPeriodogramPlan(options);
  return readPeriodogram(plan, addPeriodogramEvents(plan, createPeriodogramSums(plan), events));
}
