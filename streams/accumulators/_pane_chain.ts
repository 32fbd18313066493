import {
  type Accumulator,
  checkKeys,
  checkSnapshot,
  type Exactness,
  type Snapshot,
} from "./accumulator.ts";

/** State of a reduction that looks at the last panes of a grid of time. */
export interface PaneChainState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Panes so far. */
  n: number;
  /** Number of the first; NaN before any. */
  firstIndex: number;
  /** Number of the last. */
  lastIndex: number;
  /** Panes up to the last without a gap. */
  run: number;
  /** Panes that came after a later one. */
  late: number;
  /** The first panes, which a part before this one has to look at again. */
  readonly head: Float64Array;
  /** The last panes: that of number i at i modulo their number. */
  readonly ring: Float64Array;
  /** Best results so far. */
  readonly best: Float64Array;
}

/** What is particular about a reduction. */
export interface PaneChain<Pane, Out> {
  readonly kind: string;
  readonly version: number;
  readonly key: string;
  readonly exactness: Exactness;
  /** Most panes that a test looks at. */
  readonly memory: number;
  /** Numbers of a pane. */
  readonly width: number;
  /** Results before any test. */
  readonly create: () => Float64Array;
  /** Number of a pane, and its numbers into `out`; throws for what cannot be. */
  readonly read: (pane: Pane, out: Float64Array) => number;
  /**
   * Makes the tests that end with pane `index`; the last `run` panes, `memory` at the most, are in `ring`.
   * A test made again changes nothing.
   */
  readonly test: (best: Float64Array, index: number, run: number, ring: Float64Array) => void;
  /** Takes the better ones. */
  readonly join: (into: Float64Array, from: Float64Array) => void;
  readonly result: (state: Readonly<PaneChainState>) => Out;
}

/** Place of a number in a ring. */
export function ringPlace(index: number, memory: number): number {
  const place = index % memory;
  return place < 0 ? place + memory : place;
}

/** Makes an accumulator over panes in order of time: tests of the last ones, and the best of all. */
export function paneChain<Pane, Out>(
  chain: PaneChain<Pane, Out>,
): Accumulator<Pane, PaneChainState, Out> {
  const { kind, version, key, exactness, memory, width } = chain, identity = { kind, version, key };
  const pane = new Float64Array(width);
  const create = (): PaneChainState => ({
    key,
    n: 0,
    firstIndex: NaN,
    lastIndex: NaN,
    run: 0,
    late: 0,
    head: new Float64Array(memory * (width + 1)),
    ring: new Float64Array(memory * width),
    best: chain.create(),
  });
  function append(state: PaneChainState, index: number, values: Float64Array): void {
    const { head, ring, best } = state;
    if (state.n === 0) state.firstIndex = index;
    if (state.n < memory) {
      head[state.n * (width + 1)] = index;
      head.set(values, state.n * (width + 1) + 1);
    }
    state.run = index === state.lastIndex + 1 ? Math.min(memory, state.run + 1) : 1;
    state.n++;
    state.lastIndex = index;
    ring.set(values, ringPlace(index, memory) * width);
    chain.test(best, index, state.run, ring);
  }
  return Object.freeze({
    ...identity,
    order: "time" as const,
    exactness,
    create,
    add(state: PaneChainState, input: Pane): void {
      const index = chain.read(input, pane);
      if (!Number.isSafeInteger(index)) {
        throw new RangeError(`${kind}: a pane has a whole number, found ${index}`);
      }
      if (index <= state.lastIndex) state.late++;
      else append(state, index, pane);
    },
    merge(into: PaneChainState, from: Readonly<PaneChainState>): void {
      checkKeys(into.key, from.key);
      if (from.firstIndex <= into.lastIndex) {
        throw new RangeError(`${kind} merges parts in order of time, found an earlier one behind`);
      }
      into.late += from.late;
      const again = Math.min(from.n, memory), n = into.n + from.n;
      for (let i = 0; i < again; i++) {
        const at = i * (width + 1);
        append(into, from.head[at]!, from.head.subarray(at + 1, at + 1 + width));
      }
      if (from.n > memory) {
        into.n = n;
        into.run = from.run;
        into.lastIndex = from.lastIndex;
        into.ring.set(from.ring);
        chain.join(into.best, from.best);
      }
    },
    result: chain.result,
    snapshot(state: Readonly<PaneChainState>): Snapshot {
      const { n, firstIndex, lastIndex, run, late, head, ring, best } = state;
      const lists = { head: head.slice(), ring: ring.slice(), best: best.slice() };
      return { ...identity, data: { n, firstIndex, lastIndex, run, late, ...lists } };
    },
    restore(snapshot: Snapshot): PaneChainState {
      checkSnapshot(identity, snapshot);
      const data = snapshot.data as unknown as Omit<PaneChainState, "key">;
      const { head, ring, best } = data;
      return { key, ...data, head: head.slice(), ring: ring.slice(), best: best.slice() };
    },
  });
}
