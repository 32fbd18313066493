import type { EventEpoch, Pointing } from "../events/mod.ts";
import { createWcsGeom, type WcsGeom } from "../maps/mod.ts";
import { createMapAxis, linearEdges, logEdges } from "../nddata/mod.ts";
import { parseRegions, PROJECTION_CODES, type ProjectionCode, type SkyFrame } from "../sky/mod.ts";
import type { CountsMapAxis } from "../../streams/accumulators/mod.ts";
import { UsageError } from "./errors.ts";
import {
  ofOption,
  parseBins,
  parseDuration,
  parseEnergy,
  parseLatitude,
  parseMjd,
  parseNumber,
  parseStreamTime,
  parts,
} from "./quantities.ts";
import type { OpenPulsar } from "./pulsar_options.ts";
import type { StreamConfig } from "./stream_pipeline.ts";

/** The options of `gammarx stream` as they were typed. */
export interface StreamFlags {
  readonly energy?: string;
  readonly time?: string;
  readonly region?: string;
  readonly offset?: string;
  readonly eventType?: string;
  readonly phaseModel?: string;
  readonly phase?: string;
  readonly gti?: boolean;
  readonly map?: string;
  readonly spectrum?: string;
  readonly lightcurve?: string;
  readonly phasogram?: string;
  readonly theta2?: string;
}

/** What the stream tells of itself before it flows. */
export interface StreamFacts {
  readonly epoch: EventEpoch;
  readonly startS: number;
  readonly pointing: Pointing | undefined;
  /** The pulsar that the options name. */
  readonly pulsar?: OpenPulsar | undefined;
}

/** Makes the configuration of a stream from what was typed. Throws UsageError. */
export function streamConfig(flags: StreamFlags, facts: StreamFacts): StreamConfig {
  const { epoch, startS } = facts;
  return {
    epoch,
    startS,
    energy: flags.energy === undefined ? undefined : energyRange(flags.energy),
    time: flags.time === undefined ? undefined : timeRange(flags.time, facts),
    region: flags.region === undefined
      ? undefined
      : ofOption("region", flags.region, () => parseRegions(flags.region!)),
    offset: flags.offset === undefined ? undefined : offsetRange(flags.offset),
    eventType: flags.eventType === undefined ? undefined : eventTypeMask(flags.eventType),
    phaseModel: flags.phaseModel === undefined
      ? facts.pulsar?.timing
      : phaseModel(flags.phaseModel, facts),
    weights: facts.pulsar?.weights,
    phaseRange: flags.phase === undefined ? undefined : phaseRange(flags.phase),
    gti: flags.gti === true,
    map: flags.map === undefined ? undefined : mapOf(flags.map, facts),
    spectrum: flags.spectrum === undefined ? undefined : spectrumEdges(flags.spectrum),
    lightcurve: flags.lightcurve === undefined
      ? undefined
      : { widthS: parseDuration("lightcurve", flags.lightcurve) },
    phasogram: flags.phasogram === undefined ? undefined : parseBins("phasogram", flags.phasogram),
    theta2: flags.theta2 === undefined ? undefined : theta2Of(flags.theta2),
  };
}

function ascending(option: string, low: number, high: number): void {
  if (!(low < high)) {
    throw new UsageError(`--${option}: found ${low} to ${high}, expected low,high`);
  }
}

function energyRange(text: string) {
  const [low, high] = parts("energy", text, ["LOW", "HIGH"]);
  const range = { lowTeV: parseEnergy("energy", low!), highTeV: parseEnergy("energy", high!) };
  ascending("energy", range.lowTeV, range.highTeV);
  return range;
}

function timeRange(text: string, facts: StreamFacts) {
  const [start, stop] = parts("time", text, ["START", "STOP"]);
  const range = {
    startS: parseStreamTime("time", start!, facts),
    stopS: parseStreamTime("time", stop!, facts),
  };
  ascending("time", range.startS, range.stopS);
  return range;
}

function offsetRange(text: string) {
  const [low, high] = parts("offset", text, ["MIN", "MAX"]);
  const range = { minDeg: parseNumber("offset", low!), maxDeg: parseNumber("offset", high!) };
  ascending("offset", range.minDeg, range.maxDeg);
  return range;
}

function eventTypeMask(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 0xffffffff) return value;
  throw new UsageError(`--event-type: found "${text}", expected a mask such as 3, 0b11 or 0x3`);
}

function phaseModel(text: string, facts: StreamFacts) {
  const [f0, f1, f2, mjd] = parts("phase-model", text, ["F0", "F1", "F2", "EPOCH"]);
  return {
    f0Hz: parseNumber("phase-model", f0!),
    f1HzPerS: parseNumber("phase-model", f1!),
    f2HzPerS2: parseNumber("phase-model", f2!),
    epoch: parseMjd("phase-model", mjd!, facts.epoch.scale),
  };
}

function phaseRange(text: string): readonly (readonly [number, number])[] {
  const [from, to] = parts("phase", text, ["FROM", "TO"]);
  return [[parseNumber("phase", from!), parseNumber("phase", to!)]];
}

function spectrumEdges(text: string): Float64Array {
  const [low, high, n] = parts("spectrum", text, ["LOW", "HIGH", "BINS"]);
  return ofOption("spectrum", text, () =>
    logEdges({
      low: parseEnergy("spectrum", low!),
      high: parseEnergy("spectrum", high!),
      nBins: parseBins("spectrum", n!),
    }));
}

function theta2Of(text: string) {
  const list = text.split(",");
  if (list.length !== 2 && list.length !== 4) {
    throw new UsageError(`--theta2 "${text}": expected LON,LAT or LON,LAT,MAX,BINS`);
  }
  const [lon, lat, max = "0.2", n = "20"] = list as [string, string, string?, string?];
  return ofOption("theta2", text, () => ({
    raDeg: parseNumber("theta2", lon),
    decDeg: parseLatitude("theta2", lat),
    edgesDeg2: linearEdges({
      low: 0,
      high: parseNumber("theta2", max),
      nBins: parseBins("theta2", n),
    }),
  }));
}

/** Most cells of a map: 1 GB. */
const MAX_CELLS = 1 << 27;

const MAP_KEYS = ["center", "width", "npix", "binsz", "proj", "frame", "energy", "phase"] as const;

function mapOf(text: string, facts: StreamFacts): { geom: WcsGeom; axes: CountsMapAxis[] } {
  const given = new Map<string, string>();
  for (const word of text.trim().split(/\s+/)) {
    const [key, value] = word.split(/=(.*)/s) as [string, string?];
    const isKnown = (MAP_KEYS as readonly string[]).includes(key);
    if (!isKnown || !value || given.has(key)) {
      throw new UsageError(
        `--map: found "${word}", expected KEY=VALUE, each once, with ${MAP_KEYS.join(", ")}`,
      );
    }
    given.set(key, value);
  }
  const map = ofOption("map", text, () => ({ geom: geomOf(given, facts), axes: axesOf(given) }));
  const [nx, ny] = map.geom.npix;
  const nCells = map.axes.reduce((n, { axis }) => n * axis.nBins, nx * ny);
  if (nCells <= MAX_CELLS) return map;
  throw new UsageError(`--map "${text}": found ${nCells} cells, expected ${MAX_CELLS} at most`);
}

function geomOf(given: ReadonlyMap<string, string>, facts: StreamFacts): WcsGeom {
  const frame = (given.get("frame") ?? "icrs").toLowerCase();
  if (frame !== "icrs" && frame !== "galactic") {
    throw new UsageError(`--map: found frame=${frame}, expected icrs or galactic`);
  }
  const proj = (given.get("proj") ?? "TAN").toUpperCase();
  if (!(PROJECTION_CODES as readonly string[]).includes(proj)) {
    throw new UsageError(
      `--map: found proj=${proj}, expected one of ${PROJECTION_CODES.join(", ")}`,
    );
  }
  if (given.has("npix") && given.has("width")) {
    throw new UsageError("--map: give width or npix, not both");
  }
  const pair = (key: string): readonly [number, number] | undefined => {
    const values = given.get(key)?.split(",").map((one) => parseNumber("map", one));
    if (values === undefined) return undefined;
    if (values.length > 2) throw new UsageError(`--map: found ${key}=${given.get(key)}`);
    return [values[0]!, values[1] ?? values[0]!];
  };
  return createWcsGeom({
    skydir: centerOf(given, facts, frame),
    frame,
    proj: proj as ProjectionCode,
    binszDeg: pair("binsz") ?? 0.05,
    ...(given.has("npix") ? { npix: pair("npix")! } : { widthDeg: pair("width") ?? 5 }),
  });
}

function centerOf(given: ReadonlyMap<string, string>, facts: StreamFacts, frame: SkyFrame) {
  const center = given.get("center") ?? "pointing";
  if (center !== "pointing") {
    const [lon, lat] = parts("map", center, ["LON", "LAT"]);
    return { lonDeg: parseNumber("map", lon!), latDeg: parseLatitude("map", lat!) };
  }
  const { pointing } = facts;
  const isKnown = pointing !== undefined && Number.isFinite(pointing.raDeg) &&
    Math.abs(pointing.decDeg) <= 90;
  if (!isKnown) {
    throw new UsageError("--map: give center=LON,LAT: the data tell no pointing");
  }
  if (frame !== "icrs") {
    throw new UsageError(`--map: give center=LON,LAT in ${frame}: the pointing is in icrs`);
  }
  return { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
}

function axesOf(given: ReadonlyMap<string, string>): CountsMapAxis[] {
  const axes: CountsMapAxis[] = [];
  const energy = given.get("energy"), phase = given.get("phase");
  if (energy !== undefined) {
    const [low, high, n] = parts("map", energy, ["LOW", "HIGH", "BINS"]);
    const edges = logEdges({
      low: parseEnergy("map", low!),
      high: parseEnergy("map", high!),
      nBins: parseBins("map", n!),
    });
    axes.push({
      column: "energyTeV",
      axis: createMapAxis("energy", edges, { unit: "TeV", interp: "log" }),
    });
  }
  if (phase !== undefined) {
    const edges = linearEdges({ low: 0, high: 1, nBins: parseBins("map", phase) });
    axes.unshift({ column: "phase", axis: createMapAxis("phase", edges) });
  }
  return axes;
}
