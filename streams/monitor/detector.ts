import type { StreamItem } from "../../src/data/mod.ts";
import type { Accumulator } from "../accumulators/mod.ts";
import type { AlertMessage } from "../sinks/mod.ts";

/** A cell of the sky with its significance. */
export interface MonitorCell {
  /** What it is called. */
  readonly label: string;
  /** Right ascension of its centre, deg; left out where it is no place. */
  readonly raDeg?: number | undefined;
  /** Declination of its centre, deg. */
  readonly decDeg?: number | undefined;
  /** Band in which was searched. */
  readonly band: string;
  /** Significance, σ. */
  readonly significance: number;
}

/** Events that a detector was given, by what became of them. */
export interface DetectorCounts {
  /** Events that were given. */
  readonly seen: number;
  /** Events in no cell or band. */
  readonly outside: number;
  /** Events out of order. */
  readonly late: number;
}

/** What a monitor needs of the result of a search; `transientSearch` gives this and more. */
export interface DetectorResult {
  /** All messages so far, numbered from 0. */
  readonly alerts: readonly AlertMessage[];
  /** Steady sources. */
  readonly steady: readonly (MonitorCell & {
    /** Events. */
    readonly counts: number;
    /** Expected without the source. */
    readonly expected: number;
  })[];
  /** Cells as they are now, the most significant first. */
  readonly now: readonly MonitorCell[];
  /** False alarms a second that were asked for, Hz. */
  readonly farHz: number;
  /** Threshold, σ. */
  readonly thresholdSigma: number;
  /** False alarms expected in the live time so far. */
  readonly expectedFalseAlarms: number;
  /** Live time so far, s. */
  readonly livetimeS: number;
  /** Events by what became of them. */
  readonly counts: DetectorCounts;
}

/** A search for transients whose alerts a monitor gives out. */
export interface Detector extends
  // deno-lint-ignore no-explicit-any -- the state is nobody's business but the detector's
  Accumulator<StreamItem, any, DetectorResult> {
  /**
   * The messages of a state alone, where that is cheaper than its whole result: a monitor asks after
   * each step.
   */
  // deno-lint-ignore no-explicit-any -- as above
  readonly alerts?: ((state: any) => readonly AlertMessage[]) | undefined;
}
