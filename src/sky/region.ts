/**
 * Regions of the sky as plain records.
 *
 * Edges are half-open: a position whose distance equals the radius is outside. Angles are position
 * angles, east of north, in the region's own frame.
 */
import { insideDirection } from "./_region_icrs.ts";
import { checkFrame, type SkyFrame, type SkyPosition } from "./sky_frame.ts";

/** All positions nearer than a radius. */
export interface CircleRegion {
  /** Which region this is. */
  readonly kind: "circle";
  /** Frame of the centre. */
  readonly frame: SkyFrame;
  /** Longitude of the centre, deg. */
  readonly lonDeg: number;
  /** Latitude of the centre, deg. */
  readonly latDeg: number;
  /** Radius, deg, in (0, 180]. */
  readonly radiusDeg: number;
}

/** All positions with inner radius <= separation < outer radius. */
export interface AnnulusRegion {
  /** Which region this is. */
  readonly kind: "annulus";
  /** Frame of the centre. */
  readonly frame: SkyFrame;
  /** Longitude of the centre, deg. */
  readonly lonDeg: number;
  /** Latitude of the centre, deg. */
  readonly latDeg: number;
  /** Inner radius, deg, in [0, outer radius). */
  readonly innerRadiusDeg: number;
  /** Outer radius, deg, in (0, 180]. */
  readonly outerRadiusDeg: number;
}

/**
 * All positions with (u/(width/2))² + (v/(height/2))² < 1, where v = s cos(ψ - angle) and
 * u = s sin(ψ - angle) with the separation s from the centre and the position angle ψ there.
 */
export interface EllipseRegion {
  /** Which region this is. */
  readonly kind: "ellipse";
  /** Frame of the centre and of the angle. */
  readonly frame: SkyFrame;
  /** Longitude of the centre, deg. */
  readonly lonDeg: number;
  /** Latitude of the centre, deg. */
  readonly latDeg: number;
  /** Full axis along longitude where the angle is 0, deg, in (0, 180]. */
  readonly widthDeg: number;
  /** Full axis along latitude where the angle is 0, deg, in (0, 180]. */
  readonly heightDeg: number;
  /** Position angle of the height axis, deg, east of north. */
  readonly angleDeg: number;
}

/** All positions with |u| < width/2 and |v| < height/2; u and v as of {@linkcode EllipseRegion}. */
export interface RectangleRegion {
  /** Which region this is. */
  readonly kind: "rectangle";
  /** Frame of the centre and of the angle. */
  readonly frame: SkyFrame;
  /** Longitude of the centre, deg. */
  readonly lonDeg: number;
  /** Latitude of the centre, deg. */
  readonly latDeg: number;
  /** Full side along longitude where the angle is 0, deg, in (0, 180]. */
  readonly widthDeg: number;
  /** Full side along latitude where the angle is 0, deg, in (0, 180]. */
  readonly heightDeg: number;
  /** Position angle of the height side, deg, east of north. */
  readonly angleDeg: number;
}

/**
 * The inside of a polygon with great-circle edges, by the even-odd rule. All vertices are within 90°
 * of their mean direction, which is on the inner side.
 */
export interface PolygonRegion {
  /** Which region this is. */
  readonly kind: "polygon";
  /** Frame of the vertices. */
  readonly frame: SkyFrame;
  /** At least three vertices, in order; the last is joined to the first. */
  readonly vertices: readonly SkyPosition[];
}

/** A position without extent: it contains nothing. */
export interface PointRegion {
  /** Which region this is. */
  readonly kind: "point";
  /** Frame of the position. */
  readonly frame: SkyFrame;
  /** Longitude, deg. */
  readonly lonDeg: number;
  /** Latitude, deg. */
  readonly latDeg: number;
}

/** What is in any of `include` and in none of `exclude`. */
export interface CompoundRegion {
  /** Which region this is. */
  readonly kind: "compound";
  /** Regions of which one must contain a position; at least one. */
  readonly include: readonly Region[];
  /** Regions none of which may contain it. */
  readonly exclude: readonly Region[];
}

/** A region with a centre and a shape of its own. */
export type SimpleRegion =
  | CircleRegion
  | AnnulusRegion
  | EllipseRegion
  | RectangleRegion
  | PolygonRegion
  | PointRegion;

/** A region of the sky. */
export type Region = SimpleRegion | CompoundRegion;

/** The region of a kind. */
export type RegionOf<K extends Region["kind"]> = Extract<Region, { kind: K }>;

/** A number of a region within its bounds, or RangeError. */
function checkNumber(
  where: string,
  value: number,
  limits: { readonly above?: number; readonly from?: number; readonly to?: number },
): void {
  const { above = -Infinity, from = -Infinity, to = Infinity } = limits;
  if (Number.isFinite(value) && value > above && value >= from && value <= to) return;
  const least = above > -Infinity ? `(${above}` : from > -Infinity ? `[${from}` : "(-infinity";
  throw new RangeError(
    `${where}: found ${value}, expected a number in ${least}, ${
      to < Infinity ? `${to}]` : "infinity)"
    }`,
  );
}

function checkPosition(where: string, position: SkyPosition): void {
  checkNumber(`${where} lonDeg`, position.lonDeg, {});
  checkNumber(`${where} latDeg`, position.latDeg, { from: -90, to: 90 });
}

function checkBox(region: EllipseRegion | RectangleRegion): void {
  checkPosition(region.kind, region);
  checkNumber(`${region.kind} widthDeg`, region.widthDeg, { above: 0, to: 180 });
  checkNumber(`${region.kind} heightDeg`, region.heightDeg, { above: 0, to: 180 });
  checkNumber(`${region.kind} angleDeg`, region.angleDeg, {});
}

const CHECKS: { readonly [K in Region["kind"]]: (region: RegionOf<K>) => void } = {
  circle(region) {
    checkPosition("circle", region);
    checkNumber("circle radiusDeg", region.radiusDeg, { above: 0, to: 180 });
  },
  annulus(region) {
    checkPosition("annulus", region);
    checkNumber("annulus outerRadiusDeg", region.outerRadiusDeg, { above: 0, to: 180 });
    checkNumber("annulus innerRadiusDeg", region.innerRadiusDeg, { from: 0 });
    if (!(region.innerRadiusDeg < region.outerRadiusDeg)) {
      throw new RangeError(
        `annulus: found inner radius ${region.innerRadiusDeg} deg and outer radius ` +
          `${region.outerRadiusDeg} deg, expected inner < outer`,
      );
    }
  },
  ellipse: checkBox,
  rectangle: checkBox,
  polygon(region) {
    if (region.vertices.length < 3) {
      throw new RangeError(
        `polygon: found ${region.vertices.length} vertices, expected at least 3`,
      );
    }
    region.vertices.forEach((vertex, i) => checkPosition(`polygon vertex ${i}`, vertex));
    insideDirection(region);
  },
  point: (region) => checkPosition("point", region),
  compound(region) {
    if (region.include.length === 0) {
      throw new RangeError("compound: found no included region, expected at least one");
    }
  },
};

/**
 * A checked, frozen copy of a region.
 *
 * @param region the region's fields; see the type of its `kind`
 * @returns a frozen record, and for a compound frozen parts
 * @throws RangeError for an unknown kind or frame, or a number out of range
 * @example
 * ```ts
 * import { createRegion } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const crab = { kind: "circle", frame: "icrs", lonDeg: 83.633, latDeg: 22.014 } as const;
 * assert.equal(createRegion({ ...crab, radiusDeg: 0.5 }).radiusDeg, 0.5);
 * assert.throws(() => createRegion({ ...crab, radiusDeg: -1 }), /found -1, expected a number in \(0/);
 * ```
 */
export function createRegion<R extends Region>(region: R): R {
  const check = (CHECKS as Record<string, ((region: Region) => void) | undefined>)[region.kind];
  if (check === undefined) {
    throw new RangeError(
      `Unknown region "${region.kind}": expected one of ${Object.keys(CHECKS).join(", ")}`,
    );
  }
  if (region.kind !== "compound") checkFrame(region.frame);
  check(region);
  const copy: R = { ...region, ...frozenParts(region) };
  Object.freeze(copy);
  return copy;
}

/** Copies of what a region holds beside numbers. */
function frozenParts(region: Region): Partial<CompoundRegion> | Partial<PolygonRegion> {
  if (region.kind === "compound") {
    return {
      include: Object.freeze(region.include.map(createRegion)),
      exclude: Object.freeze(region.exclude.map(createRegion)),
    };
  }
  if (region.kind !== "polygon") return {};
  return { vertices: Object.freeze(region.vertices.map((one) => Object.freeze({ ...one }))) };
}
