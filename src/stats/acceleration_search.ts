/*
 * Acceleration search in the Fourier domain: one transform of the binned series, then for each z = ḟ T² the
 * correlation with the response of a signal that drifts by z bins.
 *   F_k = Σ_t x_t e^{−2πi k t/N};  a signal of mean frequency r/T and drift z:  F_k ∝ A_z(k − r),
 *   A_z(q) = ∫₀¹ e^{2πi (−q u + ½ z (u² − u))} du
 *   S(r, z) = Σ_q F_{r+q} A_z(q)*,  Z²_1 = 2 |S|²/(Σx Σ|A|²)
 * r runs in steps of ½. Correlations are done in blocks by transforms (overlap-save).
 */
import { createFftPlan, fftInPlace, goodFftSize, inverseFftInPlace } from "../numeric/mod.ts";
import { logSearchP } from "./search_trials.ts";
import { logZ2nSf } from "./survival.ts";

/** Counts in bins of time, evenly spaced, gaps as zeros. */
export interface BinnedTimes {
  /** Counts per bin. */
  readonly counts: ArrayLike<number>;
  /** Width of a bin, seconds. */
  readonly binS: number;
}

/** What to search. */
export interface AccelerationOptions {
  /** Greatest |z| = |ḟ| T², at most 4096; 50. */
  readonly maxZ?: number | undefined;
  /** Step of z; 2. */
  readonly stepZ?: number | undefined;
  /** Least frequency, Hz; 10/T. */
  readonly fromHz?: number | undefined;
  /** Greatest frequency, Hz; that of Nyquist. */
  readonly toHz?: number | undefined;
  /** Greatest ln p after trials; ln 0.01. */
  readonly maxLogP?: number | undefined;
  /** Most candidates; 50. */
  readonly maxPeaks?: number | undefined;
}

/** A candidate of an acceleration search. */
export interface AccelerationCandidate {
  /** Frequency at the middle of the series, Hz. */
  readonly f0Hz: number;
  /** Frequency derivative, Hz/s. */
  readonly f1HzPerS: number;
  /** Drift over the series in Fourier bins. */
  readonly z: number;
  /** Z²_1 (Leahy's power). */
  readonly power: number;
  /** ln p of one trial. */
  readonly logP: number;
  /** ln p after trials. */
  readonly logPAfterTrials: number;
}

/** What an acceleration search found. */
export interface AccelerationSearch {
  /** The most significant first. */
  readonly candidates: readonly AccelerationCandidate[];
  /** Points of (r, z) looked at. */
  readonly nGrid: number;
  /** Bins used: the longest start of the series whose length is 2^a 3^b 5^c. */
  readonly nUsed: number;
  /** T: their length, seconds. */
  readonly spanS: number;
  /** Drifts that were tried. */
  readonly z: Float64Array;
}

function goodSizeBelow(n: number): number {
  for (let size = n; size >= 1; size--) if (goodFftSize(size) === size) return size;
  return 1;
}

/** A_z(q − ρ) for q = −half..half, half a bin further for ρ = ½. */
function response(z: number, rho: number, half: number): { re: Float64Array; im: Float64Array } {
  const L = goodFftSize(Math.max(2048, 32 * half)),
    re = new Float64Array(L),
    im = new Float64Array(L);
  for (let s = 0; s < L; s++) {
    const u = (s + 0.5) / L, angle = 2 * Math.PI * (rho * u + z / 2 * (u * u - u));
    re[s] = Math.cos(angle) / L;
    im[s] = Math.sin(angle) / L;
  }
  fftInPlace(createFftPlan(L), { re, im });
  const out = { re: new Float64Array(2 * half + 1), im: new Float64Array(2 * half + 1) };
  for (let q = -half; q <= half; q++) {
    const from = q < 0 ? q + L : q,
      angle = -Math.PI * q / L,
      c = Math.cos(angle),
      d = Math.sin(angle);
    out.re[q + half] = re[from]! * c - im[from]! * d;
    out.im[q + half] = re[from]! * d + im[from]! * c;
  }
  return out;
}

interface Template {
  readonly z: number;
  readonly rho: number;
  readonly norm: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Searches a binned series for a signal whose frequency drifts evenly.
 *
 * @param series Counts in bins.
 * @param options Range of z and frequency; threshold.
 * @returns Candidates, owned by the caller. Responses are cut 12 bins outside their drift, which loses at most
 *   3 % of the power; a quarter of a bin, the farthest from a step of r, loses 19 %, half a step of z 5 %.
 * @throws RangeError for fewer than 64 bins, a width not above 0, drifts out of range; TypeError for a series
 *   without counts.
 * @example
 * ```ts
 * import { accelerationSearch } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * // 20 cycles a second in the middle, 8 bins of drift over 100 s
 * const counts = Array.from({ length: 8000 }, (_, i) => {
 *   const t = (i + 0.5) / 80 - 50;
 *   return Math.cos(2 * Math.PI * (20 * t + 0.5 * 8e-4 * t * t)) > 0.5 ? 1 : 0;
 * });
 * strictEqual(accelerationSearch({ counts, binS: 1 / 80 }, { maxZ: 20 }).candidates[0]!.z, 8);
 * ```
 * Source: Ransom, Eikenberry & Middleditch 2002, AJ 124, 1788, section 4.
 */
export function accelerationSearch(
  series: BinnedTimes,
  options: AccelerationOptions = {},
): AccelerationSearch {
  const { counts, binS } = series, { maxZ = 50, stepZ = 2, maxLogP = Math.log(0.01) } = options;
  if (!(counts.length >= 64 && binS > 0)) {
    throw new RangeError(
      `accelerationSearch: ${counts.length} bins of ${binS} s: needs at least 64`,
    );
  }
  if (!(maxZ >= 0 && maxZ <= 4096 && stepZ > 0)) {
    throw new RangeError(
      `accelerationSearch: maxZ = ${maxZ}, stepZ = ${stepZ}: needs 0..4096 and > 0`,
    );
  }
  const N = goodSizeBelow(counts.length), spanS = N * binS;
  const re = new Float64Array(N), im = new Float64Array(N);
  let total = 0;
  for (let t = 0; t < N; t++) total += re[t] = counts[t]!;
  if (!(total > 0)) throw new TypeError(`accelerationSearch: the series sums to ${total}`);
  for (let t = 0; t < N; t++) re[t] = re[t]! - total / N;
  fftInPlace(createFftPlan(N), { re, im });
  const first = Math.max(1, Math.ceil((options.fromHz ?? 10 / spanS) * spanS));
  const last = Math.min(Math.floor(N / 2) - 1, Math.floor((options.toHz ?? Infinity) * spanS));
  const steps = Math.floor(maxZ / stepZ + 1e-9), half = Math.ceil(maxZ / 2 + 12);
  const z = Float64Array.from({ length: 2 * steps + 1 }, (_, i) => (i - steps) * stepZ);
  const size = goodFftSize(Math.max(4096, 16 * half)), useful = size - 2 * half;
  const plan = createFftPlan(size), nGrid = Math.max(0, last - first + 1) * 2 * z.length;
  const templates: Template[] = [];
  for (const one of z) for (const rho of [0, 0.5]) templates.push(template(one, rho));
  /** The transform of a response and its norm. */
  function template(one: number, rho: number): Template {
    const own = Math.ceil(Math.abs(one) / 2 + 12), short = response(one, rho, own);
    const tr = new Float64Array(size), ti = new Float64Array(size);
    let norm = 0;
    for (let q = -own; q <= own; q++) {
      const a = short.re[q + own]!, b = short.im[q + own]!;
      norm += a * a + b * b;
      tr[(q + size) % size] = a;
      ti[(q + size) % size] = b;
    }
    fftInPlace(plan, { re: tr, im: ti });
    return { z: one, rho, norm, re: tr, im: ti };
  }
  const volume = {
    n: 1,
    bandHz: (last - first + 1) / spanS,
    spanS,
    f1BandHzPerS: 2 * steps * stepZ / (spanS * spanS),
    nGrid,
  };
  const least = -2 * maxLogP, found: AccelerationCandidate[] = [];
  const blockRe = new Float64Array(size), blockIm = new Float64Array(size);
  const sr = new Float64Array(size), si = new Float64Array(size), power = new Float64Array(useful);
  for (let from = first; from <= last; from += useful) {
    // element i of the block is F_{from − half + i}; beyond the ends F_{−k} = F_k*
    for (let i = 0; i < size; i++) {
      const k = (((from - half + i) % N) + N) % N;
      blockRe[i] = re[k]!;
      blockIm[i] = im[k]!;
    }
    fftInPlace(plan, { re: blockRe, im: blockIm });
    const n = Math.min(useful, last - from + 1);
    for (const one of templates) {
      for (let i = 0; i < size; i++) {
        const a = blockRe[i]!, b = blockIm[i]!, c = one.re[i]!, d = one.im[i]!;
        sr[i] = a * c + b * d;
        si[i] = b * c - a * d;
      }
      inverseFftInPlace(plan, { re: sr, im: si });
      const scale = 2 / (total * one.norm * size * size);
      for (let i = 0; i < n; i++) {
        power[i] = scale * (sr[i + half]! ** 2 + si[i + half]! ** 2);
      }
      for (let i = 0; i < n; i++) {
        const p = power[i]!;
        if (p < least || power[i - 1]! > p || (i + 1 < n && power[i + 1]! > p)) continue;
        const logP = logZ2nSf(p, 1), after = logSearchP(p, volume);
        if (after > maxLogP) continue;
        found.push({
          f0Hz: (from + i + one.rho) / spanS,
          f1HzPerS: one.z / (spanS * spanS),
          z: one.z,
          power: p,
          logP,
          logPAfterTrials: after,
        });
      }
    }
  }
  return { candidates: cluster(found, spanS, options.maxPeaks ?? 50), nGrid, nUsed: N, spanS, z };
}

/** The best of those that the response of one signal joins: the drift of one covers the other. */
function cluster(
  found: AccelerationCandidate[],
  spanS: number,
  most: number,
): AccelerationCandidate[] {
  const kept: AccelerationCandidate[] = [];
  for (const one of found.sort((a, b) => b.power - a.power)) {
    if (kept.length >= most) break;
    const isNear = kept.some((other) =>
      Math.abs(other.f0Hz - one.f0Hz) * spanS <= 3 + Math.abs(other.z - one.z) / 2
    );
    if (!isNear) kept.push(one);
  }
  return kept;
}
