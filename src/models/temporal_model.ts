import { erf } from "../numeric/mod.ts";

/** How bright a source is against time, as a factor on its spectrum. */
export interface TemporalModel {
  /** Name of the family: "box-flare". */
  readonly kind: string;
  /** Factor at a time, seconds after the stream's epoch; ≥ 0. */
  readonly factor: (timeS: number) => number;
  /** Greatest factor in [startS, stopS], or a bound above it. */
  readonly most: (startS: number, stopS: number) => number;
  /** ∫ factor dt over [startS, stopS], seconds. */
  readonly integralS: (startS: number, stopS: number) => number;
}

/**
 * Always the same.
 *
 * @returns A frozen record with factor 1.
 * @example
 * ```ts
 * import { constantInTime } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(constantInTime().integralS(5, 8), 3);
 * ```
 */
export function constantInTime(): TemporalModel {
  return Object.freeze({
    kind: "constant",
    factor: () => 1,
    most: () => 1,
    integralS: (startS: number, stopS: number) => stopS - startS,
  });
}

/** A flare over a steady source. */
export interface FlareOptions {
  /** "box": from `onsetS` for `durationS`; "gauss": about onset + 3σ, σ = durationS / 6;
   * "exponential": up at once, then a decay time of `durationS`. */
  readonly shape: "box" | "gauss" | "exponential";
  /** Start, seconds after the stream's epoch. */
  readonly onsetS: number;
  /** Length in the sense of the shape, seconds, > 0. */
  readonly durationS: number;
  /** Greatest factor above the steady 1: 3 makes the source four times as bright. */
  readonly amplitude: number;
}

/** The shape of a flare on its own: between 0 and 1, with its integral from −∞. */
interface Shape {
  readonly at: (timeS: number) => number;
  /** Where in [startS, stopS] it is greatest. */
  readonly topS: (startS: number, stopS: number) => number;
  readonly cumulativeS: (timeS: number) => number;
}

const SHAPES: Readonly<Record<FlareOptions["shape"], (options: FlareOptions) => Shape>> = {
  box: ({ onsetS, durationS }) => ({
    at: (t) => t >= onsetS && t < onsetS + durationS ? 1 : 0,
    topS: (startS, stopS) => Math.min(Math.max(startS, onsetS), stopS),
    cumulativeS: (t) => Math.min(durationS, Math.max(0, t - onsetS)),
  }),
  gauss: ({ onsetS, durationS }) => {
    const sigmaS = durationS / 6, centerS = onsetS + durationS / 2;
    return {
      at: (t) => Math.exp(-0.5 * ((t - centerS) / sigmaS) ** 2),
      topS: (startS, stopS) => Math.min(Math.max(startS, centerS), stopS),
      cumulativeS: (t) =>
        sigmaS * Math.sqrt(Math.PI / 2) * (1 + erf((t - centerS) / (sigmaS * Math.SQRT2))),
    };
  },
  exponential: ({ onsetS, durationS }) => ({
    at: (t) => t < onsetS ? 0 : Math.exp(-(t - onsetS) / durationS),
    topS: (startS, stopS) => Math.min(Math.max(startS, onsetS), stopS),
    cumulativeS: (t) => t < onsetS ? 0 : -durationS * Math.expm1(-(t - onsetS) / durationS),
  }),
};

/**
 * A steady source that flares once: factor = 1 + amplitude × shape(t).
 *
 * @param options Shape, onset, length, amplitude.
 * @returns A frozen record.
 * @throws RangeError for a duration that is not positive, an amplitude below −1, or an unknown shape.
 * @example
 * ```ts
 * import { flare } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const model = flare({ shape: "box", onsetS: 100, durationS: 10, amplitude: 3 });
 * strictEqual(model.factor(105), 4);
 * strictEqual(model.integralS(90, 120), 60);
 * ```
 */
export function flare(options: FlareOptions): TemporalModel {
  const { shape, durationS, amplitude, onsetS } = options;
  if (!(durationS > 0)) throw new RangeError(`A flare lasts longer than 0 s, found ${durationS}`);
  if (!(amplitude >= -1) || !Number.isFinite(onsetS)) {
    throw new RangeError(
      `A flare has an amplitude of -1 or more and an onset, found ${amplitude}, ${onsetS}`,
    );
  }
  const make = SHAPES[shape];
  if (make === undefined) {
    throw new RangeError(`Unknown flare "${shape}": expected ${Object.keys(SHAPES).join(", ")}`);
  }
  const { at, topS, cumulativeS } = make(options);
  return Object.freeze({
    kind: `${shape}-flare`,
    factor: (timeS: number) => 1 + amplitude * at(timeS),
    most: (startS: number, stopS: number) => 1 + Math.max(0, amplitude) * at(topS(startS, stopS)),
    integralS: (startS: number, stopS: number) =>
      stopS - startS + amplitude * (cumulativeS(stopS) - cumulativeS(startS)),
  });
}

/** One peak of a pulsar's light curve: a Gaussian wrapped around the cycle. */
export interface PulsePeak {
  /** Phase of the top, cycles. */
  readonly phase: number;
  /** Width, cycles, > 0. */
  readonly sigma: number;
  /** Fraction of all photons in this peak. */
  readonly fraction: number;
}

/** A pulsar's light curve: a density over phase with mean 1. */
export interface PulseProfile {
  /** Peaks; the rest of the photons is spread evenly. */
  readonly peaks: readonly PulsePeak[];
  /** Density at a phase, 1 on average. */
  readonly density: (phase: number) => number;
  /** A bound above the density. */
  readonly most: number;
}

/**
 * A light curve of wrapped Gaussian peaks on an even level.
 *
 * @param peaks Peaks; their fractions sum to at most 1.
 * @returns A frozen record.
 * @throws RangeError for widths that are not positive or fractions that exceed 1.
 * @example
 * ```ts
 * import { pulseProfile } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const profile = pulseProfile([{ phase: 0.4, sigma: 0.03, fraction: 0.5 }]);
 * ok(profile.density(0.4) > 5 && Math.abs(profile.density(0.9) - 0.5) < 1e-6);
 * ```
 */
export function pulseProfile(peaks: readonly PulsePeak[]): PulseProfile {
  const total = peaks.reduce((sum, one) => sum + one.fraction, 0);
  if (peaks.some(({ sigma, fraction }) => !(sigma > 0 && fraction >= 0)) || total > 1) {
    throw new RangeError(`Peaks have a width above 0 and fractions that sum to 1 at the most`);
  }
  const norm = peaks.map(({ sigma, fraction }) => fraction / (sigma * Math.sqrt(2 * Math.PI)));
  const density = (phase: number): number => {
    let sum = 1 - total;
    for (let k = 0; k < peaks.length; k++) {
      const { phase: top, sigma } = peaks[k]!;
      const wraps = Math.ceil(8 * sigma) + 1, apart = phase - top - Math.round(phase - top);
      for (let w = -wraps; w <= wraps; w++) {
        const z = (apart + w) / sigma;
        if (Math.abs(z) < 9) sum += norm[k]! * Math.exp(-0.5 * z * z);
      }
    }
    return sum;
  };
  const level = 1 - total;
  const most = peaks.reduce((sum, one) => sum + density(one.phase) - level, level);
  return Object.freeze({ peaks, density, most });
}
