/**
 * Fit statistics of binned counts and of values, each −2 ln of a likelihood ratio or of a likelihood.
 *
 * | format | for | columns beside the counts |
 * | --- | --- | --- |
 * | cash | counts over a known expectation | |
 * | cstat | the same, 0 for a perfect model | |
 * | cash_weighted | cash, a weight a bin | weights |
 * | wstat | counts over a measured background | countsOff, alpha |
 * | chi2 | values with variances | variance |
 * | distrib | values with two errors, upper limits | errn, errp, upperLimit |
 * | profile | values whose likelihood was scanned | profiles |
 */
import { createRegistry, type Registry } from "../registry/mod.ts";
import type { BinnedCounts, FitStatistic } from "./_fit_statistic.ts";
import { CHI2, DISTRIB, PROFILE } from "./_flux_point_statistics.ts";
import { CASH, CASH_WEIGHTED, CSTAT } from "./_poisson_statistics.ts";
import { WSTAT } from "./wstat.ts";

/**
 * Fit statistics by name: ("fit-statistic", "cash" | "cstat" | "cash_weighted" | "wstat" | "chi2" | "distrib" |
 * "profile").
 */
export const fitStatistics: Registry<FitStatistic> = createRegistry<FitStatistic>("fit statistic");
for (const statistic of [CASH, CSTAT, CASH_WEIGHTED, WSTAT, CHI2, DISTRIB, PROFILE]) {
  fitStatistics.register(statistic);
}

function check({ format, columns, defaults }: FitStatistic, measured: BinnedCounts, n: number) {
  const length = measured.counts.length;
  if (n !== length) {
    throw new TypeError(`${format}: ${n} predictions for ${length} bins; they go in pairs`);
  }
  for (const name of columns) {
    const found = measured[name]?.length;
    if (found === length || (found === undefined && defaults?.[name] !== undefined)) continue;
    throw new TypeError(`${format}: needs a column ${name} of ${length}, found ${found ?? "none"}`);
  }
}

/** Values and slopes of each bin by the statistic's own functions. */
function binByBin(
  statistic: FitStatistic,
  measured: BinnedCounts,
  npred: Float64Array,
  values: Float64Array | undefined,
  slopes: Float64Array | undefined,
): number {
  const { bin, slope, columns, defaults } = statistic, { counts, valid } = measured;
  const [first, second, third] = columns;
  const a = first && measured[first], b = second && measured[second], c = third && measured[third];
  const noA = (first && defaults?.[first]) ?? 0, noB = (second && defaults?.[second]) ?? 1;
  const noC = (third && defaults?.[third]) ?? 0;
  let sum = 0, lost = 0;
  for (let i = 0; i < counts.length; i++) {
    const isUsed = valid === undefined || valid[i] !== 0;
    const n = counts[i]!, mu = npred[i]!;
    const own = a === undefined ? noA : a[i]!, more = b === undefined ? noB : b[i]!;
    const last = c === undefined ? noC : c[i]!;
    if (slopes !== undefined) slopes[i] = isUsed ? slope(n, mu, own, more, last) : 0;
    const value = isUsed ? bin(n, mu, own, more, last) : 0;
    if (values !== undefined) values[i] = value;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  const total = sum + lost;
  // Infinity less Infinity.
  return Number.isNaN(total) ? sum : total;
}

/**
 * A statistic summed over bins, without loss where many bins add up.
 *
 * @param statistic The statistic.
 * @param measured Counts, and what the statistic needs beside.
 * @param npred What the model predicts in each bin.
 * @returns The sum over the valid bins.
 * @throws TypeError where a column is missing or of another length.
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
  check(statistic, measured, npred.length);
  return statistic.evaluate?.(measured, npred) ??
    binByBin(statistic, measured, npred, undefined, undefined);
}

/**
 * A statistic bin by bin.
 *
 * @param statistic The statistic; not "profile".
 * @param measured Counts, and what the statistic needs beside.
 * @param npred What the model predicts in each bin.
 * @param out Takes the values; 0 where a bin is not valid.
 * @throws TypeError where a column is missing or of another length.
 * @example
 * ```ts
 * import { fitStatistics, statValues } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 * const cstat = fitStatistics.lookup("fit-statistic", "cstat"), out = new Float64Array(2);
 * statValues(cstat, { counts: Float64Array.of(0, 0) }, Float64Array.of(3, 1), out);
 * deepStrictEqual([...out], [6, 2]);
 * ```
 */
export function statValues(
  statistic: FitStatistic,
  measured: BinnedCounts,
  npred: Float64Array,
  out: Float64Array,
): void {
  check(statistic, measured, npred.length);
  binByBin(statistic, measured, npred, out, undefined);
}

/**
 * Derivatives of a statistic by what the model predicts in each bin, and its sum, in one go.
 *
 * @param statistic The statistic.
 * @param measured Counts, and what the statistic needs beside.
 * @param npred What the model predicts in each bin.
 * @param out Takes the derivatives; 0 where a bin is not valid.
 * @returns The sum over the valid bins, as of `statSum`.
 * @throws TypeError where a column is missing or of another length.
 * @example
 * ```ts
 * import { fitStatistics, statSlopes } from "@gammarx/gammarx/stats";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 * const cstat = fitStatistics.lookup("fit-statistic", "cstat"), out = new Float64Array(2);
 * const measured = { counts: Float64Array.of(3, 0) };
 * strictEqual(statSlopes(cstat, measured, Float64Array.of(3, 1), out), 2);
 * deepStrictEqual([...out], [0, 2]);
 * ```
 */
export function statSlopes(
  statistic: FitStatistic,
  measured: BinnedCounts,
  npred: Float64Array,
  out: Float64Array,
): number {
  check(statistic, measured, npred.length);
  return statistic.evaluate?.(measured, npred, out) ??
    binByBin(statistic, measured, npred, undefined, out);
}
