/**
 * The field that the examples simulate: a steady source, a pulsar and a source that flares, over a
 * smooth background, seen for half an hour in two runs.
 */
import type { SimulatedSource, Simulation } from "../src/data/mod.ts";
import { createGti } from "../src/events/mod.ts";
import {
  effectiveArea,
  gaussPsf,
  type IrfSet,
  logNormalDispersion,
  radialBackground,
} from "../src/irf/mod.ts";
import { cutoffPowerLaw, flare, logParabola, powerLaw, pulseProfile } from "../src/models/mod.ts";
import { createEpoch, type TimeEpoch } from "../src/time/mod.ts";

/** Reference time of the field. */
export const EPOCH: TimeEpoch<"TT"> = createEpoch([60310, 0.5], "TT");

/** Responses of the telescope. */
export const IRFS: IrfSet = {
  aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0.3, offsetSigmaDeg: 2 }),
  psf: gaussPsf({ sigmaDeg: 0.06, slope: 0.2, floorDeg: 0.02 }),
  edisp: logNormalDispersion({ bias: 0, resolution: 0.12 }),
  bkg: radialBackground({ totalPerS: 80, index: 2.7, rangeTeV: [0.1, 100], sigmaDeg: 1.1 }),
};

/** A source that shines evenly. */
export const STEADY: SimulatedSource = {
  name: "steady",
  raDeg: 83.633,
  decDeg: 22.014,
  spectrum: powerLaw({ amplitude: 8e-10, index: 2.5 }),
};

/** Rotation of the pulsar, and the peak that half of its photons are in. */
export const PULSE = { f0Hz: 29.946923, phase: 0.3, sigma: 0.03, fraction: 0.5 } as const;

/** A source that pulses. */
export const PULSAR: SimulatedSource = {
  name: "pulsar",
  raDeg: 82.9,
  decDeg: 22.3,
  spectrum: cutoffPowerLaw({ amplitude: 8e-10, index: 2, lambdaPerTeV: 0.3 }),
  pulse: { f0Hz: PULSE.f0Hz, profile: pulseProfile([PULSE]) },
};

/** When and how the third source flares. */
export const FLARE = { shape: "box", onsetS: 1200, durationS: 90, amplitude: 12 } as const;

/** A source that flares. */
export const FLARING: SimulatedSource = {
  name: "flaring",
  raDeg: 84.4,
  decDeg: 21.7,
  spectrum: logParabola({ amplitude: 1.5e-10, alpha: 2.3, beta: 0.1 }),
  temporal: flare(FLARE),
};

/** The whole: two runs either side of the steady source. */
export const FIELD: Simulation = {
  epoch: EPOCH,
  telescope: "SIM",
  eventTypes: [{ name: "all", bit: 0, irfs: IRFS }],
  sources: [STEADY, PULSAR, FLARING],
  trueRangeTeV: [0.05, 200],
  maxBatchS: 10,
  observations: [
    {
      obsId: "1",
      gti: createGti(EPOCH, Float64Array.of(0), Float64Array.of(900)),
      deadTimeFraction: 0.05,
      pointing: { raDeg: 83.633, decDeg: 22.514 },
    },
    {
      obsId: "2",
      gti: createGti(EPOCH, Float64Array.of(960), Float64Array.of(1860)),
      deadTimeFraction: 0.05,
      pointing: { raDeg: 83.633, decDeg: 21.514 },
    },
  ],
};
