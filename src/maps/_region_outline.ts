/**
 * Which pixels the outline of a region may touch.
 *
 * The outline is followed in steps of at most half a pixel, and the three by three pixels around each
 * step are marked: a pixel that is not marked is on one side of the outline as a whole.
 */
import {
  convertFrame,
  type EllipseRegion,
  offsetBy,
  type RectangleRegion,
  type Region,
  type RegionOf,
  type SkyPosition,
  worldToPixel,
} from "../sky/mod.ts";
import type { WcsGeom } from "./wcs_geom.ts";

const DEG = Math.PI / 180;
/** Longest step in pixels. */
const STEP = 0.5;
/** Halvings of a segment, after which only a jump of the projection can be left. */
const DEPTH = 40;
/** Least number of segments of a curve. */
const SEGMENTS = 16;

/** A curve on the sky, t from 0 to 1, and its length or more, deg. */
interface Curve {
  readonly at: (t: number) => SkyPosition;
  readonly lengthDeg: number;
}

/** The circle about a centre. */
function circle(center: SkyPosition, radiusDeg: number): Curve {
  return {
    at: (t) => offsetBy(center, { separationDeg: radiusDeg, positionAngleDeg: 360 * t }),
    lengthDeg: 2 * Math.PI * radiusDeg,
  };
}

/** A curve given by the offsets u and v from a box's centre, along its axes, deg. */
function inBox(
  region: EllipseRegion | RectangleRegion,
  offsets: (t: number) => readonly [number, number],
): Curve {
  const at = (t: number): SkyPosition => {
    const [u, v] = offsets(t);
    return offsetBy(region, {
      separationDeg: Math.hypot(u, v),
      positionAngleDeg: region.angleDeg + Math.atan2(u, v) / DEG,
    });
  };
  return { at, lengthDeg: 2 * (region.widthDeg + region.heightDeg) };
}

/** The great circle from one position to another. */
function arc(from: SkyPosition, to: SkyPosition): Curve {
  const vector = ({ lonDeg, latDeg }: SkyPosition): readonly [number, number, number] => {
    const c = Math.cos(latDeg * DEG);
    return [c * Math.cos(lonDeg * DEG), c * Math.sin(lonDeg * DEG), Math.sin(latDeg * DEG)];
  };
  const a = vector(from), b = vector(to);
  const at = (t: number): SkyPosition => {
    const [x, y, z] = a.map((one, k) => (1 - t) * one + t * b[k]!) as [number, number, number];
    return { lonDeg: Math.atan2(y, x) / DEG, latDeg: Math.atan2(z, Math.hypot(x, y)) / DEG };
  };
  return { at, lengthDeg: 180 };
}

const OUTLINES: {
  readonly [K in Region["kind"]]: (region: RegionOf<K>, frame: WcsGeom["frame"]) => Curve[];
} = {
  circle: (region, frame) => [inFrame(region, frame, circle(region, region.radiusDeg))],
  annulus: (region, frame) =>
    [region.innerRadiusDeg, region.outerRadiusDeg].map((radius) =>
      inFrame(region, frame, circle(region, radius))
    ),
  ellipse(region, frame) {
    const a = region.widthDeg / 2, b = region.heightDeg / 2;
    const curve = inBox(region, (t) => {
      const turn = 2 * Math.PI * t;
      return [a * Math.sin(turn), b * Math.cos(turn)];
    });
    return [inFrame(region, frame, curve)];
  },
  rectangle(region, frame) {
    const a = region.widthDeg / 2, b = region.heightDeg / 2;
    const sides: readonly ((t: number) => readonly [number, number])[] = [
      (t) => [a * (2 * t - 1), b],
      (t) => [a * (2 * t - 1), -b],
      (t) => [a, b * (2 * t - 1)],
      (t) => [-a, b * (2 * t - 1)],
    ];
    return sides.map((side) => inFrame(region, frame, inBox(region, side)));
  },
  polygon: (region, frame) =>
    region.vertices.map((vertex, i) =>
      inFrame(region, frame, arc(vertex, region.vertices[(i + 1) % region.vertices.length]!))
    ),
  point: () => [],
  compound: (region, frame) =>
    [...region.include, ...region.exclude].flatMap((one) => outlineOf(one, frame)),
};

function inFrame(
  region: { readonly frame: WcsGeom["frame"] },
  frame: WcsGeom["frame"],
  curve: Curve,
): Curve {
  if (region.frame === frame) return curve;
  return { ...curve, at: (t) => convertFrame(curve.at(t), { from: region.frame, to: frame }) };
}

function outlineOf(region: Region, frame: WcsGeom["frame"]): Curve[] {
  const outline = OUTLINES[region.kind] as (region: Region, frame: WcsGeom["frame"]) => Curve[];
  return outline(region, frame);
}

/**
 * Marks of the pixels that the outline may touch.
 *
 * @param geom the map
 * @param region a region within less than 90 deg of its centre
 * @returns a new array, 1 for marked pixels
 */
export function outlinePixels(geom: WcsGeom, region: Region): Uint8Array {
  const [nx, ny] = geom.npix, marks = new Uint8Array(nx * ny), { wcs } = geom;
  const mark = (x: number, y: number): void => {
    const ix = Math.round(x), iy = Math.round(y);
    for (let j = Math.max(0, iy - 1); j <= Math.min(ny - 1, iy + 1); j++) {
      for (let i = Math.max(0, ix - 1); i <= Math.min(nx - 1, ix + 1); i++) marks[j * nx + i] = 1;
    }
  };
  const misses = (a: number, b: number, n: number, margin: number): boolean =>
    Math.max(a, b) + margin < -1.5 || Math.min(a, b) - margin > n + 0.5;
  for (const { at, lengthDeg } of outlineOf(region, geom.frame)) {
    const pixel = (t: number) => worldToPixel(wcs, at(t));
    type Pixel = ReturnType<typeof pixel>;
    const follow = (t0: number, p0: Pixel, t1: number, p1: Pixel, depth: number): void => {
      const step = Math.max(Math.abs(p1.x - p0.x), Math.abs(p1.y - p0.y));
      if (step <= STEP || depth === DEPTH) {
        mark(p0.x, p0.y);
        mark(p1.x, p1.y);
        return;
      }
      // NaN compares false: a segment that leaves the projection is followed to its edge
      if (misses(p0.x, p1.x, nx, step) || misses(p0.y, p1.y, ny, step)) return;
      if (Number.isNaN(p0.x) && Number.isNaN(p1.x)) return;
      const middle = (t0 + t1) / 2, p = pixel(middle);
      follow(t0, p0, middle, p, depth + 1);
      follow(middle, p, t1, p1, depth + 1);
    };
    const n = Math.max(SEGMENTS, Math.ceil(lengthDeg));
    for (let k = 0, p0 = pixel(0); k < n; k++) {
      const p1 = pixel((k + 1) / n);
      follow(k / n, p0, (k + 1) / n, p1, 0);
      p0 = p1;
    }
  }
  return marks;
}
