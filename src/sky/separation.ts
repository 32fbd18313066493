/**
 * Angles between positions on the sphere, all in one frame.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | Δα, Δδ, Σδ | difference of longitudes, difference and sum of latitudes |
 * | h | sin²(s/2) = sin²(Δδ/2) + cos δ₁ cos δ₂ sin²(Δα/2) |
 * | g | cos²(s/2) = cos²(Δδ/2) cos²(Δα/2) + sin²(Σδ/2) sin²(Δα/2) |
 * | s | separation, 2 atan2(√h, √g) |
 *
 * h and g have no negative term, so that neither tiny nor antipodal separations lose digits.
 */
import { DEG, wrapLonDeg } from "./_degrees.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";

const HALF = Math.PI / 360;

/** Separation in degrees of two latitudes with a difference of longitudes, all in degrees. */
function separation(deltaLonDeg: number, lat1Deg: number, lat2Deg: number): number {
  const turn = (deltaLonDeg - 360 * Math.floor(deltaLonDeg / 360 + 0.5)) * HALF;
  const delta = (lat2Deg - lat1Deg) * HALF, sinLon = Math.sin(turn), sinLat = Math.sin(delta);
  const h = sinLat * sinLat +
    Math.cos(lat1Deg * DEG) * Math.cos(lat2Deg * DEG) * (sinLon * sinLon);
  const c = Math.cos(delta) * Math.cos(turn), d = Math.sin((lat2Deg + lat1Deg) * HALF) * sinLon;
  // a latitude that is 1e-16 beyond a pole may leave h below zero
  return 2 * Math.atan2(Math.sqrt(h > 0 ? h : h - h), Math.sqrt(c * c + d * d)) / DEG;
}

/**
 * Great-circle separation of two positions in one frame:
 * s = 2 atan2(√h, √g), h = sin²(Δδ/2) + cos δ₁ cos δ₂ sin²(Δα/2), g = 1 - h as a sum of squares.
 *
 * @param a one position, deg
 * @param b the other, deg
 * @returns the separation, deg, in [0, 180]; NaN where a coordinate is not finite
 * @example
 * ```ts
 * import { separationDeg } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(separationDeg({ lonDeg: 10, latDeg: 0 }, { lonDeg: 10, latDeg: 1e-12 }), 1e-12);
 * assert.equal(separationDeg({ lonDeg: 10, latDeg: 20 }, { lonDeg: 190, latDeg: -20 }), 180);
 * ```
 *
 * Source: the haversine formula (Sinnott 1984, Sky & Telescope 68, 158) with its complement; agrees
 * with astropy's Vincenty form.
 */
export function separationDeg(a: SkyPosition, b: SkyPosition): number {
  return separation(b.lonDeg - a.lonDeg, a.latDeg, b.latDeg);
}

/**
 * Separations of a column of positions from one position.
 *
 * @param columns positions, deg
 * @param options `from`: the position to measure from, deg; `out`: takes the result, deg
 * @returns `out`
 * @throws TypeError where a column or `out` is too short
 * @example
 * ```ts
 * import { separationDeg, separationDegInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const from = { lonDeg: 83.633, latDeg: 22.014 };
 * const sky = { lonDeg: Float64Array.of(83, 84), latDeg: Float64Array.of(22, 21) };
 * const out = separationDegInto(sky, { from, out: new Float64Array(2) });
 * assert.equal(out[1], separationDeg(from, { lonDeg: 84, latDeg: 21 }));
 * ```
 */
export function separationDegInto(
  columns: SkyColumns,
  options: { readonly from: SkyPosition; readonly out: Float64Array },
): Float64Array {
  const { lonDeg, latDeg } = columns, { from, out } = options, n = lonDeg.length;
  if (latDeg.length < n || out.length < n) {
    throw new TypeError(
      `Found ${n} longitudes, ${latDeg.length} latitudes and room for ${out.length} separations: ` +
        `expected one length`,
    );
  }
  const lon0 = from.lonDeg, lat0 = from.latDeg;
  for (let i = 0; i < n; i++) {
    out[i] = separation(lonDeg[i]! - lon0, lat0, latDeg[i]!);
  }
  return out;
}

/**
 * Position angle of one position seen from another, east of north:
 * tan ψ = cos δ₂ sin Δα / (sin Δδ + 2 sin δ₁ cos δ₂ sin²(Δα/2)).
 *
 * @param from where the angle is measured, deg
 * @param to the position it points to, deg
 * @returns the angle, deg, in [0, 360); 0 where the positions coincide
 * @example
 * ```ts
 * import { positionAngleDeg } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const origin = { lonDeg: 0, latDeg: 0 };
 * assert.equal(positionAngleDeg(origin, { lonDeg: 1, latDeg: 0 }), 90);
 * assert.equal(positionAngleDeg(origin, { lonDeg: 0, latDeg: -1 }), 180);
 * ```
 *
 * Source: Meeus, Astronomical Algorithms, ch. 48; agrees with astropy's position_angle.
 */
export function positionAngleDeg(from: SkyPosition, to: SkyPosition): number {
  return positionAngle(from.latDeg, to.lonDeg - from.lonDeg, to.latDeg);
}

/** Position angle in degrees from a latitude, a difference of longitudes and a latitude. */
function positionAngle(fromLatDeg: number, deltaLonDeg: number, toLatDeg: number): number {
  const delta = (deltaLonDeg - 360 * Math.floor(deltaLonDeg / 360 + 0.5)) * DEG;
  const half = Math.sin(delta / 2), cosTo = Math.cos(toLatDeg * DEG);
  const north = Math.sin((toLatDeg - fromLatDeg) * DEG) +
    2 * Math.sin(fromLatDeg * DEG) * cosTo * half * half;
  const angle = Math.atan2(cosTo * Math.sin(delta), north) / DEG;
  return wrapLonDeg(angle);
}

/**
 * Position angles of a column of positions seen from one position, east of north.
 *
 * @param columns positions, deg
 * @param options `from`: where the angles are measured, deg; `out`: takes the result, deg
 * @returns `out`
 * @throws TypeError where a column or `out` is too short
 * @example
 * ```ts
 * import { positionAngleDegInto } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(1, 359), latDeg: Float64Array.of(0, 0) };
 * const from = { lonDeg: 0, latDeg: 0 };
 * const out = positionAngleDegInto(sky, { from, out: new Float64Array(2) });
 * assert.deepEqual([...out], [90, 270]);
 * ```
 */
export function positionAngleDegInto(
  columns: SkyColumns,
  options: { readonly from: SkyPosition; readonly out: Float64Array },
): Float64Array {
  const { lonDeg, latDeg } = columns, { from, out } = options, n = lonDeg.length;
  if (latDeg.length < n || out.length < n) {
    throw new TypeError(
      `Found ${n} longitudes, ${latDeg.length} latitudes and room for ${out.length} angles: ` +
        `expected one length`,
    );
  }
  const lon0 = from.lonDeg, lat0 = from.latDeg;
  for (let i = 0; i < n; i++) out[i] = positionAngle(lat0, lonDeg[i]! - lon0, latDeg[i]!);
  return out;
}

/**
 * The position at a given separation and position angle from another.
 *
 * @param from the start, deg
 * @param offset `separationDeg` (any finite value) and `positionAngleDeg`, east of north
 * @returns the position in the frame of `from`, longitude in [0, 360), deg
 * @example
 * ```ts
 * import { offsetBy, separationDeg } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const crab = { lonDeg: 83.633, latDeg: 22.014 };
 * const wobble = offsetBy(crab, { separationDeg: 0.5, positionAngleDeg: 0 });
 * assert.ok(Math.abs(wobble.latDeg - 22.514) < 1e-12);
 * assert.ok(Math.abs(separationDeg(crab, wobble) - 0.5) < 1e-13);
 * ```
 *
 * Source: spherical triangle, e.g. Meeus, Astronomical Algorithms, ch. 17; agrees with astropy's
 * directional_offset_by.
 */
export function offsetBy(
  from: SkyPosition,
  offset: { readonly separationDeg: number; readonly positionAngleDeg: number },
): SkyPosition {
  const s = offset.separationDeg * DEG, psi = offset.positionAngleDeg * DEG;
  const sinS = Math.sin(s), cosS = Math.cos(s);
  const sinLat = Math.sin(from.latDeg * DEG), cosLat = Math.cos(from.latDeg * DEG);
  const east = sinS * Math.sin(psi), north = sinS * Math.cos(psi);
  const outward = cosLat * cosS - sinLat * north, up = sinLat * cosS + cosLat * north;
  return Object.freeze({
    lonDeg: wrapLonDeg(from.lonDeg + Math.atan2(east, outward) / DEG),
    latDeg: Math.atan2(up, Math.sqrt(east * east + outward * outward)) / DEG,
  });
}
