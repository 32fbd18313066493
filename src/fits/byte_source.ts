import { plainBytes } from "./_chunks.ts";

/**
 * Bytes that can be asked for by place: a file, a web address, a decompressed file, memory.
 *
 * Reads may overlap and may run side by side; a source keeps its own order.
 */
export interface ByteSource {
  /** What messages call it: a path, an URL. */
  readonly name: string;
  /** Number of bytes, or undefined while it is not known (a stream, a compressed file). */
  size(): Promise<number | undefined>;
  /**
   * Reads `length` bytes from `offset`; fewer only at the end of the data, none beyond it.
   * The array may be a view of the source's own memory: readers must not write into it.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Frees the file or connection; further reads fail. Closing twice is harmless. */
  close(): void;
  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Throws RangeError unless offset and length are whole numbers from 0.
 *
 * @param name What the message calls the source.
 * @param offset First byte asked for.
 * @param length Number of bytes asked for.
 *
 * @example
 * ```ts
 * import { checkByteRange } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * checkByteRange("a.fits", 0, 2880);
 * assert.throws(() => checkByteRange("a.fits", -1, 10), RangeError);
 * ```
 */
export function checkByteRange(name: string, offset: number, length: number): void {
  if (
    Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0
  ) return;
  throw new RangeError(
    `${name}: found a read of ${length} bytes at ${offset}, expected whole numbers from 0`,
  );
}

/**
 * A source of bytes that are in memory already; reads are views, nothing is copied.
 *
 * @param bytes The whole file; must not be changed while the source is in use.
 * @param name What messages call it.
 * @returns A source; owned by the caller.
 *
 * @example
 * ```ts
 * import { memorySource } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using source = memorySource(new Uint8Array([1, 2, 3]), "three");
 * assert.equal(await source.size(), 3);
 * assert.deepEqual(await source.read(1, 10), new Uint8Array([2, 3]));
 * ```
 */
export function memorySource(bytes: Uint8Array, name = "memory"): ByteSource {
  const own = plainBytes(bytes);
  let open = true;
  const close = () => {
    open = false;
  };
  return Object.freeze({
    name,
    size: () => Promise.resolve(own.length),
    // deno-lint-ignore require-await
    read: async (offset: number, length: number) => {
      checkByteRange(name, offset, length);
      if (!open) throw new TypeError(`${name}: the source is closed`);
      return own.subarray(Math.min(offset, own.length), Math.min(offset + length, own.length));
    },
    close,
    [Symbol.dispose]: close,
  });
}
