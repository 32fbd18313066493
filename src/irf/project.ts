/** Responses on the pixels of a geometry. */
import {
  createRegionGeom,
  createSkyMap,
  geomPixels,
  regionOfBin,
  type SkyMap,
} from "../maps/mod.ts";
import { type Axis, createMeta, type MapAxis } from "../nddata/mod.ts";
import { combineUnits } from "../units/mod.ts";
import { type FieldOptions, fieldSamples, pointsOf } from "./_field.ts";
import { type FieldPlanes, irfPlanes, type OtherCoords } from "./_field_planes.ts";
import type { Irf } from "./irf.ts";

export type { FieldOptions } from "./_field.ts";

/** What {@linkcode exposureMap} takes. */
export interface ExposureMapOptions extends FieldOptions {
  /** True energies; evaluated at the bin centres. */
  readonly energyTrue: MapAxis;
  /** Live time, s. */
  readonly livetimeS: number;
}

/**
 * Values on bins × pixels of a geometry, where a region changes along an axis each bin from its own: `make`
 * gives all values for a geometry that has one region.
 */
export function byRegion<O extends FieldOptions>(
  options: O,
  axes: readonly Axis[],
  make: (options: O) => Float64Array,
): Float64Array {
  const { geom } = options;
  if (geom.kind !== "region-geom" || geom.along === undefined) return make(options);
  const { name, nBins } = geom.along.axis, a = axes.findIndex((axis) => axis.name === name);
  const inner = axes.slice(a + 1).reduce((n, axis) => n * axis.nBins, 1);
  const out = new Float64Array(axes.reduce((n, axis) => n * axis.nBins, 1));
  for (let bin = 0; bin < nBins; bin++) {
    const one = make({ ...options, geom: createRegionGeom(regionOfBin(geom, bin)) });
    for (let i = 0; i < out.length; i++) {
      if (a < 0 || Math.floor(i / inner) % nBins === bin) out[i] = one[i]!;
    }
  }
  return out;
}

/** Weighted sum of the points of a region, or the points themselves. */
export function gathered(values: Float64Array, weights: Float64Array | undefined): Float64Array {
  if (weights === undefined) return values;
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * values[k]!;
  return Float64Array.of(sum);
}

/** Means over the time of planes on points, on bins × pixels. */
export function meanPlanes(
  table: Parameters<typeof fieldSamples>[0],
  options: FieldOptions,
  planesOf: (columns: Readonly<Record<string, Float64Array>>, n: number) => FieldPlanes,
): Float64Array {
  const points = pointsOf(options), n = points.lonDeg.length, nPixels = geomPixels(options.geom);
  const plane = new Float64Array(n);
  let out: Float64Array | undefined;
  for (const { share, columns } of fieldSamples(table, points, options)) {
    const planes = planesOf(columns, n);
    out ??= new Float64Array(planes.nPlanes * nPixels);
    for (let p = 0; p < planes.nPlanes; p++) {
      planes.planeInto(p, plane);
      const own = gathered(plane, points.weights), start = p * nPixels;
      for (let k = 0; k < nPixels; k++) out[start + k] = out[start + k]! + share * own[k]!;
    }
  }
  return out ?? new Float64Array(0);
}

/** Values of a table on other coordinates × pixels, in its unit. */
export function irfOnGeom(irf: Irf, others: OtherCoords, options: FieldOptions): Float64Array {
  const at = options.at ?? {};
  return meanPlanes(irf, options, (columns, n) => irfPlanes(irf, { others, columns, at, n }));
}

/**
 * Exposure of an observation: effective area at the bin centres of the true energy and the pixel centres,
 * times live time.
 *
 * The table may have any of the axes offset, fov_lon, fov_lat, and further ones that `at` gives a place;
 * where its field of view turns with the sky, the mean over the time is taken.
 *
 * @param aeff Effective area.
 * @param options Geometry, energies, pointing (ICRS), live time; what stands for a region.
 * @returns A new map on energy_true, cm² s; 0 outside the table.
 * @throws TypeError for an axis of the table without a place, or a geometry without sky; RangeError for a
 *   live time below 0.
 * @example
 * ```ts
 * import { createIrf, exposureMap } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" });
 * const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
 * const aeff = createIrf("aeff", [energyTrue, offset], { data: Float64Array.of(1e9, 1e9, 2e9, 2e9) });
 * const exposure = exposureMap(aeff, {
 *   geom: createWcsGeom({ npix: 3, binszDeg: 0.1, proj: "TAN" }), energyTrue,
 *   pointing: { lonDeg: 0, latDeg: 0 }, livetimeS: 100,
 * });
 * strictEqual(exposure.unit, "cm2 s");
 * strictEqual(exposure.values.get(0, 1, 1), 1e11);
 * ```
 * @see gammapy.makers.utils.make_map_exposure_true_energy
 */
export function exposureMap(aeff: Irf<"aeff">, options: ExposureMapOptions): SkyMap {
  const { geom, energyTrue, livetimeS } = options;
  if (!(livetimeS >= 0)) throw new RangeError(`A live time is 0 s or more, found ${livetimeS}`);
  const data = byRegion(
    options,
    [energyTrue],
    (own) => irfOnGeom(aeff, [["energy_true", energyTrue.centers]], own),
  );
  for (let i = 0; i < data.length; i++) data[i] = data[i]! * livetimeS;
  return createSkyMap(geom, {
    axes: [energyTrue],
    data,
    unit: combineUnits([[aeff.unit ?? "", 1], ["s", 1]]),
    meta: createMeta({ extra: { livetimeS, pointLike: aeff.pointLike } }),
  });
}
