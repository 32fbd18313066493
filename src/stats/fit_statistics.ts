/**
 * Fit statistics of binned counts, each −2 ln of a likelihood ratio or of a likelihood.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | n | counts in a bin | ≥ 0 |
 * | μ | expected counts | ≥ 0 |
 * | n_off, α | background counts, and exposure on over exposure off | ≥ 0, > 0 |
 * | μ_s, μ_b | expected signal, and background in the off region | ≥ 0 |
 */
import { halfDeviance } from "../numeric/mod.ts";
import { createRegistry, type Registry, type RegistryEntry } from "../registry/mod.ts";

/** Columns of a measurement in bins; all as long as `counts`. */
export interface BinnedCounts {
  /** Counts n. */
  readonly counts: Float64Array;
  /** Counts of the off region, for "wstat". */
  readonly countsOff?: Float64Array | undefined;
  /** Exposure on over exposure off, for "wstat". */
  readonly alpha?: Float64Array | undefined;
  /** 1 where a bin is to be used; all where absent. */
  readonly valid?: Uint8Array | undefined;
}

/** A fit statistic: it answers for itself. */
export interface FitStatistic extends RegistryEntry {
  /** Always "fit-statistic". */
  readonly kind: "fit-statistic";
  /** The statistic of one bin: μ is what a model predicts ("wstat": the signal alone). */
  readonly bin: (n: number, mu: number, nOff: number, alpha: number) => number;
  /** Its derivative by μ. */
  readonly slope: (n: number, mu: number, nOff: number, alpha: number) => number;
}

/**
 * Expected counts below that are taken for it, so that a fit finds its way out of where its model predicts
 * nothing: the field's tools have the same number.
 */
const LEAST = 1e-25;
const floored = (mu: number): number => mu > LEAST ? mu : LEAST;

/** C-stat: 2 (μ − n + n ln(n/μ)), 0 for a perfect model. */
const CSTAT: FitStatistic = {
  kind: "fit-statistic",
  format: "cstat",
  version: "",
  bin: (n, mu) => n === 0 ? 2 * Math.max(0, mu) : 2 * halfDeviance(n, floored(mu)),
  slope: (n, mu) => n === 0 ? (mu >= 0 ? 2 : 0) : 2 * (1 - n / floored(mu)),
};

/** Cash: 2 (μ − n ln μ), that is C-stat up to a number that no model changes. */
const CASH: FitStatistic = {
  kind: "fit-statistic",
  format: "cash",
  version: "",
  bin: (n, mu) => n === 0 ? 2 * Math.max(0, mu) : 2 * (floored(mu) - n * Math.log(floored(mu))),
  slope: CSTAT.slope,
};

/**
 * W-stat: Poisson counts over a background measured by Poisson counts, which is fitted in each bin. The
 * signal may be negative as long as signal and background together are not.
 */
const WSTAT: FitStatistic = {
  kind: "fit-statistic",
  format: "wstat",
  version: "",
  bin: wstat,
  slope(n, mu, nOff, alpha) {
    const background = wstatBackground(n, mu, nOff, alpha), total = mu + alpha * background;
    // A negative signal is made up for by background, of which no more comes than must.
    if (n === 0) return total > 0 ? 2 : -2 * (1 - nOff / floored(background)) / alpha;
    return 2 * (1 - n / floored(total));
  },
};

/**
 * Expected background of the off region that makes the likelihood of a bin greatest:
 * μ_b = (C + √(C² + 4 α (1 + α) n_off μ_s)) / 2 α (1 + α), C = α (n_on + n_off) − (1 + α) μ_s.
 *
 * @param n Counts of the on region.
 * @param mu Expected signal μ_s.
 * @param nOff Counts of the off region.
 * @param alpha Exposure on over exposure off.
 * @returns μ_b ≥ 0, and so that μ_s + α μ_b ≥ 0.
 * @example
 * ```ts
 * import { wstatBackground } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(wstatBackground(10, 0, 20, 0.5), 20);
 * ```
 * @see XSPEC manual, appendix B, "Poisson data with Poisson background"
 */
export function wstatBackground(n: number, mu: number, nOff: number, alpha: number): number {
  if (n === 0) return Math.max(nOff / (1 + alpha), -mu / alpha);
  const c = alpha * (n + nOff) - (1 + alpha) * mu, product = 4 * alpha * (1 + alpha) * nOff * mu;
  const root = Math.sqrt(c * c + product);
  // For c < 0 the sum would cancel.
  if (c >= 0) return (c + root) / (2 * alpha * (1 + alpha));
  return product === 0 ? 0 : 2 * nOff * mu / (root - c);
}

function wstat(n: number, mu: number, nOff: number, alpha: number): number {
  if (n === 0 && mu >= 0) return 2 * (mu + nOff * Math.log1p(alpha));
  const background = wstatBackground(n, mu, nOff, alpha);
  const total = Math.max(0, mu + alpha * background);
  const off = nOff === 0 ? background : halfDeviance(nOff, background);
  return 2 * ((n === 0 ? total : halfDeviance(n, floored(total))) + off);
}

/** χ² of values with errors: not for counts; μ against n with variance n_off. */
const CHI2: FitStatistic = {
  kind: "fit-statistic",
  format: "chi2",
  version: "",
  bin: (n, mu, variance) => (n - mu) ** 2 / variance,
  slope: (n, mu, variance) => 2 * (mu - n) / variance,
};

/** Fit statistics by name: ("fit-statistic", "cash" | "cstat" | "wstat" | "chi2"). */
export const fitStatistics: Registry<FitStatistic> = createRegistry<FitStatistic>("fit statistic");
for (const statistic of [CASH, CSTAT, WSTAT, CHI2]) fitStatistics.register(statistic);

/**
 * A statistic summed over bins.
 *
 * @param statistic The statistic.
 * @param measured Counts, and what the statistic needs beside.
 * @param npred What the model predicts in each bin.
 * @returns The sum over the valid bins.
 * @example
 * ```ts
 * import { fitStatistics, statSum } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const cstat = fitStatistics.lookup("fit-statistic", "cstat");
 * strictEqual(statSum(cstat, { counts: Float64Array.of(3, 0) }, Float64Array.of(3, 1)), 2);
 * ```
 */
export function statSum(
  statistic: FitStatistic,
  measured: BinnedCounts,
  npred: Float64Array,
): number {
  const { counts, countsOff, alpha, valid } = measured, { bin } = statistic;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    if (valid !== undefined && valid[i] === 0) continue;
    sum += bin(counts[i]!, npred[i]!, countsOff?.[i] ?? 0, alpha?.[i] ?? 1);
  }
  return sum;
}

/**
 * Derivatives of a statistic by what the model predicts in each bin.
 *
 * @param statistic The statistic.
 * @param measured Counts, and what the statistic needs beside.
 * @param npred What the model predicts in each bin.
 * @param out Takes the derivatives; 0 where a bin is not valid.
 * @example
 * ```ts
 * import { fitStatistics, statSlopes } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const cash = fitStatistics.lookup("fit-statistic", "cash"), out = new Float64Array(2);
 * statSlopes(cash, { counts: Float64Array.of(3, 0) }, Float64Array.of(3, 1), out);
 * deepStrictEqual([...out], [0, 2]);
 * ```
 */
export function statSlopes(
  statistic: FitStatistic,
  measured: BinnedCounts,
  npred: Float64Array,
  out: Float64Array,
): void {
  const { counts, countsOff, alpha, valid } = measured, { slope } = statistic;
  for (let i = 0; i < counts.length; i++) {
    out[i] = valid !== undefined && valid[i] === 0
      ? 0
      : slope(counts[i]!, npred[i]!, countsOff?.[i] ?? 0, alpha?.[i] ?? 1);
  }
}
