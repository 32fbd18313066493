import type { EventEpoch } from "../events/mod.ts";
import { convertEpoch, createEpoch, parseTime, secondsBetween } from "../time/mod.ts";
import { parseQuantity } from "../units/mod.ts";
import { UsageError } from "./errors.ts";

/** Runs a parser, and turns what it throws into a usage error of the option. */
export function ofOption<T>(option: string, text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--${option} "${text}": ${(error as Error).message}`);
  }
}

/** The parts of a list separated by commas; as many as expected. */
export function parts(option: string, text: string, names: readonly string[]): string[] {
  const list = text.split(",").map((part) => part.trim());
  if (list.length === names.length && list.every((part) => part !== "")) return list;
  throw new UsageError(`--${option} "${text}": expected ${names.join(",")}`);
}

/** A number written in text; NaN is refused. */
export function parseNumber(option: string, text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(`--${option}: found "${text}", expected a number`);
}

/** A latitude or declination, deg. */
export function parseLatitude(option: string, text: string): number {
  const value = parseNumber(option, text);
  if (Math.abs(value) <= 90) return value;
  throw new UsageError(`--${option}: found ${text} deg, expected a latitude of -90 to 90 deg`);
}

/** A positive whole number. */
export function parseCount(option: string, text: string): number {
  const value = parseNumber(option, text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`--${option}: found "${text}", expected a whole number above 0`);
}

/** Most bins along an axis. */
const MAX_BINS = 1 << 20;

/** A number of bins. */
export function parseBins(option: string, text: string): number {
  const value = parseCount(option, text);
  if (value <= MAX_BINS) return value;
  throw new UsageError(`--${option}: found ${text} bins, expected ${MAX_BINS} at most`);
}

/** An energy such as "0.5 TeV", in TeV. */
export function parseEnergy(option: string, text: string): number {
  return ofOption(option, text, () => parseQuantity(text, "TeV"));
}

/** A duration such as "60s" or "2 min", in seconds. */
export function parseDuration(option: string, text: string): number {
  const seconds = ofOption(option, text, () => parseQuantity(text, "s"));
  if (seconds > 0) return seconds;
  throw new UsageError(`--${option}: found "${text}", expected a time above 0 s`);
}

/** An instant as seconds after the stream's epoch; "300s" counts from the stream's start. */
export function parseStreamTime(
  option: string,
  text: string,
  stream: { readonly epoch: EventEpoch; readonly startS: number },
): number {
  return ofOption(option, text, () => {
    const relative = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*s$/i.exec(text.trim());
    if (relative !== null) {
      if (!Number.isFinite(stream.startS)) {
        throw new UsageError(`--${option} "${text}": the data tell no start to count from`);
      }
      return stream.startS + Number(relative[1]);
    }
    const instant = convertEpoch(parseTime(text), stream.epoch.scale) as EventEpoch;
    return secondsBetween<"TT" | "TDB">(stream.epoch, instant);
  });
}

/** An epoch written as MJD, in the time scale given. */
export function parseMjd(option: string, text: string, scale: EventEpoch["scale"]): EventEpoch {
  const match = /^(\d+)(\.\d+)?$/.exec(text.trim());
  if (match === null) {
    throw new UsageError(`--${option}: found "${text}", expected an MJD such as 53340.5`);
  }
  return createEpoch([Number(match[1]), Number(match[2] ?? 0)], scale) as EventEpoch;
}
