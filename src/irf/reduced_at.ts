/** Responses at a place of the sky, as tables without sky. */
import {
  createSkyMap,
  geomCenters,
  geomPixels,
  hpxInterpolation,
  type SkyGeom,
  type SkyMap,
} from "../maps/mod.ts";
import { createMapAxis, linearEdges, type MapAxis } from "../nddata/mod.ts";
import {
  convertFrame,
  separationDegInto,
  type SkyFrame,
  type SkyPosition,
  worldToPixel,
} from "../sky/mod.ts";
import {
  createEdispKernel,
  type EdispAxes,
  type EdispKernel,
  edispKernelAt,
} from "./edisp_kernel.ts";
import { createIrf, type Irf } from "./irf.ts";
import { containmentRadiusDeg } from "./psf.ts";
import {
  numbersOf,
  reducedAxes,
  type ReducedIrf,
  type ReducedKind,
  reducedRule,
} from "./reduced.ts";

/** A place on the sky, in the frame that it names. */
export interface PlacedPosition extends SkyPosition {
  /** Frame; that of the map where absent. */
  readonly frame?: SkyFrame;
}

/** How responses at a place are found. */
export interface ReducedAtOptions {
  /** Between the centres of pixels, or of the nearest pixel; "linear" where absent. */
  readonly method?: "linear" | "nearest";
}

/** The table that a kind of responses is at one place. */
export type TableOf<K extends ReducedKind> = K extends "psf-map" | "reco-psf-map" ? Irf<"psf">
  : K extends "edisp-map" ? Irf<"edisp">
  : EdispKernel;

/** Pixels and their weights at a place; outside the map those of its border. */
export function pixelWeights(
  geom: SkyGeom,
  position: PlacedPosition | undefined,
  { method = "linear" }: ReducedAtOptions = {},
): { readonly pixels: readonly number[]; readonly weights: readonly number[] } {
  if (geom.kind === "no-sky" || geom.kind === "region-geom") return { pixels: [0], weights: [1] };
  const at = placeIn(geom, position);
  if (geom.kind === "hpx-geom") {
    if (geom.cells !== undefined) return { pixels: [nearestPixel(geom, at)], weights: [1] };
    const { pix, weights } = hpxInterpolation(geom, at);
    const four = [0, 1, 2, 3].filter((k) => pix[k]! >= 0);
    if (method === "linear" && four.length > 0) {
      return { pixels: four.map((k) => pix[k]!), weights: four.map((k) => weights[k]!) };
    }
    return { pixels: [nearestPixel(geom, at)], weights: [1] };
  }
  const { x, y } = worldToPixel(geom.wcs, at), [nx, ny] = geom.npix;
  if (!(Number.isFinite(x) && Number.isFinite(y))) {
    return { pixels: [nearestPixel(geom, at)], weights: [1] };
  }
  const cx = Math.max(0, Math.min(nx - 1, x)), cy = Math.max(0, Math.min(ny - 1, y));
  if (method === "nearest") return { pixels: [Math.round(cy) * nx + Math.round(cx)], weights: [1] };
  const ix = Math.min(Math.floor(cx), Math.max(0, nx - 2)), u = cx - ix;
  const iy = Math.min(Math.floor(cy), Math.max(0, ny - 2)), v = cy - iy, at0 = iy * nx + ix;
  const all = [[at0, (1 - u) * (1 - v)], [at0 + 1, u * (1 - v)], [at0 + nx, (1 - u) * v], [
    at0 + nx + 1,
    u * v,
  ]] as const;
  const used = all.filter(([, weight]) => weight > 0);
  return { pixels: used.map(([pixel]) => pixel), weights: used.map(([, weight]) => weight) };
}

function placeIn(geom: SkyGeom, position: PlacedPosition | undefined): SkyPosition {
  if (position === undefined) {
    throw new TypeError(`Responses on a ${geom.kind} need a position, found none`);
  }
  const to = geom.frame ?? "icrs";
  return convertFrame(position, { from: position.frame ?? to, to });
}

/** The pixel whose centre is nearest, among those that `isUsed`. */
function nearestPixel(
  geom: SkyGeom,
  at: SkyPosition,
  isUsed: (pixel: number) => boolean = () => true,
): number {
  const { lonDeg, latDeg } = geomCenters(geom), n = geomPixels(geom);
  const columns = { lonDeg: lonDeg.data, latDeg: latDeg.data };
  const distance = separationDegInto(columns, { from: at, out: new Float64Array(n) });
  let best = -1;
  for (let k = 0; k < n; k++) {
    if (isUsed(k) && (best < 0 ? distance[k]! >= 0 : distance[k]! < distance[best]!)) best = k;
  }
  return best;
}

/** Sums over the second axis at each energy and pixel: 0 where there is no response. */
export function rowSums(irf: ReducedIrf, values: Float64Array): Float64Array {
  const [energy, other] = reducedAxes(irf), m = other.nBins;
  const nPixels = geomPixels(irf.map.geom), out = new Float64Array(energy.nBins * nPixels);
  for (let row = 0; row < energy.nBins * m; row++) {
    const to = Math.floor(row / m) * nPixels, from = row * nPixels;
    for (let k = 0; k < nPixels; k++) out[to + k] = out[to + k]! + values[from + k]!;
  }
  return out;
}

/**
 * The responses at a place as a table: of a point spread function on energy_true (or energy) and rad, of an
 * energy dispersion on energy_true and migra, or a matrix. It lies linearly between the pixel centres;
 * pixels in which there is no response at an energy do not count, and where none of the four has any, the
 * nearest pixel that has stands in.
 *
 * @param irf Responses.
 * @param position The place, in the frame of the map or the one it names; none is needed without sky, or of
 *   a region. Outside the map its border stands in.
 * @param options Linear or nearest.
 * @returns A new table; its values have the norm of the pixels'.
 * @throws TypeError where a position is needed and missing.
 * @example
 * ```ts
 * import { containmentRadiusDeg, gaussPsfMap, reducedAt } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const psf = reducedAt(gaussPsfMap({ energyTrue, sigmaDeg: 0.1 }));
 * const [r68] = containmentRadiusDeg(psf, 0.68, { energy_true: Float64Array.of(2) });
 * ok(Math.abs(r68! - 0.151) < 1e-3);
 * ```
 * @see gammapy.irf.IRFMap.to_region_nd_map
 */
export function reducedAt<K extends ReducedKind>(
  irf: ReducedIrf<K>,
  position?: PlacedPosition,
  options: ReducedAtOptions = {},
): TableOf<K> {
  const [energy, other] = reducedAxes(irf), { geom, meta } = irf.map;
  const values = numbersOf(irf.map), nPixels = geomPixels(geom);
  const data = rowsAt(irf, values, position, options, nPixels);
  const { axes } = reducedRule(irf.kind);
  if (irf.kind === "edisp-kernel-map") {
    return createEdispKernel({ energyTrue: energy, energy: other }, data, meta) as TableOf<K>;
  }
  // A point spread function by reconstructed energy is evaluated as one by true energy is.
  const first = axes[0] === "energy" ? renamed(energy, "energy_true") : energy;
  const kind = irf.kind === "edisp-map" ? "edisp" : "psf", { unit = "" } = irf.map;
  return createIrf(kind, [first, other], { data, unit, meta }) as unknown as TableOf<K>;
}

function renamed(axis: MapAxis, name: string): MapAxis {
  const { nodes, unit, interp } = axis;
  return createMapAxis(name, nodes === "edges" ? axis.edges : axis.centers, {
    nodes,
    unit,
    interp,
  });
}

function rowsAt(
  irf: ReducedIrf,
  values: Float64Array,
  position: PlacedPosition | undefined,
  options: ReducedAtOptions,
  nPixels: number,
): Float64Array {
  const [energy, other] = reducedAxes(irf), m = other.nBins, { geom } = irf.map;
  const { pixels, weights } = pixelWeights(geom, position, options);
  const out = new Float64Array(energy.nBins * m);
  const sumAt = (e: number, pixel: number) => {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += values[(e * m + i) * nPixels + pixel]!;
    return sum;
  };
  let isEmpty = true;
  for (let e = 0; e < energy.nBins; e++) {
    const used = pixels.map((pixel, k) => sumAt(e, pixel) > 0 ? weights[k]! : 0);
    const total = used.reduce((a, b) => a + b, 0);
    if (!(total > 0)) continue;
    isEmpty = false;
    for (let i = 0; i < m; i++) {
      let value = 0;
      for (let k = 0; k < used.length; k++) {
        if (used[k]! > 0) value += used[k]! * values[(e * m + i) * nPixels + pixels[k]!]!;
      }
      out[e * m + i] = value / total;
    }
  }
  if (!isEmpty || nPixels === 1) return out;
  const sums = rowSums(irf, values);
  const hasAny = (pixel: number) => {
    for (let e = 0; e < energy.nBins; e++) if (sums[e * nPixels + pixel]! > 0) return true;
    return false;
  };
  const nearest = nearestPixel(geom, placeIn(geom, position), hasAny);
  if (nearest < 0) return out;
  return out.map((_, i) => values[i * nPixels + nearest]!);
}

/**
 * The matrix of energy dispersions on the sky at a place.
 *
 * @param irf Energy dispersions by migra or as matrices.
 * @param energy Reconstructed energies; for matrices their own, and may be left out.
 * @param position The place, see {@linkcode reducedAt}.
 * @returns The matrix.
 * @throws TypeError without energies for dispersions by migra.
 * @example
 * ```ts
 * import { edispKernelOn, gaussEdispMap } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 3, name: "energy_true" });
 * const energy = energyAxis({ low: 0.1, high: 100, nBins: 6 });
 * const map = gaussEdispMap({ energyTrue, sigma: 0.2, bias: 0 });
 * deepStrictEqual(edispKernelOn(map, { energy }).values.shape, [3, 6]);
 * ```
 * @see gammapy.irf.EDispMap.get_edisp_kernel
 */
export function edispKernelOn(
  irf: ReducedIrf<"edisp-map"> | ReducedIrf<"edisp-kernel-map">,
  options: ReducedAtOptions & {
    readonly energy?: MapAxis;
    readonly position?: PlacedPosition | undefined;
  } = {},
): EdispKernel {
  if (irf.kind === "edisp-kernel-map") {
    return reducedAt(irf as ReducedIrf<"edisp-kernel-map">, options.position, options);
  }
  if (options.energy === undefined) {
    throw new TypeError("Energy dispersions by migra need the reconstructed energies, found none");
  }
  const table = reducedAt(irf as ReducedIrf<"edisp-map">, options.position, options);
  const axes: EdispAxes = { energyTrue: table.axes[0]!, energy: options.energy };
  return edispKernelAt(table, axes, {});
}

/**
 * Containment radii at all pixels.
 *
 * @param irf Point spread functions on the sky.
 * @param options `energyTeV`: in the unit of the map's energies; `fraction`: 0.68 where absent.
 * @returns A new image, deg; NaN where there is no response.
 * @throws RangeError for a fraction outside (0, 1).
 * @example
 * ```ts
 * import { containmentRadiusMap, gaussPsfMap } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const geom = createWcsGeom({ npix: 2, binszDeg: 1, proj: "TAN" });
 * const map = containmentRadiusMap(gaussPsfMap({ energyTrue, sigmaDeg: 0.1, geom }), { energyTeV: 2 });
 * ok(Math.abs(map.values.get(1, 1) - 0.151) < 1e-3);
 * ```
 * @see gammapy.irf.PSFMap.containment_radius_map
 */
export function containmentRadiusMap(
  irf: ReducedIrf<"psf-map"> | ReducedIrf<"reco-psf-map">,
  options: { readonly energyTeV: number; readonly fraction?: number },
): SkyMap {
  const [energy, rad] = reducedAxes(irf), { geom } = irf.map, n = geomPixels(geom);
  const edges = linearEdges({ low: -0.5, high: n - 0.5, nBins: n });
  const pixel = createMapAxis("pixel", edges);
  const table = createIrf("psf", [renamed(energy, "energy_true"), rad, pixel], {
    data: numbersOf(irf.map),
  });
  const data = containmentRadiusDeg(table, options.fraction ?? 0.68, {
    energy_true: new Float64Array(n).fill(options.energyTeV),
    pixel: Float64Array.from(pixel.centers),
  });
  return createSkyMap(geom, { data, unit: "deg" });
}
