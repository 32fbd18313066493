import { createHeartbeat, exposureOf, type StreamItem } from "../../src/data/mod.ts";
import { rebaseGti, selectGtiTime } from "../../src/events/mod.ts";
import { gridCell } from "./_grid.ts";
import { splitByKey } from "./_select_keys.ts";
import {
  type Accumulator,
  checkKeys,
  checkSnapshot,
  type Snapshot,
  type SnapshotValue,
} from "./accumulator.ts";

/** A window of event time and what was reduced in it. */
export interface WindowResult<Out> {
  /** Start, seconds after the stream's epoch. */
  readonly startS: number;
  /** Stop. */
  readonly stopS: number;
  /** What the accumulator says of the events in [start, stop). */
  readonly result: Out;
}

/** Which windows. */
export interface WindowOptions {
  /** Length of a window, seconds, > 0. */
  readonly widthS: number;
  /** From one window's start to the next: a whole part of `widthS`; `widthS` (tumbling). */
  readonly stepS?: number;
  /** A start of a window, seconds after the epoch; 0. */
  readonly originS?: number;
  /** Most steps to keep; 65536. */
  readonly maxSteps?: number;
}

/** Steps have numbers that doubles hold exactly. */
const MAX_STEP = 2 ** 52;

/** State of {@link windowed}: one of the inner accumulator a step. */
export interface WindowedState<State> {
  /** Key of the accumulator. */
  readonly key: string;
  /** By number of the step. */
  readonly steps: Map<number, State>;
  /** Windows that start with an earlier step were closed; −∞ where none was. */
  firstOpen: number;
  /** Events that came for closed windows only, and those without a time. */
  late: number;
}

/** An accumulator in windows, which can let go of those that are over. */
export interface Windowed<State, Out>
  extends Accumulator<StreamItem, WindowedState<State>, WindowResult<Out>[]> {
  /**
   * Takes the windows that end at or before a time out of the state, in order of time; what comes
   * for them later is counted as late.
   */
  readonly close: (state: WindowedState<State>, timeS: number) => WindowResult<Out>[];
}

/**
 * Runs an accumulator in windows of event time, tumbling or sliding. Events are reduced once a
 * step; a sliding window merges its steps, so overlapping windows cost nothing more. Windows in
 * which there is neither an event nor exposure are left out. An event without a time is in no
 * window; the state counts it as late.
 *
 * @param inner What runs in each window.
 * @param options Width, step and origin.
 * @returns An accumulator whose result lists the windows in order of time.
 * @throws RangeError for a width or step that does not fit; while adding, beyond `maxSteps`; while
 *   merging a state that has closed windows with one that still holds events of them.
 * @example
 * ```ts
 * import { account, fold, windowed } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const counts = windowed(account(), { widthS: 10 });
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2, 15) });
 * deepStrictEqual(counts.result(fold(counts, [batch])).map((one) => one.result.used), [2, 1]);
 * ```
 */
export function windowed<State, Out>(
  inner: Accumulator<StreamItem, State, Out>,
  options: WindowOptions,
): Windowed<State, Out> {
  const { widthS, stepS = widthS, originS = 0, maxSteps = 65536 } = options;
  const perWindow = Math.round(widthS / stepS);
  if (!(widthS > 0 && stepS > 0 && Math.abs(perWindow * stepS - widthS) <= 1e-9 * widthS)) {
    throw new RangeError(
      `A window is a whole number of steps long, found ${widthS} s and steps of ${stepS} s`,
    );
  }
  if (!Number.isFinite(originS)) {
    throw new RangeError(`A window starts at a finite time, found ${originS}`);
  }
  const identity = {
    kind: "windowed",
    version: 1,
    key: `${widthS}/${stepS}+${originS}(${inner.kind}@${inner.version}#${inner.key})`,
  };
  const stepOf = (timeS: number) => gridCell(timeS, originS, stepS);
  const startOf = (step: number) => originS + step * stepS;
  function refuseMore(nSteps: number): void {
    if (nSteps <= maxSteps) return;
    throw new RangeError(
      `More than ${maxSteps} steps of ${stepS} s: raise maxSteps, or take longer windows`,
    );
  }
  function stateOf(state: WindowedState<State>, step: number): State {
    if (step < state.firstOpen) return inner.create(); // a closed window: not kept
    let one = state.steps.get(step);
    if (one === undefined) {
      refuseMore(state.steps.size + 1);
      one = inner.create();
      state.steps.set(step, one);
    }
    return one;
  }
  /** Gives each step the part of the exposure that lies in it. */
  function addExposure(state: WindowedState<State>, item: StreamItem): void {
    if (item.kind === "heartbeat") {
      const span = item.timeS - item.fromS;
      if (!(item.livetimeS > 0 && span > 0 && span < Infinity)) return;
      eachStep(item.fromS, item.timeS, (step, fromS, timeS) => {
        const livetimeS = item.livetimeS * (timeS - fromS) / span;
        inner.add(stateOf(state, step), createHeartbeat({ timeS, fromS, livetimeS }));
      });
    } else if (item.kind === "obs-start" || item.kind === "obs-end") {
      const exposure = exposureOf(item);
      if (exposure === undefined) return;
      const touched = new Set<number>();
      const gti = item.kind === "obs-start" ? rebaseGti(exposure.gti, item.epoch) : exposure.gti;
      gti.startS.forEach((fromS, i) =>
        eachStep(fromS, gti.stopS[i]!, (step) => {
          if (step >= state.firstOpen) refuseMore(touched.add(step).size);
        })
      );
      for (const step of [...touched].sort((a, b) => a - b)) {
        const cut = selectGtiTime(gti, { startS: startOf(step), stopS: startOf(step + 1) });
        inner.add(stateOf(state, step), { ...item, gti: cut });
      }
    }
  }
  function eachStep(
    fromS: number,
    toS: number,
    visit: (step: number, fromS: number, toS: number) => void,
  ): void {
    let step = stepOf(fromS);
    if (!(Math.max(Math.abs(step), Math.abs(stepOf(toS))) < MAX_STEP)) {
      throw new RangeError(
        `Exposure from ${fromS} s to ${toS} s does not fit windows of ${widthS} s: take longer ones`,
      );
    }
    for (let a = fromS; a < toS; step++) {
      const b = Math.min(toS, startOf(step + 1));
      visit(step, a, b);
      a = b;
    }
  }
  /** First steps of the open windows that hold anything, ascending. */
  function windowStarts(state: Readonly<WindowedState<State>>): number[] {
    const starts = new Set<number>();
    for (const step of state.steps.keys()) {
      for (let k = 0; k < perWindow; k++) if (step - k >= state.firstOpen) starts.add(step - k);
    }
    return [...starts].sort((a, b) => a - b);
  }
  function windowAt(state: Readonly<WindowedState<State>>, start: number): WindowResult<Out> {
    const whole = inner.create();
    for (let step = start; step < start + perWindow; step++) {
      const one = state.steps.get(step);
      if (one !== undefined) inner.merge(whole, one);
    }
    const [startS, stopS] = [startOf(start), startOf(start + perWindow)];
    return { startS, stopS, result: inner.result(whole) };
  }
  const sortedSteps = (state: Readonly<WindowedState<State>>) =>
    [...state.steps.keys()].sort((a, b) => a - b);
  return Object.freeze({
    ...identity,
    order: inner.order,
    exactness: inner.exactness,
    create: (): WindowedState<State> => ({
      key: identity.key,
      steps: new Map(),
      firstOpen: -Infinity,
      late: 0,
    }),
    add(state: WindowedState<State>, item: StreamItem): void {
      if (item.kind !== "batch") return addExposure(state, item);
      const steps = item.columns.timeS.map(stepOf);
      for (const [step, events] of splitByKey(item, steps)) {
        if (step < state.firstOpen || !(Math.abs(step) < MAX_STEP)) state.late += events.length;
        else inner.add(stateOf(state, step), events);
      }
    },
    merge(into: WindowedState<State>, from: Readonly<WindowedState<State>>): void {
      checkKeys(into.key, from.key);
      const firstOpen = Math.max(into.firstOpen, from.firstOpen);
      const isClosed = (step: number) => step < firstOpen;
      if (sortedSteps(into).some(isClosed) || sortedSteps(from).some(isClosed)) {
        throw new RangeError(
          `Cannot merge windows up to ${
            startOf(firstOpen + perWindow - 1)
          } s, which one side has ` +
            `closed and the other has not: merge first, then close`,
        );
      }
      for (const step of sortedSteps(from)) inner.merge(stateOf(into, step), from.steps.get(step)!);
      into.firstOpen = firstOpen;
      into.late += from.late;
    },
    result: (state: Readonly<WindowedState<State>>) =>
      windowStarts(state).map((start) => windowAt(state, start)),
    close(state: WindowedState<State>, timeS: number): WindowResult<Out>[] {
      const firstOpen = timeS === Infinity ? Infinity : stepOf(timeS) - perWindow + 1;
      if (!(firstOpen > state.firstOpen)) return [];
      const closed = windowStarts(state).filter((start) => start < firstOpen);
      const windows = closed.map((start) => windowAt(state, start));
      state.firstOpen = firstOpen;
      for (const step of state.steps.keys()) if (step < firstOpen) state.steps.delete(step);
      return windows;
    },
    snapshot(state: Readonly<WindowedState<State>>): Snapshot {
      const steps = sortedSteps(state);
      return {
        ...identity,
        data: {
          firstOpen: state.firstOpen,
          late: state.late,
          steps: Float64Array.from(steps),
          states: steps.map((step) => inner.snapshot(state.steps.get(step)!)) as SnapshotValue[],
        },
      };
    },
    restore(snapshot: Snapshot): WindowedState<State> {
      checkSnapshot(identity, snapshot);
      const { firstOpen, late, steps, states } = snapshot.data as unknown as {
        firstOpen: number;
        late: number;
        steps: Float64Array;
        states: Snapshot[];
      };
      return {
        key: identity.key,
        firstOpen,
        late,
        steps: new Map(states.map((one, i) => [steps[i]!, inner.restore(one)])),
      };
    },
  });
}
