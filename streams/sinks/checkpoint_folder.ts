import { join } from "node:path";
import type { SourcePosition } from "../../src/data/mod.ts";
import { writeFileAtomic } from "../../src/fits/mod.ts";
import { IncompatibleStateError, type Snapshot } from "../accumulators/mod.ts";
import { removeParts } from "./remove_parts.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot_codec.ts";

/** A state and the place in the source that it belongs to. */
export interface Checkpoint {
  /** Fingerprint of the run. */
  readonly run: string;
  /** Where the source stood. */
  readonly position: SourcePosition;
  /** The state. */
  readonly snapshot: Snapshot;
}

/** Where the last checkpoint of a run is kept. */
export interface CheckpointFolder {
  /** Replaces the checkpoint, all at once or not at all. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** The checkpoint; undefined where there is none. Throws where it is of another run, or damaged. */
  readonly load: (run: string) => Promise<Checkpoint | undefined>;
}

const FILE = "checkpoint.bin";

/**
 * Keeps checkpoints in a folder, one run a folder. The file is written beside and moved into place,
 * so that a run that is killed at any moment leaves the checkpoint before or the new one, never half
 * of one; what it left of the new one is removed by the next run.
 *
 * @param folder Path; made where it is not there.
 * @returns The folder's functions.
 * @example
 * ```ts
 * import { checkpointFolder } from "@gammarx/gammarx/sinks";
 * import { strictEqual } from "node:assert/strict";
 * const path = await Deno.makeTempDir();
 * strictEqual(await checkpointFolder(path).load("any run"), undefined);
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export function checkpointFolder(folder: string): CheckpointFolder {
  const path = join(folder, FILE);
  let swept = false;
  return Object.freeze({
    async save({ run, position, snapshot }: Checkpoint): Promise<void> {
      if (!swept) {
        await Deno.mkdir(folder, { recursive: true });
        await removeParts(folder, [FILE]);
        swept = true;
      }
      const bytes = encodeSnapshot({ run, ...position }, snapshot);
      await writeFileAtomic(path, bytes, { isGentle: true });
    },
    async load(run: string): Promise<Checkpoint | undefined> {
      let bytes: Uint8Array;
      try {
        bytes = await Deno.readFile(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
      const { label, snapshot } = decodeSnapshot(bytes, path);
      const { run: found, ...position } = label as unknown as SourcePosition & { run: string };
      if (found !== run) {
        throw new IncompatibleStateError(
          `The checkpoint in ${folder} belongs to another source or configuration: remove it, or ` +
            `name another folder`,
          { expected: run, found },
        );
      }
      return { run, position, snapshot };
    },
  });
}
