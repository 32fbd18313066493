import { type EventEpoch, rebaseGti } from "../../src/events/mod.ts";
import type { Exposure } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";

/** Acceptance time: how much live time has passed at a time of the stream. */
export interface LiveClock {
  /** Fingerprint: equal keys, equal clocks. */
  readonly key: string;
  /** Live seconds from the clock's beginning to a time, seconds after the stream's epoch; never falls. */
  readonly liveS: (timeS: number) => number;
}

/**
 * A clock that always runs at the same rate.
 *
 * @param liveFraction Live time per time, (0, 1]; 1.
 * @returns A frozen record.
 * @throws RangeError for a fraction outside (0, 1].
 * @example
 * ```ts
 * import { steadyClock } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(steadyClock(0.5).liveS(10), 5);
 * ```
 */
export function steadyClock(liveFraction = 1): LiveClock {
  if (!(liveFraction > 0 && liveFraction <= 1)) {
    throw new RangeError(`A live fraction is in (0, 1], found ${liveFraction}`);
  }
  return Object.freeze({
    key: `steady:${liveFraction}`,
    liveS: (timeS: number) => liveFraction * timeS,
  });
}

/**
 * A clock that runs in good time intervals, slowed by dead time, and stands still between them.
 *
 * @param exposures Good time intervals with their dead times, without overlaps, in any order.
 * @param epoch The stream's epoch.
 * @returns A frozen record.
 * @throws RangeError for intervals that overlap.
 * @example
 * ```ts
 * import { gtiClock } from "@gammarx/gammarx/accumulators";
 * import { createGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const gti = createGti(epoch, Float64Array.of(0, 20), Float64Array.of(10, 30));
 * strictEqual(gtiClock([{ gti, deadTimeFraction: 0.5 }], epoch).liveS(25), 7.5);
 * ```
 */
export function gtiClock(exposures: readonly Exposure[], epoch: EventEpoch): LiveClock {
  const intervals = exposures.flatMap(({ gti, deadTimeFraction }) => {
    const { startS, stopS } = rebaseGti(gti, epoch);
    return Array.from(
      startS,
      (start, i) => ({ start, stop: stopS[i]!, live: 1 - deadTimeFraction }),
    );
  }).sort((a, b) => a.start - b.start || a.stop - b.stop);
  const n = intervals.length, starts = new Float64Array(n), stops = new Float64Array(n);
  const rates = new Float64Array(n), before = new Float64Array(n + 1);
  intervals.forEach(({ start, stop, live }, i) => {
    if (i > 0 && start < stops[i - 1]!) {
      throw new RangeError(`Good time intervals overlap at ${start} s: join them first`);
    }
    starts[i] = start;
    stops[i] = stop;
    rates[i] = live;
    before[i + 1] = before[i]! + (stop - start) * live;
  });
  let last = 0;
  return Object.freeze({
    key: fingerprint({ epoch: { ...epoch }, starts, stops, rates }),
    liveS(timeS: number): number {
      // Times mostly rise: begin at the interval of the last one.
      let i = n > 0 && timeS >= starts[last]! ? last : 0;
      while (i < n && timeS >= stops[i]!) i++;
      if (i < n) last = i;
      if (i === n) return before[n]!;
      return before[i]! + Math.max(0, timeS - starts[i]!) * rates[i]!;
    },
  });
}
