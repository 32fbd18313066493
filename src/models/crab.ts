import { MEYER_CRAB } from "./_curved_rules.ts";
import { cutoffPowerLaw, logParabola, powerLaw } from "./spectral_model.ts";
import { createSpectralModel, type SpectralModel } from "./spectral_rule.ts";

/** Published spectra of the Crab Nebula. */
export type CrabReference = "meyer" | "hegra" | "hess_pl" | "hess_ecpl" | "magic_lp" | "magic_ecpl";

const CRABS: Readonly<Record<CrabReference, () => SpectralModel>> = {
  meyer: () => createSpectralModel(MEYER_CRAB),
  hegra: () => powerLaw({ amplitude: 2.83e-11, index: 2.62 }),
  hess_pl: () => powerLaw({ amplitude: 3.45e-11, index: 2.63 }),
  hess_ecpl: () => cutoffPowerLaw({ amplitude: 3.76e-11, index: 2.39, lambdaPerTeV: 1 / 14.3 }),
  magic_lp: () => logParabola({ amplitude: 3.23e-11, alpha: 2.47, beta: 0.24 / Math.LN10 }),
  magic_ecpl: () => cutoffPowerLaw({ amplitude: 3.8e-11, index: 2.21, lambdaPerTeV: 1 / 6 }),
};

/**
 * A published spectrum of the Crab Nebula:
 *
 * | name | paper |
 * | --- | --- |
 * | meyer | Meyer, Horns & Zechlin 2010, A&A 523, A2, appendix D |
 * | hegra | Aharonian et al. 2000, ApJ 539, 317 |
 * | hess_pl, hess_ecpl | Aharonian et al. 2006, A&A 457, 899 |
 * | magic_lp, magic_ecpl | Aleksić et al. 2015, JHEAp 5, 30 |
 *
 * @param reference Name; "meyer" where absent.
 * @returns A frozen record.
 * @throws RangeError for an unknown name.
 * @example
 * ```ts
 * import { crabSpectrum } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(crabSpectrum("hegra").dnde(1) - 2.83e-11) < 1e-25);
 * ```
 */
export function crabSpectrum(reference: CrabReference = "meyer"): SpectralModel {
  const make = CRABS[reference];
  if (make !== undefined) return make();
  throw new RangeError(
    `Unknown spectrum of the Crab "${reference}": known are ${Object.keys(CRABS).join(", ")}`,
  );
}
