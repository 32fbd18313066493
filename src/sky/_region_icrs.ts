/** Regions carried into ICRS, where events are. */
import type { PolygonRegion } from "./region.ts";
import { convertFrame, galacticToIcrs, type SkyFrame, type SkyPosition } from "./sky_frame.ts";
import { offsetBy, positionAngleDeg } from "./separation.ts";
import { cosDeg, DEG, sinDeg } from "./_degrees.ts";

/** The ICRS position of a region's centre. */
export function centerIcrs(
  region: { readonly frame: SkyFrame; readonly lonDeg: number; readonly latDeg: number },
): SkyPosition {
  const { lonDeg, latDeg } = region;
  return convertFrame({ lonDeg, latDeg }, { from: region.frame, to: "icrs" });
}

/** The ICRS position angle of a region's axis, deg. */
export function angleIcrs(
  region: {
    readonly frame: SkyFrame;
    readonly lonDeg: number;
    readonly latDeg: number;
    readonly angleDeg: number;
  },
): number {
  if (region.frame === "icrs") return region.angleDeg;
  const offset = { separationDeg: 90, positionAngleDeg: region.angleDeg };
  return positionAngleDeg(centerIcrs(region), galacticToIcrs(offsetBy(region, offset)));
}

/** A vector of three numbers. */
export type Vector = readonly [number, number, number];

/** Unit vector of a position. */
export function unitVector(position: SkyPosition): Vector {
  const { lonDeg, latDeg } = position, c = cosDeg(latDeg);
  return [c * cosDeg(lonDeg), c * sinDeg(lonDeg), sinDeg(latDeg)];
}

/** Scalar product. */
export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Vector product. */
export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The direction of a sum of vectors; undefined where they cancel. */
export function meanDirection(vectors: readonly Vector[]): Vector | undefined {
  let x = 0, y = 0, z = 0;
  for (const v of vectors) {
    x += v[0];
    y += v[1];
    z += v[2];
  }
  const length = Math.hypot(x, y, z);
  return length > 1e-9 * vectors.length ? [x / length, y / length, z / length] : undefined;
}

/** Position of a vector. */
export function positionOf(v: Vector): SkyPosition {
  const lon = Math.atan2(v[1], v[0]) / DEG;
  return {
    lonDeg: lon < 0 ? lon + 360 : lon,
    latDeg: Math.atan2(v[2], Math.hypot(v[0], v[1])) / DEG,
  };
}

/** Mean ICRS direction of a polygon's vertices, all within 90° of it, or RangeError. */
export function insideDirection(region: PolygonRegion): Vector {
  const vectors = polygonVectors(region), mean = meanDirection(vectors);
  if (mean === undefined || vectors.some((v) => dot(v, mean) < 1e-6)) {
    throw new RangeError(
      `polygon: found vertices 90 deg or more from their mean direction, expected a polygon within a ` +
        `hemisphere. Cut it into smaller ones and join them by a compound`,
    );
  }
  return mean;
}

/** ICRS unit vectors of the vertices. */
export function polygonVectors(region: PolygonRegion): readonly Vector[] {
  return region.vertices.map((vertex) =>
    unitVector(centerIcrs({ frame: region.frame, ...vertex }))
  );
}
