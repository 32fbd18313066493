/**
 * Solid angles of regions.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | s, ψ | separation and position angle from the centre |
 * | S(ψ) | separation of the edge |
 * | Ω | ∫ (1 - cos S) dψ |
 */
import { DEG } from "./_degrees.ts";
import { cross, dot, insideDirection, polygonVectors, type Vector } from "./_region_icrs.ts";
import { boundingCircle } from "./bounding_circle.ts";
import type { CompoundRegion, EllipseRegion, RectangleRegion, Region, RegionOf } from "./region.ts";
import { regionTest } from "./region_contains.ts";
import { offsetBy, separationDeg } from "./separation.ts";

/** Solid angle of a cap, 2π (1 - cos r). */
function cap(radiusDeg: number): number {
  const s = Math.sin(radiusDeg * DEG / 2);
  return 4 * Math.PI * s * s;
}

/** Integral of a smooth function by Romberg's scheme. */
function romberg(f: (x: number) => number, from: number, to: number): number {
  const width = to - from;
  let row = [(f(from) + f(to)) * width / 2];
  for (let level = 1; level <= 16; level++) {
    const steps = 2 ** (level - 1), h = width / steps;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += f(from + (i + 0.5) * h);
    const next = [(row[0]! + h * sum) / 2];
    for (let k = 1; k <= level; k++) {
      next.push(next[k - 1]! + (next[k - 1]! - row[k - 1]!) / (4 ** k - 1));
    }
    const change = Math.abs(next[level]! - row[level - 1]!);
    row = next;
    if (level > 4 && change <= 1e-14 * Math.abs(next[level]!)) break;
  }
  return row[row.length - 1]!;
}

/**
 * ab ∫ (1 - cos S)/S² dt with S² = a² sin² t + b² cos² t, along the ellipse (a sin t, b cos t): an entire
 * function of S², so that the periodic trapezoid stands after a few points whatever the axes.
 */
function ellipseSolidAngleSr(region: EllipseRegion): number {
  const a = region.widthDeg / 2 * DEG, b = region.heightDeg / 2 * DEG, n = 64;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const t = 2 * Math.PI * i / n, s = Math.hypot(a * Math.sin(t), b * Math.cos(t));
    const q = Math.sin(s / 2) / s;
    sum += 2 * q * q;
  }
  return a * b * sum * 2 * Math.PI / n;
}

/** Four times two triangles, ∫ a (1 - cos S)/S² dw with S² = a² + w². */
function rectangleSolidAngleSr(region: RectangleRegion): number {
  const a = region.widthDeg / 2 * DEG, b = region.heightDeg / 2 * DEG;
  const triangle = (side: number) => (w: number): number => {
    const s = Math.hypot(side, w), q = Math.sin(s / 2) / s;
    return side * 2 * q * q;
  };
  return 4 * (romberg(triangle(a), 0, b) + romberg(triangle(b), 0, a));
}

/** Triangles from the inner direction to every edge, with their signs. */
function polygonSolidAngleSr(region: RegionOf<"polygon">): number {
  const apex = insideDirection(region), v = polygonVectors(region);
  let sum = 0;
  for (let i = 0; i < v.length; i++) {
    const p = v[i]!, q = v[(i + 1) % v.length]!;
    const u: Vector = [p[0] - apex[0], p[1] - apex[1], p[2] - apex[2]];
    const w: Vector = [q[0] - apex[0], q[1] - apex[1], q[2] - apex[2]];
    sum += 2 * Math.atan2(dot(apex, cross(u, w)), 1 + dot(apex, p) + dot(p, q) + dot(q, apex));
  }
  return Math.abs(sum);
}

/** Parts of a compound whose bounding circles hang together, and what may be cut from them. */
function clustersOf(region: CompoundRegion): readonly CompoundRegion[] {
  const touch = (a: Region, b: Region): boolean => {
    const p = boundingCircle(a), q = boundingCircle(b);
    return separationDeg(p, q) < p.radiusDeg + q.radiusDeg + 1e-9;
  };
  const rest = region.include.filter((one) => one.kind !== "point"),
    clusters: CompoundRegion[] = [];
  for (let seed = rest.shift(); seed !== undefined; seed = rest.shift()) {
    const members = [seed];
    for (const member of members) {
      for (let k = rest.length - 1; k >= 0; k--) {
        if (touch(member, rest[k]!)) members.push(...rest.splice(k, 1));
      }
    }
    const exclude = region.exclude.filter((one) => members.some((member) => touch(one, member)));
    clusters.push({ kind: "compound", include: members, exclude });
  }
  return clusters;
}

/** Cells across the bounding circle of a cluster. */
const CELLS = 1000;

/** Fraction of the bounding circle, in the equal-area plane R = 2 sin(s/2). */
function countedSolidAngleSr(cluster: CompoundRegion): number {
  const bound = boundingCircle(cluster), contains = regionTest(cluster);
  const edge = 2 * Math.sin(bound.radiusDeg * DEG / 2), step = 2 * edge / CELLS;
  let inside = 0;
  for (let iy = 0; iy < CELLS; iy++) {
    const v = (iy + 0.5) * step - edge;
    for (let ix = 0; ix < CELLS; ix++) {
      const u = (ix + 0.5) * step - edge, r = Math.hypot(u, v);
      if (r >= edge) continue;
      const { lonDeg, latDeg } = offsetBy(bound, {
        separationDeg: 2 * Math.asin(r / 2) / DEG,
        positionAngleDeg: Math.atan2(u, v) / DEG,
      });
      inside += +contains(lonDeg, latDeg);
    }
  }
  return inside * step * step;
}

function compoundSolidAngleSr(region: CompoundRegion): number {
  let sum = 0;
  for (const cluster of clustersOf(region)) {
    const [only, ...others] = cluster.include;
    sum += others.length === 0 && cluster.exclude.length === 0
      ? regionSolidAngleSr(only!)
      : countedSolidAngleSr(cluster);
  }
  return sum;
}

const SOLID_ANGLES: { readonly [K in Region["kind"]]: (region: RegionOf<K>) => number } = {
  circle: (region) => cap(region.radiusDeg),
  annulus: ({ innerRadiusDeg: r, outerRadiusDeg: q }) =>
    4 * Math.PI * Math.sin((q + r) * DEG / 2) * Math.sin((q - r) * DEG / 2),
  ellipse: ellipseSolidAngleSr,
  rectangle: rectangleSolidAngleSr,
  polygon: polygonSolidAngleSr,
  point: () => 0,
  compound: compoundSolidAngleSr,
};

/**
 * Solid angle of a region: circle 4π sin²(r/2), annulus the difference, ellipse and rectangle
 * ∫ (1 - cos S) dψ to 1e-13, polygon the spherical excess (for a polygon that does not cross itself).
 * Parts of a compound that cannot overlap are added; parts that may overlap are counted on a grid of
 * equal areas, to about 1e-4.
 *
 * @param region the region, in any frame
 * @returns the solid angle, sr
 * @throws RangeError for a polygon that does not fit into a hemisphere
 * @example
 * ```ts
 * import { createRegion, regionSolidAngleSr } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const hemisphere = createRegion({
 *   kind: "circle",
 *   frame: "icrs",
 *   lonDeg: 0,
 *   latDeg: 0,
 *   radiusDeg: 90,
 * });
 * assert.ok(Math.abs(regionSolidAngleSr(hemisphere) - 2 * Math.PI) < 1e-14);
 * ```
 */
export function regionSolidAngleSr(region: Region): number {
  return (SOLID_ANGLES[region.kind] as (region: Region) => number)(region);
}
