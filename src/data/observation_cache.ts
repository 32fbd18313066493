import type { DataStoreEntry } from "./data_store_fits.ts";
import {
  type Observation,
  readObservation,
  type ReadObservationOptions,
} from "./observation_fits.ts";

/** What an observation cache may hold, and how it reads. */
export interface ObservationCacheOptions
  extends Omit<ReadObservationOptions, "irfPath" | "eventType"> {
  /** Most bytes of events and responses that are kept; 256 MiB where absent. */
  readonly maxBytes?: number;
}

/** Observations that are read when they are asked for, and kept as long as there is room. */
export interface ObservationCache {
  /** The observation of an entry. One that is kept, or is being read, is not read again. */
  readonly get: (entry: DataStoreEntry) => Promise<Observation>;
  /** Bytes that are kept now. */
  readonly bytes: () => number;
}

/**
 * A cache of observations with a bound on its memory: those not asked for longest go first. The one asked for
 * last is kept, however large it is.
 *
 * @param options Bound, and what is read.
 * @returns The cache; it holds no open file.
 * @example
 * ```ts
 * import { createObservationCache } from "@gammarx/gammarx/data";
 * import { rejects, strictEqual } from "node:assert/strict";
 * const cache = createObservationCache({ maxBytes: 1e8 });
 * await rejects(cache.get({ obsId: "1", path: "no-such-file.fits" }));
 * strictEqual(cache.bytes(), 0);
 * ```
 */
export function createObservationCache(options: ObservationCacheOptions = {}): ObservationCache {
  const { maxBytes = 2 ** 28, ...reading } = options;
  const kept = new Map<string, { readonly observation: Promise<Observation>; bytes: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return Object.freeze({
    bytes: () => total,
    async get({ obsId: _, ...where }: DataStoreEntry): Promise<Observation> {
      const key = JSON.stringify([where.path, where.irfPath, where.eventType]);
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known); // the last to go
        return await known.observation;
      }
      const { path, ...rest } = where;
      const entry = { observation: readObservation(path, { ...reading, ...rest }), bytes: 0 };
      kept.set(key, entry);
      try {
        const observation = await entry.observation;
        entry.bytes = bytesOf(observation);
        total += entry.bytes;
        for (const oldest of [...kept.keys()]) {
          if (total <= maxBytes || kept.size === 1) break;
          if (oldest !== key) drop(oldest);
        }
        return observation;
      } catch (error) {
        drop(key); // so that it can be tried again
        throw error;
      }
    },
  });
}

/** Bytes of all columns and tables of an observation. */
function bytesOf({ events, irfs }: Observation): number {
  const buffers = new Set<ArrayBufferLike>();
  const visit = (value: unknown, depth: number): void => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (typeof value === "object" && value !== null && depth < 6) {
      for (const inner of Object.values(value)) visit(inner, depth + 1);
    }
  };
  visit(events.columns, 0);
  visit(irfs, 0);
  return [...buffers].reduce((sum, one) => sum + one.byteLength, 0);
}
