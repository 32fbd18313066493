import { energyAxis, linearEdges, logEdges, type MapAxis } from "../nddata/mod.ts";
import { parseRegions } from "../sky/mod.ts";
import type { Exclusion, SafeRange, SpectrumBackground, TurnableRegion } from "../makers/mod.ts";
import { phaseFraction, type PhaseInterval } from "../stats/mod.ts";
import { UsageError } from "./errors.ts";
import type { PulsarFlags } from "./pulsar_options.ts";
import {
  ofOption,
  parseBins,
  parseCount,
  parseDuration,
  parseEnergy,
  parseNumber,
  parts,
} from "./quantities.ts";

/** The options of `gammarx spectrum` as they were typed. */
export interface SpectrumFlags extends Omit<PulsarFlags, "weights"> {
  readonly datastore: string;
  readonly on: string;
  readonly obs?: string;
  readonly model: string;
  readonly source?: string;
  readonly energy?: string;
  readonly energyTrue?: string;
  readonly exclusion?: string;
  readonly background?: string;
  readonly safe?: string;
  readonly containment?: boolean;
  readonly fluxPoints?: string;
  readonly lightCurve?: string;
  readonly timeBins?: string;
  readonly phaseBins?: string;
  readonly stacked?: boolean;
  readonly out?: string;
  readonly png?: boolean;
  readonly json?: boolean;
}

/** A way to the safe range; thresholds of the effective area and offsets come with each observation. */
export type SafeChoice =
  | Exclude<SafeRange, { readonly method: "aeff-default" | "offset-max" }>
  | { readonly method: "aeff-default" }
  | { readonly method: "offset-max"; readonly maxDeg: number };

/** What `gammarx spectrum` is to do. */
export interface SpectrumConfig {
  readonly region: TurnableRegion;
  readonly obsIds: readonly string[] | undefined;
  readonly energy: MapAxis;
  readonly energyTrue: MapAxis;
  /** Regions, or the path of a map, in which no background may be taken. */
  readonly exclusion: Exclusion | string;
  readonly background: SpectrumBackground;
  /** How the safe range is found, one way after the other. */
  readonly safe: readonly SafeChoice[];
  readonly containment: boolean;
  readonly fluxPointsTeV: Float64Array | undefined;
  readonly lightCurveTeV: readonly [number, number] | undefined;
  readonly timeBinS: number | undefined;
  /** Equal bins of pulse phase, each with a fit of its own. */
  readonly nPhaseBins: number | undefined;
  readonly isStacked: boolean;
}

/** Makes the configuration from what was typed. Throws UsageError. */
export function spectrumConfig(flags: SpectrumFlags): SpectrumConfig {
  const { energy, energyTrue, exclusion, obs, fluxPoints, lightCurve, timeBins } = flags;
  return {
    region: onRegion(flags.on),
    obsIds: obs?.split(",").map((id) => id.trim()).filter((id) => id !== ""),
    energy: axisOf("energy", energy ?? "0.1 TeV,40 TeV,10/decade"),
    energyTrue: axisOf("energy-true", energyTrue ?? "0.05 TeV,100 TeV,20/decade"),
    exclusion: exclusionOf(exclusion),
    background: backgroundOf(flags.background ?? "reflected"),
    safe: (flags.safe ?? "aeff-max:10").split("+").map(safeOf),
    containment: flags.containment !== false,
    fluxPointsTeV: fluxPoints === undefined ? undefined : edgesOf("flux-points", fluxPoints),
    lightCurveTeV: lightCurve === undefined ? undefined : energyRange(lightCurve),
    timeBinS: timeBins === undefined ? undefined : parseDuration("time-bins", timeBins),
    nPhaseBins: flags.phaseBins === undefined
      ? undefined
      : parseBins("phase-bins", flags.phaseBins),
    isStacked: flags.stacked === true,
  };
}

function exclusionOf(text: string | undefined): Exclusion | string {
  if (text === undefined) return [];
  if (/\.fits?(\.gz)?$/i.test(text)) return text;
  return [ofOption("exclusion", text, () => parseRegions(text))];
}

function onRegion(text: string): TurnableRegion {
  const region = ofOption("on", text, () => parseRegions(text));
  if (region.kind === "compound" || region.kind === "polygon") {
    throw new UsageError(
      `--on "${text}": found a ${region.kind}, expected one circle, ellipse, rectangle, annulus or ` +
        `point: what can be turned about the pointing`,
    );
  }
  return region;
}

/** An energy with its unit, or a number in TeV. */
function energyTeV(option: string, text: string): number {
  return /^[-+\d.eE]+$/.test(text.trim()) ? parseNumber(option, text) : parseEnergy(option, text);
}

/** Bins of "low,high,n", n in all, or "low,high,n/decade". */
function axisOf(option: "energy" | "energy-true", text: string): MapAxis {
  const [low, high, n] = parts(option, text, ["LOW", "HIGH", "BINS"]),
    perDecade = /\/decade$/.test(n!);
  return ofOption(option, text, () =>
    energyAxis({
      low: energyTeV(option, low!),
      high: energyTeV(option, high!),
      nBins: parseBins(option, n!.replace(/\/decade$/, "")),
      perDecade,
      name: option === "energy" ? "energy" : "energy_true",
    }));
}

function edgesOf(option: string, text: string): Float64Array {
  const [low, high, n] = parts(option, text, ["LOW", "HIGH", "BINS"]);
  return ofOption(option, text, () =>
    logEdges({
      low: energyTeV(option, low!),
      high: energyTeV(option, high!),
      nBins: parseBins(option, n!),
    }));
}

function energyRange(text: string): readonly [number, number] {
  const [low, high] = parts("light-curve", text, ["LOW", "HIGH"]);
  const range = [energyTeV("light-curve", low!), energyTeV("light-curve", high!)] as const;
  if (range[0] < range[1]) return range;
  throw new UsageError(`--light-curve "${text}": expected LOW,HIGH with LOW below HIGH`);
}

function backgroundOf(text: string): SpectrumBackground {
  const [method, n] = text.split(":");
  if (method === "reflected" || method === "irf" || method === "none") return { method };
  if (method === "wobble" && n !== undefined) {
    return { method, nRegions: parseCount("background", n) };
  }
  if (method === "phase") return phaseBackground(text);
  throw new UsageError(
    `--background "${text}": expected reflected, wobble:N, phase:ON:OFF, irf or none`,
  );
}

/** Phases of the pulse, and those without: `phase:0-0.2+0.4-0.5:0.6-1`. */
function phaseBackground(text: string): SpectrumBackground {
  const [, ...sides] = text.split(":");
  if (sides.length !== 2) {
    throw new UsageError(`--background "${text}": expected phase:ON:OFF, as phase:0-0.2:0.5-0.9`);
  }
  const [on, off] = sides.map((side) =>
    side.split("+").map((interval): PhaseInterval => {
      const [from, to, ...more] = interval.split("-").map((one) => parseNumber("background", one));
      if (to !== undefined && more.length === 0) return [from!, to];
      throw new UsageError(`--background "${text}": found "${interval}", expected FROM-TO`);
    })
  );
  return ofOption("background", text, () => {
    phaseFraction(on!);
    phaseFraction(off!);
    return { method: "phase", on: on!, off: off! };
  });
}

function safeOf(text: string): SafeChoice {
  const [method, value] = text.split(":");
  switch (method) {
    case "aeff-max":
    case "edisp-bias":
      return value === undefined ? { method } : { method, percent: parseNumber("safe", value) };
    case "offset-max":
      return { method, maxDeg: parseNumber("safe", value ?? "") };
    case "aeff-default":
    case "bkg-peak":
      return { method };
    case "energies": {
      const [low, high] = parts("safe", value ?? "", ["LOW", "HIGH"]);
      return { method, rangeTeV: [energyTeV("safe", low!), energyTeV("safe", high!)] };
    }
  }
  throw new UsageError(
    `--safe "${text}": expected aeff-default, aeff-max:PERCENT, edisp-bias:PERCENT, offset-max:DEG, ` +
      `bkg-peak or energies:LOW,HIGH, several joined by +`,
  );
}

/** Edges of time bins of a width from a start on, until a stop is covered, s. */
export function timeEdges(widthS: number, startS: number, stopS: number): Float64Array {
  const nBins = Math.max(1, Math.ceil((stopS - startS) / widthS - 1e-9));
  return linearEdges({ low: startS, high: startS + nBins * widthS, nBins });
}
