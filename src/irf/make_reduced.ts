/** Responses on the sky from tables, from Gaussians, and without dispersion. */
import { createMapAxis, type MapAxis } from "../nddata/mod.ts";
import { geomPixels, NO_SKY, type SkyGeom, type SkyMap } from "../maps/mod.ts";
import type { FieldOptions } from "./_field.ts";
import { parametricPlanes } from "./_field_planes.ts";
import {
  diagonalEdispKernel,
  edispRow,
  type GaussEdispOptions,
  gaussEdispTable,
} from "./edisp_kernel.ts";
import { type Irf, irfAxis } from "./irf.ts";
import { byRegion, irfOnGeom, meanPlanes } from "./project.ts";
import type { PsfIrf } from "./psf.ts";
import {
  DEFAULT_MIGRA,
  DEFAULT_RAD,
  normalized,
  type ReducedIrf,
  reducedOf,
  reducedRule,
} from "./reduced.ts";

/** What all responses on the sky need. */
export interface MakeReducedOptions extends FieldOptions {
  /** True energies; evaluated at the bin centres. */
  readonly energyTrue: MapAxis;
  /** Exposure on the same sky and energies: the weight in sums. */
  readonly exposure?: SkyMap;
}

const SR_PER_DEG2 = (Math.PI / 180) ** 2;

/**
 * Point spread functions on the pixels of a geometry: the density at the bin centres of r and true energy and
 * the pixel centres, normalised.
 *
 * @param psf Any point spread function.
 * @param options Geometry, energies, pointing (ICRS); `rad`: 0 to 0.66 deg in 66 bins where absent.
 * @returns New responses, sr⁻¹.
 * @throws TypeError for an axis of the table without a place.
 * @example
 * ```ts
 * import { createParametricPsf, makePsfMap } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" });
 * const psf = createParametricPsf("psf-gauss", [energyTrue], { parameters: { sigma: [0.1, 0.05] } });
 * const geom = createWcsGeom({ npix: [3, 2], binszDeg: 1, proj: "TAN" });
 * const { map } = makePsfMap(psf, { geom, energyTrue, pointing: { lonDeg: 0, latDeg: 0 } });
 * deepStrictEqual(map.values.shape, [2, 66, 2, 3]);
 * ```
 * @see gammapy.makers.utils.make_psf_map
 */
export function makePsfMap(
  psf: PsfIrf,
  options: MakeReducedOptions & { readonly rad?: MapAxis },
): ReducedIrf<"psf-map"> {
  const { geom, energyTrue, exposure, rad = DEFAULT_RAD } = options,
    axes = [energyTrue, rad] as const;
  const data = byRegion(options, axes, (own) => {
    if (psf.kind === "psf") {
      return irfOnGeom(psf, [["energy_true", energyTrue.centers], ["rad", rad.centers]], own);
    }
    const energies = energyTrue.centers, rads = rad.centers, at = own.at ?? {};
    const perDeg2 = meanPlanes(
      psf,
      own,
      (columns, n) => parametricPlanes(psf, { energies, rads, columns, at, n }),
    );
    for (let i = 0; i < perDeg2.length; i++) perDeg2[i] = perDeg2[i]! / SR_PER_DEG2;
    return perDeg2;
  });
  normalized(data, axes, reducedRule("psf-map").measure!);
  return reducedOf("psf-map", { geom, axes, data, exposure, meta: psf.meta });
}

/**
 * Energy dispersions on the pixels of a geometry as densities of m = E'/E, normalised.
 *
 * @param edisp Energy dispersion.
 * @param options Geometry, energies, pointing (ICRS); `migra`: 0.2 to 5 in 48 bins where absent.
 * @returns New responses.
 * @throws TypeError for an axis of the table without a place.
 * @example
 * ```ts
 * import { gaussEdispTable, makeEdispMap } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" });
 * const edisp = gaussEdispTable({ energyTrue, sigma: 0.2, bias: 0 });
 * const geom = createWcsGeom({ npix: [3, 2], binszDeg: 0.1, proj: "TAN" });
 * const { map } = makeEdispMap(edisp, { geom, energyTrue, pointing: { lonDeg: 0, latDeg: 0 } });
 * deepStrictEqual(map.values.shape, [2, 48, 2, 3]);
 * ```
 * @see gammapy.makers.utils.make_edisp_map
 */
export function makeEdispMap(
  edisp: Irf<"edisp">,
  options: MakeReducedOptions & { readonly migra?: MapAxis },
): ReducedIrf<"edisp-map"> {
  const { geom, energyTrue, exposure, migra = DEFAULT_MIGRA } = options;
  const axes = [energyTrue, migra] as const;
  const others = [["energy_true", energyTrue.centers], ["migra", migra.centers]] as const;
  const data = byRegion(options, axes, (own) => irfOnGeom(edisp, others, own));
  normalized(data, axes, reducedRule("edisp-map").measure!);
  return reducedOf("edisp-map", { geom, axes, data, exposure, meta: edisp.meta });
}

/**
 * Energy dispersions on the pixels of a geometry as matrices, as `edispKernelAt` gives them at one position.
 *
 * @param edisp Energy dispersion.
 * @param options Geometry, true and reconstructed energies, pointing (ICRS).
 * @returns New responses; a row sums to 1 where the energies cover the table's range of migra.
 * @throws TypeError for an axis of the table without a place.
 * @example
 * ```ts
 * import { gaussEdispTable, makeEdispKernelMap } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" });
 * const energy = energyAxis({ low: 0.1, high: 100, nBins: 3 });
 * const edisp = gaussEdispTable({ energyTrue, sigma: 0.2, bias: 0 });
 * const geom = createWcsGeom({ npix: [3, 2], binszDeg: 0.1, proj: "TAN" });
 * const pointing = { lonDeg: 0, latDeg: 0 };
 * const { map } = makeEdispKernelMap(edisp, { geom, energyTrue, energy, pointing });
 * deepStrictEqual(map.values.shape, [2, 3, 2, 3]);
 * ```
 * @see gammapy.makers.utils.make_edisp_kernel_map
 */
export function makeEdispKernelMap(
  edisp: Irf<"edisp">,
  options: MakeReducedOptions & { readonly energy: MapAxis },
): ReducedIrf<"edisp-kernel-map"> {
  const { geom, energyTrue, energy, exposure } = options, axes = [energyTrue, energy] as const;
  const migra = irfAxis(edisp, "migra"), m = migra.nBins, nE = energy.nBins;
  const data = byRegion(options, axes, (own) => {
    const nPixels = geomPixels(own.geom), density = new Float64Array(m), row = new Float64Array(nE);
    const out = new Float64Array(energyTrue.nBins * nE * nPixels);
    for (let e = 0; e < energyTrue.nBins; e++) {
      const center = energyTrue.centers[e]!;
      const others = [["energy_true", [center]], ["migra", migra.centers]] as const;
      const values = irfOnGeom(edisp, others, own);
      for (let k = 0; k < nPixels; k++) {
        for (let i = 0; i < m; i++) density[i] = values[i * nPixels + k]!;
        edispRow({ density, migra, energyTrue: center, energy }, row);
        for (let j = 0; j < nE; j++) out[(e * nE + j) * nPixels + k] = row[j]!;
      }
    }
    return out;
  });
  return reducedOf("edisp-kernel-map", { geom, axes, data, exposure, meta: edisp.meta });
}

/** Values of two axes, the same at all pixels. */
function everywhere(values: Float64Array, geom: SkyGeom): Float64Array {
  const nPixels = geomPixels(geom), out = new Float64Array(values.length * nPixels);
  for (let i = 0; i < values.length; i++) out.fill(values[i]!, i * nPixels, (i + 1) * nPixels);
  return out;
}

/** What {@linkcode gaussPsfMap} takes. */
export interface GaussPsfMapOptions {
  /** True energies. */
  readonly energyTrue: MapAxis;
  /** σ, deg: one number, or one a true energy. */
  readonly sigmaDeg: number | ArrayLike<number>;
  /** The sky; none where absent: the same everywhere. */
  readonly geom?: SkyGeom;
  /** Axis of r, deg; 0 to 0.66 deg in 66 bins where absent. */
  readonly rad?: MapAxis;
  /** Exposure. */
  readonly exposure?: SkyMap;
}

/**
 * Gaussian point spread functions, the same everywhere: e^{−r²/2σ²} / 2πσ² at the bin centres.
 *
 * @param options Energies, σ, sky, axis of r.
 * @returns New responses; their norm is 1 up to what is beyond the last r.
 * @throws RangeError for a σ that is not above 0.
 * @example
 * ```ts
 * import { gaussPsfMap } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" });
 * deepStrictEqual(gaussPsfMap({ energyTrue, sigmaDeg: [0.1, 0.2] }).map.values.shape, [2, 66]);
 * ```
 * @see gammapy.irf.PSFMap.from_gauss
 */
export function gaussPsfMap(options: GaussPsfMapOptions): ReducedIrf<"psf-map"> {
  const { energyTrue, sigmaDeg, geom = NO_SKY, rad = DEFAULT_RAD, exposure } = options;
  const values = new Float64Array(energyTrue.nBins * rad.nBins);
  for (let e = 0; e < energyTrue.nBins; e++) {
    const sigma = typeof sigmaDeg === "number" ? sigmaDeg : sigmaDeg[e]!;
    if (!(sigma > 0)) {
      throw new RangeError(`A point spread function is wider than 0, found ${sigma}`);
    }
    for (let i = 0; i < rad.nBins; i++) {
      values[e * rad.nBins + i] = Math.exp(-0.5 * (rad.centers[i]! / sigma) ** 2) /
        (2 * Math.PI * sigma * sigma * SR_PER_DEG2);
    }
  }
  return reducedOf("psf-map", {
    geom,
    axes: [energyTrue, rad],
    data: everywhere(values, geom),
    exposure,
  });
}

/**
 * Gaussian energy dispersions, the same everywhere: m is normal with mean 1 + bias and width sigma; each bin
 * has its mean density.
 *
 * @param options As of `gaussEdispTable` without an offset; `migra`: 0.2 to 5 in 48 bins where absent;
 *   the sky, none where absent.
 * @returns New responses.
 * @throws RangeError for a width that is not above 0.
 * @example
 * ```ts
 * import { gaussEdispMap } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" });
 * deepStrictEqual(gaussEdispMap({ energyTrue, sigma: 0.2, bias: 0 }).map.values.shape, [2, 48]);
 * ```
 */
export function gaussEdispMap(
  options: Omit<GaussEdispOptions, "offset"> & {
    readonly geom?: SkyGeom;
    readonly exposure?: SkyMap;
  },
): ReducedIrf<"edisp-map"> {
  const { energyTrue, geom = NO_SKY, migra = DEFAULT_MIGRA, exposure } = options;
  const offset = createMapAxis("offset", [0, 1], { unit: "deg" });
  const table = gaussEdispTable({ ...options, migra, offset });
  const data = everywhere(table.values.data as Float64Array, geom);
  return reducedOf("edisp-map", { geom, axes: [energyTrue, migra], data, exposure });
}

/**
 * Energy dispersions without dispersion: each true-energy bin is shared among the reconstructed ones by how
 * much of it lies in them.
 *
 * @param options True and reconstructed energies; the sky, none where absent; exposure.
 * @returns New responses.
 * @example
 * ```ts
 * import { diagonalEdispKernelMap } from "@gammarx/gammarx/irf";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = createMapAxis("energy_true", [0, 4]), energy = createMapAxis("energy", [0, 1, 8]);
 * strictEqual(diagonalEdispKernelMap({ energyTrue, energy }).map.values.get(0, 0), 0.25);
 * ```
 * @see gammapy.irf.EDispKernelMap.from_diagonal_response
 */
export function diagonalEdispKernelMap(
  options: {
    readonly energyTrue: MapAxis;
    readonly energy: MapAxis;
    readonly geom?: SkyGeom;
    readonly exposure?: SkyMap;
  },
): ReducedIrf<"edisp-kernel-map"> {
  const { energyTrue, energy, geom = NO_SKY, exposure } = options;
  const values = diagonalEdispKernel({ energyTrue, energy }).values.data as Float64Array;
  const data = everywhere(values, geom);
  return reducedOf("edisp-kernel-map", { geom, axes: [energyTrue, energy], data, exposure });
}
