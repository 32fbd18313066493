/** What {@linkcode powerLawIntegralsInto} takes: an interval and a function's values at its ends. */
export interface PowerLawEnds {
  /** Lower end, above 0. */
  readonly low: number;
  /** Upper end, above `low`. */
  readonly high: number;
  /** Values at the lower end. */
  readonly atLow: Float64Array;
  /** Values at the upper end, as many. */
  readonly atHigh: Float64Array;
}

/**
 * ∫ y dx between two ends for many functions that are power laws between them: with L = ln(x₁/x₀) and
 * p = 1 + ln(y₁/y₀)/L, y₀ x₀ (e^{pL} − 1)/p.
 *
 * @param ends The interval, and the values at its ends.
 * @param out Takes the integrals; 0 where a value is not above 0, since a power law that reaches 0 is 0.
 * @returns `out`.
 * @throws RangeError for an interval that does not ascend from above 0; TypeError for other lengths.
 * @example
 * ```ts
 * import { powerLawIntegralsInto } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * const ends = { low: 1, high: 10, atLow: Float64Array.of(1), atHigh: Float64Array.of(0.01) };
 * ok(Math.abs(powerLawIntegralsInto(ends, new Float64Array(1))[0]! - 0.9) < 1e-15);
 * ```
 * @see gammapy.utils.integrate.trapz_loglog
 */
export function powerLawIntegralsInto(ends: PowerLawEnds, out: Float64Array): Float64Array {
  const { low, high, atLow, atHigh } = ends, n = out.length;
  if (!(low > 0 && high > low)) {
    throw new RangeError(`A power law is integrated between 0 < low < high, found ${low}, ${high}`);
  }
  if (atLow.length < n || atHigh.length < n) {
    throw new TypeError(
      `Found ${atLow.length} and ${atHigh.length} values for ${n} integrals, expected one length`,
    );
  }
  const log = Math.log(high / low);
  for (let i = 0; i < n; i++) {
    const a = atLow[i]!, b = atHigh[i]!;
    if (!(a > 0 && b > 0)) {
      out[i] = 0;
      continue;
    }
    const power = log + Math.log(b / a);
    out[i] = a * low * log * (Math.abs(power) < 1e-12 ? 1 : Math.expm1(power) / power);
  }
  return out;
}
