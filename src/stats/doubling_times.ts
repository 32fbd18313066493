/*
 * Doubling and halving times of a light curve.
 *   τ_ij = (t_j − t_i) ln 2 / ln(x_j/x_i), above 0 for a rise (doubling), below 0 for a fall (halving)
 *   σ_τ  = |τ| σ_ln/|ln(x_j/x_i)|, σ_ln² = (σ_i/x_i)² + (σ_j/x_j)²
 */

/** A light curve in columns of equal length, in the order of time. */
export interface LightCurveColumns {
  /** Times (of the middle of the intervals), rising. */
  readonly timeS: ArrayLike<number>;
  /** Values; NaN where there is none. */
  readonly value: ArrayLike<number>;
  /** One standard deviation each. */
  readonly error: ArrayLike<number>;
}

/** One change by two. */
export interface DoublingTime {
  /** Time to double or to halve, above 0; NaN where nothing rises or falls. */
  readonly timeS: number;
  /** One standard deviation. */
  readonly errorS: number;
  /** Standard deviations of ln(x_j/x_i) from 0. */
  readonly significance: number;
  /** Index of the first value; −1 where there is none. */
  readonly from: number;
  /** Index of the second value; −1 where there is none. */
  readonly to: number;
}

/** What pairs of values are taken. */
export interface DoublingOptions {
  /** "adjacent": values that follow each other once what is not above 0 is left out; "all". Default "adjacent". */
  readonly pairs?: "adjacent" | "all" | undefined;
  /** Least significance of a change that may be the shortest; default 0. */
  readonly minSignificance?: number | undefined;
}

/** Doubling and halving times. */
export interface DoublingTimes {
  /** Shortest doubling time. */
  readonly doubling: DoublingTime;
  /** Shortest halving time. */
  readonly halving: DoublingTime;
  /** Indices of the first values of all pairs. */
  readonly from: Int32Array;
  /** Indices of their second values. */
  readonly to: Int32Array;
  /** τ of all pairs: below 0 for a fall, ±Infinity for no change. */
  readonly timeS: Float64Array;
  /** One standard deviation each. */
  readonly errorS: Float64Array;
  /** Standard deviations of each change from none. */
  readonly significance: Float64Array;
}

const NONE: DoublingTime = Object.freeze({
  timeS: NaN,
  errorS: NaN,
  significance: NaN,
  from: -1,
  to: -1,
});

/**
 * Doubling and halving times of pairs of values, and the shortest of each. The shortest of many is biased to
 * short: noise alone gives one, so ask for a significance.
 *
 * @param curve Light curve; values that are NaN or not above 0 take no part.
 * @param options Which pairs; least significance of the shortest.
 * @returns The shortest times, and all pairs in columns.
 * @throws TypeError for columns of different length.
 * @example
 * ```ts
 * import { doublingTimes } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const curve = { timeS: [0, 10, 20], value: [1, 4, 2], error: [0.1, 0.1, 0.1] };
 * const { doubling, halving } = doublingTimes(curve);
 * strictEqual(doubling.timeS, 5);
 * strictEqual(halving.timeS, 10);
 * ```
 * @see Brown 2013, MNRAS 431, 824, eq. 2
 */
export function doublingTimes(
  { timeS, value, error }: LightCurveColumns,
  { pairs = "adjacent", minSignificance = 0 }: DoublingOptions = {},
): DoublingTimes {
  if (value.length !== timeS.length || error.length !== timeS.length) {
    throw new TypeError(
      `${timeS.length} times, ${value.length} values, ${error.length} errors: needs as many of each`,
    );
  }
  const used: number[] = [];
  for (let i = 0; i < value.length; i++) if (value[i]! > 0) used.push(i);
  const from: number[] = [], to: number[] = [];
  used.forEach((j, k) => {
    for (let i = pairs === "all" ? 0 : Math.max(0, k - 1); i < k; i++) {
      from.push(used[i]!);
      to.push(j);
    }
  });
  const size = from.length, tau = new Float64Array(size);
  const errorS = new Float64Array(size), significance = new Float64Array(size);
  let up = -1, down = -1;
  for (let k = 0; k < size; k++) {
    const i = from[k]!, j = to[k]!, change = Math.log(value[j]! / value[i]!);
    const sigma = Math.hypot(error[i]! / value[i]!, error[j]! / value[j]!);
    tau[k] = (timeS[j]! - timeS[i]!) * Math.LN2 / change;
    errorS[k] = Math.abs(tau[k]! / change) * sigma;
    significance[k] = Math.abs(change) / sigma;
    if (significance[k]! < minSignificance) continue;
    if (change > 0 && (up < 0 || tau[k]! < tau[up]!)) up = k;
    if (change < 0 && (down < 0 || tau[k]! > tau[down]!)) down = k;
  }
  const one = (k: number): DoublingTime =>
    k < 0 ? NONE : Object.freeze({
      timeS: Math.abs(tau[k]!),
      errorS: errorS[k]!,
      significance: significance[k]!,
      from: from[k]!,
      to: to[k]!,
    });
  return Object.freeze({
    doubling: one(up),
    halving: one(down),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    timeS: tau,
    errorS,
    significance,
  });
}
