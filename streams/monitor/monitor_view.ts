import type { Alert } from "../../src/alerts/mod.ts";
import type { EventEpoch } from "../../src/events/mod.ts";
import { addSeconds, convertEpoch } from "../../src/time/mod.ts";
import type { LatencySummary } from "./latency.ts";
import type { DetectorCounts, MonitorCell } from "./detector.ts";
import type { MonitorBand } from "./recent_curve.ts";
import type { RunningMonitor } from "./run_monitor.ts";

/** What a view says beside the state. */
export interface MonitorViewInfo {
  /** What the monitor is called. */
  readonly title: string;
  /** The stream's epoch. */
  readonly epoch: EventEpoch;
  /** Bands of the light curves. */
  readonly bands: readonly MonitorBand[];
  /** Names of the streams. */
  readonly sources: readonly string[];
  /** Is it still running? */
  readonly phase: "running" | "ended" | "interrupted";
  /** The clock, ms after 1970 (UTC). */
  readonly nowUnixMs: number;
}

/** A monitor as plain data that JSON holds: for pages, terminals and other programs. */
export interface MonitorView {
  /** What the monitor is called. */
  readonly title: string;
  /** Is it still running? */
  readonly phase: "running" | "ended" | "interrupted";
  /** Names of the streams. */
  readonly sources: readonly string[];
  /** The stream's epoch: day (MJD), second of it, scale. */
  readonly epoch: {
    /** Day, MJD. */
    readonly mjdDay: number;
    /** Second of the day. */
    readonly dayS: number;
    /** Time scale. */
    readonly scale: string;
  };
  /** The same, ms after 1970 (UTC). */
  readonly epochUnixMs: number;
  /** Bands of the light curves. */
  readonly bands: readonly {
    readonly name: string;
    readonly energyTeV: readonly number[] | null;
  }[];
  /** Light curves: bins `originS` + [n, n + 1) `widthS`. */
  readonly curve: {
    /** Width of a bin, s. */
    readonly widthS: number;
    /** Edge of bin 0, s after the epoch. */
    readonly originS: number;
    /** Numbers of the bins. */
    readonly bins: readonly number[];
    /** Live time of each, s. */
    readonly livetimeS: readonly number[];
    /** Counts by band, then bin. */
    readonly counts: readonly (readonly number[])[];
  };
  /** Detectors. */
  readonly detectors: readonly {
    /** Its name. */
    readonly name: string;
    /** Threshold, σ. */
    readonly thresholdSigma: number | null;
    /** False alarms a second that were asked for, Hz. */
    readonly farHz: number;
    /** False alarms expected so far. */
    readonly expectedFalseAlarms: number;
    /** Live time so far, s. */
    readonly livetimeS: number;
    /** Events that it was given, in no cell or band, and out of order. */
    readonly counts: DetectorCounts;
    /** Numbers of bins with a significance. */
    readonly bins: readonly number[];
    /** What it was when the bin began, σ. */
    readonly significance: readonly number[];
    /** Cells now, the most significant first. */
    readonly now: readonly MonitorCell[];
    /** Steady sources. */
    readonly steady: readonly MonitorCell[];
  }[];
  /** The last messages. */
  readonly alerts: readonly { readonly seq: number; readonly alert: Alert }[];
  /** Phasogram; null where there is none. */
  readonly phasogram:
    | { readonly edges: readonly number[]; readonly counts: readonly number[] }
    | null;
  /** How it is doing. */
  readonly health: MonitorHealth;
}

/** How a monitor is doing, as plain data. */
export interface MonitorHealth {
  /** Event time that all streams have reached, s after the epoch; null before any. */
  readonly watermarkS: number | null;
  /** The clock less that time, s. */
  readonly lagS: number | null;
  /** Rows a second of the clock. */
  readonly rowsPerS: number;
  /** Rows read by this run. */
  readonly nRows: number;
  /** Steps of the stream. */
  readonly nSteps: number;
  /** Where every event went. */
  readonly account: {
    /** Rows read. */
    readonly read: number;
    /** Events used. */
    readonly used: number;
    /** Events that came too late. */
    readonly late: number;
    /** Events left out, by reason. */
    readonly rejected: Readonly<Record<string, number>>;
  };
  /** Numbers of streams that are not waited for. */
  readonly idle: readonly number[];
  /** Messages in all. */
  readonly nMessages: number;
  /** Messages that are not safe in all sinks. */
  readonly unsent: number;
  /** States kept by this run. */
  readonly nCheckpoints: number;
  /** Times from events given to detectors heard, to alerts delivered, and of keeping a state. */
  readonly latency: {
    /** To the decision. */
    readonly decision: LatencySummary;
    /** To the sinks. */
    readonly delivery: LatencySummary;
    /** Of a checkpoint. */
    readonly checkpoint: LatencySummary;
  };
}

const UNIX_MJD = 40587;

/** An instant as ms after 1970 (UTC). */
function unixMs(epoch: EventEpoch): number {
  const { mjdDay, dayS } = convertEpoch(epoch, "UTC");
  return (mjdDay - UNIX_MJD) * 86400e3 + dayS * 1e3;
}

/**
 * What a monitor shows.
 *
 * @param running The monitor.
 * @param info Title, epoch, clock.
 * @returns Plain data, owned by the caller; numbers that are none are null in JSON.
 * @example
 * ```ts
 * import { monitorView, runMonitor } from "@gammarx/gammarx/monitor";
 * import { memoryItems, mergeSources } from "@gammarx/gammarx/sources";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT"), bands = [{ name: "all" }];
 * const running = await runMonitor({
 *   source: mergeSources([{ source: memoryItems([createObsStart({ obsId: "1", epoch })]) }]),
 *   detectors: {}, order: { latenessS: 0, policy: "count" }, curve: { bands, widthS: 1 },
 * });
 * const view = monitorView(running, {
 *   title: "test", epoch, bands, sources: ["memory"], phase: "ended", nowUnixMs: Date.now(),
 * });
 * strictEqual(view.alerts.length, 0);
 * ```
 */
export function monitorView(running: RunningMonitor, info: MonitorViewInfo): MonitorView {
  const { machine, state } = running, { title, phase, sources, epoch, bands, nowUnixMs } = info;
  const { curve, account, phasogram, detectors } = machine.result(state);
  const { watermarkS } = state, known = Number.isFinite(watermarkS), metrics = running.metrics();
  const { mjdDay, dayS, scale } = epoch;
  return {
    title,
    phase,
    sources,
    epoch: { mjdDay, dayS, scale },
    epochUnixMs: unixMs(epoch),
    bands: bands.map(({ name, energyTeV }) => ({ name, energyTeV: energyTeV ?? null })),
    curve: {
      widthS: curve.widthS,
      originS: curve.originS,
      bins: curve.bins,
      livetimeS: curve.livetimeS,
      counts: curve.counts,
    },
    detectors: Object.entries(detectors).map(([name, result]) => ({
      name,
      thresholdSigma: Number.isFinite(result.thresholdSigma) ? result.thresholdSigma : null,
      farHz: result.farHz,
      expectedFalseAlarms: result.expectedFalseAlarms,
      livetimeS: result.livetimeS,
      counts: { ...result.counts },
      bins: [...state.significance[name]!.bins],
      significance: [...state.significance[name]!.values],
      now: result.now,
      steady: result.steady,
    })),
    alerts: state.messages.slice(),
    phasogram: phasogram === undefined
      ? null
      : { edges: [...phasogram.edges], counts: [...phasogram.counts] },
    health: {
      watermarkS: known ? watermarkS : null,
      lagS: known
        ? (nowUnixMs - unixMs(addSeconds<"TT" | "TDB">(epoch, watermarkS) as EventEpoch)) / 1e3
        : null,
      rowsPerS: metrics.rowsPerS,
      nRows: metrics.nRows,
      nSteps: metrics.nSteps,
      account: {
        read: account.read,
        used: account.used,
        late: account.late,
        rejected: { ...account.rejected },
      },
      idle: metrics.idle,
      nMessages: state.nMessages,
      unsent: metrics.unsent,
      nCheckpoints: metrics.nCheckpoints,
      latency: {
        decision: metrics.decision,
        delivery: metrics.delivery,
        checkpoint: metrics.checkpoint,
      },
    },
  };
}

/**
 * What is new in a view against an earlier one of the same run: the bins and messages since then, and
 * all that has no history whole. A page lays it over what it has.
 *
 * @param view The view.
 * @param since The earlier one.
 * @returns A view with parts of the histories.
 * @example
 * ```ts
 * import { type MonitorView, newInView } from "@gammarx/gammarx/monitor";
 * import { deepStrictEqual } from "node:assert/strict";
 * const at = (bins: number[], counts: number[]) => {
 *   const curve = { widthS: 1, originS: 0, bins, livetimeS: bins.map(() => 1), counts: [counts] };
 *   return { curve, detectors: [], alerts: [] } as unknown as MonitorView;
 * };
 * deepStrictEqual(newInView(at([4, 5, 6], [7, 9, 1]), at([4, 5], [7, 8])).curve.bins, [5, 6]);
 * ```
 */
export function newInView(view: MonitorView, since: MonitorView): MonitorView {
  const { curve } = view, lastBin = since.curve.bins.at(-1) ?? -Infinity;
  // The last bin of before may have grown; late events may have come for earlier ones.
  let from = curve.bins.findIndex((bin) => bin >= lastBin);
  if (from < 0) from = curve.bins.length;
  const before = new Map(since.curve.bins.map((bin, i) => [bin, i]));
  for (let i = 0; i < from; i++) {
    const at = before.get(curve.bins[i]!);
    const isSame = at !== undefined && curve.livetimeS[i] === since.curve.livetimeS[at] &&
      curve.counts.every((counts, band) => counts[i] === since.curve.counts[band]![at]);
    if (!isSame) from = i;
  }
  const lastSeq = since.alerts.at(-1)?.seq ?? -1;
  return {
    ...view,
    curve: {
      ...curve,
      bins: curve.bins.slice(from),
      livetimeS: curve.livetimeS.slice(from),
      counts: curve.counts.map((counts) => counts.slice(from)),
    },
    detectors: view.detectors.map((detector) => {
      const old = since.detectors.find(({ name }) => name === detector.name)?.bins.at(-1);
      const first = detector.bins.findIndex((bin) => old === undefined || bin >= old);
      const start = first < 0 ? detector.bins.length : first;
      return {
        ...detector,
        bins: detector.bins.slice(start),
        significance: detector.significance.slice(start),
      };
    }),
    alerts: view.alerts.filter(({ seq }) => seq > lastSeq),
  };
}
