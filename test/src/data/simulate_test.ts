import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { simulateEvents, type Simulation } from "../../../src/data/mod.ts";
import { concatBatches, createGti, type EventBatch, gtiSumS } from "../../../src/events/mod.ts";
import { type IrfSet, photonRatePerS } from "../../../src/irf/mod.ts";
import { flare, pulseProfile } from "../../../src/models/mod.ts";
import { createRng, integrate } from "../../../src/numeric/mod.ts";
import { separationDeg } from "../../../src/sky/mod.ts";
import { irfsOf, SIM_EPOCH, simulationOf, sourceOf, WIDE_PSF } from "../../_tools/simulations.ts";

function eventsOf(simulation: Simulation, seed: number | string = 1, k = 0): EventBatch {
  const batches = simulateEvents(simulation, simulation.observations[k]!, createRng(seed));
  return concatBatches([...batches]);
}

/** Greatest distance of a sample from its distribution function, times √n: above 2 once in 3000. */
function kolmogorov(sample: readonly number[], below: (x: number) => number): number {
  const sorted = sample.toSorted((a, b) => a - b), n = sorted.length;
  let most = 0;
  sorted.forEach((x, i) => {
    most = Math.max(most, Math.abs(below(x) - i / n), Math.abs(below(x) - (i + 1) / n));
  });
  return most * Math.sqrt(n);
}

const isNear = (n: number, mean: number) =>
  ok(Math.abs(n - mean) < 4 * Math.sqrt(mean), `${n} events, ${mean} expected`);

function offsets({ columns: { raDeg, decDeg } }: EventBatch, raDeg0: number, decDeg0: number) {
  return Array.from(
    raDeg!,
    (ra, i) =>
      separationDeg({ lonDeg: ra, latDeg: decDeg![i]! }, { lonDeg: raDeg0, latDeg: decDeg0 }),
  );
}

Deno.test("simulateEvents(): photons follow spectrum × area × dispersion × spread", () => {
  const aeff = irfsOf(0).aeff, source = sourceOf(20);
  const irfs = irfsOf(0, {
    aeff: { kind: "steep", areaCm2: (e, d) => aeff.areaCm2(e, d) * Math.sqrt(e) },
  });
  const simulation = simulationOf([source], 0, { eventTypes: [{ name: "a", bit: 3, irfs }] });
  const events = eventsOf(simulation), { energyTeV, eventType, mcId } = events.columns;
  const perLog = (logE: number) => {
    const e = Math.exp(logE);
    return e * source.spectrum.dnde(e) * irfs.aeff.areaCm2(e, 0);
  };
  const range = { low: Math.log(0.1), high: Math.log(100), parts: 40 };
  const total = integrate(perLog, range);
  isNear(events.length, 1000 * total);
  const below = (x: number) =>
    integrate((l) => perLog(l) * (1 - irfs.edisp.above(x, Math.exp(l))), range) / total;
  ok(kolmogorov([...energyTeV!].slice(0, 3000), below) < 2);
  ok(kolmogorov(offsets(events, 83.6, 22), (r) => irfs.psf.containment(r, 1)) < 2);
  ok(eventType!.every((type) => type === 8) && mcId!.every((id) => id === 1));
});

Deno.test("simulateEvents(): the background has its spectrum and acceptance", () => {
  const simulation = simulationOf([], 30), events = eventsOf(simulation);
  isNear(events.length, 30_000);
  const p = -1.7, norm = 100 ** p - 0.1 ** p;
  ok(kolmogorov([...events.columns.energyTeV!], (e) => (e ** p - 0.1 ** p) / norm) < 2);
  ok(kolmogorov(offsets(events, 83.6, 22), (r) => -Math.expm1(-r * r / 2)) < 2);
  ok(kolmogorov([...events.columns.timeS!], (t) => t / 1000) < 2);
});

Deno.test("simulateEvents(): counts are Poisson for every source, type and observation", () => {
  const good = irfsOf(0.5), fair = irfsOf(1, { psf: WIDE_PSF });
  const sources = [sourceOf(0.4), sourceOf(0.2, { name: "off", decDeg: 23 })];
  const of = (from: number, to: number, decDeg: number, deadTimeFraction: number) => ({
    obsId: `${from}`,
    gti: createGti(SIM_EPOCH, Float64Array.of(from, from + 150), Float64Array.of(from + 100, to)),
    deadTimeFraction,
    pointing: { raDeg: 83.6, decDeg },
  });
  const simulation = simulationOf(sources, 0, {
    eventTypes: [{ name: "good", bit: 0, irfs: good }, { name: "fair", bit: 31, irfs: fair }],
    observations: [of(0, 300, 22, 0), of(400, 900, 23.2, 0.3)],
  });
  const pulls: number[] = [];
  for (let seed = 0; seed < 40; seed++) {
    simulation.observations.forEach((observation, k) => {
      const { eventType, mcId, timeS } = eventsOf(simulation, `${seed} ${k}`, k).columns;
      const { startS, stopS } = observation.gti;
      ok(timeS.every((t) => startS.some((start, i) => t >= start && t < stopS[i]!)), "in the GTI");
      ok(timeS.every((t, i) => i === 0 || t >= timeS[i - 1]!), "in order of time");
      const liveS = gtiSumS(observation.gti) * (1 - observation.deadTimeFraction);
      for (const { bit, irfs } of simulation.eventTypes) {
        for (let id = 0; id <= 2; id++) {
          const n = eventType!.reduce(
            (sum, type, i) => sum + +(type === (1 << bit) >>> 0 && mcId![i] === id),
            0,
          );
          const mean = liveS * rateOf(simulation, irfs, id, observation.pointing.decDeg);
          pulls.push((n - mean) / Math.sqrt(mean));
        }
      }
    });
  }
  const n = pulls.length, mean = pulls.reduce((a, b) => a + b, 0) / n;
  const width = Math.sqrt(pulls.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  strictEqual(n, 480);
  ok(Math.abs(mean) < 3.5 / Math.sqrt(n), `mean ${mean}`);
  ok(Math.abs(width - 1) < 3.5 / Math.sqrt(2 * n), `width ${width}`);
});

function rateOf(simulation: Simulation, irfs: IrfSet, id: number, decDeg: number): number {
  if (id === 0) return irfs.bkg.totalPerS;
  const { spectrum, decDeg: at } = simulation.sources[id - 1]!;
  const offsetDeg = Math.abs(at - decDeg);
  return photonRatePerS(irfs, { dnde: spectrum.dnde, offsetDeg, rangeTeV: [0.1, 100] });
}

Deno.test("simulateEvents(): a flare has its light curve", () => {
  for (const shape of ["box", "gauss", "exponential"] as const) {
    const temporal = flare({ shape, onsetS: 300, durationS: 100, amplitude: 6 });
    for (const maxBatchS of [Infinity, 37]) {
      const simulation = simulationOf([sourceOf(8, { temporal })], 0, { maxBatchS });
      const { columns: { timeS }, length } = eventsOf(simulation, shape);
      const total = temporal.integralS(0, 1000);
      isNear(length, 8 * total);
      ok(kolmogorov([...timeS], (t) => temporal.integralS(0, t) / total) < 2);
    }
  }
});

Deno.test("simulateEvents(): a pulsar has its profile, with a frequency that changes", () => {
  const profile = pulseProfile([
    { phase: 0.3, sigma: 0.04, fraction: 0.5 },
    { phase: 0.95, sigma: 0.1, fraction: 0.2 },
  ]);
  const f0Hz = 29.9, f1HzPerS = -1e-4, pulse = { profile, f0Hz, f1HzPerS };
  const { columns: { timeS }, length } = eventsOf(simulationOf([sourceOf(20, { pulse })], 0));
  isNear(length, 20_000);
  const phases = Array.from(timeS, (t) => {
    const cycles = f0Hz * t + 0.5 * f1HzPerS * t * t;
    return cycles - Math.floor(cycles);
  });
  const steps = 4000, cumulative = new Float64Array(steps + 1);
  for (let k = 0; k < steps; k++) {
    cumulative[k + 1] = cumulative[k]! + profile.density((k + 0.5) / steps) / steps;
  }
  ok(Math.abs(cumulative[steps]! - 1) < 1e-9);
  ok(kolmogorov(phases, (x) => cumulative[Math.round(x * steps)]!) < 2);
});

Deno.test("simulateEvents(): an extended source is thinned by the area where its photons come from", () => {
  const extensionDeg = 0.7, offsetDeg = 1;
  const source = sourceOf(30, { extensionDeg, decDeg: 23 });
  const irfs = irfsOf(0, { psf: { ...irfsOf(0).psf, radiusDeg: () => 0 } });
  const events = eventsOf(simulationOf([source], 0, { eventTypes: [{ name: "a", bit: 0, irfs }] }));
  // Gaussian image × Gaussian area: again Gaussian, on the plane.
  const sigma2 = extensionDeg ** 2, field2 = 1.5 ** 2, both = 1 / (1 / sigma2 + 1 / field2);
  const seen = both / sigma2 * Math.exp(-0.5 * offsetDeg ** 2 / (sigma2 + field2));
  ok(Math.abs(events.length / (30_000 * seen) - 1) < 0.02, `${events.length}, ${30_000 * seen}`);
  const meanDec = events.columns.decDeg!.reduce((a, b) => a + b, 0) / events.length;
  ok(Math.abs(meanDec - (22 + offsetDeg * field2 / (sigma2 + field2))) < 0.02);
});

Deno.test("simulateEvents(): seeds and observations are independent, and repeat", () => {
  const simulation = simulationOf([sourceOf(1)], 3);
  const [a, again, b] = [eventsOf(simulation, 1), eventsOf(simulation, 1), eventsOf(simulation, 2)];
  deepStrictEqual(a, again);
  ok(!a.columns.timeS.slice(0, 100).some((t) => b.columns.timeS.includes(t)));
  deepStrictEqual([...a.columns.eventId!.slice(0, 3)], [1n, 2n, 3n]);
});

Deno.test("simulateEvents(): a source at the pole and at the wrap keeps right ascension in [0, 360)", () => {
  for (const [raDeg, decDeg] of [[10, 90], [359.999, 0], [0, -89.99]] as const) {
    const pointing = { raDeg, decDeg };
    const simulation = simulationOf([sourceOf(2, { raDeg, decDeg })], 0);
    const observation = { ...simulation.observations[0]!, pointing };
    const events = eventsOf({ ...simulation, observations: [observation] });
    ok(events.columns.raDeg!.every((ra) => ra >= 0 && ra < 360));
    ok(events.columns.decDeg!.every((dec) => Math.abs(dec) <= 90));
    ok(kolmogorov(offsets(events, raDeg, decDeg), (r) => irfsOf(0).psf.containment(r, 1)) < 2);
  }
});

Deno.test("simulateEvents() refuses good time intervals out of order", () => {
  const simulation = simulationOf([], 1), at = (...x: number[]) => Float64Array.from(x);
  const gti = createGti(SIM_EPOCH, at(0, 50), at(60, 90));
  const observation = { ...simulation.observations[0]!, gti };
  throws(() => [...simulateEvents(simulation, observation, createRng(1))], /sort and join/);
});

Deno.test("simulateEvents(): nothing to see is nothing", () => {
  const simulation = simulationOf([], 0);
  strictEqual(eventsOf(simulation).length, 0);
});
