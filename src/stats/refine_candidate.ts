/*
 * The exact maximum of Z²_n over frequency and derivative near a candidate, with errors. x = τ/S, S = max |τ|:
 *   A_p = Σ w x^p e^{2πi k φ};  a = δf S, b = δḟ S²/2;  c = 2πk
 *   Z = (2/Σw²) Σ_k |A_0|²,  ∂Z/∂a = −(4/Σw²) Σ c Im(A_0* A_1),
 *   ∂²Z/∂a² = (4/Σw²) Σ c² (|A_1|² − Re A_0* A_2), and likewise with one more power of x for each b
 * For a weak pulse Z/2 is the log-likelihood gained, so the covariance is (−½ ∂²Z)⁻¹.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { BLOCK, blockCycles, createBlock, eventCount, fillBlock } from "./_cycles.ts";
import { eventMoments } from "./exact_periodogram.ts";
import type { PeriodogramEvents } from "./periodogram_sums.ts";
import { logPAfterTrials, logZ2nSf } from "./survival.ts";

/** Where to begin, and what to fit. */
export interface RefineOptions {
  /** Frequency at the reference, Hz. */
  readonly f0Hz: number;
  /** Its derivative, Hz/s; 0. */
  readonly f1HzPerS?: number | undefined;
  /** Time to which they belong; 0. */
  readonly referenceS?: number | undefined;
  /** Harmonics n of Z²_n, 1 to 20; 2. */
  readonly nHarmonics?: number | undefined;
  /** Fit the derivative too; true. */
  readonly fitF1?: boolean | undefined;
  /** Trials of the search, to correct ln p; 1. */
  readonly trials?: number | undefined;
}

/** A candidate at its exact maximum. */
export interface RefinedCandidate {
  /** Frequency at the reference, Hz. */
  readonly f0Hz: number;
  /** Its standard deviation, Hz. */
  readonly f0ErrorHz: number;
  /** Derivative, Hz/s. */
  readonly f1HzPerS: number;
  /** Its standard deviation, Hz/s; 0 where it was held. */
  readonly f1ErrorHzPerS: number;
  /** Correlation of both; 0 where the derivative was held. */
  readonly correlation: number;
  /** Z²_n there. */
  readonly z2: number;
  /** ln p of one trial. */
  readonly logP: number;
  /** ln p after `trials`. */
  readonly logPAfterTrials: number;
  /** False where no maximum was found within 50 steps: `reason` says why. */
  readonly converged: boolean;
  /** Empty where it converged. */
  readonly reason: string;
}

/** Z with gradient and Hessian in (a, b). */
interface Local {
  readonly z: number;
  readonly ga: number;
  readonly gb: number;
  readonly haa: number;
  readonly hab: number;
  readonly hbb: number;
}

interface Place {
  readonly f0Hz: number;
  readonly f1HzPerS: number;
}

function localZ(
  events: PeriodogramEvents,
  at: Place,
  how: { referenceS: number; scaleS: number; K: number; sumW2: number },
): Local {
  const { referenceS, scaleS, K, sumW2 } = how, n = eventCount(events), block = createBlock();
  const cycles = new Float64Array(BLOCK), sums = new Float64Array(10 * K);
  for (let from = 0; from < n; from += BLOCK) {
    fillBlock(block, events, { from, to: Math.min(n, from + BLOCK), referenceS });
    blockCycles(block, at, cycles);
    for (let i = 0; i < block.count; i++) {
      const x = block.hi[i]! / scaleS, c1 = cos2pi(cycles[i]!), s1 = sin2pi(cycles[i]!);
      let c = block.weight[i]!, s = 0;
      for (let k = 0; k < K; k++) {
        const next = c * c1 - s * s1;
        s = c * s1 + s * c1;
        c = next;
        let p = c, q = s;
        for (let m = 10 * k; m < 10 * k + 10; m += 2) {
          sums[m] = sums[m]! + p;
          sums[m + 1] = sums[m + 1]! + q;
          p *= x;
          q *= x;
        }
      }
    }
  }
  let z = 0, ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
  for (let k = 0; k < K; k++) {
    const c = 2 * Math.PI * (k + 1), at = 10 * k;
    /** Re and Im of A_p* A_q. */
    const re = (p: number, q: number) =>
      sums[at + 2 * p]! * sums[at + 2 * q]! + sums[at + 2 * p + 1]! * sums[at + 2 * q + 1]!;
    const im = (p: number, q: number) =>
      sums[at + 2 * p]! * sums[at + 2 * q + 1]! - sums[at + 2 * p + 1]! * sums[at + 2 * q]!;
    z += re(0, 0);
    ga -= 2 * c * im(0, 1);
    gb -= 2 * c * im(0, 2);
    haa += 2 * c * c * (re(1, 1) - re(0, 2));
    hab += 2 * c * c * (re(1, 2) - re(0, 3));
    hbb += 2 * c * c * (re(2, 2) - re(0, 4));
  }
  const scale = 2 / sumW2;
  return {
    z: z * scale,
    ga: ga * scale,
    gb: gb * scale,
    haa: haa * scale,
    hab: hab * scale,
    hbb: hbb * scale,
  };
}

/** A step uphill: Newton's, damped by µ; in the direction of the gradient where Z is not concave. */
function stepOf(local: Local, mu: number, fitF1: boolean): [number, number] {
  const { ga, gb, hab } = local;
  const caa = Math.abs(local.haa) * (1 + mu) + 1e-300;
  const cbb = Math.abs(local.hbb) * (1 + mu) + 1e-300;
  if (!fitF1) return [ga / caa, 0];
  const det = caa * cbb - hab * hab;
  if (!(det > 1e-12 * caa * cbb) || local.haa > 0 || local.hbb > 0) return [ga / caa, gb / cbb];
  return [(ga * cbb + gb * hab) / det, (gb * caa + ga * hab) / det];
}

/**
 * Climbs to the maximum of Z²_n over frequency and derivative, by exact sums.
 *
 * @param events Times and weights.
 * @param options A candidate, for example of `findPeaks`; it should lie within half a peak.
 * @returns The maximum with errors from its curvature, and ln p; `converged` false where there is none.
 * @throws TypeError or RangeError for events or numbers that do not fit.
 * @example
 * ```ts
 * import { refineCandidate } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const timeS = Float64Array.from({ length: 400 }, (_, i) => i / 4 - 50 + 0.03 * Math.sin(7 * i));
 * const found = refineCandidate({ timeS }, { f0Hz: 4.002, fitF1: false });
 * ok(found.converged && Math.abs(found.f0Hz - 4) < 3 * found.f0ErrorHz);
 * ```
 * Source: Ransom, Eikenberry & Middleditch 2002, AJ 124, 1788, eq. 46 (the same error for one harmonic).
 */
export function refineCandidate(
  events: PeriodogramEvents,
  options: RefineOptions,
): RefinedCandidate {
  const { referenceS = 0, nHarmonics: K = 2, fitF1 = true, trials = 1 } = options;
  if (!(Number.isInteger(K) && K >= 1 && K <= 20)) {
    throw new RangeError(`refineCandidate: ${K} harmonics, needs an integer in 1..20`);
  }
  let scaleS = 0;
  for (let i = 0, n = eventCount(events); i < n; i++) {
    const t = Math.abs(events.timeS[i]! - referenceS);
    if (t > scaleS && t < Infinity) scaleS = t;
  }
  const { sumW2 } = eventMoments(events, referenceS), how = { referenceS, scaleS, K, sumW2 };
  let at: Place = { f0Hz: options.f0Hz, f1HzPerS: options.f1HzPerS ?? 0 };
  let local = localZ(events, at, how), mu = 0, converged = false;
  let reason = scaleS > 0 && sumW2 > 0 ? "no maximum within 50 steps" : "no events";
  for (let round = 0; round < 50 && scaleS > 0 && sumW2 > 0; round++) {
    const [a, b] = stepOf(local, mu, fitF1);
    const shrink = Math.min(1, 0.25 / K / Math.max(Math.abs(a), Math.abs(b), 1e-300));
    const next = {
      f0Hz: at.f0Hz + a * shrink / scaleS,
      f1HzPerS: at.f1HzPerS + 2 * b * shrink / (scaleS * scaleS),
    };
    const isSmall = Math.abs(a) < 1e-9 && Math.abs(b) < 1e-9;
    const there = localZ(events, next, how);
    if (there.z >= local.z) {
      at = next;
      local = there;
      mu = mu < 1e-3 ? 0 : mu / 10;
    } else mu = mu === 0 ? 1e-2 : mu * 10;
    if (isSmall || mu > 1e8) {
      const isConcave = local.haa < 0 &&
        (!fitF1 || (local.hbb < 0 && local.haa * local.hbb > local.hab ** 2));
      converged = isConcave;
      reason = isConcave ? "" : "the candidate is no maximum";
      break;
    }
  }
  // covariance of (a, b): (−H/2)⁻¹
  const paa = -local.haa / 2, pab = -local.hab / 2, pbb = -local.hbb / 2;
  const det = paa * pbb - pab * pab;
  const varA = fitF1 ? pbb / det : 1 / paa, varB = fitF1 ? paa / det : 0;
  const logP = Number.isNaN(local.z) ? NaN : logZ2nSf(local.z, K);
  return {
    ...at,
    f0ErrorHz: Math.sqrt(varA) / scaleS,
    f1ErrorHzPerS: fitF1 ? 2 * Math.sqrt(varB) / (scaleS * scaleS) : 0,
    correlation: fitF1 ? -pab / Math.sqrt(paa * pbb) : 0,
    z2: local.z,
    logP,
    logPAfterTrials: Number.isNaN(logP) ? NaN : logPAfterTrials(logP, trials),
    converged,
    reason,
  };
}
