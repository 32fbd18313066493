/**
 * How a stream is reduced to one answer: a frozen record of functions. Everything that changes
 * lives in `State`, which has one owner.
 *
 * Law: `merge(fold(x), fold(y))` gives what `fold(x ++ y)` gives, within `exactness`, wherever the
 * stream is cut. All else follows from it: resuming, back-filling, several workers.
 */
export interface Accumulator<In, State, Out> {
  /** Name of the reduction: "counts-map". */
  readonly kind: string;
  /** Layout of its snapshot. */
  readonly version: number;
  /**
   * Fingerprint of the configuration: axes, region, epoch. Only equal keys merge; what has no
   * configuration has its kind for a key.
   */
  readonly key: string;
  /** "any": parts merge in any order. "time": only in the order of time. */
  readonly order: "any" | "time";
  /** How far two reductions of the same stream, cut differently, may differ. */
  readonly exactness: Exactness;
  /** A state that has seen nothing: the identity of `merge`. */
  readonly create: () => State;
  /** Changes `state` only; never keeps or writes `input`. */
  readonly add: (state: State, input: In) => void;
  /** Changes `into` only. Throws IncompatibleStateError if the keys differ. */
  readonly merge: (into: State, from: Readonly<State>) => void;
  /** The answer so far. Pure: at any time, any number of times; the caller owns what it gets. */
  readonly result: (state: Readonly<State>) => Out;
  /** A deep copy that survives structuredClone. */
  readonly snapshot: (state: Readonly<State>) => Snapshot;
  /** Checks, then copies. Throws IncompatibleStateError for another kind, version or key. */
  readonly restore: (snapshot: Snapshot) => State;
}

/** How far two reductions of the same events may differ. */
export type Exactness =
  | {
    /** Not at all. */
    readonly kind: "exact";
  }
  | {
    /** By the rounding of sums. */
    readonly kind: "rounding";
    /** Relative to Σ|term|. */
    readonly rtol: number;
  }
  | {
    /** An approximation with a stated bound. */
    readonly kind: "sketch";
    /** Error in rank, as a fraction of the events. */
    readonly rankError: number;
  };

/** What a snapshot may hold. */
export type SnapshotValue =
  | number
  | string
  | boolean
  | Float64Array
  | Uint32Array
  | Snapshot
  | readonly SnapshotValue[]
  | { readonly [name: string]: SnapshotValue };

/** A state at rest: plain data that says what it belongs to. */
export interface Snapshot {
  /** `kind` of the accumulator. */
  readonly kind: string;
  /** `version` of the accumulator. */
  readonly version: number;
  /** `key` of the accumulator. */
  readonly key: string;
  /** The state's content. */
  readonly data: Readonly<Record<string, SnapshotValue>>;
}

/** An accumulator of any state and result, where only the contract matters. */
// deno-lint-ignore no-explicit-any -- the state is nobody's business but the accumulator's
export type AnyAccumulator<In> = Accumulator<In, any, any>;

/** A state or snapshot that belongs to another accumulator. */
export class IncompatibleStateError extends TypeError {
  /** What this accumulator holds. */
  readonly expected: string;
  /** What was given. */
  readonly found: string;
  /**
   * An error that names both sides.
   *
   * @param message What went wrong.
   * @param sides What was expected and found.
   */
  constructor(message: string, sides: { readonly expected: string; readonly found: string }) {
    super(`${message}: expected ${sides.expected}, found ${sides.found}`);
    this.name = "IncompatibleStateError";
    this.expected = sides.expected;
    this.found = sides.found;
  }
}

/** What tells accumulators apart. */
export type Identity = Pick<AnyAccumulator<never>, "kind" | "version" | "key">;

function spelled({ kind, version, key }: Identity): string {
  return `${kind}@${version}#${key}`;
}

/**
 * Refuses a snapshot of another accumulator.
 *
 * @param accumulator Who is to restore it.
 * @param snapshot What was given.
 * @throws IncompatibleStateError for another kind, version or key.
 * @example
 * ```ts
 * import { account, checkSnapshot } from "@gammarx/gammarx/accumulators";
 * const acc = account();
 * checkSnapshot(acc, acc.snapshot(acc.create()));
 * ```
 */
export function checkSnapshot(accumulator: Identity, snapshot: Identity): void {
  const expected = spelled(accumulator), found = spelled(snapshot);
  if (expected !== found) {
    throw new IncompatibleStateError("Cannot restore this state", { expected, found });
  }
}

/**
 * Refuses to merge states of different configurations.
 *
 * @param into Key of the state that would change.
 * @param from Key of the other.
 * @throws IncompatibleStateError if they differ.
 * @example
 * ```ts
 * import { checkKeys } from "@gammarx/gammarx/accumulators";
 * import { throws } from "node:assert/strict";
 * throws(() => checkKeys("a", "b"), /merge/);
 * ```
 */
export function checkKeys(into: string, from: string): void {
  if (into !== from) {
    throw new IncompatibleStateError("Cannot merge states of different configurations", {
      expected: into,
      found: from,
    });
  }
}

/**
 * Folds a whole input.
 *
 * @param accumulator The reduction.
 * @param inputs What to fold, in order.
 * @param state Where to go on from; a new state where not given.
 * @returns The state, owned by the caller.
 * @example
 * ```ts
 * import { account, fold } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * const acc = account();
 * strictEqual(acc.result(fold(acc, [])).read, 0);
 * ```
 */
export function fold<In, State, Out>(
  accumulator: Accumulator<In, State, Out>,
  inputs: Iterable<In>,
  state: State = accumulator.create(),
): State {
  for (const input of inputs) accumulator.add(state, input);
  return state;
}
