import { z } from "zod";
import { sameDimension } from "../units/mod.ts";
import { DAY_S } from "../time/mod.ts";
import type { Alert } from "./alert.ts";

const finite = z.number(), positive = z.number().positive(), notNegative = z.number().nonnegative();
const words = z.string().min(1);
const list = <T extends z.ZodType>(item: T) => z.array(item).default([]);

const band = z.tuple([notNegative, positive]).refine(([low, high]) => low < high, {
  error: ({ input }) =>
    `expected a lower energy before a higher one, found ${JSON.stringify(input)}`,
});

/** Whether a text is a unit of one of these dimensions. */
function isUnit(text: string, dimensions: readonly string[]): boolean {
  try {
    return dimensions.some((one) => sameDimension(text, one));
  } catch {
    return false;
  }
}

function flux(dimensions: readonly string[]) {
  return z.strictObject({
    value: finite.optional(),
    error: notNegative.optional(),
    unit: z.string().refine((text) => isUnit(text, dimensions), {
      error: ({ input }) => `expected a unit like ${dimensions.join(" or ")}, found "${input}"`,
    }),
    limit: finite.optional(),
    limitSigma: positive.optional(),
    bandTeV: band.optional(),
  }).refine(({ value, limit }) => value !== undefined || limit !== undefined, {
    error: "expected a value or a limit, found neither",
  }).refine(({ limit, limitSigma }) => (limit === undefined) === (limitSigma === undefined), {
    error: "expected limit and limitSigma together, found one of them",
  });
}

const epoch = z.strictObject({
  mjdDay: z.int(),
  dayS: notNegative.lt(DAY_S),
  scale: z.literal("TT", {
    error: "expected an epoch in TT: times as they were at the observatory",
  }),
});

const position = z.strictObject({
  raDeg: finite.transform((ra) => ra >= 0 && ra < 360 ? ra : wrapped(ra)),
  decDeg: z.number().min(-90).max(90),
  errorDeg: z.number().min(0).max(180),
  errorMinorDeg: z.number().min(0).max(180).optional(),
  errorAngleDeg: finite.optional(),
  containment: z.number().gt(0).max(1),
  systematicIncluded: z.boolean().optional(),
}).refine(({ errorDeg, errorMinorDeg = 0 }) => errorMinorDeg <= errorDeg, {
  error: "expected errorMinorDeg not above errorDeg",
  path: ["errorMinorDeg"],
});

function wrapped(raDeg: number): number {
  const turned = raDeg - 360 * Math.floor(raDeg / 360);
  return turned < 360 ? turned : 0;
}

const observation = z.strictObject({
  id: words.optional(),
  startS: finite,
  stopS: finite,
  livetimeS: notNegative.optional(),
}).refine(({ startS, stopS }) => startS <= stopS, {
  error: "expected a stop not before the start",
  path: ["stopS"],
});

/** What an alert must be; without keys that it does not know. */
export const alertSchema: z.ZodType<Alert> = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._~-]{1,128}$/, {
    error: ({ input }) => `expected letters, digits and . _ ~ -, at most 128, found "${input}"`,
  }),
  record: z.int().nonnegative().default(0),
  phase: z.enum(["initial", "update", "end", "retraction"]).default("initial"),
  tense: z.enum(["current", "archival", "injection", "test", "commanded"]).default("current"),
  kind: words,
  trigger: z.enum(["rate", "image"]).default("rate"),
  channel: z.string(),
  region: words.optional(),
  eventName: words.optional(),
  onset: z.strictObject({ epoch, timeS: finite, errorS: notNegative.optional() }),
  detectedS: finite,
  durationS: notNegative,
  t50S: notNegative.optional(),
  t50ErrorS: notNegative.optional(),
  t90S: notNegative.optional(),
  t90ErrorS: notNegative.optional(),
  significance: finite,
  statistic: z.strictObject({ name: words, value: finite }),
  farHz: notNegative.optional(),
  farBasis: z.enum(["calibrated", "extrapolated", "bound"]).optional(),
  pAfterTrials: z.number().min(0).max(1).optional(),
  counts: notNegative,
  expected: notNegative,
  livetimeS: notNegative.optional(),
  observation: observation.optional(),
  energyBandTeV: band.optional(),
  hardness: z.strictObject({
    ratio: finite,
    error: notNegative.optional(),
    softTeV: band,
    hardTeV: band,
  }).optional(),
  position: position.optional(),
  healpix: z.union([
    z.strictObject({ url: z.url() }),
    z.strictObject({ base64: z.base64().min(4) }),
  ]).optional(),
  flux: flux(["cm-2 s-1", "erg cm-2 s-1"]).optional(),
  fluence: flux(["erg cm-2"]).optional(),
  associations: list(z.strictObject({
    catalogue: words,
    name: words,
    separationDeg: z.number().min(0).max(180).optional(),
  })),
  followUp: z.strictObject({
    type: words.optional(),
    instrument: words,
    id: words,
    reference: z.strictObject({ topic: words, id: z.union([words, finite]) }).optional(),
  }).optional(),
  observatory: words,
  instrument: words,
  configuration: words,
  software: words,
  inputs: list(z.string()),
  notes: list(z.string()),
}).refine(({ record, phase }) => (record === 0) === (phase === "initial"), {
  error: "expected record 0 for the phase initial and a higher one for every other",
  path: ["record"],
}).refine(({ farHz, farBasis }) => farBasis === undefined || farHz !== undefined, {
  error: "expected farHz with farBasis",
  path: ["farHz"],
});
