import {
  type Accumulator,
  type AnyAccumulator,
  checkSnapshot,
  type Exactness,
  type Snapshot,
} from "./accumulator.ts";

/** State of each part of a {@link zip}, by name. */
export type ZipState = Record<string, object>;

/** Result of each part of a {@link zip}, by name. */
export type ZipResult<Parts extends Record<string, AnyAccumulator<never>>> = {
  [Name in keyof Parts]: ReturnType<Parts[Name]["result"]>;
};

/** The weakest promise of several. */
function weakest(all: readonly Exactness[]): Exactness {
  const width = (one: Exactness): readonly [number, number] =>
    one.kind === "exact" ? [0, 0] : one.kind === "rounding" ? [1, one.rtol] : [2, one.rankError];
  return all.reduce((a, b) => {
    const [p, q] = [width(a), width(b)];
    return p[0] > q[0] || (p[0] === q[0] && p[1] >= q[1]) ? a : b;
  }, { kind: "exact" });
}

/**
 * Runs several accumulators over the same stream in one pass.
 *
 * @param parts Accumulators by name; the names come back in the result.
 * @returns An accumulator whose promises are the weakest of its parts'.
 * @example
 * ```ts
 * import { account, countsSpectrum, fold, zip } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const both = zip({ account: account(), spectrum: countsSpectrum([1, 10]) });
 * const batch = createEventBatch({ timeS: new Float64Array(1), energyTeV: Float64Array.of(2) });
 * const { account: { used }, spectrum } = both.result(fold(both, [batch]));
 * strictEqual(used, spectrum.counts[0]);
 * ```
 */
export function zip<In, Parts extends Record<string, AnyAccumulator<In>>>(
  parts: Parts & Record<string, AnyAccumulator<In>>,
): Accumulator<In, ZipState, ZipResult<Parts>> {
  const names = Object.keys(parts).sort();
  const each = (of: (part: AnyAccumulator<In>, name: string) => unknown): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, of(parts[name]!, name)]));
  const spelled = ({ kind, version, key }: AnyAccumulator<In>) => `${kind}@${version}#${key}`;
  const identity = {
    kind: "zip",
    version: 1,
    key: names.map((name) => `${name}=${spelled(parts[name]!)}`).join("|"),
  };
  return Object.freeze({
    ...identity,
    order: names.some((name) => parts[name]!.order === "time") ? "time" as const : "any" as const,
    exactness: weakest(names.map((name) => parts[name]!.exactness)),
    create: () => each((part) => part.create()) as ZipState,
    add(state: ZipState, input: In): void {
      for (const name of names) parts[name]!.add(state[name], input);
    },
    merge(into: ZipState, from: Readonly<ZipState>): void {
      for (const name of names) parts[name]!.merge(into[name], from[name]!);
    },
    result: (state: Readonly<ZipState>) =>
      each((part, name) => part.result(state[name]!)) as ZipResult<Parts>,
    snapshot: (state: Readonly<ZipState>): Snapshot => ({
      ...identity,
      data: each((part, name) => part.snapshot(state[name]!)) as Snapshot["data"],
    }),
    restore(snapshot: Snapshot): ZipState {
      checkSnapshot(identity, snapshot);
      return each((part, name) => part.restore(snapshot.data[name] as Snapshot)) as ZipState;
    },
  });
}
