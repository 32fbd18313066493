/**
 * Events that the examples make for themselves: a field of view with a pulsar that flares, over a
 * smooth background. The same seed gives the same events.
 */
import { createHeartbeat, createObsEnd, createObsStart, type StreamItem } from "../src/data/mod.ts";
import { createEventBatch, createGti, type EventBatch, type Pointing } from "../src/events/mod.ts";
import { createRng, type Rng } from "../src/numeric/mod.ts";
import { offsetBy } from "../src/sky/mod.ts";
import { createEpoch, type TimeEpoch } from "../src/time/mod.ts";

/** What was put into the events. */
export const TRUTH = Object.freeze({
  /** Reference time of the events. */
  epoch: createEpoch([60310, 0.5], "TT") as TimeEpoch<"TT">,
  /** Position of the source, deg. */
  source: Object.freeze({ lonDeg: 83.633, latDeg: 22.014 }),
  /** Width of its image, one axis, deg. */
  psfSigmaDeg: 0.07,
  /** Photons of the source a second when it does not flare. */
  sourcePerS: 8,
  /** The flare: this much brighter, seconds after the epoch. */
  flare: Object.freeze({ startS: 1000, stopS: 1120, factor: 4 }),
  /** Fraction of the source's photons that pulse, in a peak of this width (cycles) at this phase. */
  pulse: Object.freeze({ f0Hz: 29.6, fraction: 0.25, phase: 0.4, sigma: 0.04 }),
  /** Events of the background a second, and the width of the acceptance, deg. */
  background: Object.freeze({ perS: 60, sigmaDeg: 1.1 }),
  /** Two runs either side of the source, with a pause between; seconds after the epoch. */
  runs: [
    { obsId: "1", startS: 0, stopS: 850, pointing: { raDeg: 83.633, decDeg: 22.514 } },
    { obsId: "2", startS: 930, stopS: 1780, pointing: { raDeg: 83.633, decDeg: 21.514 } },
  ] as readonly { obsId: string; startS: number; stopS: number; pointing: Pointing }[],
  /** Fraction of dead time. */
  deadTimeFraction: 0.06,
});

const TICK_S = 10;

/** Energy of a power law above 0.1 TeV. */
function energyTeV(rng: Rng, index: number): number {
  return 0.1 * Math.pow(1 - rng.uniform(), -1 / (index - 1));
}

function madeBatch(rng: Rng, run: typeof TRUTH.runs[number], startS: number): EventBatch {
  const { source, flare, pulse, background, psfSigmaDeg, sourcePerS } = TRUTH;
  const live = TICK_S * (1 - TRUTH.deadTimeFraction);
  const isFlare = startS >= flare.startS && startS < flare.stopS;
  const nSource = rng.poisson(sourcePerS * (isFlare ? flare.factor : 1) * live);
  const nBackground = rng.poisson(background.perS * live);
  const center = { lonDeg: run.pointing.raDeg, latDeg: run.pointing.decDeg };
  const events: { t: number; e: number; ra: number; dec: number }[] = [];
  const add = (t: number, index: number, sigmaDeg: number, from: typeof center) => {
    const separationDeg = sigmaDeg * Math.sqrt(-2 * Math.log(1 - rng.uniform()));
    const at = offsetBy(from, { separationDeg, positionAngleDeg: 360 * rng.uniform() });
    events.push({ t, e: energyTeV(rng, index), ra: at.lonDeg, dec: at.latDeg });
  };
  for (let i = 0; i < nSource; i++) {
    let t = startS + TICK_S * rng.uniform();
    if (rng.uniform() < pulse.fraction) {
      // Into the peak of the cycle that it fell into.
      const cycle = Math.floor(t * pulse.f0Hz);
      t = (cycle + pulse.phase + pulse.sigma * rng.normal()) / pulse.f0Hz;
      t = Math.min(Math.max(t, startS), startS + TICK_S * (1 - 1e-12));
    }
    add(t, 2.4, psfSigmaDeg, source);
  }
  for (let i = 0; i < nBackground; i++) {
    add(startS + TICK_S * rng.uniform(), 2.7, background.sigmaDeg, center);
  }
  events.sort((a, b) => a.t - b.t);
  return createEventBatch({
    timeS: Float64Array.from(events, (one) => one.t),
    energyTeV: Float64Array.from(events, (one) => one.e),
    raDeg: Float64Array.from(events, (one) => one.ra),
    decDeg: Float64Array.from(events, (one) => one.dec),
  }, { obsId: run.obsId, watermarkS: startS + TICK_S });
}

/** The items of the made stream: two observations, ten seconds of events a batch. */
export function* madeItems(seed: number): Generator<StreamItem> {
  const rng = createRng(seed), { epoch, deadTimeFraction } = TRUTH;
  for (const [index, run] of TRUTH.runs.entries()) {
    const gti = createGti(epoch, Float64Array.of(run.startS), Float64Array.of(run.stopS));
    yield createObsStart({
      obsId: run.obsId,
      index,
      source: "made events",
      instrument: "SIM",
      epoch,
      gti,
      deadTimeFraction,
      pointing: run.pointing,
    });
    for (let startS = run.startS; startS < run.stopS; startS += TICK_S) {
      yield madeBatch(rng, run, startS);
      yield createHeartbeat({ timeS: startS + TICK_S });
    }
    yield createObsEnd(run.obsId);
  }
}
