/**
 * Regions that lie to the pointing as the source region does: where the acceptance is the same, if it depends
 * on the offset alone.
 */
import { createWcsGeom, regionValid, type SkyMap, valuesAt, type WcsGeom } from "../maps/mod.ts";
import {
  boundingCircle,
  convertFrame,
  createRegion,
  galacticToIcrsInto,
  offsetBy,
  pixelToWorldInto,
  positionAngleDeg,
  type Region,
  regionSelector,
  separationDeg,
  type SimpleRegion,
  type SkyColumns,
  type SkyPosition,
  worldToPixel,
} from "../sky/mod.ts";

/** A region with a centre that can be turned about the pointing. */
export type TurnableRegion = Exclude<SimpleRegion, { readonly kind: "polygon" }>;

/** Where no background may be taken: in regions, or where a map is 0 (outside the map it may). */
export type Exclusion = readonly Region[] | SkyMap;

/** How reflected regions are found. */
export interface ReflectedRegionsOptions {
  /** Pointing, ICRS. */
  readonly pointing: SkyPosition;
  /** Where no background may be taken; nowhere where absent. */
  readonly exclusion?: Exclusion | undefined;
  /** Turn after a region that was not allowed, deg; 0.1 rad where absent. */
  readonly angleIncrementDeg?: number;
  /** Least angle between two regions as seen from the pointing, deg; 0 where absent. */
  readonly minDistanceDeg?: number;
  /** Least angle between the source region and the first and last, deg; 0.1 rad where absent. */
  readonly minDistanceInputDeg?: number;
  /** Most regions; 10000 where absent. */
  readonly maxRegions?: number;
  /** Pixels on which sizes and overlaps are measured, deg; 0.01 where absent. */
  readonly binszDeg?: number;
}

const DEG = Math.PI / 180;
const TENTH_RAD = 0.1 / DEG;

/**
 * Regions of the shape of the source region, turned about the pointing: the first as near as allowed, each next
 * one as near to the last; where one touches what is not allowed the search goes on a little farther.
 *
 * @param region The source region: a circle, annulus, ellipse or rectangle.
 * @param options Pointing, where background may be taken, angles.
 * @returns Regions in the frame of the source region, by growing angle; none where the pointing is inside it.
 * @throws TypeError for a point: see {@linkcode wobbleRegions}.
 * @example
 * ```ts
 * import { reflectedRegions } from "@gammarx/gammarx/makers";
 * import { strictEqual } from "node:assert/strict";
 * const on = { kind: "circle", frame: "icrs", lonDeg: 83.63, latDeg: 22.01, radiusDeg: 0.11 } as const;
 * const pointing = { lonDeg: 83.63, latDeg: 22.51 };
 * strictEqual(reflectedRegions(on, { pointing }).length, 12);
 * ```
 * @see Berge, Funk & Hinton 2007, A&A 466, 1219; gammapy.makers.ReflectedRegionsFinder
 */
export function reflectedRegions(
  region: TurnableRegion,
  options: ReflectedRegionsOptions,
): readonly TurnableRegion[] {
  if (region.kind === "point") {
    throw new TypeError(
      "A point has no size to reflect it by: use wobbleRegions with their number",
    );
  }
  const {
    angleIncrementDeg = TENTH_RAD,
    minDistanceDeg = 0,
    minDistanceInputDeg = TENTH_RAD,
    maxRegions = 10_000,
  } = options;
  if (!(angleIncrementDeg > 0)) {
    throw new RangeError(
      `angleIncrementDeg: found ${angleIncrementDeg}, expected an angle above 0`,
    );
  }
  const turn = turnAbout(region, options.pointing), geom = fieldOf(region, turn.sepDeg, options);
  const size = angularSizeDeg(geom, region);
  if (!(size < 180)) return [];
  const excluded = excludedPixels(geom, region, turn.sepDeg, options.exclusion);
  const regions: TurnableRegion[] = [];
  const step = size + minDistanceDeg, last = 360 - step - minDistanceInputDeg;
  for (let angle = step + minDistanceInputDeg; angle < last;) {
    const turned = turn.by(angle);
    if (touches(turned, excluded)) angle += angleIncrementDeg;
    else {
      regions.push(turned);
      if (regions.length >= maxRegions) break;
      angle += step;
    }
  }
  return Object.freeze(regions);
}

/** How wobble regions are found. */
export interface WobbleRegionsOptions {
  /** Pointing, ICRS. */
  readonly pointing: SkyPosition;
  /** Regions beside the source region, at equal angles. */
  readonly nRegions: number;
  /** Where no background may be taken; nowhere where absent. */
  readonly exclusion?: Exclusion | undefined;
  /** Pixels on which overlaps are measured, deg; 0.01 where absent. */
  readonly binszDeg?: number;
}

/**
 * Regions at equal angles about the pointing, the source region being one of them; those that touch what is not
 * allowed are left out.
 *
 * @param region The source region, which may be a point.
 * @param options Pointing, number of regions, where background may be taken.
 * @returns Regions in the frame of the source region.
 * @throws RangeError where regions with a size overlap each other or the source region, or their number is none.
 * @example
 * ```ts
 * import { wobbleRegions } from "@gammarx/gammarx/makers";
 * import { strictEqual } from "node:assert/strict";
 * const on = { kind: "point", frame: "icrs", lonDeg: 83.63, latDeg: 22.01 } as const;
 * const pointing = { lonDeg: 83.63, latDeg: 22.41 };
 * strictEqual(wobbleRegions(on, { pointing, nRegions: 3 }).length, 3);
 * ```
 * @see gammapy.makers.WobbleRegionsFinder
 */
export function wobbleRegions(
  region: TurnableRegion,
  options: WobbleRegionsOptions,
): readonly TurnableRegion[] {
  const { pointing, nRegions } = options;
  if (!Number.isInteger(nRegions) || nRegions < 1) {
    throw new RangeError(`nRegions: found ${nRegions}, expected 1 or more`);
  }
  const turn = turnAbout(region, pointing), geom = fieldOf(region, turn.sepDeg, options);
  const all = Array.from({ length: nRegions }, (_, i) => turn.by((i + 1) * 360 / (nRegions + 1)));
  if (region.kind !== "point") {
    const size = angularSizeDeg(geom, region), step = 360 / (nRegions + 1);
    if (!(size < step)) {
      throw new RangeError(
        `${nRegions} regions about the pointing overlap: each is seen under ${
          size.toFixed(2)
        } deg, and ` +
          `they are ${step.toFixed(2)} deg apart. Take fewer or smaller ones`,
      );
    }
  }
  const excluded = excludedPixels(geom, region, turn.sepDeg, options.exclusion);
  return Object.freeze(all.filter((one) => !touches(one, excluded)));
}

/** Turns of a region about a position. */
interface Turn {
  readonly sepDeg: number;
  readonly by: (angleDeg: number) => TurnableRegion;
}

function turnAbout(region: TurnableRegion, pointing: SkyPosition): Turn {
  const axis = convertFrame(pointing, { from: "icrs", to: region.frame });
  const center = { lonDeg: region.lonDeg, latDeg: region.latDeg };
  const sepDeg = separationDeg(axis, center), towards = positionAngleDeg(axis, center);
  const back = positionAngleDeg(center, axis);
  return {
    sepDeg,
    by(angleDeg) {
      // From north to east, as the field's tools turn.
      const there = offsetBy(axis, { positionAngleDeg: towards + angleDeg, separationDeg: sepDeg });
      const turned = { ...region, lonDeg: there.lonDeg, latDeg: there.latDeg };
      if (!("angleDeg" in region)) return createRegion(turned) as TurnableRegion;
      // The region keeps its side towards the axis.
      const angle = region.angleDeg + positionAngleDeg(there, axis) - back;
      return createRegion({ ...turned, angleDeg: angle } as TurnableRegion) as TurnableRegion;
    },
  };
}

/** Pixels about the pointing that hold all turned regions. */
function fieldOf(
  region: TurnableRegion,
  sepDeg: number,
  { pointing, binszDeg = 0.01 }: { readonly pointing: SkyPosition; readonly binszDeg?: number },
): WcsGeom {
  return createWcsGeom({
    skydir: convertFrame(pointing, { from: "icrs", to: region.frame }),
    frame: region.frame,
    proj: "TAN",
    binszDeg,
    widthDeg: 4 * sepDeg + 0.3,
  });
}

/** Angle under which the pixels of a region are seen from the middle of the field. */
function angularSizeDeg(geom: WcsGeom, region: Region): number {
  const valid = regionValid(geom, region), [nx] = geom.npix;
  const [lonDeg, latDeg] = geom.wcs.crvalDeg, center = worldToPixel(geom.wcs, { lonDeg, latDeg });
  let low = Infinity, high = -Infinity, lowTurned = Infinity, highTurned = -Infinity;
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0) continue;
    const angle = Math.atan2(center.x - i % nx, center.y - Math.floor(i / nx)) / DEG;
    const turned = angle < 0 ? angle + 360 : angle;
    low = Math.min(low, angle);
    high = Math.max(high, angle);
    lowTurned = Math.min(lowTurned, turned);
    highTurned = Math.max(highTurned, turned);
  }
  if (low === Infinity) {
    throw new RangeError("The region holds no pixel: take a smaller binszDeg");
  }
  return high - low > 180 ? highTurned - lowTurned : high - low;
}

/** ICRS positions of the pixels in which no background may be taken, as far as regions can reach. */
function excludedPixels(
  geom: WcsGeom,
  region: TurnableRegion,
  sepDeg: number,
  exclusion: Exclusion | undefined,
): SkyColumns {
  if (exclusion === undefined) return { lonDeg: new Float64Array(0), latDeg: new Float64Array(0) };
  const pixels = pixelsInReach(geom, region, sepDeg), n = pixels.x.length;
  const icrs = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
  pixelToWorldInto(geom.wcs, pixels, icrs);
  if (geom.frame === "galactic") galacticToIcrsInto(icrs, icrs);
  const excluded = isExcluded(exclusion, icrs);
  const kept = (column: Float64Array) => column.filter((_, i) => excluded[i] === 1);
  return { lonDeg: kept(icrs.lonDeg), latDeg: kept(icrs.latDeg) };
}

/** Pixels that a turned region may hold: a ring about the pointing. */
function pixelsInReach(
  geom: WcsGeom,
  region: TurnableRegion,
  sepDeg: number,
): { readonly x: Float64Array; readonly y: Float64Array } {
  const [nx, ny] = geom.npix, [lonDeg, latDeg] = geom.wcs.crvalDeg;
  const center = worldToPixel(geom.wcs, { lonDeg, latDeg }), binsz = Math.abs(geom.wcs.cdeltDeg[0]);
  const reach = boundingCircle(region).radiusDeg + 2 * binsz;
  const radiusOf = (deg: number) => Math.tan(Math.min(80, Math.max(0, deg)) * DEG) / (binsz * DEG);
  const inner = radiusOf(sepDeg - reach) ** 2, outer = radiusOf(sepDeg + reach) ** 2;
  const x: number[] = [], y: number[] = [];
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const r2 = (ix - center.x) ** 2 + (iy - center.y) ** 2;
      if (r2 < inner || r2 > outer) continue;
      x.push(ix);
      y.push(iy);
    }
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

function isExcluded(exclusion: Exclusion, icrs: SkyColumns): Uint8Array {
  const n = icrs.lonDeg.length, out = new Uint8Array(n);
  if ("geom" in exclusion) {
    const values = valuesAt(exclusion, { ...icrs, frame: "icrs" });
    for (let i = 0; i < n; i++) out[i] = +(values[i] === 0);
    return out;
  }
  const chosen = new Int32Array(n);
  for (const region of exclusion) {
    const count = regionSelector(region)(icrs.lonDeg, icrs.latDeg, n, chosen);
    for (let k = 0; k < count; k++) out[chosen[k]!] = 1;
  }
  return out;
}

/** Whether a region holds an excluded pixel; a point, whether one is within a pixel of it. */
function touches(region: TurnableRegion, excluded: SkyColumns): boolean {
  const n = excluded.lonDeg.length;
  if (n === 0) return false;
  const reach = region.kind === "point"
    ? createRegion({ ...region, kind: "circle", radiusDeg: 0.01 })
    : region;
  const { lonDeg, latDeg } = excluded;
  return regionSelector(reach)(lonDeg, latDeg, n, new Int32Array(n)) > 0;
}
