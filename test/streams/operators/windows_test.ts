import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { from, type OperatorFunction, Subject } from "rxjs";
import { createHeartbeat, createObsStart, type StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import {
  account,
  countsSpectrum,
  exposureSum,
  fold,
  windowed,
  zip,
} from "../../../streams/accumulators/mod.ts";
import { orderByTime, session, sliding, tumbling } from "../../../streams/operators/mod.ts";
import { anyStream, columnOf, EPOCH } from "../../_tools/event_arbitraries.ts";

function through<Out>(items: readonly StreamItem[], operator: OperatorFunction<StreamItem, Out>) {
  const outs: Out[] = [];
  let failure: unknown;
  from(items).pipe(operator).subscribe({
    next: (out) => outs.push(out),
    error: (e) => failure = e,
  });
  if (failure !== undefined) throw failure;
  return outs;
}

const events = (watermarkS: number, ...timeS: number[]) =>
  createEventBatch({ timeS: Float64Array.from(timeS) }, { watermarkS });
const parts = zip({
  account: account(),
  spectrum: countsSpectrum([0.1, 1, 10]),
  exposure: exposureSum(),
});
const shapes = fc.constantFrom(
  { widthS: 100 },
  { widthS: 100, stepS: 25 },
  { widthS: 0.9, stepS: 0.3, originS: 0.1 },
);

Deno.test("sliding() gives the windows of windowed() where nothing is late", () => {
  fc.assert(
    fc.property(anyStream({ sorted: true }), shapes, (items, options) => {
      const acc = windowed(parts, options), all = acc.result(fold(acc, items));
      const found = through(items, sliding(parts, options));
      deepStrictEqual(found.map(({ late: _, ...window }) => window), all);
      ok(found.every(({ late }) => late === 0));
    }),
    { numRuns: 30 },
  );
});

Deno.test("sliding() behind orderByTime() closes windows as it goes, with all events in them or late", () => {
  fc.assert(
    fc.property(anyStream({ finiteTimes: true, orphans: false }), (items) => {
      let nSorted = 0, nLate = 0, used = 0;
      const options = { widthS: 50, onLate: (n: number) => nLate += n };
      from(items).pipe(orderByTime({ latenessS: 100 })).subscribe((item) => {
        if (item.kind === "batch") nSorted += item.length;
      });
      from(items).pipe(orderByTime({ latenessS: 100 }), tumbling(account(), options))
        .subscribe(({ result }) => used += result.used);
      strictEqual(used + nLate, nSorted);
    }),
    { numRuns: 60 },
  );
});

Deno.test("tumbling() emits a window when the watermark has passed its end by the lateness", () => {
  const source = new Subject<StreamItem>(), starts: number[][] = [];
  source.pipe(tumbling(account(), { widthS: 10, latenessS: 5 })).subscribe(
    ({ startS, result, late }) => starts.push([startS, result.used, late]),
  );
  source.next(events(-Infinity, 1, 12));
  source.next(createHeartbeat({ timeS: 14.9 }));
  deepStrictEqual(starts, []);
  source.next(events(14.9, 9)); // late for its window's end, not for its lateness
  source.next(createHeartbeat({ timeS: 15 }));
  deepStrictEqual(starts, [[0, 2, 0]]);
  source.next(events(20, 3, 18)); // too late
  source.next(events(25, 30));
  deepStrictEqual(starts.slice(1), [[10, 2, 1]]);
  source.complete();
  deepStrictEqual(starts.slice(2), [[30, 1, 0]]);
});

Deno.test("tumbling() tells of late events also where no window follows them", () => {
  let late = 0;
  const items = [events(20, 5), events(20, 6, 7), events(20, 8)];
  const outs = through(items, tumbling(account(), { widthS: 10, onLate: (n) => late += n }));
  deepStrictEqual(outs.map(({ result }) => result.used), [1]);
  strictEqual(late, 3);
});

Deno.test("tumbling() divides exposure among its windows", () => {
  const gti = createGti(EPOCH, Float64Array.of(5), Float64Array.of(25));
  const outs = through(
    [createObsStart({ obsId: "", epoch: EPOCH, gti }), events(30, 6)],
    tumbling(exposureSum(), { widthS: 10 }),
  );
  deepStrictEqual(outs.map(({ startS, result }) => [startS, result.ontimeS]), [
    [0, 5],
    [10, 10],
    [20, 5],
  ]);
});

Deno.test("sliding() and tumbling() refuse windows that do not fit", () => {
  throws(() => sliding(account(), { widthS: 10, stepS: 3 }), RangeError);
  throws(() => tumbling(account(), { widthS: 0 }), RangeError);
  throws(() => tumbling(account(), { widthS: 1, latenessS: -1 }), RangeError);
  throws(() => tumbling(account(), { widthS: 1, latenessS: NaN }), RangeError);
});

Deno.test("session() ends where a plain loop finds a gap", () => {
  fc.assert(
    fc.property(anyStream({ sorted: true }), fc.constantFrom(1, 30, 400), (items, gapS) => {
      const times = columnOf(items, "timeS") as number[], expected: [number, number, number][] = [];
      for (const t of times) {
        const last = expected.at(-1);
        if (last === undefined || t - last[1] > gapS) expected.push([t, t, 1]);
        else {
          last[1] = t;
          last[2]++;
        }
      }
      const found = through(items, session(account(), { gapS }));
      deepStrictEqual(found.map((one) => [one.startS, one.stopS, one.result.used]), expected);
    }),
    { numRuns: 60 },
  );
});

Deno.test("session() ends by a watermark, and not before", () => {
  const source = new Subject<StreamItem>(), counts: number[] = [];
  source.pipe(session(account(), { gapS: 10 })).subscribe(({ result }) => counts.push(result.used));
  source.next(events(-Infinity, 1, 2));
  source.next(createHeartbeat({ timeS: 12 }));
  deepStrictEqual(counts, []);
  source.next(createHeartbeat({ timeS: 12.1 }));
  deepStrictEqual(counts, [2]);
});

Deno.test("session() refuses events out of order, without a time, and no gap", () => {
  for (const bad of [[2, 1], [NaN], [1, NaN], [NaN, 1], [1, Infinity]]) {
    throws(() => through([events(-Infinity, ...bad)], session(account(), { gapS: 5 })), RangeError);
  }
  throws(() => through([events(0, 5), events(0, 4)], session(account(), { gapS: 5 })), RangeError);
  throws(() => session(account(), { gapS: 0 }), RangeError);
});
