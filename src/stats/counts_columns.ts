/* The statistics of an excess (counts_statistics.ts) for columns: one bin, pixel or interval a row. */
import {
  checkNumbers,
  checkSigma,
  excessAt,
  excessErrorOf,
  type ExcessErrorOptions,
  type ExcessLimitOptions,
  excessOf,
  riseOf,
  tsOf,
} from "./counts_statistics.ts";
import { logPOfSigma } from "./survival.ts";

/** Counts over a known background, in columns of equal length. */
export interface KnownBackgroundColumns {
  /** Counts in the source region, ≥ 0. */
  readonly nOn: ArrayLike<number>;
  /** Expected background counts there, ≥ 0. */
  readonly background: ArrayLike<number>;
}

/** On/off measurements, in columns of equal length. */
export interface OnOffColumns {
  /** Counts in the source region, ≥ 0. */
  readonly nOn: ArrayLike<number>;
  /** Counts in the background region, ≥ 0. */
  readonly nOff: ArrayLike<number>;
  /** Exposure of the source region over that of the background region, > 0. */
  readonly alpha: ArrayLike<number>;
  /** Expected signal counts, beyond which an excess is looked for; 0 where absent. */
  readonly expectedSignal?: ArrayLike<number> | undefined;
}

/** Columns of counts over a known or a measured background. */
export type ExcessColumns = KnownBackgroundColumns | OnOffColumns;

/** What is found of excesses, a row a measurement. */
export interface ExcessStatisticsColumns {
  /** Counts beyond the background and the expected signal. */
  readonly excess: Float64Array;
  /** One standard deviation. */
  readonly error: Float64Array;
  /** Likelihood ratios of no excess. */
  readonly ts: Float64Array;
  /** √TS with the sign of the excess. */
  readonly sqrtTs: Float64Array;
  /** ln of the one-sided chance of a fluctuation as large in its own direction. */
  readonly logPValue: Float64Array;
}

/** Errors of excesses to both sides. */
export interface ExcessErrorsColumns {
  /** Downwards. */
  readonly errn: Float64Array;
  /** Upwards. */
  readonly errp: Float64Array;
}

interface Plain {
  readonly length: number;
  readonly n: ArrayLike<number>;
  readonly off: ArrayLike<number>;
  readonly alpha: ArrayLike<number> | undefined;
  readonly signal: ArrayLike<number> | undefined;
}

function plainOf(columns: ExcessColumns): Plain {
  const isKnown = "background" in columns, n = columns.nOn, length = n.length;
  const off = isKnown ? columns.background : columns.nOff;
  const alpha = isKnown ? undefined : columns.alpha;
  const signal = isKnown ? undefined : columns.expectedSignal;
  for (const column of [off, alpha, signal]) {
    if (column !== undefined && column.length !== length) {
      throw new TypeError(`columns of ${length} and ${column.length} rows: they go in pairs`);
    }
  }
  for (let i = 0; i < length; i++) checkNumbers(n[i]!, off[i]!, alpha?.[i] ?? 0, isKnown);
  return { length, n, off, alpha, signal };
}

/**
 * Excesses with their significances, as of `excessStatistics`.
 *
 * @param columns Counts and backgrounds.
 * @returns New columns, owned by the caller.
 * @throws TypeError for columns of different length; RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessStatisticsColumns } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const { sqrtTs } = excessStatisticsColumns({ nOn: [0, 2], background: [8, 2] });
 * deepStrictEqual([...sqrtTs], [-4, 0]);
 * ```
 */
export function excessStatisticsColumns(columns: ExcessColumns): ExcessStatisticsColumns {
  const { length, n, off, alpha, signal } = plainOf(columns);
  const make = () => new Float64Array(length), one = { sides: 1 } as const;
  const excess = make(), error = make(), ts = make(), sqrtTs = make(), logPValue = make();
  for (let i = 0; i < length; i++) {
    const a = alpha === undefined ? 0 : alpha[i]!, mu = signal === undefined ? 0 : signal[i]!;
    const s = excessOf(n[i]!, off[i]!, a, mu), t = tsOf(n[i]!, off[i]!, a, mu), size = Math.sqrt(t);
    excess[i] = s;
    error[i] = excessErrorOf(n[i]!, off[i]!, a, mu);
    ts[i] = t;
    sqrtTs[i] = s < 0 ? -size : s === 0 ? 0 : size;
    logPValue[i] = logPOfSigma(size, one);
  }
  return Object.freeze({ excess, error, ts, sqrtTs, logPValue });
}

/**
 * Errors of excesses to both sides, as of `excessErrors`.
 *
 * @param columns Counts and backgrounds.
 * @param options How many standard deviations.
 * @returns New columns, owned by the caller.
 * @throws TypeError for columns of different length; RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessErrorsColumns } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const { errn, errp } = excessErrorsColumns({ nOn: [0], background: [0] });
 * deepStrictEqual([errn[0], errp[0]], [0, 0.5]);
 * ```
 */
export function excessErrorsColumns(
  columns: ExcessColumns,
  options: ExcessErrorOptions = {},
): ExcessErrorsColumns {
  const { length, n, off, alpha, signal } = plainOf(columns), k = checkSigma(options.nSigma ?? 1);
  const errn = new Float64Array(length), errp = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const a = alpha === undefined ? 0 : alpha[i]!, mu = signal === undefined ? 0 : signal[i]!;
    const s = excessOf(n[i]!, off[i]!, a, mu);
    errn[i] = s - riseOf(n[i]!, off[i]!, a, mu, k, -1, false);
    errp[i] = riseOf(n[i]!, off[i]!, a, mu, k, 1, false) - s;
  }
  return Object.freeze({ errn, errp });
}

/**
 * Upper limits of excesses, as of `excessUpperLimit`.
 *
 * @param columns Counts and backgrounds.
 * @param options How many standard deviations, and whether a deficit may give a limit below 0.
 * @returns A new column, owned by the caller.
 * @throws TypeError for columns of different length; RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessUpperLimits } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const limits = excessUpperLimits({ nOn: [0, 0], nOff: [0, 0], alpha: [0.1, 1] }, { nSigma: 2 });
 * deepStrictEqual([...limits], [2, 2]);
 * ```
 */
export function excessUpperLimits(
  columns: ExcessColumns,
  options: ExcessLimitOptions = {},
): Float64Array {
  const { length, n, off, alpha, signal } = plainOf(columns), k = checkSigma(options.nSigma ?? 3);
  const out = new Float64Array(length), bounded = options.bounded ?? false;
  for (let i = 0; i < length; i++) {
    const a = alpha === undefined ? 0 : alpha[i]!, mu = signal === undefined ? 0 : signal[i]!;
    out[i] = riseOf(n[i]!, off[i]!, a, mu, k, 1, bounded);
  }
  return out;
}

/**
 * Lower limits of excesses, as of `excessLowerLimit`.
 *
 * @param columns Counts and backgrounds.
 * @param options How many standard deviations, and whether the limits are held at 0.
 * @returns A new column, owned by the caller.
 * @throws TypeError for columns of different length; RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessLowerLimits } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(excessLowerLimits({ nOn: [0], background: [2] })[0], -2);
 * ```
 */
export function excessLowerLimits(
  columns: ExcessColumns,
  options: ExcessLimitOptions = {},
): Float64Array {
  const { length, n, off, alpha, signal } = plainOf(columns), k = checkSigma(options.nSigma ?? 3);
  const out = new Float64Array(length), least = options.bounded === true ? 0 : -Infinity;
  for (let i = 0; i < length; i++) {
    const a = alpha === undefined ? 0 : alpha[i]!, mu = signal === undefined ? 0 : signal[i]!;
    out[i] = Math.max(least, riseOf(n[i]!, off[i]!, a, mu, k, -1, false));
  }
  return out;
}

/**
 * Excesses that have a significance, as of `excessForSignificance`.
 *
 * @param columns Known backgrounds, or nOff and alpha.
 * @param sqrtTs Standard deviations.
 * @returns A new column, owned by the caller.
 * @throws TypeError for columns of different length; RangeError for negative counts or alpha not above 0.
 * @example
 * ```ts
 * import { excessesForSignificance } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(excessesForSignificance({ background: [100] }, 5)[0]! - 54.0128) < 1e-4);
 * ```
 */
export function excessesForSignificance(
  columns: Pick<KnownBackgroundColumns, "background"> | Pick<OnOffColumns, "nOff" | "alpha">,
  sqrtTs: number,
): Float64Array {
  const isKnown = "background" in columns, rows = isKnown ? columns.background : columns.nOff;
  const { length, off, alpha } = plainOf({ nOn: new Float64Array(rows.length), ...columns });
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    out[i] = excessAt(off[i]!, alpha === undefined ? 0 : alpha[i]!, sqrtTs);
  }
  return out;
}
