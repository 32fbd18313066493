/** Sums, parts and images of responses on the sky. */
import {
  createRegionGeom,
  createSkyMap,
  cutoutMap,
  type CutoutMapOptions,
  geomCenters,
  geomEquals,
  geomIndexInto,
  geomPixels,
  type HpxGeom,
  regionWeights,
  type SkyGeom,
  type SkyMap,
  solidAngleSr,
  type WcsGeom,
} from "../maps/mod.ts";
import { combineMeta, squashAxis } from "../nddata/mod.ts";
import { integrateLog } from "../numeric/mod.ts";
import { boundingCircle, galacticToIcrsInto, type Region, regionSelector } from "../sky/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { numbersOf, reducedAxes, type ReducedIrf, type ReducedKind, reducedOf } from "./reduced.ts";
import { pixelWeights } from "./reduced_at.ts";

/** How {@linkcode stackReduced} adds. */
export interface StackReducedOptions {
  /** The sky of the sum; that of the first part where absent. Parts may be cut out of it. */
  readonly geom?: SkyGeom;
  /**
   * Weights of each part, undefined for 1: images on its sky, or maps with its axis of energies, such as 1
   * where it is safe and 0 elsewhere.
   */
  readonly weights?: readonly (SkyMap | undefined)[];
}

function requireExposure(irf: ReducedIrf): SkyMap {
  if (irf.exposure !== undefined) return irf.exposure;
  throw new TypeError(`A "${irf.kind}" without exposure has no weight in a sum: give it one`);
}

/** Places of the pixels of a part in the whole; −1 outside. */
function placesIn(whole: SkyGeom, part: SkyGeom): Int32Array {
  const n = geomPixels(part);
  if (geomEquals(whole, part)) return Int32Array.from({ length: n }, (_, k) => k);
  const pixels = part.kind === "wcs-geom" || part.kind === "hpx-geom";
  if (!pixels || part.kind !== whole.kind || part.frame !== whole.frame) {
    throw new TypeError(
      `Found responses on a ${part.kind} that is no part of the ${whole.kind} of the sum`,
    );
  }
  const { lonDeg, latDeg } = geomCenters(part), sky = { lonDeg: lonDeg.data, latDeg: latDeg.data };
  const places = geomIndexInto(whole, sky, new Int32Array(n)), centers = geomCenters(whole);
  for (let k = 0; k < n; k++) {
    const at = places[k]!;
    if (at < 0) continue;
    const turn = (centers.lonDeg.data[at]! - sky.lonDeg[k]! + 540) % 360 - 180;
    const off = Math.hypot(
      turn * Math.cos(sky.latDeg[k]! * Math.PI / 180),
      centers.latDeg.data[at]! - sky.latDeg[k]!,
    );
    if (!(off < 1e-6)) {
      throw new TypeError(
        `Found responses whose pixels are ${off} deg from those of the sum: only parts that were cut ` +
          "out of it can be added",
      );
    }
  }
  return places;
}

/** Weight at an energy and a pixel. */
function weightOf(weights: SkyMap | undefined, part: ReducedIrf): (e: number, k: number) => number {
  if (weights === undefined) return () => 1;
  const values = numbersOf(weights), n = geomPixels(part.map.geom), nE = reducedAxes(part)[0].nBins;
  if (values.length === n) return (_, k) => values[k]!;
  if (values.length === n * nE) return (e, k) => values[e * n + k]!;
  throw new TypeError(
    `Found weights of the shape [${weights.values.shape}], expected an image of ${n} pixels or ${nE} ` +
      "of them",
  );
}

/**
 * The responses of several observations together: K = Σ w ε K / Σ w ε, ε the exposure; the exposure of the sum
 * is Σ w ε. The order of the parts does not matter, nor how they are grouped, but for rounding.
 *
 * @param parts Responses of one kind with equal axes, each with its exposure.
 * @param options The sky of the sum, weights.
 * @returns New responses; 0 where there is no exposure.
 * @throws TypeError without parts or exposures, for other kinds or axes, or pixels that are not those of
 *   the sum.
 * @example
 * ```ts
 * import { gaussPsfMap, stackReduced } from "@gammarx/gammarx/irf";
 * import { createSkyMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const exposure = createSkyMap(NO_SKY, { axes: [energyTrue], data: Float64Array.of(1e10), unit: "cm2 s" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, exposure });
 * strictEqual(stackReduced([psf, psf]).exposure?.values.get(0), 2e10);
 * ```
 * @see gammapy.irf.IRFMap.stack
 */
export function stackReduced<K extends ReducedKind>(
  parts: readonly ReducedIrf<K>[],
  options: StackReducedOptions = {},
): ReducedIrf<K> {
  const [first] = parts;
  if (first === undefined) throw new TypeError("Found no responses to add, expected one or more");
  const geom = options.geom ?? first.map.geom, [energy, other] = reducedAxes(first);
  const nPixels = geomPixels(geom), m = other.nBins, unit = requireExposure(first).unit ?? "";
  const data = new Float64Array(energy.nBins * m * nPixels);
  const total = new Float64Array(energy.nBins * nPixels);
  parts.forEach((part, p) => {
    const exposure = requireExposure(part), key = (irf: ReducedIrf) => axesKey(irf);
    if (part.kind !== first.kind || key(part) !== key(first)) {
      throw new TypeError(
        `Found a "${part.kind}" on ${key(part)}, expected a "${first.kind}" on ${key(first)}`,
      );
    }
    const places = placesIn(geom, part.map.geom), n = places.length, values = numbersOf(part.map);
    const factor = unitFactor(exposure.unit ?? "", unit), exposures = numbersOf(exposure);
    const weight = weightOf(options.weights?.[p], part);
    for (let e = 0; e < energy.nBins; e++) {
      for (let k = 0; k < n; k++) {
        const at = places[k]!, share = weight(e, k) * exposures[e * n + k]! * factor;
        if (at < 0 || !(share > 0)) continue;
        total[e * nPixels + at] = total[e * nPixels + at]! + share;
        for (let i = 0; i < m; i++) {
          const to = (e * m + i) * nPixels + at, value = values[(e * m + i) * n + k]!;
          if (value > 0) data[to] = data[to]! + share * value;
        }
      }
    }
  });
  divide(data, total, { nE: energy.nBins, m, nPixels });
  const exposure = createSkyMap(geom, { axes: [energy], data: total, unit });
  const meta = combineMeta(parts.map((part) => part.map.meta));
  return reducedOf(first.kind, { geom, axes: first.map.axes, data, exposure, meta });
}

function axesKey(irf: ReducedIrf): string {
  return reducedAxes(irf).map(({ name, nBins, edges, unit }) =>
    `${name} ${nBins} from ${edges[0]!.toPrecision(8)} to ${edges[nBins]!.toPrecision(8)} ${unit}`
  ).join(", ");
}

function divide(
  data: Float64Array,
  total: Float64Array,
  { nE, m, nPixels }: { readonly nE: number; readonly m: number; readonly nPixels: number },
): void {
  for (let e = 0; e < nE; e++) {
    for (let i = 0; i < m; i++) {
      const start = (e * m + i) * nPixels;
      for (let k = 0; k < nPixels; k++) {
        const sum = total[e * nPixels + k]!;
        data[start + k] = sum > 0 ? data[start + k]! / sum : 0;
      }
    }
  }
}

/**
 * A part of responses on the sky, with its exposure.
 *
 * @param irf Responses on pixels.
 * @param options The middle, the width, what to do outside.
 * @returns New responses on the part of the sky.
 * @throws TypeError for responses without pixels; RangeError where both have nothing in common.
 * @example
 * ```ts
 * import { cutoutReduced, gaussPsfMap } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const geom = createWcsGeom({ npix: 6, binszDeg: 1, proj: "TAN" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, geom });
 * const part = cutoutReduced(psf, { center: { lonDeg: 0, latDeg: 0 }, widthDeg: [4, 2] });
 * deepStrictEqual(part.map.values.shape, [1, 66, 2, 4]);
 * ```
 * @see gammapy.irf.IRFMap.cutout
 */
export function cutoutReduced<K extends ReducedKind>(
  irf: ReducedIrf<K>,
  options: CutoutMapOptions,
): ReducedIrf<K> {
  const cut = (map: SkyMap) => cutoutMap(map as SkyMap<WcsGeom | HpxGeom>, options) as SkyMap;
  const exposure = irf.exposure && cut(irf.exposure);
  return Object.freeze({ kind: irf.kind, map: cut(irf.map), exposure });
}

/** How {@linkcode regionReduced} makes one response of many. */
export interface RegionReducedOptions {
  /** Mean over the area, or weighted with exposure as well; "exposure" where there is one. */
  readonly weighting?: "area" | "exposure";
}

/**
 * The mean of responses over a region, on the geometry of the region. The mean goes over the parts of pixels
 * that are in it; of a region smaller than the pixels it is the value at its middle.
 *
 * @param irf Responses on pixels.
 * @param region Any region.
 * @param options What the mean is weighted with.
 * @returns New responses; their exposure is the mean over the area.
 * @throws TypeError for responses without pixels, or weighting with an exposure that is not there.
 * @example
 * ```ts
 * import { gaussPsfMap, regionReduced } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const geom = createWcsGeom({ npix: 6, binszDeg: 1, proj: "TAN" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, geom });
 * const circle = { kind: "circle", frame: "icrs", lonDeg: 0, latDeg: 0, radiusDeg: 2 } as const;
 * deepStrictEqual(regionReduced(psf, circle).map.values.shape, [1, 66]);
 * ```
 * @see gammapy.irf.IRFMap.to_region_nd_map
 */
export function regionReduced<K extends ReducedKind>(
  irf: ReducedIrf<K>,
  region: Region,
  options: RegionReducedOptions = {},
): ReducedIrf<K> {
  const { weighting = irf.exposure === undefined ? "area" : "exposure" } = options;
  const { geom } = irf.map,
    [energy, other] = reducedAxes(irf),
    n = geomPixels(geom),
    m = other.nBins;
  const { pixels, weights } = shares(geom, region), values = numbersOf(irf.map);
  const exposures = irf.exposure && numbersOf(irf.exposure);
  if (weighting === "exposure") requireExposure(irf);
  const data = new Float64Array(energy.nBins * m), mean = new Float64Array(energy.nBins);
  const area = weights.reduce((a, b) => a + b, 0);
  for (let e = 0; e < energy.nBins; e++) {
    let total = 0;
    for (let k = 0; k < pixels.length; k++) {
      const pixel = pixels[k]!, exposure = exposures?.[e * n + pixel] ?? 0;
      mean[e] = mean[e]! + weights[k]! * exposure / area;
      const weight = weights[k]! * (weighting === "exposure" ? exposure : 1);
      let norm = 0;
      for (let i = 0; i < m; i++) norm += values[(e * m + i) * n + pixel]!;
      if (!(weight > 0 && norm > 0)) continue;
      total += weight;
      for (let i = 0; i < m; i++) {
        data[e * m + i] = data[e * m + i]! + weight * values[(e * m + i) * n + pixel]!;
      }
    }
    if (total > 0) { for (let i = 0; i < m; i++) data[e * m + i] = data[e * m + i]! / total; }
  }
  const own = createRegionGeom(region), { axes, meta } = irf.map;
  const exposure = irf.exposure && createSkyMap(own, {
    axes: [energy],
    data: mean,
    unit: irf.exposure.unit ?? "",
  });
  return reducedOf(irf.kind, { geom: own, axes, data, exposure, meta });
}

/** Pixels with the area of their parts in a region. */
function shares(
  geom: SkyGeom,
  region: Region,
): { readonly pixels: readonly number[]; readonly weights: readonly number[] } {
  if (geom.kind !== "wcs-geom" && geom.kind !== "hpx-geom") {
    throw new TypeError(`The mean over a region needs pixels, found responses on a ${geom.kind}`);
  }
  const { lonDeg, latDeg, radiusDeg } = boundingCircle(region);
  const middle = () => pixelWeights(geom, { lonDeg, latDeg, frame: "icrs" });
  if (region.kind === "point" || radiusDeg === 0) return middle();
  const areas = solidAngleSr(geom).data as Float64Array;
  const inside = geom.kind === "wcs-geom"
    ? regionWeights(geom, region)
    : centersInside(geom, region);
  const pixels = Array.from(inside.keys()).filter((k) => inside[k]! > 0 && areas[k]! > 0);
  const weights = pixels.map((k) => inside[k]! * areas[k]!);
  const total = weights.reduce((a, b) => a + b, 0);
  if (pixels.length === 0 || total < areas[pixels[0]!]!) return middle();
  return { pixels, weights };
}

function centersInside(geom: HpxGeom, region: Region): Float64Array {
  const { lonDeg, latDeg } = geomCenters(geom), n = geomPixels(geom);
  const sky = { lonDeg: Float64Array.from(lonDeg.data), latDeg: Float64Array.from(latDeg.data) };
  if (geom.frame === "galactic") galacticToIcrsInto(sky, sky);
  const chosen = new Int32Array(n), out = new Float64Array(n);
  const count = regionSelector(region)(sky.lonDeg, sky.latDeg, n, chosen);
  for (let k = 0; k < count; k++) out[chosen[k]!] = 1;
  return out;
}

/**
 * Responses of all energies as those of one: K = Σ w ε K / Σ w ε over the energies, w the photons of a spectrum
 * in each bin, ε the exposure (1 where there is none).
 *
 * The exposure of the result is Σ w ε / Σ w. The second axis stays as it is; of matrices it may be joined
 * by `sumOverAxes`.
 *
 * @param irf Responses.
 * @param options `spectrum`: dN/dE at an energy in the unit of the axis, in any unit; E⁻² where absent.
 * @returns New responses with one bin of energy.
 * @throws RangeError for a spectrum that has no photons.
 * @example
 * ```ts
 * import { gaussPsfMap, reducedImage } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 3, name: "energy_true" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: [0.3, 0.2, 0.1] });
 * deepStrictEqual(reducedImage(psf, { spectrum: (e) => e ** -2.7 }).map.values.shape, [1, 66]);
 * ```
 * @see gammapy.irf.PSFMap.to_image
 */
export function reducedImage<K extends ReducedKind>(
  irf: ReducedIrf<K>,
  options: { readonly spectrum?: (energy: number) => number } = {},
): ReducedIrf<K> {
  const { spectrum = (energy: number) => energy ** -2 } = options, { geom, meta } = irf.map;
  const [energy, other] = reducedAxes(irf), n = geomPixels(geom), m = other.nBins;
  const photons = energy.centers.map((_, e) =>
    integrateLog(spectrum, { low: energy.edges[e]!, high: energy.edges[e + 1]! })
  );
  const all = photons.reduce((a, b) => a + b, 0);
  if (!(all > 0)) {
    throw new RangeError(`The spectrum has ${all} photons, expected a number above 0`);
  }
  const values = numbersOf(irf.map), exposures = irf.exposure && numbersOf(irf.exposure);
  const data = new Float64Array(m * n), total = new Float64Array(n);
  for (let e = 0; e < energy.nBins; e++) {
    for (let k = 0; k < n; k++) {
      const weight = photons[e]! * (exposures === undefined ? 1 : exposures[e * n + k]!);
      if (!(weight > 0)) continue;
      total[k] = total[k]! + weight;
      for (let i = 0; i < m; i++) {
        data[i * n + k] = data[i * n + k]! + weight * values[(e * m + i) * n + k]!;
      }
    }
  }
  divide(data, total, { nE: 1, m, nPixels: n });
  const axis = squashAxis(energy);
  const exposure = irf.exposure && createSkyMap(geom, {
    axes: [axis],
    data: total.map((sum) => sum / all),
    unit: irf.exposure.unit ?? "",
  });
  return reducedOf(irf.kind, { geom, axes: [axis, other], data, exposure, meta });
}
