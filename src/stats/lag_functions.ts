/*
 * Functions of the lag between values of light curves that need not be evenly sampled.
 *   structure function  SF(τ) = ⟨(x_j − x_i)²⟩ over pairs with t_j − t_i = τ; noise ⟨σ_i² + σ_j²⟩
 *   discrete correlation UDCF_ij = (a_i − ā)(b_j − b̄)/√[(s_a² − ē_a²)(s_b² − ē_b²)], DCF(τ) its mean
 */
import { intervalOf } from "../numeric/mod.ts";
import type { LightCurveColumns } from "./doubling_times.ts";

/** A structure function. */
export interface StructureFunction {
  /** Mean lag of the pairs. */
  readonly lagS: Float64Array;
  /** Mean squared difference, noise included. */
  readonly value: Float64Array;
  /** What the errors alone give: the mean of σ_i² + σ_j². */
  readonly noise: Float64Array;
  /** One standard deviation of `value` were the pairs independent; NaN for one pair. */
  readonly error: Float64Array;
  /** Number of pairs. */
  readonly nPairs: Int32Array;
}

/** Bins of lags. */
export interface LagOptions {
  /** Edges of the bins, rising, [low, high). */
  readonly lagEdgesS: ArrayLike<number>;
}

/** A discrete correlation function. */
export interface DiscreteCorrelation {
  /** Mean lag of the pairs: above 0 where b comes after a; NaN for none. */
  readonly lagS: Float64Array;
  /** Correlation; NaN for no pair. */
  readonly value: Float64Array;
  /** Standard error, √Σ(UDCF − DCF)²/(M − 1); NaN for fewer than two pairs. */
  readonly error: Float64Array;
  /** Number of pairs M. */
  readonly nPairs: Int32Array;
}

/** How a discrete correlation is taken. */
export interface CorrelationOptions extends LagOptions {
  /** Take the errors off the variances, so that a signal under noise is correlated with itself; default true. */
  readonly subtractNoise?: boolean | undefined;
}

/** Values that are no NaN. */
function usable({ timeS, value, error }: LightCurveColumns): number[] {
  if (value.length !== timeS.length || error.length !== timeS.length) {
    throw new TypeError(
      `${timeS.length} times, ${value.length} values, ${error.length} errors: needs as many of each`,
    );
  }
  const used: number[] = [];
  for (let i = 0; i < value.length; i++) if (!Number.isNaN(value[i]!)) used.push(i);
  return used;
}

/** Bin of x, or −1. */
function binOf(edges: ArrayLike<number>, x: number): number {
  const n = edges.length - 1;
  if (!(x >= edges[0]! && x < edges[n]!)) return -1;
  return intervalOf(edges, x);
}

function checkEdges(edges: ArrayLike<number>): void {
  if (edges.length < 2) throw new RangeError(`${edges.length} edges of lags: needs at least 2`);
  for (let i = 1; i < edges.length; i++) {
    if (!(edges[i]! > edges[i - 1]!)) throw new RangeError(`edges of lags must rise, at ${i}`);
  }
}

/**
 * Structure function of a light curve, at each lag that occurs or in bins of lags without pairs left out.
 *
 * @param curve Light curve in the order of time; NaN are left out.
 * @param options Bins; each lag that occurs (to 1e-9 of itself) where absent.
 * @returns Lags and mean squared differences; take `noise` off for what varies.
 * @throws TypeError for columns of different length; RangeError for edges that do not rise.
 * @example
 * ```ts
 * import { structureFunction } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const curve = { timeS: [0, 10, 20], value: [1, 4, 3], error: [1, 1, 1] };
 * const { lagS, value } = structureFunction(curve);
 * deepStrictEqual([...lagS], [10, 20]);
 * deepStrictEqual([...value], [5, 4]);
 * ```
 * @see Simonetti et al. 1985, ApJ 296, 46; Emmanoulopoulos et al. 2010, MNRAS 404, 931
 */
export function structureFunction(
  curve: LightCurveColumns,
  options: Partial<LagOptions> = {},
): StructureFunction {
  const used = usable(curve), { timeS, value, error } = curve, { lagEdgesS } = options;
  if (lagEdgesS !== undefined) checkEdges(lagEdgesS);
  const pairs: (readonly [number, number, number])[] = [];
  used.forEach((j, k) => {
    for (let h = 0; h < k; h++) {
      const i = used[h]!;
      pairs.push([
        timeS[j]! - timeS[i]!,
        (value[j]! - value[i]!) ** 2,
        error[i]! ** 2 + error[j]! ** 2,
      ]);
    }
  });
  pairs.sort((a, b) => a[0] - b[0]);
  const groups: (readonly [number, number, number])[][] = [];
  let last = NaN;
  for (const pair of pairs) {
    const key = lagEdgesS === undefined ? pair[0] : binOf(lagEdgesS, pair[0]);
    if (lagEdgesS !== undefined && key < 0) continue;
    const isSame = lagEdgesS === undefined ? Math.abs(key - last) <= 1e-9 * key : key === last;
    if (isSame) groups.at(-1)!.push(pair);
    else groups.push([pair]);
    last = key;
  }
  const mean = (group: typeof pairs, k: 0 | 1 | 2) =>
    group.reduce((sum, pair) => sum + pair[k], 0) / group.length;
  return Object.freeze({
    lagS: Float64Array.from(groups, (group) => mean(group, 0)),
    value: Float64Array.from(groups, (group) => mean(group, 1)),
    noise: Float64Array.from(groups, (group) => mean(group, 2)),
    error: Float64Array.from(groups, (group) => {
      const centre = mean(group, 1), n = group.length;
      const sum = group.reduce((total, pair) => total + (pair[1] - centre) ** 2, 0);
      return n < 2 ? NaN : Math.sqrt(sum / (n - 1) / n);
    }),
    nPairs: Int32Array.from(groups, (group) => group.length),
  });
}

/** Mean and variance, less the mean squared error where asked for. */
function moments(
  { value, error }: LightCurveColumns,
  used: readonly number[],
  subtractNoise: boolean,
): readonly [number, number] {
  const n = used.length, mean = used.reduce((sum, i) => sum + value[i]!, 0) / n;
  const scatter = used.reduce((sum, i) => sum + (value[i]! - mean) ** 2, 0) / n;
  const noise = used.reduce((sum, i) => sum + error[i]! ** 2, 0) / n;
  return [mean, subtractNoise ? scatter - noise : scatter];
}

/**
 * Discrete correlation function of two light curves. Of one with itself (the same record) the pairs of a
 * value with itself are left out, whose noise is one.
 *
 * @param curves Two light curves a and b; NaN are left out.
 * @param options Bins of the lag t_b − t_a, and whether the errors are taken off the variances.
 * @returns Correlations by lag; NaN everywhere where the errors are larger than the scatter.
 * @throws TypeError for columns of different length; RangeError for edges that do not rise.
 * @example
 * ```ts
 * import { discreteCorrelation } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const timeS = [0, 1, 2, 3, 4, 5], error = timeS.map(() => 0), value = [0, 0, 1, 0, 0, 0];
 * const a = { timeS, error, value }, b = { timeS, error, value: [0, 0, 0, 1, 0, 0] };
 * const { value: dcf } = discreteCorrelation([a, b], { lagEdgesS: [-0.5, 0.5, 1.5] });
 * ok(dcf[1]! > 0.9 && dcf[0]! < 0);
 * ```
 * @see Edelson & Krolik 1988, ApJ 333, 646, eqs. 3–5
 */
export function discreteCorrelation(
  curves: readonly [LightCurveColumns, LightCurveColumns],
  options: CorrelationOptions,
): DiscreteCorrelation {
  const [a, b] = curves, { lagEdgesS, subtractNoise = true } = options;
  checkEdges(lagEdgesS);
  const ia = usable(a), ib = usable(b), size = lagEdgesS.length - 1;
  const [meanA, varianceA] = moments(a, ia, subtractNoise);
  const [meanB, varianceB] = moments(b, ib, subtractNoise);
  const isSound = varianceA > 0 && varianceB > 0, scale = Math.sqrt(varianceA * varianceB);
  const make = () => new Float64Array(size), lag = make(), sum = make(), square = make();
  const nPairs = new Int32Array(size);
  for (const i of ia) {
    for (const j of ib) {
      if (a === b && i === j) continue;
      const tau = b.timeS[j]! - a.timeS[i]!, k = binOf(lagEdgesS, tau);
      if (k < 0) continue;
      const u = isSound ? (a.value[i]! - meanA) * (b.value[j]! - meanB) / scale : NaN;
      // Welford's running mean and sum of squares.
      const n = nPairs[k]! + 1, off = u - sum[k]!;
      nPairs[k] = n;
      lag[k] = lag[k]! + (tau - lag[k]!) / n;
      sum[k] = sum[k]! + off / n;
      square[k] = square[k]! + off * (u - sum[k]!);
    }
  }
  return Object.freeze({
    lagS: lag.map((x, k) => nPairs[k] === 0 ? NaN : x),
    value: sum.map((x, k) => nPairs[k] === 0 ? NaN : x),
    error: square.map((x, k) => nPairs[k]! < 2 ? NaN : Math.sqrt(x) / (nPairs[k]! - 1)),
    nPairs,
  });
}
