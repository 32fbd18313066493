import { separationDeg } from "../sky/mod.ts";
import { addSeconds, convertEpoch, type TimeEpoch } from "../time/mod.ts";
import { type Barycentring, createBarycentring } from "./barycentring.ts";
import type { Ephemeris } from "./ephemeris.ts";
import { ephemerisWarning } from "./ephemeris_family.ts";
import { GEOCENTRE, type Observer } from "./observer.ts";
import type { BarycentricReference } from "./phase_predictor.ts";
import type { HeaderTimeReference } from "./time_reference_fits.ts";
import type { TimingModel } from "./timing_model.ts";
import { timingSite } from "./timing_site.ts";

/** Where the times of events stand, and what brings them to the barycentre. */
export interface PulsarTimingOptions {
  /** Where times were taken or brought to, as the header says; ephemeris and direction where it names them. */
  readonly times: Pick<HeaderTimeReference, "place" | "ephemeris" | "raDeg" | "decDeg">;
  /** Who took them, where they are local: an orbit or a place on the Earth. */
  readonly observer?: Observer | undefined;
  /** Needed but for times that are of the barycentre already. */
  readonly ephemeris?: Ephemeris | undefined;
}

/** A timing model with all that its phases of given events need. */
export interface PulsarTiming {
  /** The model. */
  readonly model: TimingModel;
  /** Brings times to the barycentre; undefined where they are there. */
  readonly barycentring: Barycentring | undefined;
  /** The model's reference arrival at the barycentre; undefined where the model says it, or has none. */
  readonly reference: BarycentricReference | undefined;
  /** What a user must know before the phases are believed. */
  readonly warnings: readonly string[];
}

/** Directions that are farther apart move pulses by more than the ephemerides do, deg. */
const NEAR_DEG = 1e-4;

/**
 * Joins a timing model with events: who saw them, the ephemeris, and the model's reference arrival, brought to
 * the barycentre with the same ephemeris.
 *
 * @param model The model.
 * @param options What the events' header says of times, the observer, the ephemeris.
 * @returns A frozen record; warnings of the model, of an ephemeris of another family than the model's, and of
 *   times that were brought to the barycentre for another place in the sky.
 * @throws TypeError for local times without observer, times to be moved without ephemeris, or a model without
 *   a position for them.
 * @example
 * ```ts
 * import { createPulsarTiming, createTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { strictEqual, throws } from "node:assert/strict";
 * const model = createTimingModel(parsePar("F0 2\nPEPOCH 55000\nRAJ 05:34:31.9\nDECJ 22:00:52"));
 * strictEqual(createPulsarTiming(model, { times: { place: "barycentre" } }).barycentring, undefined);
 * throws(() => createPulsarTiming(model, { times: { place: "local" } }), /who took them/);
 * ```
 */
export function createPulsarTiming(model: TimingModel, options: PulsarTimingOptions): PulsarTiming {
  const { times, ephemeris } = options, warnings: string[] = [...model.warnings];
  const barycentring = times.place === "barycentre" ? undefined : movedBy(model, options);
  if (barycentring === undefined) warnings.push(...placeWarnings(model, times));
  const used = ephemeris?.name ?? times.ephemeris;
  const family = used === undefined ? undefined : ephemerisWarning(model.ephem, used);
  if (family !== undefined) warnings.push(family);
  return Object.freeze({
    model,
    barycentring,
    reference: referenceArrival(model, ephemeris),
    warnings: Object.freeze(warnings),
  });
}

function movedBy(
  model: TimingModel,
  { times, observer, ephemeris }: PulsarTimingOptions,
): Barycentring {
  const { astrometry, file } = model;
  if (astrometry === undefined) {
    throw new TypeError(`${file} has no position (RAJ, DECJ), and times are not of the barycentre`);
  }
  const who = times.place === "geocentre" ? GEOCENTRE : observer;
  if (who === undefined) {
    throw new TypeError(
      "Times are local, and who took them is not known: give the spacecraft's orbit, or the place of " +
        "the telescope",
    );
  }
  return createBarycentring({ ephemeris, observer: who, astrometry });
}

/** Were times brought to the barycentre for this pulsar? */
function placeWarnings(
  { astrometry }: TimingModel,
  { raDeg, decDeg }: PulsarTimingOptions["times"],
): string[] {
  if (astrometry === undefined || raDeg === undefined || decDeg === undefined) return [];
  const apart = separationDeg(
    { lonDeg: raDeg, latDeg: decDeg },
    { lonDeg: astrometry.raDeg, latDeg: astrometry.decDeg },
  );
  if (!(apart > NEAR_DEG)) return [];
  return [
    `times were brought to the barycentre for RA ${raDeg}, Dec ${decDeg} deg, ` +
    `${(apart * 3600).toFixed(1)} arcsec from the model's place: pulses are moved by up to ` +
    `${(499 * apart * Math.PI / 180 * 1e3).toPrecision(2)} ms`,
  ];
}

/** When the reference pulse passed the barycentre, where the model gives its arrival at a site. */
function referenceArrival(
  { tzr, astrometry }: TimingModel,
  ephemeris: Ephemeris | undefined,
): BarycentricReference | undefined {
  if (tzr === undefined || astrometry === undefined || ephemeris === undefined) return undefined;
  const observer = timingSite(tzr.site);
  if (observer.kind === "barycentre") return undefined;
  const arrival = convertEpoch(tzr.epoch, "TT"), correction = new Float64Array(2);
  const { correctionS } = createBarycentring({ ephemeris, observer, astrometry });
  correctionS(arrival, Float64Array.of(0, 1), 2, correction);
  const label: TimeEpoch<"TDB"> = { ...arrival, scale: "TDB" };
  // Waves that arrive dt apart pass the barycentre dt (1 + rate) apart: the Earth's Doppler shift.
  const rate = correction[1]! - correction[0]!;
  return Object.freeze({
    barycentric: addSeconds(label, correction[0]!),
    frequencyMHz: tzr.frequencyMHz / (1 + rate),
  });
}
