import type { OperatorFunction } from "rxjs";
import {
  positionAfter,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import { type EventEpoch, sliceBatch } from "../../src/events/mod.ts";
import { secondsBetween } from "../../src/time/mod.ts";
import { endOf, type Lane, partOf, pullNext, through } from "./_merge_lane.ts";
import { joinByTime, type TimedBatch } from "./_join_by_time.ts";
import type { StreamSource } from "./source.ts";

/** A stream to be merged. */
export interface MergeInput {
  /** Where it comes from. */
  readonly source: StreamSource;
  /**
   * Row-wise operators of this stream alone, before it meets the others: selections by the pointing
   * or the good time of its own observations know no others.
   */
  readonly pipeline?: OperatorFunction<StreamItem, StreamItem> | undefined;
}

/** How streams are merged. */
export interface MergeOptions {
  /**
   * Seconds of the clock after which a stream that gives nothing is no longer waited for, until it
   * gives something again; ∞: all are waited for, and the clock has no say in what comes out.
   */
  readonly idleS?: number | undefined;
  /** Ends the merged stream between two steps, also while it waits. */
  readonly signal?: AbortSignal | undefined;
}

/** Where one of several streams stands. */
export interface MergePosition extends SourcePosition {
  /** The latest time that it has given, s; −∞ before any. */
  readonly latestS: number;
  /** Events after `row` that were given already: of a batch that lacks some of its rows. */
  readonly taken: number;
}

/** What the streams gave up to one time. */
export interface MergeStep {
  /** Items, in order of time; the events of several streams in one batch. */
  readonly items: readonly StreamItem[];
  /** Rows of the sources that they speak of. */
  readonly nRows: number;
  /** Where each stream stands after them: from there all can be taken up again. */
  readonly positions: readonly MergePosition[];
  /** The time that all streams which are not idle have reached, s; ∞ when all have ended. */
  readonly watermarkS: number;
  /** Numbers of the streams that are not waited for. */
  readonly idle: readonly number[];
}

/** Several streams as one. */
export interface MergedSource {
  /** What messages call it. */
  readonly name: string;
  /** Epoch of the first stream; the times of the others are brought to it. */
  readonly epoch: EventEpoch;
  /** Earliest start of a first observation, s after the epoch. */
  readonly startS: number;
  /** The steps, from the beginning or from where an earlier run stood. */
  readonly steps: (from?: readonly MergePosition[]) => AsyncIterable<MergeStep>;
  /** Frees all streams. */
  readonly close: () => void;
}

/** The beginning of a stream that is merged. */
const MERGE_START: MergePosition = Object.freeze({
  ...SOURCE_START,
  latestS: -Infinity,
  taken: 0,
});

/**
 * Merges streams by event time. What comes out does not depend on which stream answers first, nor on
 * how streams are cut into batches: an event comes before those of later times, and at equal times
 * before those of streams of higher numbers; the events of one stream keep their order. A stream goes
 * no further than the others have come; one that brings nothing can let them go on by heartbeats.
 *
 * Observations keep their starts and ends: those of several streams may be under way together, each
 * known by its `obsId`, and their live times add up. A heartbeat is let out when all streams have
 * come to its time. Where streams overlap in time, their events come in one batch with the columns
 * that all of them have.
 *
 * @param inputs The streams, each with its operators; all in TT, or all in TDB.
 * @param options When a stream counts as idle. Late events of a stream that was idle come when they
 *   come: out of order.
 * @returns The merged stream, in steps that a run can be taken up after.
 * @throws RangeError for no streams or a negative `idleS`; TypeError for times in several scales.
 * @example
 * ```ts
 * import { memoryItems, mergeSources } from "@gammarx/gammarx/sources";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const source = (...times: number[]) => ({
 *   source: memoryItems([
 *     createObsStart({ obsId: "1", epoch }),
 *     createEventBatch({ timeS: Float64Array.from(times) }),
 *   ]),
 * });
 * const times: number[] = [];
 * for await (const { items } of mergeSources([source(1, 4), source(2, 3)]).steps()) {
 *   for (const item of items) if (item.kind === "batch") times.push(...item.columns.timeS);
 * }
 * deepStrictEqual(times, [1, 2, 3, 4]);
 * ```
 */
export function mergeSources(
  inputs: readonly MergeInput[],
  options: MergeOptions = {},
): MergedSource {
  const { idleS = Infinity, signal } = options, first = inputs[0]?.source;
  if (first === undefined) throw new RangeError("There is no stream to merge");
  if (!(idleS >= 0)) throw new RangeError(`mergeSources: idleS is 0 or more, found ${idleS}`);
  const shifts = inputs.map(({ source }) => shiftTo(first, source));
  const starts = inputs.map(({ source }, k) => source.startS + shifts[k]!);
  return Object.freeze({
    name: inputs.length === 1 ? first.name : `${first.name} and ${inputs.length - 1} more`,
    epoch: first.epoch,
    startS: Math.min(...starts),
    close: () => inputs.forEach(({ source }) => source.close()),
    async *steps(from?: readonly MergePosition[]): AsyncGenerator<MergeStep> {
      if (from !== undefined && from.length !== inputs.length) {
        throw new RangeError(
          `Found positions of ${from.length} streams, there are ${inputs.length}`,
        );
      }
      const lanes = inputs.map(({ source, pipeline }, k): Lane => {
        const position = from?.[k] ?? MERGE_START;
        return {
          number: k,
          iterator: source.items(position)[Symbol.asyncIterator](),
          push: pipeline === undefined ? (item) => [item] : through(pipeline),
          shiftS: shifts[k]!,
          position,
          head: undefined,
          endS: -Infinity,
          skip: position.taken,
          pull: undefined,
          pulledMs: 0,
          idle: false,
          ended: false,
          failure: undefined,
        };
      });
      try {
        while (!signal?.aborted) {
          for (const lane of lanes) pullNext(lane, first.epoch);
          const bound = boundOf(lanes);
          const step = bound === undefined ? undefined : stepTo(bound, lanes);
          if (step !== undefined) yield step;
          else if (lanes.every((lane) => lane.ended)) return;
          else await somebody(lanes, idleS, signal);
        }
      } finally {
        // A stream that is still asked for an item ends on its own signal.
        const asked = lanes.filter((lane) => lane.pull !== undefined);
        for (const lane of asked) void lane.iterator.return?.().catch(() => {});
        for (const lane of lanes) if (lane.pull === undefined) await lane.iterator.return?.();
      }
    },
  });
}

function shiftTo(first: StreamSource, { name, epoch }: StreamSource): number {
  if (epoch.scale !== first.epoch.scale) {
    throw new TypeError(
      `${name} has times in ${epoch.scale}, ${first.name} in ${first.epoch.scale}: merge ` +
        `barycentred and local times apart`,
    );
  }
  return secondsBetween<"TT" | "TDB">(first.epoch, epoch);
}

/** A time, and the last stream that may give what has it. */
interface Bound {
  readonly timeS: number;
  readonly number: number;
}

/** How far all streams are known; undefined where nothing is there. */
function boundOf(lanes: readonly Lane[]): Bound | undefined {
  let bound: Bound | undefined, heads = 0;
  for (const lane of lanes) {
    if (lane.failure !== undefined) throw lane.failure.error;
    if (lane.ended || (lane.head === undefined && lane.idle)) continue;
    if (lane.head !== undefined) heads++;
    // A stream that was not heard yet may still give events of the time that it has reached.
    const timeS = lane.head === undefined ? lane.position.latestS : lane.endS;
    const number = lane.head === undefined ? lane.number - 1 : lane.number;
    if (bound === undefined || timeS < bound.timeS) bound = { timeS, number };
  }
  return heads === 0 ? undefined : bound;
}

/** Takes out what is within the bound; undefined where nothing is. */
function stepTo(bound: Bound, lanes: readonly Lane[]): MergeStep | undefined {
  const parts: TimedBatch[] = [], items: StreamItem[] = [];
  let nRows = 0, took = false;
  for (const lane of lanes) {
    const { head, position, number } = lane;
    if (head === undefined) continue;
    const taken = takeOf(head, lane, bound);
    if (taken === undefined) continue;
    took = true;
    const isPart = taken.kind === "batch" && lane.head?.kind === "batch" &&
      lane.head.rowStart < taken.rowStop;
    const latestS = endOf(taken, position.latestS);
    for (const item of lane.push(taken)) {
      if (item.kind === "batch") parts.push({ batch: item, number, latestS: position.latestS });
      else items.push(item);
    }
    if (isPart) lane.position = { ...position, latestS, taken: position.taken + taken.length };
    else {
      if (taken.kind === "batch") nRows += taken.rowStop - taken.rowStart;
      const skip = taken.kind === "batch" ? lane.skip : position.taken;
      lane.position = { ...positionAfter(position, taken), latestS, taken: skip };
    }
  }
  if (!took) return undefined;
  const events = joinByTime(parts), watermarkS = watermarkOf(lanes);
  return {
    // Starts bring the exposure of their events, ends and heartbeats say that there are no more.
    items: [
      ...items.filter(({ kind }) => kind === "obs-start"),
      ...events,
      ...items.filter(({ kind }) => kind !== "obs-start"),
    ],
    nRows,
    positions: lanes.map(({ position }) => position),
    watermarkS,
    idle: lanes.filter((lane) => lane.idle && !lane.ended).map(({ number }) => number),
  };
}

/** The part of the head within the bound; the rest stays. */
function takeOf(head: StreamItem, lane: Lane, bound: Bound): StreamItem | undefined {
  const isWithin = (timeS: number) =>
    lane.number <= bound.number ? timeS <= bound.timeS : timeS < bound.timeS;
  if (isWithin(lane.endS) || lane.endS === -Infinity) {
    lane.head = undefined;
    return head;
  }
  if (head.kind !== "batch") return undefined;
  const { timeS } = head.columns, { length } = timeS;
  let n = 0;
  while (n < length && (isWithin(timeS[n]!) || !Number.isFinite(timeS[n]!))) n++;
  if (n === 0) return undefined;
  if (head.rowStop - head.rowStart === length) {
    lane.head = sliceBatch(head, n, length);
    return sliceBatch(head, 0, n);
  }
  lane.head = partOf(head, { from: n, to: length, withAccount: true });
  return partOf(head, { from: 0, to: n, withAccount: false });
}

function watermarkOf(lanes: readonly Lane[]): number {
  let watermarkS = Infinity;
  for (const { ended, idle, position } of lanes) {
    if (!ended && !idle) watermarkS = Math.min(watermarkS, position.latestS);
  }
  return watermarkS;
}

/** Waits until a stream gives something, or has been idle for long enough. */
async function somebody(
  lanes: readonly Lane[],
  idleS: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pending = lanes.filter((lane) => lane.pull !== undefined);
  const busy = pending.filter((lane) => !lane.idle);
  const waits: Promise<unknown>[] = pending.map((lane) => lane.pull!);
  let timer: ReturnType<typeof setTimeout> | undefined, onAbort = () => {};
  waits.push(new Promise<void>((wake) => onAbort = wake));
  signal?.addEventListener("abort", onAbort);
  const mayGoOn = lanes.some((lane) => lane.head !== undefined);
  if (mayGoOn && idleS < Infinity && busy.length > 0) {
    const sinceMs = Math.min(...busy.map((lane) => lane.pulledMs));
    const waitMs = Math.max(0, sinceMs + idleS * 1000 - performance.now());
    waits.push(new Promise<void>((wake) => timer = setTimeout(wake, waitMs)));
  }
  try {
    await Promise.race(waits);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
  if (!mayGoOn || idleS === Infinity) return;
  const nowMs = performance.now();
  for (const lane of busy) {
    if (lane.pull !== undefined && nowMs - lane.pulledMs >= idleS * 1000) lane.idle = true;
  }
}
