import { type OperatorFunction, pipe } from "rxjs";
import {
  positionAfter,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "../../src/data/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import type { Accumulator } from "../accumulators/mod.ts";
import { accumulate } from "../operators/mod.ts";
import type { CheckpointFolder } from "../sinks/mod.ts";
import type { StreamSource } from "../sources/mod.ts";
import { drain } from "./drain.ts";

/** How a run is kept safe. */
export interface ResumableOptions<State> {
  /** Where states are kept; none where left out. */
  readonly checkpoints?: CheckpointFolder | undefined;
  /** Go on from the last state kept, where there is one; false. */
  readonly resume?: boolean | undefined;
  /** Names the pipeline and the source: a state is taken up only by a run of the same name. */
  readonly name?: string | undefined;
  /** Source rows between two states; 2²⁰. The last state is kept too. */
  readonly everyRows?: number | undefined;
  /** Ends the run between two items, keeping a state. */
  readonly signal?: AbortSignal | undefined;
  /** Sees the state after each item, for a live view. */
  readonly observe?: ((state: Readonly<State>, item: StreamItem) => void) | undefined;
}

/** What a run has come to. */
export interface ResumableRun<State> {
  /** The final state; owned by the caller. */
  readonly state: State;
  /** Where the source stands. */
  readonly position: SourcePosition;
  /** Where the run began: the position of the state that it took up. */
  readonly resumedFrom: SourcePosition | undefined;
}

/**
 * Streams a source through row-wise operators into an accumulator, keeping the state and the
 * source's position together every so often, so that a run that is killed can be taken up again and
 * gives the same bytes. Operators that hold events back (orderByTime, rebatch, windows) would lose
 * what they hold: put windows into the accumulator (`windowed`) instead.
 *
 * @param source The stream.
 * @param pipeline Operators that keep nothing from one item to the next; `identity` for none.
 * @param accumulator The reduction.
 * @param options Checkpoints, name, signal.
 * @returns The final state and position.
 * @throws What source, operators and accumulator throw; IncompatibleStateError for a state of
 *   another run.
 * @example
 * ```ts
 * import { runResumable } from "@gammarx/gammarx/engines";
 * import { memoryItems } from "@gammarx/gammarx/sources";
 * import { account } from "@gammarx/gammarx/accumulators";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { identity } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const source = memoryItems([createObsStart({ obsId: "1", epoch: createEpoch([51910, 0], "TT") })]);
 * strictEqual((await runResumable(source, identity, account())).state.used, 0);
 * ```
 */
export async function runResumable<State, Out>(
  source: StreamSource,
  pipeline: OperatorFunction<StreamItem, StreamItem>,
  accumulator: Accumulator<StreamItem, State, Out>,
  options: ResumableOptions<State> = {},
): Promise<ResumableRun<State>> {
  const { checkpoints, everyRows = 1 << 20, signal, observe } = options;
  const { kind, version, key } = accumulator;
  const run = fingerprint({ name: options.name ?? "", kind, version, key });
  const kept = options.resume ? await checkpoints?.load(run) : undefined;
  const state = kept === undefined ? accumulator.create() : accumulator.restore(kept.snapshot);
  let position = kept?.position ?? SOURCE_START, rowsSince = 0;
  const keep = async () => {
    rowsSince = 0;
    await checkpoints?.save({ run, position, snapshot: accumulator.snapshot(state) });
  };
  await drain(source.items(position), pipe(pipeline, accumulate(accumulator, { state, observe })), {
    signal,
    async afterItem(item) {
      position = positionAfter(position, item);
      if (item.kind === "batch") rowsSince += item.rowStop - item.rowStart;
      if (rowsSince >= everyRows) await keep();
    },
  });
  if (checkpoints !== undefined) await keep();
  return { state, position, resumedFrom: kept?.position };
}
