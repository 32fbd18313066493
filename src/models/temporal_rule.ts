/** Changes in time as rules on plain numbers: times in days, MJD in TT or after any origin that t_ref shares. */
import type { Parameter } from "../fit/mod.ts";
import type { Gti } from "../events/mod.ts";
import type { Json } from "../nddata/mod.ts";
import type { Rng } from "../numeric/mod.ts";
import type { RegistryEntry } from "../registry/mod.ts";
import { convertEpoch, DAY_S, type TimeEpoch } from "../time/mod.ts";
import type { TemporalModel } from "./temporal_model.ts";
import { changedValues, type ParameterRule, parametersOf } from "./spectral_rule.ts";

/** A kind of change in time: a factor on a spectrum. */
export interface TemporalRule extends RegistryEntry {
  /** Always "temporal". */
  readonly kind: "temporal";
  /** Its parameters in order; times in days. */
  readonly parameters: readonly ParameterRule[];
  /** Factor at a time. */
  readonly value: (t: number, p: ArrayLike<number>) => number;
  /** Derivatives of the factor by all parameters into `out`. */
  readonly gradient: (t: number, p: ArrayLike<number>, out: Float64Array) => void;
  /** ∫ factor dt, days. */
  readonly integral: (low: number, high: number, p: ArrayLike<number>) => number;
  /** A bound above the factor in an interval. */
  readonly most: (low: number, high: number, p: ArrayLike<number>) => number;
  /** What it was made of beside parameters, as plain data with the keys of model files. */
  readonly data?: Readonly<Record<string, Json>>;
}

/** A change in time with values for its parameters. */
export interface TemporalProfile {
  /** Name of its kind: "gauss", "template-phase". */
  readonly kind: string;
  /** What it is computed by. */
  readonly rule: TemporalRule;
  /** Its parameters, in the order of the rule; `t_ref` is an MJD in TT. */
  readonly parameters: readonly Parameter[];
  /** Factor at an MJD in TT. */
  readonly value: (mjdTt: number) => number;
}

/**
 * A change in time of a kind with values.
 *
 * @param rule The kind.
 * @param values Values by name of the parameter; those of the kind where absent.
 * @returns A frozen record.
 * @throws RangeError for a name that the kind does not have, or a value that is not finite.
 * @example
 * ```ts
 * import { createTemporalProfile, temporalModels } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const rule = temporalModels.lookup("temporal", "linear");
 * const profile = createTemporalProfile(rule, { alpha: 1, beta: 0.5, t_ref: 55555 });
 * strictEqual(profile.value(55557), 2);
 * ```
 */
export function createTemporalProfile(
  rule: TemporalRule,
  values: Readonly<Record<string, number>> = {},
): TemporalProfile {
  return profileOf(rule, parametersOf(rule, values));
}

/** A change in time with parameters, which may be those of a fit. */
export function profileOf(rule: TemporalRule, parameters: readonly Parameter[]): TemporalProfile {
  const p = Float64Array.from(parameters, (one) => one.value);
  return Object.freeze({
    kind: rule.format,
    rule,
    parameters: Object.freeze([...parameters]),
    value: (t: number) => rule.value(t, p),
  });
}

/**
 * The same change in time with other values.
 *
 * @param profile The profile.
 * @param values All values in its order, or some by name.
 * @returns A new record.
 * @throws TypeError for another number of values; RangeError for an unknown name.
 * @example
 * ```ts
 * import { createTemporalProfile, temporalModels, withTemporalValues } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const profile = createTemporalProfile(temporalModels.lookup("temporal", "linear"));
 * strictEqual(withTemporalValues(profile, { alpha: 3 }).value(51544), 3);
 * ```
 */
export function withTemporalValues(
  profile: TemporalProfile,
  values: ArrayLike<number> | Readonly<Record<string, number>>,
): TemporalProfile {
  return profileOf(profile.rule, changedValues(profile, values));
}

/** Values of the parameters with t_ref in days after an instant: nothing is lost to large MJDs. */
function valuesFrom({ rule, parameters }: TemporalProfile, epoch: TimeEpoch): Float64Array {
  const p = Float64Array.from(parameters, (one) => one.value), origin = convertEpoch(epoch, "TT");
  const at = rule.parameters.findIndex((one) => one.name === "t_ref");
  if (at >= 0) p[at] = p[at]! - origin.mjdDay - origin.dayS / DAY_S;
  return p;
}

/**
 * ∫ factor dt over each good time interval.
 *
 * @param profile The profile.
 * @param gti Intervals.
 * @returns Integrals, seconds, one an interval; divided by the lengths they are mean factors.
 * @example
 * ```ts
 * import { createGti } from "@gammarx/gammarx/events";
 * import { createTemporalProfile, temporalIntegralsS, temporalModels } from "@gammarx/gammarx/models";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const profile = createTemporalProfile(temporalModels.lookup("temporal", "const"));
 * const gti = createGti(createEpoch([55555, 0], "TT"), Float64Array.of(0), Float64Array.of(60));
 * strictEqual(temporalIntegralsS(profile, gti)[0], 60);
 * ```
 */
export function temporalIntegralsS(profile: TemporalProfile, gti: Gti): Float64Array {
  const p = valuesFrom(profile, gti.epoch), { integral } = profile.rule;
  return gti.startS.map((start, i) => DAY_S * integral(start / DAY_S, gti.stopS[i]! / DAY_S, p));
}

/**
 * The factor against seconds after an instant, as the simulator needs it.
 *
 * @param profile The profile.
 * @param epoch Instant from which times count.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { createTemporalProfile, temporalFactor, temporalModels } from "@gammarx/gammarx/models";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const rule = temporalModels.lookup("temporal", "linear");
 * const profile = createTemporalProfile(rule, { beta: 1, t_ref: 55555 });
 * strictEqual(temporalFactor(profile, createEpoch([55555, 0], "TT")).factor(43200), 1.5);
 * ```
 */
export function temporalFactor(profile: TemporalProfile, epoch: TimeEpoch): TemporalModel {
  const p = valuesFrom(profile, epoch), { rule } = profile;
  return Object.freeze({
    kind: rule.format,
    factor: (timeS: number) => rule.value(timeS / DAY_S, p),
    most: (startS: number, stopS: number) => rule.most(startS / DAY_S, stopS / DAY_S, p),
    integralS: (startS: number, stopS: number) =>
      DAY_S * rule.integral(startS / DAY_S, stopS / DAY_S, p),
  });
}

/**
 * Draws times from a change in time: by the inverse of its integral over the good time intervals.
 *
 * @param profile The profile; nowhere below 0 in the intervals.
 * @param gti Intervals; they do not overlap.
 * @param options How many times, and random numbers.
 * @returns Times, seconds after the epoch of the intervals, in the order drawn.
 * @throws RangeError where the profile has no positive integral.
 * @example
 * ```ts
 * import { createGti } from "@gammarx/gammarx/events";
 * import { createTemporalProfile, sampleTimes, temporalModels } from "@gammarx/gammarx/models";
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const profile = createTemporalProfile(temporalModels.lookup("temporal", "const"));
 * const gti = createGti(createEpoch([55555, 0], "TT"), Float64Array.of(10), Float64Array.of(60));
 * ok(sampleTimes(profile, gti, { n: 9, rng: createRng(1) }).every((t) => t >= 10 && t <= 60));
 * ```
 */
export function sampleTimes(
  profile: TemporalProfile,
  gti: Gti,
  options: { readonly n: number; readonly rng: Rng },
): Float64Array {
  const { n, rng } = options, parts = temporalIntegralsS(profile, gti);
  const total = parts.reduce((sum, one) => sum + one, 0);
  if (!(total > 0 && total < Infinity && parts.every((one) => one >= 0))) {
    throw new RangeError(`Times are drawn from a positive integral, found ${total} s`);
  }
  const { integralS } = temporalFactor(profile, gti.epoch), out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let wanted = rng.uniform() * total, k = 0;
    while (k < parts.length - 1 && wanted >= parts[k]!) wanted -= parts[k++]!;
    const startS = gti.startS[k]!;
    let low = startS, high = gti.stopS[k]!;
    for (let round = 0; round < 60; round++) {
      const middle = (low + high) / 2;
      if (integralS(startS, middle) < wanted) low = middle;
      else high = middle;
    }
    out[i] = (low + high) / 2;
  }
  return out;
}
