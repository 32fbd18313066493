import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { from } from "rxjs";
import { createObsStart, type StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, type EventBatch, type EventEpoch } from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { assignPhase, type SpinModel, spinPhase } from "../../../streams/operators/mod.ts";
import { between } from "../../_tools/event_arbitraries.ts";
import { exactPhase } from "../../_tools/exact_phase.ts";

const EPOCH = createEpoch([53343, 64.184 / 86400], "TT");

function assigned(
  batches: readonly Float64Array[],
  model: SpinModel,
  epoch: EventEpoch = EPOCH,
): Float64Array[] {
  const items: StreamItem[] = [
    createObsStart({ obsId: "", epoch }),
    ...batches.map((timeS) => createEventBatch({ timeS })),
  ];
  const outs: Float64Array[] = [];
  let failure: unknown;
  from(items).pipe(assignPhase(model)).subscribe({
    next: (item) => item.kind === "batch" && outs.push(item.columns.phase!),
    error: (error) => failure = error,
  });
  if (failure !== undefined) throw failure;
  return outs;
}

/** Difference of phases, the short way round. */
function apart(a: number, b: number): number {
  return Math.abs(a - b - Math.round(a - b));
}

function exact(timeS: number, model: SpinModel, epoch: EventEpoch = EPOCH): number {
  const { f0Hz, f1HzPerS = 0, f2HzPerS2 = 0, phase0 = 0 } = model;
  const days = (model.epoch.mjdDay - epoch.mjdDay) * 86400;
  const epochS = [days, model.epoch.dayS, -epoch.dayS];
  return exactPhase(timeS, epochS, [phase0, f0Hz, f1HzPerS, f2HzPerS2]);
}

const decades = 40 * 365.25 * 86400;
const models: fc.Arbitrary<SpinModel> = fc.record({
  f0Hz: fc.oneof(between(1e-4, 716), fc.constantFrom(716, 29.8003951530036, 1e-7, -3.2)),
  f1HzPerS: fc.oneof(fc.constant(0), between(-4e-10, 4e-10)),
  f2HzPerS2: fc.oneof(fc.constant(0), between(-1e-19, 1e-19)),
  phase0: fc.oneof(fc.constant(0), between(-3, 3)),
  epoch: fc.tuple(fc.integer({ min: 40000, max: 62000 }), between(0, 1))
    .map((mjd) => createEpoch(mjd, "TT")),
});
const times = fc.array(
  fc.oneof(
    between(-decades, decades),
    between(-2000, 2000),
    fc.integer({ min: -1e6, max: 1e6 }).map((k) => 1024 * k),
    fc.integer({ min: -1e3, max: 1e3 }).map((k) => 1024 * k * (1 - 2 ** -53)),
    fc.constantFrom(0, -0, 5e-324, -5e-324, 512, -512, 1e-9),
  ),
  { minLength: 1, maxLength: 30 },
).map((list) => Float64Array.from(list));

Deno.test("assignPhase() is right to 1e-9 of a cycle at 716 Hz, decades from its epoch", () => {
  fc.assert(
    fc.property(times, models, (timeS, model) => {
      const [phase] = assigned([timeS], model);
      timeS.forEach((t, i) => {
        ok(phase![i]! >= 0 && phase![i]! < 1);
        const wanted = exact(t, model);
        ok(apart(phase![i]!, wanted) <= 1e-9, `${t}: ${phase![i]} ${wanted}`);
      });
    }),
    { numRuns: 500 },
  );
});

Deno.test("assignPhase() gives the same bits however the events are cut, ordered or chosen", () => {
  fc.assert(
    fc.property(times, models, fc.nat(), (timeS, model, p) => {
      const [whole] = assigned([timeS], model), at = p % (timeS.length + 1);
      const cut = assigned([timeS.slice(0, at), timeS.slice(at)], model);
      deepStrictEqual([...cut[0]!, ...cut[1]!], [...whole!]);
      const singly = assigned(Array.from(timeS, (t) => Float64Array.of(t)), model);
      deepStrictEqual(singly.map(([x]) => x), [...whole!]);
      const [sorted] = assigned([timeS.slice().sort()], model);
      const order = Array.from(timeS.keys()).sort((a, b) => timeS[a]! - timeS[b]!);
      order.forEach((i, k) => {
        if (timeS[i] !== 0) strictEqual(sorted![k], whole![i]); // 0 and −0 are one instant
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("assignPhase() joins its cells without a step", () => {
  const model = {
    f0Hz: 700,
    f1HzPerS: -4e-10,
    f2HzPerS2: 1e-19,
    epoch: createEpoch([44000, 0.3], "TT"),
  };
  for (const k of [-1e6, -3, -1, 0, 1, 2, 12345, 1e6]) {
    const edge = 1024 * k, step = Math.max(Math.abs(edge), 1) * 2 ** -50;
    const timeS = Float64Array.of(edge - step, edge, edge + step);
    const [phase] = assigned([timeS], model);
    timeS.forEach((t, i) => ok(apart(phase![i]!, exact(t, model)) <= 1e-9));
  }
});

Deno.test("assignPhase() counts from the epoch of the stream, not of the model", () => {
  const model = {
    f0Hz: 11.1946499395,
    f1HzPerS: -1.5666e-11,
    epoch: createEpoch([54686.152, 0], "TT"),
  };
  for (const mjd of [51910, 53343.7, 60000.1]) {
    const epoch = createEpoch([Math.floor(mjd), mjd % 1], "TT");
    const [phase] = assigned([Float64Array.of(0, 1234.5678)], model, epoch);
    ok(apart(phase![0]!, exact(0, model, epoch)) <= 1e-9);
    ok(apart(phase![1]!, exact(1234.5678, model, epoch)) <= 1e-9);
  }
});

Deno.test("assignPhase() of what has no time, or none that doubles tell apart, is NaN", () => {
  const model = { f0Hz: 1, epoch: EPOCH };
  const bad = [NaN, Infinity, -Infinity, 1e20, -1e300, 2 ** 53];
  const timeS = Float64Array.from([...bad, 0.25, ...bad]);
  const [phase] = assigned([timeS], model);
  strictEqual(phase![bad.length], 0.25);
  strictEqual(phase!.filter(Number.isNaN).length, 2 * bad.length);
});

Deno.test("assignPhase() keeps everything else of a batch, and replaces an older phase", () => {
  const before = createEventBatch(
    { timeS: Float64Array.of(0.5), phase: Float64Array.of(0.9), weight: Float64Array.of(2) },
    { obsId: "7", rowStart: 3, rowStop: 9, watermarkS: 1, rejected: { "cut:x": 5 }, late: 0 },
  );
  let after: EventBatch | undefined;
  from<StreamItem[]>([createObsStart({ obsId: "7", epoch: EPOCH }), before])
    .pipe(assignPhase({ f0Hz: 0.5, epoch: EPOCH }))
    .subscribe((item) => item.kind === "batch" && (after = item));
  const { columns, ...rest } = after!, { columns: old, ...others } = before;
  deepStrictEqual(rest, others);
  deepStrictEqual([columns.phase![0], old.phase![0]], [0.25, 0.9]);
  strictEqual(columns.weight, old.weight);
});

Deno.test("assignPhase() refuses what gives no phase", () => {
  for (const bad of [NaN, Infinity]) {
    throws(() => assignPhase({ f0Hz: bad, epoch: EPOCH }), RangeError);
    throws(() => assignPhase({ f0Hz: 1, f2HzPerS2: bad, epoch: EPOCH }), RangeError);
  }
  const tdb = createEpoch([53343, 0], "TDB");
  throws(() => assigned([Float64Array.of(1)], { f0Hz: 1, epoch: tdb }), /TDB/);
  let failure: unknown;
  from([createEventBatch({ timeS: new Float64Array(1) })]).pipe(
    assignPhase({ f0Hz: 1, epoch: EPOCH }),
  )
    .subscribe({ error: (error) => failure = error });
  ok(failure instanceof TypeError);
});

Deno.test("spinPhase() takes the seconds between the epochs in two parts", () => {
  const model = { f0Hz: 700, epoch: EPOCH }, epochS = { hi: 1e9, lo: 3.3e-8 };
  const timeS = Float64Array.of(1e9, 1e9 + 0.1, -5e8);
  const phase = spinPhase(timeS, model, epochS);
  timeS.forEach((t, i) => ok(apart(phase[i]!, exactPhase(t, [1e9, 3.3e-8], [0, 700])) <= 1e-9));
});
