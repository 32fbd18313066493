/**
 * Energy dispersion between two energy axes, as a matrix.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | R_ij | probability that a photon of the true-energy bin i is reconstructed in the bin j |
 * | E_i, E'_j | bin centres |
 * | p_i(m) | density of m = E'/E at E_i |
 */
import {
  createMapAxis,
  createNDArr,
  createNDData,
  EMPTY_META,
  linearEdges,
  type MapAxis,
  type Meta,
  type NDData,
} from "../nddata/mod.ts";
import { erf } from "../numeric/mod.ts";
import ndarray from "ndarray";
import { cumulativeAt } from "./_stretch.ts";
import { createIrf, evaluateIrfGrid, type Irf, irfAxis } from "./irf.ts";

/** An energy-dispersion matrix: probabilities on the axes energy_true and energy. */
export interface EdispKernel extends NDData {
  /** What it is. */
  readonly kind: "edisp-kernel";
  /** True energy, then reconstructed energy. */
  readonly axes: readonly [energyTrue: MapAxis, energy: MapAxis];
}

/** The two axes of a matrix. */
export interface EdispAxes {
  /** True energies. */
  readonly energyTrue: MapAxis;
  /** Reconstructed energies. */
  readonly energy: MapAxis;
}

/**
 * Makes a matrix from its probabilities.
 *
 * @param axes The two axes.
 * @param data Probabilities in C order, the reconstructed energy fastest; kept, not copied.
 * @param meta What is known beside.
 * @returns A frozen record.
 * @throws TypeError where there is not one probability a pair of bins, or the axes' units differ.
 * @example
 * ```ts
 * import { createEdispKernel } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 1, high: 10, nBins: 1 });
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const kernel = createEdispKernel({ energyTrue, energy }, Float64Array.of(0.9));
 * strictEqual(kernel.values.get(0, 0), 0.9);
 * ```
 */
export function createEdispKernel(
  { energyTrue, energy }: EdispAxes,
  data: Float64Array,
  meta: Meta = EMPTY_META,
): EdispKernel {
  if (energyTrue.unit !== energy.unit) {
    throw new TypeError(
      `Found true energies in "${energyTrue.unit}" and energies in "${energy.unit}", expected one unit`,
    );
  }
  const axes = Object.freeze([energyTrue, energy] as const);
  if (data.length !== energyTrue.nBins * energy.nBins) {
    throw new TypeError(
      `Found ${data.length} probabilities, expected ${energyTrue.nBins} x ${energy.nBins}`,
    );
  }
  const arr = createNDArr(ndarray(data, [energyTrue.nBins, energy.nBins]), { unit: "" });
  return Object.freeze({ ...createNDData(arr, { axes, meta }), axes, kind: "edisp-kernel" });
}

/**
 * The matrix of a table of energy dispersion at one position: R_ij = ∫ p_i(m) dm over m from E'_j's lower to
 * its upper edge, each divided by E_i, with p_i normalised over the whole table.
 *
 * @param edisp The table.
 * @param axes The two axes of the matrix, in the unit of the table's energies.
 * @param at The position by the names of the table's further axes: `{ offset: 0.5 }`, in deg.
 * @returns The matrix; a row is 0 where the table is, and sums to 1 where the reconstructed energies cover
 *   the table's range of migra.
 * @throws TypeError where a further axis of the table has no position.
 * @example
 * ```ts
 * import { edispKernelAt, gaussEdispTable } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 5, name: "energy_true" });
 * const energy = energyAxis({ low: 0.1, high: 100, nBins: 30 });
 * const edisp = gaussEdispTable({ energyTrue, sigma: 0.1, bias: 0 });
 * const kernel = edispKernelAt(edisp, { energyTrue, energy }, { offset: 0 });
 * let sum = 0;
 * for (let j = 0; j < 30; j++) sum += kernel.values.get(2, j);
 * ok(Math.abs(sum - 1) < 1e-9);
 * ```
 * @see gammapy.irf.EnergyDispersion2D.to_edisp_kernel
 */
export function edispKernelAt(
  edisp: Irf<"edisp">,
  axes: EdispAxes,
  at: Readonly<Record<string, number>>,
): EdispKernel {
  const migra = irfAxis(edisp, "migra"), order = edisp.axes.map((axis) => axis.name);
  const coords: Record<string, ArrayLike<number>> = { energy_true: axes.energyTrue.centers };
  for (const name of order) {
    if (name === "energy_true" || name === "migra") continue;
    if (at[name] === undefined) {
      throw new TypeError(
        `The energy dispersion has an axis "${name}": give the position along it`,
      );
    }
    coords[name] = [at[name]!];
  }
  const values = evaluateIrfGrid(edisp, coords);
  const migraFirst = order.indexOf("migra") < order.indexOf("energy_true");
  const nTrue = axes.energyTrue.nBins, nMigra = migra.nBins;
  const density = new Float64Array(nMigra), out = new Float64Array(nTrue * axes.energy.nBins);
  for (let i = 0; i < nTrue; i++) {
    for (let m = 0; m < nMigra; m++) {
      density[m] = values[migraFirst ? m * nTrue + i : i * nMigra + m]!;
    }
    const row = out.subarray(i * axes.energy.nBins, (i + 1) * axes.energy.nBins);
    edispRow({ density, migra, energyTrue: axes.energyTrue.centers[i]!, energy: axes.energy }, row);
  }
  return createEdispKernel(axes, out, edisp.meta);
}

/** One row of a matrix from the density over migra at a true energy, normalised. */
export function edispRow(
  { density, migra, energyTrue, energy }: {
    readonly density: Float64Array;
    readonly migra: MapAxis;
    readonly energyTrue: number;
    readonly energy: MapAxis;
  },
  row: Float64Array,
): void {
  const { edges } = migra, sums = new Float64Array(edges.length);
  for (let m = 0; m < migra.nBins; m++) {
    sums[m + 1] = sums[m]! + density[m]! * (edges[m + 1]! - edges[m]!);
  }
  const total = sums[migra.nBins]!;
  if (!(total > 0)) {
    row.fill(0);
    return;
  }
  let below = cumulativeAt(sums, edges, energy.edges[0]! / energyTrue);
  for (let j = 0; j < row.length; j++) {
    const above = cumulativeAt(sums, edges, energy.edges[j + 1]! / energyTrue);
    row[j] = Math.max(0, above - below) / total;
    below = above;
  }
}

/** What {@link gaussEdispTable} takes. */
export interface GaussEdispOptions {
  /** True energies. */
  readonly energyTrue: MapAxis;
  /** Width of m, one number or one a true energy. */
  readonly sigma: number | ArrayLike<number>;
  /** Mean of m minus 1, one number or one a true energy. */
  readonly bias: number | ArrayLike<number>;
  /** Axis of m; 1/3 to 3 in 200 bins where absent. */
  readonly migra?: MapAxis;
  /** Axis of the offset, on which nothing depends; 0 to 2 deg in two bins where absent. */
  readonly offset?: MapAxis;
}

/**
 * A Gaussian energy dispersion as a table: m is normal with mean 1 + bias and width sigma; each bin of m has
 * its mean density.
 *
 * @param options Axes, width and bias.
 * @returns A table on energy_true, migra, offset.
 * @throws RangeError for a width that is not positive.
 * @example
 * ```ts
 * import { gaussEdispTable } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 5, name: "energy_true" });
 * deepStrictEqual(gaussEdispTable({ energyTrue, sigma: 0.1, bias: 0 }).values.shape, [5, 200, 2]);
 * ```
 * @see gammapy.irf.EnergyDispersion2D.from_gauss
 */
export function gaussEdispTable(options: GaussEdispOptions): Irf<"edisp"> {
  const { energyTrue, sigma, bias } = options;
  const migra = options.migra ??
    createMapAxis("migra", linearEdges({ low: 1 / 3, high: 3, nBins: 200 }));
  const offset = options.offset ?? createMapAxis("offset", [0, 1, 2], { unit: "deg" });
  const nM = migra.nBins, nO = offset.nBins, data = new Float64Array(energyTrue.nBins * nM * nO);
  const of = (given: number | ArrayLike<number>, i: number) =>
    typeof given === "number" ? given : given[i]!;
  for (let i = 0; i < energyTrue.nBins; i++) {
    const width = of(sigma, i), mean = 1 + of(bias, i);
    if (!(width > 0)) throw new RangeError(`An energy resolution is above 0, found ${width}`);
    for (let m = 0; m < nM; m++) {
      const low = migra.edges[m]!, high = migra.edges[m + 1]!;
      const inside = erf((high - mean) / (Math.SQRT2 * width)) -
        erf((low - mean) / (Math.SQRT2 * width));
      data.fill(inside / 2 / (high - low), (i * nM + m) * nO, (i * nM + m + 1) * nO);
    }
  }
  return createIrf("edisp", [energyTrue, migra, offset], { data });
}

/**
 * A matrix without dispersion: each true-energy bin is shared among the reconstructed ones by how much of it
 * lies in them.
 *
 * @param axes The two axes.
 * @returns The matrix.
 * @example
 * ```ts
 * import { diagonalEdispKernel } from "@gammarx/gammarx/irf";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = createMapAxis("energy_true", [0, 4]), energy = createMapAxis("energy", [0, 1, 8]);
 * strictEqual(diagonalEdispKernel({ energyTrue, energy }).values.get(0, 0), 0.25);
 * ```
 * @see gammapy.irf.EDispKernel.from_diagonal_response
 */
export function diagonalEdispKernel(axes: EdispAxes): EdispKernel {
  const { energyTrue, energy } = axes, data = new Float64Array(energyTrue.nBins * energy.nBins);
  for (let i = 0; i < energyTrue.nBins; i++) {
    const low = energyTrue.edges[i]!, high = energyTrue.edges[i + 1]!;
    for (let j = 0; j < energy.nBins; j++) {
      const overlap = Math.min(high, energy.edges[j + 1]!) - Math.max(low, energy.edges[j]!);
      data[i * energy.nBins + j] = Math.max(0, overlap) / (high - low);
    }
  }
  return createEdispKernel(axes, data);
}

/** Mean, relative bias and resolution of each true-energy bin. */
export interface EdispMoments {
  /** Mean reconstructed energy, Σ R_ij E'_j / Σ R_ij; NaN where a row is empty. */
  readonly mean: Float64Array;
  /** (mean − E_i)/E_i. */
  readonly bias: Float64Array;
  /** √variance / E_i. */
  readonly resolution: Float64Array;
}

/**
 * Bias and resolution of a matrix.
 *
 * @param kernel The matrix.
 * @returns One number for each true-energy bin.
 * @example
 * ```ts
 * import { diagonalEdispKernel, edispMoments } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 3, name: "energy_true" });
 * const energy = energyAxis({ low: 1, high: 10, nBins: 3 });
 * ok(Math.abs(edispMoments(diagonalEdispKernel({ energyTrue, energy })).bias[1]!) < 1e-12);
 * ```
 * @see gammapy.irf.EDispKernel.get_bias, get_resolution
 */
export function edispMoments(kernel: EdispKernel): EdispMoments {
  const [energyTrue, energy] = kernel.axes, n = energyTrue.nBins;
  const mean = new Float64Array(n), bias = new Float64Array(n), resolution = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0, first = 0, second = 0;
    for (let j = 0; j < energy.nBins; j++) {
      const p = kernel.values.get(i, j);
      sum += p;
      first += p * energy.centers[j]!;
    }
    const center = first / sum, eTrue = energyTrue.centers[i]!;
    for (let j = 0; j < energy.nBins; j++) {
      second += kernel.values.get(i, j) * (energy.centers[j]! - center) ** 2;
    }
    mean[i] = center;
    bias[i] = (center - eTrue) / eTrue;
    resolution[i] = Math.sqrt(second / sum) / eTrue;
  }
  return Object.freeze({ mean, bias, resolution });
}

/**
 * The reconstructed energy at which the bias has fallen to a value: between bins the bias is linear in the
 * logarithms where it is positive at both, and linear in the logarithm of the energy otherwise.
 *
 * @param kernel The matrix.
 * @param bias The bias looked for.
 * @param range True energies between which it is looked for; from where the bias is greatest to the last
 *   bin where absent.
 * @returns E (1 + bias), in the unit of the axes; NaN where the bias does not pass through the value.
 * @example
 * ```ts
 * import { createEdispKernel, biasEnergy } from "@gammarx/gammarx/irf";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = createMapAxis("energy_true", [1, 2, 4, 8], { interp: "log" });
 * const energy = createMapAxis("energy", [1, 2, 4, 8], { interp: "log" });
 * const kernel = createEdispKernel({ energyTrue, energy }, Float64Array.of(0, 1, 0, 0, 0.9, 0.1, 0, 0, 1));
 * ok(biasEnergy(kernel, 0.5) > 1);
 * ```
 * @see gammapy.irf.EDispKernel.get_bias_energy
 */
export function biasEnergy(
  kernel: EdispKernel,
  bias: number,
  range: { readonly low?: number; readonly high?: number } = {},
): number {
  const { centers } = kernel.axes[0], biases = edispMoments(kernel).bias;
  let first = 0;
  for (let i = 1; i < biases.length; i++) {
    if (biases[i]! > biases[first]! || Number.isNaN(biases[first]!)) first = i;
  }
  const { low = centers[first]!, high = centers[centers.length - 1]! } = range;
  for (let i = 0; i + 1 < centers.length; i++) {
    const a = biases[i]!, b = biases[i + 1]!;
    if (!((a - bias) * (b - bias) <= 0) || centers[i + 1]! < low || centers[i]! > high) continue;
    const u = a === b
      ? 0
      : a > 0 && b > 0 && bias > 0
      ? Math.log(bias / a) / Math.log(b / a)
      : (bias - a) / (b - a);
    const energyTrue = centers[i]! * (centers[i + 1]! / centers[i]!) ** u;
    if (energyTrue >= low && energyTrue <= high) return energyTrue * (1 + bias);
  }
  return NaN;
}
