import type { StreamItem } from "../../src/data/mod.ts";
import {
  type Accumulator,
  checkKeys,
  checkSnapshot,
  type Exactness,
  type Snapshot,
} from "./accumulator.ts";
import type { LiveClock } from "./live_clock.ts";

/** What is expected of photons one by one. */
export interface PhotonChainOptions {
  /** Expected events a second of live time, > 0. */
  readonly backgroundPerS: number;
  /** Live time against time. */
  readonly clock: LiveClock;
}

/** State of a reduction of photons in the order of acceptance time. */
export interface PhotonChainState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Photons so far. */
  n: number;
  /** Time of the first, seconds after the epoch; NaN before any. */
  firstS: number;
  /** Time of the last. */
  lastS: number;
  /** Cumulative expected counts at the first. */
  firstB: number;
  /** Cumulative expected counts at the last. */
  lastB: number;
  /** Events out of order, or without a finite time. */
  late: number;
  /** What the reduction holds. */
  readonly sums: Float64Array;
}

/** What is particular about a reduction. */
export interface PhotonChain<Out> {
  readonly kind: string;
  readonly version: number;
  readonly key: string;
  readonly exactness: Exactness;
  /** Sums before any photon. */
  readonly create: () => Float64Array;
  /** Counts a photon; `state` is as after the one before, with n = 0 for the first. */
  readonly step: (state: Readonly<PhotonChainState>, b: number, timeS: number) => void;
  /** Appends `from`, which has photons, to sums of photons; both are as before. */
  readonly join: (into: Readonly<PhotonChainState>, from: Readonly<PhotonChainState>) => void;
  readonly result: (state: Readonly<PhotonChainState>) => Out;
}

/** Makes an accumulator over photons in order of time. */
export function photonChain<Out>(
  chain: PhotonChain<Out>,
  { backgroundPerS, clock }: PhotonChainOptions,
): Accumulator<StreamItem, PhotonChainState, Out> {
  if (!(backgroundPerS > 0) || !Number.isFinite(backgroundPerS)) {
    throw new RangeError(`${chain.kind} expects a rate above 0 /s, found ${backgroundPerS}`);
  }
  const { kind, version, key, exactness } = chain, identity = { kind, version, key };
  return Object.freeze({
    ...identity,
    order: "time" as const,
    exactness,
    create: (): PhotonChainState => ({
      key,
      n: 0,
      firstS: NaN,
      lastS: NaN,
      firstB: NaN,
      lastB: NaN,
      late: 0,
      sums: chain.create(),
    }),
    add(state: PhotonChainState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const { timeS } = item.columns;
      for (let i = 0; i < timeS.length; i++) {
        const t = timeS[i]!;
        if (!Number.isFinite(t) || t < state.lastS) {
          state.late++;
          continue;
        }
        const b = backgroundPerS * clock.liveS(t);
        chain.step(state, b, t);
        if (state.n === 0) {
          state.firstS = t;
          state.firstB = b;
        }
        state.n++;
        state.lastS = t;
        state.lastB = b;
      }
    },
    merge(into: PhotonChainState, from: Readonly<PhotonChainState>): void {
      checkKeys(into.key, from.key);
      if (from.firstS < into.lastS) {
        throw new RangeError(`${kind} merges parts in order of time, found an earlier one behind`);
      }
      into.late += from.late;
      if (from.n === 0) return;
      if (into.n === 0) {
        into.firstS = from.firstS;
        into.firstB = from.firstB;
        into.sums.set(from.sums);
      } else chain.join(into, from);
      into.n += from.n;
      into.lastS = from.lastS;
      into.lastB = from.lastB;
    },
    result: chain.result,
    snapshot(state: Readonly<PhotonChainState>): Snapshot {
      const { n, firstS, lastS, firstB, lastB, late, sums } = state;
      return {
        ...identity,
        data: { n, firstS, lastS, firstB, lastB, late, sums: sums.slice() },
      };
    },
    restore(snapshot: Snapshot): PhotonChainState {
      checkSnapshot(identity, snapshot);
      const data = snapshot.data as unknown as Omit<PhotonChainState, "key">;
      return { key, ...data, sums: data.sums.slice() };
    },
  });
}

/** Refuses factors that are not above 1, or none. */
export function checkFactors(factors: readonly number[]): void {
  if (factors.length > 0 && factors.every((mu) => mu > 1 && mu < Infinity)) return;
  throw new RangeError(`Factors of brightness are above 1, found ${factors.join(", ") || "none"}`);
}
