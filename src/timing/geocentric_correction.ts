import type { EventEpoch } from "../events/mod.ts";
import { addSeconds, DAY_S, secondsBetween, type TimeEpoch } from "../time/mod.ts";
import { type Astrometry, sourceDirectionInto } from "./astrometry.ts";
import { type Observer, sitePositionInto } from "./observer.ts";
import { orbitInterval } from "./orbit.ts";

/** Whose times, and for which source. */
export interface GeocentricOptions {
  /** Who saw the photons: a spacecraft, a place on the Earth, or the Earth's centre (nothing to do). */
  readonly observer: Observer;
  /** Where the source is. */
  readonly astrometry: Astrometry;
}

/**
 * Light time from the observer to the Earth's centre, n·ρ: what is added to times of the observer for
 * those at which the same wavefront passes the geocentre, still in TT. No ephemeris is needed.
 *
 * @param options Observer and source.
 * @param epoch Instant from which the column counts, TT.
 * @param timeS Seconds after the epoch; any order.
 * @param n How many of them.
 * @param out Takes n corrections, seconds, within ±0.03 in low orbit.
 * @returns Nothing.
 * @throws RangeError for a time outside the orbit or in a gap of it; TypeError for times of the
 *   barycentre, or an epoch in TDB.
 * @example
 * ```ts
 * import { observatory } from "@gammarx/gammarx/sky";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { createAstrometry, geocentricCorrectionS, siteObserver } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const out = new Float64Array(1);
 * geocentricCorrectionS(
 *   {
 *     observer: siteObserver(observatory("hess")),
 *     astrometry: createAstrometry({ raDeg: 83.633, decDeg: 22.0145 }),
 *   },
 *   createEpoch([55000, 0], "TT"), Float64Array.of(0), 1, out,
 * );
 * ok(Math.abs(out[0]!) < 0.0213);
 * ```
 * @see Fermi Science Tools, gtbary with tcorrect=GEO
 */
export function geocentricCorrectionS(
  options: GeocentricOptions,
  epoch: EventEpoch,
  timeS: Float64Array,
  n: number,
  out: Float64Array,
): void {
  const { observer, astrometry } = options;
  if (observer.kind === "barycentre") {
    throw new TypeError("Times of the barycentre cannot be brought to the geocentre");
  }
  if (epoch.scale !== "TT") {
    throw new TypeError(`Times are in ${epoch.scale}, expected the observer's clock in TT`);
  }
  const direction = new Float64Array(3), place = new Float64Array(6);
  if (observer.kind === "geocentre") {
    for (let i = 0; i < n; i++) out[i] = timeS[i]! * 0;
    return;
  }
  const orbit = observer.kind === "orbit" ? observer.orbit : undefined;
  const offsetS = orbit === undefined ? 0 : secondsBetween<"TT" | "TDB">(orbit.epoch, epoch);
  let hint = 0, day = NaN;
  for (let i = 0; i < n; i++) {
    const t = timeS[i]!;
    if (!Number.isFinite(t)) {
      out[i] = NaN;
      continue;
    }
    const now = Math.floor((epoch.dayS + t) / DAY_S);
    if (now !== day) {
      // the direction is that at noon: half a day of proper motion moves nothing
      sourceDirectionInto(astrometry, epoch.mjdDay + now + 0.5, direction);
      day = now;
    }
    if (orbit === undefined) {
      const instant = addSeconds(epoch as TimeEpoch<"TT">, t);
      if (observer.kind === "site") sitePositionInto(observer.site, instant, place, observer.earth);
    } else {
      const s = t + offsetS, c = orbit.cubicLs;
      hint = orbitInterval(orbit, s, hint);
      const w = s - orbit.timeS[hint]!;
      for (let axis = 0; axis < 3; axis++) {
        const k = 12 * hint + 4 * axis;
        place[axis] = c[k]! + w * (c[k + 1]! + w * (c[k + 2]! + w * c[k + 3]!));
      }
    }
    out[i] = direction[0]! * place[0]! + direction[1]! * place[1]! + direction[2]! * place[2]!;
  }
}
