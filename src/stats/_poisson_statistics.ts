/*
 * Poisson counts over a known expectation.
 *   n  counts ≥ 0     μ  expected counts ≥ 0     w  weight of a bin
 *   Cash    2 (μ - n ln μ)            C-stat  2 (μ - n + n ln(n/μ)), 0 for a perfect model
 * Their slopes are 2 (1 - n/μ). Without counts the statistic is 2 μ, no logarithm.
 */
import { halfDeviance } from "../numeric/mod.ts";
import { type BinnedCounts, type FitStatistic, floored } from "./_fit_statistic.ts";

const slopeOf = (n: number, mu: number): number =>
  n === 0 ? (mu < 0 ? 0 : 2) : 2 * (1 - n / floored(mu));

const cash = (n: number, mu: number): number =>
  n === 0 ? 2 * Math.max(0, mu) : 2 * (floored(mu) - n * Math.log(floored(mu)));

/** Sum of n ln μ - μ, each bin with its weight. */
function cashSum(
  { counts, valid }: BinnedCounts,
  npred: Float64Array,
  slopes: Float64Array | undefined,
  weights: Float64Array | undefined,
): number {
  let sum = 0, lost = 0;
  for (let i = 0; i < counts.length; i++) {
    if (valid !== undefined && valid[i] === 0) {
      if (slopes !== undefined) slopes[i] = 0;
      continue;
    }
    const n = counts[i]!, weight = weights === undefined ? 1 : weights[i]!;
    let mu = npred[i]!, value: number;
    if (n === 0) {
      value = mu < 0 ? 0 : mu;
      if (slopes !== undefined) slopes[i] = mu < 0 ? 0 : 2 * weight;
    } else {
      mu = floored(mu);
      value = mu - n * Math.log(mu);
      if (slopes !== undefined) slopes[i] = 2 * weight * (1 - n / mu);
    }
    // Neumaier's sum: statistics of many bins are compared by their small differences.
    value *= weight;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  const total = sum + lost;
  return 2 * (Number.isNaN(total) ? sum : total);
}

export const CASH: FitStatistic = {
  kind: "fit-statistic",
  format: "cash",
  version: "",
  columns: [],
  bin: cash,
  slope: slopeOf,
  evaluate: (measured, npred, slopes) => cashSum(measured, npred, slopes, undefined),
};

/** Cash with weights, as for bins that stand for a part of themselves or for correlated neighbours. */
export const CASH_WEIGHTED: FitStatistic = {
  kind: "fit-statistic",
  format: "cash_weighted",
  version: "",
  columns: ["weights"],
  bin: (n, mu, weight) => weight === 0 ? 0 : weight * cash(n, mu),
  slope: (n, mu, weight) => weight * slopeOf(n, mu),
  evaluate: (measured, npred, slopes) => cashSum(measured, npred, slopes, measured.weights),
};

export const CSTAT: FitStatistic = {
  kind: "fit-statistic",
  format: "cstat",
  version: "",
  columns: [],
  bin: (n, mu) => n === 0 ? 2 * Math.max(0, mu) : 2 * halfDeviance(n, floored(mu)),
  slope: slopeOf,
};
