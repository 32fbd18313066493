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
  type EnergyDispersion,
  gaussPsf,
  kingPsf,
  logNormalDispersion,
  type Psf,
  radialBackground,
} from "../irf/mod.ts";
import {
  createSpectralModel,
  flare,
  type PulseProfile,
  pulseProfile,
  type SpectralModel,
  spectralModels,
  type TemporalModel,
} from "../models/mod.ts";
import { convertEpoch, parseTime } from "../time/mod.ts";
import { parseQuantity } from "../units/mod.ts";
import { readYaml } from "./yaml_config.ts";

/** A quantity with unit, or a plain number in the canonical one. */
export function quantity(unit: "TeV" | "deg" | "s" | "cm2"): ZodType<number> {
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

/** What is made of a part of the configuration; an error of its maker is told where the part stands. */
export function made<In, Out>(schema: ZodType<In>, make: (value: In) => Out): ZodType<Out> {
  return schema.transform((value, context) => {
    try {
      return make(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  }) as unknown as ZodType<Out>;
}

/** A list without two of one name: they would be written over each other. */
export function unique<One>(schema: ZodType<One[]>, key: keyof One & string): ZodType<One[]> {
  return schema.superRefine((list, context) => {
    list.forEach((one, i) => {
      const first = list.findIndex((other) => other[key] === one[key]);
      if (first === i) return;
      const message = `${key} ${one[key]} is taken by number ${first + 1} of the list`;
      context.addIssue({ code: "custom", path: [i], message });
    });
  });
}

const deg = quantity("deg"), tev = quantity("TeV"), seconds = quantity("s");
const energies = z.tuple([tev, tev]).refine(([low, high]) => low > 0 && low < high, {
  message: "energies ascend from above 0",
});

const spectrum = made(z.looseObject({ kind: z.string() }), spectrumOf);
const psf = made(
  z.strictObject({
    kind: z.enum(["gauss", "king"]),
    sigma: deg,
    slope: z.number().default(0),
    floor: deg.default(0),
    gamma: z.number().default(2),
  }),
  ({ kind, sigma, slope, floor, gamma }) => {
    const width = { sigmaDeg: sigma, slope, floorDeg: floor };
    return kind === "gauss" ? gaussPsf(width) : kingPsf({ ...width, gamma });
  },
);
const eventType = made(
  z.strictObject({
    name: z.string().regex(/^[^/\\]*[^/\\.][^/\\]*$/, "the name becomes that of a folder"),
    bit: z.number().int().min(0).max(31),
    aeff: z.strictObject({
      area: quantity("cm2"),
      slope: z.number().default(0),
      threshold: tev.default(0),
      offsetSigma: deg,
    }),
    psf,
    edisp: made(
      z.strictObject({ bias: z.number().default(0), resolution: z.number() }),
      logNormalDispersion,
    ),
    bkg: z.strictObject({ rate: z.number(), index: z.number(), energy: energies, sigma: deg }),
  }),
  eventTypeOf,
);
const source = made(
  z.strictObject({
    name: z.string(),
    ra: deg,
    dec: deg.refine((dec) => Math.abs(dec) <= 90, "a declination is in [-90, 90] deg"),
    extension: deg.default(0).refine((size) => size >= 0, "an extension is 0 or more"),
    spectrum,
    flare: made(
      z.strictObject({
        shape: z.enum(["box", "gauss", "exponential"]),
        onset: seconds,
        duration: seconds,
        amplitude: z.number(),
      }),
      ({ shape, onset, duration, amplitude }) =>
        flare({ shape, onsetS: onset, durationS: duration, amplitude }),
    ).optional(),
    pulse: z.strictObject({
      f0: z.number().positive(),
      f1: z.number().default(0),
      peaks: made(
        z.array(z.strictObject({ phase: z.number(), sigma: z.number(), fraction: z.number() })),
        pulseProfile,
      ),
    }).optional(),
  }),
  sourceOf,
);
const gti = z.array(z.tuple([seconds, seconds])).min(1).superRefine((list, context) => {
  list.forEach(([start, stop], i) => {
    if (start < stop && !(i > 0 && start < list[i - 1]![1])) return;
    const message = "good time intervals ascend and do not overlap";
    context.addIssue({ code: "custom", path: [i], message });
  });
});
const observation = z.strictObject({
  obsId: z.union([z.number(), z.string()]).transform(String),
  pointing: z.strictObject({
    ra: deg,
    dec: deg.refine((dec) => Math.abs(dec) <= 90, "a declination is in [-90, 90] deg"),
  }),
  gti,
  deadTime: z.number().min(0).lt(1).default(0),
});
const schema = z.strictObject({
  seed: z.union([z.number().int(), z.string()]).default(1),
  telescope: z.string().default("SIM"),
  epoch: made(
    z.union([z.string(), z.number()]),
    (epoch): EventEpoch => convertEpoch(parseTime(String(epoch)), "TT"),
  ),
  energyTrue: energies,
  eventTypes: unique(unique(z.array(eventType).min(1), "name"), "bit"),
  sources: z.array(source).default([]),
  observations: unique(z.array(observation).min(1), "obsId"),
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
  const { seed, epoch, telescope, eventTypes, sources, observations } = file;
  const simulation = {
    epoch,
    telescope,
    trueRangeTeV: file.energyTrue,
    eventTypes,
    sources,
    observations: observations.map((one) => observationOf(one, epoch)),
  };
  return { seed, simulation };
}

interface EventTypeFile {
  readonly name: string;
  readonly bit: number;
  readonly aeff: {
    readonly area: number;
    readonly slope: number;
    readonly threshold: number;
    readonly offsetSigma: number;
  };
  readonly psf: Psf;
  readonly edisp: EnergyDispersion;
  readonly bkg: {
    readonly rate: number;
    readonly index: number;
    readonly energy: readonly [number, number];
    readonly sigma: number;
  };
}

function eventTypeOf({ name, bit, aeff, psf, edisp, bkg }: EventTypeFile): SimulatedEventType {
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
      psf,
      edisp,
      bkg: radialBackground({
        totalPerS: bkg.rate,
        index: bkg.index,
        rangeTeV: bkg.energy,
        sigmaDeg: bkg.sigma,
      }),
    },
  };
}

interface SourceFile {
  readonly name: string;
  readonly ra: number;
  readonly dec: number;
  readonly extension: number;
  readonly spectrum: SpectralModel;
  readonly flare?: TemporalModel | undefined;
  readonly pulse?:
    | { readonly f0: number; readonly f1: number; readonly peaks: PulseProfile }
    | undefined;
}

function sourceOf(one: SourceFile): SimulatedSource {
  const { pulse } = one;
  return {
    name: one.name,
    raDeg: one.ra,
    decDeg: one.dec,
    extensionDeg: one.extension,
    spectrum: one.spectrum,
    ...(one.flare === undefined ? {} : { temporal: one.flare }),
    ...(pulse === undefined
      ? {}
      : { pulse: { profile: pulse.peaks, f0Hz: pulse.f0, f1HzPerS: pulse.f1 } }),
  };
}

/** A model from its options. What the model does not know would be left out without a word. */
function spectrumOf({ kind, ...options }: { readonly kind: string }): SpectralModel {
  for (const [key, value] of Object.entries(options)) {
    if (typeof value === "number") continue;
    throw new TypeError(`${key} is ${JSON.stringify(value)}, expected a number`);
  }
  const rule = spectralModels.lookup("spectral", kind), values: Record<string, number> = {};
  const keys = new Map(rule.parameters.map(({ name }) => [KEYS[name] ?? name, name]));
  for (const [key, value] of Object.entries(options)) {
    const name = keys.get(key);
    if (name === undefined) {
      const known = [...keys.keys()].join(", ");
      throw new TypeError(`model ${kind} has no parameter ${key}: it has ${known}`);
    }
    values[name] = value as unknown as number;
  }
  const missing = rule.parameters.find(({ name, frozen }) => frozen !== true && !(name in values));
  if (missing === undefined) return createSpectralModel(rule, values);
  throw new TypeError(`model ${kind} needs the parameter ${KEYS[missing.name] ?? missing.name}`);
}

/** Names of parameters in a configuration, with their units, where they are not those of the model. */
const KEYS: Readonly<Record<string, string>> = {
  reference: "referenceTeV",
  lambda_: "lambdaPerTeV",
};

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
