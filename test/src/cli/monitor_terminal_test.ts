/** What a terminal shows of a monitor. */
import { match, ok, strictEqual } from "node:assert/strict";
import { createAlert } from "../../../src/alerts/mod.ts";
import { alertText, redrawn, screenText, statusText } from "../../../src/cli/monitor_terminal.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import type { MonitorView } from "../../../streams/monitor/mod.ts";

const alert = createAlert({
  id: "af63dc4c8601ec8c",
  kind: "focus-unbinned",
  channel: "Crab/low",
  onset: { epoch: createEpoch([60000, 0], "TT"), timeS: 100 },
  detectedS: 120,
  durationS: 12,
  significance: 6.54,
  farHz: 1 / (365.25 * 86400),
  statistic: { name: "S", value: 21 },
  counts: 30,
  expected: 10,
  position: { raDeg: 83.633, decDeg: 22.014, errorDeg: 0.02, containment: 0.68 },
  observatory: "SIM",
  instrument: "SIM",
  configuration: "1",
  software: "gammarx",
});

const times = { n: 3, p50Ms: 1.5, p99Ms: 20, maxMs: 30 };
const view: MonitorView = {
  title: "test",
  phase: "running",
  sources: ["a.fits"],
  epoch: { mjdDay: 60000, dayS: 0, scale: "TT" },
  epochUnixMs: 0,
  bands: [],
  curve: { widthS: 1, originS: 0, bins: [], livetimeS: [], counts: [] },
  detectors: [{
    name: "field",
    thresholdSigma: 6.1,
    farHz: 1e-8,
    expectedFalseAlarms: 0.001,
    livetimeS: 3600,
    counts: { seen: 1, outside: 0, late: 0 },
    bins: [],
    significance: [],
    now: [{ label: "Crab", band: "low", significance: 4.25 }],
    steady: [],
  }],
  alerts: [{ seq: 0, alert }],
  phasogram: null,
  health: {
    watermarkS: 1234.5,
    lagS: 0.25,
    rowsPerS: 1000.4,
    nRows: 9,
    nSteps: 3,
    account: { read: 9, used: 7, late: 1, rejected: { "cut:energy": 1 } },
    idle: [1],
    nMessages: 1,
    unsent: 1,
    nCheckpoints: 2,
    latency: { decision: times, delivery: times, checkpoint: times },
  },
};

Deno.test("screenText() shows rates, lag, account, budget, significances and messages", () => {
  const text = screenText(view, 200);
  for (
    const part of [
      "1000 events/s",
      "0.25 s behind the clock",
      "7 used of 9 read, 1 late, rejected: cut:energy 1",
      "idle streams: 1",
      "threshold 6.1 σ",
      "0.001 expected in 3600 s",
      "4.25 σ  Crab",
      "1 of 1 messages unsent",
      "6.5 σ in 12 s at 83.633, 22.014 deg",
    ]
  ) ok(text.includes(part), `${part}\nin\n${text}`);
  ok(screenText(view, 60).split("\n").every((line) => line.length < 60));
});

Deno.test("alertText() and statusText() are one line each", () => {
  match(alertText(alert), /^initial {4}2023-02-25T00:00:30\.8 Crab\/low: .* 1 a year by chance$/);
  match(
    statusText(view),
    /^1234\.5 s, 1000 events\/s, 7 used of 9, 1 late, 4\.3 σ now, 1 transients/,
  );
});

Deno.test("redrawn() goes up over the lines before", () => {
  strictEqual(redrawn("a\nb", 0), "\r\x1b[Ja\nb\n");
  strictEqual(redrawn("a", 3), "\x1b[3A\r\x1b[Ja\n");
});
