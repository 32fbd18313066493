/** How {@link writeFileAtomic} writes. */
export interface WriteFileOptions {
  /** Bring every MiB to the disk before the next, so that other files need not wait long for theirs; false. */
  readonly isGentle?: boolean;
}

const GENTLE_BYTES = 2 ** 20;

/**
 * Writes a file so that nobody ever sees half of it: the bytes go to a new file beside it, which
 * is then renamed.
 *
 * @param path Where the file shall stand; an older one is replaced.
 * @param bytes The whole content, or its pieces in order.
 * @param options How it is written.
 * @throws Deno.errors.* as the system says; the file at `path` is then as it was.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * await writeFileAtomic(`${folder}/a.fits`, new Uint8Array([1, 2]));
 * assert.deepEqual(Deno.readFileSync(`${folder}/a.fits`), new Uint8Array([1, 2]));
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { isGentle = false }: WriteFileOptions = {},
): Promise<void> {
  const beside = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    using file = await Deno.open(beside, { write: true, createNew: true });
    for await (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) {
      const most = isGentle ? GENTLE_BYTES : piece.length;
      for (let at = 0; at < piece.length;) {
        at += await file.write(piece.subarray(at, at + most));
        if (isGentle) await file.syncData();
      }
    }
    await file.sync();
  } catch (error) {
    await Deno.remove(beside).catch(() => undefined);
    throw error;
  }
  try {
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => undefined);
    throw error;
  }
}
