/** Sky geometry of a region: no pixels, or one region a bin of an axis. */
import { type Axis, axisKey, type Cut, sliceAxis } from "../nddata/mod.ts";
import { fingerprint, type Fingerprintable } from "../numeric/mod.ts";
import {
  boundingCircle,
  createRegion,
  type PixelIndexer,
  type Region,
  regionContains,
  regionSelector,
  regionSolidAngleSr,
  type SkyFrame,
  type SkyPosition,
} from "../sky/mod.ts";

/** A region that changes along an axis: a point-like analysis with a radius by energy. */
export interface RegionsAlong {
  /** The axis along which it changes, the same as that of the map. */
  readonly axis: Axis;
  /** The region of each bin of the axis. */
  readonly regions: readonly Region[];
}

/** Sky geometry of a map that holds one value a region. */
export interface RegionGeom {
  /** Which geometry this is. */
  readonly kind: "region-geom";
  /** The region; where it changes along an axis, the one of its first bin. */
  readonly region: Region;
  /** The regions along an axis; undefined where there is one for all. */
  readonly along: RegionsAlong | undefined;
  /** Frame of {@linkcode geomCenters}: ICRS. */
  readonly frame: SkyFrame;
  /** No pixel dimension. */
  readonly shape: readonly [];
  /** Canonical text: two geometries are the same where their keys are equal. */
  readonly key: string;
}

/**
 * The geometry of a region.
 *
 * @param region A region, or one for each bin of an axis.
 * @returns A frozen record.
 * @throws RangeError for a region with a number out of range; TypeError where there is not one region a
 *   bin.
 * @example
 * ```ts
 * import { createRegionGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const circle = (radiusDeg: number) =>
 *   ({ kind: "circle", frame: "icrs", lonDeg: 83.6, latDeg: 22, radiusDeg }) as const;
 * strictEqual(createRegionGeom(circle(0.1)).along, undefined);
 * const axis = energyAxis({ low: 1, high: 100, nBins: 2 });
 * const narrowing = createRegionGeom({ axis, regions: [circle(0.2), circle(0.1)] });
 * strictEqual(narrowing.along?.regions.length, 2);
 * ```
 * @see gammapy.maps.RegionGeom, which has one region for all energies
 */
export function createRegionGeom(region: Region | RegionsAlong): RegionGeom {
  if ("kind" in region) return geomOf(createRegion(region), undefined);
  const { axis } = region, regions = Object.freeze(region.regions.map((one) => createRegion(one)));
  if (regions.length !== axis.nBins) {
    throw new TypeError(
      `Found ${regions.length} regions along the axis ${axis.name}, expected one for each of its ` +
        `${axis.nBins} bins`,
    );
  }
  return geomOf(regions[0]!, Object.freeze({ axis, regions }));
}

function geomOf(region: Region, along: RegionsAlong | undefined): RegionGeom {
  const parts = along === undefined
    ? { region }
    : { axis: axisKey(along.axis), regions: along.regions };
  return Object.freeze({
    kind: "region-geom",
    region,
    along,
    frame: "icrs",
    shape: Object.freeze([] as const),
    key: `region-geom;${fingerprint(parts as unknown as Fingerprintable)}`,
  });
}

/**
 * The region of a bin of the axis along which a geometry changes.
 *
 * @param geom The geometry.
 * @param bin Bin of `geom.along.axis`; left out of account where there is one region for all.
 * @returns The region.
 * @throws RangeError for a bin that the axis does not have.
 * @example
 * ```ts
 * import { createRegionGeom, regionOfBin } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const point = { kind: "point", frame: "galactic", lonDeg: 0, latDeg: 0 } as const;
 * strictEqual(regionOfBin(createRegionGeom(point), 3).kind, "point");
 * ```
 */
export function regionOfBin(geom: RegionGeom, bin: number): Region {
  if (geom.along === undefined) return geom.region;
  const region = geom.along.regions[bin];
  if (region === undefined) {
    throw new RangeError(
      `Axis ${geom.along.axis.name} has bins 0 to ${geom.along.regions.length - 1}, found ${bin}`,
    );
  }
  return region;
}

/** The middle of the region's bounding circle, in ICRS. */
export function regionCenter(geom: RegionGeom): SkyPosition {
  const { lonDeg, latDeg } = boundingCircle(geom.region);
  return { lonDeg, latDeg };
}

/** Solid angle of the region, or of that of each bin, on the sphere. */
export function regionGeomSolidAngles(geom: RegionGeom): Float64Array {
  return Float64Array.from(geom.along?.regions ?? [geom.region], regionSolidAngleSr);
}

/** 0 where the region, or any of those along an axis, holds a position; −1 elsewhere. */
export function regionGeomIndex(geom: RegionGeom, icrs: SkyPosition): number {
  return regionsOf(geom).some((region) => regionContains(region, icrs.lonDeg, icrs.latDeg))
    ? 0
    : -1;
}

/** The regions of a geometry, each kind of it once. */
export function regionsOf(geom: RegionGeom): readonly Region[] {
  return geom.along?.regions ?? [geom.region];
}

/** Finds events in the region, or in any of those along an axis. */
export function regionPixelIndexer(geom: RegionGeom): PixelIndexer {
  const selectors = regionsOf(geom).map(regionSelector);
  let chosen = new Int32Array(0);
  return (raDeg, decDeg, n, out) => {
    if (chosen.length < n) chosen = new Int32Array(n);
    out.fill(-1, 0, n);
    for (const select of selectors) {
      const count = select(raDeg, decDeg, n, chosen);
      for (let k = 0; k < count; k++) out[chosen[k]!] = 0;
    }
  };
}

/** The geometry of a part of its own axis: of one bin that bin's region. */
export function sliceRegionGeom(geom: RegionGeom, cut: Cut): RegionGeom {
  if (geom.along === undefined || cut === undefined) return geom;
  if (typeof cut === "number") return createRegionGeom(regionOfBin(geom, cut));
  const { axis, regions } = geom.along;
  return createRegionGeom({ axis: sliceAxis(axis, cut), regions: regions.slice(...cut) });
}

/** The geometry of some regions by groups of bins: the union of each group, each region of it once. */
export function groupedRegionGeom(geom: RegionGeom, axis: Axis, bounds: Int32Array): RegionGeom {
  if (geom.along === undefined) return geom;
  const { regions } = geom.along;
  const joined = Array.from(
    { length: axis.nBins },
    (_, i) => unionOf(regions.slice(bounds[i]!, bounds[i + 1]!)),
  );
  return createRegionGeom({ axis, regions: joined });
}

/** What any of some regions holds; the one region where they are all the same. */
export function unionOf(regions: readonly Region[]): Region {
  const once = new Map(regions.map((one) => [JSON.stringify(one), one]));
  const [first] = once.values();
  return once.size === 1 ? first! : { kind: "compound", include: [...once.values()], exclude: [] };
}
