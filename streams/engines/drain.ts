import { lastValueFrom, type OperatorFunction, Subject } from "rxjs";

/** What {@link drain} does between items. */
export interface DrainOptions<In> {
  /**
   * Awaited after each item, when every operator has finished with it: the place for checkpoints
   * and for asynchronous sinks that are full. The next item is pulled only then.
   */
  readonly afterItem?: ((item: In) => void | Promise<void>) | undefined;
  /** Ends the stream before the next item is pulled, as if the source had ended. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pulls items one at a time through a synchronous pipeline and gives what it emits last.
 *
 * Back-pressure is the pull itself: the next item is asked for when all operators have finished
 * with this one, and `afterItem` has too. Nothing is ever queued.
 *
 * @param items The source; it is closed when the pipeline fails or has taken all it wants.
 * @param pipeline Operators that end in a value, such as `accumulate`.
 * @param options What happens between items.
 * @returns The last value of the pipeline.
 * @throws Whatever the source, an operator or `afterItem` throws; EmptyError of RxJS where the
 *   pipeline emits nothing.
 * @example
 * ```ts
 * import { drain } from "@gammarx/gammarx/engines";
 * import { accumulate } from "@gammarx/gammarx/operators";
 * import { account } from "@gammarx/gammarx/accumulators";
 * import { createHeartbeat } from "@gammarx/gammarx/data";
 * import { strictEqual } from "node:assert/strict";
 * const beats = ReadableStream.from([createHeartbeat({ timeS: 1 })]);
 * strictEqual((await drain(beats, accumulate(account()))).used, 0);
 * ```
 */
export async function drain<In, Out>(
  items: AsyncIterable<In>,
  pipeline: OperatorFunction<In, Out>,
  options: DrainOptions<In> = {},
): Promise<Out> {
  const { afterItem, signal } = options;
  const input = new Subject<In>();
  const output = lastValueFrom(input.pipe(pipeline));
  output.catch(() => {}); // the caller sees it below
  try {
    if (!signal?.aborted) {
      for await (const item of items) {
        input.next(item);
        if (!input.observed) break;
        await afterItem?.(item);
        if (signal?.aborted) break;
      }
    }
  } catch (error) {
    input.error(error); // so that operators let go of what they hold
    throw error;
  }
  input.complete();
  return await output;
}
