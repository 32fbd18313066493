import type { TimeEpoch } from "../time/mod.ts";
import { alertSchema } from "./_alert_schema.ts";

/**
 * Which message about a transient: the first, a later one with better numbers, the one that says that
 * it is over, or the one that takes it back.
 */
export type AlertPhase = "initial" | "update" | "end" | "retraction";

/** What the photons are: just measured, from an archive, simulated, of a test, or on command. */
export type AlertTense = "current" | "archival" | "injection" | "test" | "commanded";

/** When a transient began, at the observatory. */
export interface AlertOnset {
  /** Epoch of the stream. */
  readonly epoch: TimeEpoch<"TT">;
  /** Seconds after the epoch, not barycentred. */
  readonly timeS: number;
  /** Its error, s, 1 σ. */
  readonly errorS?: number | undefined;
}

/** Where a transient is, ICRS. */
export interface AlertPosition {
  /** Right ascension, deg, in [0, 360). */
  readonly raDeg: number;
  /** Declination, deg. */
  readonly decDeg: number;
  /** Radius of the error circle, or major semi-axis of the ellipse, deg, ≥ 0. */
  readonly errorDeg: number;
  /** Minor semi-axis of the ellipse, deg; that of a circle where left out. */
  readonly errorMinorDeg?: number | undefined;
  /** Position angle of the major axis from north through east, deg; 0 where left out. */
  readonly errorAngleDeg?: number | undefined;
  /** Chance that the source is within, in (0, 1]: 0.68, 0.9. */
  readonly containment: number;
  /** Whether the error holds the systematic one. */
  readonly systematicIncluded?: boolean | undefined;
}

/** A flux or fluence, or a limit of it. */
export interface AlertFlux {
  /** Value; left out where there is a limit alone. */
  readonly value?: number | undefined;
  /** Its error, 1 σ. */
  readonly error?: number | undefined;
  /** Unit of value, error and limit: of a flux as cm-2 s-1 or erg cm-2 s-1, of a fluence as erg cm-2. */
  readonly unit: string;
  /** Upper limit. */
  readonly limit?: number | undefined;
  /** How many σ the limit is; needed with a limit. */
  readonly limitSigma?: number | undefined;
  /** Energies, TeV, from and to. */
  readonly bandTeV?: readonly [number, number] | undefined;
}

/** A source of a catalogue near the transient. */
export interface AlertAssociation {
  /** Catalogue. */
  readonly catalogue: string;
  /** Name of the source in it. */
  readonly name: string;
  /** Distance from the position of the transient, deg. */
  readonly separationDeg?: number | undefined;
}

/** The event of somebody else that was followed up. */
export interface AlertFollowUp {
  /** Kind of that event: "GRB", "GW", "neutrino". */
  readonly type?: string | undefined;
  /** Who reported it: "Fermi-GBM". */
  readonly instrument: string;
  /** Its identifier there; that of a VOEvent begins with ivo://. */
  readonly id: string;
  /** The message that told of it: topic or series, and number or name in it. */
  readonly reference?: { readonly topic: string; readonly id: string | number } | undefined;
}

/**
 * A message about a transient: what a detector knows, in plain data that JSON holds. It has no wall
 * clock: the same photons and configuration make the same record. Times are seconds after
 * `onset.epoch`, energies TeV, angles deg (ICRS).
 */
export interface Alert {
  /**
   * Which transient: the same in all messages about it, in every run ({@link alertId}). Letters, digits
   * and `. _ ~ -`, at most 128, so that it can stand in addresses and headers.
   */
  readonly id: string;
  /** Number of the message about this transient: 0, 1, 2 … */
  readonly record: number;
  /** Which message. */
  readonly phase: AlertPhase;
  /** What the photons are. */
  readonly tense: AlertTense;
  /** Detector: "focus-unbinned", "cusum". */
  readonly kind: string;
  /** Found in counts against time, or in an image. */
  readonly trigger: "rate" | "image";
  /** Cell and band in which was searched, as the configuration names them. */
  readonly channel: string;
  /** The same for people: "Crab, 0.1 deg". */
  readonly region?: string | undefined;
  /** Name of the event or the source: "GRB 170817A", "OQ 334". */
  readonly eventName?: string | undefined;
  /** When it began. */
  readonly onset: AlertOnset;
  /** Event time at which it was decided, the watermark, s after the epoch. */
  readonly detectedS: number;
  /** Length of the window of the significance, which begins at the onset, s. */
  readonly durationS: number;
  /** Time of the central half of the fluence, s. */
  readonly t50S?: number | undefined;
  /** Its error, 1 σ. */
  readonly t50ErrorS?: number | undefined;
  /** Time of the central 90 % of the fluence, s. */
  readonly t90S?: number | undefined;
  /** Its error, 1 σ. */
  readonly t90ErrorS?: number | undefined;
  /** Significance of the window, σ, before trials. */
  readonly significance: number;
  /** What was compared with the threshold. */
  readonly statistic: { readonly name: string; readonly value: number };
  /** False alarms a second of noise at least as significant, Hz. */
  readonly farHz?: number | undefined;
  /** Where the false-alarm rate is from: calibration, its extrapolation, or a proven upper bound. */
  readonly farBasis?: "calibrated" | "extrapolated" | "bound" | undefined;
  /** Chance of noise after all trials, in [0, 1]. */
  readonly pAfterTrials?: number | undefined;
  /** Events in the window; a sum of weights where they are weighted. */
  readonly counts: number;
  /** Expected without the transient. */
  readonly expected: number;
  /** Live time of the window, s. */
  readonly livetimeS?: number | undefined;
  /** The observation it was found in. */
  readonly observation?: {
    /** Name. */
    readonly id?: string | undefined;
    /** Start, s after the epoch. */
    readonly startS: number;
    /** Stop, s after the epoch. */
    readonly stopS: number;
    /** Its live time, s. */
    readonly livetimeS?: number | undefined;
  } | undefined;
  /** Energies in which was searched, TeV. */
  readonly energyBandTeV?: readonly [number, number] | undefined;
  /** Counts or flux of a hard band over a soft one. */
  readonly hardness?: {
    /** Ratio. */
    readonly ratio: number;
    /** Its error, 1 σ. */
    readonly error?: number | undefined;
    /** The soft band, TeV. */
    readonly softTeV: readonly [number, number];
    /** The hard band, TeV. */
    readonly hardTeV: readonly [number, number];
  } | undefined;
  /** Where it is. */
  readonly position?: AlertPosition | undefined;
  /** A map of the probability of positions: where to get it, or a FITS file in Base64. */
  readonly healpix?: { readonly url: string } | { readonly base64: string } | undefined;
  /** Flux in the window. */
  readonly flux?: AlertFlux | undefined;
  /** Energy fluence in the window. */
  readonly fluence?: AlertFlux | undefined;
  /** Sources nearby. */
  readonly associations: readonly AlertAssociation[];
  /** Whose event was followed up. */
  readonly followUp?: AlertFollowUp | undefined;
  /** Mission or observatory. */
  readonly observatory: string;
  /** Instrument. */
  readonly instrument: string;
  /** Key of the configuration. */
  readonly configuration: string;
  /** Program with its version. */
  readonly software: string;
  /** What was read: files, topics, observations. */
  readonly inputs: readonly string[];
  /** Anything else, for people. */
  readonly notes: readonly string[];
}

/** What an alert is made from. */
export interface AlertFields extends
  Omit<
    Alert,
    "record" | "phase" | "tense" | "trigger" | "associations" | "inputs" | "notes"
  > {
  /** Number of the message; 0. */
  readonly record?: number | undefined;
  /** Which message; "initial". */
  readonly phase?: AlertPhase | undefined;
  /** What the photons are; "current". */
  readonly tense?: AlertTense | undefined;
  /** Found in counts against time, or in an image; "rate". */
  readonly trigger?: "rate" | "image" | undefined;
  /** Sources nearby; none. */
  readonly associations?: readonly AlertAssociation[] | undefined;
  /** What was read; nothing. */
  readonly inputs?: readonly string[] | undefined;
  /** Anything else, for people; nothing. */
  readonly notes?: readonly string[] | undefined;
}

/**
 * Makes an alert and checks every field: numbers are finite and in range, keys are known, a limit has
 * its σ, the first message and no other is number 0. What is left out is not there at all, and −0 is
 * 0, so that `JSON.parse(JSON.stringify(alert))` equals it.
 *
 * @param fields Its fields; right ascensions of any turn. Not kept.
 * @returns A record frozen to its depth.
 * @throws TypeError for a field that is missing, unknown or of a wrong kind, RangeError for a value out
 *   of range; the message names each field and what was expected.
 * @example
 * ```ts
 * import { alertId, createAlert } from "@gammarx/gammarx/alerts";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual, throws } from "node:assert/strict";
 * const onset = { epoch: createEpoch([60000, 0], "TT"), timeS: 1000.25 };
 * const fields = {
 *   id: alertId({ config: "6d1f", channel: "crab", onsetS: onset.timeS, epoch: onset.epoch }),
 *   kind: "focus-unbinned", channel: "crab", onset, detectedS: 1012, durationS: 8,
 *   significance: 6.1, statistic: { name: "S", value: 18.6 }, counts: 41, expected: 12.5,
 *   observatory: "CTAO", instrument: "LST-1", configuration: "6d1f", software: "gammarx 0.1.0",
 * };
 * strictEqual(createAlert(fields).phase, "initial");
 * throws(() => createAlert({ ...fields, durationS: -8 }), /durationS/);
 * ```
 */
export function createAlert(fields: AlertFields): Alert {
  const result = alertSchema.safeParse(fields);
  if (!result.success) {
    const { issues } = result.error;
    const text = "Alert: " +
      issues.map(({ path, message }) => `${path.join(".") || "the record"}: ${message}`).join("; ");
    const isShape = issues.some(({ code }) =>
      code !== "too_small" && code !== "too_big" && code !== "custom"
    );
    throw isShape ? new TypeError(text) : new RangeError(text);
  }
  return freeze(JSON.parse(JSON.stringify(result.data)));
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(Object.freeze(value)).forEach(freeze);
  }
  return value;
}
