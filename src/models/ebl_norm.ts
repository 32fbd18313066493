import type { Json } from "../nddata/mod.ts";
import { createLogGrid, safeLog } from "./_log_grid.ts";
import { createSpectralModel, type SpectralModel, type SpectralRule } from "./spectral_rule.ts";
import { checkedEnergies } from "./template_spectrum.ts";

/** What the extragalactic background light lets through. */
export interface EblTable {
  /** Redshifts, ascending. */
  readonly redshifts: Float64Array;
  /** Energies, TeV, ascending. */
  readonly energiesTeV: Float64Array;
  /** e^−τ, [redshift, energy] in C order. */
  readonly transmission: Float64Array;
  /** Where it was read from, kept for model files. */
  readonly filename?: string | undefined;
}

/** The kind of norm that a table of absorption makes. */
export function eblNormRule(table: EblTable): SpectralRule {
  const { redshifts, transmission } = table;
  const energies = checkedEnergies(table.energiesTeV, "A table of absorption");
  if (redshifts.length < 1 || redshifts.some((z, i) => i > 0 && !(z > redshifts[i - 1]!))) {
    throw new RangeError(`Redshifts of a table of absorption ascend, found [${redshifts}]`);
  }
  if (transmission.length !== redshifts.length * energies.length) {
    throw new TypeError(
      `A table of ${redshifts.length} redshifts and ${energies.length} energies has ` +
        `${transmission.length} values`,
    );
  }
  const grid = createLogGrid([redshifts, energies.map(Math.log)], transmission.map(safeLog));
  const coords = new Float64Array(2), slopes = new Float64Array(2);
  return Object.freeze({
    kind: "spectral-norm",
    format: "ebl-norm",
    version: "",
    parameters: [
      { name: "alpha_norm", unit: "", value: 1, frozen: true },
      { name: "redshift", unit: "", value: 0.1, frozen: true },
    ],
    dnde: (e: number, p: ArrayLike<number>) => {
      coords[0] = p[1]!;
      coords[1] = Math.log(e);
      return Math.exp(p[0]! * Math.min(0, grid.at(coords)));
    },
    gradient: (e: number, p: ArrayLike<number>, out: Float64Array) => {
      coords[0] = p[1]!;
      coords[1] = Math.log(e);
      const log = grid.at(coords, slopes),
        depth = Math.min(0, log),
        value = Math.exp(p[0]! * depth);
      out[0] = value * depth;
      out[1] = log < 0 ? value * p[0]! * slopes[0]! : 0;
    },
    breaks: energies,
    data: dataOf(table, energies),
  });
}

/** What stands in a model file: the name of the table's file, or the table. */
function dataOf(table: EblTable, energies: Float64Array): Readonly<Record<string, Json>> {
  const { filename, redshifts, transmission } = table, n = energies.length;
  if (filename !== undefined) return { filename };
  const rows = Array.from(redshifts, (_, i) => Array.from(transmission.subarray(i * n, i * n + n)));
  return {
    energy: { data: Array.from(energies), unit: "TeV" },
    param: { data: Array.from(redshifts), unit: "" },
    values: { data: rows, unit: "" },
  };
}

/**
 * Absorption by the extragalactic background light: exp(−α τ(E, z)). The table is interpolated linearly in
 * redshift and in the logarithms of energy and transmission, carried on beyond its ends, and clipped to
 * [0, 1]. Its parameters `alpha_norm` and `redshift` are frozen unless a fit frees them.
 *
 * @param table Transmission against redshift and energy.
 * @param values Redshift, and α (1).
 * @returns A frozen record; its values are factors.
 * @throws TypeError for tables of another size; RangeError for redshifts or energies that do not ascend.
 * @example
 * ```ts
 * import { eblNorm } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const norm = eblNorm({
 *   redshifts: Float64Array.of(0, 1),
 *   energiesTeV: Float64Array.of(0.1, 10),
 *   transmission: Float64Array.of(1, 1, 1, Math.exp(-4)),
 * }, { redshift: 0.5 });
 * ok(Math.abs(norm.dnde(1) - Math.exp(-1)) < 1e-14);
 * ```
 * @see gammapy.modeling.models.EBLAbsorptionNormSpectralModel
 */
export function eblNorm(
  table: EblTable,
  values: { readonly redshift: number; readonly alphaNorm?: number },
): SpectralModel {
  const { redshift, alphaNorm = 1 } = values;
  return createSpectralModel(eblNormRule(table), { redshift, alpha_norm: alphaNorm });
}
