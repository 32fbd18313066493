import type {
  SearchBackground,
  SearchBand,
  SearchCells,
  SearchSource,
} from "../../streams/accumulators/mod.ts";
import { UsageError } from "./errors.ts";
import {
  ofOption,
  parseDuration,
  parseEnergy,
  parseLatitude,
  parseNumber,
  parts,
} from "./quantities.ts";

/** The options of `gammarx detect` as they were typed. */
export interface DetectFlags {
  readonly far: string;
  readonly cells?: string;
  readonly sources?: string;
  readonly bands?: string;
  readonly background?: string;
  readonly psf?: string;
  readonly lateness?: string;
  readonly join?: string;
  readonly tense?: string;
  readonly energy?: string;
  readonly time?: string;
  readonly region?: string;
  readonly eventType?: string;
  readonly format?: string;
  readonly batchRows?: string;
  readonly out?: string;
  readonly png?: boolean;
  readonly json?: boolean;
}

/** A background as it is asked for: that of a run is counted first. */
export type DetectBackground =
  | Exclude<SearchBackground, { readonly method: "run" }>
  | { readonly method: "run" };

/** What a search is to do. */
export interface DetectConfig {
  readonly falseAlarmsPerYear: number;
  /** Where to look; undefined: a field where photons have positions, else all of them together. */
  readonly cells: SearchCells | undefined;
  readonly bands: readonly SearchBand[];
  readonly background: DetectBackground;
  readonly psfDeg: number | undefined;
  readonly joinDeg: number | undefined;
  readonly tense: "archival" | "current" | "injection" | "test";
  /** Named positions, for associations and as cells. */
  readonly sources: readonly SearchSource[];
  /** Photons may come so much out of order, s; undefined: they are in order. */
  readonly latenessS: number | undefined;
}

/** Makes the configuration from what was typed. Throws UsageError. */
export function detectConfig(flags: DetectFlags, sources: readonly SearchSource[]): DetectConfig {
  return {
    falseAlarmsPerYear: farPerYear(flags.far),
    cells: flags.cells === undefined ? undefined : cellsOf(flags.cells, sources),
    bands: flags.bands === undefined ? [{ name: "all" }] : flags.bands.split(";").map(bandOf),
    background: backgroundOf(flags.background ?? "run"),
    psfDeg: flags.psf === undefined ? undefined : positive("psf", flags.psf),
    joinDeg: flags.join === undefined ? undefined : positive("join", flags.join),
    tense: tenseOf(flags.tense ?? "archival"),
    sources,
    latenessS: flags.lateness === undefined ? undefined : parseDuration("lateness", flags.lateness),
  };
}

const YEARS: Readonly<Record<string, number>> = {
  year: 1,
  month: 12,
  week: 365.25 / 7,
  day: 365.25,
  // Of live time: eight hours of it.
  night: 365.25 * 3,
  hour: 365.25 * 24,
};

/** False alarms a year of live time of "1/year", "0.1/night". */
function farPerYear(text: string): number {
  const [count, per, ...more] = text.split("/"), factor = YEARS[per?.trim() ?? ""];
  const n = Number(count);
  if (more.length === 0 && factor !== undefined && n > 0 && n < Infinity) return n * factor;
  throw new UsageError(
    `--far "${text}": expected a number of false alarms over ${
      Object.keys(YEARS).join(", ")
    } of live time, as 1/year`,
  );
}

function positive(option: string, text: string): number {
  const value = parseNumber(option, text);
  if (value > 0) return value;
  throw new UsageError(`--${option} "${text}": expected a number above 0`);
}

/** `whole`, `sources:RADIUS`, `healpix:NSIDE[,RADIUS]`, `field:STEP,RADIUS,OFFSET`. */
function cellsOf(text: string, sources: readonly SearchSource[]): SearchCells {
  const [kind, rest = ""] = text.split(/:(.*)/s) as [string, string?];
  const numbers = rest === "" ? [] : rest.split(",").map((one) => parseNumber("cells", one));
  const [a, b, c] = numbers as [number?, number?, number?];
  if (kind === "whole" && numbers.length === 0) return { kind };
  if (kind === "sources" && numbers.length === 1) {
    if (sources.length === 0) throw new UsageError("--cells sources needs --sources FILE");
    return { kind, sources, radiusDeg: a! };
  }
  if (kind === "healpix" && (numbers.length === 1 || numbers.length === 2)) {
    return { kind, nside: a!, ...(b === undefined ? {} : { radiusDeg: b }) };
  }
  if (kind === "field" && numbers.length === 3) {
    return { kind, stepDeg: a!, radiusDeg: b!, maxOffsetDeg: c! };
  }
  throw new UsageError(
    `--cells "${text}": expected whole, sources:RADIUS, healpix:NSIDE[,RADIUS] or field:STEP,RADIUS,OFFSET (deg)`,
  );
}

/** `NAME=LOW,HIGH` or `LOW,HIGH`, energies with their units; `all`. */
function bandOf(text: string): SearchBand {
  const trimmed = text.trim();
  if (trimmed === "all") return { name: "all" };
  const [, name, range] = /^(?:([^=]+)=)?(.*)$/s.exec(trimmed)!;
  const [low, high] = parts("bands", range!, ["LOW", "HIGH"]).map((one) =>
    parseEnergy("bands", one)
  );
  if (low! < high!) return { name: name ?? range!, energyTeV: [low!, high!] };
  throw new UsageError(`--bands "${text}": expected LOW,HIGH with LOW below HIGH`);
}

/** `run`, `running:WINDOW,GUARD`, `smoothed:WINDOW,GUARD`, `known:RATE`. */
function backgroundOf(text: string): DetectBackground {
  const [method, rest = ""] = text.split(/:(.*)/s) as [string, string?];
  if (method === "run" && rest === "") return { method };
  if (method === "known" && rest !== "") return { method, ratePerS: positive("background", rest) };
  if ((method === "running" || method === "smoothed") && rest !== "") {
    const [window, guard] = parts("background", rest, ["WINDOW", "GUARD"]);
    return {
      method,
      windowS: parseDuration("background", window!),
      guardS: parseDuration("background", guard!),
    };
  }
  throw new UsageError(
    `--background "${text}": expected run, running:WINDOW,GUARD (as running:1000s,30s), ` +
      `smoothed:WINDOW,GUARD or known:RATE (Hz)`,
  );
}

function tenseOf(text: string): DetectConfig["tense"] {
  if (text === "archival" || text === "current" || text === "injection" || text === "test") {
    return text;
  }
  throw new UsageError(`--tense "${text}": expected archival, current, injection or test`);
}

/** Positions of a text file: a line each, NAME,RA,DEC in degrees; # begins a comment. */
export function parseSources(text: string, file: string): readonly SearchSource[] {
  return text.split("\n").flatMap((line, k) => {
    const content = line.replace(/#.*/, "").trim();
    if (content === "") return [];
    const words = content.split(",").map((one) => one.trim());
    if (words.length !== 3) {
      throw new UsageError(
        `${file}, line ${k + 1}: found "${content}", expected NAME,RA,DEC (deg)`,
      );
    }
    return [ofOption("sources", content, () => ({
      name: words[0]!,
      raDeg: parseNumber("sources", words[1]!),
      decDeg: parseLatitude("sources", words[2]!),
    }))];
  });
}
