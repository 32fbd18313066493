import {
  createEventBatch,
  type EventBatch,
  type EventEpoch,
  type Gti,
  type Pointing,
} from "../events/mod.ts";
import type { IrfSet } from "../irf/mod.ts";
import type { PulseProfile, SpectralModel, TemporalModel } from "../models/mod.ts";
import { cos2pi, type Rng, sin2pi } from "../numeric/mod.ts";
import { separationDeg } from "../sky/mod.ts";
import { createEnergySampler, type EnergySampler } from "./energy_sampler.ts";

/** A pulsar's rotation and light curve. */
export interface SimulatedPulse {
  /** Light curve. */
  readonly profile: PulseProfile;
  /** Frequency at the stream's epoch, Hz. */
  readonly f0Hz: number;
  /** Its derivative, Hz/s; 0. */
  readonly f1HzPerS?: number;
}

/** A source of photons. */
export interface SimulatedSource {
  /** Its name. */
  readonly name: string;
  /** Right ascension ICRS, deg. */
  readonly raDeg: number;
  /** Declination ICRS, deg. */
  readonly decDeg: number;
  /** Width σ of a Gaussian image, deg; 0 for a point. */
  readonly extensionDeg?: number;
  /** Spectrum, averaged over time without flares and over phase. */
  readonly spectrum: SpectralModel;
  /** How it changes with time; constant where left out. */
  readonly temporal?: TemporalModel;
  /** How it pulses; not at all where left out. */
  readonly pulse?: SimulatedPulse;
}

/** A kind of events with responses of its own. */
export interface SimulatedEventType {
  /** Its name. */
  readonly name: string;
  /** Bit of the event-type mask, 0 … 31. */
  readonly bit: number;
  /** Its responses; rates of several types add up. */
  readonly irfs: IrfSet;
}

/** An observation to be made. */
export interface SimulatedObservation {
  /** Its name. */
  readonly obsId: string;
  /** When data are taken, on the stream's epoch, sorted and without overlaps. */
  readonly gti: Gti;
  /** Fraction of dead time, [0, 1). */
  readonly deadTimeFraction: number;
  /** Where is looked. */
  readonly pointing: Pointing;
}

/** All that a simulation is made of. */
export interface Simulation {
  /** The stream's epoch. */
  readonly epoch: EventEpoch;
  /** Name of the telescope, for headers. */
  readonly telescope: string;
  /** Kinds of events, at least one. */
  readonly eventTypes: readonly SimulatedEventType[];
  /** Sources; none is a field of background alone. */
  readonly sources: readonly SimulatedSource[];
  /** Observations in order of time. */
  readonly observations: readonly SimulatedObservation[];
  /** True energies from and to, TeV. */
  readonly trueRangeTeV: readonly [number, number];
  /** Longest stretch of time in a batch, seconds; as long as gives about 32768 events. */
  readonly maxBatchS?: number;
}

/** One process of the sum: a source or the background, in one kind of events. */
interface Component {
  readonly bit: number;
  /** Index of the source + 1; 0 for background. */
  readonly mcId: number;
  readonly irfs: IrfSet;
  readonly source: SimulatedSource | undefined;
  /** Rate of the steady source, of an extended one at the greatest area; dead time taken off, s⁻¹. */
  readonly ratePerS: number;
  readonly energies: EnergySampler | undefined;
  /** Position of a source, or the pointing for background. */
  readonly at: Center;
}

/** A position with what is needed of it for every event. */
interface Center {
  readonly raDeg: number;
  readonly sinDec: number;
  readonly cosDec: number;
}

function centerOf(raDeg: number, decDeg: number): Center {
  return { raDeg, sinDec: Math.sin(decDeg * DEG), cosDec: Math.cos(decDeg * DEG) };
}

const DEG = Math.PI / 180;
/** Candidates that a batch is aimed at. */
const BATCH = 32768;

/**
 * Draws the events of one observation, in order of time, batch after batch. Candidates come from a
 * Poisson process at the greatest rate and are thinned by light curve, pulse profile and effective
 * area, so that the result is exact for any of them.
 *
 * @param simulation Sources, responses, epoch.
 * @param observation Which observation.
 * @param rng Random numbers; the same state gives the same events.
 * @returns Batches with `timeS`, `energyTeV`, `raDeg`, `decDeg`, `eventId`, `eventType`, and `mcId`
 *   (index of the source + 1, 0 for background).
 * @throws RangeError for good time intervals that overlap or are not in order of time.
 * @example
 * ```ts
 * import { simulateEvents } from "@gammarx/gammarx/data";
 * import { createGti } from "@gammarx/gammarx/events";
 * import { effectiveArea, gaussPsf, logNormalDispersion, radialBackground } from "@gammarx/gammarx/irf";
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const epoch = createEpoch([60310, 0], "TT");
 * const irfs = {
 *   aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 2 }),
 *   psf: gaussPsf({ sigmaDeg: 0.1 }),
 *   edisp: logNormalDispersion({ bias: 0, resolution: 0.1 }),
 *   bkg: radialBackground({ totalPerS: 10, index: 2.7, rangeTeV: [0.1, 100], sigmaDeg: 1 }),
 * };
 * const observation = {
 *   obsId: "1", gti: createGti(epoch, Float64Array.of(0), Float64Array.of(100)),
 *   deadTimeFraction: 0, pointing: { raDeg: 10, decDeg: 20 },
 * };
 * const simulation = {
 *   epoch, telescope: "SIM", eventTypes: [{ name: "all", bit: 0, irfs }], sources: [],
 *   observations: [observation], trueRangeTeV: [0.1, 100] as const,
 * };
 * let n = 0;
 * for (const batch of simulateEvents(simulation, observation, createRng(1))) n += batch.length;
 * ok(n > 850 && n < 1150);
 * ```
 */
export function* simulateEvents(
  simulation: Simulation,
  observation: SimulatedObservation,
  rng: Rng,
): Generator<EventBatch> {
  const components = componentsOf(simulation, observation);
  const draw = eventDrawer(components, observation, rng);
  const { startS, stopS } = observation.gti;
  checkGti(observation);
  let row = 0;
  for (let i = 0; i < startS.length; i++) {
    for (let fromS = startS[i]!; fromS < stopS[i]!;) {
      const latestS = Math.min(stopS[i]!, fromS + (simulation.maxBatchS ?? Infinity));
      const untilS = sliceEnd(components, fromS, latestS);
      const batch = draw(fromS, untilS, row);
      row = batch.rowStop;
      yield batch;
      fromS = untilS;
    }
  }
}

function checkGti({ obsId, gti: { startS, stopS } }: SimulatedObservation): void {
  for (let i = 1; i < startS.length; i++) {
    if (startS[i]! < stopS[i - 1]!) {
      throw new RangeError(
        `Observation "${obsId}": the interval at ${
          startS[i]
        } s begins before the one before it ends, ` +
          `at ${stopS[i - 1]} s: sort and join them first`,
      );
    }
  }
}

function componentsOf(simulation: Simulation, observation: SimulatedObservation): Component[] {
  const live = 1 - observation.deadTimeFraction, rangeTeV = simulation.trueRangeTeV;
  const { pointing } = observation;
  return simulation.eventTypes.flatMap(({ bit, irfs }) => {
    const background: Component = {
      bit,
      mcId: 0,
      irfs,
      source: undefined,
      ratePerS: irfs.bkg.totalPerS * live,
      energies: undefined,
      at: centerOf(pointing.raDeg, pointing.decDeg),
    };
    const fromSources = simulation.sources.map((source, i): Component => {
      // The photons of an extended source are thinned by the area where each comes from.
      const offsetDeg = (source.extensionDeg ?? 0) > 0 ? 0 : offsetOf(source, pointing);
      const energies = createEnergySampler(
        (e) => source.spectrum.dnde(e) * irfs.aeff.areaCm2(e, offsetDeg),
        rangeTeV,
      );
      const at = centerOf(source.raDeg, source.decDeg);
      return { bit, mcId: i + 1, irfs, source, ratePerS: energies.total * live, energies, at };
    });
    return [background, ...fromSources];
  });
}

/** The rate from which candidates of a component are thinned, in [fromS, toS]. */
function mostPerS({ source, ratePerS }: Component, fromS: number, toS: number): number {
  if (source === undefined) return ratePerS;
  return ratePerS * (source.temporal?.most(fromS, toS) ?? 1) * (source.pulse?.profile.most ?? 1);
}

/** End of the slice of time that gives about a batch of candidates. */
function sliceEnd(components: readonly Component[], fromS: number, stopS: number): number {
  const total = components.reduce((sum, one) => sum + mostPerS(one, fromS, stopS), 0);
  return Math.min(stopS, fromS + BATCH / Math.max(total, 1e-9));
}

type Draw = (fromS: number, toS: number, row: number) => EventBatch;

function eventDrawer(
  components: readonly Component[],
  { obsId, pointing }: SimulatedObservation,
  rng: Rng,
): Draw {
  const out = place(), cumulative = new Float64Array(components.length);
  const most = new Float64Array(components.length);
  return (fromS, toS, row) => {
    let total = 0;
    components.forEach((one, c) => {
      most[c] = mostPerS(one, fromS, toS);
      cumulative[c] = total += most[c]!;
    });
    const room = roomFor(total * (toS - fromS));
    const timeS = new Float64Array(room), energyTeV = new Float64Array(room);
    const raDeg = new Float64Array(room), decDeg = new Float64Array(room);
    const eventType = new Uint32Array(room), mcId = new Uint32Array(room);
    let n = 0;
    const gapS = () => -Math.log(1 - rng.uniform()) / total;
    let t = fromS;
    while ((t += gapS()) < toS) {
      const pick = rng.uniform() * total;
      let c = 0;
      while (pick >= cumulative[c]! && c < components.length - 1) c++;
      const component = components[c]!;
      const energy = component.source === undefined
        ? drawBackground(component, rng, out)
        : drawPhoton(component, { timeS: t, mostPerS: most[c]!, pointing }, rng, out);
      if (energy < 0) continue;
      if (n === room) throw new RangeError(`More than ${room} events in a slice of the simulation`);
      timeS[n] = t;
      energyTeV[n] = energy;
      raDeg[n] = out.raDeg;
      decDeg[n] = out.decDeg;
      eventType[n] = (1 << component.bit) >>> 0;
      mcId[n] = component.mcId;
      n++;
    }
    const eventId = new BigInt64Array(n), words = new Uint32Array(eventId.buffer);
    for (let i = 0; i < n; i++) {
      words[2 * i] = row + i + 1;
      words[2 * i + 1] = (row + i + 1) / 2 ** 32;
    }
    return createEventBatch({
      timeS: timeS.subarray(0, n),
      energyTeV: energyTeV.subarray(0, n),
      raDeg: raDeg.subarray(0, n),
      decDeg: decDeg.subarray(0, n),
      eventId,
      eventType: eventType.subarray(0, n),
      mcId: mcId.subarray(0, n),
    }, { obsId, rowStart: row, rowStop: row + n, watermarkS: toS });
  };
}

/** Room that a Poisson number of a mean does not exceed in the lifetime of the universe. */
function roomFor(mean: number): number {
  return Math.ceil(mean + 12 * Math.sqrt(mean) + 100);
}

/** Where the last drawn event is: written over by the next. */
interface Place {
  raDeg: number;
  decDeg: number;
}

function place(): Place {
  return { raDeg: 0, decDeg: 0 };
}

/** Draws a direction at a distance from a position, any side being as likely. */
function scatter(from: Center, distanceDeg: number, rng: Rng, out: Place): void {
  const s = distanceDeg * DEG, turn = rng.uniform(), { sinDec, cosDec } = from;
  const sinS = Math.sin(s), cosS = Math.cos(s), north = sinS * cos2pi(turn);
  const z = sinDec * cosS + cosDec * north;
  const x = cosDec * cosS - sinDec * north, y = sinS * sin2pi(turn);
  const raDeg = from.raDeg + Math.atan2(y, x) / DEG;
  out.raDeg = (raDeg - 360 * Math.floor(raDeg / 360)) % 360;
  out.decDeg = Math.atan2(z, Math.sqrt(x * x + y * y)) / DEG;
}

function offsetOf(
  from: { readonly raDeg: number; readonly decDeg: number },
  pointing: Pointing,
): number {
  return separationDeg(
    { lonDeg: from.raDeg, latDeg: from.decDeg },
    { lonDeg: pointing.raDeg, latDeg: pointing.decDeg },
  );
}

function drawBackground({ irfs: { bkg }, at }: Component, rng: Rng, out: Place): number {
  scatter(at, bkg.sampleOffsetDeg(rng.uniform()), rng, out);
  return bkg.sampleEnergyTeV(rng.uniform());
}

/** Draws a photon of a source; −1 where the candidate is thinned out. */
function drawPhoton(
  component: Component,
  candidate: { readonly timeS: number; readonly mostPerS: number; readonly pointing: Pointing },
  rng: Rng,
  out: Place,
): number {
  const source = component.source!, { irfs: { aeff, psf, edisp } } = component;
  const { temporal, pulse, extensionDeg = 0 } = source;
  if (temporal !== undefined || pulse !== undefined) {
    let rate = component.ratePerS;
    if (temporal !== undefined) rate *= temporal.factor(candidate.timeS);
    if (pulse !== undefined) rate *= pulse.profile.density(phaseOf(pulse, candidate.timeS));
    if (rng.uniform() * candidate.mostPerS >= rate) return -1;
  }
  const energyTrueTeV = component.energies!.sample(rng.uniform());
  let at = component.at;
  if (extensionDeg > 0) {
    scatter(at, extensionDeg * Math.sqrt(-2 * Math.log(1 - rng.uniform())), rng, out);
    const offsetDeg = offsetOf(out, candidate.pointing);
    const seen = aeff.areaCm2(energyTrueTeV, offsetDeg) / aeff.areaCm2(energyTrueTeV, 0);
    if (rng.uniform() >= seen) return -1;
    at = centerOf(out.raDeg, out.decDeg);
  }
  scatter(at, psf.radiusDeg(rng.uniform(), energyTrueTeV), rng, out);
  return edisp.sample(energyTrueTeV, rng);
}

function phaseOf({ f0Hz, f1HzPerS = 0 }: SimulatedPulse, timeS: number): number {
  const cycles = timeS * (f0Hz + 0.5 * f1HzPerS * timeS);
  return cycles - Math.floor(cycles);
}
