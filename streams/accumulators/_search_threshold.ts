/*
 * From a rate of false alarms to a significance. In acceptance time noise is a Poisson process of rate 1 in
 * every channel, so that one table holds for all: A(S), the mean number of expected photons between alarms.
 */
import { type FalseAlarmTable, falseAlarmTable } from "../../src/stats/mod.ts";

/** What an alert needs now. */
export interface SearchThreshold {
  /** significance²/2. */
  readonly value: number;
  /** Significance, σ. */
  readonly sigma: number;
  /** Expected photons of all channels a live second. */
  readonly ratePerS: number;
}

/** The calibration of FOCuS with a least factor. */
export function focusTable(muMin: number): FalseAlarmTable {
  return falseAlarmTable({ kind: "focus", muMin });
}

/** Threshold for a rate of alarms, where so many photons came in so much live time. */
export function createThreshold(
  table: FalseAlarmTable,
  { farHz, updates, liveS }: {
    readonly farHz: number;
    readonly updates: number;
    readonly liveS: number;
  },
): SearchThreshold {
  // At the beginning, when the rate is not known yet, too many rather than too few photons are expected.
  const ratePerS = (updates + 3 * Math.sqrt(updates) + 10) / Math.max(liveS, 1);
  const { significance: sigma } = table.thresholdFor(ratePerS / farHz);
  return Object.freeze({ value: sigma * sigma / 2, sigma, ratePerS });
}
