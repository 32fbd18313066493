import { z, type ZodType } from "zod";
import type { AlertTense, AlertWriting } from "../alerts/mod.ts";
import type { EventEpoch } from "../events/mod.ts";
import { parseRegions, type Region } from "../sky/mod.ts";
import { convertEpoch, parseTime } from "../time/mod.ts";
import type { SearchBackground, SearchCells } from "../../streams/accumulators/mod.ts";
import type { LatePolicy, MonitorBand } from "../../streams/monitor/mod.ts";
import { made, quantity, unique } from "./simulate_config.ts";
import { readYaml } from "./yaml_config.ts";

/** Where photons come from. */
export type MonitorSource =
  | { readonly kind: "files"; readonly files: readonly string[]; readonly speed: number }
  | { readonly kind: "follow"; readonly path: string; readonly idleS: number | undefined }
  | { readonly kind: "lines"; readonly epoch: EventEpoch | undefined }
  | { readonly kind: "simulate"; readonly path: string; readonly speed: number };

/** A search, as `transientSearch` takes it. */
export interface MonitorDetector {
  readonly name: string;
  readonly cells: SearchCells;
  readonly background: Exclude<SearchBackground, { readonly method: "run" }>;
  readonly falseAlarmsPerYear: number;
  readonly muMin?: number | undefined;
  readonly psfDeg?: number | undefined;
  readonly joinDeg?: number | undefined;
}

/** Where alerts go. */
export type MonitorSink =
  & { readonly format: string; readonly writing: AlertWriting }
  & (
    | { readonly to: "file"; readonly path: string }
    | { readonly to: "stdout" }
    | { readonly to: "webhook"; readonly url: string }
  );

/** A monitor as its file describes it, in canonical units. */
export interface MonitorFile {
  readonly title: string;
  readonly tense: AlertTense;
  readonly observatory: string;
  readonly instrument: string | undefined;
  readonly sources: readonly MonitorSource[];
  readonly format: string | undefined;
  readonly idleS: number | undefined;
  readonly select: {
    readonly energyTeV?: readonly [number, number] | undefined;
    readonly region?: Region | undefined;
    readonly offsetDeg?: readonly [number, number] | undefined;
    readonly eventType?: number | undefined;
    readonly gti: boolean;
  };
  readonly timing:
    | {
      readonly par: string;
      readonly orbit?: string | undefined;
      readonly ephem?: string | undefined;
    }
    | undefined;
  readonly bands: readonly MonitorBand[];
  readonly detectors: readonly MonitorDetector[];
  readonly late: { readonly latenessS: number; readonly policy: LatePolicy };
  readonly alerts: readonly MonitorSink[];
  readonly checkpoint:
    | { readonly folder: string; readonly everyS: number; readonly steps: number | undefined }
    | undefined;
  readonly history: {
    readonly widthS: number;
    readonly nBins: number;
    readonly phaseBins: number;
  };
  readonly serve: MonitorAddress | undefined;
}

/** Where the page is served. */
export interface MonitorAddress {
  readonly hostname: string;
  readonly port: number;
  readonly tokenFile: string | undefined;
  readonly hosts: readonly string[];
}

const deg = quantity("deg"), tev = quantity("TeV"), seconds = quantity("s");
const above0 = (schema: ZodType<number>, what: string) =>
  schema.refine((value) => value > 0, `${what} is more than 0`);
const notBelow0 = (schema: ZodType<number>, what: string) =>
  schema.refine((value) => value >= 0, `${what} is 0 or more`);
const radius = above0(deg, "a radius").refine((value) => value <= 30, "a radius is 30 deg or less");
const range = (schema: ZodType<number>, what: string) =>
  z.tuple([schema, schema]).refine(([low, high]) => low < high, `${what} ascend`);
const energies = range(notBelow0(tev, "an energy"), "energies");
const speed = z.union([z.number().positive(), z.literal("max").transform(() => Infinity)]);

/** An address as "127.0.0.1:8080", "[::1]:8080" or a port alone. */
export function addressOf(text: string): { readonly hostname: string; readonly port: number } {
  const match = /^(?:(?:\[([0-9a-f:.]+)\]|([^:\s\[\]]+)):)?(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    throw new SyntaxError(`found "${text}", expected HOST:PORT, as 127.0.0.1:8080`);
  }
  return { hostname: match[1] ?? match[2] ?? "127.0.0.1", port };
}

const source = z.union([
  z.strictObject({
    files: z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]),
    speed: speed.default(Infinity),
  }).transform((one) => ({ kind: "files" as const, ...one })),
  z.strictObject({ follow: z.string(), idle: notBelow0(seconds, "a time").optional() })
    .transform(({ follow, idle }) => ({ kind: "follow" as const, path: follow, idleS: idle })),
  z.strictObject({
    lines: z.literal("-"),
    epoch: made(
      z.union([z.string(), z.number()]),
      (epoch): EventEpoch => convertEpoch(parseTime(String(epoch)), "TT"),
    ).optional(),
  }).transform(({ epoch }) => ({ kind: "lines" as const, epoch })),
  z.strictObject({ simulate: z.string(), speed: speed.default(1) })
    .transform(({ simulate, speed }) => ({ kind: "simulate" as const, path: simulate, speed })),
], {
  error:
    "expected one of files: [PATH…], follow: PATH, lines: -, simulate: FILE, with their options",
});

const position = {
  ra: deg,
  dec: deg.refine((dec) => Math.abs(dec) <= 90, "a declination is in [-90, 90] deg"),
};
const cells = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("whole") }),
  z.strictObject({
    kind: z.literal("sources"),
    sources: z.array(z.strictObject({ name: z.string(), ...position })).min(1),
    radius,
  }),
  z.strictObject({
    kind: z.literal("healpix"),
    nside: z.number().int().min(1).max(1024).refine(
      (n) => Number.isInteger(Math.log2(n)),
      "nside is a power of 2",
    ),
    radius: radius.optional(),
  }),
  z.strictObject({
    kind: z.literal("field"),
    step: above0(deg, "a step"),
    radius,
    maxOffset: above0(deg, "an offset"),
  }),
]).transform((one): SearchCells => {
  switch (one.kind) {
    case "whole":
      return one;
    case "sources":
      return {
        kind: "sources",
        radiusDeg: one.radius,
        sources: one.sources.map(({ name, ra, dec }) => ({ name, raDeg: ra, decDeg: dec })),
      };
    case "healpix":
      return {
        kind: "healpix",
        nside: one.nside,
        ...(one.radius === undefined ? {} : { radiusDeg: one.radius }),
      };
    case "field":
      return {
        kind: "field",
        stepDeg: one.step,
        radiusDeg: one.radius,
        maxOffsetDeg: one.maxOffset,
      };
  }
});
const background = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("known"),
    rate: z.union([z.number().positive(), z.array(z.number().positive()).min(1)]),
  }).transform(({ rate }) => ({ method: "known" as const, ratePerS: rate })),
  z.strictObject({
    method: z.enum(["running", "smoothed"]),
    window: above0(seconds, "a window"),
    guard: notBelow0(seconds, "a guard time"),
  }).transform((one) => ({ method: one.method, windowS: one.window, guardS: one.guard })),
]);
const PER_YEAR: Readonly<Record<string, number>> = {
  year: 1,
  month: 12,
  week: 365.25 / 7,
  day: 365.25,
  night: 365.25,
  hour: 8766,
};
const far = made(z.union([z.string(), z.number().positive()]), (value) => {
  if (typeof value === "number") return value;
  const [, number, unit] = /^\s*([\d.eE+-]+)\s*\/\s*([a-z]+)\s*$/.exec(value) ?? [];
  const perYear = Number(number) * (PER_YEAR[unit ?? ""] ?? NaN);
  if (perYear > 0) return perYear;
  throw new SyntaxError(
    `found "${value}", expected NUMBER/UNIT with ${Object.keys(PER_YEAR).join(", ")}, as 1/year`,
  );
});
const detector = z.strictObject({
  name: z.string().min(1),
  cells,
  background,
  far,
  muMin: z.number().gt(1).optional(),
  psf: above0(deg, "a width").optional(),
  join: above0(deg, "a distance").optional(),
}).transform(({ far, psf, join, ...rest }) => ({
  ...rest,
  falseAlarmsPerYear: far,
  psfDeg: psf,
  joinDeg: join,
}));
const shared = {
  format: z.enum(["lines", "gcn", "voevent"]).default("lines"),
  mission: z.string().optional(),
  archiveUrl: z.string().optional(),
  authority: z.string().optional(),
  stream: z.string().optional(),
  author: z.strictObject({
    ivorn: z.string().optional(),
    title: z.string().optional(),
    shortName: z.string().optional(),
    contactName: z.string().optional(),
    contactEmail: z.string().optional(),
  }).optional(),
};
const sink = z.discriminatedUnion("to", [
  z.strictObject({
    to: z.literal("file"),
    path: z.string(),
    format: z.literal("lines").default("lines"),
  }),
  z.strictObject({ to: z.literal("stdout"), ...shared }),
  z.strictObject({ to: z.literal("webhook"), url: z.url(), ...shared }),
]).superRefine((one, context) => {
  if (one.to === "file" || one.format !== "voevent") return;
  for (const key of ["authority", "stream", "author"] as const) {
    if (one[key] !== undefined) continue;
    context.addIssue({ code: "custom", path: ["format"], message: `a VOEvent needs ${key}` });
  }
}).transform((one): MonitorSink => {
  if (one.to === "file") return { ...one, writing: {} };
  const { mission, archiveUrl, authority, stream, author, ...rest } = one;
  return { ...rest, writing: { mission, archiveUrl, authority, stream, author } };
});
const serve = z.union([
  made(z.string(), addressOf).transform((one) => ({ ...one, tokenFile: undefined, hosts: [] })),
  z.strictObject({
    address: made(z.string(), addressOf),
    tokenFile: z.string().optional(),
    hosts: z.array(z.string()).default([]),
  }).transform(({ address, tokenFile, hosts }) => ({ ...address, tokenFile, hosts })),
]);
const schema = z.strictObject({
  title: z.string().default("gammarx monitor"),
  tense: z.enum(["current", "archival", "injection", "test", "commanded"]).default("current"),
  observatory: z.string().default("unknown"),
  instrument: z.string().optional(),
  sources: z.array(source).min(1).refine(
    (list) => list.filter(({ kind }) => kind === "lines").length < 2,
    "stdin (lines: -) can be read once",
  ),
  format: z.string().optional(),
  idle: notBelow0(seconds, "a time").optional(),
  select: z.strictObject({
    energy: energies.optional(),
    region: made(z.string(), parseRegions).optional(),
    offset: range(notBelow0(deg, "an offset"), "offsets").optional(),
    eventType: z.number().int().min(1).max(0xffffffff).optional(),
    gti: z.boolean().default(false),
  }).default({ gti: false }).transform(({ energy, region, offset, eventType, gti }) => ({
    energyTeV: energy,
    region,
    offsetDeg: offset,
    eventType,
    gti,
  })),
  timing: z.strictObject({
    par: z.string(),
    orbit: z.string().optional(),
    ephem: z.string().optional(),
  }).optional(),
  bands: unique(
    z.array(
      z.strictObject({ name: z.string().min(1), energy: energies.optional() })
        .transform(({ name, energy }) => ({ name, energyTeV: energy })),
    ).min(1),
    "name",
  ).default([{ name: "all", energyTeV: undefined }]),
  detectors: unique(z.array(detector).min(1), "name"),
  late: z.strictObject({
    lateness: notBelow0(seconds, "lateness").default(0),
    policy: z.enum(["update", "count", "refuse"]).default("count"),
  }).default({ lateness: 0, policy: "count" }).transform(({ lateness, policy }) => ({
    latenessS: lateness,
    policy,
  })),
  alerts: z.array(sink).default([]),
  checkpoint: z.strictObject({
    folder: z.string(),
    every: above0(seconds, "a time").default(30),
    steps: z.number().int().positive().optional(),
  }).transform(({ folder, every, steps }) => ({ folder, everyS: every, steps })).optional(),
  history: z.strictObject({
    bin: above0(seconds, "a bin").default(1),
    bins: z.number().int().min(2).max(86400).default(3600),
    phaseBins: z.number().int().min(2).max(1024).default(32),
  }).default({ bin: 1, bins: 3600, phaseBins: 32 }).transform(({ bin, bins, phaseBins }) => ({
    widthS: bin,
    nBins: bins,
    phaseBins,
  })),
  serve: serve.optional(),
}).transform(({ idle, ...rest }) => ({ ...rest, idleS: idle }));

/**
 * Reads the configuration of a monitor.
 *
 * @param text YAML.
 * @param name File, for messages.
 * @returns The configuration in canonical units.
 * @throws UsageError with file, line and column, what was found and expected.
 */
export function readMonitorConfig(text: string, name: string): MonitorFile {
  return readYaml(text, schema as unknown as ZodType<MonitorFile>, name);
}
