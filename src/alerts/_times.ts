import { addSeconds, formatIso, parseTime } from "../time/mod.ts";
import type { Alert } from "./alert.ts";

/** An instant of the alert's stream in UTC, to the microsecond, without a zone. */
export function utcOf(alert: Alert, timeS: number): string {
  return formatIso(addSeconds(alert.onset.epoch, timeS), { digits: 6 });
}

/** The time of sending in UTC, without a zone. Throws SyntaxError for what is no ISO time. */
export function sendingTime(sentAt: string): string {
  return formatIso(parseTime(sentAt), { digits: 3 });
}

/** The same number without the last digits that a change of unit makes: 15 are kept. */
export function tidy(value: number): number {
  return Number(value.toPrecision(15));
}
