import { dd, ddAdd, type DoubleDouble } from "../numeric/mod.ts";
import type { TimeEpoch } from "../time/mod.ts";

/** Seconds from one calendar label to another, without rounding; the scales are not looked at. */
export function secondsAfter(from: TimeEpoch, to: TimeEpoch): DoubleDouble {
  return ddAdd(dd((to.mjdDay - from.mjdDay) * 86400), dd(to.dayS, -from.dayS));
}
