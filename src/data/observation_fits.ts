import type { DataStoreEntry } from "./data_store_fits.ts";
import type { EventBatch, EventEpoch, Gti, Pointing } from "../events/mod.ts";
import { gtiSumS, openEventList } from "../events/mod.ts";
import {
  type FitsFile,
  FitsFormatError,
  headerValue,
  type OpenByteSourceOptions,
  openFitsFile,
} from "../fits/mod.ts";
import { addSeconds } from "../time/mod.ts";
import { pointingAltAz } from "./pointing.ts";
import { pointingFromHeader, siteFromFits } from "./pointing_fits.ts";
import { type IrfTables, type ReadIrfOptions, readIrfTables } from "../irf/mod.ts";

/** An observation whole: events, when and where the instrument looked, and its responses. */
export interface Observation {
  /** What it is. */
  readonly kind: "observation";
  /** Name of the observation. */
  readonly obsId: string;
  /** File or address it comes from. */
  readonly source: string;
  /** Telescope and instrument. */
  readonly instrument: string;
  /** Observed object. */
  readonly object: string;
  /** All events. */
  readonly events: EventBatch;
  /** Instant from which times count. */
  readonly epoch: EventEpoch;
  /** Good time intervals. */
  readonly gti: Gti;
  /** Σ of the good time intervals, s. */
  readonly ontimeS: number;
  /** On time without dead time, s. */
  readonly livetimeS: number;
  /** Pointing, ICRS; undefined for drift scans. */
  readonly pointing: Pointing | undefined;
  /** Zenith angle of the pointing in the middle of the good time, deg; undefined where the file does not tell it. */
  readonly zenithDeg: number | undefined;
  /** Which kind of events these are, where they are not all: a label of the data store, or of a selection. */
  readonly eventType: string | undefined;
  /** Responses. */
  readonly irfs: IrfTables;
}

/** How an observation is read. */
export interface ReadObservationOptions extends OpenByteSourceOptions, ReadIrfOptions {
  /** File with the responses, where they are not in the file of the events. */
  readonly irfPath?: string;
  /** Label of the kind of events in the file. */
  readonly eventType?: string;
}

/**
 * Reads an observation: events, good time intervals and responses, from a file that is opened once.
 *
 * @param pathOrUrl Path, or address with http or https.
 * @param options Where the responses are.
 * @returns The observation.
 * @throws FitsFormatError for a file without an event list or good time intervals, naming it; the system's
 *   error for one that cannot be read.
 * @example
 * ```ts
 * import { readObservation } from "@gammarx/gammarx/data";
 * import { rejects } from "node:assert/strict";
 * await rejects(readObservation("no-such-file.fits"));
 * ```
 * @see gammapy.data.Observation.read
 */
export async function readObservation(
  pathOrUrl: string | URL,
  options: ReadObservationOptions = {},
): Promise<Observation> {
  using fits = await openFitsFile(pathOrUrl, options);
  const list = await openEventList(fits), { gti, deadTimeFraction, pointing, epoch } = list;
  if (gti === undefined) {
    throw new FitsFormatError("found no good time intervals: without them there is no exposure", {
      file: list.source,
    });
  }
  const events = await list.read(0, list.nRowsAnnounced);
  const irfs = options.irfPath === undefined
    ? await readIrfTables(fits, options)
    : await readIrfsOf(options.irfPath, options);
  const ontimeS = gtiSumS(gti), { obsId, source, instrument, object } = list;
  return Object.freeze({
    kind: "observation",
    obsId,
    source,
    instrument,
    object,
    events,
    epoch,
    gti,
    ontimeS,
    livetimeS: ontimeS * (1 - deadTimeFraction),
    pointing,
    zenithDeg: await zenithOf(fits, gti),
    eventType: options.eventType,
    irfs,
  });
}

/** From ALT_PNT, or from the pointing and the place of the telescope in the middle of the good time. */
async function zenithOf(fits: FitsFile, gti: Gti): Promise<number | undefined> {
  for (const { header } of await fits.hdus()) {
    const pointing = pointingFromHeader(header);
    if (pointing === undefined) continue;
    const given = headerValue(header, "ALT_PNT");
    if (typeof given === "number") return 90 - given;
    const site = siteFromFits(header), n = gti.startS.length;
    if (site === undefined || n === 0) return undefined;
    const time = addSeconds(gti.epoch, (gti.startS[0]! + gti.stopS[n - 1]!) / 2);
    return 90 - pointingAltAz(pointing, { time, site }).latDeg;
  }
  return undefined;
}

async function readIrfsOf(path: string, options: ReadIrfOptions): Promise<IrfTables> {
  using fits = await openFitsFile(path);
  return await readIrfTables(fits, options);
}

/**
 * Reads observations one after the other, each when it is asked for: no more than one is held here.
 *
 * @param entries Entries of a data store.
 * @param options As for {@linkcode readObservation}; the responses are where the entries say.
 * @returns The observations in their order.
 * @throws As {@linkcode readObservation}.
 * @example
 * ```ts
 * import { readObservations } from "@gammarx/gammarx/data";
 * import { rejects } from "node:assert/strict";
 * const observations = readObservations([{ obsId: "1", path: "no-such-file.fits" }]);
 * await rejects(observations.next());
 * ```
 */
export async function* readObservations(
  entries: Iterable<DataStoreEntry>,
  options: Omit<ReadObservationOptions, "irfPath" | "eventType"> = {},
): AsyncGenerator<Observation, void, undefined> {
  for (const { path, obsId: _, ...where } of entries) {
    yield await readObservation(path, { ...options, ...where });
  }
}
