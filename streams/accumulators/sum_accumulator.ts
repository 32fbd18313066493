import {
  type Accumulator,
  checkKeys,
  checkSnapshot,
  type Exactness,
  type Snapshot,
  type SnapshotValue,
} from "./accumulator.ts";
import {
  mergeSparse,
  type PackedSparseSums,
  packSparse,
  type SparseSums,
  unpackSparse,
} from "./sparse_sums.ts";

/** A field of a state that is nothing but sums. */
export type Sum = number | Float64Array | SparseSums;

/** A state all of whose fields are sums. */
export type SumFields<State> = { [Field in keyof State]: Sum };

/** What a reduction into sums has to say about itself. */
export interface SumReduction<In, Fields extends SumFields<Fields>, Out> {
  /** Name of the reduction. */
  readonly kind: string;
  /** Layout of its snapshot. */
  readonly version: number;
  /** Fingerprint of the configuration. */
  readonly key: string;
  /** "exact" where all sums are counts. */
  readonly exactness: Exactness;
  /** All sums at zero. */
  readonly create: () => Fields;
  /** Adds one input. */
  readonly add: (state: Fields, input: In) => void;
  /** The answer from the sums. */
  readonly result: (state: Readonly<Fields>) => Out;
}

/** Sums with the key of the configuration that they belong to. */
export type Keyed<Fields> = Fields & {
  /** `key` of the accumulator. */
  readonly key: string;
};

/**
 * Makes an accumulator whose state is sums: merging adds them, a snapshot copies them. Most
 * reductions are of this kind.
 *
 * @param reduction What is particular about it.
 * @returns A frozen record; order "any".
 * @example
 * ```ts
 * import { fold, sumAccumulator } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * const total = sumAccumulator({
 *   kind: "total", version: 1, key: "", exactness: { kind: "exact" },
 *   create: () => ({ n: 0 }),
 *   add: (state: { n: number }, x: number) => { state.n += x; },
 *   result: (state) => state.n,
 * });
 * strictEqual(total.result(fold(total, [1, 2, 3])), 6);
 * ```
 */
export function sumAccumulator<In, Fields extends SumFields<Fields>, Out>(
  reduction: SumReduction<In, Fields, Out>,
): Accumulator<In, Keyed<Fields>, Out> {
  const { kind, version, key, exactness } = reduction;
  const names = (state: Readonly<Fields>) =>
    Object.keys(state).filter((name) => name !== "key") as (keyof Fields & string)[];
  return Object.freeze({
    kind,
    version,
    key,
    order: "any" as const,
    exactness,
    create: () => ({ ...reduction.create(), key }),
    add: reduction.add,
    merge(into: Keyed<Fields>, from: Readonly<Keyed<Fields>>): void {
      checkKeys(into.key, from.key);
      for (const name of names(from)) {
        const merged = mergedSum(into[name], from[name]);
        if (typeof merged === "number") (into as Record<string, Sum>)[name] = merged;
      }
    },
    result: reduction.result,
    snapshot(state: Readonly<Keyed<Fields>>): Snapshot {
      const data: Record<string, SnapshotValue> = {};
      for (const name of names(state)) data[name] = packedSum(state[name]);
      return { kind, version, key, data };
    },
    restore(snapshot: Snapshot): Keyed<Fields> {
      checkSnapshot(reduction, snapshot);
      const state: Record<string, Sum> = {};
      for (const name in snapshot.data) state[name] = unpackedSum(snapshot.data[name]!);
      return { ...state, key } as Keyed<Fields>;
    },
  });
}

/** Adds in place where it can; gives the sum of numbers. */
function mergedSum(into: Sum, from: Sum): Sum {
  if (typeof into === "number") return into + (from as number);
  if (into instanceof Float64Array) {
    const other = from as Float64Array;
    for (let i = 0; i < into.length; i++) into[i] = into[i]! + other[i]!;
  } else mergeSparse(into, from as SparseSums);
  return into;
}

function packedSum(sum: Sum): SnapshotValue {
  if (typeof sum === "number") return sum;
  return sum instanceof Float64Array ? sum.slice() : packSparse(sum);
}

function unpackedSum(value: SnapshotValue): Sum {
  if (typeof value === "number") return value;
  if (value instanceof Float64Array) return value.slice();
  return unpackSparse(value as PackedSparseSums);
}
