/*
 * False alarms where the background is an estimate.
 *   ε  relative error of the expected rate     ρ  true over expected rate, gamma distributed: mean 1, width ε
 *   A(S, ρ)  mean expected counts to an alarm of Poisson-FOCuS
 * A rate that is too high is itself what FOCuS looks for: the mean of 1/A over ρ is far above 1/A(S, 1).
 */
import { lgamma } from "../numeric/mod.ts";
import { BACKGROUND_BIAS } from "./tables/background_bias.ts";

/** A search over an estimated background. */
export interface BackgroundErrorOptions {
  /** Significance of an alarm, 4 to 8. */
  readonly significance: number;
  /** Relative error of the expected rate (one standard deviation), 0 to 0.25; 1/√N of N counts. */
  readonly backgroundRelError: number;
  /** Least factor of FOCuS: 1.1 (default), 1.25, 1.5 or 2. */
  readonly muMin?: number;
}

const HALF: readonly number[] = BACKGROUND_BIAS.significance.map((s) => s * s / 2);
/** Points of the integral over ρ. */
const POINTS = 2000;

/** Where x lies among rising values: index below and weight of the next one; the ends beyond. */
function between(values: readonly number[], x: number): readonly [number, number] {
  const n = values.length;
  if (x <= values[0]!) return [0, 0];
  if (x >= values[n - 1]!) return [n - 2, 1];
  let i = 0;
  while (values[i + 1]! <= x) i++;
  return [i, (x - values[i]!) / (values[i + 1]! - values[i]!)];
}

/**
 * How much more often Poisson-FOCuS, photon by photon, gives a false alarm where the expected rate is known
 * to a relative error only: E[1/A(S, ρ)] A(S, 1), an average over many channels or long times. Good to
 * 20 %. The error is taken as constant over a window: a background that is estimated anew and with other counts
 * all the time has less effect on windows longer than that. A greater least factor stands more.
 *
 * @param options Significance, relative error, least factor.
 * @returns A factor of about 1 or more: multiply the false-alarm rate, divide A.
 * @throws RangeError for what was not calibrated.
 * @example
 * ```ts
 * import { backgroundErrorFactor } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * strictEqual(backgroundErrorFactor({ significance: 5, backgroundRelError: 0 }), 1);
 * const one = backgroundErrorFactor({ significance: 6, backgroundRelError: 0.05 });
 * const two = backgroundErrorFactor({ significance: 6, backgroundRelError: 0.05, muMin: 2 });
 * ok(one > 100 && two < 5);
 * ```
 */
export function backgroundErrorFactor(options: BackgroundErrorOptions): number {
  const { significance, backgroundRelError: epsilon, muMin = 1.1 } = options;
  const table = BACKGROUND_BIAS.tables.find((one) => one.muMin === muMin);
  const known = BACKGROUND_BIAS.tables.map((one) => one.muMin).join(", ");
  if (
    table === undefined || !(significance >= 4 && significance <= 8) ||
    !(epsilon >= 0 && epsilon <= 0.25)
  ) {
    throw new RangeError(
      `Estimated backgrounds are calibrated for significances from 4 to 8, relative errors up to 0.25 ` +
        `and muMin ${known}; found ${significance}, ${epsilon} and ${muMin}`,
    );
  }
  if (epsilon === 0) return 1;
  const [s, ws] = between(HALF, significance * significance / 2);
  const logA = table.logA.map((row) => (1 - ws) * row[s]! + ws * row[s + 1]!);
  const logAAt = (rho: number) => {
    const [i, w] = between(BACKGROUND_BIAS.bias, rho);
    return (1 - w) * logA[i]! + w * logA[i + 1]!;
  };
  const shape = epsilon ** -2, here = logAAt(1);
  const norm = shape * Math.log(shape) - lgamma(shape);
  const low = Math.max(0, 1 - 8 * epsilon), high = 1 + 10 * epsilon, step = (high - low) / POINTS;
  let sum = 0;
  for (let k = 0; k < POINTS; k++) {
    const rho = low + (k + 0.5) * step;
    sum += Math.exp(norm + (shape - 1) * Math.log(rho) - shape * rho + here - logAAt(rho));
  }
  return sum * step;
}
