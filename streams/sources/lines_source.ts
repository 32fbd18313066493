import type { SourcePosition, StreamItem } from "../../src/data/mod.ts";
import { itemsOfLines, type JsonLinesOptions } from "./json_lines.ts";
import type { StreamSource } from "./source.ts";

/**
 * A source over lines of JSON, as they come on stdin or a socket (see {@link itemsOfLines}).
 *
 * @param bytes The text in UTF-8; read once.
 * @param options Name, epoch, size of batches.
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
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: JsonLinesOptions = {},
): Promise<StreamSource> {
  const { name = "stdin" } = options;
  const items = itemsOfLines(bytes.pipeThrough(new TextDecoderStream()), options);
  const first = await items.next();
  if (first.done || first.value.kind !== "obs-start") {
    throw new SyntaxError(`${name}: found no event and no observation`);
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
    async *items(from?: SourcePosition): AsyncGenerator<StreamItem> {
      if (taken || (from !== undefined && (from.index > 0 || from.begun))) {
        throw new RangeError(`${name} can be read only once, from its beginning`);
      }
      taken = true;
      yield start;
      yield* items;
    },
  });
  return source;
}
