/** rebatch, progress, tee, accumulate: operators that change no event. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { from, Subject, take } from "rxjs";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch } from "../../../src/events/mod.ts";
import { account, fold } from "../../../streams/accumulators/mod.ts";
import {
  accumulate,
  type Progress,
  progress,
  rebatch,
  selectTime,
  tee,
} from "../../../streams/operators/mod.ts";
import { anyStream, batchesOf, countEvents } from "../../_tools/event_arbitraries.ts";

const events = (...timeS: number[]) => createEventBatch({ timeS: Float64Array.from(timeS) });

Deno.test("rebatch() gives full batches but for the last before another item", () => {
  fc.assert(fc.property(anyStream(), fc.integer({ min: 1, max: 20 }), (items, size) => {
    const outs: StreamItem[] = [];
    from(items).pipe(rebatch(size)).subscribe((item) => outs.push(item));
    outs.forEach((item, i) => {
      if (item.kind !== "batch") return;
      const next = outs[i + 1];
      const isLast = next?.kind !== "batch" || next.obsId !== item.obsId;
      ok(item.length === size || isLast && item.length < size);
      // an empty batch only where it alone carries the account
      ok(item.length > 0 || i === 0 || outs[i - 1]!.kind !== "batch" || isLast);
    });
    const others = (list: StreamItem[]) => list.filter(({ kind }) => kind !== "batch");
    deepStrictEqual(others(outs), others(items));
  }));
});

Deno.test("rebatch() holds nothing of any number of empty batches, and keeps their account", () => {
  const outs: StreamItem[] = [];
  const empty = (row: number) =>
    createEventBatch({ timeS: new Float64Array(0) }, {
      rowStart: row,
      rowStop: row + 1,
      rejected: { "cut:time": 1 },
      watermarkS: row,
    });
  from([events(1), ...Array.from({ length: 1000 }, (_, i) => empty(i + 1))]).pipe(rebatch(10))
    .subscribe((item) => outs.push(item));
  const [only] = batchesOf(outs);
  deepStrictEqual([outs.length, only!.length, only!.rejected], [1, 1, { "cut:time": 1000 }]);
  deepStrictEqual([only!.rowStart, only!.rowStop, only!.watermarkS], [0, 1001, 1000]);
});

Deno.test("rebatch() copies no event that need not be joined, and refuses sizes that are none", () => {
  const batch = events(1, 2, 3, 4), outs: StreamItem[] = [];
  from([batch]).pipe(rebatch(2)).subscribe((item) => outs.push(item));
  ok(batchesOf(outs).every((one) => one.columns.timeS.buffer === batch.columns.timeS.buffer));
  for (const size of [0, -1, 1.5, NaN, Infinity]) throws(() => rebatch(size), RangeError);
});

Deno.test("progress() tells the greatest time so far, also of unsorted events and with NaN", () => {
  const told: Progress[] = [];
  from([events(5, 9, 2), events(NaN), events(3)]).pipe(progress((so) => told.push(so))).subscribe();
  deepStrictEqual(told.map(({ events, timeS }) => [events, timeS]), [[3, 9], [4, 9], [5, 9]]);
});

Deno.test("progress() and tee() pass the items themselves", () => {
  fc.assert(fc.property(anyStream(), (items) => {
    const outs: StreamItem[] = [], beside: StreamItem[] = [];
    from(items).pipe(progress(() => {}), tee((source) => source, (item) => beside.push(item)))
      .subscribe((item) => outs.push(item));
    ok(outs.length === items.length && outs.every((item, i) => item === items[i]));
    ok(beside.length === items.length && beside.every((item, i) => item === items[i]));
  }));
});

Deno.test("tee() ends its branch with the stream, and has its last value before the stream's end", () => {
  const heard: string[] = [];
  from([events(1, 2)]).pipe(tee(accumulate(account()), ({ used }) => heard.push(`${used} beside`)))
    .subscribe({ complete: () => heard.push("end") });
  deepStrictEqual(heard, ["2 beside", "end"]);
});

Deno.test("tee() goes on when its branch has taken enough", () => {
  let n = 0, m = 0;
  from([events(1), events(2), events(3)]).pipe(tee(take(1), () => m++)).subscribe(() => n++);
  deepStrictEqual([n, m], [3, 1]);
});

Deno.test("tee() makes an error of the stream of an error in its branch or in what observes it", () => {
  const failure = new Error("beside");
  const fails = () => {
    throw failure;
  };
  for (
    const operator of [
      tee((source) => source, fails),
      tee(progress(fails), () => {}),
    ]
  ) {
    const source = new Subject<StreamItem>();
    let error: unknown, n = 0;
    source.pipe(operator).subscribe({ next: () => n++, error: (e) => error = e });
    source.next(events(1));
    deepStrictEqual([error, n, source.observed], [failure, 0, false]);
  }
});

Deno.test("tee() lets go of its branch when unsubscribed", () => {
  const source = new Subject<StreamItem>(), inner = new Subject<StreamItem>();
  const subscription = source.pipe(tee(() => inner, () => {})).subscribe();
  ok(inner.observed);
  subscription.unsubscribe();
  ok(!inner.observed && !source.observed);
});

Deno.test("accumulate() gives the state of a plain fold, goes on from one, and shows it on the way", () => {
  fc.assert(fc.property(anyStream(), anyStream(), (xs, ys) => {
    const acc = account(), seen: number[] = [];
    let state: unknown;
    const options = {
      state: fold(acc, xs),
      observe: ({ used }: { used: number }) => seen.push(used),
    };
    from(ys).pipe(accumulate(acc, options)).subscribe((last) => state = last);
    deepStrictEqual(state, fold(acc, [...xs, ...ys]));
    strictEqual(seen.length, ys.length);
    if (ys.length > 0) strictEqual(seen.at(-1), countEvents([...xs, ...ys]));
  }));
});

Deno.test("operators in a row count each event once: read = used + late + rejected", () => {
  fc.assert(fc.property(anyStream(), (items) => {
    const acc = account();
    from(items).pipe(
      selectTime({ startS: 0 }),
      rebatch(7),
      selectTime({ stopS: 500 }),
      accumulate(acc),
    )
      .subscribe((state) => strictEqual(acc.result(state).read, acc.result(fold(acc, items)).read));
  }));
});
