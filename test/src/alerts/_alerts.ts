/** An alert with every field, one with the least, and any alert there can be. */
import fc from "fast-check";
import { type AlertFields, createAlert } from "../../../src/alerts/mod.ts";
import type { Alert } from "../../../src/alerts/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";

/** The least that a detector says. */
export const LEAST: AlertFields = {
  id: "af63dc4c8601ec8c",
  kind: "cusum",
  channel: "all",
  onset: { epoch: createEpoch([60000, 0.25], "TT"), timeS: 0.5 },
  detectedS: 12,
  durationS: 10,
  significance: 7,
  statistic: { name: "S", value: 24.5 },
  counts: 30,
  expected: 10,
  observatory: "Fermi",
  instrument: "LAT",
  configuration: "6d1f",
  software: "gammarx 0.1.0",
};

const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.string({ unit: "binary", minLength: 1 }),
  fc.constantFrom(`<&>"'`, "]]>", "<!-- -->", " \t\r\n x ", "\ud800", "\u0000\u001f", "é 日本 🔭"),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
const size = fc.double({ noNaN: true, min: 0, max: 1e12 });
const sky = (min: number, max: number) => fc.double({ noNaN: true, min, max });
const band = fc.tuple(sky(1e-6, 1), sky(2, 1e6));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const flux = (units: readonly string[]) =>
  fc.record({
    value: size,
    error: maybe(size),
    unit: fc.constantFrom(...units),
    bandTeV: maybe(band),
  });

/** Any alert. */
export const anyAlert: fc.Arbitrary<Alert> = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9._~-]{1,20}$/),
  message: fc.oneof(
    fc.constant({ record: 0, phase: "initial" as const }),
    fc.record({
      record: fc.integer({ min: 1, max: 9 }),
      phase: fc.constantFrom("update" as const, "end" as const, "retraction" as const),
    }),
  ),
  tense: fc.constantFrom("current", "archival", "injection", "test", "commanded"),
  kind: text,
  trigger: fc.constantFrom("rate", "image"),
  channel: fc.string(),
  region: maybe(text),
  eventName: maybe(text),
  onset: fc.record({
    epoch: fc.record({
      mjdDay: fc.integer({ min: 42000, max: 70000 }),
      dayS: fc.double({ noNaN: true, min: 0, max: 86399 }),
      scale: fc.constant("TT" as const),
    }),
    timeS: fc.double({ noNaN: true, min: -1e6, max: 1e9 }),
    errorS: maybe(size),
  }),
  detectedS: fc.double({ noNaN: true, min: -1e6, max: 1e9 }),
  durationS: size,
  t50S: maybe(size),
  t90S: maybe(size),
  t90ErrorS: maybe(size),
  significance: number,
  statistic: fc.record({ name: text, value: number }),
  farHz: maybe(size),
  pAfterTrials: maybe(sky(0, 1)),
  counts: size,
  expected: size,
  livetimeS: maybe(size),
  observation: maybe(fc.record({
    id: maybe(text),
    startS: fc.constant(-100),
    stopS: sky(0, 1e6),
    livetimeS: maybe(size),
  })),
  energyBandTeV: maybe(band),
  hardness: maybe(fc.record({ ratio: number, error: maybe(size), softTeV: band, hardTeV: band })),
  position: maybe(fc.record({
    raDeg: number,
    decDeg: sky(-90, 90),
    errorDeg: sky(1, 180),
    errorMinorDeg: maybe(sky(0, 1)),
    errorAngleDeg: maybe(number),
    containment: sky(0.1, 1),
    systematicIncluded: maybe(fc.boolean()),
  })),
  healpix: maybe(
    fc.constantFrom({ url: "https://example.org/a?b=1&c=<d>" }, { base64: "U0lNUExF" }),
  ),
  flux: maybe(flux(["cm-2 s-1", "erg cm-2 s-1", "TeV m-2 s-1", "MeV / (cm2 s)"])),
  fluence: maybe(flux(["erg cm-2", "TeV m-2"])),
  associations: fc.array(
    fc.record({ catalogue: text, name: text, separationDeg: maybe(sky(0, 180)) }),
    { maxLength: 2 },
  ),
  followUp: maybe(fc.record({
    type: maybe(text),
    instrument: text,
    id: text,
    reference: maybe(fc.record({ topic: text, id: fc.oneof(text, number) })),
  })),
  observatory: text,
  instrument: text,
  configuration: text,
  software: text,
  inputs: fc.array(fc.string(), { maxLength: 2 }),
  notes: fc.array(text, { maxLength: 2 }),
}, { noNullPrototype: true }).map(({ message, ...fields }) =>
  createAlert({ ...fields, ...message } as AlertFields)
);
