import { type Card, card, type ColumnInput, type HduInput } from "../../fits/mod.ts";
import type { EventBatch } from "../event_batch.ts";
import type { Pointing } from "../event_list.ts";
import { type Gti, gtiSumS } from "../gti.ts";
import { timeCards } from "./time_cards_fits.ts";

/** What a GADF event list says beside its events. */
export interface GadfObservation {
  /** Number of the observation. */
  readonly obsId: string;
  /** Good time intervals; their epoch is the file's reference time. */
  readonly gti: Gti;
  /** Fraction of dead time, [0, 1). */
  readonly deadTimeFraction: number;
  /** Where the telescopes looked. */
  readonly pointing: Pointing;
  /** Telescope. */
  readonly telescope: string;
  /** Instrument. */
  readonly instrument?: string;
  /** Observed object. */
  readonly object?: string;
  /** Program that made the events. */
  readonly creator?: string;
  /** Where the telescopes stand; the format asks for it, and warns without it. */
  readonly site?: ObservationSite;
}

/** A place on the Earth, WGS 84. */
export interface ObservationSite {
  /** Longitude, deg, east positive. */
  readonly lonDeg: number;
  /** Latitude, deg. */
  readonly latDeg: number;
  /** Height above the ellipsoid, m. */
  readonly heightM: number;
}

const COLUMNS: readonly (readonly [batch: string, file: string, unit: string, single: boolean])[] =
  [
    ["eventId", "EVENT_ID", "", false],
    ["timeS", "TIME", "s", false],
    ["raDeg", "RA", "deg", true],
    ["decDeg", "DEC", "deg", true],
    ["energyTeV", "ENERGY", "TeV", true],
    ["detXDeg", "DETX", "deg", true],
    ["detYDeg", "DETY", "deg", true],
    ["eventType", "EVENT_TYPE", "", false],
    ["phase", "PHASE", "", false],
    ["weight", "WEIGHT", "", false],
  ];

/**
 * The HDUs of an event list in GADF DL3 0.3: EVENTS and GTI.
 *
 * @param events Events with times after the epoch of the good time intervals; they need
 *   `energyTeV`, `raDeg` and `decDeg`. Without `eventId` the events are numbered.
 * @param observation What the headers say.
 * @returns HDUs for `encodeFits`.
 * @throws TypeError for events without energies or directions; RangeError without any good time.
 * @example
 * ```ts
 * import { createEventBatch, createGti, gadfHdus } from "@gammarx/gammarx/events";
 * import { encodeFits } from "@gammarx/gammarx/fits";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const one = Float64Array.of(1);
 * const events = createEventBatch({ timeS: one, energyTeV: one, raDeg: one, decDeg: one });
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0), Float64Array.of(60));
 * const hdus = gadfHdus(events, {
 *   obsId: "1", gti, deadTimeFraction: 0, pointing: { raDeg: 1, decDeg: 1 }, telescope: "SIM",
 * });
 * strictEqual(encodeFits(hdus).length % 2880, 0);
 * ```
 * @see GADF 0.3, sections EVENTS and GTI
 */
export function gadfHdus(events: EventBatch, observation: GadfObservation): HduInput[] {
  const missing = ["energyTeV", "raDeg", "decDeg"].find((name) =>
    events.columns[name] === undefined
  );
  if (missing !== undefined) throw new TypeError(`A GADF event list needs the column ${missing}`);
  const { gti } = observation;
  if (gti.startS.length === 0) {
    throw new RangeError("A GADF event list needs at least one good time interval");
  }
  return [
    {
      kind: "bintable",
      name: "EVENTS",
      header: [...formatCards("EVENTS"), ...gadfTimeCards(gti), ...observationCards(observation)],
      columns: columnsOf(events),
    },
    {
      kind: "bintable",
      name: "GTI",
      header: [...formatCards("GTI"), ...gadfTimeCards(gti)],
      columns: [
        { name: "START", values: gti.startS, unit: "s" },
        { name: "STOP", values: gti.stopS, unit: "s" },
      ],
    },
  ];
}

function columnsOf(events: EventBatch): ColumnInput[] {
  const numbered = BigInt64Array.from({ length: events.length }, (_, i) => BigInt(i + 1));
  const all: Readonly<Record<string, unknown>> = { eventId: numbered, ...events.columns };
  return COLUMNS.filter(([name]) => all[name] !== undefined).map(([name, file, unit, single]) => ({
    name: file,
    values: all[name] as Float64Array,
    ...(single ? { type: "E" as const } : {}),
    ...(name === "eventType" ? { type: "X" as const, bits: 32 } : {}),
    ...(unit === "" ? {} : { unit }),
  }));
}

function formatCards(hduclas1: string): Card[] {
  return [
    card("HDUCLASS", "GADF", "format"),
    card("HDUDOC", "https://github.com/open-gamma-ray-astro/gamma-astro-data-formats"),
    card("HDUVERS", "0.3"),
    card("HDUCLAS1", hduclas1),
  ];
}

function gadfTimeCards({ epoch }: Gti): Card[] {
  const place = epoch.scale === "TDB" ? "SOLARSYSTEM" : "LOCAL";
  return [...timeCards(epoch), card("TIMEREF", place)];
}

function observationCards(observation: GadfObservation): Card[] {
  const { gti, deadTimeFraction, pointing, telescope } = observation;
  const ontimeS = gtiSumS(gti);
  const number = Number(observation.obsId);
  return [
    card("OBS_ID", Number.isSafeInteger(number) ? number : observation.obsId),
    card("TSTART", gti.startS.reduce((a, b) => Math.min(a, b), Infinity), "[s]"),
    card("TSTOP", gti.stopS.reduce((a, b) => Math.max(a, b), -Infinity), "[s]"),
    card("ONTIME", ontimeS, "[s] good time"),
    card("LIVETIME", ontimeS * (1 - deadTimeFraction), "[s] good time without dead time"),
    card("DEADC", 1 - deadTimeFraction, "live time per good time"),
    card("OBS_MODE", "POINTING"),
    card("RA_PNT", pointing.raDeg, "[deg]"),
    card("DEC_PNT", pointing.decDeg, "[deg]"),
    card("EQUINOX", 2000),
    card("RADECSYS", "ICRS"),
    card("ORIGIN", observation.creator ?? "gammarx"),
    card("TELESCOP", telescope),
    card("INSTRUME", observation.instrument ?? telescope),
    card("CREATOR", observation.creator ?? "gammarx"),
    card("OBJECT", observation.object ?? ""),
    ...siteCards(observation.site),
  ];
}

function siteCards(site: ObservationSite | undefined): Card[] {
  if (site === undefined) return [];
  return [
    card("GEOLON", site.lonDeg, "[deg]"),
    card("GEOLAT", site.latDeg, "[deg]"),
    card("ALTITUDE", site.heightM, "[m]"),
  ];
}
