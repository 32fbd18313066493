/** What the selections keep, against one-line filters; and what they leave of the exposure. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { from, type OperatorFunction } from "rxjs";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  exposureOf,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, createGti, type Gti, gtiSumS } from "../../../src/events/mod.ts";
import { createRegion, regionContains, separationDeg } from "../../../src/sky/mod.ts";
import { fold, lightCurve } from "../../../streams/accumulators/mod.ts";
import {
  selectColumn,
  selectEnergy,
  selectEventType,
  selectGti,
  selectOffset,
  selectPhase,
  selectRegion,
  selectTime,
} from "../../../streams/operators/mod.ts";
import {
  anyGti,
  anyStream,
  anyTime,
  batchesOf,
  between,
  CENTER,
  EPOCH,
} from "../../_tools/event_arbitraries.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

type Operator = OperatorFunction<StreamItem, StreamItem>;

/** What an operator makes of a list; its error is thrown. */
function through(items: readonly StreamItem[], operator: Operator): StreamItem[] {
  const outs: StreamItem[] = [];
  let failure: unknown;
  from(items).pipe(operator).subscribe({
    next: (out) => outs.push(out),
    error: (e) => failure = e,
  });
  if (failure !== undefined) throw failure;
  return outs;
}

type Row = Record<string, number>;

/** Holds an operator against a filter of rows, batch by batch, in events, ids and account. */
function keeps(
  items: readonly StreamItem[],
  operator: Operator,
  { reason, wants }: { reason: string; wants: (row: Row, batchIndex: number) => boolean },
): void {
  const before = batchesOf(items), after = batchesOf(through(items, operator));
  strictEqual(after.length, before.length);
  after.forEach((found, k) => {
    const batch = before[k]!, names = Object.keys(batch.columns);
    const kept: number[] = [];
    for (let i = 0; i < batch.length; i++) {
      const row = Object.fromEntries(names.map((name) => [name, Number(batch.columns[name]![i])]));
      if (wants(row, k)) kept.push(i);
    }
    for (const name of names) {
      deepStrictEqual([...found.columns[name]!], kept.map((i) => batch.columns[name]![i]), name);
      strictEqual(found.columns[name]!.constructor, batch.columns[name]!.constructor);
    }
    const cut = batch.length - kept.length, was = batch.rejected[reason] ?? 0;
    strictEqual(found.rejected[reason] ?? 0, was + cut);
    strictEqual(found.late, batch.late);
    const { obsId, rowStart, rowStop, watermarkS } = batch;
    deepStrictEqual(
      [found.obsId, found.rowStart, found.rowStop, found.watermarkS],
      [obsId, rowStart, rowStop, watermarkS],
    );
  });
}

const streams = anyStream({ orphans: false });
const ends = fc.oneof(between(-3, 120), fc.constantFrom(0, 0.1, 1, 10, 100));
const range = fc.tuple(ends, ends).filter(([a, b]) => a !== b).map((ab) =>
  ab.sort((a, b) => a - b)
);

Deno.test("selectEnergy() keeps lowTeV <= energy < highTeV", () => {
  fc.assert(fc.property(streams, range, (items, [lowTeV, highTeV]) => {
    const wants = (x: Row) => x["energyTeV"]! >= lowTeV! && x["energyTeV"]! < highTeV!;
    keeps(items, selectEnergy({ lowTeV: lowTeV!, highTeV: highTeV! }), {
      reason: "cut:energy",
      wants,
    });
    const half = (x: Row) => x["energyTeV"]! >= lowTeV! && x["energyTeV"]! < Infinity;
    keeps(items, selectEnergy({ lowTeV: lowTeV! }), { reason: "cut:energy", wants: half });
  }));
});

Deno.test("selections by a range are those of a plain filter for every length of batch", () => {
  const random = mulberry32(3);
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4096, 70001]) {
    const weight = Float64Array.from({ length: n }, () => Math.floor(random() * 8) / 8);
    const batch = createEventBatch({ timeS: new Float64Array(n), weight });
    keeps([batch], selectColumn("weight", { low: 0.25, high: 0.75 }), {
      reason: "cut:weight",
      wants: (x) => x["weight"]! >= 0.25 && x["weight"]! < 0.75,
    });
  }
});

Deno.test("selectColumn() keeps low <= column < high of every type of column", () => {
  const columns = fc.constantFrom("piChannel", "eventType", "eventId", "weight");
  fc.assert(fc.property(streams, range, columns, (items, [low, high], name) => {
    const wants = (x: Row) => x[name]! >= low! && x[name]! < high!;
    keeps(items, selectColumn(name, { low: low!, high: high! }), { reason: `cut:${name}`, wants });
  }));
});

Deno.test("selections refuse empty ranges", () => {
  for (
    const make of [
      () => selectEnergy({ lowTeV: 1, highTeV: 1 }),
      () => selectEnergy({ lowTeV: NaN }),
      () => selectColumn("weight", { low: 2, high: 1 }),
      () => selectTime({ startS: 2, stopS: 1 }),
      () => selectOffset({ minDeg: 1, maxDeg: 1 }),
      () => selectEventType(0),
      () => selectEventType(1.5),
      () => selectEventType(2 ** 32),
      () => selectPhase([[0.2, 0.2]]),
      () => selectPhase([[0.1, 0.3], [0.2, 0.4]]),
    ]
  ) throws(make, RangeError);
});

Deno.test("selectEventType() keeps any or all of the bits, the 32nd too", () => {
  fc.assert(fc.property(streams, fc.integer({ min: 1, max: 15 }), (items, bits) => {
    const reason = "cut:event-type";
    keeps(items, selectEventType(bits), { reason, wants: (x) => (x["eventType"]! & bits) !== 0 });
    keeps(items, selectEventType(bits, { match: "all" }), {
      reason,
      wants: (x) => (x["eventType"]! & bits) === bits,
    });
  }));
  const eventType = Uint32Array.of(0x80000000, 1, 0x80000001);
  const batch = createEventBatch({ timeS: new Float64Array(3), eventType });
  const [kept] = batchesOf(through([batch], selectEventType(0x80000000)));
  deepStrictEqual([...kept!.columns.eventType!], [0x80000000, 0x80000001]);
});

Deno.test("selectPhase() keeps the intervals, wrapped ones too, and scales the live time", () => {
  const intervals = [[0.9, 0.1], [0.3, 0.5]] as const;
  fc.assert(fc.property(streams, (items) => {
    const inside = (x: number) => x >= 0.9 && x < 1 || x >= 0 && x < 0.1 || x >= 0.3 && x < 0.5;
    keeps(items, selectPhase(intervals), {
      reason: "cut:phase",
      wants: (x) => inside(x["phase"]!),
    });
    const after = through(items, selectPhase(intervals));
    after.forEach((out, k) => {
      const item = items[k]!, live = liveOf(item);
      ok(Math.abs(liveOf(out) - 0.4 * live) <= 1e-12 * (1 + live), `${liveOf(out)} ${live}`);
    });
  }));
});

/** Live time that an item brings. */
function liveOf(item: StreamItem): number {
  if (item.kind === "heartbeat") return item.livetimeS;
  const exposure = exposureOf(item);
  return exposure === undefined ? 0 : gtiSumS(exposure.gti) * (1 - exposure.deadTimeFraction);
}

const circleAt = (radiusDeg: number) =>
  createRegion({
    kind: "circle",
    frame: "icrs",
    lonDeg: CENTER.raDeg,
    latDeg: CENTER.decDeg,
    radiusDeg,
  });
const regions = [
  circleAt(1),
  circleAt(2.999),
  createRegion({
    kind: "annulus",
    frame: "icrs",
    lonDeg: 0.05,
    latDeg: 20,
    innerRadiusDeg: 0.5,
    outerRadiusDeg: 1.5,
  }),
  createRegion({
    kind: "rectangle",
    frame: "galactic",
    lonDeg: 105.4,
    latDeg: -41.4,
    widthDeg: 3,
    heightDeg: 1,
    angleDeg: 30,
  }),
];

Deno.test("selectRegion() keeps what is inside across the wrap, inverted what is outside; NaN is neither", () => {
  fc.assert(fc.property(streams, fc.constantFrom(...regions), (items, region) => {
    const inside = (x: Row) => regionContains(region, x["raDeg"]!, x["decDeg"]!);
    const isThere = (x: Row) => !Number.isNaN(x["raDeg"]!) && !Number.isNaN(x["decDeg"]!);
    keeps(items, selectRegion(region), { reason: "cut:region", wants: inside });
    keeps(items, selectRegion(region, { inverted: true }), {
      reason: "cut:region",
      wants: (x) => isThere(x) && !inside(x),
    });
  }));
});

Deno.test("selectOffset() keeps offsets from each observation's own pointing", () => {
  const other = { raDeg: 358, decDeg: 21 };
  fc.assert(fc.property(streams, (items) => {
    let pointing: { raDeg: number; decDeg: number } = CENTER;
    const pointings: { raDeg: number; decDeg: number }[] = [];
    const moved = items.map((item) => {
      if (item.kind === "batch") pointings.push(pointing);
      if (item.kind !== "obs-start") return item;
      pointing = item.index === 1 ? other : CENTER;
      return { ...item, pointing };
    });
    keeps(moved, selectOffset({ minDeg: 0.5, maxDeg: 2 }), {
      reason: "cut:offset",
      wants(x, k) {
        const at = { lonDeg: pointings[k]!.raDeg, latDeg: pointings[k]!.decDeg };
        const offset = separationDeg(at, { lonDeg: x["raDeg"]!, latDeg: x["decDeg"]! });
        return offset >= 0.5 && offset < 2;
      },
    });
  }));
});

Deno.test("selectOffset() refuses an observation without a pointing", () => {
  const batch = createEventBatch({ timeS: new Float64Array(1) }, { obsId: "7" });
  throws(() => through([batch], selectOffset({ maxDeg: 1 })), /"7" has none/);
});

/** Parts of the stream's time that are live, with their fraction: exposure as a plain list. */
function livePieces(items: readonly StreamItem[]): [from: number, to: number, fraction: number][] {
  return items.flatMap((item): [number, number, number][] => {
    if (item.kind === "heartbeat") {
      const span = item.timeS - item.fromS;
      return span > 0 ? [[item.fromS, item.timeS, item.livetimeS / span]] : [];
    }
    const exposure = exposureOf(item);
    if (exposure === undefined) return [];
    const { gti, deadTimeFraction } = exposure;
    return Array.from(gti.startS, (a, i) => [a, gti.stopS[i]!, 1 - deadTimeFraction]);
  });
}

/** Holds the live time in bins of 10 s against pieces cut by intervals without overlaps. */
function exposes(
  outs: readonly StreamItem[],
  pieces: readonly (readonly [number, number, number])[],
  intervals: readonly (readonly [number, number])[],
): void {
  const acc = lightCurve({ epoch: EPOCH, widthS: 10 });
  const { edgesS, livetimeS } = acc.result(fold(acc, outs.filter(({ kind }) => kind !== "batch")));
  let sum = 0, total = 0;
  const overlap = (...ends: (readonly [number, number])[]) =>
    Math.max(0, Math.min(...ends.map((e) => e[1])) - Math.max(...ends.map((e) => e[0])));
  livetimeS.forEach((seconds, i) => {
    let expected = 0;
    for (const [a, b, fraction] of pieces) {
      for (const interval of intervals) {
        expected += fraction * overlap([a, b], interval, [edgesS[i]!, edgesS[i + 1]!]);
      }
    }
    ok(Math.abs(seconds - expected) < 1e-9, `${edgesS[i]} s: ${seconds}, expected ${expected}`);
    sum += seconds;
  });
  for (const [a, b, fraction] of pieces) {
    for (const interval of intervals) total += fraction * overlap([a, b], interval);
  }
  ok(Math.abs(sum - total) < 1e-8, `${sum}, expected ${total}`);
}

Deno.test("selectTime() keeps startS <= t < stopS, and of the exposure what lies between them", () => {
  const span = fc.tuple(anyTime(true), anyTime(true)).filter(([a, b]) => a < b);
  fc.assert(fc.property(streams, span, (items, [startS, stopS]) => {
    keeps(items, selectTime({ startS, stopS }), {
      reason: "cut:time",
      wants: (x) => x["timeS"]! >= startS && x["timeS"]! < stopS,
    });
    exposes(through(items, selectTime({ startS, stopS })), livePieces(items), [[startS, stopS]]);
    keeps(items, selectTime({ startS }), {
      reason: "cut:time",
      wants: (x) => x["timeS"]! >= startS,
    });
  }));
});

Deno.test("selectTime() of a part and the rest have all events and all exposure", () => {
  fc.assert(fc.property(streams, anyTime(true), (items, t) => {
    const live = (outs: StreamItem[]) => outs.reduce((sum, item) => sum + liveOf(item), 0);
    const [early, late] = [selectTime({ stopS: t }), selectTime({ startS: t })];
    const total = live(items as StreamItem[]);
    const parts = live(through(items, early)) + live(through(items, late));
    ok(Math.abs(parts - total) < 1e-9 * (1 + total));
  }));
});

/** Intervals sorted and joined, the plain way: by the pieces between all their ends. */
function plainUnion({ startS, stopS }: Gti): [number, number][] {
  const edges = [...new Set([...startS, ...stopS])].sort((a, b) => a - b);
  return edges.slice(1).map((to, i): [number, number] => [edges[i]!, to])
    .filter(([a, b]) => startS.some((start, k) => start <= a && b <= stopS[k]!));
}

Deno.test("selectGti() keeps what is in any of the given intervals, and as much of the exposure", () => {
  fc.assert(fc.property(streams, anyGti, (items, gti) => {
    const intervals = plainUnion(gti),
      contains = (t: number) => intervals.some(([a, b]) => t >= a && t < b);
    // an observation's own intervals cut the events as well
    const owns: (Gti | undefined)[] = [];
    let own: Gti | undefined;
    for (const item of items) {
      if (item.kind === "obs-start") own = item.gti;
      if (item.kind === "batch") owns.push(own);
    }
    keeps(items, selectGti(gti), {
      reason: "cut:gti",
      wants: ({ timeS: t }, k) =>
        contains(t!) &&
        (owns[k] === undefined || plainUnion(owns[k]).some(([a, b]) => t! >= a && t! < b)),
    });
    // overlapping intervals of an observation are joined; heartbeats are for observations without
    const pieces = items.flatMap((item) => {
      if (item.kind === "heartbeat") return [];
      const exposure = exposureOf(item);
      if (exposure === undefined) return [];
      return plainUnion(exposure.gti).map(([a, b]) =>
        [a, b, 1 - exposure.deadTimeFraction] as const
      );
    });
    const outs = through(items, selectGti(gti)).filter(({ kind }) => kind !== "heartbeat");
    exposes(outs, pieces, intervals);
  }));
});

Deno.test("selectGti() cuts the live time of heartbeats as it cuts the events", () => {
  const beats = fc.array(fc.tuple(anyTime(true), between(1, 500), between(0, 1)), { maxLength: 5 });
  fc.assert(fc.property(beats, anyGti, (list, gti) => {
    const items = [
      createObsStart({ obsId: "", epoch: EPOCH }),
      ...list.map(([timeS, span, live]) =>
        createHeartbeat({ timeS, fromS: timeS - span, livetimeS: span * live })
      ),
      createObsEnd(""),
    ];
    const outs = through(items, selectGti(gti));
    exposes(outs, livePieces(items), plainUnion(gti));
    const times = outs.flatMap((item) => item.kind === "heartbeat" ? [item.timeS] : []);
    for (const [timeS] of list) ok(times.includes(timeS), "the promise of the heartbeat is kept");
  }));
});

Deno.test("selectGti() without intervals takes each observation's own, and refuses where there are none", () => {
  const gti = createGti(EPOCH, Float64Array.of(100, 0, 40), Float64Array.of(110, 50, 60));
  const batch = createEventBatch({ timeS: Float64Array.of(105, 0, -1, 50, 60, 109, 110, NaN) });
  const start = createObsStart({ obsId: "", epoch: EPOCH, gti });
  const [first, kept] = through([start, batch], selectGti());
  deepStrictEqual([...(kept as typeof batch).columns.timeS], [105, 0, 50, 109]);
  deepStrictEqual([...(first as typeof start).gti!.startS], [0, 100]);
  const bare = createObsStart({ obsId: "9", epoch: EPOCH });
  throws(() => through([bare, batch], selectGti()), /brings no good time intervals/);
  throws(() => through([batch], selectGti(gti)), /start of an observation/);
});

Deno.test("selectGti() takes intervals on another epoch, and refuses another scale", () => {
  const later = { ...EPOCH, mjdDay: EPOCH.mjdDay + 1 };
  const gti = createGti(later, Float64Array.of(0), Float64Array.of(10));
  const batch = createEventBatch({ timeS: Float64Array.of(5, 86405) });
  for (const own of [undefined, createGti(later, Float64Array.of(-1e6), Float64Array.of(9))]) {
    const start = createObsStart({ obsId: "", epoch: EPOCH, gti: own });
    const [, kept] = through([start, batch], selectGti(gti));
    deepStrictEqual([...(kept as typeof batch).columns.timeS], [86405]);
  }
  const wrong = createGti({ ...EPOCH, scale: "TDB" }, Float64Array.of(0), Float64Array.of(10));
  throws(
    () => through([createObsStart({ obsId: "", epoch: EPOCH }), batch], selectGti(wrong)),
    TypeError,
  );
});
