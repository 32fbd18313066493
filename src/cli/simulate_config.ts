import { z, type ZodType } from "zod";
import type {
  SimulatedEventType,
  SimulatedObservation,
  SimulatedSource,
  Simulation,
} from "../data/mod.ts";
import { createGti, type EventEpoch } from "../events/mod.ts";
import {
  effectiveArea,
  gaussPsf,
  kingPsf,
  logNormalDispersion,
  type Psf,
  radialBackground,
} from "../irf/mod.ts";
import { flare, pulseProfile, type SpectralModel, spectralModels } from "../models/mod.ts";
import { convertEpoch, parseTime } from "../time/mod.ts";
import { parseQuantity } from "../units/mod.ts";
import { UsageError } from "./errors.ts";
import { readYaml } from "./yaml_config.ts";

/** A quantity with unit, or a plain number in the canonical one. */
function quantity(unit: "TeV" | "deg" | "s" | "cm2"): ZodType<number> {
  return z.union([z.number(), z.string()]).transform((value, context) => {
    if (typeof value === "number") return value;
    try {
      return parseQuantity(value, unit);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  });
}

const deg = quantity("deg"), tev = quantity("TeV"), seconds = quantity("s");
const energies = z.tuple([tev, tev]);

const spectrum = z.looseObject({ kind: z.string() });
const eventType = z.strictObject({
  name: z.string(),
  bit: z.number().int().min(0).max(31),
  aeff: z.strictObject({
    area: quantity("cm2"),
    slope: z.number().default(0),
    threshold: tev.default(0),
    offsetSigma: deg,
  }),
  psf: z.strictObject({
    kind: z.enum(["gauss", "king"]),
    sigma: deg,
    slope: z.number().default(0),
    floor: deg.default(0),
    gamma: z.number().default(2),
  }),
  edisp: z.strictObject({ bias: z.number().default(0), resolution: z.number() }),
  bkg: z.strictObject({ rate: z.number(), index: z.number(), energy: energies, sigma: deg }),
});
const source = z.strictObject({
  name: z.string(),
  ra: deg,
  dec: deg,
  extension: deg.default(0),
  spectrum,
  flare: z.strictObject({
    shape: z.enum(["box", "gauss", "exponential"]),
    onset: seconds,
    duration: seconds,
    amplitude: z.number(),
  }).optional(),
  pulse: z.strictObject({
    f0: z.number().positive(),
    f1: z.number().default(0),
    peaks: z.array(
      z.strictObject({ phase: z.number(), sigma: z.number(), fraction: z.number() }),
    ),
  }).optional(),
});
const observation = z.strictObject({
  obsId: z.union([z.number(), z.string()]).transform(String),
  pointing: z.strictObject({ ra: deg, dec: deg }),
  gti: z.array(z.tuple([seconds, seconds])).min(1),
  deadTime: z.number().min(0).lt(1).default(0),
});
const schema = z.strictObject({
  seed: z.union([z.number().int(), z.string()]).default(1),
  telescope: z.string().default("SIM"),
  epoch: z.union([z.string(), z.number(), z.date()]),
  energyTrue: energies,
  eventTypes: z.array(eventType).min(1),
  sources: z.array(source).default([]),
  observations: z.array(observation).min(1),
});

type SimulateFile = z.infer<typeof schema>;

/** A simulation as a configuration describes it. */
export interface SimulateConfig {
  readonly seed: number | string;
  readonly simulation: Simulation;
}

/** Reads a configuration. Throws UsageError with file, line and column. */
export function readSimulateConfig(text: string, name: string): SimulateConfig {
  const file = readYaml(text, schema as unknown as ZodType<SimulateFile>, name);
  try {
    return { seed: file.seed, simulation: simulationOf(file) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
}

function simulationOf(file: SimulateFile): Simulation {
  const text = file.epoch instanceof Date ? file.epoch.toISOString() : String(file.epoch);
  const epoch: EventEpoch = convertEpoch(parseTime(text), "TT");
  return {
    epoch,
    telescope: file.telescope,
    trueRangeTeV: file.energyTrue,
    eventTypes: file.eventTypes.map(eventTypeOf),
    sources: file.sources.map(sourceOf),
    observations: file.observations.map((one) => observationOf(one, epoch)),
  };
}

function eventTypeOf(
  { name, bit, aeff, psf, edisp, bkg }: SimulateFile["eventTypes"][0],
): SimulatedEventType {
  const width = { sigmaDeg: psf.sigma, slope: psf.slope, floorDeg: psf.floor };
  const spread: Psf = psf.kind === "gauss"
    ? gaussPsf(width)
    : kingPsf({ ...width, gamma: psf.gamma });
  return {
    name,
    bit,
    irfs: {
      aeff: effectiveArea({
        areaCm2: aeff.area,
        slope: aeff.slope,
        thresholdTeV: aeff.threshold,
        offsetSigmaDeg: aeff.offsetSigma,
      }),
      psf: spread,
      edisp: logNormalDispersion(edisp),
      bkg: radialBackground({
        totalPerS: bkg.rate,
        index: bkg.index,
        rangeTeV: bkg.energy,
        sigmaDeg: bkg.sigma,
      }),
    },
  };
}

function sourceOf(one: SimulateFile["sources"][0]): SimulatedSource {
  const { kind, ...parameters } = one.spectrum;
  return {
    name: one.name,
    raDeg: one.ra,
    decDeg: one.dec,
    extensionDeg: one.extension,
    spectrum: spectrumOf(kind, parameters, one.name),
    ...(one.flare === undefined ? {} : {
      temporal: flare({
        shape: one.flare.shape,
        onsetS: one.flare.onset,
        durationS: one.flare.duration,
        amplitude: one.flare.amplitude,
      }),
    }),
    ...(one.pulse === undefined ? {} : {
      pulse: {
        profile: pulseProfile(one.pulse.peaks),
        f0Hz: one.pulse.f0,
        f1HzPerS: one.pulse.f1,
      },
    }),
  };
}

function spectrumOf(
  kind: string,
  parameters: Record<string, unknown>,
  name: string,
): SpectralModel {
  const odd = Object.entries(parameters).find(([, value]) => typeof value !== "number");
  if (odd !== undefined) {
    throw new UsageError(
      `source ${name}: spectrum.${odd[0]} is ${JSON.stringify(odd[1])}, expected a number`,
    );
  }
  return spectralModels.lookup("spectral", kind).create(parameters as Record<string, number>);
}

function observationOf(
  one: SimulateFile["observations"][0],
  epoch: EventEpoch,
): SimulatedObservation {
  return {
    obsId: one.obsId,
    pointing: { raDeg: one.pointing.ra, decDeg: one.pointing.dec },
    deadTimeFraction: one.deadTime,
    gti: createGti(
      epoch,
      Float64Array.from(one.gti, (interval) => interval[0]),
      Float64Array.from(one.gti, (interval) => interval[1]),
    ),
  };
}
