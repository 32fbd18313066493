/**
 * Weights of photons of the Large Area Telescope from energy and separation alone.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | θ | separation from the source | deg |
 * | E | energy | MeV |
 * | s(E) | width of the point spread function, √(5.445² (100/E)^1.696 + 0.084²)/3 | deg |
 * | μ | log₁₀ of the energy at which photons count most | 1 |
 *
 * w = (1 + θ²/4s²)⁻² exp(−(log₁₀E − μ)²/(2 · 0.5²))
 */

/** What of a photon its weight depends on. */
export interface LatWeightColumns {
  /** Energies, TeV. */
  readonly energyTeV: ArrayLike<number>;
  /** Separations from the source, deg. */
  readonly separationDeg: ArrayLike<number>;
}

const TEV_IN_MEV = 1e6;

/**
 * Weights of photons of the Fermi-LAT that need no model of the sky: the shape of the point spread function,
 * and a preference for the energies at which pulsars stand out.
 *
 * @param columns Energies and separations, of one length.
 * @param options `pivot`: μ, log₁₀(E/MeV), 4.1 where absent; 3.2 to 4.2 is worth a scan.
 * @returns A new array of numbers in [0, 1]; NaN where a number is.
 * @throws TypeError for columns of different lengths; RangeError for a pivot that is not finite.
 * @example
 * ```ts
 * import { latWeights } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const [near, far] = latWeights({ energyTeV: [0.01, 0.01], separationDeg: [0, 2] });
 * ok(near! > 0.9 && far! < 0.01);
 * ```
 * Source: Bruel 2019, A&A 622, A108, arXiv:1812.06681; agrees with PINT's calc_lat_weights.
 */
export function latWeights(
  columns: LatWeightColumns,
  options: { readonly pivot?: number } = {},
): Float64Array {
  const { energyTeV, separationDeg } = columns, { pivot = 4.1 } = options, n = energyTeV.length;
  if (separationDeg.length !== n) {
    throw new TypeError(`Found ${n} energies and ${separationDeg.length} separations`);
  }
  if (!Number.isFinite(pivot)) {
    throw new RangeError(`pivot: found ${pivot}, expected log10 of an energy in MeV`);
  }
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const logE = Math.log(energyTeV[i]! * TEV_IN_MEV), theta = separationDeg[i]!;
    const s2 = (29.648025 * Math.exp(1.696 * (Math.LN10 * 2 - logE)) + 0.007056) / 9;
    const shape = 1 + theta * theta / (4 * s2), from = logE / Math.LN10 - pivot;
    weights[i] = Math.exp(-2 * from * from) / (shape * shape);
  }
  return weights;
}
