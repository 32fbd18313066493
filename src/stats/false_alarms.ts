/*
 * How often noise over a known background raises an alarm.
 *   S    significance of one look, S²/2 the log-likelihood ratio (of CUSUM: its sum)
 *   A(S) mean expected counts between alarms; each detector begins afresh after an alarm
 * ln A is nearly linear in S²/2, in which it is interpolated.
 */
import { intervalOf } from "../numeric/mod.ts";
import { cusumLogAlarms } from "./_cusum_alarms.ts";
import { FALSE_ALARMS } from "./tables/false_alarms.ts";

/** A detector whose false alarms are known. */
export type FalseAlarmDetector =
  | {
    /** Poisson-FOCuS. */
    readonly kind: "focus";
    /** Its least factor: 1.1 (default), 1.25, 1.5 or 2; 1.1 in bins. */
    readonly muMin?: number;
    /** Expected counts per bin, 0.1 to 100; photon by photon where absent. */
    readonly perBin?: number;
  }
  | {
    /** Page's CUSUM, photon by photon, at one factor. */
    readonly kind: "cusum";
    /** Its factor, above 1. */
    readonly mu: number;
  };

/** How often noise is as significant. */
export interface FalseAlarmRate {
  /** Alarms per expected count: times the expected rate in Hz this is the false-alarm rate in Hz. */
  readonly perExpected: number;
  /** Mean expected counts between alarms, its inverse. */
  readonly meanExpected: number;
  /** Relative error of both, one standard deviation. */
  readonly relError: number;
  /** True where the table does not reach, and goes on straight in S²/2. */
  readonly extrapolated: boolean;
}

/** A threshold and what it rests on. */
export interface FalseAlarmThreshold {
  /** Significance at which to raise an alarm. */
  readonly significance: number;
  /** True where the table does not reach. */
  readonly extrapolated: boolean;
}

/** False alarms of one detector over a known background. */
export interface FalseAlarmTable {
  /** Least and greatest significance that were calibrated. */
  readonly range: readonly [number, number];
  /** How the numbers were made. */
  readonly provenance: string;
  /** Rate of alarms at a significance of at least 0. */
  readonly perExpected: (significance: number) => FalseAlarmRate;
  /** The significance with so many expected counts, > 0, between alarms of noise on average. */
  readonly thresholdFor: (meanExpectedBetweenAlarms: number) => FalseAlarmThreshold;
}

/** ln A over S²/2, rising. */
interface Curve {
  readonly half: ArrayLike<number>;
  readonly logA: ArrayLike<number>;
  readonly relError: ArrayLike<number>;
  readonly provenance: string;
}

const SIMULATED =
  "simulated noise over a known background: cycles of the search where alarms are " +
  "frequent, importance sampling (change of rate, Shiryaev–Roberts weights) where they are rare; " +
  "fixed seeds, deno task calibrate";
const HALF: readonly number[] = FALSE_ALARMS.significance.map((s) => s * s / 2);
/** Of reading between the entries of the table; counts in bins are discrete, so that A rises in steps. */
const INTERPOLATED = 0.005, INTERPOLATED_BINS = 0.2;
/** Growth of the relative error per unit of S²/2 beyond the table: that of the slope. */
const BEYOND = 0.03;

function focusCurve(muMin: number, perBin: number | undefined): Curve {
  const tables = FALSE_ALARMS.tables.filter((one) =>
    one.muMin === muMin && (perBin === undefined) === (one.perBin === 0)
  );
  if (perBin === undefined ? tables.length === 0 : tables.length < 2) {
    const known = FALSE_ALARMS.tables.map((one) =>
      `${one.muMin}${one.perBin > 0 ? " in bins" : ""}`
    );
    throw new RangeError(
      `No false alarms of FOCuS are known for muMin = ${muMin}${
        perBin === undefined ? "" : " in bins"
      }: ` +
        `take one of ${[...new Set(known)].join(", ")}, or calibrate it`,
    );
  }
  if (perBin === undefined) return { half: HALF, ...tables[0]!, provenance: SIMULATED };
  const last = tables.at(-1)!, at = tables.findIndex((one) => one.perBin >= perBin);
  if (!(perBin >= tables[0]!.perBin && perBin <= last.perBin)) {
    throw new RangeError(
      `False alarms in bins are known from ${
        tables[0]!.perBin
      } to ${last.perBin} expected counts ` +
        `per bin, found ${perBin}`,
    );
  }
  const high = tables[at]!, low = high.perBin === perBin ? high : tables[at - 1]!;
  const w = high === low ? 1 : Math.log(perBin / low.perBin) / Math.log(high.perBin / low.perBin);
  return {
    half: HALF,
    logA: high.logA.map((a, i) => w * a + (1 - w) * low.logA[i]!),
    relError: high.relError.map((e, i) =>
      Math.hypot(Math.max(e, low.relError[i]!), INTERPOLATED_BINS)
    ),
    provenance: SIMULATED,
  };
}

function cusumCurve(mu: number): Curve {
  if (!(mu > 1 && mu < Infinity)) throw new RangeError(`CUSUM has a factor above 1, found ${mu}`);
  const { stepH, logA: all } = cusumLogAlarms(mu, 40);
  // Up to ln μ every photon is an alarm: the curve rises from there on.
  const first = Math.round(Math.log(mu) / stepH), logA = all.subarray(first);
  return {
    half: Float64Array.from(logA, (_, i) => (first + i) * stepH),
    logA,
    relError: new Float64Array(logA.length).fill(1e-3),
    provenance: "solution of the integral equation of the mean time to an alarm",
  };
}

/** The straight line through two points of a curve, at x. */
function line(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number): number {
  const i = intervalOf(xs, x), w = (x - xs[i]!) / (xs[i + 1]! - xs[i]!);
  return ys[i]! + w * (ys[i + 1]! - ys[i]!);
}

/**
 * False alarms of a detector over a known background: mean expected counts A(S) between alarms of noise.
 * Of many channels the false-alarm rate is Σ rate/A(S), each with its expected rate.
 *
 * @param detector Which detector, and its options.
 * @returns Rate by significance and threshold by rate.
 * @throws RangeError for options that were not calibrated.
 * @example
 * ```ts
 * import { falseAlarmTable } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const table = falseAlarmTable({ kind: "focus" });
 * // A channel with 2 expected counts a second, and one false alarm a year:
 * const { significance, extrapolated } = table.thresholdFor(2 * 3.156e7);
 * ok(significance > 6 && significance < 6.5 && !extrapolated);
 * ok(Math.abs(table.perExpected(significance).meanExpected / 6.312e7 - 1) < 1e-9);
 * ```
 * @see Ward et al. 2023, arXiv:2208.01494 (FOCuS); Shi, Siegmund & Yakir 2007, PNAS 104, 13673, for
 * importance sampling of scans; Page 1954, Biometrika 41, 100 (CUSUM)
 */
export function falseAlarmTable(detector: FalseAlarmDetector): FalseAlarmTable {
  const curve = detector.kind === "focus"
    ? focusCurve(detector.muMin ?? 1.1, detector.perBin)
    : cusumCurve(detector.mu);
  const { half, logA, relError, provenance } = curve, n = half.length;
  const first = half[0]!, last = half[n - 1]!;
  return Object.freeze({
    range: Object.freeze([Math.sqrt(2 * first), Math.sqrt(2 * last)] as const),
    provenance,
    perExpected(significance: number): FalseAlarmRate {
      const q = significance * significance / 2;
      if (!(significance >= 0 && q < Infinity)) {
        throw new RangeError(`A significance of at least 0 is needed, found ${significance}`);
      }
      const log = line(half, logA, q), i = intervalOf(half, q);
      const error = Math.max(relError[i]!, relError[i + 1]!);
      const beyond = BEYOND * Math.max(0, first - q, q - last);
      return Object.freeze({
        perExpected: Math.exp(-log),
        meanExpected: Math.exp(log),
        relError: Math.hypot(error, INTERPOLATED, beyond),
        extrapolated: q < first || q > last,
      });
    },
    thresholdFor(meanExpectedBetweenAlarms: number): FalseAlarmThreshold {
      const log = Math.log(meanExpectedBetweenAlarms);
      if (!Number.isFinite(log)) {
        throw new RangeError(
          `Mean expected counts between alarms are above 0, found ${meanExpectedBetweenAlarms}`,
        );
      }
      const q = line(logA, half, log);
      return Object.freeze({
        significance: Math.sqrt(2 * Math.max(0, q)),
        extrapolated: q < first || q > last,
      });
    },
  });
}
