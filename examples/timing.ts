/**
 * Pulsar timing on a stream: phases, phasogram, H test as the photons come, and a search in frequency by one
 * more pass.
 *
 * Usage: deno task examples, or deno run … examples/timing.ts [EVENTS PAR [ORBIT]]
 *
 * Without arguments it times and searches the simulated pulsar. With a file of events, a timing model and, for
 * times of a spacecraft's clock, its way: phases of the model.
 */
import { type OperatorFunction, pipe } from "rxjs";
import {
  accumulate,
  assignPhase,
  drain,
  openSource,
  periodogram,
  phaseSums,
  phasogram,
  selectRegion,
  simulatedSource,
  type StreamSource,
  zip,
} from "../streams/mod.ts";
import {
  createPulsarTiming,
  createRegion,
  createTimingModel,
  embeddedEphemeris,
  findPeaks,
  hTest,
  openEventList,
  openFitsFile,
  orbitObserver,
  parsePar,
  readOrbit,
  type StreamItem,
  timeReference,
  z2n,
} from "../mod.ts";
import { EPOCH, FIELD, PULSAR, PULSE } from "./field.ts";

type Phases = OperatorFunction<StreamItem, StreamItem>;

/** Phases of a timing model for the events of a file. */
async function phasesByModel(events: string, par: string, orbit?: string): Promise<Phases> {
  using fits = await openFitsFile(events);
  const { header } = await fits.hdu((await openEventList(fits)).hdu);
  const model = createTimingModel(parsePar(await Deno.readTextFile(par), par));
  const timing = createPulsarTiming(model, {
    times: timeReference(header),
    ephemeris: await embeddedEphemeris(),
    observer: orbit === undefined ? undefined : orbitObserver(await readOrbit(orbit)),
  });
  for (const warning of timing.warnings) console.error(warning);
  return assignPhase(timing);
}

/** One pass: tests and profile. */
async function show(source: StreamSource, phases: Phases): Promise<void> {
  const wanted = zip({ sums: phaseSums(), phasogram: phasogram(20) });
  const state = await drain(source.items(), pipe(phases, accumulate(wanted)));
  const { sums, phasogram: profile } = wanted.result(state);
  const { h, harmonic, logP } = hTest(sums);
  console.log(
    `${sums.n} photons, H = ${h.toFixed(1)} at harmonic ${harmonic}, ln p = ${logP.toFixed(1)}`,
  );
  console.log(`Z²₂ = ${z2n(sums, 2)[1]!.toFixed(1)}`);
  const top = Math.max(...profile.counts);
  profile.counts.forEach((n, i) =>
    console.log(`${profile.edges[i]!.toFixed(2)} ${"▇".repeat(Math.round(40 * n / top))} ${n}`)
  );
}

/** One pass over all frequencies from 25 to 35 Hz. */
async function search(source: StreamSource, select: Phases): Promise<void> {
  const wanted = periodogram({ f0CentreHz: 30, spanS: 1860, nTrials: 93_000, referenceS: 930 });
  const found = wanted.result(
    await drain(source.items(), pipe(select, accumulate(wanted))),
  );
  console.log(`\n${found.n} photons against ${found.f0Hz.length} frequencies:`);
  for (const peak of findPeaks(found, { maxPeaks: 3, maxLogP: 0 })) {
    console.log(
      `${peak.f0Hz.toFixed(5)} Hz  Z²₂ = ${peak.value.toFixed(1)}, ` +
        `ln p = ${peak.logPAfterTrials.toFixed(1)} after trials`,
    );
  }
}

const [events, par, orbit] = Deno.args;
if (events !== undefined && par !== undefined) {
  await show(await openSource([events]), await phasesByModel(events, par, orbit));
} else {
  const ofPulsar = selectRegion(createRegion({
    kind: "circle",
    frame: "icrs",
    lonDeg: PULSAR.raDeg,
    latDeg: PULSAR.decDeg,
    radiusDeg: 0.2,
  }));
  const source = simulatedSource(FIELD, { seed: 1 });
  await show(source, pipe(ofPulsar, assignPhase({ f0Hz: PULSE.f0Hz, epoch: EPOCH })));
  await search(source, ofPulsar);
}
