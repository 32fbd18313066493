/*
 * Periodicity statistics of events, from their sums (phase_sums.ts).
 *   Z²_n = (2/Σw²) Σ_{k≤n} (C_k² + S_k²)        χ² with 2n degrees of freedom without a signal
 *   H    = max_{1≤m≤M} (Z²_m - c (m - 1))        M = 20, c = 4
 */
import { hTestSf, type HTestSfOptions, logHTestSf } from "./h_test_sf.ts";
import type { PhaseSums } from "./phase_sums.ts";
import { logZ2nSf } from "./survival.ts";

/** A statistic with the chance to reach it without a signal. */
export interface TestResult {
  /** Value of the statistic. */
  readonly value: number;
  /** Probability of a value at least as large without a signal; 0 where it underflows. */
  readonly p: number;
  /** ln p, finite in every tail. */
  readonly logP: number;
}

/** What the H test found. */
export interface HTestResult {
  /** H. */
  readonly h: number;
  /** Number of harmonics at which the maximum stands. */
  readonly harmonic: number;
  /** Z²_1..Z²_M. */
  readonly z2: Float64Array;
  /** Probability of an H at least as large without a signal; 0 where it underflows. */
  readonly p: number;
  /** ln p, finite in every tail. */
  readonly logP: number;
}

/** Options of the cosine test. */
export interface CosineTestOptions {
  /** Number of cumulative harmonics M, default all of the sums. */
  readonly maxHarmonic?: number;
  /** Phase of the expected peak in cycles, default 0. */
  readonly phase0?: number;
}

/** What the cosine test found. */
export interface CosineTestResult {
  /** C_1..C_M: (2/Σw) Σ_{k≤m} Σ w cos 2πk(φ - φ0). */
  readonly c: Float64Array;
  /** The same in standard deviations without a signal: √(2/(m Σw²)) Σ_{k≤m} Σ w cos 2πk(φ - φ0). */
  readonly sigma: Float64Array;
}

function harmonics(sums: Readonly<PhaseSums>, asked: number, name: string): number {
  if (!(Number.isInteger(asked) && asked >= 1 && asked <= sums.maxHarmonic)) {
    throw new RangeError(
      `${name}: ${asked} harmonics asked of sums with ${sums.maxHarmonic}; make the sums with more`,
    );
  }
  return asked;
}

/**
 * Z²_m for m = 1..n: (2/Σw²) Σ_{k≤m} (C_k² + S_k²).
 *
 * @param sums sums of weighted phases
 * @param n number of harmonics, 1..K; default K
 * @returns Z²_1..Z²_n at 0..n-1, owned by the caller; NaN without events
 * @throws RangeError where the sums have fewer harmonics
 * @example
 * ```ts
 * import { phaseSums, z2n } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const sums = phaseSums(new Float64Array([0, 1]));
 * ok(Math.abs(z2n(sums, 2)[1]! - 8) < 1e-12);
 * ```
 * Source: Buccheri et al. 1983, A&A 128, 245; with weights Kerr 2011, ApJ 732, 38, eq. 4 (Σw² keeps
 * the calibration).
 */
export function z2n(sums: Readonly<PhaseSums>, n: number = sums.maxHarmonic): Float64Array {
  harmonics(sums, n, "z2n");
  const out = new Float64Array(n), scale = 2 / sums.sumW2;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += sums.cos[k]! ** 2 + sums.sin[k]! ** 2;
    out[k] = scale * sum;
  }
  return out;
}

/**
 * H test: the largest Z²_m - c (m - 1), m = 1..M, and its chance probability.
 *
 * @param sums sums of weighted phases with at least M harmonics
 * @param options M (default 20), c (default 4), form of the probability (default Kerr's series)
 * @returns H, its harmonic, Z²_1..M, p and ln p
 * @throws RangeError where the sums have fewer harmonics
 * @example
 * ```ts
 * import { hTest, phaseSums } from "@gammarx/gammarx/stats";
 * import { equal, ok } from "node:assert/strict";
 * const { h, harmonic } = hTest(phaseSums(new Float64Array([0.2, 0.2, 0.2])));
 * equal(harmonic, 20);
 * ok(Math.abs(h - (20 * 6 - 76)) < 1e-10);
 * ```
 * Source: de Jager, Swanepoel & Raubenheimer 1989, A&A 221, 180; Kerr 2011, ApJ 732, 38.
 */
export function hTest(sums: Readonly<PhaseSums>, options: HTestSfOptions = {}): HTestResult {
  const { maxHarmonic = 20, c = 4 } = options,
    z2 = z2n(sums, harmonics(sums, maxHarmonic, "hTest"));
  let h = -Infinity, harmonic = 0;
  for (let m = 1; m <= maxHarmonic; m++) {
    const value = z2[m - 1]! - c * (m - 1);
    if (value > h) {
      h = value;
      harmonic = m;
    }
  }
  if (harmonic === 0) return { h: NaN, harmonic: 0, z2, p: NaN, logP: NaN };
  return { h, harmonic, z2, p: hTestSf(h, options), logP: logHTestSf(h, options) };
}

/**
 * Rayleigh test: Z²_1 and its chance probability exp(-Z²_1/2).
 *
 * @param sums sums of weighted phases
 * @returns Z²_1, p and ln p
 * @example
 * ```ts
 * import { phaseSums, rayleighTest } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const { value } = rayleighTest(phaseSums(new Float64Array([0.1, 0.1, 0.1])));
 * ok(Math.abs(value - 6) < 1e-12);
 * ```
 * Source: Mardia 1972, «Statistics of Directional Data», 4.3; the limit of many events.
 */
export function rayleighTest(sums: Readonly<PhaseSums>): TestResult {
  const value = z2n(sums, 1)[0]!, logP = Number.isNaN(value) ? NaN : logZ2nSf(value, 1);
  return { value, p: Math.exp(logP), logP };
}

/**
 * Cosine test: for pulses whose phase is known, C_m = (2/Σw) Σ_{k≤m} Σ w cos 2πk(φ - φ0).
 *
 * @param sums sums of weighted phases
 * @param options number of harmonics and phase of the peak
 * @returns C_m and C_m in standard deviations, m = 1..M
 * @throws RangeError where the sums have fewer harmonics
 * @example
 * ```ts
 * import { cosineTest, phaseSums } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const { c } = cosineTest(phaseSums(new Float64Array([0.3, 0.3])), { phase0: 0.3 });
 * ok(Math.abs(c[3]! - 8) < 1e-12);
 * ```
 * Source: de Jager 1994, ApJ 436, 239.
 */
export function cosineTest(
  sums: Readonly<PhaseSums>,
  options: CosineTestOptions = {},
): CosineTestResult {
  const { maxHarmonic = sums.maxHarmonic, phase0 = 0 } = options;
  const M = harmonics(sums, maxHarmonic, "cosineTest");
  const c = new Float64Array(M), sigma = new Float64Array(M);
  let sum = 0;
  for (let k = 1; k <= M; k++) {
    const angle = 2 * Math.PI * k * (phase0 - Math.floor(phase0));
    sum += sums.cos[k - 1]! * Math.cos(angle) + sums.sin[k - 1]! * Math.sin(angle);
    c[k - 1] = 2 * sum / sums.sumW;
    sigma[k - 1] = sum * Math.sqrt(2 / (k * sums.sumW2));
  }
  return { c, sigma };
}
