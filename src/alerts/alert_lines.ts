import { type Alert, type AlertFields, createAlert } from "./alert.ts";

const VERSION = 1;

/**
 * One message as a line of JSON: `{"format":"alert","version":1,"alert":{…}}`, without its end of line.
 *
 * @param alert The message.
 * @returns The line; `parseAlertLine` gives back the same record to the last bit.
 * @example
 * ```ts
 * import { alertLine, createAlert, parseAlertLine } from "@gammarx/gammarx/alerts";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const alert = createAlert({
 *   id: "af63dc4c8601ec8c", kind: "cusum", channel: "all", detectedS: 12, durationS: 0.1 + 0.2,
 *   onset: { epoch: createEpoch([60000, 0], "TT"), timeS: 1e9 / 3 },
 *   significance: 7, statistic: { name: "S", value: 24.5 }, counts: 9, expected: 0.4,
 *   observatory: "Fermi", instrument: "LAT", configuration: "6d1f", software: "gammarx 0.1.0",
 * });
 * deepStrictEqual(parseAlertLine(alertLine(alert)), alert);
 * ```
 * @see RFC 8259 (JSON): numbers are written so that they read back the same
 */
export function alertLine(alert: Alert): string {
  return JSON.stringify({ format: "alert", version: VERSION, alert });
}

/**
 * Reads a line that {@link alertLine} wrote, and checks the message in it.
 *
 * @param line The line, with or without its end of line.
 * @returns A frozen record.
 * @throws SyntaxError for a line that is no JSON, of another format or a newer version, or whose message
 *   is not one: the message names the field.
 * @example
 * ```ts
 * import { parseAlertLine } from "@gammarx/gammarx/alerts";
 * import { throws } from "node:assert/strict";
 * throws(() => parseAlertLine('{"format":"alert","version":1,"alert":{"id":"af63'), SyntaxError);
 * ```
 */
export function parseAlertLine(line: string): Alert {
  const shown = line.length > 60 ? `${line.slice(0, 57)}…` : line;
  let value: { format?: unknown; version?: unknown; alert?: unknown } | null;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new SyntaxError(`No line of JSON, or half of one: ${shown}`, { cause });
  }
  if (typeof value !== "object" || value?.format !== "alert") {
    throw new SyntaxError(`Expected a line with "format":"alert", found ${shown}`);
  }
  if (value.version !== VERSION) {
    throw new SyntaxError(
      `This program reads alerts of version ${VERSION}, found version ${value.version}`,
    );
  }
  try {
    return createAlert(value.alert as AlertFields);
  } catch (cause) {
    throw new SyntaxError(`${(cause as Error).message}, in the line ${shown}`, { cause });
  }
}
