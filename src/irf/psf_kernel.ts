/** Point spread functions as kernels on the pixels of a map, for convolutions. */
import { createSkyMap, type SkyMap, type WcsGeom, wcsGeomOf } from "../maps/mod.ts";
import { createGridInterpolator, type GridInterpolator, type MapAxis } from "../nddata/mod.ts";
import {
  createWcs,
  pixelToWorld,
  pixelToWorldInto,
  separationDegInto,
  type Wcs,
} from "../sky/mod.ts";
import { irfAxis } from "./irf.ts";
import { containmentRadiusDeg, psfDensity, type PsfIrf } from "./psf.ts";
import type { ReducedIrf } from "./reduced.ts";
import { type PlacedPosition, reducedAt } from "./reduced_at.ts";

/** What {@linkcode psfKernel} takes. */
export interface PsfKernelOptions {
  /** The map that is to be convolved; the kernel has its pixels, at its middle. */
  readonly geom: WcsGeom;
  /** Place of the point spread function, for functions on the sky. */
  readonly position?: PlacedPosition;
  /** Places along the further axes of a table: `{ offset: 0.5 }`, deg. */
  readonly at?: Readonly<Record<string, number>>;
  /** Energies; those of the function where absent. Evaluated at the bin centres. */
  readonly energyTrue?: MapAxis;
  /** Half width of the kernel, deg; where absent the greatest radius of `containment`. */
  readonly maxRadiusDeg?: number;
  /** Fraction of the photons that the kernel holds at every energy; 0.999 where absent. */
  readonly containment?: number;
  /** Least number of points along each side of a pixel; 4 where absent. */
  readonly factor?: number;
}

/** Points along a pixel's side, at most. */
const MAX_FACTOR = 64;

/**
 * The kernel of a point spread function: its mean over each pixel of a square with an odd number of pixels,
 * divided by their sum.
 *
 * Every pixel is sampled at `factor` by `factor` points; where the function is narrow against the pixels, the
 * pixels around the middle at more, so that four points lie within its core (containment 39 %, σ of a
 * Gaussian), up to 64 a side.
 *
 * @param psf A point spread function, or functions on the sky.
 * @param options The map's geometry, the place, the size.
 * @returns A new map on the axis of energy, pixels of the geometry around its middle; every energy sums to 1,
 *   or to 0 where there is no function.
 * @throws TypeError for an axis without a place; RangeError for a radius that is not above 0.
 * @example
 * ```ts
 * import { gaussPsfMap, psfKernel } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" });
 * const geom = createWcsGeom({ npix: 60, binszDeg: 0.05, proj: "TAN" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: [0.1, 0.2] });
 * deepStrictEqual(psfKernel(psf, { geom, maxRadiusDeg: 0.5 }).values.shape, [2, 21, 21]);
 * ```
 * @see gammapy.irf.PSFMap.get_psf_kernel
 */
export function psfKernel(
  psf: PsfIrf | ReducedIrf<"psf-map"> | ReducedIrf<"reco-psf-map">,
  options: PsfKernelOptions,
): SkyMap<WcsGeom> {
  const { geom, at = {}, containment = 0.999, factor = 4 } = options;
  const table: PsfIrf = "map" in psf
    ? reducedAt(psf as ReducedIrf<"psf-map">, options.position)
    : psf;
  const own = irfAxis(table, "energy_true");
  const axis = options.energyTrue ?? ("map" in psf ? psf.map.axes[0] as MapAxis : own);
  const radius = options.maxRadiusDeg ?? largestRadius(table, axis, { at, containment });
  if (!(radius > 0)) throw new RangeError(`A kernel reaches further than 0 deg, found ${radius}`);
  const scaleDeg = pixelScaleDeg(geom),
    half = Math.floor(Math.ceil(2 * radius / scaleDeg - 1e-9) / 2);
  const kernelGeom = around(geom, half), n = 2 * half + 1, nPixels = n * n;
  const data = new Float64Array(axis.nBins * nPixels);
  const coarse = separations(kernelGeom, half, { from: 0, to: n, factor });
  for (let e = 0; e < axis.nBins; e++) {
    const profile = radialProfile(table, axis.centers[e]!, at);
    if (profile === undefined) continue;
    const plane = data.subarray(e * nPixels, (e + 1) * nPixels);
    meansInto(profile.density, coarse, { from: 0, to: n, factor, n }, plane);
    const fine = Math.min(MAX_FACTOR, Math.ceil(4 * scaleDeg / profile.coreDeg));
    if (fine > factor) {
      const reach = Math.min(half, Math.ceil(5 * profile.coreDeg / scaleDeg) + 1);
      const box = { from: half - reach, to: half + reach + 1, factor: fine };
      meansInto(profile.density, separations(kernelGeom, half, box), { ...box, n }, plane);
    }
    const sum = plane.reduce((a, b) => a + b, 0);
    if (sum > 0) { for (let i = 0; i < nPixels; i++) plane[i] = plane[i]! / sum; }
  }
  return createSkyMap(kernelGeom, { axes: [axis], data });
}

/** Side of the pixel at the middle of a geometry, the larger one, deg. */
function pixelScaleDeg({ wcs, npix: [nx, ny] }: WcsGeom): number {
  const x = (nx - 1) / 2, y = (ny - 1) / 2, step = 0.5;
  const between = (ax: number, ay: number) => {
    const a = pixelToWorld(wcs, { x: x - ax, y: y - ay }),
      b = pixelToWorld(wcs, { x: x + ax, y: y + ay });
    const one = { lonDeg: Float64Array.of(b.lonDeg), latDeg: Float64Array.of(b.latDeg) };
    return separationDegInto(one, { from: a, out: new Float64Array(1) })[0]!;
  };
  return Math.max(between(step, 0), between(0, step));
}

/** An odd number of the geometry's pixels around its middle. */
function around({ wcs, npix: [nx, ny] }: WcsGeom, half: number): WcsGeom {
  const n = 2 * half + 1, [cx, cy] = wcs.crpix;
  const crpix = [cx - (nx - 1) / 2 + half, cy - (ny - 1) / 2 + half] as const;
  return wcsGeomOf(createWcs({ ...asOptions(wcs), crpix }), { npix: [n, n] });
}

function asOptions(wcs: Wcs): Parameters<typeof createWcs>[0] {
  const { projection, frame, crvalDeg, crpix, cdeltDeg, pc, lonpoleDeg, latpoleDeg, pv } = wcs;
  return { projection, frame, crvalDeg, crpix, cdeltDeg, pc, lonpoleDeg, latpoleDeg, pv };
}

/** Pixels from … to − 1 in both directions, factor points along each side. */
interface Box {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/** Separations of the points of a box from the middle, rows of points; NaN outside the projection. */
function separations(geom: WcsGeom, half: number, { from, to, factor }: Box): Float64Array {
  const m = (to - from) * factor, x = new Float64Array(m * m), y = new Float64Array(m * m);
  for (let j = 0, k = 0; j < m; j++) {
    for (let i = 0; i < m; i++, k++) {
      x[k] = from + (i + 0.5) / factor - 0.5;
      y[k] = from + (j + 0.5) / factor - 0.5;
    }
  }
  const sky = { lonDeg: x, latDeg: y };
  pixelToWorldInto(geom.wcs, { x, y }, sky);
  const center = pixelToWorld(geom.wcs, { x: half, y: half });
  return separationDegInto(sky, { from: center, out: new Float64Array(m * m) });
}

/** Means of a density over the pixels of a box. */
function meansInto(
  density: GridInterpolator,
  rad: Float64Array,
  { from, to, factor, n }: Box & { readonly n: number },
  plane: Float64Array,
): void {
  const m = (to - from) * factor, row = new Float64Array(m), sums = new Float64Array(to - from);
  for (let j = 0; j < m; j++) {
    density.pointsInto([rad.subarray(j * m, (j + 1) * m)], row);
    if (j % factor === 0) sums.fill(0);
    for (let i = 0; i < m; i++) {
      const at = (i / factor) | 0, value = row[i]!;
      if (value > 0) sums[at] = sums[at]! + value;
    }
    if (j % factor === factor - 1) {
      const start = (from + Math.floor(j / factor)) * n + from;
      for (let i = 0; i < sums.length; i++) plane[start + i] = sums[i]! / (factor * factor);
    }
  }
}

function placed(
  psf: PsfIrf,
  at: Readonly<Record<string, number>>,
  energies: ArrayLike<number>,
): Record<string, Float64Array> {
  const n = energies.length,
    out: Record<string, Float64Array> = {
      energy_true: Float64Array.from(energies),
    };
  for (const { name, unit } of psf.axes) {
    if (name === "energy_true" || name === "rad") continue;
    if (at[name] === undefined) {
      throw new TypeError(
        `The point spread function has an axis "${name}" (${unit}): give its place as at: { ${name}: … }`,
      );
    }
    out[name] = new Float64Array(n).fill(at[name]!);
  }
  return out;
}

function largestRadius(
  psf: PsfIrf,
  axis: MapAxis,
  { at, containment }: {
    readonly at: Readonly<Record<string, number>>;
    readonly containment: number;
  },
): number {
  const coords = placed(psf, at, axis.centers),
    radii = containmentRadiusDeg(psf, containment, coords);
  // A table that ends before the fraction is reached is taken as far as it goes.
  const all = psf.kind === "psf" ? irfAxis(psf, "rad").edges.at(-1)! : NaN;
  const cores = containmentRadiusDeg(psf, 0.39, coords);
  const found = radii.map((r, i) => Number.isNaN(r) && cores[i]! >= 0 ? all : r);
  return Math.max(0, ...found.filter((r) => r >= 0));
}

/** The density against r at an energy, and the radius of its core; undefined where there is none. */
function radialProfile(
  psf: PsfIrf,
  energy: number,
  at: Readonly<Record<string, number>>,
): { readonly density: GridInterpolator; readonly coreDeg: number } | undefined {
  const [coreDeg] = containmentRadiusDeg(psf, 0.3934693402873666, placed(psf, at, [energy]));
  if (!(coreDeg! > 0)) return undefined;
  if (psf.kind === "psf") {
    const { centers, edges, nBins } = irfAxis(psf, "rad");
    const coords = placed(psf, at, new Float64Array(nBins).fill(energy));
    const values = psfDensity(psf, { ...coords, rad: centers });
    const nodes = { nodes: centers, interp: "lin", limits: [0, edges[nBins]!] } as const;
    return { density: createGridInterpolator([nodes], values, { fill: 0 }), coreDeg: coreDeg! };
  }
  const pointsInto = (coords: readonly Float64Array[], out: Float64Array) => {
    const rad = coords[0]!, place = placed(psf, at, new Float64Array(rad.length).fill(energy));
    out.set(psfDensity(psf, { ...place, rad }));
    return out;
  };
  const density = { nDims: 1, pointsInto } as unknown as GridInterpolator;
  return { density, coreDeg: coreDeg! };
}
