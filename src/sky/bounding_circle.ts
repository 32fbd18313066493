/** Bounding circles of regions. */
import {
  centerIcrs,
  insideDirection,
  meanDirection,
  polygonVectors,
  positionOf,
  unitVector,
} from "./_region_icrs.ts";
import type { Region, RegionOf } from "./region.ts";
import { separationDeg } from "./separation.ts";

/** A circle in ICRS that contains a region. */
export interface BoundingCircle {
  /** Right ascension of the centre, deg. */
  readonly lonDeg: number;
  /** Declination of the centre, deg. */
  readonly latDeg: number;
  /** Radius, deg, in [0, 180]; the region may touch it. */
  readonly radiusDeg: number;
}

const BOUNDS: { readonly [K in Region["kind"]]: (region: RegionOf<K>) => BoundingCircle } = {
  circle: (region) => ({ ...centerIcrs(region), radiusDeg: region.radiusDeg }),
  annulus: (region) => ({ ...centerIcrs(region), radiusDeg: region.outerRadiusDeg }),
  ellipse: (region) => ({
    ...centerIcrs(region),
    radiusDeg: Math.max(region.widthDeg, region.heightDeg) / 2,
  }),
  rectangle: (region) => ({
    ...centerIcrs(region),
    radiusDeg: Math.hypot(region.widthDeg, region.heightDeg) / 2,
  }),
  polygon(region) {
    const center = positionOf(insideDirection(region));
    const radii = polygonVectors(region).map((v) => separationDeg(center, positionOf(v)));
    return { ...center, radiusDeg: Math.max(...radii) };
  },
  point: (region) => ({ ...centerIcrs(region), radiusDeg: 0 }),
  compound(region) {
    const parts = region.include.map(boundingCircle);
    if (parts.length === 1) return parts[0]!;
    const mean = meanDirection(parts.map(unitVector));
    const center = mean === undefined ? { lonDeg: 0, latDeg: 0 } : positionOf(mean);
    const radii = parts.map((part) => separationDeg(center, part) + part.radiusDeg);
    return { ...center, radiusDeg: Math.min(180, Math.max(...radii)) };
  },
};

/**
 * A circle that contains a region: the smallest one for circle, annulus and ellipse, a near one for
 * polygons and compounds.
 *
 * @param region the region, in any frame
 * @returns centre in ICRS and radius, deg
 * @throws RangeError for a polygon that does not fit into a hemisphere
 * @example
 * ```ts
 * import { boundingCircle, createRegion } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const box = createRegion({
 *   kind: "rectangle",
 *   frame: "icrs",
 *   lonDeg: 10,
 *   latDeg: 20,
 *   widthDeg: 6,
 *   heightDeg: 8,
 *   angleDeg: 0,
 * });
 * assert.equal(boundingCircle(box).radiusDeg, 5);
 * ```
 */
export function boundingCircle(region: Region): BoundingCircle {
  const { lonDeg, latDeg, radiusDeg } = (BOUNDS[region.kind] as (region: Region) => BoundingCircle)(
    region,
  );
  return Object.freeze({ lonDeg, latDeg, radiusDeg });
}
