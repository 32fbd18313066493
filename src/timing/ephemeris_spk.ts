import { addSeconds, createEpoch, DAY_S, type TimeEpoch } from "../time/mod.ts";
import type { Ephemeris } from "./ephemeris.ts";
import { C_M_S } from "./_physics.ts";
import { addSegment, type Spk, type SpkSegment } from "./spk.ts";

/** NAIF codes, for messages. */
const BODIES: Readonly<Record<number, string>> = {
  0: "solar system barycentre",
  3: "Earth-Moon barycentre",
  10: "Sun",
  399: "Earth",
};
const LS_PER_KM = 1000 / C_M_S;

function bodyName(code: number): string {
  return BODIES[code] === undefined ? `body ${code}` : `${BODIES[code]} (${code})`;
}

/** TDB seconds since J2000 as an instant. */
function instant(etS: number): TimeEpoch<"TDB"> {
  return addSeconds(createEpoch([51544, 0.5], "TDB"), etS);
}

/** First and last second that a chain of segments from a body to the barycentre covers. */
function spanOf(spk: Spk, body: number): [number, number] {
  let first = -Infinity, last = Infinity;
  const chain: number[] = [];
  for (let at = body; at !== 0;) {
    const links = spk.segments.filter((segment) => segment.target === at);
    if (links.length === 0 || chain.includes(at)) {
      const has = [...new Set(spk.segments.map((one) => `${one.target} about ${one.centre}`))];
      throw new TypeError(
        `${spk.file} does not say where the ${bodyName(body)} is about the ${bodyName(0)}: ` +
          `there is no segment of the ${bodyName(at)}; it has ${
            has.join(", ") || "none that is read"
          }` +
          (spk.skipped.length > 0 ? ` (left out: ${spk.skipped.join("; ")})` : ""),
      );
    }
    chain.push(at);
    first = Math.max(first, Math.min(...links.map((one) => one.firstS)));
    last = Math.min(last, Math.max(...links.map((one) => one.lastS)));
    at = links[links.length - 1]!.centre;
  }
  if (!(first < last)) {
    throw new RangeError(
      `${spk.file}: segments of the ${
        bodyName(body)
      } have no time in common with what it moves about`,
    );
  }
  return [first, last];
}

/** The segment of a body at an instant: the last one of the file that covers it, as SPK rules say. */
function segmentOf(spk: Spk, target: number, etS: number): SpkSegment | undefined {
  for (let i = spk.segments.length - 1; i >= 0; i--) {
    const one = spk.segments[i]!;
    if (one.target === target && etS >= one.firstS && etS <= one.lastS) return one;
  }
  return undefined;
}

/** Place and velocity of a body about the barycentre, ls and ls/s, by its chain of segments. */
function stateInto(
  spk: Spk,
  body: number,
  { mjdDay, dayS }: { readonly mjdDay: number; readonly dayS: number },
  out: Float64Array,
): void {
  const whole = (mjdDay - 51544) * DAY_S - DAY_S / 2;
  out.fill(0, 0, 6);
  for (let at = body; at !== 0;) {
    const segment = segmentOf(spk, at, whole + dayS);
    if (segment === undefined) {
      const span = [first, last].map((pick) => pick(spk, at)).join(" to ");
      throw new RangeError(
        `MJD ${(mjdDay + dayS / DAY_S).toFixed(5)} (TDB) is outside ${spk.file}, which has the ` +
          `${bodyName(at)} for MJD ${span}`,
      );
    }
    addSegment(segment, whole, dayS, out);
    at = segment.centre;
  }
  for (let i = 0; i < 6; i++) out[i]! *= LS_PER_KM;
}

function first(spk: Spk, body: number): number {
  return instant(spanOf(spk, body)[0]).mjdDay;
}

function last(spk: Spk, body: number): number {
  return instant(spanOf(spk, body)[1]).mjdDay;
}

/** What a kernel is called by its file's name, its segments or its comments: "DE430". */
function nameOf(spk: Spk): string {
  const short = spk.file.replace(/^.*[\\/]/, "");
  for (const text of [short, ...spk.segments.map((one) => one.name), spk.label]) {
    const found = /(?:^|[^A-Za-z])DE[-_ ]?0*([1-9]\d{2})(?!\d)/i.exec(text);
    if (found !== null) return `DE${found[1]}`;
  }
  return short;
}

/** What {@link ephemerisOfSpk} may be told. */
export interface SpkEphemerisOptions {
  /** Which ephemeris it is ("DE421"), where neither the file's name nor its text says so. */
  readonly name?: string | undefined;
  /** Where the numbers come from; "spk" where left out. */
  readonly source?: "spk" | "embedded" | undefined;
  /** What it is, in a sentence; the kernel's name where left out. */
  readonly description?: string | undefined;
  /** Largest error against the kernel itself, seconds; 0 where left out. */
  readonly errorS?: number | undefined;
}

/**
 * An ephemeris from a decoded kernel. Segments are added up from the Earth (399) and the Sun (10) to
 * the barycentre of the solar system (0), through the Earth-Moon barycentre (3) or whatever the kernel
 * goes through; where several cover an instant, the last of the file counts.
 *
 * @param spk A decoded kernel.
 * @param options Name and origin, where the kernel does not tell.
 * @returns A frozen record that keeps the kernel's numbers.
 * @throws TypeError where Earth or Sun cannot be reached, with what is missing; RangeError where
 *   segments have no time in common.
 * @example
 * ```ts
 * import { ephemerisOfSpk } from "@gammarx/gammarx/timing";
 * import { throws } from "node:assert/strict";
 * const empty = { file: "x.bsp", label: "", segments: [], skipped: [] };
 * throws(() => ephemerisOfSpk(empty), /no segment of the Earth \(399\)/);
 * ```
 * @see NAIF, SPK Required Reading
 */
export function ephemerisOfSpk(spk: Spk, options: SpkEphemerisOptions = {}): Ephemeris {
  const [earthFirst, earthLast] = spanOf(spk, 399), [sunFirst, sunLast] = spanOf(spk, 10);
  return Object.freeze({
    name: options.name ?? nameOf(spk),
    source: options.source ?? "spk",
    description: options.description ?? `kernel ${spk.file}`,
    errorS: options.errorS ?? 0,
    first: instant(Math.max(earthFirst, sunFirst)),
    last: instant(Math.min(earthLast, sunLast)),
    earthAt: (mjdDay: number, dayS: number, out: Float64Array) =>
      stateInto(spk, 399, { mjdDay, dayS }, out),
    sunAt: (mjdDay: number, dayS: number, out: Float64Array) =>
      stateInto(spk, 10, { mjdDay, dayS }, out),
  });
}
