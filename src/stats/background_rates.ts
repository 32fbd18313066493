/*
 * The rate of background from the bins before, on a grid of time: small recurrences for endless streams.
 *   n, L  counts and live time of a bin     m  bins of guard: the last m bins take no part, so that a burst
 *                                              does not raise its own background
 *   average      Σn/ΣL over the last W bins before the guard
 *   exponential  C ← (1 − α) C + n, T ← (1 − α) T + L, rate C/T
 *   double       s ← α n/L + (1 − α)(s + d), d ← β (s − s′) + (1 − β) d, rate s + d times the bins ahead
 * Bins without live time change nothing but the place in the guard; many of them in a row, and it begins anew.
 */

/** A background that follows a stream. */
export interface BackgroundRate {
  /** Takes the next bin of the grid: counts and live seconds, 0 for a dead bin. Gives the rate for the one after. */
  readonly update: (counts: number, liveS: number) => number;
  /**
   * Events a live second expected in the bin that is so many after the last one, ≥ 1; NaN before enough
   * bins were seen.
   */
  readonly rateAt: (binsAhead: number) => number;
  /** All that it knows: a copy, to go on from. */
  readonly snapshot: () => Float64Array;
}

/** What all backgrounds need. */
export interface BackgroundRateOptions {
  /** Bins between those used and the one that is asked for, ≥ 0. */
  readonly guardBins: number;
  /** Dead bins in a row after which it begins anew; Infinity. */
  readonly maxGapBins?: number;
}

/** A mean of the last bins. */
export interface RunningAverageOptions extends BackgroundRateOptions {
  /** Bins of the mean, > 0. */
  readonly windowBins: number;
  /** Least live time in it, seconds, > 0; anything. */
  readonly minLiveS?: number;
}

/** Exponentially weighted. */
export interface ExponentialRateOptions extends BackgroundRateOptions {
  /** Weight of the newest bin, (0, 1]: about one over the bins that count. */
  readonly alpha: number;
  /** Bins before there is a rate; 1/α. */
  readonly warmBins?: number;
}

/** With a trend. */
export interface DoubleExponentialOptions extends ExponentialRateOptions {
  /** Weight of the newest slope, [0, 1]. */
  readonly beta: number;
}

/** Numbers before the guard ring: bins seen, dead bins in a row, live bins used, three of the recurrence. */
const SEEN = 0, DEAD = 1, USED = 2, OWN = 3, HEAD = 6;

function isPart(x: number): boolean {
  return x > 0 && x <= 1;
}

/** What stays in a ring for m bins, and then enters a recurrence. */
function background(
  options: BackgroundRateOptions,
  rule: {
    /** Bins kept after the guard. */
    readonly kept: number;
    readonly enter: (state: Float64Array, counts: number, liveS: number) => void;
    readonly rate: (state: Float64Array, ahead: number) => number;
    /** Sums of the kept bins follow from the ring. */
    readonly leave?: (state: Float64Array, counts: number, liveS: number) => void;
  },
  from: Float64Array | undefined,
): BackgroundRate {
  const { guardBins, maxGapBins = Infinity } = options;
  if (!(Number.isInteger(guardBins) && guardBins >= 0 && maxGapBins > 0)) {
    throw new RangeError(
      `A guard is a whole number of bins and a gap above 0, found ${guardBins} and ${maxGapBins}`,
    );
  }
  const bins = guardBins + rule.kept, size = HEAD + 2 * bins;
  if (from !== undefined && from.length !== size) {
    throw new TypeError(`A snapshot of ${from.length} numbers, where this background has ${size}`);
  }
  const state = from?.slice() ?? new Float64Array(size);
  const rateAt = (ahead: number) => rule.rate(state, ahead);
  return Object.freeze({
    rateAt,
    update(counts: number, liveS: number): number {
      if (
        !(counts >= 0 && liveS >= 0 && (liveS > 0 || counts === 0) && counts + liveS < Infinity)
      ) {
        throw new RangeError(`A bin has ${counts} counts in ${liveS} s of live time`);
      }
      state[DEAD] = liveS > 0 ? 0 : state[DEAD]! + 1;
      if (state[DEAD]! >= maxGapBins) {
        state[SEEN] = 0;
        state.fill(0, USED);
      }
      const seen = state[SEEN]!, at = (back: number) => HEAD + 2 * ((seen - back) % bins);
      // The bin that is as old as all that is kept leaves, and its place is that of the new one.
      if (rule.leave !== undefined && seen >= bins) {
        const old = at(bins);
        rule.leave(state, state[old]!, state[old + 1]!);
      }
      if (bins > 0) {
        const guarded = at(guardBins);
        const n = guardBins === 0 ? counts : state[guarded]!;
        const live = guardBins === 0 ? liveS : state[guarded + 1]!;
        const isReady = seen >= guardBins && live > 0;
        const place = HEAD + 2 * (seen % bins);
        if (isReady) {
          rule.enter(state, n, live);
          state[USED] = state[USED]! + 1;
        }
        state[place] = counts;
        state[place + 1] = liveS;
      } else if (liveS > 0) {
        rule.enter(state, counts, liveS);
        state[USED] = state[USED]! + 1;
      }
      state[SEEN] = seen + 1;
      return rateAt(1);
    },
    snapshot: () => state.slice(),
  });
}

/** Live times are held in units of 2⁻³⁰ s: sums that bins leave again stay exact. */
const TICK = 2 ** -30;

/**
 * Mean rate of the last bins before a guard: Σn/ΣL. Right where the background is steady over the window.
 *
 * @param options Window, guard, least live time.
 * @param from A snapshot to go on from.
 * @returns A background; it has one owner.
 * @throws RangeError for lengths that cannot be; TypeError for a snapshot of other lengths.
 * @example
 * ```ts
 * import { runningAverageRate } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const background = runningAverageRate({ windowBins: 2, guardBins: 1 });
 * for (const n of [4, 6, 8, 100]) background.update(n, 1);
 * strictEqual(background.rateAt(1), 7);
 * ```
 */
export function runningAverageRate(
  options: RunningAverageOptions,
  from?: Float64Array,
): BackgroundRate {
  const { windowBins, minLiveS = TICK } = options;
  if (!(Number.isInteger(windowBins) && windowBins > 0 && minLiveS > 0)) {
    throw new RangeError(
      `A mean is over a whole number of bins and live time above 0, found ${windowBins} and ${minLiveS}`,
    );
  }
  const ticks = (liveS: number) => Math.round(liveS / TICK);
  return background(options, {
    kept: windowBins,
    enter(state, counts, liveS): void {
      state[OWN] = state[OWN]! + counts;
      state[OWN + 1] = state[OWN + 1]! + ticks(liveS);
    },
    leave(state, counts, liveS): void {
      state[OWN] = state[OWN]! - counts;
      state[OWN + 1] = state[OWN + 1]! - ticks(liveS);
    },
    rate(state): number {
      const liveS = state[OWN + 1]! * TICK;
      return liveS >= minLiveS ? state[OWN]! / liveS : NaN;
    },
  }, from);
}

function checkAlpha({ alpha, warmBins = 1 }: ExponentialRateOptions): void {
  if (!isPart(alpha) || !(warmBins >= 1)) {
    throw new RangeError(
      `alpha is in (0, 1] and there is a bin to begin with, found ${alpha} and ${warmBins}`,
    );
  }
}

/**
 * Exponentially weighted rate before a guard. Bins count by their live time, and the first ones are not
 * weighed with a guess.
 *
 * @param options Weight, guard, bins before there is a rate.
 * @param from A snapshot to go on from.
 * @returns A background; it has one owner.
 * @throws RangeError for a weight outside (0, 1]; TypeError for a snapshot of other lengths.
 * @example
 * ```ts
 * import { exponentialRate } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const background = exponentialRate({ alpha: 0.5, guardBins: 0 });
 * background.update(6, 1);
 * strictEqual(background.update(3, 1), 4);
 * ```
 */
export function exponentialRate(
  options: ExponentialRateOptions,
  from?: Float64Array,
): BackgroundRate {
  checkAlpha(options);
  const { alpha, warmBins = 1 / alpha } = options;
  return background(options, {
    kept: 0,
    enter(state, counts, liveS): void {
      state[OWN] = (1 - alpha) * state[OWN]! + counts;
      state[OWN + 1] = (1 - alpha) * state[OWN + 1]! + liveS;
    },
    rate: (state) => state[USED]! >= warmBins ? state[OWN]! / state[OWN + 1]! : NaN,
  }, from);
}

/**
 * Double exponential smoothing before a guard: a level and a trend, which is carried on over the guard.
 * Level and trend begin with the mean of the first bins and 0. A rate is not below 0.
 *
 * @param options Weights of level and trend, guard, bins before there is a rate.
 * @param from A snapshot to go on from.
 * @returns A background; it has one owner.
 * @throws RangeError for weights out of range; TypeError for a snapshot of other lengths.
 * @example
 * ```ts
 * import { doubleExponentialRate } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const background = doubleExponentialRate({ alpha: 0.2, beta: 0.1, guardBins: 3 });
 * for (let i = 0; i < 500; i++) background.update(100 + i, 1);
 * ok(Math.abs(background.rateAt(1) - 600) < 1e-6);
 * ```
 * @see Holt 1957 (2004), Int. J. Forecasting 20, 5; Dilillo et al. 2024, ApJ 962, 137, section 3.2
 */
export function doubleExponentialRate(
  options: DoubleExponentialOptions,
  from?: Float64Array,
): BackgroundRate {
  checkAlpha(options);
  const { alpha, beta, guardBins } = options, warmBins = Math.ceil(options.warmBins ?? 1 / alpha);
  if (!(beta >= 0 && beta <= 1)) throw new RangeError(`beta is in [0, 1], found ${beta}`);
  return background(options, {
    kept: 0,
    // While it warms up: Σn and ΣL; then level and slope.
    enter(state, counts, liveS): void {
      const used = state[USED]!;
      if (used < warmBins) {
        state[OWN] = state[OWN]! + counts;
        state[OWN + 1] = state[OWN + 1]! + liveS;
        if (used + 1 === warmBins) {
          state[OWN] = state[OWN]! / state[OWN + 1]!;
          state[OWN + 1] = 0;
        }
        return;
      }
      const s = state[OWN]!, d = state[OWN + 1]!;
      const level = alpha * counts / liveS + (1 - alpha) * (s + d);
      state[OWN] = level;
      state[OWN + 1] = beta * (level - s) + (1 - beta) * d;
    },
    rate(state, ahead): number {
      if (state[USED]! < warmBins) return NaN;
      return Math.max(0, state[OWN]! + (guardBins + ahead) * state[OWN + 1]!);
    },
  }, from);
}
