/**
 * Which events are in a region: one position at a time, or a column of them.
 *
 * Positions are ICRS, as events are; regions in another frame are carried there once.
 */
import { circleSelector } from "./_circle_kernel.ts";
import { DEG } from "./_degrees.ts";
import {
  angleIcrs,
  centerIcrs,
  cross,
  dot,
  insideDirection,
  unitVector,
  type Vector,
} from "./_region_icrs.ts";
import type { EllipseRegion, RectangleRegion, Region, RegionOf } from "./region.ts";
import { boundingCircle } from "./bounding_circle.ts";
import { positionAngleDeg, separationDeg } from "./separation.ts";

/** Whether an ICRS position is inside. */
export type Contains = (raDeg: number, decDeg: number) => boolean;

/** Offsets from a centre along the axes of a box, deg, and whether they are inside. */
function boxContains(
  region: EllipseRegion | RectangleRegion,
  isInside: (u: number, v: number) => boolean,
): Contains {
  const center = centerIcrs(region), angle = angleIcrs(region);
  return (lonDeg, latDeg) => {
    const position = { lonDeg, latDeg }, s = separationDeg(center, position);
    const turn = (positionAngleDeg(center, position) - angle) * DEG;
    return isInside(s * Math.sin(turn), s * Math.cos(turn));
  };
}

/** Even-odd rule in the tangent plane at the inner direction, where great circles are straight. */
function polygonContains(region: RegionOf<"polygon">): Contains {
  const inner = insideDirection(region);
  const side: Vector = Math.abs(inner[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const u = cross(side, inner), length = Math.hypot(...u);
  const e1: Vector = [u[0] / length, u[1] / length, u[2] / length], e2 = cross(inner, e1);
  const project = (v: Vector): readonly [number, number] => {
    const depth = dot(v, inner);
    return [dot(v, e1) / depth, dot(v, e2) / depth];
  };
  const corners = region.vertices.map((vertex) =>
    project(unitVector(centerIcrs({ frame: region.frame, ...vertex })))
  );
  const xs = Float64Array.from(corners, ([x]) => x), ys = Float64Array.from(corners, ([, y]) => y);
  return (lonDeg, latDeg) => {
    const v = unitVector({ lonDeg, latDeg });
    if (!(dot(v, inner) > 0)) return false;
    const [x, y] = project(v);
    let inside = false;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
      const xi = xs[i]!, yi = ys[i]!, xj = xs[j]!, yj = ys[j]!;
      if ((yi > y) !== (yj > y) && x < xi + (xj - xi) * (y - yi) / (yj - yi)) inside = !inside;
    }
    return inside;
  };
}

const CONTAINS: { readonly [K in Region["kind"]]: (region: RegionOf<K>) => Contains } = {
  circle(region) {
    const center = centerIcrs(region), { radiusDeg } = region;
    return (lonDeg, latDeg) => separationDeg(center, { lonDeg, latDeg }) < radiusDeg;
  },
  annulus(region) {
    const center = centerIcrs(region), { innerRadiusDeg, outerRadiusDeg } = region;
    return (lonDeg, latDeg) => {
      const s = separationDeg(center, { lonDeg, latDeg });
      return s >= innerRadiusDeg && s < outerRadiusDeg;
    };
  },
  ellipse(region) {
    const a = region.widthDeg / 2, b = region.heightDeg / 2;
    return boxContains(region, (u, v) => (u / a) ** 2 + (v / b) ** 2 < 1);
  },
  rectangle(region) {
    const a = region.widthDeg / 2, b = region.heightDeg / 2;
    return boxContains(region, (u, v) => Math.abs(u) < a && Math.abs(v) < b);
  },
  polygon: polygonContains,
  point: () => () => false,
  compound(region) {
    const include = region.include.map(regionTest), exclude = region.exclude.map(regionTest);
    return (ra, dec) => include.some((one) => one(ra, dec)) && !exclude.some((one) => one(ra, dec));
  },
};

/** The exact test of a region, compiled. */
export function regionTest(region: Region): Contains {
  return (CONTAINS[region.kind] as (region: Region) => Contains)(region);
}

/**
 * Whether a region contains an ICRS position.
 *
 * Circle: separation < radius; annulus: inner <= separation < outer; ellipse and rectangle: in the
 * separation and position angle from the centre (see their types); polygon: great-circle edges; a
 * point contains nothing. For many positions use {@linkcode regionSelector}.
 *
 * @param region the region, in any frame
 * @param raDeg right ascension, deg
 * @param decDeg declination, deg
 * @returns whether it is inside; false where a coordinate is NaN
 * @throws RangeError for a polygon that does not fit into a hemisphere
 * @example
 * ```ts
 * import { createRegion, regionContains } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const region = createRegion({
 *   kind: "circle",
 *   frame: "galactic",
 *   lonDeg: 0,
 *   latDeg: 0,
 *   radiusDeg: 0.1,
 * });
 * assert.ok(regionContains(region, 266.4168, -29.0078));
 * ```
 *
 * Source: for circles the same answer as astropy's separation < radius. Regions projected onto an
 * image (the regions package) differ at the edge by the distortion of the projection.
 */
export function regionContains(region: Region, raDeg: number, decDeg: number): boolean {
  return regionTest(region)(raDeg, decDeg);
}

/**
 * Writes the indices of the events inside a region into `out`, ascending, and returns how many there
 * are. `raDeg` and `decDeg` are ICRS, deg; the first `n` are looked at; `out` has room for `n`.
 */
export type RegionSelector = (
  raDeg: Float64Array,
  decDeg: Float64Array,
  n: number,
  out: Uint32Array | Int32Array,
) => number;

/**
 * A selection of events compiled for one region. It gives {@linkcode regionContains} of every event,
 * bit for bit: circles by polynomials with the exact formula at the edge, other shapes by their
 * bounding circle and the exact test of what is left.
 *
 * @param region the region, in any frame
 * @returns a function over columns of ICRS positions; events with NaN are outside
 * @throws RangeError for a polygon that does not fit into a hemisphere
 * @example
 * ```ts
 * import { createRegion, regionSelector } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const center = { frame: "icrs", lonDeg: 0, latDeg: 0 } as const;
 * const select = regionSelector(createRegion({ kind: "circle", ...center, radiusDeg: 1 }));
 * const raDeg = Float64Array.of(359.5, 2, 0, NaN), decDeg = Float64Array.of(0, 0, 1, 0);
 * const out = new Uint32Array(4);
 * assert.deepEqual([...out.subarray(0, select(raDeg, decDeg, 4, out))], [0]);
 * ```
 */
export function regionSelector(region: Region): RegionSelector {
  if (region.kind === "circle") return circleSelector(centerIcrs(region), region.radiusDeg);
  const contains = regionTest(region), bound = boundingCircle(region);
  // a little wider than exact, so that rounding of the bound cannot lose an event
  const select = circleSelector(bound, bound.radiusDeg * (1 + 1e-9) + 1e-9);
  return (raDeg, decDeg, n, out) => {
    const candidates = select(raDeg, decDeg, n, out);
    let count = 0;
    for (let k = 0; k < candidates; k++) {
      const i = out[k]!;
      out[count] = i;
      count += +contains(raDeg[i]!, decDeg[i]!);
    }
    return count;
  };
}
