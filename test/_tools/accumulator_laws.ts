/** The laws that every accumulator promises, held over random inputs and random cuts of them. */
import { deepStrictEqual, notStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { StreamItem } from "../../src/data/mod.ts";
import {
  type Accumulator,
  type AnyAccumulator,
  fold,
  IncompatibleStateError,
  type Snapshot,
} from "../../streams/accumulators/mod.ts";
import { decodeSnapshot, encodeSnapshot } from "../../streams/sinks/mod.ts";
import { recutItems } from "./event_arbitraries.ts";

/** How the laws are checked. */
export interface LawOptions<In, Out> {
  /** Holds results of merged parts against the whole; by default to the bit, or within rounding. */
  readonly same?: (found: Out, expected: Out) => void;
  /** Σ|term| of an input, to which `exactness.rtol` is relative; 0: to the numbers themselves. */
  readonly scale?: (inputs: readonly In[]) => number;
  /** The same input cut otherwise; by default the batches of a stream are. */
  readonly recut?: (inputs: readonly In[], seed: number) => In[];
  /** Nothing is lost: what a result accounts for, and what went in. */
  readonly conserves?: { counted(result: Out): number; seen(inputs: readonly In[]): number };
  /** Accumulators whose snapshots and states must be refused. */
  readonly others?: readonly AnyAccumulator<In>[];
  /** Random inputs; 60. */
  readonly numRuns?: number;
}

/** Throws unless the accumulator keeps every law over the inputs. */
export function checkAccumulatorLaws<In, State, Out>(
  acc: Accumulator<In, State, Out>,
  inputs: fc.Arbitrary<In[]>,
  options: LawOptions<In, Out> = {},
): void {
  checkRefusals(acc, options.others ?? []);
  fc.assert(
    fc.property(inputs, fc.nat(), fc.nat(), fc.nat(), (xs, p, q, seed) => {
      const [i, j] = [p % (xs.length + 1), q % (xs.length + 1)].sort((a, b) => a - b);
      checkInput(acc, xs);
      const parts = [xs.slice(0, i), xs.slice(i, j), xs.slice(j)] as const;
      checkMerging(acc, xs, parts, options);
      checkPurity(acc, xs, parts);
      checkSnapshots(acc, parts);
      checkCuts(acc, xs, seed, options);
      const { conserves } = options;
      if (conserves === undefined) return;
      strictEqual(conserves.counted(acc.result(fold(acc, xs))), conserves.seen(xs), "nothing lost");
    }),
    { numRuns: options.numRuns ?? 60 },
  );
}

function merged<In, State, Out>(
  acc: Accumulator<In, State, Out>,
  into: State,
  from: State,
): State {
  acc.merge(into, from);
  return into;
}

function checkMerging<In, State, Out>(
  acc: Accumulator<In, State, Out>,
  xs: readonly In[],
  [x, y, z]: readonly [readonly In[], readonly In[], readonly In[]],
  options: LawOptions<In, Out>,
): void {
  const whole = acc.result(fold(acc, xs));
  const within = options.same ?? sameWithin<Out>(acc, options.scale?.(xs) ?? 0);
  const holds = (law: string, state: State) => named(law, () => within(acc.result(state), whole));
  const of = (part: readonly In[]) => fold(acc, part);
  holds("left identity", merged(acc, acc.create(), of(xs)));
  holds("right identity", merged(acc, of(xs), acc.create()));
  holds("merge(fold x, fold y) = fold(x ++ y)", merged(acc, merged(acc, of(x), of(y)), of(z)));
  holds("associativity", merged(acc, of(x), merged(acc, of(y), of(z))));
  holds("a merged state goes on", fold(acc, z, merged(acc, of(x), of(y))));
  if (acc.order === "any") {
    holds("commutativity", merged(acc, of(z), merged(acc, of(y), of(x))));
    holds("commutativity of two", merged(acc, merged(acc, of(y), of(z)), of(x)));
  }
  for (const begin of [() => of(x), () => acc.create()]) {
    const from = of(y), before = structuredClone(acc.snapshot(from));
    const into = merged(acc, begin(), from);
    bits("merge leaves `from` alone", acc.snapshot(from), before);
    fold(acc, z, into);
    bits("`from` does not see the merged state go on", acc.snapshot(from), before);
    const other = merged(acc, begin(), from), after = structuredClone(acc.snapshot(other));
    fold(acc, z, from);
    bits("a merged state does not see `from` go on", acc.snapshot(other), after);
  }
}

function checkPurity<In, State, Out>(
  acc: Accumulator<In, State, Out>,
  xs: readonly In[],
  [x, y, z]: readonly [readonly In[], readonly In[], readonly In[]],
): void {
  const state = fold(acc, x), stored = structuredClone(acc.snapshot(state));
  const first = acc.result(state);
  bits("result leaves the state alone", acc.snapshot(state), stored);
  bits("result gives the same twice", acc.result(state), first);
  const copy = acc.result(state);
  // What a new state also gives belongs to the accumulator, not to the state: axes, geometry.
  scramble(first, reachable(acc.result(acc.create())));
  bits("a result is the caller's", acc.result(state), copy);
  bits("a snapshot does not see the result", acc.snapshot(state), stored);
  const whole = acc.result(fold(acc, xs));
  bits("result may be taken at any time", acc.result(fold(acc, z, fold(acc, y, state))), whole);
  notStrictEqual(acc.create(), acc.create(), "create makes a new state");
}

function checkInput<In, State, Out>(acc: Accumulator<In, State, Out>, xs: readonly In[]): void {
  const input = structuredClone(xs) as In[], untouched = structuredClone(xs) as In[];
  const state = fold(acc, input);
  bits("add leaves its input alone", input, untouched);
  scramble(input, new Set());
  const other = fold(acc, untouched);
  bits("add keeps nothing of its input", acc.snapshot(state), acc.snapshot(other));
  bits("no result keeps anything of the input", acc.result(state), acc.result(other));
}

function checkSnapshots<In, State, Out>(
  acc: Accumulator<In, State, Out>,
  [x, y, z]: readonly [readonly In[], readonly In[], readonly In[]],
): void {
  const goOn = (state: State) => fold(acc, z, fold(acc, y, state));
  const never = acc.snapshot(goOn(fold(acc, x))), result = acc.result(goOn(fold(acc, x)));
  const state = fold(acc, x), snapshot = acc.snapshot(state), before = structuredClone(snapshot);
  const ways: [string, () => Snapshot][] = [
    ["a snapshot", () => snapshot],
    ["structuredClone", () => structuredClone(snapshot)],
    [
      "the bytes of a snapshot",
      () => decodeSnapshot(encodeSnapshot({ run: 1 }, snapshot), "law").snapshot,
    ],
  ];
  for (const [way, stored] of ways) {
    const restored = goOn(acc.restore(stored()));
    bits(`stop, restore by ${way}, go on = never stopped`, acc.snapshot(restored), never);
    bits(`the same result by ${way}`, acc.result(restored), result);
  }
  bits("restore leaves the snapshot alone, and may be repeated", snapshot, before);
  const again = acc.restore(snapshot), once = acc.restore(snapshot);
  goOn(once);
  bits("two restored states share nothing", acc.snapshot(again), before);
  goOn(state);
  bits("a snapshot does not see the state go on", snapshot, before);
  const kept = fold(acc, x), taken = acc.snapshot(kept), back = acc.restore(taken);
  scramble(taken, new Set());
  bits("the state does not see its snapshot", acc.snapshot(kept), before);
  bits("a restored state does not see the snapshot", acc.snapshot(back), before);
}

function checkCuts<In, State, Out>(
  acc: Accumulator<In, State, Out>,
  xs: readonly In[],
  seed: number,
  options: LawOptions<In, Out>,
): void {
  const recut = options.recut ??
    ((inputs, seed) => recutItems(inputs as unknown as StreamItem[], seed) as unknown as In[]);
  const found = acc.result(fold(acc, recut(xs, seed)));
  bits("any cut gives the same bits", found, acc.result(fold(acc, xs)));
}

function checkRefusals<In>(acc: AnyAccumulator<In>, others: readonly AnyAccumulator<In>[]): void {
  const snapshot = acc.snapshot(acc.create()), { kind, version, key } = acc;
  bits("a snapshot says what it is", { ...snapshot, data: 0 }, { kind, version, key, data: 0 });
  const wrong = [{ kind: `${kind}?` }, { version: version + 1 }, { key: `${key}?` }];
  for (const change of wrong) {
    throws(() => acc.restore({ ...snapshot, ...change }), IncompatibleStateError);
  }
  for (const other of others) {
    throws(() => acc.restore(other.snapshot(other.create())), IncompatibleStateError);
    throws(() => other.restore(snapshot), IncompatibleStateError);
    throws(() => acc.merge(acc.create(), other.create()), IncompatibleStateError);
  }
}

function named(law: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`law broken: ${law}: ${(error as Error).message}`, { cause: error });
  }
}

function bits(law: string, found: unknown, expected: unknown): void {
  named(law, () => deepStrictEqual(found, expected));
}

/** Holds all numbers of two results together, within the rounding that the accumulator states. */
export function sameWithin<Out>(
  acc: Pick<AnyAccumulator<never>, "exactness">,
  scale: number,
): (found: Out, expected: Out) => void {
  const { exactness } = acc;
  if (exactness.kind !== "rounding") return (found, expected) => deepStrictEqual(found, expected);
  return (found, expected) => compare(found, expected, { rtol: exactness.rtol, scale }, "result");
}

function compare(
  a: unknown,
  b: unknown,
  limit: { readonly rtol: number; readonly scale: number },
  where: string,
): void {
  if (typeof a === "number" && typeof b === "number") {
    const size = Math.max(Math.abs(a), Math.abs(b), limit.scale);
    if (Object.is(a, b) || a === b || Math.abs(a - b) <= limit.rtol * size) return;
    throw new Error(`${where}: found ${a}, expected ${b}`);
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return deepStrictEqual(a, b, where);
  }
  strictEqual(Object.getPrototypeOf(a), Object.getPrototypeOf(b), where);
  const [p, q] = [entriesOf(a), entriesOf(b)];
  deepStrictEqual(p.map(([key]) => key), q.map(([key]) => key), where);
  p.forEach(([key, one], i) => compare(one, q[i]![1], limit, `${where}.${String(key)}`));
}

function entriesOf(value: object): [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  return Object.entries(value);
}

/** All objects that can be reached from a value. */
function reachable(value: unknown, found: Set<object> = new Set()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  if (ArrayBuffer.isView(value)) return found;
  for (const [, one] of entriesOf(value)) reachable(one, found);
  return found;
}

/** Writes nonsense wherever a caller may write, but not into what is `spared`. */
function scramble(value: unknown, spared: ReadonlySet<object>): void {
  for (const one of reachable(value)) {
    if (spared.has(one)) continue;
    if (one instanceof BigInt64Array || one instanceof BigUint64Array) one.fill(77n as never);
    else if (ArrayBuffer.isView(one)) (one as Float64Array).fill(7e7);
    else if (one instanceof Map) one.clear();
    else if (!Object.isFrozen(one)) {
      for (const [key, number] of Object.entries(one)) {
        const isWritable = Object.getOwnPropertyDescriptor(one, key)?.writable === true;
        if (typeof number === "number" && isWritable) (one as Record<string, unknown>)[key] = 7e7;
      }
    }
  }
}
