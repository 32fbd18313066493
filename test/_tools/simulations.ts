/** Small simulated fields for tests. */
import type { SimulatedSource, Simulation } from "../../src/data/mod.ts";
import { createGti } from "../../src/events/mod.ts";
import {
  effectiveArea,
  gaussPsf,
  type IrfSet,
  kingPsf,
  logNormalDispersion,
  radialBackground,
} from "../../src/irf/mod.ts";
import { powerLaw } from "../../src/models/mod.ts";
import { createEpoch, type TimeEpoch } from "../../src/time/mod.ts";

export const SIM_EPOCH: TimeEpoch<"TT"> = createEpoch([60310, 0.25], "TT");

/** Responses whose numbers can be worked out by hand, with a background of so many events a second. */
export function irfsOf(backgroundPerS: number, options: Partial<IrfSet> = {}): IrfSet {
  return {
    aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 1.5 }),
    psf: gaussPsf({ sigmaDeg: 0.08 }),
    edisp: logNormalDispersion({ bias: 0.02, resolution: 0.15 }),
    bkg: radialBackground({
      totalPerS: backgroundPerS,
      index: 2.7,
      rangeTeV: [0.1, 100],
      sigmaDeg: 1,
    }),
    ...options,
  };
}

export const WIDE_PSF = kingPsf({ sigmaDeg: 0.15, gamma: 2 });

/** A point source with so many photons a second on axis between 0.1 and 100 TeV. */
export function sourceOf(
  photonsPerS: number,
  rest: Partial<SimulatedSource> = {},
): SimulatedSource {
  const unit = powerLaw({ amplitude: 1, index: 2.5 });
  const amplitude = photonsPerS / (1e9 * unit.flux(0.1, 100));
  const spectrum = powerLaw({ amplitude, index: 2.5 });
  return { name: "source", raDeg: 83.6, decDeg: 22, spectrum, ...rest };
}

/** One observation of [0, 1000] s on the source, without dead time, and what else is said. */
export function simulationOf(
  sources: readonly SimulatedSource[],
  backgroundPerS: number,
  rest: Partial<Simulation> = {},
): Simulation {
  return {
    epoch: SIM_EPOCH,
    telescope: "SIM",
    eventTypes: [{ name: "all", bit: 0, irfs: irfsOf(backgroundPerS) }],
    sources,
    trueRangeTeV: [0.1, 100],
    observations: [{
      obsId: "1",
      gti: createGti(SIM_EPOCH, Float64Array.of(0), Float64Array.of(1000)),
      deadTimeFraction: 0,
      pointing: { raDeg: 83.6, decDeg: 22 },
    }],
    ...rest,
  };
}
