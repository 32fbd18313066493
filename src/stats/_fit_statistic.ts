import type { RegistryEntry } from "../registry/mod.ts";

/** How the statistic of each bin runs along what a model predicts there. */
export interface StatProfiles {
  /** Where the profiles are known, rising, at least two: in the unit of the prediction over `reference`. */
  readonly norms: Float64Array;
  /** The statistic, a row of norms a bin, in C order. */
  readonly stat: Float64Array;
  /** What a norm of 1 predicts in each bin. */
  readonly reference: Float64Array;
}

/** Columns of a measurement in bins; all as long as `counts`. */
export interface BinnedCounts {
  /** Counts n ("chi2", "distrib": measured values). */
  readonly counts: Float64Array;
  /** Counts of the off region, for "wstat". */
  readonly countsOff?: Float64Array | undefined;
  /** Exposure on over exposure off, for "wstat". */
  readonly alpha?: Float64Array | undefined;
  /** Weights of the bins, for "cash_weighted". */
  readonly weights?: Float64Array | undefined;
  /** Variances of the values, for "chi2". */
  readonly variance?: Float64Array | undefined;
  /** Errors downwards, above 0, for "distrib". */
  readonly errn?: Float64Array | undefined;
  /** Errors upwards, above 0, for "distrib". */
  readonly errp?: Float64Array | undefined;
  /** Upper limits, NaN where there is a value, for "distrib"; none where absent. */
  readonly upperLimit?: Float64Array | undefined;
  /** For "profile". */
  readonly profiles?: StatProfiles | undefined;
  /** 1 where a bin is to be used; all where absent. */
  readonly valid?: Uint8Array | undefined;
}

/** The columns of numbers that a statistic may read beside the counts. */
export type StatColumn =
  | "countsOff"
  | "alpha"
  | "weights"
  | "variance"
  | "errn"
  | "errp"
  | "upperLimit";

/**
 * A fit statistic: it answers for itself. `bin` and `slope` get the counts, the prediction, and the values
 * of the statistic's `columns` in their order.
 */
export interface FitStatistic extends RegistryEntry {
  /** Always "fit-statistic". */
  readonly kind: "fit-statistic";
  /** What stands behind μ in the arguments of `bin` and `slope`; at most three. */
  readonly columns: readonly StatColumn[];
  /** Values of columns that may be absent. */
  readonly defaults?: Partial<Record<StatColumn, number>>;
  /** The statistic of one bin: μ is what a model predicts ("wstat": the signal alone). */
  readonly bin: (n: number, mu: number, a: number, b: number, c?: number) => number;
  /** Its derivative by μ. */
  readonly slope: (n: number, mu: number, a: number, b: number, c?: number) => number;
  /**
   * The sum over the valid bins and, where `slopes` is given, the derivatives (0 where a bin is not valid):
   * a loop of its own for a statistic that is summed often, the only way for one that is more than a
   * function of columns.
   */
  readonly evaluate?: (
    measured: BinnedCounts,
    npred: Float64Array,
    slopes?: Float64Array,
  ) => number;
}

/**
 * Expected counts below that are taken for it, so that a fit finds its way out of where its model predicts
 * nothing: the field's tools have the same number. The exact limit there is Infinity.
 */
export const LEAST = 1e-25;

/** μ, or the least there is; NaN stays NaN. */
export function floored(mu: number): number {
  return mu < LEAST ? LEAST : mu;
}
