/**
 * Spectra as rules on plain numbers, and models that carry values for them.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | E | energy | TeV |
 * | p | values of the parameters, in the order of the rule | canonical |
 * | dnde | dN/dE | cm⁻² s⁻¹ TeV⁻¹, or 1 for a norm |
 */
import { createParameter, type Parameter } from "../fit/mod.ts";
import { gaussLegendre, integrateLog } from "../numeric/mod.ts";
import type { RegistryEntry } from "../registry/mod.ts";

/** A parameter as its kind has it. */
export interface ParameterRule {
  /** Name within the model: "index". */
  readonly name: string;
  /** Unit of its values: canonical. */
  readonly unit: string;
  /** Value where none is given. */
  readonly value: number;
  /** Whether fits leave it alone unless told otherwise; false where absent. */
  readonly frozen?: boolean;
  /** Least value; none where absent. */
  readonly min?: number;
  /** Greatest value; none where absent. */
  readonly max?: number;
}

/** A kind of spectrum: it answers for itself. */
export interface SpectralRule extends RegistryEntry {
  /** Always "spectral". */
  readonly kind: "spectral";
  /** Its parameters in order. */
  readonly parameters: readonly ParameterRule[];
  /** dN/dE at an energy. */
  readonly dnde: (e: number, p: ArrayLike<number>) => number;
  /** Derivatives of dN/dE by all parameters into `out`. */
  readonly gradient: (e: number, p: ArrayLike<number>, out: Float64Array) => void;
  /** ∫ dN/dE dE where it has a formula. */
  readonly flux?: (low: number, high: number, p: ArrayLike<number>) => number;
  /** ∫ E dN/dE dE where it has a formula. */
  readonly eflux?: (low: number, high: number, p: ArrayLike<number>) => number;
}

/** A spectrum with values for its parameters. */
export interface SpectralModel {
  /** Name of its kind: "pl", "ecpl". */
  readonly kind: string;
  /** What it is computed by. */
  readonly rule: SpectralRule;
  /** Its parameters, in the order of the rule. */
  readonly parameters: readonly Parameter[];
  /** dN/dE at an energy in TeV, cm⁻² s⁻¹ TeV⁻¹. */
  readonly dnde: (energyTeV: number) => number;
  /** ∫ dN/dE dE over [lowTeV, highTeV], cm⁻² s⁻¹. */
  readonly flux: (lowTeV: number, highTeV: number) => number;
  /** ∫ E dN/dE dE over [lowTeV, highTeV], TeV cm⁻² s⁻¹. */
  readonly eflux: (lowTeV: number, highTeV: number) => number;
}

/**
 * A model of a kind with values.
 *
 * @param rule The kind.
 * @param values Values by name of the parameter; those of the kind where absent.
 * @returns A frozen record.
 * @throws RangeError for a name that the kind does not have, or a value that is not finite or outside its
 *   bounds.
 * @example
 * ```ts
 * import { createSpectralModel, spectralModels } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const pl = createSpectralModel(spectralModels.lookup("spectral", "pl"), { index: 2.5 });
 * strictEqual(pl.parameters[0]?.value, 2.5);
 * ```
 */
export function createSpectralModel(
  rule: SpectralRule,
  values: Readonly<Record<string, number>> = {},
): SpectralModel {
  const known = rule.parameters.map((one) => one.name);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Model ${rule.format} has no parameter "${unknown}": it has ${known.join(", ")}`,
    );
  }
  return modelOf(
    rule,
    rule.parameters.map(({ name, unit, value, frozen = false, min, max }) =>
      createParameter(name, values[name] ?? value, {
        unit,
        frozen,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      })
    ),
  );
}

/** A model of a kind with parameters, which may be those of a fit. */
export function modelOf(rule: SpectralRule, parameters: readonly Parameter[]): SpectralModel {
  const p = Float64Array.from(parameters, (one) => one.value);
  return Object.freeze({
    kind: rule.format,
    rule,
    parameters: Object.freeze([...parameters]),
    dnde: (e: number) => rule.dnde(e, p),
    flux: (low: number, high: number) => integralOf(rule, p, { low, high, moment: 0 }),
    eflux: (low: number, high: number) => integralOf(rule, p, { low, high, moment: 1 }),
  });
}

/**
 * The same model with other parameters: those of a fit, by their order.
 *
 * @param model The model.
 * @param parameters As many as it has, in its order.
 * @returns A new record.
 * @throws TypeError for another number of parameters.
 * @example
 * ```ts
 * import { changeParameter } from "@gammarx/gammarx/fit";
 * import { powerLaw, withParameters } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const pl = powerLaw({ amplitude: 1, index: 2 });
 * const harder = withParameters(pl, pl.parameters.map((one) =>
 *   one.name === "index" ? changeParameter(one, { value: 1.5 }) : one
 * ));
 * strictEqual(harder.dnde(4), 0.125);
 * ```
 */
export function withParameters(
  model: SpectralModel,
  parameters: readonly Parameter[],
): SpectralModel {
  if (parameters.length !== model.parameters.length) {
    throw new TypeError(
      `Model ${model.kind} has ${model.parameters.length} parameters, found ${parameters.length}`,
    );
  }
  return modelOf(model.rule, parameters);
}

function integralOf(
  rule: SpectralRule,
  p: ArrayLike<number>,
  { low, high, moment }: { readonly low: number; readonly high: number; readonly moment: 0 | 1 },
): number {
  if (!(low > 0 && high >= low)) {
    throw new RangeError(
      `An integral of a spectrum is over 0 < low <= high, found ${low} to ${high}`,
    );
  }
  const formula = moment === 0 ? rule.flux : rule.eflux;
  if (formula !== undefined) return formula(low, high, p);
  const value = (e: number) => rule.dnde(e, p) * (moment === 1 ? e : 1);
  return integrateLog(value, { low, high, partsPerDecade: 8 });
}

/** Nodes for parts of up to a quarter of a decade, and for those that are much smaller. */
const WIDE = gaussLegendre(8), NARROW = gaussLegendre(4);

/** A spectrum made ready for the bins of an axis: what a fit calls over and over. */
export interface BinnedSpectrum {
  /** Flux in each bin at values of the parameters, cm⁻² s⁻¹. */
  readonly fluxInto: (values: ArrayLike<number>, out: Float64Array) => void;
  /** Its derivatives, a row of bins a parameter, in C order. */
  readonly gradientInto: (values: ArrayLike<number>, out: Float64Array) => void;
}

/**
 * The integrals of a kind of spectrum over bins: by its formula where it has one, otherwise by sums over
 * nodes that are found once.
 *
 * @param rule The kind.
 * @param edges Edges of the bins, TeV, ascending, above 0.
 * @returns Functions of the parameters' values that make nothing new.
 * @throws RangeError for edges that are not above 0.
 * @example
 * ```ts
 * import { binnedSpectrum, powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const { rule } = powerLaw({ amplitude: 1, index: 2 });
 * const flux = new Float64Array(2);
 * binnedSpectrum(rule, Float64Array.of(1, 2, 4)).fluxInto([2, 1, 1], flux);
 * ok(Math.abs(flux[1]! - 0.25) < 1e-12);
 * ```
 */
export function binnedSpectrum(rule: SpectralRule, edges: Float64Array): BinnedSpectrum {
  if (!(edges[0]! > 0)) {
    throw new RangeError(`Edges of true energy are above 0 TeV, found ${edges[0]}`);
  }
  const nBins = edges.length - 1, nParameters = rule.parameters.length, { flux } = rule;
  const energies: number[] = [], weights: number[] = [], first = new Int32Array(nBins + 1);
  for (let bin = 0; bin < nBins; bin++) {
    const a = Math.log(edges[bin]!), b = Math.log(edges[bin + 1]!);
    const decades = (b - a) / Math.LN10, q = decades < 0.06 ? NARROW : WIDE;
    const parts = Math.max(1, Math.ceil(4 * decades)), width = (b - a) / parts;
    for (let part = 0; part < parts; part++) {
      for (let k = 0; k < q.nodes.length; k++) {
        const e = Math.exp(a + (part + 0.5 + q.nodes[k]! / 2) * width);
        energies.push(e);
        weights.push(q.weights[k]! * e * width / 2);
      }
    }
    first[bin + 1] = energies.length;
  }
  const one = new Float64Array(nParameters);
  return Object.freeze({
    fluxInto(values: ArrayLike<number>, out: Float64Array): void {
      if (flux !== undefined) {
        for (let bin = 0; bin < nBins; bin++) out[bin] = flux(edges[bin]!, edges[bin + 1]!, values);
        return;
      }
      for (let bin = 0; bin < nBins; bin++) {
        let sum = 0;
        for (let k = first[bin]!; k < first[bin + 1]!; k++) {
          sum += weights[k]! * rule.dnde(energies[k]!, values);
        }
        out[bin] = sum;
      }
    },
    gradientInto(values: ArrayLike<number>, out: Float64Array): void {
      out.fill(0, 0, nBins * nParameters);
      for (let bin = 0; bin < nBins; bin++) {
        for (let k = first[bin]!; k < first[bin + 1]!; k++) {
          rule.gradient(energies[k]!, values, one);
          for (let i = 0; i < nParameters; i++) out[i * nBins + bin]! += weights[k]! * one[i]!;
        }
      }
    },
  });
}
