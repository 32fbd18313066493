/*
 * The sums of event statistics. Symbols: φ_i phase in cycles, w_i weight,
 *   C_k = Σ w cos 2πkφ,  S_k = Σ w sin 2πkφ,  k = 1..K
 * One polynomial sine and cosine an event, harmonics by Chebyshev's recurrence
 * c_{k+1} = 2 c_1 c_k - c_{k-1}. Events go through in blocks, four harmonics at a time, so that the
 * sums stay in registers; each sum still adds event after event, so that any cut of the stream into
 * batches gives the same bits.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";

/** Trigonometric sums of weighted phases: the state of every Z², H and cosine statistic. */
export interface PhaseSums {
  /** Number of events. */
  n: number;
  /** Σw; n without weights. */
  sumW: number;
  /** Σw²; n without weights. */
  sumW2: number;
  /** Number of harmonics K. */
  readonly maxHarmonic: number;
  /** C_1..C_K at 0..K-1. */
  readonly cos: Float64Array;
  /** S_1..S_K at 0..K-1. */
  readonly sin: Float64Array;
}

/** What `phaseSums` may be told. */
export interface PhaseSumsOptions {
  /** Weight of each event, as many as phases; 1 without. */
  readonly weights?: Float64Array | undefined;
  /** Number of harmonics, default 20; that of `into` where given. */
  readonly maxHarmonic?: number | undefined;
  /** Number of leading events to use, default all. */
  readonly n?: number | undefined;
  /** Sums to go on with; changed and returned. */
  readonly into?: PhaseSums | undefined;
}

const BLOCK = 256;
const twice = new Float64Array(BLOCK);
const cosNow = new Float64Array(BLOCK);
const sinNow = new Float64Array(BLOCK);
const cosLast = new Float64Array(BLOCK);
const sinLast = new Float64Array(BLOCK);

/** Harmonics k..k+3 of a block: the scratch arrays hold k-1 (last) and k (now), and go on to k+4. */
function fourHarmonics(count: number, cos: Float64Array, sin: Float64Array, k: number): void {
  let c0 = cos[k]!, c1 = cos[k + 1]!, c2 = cos[k + 2]!, c3 = cos[k + 3]!;
  let s0 = sin[k]!, s1 = sin[k + 1]!, s2 = sin[k + 2]!, s3 = sin[k + 3]!;
  for (let i = 0; i < count; i++) {
    const t = twice[i]!, c = cosNow[i]!, s = sinNow[i]!;
    c0 += c;
    s0 += s;
    const cb = t * c - cosLast[i]!, sb = t * s - sinLast[i]!;
    c1 += cb;
    s1 += sb;
    const cc = t * cb - c, sc = t * sb - s;
    c2 += cc;
    s2 += sc;
    const cd = t * cc - cb, sd = t * sc - sb;
    c3 += cd;
    s3 += sd;
    cosLast[i] = cd;
    sinLast[i] = sd;
    cosNow[i] = t * cd - cc;
    sinNow[i] = t * sd - sc;
  }
  cos[k] = c0;
  cos[k + 1] = c1;
  cos[k + 2] = c2;
  cos[k + 3] = c3;
  sin[k] = s0;
  sin[k + 1] = s1;
  sin[k + 2] = s2;
  sin[k + 3] = s3;
}

function oneHarmonic(count: number, cos: Float64Array, sin: Float64Array, k: number): void {
  let c0 = cos[k]!, s0 = sin[k]!;
  for (let i = 0; i < count; i++) {
    const t = twice[i]!, c = cosNow[i]!, s = sinNow[i]!;
    c0 += c;
    s0 += s;
    cosNow[i] = t * c - cosLast[i]!;
    sinNow[i] = t * s - sinLast[i]!;
    cosLast[i] = c;
    sinLast[i] = s;
  }
  cos[k] = c0;
  sin[k] = s0;
}

function startBlock(phase: Float64Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = phase[from + i]!, c = cos2pi(x);
    cosNow[i] = c;
    sinNow[i] = sin2pi(x);
    twice[i] = 2 * c;
    cosLast[i] = 1;
    sinLast[i] = 0;
  }
}

function weightBlock(weights: Float64Array, from: number, count: number, sums: PhaseSums): void {
  let sumW = sums.sumW, sumW2 = sums.sumW2;
  for (let i = 0; i < count; i++) {
    const w = weights[from + i]!;
    sumW += w;
    sumW2 += w * w;
    cosNow[i] = cosNow[i]! * w;
    sinNow[i] = sinNow[i]! * w;
    cosLast[i] = w;
  }
  sums.sumW = sumW;
  sums.sumW2 = sumW2;
}

/**
 * Sums of no events: where `phaseSums` starts from.
 *
 * @param maxHarmonic number of harmonics K, 1..4096
 * @returns zeros, owned by the caller
 * @throws RangeError for another K
 * @example
 * ```ts
 * import { createPhaseSums } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * equal(createPhaseSums(4).cos.length, 4);
 * ```
 */
export function createPhaseSums(maxHarmonic: number): PhaseSums {
  if (!(Number.isInteger(maxHarmonic) && maxHarmonic >= 1 && maxHarmonic <= 4096)) {
    throw new RangeError(`maxHarmonic is ${maxHarmonic}: needs an integer in 1..4096`);
  }
  return {
    n: 0,
    sumW: 0,
    sumW2: 0,
    maxHarmonic,
    cos: new Float64Array(maxHarmonic),
    sin: new Float64Array(maxHarmonic),
  };
}

/**
 * C_k = Σ w cos 2πkφ and S_k = Σ w sin 2πkφ for k = 1..K, with n, Σw and Σw².
 *
 * The sums add event after event: adding batches into one state gives the bits of one call.
 * A NaN phase or weight makes the sums NaN; select before.
 *
 * @param phase phases in cycles, any finite number (whole cycles do not matter)
 * @param options weights, number of harmonics (default 20), number of events, state to go on with
 * @returns the sums: `options.into`, or a new state owned by the caller; each c_k of an event is exact
 *   to 2e-16 k²
 * @throws TypeError where lengths or numbers of harmonics differ; RangeError for a bad number
 * @example
 * ```ts
 * import { phaseSums } from "@gammarx/gammarx/stats";
 * import { equal } from "node:assert/strict";
 * const sums = phaseSums(new Float64Array([0, 0.5]), { maxHarmonic: 2 });
 * equal(sums.cos[0], 0);
 * equal(sums.cos[1], 2);
 * ```
 */
export function phaseSums(phase: Float64Array, options: PhaseSumsOptions = {}): PhaseSums {
  const { weights, into } = options, n = options.n ?? phase.length;
  const sums = into ?? createPhaseSums(options.maxHarmonic ?? 20), K = sums.maxHarmonic;
  if (options.maxHarmonic !== undefined && options.maxHarmonic !== K) {
    throw new TypeError(
      `phaseSums: into has ${K} harmonics, maxHarmonic is ${options.maxHarmonic}`,
    );
  }
  if (!(Number.isInteger(n) && n >= 0 && n <= phase.length)) {
    throw new RangeError(`phaseSums: n is ${n}, needs an integer in 0..${phase.length}`);
  }
  if (weights !== undefined && weights.length < n) {
    throw new TypeError(`phaseSums: ${weights.length} weights for ${n} phases`);
  }
  const { cos, sin } = sums;
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from);
    startBlock(phase, from, count);
    if (weights !== undefined) weightBlock(weights, from, count, sums);
    let k = 0;
    for (; k + 4 <= K; k += 4) fourHarmonics(count, cos, sin, k);
    for (; k < K; k++) oneHarmonic(count, cos, sin, k);
  }
  sums.n += n;
  if (weights === undefined) {
    sums.sumW += n;
    sums.sumW2 += n;
  }
  return sums;
}
