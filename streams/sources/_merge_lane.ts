import { type OperatorFunction, Subject } from "rxjs";
import { createHeartbeat, type StreamItem } from "../../src/data/mod.ts";
import {
  type EventBatch,
  type EventEpoch,
  rebaseGti,
  sliceBatch,
  withColumns,
} from "../../src/events/mod.ts";
import type { MergePosition } from "./merge_sources.ts";

/** One stream while it is merged. */
export interface Lane {
  readonly number: number;
  readonly iterator: AsyncIterator<StreamItem>;
  readonly push: (item: StreamItem) => readonly StreamItem[];
  readonly shiftS: number;
  position: MergePosition;
  /** What it gave and is not out yet. */
  head: StreamItem | undefined;
  /** The time at which all of `head` is out. */
  endS: number;
  /** Events that an earlier run took already. */
  skip: number;
  pull: Promise<void> | undefined;
  pulledMs: number;
  idle: boolean;
  ended: boolean;
  failure: { readonly error: unknown } | undefined;
}

/** The operators as a function: they emit as they are given, and hold nothing back. */
export function through(
  pipeline: OperatorFunction<StreamItem, StreamItem>,
): (item: StreamItem) => readonly StreamItem[] {
  const input = new Subject<StreamItem>();
  let out: StreamItem[] = [], failure: { readonly error: unknown } | undefined;
  input.pipe(pipeline).subscribe({
    next: (item) => void out.push(item),
    error: (error) => failure = { error },
  });
  return (item) => {
    out = [];
    input.next(item);
    if (failure !== undefined) throw failure.error;
    return out;
  };
}

export function pullNext(lane: Lane, epoch: EventEpoch): void {
  if (lane.head !== undefined || lane.ended || lane.pull !== undefined) return;
  lane.pulledMs = performance.now();
  lane.pull = lane.iterator.next().then(({ done, value }) => {
    lane.idle = false;
    if (done) lane.ended = true;
    else {
      lane.head = rebased(unseen(value, lane), lane.shiftS, epoch);
      lane.endS = endOf(lane.head, lane.position.latestS);
    }
  }, (error) => void (lane.failure = { error })).finally(() => lane.pull = undefined);
}

/** What is new of an item that an earlier run has taken a part of. */
function unseen(item: StreamItem, lane: Lane): StreamItem {
  if (lane.skip === 0 || item.kind !== "batch") return item;
  const n = Math.min(lane.skip, item.length);
  lane.skip -= n;
  return partOf(item, { from: n, to: item.length, withAccount: true });
}

/** Events of a batch that lacks some of its rows; its account comes with the last of them. */
export function partOf(
  batch: EventBatch,
  part: { readonly from: number; readonly to: number; readonly withAccount: boolean },
): EventBatch {
  const { rejected, late } = part.withAccount ? batch : { rejected: {}, late: 0 };
  return { ...sliceBatch(batch, part.from, part.to), rejected, late };
}

/** An item with its times moved to the common epoch. */
function rebased(item: StreamItem, shiftS: number, epoch: EventEpoch): StreamItem {
  if (shiftS === 0) return item;
  switch (item.kind) {
    case "batch": {
      const timeS = item.columns.timeS.map((t) => t + shiftS);
      const moved = withColumns(item, { ...item.columns, timeS });
      return { ...moved, watermarkS: item.watermarkS + shiftS };
    }
    case "heartbeat":
      return createHeartbeat({
        timeS: item.timeS + shiftS,
        fromS: item.fromS + shiftS,
        livetimeS: item.livetimeS,
      });
    case "obs-start":
      return {
        ...item,
        epoch,
        startS: item.startS + shiftS,
        stopS: item.stopS + shiftS,
        gti: item.gti && rebaseGti(item.gti, epoch),
      };
    case "obs-end":
      return { ...item, gti: item.gti && rebaseGti(item.gti, epoch) };
  }
}

/** The latest time in an item, or before it. */
export function endOf(item: StreamItem, latestS: number): number {
  let endS = latestS;
  if (item.kind === "batch") {
    const { timeS } = item.columns;
    for (let i = 0; i < timeS.length; i++) {
      const t = timeS[i]!;
      if (t > endS && t < Infinity) endS = t;
    }
    if (item.watermarkS > endS && item.watermarkS < Infinity) endS = item.watermarkS;
  } else if (item.kind === "heartbeat") {
    if (item.timeS > endS) endS = item.timeS;
  } else if (item.kind === "obs-start" && item.startS > endS) endS = item.startS;
  return endS;
}
