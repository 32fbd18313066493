import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { firstValueFrom, from, pipe, toArray } from "rxjs";
import { createObsEnd, createObsStart, type StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, type EventBatch } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { fold, transientSearch } from "../../../streams/accumulators/mod.ts";
import { dropRepeats, orderByTime, selectEnergy } from "../../../streams/operators/mod.ts";

const epoch = createEpoch([60000, 0], "TT");

function through(items: readonly StreamItem[]): Promise<StreamItem[]> {
  return firstValueFrom(from(items).pipe(dropRepeats(), toArray()));
}

const batchOf = (obsId: string, rowStart: number, timeS: readonly number[]): EventBatch =>
  createEventBatch({ timeS: Float64Array.from(timeS) }, { obsId, rowStart });
const times = (items: readonly StreamItem[]) =>
  items.flatMap((item) => item.kind === "batch" ? [...item.columns.timeS] : []);

Deno.test("dropRepeats() gives each row once, whatever parts of it come again, in any order", async () => {
  const rng = createRng(1);
  for (let round = 0; round < 200; round++) {
    const n = 1 + Math.floor(40 * rng.uniform()), items: EventBatch[] = [];
    for (let k = 0; k < 12; k++) {
      const start = Math.floor(n * rng.uniform());
      const stop = start + 1 + Math.floor((n - start) * rng.uniform());
      const rows = Array.from({ length: Math.min(stop, n) - start }, (_, i) => start + i);
      items.push(batchOf("1", start, rows), batchOf("2", start, rows.map((t) => t + 100)));
    }
    const wanted = [...new Set(times(items))].sort((a, b) => a - b);
    deepStrictEqual(times(await through(items)).sort((a, b) => a - b), wanted);
  }
});

Deno.test("dropRepeats() tells starts and ends once, but those that take up an observation", async () => {
  const start = createObsStart({ obsId: "1", epoch }), end = createObsEnd("1");
  const resumed = createObsStart({ obsId: "1", epoch, resumed: true });
  const kept = await through([start, start, resumed, end, end]);
  deepStrictEqual(kept, [start, resumed, end]);
});

Deno.test("dropRepeats() refuses a part of a batch whose rows are not known any more", () => {
  const energyTeV = Float64Array.of(1, 3, 5, 7), timeS = Float64Array.of(0, 1, 2, 3);
  const whole = createEventBatch({ timeS, energyTeV }, { obsId: "1", rowStart: 0 });
  const first = batchOf("1", 0, [0, 1]);
  throws(() => {
    let error: unknown;
    from<StreamItem[]>([first, whole]).pipe(selectEnergy({ lowTeV: 2 }), dropRepeats())
      .subscribe({ error: (one) => error = one });
    throw error;
  }, /leave out repeats before selections|energyTeV/);
});

Deno.test("a search gives the same alerts of a stream whose batches come twice and out of order", async () => {
  const rng = createRng(7), all: number[] = [];
  for (let t = rng.exponential(); t < 3000; t += rng.exponential(0.5)) all.push(t);
  for (let i = 0; i < 40; i++) all.push(1500 + 5 * rng.uniform());
  all.sort((a, b) => a - b);
  const start = createObsStart({ obsId: "1", epoch });
  const search = () =>
    transientSearch({
      cells: { kind: "whole" },
      background: { method: "running", windowS: 300, guardS: 30 },
      falseAlarmsPerYear: 10,
    });
  const alertsOf = (items: readonly StreamItem[]) => {
    const one = search();
    return JSON.stringify(one.result(fold(one, items)).alerts);
  };
  const wanted = alertsOf([start, batchOf("1", 0, all), createObsEnd("1")]);
  ok(JSON.parse(wanted).length > 0);
  for (let round = 0; round < 50; round++) {
    const batches: { at: number; batch: EventBatch }[] = [];
    for (let row = 0; row < all.length;) {
      const stop = Math.min(all.length, row + 1 + Math.floor(60 * rng.uniform() ** 2));
      const batch = batchOf("1", row, all.slice(row, stop));
      const copies = rng.uniform() < 0.3 ? 2 : 1;
      for (let k = 0; k < copies; k++) batches.push({ at: all[row]! + 20 * rng.uniform(), batch });
      row = stop;
    }
    batches.sort((a, b) => a.at - b.at);
    const items = [start, ...batches.map((one) => one.batch), createObsEnd("1")];
    const mended = await firstValueFrom(
      from<StreamItem[]>(items).pipe(
        pipe(dropRepeats(), orderByTime({ latenessS: 100 })),
        toArray(),
      ),
    );
    strictEqual(alertsOf(mended), wanted, `round ${round}`);
  }
});
