import { CUTOFF_POWER_LAW, LOG_PARABOLA } from "./_curved_rules.ts";
import { POWER_LAW } from "./_power_law_rules.ts";
import { createSpectralModel, type SpectralModel } from "./spectral_rule.ts";

/** Power law. */
export interface PowerLawOptions {
  /** dN/dE at the reference energy, cm⁻² s⁻¹ TeV⁻¹. */
  readonly amplitude: number;
  /** Γ. */
  readonly index: number;
  /** E₀, TeV; 1. */
  readonly referenceTeV?: number;
}

/** Power law with an exponential cutoff. */
export interface CutoffOptions extends PowerLawOptions {
  /** λ = 1 / cutoff energy, TeV⁻¹. */
  readonly lambdaPerTeV: number;
}

/** Log-parabola. */
export interface LogParabolaOptions {
  /** dN/dE at the reference energy, cm⁻² s⁻¹ TeV⁻¹. */
  readonly amplitude: number;
  /** α. */
  readonly alpha: number;
  /** β, of the natural logarithm. */
  readonly beta: number;
  /** E₀, TeV; 1. */
  readonly referenceTeV?: number;
}

function checkReference(referenceTeV: number): number {
  if (referenceTeV > 0 && referenceTeV < Infinity) return referenceTeV;
  throw new RangeError(`The reference energy is above 0 TeV, found ${referenceTeV}`);
}

/**
 * Power law: dN/dE = amplitude (E/E₀)^−Γ.
 *
 * @param options Amplitude, index, reference energy.
 * @returns A frozen record.
 * @throws RangeError for a parameter that is not finite.
 * @example
 * ```ts
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(powerLaw({ amplitude: 1e-12, index: 2 }).flux(1, 10) - 9e-13) < 1e-25);
 * ```
 */
export function powerLaw(options: PowerLawOptions): SpectralModel {
  const { amplitude, index, referenceTeV = 1 } = options;
  return createSpectralModel(POWER_LAW, {
    amplitude,
    index,
    reference: checkReference(referenceTeV),
  });
}

/**
 * Power law with exponential cutoff: dN/dE = amplitude (E/E₀)^−Γ e^{−λE}.
 *
 * @param options Amplitude, index, λ, reference energy.
 * @returns A frozen record; its flux is integrated numerically to 1e-9.
 * @throws RangeError for a parameter that is not finite.
 * @example
 * ```ts
 * import { cutoffPowerLaw } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const model = cutoffPowerLaw({ amplitude: 1, index: 2, lambdaPerTeV: 0.1 });
 * strictEqual(model.dnde(1), Math.exp(-0.1));
 * ```
 */
export function cutoffPowerLaw(options: CutoffOptions): SpectralModel {
  const { amplitude, index, lambdaPerTeV, referenceTeV = 1 } = options;
  return createSpectralModel(CUTOFF_POWER_LAW, {
    amplitude,
    index,
    lambda_: lambdaPerTeV,
    reference: checkReference(referenceTeV),
  });
}

/**
 * Log-parabola: dN/dE = amplitude (E/E₀)^{−α − β ln(E/E₀)}.
 *
 * @param options Amplitude, α, β, reference energy.
 * @returns A frozen record; its flux is integrated numerically to 1e-9.
 * @throws RangeError for a parameter that is not finite.
 * @example
 * ```ts
 * import { logParabola } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(logParabola({ amplitude: 2, alpha: 2, beta: 0.1 }).dnde(1), 2);
 * ```
 */
export function logParabola(options: LogParabolaOptions): SpectralModel {
  const { amplitude, alpha, beta, referenceTeV = 1 } = options;
  return createSpectralModel(LOG_PARABOLA, {
    amplitude,
    alpha,
    beta,
    reference: checkReference(referenceTeV),
  });
}
