/** What a fit can change: named numbers with bounds. */

/** A term that a parameter adds to the fit statistic: what is known of it beforehand. */
export interface Prior {
  /** Name of the family: "gaussian", "uniform". */
  readonly kind: string;
  /** Its numbers. */
  readonly options: Readonly<Record<string, number>>;
  /** −2 ln of its density at a value. */
  readonly stat: (value: number) => number;
  /** Derivative of that. */
  readonly slope: (value: number) => number;
}

/** A parameter. */
export interface Parameter {
  /** Name, unique in a fit: "crab.index". */
  readonly name: string;
  /** Value, in `unit`. */
  readonly value: number;
  /** Unit; "" for a pure number. */
  readonly unit: string;
  /** Least value; −∞ where it has none. */
  readonly min: number;
  /** Greatest value; +∞ where it has none. */
  readonly max: number;
  /** Whether a fit leaves it alone. */
  readonly frozen: boolean;
  /** One standard deviation; NaN where it is not known. */
  readonly error: number;
  /** Size of its steps at first; 0 where `error` or the value tell. */
  readonly step: number;
  /** What is known of it beforehand. */
  readonly prior: Prior | undefined;
}

/** What {@link createParameter} takes beside name and value. */
export type ParameterOptions = Partial<Omit<Parameter, "name" | "value">>;

/**
 * Makes a parameter.
 *
 * @param name Name, unique in a fit.
 * @param value Value.
 * @param options Unit, bounds, frozen, error, step, prior.
 * @returns A frozen record.
 * @throws RangeError for a value that is not finite or outside its bounds, or bounds that are none.
 * @example
 * ```ts
 * import { createParameter } from "@gammarx/gammarx/fit";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createParameter("index", 2, { min: 0 }).frozen, false);
 * ```
 */
export function createParameter(
  name: string,
  value: number,
  options: ParameterOptions = {},
): Parameter {
  const { unit = "", min = -Infinity, max = Infinity, frozen = false } = options;
  const { error = NaN, step = 0, prior } = options;
  if (!(min < max)) throw new RangeError(`Parameter ${name}: found bounds ${min} to ${max}`);
  if (!Number.isFinite(value) || value < min || value > max) {
    throw new RangeError(
      `Parameter ${name}: found value ${value}, expected a number from ${min} to ${max}`,
    );
  }
  if (!(step >= 0)) {
    throw new RangeError(`Parameter ${name}: found step ${step}, expected 0 or more`);
  }
  return Object.freeze({ name, value, unit, min, max, frozen, error, step, prior });
}

/**
 * A parameter with other fields; checked as a new one is.
 *
 * @param parameter The parameter.
 * @param changes The fields that change.
 * @returns A frozen record.
 * @throws RangeError as {@linkcode createParameter}.
 * @example
 * ```ts
 * import { changeParameter, createParameter } from "@gammarx/gammarx/fit";
 * import { ok } from "node:assert/strict";
 * ok(changeParameter(createParameter("index", 2), { frozen: true }).frozen);
 * ```
 */
export function changeParameter(
  parameter: Parameter,
  changes: ParameterOptions & { readonly value?: number },
): Parameter {
  const { value = parameter.value, ...options } = changes;
  return createParameter(parameter.name, value, { ...parameter, ...options });
}

/**
 * A Gaussian prior: −2 ln p = ((x − μ)/σ)² + ln 2πσ².
 *
 * @param options Mean and standard deviation.
 * @returns A frozen record.
 * @throws RangeError for a deviation that is not above 0.
 * @example
 * ```ts
 * import { gaussianPrior } from "@gammarx/gammarx/fit";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(gaussianPrior({ mean: 1, sigma: 2 }).slope(3), 1);
 * ```
 */
export function gaussianPrior(options: { readonly mean: number; readonly sigma: number }): Prior {
  const { mean, sigma } = options;
  if (!(sigma > 0)) throw new RangeError(`A Gaussian prior has a sigma above 0, found ${sigma}`);
  return Object.freeze({
    kind: "gaussian",
    options: Object.freeze({ mean, sigma }),
    stat: (x: number) => ((x - mean) / sigma) ** 2 + Math.log(2 * Math.PI * sigma * sigma),
    slope: (x: number) => 2 * (x - mean) / (sigma * sigma),
  });
}

/**
 * A uniform prior: −2 ln p = 2 ln(max − min) inside, +∞ outside.
 *
 * @param options The bounds.
 * @returns A frozen record.
 * @throws RangeError for bounds that do not ascend.
 * @example
 * ```ts
 * import { uniformPrior } from "@gammarx/gammarx/fit";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(uniformPrior({ min: 0, max: 1 }).stat(2), Infinity);
 * ```
 */
export function uniformPrior(options: { readonly min: number; readonly max: number }): Prior {
  const { min, max } = options;
  if (!(min < max)) throw new RangeError(`A uniform prior has min < max, found ${min} and ${max}`);
  const inside = 2 * Math.log(max - min);
  return Object.freeze({
    kind: "uniform",
    options: Object.freeze({ min, max }),
    stat: (x: number) => x >= min && x <= max ? inside : Infinity,
    slope: () => 0,
  });
}
