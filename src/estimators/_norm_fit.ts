/*
 * One number times a known signal: the statistic along it, and what is asked of it. All bins stand in plain
 * columns, so that thousands of limits take no time.
 */
import { alphaOf, countingBins, type SpectrumDataset, statisticOf } from "../datasets/mod.ts";
import { findRoot } from "../numeric/mod.ts";
import { type FitStatistic, wstatBackground } from "../stats/mod.ts";

/** Bins of any number of datasets together. */
export interface NormBins {
  readonly statistic: readonly FitStatistic[];
  readonly counts: Float64Array;
  readonly countsOff: Float64Array;
  readonly alpha: Float64Array;
  /** Expected signal for a norm of 1. */
  readonly signal: Float64Array;
  /** Known background. */
  readonly known: Float64Array;
}

/** The bins of datasets within a range of reconstructed bins that count in a fit. */
export function normBins(
  datasets: readonly SpectrumDataset[],
  signals: readonly Float64Array[],
  range: (dataset: SpectrumDataset) => readonly [number, number],
): NormBins {
  const statistic: FitStatistic[] = [], rows: number[][] = [];
  datasets.forEach((dataset, d) => {
    const { counts, off, background } = dataset, valid = countingBins(dataset);
    const alpha = off === undefined ? undefined : alphaOf(off), [start, stop] = range(dataset);
    const own = statisticOf(dataset);
    for (let j = start; j < stop; j++) {
      if (valid[j] === 0) continue;
      statistic.push(own);
      rows.push([
        counts[j]!,
        off?.counts[j] ?? 0,
        alpha?.[j] ?? 1,
        signals[d]![j]!,
        background?.[j] ?? 0,
      ]);
    }
  });
  const column = (k: number) => Float64Array.from(rows, (row) => row[k]!);
  return {
    statistic,
    counts: column(0),
    countsOff: column(1),
    alpha: column(2),
    signal: column(3),
    known: column(4),
  };
}

/** The statistic at a norm. */
export function normStat(bins: NormBins, norm: number): number {
  const { statistic, counts, countsOff, alpha, signal, known } = bins;
  let sum = 0;
  for (let j = 0; j < counts.length; j++) {
    sum += statistic[j]!.bin(counts[j]!, norm * signal[j]! + known[j]!, countsOff[j]!, alpha[j]!);
  }
  return sum;
}

/** Its derivative by the norm. */
export function normSlope(bins: NormBins, norm: number): number {
  const { statistic, counts, countsOff, alpha, signal, known } = bins;
  let sum = 0;
  for (let j = 0; j < counts.length; j++) {
    const mu = norm * signal[j]! + known[j]!;
    sum += signal[j]! * statistic[j]!.slope(counts[j]!, mu, countsOff[j]!, alpha[j]!);
  }
  return sum;
}

/** Expected counts of all bins together, a measured background at its best. */
export function normNpred(bins: NormBins, norm: number): number {
  const { statistic, counts, countsOff, alpha, signal, known } = bins;
  let sum = 0;
  for (let j = 0; j < counts.length; j++) {
    const mu = norm * signal[j]!;
    sum += mu + known[j]!;
    if (statistic[j]!.format !== "wstat") continue;
    sum += alpha[j]! * wstatBackground(counts[j]!, mu, countsOff[j]!, alpha[j]!);
  }
  return sum;
}

/** What is found along the norm. */
export interface NormFit {
  readonly norm: number;
  readonly stat: number;
  /** One standard deviation from the second derivative. */
  readonly error: number;
  /** In words what was wrong; "" where all is well. */
  readonly reason: string;
}

/** The norm that makes the statistic least; it may be negative. */
export function fitNorm(bins: NormBins): NormFit {
  const expected = bins.signal.reduce((a, b) => a + b, 0);
  if (!(expected > 0)) {
    return { norm: NaN, stat: normStat(bins, 0), error: NaN, reason: "no signal is expected here" };
  }
  // One count's worth of norm, and a few times what was counted.
  const unit = 1 / expected, total = bins.counts.reduce((a, b) => a + b, 0);
  let low = -unit, high = (total + 1) * unit;
  for (let round = 0; normSlope(bins, high) < 0 && round < 60; round++) high *= 2;
  for (let round = 0; normSlope(bins, low) > 0 && round < 60; round++) low *= 2;
  const norm = findRoot((x) => normSlope(bins, x), low, high);
  const h = 1e-4 * Math.max(Math.abs(norm), unit);
  const curvature = (normSlope(bins, norm + h) - normSlope(bins, norm - h)) / (2 * h);
  return {
    norm,
    stat: normStat(bins, norm),
    error: curvature > 0 ? Math.sqrt(2 / curvature) : NaN,
    reason: "",
  };
}

/** Where the statistic has risen by `rise` above its least, in a direction (−1 or 1); NaN where it never does. */
export function normAtRise(
  bins: NormBins,
  best: NormFit,
  { rise, sign }: { readonly rise: number; readonly sign: 1 | -1 },
): number {
  const risen = (x: number) => normStat(bins, x) - best.stat - rise;
  let step = Math.sqrt(rise) * (best.error > 0 ? best.error : Math.abs(best.norm));
  if (!(step > 0)) step = 1 / bins.signal.reduce((a, b) => a + b, 0);
  for (let round = 0; round < 60; round++) {
    const there = best.norm + sign * step;
    if (risen(there) >= 0) return findRoot(risen, best.norm, there);
    step *= 1.6;
  }
  return NaN;
}
