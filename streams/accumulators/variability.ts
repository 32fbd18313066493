import { fingerprint } from "../../src/numeric/mod.ts";
import { logChi2Sf } from "../../src/stats/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";

/*
 * Variability of a light curve, bin by bin as bins close. Sums of squares are about means, and parts are
 * joined by the formula of Chan et al. 1979, so that nothing cancels. Neighbours across a cut are the last
 * point of one part and the first of the next; for doubling times those with a value above 0.
 */

/** A closed bin of a light curve. */
export interface CurvePoint {
  /** Middle of the bin, seconds after the epoch; rises. */
  readonly timeS: number;
  /** Value; NaN where there is none. */
  readonly value: number;
  /** One standard deviation, > 0. */
  readonly error: number;
}

/** What is taken as variability. */
export interface VariabilitySumsOptions {
  /** Standard deviations of upper limits; 2. */
  readonly nSigma?: number;
  /** Least significance of a change that may be the fastest; 0. */
  readonly minSignificance?: number;
}

/** The fastest change. */
export interface FastestChange {
  /** Time to double or to halve, seconds; NaN where nothing rises or falls. */
  readonly timeS: number;
  /** One standard deviation. */
  readonly errorS: number;
  /** Standard deviations of ln(x_j/x_i) from 0. */
  readonly significance: number;
  /** Time of the first value, seconds after the epoch; NaN for none. */
  readonly fromS: number;
}

/** A fraction of the mean by which a light curve varies beyond its errors. */
export interface VariedFraction {
  /** The fraction; NaN where the errors are larger than the scatter. */
  readonly fraction: number;
  /** One standard deviation; NaN with it. */
  readonly fractionError: number;
  /** Upper limit. */
  readonly upperLimit: number;
}

/** Variability of what was seen. */
export interface StreamVariability {
  /** Points with a value. */
  readonly n: number;
  /** Mean value; NaN for none. */
  readonly mean: number;
  /** F_var, as `fractionalVariability`; NaN for fewer than two points. */
  readonly fvar: VariedFraction;
  /** F_pp, as `pointToPointVariability`. */
  readonly fpp: VariedFraction;
  /** χ² about the weighted mean, as `fitConstant`. */
  readonly chi2: number;
  /** Points less one. */
  readonly dof: number;
  /** Chance of such a χ² if nothing varies; 1 for fewer than two points. */
  readonly pValue: number;
  /** Shortest doubling time between neighbours, as `doublingTimes`. */
  readonly doubling: FastestChange;
  /** Shortest halving time. */
  readonly halving: FastestChange;
  /** Points out of order, or whose time or error cannot be: left out. */
  readonly late: number;
}

/** State of {@link streamVariability}. */
export interface VariabilityState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Sums, ends and fastest changes. */
  readonly sums: Float64Array;
}

/** Places in the sums: points, mean, Σ(x − x̄)², Σσ², Σ of squared differences, weighted: Σw, mean, Σw(x − x̄)². */
const N = 0, MEAN = 1, SCATTER = 2, NOISE = 3, STEPS = 4, W = 5, W_MEAN = 6, CHI2 = 7;
/** Late points, time of the last; then points of t, x, σ: first, last, first and last above 0; then changes. */
const LATE = 8,
  LAST_S = 9,
  FIRST = 10,
  LAST = 13,
  FIRST_UP = 16,
  LAST_UP = 19,
  RISE = 22,
  FALL = 26;
const SIZE = 30;

/**
 * Variability of a light curve as its bins close: fractional and point-to-point variability with limits, χ²
 * against a constant, shortest doubling and halving times. The same numbers as the functions of `src/stats`
 * over the whole curve, in a few sums.
 *
 * @param options Confidence of limits, least significance of a change.
 * @returns An accumulator over points in order of time.
 * @throws RangeError for options that are negative; while merging parts that are out of order.
 * @example
 * ```ts
 * import { fold, streamVariability } from "@gammarx/gammarx/accumulators";
 * import { ok, strictEqual } from "node:assert/strict";
 * const acc = streamVariability();
 * const points = [1, 3, 1].map((value, i) => ({ timeS: 10 * i, value, error: 0.1 * value }));
 * const { fvar, doubling } = acc.result(fold(acc, points));
 * ok(Math.abs(fvar.fraction - 0.683228) < 1e-6);
 * ok(Math.abs(doubling.timeS - 10 * Math.LN2 / Math.log(3)) < 1e-12);
 * strictEqual(doubling.fromS, 0);
 * ```
 * @see Vaughan et al. 2003, MNRAS 345, 1271; Edelson et al. 2002, ApJ 568, 610; Brown 2013, MNRAS 431, 824
 */
export function streamVariability(
  options: VariabilitySumsOptions = {},
): Accumulator<CurvePoint, VariabilityState, StreamVariability> {
  const { nSigma = 2, minSignificance = 0 } = options;
  if (!(nSigma >= 0 && minSignificance >= 0)) {
    throw new RangeError(`Significances are at least 0, found ${nSigma} and ${minSignificance}`);
  }
  const identity = {
    kind: "stream-variability",
    version: 1,
    key: fingerprint({ nSigma, minSignificance }),
  };
  function create(): VariabilityState {
    const sums = new Float64Array(SIZE);
    sums.fill(NaN, LAST_S);
    return { key: identity.key, sums };
  }
  /** Compares two neighbours above 0. */
  function change(sums: Float64Array, from: Float64Array, i: number, to: Float64Array, j: number) {
    const log = Math.log(to[j + 1]! / from[i + 1]!);
    const sigma = Math.hypot(from[i + 2]! / from[i + 1]!, to[j + 2]! / to[j + 1]!);
    const tau = Math.abs((to[j]! - from[i]!) * Math.LN2 / log),
      significance = Math.abs(log) / sigma;
    if (log === 0 || !(significance >= minSignificance)) return;
    keepFastest(sums, log > 0 ? RISE : FALL, [
      tau,
      tau / Math.abs(log) * sigma,
      significance,
      from[i]!,
    ]);
  }
  return Object.freeze({
    ...identity,
    order: "time" as const,
    exactness: { kind: "rounding" as const, rtol: 1e-10 },
    create,
    add({ sums }: VariabilityState, { timeS, value, error }: CurvePoint): void {
      if (!(Number.isFinite(timeS) && error > 0) || timeS <= sums[LAST_S]!) {
        sums[LATE]!++;
        return;
      }
      sums[LAST_S] = timeS;
      if (Number.isNaN(value)) return;
      const point = Float64Array.of(timeS, value, error);
      joinSums(sums, Float64Array.of(1, value, 0, error * error, 0, error ** -2, value, 0));
      if (sums[N] === 1) sums.set(point, FIRST);
      else sums[STEPS]! += (value - sums[LAST + 1]!) ** 2;
      sums.set(point, LAST);
      if (!(value > 0)) return;
      if (Number.isNaN(sums[FIRST_UP]!)) sums.set(point, FIRST_UP);
      else change(sums, sums, LAST_UP, point, 0);
      sums.set(point, LAST_UP);
    },
    merge(into: VariabilityState, from: Readonly<VariabilityState>): void {
      checkKeys(into.key, from.key);
      const a = into.sums, b = from.sums;
      if (b[FIRST]! <= a[LAST_S]!) {
        throw new RangeError(
          "streamVariability merges parts in order of time, found an earlier one",
        );
      }
      a[LATE]! += b[LATE]!;
      if (!Number.isNaN(b[LAST_S]!)) a[LAST_S] = b[LAST_S]!;
      if (b[N] === 0) return;
      if (a[N] === 0) a.set(b.subarray(FIRST, FIRST + 3), FIRST);
      else a[STEPS]! += (b[FIRST + 1]! - a[LAST + 1]!) ** 2;
      joinSums(a, b);
      a.set(b.subarray(LAST, LAST + 3), LAST);
      if (Number.isNaN(b[FIRST_UP]!)) return;
      if (Number.isNaN(a[FIRST_UP]!)) a.set(b.subarray(FIRST_UP, FIRST_UP + 3), FIRST_UP);
      else change(a, a, LAST_UP, b, FIRST_UP);
      for (const at of [RISE, FALL]) if (b[at]! > 0) keepFastest(a, at, b.subarray(at, at + 4));
      a.set(b.subarray(LAST_UP, LAST_UP + 3), LAST_UP);
    },
    result({ sums }: Readonly<VariabilityState>): StreamVariability {
      const n = sums[N]!, mean = n > 0 ? sums[MEAN]! : NaN, dof = Math.max(0, n - 1);
      const noise = sums[NOISE]! / n / (mean * mean);
      const varied = (scatter: number): VariedFraction => {
        const excess = scatter / (mean * mean) - noise, known = Math.sqrt(Math.max(0, excess));
        // Vaughan et al. 2003, eq. 11
        const error = Math.hypot(Math.sqrt(2 / n) * noise, Math.sqrt(noise / n) * 2 * known);
        return {
          fraction: excess >= 0 ? known * Math.sign(mean) : NaN,
          fractionError: excess >= 0 ? error / (2 * known) : NaN,
          upperLimit: Math.sqrt(Math.max(0, excess) + nSigma * error),
        };
      };
      const none = { fraction: NaN, fractionError: NaN, upperLimit: NaN };
      const fastest = (at: number): FastestChange => {
        const [timeS, errorS, significance, fromS] = sums.subarray(at, at + 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        return { timeS, errorS, significance, fromS };
      };
      return {
        n,
        mean,
        fvar: n > 1 ? varied(sums[SCATTER]! / (n - 1)) : none,
        fpp: n > 1 ? varied(sums[STEPS]! / (2 * (n - 1))) : { ...none },
        chi2: sums[CHI2]!,
        dof,
        pValue: dof > 0 ? Math.exp(logChi2Sf(sums[CHI2]!, dof)) : 1,
        doubling: fastest(RISE),
        halving: fastest(FALL),
        late: sums[LATE]!,
      };
    },
    snapshot: ({ sums }: Readonly<VariabilityState>): Snapshot => ({
      ...identity,
      data: { sums: sums.slice() },
    }),
    restore(snapshot: Snapshot): VariabilityState {
      checkSnapshot(identity, snapshot);
      return { key: identity.key, sums: (snapshot.data.sums as Float64Array).slice() };
    },
  });
}

/** Adds the moments of `b`, which has points, to those of `a`. */
function joinSums(a: Float64Array, b: Float64Array): void {
  const n = a[N]! + b[N]!, d = b[MEAN]! - a[MEAN]!;
  a[SCATTER]! += b[SCATTER]! + d * d * a[N]! * b[N]! / n;
  a[MEAN]! += d * b[N]! / n;
  const w = a[W]! + b[W]!, e = b[W_MEAN]! - a[W_MEAN]!;
  a[CHI2]! += b[CHI2]! + e * e * a[W]! * b[W]! / w;
  a[W_MEAN]! += e * b[W]! / w;
  a[N] = n;
  a[W] = w;
  a[NOISE]! += b[NOISE]!;
  a[STEPS]! += b[STEPS]!;
}

/** Of equal ones the earlier stays. */
function keepFastest(sums: Float64Array, at: number, one: ArrayLike<number>): void {
  if (!(sums[at]! <= one[0]!)) sums.set(one, at);
}
