import { fingerprint } from "../numeric/mod.ts";

/** The instant from which a time axis counts: a day and the seconds of it, in a time scale. */
export interface AxisEpoch {
  /** Whole Modified Julian Day. */
  readonly mjdDay: number;
  /** Seconds of that day. */
  readonly dayS: number;
  /** Time scale: "TT", "TDB". */
  readonly scale: string;
}

/** Intervals of time that ascend and do not overlap; between them there may be gaps. */
export interface TimeAxis {
  /** Which axis this is. */
  readonly kind: "time-axis";
  /** What it is called: "time". */
  readonly name: string;
  /** The instant from which both columns count. */
  readonly epoch: AxisEpoch;
  /** Starts, seconds after the epoch; not written. */
  readonly startS: Float64Array;
  /** Stops, seconds after the epoch; each after its start and not after the next start. */
  readonly stopS: Float64Array;
  /** Number of intervals. */
  readonly nBins: number;
}

/** What {@link createTimeAxis} takes. */
export interface TimeAxisOptions {
  /** The instant from which the times count. */
  readonly epoch: AxisEpoch;
  /** Starts, seconds after the epoch, ascending; copied. */
  readonly startS: ArrayLike<number>;
  /** Stops, seconds after the epoch; copied. */
  readonly stopS: ArrayLike<number>;
  /** Name; "time" where absent. */
  readonly name?: string;
}

/**
 * Makes an axis of time intervals.
 *
 * @param options Epoch, starts and stops.
 * @returns A frozen record.
 * @throws TypeError for starts and stops of different number; RangeError for intervals that are not
 *   finite, are empty, overlap or do not ascend.
 * @example
 * ```ts
 * import { createTimeAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = { mjdDay: 58849, dayS: 0, scale: "TT" };
 * strictEqual(createTimeAxis({ epoch, startS: [0, 100], stopS: [50, 200] }).nBins, 2);
 * ```
 * @see gammapy.maps.TimeMapAxis
 */
export function createTimeAxis(options: TimeAxisOptions): TimeAxis {
  const { epoch, name = "time" } = options;
  const startS = Float64Array.from(options.startS), stopS = Float64Array.from(options.stopS);
  if (startS.length !== stopS.length || startS.length === 0) {
    throw new TypeError(
      `Axis ${name}: found ${startS.length} starts and ${stopS.length} stops, expected as many of ` +
        `one as of the other, and one or more`,
    );
  }
  for (let i = 0; i < startS.length; i++) {
    const start = startS[i]!, stop = stopS[i]!, before = i > 0 ? stopS[i - 1]! : -Infinity;
    if (!(Number.isFinite(start) && Number.isFinite(stop) && start < stop && start >= before)) {
      throw new RangeError(
        `Axis ${name}: interval ${i} is ${start} to ${stop} s` +
          (i > 0 ? ` after one that ends at ${before} s` : "") +
          `: intervals must be finite, not empty, ascend and not overlap`,
      );
    }
  }
  return Object.freeze({ kind: "time-axis", name, epoch, startS, stopS, nBins: startS.length });
}

/**
 * The interval that holds an instant: start ≤ t < stop.
 *
 * @param axis The axis.
 * @param timeS Seconds after the axis' epoch.
 * @returns 0 … nBins − 1; −1 where it is before, in a gap, after, or NaN.
 * @example
 * ```ts
 * import { createTimeAxis, timeIndex } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = { mjdDay: 58849, dayS: 0, scale: "TT" };
 * const axis = createTimeAxis({ epoch, startS: [0, 100], stopS: [50, 200] });
 * strictEqual(timeIndex(axis, 150), 1);
 * strictEqual(timeIndex(axis, 70), -1);
 * ```
 */
export function timeIndex(axis: TimeAxis, timeS: number): number {
  let low = 0, high = axis.nBins;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (axis.startS[middle]! <= timeS) low = middle + 1;
    else high = middle;
  }
  return low > 0 && timeS < axis.stopS[low - 1]! ? low - 1 : -1;
}

/** The canonical text of an axis. */
export function timeAxisKey(axis: TimeAxis): string {
  const { kind, name, epoch, startS, stopS } = axis;
  const { mjdDay, dayS, scale } = epoch;
  return fingerprint({ kind, name, epoch: { mjdDay, dayS, scale }, startS, stopS });
}

/** Whether two axes have the same intervals to a fraction of their lengths. */
export function sameTimeAxis(a: TimeAxis, b: TimeAxis, rtol: number): boolean {
  if (a.name !== b.name || a.nBins !== b.nBins || a.epoch.scale !== b.epoch.scale) return false;
  const shift = (b.epoch.mjdDay - a.epoch.mjdDay) * 86400 + (b.epoch.dayS - a.epoch.dayS);
  return a.startS.every((start, i) => {
    const limit = rtol * (a.stopS[i]! - start);
    return Math.abs(b.startS[i]! + shift - start) <= limit &&
      Math.abs(b.stopS[i]! + shift - a.stopS[i]!) <= limit;
  });
}

/** Intervals start … stop − 1 of an axis. */
export function sliceTimeAxis(axis: TimeAxis, start: number, stop: number): TimeAxis {
  const { name, epoch, startS, stopS } = axis;
  return createTimeAxis({
    name,
    epoch,
    startS: startS.subarray(start, stop),
    stopS: stopS.subarray(start, stop),
  });
}

/** One interval from the first start to the last stop. */
export function squashTimeAxis(axis: TimeAxis): TimeAxis {
  const { name, epoch } = axis;
  return createTimeAxis({ name, epoch, startS: [axis.startS[0]!], stopS: [axis.stopS.at(-1)!] });
}
