import type { Alert } from "../alerts/mod.ts";
import { formatIso } from "../time/mod.ts";
import { addSeconds, convertEpoch } from "../time/mod.ts";
import type { MonitorView } from "../../streams/monitor/mod.ts";

const ROWS = 6;
const number = (value: number | null, digits = 3): string =>
  value === null || !Number.isFinite(value)
    ? "-"
    : Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(digits)));

/** One line about a message. */
export function alertText(
  { phase, channel, onset, significance, durationS, farHz, position }: Alert,
): string {
  const at = formatIso(convertEpoch(addSeconds(onset.epoch, onset.timeS), "UTC"), { digits: 1 });
  const place = position === undefined
    ? ""
    : ` at ${position.raDeg.toFixed(3)}, ${position.decDeg.toFixed(3)} deg (± ${
      position.errorDeg.toFixed(3)
    })`;
  const rate = farHz === undefined ? "" : `, ${number(farHz * 365.25 * 86400, 2)} a year by chance`;
  return `${phase.padEnd(10)} ${at} ${channel}: ${significance.toFixed(1)} σ in ` +
    `${number(durationS)} s${place}${rate}`;
}

/** One line about how a monitor is doing. */
export function statusText({ health, detectors, alerts }: MonitorView): string {
  const best = Math.max(0, ...detectors.map(({ now }) => now[0]?.significance ?? 0));
  const { account } = health;
  return `${number(health.watermarkS, 8)} s, ${number(Math.round(health.rowsPerS))} events/s, ` +
    `${account.used} used of ${account.read}, ${account.late} late, ` +
    `${best.toFixed(1)} σ now, ${new Set(alerts.map(({ alert }) => alert.id)).size} transients, ` +
    `${health.unsent} unsent`;
}

/** A whole screen: rates, lag, significances, alerts, account, budget. */
export function screenText(view: MonitorView, columns: number): string {
  const { health, detectors, alerts } = view, { account, latency } = health;
  const rejected = Object.entries(account.rejected).map(([why, n]) => `${why} ${n}`).join(", ");
  const isLive = health.lagS !== null && Math.abs(health.lagS) < 86400;
  const lines = [
    `${view.title}: ${view.phase}, ${view.sources.join(", ")}`,
    `time     ${number(health.watermarkS, 9)} s after the epoch` +
    (isLive ? `, ${number(health.lagS)} s behind the clock` : ""),
    `rate     ${number(Math.round(health.rowsPerS))} events/s` +
    (health.idle.length > 0 ? `, idle streams: ${health.idle.join(", ")}` : ""),
    `account  ${account.used} used of ${account.read} read, ${account.late} late` +
    (rejected === "" ? "" : `, rejected: ${rejected}`),
    `latency  decision ${number(latency.decision.p50Ms)} / ${number(latency.decision.p99Ms)} ms ` +
    `(p50 / p99), delivery ${number(latency.delivery.p50Ms)} / ${
      number(latency.delivery.p99Ms)
    } ms, ` +
    `${health.unsent} of ${health.nMessages} messages unsent, ${health.nCheckpoints} states kept`,
    ...detectors.flatMap((one) => [
      `${one.name}: threshold ${number(one.thresholdSigma)} σ, false alarms: ` +
      `${number(one.farHz * 365.25 * 86400)} a year asked, ${
        number(one.expectedFalseAlarms)
      } expected in ${number(one.livetimeS, 6)} s`,
      ...one.now.slice(0, 3).map(({ label, significance }) =>
        `  ${significance.toFixed(2).padStart(6)} σ  ${label}`
      ),
    ]),
    `last messages`,
    ...alerts.slice(-ROWS).map(({ alert }) => `  ${alertText(alert)}`),
  ];
  return lines.map((line) => line.slice(0, Math.max(20, columns - 1))).join("\n");
}

/** Writes a text over the one before on a terminal. */
export function redrawn(text: string, linesBefore: number): string {
  const up = linesBefore === 0 ? "" : `\x1b[${linesBefore}A`;
  return `${up}\r\x1b[J${text}\n`;
}
