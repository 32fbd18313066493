/*
 * What a candidate of a search looks like: Bayesian blocks in acceptance time, where the background is 1.
 *   Λ  cumulative expected counts    N − ΔΛ  net counts of a stretch
 * The burst is the block with the greatest log-likelihood ratio over the background, N ln(N/ΔΛ) − (N − ΔΛ),
 * if that is worth the price of a block, with the neighbours on either side that are brighter than the
 * background by 2 σ; the outermost blocks, the margins, must be worth the price too. Its onset is the change point before it, its error the width of the posterior of that
 * change point between the blocks on either side, given that there is one.
 */
import { intervalOf, lgamma } from "../numeric/mod.ts";
import { type BlocksOptions, eventBlocks } from "./bayesian_blocks.ts";

/** Log-likelihood ratio of 2 σ. */
const NEIGHBOUR = 2;

/** Photons of a candidate and of margins before and behind. */
export interface IntervalPhotons {
  /** Cumulative expected counts at each photon, not falling. */
  readonly lambda: ArrayLike<number>;
  /** Their times, seconds, not falling. */
  readonly timeS: ArrayLike<number>;
}

/** A burst as blocks show it. */
export interface RefinedInterval {
  /** Change point at which it begins, seconds; the first photon where no block is before it. */
  readonly onsetS: number;
  /** One standard deviation of it, seconds; NaN where no block is before it. */
  readonly onsetErrorS: number;
  /** Change point at which it ends, seconds. */
  readonly endS: number;
  /** Time in which the middle half of the net counts came, seconds. */
  readonly t50S: number;
  /** Time from 5 to 95 % of the net counts, seconds. */
  readonly t90S: number;
  /** Counts of the burst. */
  readonly counts: number;
  /** Counts expected in it. */
  readonly expected: number;
  /** Greatest rate of a block over the expected one. */
  readonly peakFactor: number;
  /** Blocks of the burst; 0 where none is above the background: then all before is NaN. */
  readonly nBlocks: number;
  /** Blocks of the whole. */
  readonly nAllBlocks: number;
}

/** The place on a rising line through points, by x. */
function interpolated(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number): number {
  const n = xs.length;
  if (x <= xs[0]!) return ys[0]!;
  if (x >= xs[n - 1]!) return ys[n - 1]!;
  const i = intervalOf(xs, x);
  return ys[i]! + (ys[i + 1]! - ys[i]!) * (x - xs[i]!) / (xs[i + 1]! - xs[i]!);
}

/** Index of the first photon at or after Λ. */
function firstAt(lambda: ArrayLike<number>, at: number): number {
  let low = 0, high = lambda.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lambda[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Places in a gap between photons where a change is tried. */
const PLACES = 32;

/** Mean and width of the posterior of one change of rate between two photons. */
function changePoint(
  lambda: ArrayLike<number>,
  from: number,
  to: number,
): { readonly mean: number; readonly sigma: number } {
  const start = lambda[from]!, stop = lambda[to]!, n = to - from;
  // Both rates integrated out, with a flat prior of ln r.
  const fitness = (counts: number, length: number) =>
    lgamma(Math.max(counts, 0.5)) - Math.max(counts, 0.5) * Math.log(length);
  // Within a gap the likelihood falls from the photon on one side: it is taken at many places.
  const value = new Float64Array(n * PLACES);
  const placeOf = (i: number, k: number) =>
    lambda[from + i]! + (lambda[from + i + 1]! - lambda[from + i]!) * (k + 0.5) / PLACES;
  let most = -Infinity;
  for (let i = 0; i < n; i++) {
    const gap = lambda[from + i + 1]! - lambda[from + i]!;
    for (let k = 0; k < PLACES; k++) {
      const at = placeOf(i, k), place = i * PLACES + k;
      value[place] = gap > 0
        ? fitness(i, at - start) + fitness(n - 1 - i, stop - at) + Math.log(gap)
        : -Infinity;
      most = Math.max(most, value[place]!);
    }
  }
  let sum = 0, first = 0, second = 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < PLACES; k++) {
      const w = Math.exp(value[i * PLACES + k]! - most), at = placeOf(i, k) - start;
      sum += w;
      first += w * at;
      second += w * at * at;
    }
  }
  const mean = first / sum;
  return { mean: start + mean, sigma: Math.sqrt(Math.max(0, second / sum - mean * mean)) };
}

/**
 * Bayesian blocks of a candidate with margins: when it began, how long it lasted, how many pulses it has. Of
 * n photons it takes n² steps at most: give the interval of a trigger with margins, not a whole stream.
 *
 * @param photons Cumulative expected counts and times of the photons, in order.
 * @param options Price of a block.
 * @returns Onset, end, durations and blocks.
 * @throws TypeError for columns that differ in length; RangeError for fewer than 3 photons, or values that
 * fall or are not finite.
 * @example
 * ```ts
 * import { refineInterval } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * const slow = Array.from({ length: 40 }, (_, i) => i), fast = slow.map((i) => 40 + i / 10);
 * const timeS = [...slow, ...fast, ...slow.map((i) => 45 + i)];
 * const { onsetS, t90S, nBlocks } = refineInterval({ lambda: timeS, timeS });
 * ok(Math.abs(onsetS - 40) < 0.5 && Math.abs(t90S - 3.6) < 0.3);
 * strictEqual(nBlocks, 1);
 * ```
 * @see Scargle et al. 2013, ApJ 764, 167; Koshut et al. 1996, ApJ 463, 570 (durations)
 */
export function refineInterval(
  photons: IntervalPhotons,
  options: BlocksOptions = {},
): RefinedInterval {
  const { lambda, timeS } = photons, n = lambda.length;
  if (timeS.length !== n) throw new TypeError(`${n} expected counts and ${timeS.length} times`);
  const rises = (xs: ArrayLike<number>) => {
    for (let i = 1; i < n; i++) if (!(xs[i]! >= xs[i - 1]!)) return false;
    return Number.isFinite(xs[0]!) && Number.isFinite(xs[n - 1]!);
  };
  if (n < 3 || !rises(lambda) || !rises(timeS) || !(lambda[n - 1]! > lambda[0]!)) {
    throw new RangeError(
      `${n} photons: needs 3 or more, with finite times and expected counts that do not fall`,
    );
  }
  // The first and the last photon bound the interval: their own cells would have edges by chance.
  const startS = lambda[0]!, stopS = lambda[n - 1]!;
  const inner = Float64Array.from({ length: n - 2 }, (_, i) => lambda[i + 1]!);
  const { edgesS: edges, level, ncpPrior } = eventBlocks(inner, { ...options, startS, stopS });
  const nAllBlocks = level.length;
  const ratio = level.map((r, k) =>
    r > 1 ? (edges[k + 1]! - edges[k]!) * (r * Math.log(r) - r + 1) : 0
  );
  let peak = 0;
  for (let k = 1; k < nAllBlocks; k++) if (ratio[k]! > ratio[peak]!) peak = k;
  if (!(ratio[peak]! > ncpPrior)) {
    const none = { onsetS: NaN, onsetErrorS: NaN, endS: NaN, t50S: NaN, t90S: NaN };
    return Object.freeze({
      ...none,
      counts: NaN,
      expected: NaN,
      peakFactor: NaN,
      nBlocks: 0,
      nAllBlocks,
    });
  }
  let first = peak, last = peak;
  const joins = (k: number) => ratio[k]! > (k === 0 || k === nAllBlocks - 1 ? ncpPrior : NEIGHBOUR);
  while (first > 0 && joins(first - 1)) first--;
  while (last < nAllBlocks - 1 && joins(last + 1)) last++;
  const timeAt = (at: number) => interpolated(lambda, timeS, at);
  const low = edges[first]!, high = edges[last + 1]!;
  const begin = Math.max(1, firstAt(lambda, low)), end = Math.min(n - 1, firstAt(lambda, high));
  const counts = end - begin, expected = high - low, net = counts - expected;
  let onset = low, sigma = NaN;
  if (first > 0) {
    const from = Math.max(0, firstAt(lambda, edges[first - 1]!) - 1);
    const to = Math.min(n - 1, firstAt(lambda, edges[first + 1]!));
    ({ mean: onset, sigma } = changePoint(lambda, from, to));
  }
  /** Time of the photon with which a part of the net counts is there. */
  const reached = (part: number) => {
    for (let i = begin; i < end; i++) {
      if (i + 1 - begin - (lambda[i]! - low) >= part * net) return timeS[i]!;
    }
    return timeS[end - 1]!;
  };
  return Object.freeze({
    onsetS: timeAt(onset),
    onsetErrorS: (timeAt(onset + sigma) - timeAt(onset - sigma)) / 2,
    endS: timeAt(high),
    t50S: reached(0.75) - reached(0.25),
    t90S: reached(0.95) - reached(0.05),
    counts,
    expected,
    peakFactor: level.subarray(first, last + 1).reduce((a, b) => Math.max(a, b)),
    nBlocks: last - first + 1,
    nAllBlocks,
  });
}
