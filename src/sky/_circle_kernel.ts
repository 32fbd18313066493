/**
 * The fast test of a circle: haversine by polynomials, and the exact separation where it is close.
 *
 * h = sin²(Δδ/2) + cos δ₀ cos δ sin²(Δα/2) is a sum of terms with a relative error below 1e-10 each (and
 * cos δ one of 2e-16 in all, near the poles), so that only events with |h - sin²(r/2)| within
 * 1e-9 sin²(r/2) + 1e-15 cos δ₀ need the exact formula to give its answer.
 */
import { DEG } from "./_degrees.ts";
import { cosShort, SHORT_ERROR, sinShort } from "./_sincos.ts";
import { separationDeg } from "./separation.ts";
import type { SkyPosition } from "./sky_frame.ts";

/** Relative half-width of the band in which the exact formula decides. */
const GUARD = 40 * SHORT_ERROR;
const HALF = DEG / 2;

/** Writes the indices of the positions nearer than a radius into `out`; how many. */
export type CircleSelector = (
  lonDeg: Float64Array,
  latDeg: Float64Array,
  n: number,
  out: Uint32Array | Int32Array,
) => number;

/** A selector that gives separationDeg(center, event) < radiusDeg for every event. */
export function circleSelector(center: SkyPosition, radiusDeg: number): CircleSelector {
  const lon0 = center.lonDeg, lat0 = center.latDeg, cosLat0 = Math.cos(lat0 * DEG);
  const sinHalf = Math.sin(Math.min(radiusDeg, 180) * HALF), limit = sinHalf * sinHalf;
  const band = GUARD * limit + 1e-15 * cosLat0;
  const isInside = (lonDeg: number, latDeg: number): boolean =>
    separationDeg(center, { lonDeg, latDeg }) < radiusDeg;
  return (lonDeg, latDeg, n, out) => {
    const lonC = lon0, latC = lat0, cosC = cosLat0, limitH = limit, bandH = band;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const lat = latDeg[i]!, difference = lonDeg[i]! - lonC;
      const turn = difference - 360 * Math.floor(difference * (1 / 360) + 0.5);
      const a = sinShort((lat - latC) * HALF), b = sinShort(turn * HALF);
      const h = a * a + cosC * cosShort(lat * DEG) * (b * b), miss = h - limitH;
      out[count] = i;
      if (Math.abs(miss) <= bandH || Math.abs(lat) > 90) count += +isInside(lonDeg[i]!, lat);
      else count += +(miss < 0);
    }
    return count;
  };
}
