import { type ByteSource, checkByteRange } from "./byte_source.ts";

/** A read of more than this gives other tasks a turn in between. */
const STEP_BYTES = 1 << 24;

/**
 * A source over a local file; its size is taken once, when it is opened.
 *
 * @param path Path of the file.
 * @returns A source that owns the open file.
 * @throws Deno.errors.NotFound and the like, as the system says.
 *
 * @example
 * ```ts
 * import { fileSource } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync();
 * Deno.writeFileSync(path, new Uint8Array([1, 2, 3]));
 * using source = fileSource(path);
 * assert.equal(await source.size(), 3);
 * assert.deepEqual(await source.read(2, 5), new Uint8Array([3]));
 * Deno.removeSync(path);
 * ```
 */
export function fileSource(path: string): ByteSource {
  return source(path, false);
}

/**
 * A source over a local file that another program is still writing: its size is asked for anew at
 * every read.
 *
 * @param path Path of the file.
 * @returns A source that owns the open file.
 * @throws Deno.errors.NotFound and the like, as the system says.
 *
 * @example
 * ```ts
 * import { growingFileSource } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync();
 * using source = growingFileSource(path);
 * assert.equal(await source.size(), 0);
 * Deno.writeFileSync(path, new Uint8Array([1, 2, 3]));
 * assert.equal(await source.size(), 3);
 * Deno.removeSync(path);
 * ```
 */
export function growingFileSource(path: string): ByteSource {
  return source(path, true);
}

function source(path: string, growing: boolean): ByteSource {
  const file = Deno.openSync(path, { read: true });
  const fixed = file.statSync().size;
  let open = true;
  const sizeNow = () => growing ? file.statSync().size : fixed;
  const checkOpen = () => {
    if (!open) throw new TypeError(`${path}: the source is closed`);
  };
  const close = () => {
    if (open) file.close();
    open = false;
  };
  return Object.freeze({
    name: path,
    // deno-lint-ignore require-await
    size: async () => {
      checkOpen();
      return sizeNow();
    },
    read: async (offset: number, length: number) => {
      checkByteRange(path, offset, length);
      checkOpen();
      const bytes = new Uint8Array(Math.max(0, Math.min(length, sizeNow() - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        // Seek and read in one turn: nobody else moves the file's position in between.
        file.seekSync(offset + filled, Deno.SeekMode.Start);
        const got = file.readSync(bytes.subarray(filled, filled + STEP_BYTES));
        if (got === null) break; // the file became shorter
        filled += got;
        if (filled < bytes.length) await Promise.resolve();
      }
      return filled === bytes.length ? bytes : bytes.subarray(0, filled);
    },
    close,
    [Symbol.dispose]: close,
  });
}
