import { siteFromFits } from "../data/mod.ts";
import { openEventList } from "../events/mod.ts";
import { type Header, openFitsFile } from "../fits/mod.ts";
import { readIrfTables } from "../irf/mod.ts";
import { powerLaw } from "../models/mod.ts";
import {
  analyticEphemeris,
  createPulsarTiming,
  createTimingModel,
  embeddedEphemeris,
  type Ephemeris,
  type HeaderTimeReference,
  type Observer,
  orbitObserver,
  parsePar,
  type PulsarTiming,
  readEphemeris,
  readOrbit,
  siteObserver,
  timeReference,
} from "../timing/mod.ts";
import type { EventWeights } from "../../streams/operators/mod.ts";
import { UsageError } from "./errors.ts";
import { log } from "./output.ts";
import { parseNumber } from "./quantities.ts";

/** The options of pulsars as they were typed. */
export interface PulsarFlags {
  readonly par?: string;
  readonly orbit?: string;
  readonly ephem?: string;
  readonly weights?: string;
}

/** Whether an option asks for a timing model. */
export function hasPulsar({ par, orbit, ephem, weights }: PulsarFlags): boolean {
  return [par, orbit, ephem, weights].some((one) => one !== undefined);
}

/** What the options name, joined with the events of a file. */
export interface OpenPulsar {
  /** The timing model; undefined where no --par is given. */
  readonly timing: PulsarTiming | undefined;
  /** What the times of the events are. */
  readonly times: HeaderTimeReference;
  /** What brought times to the barycentre; null where nothing did. */
  readonly ephemeris: EphemerisDocument | null;
  readonly weights: EventWeights | undefined;
}

/** Which ephemeris brought times to the barycentre. */
export interface EphemerisDocument {
  readonly name: string;
  /** "embedded", "spk", "analytic", or "header" where the file says that it was done before. */
  readonly source: string;
  /** Greatest error of a time, s; null where it is not known. */
  readonly errorS: number | null;
}

/** Reads what the options name, and joins it with the events of a file. Warnings go to stderr. */
export async function openPulsar(path: string, flags: PulsarFlags): Promise<OpenPulsar> {
  const header = await eventsHeader(path), times = timeReference(header);
  if (flags.par === undefined) {
    if (flags.orbit !== undefined || flags.ephem !== undefined) {
      throw new UsageError("--orbit and --ephem need --par FILE");
    }
    const weights = await weightsOf(flags.weights, path, undefined);
    return { timing: undefined, times, ephemeris: null, weights };
  }
  const model = createTimingModel(parsePar(await Deno.readTextFile(flags.par), flags.par));
  const isThere = times.place === "barycentre";
  if (isThere && (flags.orbit !== undefined || flags.ephem !== undefined)) {
    throw new UsageError(
      `${path} has times of the barycentre already: leave out --orbit and --ephem`,
    );
  }
  const ephemeris = isThere ? undefined : await openEphemeris(flags.ephem);
  const timing = createPulsarTiming(model, {
    times,
    ephemeris,
    observer: times.place === "local" ? await observerOf(header, path, flags) : undefined,
  });
  for (const warning of timing.warnings) log(`gammarx: ${flags.par}: ${warning}`);
  return {
    timing,
    times,
    ephemeris: ephemeris === undefined
      ? { name: times.ephemeris ?? "not named", source: "header", errorS: null }
      : { name: ephemeris.name, source: ephemeris.source, errorS: ephemeris.errorS },
    weights: await weightsOf(flags.weights, path, timing),
  };
}

/** The header of the table of events. */
async function eventsHeader(path: string): Promise<Header> {
  using fits = await openFitsFile(path);
  return (await fits.hdu((await openEventList(fits)).hdu)).header;
}

async function openEphemeris(name: string | undefined): Promise<Ephemeris> {
  if (name === undefined) return await embeddedEphemeris();
  if (/^(epv00|analytic)$/i.test(name)) return analyticEphemeris();
  if (/\.bsp$/i.test(name)) return await readEphemeris(name);
  throw new UsageError(`--ephem "${name}": expected a JPL kernel (FILE.bsp), or analytic`);
}

/** Who took the times: the spacecraft of --orbit, or the telescope whose place the header has. */
async function observerOf(header: Header, path: string, { orbit }: PulsarFlags): Promise<Observer> {
  if (orbit !== undefined) return orbitObserver(await readOrbit(orbit));
  const site = siteFromFits(header);
  if (site !== undefined) return siteObserver(site);
  throw new UsageError(
    `${path} has times of the instrument's own clock, and no place of it: give --orbit FILE ` +
      `(Fermi FT2, NICER .orb, RXTE FPorbit)`,
  );
}

/** Where weights come from: a column, `lat[:PIVOT]`, or `response[:INDEX,AMPLITUDE]`. */
async function weightsOf(
  text: string | undefined,
  path: string,
  timing: PulsarTiming | undefined,
): Promise<EventWeights | undefined> {
  if (text === undefined) return undefined;
  const [method, rest] = text.split(/:(.*)/s) as [string, string?];
  if (method !== "lat" && method !== "response") return { method: "column", column: text };
  const astrometry = timing?.model.astrometry;
  if (astrometry === undefined) {
    throw new UsageError(`--weights ${text} needs --par FILE with a position (RAJ, DECJ)`);
  }
  const source = { lonDeg: astrometry.raDeg, latDeg: astrometry.decDeg };
  if (method === "lat") {
    return {
      method,
      source,
      ...(rest === undefined ? {} : { pivot: parseNumber("weights", rest) }),
    };
  }
  const [index = 2.5, amplitude = 1e-12] =
    rest?.split(",").map((one) => parseNumber("weights", one)) ??
      [];
  using fits = await openFitsFile(path);
  const irfs = await readIrfTables(fits, { only: ["aeff", "psf", "bkg"] });
  return { method, source, spectrum: powerLaw({ index, amplitude }), irfs };
}
