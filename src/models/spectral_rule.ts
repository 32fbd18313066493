/**
 * Spectra as rules on plain numbers, and models that carry values for them.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | E | energy | TeV |
 * | p | values of the parameters, in the order of the rule | canonical |
 * | dnde | dN/dE | cm⁻² s⁻¹ TeV⁻¹, or 1 for a norm |
 */
import { changeParameter, createParameter, type Parameter } from "../fit/mod.ts";
import { integrateSmooth } from "./_smooth_parts.ts";
import type { Json } from "../nddata/mod.ts";
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

/** What two spectra are joined by. */
export type SpectralOperator = "add" | "sub" | "mul" | "truediv";

/** What a spectrum of two is made of. */
export interface SpectralParts {
  /** Left of the operator. */
  readonly left: SpectralRule;
  /** The operator. */
  readonly operator: SpectralOperator;
  /** Right of the operator. */
  readonly right: SpectralRule;
}

/** A kind of spectrum: it answers for itself. */
export interface SpectralRule extends RegistryEntry {
  /** "spectral": a flux per energy; "spectral-norm": a factor on one. */
  readonly kind: "spectral" | "spectral-norm";
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
  /** Derivatives of `flux` by all parameters into `out`, where nodes would miss a narrow feature. */
  readonly fluxGradient?: (
    low: number,
    high: number,
    p: ArrayLike<number>,
    out: Float64Array,
  ) => void;
  /** Energies at which it is continuous but not smooth, whatever the parameters are; ascending. */
  readonly breaks?: ArrayLike<number>;
  /** Such energies that the parameters move; ascending. */
  readonly movingBreaks?: (p: ArrayLike<number>) => ArrayLike<number>;
  /** What it was made of beside parameters, as plain data with the keys of model files. */
  readonly data?: Readonly<Record<string, Json>>;
  /** What it is made of where it joins two. */
  readonly parts?: SpectralParts;
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
  return modelOf(rule, parametersOf(rule, values));
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

/**
 * The same model with other values.
 *
 * @param model The model.
 * @param values All values in its order, or some by name.
 * @returns A new record.
 * @throws TypeError for another number of values; RangeError for an unknown name or a value outside its
 *   bounds.
 * @example
 * ```ts
 * import { powerLaw, withValues } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(withValues(powerLaw({ amplitude: 1, index: 2 }), { index: 1.5 }).dnde(4), 0.125);
 * ```
 */
export function withValues(
  model: SpectralModel,
  values: ArrayLike<number> | Readonly<Record<string, number>>,
): SpectralModel {
  return modelOf(model.rule, changedValues(model, values));
}

/** Parameters of a model with other values: all in order, or some by name. */
export function changedValues(
  { kind, parameters }: { readonly kind: string; readonly parameters: readonly Parameter[] },
  values: ArrayLike<number> | Readonly<Record<string, number>>,
): readonly Parameter[] {
  if (isList(values)) {
    if (values.length !== parameters.length) {
      throw new TypeError(
        `Model ${kind} has ${parameters.length} parameters, found ${values.length} values`,
      );
    }
    return parameters.map((one, i) => changeParameter(one, { value: values[i]! }));
  }
  checkNames(kind, parameters, values);
  return parameters.map((one) =>
    Object.hasOwn(values, one.name) ? changeParameter(one, { value: values[one.name]! }) : one
  );
}

function isList(
  values: ArrayLike<number> | Readonly<Record<string, number>>,
): values is ArrayLike<number> {
  return Array.isArray(values) || ArrayBuffer.isView(values);
}

/** Throws for a name that none of the parameters has. */
export function checkNames(
  kind: string,
  parameters: readonly { readonly name: string }[],
  values: Readonly<Record<string, number>>,
): void {
  const known = parameters.map((one) => one.name);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(
    `Model ${kind} has no parameter "${unknown}": it has ${known.join(", ") || "none"}`,
  );
}

/** Parameters as a kind has them, with values by name. */
export function parametersOf(
  { format, parameters }: Pick<SpectralRule, "format" | "parameters">,
  values: Readonly<Record<string, number>>,
): readonly Parameter[] {
  checkNames(format, parameters, values);
  return parameters.map(({ name, unit, value, frozen = false, min, max }) =>
    createParameter(name, Object.hasOwn(values, name) ? values[name]! : value, {
      unit,
      frozen,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    })
  );
}

/**
 * dN/dE of a kind at many energies.
 *
 * @param rule The kind.
 * @param energies Energies, TeV.
 * @param values Values of its parameters, in its order.
 * @param out Takes the values, as many as energies.
 * @returns `out`.
 * @example
 * ```ts
 * import { dndeInto, powerLaw } from "@gammarx/gammarx/models";
 * import { deepStrictEqual } from "node:assert/strict";
 * const { rule } = powerLaw({ amplitude: 1, index: 2 }), out = new Float64Array(2);
 * deepStrictEqual([...dndeInto(rule, [1, 2], [2, 1, 1], out)], [1, 0.25]);
 * ```
 */
export function dndeInto(
  rule: SpectralRule,
  energies: ArrayLike<number>,
  values: ArrayLike<number>,
  out: Float64Array,
): Float64Array {
  const { dnde } = rule;
  for (let i = 0; i < energies.length; i++) out[i] = dnde(energies[i]!, values);
  return out;
}

/** ∫ E^moment dN/dE dE at values of the parameters. */
export function integralOf(
  rule: SpectralRule,
  p: ArrayLike<number>,
  { low, high, moment }: { readonly low: number; readonly high: number; readonly moment: 0 | 1 },
): number {
  checkRange(low, high);
  const formula = moment === 0 ? rule.flux : rule.eflux;
  if (formula !== undefined) return formula(low, high, p);
  const value = moment === 0 ? (e: number) => rule.dnde(e, p) : (e: number) => rule.dnde(e, p) * e;
  return integrateSmooth(value, { low, high, breaks: breaksOf(rule, p) });
}

/** Energies at which a spectrum is not smooth at values of its parameters, ascending. */
export function breaksOf(rule: SpectralRule, p: ArrayLike<number>): ArrayLike<number> {
  const moving = rule.movingBreaks?.(p);
  if (moving === undefined) return rule.breaks ?? [];
  if (rule.breaks === undefined) return moving;
  return Float64Array.from([...Array.from(rule.breaks), ...Array.from(moving)]).sort();
}

/** Throws where [low, high] is no interval of energies. */
export function checkRange(low: number, high: number): void {
  if (low > 0 && high >= low) return;
  throw new RangeError(
    `An integral of a spectrum is over 0 < low <= high, found ${low} to ${high}`,
  );
}
