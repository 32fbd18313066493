import type { Json } from "../nddata/mod.ts";
import { sameDimension, unitFactor } from "../units/mod.ts";
import { sendingTime, tidy, utcOf } from "./_times.ts";
import type { Alert, AlertFlux } from "./alert.ts";

/** Identifier of the schema of our notices: that of GCN, and what a counting detector adds. */
export const GCN_NOTICE_SCHEMA: string = "urn:gammarx:schema:gcn-notice:1";

/** A notice: a record that JSON holds. */
export type GcnNotice = Readonly<Record<string, Json>>;

/** What a notice says beside the alert. */
export interface GcnNoticeOptions {
  /** When it is sent, ISO 8601 (UTC); left out where it is not known. */
  readonly sentAt?: string | undefined;
  /** Name of the mission, if not that of the alert. */
  readonly mission?: string | undefined;
  /** Name of the instrument, if not that of the alert. */
  readonly instrument?: string | undefined;
  /** Where the data are. */
  readonly archiveUrl?: string | undefined;
  /** URI of the schema that the receiver goes by; {@link GCN_NOTICE_SCHEMA}. */
  readonly schema?: string | undefined;
}

const keV = (bandTeV: readonly [number, number] | undefined): Json | undefined =>
  bandTeV?.map((energyTeV) => tidy(energyTeV * 1e9));

/** Where GCN has a default that we would not mean, the field is always written. */
function localization({ position, healpix }: Alert): Record<string, Json | undefined> {
  const map = {
    healpix_url: healpix && "url" in healpix ? healpix.url : undefined,
    healpix_file: healpix && "base64" in healpix ? healpix.base64 : undefined,
  };
  if (position === undefined) return map;
  const { raDeg, decDeg, errorDeg, errorMinorDeg, errorAngleDeg = 0 } = position;
  return {
    ...map,
    ra: raDeg,
    dec: decDeg,
    ra_dec_error: errorMinorDeg === undefined ? errorDeg : [errorDeg, errorMinorDeg, errorAngleDeg],
    containment_probability: position.containment,
    systematic_included: position.systematicIncluded ?? false,
  };
}

function statistics(alert: Alert): Record<string, Json | undefined> {
  const { trigger, significance, durationS, counts, expected } = alert;
  const band = keV(alert.energyBandTeV), liveS = alert.livetimeS ?? durationS;
  const shared = { far: alert.farHz, trigger_type: trigger };
  if (trigger === "image") {
    return {
      ...shared,
      image_snr: significance,
      image_duration: durationS,
      image_energy_range: band,
    };
  }
  return {
    ...shared,
    net_count_rate: liveS > 0 ? (counts - expected) / liveS : undefined,
    background_count_rate: liveS > 0 ? expected / liveS : undefined,
    rate_snr: significance,
    rate_duration: durationS,
    rate_energy_range: band,
  };
}

function spectrum({ flux, fluence, durationS }: Alert): Record<string, Json | undefined> {
  const range = [0, durationS], fields: Record<string, Json | undefined> = {};
  if (flux !== undefined) {
    const isEnergy = sameDimension(flux.unit, "erg cm-2 s-1");
    const scaled = inUnit(flux, isEnergy ? "erg cm-2 s-1" : "cm-2 s-1");
    Object.assign(fields, {
      flux: scaled(flux.value),
      flux_error: scaled(flux.error),
      flux_unit: isEnergy ? "erg/cm2/s" : "ph/cm2/s",
      limiting_flux: scaled(flux.limit),
      limiting_flux_sigma: flux.limitSigma,
      flux_spectral_band: keV(flux.bandTeV),
      flux_spectral_unit: flux.bandTeV && "keV",
      flux_time_range: range,
    });
  }
  if (fluence?.value !== undefined) {
    const scaled = inUnit(fluence, "erg cm-2");
    Object.assign(fields, {
      fluence: scaled(fluence.value),
      fluence_error: scaled(fluence.error),
      fluence_spectral_band: keV(fluence.bandTeV),
      fluence_time_range: range,
    });
  }
  return fields;
}

function inUnit({ unit }: AlertFlux, target: string): (value?: number) => number | undefined {
  const factor = unitFactor(unit, target);
  return (value) => value === undefined ? undefined : tidy(value * factor);
}

/**
 * An alert as a notice of the GCN Unified Schema: names and units are those of its core (energies in
 * keV, times in UTC), and what it has no name for (counts, statistic, trials, associations) stands
 * under the names of our schema, {@link GCN_NOTICE_SCHEMA}. Messages count from 1 there; the end of a
 * transient is an update; rates are of live time. The schema has no place for a limit of a fluence.
 *
 * @param alert The message.
 * @param options Time of sending, mission, links.
 * @returns A frozen record; `JSON.stringify` makes what is sent. The same without `sentAt` in every run.
 * @throws SyntaxError for a time of sending that cannot be read, RangeError for an onset before 1972.
 * @example
 * ```ts
 * import { createAlert, gcnNotice } from "@gammarx/gammarx/alerts";
 * import { convertEpoch, parseTime } from "@gammarx/gammarx/time";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 * const epoch = convertEpoch(parseTime("2026-01-02T03:04:05"), "TT");
 * const notice = gcnNotice(createAlert({
 *   id: "af63dc4c8601ec8c", kind: "cusum", channel: "all", onset: { epoch, timeS: 0.5 },
 *   detectedS: 12, durationS: 10, energyBandTeV: [0.1, 10],
 *   significance: 7, statistic: { name: "S", value: 24.5 }, counts: 30, expected: 10,
 *   observatory: "Fermi", instrument: "LAT", configuration: "6d1f", software: "gammarx 0.1.0",
 * }), { sentAt: "2026-01-02T03:05:00Z" });
 * strictEqual(notice.trigger_time, "2026-01-02T03:04:05.500000Z");
 * strictEqual(notice.net_count_rate, 2);
 * deepStrictEqual(notice.spectral_band, [1e8, 1e10]);
 * ```
 * @see GCN Unified Schema 7.2.3, gcn/notices/core
 */
export function gcnNotice(alert: Alert, options: GcnNoticeOptions = {}): GcnNotice {
  const { sentAt } = options, { hardness, observation, followUp } = alert;
  const reference = followUp?.reference;
  const fields: Record<string, Json | undefined> = {
    $schema: options.schema ?? GCN_NOTICE_SCHEMA,
    alert_datetime: sentAt === undefined ? undefined : `${sendingTime(sentAt)}Z`,
    alert_tense: alert.tense,
    alert_type: alert.phase === "end" ? "update" : alert.phase,
    alert_phase: alert.phase,
    mission: options.mission ?? alert.observatory,
    instrument: options.instrument ?? alert.instrument,
    messenger: "EM",
    record_number: alert.record + 1,
    id: alert.id,
    event_name: alert.eventName,
    data_archive_page: options.archiveUrl,
    trigger_time: `${utcOf(alert, alert.onset.timeS)}Z`,
    trigger_time_error: alert.onset.errorS,
    detection_time: `${utcOf(alert, alert.detectedS)}Z`,
    observation_start: observation && `${utcOf(alert, observation.startS)}Z`,
    observation_stop: observation && `${utcOf(alert, observation.stopS)}Z`,
    observation_livetime: observation?.livetimeS,
    observation_id: observation?.id,
    ...localization(alert),
    spectral_band: keV(alert.energyBandTeV),
    spectral_band_units: alert.energyBandTeV && "keV",
    ...statistics(alert),
    detector: alert.kind,
    search_channel: alert.channel,
    search_region: alert.region,
    significance: alert.significance,
    statistic_name: alert.statistic.name,
    statistic_value: alert.statistic.value,
    far_basis: alert.farBasis,
    p_after_trials: alert.pAfterTrials,
    counts: alert.counts,
    expected_counts: alert.expected,
    window_duration: alert.durationS,
    window_livetime: alert.livetimeS,
    t50: alert.t50S,
    t50_error: alert.t50ErrorS,
    t90: alert.t90S,
    t90_error: alert.t90ErrorS,
    hardness_ratio: hardness?.ratio,
    hardness_ratio_error: hardness?.error,
    energy_range_soft: keV(hardness?.softTeV),
    energy_range_hard: keV(hardness?.hardTeV),
    ...spectrum(alert),
    associations: alert.associations.length === 0 ? undefined : alert.associations.map((one) => ({
      catalog: one.catalogue,
      name: one.name,
      ...(one.separationDeg === undefined ? {} : { separation: one.separationDeg }),
    })),
    ref_type: followUp?.type,
    ref_instrument: followUp?.instrument,
    ref_ID: followUp?.id,
    reference: reference && { [reference.topic]: reference.id },
    configuration: alert.configuration,
    software: alert.software,
    inputs: alert.inputs.length === 0 ? undefined : alert.inputs,
    additional_info: alert.notes.length === 0 ? undefined : alert.notes.join("\n"),
  };
  // A rate over next to no live time overflows, and JSON has no infinity: it is left out.
  const known = Object.entries(fields).filter((entry): entry is [string, Json] =>
    entry[1] !== undefined && (typeof entry[1] !== "number" || Number.isFinite(entry[1]))
  );
  return Object.freeze(Object.fromEntries(known));
}
