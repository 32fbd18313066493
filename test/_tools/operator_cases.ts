/** The cases that every operator over a stream must pass, whatever it does. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  concat,
  EMPTY,
  from,
  NEVER,
  type Observable,
  of,
  type OperatorFunction,
  Subject,
  take,
  throwError,
} from "rxjs";
import { createHeartbeat, createObsStart, type StreamItem } from "../../src/data/mod.ts";
import { createEventBatch, createGti, type EventBatch } from "../../src/events/mod.ts";
import {
  anyStream,
  batchesOf,
  batchOf,
  CENTER,
  columnOf,
  EPOCH,
  type PlainEvent,
  recutItems,
  rowsRead,
} from "./event_arbitraries.ts";

/** What is particular about an operator. */
export interface OperatorCases<Out> {
  /** Columns that it must ask for by name. */
  readonly needs?: readonly string[];
  /** Streams that it takes. */
  readonly streams?: fc.Arbitrary<StreamItem[]>;
  /** What of its output must not depend on the cut; by default events, accounts and other items. */
  readonly outline?: (outs: readonly Out[]) => unknown;
  /** Rows that its output accounts for; by default events + late + rejected. */
  readonly counted?: (outs: readonly Out[]) => number;
  /** Rows of a stream that the output must account for; by default events + late + rejected. */
  readonly seen?: (items: readonly StreamItem[]) => number;
  /** What it emits for a stream of nothing; 0. */
  readonly nOfNothing?: number;
  /** It never looks at columns, so that ones that throw do not make it fail; false. */
  readonly ignoresColumns?: boolean;
  /** It emits only when the stream ends; false. */
  readonly emitsAtEnd?: boolean;
}

/** What was heard of an observable. */
interface Heard<Out> {
  readonly outs: Out[];
  readonly error: unknown;
  readonly isComplete: boolean;
}

/** Subscribes and listens, until unsubscribed. */
function hear<Out>(source: Observable<Out>): Heard<Out> & { unsubscribe(): void } {
  const heard = { outs: [] as Out[], error: undefined as unknown, isComplete: false };
  const subscription = source.subscribe({
    next: (out) => heard.outs.push(out),
    error: (error) => heard.error = error,
    complete: () => heard.isComplete = true,
  });
  return Object.assign(heard, { unsubscribe: () => subscription.unsubscribe() });
}

/** Everything but how the events are cut: per observation the events, the account, other items. */
export function outlineOf(items: readonly StreamItem[]): unknown {
  const accounts: Record<string, number> = {};
  const others: unknown[] = [];
  let run: EventBatch[] = [];
  const letOut = () => {
    const names = run.length === 0 ? [] : Object.keys(run[0]!.columns).sort();
    const columns = names.map((name) => [name, columnOf(run, name)]);
    if (run.some((batch) => batch.length > 0)) others.push([run[0]!.obsId, columns]);
    run = [];
  };
  for (const item of items) {
    if (item.kind !== "batch") {
      letOut();
      others.push(item);
      continue;
    }
    if (run.length > 0 && run[0]!.obsId !== item.obsId) letOut();
    run.push(item);
    accounts["late"] = (accounts["late"] ?? 0) + item.late;
    for (const [reason, n] of Object.entries(item.rejected)) {
      accounts[reason] = (accounts[reason] ?? 0) + n;
    }
  }
  letOut();
  const account = Object.entries(accounts).filter(([, n]) => n > 0).sort();
  return [others, account];
}

const plain: PlainEvent = {
  timeS: 5,
  energyTeV: 1,
  raDeg: CENTER.raDeg,
  decDeg: CENTER.decDeg,
  phase: 0.25,
  weight: 1,
  eventType: 1,
  piChannel: 100,
  eventId: 1n,
};
const start = createObsStart({
  obsId: "0",
  epoch: EPOCH,
  pointing: CENTER,
  gti: createGti(EPOCH, Float64Array.of(0), Float64Array.of(1e5)),
});

/** A stream without end whose times ascend; it tells how many items were taken. */
function endless(): { items: Iterable<StreamItem>; taken: () => number } {
  let taken = 0;
  function* items(): Generator<StreamItem> {
    yield start;
    for (let timeS = 0;; timeS += 100) {
      taken++;
      if (taken > 100_000) throw new Error("the source was not stopped");
      yield batchOf([{ ...plain, timeS }, { ...plain, timeS: timeS + 1 }], { obsId: "0" });
      yield createHeartbeat({ timeS: timeS + 2 });
    }
  }
  return { items: items(), taken: () => taken };
}

/** A batch that cannot be read. */
function poison(): EventBatch {
  const batch = batchOf(new Array(8).fill(plain), { obsId: "0" });
  return Object.defineProperty({ ...batch }, "columns", {
    get() {
      throw new Error("poison");
    },
  });
}

/** Registers the tests of an operator. */
export function checkOperatorCases<Out>(
  name: string,
  make: () => OperatorFunction<StreamItem, Out>,
  cases: OperatorCases<Out> = {},
): void {
  const {
    needs = [],
    streams = anyStream({ orphans: false, withGti: true }),
    outline = (outs) => outlineOf(outs as unknown as StreamItem[]),
    counted = (outs) => rowsRead(outs as unknown as StreamItem[]),
    seen = rowsRead,
    nOfNothing = 0,
    emitsAtEnd = false,
  } = cases;
  const run = (items: readonly StreamItem[]) => hear(from(items).pipe(make()));
  const test = (what: string, fn: () => void) => Deno.test(`${name} ${what}`, fn);

  test("is silent over a stream that never emits", () => {
    const { outs, error, isComplete } = hear(NEVER.pipe(make()));
    deepStrictEqual([outs, error, isComplete], [[], undefined, false]);
  });

  test("completes over an empty stream", () => {
    const { outs, error, isComplete } = hear(EMPTY.pipe(make()));
    deepStrictEqual([outs.length, error, isComplete], [nOfNothing, undefined, true]);
  });

  test("takes a single item, and many", () => {
    for (const n of [1, 2, 50]) {
      const heard = run([start, ...[...taking(endless().items, 1 + 2 * n)].slice(1)]);
      deepStrictEqual([heard.error, heard.isComplete], [undefined, true]);
      ok(heard.outs.length > 0);
    }
    strictEqual(run([start]).isComplete, true);
  });

  test("passes an error of its source on", () => {
    const failure = new Error("source");
    const { outs, error } = hear(throwError(() => failure).pipe(make()));
    deepStrictEqual([outs, error], [[], failure]);
  });

  test("emits what came before an error, and nothing after it", () => {
    const failure = new Error("source"), items = [...taking(endless().items, 9)];
    const before = hear(concat(from(items), NEVER).pipe(make()));
    const heard = hear(concat(from(items), throwError(() => failure)).pipe(make()));
    deepStrictEqual(outline(heard.outs), outline(before.outs));
    deepStrictEqual([heard.error, heard.isComplete, before.isComplete], [failure, false, false]);
  });

  test("does not wait for the end, and does not end by itself", () => {
    const source = new Subject<StreamItem>(), heard = hear(source.pipe(make()));
    for (const item of taking(endless().items, 401)) source.next(item);
    deepStrictEqual([heard.error, heard.isComplete], [undefined, false]);
    strictEqual(heard.outs.length > 0, !emitsAtEnd);
    heard.unsubscribe();
  });

  test("stops its source when unsubscribed, and is silent then", () => {
    const source = new Subject<StreamItem>(), heard = hear(source.pipe(make()));
    const items = [...taking(endless().items, 21)];
    for (const item of items.slice(0, 10)) source.next(item);
    const n = heard.outs.length;
    ok(source.observed);
    heard.unsubscribe();
    ok(!source.observed);
    for (const item of items.slice(10)) source.next(item);
    source.complete();
    deepStrictEqual([heard.outs.length, heard.isComplete], [n, false]);
  });

  if (!emitsAtEnd) {
    test("stops a source that emits in a loop as soon as enough was taken", () => {
      const { items, taken } = endless();
      const { outs, isComplete } = hear(from(items).pipe(make(), take(2)));
      deepStrictEqual([outs.length, isComplete], [2, true]);
      ok(taken() < 5000, `${taken()}`);
    });
  }

  test("has a state for each subscription", () => {
    fc.assert(
      fc.property(streams, streams, (xs, ys) => {
        const operator = make();
        const twice = from(xs).pipe(operator);
        deepStrictEqual(outline(hear(twice).outs), outline(hear(twice).outs));
        // two hot streams through the same operator, item by item in turn
        const [a, b] = [new Subject<StreamItem>(), new Subject<StreamItem>()];
        const [p, q] = [hear(a.pipe(operator)), hear(b.pipe(operator))];
        for (let i = 0; i < Math.max(xs.length, ys.length); i++) {
          if (i < xs.length) a.next(xs[i]!);
          if (i < ys.length) b.next(ys[i]!);
        }
        a.complete();
        b.complete();
        deepStrictEqual([p.error, q.error], [undefined, undefined]);
        deepStrictEqual(outline(p.outs), outline(run(xs).outs));
        deepStrictEqual(outline(q.outs), outline(run(ys).outs));
      }),
      { numRuns: 30 },
    );
  });

  if (!cases.ignoresColumns) {
    test("makes an error notification of what is thrown inside, and takes nothing more", () => {
      let after = 0;
      function* items(): Generator<StreamItem> {
        yield start;
        yield poison();
        for (;; after++) {
          if (after > 1000) throw new Error("the source was not stopped");
          yield batchOf([plain], { obsId: "0" });
        }
      }
      const heard = hear(from(items()).pipe(make()));
      match(String(heard.error), /poison/);
      ok(after === 0 && !heard.isComplete);
      const source = new Subject<StreamItem>(), hot = hear(source.pipe(make()));
      source.next(start);
      source.next(poison());
      match(String(hot.error), /poison/);
      ok(!source.observed);
    });
  }

  for (const column of needs) {
    test(`needs column ${column}, and says so`, () => {
      const { [column]: _, ...others } = batchOf([plain]).columns;
      const heard = run([start, createEventBatch(others as EventBatch["columns"])]);
      ok(heard.error instanceof TypeError);
      match(heard.error.message, new RegExp(`needs column ${column}`));
    });
  }

  test("accounts for every row", () => {
    fc.assert(
      fc.property(streams, (items) => {
        const { outs, error } = run(items);
        strictEqual(error, undefined);
        strictEqual(counted(outs), seen(items));
      }),
      { numRuns: 50 },
    );
  });

  test("gives the same however the events are cut into batches", () => {
    fc.assert(
      fc.property(streams, fc.nat(), (items, seed) => {
        const recut = recutItems(items, seed);
        deepStrictEqual(outline(run(recut).outs), outline(run(items).outs));
      }),
      { numRuns: 50 },
    );
  });

  test("does not write what it is given", () => {
    fc.assert(
      fc.property(streams, (items) => {
        const before = structuredClone(items), copy = structuredClone(items);
        run(copy);
        deepStrictEqual(copy, before);
      }),
      { numRuns: 30 },
    );
  });

  test("gives batches whose columns have one length and whose watermark is kept", () => {
    fc.assert(
      fc.property(streams, (items) => {
        for (const out of run(items).outs) {
          const item = out as StreamItem;
          if (item?.kind !== "batch") continue;
          ok(Object.values(item.columns).every((one) => one!.length === item.length));
          ok(Object.isFrozen(item) && Object.isFrozen(item.columns));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("takes nothing but an empty batch", () => {
    const heard = hear(of(start, batchOf([], { obsId: "0" })).pipe(make()));
    deepStrictEqual([heard.error, heard.isComplete], [undefined, true]);
    strictEqual(batchesOf(heard.outs as StreamItem[]).every(({ length }) => length === 0), true);
  });
}

function* taking<T>(items: Iterable<T>, n: number): Generator<T> {
  for (const item of items) {
    if (n-- <= 0) return;
    yield item;
  }
}
