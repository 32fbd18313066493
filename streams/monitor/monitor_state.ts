import type { StreamItem } from "../../src/data/mod.ts";
import type { EventEpoch } from "../../src/events/mod.ts";
import {
  type Account,
  account,
  type Accumulator,
  type AnyAccumulator,
  checkSnapshot,
  type Phasogram,
  phasogram,
  type Snapshot,
  type SnapshotValue,
  zip,
  type ZipState,
} from "../accumulators/mod.ts";
import type { AlertMessage } from "../sinks/mod.ts";
import type { MergePosition } from "../sources/mod.ts";
import type { Detector, DetectorResult } from "./detector.ts";
import { type MonitorBand, type RecentCurve, recentCurve } from "./recent_curve.ts";
import { timeOrder, type TimeOrderOptions, type TimeOrderState } from "./time_order.ts";

/** What a monitor makes of a stream. */
export interface MonitorPlan {
  /** Detectors by name. */
  readonly detectors: Readonly<Record<string, Detector>>;
  /** Lateness of events. */
  readonly order: TimeOrderOptions;
  /** Light curves: bands, width of the bins, how many are kept. */
  readonly curve: {
    /** Bands. */
    readonly bands: readonly MonitorBand[];
    /** Width of a bin, s. */
    readonly widthS: number;
    /** Bins that are kept; 3600. */
    readonly nBins?: number | undefined;
  };
  /** Bins of the phasogram; none where left out. It needs phases. */
  readonly phaseBins?: number | undefined;
}

/** The significance of a detector by bin of time: that of its most significant cell when the bin began. */
export interface SignificanceCurve {
  /** Numbers of the bins, ascending. */
  readonly bins: number[];
  /** Significance, σ. */
  readonly values: number[];
}

/** Everything that a monitor has come to, which a checkpoint keeps. */
export interface MonitorState {
  /** Where the streams stand; undefined at the beginning. */
  positions: readonly MergePosition[] | undefined;
  /** Events that are held back. */
  readonly order: TimeOrderState;
  /** The accumulators. */
  readonly sums: ZipState;
  /** Messages that are not sent, and the last before them. */
  messages: AlertMessage[];
  /** Messages in all. */
  nMessages: number;
  /** Messages that are safe in all sinks. */
  sent: number;
  /** Messages of a killed run, as JSON, that the detectors have not found again yet. */
  readonly known: Set<string>;
  /** Messages taken from each detector. */
  readonly taken: Record<string, number>;
  /** Significances by detector. */
  readonly significance: Record<string, SignificanceCurve>;
  /** Time that all streams have reached, s; −∞ at the beginning. */
  watermarkS: number;
}

/** What the accumulators of a monitor say. */
export interface MonitorSums {
  /** Where every event went. */
  readonly account: Account;
  /** Light curves. */
  readonly curve: RecentCurve;
  /** Phasogram, where there are phases. */
  readonly phasogram?: Phasogram | undefined;
  /** Of each detector. */
  readonly detectors: Readonly<Record<string, DetectorResult>>;
}

/** A plan at work: functions over its state. */
export interface MonitorMachine {
  /** Names the plan: states of equal keys are exchanged. */
  readonly key: string;
  /** A state that has seen nothing. */
  readonly create: () => MonitorState;
  /** Takes an item. */
  readonly add: (state: MonitorState, item: StreamItem) => void;
  /** Lets out what is held, at the end of a stream that no other run goes on with. */
  readonly finish: (state: MonitorState) => void;
  /** What a detector says now. */
  readonly detected: (state: Readonly<MonitorState>, name: string) => DetectorResult;
  /** What all accumulators say now. */
  readonly result: (state: Readonly<MonitorState>) => MonitorSums;
  /** Takes the new messages of the detectors; gives how many nobody knew. */
  readonly collect: (state: MonitorState) => number;
  /** Takes up what a killed run has told of since the state was kept. */
  readonly recover: (state: MonitorState, journal: readonly AlertMessage[]) => void;
  /** A deep copy. */
  readonly snapshot: (state: Readonly<MonitorState>) => Snapshot;
  /** A state from a copy. Throws IncompatibleStateError for that of another plan. */
  readonly restore: (snapshot: Snapshot) => MonitorState;
}

/** Messages that are kept for views. */
const KEPT_MESSAGES = 200;

/**
 * A plan as functions over one state that can be kept and taken up again.
 *
 * @param plan Detectors, lateness, curves.
 * @param grid The stream's epoch and the edge of bin 0 of the curves, s after it.
 * @returns A frozen record.
 * @throws RangeError for curves without bins or bands, or a negative lateness.
 * @example
 * ```ts
 * import { monitorMachine } from "@gammarx/gammarx/monitor";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const machine = monitorMachine({
 *   detectors: {}, order: { latenessS: 0, policy: "count" },
 *   curve: { bands: [{ name: "all" }], widthS: 1 },
 * }, { epoch: createEpoch([51910, 0], "TT"), originS: 0 });
 * strictEqual(machine.result(machine.create()).account.read, 0);
 * ```
 */
export function monitorMachine(
  plan: MonitorPlan,
  grid: { readonly epoch: EventEpoch; readonly originS: number },
): MonitorMachine {
  const { detectors, curve, phaseBins } = plan, order = timeOrder(plan.order);
  const names = Object.keys(detectors).sort();
  const parts: Record<string, AnyAccumulator<StreamItem>> = {
    account: account(),
    curve: recentCurve({ ...curve, ...grid }),
  };
  if (phaseBins !== undefined) parts.phasogram = phasogram(phaseBins);
  for (const name of names) parts[`detector ${name}`] = detectors[name]!;
  const sums = zip(parts) as Accumulator<StreamItem, ZipState, unknown>;
  const { latenessS, policy } = plan.order;
  const identity = { kind: "monitor", version: 1, key: `${sums.key}|${latenessS}/${policy}` };
  const detected = (state: Readonly<MonitorState>, name: string): DetectorResult =>
    detectors[name]!.result(state.sums[`detector ${name}`]!);

  const alertsOf = (state: Readonly<MonitorState>, name: string) =>
    detectors[name]!.alerts?.(state.sums[`detector ${name}`]!) ?? detected(state, name).alerts;
  /** Notes the significances of a bin when it begins. */
  function noteSignificances(state: MonitorState): void {
    const { watermarkS } = state;
    if (!Number.isFinite(watermarkS)) return;
    const bin = Math.floor((watermarkS - grid.originS) / curve.widthS);
    for (const name of names) {
      const { bins, values } = state.significance[name]!;
      if (bins.length > 0 && bins.at(-1)! >= bin) continue;
      bins.push(bin);
      values.push(detected(state, name).now[0]?.significance ?? 0);
      const first = bins.findIndex((one) => one > bin - (curve.nBins ?? 3600));
      if (first > 0) {
        bins.splice(0, first);
        values.splice(0, first);
      }
    }
  }
  const create = (): MonitorState => ({
    positions: undefined,
    order: order.create(),
    sums: sums.create(),
    messages: [],
    nMessages: 0,
    sent: 0,
    known: new Set(),
    taken: Object.fromEntries(names.map((name) => [name, 0])),
    significance: Object.fromEntries(names.map((name) => [name, { bins: [], values: [] }])),
    watermarkS: -Infinity,
  });
  return Object.freeze({
    key: identity.key,
    create,
    add(state: MonitorState, item: StreamItem): void {
      // A state that was restored has seen the start: only operators, which keep nothing, need it.
      if (item.kind === "obs-start" && item.resumed) return;
      order.push(state.order, item, (one) => sums.add(state.sums, one));
    },
    finish(state: MonitorState): void {
      order.flush(state.order, (one) => sums.add(state.sums, one));
    },
    detected,
    result(state: Readonly<MonitorState>): MonitorSums {
      return {
        account: parts.account!.result(state.sums.account!),
        curve: parts.curve!.result(state.sums.curve!),
        phasogram: parts.phasogram?.result(state.sums.phasogram!),
        detectors: Object.fromEntries(names.map((name) => [name, detected(state, name)])),
      };
    },
    collect(state: MonitorState): number {
      const found: AlertMessage[] = [];
      noteSignificances(state);
      for (const name of names) {
        // Messages are numbered from 0, and stand in their order.
        const alerts = alertsOf(state, name), first = alerts[0]?.seq ?? 0;
        const news = alerts.slice(Math.max(0, state.taken[name]! - first));
        found.push(...news);
        state.taken[name]! += news.length;
      }
      found.sort((a, b) => a.alert.detectedS - b.alert.detectedS); // stable: names, then numbers
      let nNew = 0;
      for (const { alert } of found) {
        if (state.known.size > 0 && state.known.delete(JSON.stringify(alert))) continue;
        state.messages.push({ seq: state.nMessages++, alert });
        nNew++;
      }
      const firstKept = Math.min(state.sent, state.nMessages - KEPT_MESSAGES);
      if ((state.messages[0]?.seq ?? 0) < firstKept) {
        state.messages = state.messages.filter(({ seq }) => seq >= firstKept);
      }
      return nNew;
    },
    recover(state: MonitorState, journal: readonly AlertMessage[]): void {
      for (const { seq, alert } of journal) {
        if (seq < state.nMessages) continue;
        state.messages.push({ seq: state.nMessages++, alert });
        state.known.add(JSON.stringify(alert));
      }
    },
    snapshot: (state: Readonly<MonitorState>): Snapshot => ({
      ...identity,
      data: {
        positions: (state.positions ?? []).map((one) => ({ ...one })),
        order: order.snapshot(state.order),
        sums: sums.snapshot(state.sums),
        messages: state.messages.map(({ alert }) => JSON.stringify(alert)),
        nMessages: state.nMessages,
        sent: state.sent,
        known: [...state.known],
        taken: { ...state.taken },
        significance: Object.fromEntries(
          names.map((name) => {
            const { bins, values } = state.significance[name]!;
            return [name, { bins: Float64Array.from(bins), values: Float64Array.from(values) }];
          }),
        ),
        watermarkS: state.watermarkS,
      },
    }),
    restore(snapshot: Snapshot): MonitorState {
      checkSnapshot(identity, snapshot);
      const data = snapshot.data as unknown as KeptState;
      const { nMessages, messages } = data, firstSeq = nMessages - messages.length;
      return {
        positions: data.positions.length === 0
          ? undefined
          : data.positions.map((one) => ({ ...one })),
        order: order.restore(data.order),
        sums: sums.restore(data.sums),
        messages: messages.map((text, i) => ({ seq: firstSeq + i, alert: JSON.parse(text) })),
        nMessages,
        sent: data.sent,
        known: new Set(data.known),
        taken: { ...data.taken },
        significance: Object.fromEntries(
          names.map((name) => {
            const { bins, values } = data.significance[name]!;
            return [name, { bins: [...bins], values: [...values] }];
          }),
        ),
        watermarkS: data.watermarkS,
      };
    },
  });
}

/** The content of a snapshot. */
interface KeptState {
  readonly positions: readonly MergePosition[];
  readonly order: SnapshotValue;
  readonly sums: Snapshot;
  readonly messages: readonly string[];
  readonly nMessages: number;
  readonly sent: number;
  readonly known: readonly string[];
  readonly taken: Readonly<Record<string, number>>;
  readonly significance: Readonly<
    Record<string, { readonly bins: Float64Array; readonly values: Float64Array }>
  >;
  readonly watermarkS: number;
}
