import {
  asymmetricError,
  changeParameter,
  fit,
  type FitResult,
  type Objective,
  type Parameter,
  statProfile,
} from "../fit/mod.ts";

/** What a fit says of one parameter. */
export interface ParameterScan {
  /** What it is. */
  readonly kind: "parameter-scan";
  /** Name of the parameter. */
  readonly name: string;
  /** Unit of all its values. */
  readonly unit: string;
  /** Best value. */
  readonly best: number;
  /** nSigma standard deviations, from the second derivatives. */
  readonly error: number;
  /** Distance downwards to where the statistic has risen by nSigma²; NaN where it was not found. */
  readonly errn: number;
  /** Distance upwards to where the statistic has risen by nSigma²; NaN where it was not found. */
  readonly errp: number;
  /** Value above the best one at which the statistic has risen by nSigmaUl²; NaN where it was not found. */
  readonly ul: number;
  /** The statistic at the best value. */
  readonly stat: number;
  /** The value that the best one is tested against; NaN where there is none. */
  readonly nullValue: number;
  /** The statistic there; NaN where there is none. */
  readonly statNull: number;
  /** statNull − stat. */
  readonly ts: number;
  /** √TS, negative where the best value is below the null one. */
  readonly sqrtTs: number;
  /** Values at which the statistic was asked for. */
  readonly values: Float64Array;
  /** The statistic at each. */
  readonly statScan: Float64Array;
  /** Standard deviations of the errors. */
  readonly nSigma: number;
  /** Standard deviations of the limit. */
  readonly nSigmaUl: number;
  /** In words what was wrong with fit, errors or limit; "" where all is well. */
  readonly reason: string;
  /** The fit; without `reoptimize`, that of the parameter alone. */
  readonly result: FitResult;
}

/** How a parameter is scanned. */
export interface ParameterScanOptions {
  /** Name of the parameter. */
  readonly name: string;
  /** Values at which the statistic is asked for; made from `nSigmaScan` and `nValues` where absent. */
  readonly values?: ArrayLike<number> | undefined;
  /** How many errors the values reach to both sides, as far as bounds allow; 2 where absent. */
  readonly nSigmaScan?: number;
  /** Number of values; 11 where absent. */
  readonly nValues?: number;
  /** Whether all other free parameters are fitted again at each value; true where absent, else they are held. */
  readonly reoptimize?: boolean;
  /** Value that the best one is tested against; none where absent. */
  readonly nullValue?: number | undefined;
  /** Standard deviations of the errors; 1 where absent. */
  readonly nSigma?: number;
  /** Standard deviations of the limit; 2 where absent. */
  readonly nSigmaUl?: number;
}

/**
 * Fits, and finds of one parameter its best value, errors to both sides, upper limit, significance against a null
 * value, and the statistic along it. The statistic is one that rises by 1 a standard deviation (−2 ln L, χ²).
 *
 * @param objective The statistic.
 * @param parameters All parameters, in the order of the objective; the fit begins at their values.
 * @param options The parameter, where to ask for the statistic, the null value.
 * @returns A frozen record; its arrays are the caller's. A fit that fails gives NaN for errors and limit, and
 *   says why.
 * @throws RangeError for a parameter that is not there or is frozen, a null value or values outside its bounds,
 *   or fewer than 2 values.
 * @example
 * ```ts
 * import { scanParameter } from "@gammarx/gammarx/estimators";
 * import { createParameter } from "@gammarx/gammarx/fit";
 * import { ok } from "node:assert/strict";
 * // Nine counts without background.
 * const objective = { value: ([mu]: Float64Array) => 2 * (mu! - 9 * Math.log(mu!)) };
 * const start = [createParameter("mu", 5, { min: 0 })];
 * const { best, errn, errp } = scanParameter(objective, start, { name: "mu" });
 * ok(Math.abs(best - 9) < 0.01 && Math.abs(errn - 2.68) < 0.01 && Math.abs(errp - 3.34) < 0.01);
 * ```
 * @see gammapy.estimators.ParameterEstimator
 */
export function scanParameter(
  objective: Objective,
  parameters: readonly Parameter[],
  options: ParameterScanOptions,
): ParameterScan {
  const { name, nullValue = NaN, reoptimize = true, nSigma = 1, nSigmaUl = 2 } = options;
  const wanted = requireFree(parameters, name);
  const asked = options.values === undefined ? undefined : Float64Array.from(options.values);
  requireInside(wanted, asked ?? []);
  if (options.nullValue !== undefined) requireInside(wanted, [nullValue]);
  const i = parameters.indexOf(wanted), total = withPrior(objective, wanted, i);
  const result = fit(
    total,
    parameters.map((one) => one === wanted ? withoutPrior(one) : reoptimize ? one : frozen(one)),
  );
  const found = result.parameters[i]!, { value, error } = found;
  const values = asked ?? valuesAround(found, options);
  const errors = errorsOf(total, result, { name, nSigma });
  const limit = errorsOf(total, result, { name, nSigma: nSigmaUl });
  const statAt = (at: ArrayLike<number>) => statProfile(total, result, name, { values: at }).stat;
  const statNull = options.nullValue === undefined ? NaN : statAt([nullValue])[0]!;
  const ts = statNull - result.stat;
  return Object.freeze({
    kind: "parameter-scan",
    name,
    unit: wanted.unit,
    best: value,
    error: nSigma * error,
    errn: errors.low,
    errp: errors.high,
    ul: value + limit.high,
    stat: result.stat,
    nullValue,
    statNull,
    ts,
    sqrtTs: Math.sign(value - nullValue) * Math.sqrt(Math.max(0, ts)),
    values,
    statScan: statAt(values),
    nSigma,
    nSigmaUl,
    reason: [
      result.reason,
      errors.reason && `errors: ${errors.reason}`,
      Number.isNaN(limit.high) && limit.reason && `limit: ${limit.reason}`,
    ].filter(Boolean).join("; "),
    result: Object.freeze({
      ...result,
      parameters: Object.freeze(
        result.parameters.map((one, k) =>
          k === i ? changeParameter(one, { prior: wanted.prior }) : one
        ),
      ),
    }),
  });
}

/** Errors to both sides; NaN where there is no minimum to count them from. */
function errorsOf(
  objective: Objective,
  result: FitResult,
  { name, nSigma }: { readonly name: string; readonly nSigma: number },
): { readonly low: number; readonly high: number; readonly reason: string } {
  if (!result.converged) return { low: NaN, high: NaN, reason: "" };
  return asymmetricError(objective, result, name, { nSigma });
}

/** The statistic with a parameter's prior as a term: it counts where the parameter is held, too. */
function withPrior(objective: Objective, { prior }: Parameter, i: number): Objective {
  if (prior === undefined) return objective;
  const { gradient } = objective;
  return {
    value: (values) => objective.value(values) + prior.stat(values[i]!),
    ...(gradient === undefined ? {} : {
      gradient(values: Float64Array, out: Float64Array): void {
        gradient(values, out);
        out[i] = out[i]! + prior.slope(values[i]!);
      },
    }),
  };
}

function withoutPrior(parameter: Parameter): Parameter {
  return changeParameter(parameter, { prior: undefined });
}

function frozen(parameter: Parameter): Parameter {
  return changeParameter(parameter, { frozen: true });
}

function valuesAround(
  { name, value, error, min, max }: Parameter,
  { nSigmaScan = 2, nValues = 11 }: ParameterScanOptions,
): Float64Array {
  if (!(Number.isInteger(nValues) && nValues >= 2) || !(nSigmaScan > 0)) {
    throw new RangeError(
      `Parameter ${name}: found ${nValues} values over ${nSigmaScan} errors, expected 2 or more over more than 0`,
    );
  }
  const reach = nSigmaScan * error;
  const low = Math.max(min, value - reach), high = Math.min(max, value + reach);
  return Float64Array.from(
    { length: nValues },
    (_, k) => low + (high - low) * k / (nValues - 1),
  );
}

function requireFree(parameters: readonly Parameter[], name: string): Parameter {
  const found = parameters.find((one) => one.name === name);
  if (found !== undefined && !found.frozen) return found;
  const free = parameters.filter((one) => !one.frozen).map((one) => one.name).join(", ");
  throw new RangeError(
    `${found === undefined ? "No parameter" : "Frozen parameter"} "${name}": free are ${free}`,
  );
}

function requireInside({ name, min, max }: Parameter, values: ArrayLike<number>): void {
  for (let k = 0; k < values.length; k++) {
    if (values[k]! >= min && values[k]! <= max) continue;
    throw new RangeError(
      `Parameter ${name}: found value ${values[k]}, expected one from ${min} to ${max}`,
    );
  }
}
