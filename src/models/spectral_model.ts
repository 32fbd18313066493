import { integrateLog } from "../numeric/mod.ts";
import { createRegistry, type Registry, type RegistryEntry } from "../registry/mod.ts";

/** A spectrum: differential photon flux against true energy. A record that answers for itself. */
export interface SpectralModel {
  /** Name of the family: "pl". */
  readonly kind: string;
  /** Its parameters as plain data. */
  readonly parameters: Readonly<Record<string, number>>;
  /** dN/dE at an energy in TeV, cm⁻² s⁻¹ TeV⁻¹. */
  readonly dnde: (energyTeV: number) => number;
  /** ∫ dN/dE dE over [lowTeV, highTeV], cm⁻² s⁻¹. */
  readonly flux: (lowTeV: number, highTeV: number) => number;
}

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

function spectralModel(
  kind: string,
  parameters: Readonly<Record<string, number>>,
  dnde: (energyTeV: number) => number,
  flux: SpectralModel["flux"] = (low, high) => integrateLog(dnde, { low, high, partsPerDecade: 8 }),
): SpectralModel {
  for (const [name, value] of Object.entries(parameters)) {
    if (!Number.isFinite(value)) throw new RangeError(`Model ${kind}: ${name} is ${value}`);
  }
  const { referenceTeV } = parameters;
  if (referenceTeV !== undefined && !(referenceTeV > 0)) {
    throw new RangeError(
      `Model ${kind}: the reference energy is above 0 TeV, found ${referenceTeV}`,
    );
  }
  return Object.freeze({ kind, parameters: Object.freeze(parameters), dnde, flux });
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
  return spectralModel(
    "pl",
    { amplitude, index, referenceTeV },
    (e) => amplitude * Math.pow(e / referenceTeV, -index),
    (low, high) => {
      const scale = amplitude * referenceTeV;
      const [a, b] = [Math.log(low / referenceTeV), Math.log(high / referenceTeV)];
      const p = 1 - index;
      // (e^{pb} − e^{pa}) / p, also where p is close to 0
      return scale * Math.exp(p * a) * (p === 0 ? b - a : Math.expm1(p * (b - a)) / p);
    },
  );
}

/**
 * Power law with exponential cutoff: dN/dE = amplitude (E/E₀)^−Γ e^{−λE}.
 *
 * @param options Amplitude, index, λ, reference energy.
 * @returns A frozen record; its flux is integrated numerically to 1e-10.
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
  return spectralModel(
    "ecpl",
    { amplitude, index, lambdaPerTeV, referenceTeV },
    (e) => amplitude * Math.pow(e / referenceTeV, -index) * Math.exp(-lambdaPerTeV * e),
  );
}

/**
 * Log-parabola: dN/dE = amplitude (E/E₀)^{−α − β ln(E/E₀)}.
 *
 * @param options Amplitude, α, β, reference energy.
 * @returns A frozen record; its flux is integrated numerically to 1e-10.
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
  return spectralModel("lp", { amplitude, alpha, beta, referenceTeV }, (e) => {
    const x = Math.log(e / referenceTeV);
    return amplitude * Math.exp(-(alpha + beta * x) * x);
  });
}

/** An entry of {@link spectralModels}: makes a model of plain options. */
export interface SpectralModelEntry extends RegistryEntry {
  /** Makes the model. Throws RangeError for parameters that are not finite. */
  readonly create: (options: Readonly<Record<string, number>>) => SpectralModel;
}

/** Spectral models by name: ("spectral", "pl" | "ecpl" | "lp"). */
export const spectralModels: Registry<SpectralModelEntry> = createRegistry<SpectralModelEntry>(
  "spectral model",
);
for (
  const [format, create] of [
    ["pl", powerLaw],
    ["ecpl", cutoffPowerLaw],
    ["lp", logParabola],
  ] as readonly [string, (options: never) => SpectralModel][]
) {
  spectralModels.register({
    kind: "spectral",
    format,
    version: "",
    create: (options) => create(options as never),
  });
}
