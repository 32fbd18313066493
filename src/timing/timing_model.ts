import { epochMjd, type TimeEpoch } from "../time/mod.ts";
import { parseAstrometry } from "./_parse_astrometry.ts";
import { parseBinary } from "./_parse_binary.ts";
import { parseGlitches, parseSpin, parseTabulatedDelay, parseWaves } from "./_parse_spin.ts";
import { nearestKey, reasonIgnored, reasonRefused } from "./_par_keys.ts";
import {
  createParReader,
  type ParReader,
  takeEpoch,
  takeLine,
  takeNumber,
  takeText,
} from "./_par_reader.ts";
import type { Astrometry } from "./astrometry.ts";
import type { BinaryModel } from "./binary_model.ts";
import { parEpoch, parError, type ParFile, parNumber } from "./par_file.ts";
import type { Glitch, PulsarSpin, TabulatedDelay, WaveTerms } from "./spin_model.ts";
import { isBarycentre } from "./timing_site.ts";

/** The arrival time whose phase is 0. */
export interface ReferenceArrival {
  /** When it arrived (TZRMJD): in TDB at the barycentre, else in UTC at its site. */
  readonly epoch: TimeEpoch<"TDB" | "UTC">;
  /** Where (TZRSITE), as it is written; "@" is the barycentre of the solar system. */
  readonly site: string;
  /** At which radio frequency (TZRFRQ), MHz; Infinity for none. */
  readonly frequencyMHz: number;
}

/** A parameter that has no part in the phases of photons. */
export interface IgnoredParameter {
  /** Its name in capitals. */
  readonly key: string;
  /** Line of the par file, the first where it comes more than once. */
  readonly line: number;
  /** Why it has no part. */
  readonly reason: string;
}

/** How a pulsar rotates, moves, and orbits: what a par file says, in numbers. */
export interface TimingModel {
  /** Name of the pulsar; "" where the par file has none. */
  readonly name: string;
  /** The par file. */
  readonly file: string;
  /** Place and motion; undefined where the par file has none: then only barycentred times have phases. */
  readonly astrometry: Astrometry | undefined;
  /** The rotation. */
  readonly spin: PulsarSpin;
  /** Its glitches, in the order of their numbers. */
  readonly glitches: readonly Glitch[];
  /** Whitening harmonics. */
  readonly waves: WaveTerms | undefined;
  /** A table of delays. */
  readonly tabulated: TabulatedDelay | undefined;
  /** The orbit. */
  readonly binary: BinaryModel | undefined;
  /** Which arrival time has phase 0; undefined: phases are relative. */
  readonly tzr: ReferenceArrival | undefined;
  /** Dispersion measure, pc/cm³: delays the reference arrival, not photons. */
  readonly dmPcPerCm3: number;
  /** Ephemeris of the solar system (EPHEM), in capitals; undefined where not named. */
  readonly ephem: string | undefined;
  /** Realisation of TT (CLK), as it is written. */
  readonly clock: string | undefined;
  /** Time units: those of TDB, others are refused. */
  readonly units: "TDB";
  /** Series for TDB − TT (TIMEEPH): FB90, IF99. */
  readonly timeEphemeris: string | undefined;
  /** First arrival time of the fit. */
  readonly start: TimeEpoch<"TDB"> | undefined;
  /** Last arrival time of the fit. */
  readonly finish: TimeEpoch<"TDB"> | undefined;
  /** Parameters without part in the phases of photons. */
  readonly ignored: readonly IgnoredParameter[];
  /** Names of parameters that are not known here. */
  readonly unknown: readonly string[];
  /** What a user must know before the phases are believed. */
  readonly warnings: readonly string[];
}

/**
 * Makes a timing model of a par file: spin (F0 … F12, or P0 and P1), glitches, WAVE, IFUNC, position
 * (equatorial or ecliptic), proper motion, parallax, and an orbit (BT, DD, DDS, DDH, ELL1, ELL1H).
 * Every line is accounted for: used, ignored with a reason, or unknown with a warning; what would
 * change phases and is not modelled is refused.
 *
 * @param par A par file.
 * @returns A frozen record.
 * @throws SyntaxError for a value that is none, a parameter that is missing, given twice with
 *   different values, or refused (UNITS TCB, other binary models), with file, line and what is expected.
 * @example
 * ```ts
 * import { createTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { strictEqual, throws } from "node:assert/strict";
 * const text = "PSR J1\nF0 10.5\nF1 -1D-13\nPEPOCH 55000.25\nUNITS TDB\n";
 * const model = createTimingModel(parsePar(text, "j1.par"));
 * strictEqual(model.spin.frequencies[1]?.hi, -1e-13);
 * throws(() => createTimingModel(parsePar(text + "F2 soon", "j1.par")), /j1.par:6: F2 "soon"/);
 * ```
 * @see Hobbs, Edwards & Manchester 2006, MNRAS 369, 655; Luo et al. 2021, ApJ 911, 45
 */
export function createTimingModel(par: ParFile): TimingModel {
  const reader = createParReader(par);
  takeUnits(reader);
  const spin = parseSpin(reader);
  const astrometry = parseAstrometry(reader, spin.epoch);
  if (astrometry === undefined) {
    reader.warnings.push("no position (RAJ, DECJ): only barycentred times can be given phases");
  }
  const fields = {
    name: takeText(reader, "PSRJ", "PSR", "PSRB", "NAME") ?? "",
    file: par.file,
    astrometry,
    spin,
    glitches: Object.freeze(parseGlitches(reader)),
    waves: parseWaves(reader, spin.epoch),
    tabulated: parseTabulatedDelay(reader),
    binary: parseBinary(reader),
    tzr: takeReference(reader),
    dmPcPerCm3: takeNumber(reader, "DM") ?? 0,
    ephem: takeText(reader, "EPHEM")?.toUpperCase(),
    clock: takeText(reader, "CLK", "CLOCK"),
    units: "TDB" as const,
    timeEphemeris: takeText(reader, "TIMEEPH")?.toUpperCase(),
    start: takeEpoch(reader, "TDB", "START"),
    finish: takeEpoch(reader, "TDB", "FINISH"),
  };
  if (fields.ephem === undefined) {
    reader.warnings.push("EPHEM is not given: phases depend on the ephemeris by up to 0.4 ms");
  }
  if (fields.clock !== undefined && /BIPM/i.test(fields.clock)) {
    reader.warnings.push(
      `CLK ${fields.clock}: clocks are not corrected to it, so phases against TT(BIPM) are off by ` +
        `27.7 µs, ${(2.77e-5 * spin.frequencies[0]!.hi).toPrecision(2)} cycles, nearly constant`,
    );
  }
  if (fields.tzr === undefined) {
    reader.warnings.push("TZRMJD is not given: phases are relative to PEPOCH, not absolute");
  }
  const { ignored, unknown } = accountFor(reader);
  return Object.freeze({
    ...fields,
    ignored: Object.freeze(ignored),
    unknown: Object.freeze(unknown),
    warnings: Object.freeze(reader.warnings),
  });
}

function takeUnits(reader: ParReader): void {
  const line = takeLine(reader, "UNITS"), value = line?.value.toUpperCase();
  if (value === undefined) {
    reader.warnings.push("UNITS is not given: taken as TDB, as PINT does; tempo2 would take TCB");
  } else if (value !== "TDB") {
    const why = value === "TCB" || value === "SI"
      ? "TDB: in TCB all epochs and rates differ (by 1.55e-8); convert the file with " +
        "tempo2 -gr transform, or PINT's tcb2tdb"
      : "TDB";
    throw parError(reader.par.file, line!, why);
  }
}

function takeReference(reader: ParReader): ReferenceArrival | undefined {
  const { file } = reader.par;
  const mjd = takeLine(reader, "TZRMJD"), site = takeText(reader, "TZRSITE");
  const frequency = takeLine(reader, "TZRFRQ");
  if (mjd === undefined) return undefined;
  if (site === undefined) {
    reader.warnings.push(
      "TZRSITE is not given: TZRMJD is taken as TDB at the barycentre, as PINT does",
    );
  }
  let frequencyMHz = Infinity;
  if (frequency !== undefined && !/^[+]?inf(inity)?$/i.test(frequency.value)) {
    const value = parNumber(file, frequency);
    if (value < 0) throw parError(file, frequency, "MHz, above 0, or 0 or inf for none");
    frequencyMHz = value === 0 ? Infinity : value;
  }
  const where = site ?? "@";
  return Object.freeze({
    epoch: parEpoch(file, mjd, isBarycentre(where) ? "TDB" : "UTC"),
    site: where,
    frequencyMHz,
  });
}

/** What the model did not use: ignored for a reason, refused, or unknown. */
function accountFor(reader: ParReader): { ignored: IgnoredParameter[]; unknown: string[] } {
  const ignored: IgnoredParameter[] = [], unknown: string[] = [];
  for (const [key, lines] of reader.byKey) {
    const rest = lines.find((line) => !reader.used.has(line));
    if (rest === undefined) continue;
    const refused = reasonRefused(key);
    if (refused !== undefined) throw parError(reader.par.file, rest, `no such term: ${refused}`);
    const reason = reasonIgnored(key) ?? unusedReason(reader, key);
    if (reason !== undefined) {
      ignored.push(Object.freeze({ key, line: rest.line, reason }));
      continue;
    }
    unknown.push(key);
    const near = nearestKey(key), hint = near === undefined ? "" : `: is it ${near}?`;
    reader.warnings.push(`${key} (line ${rest.line}) is not known here and has no effect${hint}`);
  }
  return { ignored, unknown };
}

const ORBIT_KEYS =
  /^(PB|PBDOT|XPBDOT|FB\d+|A1|X|XDOT|A1DOT|T0|TASC|ECC|E|EDOT|ECCDOT|OM|OMDOT|GAMMA|SINI|M2|SHAPMAX|H3|H4|STIG|STIGMA|VARSIGMA|NHARMS?|EPS[12](DOT)?|DR|DTH|DTHETA|A0|B0|KIN|KOM|K96|MTOT)$/;

/** Why a parameter that is known was not used by this model. */
function unusedReason(reader: ParReader, key: string): string | undefined {
  if (ORBIT_KEYS.test(key)) {
    const name = takeText(reader, "BINARY");
    return name === undefined
      ? "a parameter of an orbit, without BINARY"
      : `BINARY ${name} has none`;
  }
  return key === "ECL" || /^WAVE(EPOCH|_OM)$/.test(key)
    ? "there is nothing it applies to"
    : undefined;
}

/**
 * Says whether times lie where the model was fitted (START to FINISH).
 *
 * @param model A timing model.
 * @param first The first time, MJD in TDB, days.
 * @param last The last time, MJD in TDB, days.
 * @returns A sentence for the user, undefined where all is well or the model does not say.
 * @example
 * ```ts
 * import { createTimingModel, parsePar, validityWarning } from "@gammarx/gammarx/timing";
 * import { match } from "node:assert/strict";
 * const par = parsePar("F0 1\nPEPOCH 55000\nSTART 54000\nFINISH 56000");
 * match(validityWarning(createTimingModel(par), 55500, 57000) ?? "", /1000.0 d after/);
 * ```
 */
export function validityWarning(
  model: TimingModel,
  first: number,
  last: number,
): string | undefined {
  const start = model.start === undefined ? -Infinity : epochMjd(model.start);
  const finish = model.finish === undefined ? Infinity : epochMjd(model.finish);
  const parts: string[] = [];
  if (first < start) parts.push(`${(start - first).toFixed(1)} d before it begins`);
  if (last > finish) parts.push(`${(last - finish).toFixed(1)} d after it ends`);
  if (parts.length === 0) return undefined;
  return `times reach ${parts.join(" and ")}: ${model.file} was fitted from MJD ` +
    `${start.toFixed(1)} to ${finish.toFixed(1)}, beyond phases drift`;
}
