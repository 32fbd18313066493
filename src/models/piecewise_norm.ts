import { intervalOf } from "../numeric/mod.ts";
import { safeLog } from "./_log_grid.ts";
import { createSpectralModel, type SpectralModel, type SpectralRule } from "./spectral_rule.ts";
import { checkedEnergies } from "./template_spectrum.ts";

/** Scale of energies and norms between which is interpolated. */
export type PiecewiseInterp = "log" | "lin";

/** The kind of norm that nodes make: one parameter a node. */
export function piecewiseNormRule(
  energiesTeV: ArrayLike<number>,
  interp: PiecewiseInterp = "log",
): SpectralRule {
  const energies = checkedEnergies(energiesTeV, "A piecewise norm"), n = energies.length;
  const isLog = interp === "log";
  if (!isLog && interp !== "lin") {
    throw new RangeError(`A piecewise norm is interpolated "log" or "lin", found "${interp}"`);
  }
  const nodes = isLog ? energies.map(Math.log) : energies;
  /** Part of the way from node i to the next; the norm is constant beyond the ends. */
  const fractionAt = (e: number, i: number): number => {
    const x = isLog ? Math.log(e) : e;
    return Math.max(0, Math.min(1, (x - nodes[i]!) / (nodes[i + 1]! - nodes[i]!)));
  };
  const dnde = (e: number, p: ArrayLike<number>): number => {
    const i = intervalOf(energies, e), f = fractionAt(e, i);
    if (!isLog) return (1 - f) * p[i]! + f * p[i + 1]!;
    return Math.exp((1 - f) * safeLog(p[i]!) + f * safeLog(p[i + 1]!));
  };
  return Object.freeze({
    kind: "spectral-norm",
    format: "piecewise-norm",
    version: "",
    parameters: Array.from({ length: n }, (_, k) => ({ name: `norm_${k}`, unit: "", value: 1 })),
    dnde,
    gradient: (e: number, p: ArrayLike<number>, out: Float64Array) => {
      const i = intervalOf(energies, e), f = fractionAt(e, i), value = isLog ? dnde(e, p) : 1;
      out.fill(0, 0, n);
      out[i] = (1 - f) * (isLog ? value / p[i]! : 1);
      out[i + 1] = f * (isLog ? value / p[i + 1]! : 1);
    },
    breaks: energies,
    data: {
      energy: { data: Array.from(energies), unit: "TeV" },
      ...(isLog ? {} : { interp }),
    },
  });
}

/**
 * A norm with free values at some energies: between them interpolated in the logarithms of energy and norm
 * (or both linearly), constant beyond the ends. Parameters norm_0, norm_1, ….
 *
 * @param energiesTeV Energies of the nodes, TeV, ascending.
 * @param options Norms at the nodes, 1 where absent; scale, "log" where absent.
 * @returns A frozen record; its values are factors.
 * @throws RangeError for energies that do not ascend.
 * @example
 * ```ts
 * import { piecewiseNorm } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const model = piecewiseNorm([1, 100], { norms: [1, 4] });
 * ok(Math.abs(model.dnde(10) - 2) < 1e-14);
 * ```
 * @see gammapy.modeling.models.PiecewiseNormSpectralModel
 */
export function piecewiseNorm(
  energiesTeV: ArrayLike<number>,
  options: { readonly norms?: ArrayLike<number>; readonly interp?: PiecewiseInterp } = {},
): SpectralModel {
  const rule = piecewiseNormRule(energiesTeV, options.interp), { norms } = options;
  if (norms !== undefined && norms.length !== rule.parameters.length) {
    throw new TypeError(`Found ${norms.length} norms for ${rule.parameters.length} energies`);
  }
  return createSpectralModel(
    rule,
    Object.fromEntries(Array.from(norms ?? [], (norm, k) => [`norm_${k}`, norm])),
  );
}
