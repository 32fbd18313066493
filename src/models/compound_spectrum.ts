import { createParameter, type Parameter } from "../fit/mod.ts";
import { CONSTANT_NORM } from "./_power_law_rules.ts";
import {
  breaksOf,
  createSpectralModel,
  modelOf,
  type SpectralModel,
  type SpectralOperator,
  type SpectralRule,
} from "./spectral_rule.ts";

/** What an operator does to values and derivatives. */
interface Operation {
  readonly sign: string;
  readonly value: (a: number, b: number) => number;
  /** Derivative by the left value. */
  readonly byLeft: (a: number, b: number) => number;
  /** Derivative by the right value. */
  readonly byRight: (a: number, b: number) => number;
  /** Factor of the right integral in the whole; undefined where integrals do not add. */
  readonly rightPart: number | undefined;
  /** Kind of the whole; undefined where it would be neither a flux nor a factor. */
  readonly kind: (a: Kind, b: Kind) => Kind | undefined;
}

type Kind = SpectralRule["kind"];

const sameKind = (a: Kind, b: Kind) => a === b ? a : undefined;

const OPERATIONS: Readonly<Record<SpectralOperator, Operation>> = {
  add: {
    sign: "+",
    value: (a, b) => a + b,
    byLeft: () => 1,
    byRight: () => 1,
    rightPart: 1,
    kind: sameKind,
  },
  sub: {
    sign: "−",
    value: (a, b) => a - b,
    byLeft: () => 1,
    byRight: () => -1,
    rightPart: -1,
    kind: sameKind,
  },
  mul: {
    sign: "×",
    value: (a, b) => a * b,
    byLeft: (_, b) => b,
    byRight: (a) => a,
    rightPart: undefined,
    kind: (a, b) => a === "spectral-norm" ? b : b === "spectral-norm" ? a : undefined,
  },
  truediv: {
    sign: "÷",
    value: (a, b) => a / b,
    byLeft: (_, b) => 1 / b,
    byRight: (a, b) => -a / (b * b),
    rightPart: undefined,
    kind: (a, b) => b === "spectral-norm" ? a : a === "spectral" ? "spectral-norm" : undefined,
  },
};

/** Names of the parameters of both: with "model1." and "model2." where both have one of a name. */
function jointNames(left: readonly string[], right: readonly string[]): string[] {
  return [
    ...left.map((name) => right.includes(name) ? `model1.${name}` : name),
    ...right.map((name) => left.includes(name) ? `model2.${name}` : name),
  ];
}

/** The kind of spectrum that joins two. */
export function compoundRule(
  left: SpectralRule,
  operator: SpectralOperator,
  right: SpectralRule,
): SpectralRule {
  const operation = OPERATIONS[operator];
  if (operation === undefined) {
    throw new RangeError(
      `Unknown operator "${operator}" of spectra: known are ${Object.keys(OPERATIONS).join(", ")}`,
    );
  }
  const kind = operation.kind(left.kind, right.kind);
  if (kind === undefined) {
    throw new TypeError(
      `${left.format} ${operation.sign} ${right.format}: found ${left.kind} and ${right.kind}, which ` +
        `give neither a flux nor a factor`,
    );
  }
  const n = left.parameters.length, m = right.parameters.length, { value } = operation;
  const own = new Float64Array(n), other = new Float64Array(m);
  const slopes = new Float64Array(n), otherSlopes = new Float64Array(m);
  const names = jointNames(
    left.parameters.map((one) => one.name),
    right.parameters.map((one) => one.name),
  );
  const split = (p: ArrayLike<number>): void => {
    for (let k = 0; k < n; k++) own[k] = p[k]!;
    for (let k = 0; k < m; k++) other[k] = p[n + k]!;
  };
  const breaks = Float64Array.from(
    new Set([...Array.from(left.breaks ?? []), ...Array.from(right.breaks ?? [])]),
  ).sort();
  const hasMoving = left.movingBreaks !== undefined || right.movingBreaks !== undefined;
  const { rightPart } = operation;
  const integral = (name: "flux" | "eflux") => {
    const a = left[name], b = right[name];
    if (rightPart === undefined || a === undefined || b === undefined) return {};
    return {
      [name]: (low: number, high: number, p: ArrayLike<number>) => {
        split(p);
        return a(low, high, own) + rightPart * b(low, high, other);
      },
    };
  };
  return Object.freeze({
    kind,
    format: "compound",
    version: "",
    parameters: [...left.parameters, ...right.parameters].map((one, k) => ({
      ...one,
      name: names[k]!,
    })),
    dnde: (e: number, p: ArrayLike<number>) => {
      split(p);
      return value(left.dnde(e, own), right.dnde(e, other));
    },
    gradient: (e: number, p: ArrayLike<number>, out: Float64Array) => {
      split(p);
      const a = left.dnde(e, own), b = right.dnde(e, other);
      left.gradient(e, own, slopes);
      right.gradient(e, other, otherSlopes);
      const byLeft = operation.byLeft(a, b), byRight = operation.byRight(a, b);
      for (let k = 0; k < n; k++) out[k] = byLeft * slopes[k]!;
      for (let k = 0; k < m; k++) out[n + k] = byRight * otherSlopes[k]!;
    },
    ...integral("flux"),
    ...integral("eflux"),
    ...(breaks.length > 0 ? { breaks } : {}),
    ...(hasMoving
      ? {
        movingBreaks: (p: ArrayLike<number>) => {
          split(p);
          const both = [...Array.from(breaksOf(left, own)), ...Array.from(breaksOf(right, other))];
          return Float64Array.from(both).sort();
        },
      }
      : {}),
    parts: { left, operator, right },
  });
}

/**
 * Two spectra joined by +, −, × or ÷; a number is a factor, or a flux where it is added to one. Parameters
 * keep their names; where both have one of a name they become "model1.index" and "model2.index".
 *
 * @param left Left of the operator.
 * @param operator "add", "sub", "mul" or "truediv".
 * @param right Right of the operator; a number is frozen.
 * @returns A frozen record.
 * @throws TypeError where the result is neither a flux per energy nor a factor.
 * @example
 * ```ts
 * import { compoundSpectrum, powerLaw } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const soft = powerLaw({ amplitude: 1, index: 3 }), hard = powerLaw({ amplitude: 1, index: 2 });
 * const sum = compoundSpectrum(soft, "add", hard);
 * strictEqual(sum.dnde(2), 0.375);
 * strictEqual(compoundSpectrum(sum, "mul", 2).dnde(2), 0.75);
 * ```
 */
export function compoundSpectrum(
  left: SpectralModel,
  operator: SpectralOperator,
  right: SpectralModel | number,
): SpectralModel {
  const second = typeof right === "number" ? numberModel(left, operator, right) : right;
  const rule = compoundRule(left.rule, operator, second.rule);
  return modelOf(rule, named([...left.parameters, ...second.parameters], rule));
}

/** A number as a model that no fit changes. */
function numberModel(
  { rule }: SpectralModel,
  operator: SpectralOperator,
  value: number,
): SpectralModel {
  const isFlux = (operator === "add" || operator === "sub") && rule.kind === "spectral";
  const parameter = { ...CONSTANT_NORM.parameters[0]!, frozen: true };
  return createSpectralModel({
    ...CONSTANT_NORM,
    kind: isFlux ? "spectral" : "spectral-norm",
    parameters: [{ ...parameter, unit: isFlux ? "cm-2 s-1 TeV-1" : "" }],
  }, { const: value });
}

/** Parameters with the names that a kind has for them. */
export function named(parameters: readonly Parameter[], rule: SpectralRule): readonly Parameter[] {
  return parameters.map((one, k) => {
    const { name } = rule.parameters[k]!;
    return one.name === name ? one : createParameter(name, one.value, one);
  });
}
