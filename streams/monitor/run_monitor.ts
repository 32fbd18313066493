import { SOURCE_START } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import type { AlertMessage, AlertOutbox, CheckpointFolder } from "../sinks/mod.ts";
import type { MergedSource, MergeStep } from "../sources/mod.ts";
import type { AlertJournal } from "./alert_journal.ts";
import { alertPump } from "./_alert_pump.ts";
import { latency, type LatencySummary } from "./latency.ts";
import {
  type MonitorMachine,
  monitorMachine,
  type MonitorPlan,
  type MonitorState,
} from "./monitor_state.ts";

/** A monitor: where photons come from, what is made of them, where alerts go. */
export interface MonitorConfig extends MonitorPlan {
  /** The streams. */
  readonly source: MergedSource;
  /** Where alerts go; nowhere where left out. The caller closes it. */
  readonly outbox?: AlertOutbox | undefined;
  /** Where states are kept; none where left out. */
  readonly checkpoints?: CheckpointFolder | undefined;
  /**
   * Where alerts are kept until the next state. With it an alert goes out when it is there; without it,
   * when a whole state is kept, which takes longer where there are many cells.
   */
  readonly journal?: AlertJournal | undefined;
  /** Go on from the state kept, where there is one; true. */
  readonly resume?: boolean | undefined;
  /** Names the sources and selections: a state is taken up only by a monitor of the same name. */
  readonly name?: string | undefined;
  /** Steps of the stream between two states; ∞. */
  readonly everySteps?: number | undefined;
  /** Seconds of the clock between two states; 30. */
  readonly everyS?: number | undefined;
  /** Seconds of the clock for which the end waits for sinks that do not take alerts; 30. */
  readonly drainS?: number | undefined;
  /** Ends the monitor between two steps, with a valid state kept. */
  readonly signal?: AbortSignal | undefined;
}

/** What is told while a monitor runs. */
export interface MonitorHooks {
  /** After each step. */
  readonly onStep?: ((monitor: RunningMonitor) => void) | undefined;
  /** New messages, after their state is safe. */
  readonly onAlerts?: ((messages: readonly AlertMessage[]) => void) | undefined;
  /** Alerts that a sink did not take; they are sent again. */
  readonly onTrouble?: ((text: string) => void) | undefined;
  /** Time since any moment, ms; the performance clock. */
  readonly nowMs?: (() => number) | undefined;
}

/** How a monitor is doing. */
export interface MonitorMetrics {
  /** Rows read by this run. */
  readonly nRows: number;
  /** Rows a second of the clock, over the last ten seconds. */
  readonly rowsPerS: number;
  /** Steps of the stream. */
  readonly nSteps: number;
  /** Streams that are not waited for. */
  readonly idle: readonly number[];
  /** From events given to all detectors heard. */
  readonly decision: LatencySummary;
  /** From events given to alerts safe in all sinks. */
  readonly delivery: LatencySummary;
  /** States kept by this run. */
  readonly nCheckpoints: number;
  /** How long a state took to keep. */
  readonly checkpoint: LatencySummary;
  /** Messages that are not safe in all sinks yet. */
  readonly unsent: number;
}

/** A monitor while it runs. What it gives is valid until the next step. */
export interface RunningMonitor {
  /** The plan's functions. */
  readonly machine: MonitorMachine;
  /** The state: read it, and leave it alone. */
  readonly state: Readonly<MonitorState>;
  /** How it is doing. */
  readonly metrics: () => MonitorMetrics;
}

/** What a monitor has come to. */
export interface MonitorEnd extends RunningMonitor {
  /** Was there a state to go on from? */
  readonly resumed: boolean;
}

/** The event loop gets its turn at least so often, ms: servers and timers live there. */
const TURN_MS = 10;
/** Rates are over so long, ms, in pieces of so much. */
const WINDOW_MS = 10_000, RATE_MS = 100;

/**
 * Runs a monitor: steps of the streams through the lateness buffer into account, curves and detectors.
 * New alerts are kept first, in the journal or with the whole state, which has the place in all streams
 * and the number of alerts sent; then they go out beside the stream, in order. A monitor that is killed at any moment and started
 * again gives the same alerts, each at least once.
 *
 * @param config Streams, plan, sinks, checkpoints.
 * @param hooks Takes what happens.
 * @returns The final state, kept in the checkpoint folder too.
 * @throws What sources, operators, detectors and the checkpoint folder throw; IncompatibleStateError
 *   for a state of another monitor. A sink that fails ends nothing: see `metrics().unsent`.
 * @example
 * ```ts
 * import { runMonitor } from "@gammarx/gammarx/monitor";
 * import { memoryItems, mergeSources } from "@gammarx/gammarx/sources";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const source = memoryItems([
 *   createObsStart({ obsId: "1", epoch: createEpoch([51910, 0], "TT") }),
 *   createEventBatch({ timeS: Float64Array.of(1, 2, 3) }),
 * ]);
 * const { machine, state } = await runMonitor({
 *   source: mergeSources([{ source }]),
 *   detectors: {},
 *   order: { latenessS: 1, policy: "count" },
 *   curve: { bands: [{ name: "all" }], widthS: 1 },
 * });
 * strictEqual(machine.result(state).account.used, 3);
 * ```
 */
export async function runMonitor(
  config: MonitorConfig,
  hooks: MonitorHooks = {},
): Promise<MonitorEnd> {
  const { source, outbox, checkpoints, journal, signal, everySteps = Infinity, everyS = 30 } =
    config;
  const { nowMs = () => performance.now() } = hooks;
  const originS = Number.isFinite(source.startS) ? source.startS : 0;
  const machine = monitorMachine(config, { epoch: source.epoch, originS });
  const run = fingerprint({ name: config.name ?? "", key: machine.key });
  const kept = config.resume === false ? undefined : await checkpoints?.load(run);
  const state = kept === undefined ? machine.create() : machine.restore(kept.snapshot);
  if (config.resume === false) await journal?.clear();
  else machine.recover(state, await journal?.read() ?? []);
  const decision = latency(), delivery = latency(), checkpoint = latency();
  const rates: [ms: number, nRows: number][] = [];
  let nRows = 0, nSteps = 0, nCheckpoints = 0, stepsSince = 0, keptMs = nowMs(), turnMs = nowMs();
  let safe = state.nMessages; // messages that are in the state that is kept, or in the journal
  let saving: Promise<void> | undefined, failure: { readonly error: unknown } | undefined;
  let idle: readonly number[] = [], arrivals: [seq: number, ms: number][] = [];
  const pump = alertPump(state, {
    outbox,
    onTrouble: hooks.onTrouble,
    onSent() {
      const sentMs = nowMs();
      for (const [seq, ms] of arrivals) if (seq < state.sent) delivery.add(sentMs - ms);
      arrivals = arrivals.filter(([seq]) => seq >= state.sent);
    },
  });
  /** Begins to keep the state; the stream goes on meanwhile. */
  const keep = async () => {
    stepsSince = 0;
    keptMs = nowMs();
    if (checkpoints === undefined) return;
    await saving; // one at a time
    const startMs = nowMs(), { nMessages } = state;
    saving = checkpoints.save({ run, position: SOURCE_START, snapshot: machine.snapshot(state) })
      .then(async () => {
        nCheckpoints++;
        checkpoint.add(nowMs() - startMs);
        // Messages that came meanwhile are in the journal alone.
        if (state.nMessages === nMessages) await journal?.clear();
      }).catch((error) => void (failure = { error }));
  };
  /** Waits until the state is kept. */
  const keptNow = async () => {
    await keep();
    await saving;
    if (failure !== undefined) throw failure.error;
  };
  /** Makes new messages safe. */
  const secure = async (before: number) => {
    if (journal === undefined) await keptNow();
    else await journal.append(state.messages.filter(({ seq }) => seq >= before));
    safe = state.nMessages;
  };
  const running: RunningMonitor = {
    machine,
    state,
    metrics: () => ({
      nRows,
      rowsPerS: rateOf(rates, nowMs()),
      nSteps,
      idle,
      decision: decision.summary(),
      delivery: delivery.summary(),
      nCheckpoints,
      checkpoint: checkpoint.summary(),
      unsent: state.nMessages - state.sent,
    }),
  };
  /** Hears the detectors; what they found goes out when it is safe. */
  const decide = async (arrivedMs: number) => {
    const before = state.nMessages, nNew = machine.collect(state);
    decision.add(nowMs() - arrivedMs);
    if (nNew > 0) {
      for (let seq = before; seq < state.nMessages; seq++) arrivals.push([seq, arrivedMs]);
      await secure(before);
      hooks.onAlerts?.(state.messages.filter(({ seq }) => seq >= before));
    }
    pump.send(safe);
  };
  const take = async (step: MergeStep) => {
    const arrivedMs = nowMs();
    for (const item of step.items) machine.add(state, item);
    state.positions = step.positions;
    if (step.watermarkS < Infinity) state.watermarkS = Math.max(state.watermarkS, step.watermarkS);
    idle = step.idle;
    nSteps++;
    stepsSince++;
    nRows += step.nRows;
    if (arrivedMs - (rates.at(-1)?.[0] ?? -Infinity) < RATE_MS) rates.at(-1)![1] = nRows;
    else rates.push([arrivedMs, nRows]);
    while (rates[0]![0] < arrivedMs - WINDOW_MS) rates.shift();
    await decide(arrivedMs);
  };
  try {
    pump.send(safe); // what may not have gone before the end of the run before
    for await (const step of source.steps(state.positions)) {
      await take(step);
      if (stepsSince >= everySteps || nowMs() - keptMs >= everyS * 1000) await keep();
      if (failure !== undefined) throw failure.error;
      hooks.onStep?.(running);
      if (nowMs() - turnMs >= TURN_MS) {
        await new Promise<void>((wake) => setTimeout(wake));
        turnMs = nowMs();
      }
      if (signal?.aborted) break;
    }
    // What an unfinished observation holds back stays in a state that is kept: it may go on.
    if (!signal?.aborted && checkpoints === undefined) {
      machine.finish(state);
      await decide(nowMs());
    }
    await keptNow();
    await pump.drain(signal?.aborted ? 0 : config.drainS ?? 30);
    await keptNow(); // with what was sent
    hooks.onStep?.(running);
  } finally {
    await pump.stop();
    await saving;
  }
  return { ...running, resumed: kept !== undefined };
}

function rateOf(rates: readonly [ms: number, nRows: number][], nowMs: number): number {
  const first = rates.find(([ms]) => ms >= nowMs - WINDOW_MS), last = rates.at(-1);
  if (first === undefined || last === undefined) return 0;
  return (last[1] - first[1]) / Math.max(1, (nowMs - first[0]) / 1000);
}
