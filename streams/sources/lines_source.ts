import type { SourcePosition, StreamItem } from "../../src/data/mod.ts";
import { itemsOfLines, type JsonLinesOptions } from "./items_of_lines.ts";
import type { StreamSource } from "./source.ts";

/** How a stream of lines is read. */
export interface LinesSourceOptions extends JsonLinesOptions {
  /** Ends the stream as if the text ended, also while it waits for more. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A source over lines of JSON, as they come on stdin or a socket (see {@link itemsOfLines}).
 *
 * @param bytes The text in UTF-8; read once.
 * @param options Name, epoch, size of batches, signal.
 * @returns The source. It was read up to its first observation, to learn the epoch; it cannot be
 *   streamed twice, nor taken up again from a position.
 * @throws SyntaxError for lines without an observation; RangeError, while streaming, for a position.
 * @example
 * ```ts
 * import { linesSource } from "@gammarx/gammarx/sources";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const bytes = new Blob(['{"timeS":1}\n']).stream();
 * const source = await linesSource(bytes, { epoch: createEpoch([51910, 0], "TT") });
 * let n = 0;
 * for await (const item of source.items()) if (item.kind === "batch") n += item.length;
 * strictEqual(n, 1);
 * ```
 */
export async function linesSource(
  bytes: ReadableStream<Uint8Array>,
  options: LinesSourceOptions = {},
): Promise<StreamSource> {
  const { name = "stdin", signal } = options;
  const reader = bytes.getReader();
  // A pending read then gives the end of the text.
  const close = () => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted) close();
  const items = itemsOfLines(textOf(reader), options);
  const first = await items.next();
  if (first.done || first.value.kind !== "obs-start") {
    close();
    throw signal?.aborted
      ? signal.reason
      : new SyntaxError(`${name}: found no event and no observation`);
  }
  const start = first.value;
  let taken = false;
  const source: StreamSource = Object.freeze({
    name,
    epoch: start.epoch,
    startS: start.startS,
    pointing: start.pointing,
    columns: undefined,
    withColumns: () => source,
    close,
    async *items(from?: SourcePosition): AsyncGenerator<StreamItem> {
      if (taken || (from !== undefined && (from.index > 0 || from.begun))) {
        throw new RangeError(`${name} can be read only once, from its beginning`);
      }
      taken = true;
      try {
        yield start;
        yield* items;
      } finally {
        close();
      }
    },
  });
  return source;
}

async function* textOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    yield decoder.decode(value, { stream: true });
  }
  yield decoder.decode();
}
