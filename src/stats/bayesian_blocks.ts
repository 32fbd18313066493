/*
 * Bayesian blocks: the partition of a series into pieces of constant rate or value with the greatest fitness
 * less a price for each piece. Exact: dynamic programming over the end of the last block, O(n²) at most.
 *   N, T   counts and duration (exposure) of a block     fitness N ln(N/T)
 *   a, b   Σ1/σ² and Σx/σ² of a block                    fitness b²/2a
 *   ncp    price of a block, −ln γ: 4 − ln(73.53 p0 n^−0.478) for n cells and a chance p0 of a false one
 * The fitness of a whole is never above that of its parts, so a start s whose best value without the price
 * is not above the best value of all is none for any later end: it is left out from then on (Killick et al.
 * 2012). Nothing is lost by that.
 */

/** How readily blocks are made. */
export interface BlocksOptions {
  /** Chance of a false change point, in (0, 1); default 0.05. */
  readonly p0?: number | undefined;
  /** The price of a block itself; `p0` is not used then. */
  readonly ncpPrior?: number | undefined;
}

/** How events are cut into blocks. */
export interface EventBlocksOptions extends BlocksOptions {
  /** Begin of the observation; the first event where absent. */
  readonly startS?: number | undefined;
  /** End of the observation; the last event where absent. */
  readonly stopS?: number | undefined;
}

/** Counts in bins that follow each other. */
export interface BinnedSeries {
  /** Edges of the bins, rising, one more than bins. */
  readonly edgesS: ArrayLike<number>;
  /** Counts of the bins, at least 0. */
  readonly counts: ArrayLike<number>;
  /** Exposures of the bins, at least 0; their widths where absent. */
  readonly exposureS?: ArrayLike<number> | undefined;
}

/** Values measured at times. */
export interface PointSeries {
  /** Times, rising. */
  readonly timeS: ArrayLike<number>;
  /** Values. */
  readonly value: ArrayLike<number>;
  /** One standard deviation each, above 0. */
  readonly error: ArrayLike<number>;
}

/** A partition into blocks. */
export interface Blocks {
  /** Edges, one more than blocks. */
  readonly edgesS: Float64Array;
  /** Index of the first event (distinct time), bin or value of each block. */
  readonly first: Int32Array;
  /** Rate (counts over exposure) or mean value of each block. */
  readonly level: Float64Array;
  /** One standard deviation of it: √N/T, or 1/√a. */
  readonly levelError: Float64Array;
  /** Fitness of the partition, the price of its blocks taken off. */
  readonly fitness: number;
  /** The price that was used. */
  readonly ncpPrior: number;
}

function priorOf(n: number, { p0 = 0.05, ncpPrior }: BlocksOptions): number {
  if (ncpPrior !== undefined) return ncpPrior;
  if (!(p0 > 0 && p0 < 1)) throw new RangeError(`p0 = ${p0}: needs a number between 0 and 1`);
  return 4 - Math.log(73.53 * p0 * n ** -0.478);
}

/** Running sums: entry i is the sum of what comes before i. */
function running(values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) out[i + 1] = out[i]! + values[i]!;
  return out;
}

/** Where blocks begin, from running sums: of counts and exposures, or of Σx/σ² and Σ1/σ². */
function partition(
  kind: "counts" | "values",
  top: Float64Array,
  bottom: Float64Array,
  ncp: number,
): { first: Int32Array; fitness: number } {
  const n = top.length - 1, best = new Float64Array(n + 1), last = new Int32Array(n);
  const starts = new Int32Array(n), reached = new Float64Array(n), isCounts = kind === "counts";
  let active = 0;
  for (let end = 1; end <= n; end++) {
    starts[active++] = end - 1;
    const topEnd = top[end]!, bottomEnd = bottom[end]!;
    let most = -Infinity, at = 0;
    for (let k = 0; k < active; k++) {
      const start = starts[k]!, t = topEnd - top[start]!, b = bottomEnd - bottom[start]!;
      let fitness = best[start]!;
      if (isCounts) {
        if (t > 0) fitness += t * Math.log(t / b);
      } else if (b > 0) fitness += t * t / (2 * b);
      reached[k] = fitness;
      if (fitness > most) {
        most = fitness;
        at = start;
      }
    }
    const value = most - ncp;
    best[end] = value;
    last[end - 1] = at;
    let kept = 0;
    for (let k = 0; k < active; k++) {
      if (reached[k]! > value) starts[kept++] = starts[k]!;
    }
    active = kept;
  }
  const first: number[] = [];
  for (let end = n; end > 0; end = last[end - 1]!) first.unshift(last[end - 1]!);
  return { first: Int32Array.from(first), fitness: best[n]! };
}

/** Blocks of counts in cells with edges and exposures. */
function countBlocks(
  edges: Float64Array,
  counts: ArrayLike<number>,
  exposure: ArrayLike<number>,
  options: BlocksOptions,
): Blocks {
  const n = counts.length, total = running(counts), time = running(exposure);
  // A common factor in the exposures changes all fitnesses by one number; about 1 keeps them small.
  const unit = time[n]! / Math.max(1, total[n]!), ncpPrior = priorOf(n, options);
  const { first, fitness } = partition("counts", total, time.map((t) => t / unit), ncpPrior);
  const bounds = [...first, n], blocks = first.length;
  const of = (sums: Float64Array, k: number) => sums[bounds[k + 1]!]! - sums[bounds[k]!]!;
  return Object.freeze({
    edgesS: Float64Array.from(bounds, (i) => edges[i]!),
    first,
    level: Float64Array.from({ length: blocks }, (_, k) => of(total, k) / of(time, k)),
    levelError: Float64Array.from(
      { length: blocks },
      (_, k) => Math.sqrt(of(total, k)) / of(time, k),
    ),
    fitness: fitness - total[n]! * Math.log(unit),
    ncpPrior,
  });
}

/**
 * Bayesian blocks of events: each event is a cell that reaches half way to its neighbours; events at one
 * time are one cell.
 *
 * @param timeS Event times, in any order.
 * @param options Price of a block; begin and end of the observation.
 * @returns Edges half way between events, and the rates between them.
 * @throws RangeError for times that are not finite or outside the observation, or no duration at all.
 * @example
 * ```ts
 * import { eventBlocks } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const slow = Array.from({ length: 50 }, (_, i) => i), fast = slow.map((t) => 50 + t / 20);
 * const { edgesS, level } = eventBlocks([...slow, ...fast]);
 * strictEqual(edgesS.length, 3);
 * strictEqual(Math.round(level[1]!), 20);
 * ```
 * @see Scargle et al. 2013, ApJ 764, 167, eqs. 19 and 21
 */
export function eventBlocks(timeS: ArrayLike<number>, options: EventBlocksOptions = {}): Blocks {
  const sorted = Float64Array.from(timeS).sort(), size = sorted.length;
  const start = options.startS ?? sorted[0] ?? NaN, stop = options.stopS ?? sorted[size - 1] ?? NaN;
  const isInside = size === 0 || (sorted[0]! >= start && sorted[size - 1]! <= stop);
  if (!isInside || !(stop > start) || !Number.isFinite(stop - start)) {
    throw new RangeError(
      `${size} events from ${sorted[0]} to ${
        sorted[size - 1]
      } in an observation from ${start} to ${stop}: ` +
        "needs a duration that holds them (startS and stopS for fewer than two times)",
    );
  }
  const time: number[] = [], counts: number[] = [];
  for (const t of sorted) {
    if (t === time[time.length - 1]) counts[counts.length - 1]! += 1;
    else {
      time.push(t);
      counts.push(1);
    }
  }
  if (time.length === 0) {
    time.push(start);
    counts.push(0);
  }
  const n = time.length, edges = new Float64Array(n + 1);
  edges[0] = start;
  edges[n] = stop;
  for (let i = 1; i < n; i++) edges[i] = 0.5 * (time[i - 1]! + time[i]!);
  const exposure = Float64Array.from(counts, (_, i) => edges[i + 1]! - edges[i]!);
  return countBlocks(edges, counts, exposure, options);
}

/**
 * Bayesian blocks of counts in bins.
 *
 * @param series Edges, counts and perhaps exposures; a bin without exposure must have no counts.
 * @param options Price of a block.
 * @returns Edges out of those of the bins, and the rates between them.
 * @throws TypeError for columns that do not fit; RangeError for edges that do not rise, counts or exposures
 * below 0, or counts without exposure.
 * @example
 * ```ts
 * import { binnedBlocks } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const { edgesS } = binnedBlocks({ edgesS: [0, 1, 2, 3, 4], counts: [9, 11, 90, 80] });
 * deepStrictEqual([...edgesS], [0, 2, 4]);
 * ```
 * @see Scargle et al. 2013, ApJ 764, 167, section 3.2
 */
export function binnedBlocks(series: BinnedSeries, options: BlocksOptions = {}): Blocks {
  const { counts } = series, n = counts.length, edges = Float64Array.from(series.edgesS);
  const exposure = series.exposureS ??
    Float64Array.from({ length: n }, (_, i) => edges[i + 1]! - edges[i]!);
  if (edges.length !== n + 1 || exposure.length !== n || n === 0) {
    throw new TypeError(
      `${edges.length} edges and ${exposure.length} exposures for ${n} bins: needs bins, one edge more`,
    );
  }
  for (let i = 0; i < n; i++) {
    const isSound = counts[i]! >= 0 && exposure[i]! >= 0 && edges[i + 1]! > edges[i]! &&
      (exposure[i]! > 0 || counts[i] === 0);
    if (!isSound) {
      throw new RangeError(
        `bin ${i} from ${edges[i]} to ${edges[i + 1]} has ${counts[i]} counts in ${exposure[i]} s`,
      );
    }
  }
  return countBlocks(edges, counts, exposure, options);
}

/**
 * Bayesian blocks of values with Gaussian errors.
 *
 * @param series Times, values and errors.
 * @param options Price of a block.
 * @returns Edges half way between times (the first and the last time at the ends), and the mean values.
 * @throws TypeError for columns of different length; RangeError for times that do not rise, or errors not
 * above 0.
 * @example
 * ```ts
 * import { pointBlocks } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const timeS = [0, 1, 2, 3, 4, 5], value = [1, 1.1, 0.9, 5, 5.2, 4.8];
 * const { edgesS } = pointBlocks({ timeS, value, error: value.map(() => 0.2) });
 * deepStrictEqual([...edgesS], [0, 2.5, 5]);
 * ```
 * @see Scargle et al. 2013, ApJ 764, 167, eq. 41
 */
export function pointBlocks(series: PointSeries, options: BlocksOptions = {}): Blocks {
  const { timeS, value, error } = series, n = timeS.length;
  if (value.length !== n || error.length !== n || n === 0) {
    throw new TypeError(
      `${n} times, ${value.length} values, ${error.length} errors: needs as many`,
    );
  }
  const edges = new Float64Array(n + 1);
  edges[0] = timeS[0]!;
  edges[n] = timeS[n - 1]!;
  for (let i = 0; i < n; i++) {
    if (
      !(error[i]! > 0) || !Number.isFinite(value[i]!) || (i > 0 && !(timeS[i]! > timeS[i - 1]!))
    ) {
      throw new RangeError(
        `value ${i}: ${value[i]} ± ${error[i]} at ${
          timeS[i]
        }, needs rising times, finite values, errors > 0`,
      );
    }
    if (i > 0) edges[i] = 0.5 * (timeS[i - 1]! + timeS[i]!);
  }
  const weight = running(Float64Array.from({ length: n }, (_, i) => error[i]! ** -2));
  // A common shift changes all fitnesses by one number; about the mean they lose nothing.
  const sum = running(Float64Array.from({ length: n }, (_, i) => value[i]! * error[i]! ** -2));
  const mean = sum[n]! / weight[n]!;
  const about = running(
    Float64Array.from({ length: n }, (_, i) => (value[i]! - mean) * error[i]! ** -2),
  );
  const ncpPrior = priorOf(n, options);
  const { first, fitness } = partition("values", about, weight, ncpPrior), bounds = [...first, n];
  const weightOf = (k: number) => weight[bounds[k + 1]!]! - weight[bounds[k]!]!;
  const shiftOf = (k: number) => (about[bounds[k + 1]!]! - about[bounds[k]!]!) / weightOf(k);
  return Object.freeze({
    edgesS: Float64Array.from(bounds, (i) => edges[i]!),
    first,
    level: Float64Array.from(first, (_, k) => mean + shiftOf(k)),
    levelError: Float64Array.from(first, (_, k) => 1 / Math.sqrt(weightOf(k))),
    fitness: fitness + about[n]! * mean + mean * mean * weight[n]! / 2,
    ncpPrior,
  });
}
