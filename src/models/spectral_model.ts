import { createRegistry, type Registry } from "../registry/mod.ts";
import { createSpectralModel, type SpectralModel, type SpectralRule } from "./spectral_rule.ts";

/** Spectral models by name: ("spectral", "pl" | "ecpl" | "lp" | …). */
export const spectralModels: Registry<SpectralRule> = createRegistry<SpectralRule>(
  "spectral model",
);

const FLUX = "cm-2 s-1 TeV-1";
const amplitude = { name: "amplitude", unit: FLUX, value: 1e-12 } as const;
const reference = { name: "reference", unit: "TeV", value: 1, frozen: true } as const;

/** ∫ from low to high of x^−g dx for x in units of its scale, also where g is close to 1. */
function powerIntegral(low: number, high: number, g: number): number {
  const p = 1 - g, width = Math.log(high / low);
  return Math.pow(low, p) * (p === 0 ? width : Math.expm1(p * width) / p);
}

const POWER_LAW: SpectralRule = {
  kind: "spectral",
  format: "pl",
  version: "",
  parameters: [{ name: "index", unit: "", value: 2 }, amplitude, reference],
  dnde: (e, p) => p[1]! * Math.pow(e / p[2]!, -p[0]!),
  gradient(e, p, out) {
    const x = e / p[2]!, shape = Math.pow(x, -p[0]!);
    out[0] = -p[1]! * shape * Math.log(x);
    out[1] = shape;
    out[2] = p[1]! * shape * p[0]! / p[2]!;
  },
  flux: (low, high, p) => p[1]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[0]!),
  eflux: (low, high, p) =>
    p[1]! * p[2]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[0]! - 1),
};

const CUTOFF_POWER_LAW: SpectralRule = {
  kind: "spectral",
  format: "ecpl",
  version: "",
  parameters: [
    { name: "index", unit: "", value: 1.5 },
    amplitude,
    reference,
    { name: "lambda_", unit: "TeV-1", value: 0.1 },
    { name: "alpha", unit: "", value: 1, frozen: true },
  ],
  dnde(e, p) {
    const cutoff = p[4] === 1 ? p[3]! * e : Math.pow(p[3]! * e, p[4]!);
    return p[1]! * Math.pow(e / p[2]!, -p[0]!) * Math.exp(-cutoff);
  },
  gradient(e, p, out) {
    const x = e / p[2]!, y = p[3]! * e, cutoff = p[4] === 1 ? y : Math.pow(y, p[4]!);
    const shape = Math.pow(x, -p[0]!) * Math.exp(-cutoff), value = p[1]! * shape;
    out[0] = -value * Math.log(x);
    out[1] = shape;
    out[2] = value * p[0]! / p[2]!;
    out[3] = p[4] === 1 ? -value * e : y === 0 ? 0 : -value * p[4]! * cutoff / p[3]!;
    out[4] = y > 0 ? -value * cutoff * Math.log(y) : 0;
  },
};

const LOG_PARABOLA: SpectralRule = {
  kind: "spectral",
  format: "lp",
  version: "",
  parameters: [
    amplitude,
    { ...reference, value: 10 },
    { name: "alpha", unit: "", value: 2 },
    { name: "beta", unit: "", value: 1 },
  ],
  dnde(e, p) {
    const x = Math.log(e / p[1]!);
    return p[0]! * Math.exp(-(p[2]! + p[3]! * x) * x);
  },
  gradient(e, p, out) {
    const x = Math.log(e / p[1]!),
      shape = Math.exp(-(p[2]! + p[3]! * x) * x),
      value = p[0]! * shape;
    out[0] = shape;
    out[1] = value * (p[2]! + 2 * p[3]! * x) / p[1]!;
    out[2] = -value * x;
    out[3] = -value * x * x;
  },
};

for (const rule of [POWER_LAW, CUTOFF_POWER_LAW, LOG_PARABOLA]) spectralModels.register(rule);

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
