import type { StreamItem } from "../../src/data/mod.ts";
import type { EventBatch } from "../../src/events/mod.ts";
import { splitByKey } from "./_select_keys.ts";
import {
  type Accumulator,
  checkKeys,
  checkSnapshot,
  type Snapshot,
  type SnapshotValue,
} from "./accumulator.ts";

/** State of {@link keyedBy}: one of the inner accumulator a key, and one that saw all exposure. */
export interface KeyedByState<State> {
  /** Key of the accumulator. */
  readonly key: string;
  /** What saw everything but events. */
  readonly shared: State;
  /** By key: what saw the events of that key. */
  readonly byKey: Map<number, State>;
}

/** How events are told apart. */
export interface KeyedByOptions {
  /** Names the keys: equal names mean equal keys. */
  readonly name: string;
  /** The key of each event of a batch; NaN keys are one key. */
  readonly keysOf: (batch: EventBatch) => ArrayLike<number>;
  /** Most keys; 65536. */
  readonly maxKeys?: number;
}

/**
 * Runs one accumulator for each key of the events: a spectrum an event type, a light curve a
 * source. Exposure belongs to all keys.
 *
 * @param inner What runs for each key; its parts must merge in any order.
 * @param options The keys.
 * @returns An accumulator whose result is a Map from key to result, ascending, NaN last.
 * @throws TypeError for an inner accumulator with order "time", and, while adding, where `keysOf`
 *   gives another number of keys than there are events; RangeError, while adding, beyond `maxKeys`.
 * @example
 * ```ts
 * import { countsSpectrum, fold, keyedBy } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const byType = keyedBy(countsSpectrum([1, 10]), {
 *   name: "eventType", keysOf: (batch) => batch.columns.eventType!,
 * });
 * const batch = createEventBatch({
 *   timeS: new Float64Array(2), energyTeV: Float64Array.of(2, 3), eventType: Uint32Array.of(1, 2),
 * });
 * strictEqual(byType.result(fold(byType, [batch])).get(2)?.counts[0], 1);
 * ```
 */
export function keyedBy<State, Out>(
  inner: Accumulator<StreamItem, State, Out>,
  options: KeyedByOptions,
): Accumulator<StreamItem, KeyedByState<State>, Map<number, Out>> {
  const { name, keysOf, maxKeys = 65536 } = options;
  if (inner.order !== "any") {
    throw new TypeError(`keyedBy needs parts that merge in any order, ${inner.kind} does not`);
  }
  const identity = {
    kind: "keyed-by",
    version: 1,
    key: `${name}(${inner.kind}@${inner.version}#${inner.key})`,
  };
  function stateOf(state: KeyedByState<State>, key: number): State {
    let one = state.byKey.get(key);
    if (one === undefined) {
      if (state.byKey.size >= maxKeys) {
        throw new RangeError(`More than ${maxKeys} keys of ${name}: raise maxKeys or use fewer`);
      }
      one = inner.create();
      state.byKey.set(key, one);
    }
    return one;
  }
  const sortedKeys = (state: Readonly<KeyedByState<State>>) =>
    [...state.byKey.keys()].sort((a, b) => a - b || +Number.isNaN(a) - +Number.isNaN(b));
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: inner.exactness,
    create: (): KeyedByState<State> => ({
      key: identity.key,
      shared: inner.create(),
      byKey: new Map(),
    }),
    add(state: KeyedByState<State>, item: StreamItem): void {
      if (item.kind !== "batch") return inner.add(state.shared, item);
      for (const [key, events] of splitByKey(item, keysOf(item))) {
        inner.add(stateOf(state, key), events);
      }
    },
    merge(into: KeyedByState<State>, from: Readonly<KeyedByState<State>>): void {
      checkKeys(into.key, from.key);
      inner.merge(into.shared, from.shared);
      for (const [key, one] of from.byKey) inner.merge(stateOf(into, key), one);
    },
    result(state: Readonly<KeyedByState<State>>): Map<number, Out> {
      return new Map(
        sortedKeys(state).map((key) => {
          const whole = inner.create();
          inner.merge(whole, state.shared);
          inner.merge(whole, state.byKey.get(key)!);
          return [key, inner.result(whole)];
        }),
      );
    },
    snapshot(state: Readonly<KeyedByState<State>>): Snapshot {
      const keys = sortedKeys(state);
      return {
        ...identity,
        data: {
          shared: inner.snapshot(state.shared),
          keys: Float64Array.from(keys),
          states: keys.map((key) => inner.snapshot(state.byKey.get(key)!)) as SnapshotValue[],
        },
      };
    },
    restore(snapshot: Snapshot): KeyedByState<State> {
      checkSnapshot(identity, snapshot);
      const { shared, keys, states } = snapshot.data as unknown as {
        shared: Snapshot;
        keys: Float64Array;
        states: Snapshot[];
      };
      return {
        key: identity.key,
        shared: inner.restore(shared),
        byKey: new Map(states.map((one, i) => [keys[i]!, inner.restore(one)])),
      };
    },
  });
}
