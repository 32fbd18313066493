/*
 * Chance probability of the H test, H = max_{1≤m≤M}(Z²_m - c(m - 1)).
 *
 * Without a signal Z²_m - Z²_{m-1} are independent and χ² with 2 degrees of freedom, so Z²_1, Z²_2, …
 * are the arrival times of a Poisson process of rate ½, and H < h says that the m-th arrives before
 * h + c(m - 1) for all m ≤ M. Splitting 1 - P by the first m that is late gives Kerr's series; the
 * volume of {0 < z_1 < … < z_m, z_j < h + c(j - 1)} is h (h + mc)^{m-1}/m!, so
 *   P(H ≥ h) = Σ_{m=0}^{M-1} e^{-(h + cm)/2} h (h + cm)^{m-1} / (2^m m!)
 * with all terms positive. Kerr 2011, ApJ 732, 38, eq. 8-11.
 */
import { lgamma } from "../numeric/mod.ts";

/** How the chance probability of H is computed. */
export interface HTestSfOptions {
  /** Number of harmonics M the maximum was taken over, default 20. */
  readonly maxHarmonic?: number;
  /** Penalty c of a harmonic, default 4. */
  readonly c?: number;
  /**
   * "kerr-2011": the exact series, for any M and c (default). "exp-0.4": exp(-0.4 H), de Jager &
   * Büsching 2010, A&A 517, L9. "exp-0.398405": exp(-0.398405 H), Kerr 2011. Both exponentials hold
   * for M = 20 and more with c = 4, and overstate p beyond H = 50.
   */
  readonly method?: "kerr-2011" | "exp-0.4" | "exp-0.398405";
}

function logSeries(h: number, M: number, c: number): number {
  const logH = Math.log(h);
  let largest = -Infinity;
  const terms = new Float64Array(M);
  for (let m = 0; m < M; m++) {
    const bound = h + c * m;
    const term = m === 0
      ? -0.5 * h
      : -0.5 * bound + logH + (m - 1) * Math.log(bound) - m * Math.LN2 - lgamma(m + 1);
    terms[m] = term;
    if (term > largest) largest = term;
  }
  let sum = 0;
  for (let m = 0; m < M; m++) sum += Math.exp(terms[m]! - largest);
  return Math.min(largest + Math.log(sum), 0);
}

/**
 * ln of the chance probability of H, for any depth of tail.
 *
 * @param h value of H; at most 0 gives 0
 * @param options number of harmonics, penalty, method
 * @returns ln p ≤ 0
 * @throws RangeError for a number of harmonics that is no integer above 0, a negative c, or an
 *   exponential asked for where it does not hold
 * @example
 * ```ts
 * import { logHTestSf } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(logHTestSf(1000, { method: "exp-0.4" }), -400);
 * ```
 */
export function logHTestSf(h: number, options: HTestSfOptions = {}): number {
  const { maxHarmonic = 20, c = 4, method = "kerr-2011" } = options;
  if (!(Number.isInteger(maxHarmonic) && maxHarmonic >= 1) || !(c >= 0)) {
    throw new RangeError(
      `H test with maxHarmonic = ${maxHarmonic}, c = ${c}: needs an integer >= 1 and c >= 0`,
    );
  }
  if (Number.isNaN(h)) return NaN;
  if (method !== "kerr-2011") {
    if (c !== 4 || maxHarmonic < 20) {
      throw new RangeError(
        `method "${method}" needs c = 4 and maxHarmonic >= 20, found c = ${c}, maxHarmonic = ` +
          `${maxHarmonic}; use "kerr-2011"`,
      );
    }
    return h <= 0 ? 0 : h * (method === "exp-0.4" ? -0.4 : -0.398405);
  }
  if (h <= 0) return 0;
  return h === Infinity ? -Infinity : logSeries(h, maxHarmonic, c);
}

/**
 * Chance probability of H.
 *
 * @param h value of H; at most 0 gives 1
 * @param options number of harmonics, penalty, method
 * @returns p in [0, 1]; 0 where it underflows
 * @throws RangeError as `logHTestSf`
 * @example
 * ```ts
 * import { hTestSf, z2nSf } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(hTestSf(20, { maxHarmonic: 1 }) - z2nSf(20, 1)) < 1e-18);
 * ```
 * Source: Kerr 2011, ApJ 732, 38. Agrees with PINT's sf_hm.
 */
export function hTestSf(h: number, options: HTestSfOptions = {}): number {
  return Math.exp(logHTestSf(h, options));
}
