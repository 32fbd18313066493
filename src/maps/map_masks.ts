/** Masks of regions and of energy: maps of 1 (use it) and 0 (do not). */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import { type Axis, axisIndex, binsInside } from "../nddata/mod.ts";
import { galacticToIcrsInto, type Region, regionSelector } from "../sky/mod.ts";
import { bytesMap } from "./_mask_bytes.ts";
import { broadcastMap } from "./map_axes.ts";
import { regionValid, regionWeights, type RegionWeightsOptions } from "./region_weights.ts";
import { geomCenters, geomPixels, type PixelGeom, type SkyGeom } from "./sky_geom.ts";
import { createSkyMap, type SkyMap } from "./sky_map.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/** What {@linkcode regionMask} takes. */
export interface RegionMaskOptions {
  /** Whether what is in a region is 1; false: what is in none. True where absent. */
  readonly inside?: boolean;
  /** Axes of the result, along which it is the same; none where absent. */
  readonly axes?: readonly Axis[];
}

/**
 * The pixels whose centres are in any of some regions, or in none.
 *
 * @param geom WCS or HEALPix pixels.
 * @param regions A region or several, in any frame.
 * @param options Inside or outside, axes.
 * @returns A new map of bytes.
 * @throws TypeError for a geometry without pixels.
 * @example
 * ```ts
 * import { createWcsGeom, regionMask } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
 * const circle = { kind: "circle", frame: "icrs", lonDeg: 0, latDeg: 0, radiusDeg: 1.2 } as const;
 * const mask = regionMask(geom, circle, { inside: false });
 * deepStrictEqual([...mask.values.data as Uint8Array], [1, 0, 1, 0, 0, 0, 1, 0, 1]);
 * ```
 * @see gammapy.maps.WcsGeom.region_mask
 */
export function regionMask<G extends PixelGeom>(
  geom: G,
  regions: Region | readonly Region[],
  options: RegionMaskOptions = {},
): SkyMap<G> {
  const { inside = true, axes = [] } = options, any: SkyGeom = geom;
  const list = "kind" in regions ? [regions] : regions;
  const union = new Uint8Array(geomPixels(geom));
  for (const region of list) {
    const one = any.kind === "wcs-geom" ? regionValid(any, region) : centersIn(any, region);
    for (let i = 0; i < union.length; i++) union[i]! |= one[i]!;
  }
  const plane = inside ? union : union.map((one) => 1 - one);
  return broadcastMap(bytesMap(geom, [], plane), axes);
}

/** 1 where a pixel's centre is in the region. */
function centersIn(geom: SkyGeom, region: Region): Uint8Array {
  if (geom.kind !== "hpx-geom") {
    throw new TypeError(`A ${geom.kind} has no pixels that are in a region or not`);
  }
  const { lonDeg, latDeg } = geomCenters(geom), n = geomPixels(geom);
  const sky = { lonDeg: lonDeg.data.slice(), latDeg: latDeg.data.slice() };
  if (geom.frame === "galactic") galacticToIcrsInto(sky, sky);
  const found = new Uint32Array(n),
    count = regionSelector(region)(sky.lonDeg, sky.latDeg, n, found);
  const out = new Uint8Array(n);
  for (let k = 0; k < count; k++) out[found[k]!] = 1;
  return out;
}

/**
 * The share of every pixel that is in a region, as a map.
 *
 * @param geom WCS pixels.
 * @param region The region, in any frame.
 * @param options Points along the side of a pixel.
 * @returns A new map of numbers from 0 to 1.
 * @throws RangeError as `regionWeights`.
 * @example
 * ```ts
 * import { createWcsGeom, regionWeightsMap } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
 * const circle = { kind: "circle", frame: "icrs", lonDeg: 0, latDeg: 0, radiusDeg: 0.9 } as const;
 * strictEqual(regionWeightsMap(geom, circle).values.get(1, 1), 1);
 * ```
 * @see gammapy.maps.WcsGeom.region_weights
 */
export function regionWeightsMap(
  geom: WcsGeom,
  region: Region,
  options: RegionWeightsOptions = {},
): SkyMap<WcsGeom> {
  return createSkyMap(geom, { data: regionWeights(geom, region, options) });
}

/** What {@linkcode energyMask} takes. */
export interface EnergyMaskOptions {
  /** Axes of the result, slowest first. */
  readonly axes: readonly Axis[];
  /** Lower and upper bound in the unit of the axis; ±Infinity for none. */
  readonly range: readonly [number, number];
  /** Name of the axis; "energy" where absent. */
  readonly axis?: string;
}

/**
 * The bins that lie wholly inside a range of energy, in all pixels.
 *
 * @param geom Any geometry.
 * @param options Axes, the range, which of them it is along.
 * @returns A new map of bytes over memory of one value a bin.
 * @throws RangeError for an axis that is not there; TypeError for one of times or labels.
 * @example
 * ```ts
 * import { energyMask, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [createMapAxis("energy", [1, 2, 4, 8], { unit: "TeV", interp: "log" })];
 * const mask = energyMask(NO_SKY, { axes, range: [1.5, 8] });
 * deepStrictEqual([mask.values.get(0), mask.values.get(1), mask.values.get(2)], [0, 1, 1]);
 * ```
 * @see gammapy.maps.Geom.energy_mask
 */
export function energyMask<G extends SkyGeom>(geom: G, options: EnergyMaskOptions): SkyMap<G> {
  const { axes, range, axis: name = "energy" } = options, at = axisIndex(axes, name);
  const axis = axes[at]!, shape = [...axes.map((one) => one.nBins), ...geom.shape];
  if (axis.kind !== "map-axis") {
    throw new TypeError(`Found the ${axis.kind} "${name}", expected an axis of numbers`);
  }
  const [start, stop] = binsInside(axis, range);
  const bins = new Uint8Array(axis.nBins).fill(1, start, stop);
  return createSkyMap(geom, {
    axes,
    data: ndarray(bins, shape, shape.map((_, d) => d === at ? 1 : 0)),
  });
}
