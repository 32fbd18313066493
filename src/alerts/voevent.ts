import { sendingTime, utcOf } from "./_times.ts";
import { formatXml, xml, type XmlElement } from "./_xml.ts";
import type { Alert } from "./alert.ts";

/** Who sends a VOEvent, as what, and when. */
export interface VoeventOptions {
  /** IVOA authority of the sender: "org.example". */
  readonly authority: string;
  /** Name of the stream of events: "transients", or a path "lst/transients". */
  readonly stream: string;
  /** Who is responsible. */
  readonly author: {
    /** IVORN of the author; `ivo://authority` where left out. */
    readonly ivorn?: string | undefined;
    /** Title of the organisation. */
    readonly title?: string | undefined;
    /** Short name or acronym. */
    readonly shortName?: string | undefined;
    /** Person to ask. */
    readonly contactName?: string | undefined;
    /** Address to ask at. */
    readonly contactEmail?: string | undefined;
  };
  /** When it is sent, ISO 8601 (UTC). */
  readonly sentAt: string;
  /** Where it was observed, if not the alert's observatory: a name, or GEOSURFACE, GEOLEO, GEOLUN. */
  readonly location?: string | undefined;
  /** Noteworthiness by one's own scale, in [0, 1]. */
  readonly importance?: number | undefined;
  /** What kind of thing it is held to be; "process.variation.burst;em.gamma". */
  readonly concept?: string | undefined;
}

/** A parameter: a number or a text; nothing for undefined. */
function param(
  name: string,
  value: number | string | undefined,
  facts: { unit?: string; ucd?: string; about?: string; isInt?: boolean } = {},
): XmlElement | undefined {
  if (value === undefined) return undefined;
  const dataType = typeof value === "string" ? "string" : facts.isInt ? "int" : "float";
  return xml(
    "Param",
    { name, value: String(value), unit: facts.unit, ucd: facts.ucd, dataType },
    facts.about === undefined ? undefined : xml("Description", {}, facts.about),
  );
}

function group(name: string, ...params: (XmlElement | undefined)[]): XmlElement | undefined {
  return params.some((one) => one !== undefined) ? xml("Group", { name }, ...params) : undefined;
}

/** A band as two parameters. */
function bandParams(name: string, band: readonly [number, number] | undefined) {
  if (band === undefined) return [];
  return [
    param(`${name}_min`, band[0], { unit: "TeV", ucd: "em.energy;stat.min" }),
    param(`${name}_max`, band[1], { unit: "TeV", ucd: "em.energy;stat.max" }),
  ];
}

function fluxParams(name: string, flux: Alert["flux"], ucd: string) {
  if (flux === undefined) return [];
  const { unit } = flux;
  return [
    param(name, flux.value, { unit, ucd }),
    param(`${name}_error`, flux.error, { unit, ucd: `stat.error;${ucd}` }),
    param(`${name}_limit`, flux.limit, { unit, ucd: `${ucd};stat.max` }),
    param(`${name}_limit_sigma`, flux.limitSigma),
    ...bandParams(`${name}_energy`, flux.bandTeV),
  ];
}

function what(alert: Alert): XmlElement {
  const { position, healpix, hardness, observation } = alert,
    s = { unit: "s", ucd: "time.duration" };
  return xml(
    "What",
    {},
    param("id", alert.id, { ucd: "meta.id" }),
    param("record", alert.record, {
      ucd: "meta.record",
      about: "Number of the message, from 0",
      isInt: true,
    }),
    param("phase", alert.phase),
    param("tense", alert.tense),
    param("detection_time", utcOf(alert, alert.detectedS), {
      ucd: "time.processing",
      about: "Time of the data at which it was decided, UTC",
    }),
    group(
      "search",
      param("detector", alert.kind),
      param("trigger", alert.trigger),
      param("channel", alert.channel),
      param("region", alert.region),
      ...bandParams("energy", alert.energyBandTeV),
      param("configuration", alert.configuration),
      param("software", alert.software, { ucd: "meta.software" }),
      ...alert.inputs.map((input, i) => param(`input_${i + 1}`, input)),
    ),
    group(
      "statistics",
      param("significance", alert.significance, { unit: "sigma", ucd: "stat.snr" }),
      param("statistic_name", alert.statistic.name),
      param("statistic_value", alert.statistic.value, { ucd: "stat.value" }),
      param("far", alert.farHz, { unit: "Hz", about: "False alarms a second" }),
      param("far_basis", alert.farBasis),
      param("p_after_trials", alert.pAfterTrials, { ucd: "stat.probability" }),
      param("counts", alert.counts, { unit: "ct", ucd: "phot.count" }),
      param("expected_counts", alert.expected, { unit: "ct", ucd: "phot.count" }),
      param("duration", alert.durationS, { ...s, about: "Window, from the onset on" }),
      param("livetime", alert.livetimeS, { unit: "s", ucd: "time.duration;obs.exposure" }),
    ),
    group(
      "durations",
      param("t50", alert.t50S, s),
      param("t50_error", alert.t50ErrorS, { unit: "s", ucd: "stat.error;time.duration" }),
      param("t90", alert.t90S, s),
      param("t90_error", alert.t90ErrorS, { unit: "s", ucd: "stat.error;time.duration" }),
    ),
    observation && group(
      "observation",
      param("obs_id", observation.id, { ucd: "meta.id;obs" }),
      param("obs_start", utcOf(alert, observation.startS), { ucd: "time.start;obs" }),
      param("obs_stop", utcOf(alert, observation.stopS), { ucd: "time.end;obs" }),
      param("obs_livetime", observation.livetimeS, {
        unit: "s",
        ucd: "time.duration;obs.exposure",
      }),
    ),
    position && group(
      "position",
      param("containment", position.containment, { about: "Chance to be within Error2Radius" }),
      param("systematic_included", String(position.systematicIncluded ?? false)),
      param("error_minor", position.errorMinorDeg, { unit: "deg", ucd: "stat.error;pos" }),
      param("error_angle", position.errorAngleDeg, { unit: "deg", ucd: "pos.posAng" }),
    ),
    hardness && group(
      "hardness",
      param("hardness_ratio", hardness.ratio),
      param("hardness_ratio_error", hardness.error),
      ...bandParams("soft", hardness.softTeV),
      ...bandParams("hard", hardness.hardTeV),
    ),
    group(
      "spectrum",
      ...fluxParams("flux", alert.flux, "phot.flux"),
      ...fluxParams("fluence", alert.fluence, "phot.fluence"),
    ),
    healpix && "url" in healpix
      ? xml("Reference", { uri: healpix.url, type: "healpix", mimetype: "application/fits" })
      : undefined,
    ...alert.notes.map((note) => xml("Description", {}, note)),
  );
}

const SYSTEM = "UTC-ICRS-TOPO";

function whereWhen(alert: Alert, options: VoeventOptions): XmlElement {
  const { position, onset } = alert;
  const text = (name: string, value: number | string | undefined) =>
    value === undefined ? undefined : xml(name, {}, String(value));
  return xml(
    "WhereWhen",
    {},
    xml(
      "ObsDataLocation",
      {},
      xml("ObservatoryLocation", { id: options.location ?? alert.observatory }),
      xml(
        "ObservationLocation",
        {},
        xml("AstroCoordSystem", { id: SYSTEM }),
        xml(
          "AstroCoords",
          { coord_system_id: SYSTEM },
          xml(
            "Time",
            { unit: "s" },
            xml("TimeInstant", {}, text("ISOTime", utcOf(alert, onset.timeS))),
            text("Error", onset.errorS),
          ),
          position && xml(
            "Position2D",
            { unit: "deg" },
            text("Name1", "RA"),
            text("Name2", "Dec"),
            xml("Value2", {}, text("C1", position.raDeg), text("C2", position.decDeg)),
            text("Error2Radius", position.errorDeg),
          ),
        ),
      ),
    ),
  );
}

function why(alert: Alert, options: VoeventOptions): XmlElement {
  const { concept = "process.variation.burst;em.gamma", importance } = options;
  const near = ({ separationDeg }: Alert["associations"][number]) =>
    separationDeg === undefined ? "" : `, ${separationDeg} deg away`;
  return xml(
    "Why",
    { importance: importance === undefined ? undefined : String(importance) },
    xml("Concept", {}, concept),
    alert.eventName === undefined ? undefined : xml("Name", {}, alert.eventName),
    ...alert.associations.map((one) =>
      xml(
        "Inference",
        { relation: "associated" },
        xml("Name", {}, one.name),
        xml("Description", {}, `${one.catalogue}${near(one)}`),
      )
    ),
  );
}

/** The message before is superseded; a retraction takes back all messages before it. */
function citations(alert: Alert, ivorn: (record: number) => string): XmlElement | undefined {
  const { record, phase, followUp } = alert, cited: XmlElement[] = [];
  const cite = (event: string, how: string) => {
    cited.push(xml("EventIVORN", { cite: how }, event));
  };
  if (phase === "retraction") {
    for (let i = record - 1; i >= 0; i--) cite(ivorn(i), "retraction");
  } else if (record > 0) cite(ivorn(record - 1), "supersedes");
  if (followUp?.id.startsWith("ivo://")) cite(followUp.id, "followup");
  return cited.length === 0 ? undefined : xml("Citations", {}, ...cited);
}

const ROLES: Readonly<Record<Alert["tense"], string>> = {
  current: "observation",
  archival: "observation",
  injection: "test",
  test: "test",
  commanded: "utility",
};

/** Throws RangeError for what cannot stand in an IVORN, or an importance out of range. */
function check({ authority, stream, importance = 0 }: VoeventOptions): void {
  const allowed = /^[A-Za-z0-9][\w.!~*'()+=-]{2,}$/,
    segments = /^[\w.!~*'()+=-]+(\/[\w.!~*'()+=-]+)*$/;
  if (!allowed.test(authority)) {
    throw new RangeError(`An IVOA authority looks like "org.example", found "${authority}"`);
  }
  if (!segments.test(stream)) {
    throw new RangeError(`The stream of an IVORN looks like "lst/transients", found "${stream}"`);
  }
  if (!(importance >= 0 && importance <= 1)) {
    throw new RangeError(`The importance of a VOEvent lies in [0, 1], found ${importance}`);
  }
}

/**
 * An alert as a VOEvent 2.0. Its IVORN is `ivo://authority/stream#id-record`; an update or the end
 * supersedes the message before and repeats all data, a retraction cites every message before. Tests
 * and injections have the role test, commanded triggers utility. Times are UTC at the observatory
 * (UTC-ICRS-TOPO). A map of positions is told by its address alone: packets are small.
 *
 * @param alert The message.
 * @param options Sender, stream, author, time of sending.
 * @returns The XML document, to be sent as UTF-8. What XML cannot hold (control characters, halves of
 *   surrogate pairs) is U+FFFD there.
 * @throws RangeError for an authority or a stream that no IVORN has, an importance out of range, an
 *   onset before 1972; SyntaxError for a time of sending that cannot be read.
 * @example
 * ```ts
 * import { createAlert, voevent } from "@gammarx/gammarx/alerts";
 * import { convertEpoch, parseTime } from "@gammarx/gammarx/time";
 * import { match } from "node:assert/strict";
 * const epoch = convertEpoch(parseTime("2026-01-02T03:04:05"), "TT");
 * const text = voevent(createAlert({
 *   id: "af63dc4c8601ec8c", record: 1, phase: "update", kind: "cusum", channel: "all",
 *   onset: { epoch, timeS: 0.5 }, detectedS: 12, durationS: 10,
 *   significance: 7, statistic: { name: "S", value: 24.5 }, counts: 30, expected: 10,
 *   observatory: "Fermi", instrument: "LAT", configuration: "6d1f", software: "gammarx 0.1.0",
 * }), {
 *   authority: "org.example", stream: "transients", author: { title: "Example" },
 *   sentAt: "2026-01-02T03:05:00Z",
 * });
 * match(text, /ivorn="ivo:\/\/org\.example\/transients#af63dc4c8601ec8c-1"/);
 * match(text, /<ISOTime>2026-01-02T03:04:05\.500000<\/ISOTime>/);
 * match(text, /<EventIVORN cite="supersedes">ivo:.*-0</);
 * ```
 * @see IVOA Recommendation VOEvent 2.0 (2011), sections 2 and 3
 */
export function voevent(alert: Alert, options: VoeventOptions): string {
  check(options);
  const { authority, stream, author } = options;
  const ivorn = (record: number) => `ivo://${authority}/${stream}#${alert.id}-${record}`;
  const named = ["title", "shortName", "contactName", "contactEmail"] as const;
  const about = named.filter((key) => author[key] !== undefined);
  const document = xml(
    "voe:VOEvent",
    {
      "xmlns:voe": "http://www.ivoa.net/xml/VOEvent/v2.0",
      "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
      "xsi:schemaLocation":
        "http://www.ivoa.net/xml/VOEvent/v2.0 http://www.ivoa.net/xml/VOEvent/VOEvent-v2.0.xsd",
      version: "2.0",
      role: ROLES[alert.tense],
      ivorn: ivorn(alert.record),
    },
    xml(
      "Who",
      {},
      xml("AuthorIVORN", {}, author.ivorn ?? `ivo://${authority}`),
      xml("Date", {}, sendingTime(options.sentAt)),
      about.length === 0
        ? undefined
        : xml("Author", {}, ...about.map((key) => xml(key, {}, author[key]!))),
    ),
    what(alert),
    whereWhen(alert, options),
    xml(
      "How",
      {},
      xml("Description", {}, `${alert.observatory} ${alert.instrument}: ${alert.kind}`),
    ),
    why(alert, options),
    citations(alert, ivorn),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${formatXml(document)}`;
}
