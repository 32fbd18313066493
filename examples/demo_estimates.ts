/** What the demo measures of its field, and how far each estimate is from the truth. */
import { type PointSourceOptions, pointSourceView, type SimulatedSource } from "../src/data/mod.ts";
import { gtiSumS } from "../src/events/mod.ts";
import { createRegion, type Region } from "../src/sky/mod.ts";
import type { OnSource, PhaseSumsResult, UnbinnedFlux } from "../streams/accumulators/mod.ts";
import { FIELD, FLARE, FLARING, IRFS, PULSE } from "./field.ts";

/** Energies that the demo looks at, TeV, and the circle about each source, deg. */
export const RANGE_TEV = [0.2, 100] as const;
export const RADIUS_DEG = 0.3;

/** An estimate beside the truth. */
export interface Estimate {
  readonly name: string;
  readonly value: number;
  readonly error: number;
  readonly truth: number;
  /** (value − truth) / error. */
  readonly pull: number;
}

function estimate(name: string, value: number, error: number, truth: number): Estimate {
  return { name, value, error, truth, pull: (value - truth) / error };
}

/** A circle about a source. */
export function circleAbout({ raDeg, decDeg }: SimulatedSource, radiusDeg = RADIUS_DEG): Region {
  return createRegion({ kind: "circle", frame: "icrs", lonDeg: raDeg, latDeg: decDeg, radiusDeg });
}

/** How a source is seen in the circle about it. */
export function viewOptions(source: SimulatedSource): PointSourceOptions {
  return {
    raDeg: source.raDeg,
    decDeg: source.decDeg,
    spectrum: source.spectrum,
    irfs: IRFS,
    radiusDeg: RADIUS_DEG,
    rangeTeV: RANGE_TEV,
    trueRangeTeV: FIELD.trueRangeTeV,
  };
}

/** Signal (without flares) and background events that are expected about a source. */
export interface Expected {
  readonly signal: number;
  readonly background: number;
  readonly livetimeS: number;
  /** Rates in each run, events a second of live time. */
  readonly perS: readonly { readonly signal: number; readonly background: number }[];
}

export function expectedAbout(source: SimulatedSource): Expected {
  let signal = 0, background = 0, livetimeS = 0;
  const perS = FIELD.observations.map((observation) => {
    const view = pointSourceView(viewOptions(source), observation.pointing);
    const liveS = gtiSumS(observation.gti) * (1 - observation.deadTimeFraction);
    signal += view.signalPerS * liveS;
    background += view.backgroundPerS * liveS;
    livetimeS += liveS;
    return { signal: view.signalPerS, background: view.backgroundPerS };
  });
  return { signal, background, livetimeS, perS };
}

/** Events of the flare above the steady level that are expected: it lies within the second run. */
export function flareTruth(): number {
  const run = FIELD.observations[1]!, rate = expectedAbout(FLARING).perS[1]!.signal;
  const { onsetS, durationS } = FLARE;
  const shapeS = FLARING.temporal!.integralS(onsetS, onsetS + durationS) - durationS;
  return rate * shapeS * (1 - run.deadTimeFraction);
}

/** What the accumulators of the demo have come to. */
export interface DemoResults {
  readonly steadyFlux: UnbinnedFlux;
  readonly steadyOn: OnSource;
  readonly pulsarFlux: UnbinnedFlux;
  readonly pulsarSums: PhaseSumsResult;
  readonly flaringCounts: number;
  readonly flaringQuiet: Expected;
  readonly steadyExpected: Expected;
  readonly pulsarExpected: Expected;
}

/** All estimates with their pulls. */
export function estimatesOf(results: DemoResults): Estimate[] {
  const { steadyFlux, steadyOn, pulsarFlux, flaringQuiet, flaringCounts } = results;
  const pulse = pulseEstimates(results);
  const flareEvents = flaringCounts - flaringQuiet.signal - flaringQuiet.background;
  return [
    estimate("steady source, amplitude (unbinned)", steadyFlux.amplitude, steadyFlux.error, 1),
    estimate(
      "steady source, excess events",
      steadyOn.excess,
      steadyOn.excessError,
      results.steadyExpected.signal,
    ),
    estimate("pulsar, amplitude (unbinned)", pulsarFlux.amplitude, pulsarFlux.error, 1),
    ...pulse,
    estimate("flare, events above quiet", flareEvents, Math.sqrt(flaringCounts), flareTruth()),
  ];
}

/**
 * Phase of the pulse and events in it, from the first harmonic: R e^{iθ} = C₁ + i S₁. The scatter of
 * angle and length are Σ sin² and Σ cos² about θ, from the second harmonic.
 */
function pulseEstimates({ pulsarSums, pulsarExpected }: DemoResults): Estimate[] {
  const { cos, sin, n } = pulsarSums, c = cos[0]!, s = sin[0]!;
  const length = Math.hypot(c, s), theta = Math.atan2(s, c);
  const second = cos[1]! * Math.cos(2 * theta) + sin[1]! * Math.sin(2 * theta);
  const across = Math.sqrt((n - second) / 2), along = Math.sqrt((n + second) / 2);
  const smear = Math.exp(-2 * (Math.PI * PULSE.sigma) ** 2), turn = 2 * Math.PI;
  const phase = theta / turn - Math.floor(theta / turn);
  return [
    estimate("pulse, phase", phase, across / length / turn, PULSE.phase),
    estimate(
      "pulse, events",
      length / smear,
      along / smear,
      pulsarExpected.signal * PULSE.fraction,
    ),
  ];
}
